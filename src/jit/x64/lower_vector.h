// lower_vector.h -- vectors. As in lower_int.h operands are popped, then registers are taken, then
// code is emitted. The result may be in a register of an operand: it is written when all have been
// read, xmm15 and registers of its own before.
#pragma once

#include "jit/x64/lower_float.h"

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

// The slot of a vector that is in none but that, at a byte of it.
static bool in_slot(Jit *j, const Operand *o, u32 byte, Mem *m)
{
    if (is_const(o) || where(j, o) != REG_NONE) return false;
    *m = slot(o->at == AT_local ? j->locals[o->local].slot : o->home);
    m->disp += (s32)byte;
    return true;
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
enum { MIN_OR_MAX = 4 };    // what is different in their opcodes

// Each lane of the constant becomes the next, or the one before it. False: one has none.
static bool step_lanes(Operand *c, u32 bytes, bool up)
{
    u64 words[2] = {c->bits, c->high}, most = UINT64_MAX >> (64 - 8 * bytes);
    for (u32 at = 0; at < 128; at += 8 * bytes) {
        u64 *word = &words[at / 64];
        u32 by = at % 64;
        if ((*word >> by & most) == (up ? most : 0)) return false;
        if (up) *word += (u64)1 << by;
        else *word -= (u64)1 << by;
    }
    c->bits = words[0];
    c->high = words[1];
    return true;
}

// Is the lesser or greater of both the first one? To be above a number is not to be below the next.
static void lower_cmp_most(Jit *j, WalkState *w, Vex most, u32 how)
{
    u32 bytes = how & ~(u32)CMP_inverted;
    Vex equal = V_pcmpeqb + (u32)__builtin_ctz(bytes);
    Operand b = pop_of(j, TYPE_v128), a = pop_of(j, TYPE_v128);
    if (is_const(&a)) {
        swap_operands(&a, &b);
        most ^= MIN_OR_MAX;
    }
    bool greater = most == V_pminub || most == V_pminuw || most == V_pminud;
    if (how & CMP_inverted && is_const(&b) && step_lanes(&b, bytes, greater)) {
        most ^= MIN_OR_MAX;
        how = bytes;
    }
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

// ---- Shifts -------------------------------------------------------------------------------------

// The count, below the lanes' number of bits, in xmm15; `more` is added.
static void shift_count(Jit *j, const Operand *n, u32 bits, u32 more)
{
    into_reg(j, R11, n);
    x_alu_const(&j->a, ALU_and, W32, rm_reg(R11), (s32)bits - 1);
    if (more) x_alu_const(&j->a, ALU_add, W32, rm_reg(R11), (s32)more);
    x_vex(&j->a, V_movd_in, XMM15, VEX_NONE, rm_reg(R11));
}

// By a number, or by xmm15.
typedef struct {
    bool constant;
    u8 by;
} Count;

static Count count_of(Jit *j, const Operand *n, u32 bits, u32 more)
{
    if (is_const(n)) return (Count){true, (u8)((n->bits & (bits - 1)) + more)};
    shift_count(j, n, bits, more);
    return (Count){false, 0};
}
static void emit_shift(Jit *j, Vex vex, Reg reg, Reg from, Count n)
{
    if (n.constant) x_vex_shift(&j->a, vex, reg, from, n.by);
    else x_vex(&j->a, vex, reg, from, rm_reg(XMM15));
}

static void lower_vshift(Jit *j, WalkState *w, Vex vex, u32 bytes)
{
    Operand n = pop_of(j, TYPE_i32), a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), reg = float_result(j, w, &a);
    emit_shift(j, vex, reg, from, count_of(j, &n, bytes * 8, 0));
    push_reg(j, TYPE_v128, reg);
}

// Without one that keeps signs: (x >> n ^ s) - s, where s is the sign's bit, shifted as x is.
static void lower_shr_s_64(Jit *j, WalkState *w)
{
    Operand n = pop_of(j, TYPE_i32), a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), sign = take(j, CLASS_float), reg = float_result(j, w, &a);
    Count count = count_of(j, &n, 64, 0);
    m_vector(j, sign, FSIGN(64) >> count.by, FSIGN(64) >> count.by);
    if (!count.constant) emit_shift(j, V_psrlq, sign, sign, count);
    emit_shift(j, V_psrlq, reg, from, count);
    x_vex(&j->a, V_pxor, reg, reg, rm_reg(sign));
    x_vex(&j->a, V_psubq, reg, reg, rm_reg(sign));
    push_reg(j, TYPE_v128, reg);
}

