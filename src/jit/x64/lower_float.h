// lower_float.h -- scalar floats, and what converts between them and integers. As in lower_int.h
// operands are popped, then registers are taken, then code is emitted. Instructions that leave a
// part of their result as it was get it from an operand or from 0, and so wait for nothing else.
#pragma once

#include "jit/x64/lower_int.h"
#include "op/eval.h"

enum { CC_swapped = 32 };                         // with the operands in the other order
enum { INT_unsigned = 1, INT_saturated = 2 };
enum { ROUND_to_even = 8, ROUND_down, ROUND_up, ROUND_to_zero }; // no exception for inexact ones
enum { // vcmpps; ordered, but for `ne`
    CMP_eq = 0, CMP_unordered = 3, CMP_ne = 4, CMP_lt = 17, CMP_le = 18, CMP_ge = 29, CMP_gt = 30
};

static Type operand_type(Op op) { return (Type)sig_info[op_info[op].sig].params[0]; }
static Type result_type(Op op) { return (Type)sig_info[op_info[op].sig].results[0]; }

// An instruction of f32, or the same of f64.
static Vex vex_of(Type type, Vex op)
{
    if (type == TYPE_f32) return op;
    return op >> 16 == 3 ? op + 1 : op | 1 << 12;
}
static u64 float_bits(Type type, f64 value)
{
    return type == TYPE_f64 ? eval_bits64(value) : eval_bits32((f32)value);
}
static u64 sign_bit(Type type) { return type == TYPE_f64 ? FSIGN(64) : FSIGN(32); }

static void emit_zero(Jit *j, Reg reg) { x_vex(&j->a, V_xorps, reg, reg, rm_reg(reg)); }
static void compare_floats(Jit *j, Type type, Reg reg, Rm rm)
{
    x_vex(&j->a, vex_of(type, V_ucomiss), reg, VEX_NONE, rm);
}

// Where the result is best made: in the local that is set next, or in what an operand leaves.
static Reg float_result(Jit *j, const WalkState *w, const Operand *a)
{
    bool left = a->at == AT_reg && !(j->resident >> a->reg & 1) && !wants_another(j, a->reg);
    return left && set_next(j, w, CLASS_float) == NONE ? a->reg : result_reg(j, w, CLASS_float);
}

// What an instruction reads last: a register, a slot, or a constant behind the code.
typedef struct {
    Rm rm;
    bool constant;
    Type type;
    u64 low, high;
} Source;

static Source source_of(Jit *j, Operand *o)
{
    if (!is_const(o)) return (Source){.rm = rm_of(j, o)};
    return (Source){.constant = true, .type = o->type, .low = o->bits, .high = o->high};
}
static Source source_bits(u64 low, u64 high)
{
    return (Source){.constant = true, .type = TYPE_v128, .low = low, .high = high};
}

// imm: a byte that comes last, or -1.
static void emit_imm(Jit *j, Vex op, Reg reg, Reg second, Source s, s32 imm)
{
    if (s.constant && s.type == TYPE_v128) {
        m_vex_vector(j, op, reg, second, s.low, s.high, imm);
    } else if (s.constant) {
        m_vex_const(j, op, reg, second, s.low);
    } else {
        x_vex(&j->a, op, reg, second, s.rm);
        if (imm >= 0) asm_8(&j->a, (u32)imm);
    }
}
static void emit(Jit *j, Vex op, Reg reg, Reg second, Source s)
{
    emit_imm(j, op, reg, second, s, -1);
}

// Lanes that are NaNs become the one that all agree on.
static void canonical_lanes(Jit *j, Reg reg, bool is64)
{
    u64 nan = is64 ? NAN_BITS_64 : (u64)NAN_BITS_32 << 32 | NAN_BITS_32;
    x_vex_imm(&j->a, is64 ? V_cmppd : V_cmpps, XMM15, reg, rm_reg(reg), CMP_unordered);
    emit_imm(j, V_blendvps, reg, reg, source_bits(nan, nan), (XMM15 & 15) << 4);
}

static void push_float(Jit *j, Op op, Reg reg)
{
    Type type = result_type(op);
    if (type == TYPE_v128) {
        if (j->deterministic && op_nan[op]) canonical_lanes(j, reg, op_nan[op] == NANS_lanes_64);
    } else if (j->deterministic && op_nan[op]) {
        compare_floats(j, type, reg, rm_reg(reg));
        u32 number = jump_over(j, CC_np);
        m_const(j, reg, type, type == TYPE_f64 ? NAN_BITS_64 : NAN_BITS_32);
        put_place(j, number);
    }
    push_reg(j, type, reg);
}

