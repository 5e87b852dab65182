// hooks_number.h -- the walk's hooks for numbers, loads and stores; how a body begins. See image.h.
#pragma once

#include "jit/hooks_object.h"

static void zero_locals(Jit *j, u32 from, u32 to)
{
    enum { INLINE = 16 };
    if (to - from > INLINE) {
        emit_slow(j, SLOW_zero, from, to - from, 0);
        return;
    }
    for (u32 i = from; i < to; i++) m_store_const(j, i, TYPE_i64, 0);
}

static void jit_begin(Jit *j, WalkState *w)
{
    walk_flatten_locals(w);
    u32 count = w->local_count, slots = 0;
    j->locals = NEW_ARRAY(j->arena, Local, count);
    for (u32 i = 0; i < count; slots += type_slots(w->locals[i++]))
        j->locals[i] = (Local){slots, w->locals[i], NONE, REG_NONE, REG_NONE};
    j->local_slots = j->next_home = slots;
    reach_slot(j, slots);
    reach_slot(j, w->type->result_slots);
    m_enter(j, j->start, SITE_entry);
    zero_locals(j, w->type->param_slots, slots);
    open_label(j, 0, w->type->result_count, w->type->result_slots);
    region_begin_at(j, j->start); // in front of the first instruction, as the entry is
    pay_for(j, slots - w->type->param_slots);
}

static void jit_pure2(Jit *j, WalkState *w, Op op) { jit_pure(j, w, op); }

static void jit_load(Jit *j, WalkState *w, Op op, const Imm *imm)
{
    if (!lower_load(j, w, op, imm)) slow_access(j, w, op, imm);
}

static void jit_store(Jit *j, WalkState *w, Op op, const Imm *imm)
{
    if (!lower_store(j, w, op, imm)) slow_access(j, w, op, imm);
}
