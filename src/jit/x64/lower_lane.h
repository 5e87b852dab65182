// lower_lane.h -- vectors whose lanes come from elsewhere, or go there: splats, single lanes,
// shuffles, loads and stores. As in lower_vector.h.
#pragma once

#include "jit/x64/lower_atomic.h"
#include "jit/x64/lower_vector.h"

// ---- Splats and lanes ---------------------------------------------------------------------------

// Of what is a constant it is one.
static void lower_splat(Jit *j, WalkState *w, Op op, Vex vex, u32 bytes)
{
    Type type = operand_type(op);
    Operand a = pop_of(j, type);
    if (is_const(&a)) {
        u64 bits = splat_bits(bytes, a.bits);
        push_vector_const(j, bits, bits);
        return;
    }
    Rm rm = rm_of(j, &a);
    Reg reg = result_reg(j, w, CLASS_float);
    if (rm.reg != REG_NONE && class_of(type) == CLASS_int) {
        x_vex(&j->a, type == TYPE_i64 ? V_movq_in : V_movd_in, XMM15, VEX_NONE, rm);
        rm = rm_reg(XMM15);
    }
    x_vex(&j->a, vex, reg, VEX_NONE, rm);
    push_reg(j, TYPE_v128, reg);
}

static void load_lane(Jit *j, Reg reg, Mem m, u32 bytes, bool sign)
{
    Width width = (Width)bytes;
    if (bytes >= 4) x_load(&j->a, width, reg, m);
    else if (sign) x_movsx(&j->a, width, W32, reg, rm_mem(m));
    else x_movzx(&j->a, width, reg, rm_mem(m));
}

static void lower_extract(Jit *j, WalkState *w, Op op, Vex vex, u32 bytes, u32 lane)
{
    bool sign = op == OP_i8x16_extract_lane_s || op == OP_i16x8_extract_lane_s;
    Operand a = pop_of(j, TYPE_v128);
    Mem m;
    bool in_memory = in_slot(j, &a, lane * bytes, &m);
    Reg from = in_memory ? REG_NONE : in_reg(j, &a), reg = result_reg(j, w, CLASS_int);
    if (in_memory) {
        load_lane(j, reg, m, bytes, sign);
    } else if (!lane && bytes >= 4) {
        x_vex(&j->a, bytes == 4 ? V_movd_out : V_movq_out, from, VEX_NONE, rm_reg(reg));
    } else {
        x_vex_imm(&j->a, vex, from, VEX_NONE, rm_reg(reg), (u8)lane);
        if (sign) x_movsx(&j->a, (Width)bytes, W32, reg, rm_reg(reg));
    }
    push_reg(j, result_type(op), reg);
}

static void lower_extract_float(Jit *j, WalkState *w, Op op, u32 lane)
{
    Type type = result_type(op);
    Operand a = pop_of(j, TYPE_v128);
    Mem m;
    bool in_memory = in_slot(j, &a, lane * (type == TYPE_f64 ? 8 : 4), &m);
    Reg from = in_memory ? REG_NONE : in_reg(j, &a), reg = float_result(j, w, &a);
    if (in_memory) m_load_mem(j, reg, m, type);
    else if (!lane) m_move(j, reg, from, type);
    else if (type == TYPE_f64) x_vex(&j->a, V_unpckhpd, reg, from, rm_reg(from));
    else x_vex_imm(&j->a, V_shufps, reg, from, rm_reg(from), (u8)lane);
    push_reg(j, type, reg);
}

static void lower_replace(Jit *j, WalkState *w, Op op, Vex vex, u32 lane)
{
    Operand b = pop_of(j, (Type)sig_info[op_info[op].sig].params[1]), a = pop_of(j, TYPE_v128);
    Rm rm = rm_of(j, &b);
    Reg from = in_reg(j, &a), reg = float_result(j, w, &a);
    x_vex_imm(&j->a, vex, reg, from, rm, (u8)lane);
    push_reg(j, TYPE_v128, reg);
}

static void lower_replace_f64(Jit *j, WalkState *w, u32 lane)
{
    Operand b = pop_of(j, TYPE_f64), a = pop_of(j, TYPE_v128);
    Reg with = in_reg(j, &b), from = in_reg(j, &a), reg = float_result(j, w, &a);
    if (lane) x_vex(&j->a, V_unpcklpd, reg, from, rm_reg(with));
    else x_vex_imm(&j->a, V_blendpd, reg, from, rm_reg(with), 1);
    push_reg(j, TYPE_v128, reg);
}

// ---- Swizzle, shuffle ---------------------------------------------------------------------------

// pshufb yields 0 for indices from 128 on, so those from 16 on become such.
static void lower_swizzle(Jit *j, WalkState *w)
{
    enum { TO_128 = 128 - 16 };
    Operand b = pop_of(j, TYPE_v128), a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), at = in_reg(j, &b), reg = float_result(j, w, &a);
    emit(j, V_paddusb, XMM15, at, splat(1, TO_128));
    x_vex(&j->a, V_pshufb, reg, from, rm_reg(XMM15));
    push_reg(j, TYPE_v128, reg);
}

