// hooks_value.h -- the walk's hooks for locals, globals, constants, references, tables, memories
// and vectors. See image.h.
#pragma once

#include "jit/hooks_control.h"

static void jit_drop(Jit *j, WalkState *w, const Imm *imm) { pop_of(j, imm->type); }

static void jit_select(Jit *j, WalkState *w, const Imm *imm)
{
    Operand c = pop_of(j, TYPE_i32), b = pop_of(j, imm->type), a = pop_of(j, imm->type);
    m_select(j, w, &c, &a, &b, w->operands[w->operand_count - 1]);
}

static void jit_select_t(Jit *j, WalkState *w, const Imm *imm) { jit_select(j, w, imm); }

static void jit_local_get(Jit *j, WalkState *w, const Imm *imm) { push_local(j, imm->local); }

// Takes the top operand, popped before, into the local.
static void set_local(Jit *j, u32 local, Operand *o)
{
    Local *l = &j->locals[local];
    if (l->reg == REG_NONE) {
        if (o->at == AT_local && o->local == local) return; // to itself
        preserve(j, local);
        if (l->copy != REG_NONE) drop_copy(j, l->copy);
        if (o->at == AT_const) {
            m_put_const(j, l->slot, o);
        } else if (o->at == AT_flags) {
            m_store_flags(j, l->slot, o->flags);
        } else {
            bool own = o->at != AT_local;
            Reg reg = in_reg(j, o);
            m_store(j, l->slot, reg, l->type);
            if (own && !(j->resident >> reg & 1)) copy_is_in(j, local, reg);
        }
        return;
    }
    u32 i = j->number_of[l->reg];
    if (o->at == AT_local && o->local == local) { // to itself
        load_resident(j, i);
        return;
    }
    if (o->at != AT_reg || o->reg != l->reg) { // else it was made there
        preserve(j, local);
        lock(j, l->reg);
        into_reg(j, l->reg, o);
    }
    j->residents.valid |= 1u << i;
    j->residents.dirty |= 1u << i;
}

static void jit_local_set(Jit *j, WalkState *w, const Imm *imm)
{
    Operand o = pop_of(j, j->locals[imm->local].type);
    set_local(j, imm->local, &o);
}

static void jit_local_tee(Jit *j, WalkState *w, const Imm *imm)
{
    Local *l = &j->locals[imm->local];
    Operand o = pop_of(j, l->type);
    set_local(j, imm->local, &o);
    if (o.at == AT_const) push_same_const(j, &o);
    else push_local(j, imm->local);
}

static void jit_global_get(Jit *j, WalkState *w, const Imm *imm)
{
    Reg reg = result_reg(j, w, class_of(imm->type));
    m_global_get(j, reg, imm->global, imm->type);
    push_reg(j, imm->type, reg);
}

static void jit_global_set(Jit *j, WalkState *w, const Imm *imm)
{
    Operand o = pop_of(j, imm->type);
    m_global_set(j, imm->global, in_reg(j, &o), imm->type);
}

static void jit_i32_const(Jit *j, WalkState *w, const Imm *imm)
{
    push_const(j, TYPE_i32, (u32)imm->bits);
}
static void jit_i64_const(Jit *j, WalkState *w, const Imm *imm)
{
    push_const(j, TYPE_i64, imm->bits);
}
static void jit_f32_const(Jit *j, WalkState *w, const Imm *imm)
{
    push_const(j, TYPE_f32, imm->bits);
}
static void jit_f64_const(Jit *j, WalkState *w, const Imm *imm)
{
    push_const(j, TYPE_f64, imm->bits);
}

static void jit_ref_null(Jit *j, WalkState *w, const Imm *imm)
{
    push_const(j, imm->type, REF_NULL);
}

static void jit_ref_func(Jit *j, WalkState *w, const Imm *imm)
{
    slow(j, w, SLOW_ref_func, 0, 1, imm->func, 0);
}

// References are numbers of 32 bits.
static void jit_ref_is_null(Jit *j, WalkState *w, const Imm *imm) { lower_pure(j, w, OP_i32_eqz); }
static void jit_ref_eq(Jit *j, WalkState *w, const Imm *imm) { lower_pure(j, w, OP_i32_eq); }

static void jit_ref_as_non_null(Jit *j, WalkState *w, const Imm *imm)
{
    Type type = w->operands[w->operand_count - 1];
    Operand a = pop_of(j, type);
    Reg reg = in_reg(j, &a);
    trap_if(j, w, m_negated(m_test(j, &a)), TRAP_null_reference);
    if (a.at == AT_local) push_local(j, a.local);
    else push_reg(j, type, reg);
}

// ---- Tables and memories: operands in a row -----------------------------------------------------

