// lower_vector.h -- vectors. As in lower_int.h operands are popped, then registers are taken, then
// code is emitted. The result may be in a register of an operand: it is written when all have been
// read, xmm15 and registers of its own before.
#pragma once

#include "jit/x64/lower_float.h"
#include "jit/x64/lower_memory.h"

enum { UPPER_HALF = 0xee }; // pshufd: its lanes, twice

// The same in each lane of so many bytes.
static u64 splat_bits(u32 bytes, u64 value)
{
    return bytes == 1   ? (value & 0xff) * 0x0101010101010101
           : bytes == 2 ? (value & 0xffff) * 0x0001000100010001
           : bytes == 4 ? (value & UINT32_MAX) * 0x0000000100000001
                        : value;
}
static Source splat(u32 bytes, u64 value)
{
    u64 bits = splat_bits(bytes, value);
    return source_bits(bits, bits);
}

// ---- One operand --------------------------------------------------------------------------------

static void lower_unary(Jit *j, WalkState *w, Op op, Vex vex, s32 imm)
{
    Operand a = pop_of(j, TYPE_v128);
    Source from = source_of(j, &a);
    Reg reg = float_result(j, w, &a);
    emit_imm(j, vex, reg, VEX_NONE, from, imm);
    push_float(j, op, reg);
}

// From lanes that are 0, or all ones.
static void lower_from_same(Jit *j, WalkState *w, Vex vex, bool ones)
{
    Operand a = pop_of(j, TYPE_v128);
    Source from = source_of(j, &a);
    Reg reg = float_result(j, w, &a);
    if (ones) emit_ones(j, XMM15);
    else emit_zero(j, XMM15);
    emit(j, vex, reg, XMM15, from);
    push_reg(j, TYPE_v128, reg);
}

// With the same in each lane of so many bytes.
static void lower_with_same(Jit *j, WalkState *w, Vex vex, u32 bytes, u64 value)
{
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), reg = float_result(j, w, &a);
    emit(j, vex, reg, from, splat(bytes, value));
    push_reg(j, TYPE_v128, reg);
}

static void lower_lane_signs(Jit *j, WalkState *w, Vex vex, u32 bytes)
{
    u64 sign = (u64)1 << (bytes * 8 - 1);
    lower_with_same(j, w, vex, bytes, vex == V_andps ? sign - 1 : sign);
}

static void lower_abs_64(Jit *j, WalkState *w)
{
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), reg = float_result(j, w, &a);
    emit_zero(j, XMM15);
    x_vex(&j->a, V_pcmpgtq, XMM15, XMM15, rm_reg(from));
    x_vex(&j->a, V_pxor, reg, from, rm_reg(XMM15));
    x_vex(&j->a, V_psubq, reg, reg, rm_reg(XMM15));
    push_reg(j, TYPE_v128, reg);
}

// By halves of bytes, in a table.
static void lower_popcnt_8(Jit *j, WalkState *w)
{
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), table = take(j, CLASS_float), upper = take(j, CLASS_float);
    Reg reg = float_result(j, w, &a);
    m_vector(j, table, 0x0302020102010100, 0x0403030203020201);
    emit(j, V_pand, XMM15, from, splat(1, 15));
    x_vex_shift(&j->a, V_psrlw, upper, from, 4);
    emit(j, V_pand, upper, upper, splat(1, 15));
    x_vex(&j->a, V_pshufb, XMM15, table, rm_reg(XMM15));
    x_vex(&j->a, V_pshufb, upper, table, rm_reg(upper));
    x_vex(&j->a, V_paddb, reg, upper, rm_reg(XMM15));
    push_reg(j, TYPE_v128, reg);
}

// ---- Two or three -------------------------------------------------------------------------------

enum { CMP_inverted = 16 }; // beside a width