// ---- Arithmetic ---------------------------------------------------------------------------------

enum { BIN_commutes = 1, BIN_swapped = 2, BIN_inverted = 4 };

static void emit_ones(Jit *j, Reg reg) { x_vex(&j->a, V_pcmpeqd, reg, reg, rm_reg(reg)); }
static void invert(Jit *j, Reg reg)
{
    emit_ones(j, XMM15);
    x_vex(&j->a, V_pxor, reg, reg, rm_reg(XMM15));
}

// An instruction of two operands, floats or vectors; imm: or -1.
static void lower_binary(Jit *j, WalkState *w, Op op, Vex vex, u32 how, s32 imm)
{
    Type type = operand_type(op);
    Operand b = pop_of(j, type), a = pop_of(j, type);
    bool better = is_const(&a) || (where(j, &a) == REG_NONE && where(j, &b) != REG_NONE);
    if (how & BIN_swapped || (how & BIN_commutes && better)) swap_operands(&a, &b);
    Reg first = in_reg(j, &a);
    Source second = source_of(j, &b);
    Reg reg = float_result(j, w, &a);
    emit_imm(j, vex, reg, first, second, imm);
    if (how & BIN_inverted) invert(j, reg);
    push_float(j, op, reg);
}

static void lower_sqrt(Jit *j, WalkState *w, Op op)
{
    Operand a = pop_of(j, operand_type(op));
    Reg from = in_reg(j, &a), reg = float_result(j, w, &a);
    x_vex(&j->a, vex_of(a.type, V_sqrtss), reg, from, rm_reg(from));
    push_float(j, op, reg);
}

static void lower_round(Jit *j, WalkState *w, Op op, u8 how)
{
    Operand a = pop_of(j, operand_type(op));
    Reg from = in_reg(j, &a), reg = float_result(j, w, &a);
    x_vex_imm(&j->a, vex_of(a.type, V_roundss), reg, from, rm_reg(from), how);
    push_float(j, op, reg);
}

static void lower_float_width(Jit *j, WalkState *w, Op op)
{
    Operand a = pop_of(j, operand_type(op));
    Reg from = in_reg(j, &a), reg = float_result(j, w, &a);
    x_vex(&j->a, vex_of(a.type, V_cvtss2sd), reg, from, rm_reg(from));
    push_float(j, op, reg);
}

// The instruction gives its second operand if the two are zeros, or unordered. So it is done in
// both orders; of -0 and 0 the sign bits are put together. Where one is a NaN their sum is the
// result.
static void lower_float_most(Jit *j, WalkState *w, Op op, Vex most)
{
    Type type = result_type(op);
    Vex lanes = most & 3 << 12; // those of one float or more, of 32 or 64 bits
    Operand b = pop_of(j, type), a = pop_of(j, type);
    Reg x = in_reg(j, &a), y = in_reg(j, &b), other = take(j, CLASS_float);
    Reg reg = float_result(j, w, &a);
    x_vex(&j->a, most, XMM15, x, rm_reg(y));
    x_vex(&j->a, most, other, y, rm_reg(x));
    x_vex(&j->a, (most & 0xff) == 0x5d ? V_orps : V_andps, XMM15, XMM15, rm_reg(other));
    x_vex_imm(&j->a, V_cmpps | lanes, other, x, rm_reg(y), CMP_unordered);
    x_vex(&j->a, V_addps | lanes, reg, x, rm_reg(y));
    x_vex_imm(&j->a, V_blendvps, reg, XMM15, rm_reg(reg), (u8)((other & 15) << 4));
    push_float(j, op, reg);
}

// ---- Signs --------------------------------------------------------------------------------------

static void lower_sign_bit(Jit *j, WalkState *w, Op op, Vex with, u64 bits)
{
    Operand a = pop_of(j, operand_type(op));
    Reg from = in_reg(j, &a), reg = float_result(j, w, &a);
    m_const(j, XMM15, a.type, bits);
    x_vex(&j->a, with, reg, from, rm_reg(XMM15));
    push_float(j, op, reg);
}
static void lower_abs(Jit *j, WalkState *w, Op op)
{
    lower_sign_bit(j, w, op, V_andps, sign_bit(operand_type(op)) - 1);
}
static void lower_neg(Jit *j, WalkState *w, Op op)
{
    lower_sign_bit(j, w, op, V_xorps, sign_bit(operand_type(op)));
}

