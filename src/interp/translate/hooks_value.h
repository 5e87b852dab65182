// hooks_value.h -- the walk's hooks for locals, globals, constants, references, tables and
// memories. See image.h.
#pragma once

#include "interp/translate/hooks_control.h"

static void interp_drop(Translator *t, WalkState *w, const Imm *imm)
{
    pop_of(t, imm->type);
    t->last = NONE;
}

static void interp_select(Translator *t, WalkState *w, const Imm *imm)
{
    Operand c = pop(t), b = pop_of(t, imm->type), a = pop_of(t, imm->type);
    u32 condition = slot_of(t, &c), second = slot_of(t, &b), first = slot_of(t, &a);
    bool wide = type_slots(imm->type) == 2;
    u32 at = emit_abc(t, wide ? IOP_select_2 : IOP_select, t->next_home, first, second);
    emit(t, condition);
    push(t, w->operands[w->operand_count - 1]);
    t->last = wide ? NONE : at;
}

static void interp_select_t(Translator *t, WalkState *w, const Imm *imm)
{
    interp_select(t, w, imm);
}

static void interp_local_get(Translator *t, WalkState *w, const Imm *imm)
{
    push_local(t, w->operands[w->operand_count - 1], t->local_slot[imm->local]);
    t->last = NONE;
}

// Takes the top operand into the local; tells whether it was produced straight into it.
static bool set_local(Translator *t, u32 local, Type type)
{
    u32 slot = t->local_slot[local], last = t->last;
    Operand o = pop_of(t, type);
    bool retarget = is_home(&o) && last != NONE && t->pending[slot] == NONE &&
                    (u16)(t->code[last] >> 16) == o.home;
    if (retarget) {
        t->code[last] = (t->code[last] & ~((u64)0xffff << 16)) | (u64)slot << 16;
    } else {
        preserve(t, slot);
        move_to(t, &o, slot);
        if (o.add && o.adds == IOP_i32_add_rk) t->stepped = t->count - 2;
    }
    t->last = NONE;
    return retarget;
}

static void interp_local_set(Translator *t, WalkState *w, const Imm *imm)
{
    set_local(t, imm->local, imm->type);
}

static void interp_local_tee(Translator *t, WalkState *w, const Imm *imm)
{
    bool home = !t->loose || is_home(&t->operands[t->loose - 1]);
    Type type = w->operands[w->operand_count - 1];
    if (set_local(t, imm->local, type) || !home)
        push_local(t, type, t->local_slot[imm->local]);
    else push(t, type);
    t->last = NONE;
}

static void interp_global_get(Translator *t, WalkState *w, const Imm *imm)
{
    bool wide = type_slots(imm->type) == 2;
    u32 at = emit_imm(t, wide ? IOP_global_get_2 : IOP_global_get, t->next_home, imm->global);
    push(t, imm->type);
    t->last = wide ? NONE : at;
}

static void interp_global_set(Translator *t, WalkState *w, const Imm *imm)
{
    Operand o = pop_of(t, imm->type);
    u32 slot = slot_of(t, &o);
    emit_imm(t, type_slots(imm->type) == 2 ? IOP_global_set_2 : IOP_global_set, slot, imm->global);
}

static void push_const(Translator *t, Type type, u64 bits)
{
    Operand *o = push(t, type);
    o->at = AT_const;
    o->bits = bits;
    t->last = NONE;
}

static void interp_i32_const(Translator *t, WalkState *w, const Imm *imm)
{
    push_const(t, TYPE_i32, imm->bits);
}
static void interp_i64_const(Translator *t, WalkState *w, const Imm *imm)
{
    push_const(t, TYPE_i64, imm->bits);
}
static void interp_f32_const(Translator *t, WalkState *w, const Imm *imm)
{
    push_const(t, TYPE_f32, imm->bits);
}
static void interp_f64_const(Translator *t, WalkState *w, const Imm *imm)
{
    push_const(t, TYPE_f64, imm->bits);
}

static void interp_ref_null(Translator *t, WalkState *w, const Imm *imm)
{
    push_const(t, imm->type, REF_NULL);
}

static void interp_ref_func(Translator *t, WalkState *w, const Imm *imm)
{
    u32 at = emit_imm(t, IOP_ref_func, t->next_home, imm->func);
    push_result(t, w->operands[w->operand_count - 1], at);
}