// Is the lesser or greater of both the first one?
static void lower_cmp_most(Jit *j, WalkState *w, Vex most, u32 how)
{
    Vex equal = V_pcmpeqb + (u32)__builtin_ctz(how & ~(u32)CMP_inverted);
    Operand b = pop_of(j, TYPE_v128), a = pop_of(j, TYPE_v128);
    Reg first = in_reg(j, &a);
    Source second = source_of(j, &b);
    Reg reg = float_result(j, w, &a);
    emit(j, most, XMM15, first, second);
    x_vex(&j->a, equal, reg, first, rm_reg(XMM15));
    if (how & CMP_inverted) invert(j, reg);
    push_reg(j, TYPE_v128, reg);
}

static void lower_bitselect(Jit *j, WalkState *w)
{
    Operand c = pop_of(j, TYPE_v128), b = pop_of(j, TYPE_v128), a = pop_of(j, TYPE_v128);
    Reg mask = in_reg(j, &c);
    Source first = source_of(j, &a), second = source_of(j, &b);
    Reg reg = float_result(j, w, &c);
    emit(j, V_pand, XMM15, mask, first);
    emit(j, V_pandn, reg, mask, second);
    x_vex(&j->a, V_por, reg, reg, rm_reg(XMM15));
    push_reg(j, TYPE_v128, reg);
}

// ---- To conditions and integers -----------------------------------------------------------------

static void lower_any_true(Jit *j, WalkState *w)
{
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a);
    x_vex(&j->a, V_ptest, from, VEX_NONE, rm_reg(from));
    push_condition(j, w, CC_ne);
}

static void lower_all_true(Jit *j, WalkState *w, Vex equal)
{
    Operand a = pop_of(j, TYPE_v128);
    Source from = source_of(j, &a);
    emit_zero(j, XMM15);
    emit(j, equal, XMM15, XMM15, from);
    x_vex(&j->a, V_ptest, XMM15, VEX_NONE, rm_reg(XMM15));
    push_condition(j, w, CC_e);
}

// ---- Memory -------------------------------------------------------------------------------------

static void lower_vload(Jit *j, WalkState *w, Vex vex, const Imm *imm, u32 bytes)
{
    Operand a = pop_of(j, address_type(imm));
    Mem m = address_of(j, w, &a, imm, bytes);
    Reg reg = result_reg(j, w, CLASS_float);
    mark_access(j, w, imm, bytes);
    x_vex(&j->a, vex, reg, VEX_NONE, rm_mem(m));
    push_reg(j, TYPE_v128, reg);
}

static void lower_vstore(Jit *j, WalkState *w, Vex vex, const Imm *imm, u32 bytes)
{
    Operand value = pop_of(j, TYPE_v128), a = pop_of(j, address_type(imm));
    Reg reg = in_reg(j, &value);
    Mem m = address_of(j, w, &a, imm, bytes);
    mark_access(j, w, imm, bytes);
    x_vex(&j->a, vex, reg, VEX_NONE, rm_mem(m));
}

static void lower_load_lane(Jit *j, WalkState *w, Vex vex, const Imm *imm, u32 bytes)
{
    Operand v = pop_of(j, TYPE_v128), a = pop_of(j, address_type(imm));
    Reg from = in_reg(j, &v);
    Mem m = address_of(j, w, &a, imm, bytes);
    Reg reg = float_result(j, w, &v);
    mark_access(j, w, imm, bytes);
    x_vex_imm(&j->a, vex, reg, from, rm_mem(m), imm->memarg.lane);
    push_reg(j, TYPE_v128, reg);
}

static void lower_store_lane(Jit *j, WalkState *w, Vex vex, const Imm *imm, u32 bytes)
{
    Operand v = pop_of(j, TYPE_v128), a = pop_of(j, address_type(imm));
    Reg from = in_reg(j, &v);
    Mem m = address_of(j, w, &a, imm, bytes);
    mark_access(j, w, imm, bytes);
    x_vex_imm(&j->a, vex, from, VEX_NONE, rm_mem(m), imm->memarg.lane);
}