static void lower_copysign(Jit *j, WalkState *w, Op op)
{
    Type type = operand_type(op);
    Operand b = pop_of(j, type), a = pop_of(j, type);
    Reg x = in_reg(j, &a), y = in_reg(j, &b), rest = take(j, CLASS_float);
    Reg reg = float_result(j, w, &a);
    m_const(j, XMM15, type, sign_bit(type));
    x_vex(&j->a, V_andnps, rest, XMM15, rm_reg(x));
    x_vex(&j->a, V_andps, XMM15, XMM15, rm_reg(y));
    x_vex(&j->a, V_orps, reg, rest, rm_reg(XMM15));
    push_float(j, op, reg);
}

// ---- Comparisons --------------------------------------------------------------------------------

// Unordered is as below: only `above` is false then, so less is greater with the operands swapped.
static void lower_float_cmp(Jit *j, WalkState *w, Op op, u8 cc)
{
    Type type = operand_type(op);
    Operand b = pop_of(j, type), a = pop_of(j, type);
    if (cc & CC_swapped) swap_operands(&a, &b);
    Reg reg = in_reg(j, &a);
    if (is_const(&b)) m_vex_const(j, vex_of(type, V_ucomiss), reg, VEX_NONE, b.bits);
    else compare_floats(j, type, reg, rm_of(j, &b));
    push_condition(j, w, cc & ~CC_swapped);
}

// ---- From integers ------------------------------------------------------------------------------

// Of 64 bits without a sign, what is too large is halved, with the bit that gets lost kept in the
// lowest: it decides how ties are rounded.
static void convert_u64(Jit *j, Vex convert, Type to, Reg reg, Reg from, Reg low)
{
    u32 done = new_place(j);
    x_test(&j->a, W64, from, from);
    u32 small = jump_over(j, CC_ns);
    x_mov(&j->a, W64, R11, from);
    x_shift_const(&j->a, SHIFT_shr, W64, rm_reg(R11), 1);
    x_mov(&j->a, W32, low, from);
    x_alu_const(&j->a, ALU_and, W32, rm_reg(low), 1);
    x_alu(&j->a, ALU_or, W64, R11, rm_reg(low));
    x_vex(&j->a, convert, reg, XMM15, rm_reg(R11));
    x_vex(&j->a, vex_of(to, V_addss), reg, reg, rm_reg(reg));
    jumps_to(j, m_jump(j), done);
    put_place(j, small);
    x_vex(&j->a, convert, reg, XMM15, rm_reg(from));
    put_place(j, done);
}

static void lower_convert(Jit *j, WalkState *w, Op op, u8 how)
{
    Type from = operand_type(op), to = result_type(op);
    Vex convert = vex_of(to, V_cvtsi2ss) | (from == TYPE_i64 || how ? V_W : 0);
    Operand a = pop_of(j, from);
    // of 32 bits without a sign it is the register of 64
    Rm rm = how ? rm_reg(in_reg(j, &a)) : rm_of(j, &a);
    Reg low = how && from == TYPE_i64 ? take(j, CLASS_int) : REG_NONE;
    Reg reg = result_reg(j, w, CLASS_float);
    emit_zero(j, XMM15);
    if (low == REG_NONE) x_vex(&j->a, convert, reg, XMM15, rm);
    else convert_u64(j, convert, to, reg, rm.reg, low);
    push_float(j, op, reg);
}

static void lower_reinterpret(Jit *j, WalkState *w, Op op)
{
    Type from = operand_type(op), to = result_type(op);
    bool is64 = from == TYPE_i64 || from == TYPE_f64;
    Operand a = pop_of(j, from);
    if (is_const(&a)) {
        push_const(j, to, is64 ? a.bits : (u32)a.bits);
        return;
    }
    Rm rm = rm_of(j, &a);
    Reg reg = result_reg(j, w, class_of(to));
    if (rm.reg == REG_NONE) m_load_mem(j, reg, mem_of(rm), to);
    else if (class_of(to) == CLASS_int)
        x_vex(&j->a, is64 ? V_movq_out : V_movd_out, rm.reg, VEX_NONE, rm_reg(reg));
    else x_vex(&j->a, is64 ? V_movq_in : V_movd_in, reg, VEX_NONE, rm);
    push_reg(j, to, reg);
}