static void interp_ref_is_null(Translator *t, WalkState *w, const Imm *imm)
{
    Operand a = pop(t);
    u32 slot = slot_of(t, &a);
    push_result(t, TYPE_i32, emit_abc(t, IOP_ref_is_null, t->next_home, slot, 0));
}

static void interp_ref_eq(Translator *t, WalkState *w, const Imm *imm)
{
    Operand b = pop(t), a = pop(t);
    u32 first = slot_of(t, &a), second = slot_of(t, &b);
    push_result(t, TYPE_i32, emit_abc(t, IOP_ref_eq, t->next_home, first, second));
}

static void interp_ref_as_non_null(Translator *t, WalkState *w, const Imm *imm)
{
    u32 home = pop_settled(t);
    emit_imm(t, IOP_ref_as_non_null, home, 0);
    push_home(t, 1);
}

// --- tables, memories, and others whose operands stand in a row

// Emits `op` with `count` operands home in a row, none of them a vector, then the word; it leaves
// `results` of them.
static void emit_row(Translator *t, WalkState *w, Iop op, u32 count, u32 results, u64 word)
{
    settle(t);
    t->next_home -= count;
    emit_imm(t, op, t->next_home, 0);
    emit(t, word);
    push_home(t, results);
}

static u64 two(u32 high, u32 low) { return (u64)high << 32 | low; }

static void interp_table_get(Translator *t, WalkState *w, const Imm *imm)
{
    Operand i = pop(t);
    u32 slot = slot_of(t, &i), at = emit_abc(t, IOP_table_get, t->next_home, slot, 0);
    emit(t, imm->table);
    push_result(t, w->operands[w->operand_count - 1], at);
}
static void interp_table_set(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_table_set, 2, 0, imm->table);
}
static void interp_table_init(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_table_init, 3, 0, two(imm->elem_table.table, imm->elem_table.elem));
}
static void interp_elem_drop(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_elem_drop, 0, 0, imm->elem);
}
static void interp_table_copy(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_table_copy, 3, 0, two(imm->table_table.from, imm->table_table.to));
}
static void interp_table_grow(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_table_grow, 2, 1, imm->table);
}
static void interp_table_size(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_table_size, 0, 1, imm->table);
}
static void interp_table_fill(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_table_fill, 3, 0, imm->table);
}
static void interp_memory_size(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_memory_size, 0, 1, imm->memory);
}
static void interp_memory_grow(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_memory_grow, 1, 1, imm->memory);
}
static void interp_memory_init(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_memory_init, 3, 0, two(imm->data_memory.memory, imm->data_memory.data));
}
static void interp_data_drop(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_data_drop, 0, 0, imm->data);
}
static void interp_memory_copy(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_memory_copy, 3, 0, two(imm->memory_memory.from, imm->memory_memory.to));
}
static void interp_memory_fill(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_memory_fill, 3, 0, imm->memory);
}
static void interp_memory_discard(Translator *t, WalkState *w, const Imm *imm)
{
#ifdef WEFT_MICRO // the walk shows none
    emit_unsupported(t, w);
#else
    emit_row(t, w, IOP_memory_discard, 2, 0, imm->memory);
#endif
}

// --- threads

#ifndef WEFT_MICRO
static void emit_waiting(Translator *t, WalkState *w, Iop op, u32 count, const Imm *imm)
{
    emit_row(t, w, op, count, 1, imm->memarg.offset);
    emit(t, imm->memarg.memory);
}
static void interp_memory_atomic_notify(Translator *t, WalkState *w, const Imm *imm)
{
    emit_waiting(t, w, IOP_notify, 2, imm);
}
static void interp_memory_atomic_wait32(Translator *t, WalkState *w, const Imm *imm)
{
    emit_waiting(t, w, IOP_wait32, 3, imm);
}
static void interp_memory_atomic_wait64(Translator *t, WalkState *w, const Imm *imm)
{
    emit_waiting(t, w, IOP_wait64, 3, imm);
}
static void interp_atomic_fence(Translator *t, WalkState *w, const Imm *imm)
{
    emit_imm(t, IOP_fence, 0, 0);
}
#endif