// Bytes are shifted in pairs, and what comes from the neighbour is masked: before, to the left.
static void lower_shift_8(Jit *j, WalkState *w, Vex vex)
{
    Operand n = pop_of(j, TYPE_i32), a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), mask = take(j, CLASS_float), reg = float_result(j, w, &a);
    Count count = count_of(j, &n, 8, 0);
    if (count.constant) {
        u64 bits = splat_bits(1, 0xffu >> count.by);
        m_vector(j, mask, bits, bits);
    } else {
        emit_ones(j, mask);
        emit_shift(j, V_psrlw, mask, mask, count);
        x_vex_shift(&j->a, V_psrlw, mask, mask, 8);
        x_vex(&j->a, V_packuswb, mask, mask, rm_reg(mask));
    }
    if (vex == V_psllw) {
        x_vex(&j->a, V_pand, reg, from, rm_reg(mask));
        emit_shift(j, vex, reg, reg, count);
    } else {
        emit_shift(j, vex, reg, from, count);
        x_vex(&j->a, V_pand, reg, reg, rm_reg(mask));
    }
    push_reg(j, TYPE_v128, reg);
}

// As the upper bytes of pairs.
static void lower_shr_s_8(Jit *j, WalkState *w)
{
    Operand n = pop_of(j, TYPE_i32), a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), upper = take(j, CLASS_float), reg = float_result(j, w, &a);
    Count count = count_of(j, &n, 8, 8);
    x_vex(&j->a, V_punpckhbw, upper, from, rm_reg(from));
    x_vex(&j->a, V_punpcklbw, reg, from, rm_reg(from));
    emit_shift(j, V_psraw, upper, upper, count);
    emit_shift(j, V_psraw, reg, reg, count);
    x_vex(&j->a, V_packsswb, reg, reg, rm_reg(upper));
    push_reg(j, TYPE_v128, reg);
}

// ---- Wider lanes --------------------------------------------------------------------------------

// The instruction widens the lower half.
static void emit_upper(Jit *j, Vex widen, Reg reg, Reg from)
{
    x_vex_imm(&j->a, V_pshufd, XMM15, VEX_NONE, rm_reg(from), UPPER_HALF);
    x_vex(&j->a, widen, reg, VEX_NONE, rm_reg(XMM15));
}

static void lower_extend_high(Jit *j, WalkState *w, Vex widen)
{
    Operand a = pop_of(j, TYPE_v128);
    Mem m;
    bool in_memory = in_slot(j, &a, 8, &m);
    Reg from = in_memory ? REG_NONE : in_reg(j, &a), reg = float_result(j, w, &a);
    if (in_memory) x_vex(&j->a, widen, reg, VEX_NONE, rm_mem(m));
    else emit_upper(j, widen, reg, from);
    push_reg(j, TYPE_v128, reg);
}

static void lower_extmul_8(Jit *j, WalkState *w, Vex widen, bool upper)
{
    Operand b = pop_of(j, TYPE_v128), a = pop_of(j, TYPE_v128);
    Reg x = in_reg(j, &a), y = in_reg(j, &b), wide = take(j, CLASS_float);
    Reg reg = float_result(j, w, &a);
    if (upper) {
        emit_upper(j, widen, wide, x);
        emit_upper(j, widen, XMM15, y);
    } else {
        x_vex(&j->a, widen, wide, VEX_NONE, rm_reg(x));
        x_vex(&j->a, widen, XMM15, VEX_NONE, rm_reg(y));
    }
    x_vex(&j->a, V_pmullw, reg, wide, rm_reg(XMM15));
    push_reg(j, TYPE_v128, reg);
}