// ---- To integers --------------------------------------------------------------------------------
//
// The instruction converts to signed ones and gives the smallest where there is none. Of what is
// that, or not in the range of unsigned ones, late code sees what it is. Late.number is the row,
// Late.other its `how`, and the registers of operand and result.

static void lower_trunc(Jit *j, WalkState *w, Op op, u8 how)
{
    Type type = operand_type(op), to = result_type(op);
    Width width = to == TYPE_i64 ? W64 : W32;
    Vex convert = vex_of(type, V_cvttss2si);
    u8 odd;
    Operand a = pop_of(j, type);
    Reg from = in_reg(j, &a), reg = result_reg(j, w, CLASS_int);
    if (width == W32 && how & INT_unsigned) {
        x_vex(&j->a, convert | V_W, R11, VEX_NONE, rm_reg(from));
        x_mov(&j->a, W32, reg, R11);
        x_alu(&j->a, ALU_cmp, W64, reg, rm_reg(R11));
        odd = CC_ne;
    } else {
        x_vex(&j->a, convert | (width == W64 ? V_W : 0), reg, VEX_NONE, rm_reg(from));
        if (how & INT_unsigned) x_test(&j->a, width, reg, reg);
        else x_alu_const(&j->a, ALU_cmp, width, rm_reg(reg), 1);
        odd = how & INT_unsigned ? CC_s : CC_o;
    }
    Late *late = push_late(j, LATE_trunc, w->pos);
    u32 at = j->late_count - 1, place = late->place;
    late->number = op;
    late->other = (u32)how << 16 | (u32)from << 8 | reg;
    jumps_to(j, x_jcc(&j->a, odd), place);
    push_reg(j, to, reg);
    u32 back = place_here(j);
    j->late[at].back = back;
}

// Where the condition holds, that is the end: `value` is the result, or it traps.
static void late_trunc_if(Jit *j, const Late *l, u8 condition, Trap trap, u64 value)
{
    u32 over = jump_over(j, m_negated(condition));
    if (l->other >> 16 & INT_saturated) {
        x_const(&j->a, (Reg)l->other, value);
        jumps_to(j, m_jump(j), l->back);
    } else {
        m_trap(j, l->offset, trap);
    }
    put_place(j, over);
    j->places[over].zext = j->places[l->back].zext;
}

// Does it go on behind all?
static bool late_trunc(Jit *j, const Late *l)
{
    Type type = operand_type((Op)l->number);
    bool is64 = result_type((Op)l->number) == TYPE_i64;
    u8 how = (u8)(l->other >> 16);
    Reg from = (Reg)(l->other >> 8), reg = (Reg)l->other;
    j->places[l->place].zext = j->places[l->back].zext;
    compare_floats(j, type, from, rm_reg(from));
    late_trunc_if(j, l, CC_p, TRAP_invalid_conversion_to_integer, 0);
    emit_zero(j, XMM15);
    compare_floats(j, type, from, rm_reg(XMM15));
    if (!(how & INT_unsigned)) {
        late_trunc_if(j, l, CC_ae, TRAP_integer_overflow, is64 ? INT64_MAX : INT32_MAX);
        if (how & INT_saturated) return true;
        bool finer = type == TYPE_f64 && !is64; // there are some between the smallest and the next
        m_const(j, XMM15, type,
                float_bits(type, is64 ? -0x1p63 : finer ? -0x1p31 - 1 : -0x1p31));
        compare_floats(j, type, from, rm_reg(XMM15));
        late_trunc_if(j, l, finer ? CC_be : CC_b, TRAP_integer_overflow, 0);
        return true;
    }
    late_trunc_if(j, l, CC_b, TRAP_integer_overflow, 0);
    if (!is64) {
        if (how & INT_saturated) x_const(&j->a, reg, UINT32_MAX);
        else m_trap(j, l->offset, TRAP_integer_overflow);
        return how & INT_saturated;
    }
    // from 2^63 on
    m_const(j, XMM15, type, float_bits(type, 0x1p63));
    x_vex(&j->a, vex_of(type, V_subss), XMM15, from, rm_reg(XMM15));
    x_vex(&j->a, vex_of(type, V_cvttss2si) | V_W, reg, VEX_NONE, rm_reg(XMM15));
    x_test(&j->a, W64, reg, reg);
    late_trunc_if(j, l, CC_s, TRAP_integer_overflow, UINT64_MAX);
    x_const(&j->a, R11, FSIGN(64));
    x_alu(&j->a, ALU_or, W64, reg, rm_reg(R11));
    return true;
}