static void jit_table_get(Jit *j, WalkState *w, const Imm *imm)
{
    lower_table_get(j, w, imm->table, imm->type);
}
static void jit_table_set(Jit *j, WalkState *w, const Imm *imm)
{
    lower_table_set(j, w, imm->table, imm->type);
}
static void jit_table_size(Jit *j, WalkState *w, const Imm *imm)
{
    lower_table_size(j, w, imm->table);
}

static void jit_memory_size(Jit *j, WalkState *w, const Imm *imm)
{
    lower_memory_size(j, w, imm->memory);
}

#define SLOW_ROW(row, count, results, a, b)                                                        \
    static void jit_##row(Jit *j, WalkState *w, const Imm *imm)                                    \
    {                                                                                              \
        slow(j, w, SLOW_##row, count, results, a, b);                                              \
    }
SLOW_ROW(table_init, 3, 0, imm->elem_table.elem, imm->elem_table.table)
SLOW_ROW(elem_drop, 0, 0, imm->elem, 0)
SLOW_ROW(table_copy, 3, 0, imm->table_table.to, imm->table_table.from)
SLOW_ROW(table_grow, 2, 1, imm->table, 0)
SLOW_ROW(table_fill, 3, 0, imm->table, 0)
SLOW_ROW(memory_grow, 1, 1, imm->memory, 0)
SLOW_ROW(memory_init, 3, 0, imm->data_memory.data, imm->data_memory.memory)
SLOW_ROW(data_drop, 0, 0, imm->data, 0)
SLOW_ROW(memory_copy, 3, 0, imm->memory_memory.to, imm->memory_memory.from)
SLOW_ROW(memory_fill, 3, 0, imm->memory, 0)
SLOW_ROW(memory_discard, 2, 0, imm->memory, 0)

// ---- Vectors ------------------------------------------------------------------------------------

static u32 slots_of_sig(const u8 *types, u32 count)
{
    u32 slots = 0;
    for (u32 i = 0; i < count; i++) slots += type_slots((Type)types[i]);
    return slots;
}

static void jit_pure(Jit *j, WalkState *w, Op op)
{
    if (!lower_pure(j, w, op)) give_up(j);
}
#define jit_vector jit_pure
static void jit_lane(Jit *j, WalkState *w, Op op, const Imm *imm)
{
    if (!lower_lane(j, w, op, imm->lane)) give_up(j);
}

// Operands and results are as the row's type says.
static void slow_access(Jit *j, WalkState *w, Op op, const Imm *imm)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    slow(j, w, SLOW_access, slots_of_sig(sig->params, sig->param_count),
         slots_of_sig(sig->results, sig->result_count), w->pos, 0);
}
static void jit_access(Jit *j, WalkState *w, Op op, const Imm *imm)
{
    if (!lower_access(j, w, op, imm)) slow_access(j, w, op, imm);
}
#define jit_vload jit_access
#define jit_vstore jit_access
#define jit_load_lane jit_access
#define jit_store_lane jit_access

static void jit_v128_const(Jit *j, WalkState *w, const Imm *imm)
{
    u64 bits[2];
    memcpy(bits, imm->bytes, sizeof bits);
    push_vector_const(j, bits[0], bits[1]);
}

static void jit_i8x16_shuffle(Jit *j, WalkState *w, const Imm *imm)
{
    Lanes lanes;
    memcpy(lanes.at, imm->bytes, sizeof lanes.at);
    lower_shuffle(j, w, lanes);
}

// ---- Threads ------------------------------------------------------------------------------------

static void jit_atomic(Jit *j, WalkState *w, Op op, const Imm *imm)
{
    if (!lower_atomic(j, w, op, imm)) slow_access(j, w, op, imm);
}

static void slow_waiting(Jit *j, WalkState *w, Slow which, u32 count, const Imm *imm)
{
    if (imm->memarg.offset > UINT32_MAX) give_up(j);
    else slow(j, w, which, count, 1, imm->memarg.memory, (u32)imm->memarg.offset);
}
static void jit_memory_atomic_notify(Jit *j, WalkState *w, const Imm *imm)
{
    slow_waiting(j, w, SLOW_notify, 2, imm);
}
static void jit_memory_atomic_wait32(Jit *j, WalkState *w, const Imm *imm)
{
    slow_waiting(j, w, SLOW_wait32, 3, imm);
}
static void jit_memory_atomic_wait64(Jit *j, WalkState *w, const Imm *imm)
{
    slow_waiting(j, w, SLOW_wait64, 3, imm);
}
static void jit_atomic_fence(Jit *j, WalkState *w, const Imm *imm)
{
    slow(j, w, SLOW_fence, 0, 0, 0, 0);
}