// 16 lanes of a byte, of 0 to 15 the first operand's, of 16 to 31 the second's; ZERO of what is 0.
typedef struct {
    u8 at[16];
} Lanes;
enum { LANE_SECOND = 16, LANE_ZERO = 0x80 };

static Source source_lanes(Lanes l)
{
    u64 bits[2];
    memcpy(bits, l.at, sizeof bits);
    return source_bits(bits[0], bits[1]);
}

// Do lanes of so many bytes stay together? Which, as bits for pshufd and shufps, of 4 bytes.
static bool lanes_of(const Lanes *l, u32 bytes)
{
    for (u32 i = 0; i < 16; i++)
        if (l->at[i] & LANE_ZERO || l->at[i] % bytes != i % bytes ||
            l->at[i] / bytes != l->at[i - i % bytes] / bytes)
            return false;
    return true;
}
static u8 lanes_imm(const Lanes *l)
{
    u32 imm = 0;
    for (u32 i = 0; i < 4; i++) imm |= (l->at[4 * i] / 4 & 3u) << 2 * i;
    return (u8)imm;
}

static void shuffle_one(Jit *j, WalkState *w, Operand *a, Lanes l)
{
    Source s = source_of(j, a);
    if (lanes_of(&l, 4)) {
        Reg reg = float_result(j, w, a);
        emit_imm(j, V_pshufd, reg, VEX_NONE, s, lanes_imm(&l));
        push_reg(j, TYPE_v128, reg);
        return;
    }
    Reg from = in_reg(j, a), reg = float_result(j, w, a);
    bool same = true;
    for (u32 i = 0; i < 16; i++) same &= !l.at[i];
    if (same) x_vex(&j->a, V_pbroadcastb, reg, VEX_NONE, rm_reg(from));
    else emit(j, V_pshufb, reg, from, source_lanes(l));
    push_reg(j, TYPE_v128, reg);
}

// Where both operands' lanes alternate, by so many bytes, from a half of each.
static bool is_unpack(const Lanes *l, u32 bytes, u32 half)
{
    for (u32 i = 0; i < 16; i++) {
        u32 lane = i / bytes, from = half + lane / 2 * bytes + i % bytes;
        if (l->at[i] != from + (lane & 1) * LANE_SECOND) return false;
    }
    return true;
}

// An instruction that does it all, or 0. *imm: its byte, or -1.
static Vex shuffle_by(const Lanes *l, s32 *imm)
{
    static const Vex low[] = {V_punpcklbw, V_punpcklwd, V_punpckldq, V_punpcklqdq};
    static const Vex high[] = {V_punpckhbw, V_punpckhwd, V_punpckhdq, V_punpckhqdq};
    *imm = -1;
    for (u32 k = 0; k < 4; k++) {
        if (is_unpack(l, 1u << k, 0)) return low[k];
        if (is_unpack(l, 1u << k, 8)) return high[k];
    }
    bool in_place = lanes_of(l, 2), two_and_two = lanes_of(l, 4);
    for (u32 i = 0; i < 16; i++) {
        in_place &= l->at[i] % 16 == i;
        two_and_two &= l->at[i] / 16 == i / 8;
    }
    *imm = 0;
    for (u32 i = 0; i < 8 && in_place; i++) *imm |= l->at[2 * i] / 16 << i;
    if (in_place) return V_pblendw;
    *imm = lanes_imm(l);
    return two_and_two ? V_shufps : 0;
}

// Are they 16 in a row, from the first operand's on into the second's?
static bool in_a_row(const Lanes *l)
{
    for (u32 i = 1; i < 16; i++)
        if (l->at[i] != l->at[0] + i) return false;
    return l->at[0] < LANE_SECOND;
}

static bool shuffle_at_once(Jit *j, WalkState *w, Operand *a, Operand *b, const Lanes *l)
{
    bool row = in_a_row(l);
    s32 imm = l->at[0];
    Vex vex = row ? V_palignr : shuffle_by(l, &imm);
    if (!vex) return false;
    if (row) swap_operands(a, b); // of which palignr has the upper one first
    Reg first = in_reg(j, a);
    Source second = source_of(j, b);
    Reg reg = float_result(j, w, a);
    emit_imm(j, vex, reg, first, second, imm);
    push_reg(j, TYPE_v128, reg);
    return true;
}

