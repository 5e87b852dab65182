// rules_number.c -- numeric and vector instructions. What a row computes is its meaning in op/; the
// rules say what becomes of the result. Where the specification leaves the bits of a NaN open they
// are those of its deterministic profile.
// spec: exec/instructions, exec/numerics, appendix/profiles

#include "formal/config.h"
#include "op/eval_vector.h"

// ---- A row over values: `in` to out

#define WORDS_1 in[0].bits
#define WORDS_2 in[0].bits, in[1].bits
#define WORD_CASE(n, P, m, R, name)                                                                \
    out->bits = eval_word_##name(WORDS_##n, &trap);                                                \
    out->kind = SIG_TYPES_##m R;                                                                   \
    break;

static Trap number(Op op, const Val *in, Val *out)
{
    Trap trap = TRAP_none;
    *out = (Val){0};
    switch (op) {
#define PURE(name, text, opcode, sig, since, ...)                                                  \
    case OP_##name: SHAPE_##sig(WORD_CASE, name)
#include "op/op.def"
    default: break;
    }
    if (op_nan[op] == NANS_32) out->bits = EVAL_PUT_f(eval_canon32(EVAL_GET_f(out->bits)));
    if (op_nan[op] == NANS_64) out->bits = EVAL_PUT_d(eval_canon64(EVAL_GET_d(out->bits)));
    return trap;
}

static V128 vector_of(Val v)
{
    V128 x;
    memcpy(&x, v.lanes, sizeof x);
    return x;
}
static Val value_of_vector(V128 x)
{
    Val v = {.kind = TYPE_v128};
    memcpy(v.lanes, &x, sizeof x);
    return v;
}

#define GET_i(v) ((u32)(v).bits)
#define GET_l(v) ((v).bits)
#define GET_f(v) eval_float32((u32)(v).bits)
#define GET_d(v) eval_float64((v).bits)
#define GET_v(v) vector_of(v)
#define PUT_i(x) value_i32(x)
#define PUT_l(x) value_number(TYPE_i64, x)
#define PUT_f(x) value_number(TYPE_f32, eval_bits32(x))
#define PUT_d(x) value_number(TYPE_f64, eval_bits64(x))
#define PUT_v(x) value_of_vector(x)
#define GET_1(x) GET_##x(in[0])
#define GET_2(x, y) GET_##x(in[0]), GET_##y(in[1])
#define GET_3(x, y, z) GET_##x(in[0]), GET_##y(in[1]), GET_##z(in[2])
#define PUT(x) PUT_##x
#define VECTOR_CASE(n, P, m, R, name) return PUT R(eval_##name(GET_##n P));
#define LANE_CASE(n, P, m, R, name) return PUT R(eval_##name(GET_##n P, lane));

static Val vector_row(Op op, const Val *in, u32 lane)
{
    switch (op) {
#define VECTOR(name, text, opcode, sig, since, ...)                                                \
    case OP_##name: SHAPE_##sig(VECTOR_CASE, name)
#define LANE(name, text, opcode, sig, since, lanes, ...)                                           \
    case OP_##name: SHAPE_##sig(LANE_CASE, name)
#include "op/op.def"
    default: return (Val){0};
    }
}

static Val vector(Op op, const Val *in, u32 lane)
{
    Val out = vector_row(op, in, lane);
    if (op_nan[op] == NANS_lanes_32) return value_of_vector(eval_canon_lanes32(vector_of(out)));
    if (op_nan[op] == NANS_lanes_64) return value_of_vector(eval_canon_lanes64(vector_of(out)));
    return out;
}

// ---- Numbers

// Operands that the row takes, which are on top.
static u32 operands(const Instr *i) { return sig_info[op_info[i->op].sig].param_count; }

static bool gives_value(Config *c, const Instr *i)
{
    Val out;
    u32 n = operands(i);
    if (number(i->op, nth(c, n), &out) != TRAP_none) return false;
    pop(c, n);
    push(c, out);
    return true;
}

