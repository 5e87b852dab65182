// lower.h -- rows of the tables as instructions of this processor.
#pragma once

#include "jit/x64/lower_lane.h"

typedef enum {
    LOWER_none, LOWER_ALU, LOWER_MUL, LOWER_DIV, LOWER_SHIFT, LOWER_ROTATE, LOWER_COUNT, LOWER_EQZ,
    LOWER_CMP, LOWER_SIGN, LOWER_LOW, LOWER_WIDE_SUM, LOWER_WIDE_MUL,
    LOWER_FLOAT, LOWER_SQRT, LOWER_ROUND, LOWER_FLOAT_MOST, LOWER_ABS, LOWER_NEG, LOWER_COPYSIGN,
    LOWER_FLOAT_CMP, LOWER_CONVERT, LOWER_FLOAT_WIDTH, LOWER_REINTERPRET, LOWER_TRUNC,
    LOWER_BINARY, LOWER_UNARY, LOWER_FROM_ZERO, LOWER_FROM_ONES, LOWER_ABS_64, LOWER_POPCNT_8,
    LOWER_LANES_MOST, LOWER_LANES_CMP, LOWER_ROUND_LANES, LOWER_SIGNS,
    LOWER_CMP_MOST, LOWER_BITSELECT, LOWER_ANY_TRUE, LOWER_ALL_TRUE,
    LOWER_VSHIFT, LOWER_SHR_S_64, LOWER_SHIFT_8, LOWER_SHR_S_8, LOWER_EXTEND_HIGH,
    LOWER_EXTMUL_8, LOWER_EXTMUL_16, LOWER_EXTMUL_32, LOWER_EXTADD_8, LOWER_WITH_ONES_16,
    LOWER_EXTADD_U_16, LOWER_MUL_64, LOWER_Q15MULR, LOWER_DOT_8, LOWER_TRUNC_S, LOWER_TRUNC_U,
    LOWER_TRUNC_S_ZERO, LOWER_TRUNC_U_ZERO, LOWER_CONVERT_U, LOWER_CONVERT_LOW_U, LOWER_MADD,
    LOWER_BITMASK, LOWER_BITMASK_16,
    LOWER_SPLAT, LOWER_SWIZZLE, LOWER_EXTRACT, LOWER_EXTRACT_FLOAT, LOWER_REPLACE,
    LOWER_REPLACE_F32, LOWER_REPLACE_F64,
    LOWER_VLOAD, LOWER_VSTORE, LOWER_LOAD_LANE, LOWER_STORE_LANE
} Family;

static const struct { u32 operation; u8 family, width; } lower_rows[OP_COUNT] = {
#define LOWER(row, family, operation, width) [OP_##row] = {operation, LOWER_##family, width},
#define FLOAT(row, family, operation) LOWER(row, family, operation, 0)
#include "jit/x64/lower.def"
};