// The products' halves come from two instructions; they are the same but for the upper one.
static void lower_extmul_16(Jit *j, WalkState *w, Vex high, bool upper)
{
    Operand b = pop_of(j, TYPE_v128), a = pop_of(j, TYPE_v128);
    Reg x = in_reg(j, &a);
    Source y = source_of(j, &b);
    Reg wide = take(j, CLASS_float), reg = float_result(j, w, &a);
    emit(j, V_pmullw, XMM15, x, y);
    emit(j, high, wide, x, y);
    x_vex(&j->a, upper ? V_punpckhwd : V_punpcklwd, reg, XMM15, rm_reg(wide));
    push_reg(j, TYPE_v128, reg);
}

// Of every other lane.
static void lower_extmul_32(Jit *j, WalkState *w, Vex mul, bool upper)
{
    enum { LOW = 0x50, HIGH = 0xfa };
    Operand b = pop_of(j, TYPE_v128), a = pop_of(j, TYPE_v128);
    Source x = source_of(j, &a), y = source_of(j, &b);
    Reg wide = take(j, CLASS_float), reg = float_result(j, w, &a);
    emit_imm(j, V_pshufd, XMM15, VEX_NONE, x, upper ? HIGH : LOW);
    emit_imm(j, V_pshufd, wide, VEX_NONE, y, upper ? HIGH : LOW);
    x_vex(&j->a, mul, reg, wide, rm_reg(XMM15));
    push_reg(j, TYPE_v128, reg);
}

// The instruction takes bytes of its first operand without signs, those of the second with.
static void lower_extadd_8(Jit *j, WalkState *w, bool sign)
{
    Operand a = pop_of(j, TYPE_v128);
    Source ones = splat(1, 1), from = sign ? source_of(j, &a) : ones;
    Reg first = sign ? XMM15 : in_reg(j, &a), reg = float_result(j, w, &a);
    if (sign) m_vector(j, XMM15, ones.low, ones.high);
    emit(j, V_pmaddubsw, reg, first, from);
    push_reg(j, TYPE_v128, reg);
}

static void lower_extadd_u_16(Jit *j, WalkState *w)
{
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), reg = float_result(j, w, &a);
    x_vex_shift(&j->a, V_psrld, XMM15, from, 16);
    emit(j, V_pand, reg, from, splat(4, 0xffff));
    x_vex(&j->a, V_paddd, reg, reg, rm_reg(XMM15));
    push_reg(j, TYPE_v128, reg);
}

// The low halves' product, and the sum of the two crossed ones above it.
static void lower_mul_64(Jit *j, WalkState *w)
{
    Operand b = pop_of(j, TYPE_v128), a = pop_of(j, TYPE_v128);
    Reg x = in_reg(j, &a), y = in_reg(j, &b), crossed = take(j, CLASS_float);
    Reg reg = float_result(j, w, &a);
    x_vex_shift(&j->a, V_psrlq, XMM15, x, 32);
    x_vex(&j->a, V_pmuludq, XMM15, XMM15, rm_reg(y));
    x_vex_shift(&j->a, V_psrlq, crossed, y, 32);
    x_vex(&j->a, V_pmuludq, crossed, crossed, rm_reg(x));
    x_vex(&j->a, V_paddq, XMM15, XMM15, rm_reg(crossed));
    x_vex_shift(&j->a, V_psllq, XMM15, XMM15, 32);
    x_vex(&j->a, V_pmuludq, reg, x, rm_reg(y));
    x_vex(&j->a, V_paddq, reg, reg, rm_reg(XMM15));
    push_reg(j, TYPE_v128, reg);
}