static void shuffle_two(Jit *j, WalkState *w, Operand *a, Operand *b, Lanes l)
{
    Lanes other, first, second;
    for (u32 i = 0; i < 16; i++) {
        bool of_second = l.at[i] & LANE_SECOND;
        other.at[i] = l.at[i] ^ LANE_SECOND;
        first.at[i] = of_second ? LANE_ZERO : l.at[i];
        second.at[i] = of_second ? other.at[i] : LANE_ZERO;
    }
    if (shuffle_at_once(j, w, a, b, &l) || shuffle_at_once(j, w, b, a, &other)) return;
    Reg x = in_reg(j, a), y = in_reg(j, b), reg = float_result(j, w, a);
    emit(j, V_pshufb, XMM15, x, source_lanes(first));
    emit(j, V_pshufb, reg, y, source_lanes(second));
    x_vex(&j->a, V_por, reg, reg, rm_reg(XMM15));
    push_reg(j, TYPE_v128, reg);
}

static bool is_zero(const Operand *o) { return is_const(o) && !(o->bits | o->high); }
static bool same_value(const Operand *a, const Operand *b)
{
    return a->at == AT_local && b->at == AT_local && a->local == b->local;
}

static void lower_shuffle(Jit *j, WalkState *w, Lanes l)
{
    Operand b = pop_of(j, TYPE_v128), a = pop_of(j, TYPE_v128);
    bool same = same_value(&a, &b), zero_a = is_zero(&a), zero_b = is_zero(&b);
    u32 from_a = 0, from_b = 0;
    for (u32 i = 0; i < 16; i++) {
        bool second = l.at[i] & LANE_SECOND;
        if (second ? zero_b : zero_a) {
            l.at[i] = LANE_ZERO;
        } else if (second && !same) {
            from_b++;
        } else {
            l.at[i] &= 15;
            from_a++;
        }
    }
    if (from_a && from_b) {
        shuffle_two(j, w, &a, &b, l);
        return;
    }
    for (u32 i = 0; i < 16 && from_b; i++) l.at[i] &= (u8)~LANE_SECOND;
    if (from_a | from_b) shuffle_one(j, w, from_b ? &b : &a, l);
    else push_vector_const(j, 0, 0);
}

static void lower_bitmask(Jit *j, WalkState *w, Vex vex)
{
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), reg = result_reg(j, w, CLASS_int);
    x_vex(&j->a, vex, reg, VEX_NONE, rm_reg(from));
    push_reg(j, TYPE_i32, reg);
}

// As bytes, which keep their signs; 8 of them.
static void lower_bitmask_16(Jit *j, WalkState *w)
{
    Operand a = pop_of(j, TYPE_v128);
    Reg from = in_reg(j, &a), reg = result_reg(j, w, CLASS_int);
    x_vex(&j->a, V_packsswb, XMM15, from, rm_reg(from));
    x_vex(&j->a, V_pmovmskb, reg, VEX_NONE, rm_reg(XMM15));
    x_movzx(&j->a, W8, reg, rm_reg(reg));
    push_reg(j, TYPE_i32, reg);
}

// ---- Memory -------------------------------------------------------------------------------------

static void lower_vload(Jit *j, WalkState *w, Vex vex, const Imm *imm, u32 bytes)
{
    Operand a = pop_of(j, address_type(imm));
    Mem m = address_of(j, w, &a, imm, bytes);
    Reg reg = result_reg(j, w, CLASS_float);
    mark_access(j, w);
    x_vex(&j->a, vex, reg, VEX_NONE, rm_mem(m));
    push_reg(j, TYPE_v128, reg);
}

static void lower_vstore(Jit *j, WalkState *w, Vex vex, const Imm *imm, u32 bytes)
{
    Operand value = pop_of(j, TYPE_v128), a = pop_of(j, address_type(imm));
    Reg reg = in_reg(j, &value);
    Mem m = address_of(j, w, &a, imm, bytes);
    mark_access(j, w);
    x_vex(&j->a, vex, reg, VEX_NONE, rm_mem(m));
}

static void lower_load_lane(Jit *j, WalkState *w, Vex vex, const Imm *imm, u32 bytes)
{
    Operand v = pop_of(j, TYPE_v128), a = pop_of(j, address_type(imm));
    Reg from = in_reg(j, &v);
    Mem m = address_of(j, w, &a, imm, bytes);
    Reg reg = float_result(j, w, &v);
    mark_access(j, w);
    x_vex_imm(&j->a, vex, reg, from, rm_mem(m), imm->memarg.lane);
    push_reg(j, TYPE_v128, reg);
}

static void lower_store_lane(Jit *j, WalkState *w, Vex vex, const Imm *imm, u32 bytes)
{
    Operand v = pop_of(j, TYPE_v128), a = pop_of(j, address_type(imm));
    Reg from = in_reg(j, &v);
    Mem m = address_of(j, w, &a, imm, bytes);
    mark_access(j, w);
    bool scalar = bytes >= 4 && !imm->memarg.lane;
    if (scalar) m_store_mem(j, m, from, bytes == 4 ? TYPE_f32 : TYPE_f64);
    else x_vex_imm(&j->a, vex, from, VEX_NONE, rm_mem(m), imm->memarg.lane);
}