// False: there is no line for the row.
static bool lower_pure(Jit *j, WalkState *w, Op op)
{
    const u32 operation = lower_rows[op].operation, more = lower_rows[op].width;
    const Width width = (Width)more;
    const u8 small = (u8)operation;
    switch ((Family)lower_rows[op].family) {
    case LOWER_none: return false;
    case LOWER_ALU: lower_alu(j, w, (Alu)operation, width); break;
    case LOWER_MUL: lower_mul(j, w, width); break;
    case LOWER_DIV: lower_div(j, w, small, width); break;
    case LOWER_SHIFT: lower_shift(j, w, (Shift)operation, width); break;
    case LOWER_ROTATE: lower_rotate(j, w, (Shift)operation, width); break;
    case LOWER_COUNT: lower_count(j, w, (Counting)operation, width); break;
    case LOWER_EQZ: lower_eqz(j, w, width); break;
    case LOWER_CMP: lower_cmp(j, w, small, width); break;
    case LOWER_SIGN:
        lower_sign(j, w, (Width)operation, width, (Type)sig_info[op_info[op].sig].params[0]);
        break;
    case LOWER_LOW: lower_low(j, w, width); break;
    case LOWER_WIDE_SUM: lower_wide_sum(j, (Alu)operation); break;
    case LOWER_WIDE_MUL: lower_wide_mul(j, (Unary)operation); break;
    case LOWER_FLOAT: lower_binary(j, w, op, vex_of(result_type(op), operation), 0, -1); break;
    case LOWER_SQRT: lower_sqrt(j, w, op); break;
    case LOWER_ROUND: lower_round(j, w, op, small); break;
    case LOWER_FLOAT_MOST: lower_float_most(j, w, op, vex_of(result_type(op), operation)); break;
    case LOWER_ABS: lower_abs(j, w, op); break;
    case LOWER_NEG: lower_neg(j, w, op); break;
    case LOWER_COPYSIGN: lower_copysign(j, w, op); break;
    case LOWER_FLOAT_CMP: lower_float_cmp(j, w, op, small); break;
    case LOWER_CONVERT: lower_convert(j, w, op, small); break;
    case LOWER_FLOAT_WIDTH: lower_float_width(j, w, op); break;
    case LOWER_REINTERPRET: lower_reinterpret(j, w, op); break;
    case LOWER_TRUNC: lower_trunc(j, w, op, small); break;
    case LOWER_BINARY: lower_binary(j, w, op, operation, more, -1); break;
    case LOWER_UNARY: lower_unary(j, w, op, operation, -1); break;
    case LOWER_FROM_ZERO: lower_from_same(j, w, operation, false); break;
    case LOWER_FROM_ONES: lower_from_same(j, w, operation, true); break;
    case LOWER_ABS_64: lower_abs_64(j, w); break;
    case LOWER_POPCNT_8: lower_popcnt_8(j, w); break;
    case LOWER_LANES_MOST: lower_float_most(j, w, op, operation); break;
    case LOWER_LANES_CMP: lower_binary(j, w, op, operation, 0, (s32)more); break;
    case LOWER_ROUND_LANES: lower_unary(j, w, op, operation, (s32)more); break;
    case LOWER_SIGNS: lower_lane_signs(j, w, operation, more); break;
    case LOWER_CMP_MOST: lower_cmp_most(j, w, operation, more); break;
    case LOWER_BITSELECT: lower_bitselect(j, w); break;
    case LOWER_ANY_TRUE: lower_any_true(j, w); break;
    case LOWER_ALL_TRUE: lower_all_true(j, w, operation); break;
    case LOWER_VSHIFT: lower_vshift(j, w, operation, more); break;
    case LOWER_SHR_S_64: lower_shr_s_64(j, w); break;
    case LOWER_SHIFT_8: lower_shift_8(j, w, operation); break;
    case LOWER_SHR_S_8: lower_shr_s_8(j, w); break;
    case LOWER_EXTEND_HIGH: lower_extend_high(j, w, operation); break;
    case LOWER_EXTMUL_8: lower_extmul_8(j, w, operation, more); break;
    case LOWER_EXTMUL_16: lower_extmul_16(j, w, operation, more); break;
    case LOWER_EXTMUL_32: lower_extmul_32(j, w, operation, more); break;
    case LOWER_EXTADD_8: lower_extadd_8(j, w, more); break;
    case LOWER_WITH_ONES_16: lower_with_same(j, w, operation, 2, 1); break;
    case LOWER_EXTADD_U_16: lower_extadd_u_16(j, w); break;
    case LOWER_MUL_64: lower_mul_64(j, w); break;
    case LOWER_Q15MULR: lower_q15mulr(j, w); break;
    case LOWER_DOT_8: lower_dot_8(j, w, more); break;
    case LOWER_TRUNC_S: lower_trunc_s(j, w); break;
    case LOWER_TRUNC_U: lower_trunc_u(j, w); break;
    case LOWER_TRUNC_S_ZERO: lower_trunc_s_zero(j, w); break;
    case LOWER_TRUNC_U_ZERO: lower_trunc_u_zero(j, w); break;
    case LOWER_CONVERT_U: lower_convert_u(j, w); break;
    case LOWER_CONVERT_LOW_U: lower_convert_low_u(j, w); break;
    case LOWER_MADD: lower_madd(j, w, op, operation, more); break;
    case LOWER_BITMASK: lower_bitmask(j, w, operation); break;
    case LOWER_BITMASK_16: lower_bitmask_16(j, w); break;
    case LOWER_SPLAT: lower_splat(j, w, op, operation, more); break;
    case LOWER_SWIZZLE: lower_swizzle(j, w); break;
    case LOWER_EXTRACT: case LOWER_EXTRACT_FLOAT: case LOWER_REPLACE: case LOWER_REPLACE_F32:
    case LOWER_REPLACE_F64:
    case LOWER_VLOAD: case LOWER_VSTORE: case LOWER_LOAD_LANE: case LOWER_STORE_LANE:
        return false; // these have immediates
    }
    return true;
}

