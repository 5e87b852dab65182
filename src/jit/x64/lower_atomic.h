// lower_atomic.h -- atomic accesses, where the displacement is a multiple of the width: then the
// index is tested. What adds, or exchanges, is one instruction; other changes are tried until
// nobody else came between. A plain load is as strong as an atomic one here, and stores exchange.
#pragma once

#include "jit/x64/lower_memory.h"

// Rows come in sevens: of each kind one for each width and type.
typedef enum {
    ATOMIC_load, ATOMIC_store, ATOMIC_add, ATOMIC_sub, ATOMIC_and, ATOMIC_or, ATOMIC_xor,
    ATOMIC_xchg, ATOMIC_cmpxchg
} Atomic;
_Static_assert(OP_i32_atomic_store == OP_i32_atomic_load + 7 * ATOMIC_store, "as op/atomics.def");
_Static_assert(OP_i32_atomic_rmw_xor == OP_i32_atomic_load + 7 * ATOMIC_xor, "as op/atomics.def");
_Static_assert(OP_i64_atomic_rmw32_cmpxchg_u == OP_i32_atomic_load + 7 * ATOMIC_cmpxchg + 6,
               "as op/atomics.def");

// A popped operand in a register other than rax, which is locked.
static Reg away_from_rax(Jit *j, Operand *o)
{
    if (where(j, o) != RAX) return in_reg(j, o);
    Reg reg = take(j, CLASS_int);
    into_reg(j, reg, o);
    o->at = AT_reg;
    o->reg = reg;
    return reg;
}

// The index, where address_of wants it: it changes it, unless guards do its work. Nothing else is
// locked for it then.
static void place_index(Jit *j, Operand *a, bool guarded)
{
    bool own = a->at == AT_reg && a->reg != RAX && !(j->resident >> a->reg & 1);
    if (own) return;
    if (guarded) {
        away_from_rax(j, a);
        return;
    }
    Reg reg = take(j, CLASS_int);
    into_reg(j, reg, a);
    a->at = AT_reg;
    a->reg = reg;
}

static Mem aligned_address(Jit *j, const WalkState *w, Operand *a, const Imm *imm, u32 bytes,
                           Reg zero)
{
    if (bytes > 1) {
        x_test_const(&j->a, W32, in_reg(j, a), (s32)bytes - 1);
        trap_if(j, w, CC_ne, TRAP_unaligned_atomic);
    }
    return address_with(j, w, a, imm, bytes, zero);
}

// What an access of so many bytes left in the register, as a value of the type.
static void push_cell(Jit *j, Type type, Reg reg, u32 bytes)
{
    if (bytes < 4) x_movzx(&j->a, (Width)bytes, reg, rm_reg(reg));
    else if (bytes == 4) x_mov(&j->a, W32, reg, reg);
    push_reg(j, type, reg);
}

static void load_cell(Jit *j, u32 bytes, Reg reg, Mem m)
{
    if (bytes < 4) x_movzx(&j->a, (Width)bytes, reg, rm_mem(m));
    else x_load(&j->a, (Width)bytes, reg, m);
}

static void lower_atomic_load(Jit *j, WalkState *w, Type type, const Imm *imm, u32 bytes)
{
    Operand a = pop_of(j, address_type(imm));
    Mem m = aligned_address(j, w, &a, imm, bytes, REG_NONE);
    Reg reg = result_reg(j, w, CLASS_int);
    mark_access(j, w);
    load_cell(j, bytes, reg, m);
    push_reg(j, type, reg);
}

static void lower_atomic_swap(Jit *j, WalkState *w, Atomic what, Type type, const Imm *imm,
                              u32 bytes)
{
    Operand value = pop_of(j, type), a = pop_of(j, address_type(imm));
    Reg reg = own_reg(j, &value);
    place_index(j, &a, left_to_guards(j, imm, bytes));
    if (what == ATOMIC_sub) x_unary(&j->a, UNARY_neg, W64, rm_reg(reg));
    Mem m = aligned_address(j, w, &a, imm, bytes, REG_NONE);
    mark_access(j, w);
    if (what == ATOMIC_add || what == ATOMIC_sub) x_xadd(&j->a, (Width)bytes, m, reg);
    else x_xchg(&j->a, (Width)bytes, m, reg);
    if (what != ATOMIC_store) push_cell(j, type, reg, bytes);
}

static void lower_atomic_update(Jit *j, WalkState *w, Alu op, Type type, const Imm *imm, u32 bytes)
{
    Operand value = pop_of(j, type), a = pop_of(j, address_type(imm));
    lock(j, RAX);
    Reg by = away_from_rax(j, &value);
    place_index(j, &a, left_to_guards(j, imm, bytes));
    take_fixed(j, RAX);
    Reg changed = take(j, CLASS_int);
    Mem m = aligned_address(j, w, &a, imm, bytes, changed);
    mark_access(j, w);
    load_cell(j, bytes, RAX, m);
    u32 again = here(j);
    x_mov(&j->a, W64, changed, RAX);
    x_alu(&j->a, op, W64, changed, rm_reg(by));
    mark_access(j, w);
    x_cmpxchg(&j->a, (Width)bytes, m, changed);
    x_jcc_back(&j->a, CC_ne, again);
    push_cell(j, type, RAX, bytes);
}

static void lower_atomic_cmpxchg(Jit *j, WalkState *w, Type type, const Imm *imm, u32 bytes)
{
    Operand value = pop_of(j, type), expected = pop_of(j, type), a = pop_of(j, address_type(imm));
    lock(j, RAX);
    Reg reg = away_from_rax(j, &value);
    place_index(j, &a, left_to_guards(j, imm, bytes));
    take_fixed(j, RAX);
    into_reg(j, RAX, &expected);
    if (expected.at == AT_reg) j->locked &= ~(1u << expected.reg) | 1u << RAX | 1u << reg;
    Mem m = aligned_address(j, w, &a, imm, bytes, REG_NONE);
    mark_access(j, w);
    x_cmpxchg(&j->a, (Width)bytes, m, reg);
    push_cell(j, type, RAX, bytes);
}

// False: it is left to C.
static bool lower_atomic(Jit *j, WalkState *w, Op op, const Imm *imm)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    u32 bytes = op_info[op].bits / 8;
    Atomic what = (Atomic)((op - OP_i32_atomic_load) / 7);
    Type type = (Type)(what == ATOMIC_load ? sig->results[0] : sig->params[1]);
    if (!in_reach(imm, bytes) || imm->memarg.offset % bytes) return false;
    switch (what) {
    case ATOMIC_load: lower_atomic_load(j, w, type, imm, bytes); break;
    case ATOMIC_and: lower_atomic_update(j, w, ALU_and, type, imm, bytes); break;
    case ATOMIC_or: lower_atomic_update(j, w, ALU_or, type, imm, bytes); break;
    case ATOMIC_xor: lower_atomic_update(j, w, ALU_xor, type, imm, bytes); break;
    case ATOMIC_cmpxchg: lower_atomic_cmpxchg(j, w, type, imm, bytes); break;
    case ATOMIC_store: case ATOMIC_add: case ATOMIC_sub: case ATOMIC_xchg:
        lower_atomic_swap(j, w, what, type, imm, bytes);
        break;
    }
    return true;
}