// -1 * -1 alone overflows, to -1.
static void lower_q15mulr(Jit *j, WalkState *w)
{
    Operand b = pop_of(j, TYPE_v128), a = pop_of(j, TYPE_v128);
    Reg x = in_reg(j, &a);
    Source y = source_of(j, &b);
    Reg reg = float_result(j, w, &a);
    emit(j, V_pmulhrsw, XMM15, x, y);
    emit(j, V_pcmpeqw, reg, XMM15, splat(2, 0x8000));
    x_vex(&j->a, V_pxor, reg, reg, rm_reg(XMM15));
    push_reg(j, TYPE_v128, reg);
}

// Sums of two products of bytes with signs, which saturate; `add`: and of two of these and a third
// operand.
static void lower_dot_8(Jit *j, WalkState *w, bool add)
{
    Operand c = {0};
    if (add) c = pop_of(j, TYPE_v128);
    Operand b = pop_of(j, TYPE_v128), a = pop_of(j, TYPE_v128);
    Source more = {0};
    if (add) more = source_of(j, &c);
    Reg x = in_reg(j, &a), y = in_reg(j, &b);
    Reg low = take(j, CLASS_float), high = take(j, CLASS_float), reg = float_result(j, w, &a);
    x_vex(&j->a, V_pmovsxbw, XMM15, VEX_NONE, rm_reg(x));
    x_vex(&j->a, V_pmovsxbw, low, VEX_NONE, rm_reg(y));
    x_vex(&j->a, V_pmaddwd, low, low, rm_reg(XMM15));
    emit_upper(j, V_pmovsxbw, high, x);
    emit_upper(j, V_pmovsxbw, XMM15, y);
    x_vex(&j->a, V_pmaddwd, high, high, rm_reg(XMM15));
    x_vex(&j->a, V_packssdw, add ? low : reg, low, rm_reg(high));
    if (add) {
        emit(j, V_pmaddwd, low, low, splat(2, 1));
        emit(j, V_paddd, reg, low, more);
    }
    push_reg(j, TYPE_v128, reg);
}

// ---- Conversions --------------------------------------------------------------------------------

// What is too large becomes the smallest number, and that the largest; NaNs are zeros before.
static void lower_trunc_s(Jit *j, WalkState *w)
{
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), large = take(j, CLASS_float), reg = float_result(j, w, &a);
    x_vex_imm(&j->a, V_cmpps, XMM15, from, rm_reg(from), CMP_eq);
    x_vex(&j->a, V_andps, XMM15, XMM15, rm_reg(from));
    emit_imm(j, V_cmpps, large, XMM15, splat(4, eval_bits32(0x1p31f)), CMP_ge);
    x_vex(&j->a, V_cvttps2dq, reg, VEX_NONE, rm_reg(XMM15));
    x_vex(&j->a, V_pxor, reg, reg, rm_reg(large));
    push_reg(j, TYPE_v128, reg);
}

// What is below 0, or none, is 0; what is 2^31 or more is that and a rest, which is not below 0.
static void lower_trunc_u(Jit *j, WalkState *w)
{
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), rest = take(j, CLASS_float), large = take(j, CLASS_float);
    Reg reg = float_result(j, w, &a);
    emit_zero(j, large);
    x_vex(&j->a, V_maxps, XMM15, from, rm_reg(large));
    emit(j, V_subps, rest, XMM15, splat(4, eval_bits32(0x1p31f)));
    emit_imm(j, V_cmpps, large, rest, splat(4, eval_bits32(0x1p31f)), CMP_ge);
    x_vex(&j->a, V_cvttps2dq, rest, VEX_NONE, rm_reg(rest));
    x_vex(&j->a, V_pxor, rest, rest, rm_reg(large));
    emit_zero(j, large);
    x_vex(&j->a, V_pmaxsd, rest, rest, rm_reg(large));
    x_vex(&j->a, V_cvttps2dq, reg, VEX_NONE, rm_reg(XMM15));
    x_vex(&j->a, V_paddd, reg, reg, rm_reg(rest));
    push_reg(j, TYPE_v128, reg);
}