// The same of lanes.
static bool lower_lane(Jit *j, WalkState *w, Op op, u32 lane)
{
    u32 vex = lower_rows[op].operation, bytes = lower_rows[op].width;
    switch (lower_rows[op].family) {
    case LOWER_EXTRACT: lower_extract(j, w, op, vex, bytes, lane); break;
    case LOWER_EXTRACT_FLOAT: lower_extract_float(j, w, op, lane); break;
    case LOWER_REPLACE: lower_replace(j, w, op, vex, lane); break;
    case LOWER_REPLACE_F32: lower_replace(j, w, op, vex, lane << 4); break;
    case LOWER_REPLACE_F64: lower_replace_f64(j, w, lane); break;
    default: return false;
    }
    return true;
}

// The same of vectors in memory.
static bool lower_access(Jit *j, WalkState *w, Op op, const Imm *imm)
{
    u32 vex = lower_rows[op].operation, bytes = op_info[op].bits / 8;
    if (!in_reach(imm, bytes)) return false;
    switch (lower_rows[op].family) {
    case LOWER_VLOAD: lower_vload(j, w, vex, imm, bytes); break;
    case LOWER_VSTORE: lower_vstore(j, w, vex, imm, bytes); break;
    case LOWER_LOAD_LANE: lower_load_lane(j, w, vex, imm, bytes); break;
    case LOWER_STORE_LANE: lower_store_lane(j, w, vex, imm, bytes); break;
    default: return false;
    }
    return true;
}


// a if the condition is not 0, else b. What is in the flags stays there until the end.
static void m_select(Jit *j, WalkState *w, Operand *c, Operand *a, Operand *b, Type type)
{
    Class class = class_of(type);
    u8 condition = c->at == AT_flags ? c->flags : m_test(j, c);
    if (condition == CC_float_eq) {
        Operand *other = a;
        a = b;
        b = other;
        condition = CC_float_ne;
    }
    Reg taken = in_reg(j, a), reg;
    u32 local = set_next(j, w, class);
    if (local == NONE || j->locals[local].reg == taken) {
        reg = own_reg(j, b);
    } else {
        reg = result_reg(j, w, class);
        into_reg(j, reg, b);
    }
    if (class == CLASS_int) {
        Width width = type == TYPE_i64 ? W64 : W32;
        if (condition == CC_float_ne) x_cmov(&j->a, CC_p, width, reg, rm_reg(taken));
        x_cmov(&j->a, condition == CC_float_ne ? CC_ne : condition, width, reg, rm_reg(taken));
    } else {
        u32 take_it = NONE;
        if (condition == CC_float_ne) {
            take_it = jump_over(j, CC_p);
            condition = CC_ne;
        }
        u32 done = jump_over(j, m_negated(condition));
        if (take_it != NONE) put_place(j, take_it);
        m_move(j, reg, taken, type);
        put_place(j, done);
    }
    push_reg(j, type, reg);
}