static bool gives_trap(Config *c, const Instr *i)
{
    Val out;
    u32 n = operands(i);
    Trap trap = number(i->op, nth(c, n), &out);
    if (!trap) return false;
    pop(c, n);
    return traps(c, trap);
}

bool Step_pure_unop_val(Config *c, const Instr *i) { return gives_value(c, i); }
bool Step_pure_unop_trap(Config *c, const Instr *i) { return gives_trap(c, i); }
bool Step_pure_binop_val(Config *c, const Instr *i) { return gives_value(c, i); }
bool Step_pure_binop_trap(Config *c, const Instr *i) { return gives_trap(c, i); }
bool Step_pure_testop(Config *c, const Instr *i) { return gives_value(c, i); }
bool Step_pure_relop(Config *c, const Instr *i) { return gives_value(c, i); }
bool Step_pure_cvtop_val(Config *c, const Instr *i) { return gives_value(c, i); }
bool Step_pure_cvtop_trap(Config *c, const Instr *i) { return gives_trap(c, i); }

// Numbers of 128 bits stand as two of 64, the low half first.
#define WORDS_4 in[0].bits, in[1].bits, in[2].bits, in[3].bits
#define PAIR_CASE(n, P, m, R, name) eval_##name(WORDS_##n, out); return;

static void pair(Op op, const Val *in, u64 out[2])
{
    switch (op) {
#define PURE2(name, text, opcode, sig, since, ...) case OP_##name: SHAPE_##sig(PAIR_CASE, name)
#include "op/op.def"
    default: return;
    }
}

static bool gives_pair(Config *c, const Instr *i)
{
    u64 out[2] = {0};
    u32 n = operands(i);
    pair(i->op, nth(c, n), out);
    pop(c, n);
    push(c, value_number(TYPE_i64, out[0]));
    push(c, value_number(TYPE_i64, out[1]));
    return true;
}

bool Step_pure_wideop(Config *c, const Instr *i) { return gives_pair(c, i); }
bool Step_pure_extwideop(Config *c, const Instr *i) { return gives_pair(c, i); }

// ---- Vectors

static bool gives_vector(Config *c, const Instr *i)
{
    u32 n = operands(i);
    Val out = vector(i->op, nth(c, n), i->y);
    pop(c, n);
    push(c, out);
    return true;
}

bool Step_pure_vvunop(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vvbinop(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vvternop(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vvtestop(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vunop_val(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vbinop_val(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vternop_val(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vtestop(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vrelop(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vshiftop(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vbitmask(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vswizzlop(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vsplat(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vextract_lane_num(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vextract_lane_pack(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vreplace_lane(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vextunop(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vextbinop(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vextternop(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vnarrow(Config *c, const Instr *i) { return gives_vector(c, i); }
bool Step_pure_vcvtop(Config *c, const Instr *i) { return gives_vector(c, i); }

// No row on vectors has no result.
bool Step_pure_vunop_trap(Config *c, const Instr *i) { return false; }
bool Step_pure_vbinop_trap(Config *c, const Instr *i) { return false; }
bool Step_pure_vternop_trap(Config *c, const Instr *i) { return false; }

static u8 byte_of(Val v, u32 k) { return (u8)(v.lanes[k / 8] >> k % 8 * 8); }

bool Step_pure_vshuffle(Config *c, const Instr *i)
{
    Val a = *nth(c, 2), b = *nth(c, 1), out = {.kind = TYPE_v128, .lanes = {0, 0}};
    for (u32 k = 0; k < 16; k++) {
        u32 from = i->bytes[k];
        u64 byte = from < 16 ? byte_of(a, from) : byte_of(b, from - 16);
        out.lanes[k / 8] |= byte << k % 8 * 8;
    }
    pop(c, 2);
    push(c, out);
    return true;
}