static void lower_trunc_s_zero(Jit *j, WalkState *w)
{
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), reg = float_result(j, w, &a);
    x_vex_imm(&j->a, V_cmppd, XMM15, from, rm_reg(from), CMP_eq);
    emit(j, V_andpd, XMM15, XMM15, splat(8, eval_bits64(INT32_MAX)));
    x_vex(&j->a, V_minpd, XMM15, from, rm_reg(XMM15)); // of a NaN 0, which is second
    x_vex(&j->a, V_cvttpd2dq, reg, VEX_NONE, rm_reg(XMM15));
    push_reg(j, TYPE_v128, reg);
}

// Added to 2^52 a whole number is in the low bits.
static void lower_trunc_u_zero(Jit *j, WalkState *w)
{
    enum { EVEN = 0x88 };
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), zero = take(j, CLASS_float), reg = float_result(j, w, &a);
    emit_zero(j, zero);
    x_vex(&j->a, V_maxpd, XMM15, from, rm_reg(zero));
    emit(j, V_minpd, XMM15, XMM15, splat(8, eval_bits64(UINT32_MAX)));
    x_vex_imm(&j->a, V_roundpd, XMM15, VEX_NONE, rm_reg(XMM15), ROUND_to_zero);
    emit(j, V_addpd, XMM15, XMM15, splat(8, eval_bits64(0x1p52)));
    x_vex_imm(&j->a, V_shufps, reg, XMM15, rm_reg(zero), EVEN);
    push_reg(j, TYPE_v128, reg);
}

// Halves of 16 bits are the low bits of 2^23 and 2^39; these are taken away, then both are added,
// which alone rounds.
static void lower_convert_u(Jit *j, WalkState *w)
{
    enum { UPPER = 0xaa };
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), high = take(j, CLASS_float), reg = float_result(j, w, &a);
    emit_imm(j, V_pblendw, XMM15, from, splat(4, eval_bits32(0x1p23f)), UPPER);
    x_vex_shift(&j->a, V_psrld, high, from, 16);
    emit_imm(j, V_pblendw, high, high, splat(4, eval_bits32(0x1p39f)), UPPER);
    emit(j, V_subps, high, high, splat(4, eval_bits32(0x1p39f + 0x1p23f)));
    x_vex(&j->a, V_addps, reg, high, rm_reg(XMM15));
    push_reg(j, TYPE_v128, reg);
}

static void lower_convert_low_u(Jit *j, WalkState *w)
{
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), reg = float_result(j, w, &a);
    emit(j, V_punpckldq, XMM15, from, splat(4, eval_bits64(0x1p52) >> 32));
    emit(j, V_subpd, reg, XMM15, splat(8, eval_bits64(0x1p52)));
    push_reg(j, TYPE_v128, reg);
}

// Rounded twice, as everywhere.
static void lower_madd(Jit *j, WalkState *w, Op op, Vex mul, bool negated)
{
    Vex add = mul - V_mulps + (negated ? V_subps : V_addps);
    Operand c = pop_of(j, TYPE_v128), b = pop_of(j, TYPE_v128), a = pop_of(j, TYPE_v128);
    Reg x = in_reg(j, &a), third = negated ? in_reg(j, &c) : REG_NONE;
    Source y = source_of(j, &b), z = source_of(j, &c);
    Reg reg = float_result(j, w, &a);
    emit(j, mul, XMM15, x, y);
    if (negated) x_vex(&j->a, add, reg, third, rm_reg(XMM15));
    else emit(j, add, reg, XMM15, z);
    push_float(j, op, reg);
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
