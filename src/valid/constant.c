// constant.c -- constant expressions: checked by the rules of bodies, and reduced to data on the
// way.
//
// What has been read and not folded stands as steps at the end of Module.words. The operands on top
// are the last words there, so when an instruction computes it is enough to know how many of those
// are numbers. What is left at the end is one word, which is the result, or steps, which stay.
// spec: valid/instructions, constant expressions

#include "valid/constant.h"

#include <string.h>

typedef struct {
    Module *m;
    u32 start;   // of the expression's words
    u32 numbers; // so many words at the end are numbers
} Reducer;

// ---- What may stand there

static ALWAYS_INLINE bool row_is_constant(Op op)
{
    switch (op) {
    case OP_end: return true;
    // rule: Instr_const/const
    case OP_i32_const: case OP_i64_const: case OP_f32_const: case OP_f64_const: return true;
    case OP_v128_const: return true; // rule: Instr_const/vconst
    case OP_ref_null: return true; // rule: Instr_const/ref.null
    case OP_ref_i31: return true; // rule: Instr_const/ref.i31
    case OP_ref_func: return true; // rule: Instr_const/ref.func
    case OP_global_get: return true; // rule: Instr_const/global.get
    case OP_struct_new: case OP_struct_new_desc: return true; // rule: Instr_const/struct.new
    // rule: Instr_const/struct.new_default
    case OP_struct_new_default: case OP_struct_new_default_desc: return true;
    case OP_array_new: return true; // rule: Instr_const/array.new
    case OP_array_new_default: return true; // rule: Instr_const/array.new_default
    case OP_array_new_fixed: return true; // rule: Instr_const/array.new_fixed
    case OP_any_convert_extern: return true; // rule: Instr_const/any.convert_extern
    case OP_extern_convert_any: return true; // rule: Instr_const/extern.convert_any
    default: return false;
    }
}

static bool enabled(WalkState *w, Op op)
{
    return walk_enabled(w, (Feature)op_info[op].since) || walk_disabled(w, op);
}

static bool check_row(WalkState *w, Op op, Imm *imm)
{
    if (op == OP_COUNT) return walk_illegal(w);
    // rule: Instr_const/binop
    if (const_computes(op) && module_has(w->m, FEATURE_extended_const))
        return walk_shared(w, op, NULL);
    switch (op) {
#define HAND(name, text, opcode, immediates, sig, since, effects)                                  \
    case OP_##name:                                                                                \
        if (FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_##since) || !row_is_constant(OP_##name))       \
            break;                                                                                 \
        return enabled(w, op) && imm_read(&w->in, op, imm) && valid_##name(w, imm);
#define OP(...)
#include "op/op.def"
    default: break;
    }
    return walk_fail(w, ERR_constant_required, "%s is not allowed in a constant expression",
                     op_info[op].text);
}

// Each of its bytes was seen when its end was looked for.
static Op read_op(WalkState *w)
{
    u8 first = *w->in.next;
    u32 sub = first;
    bool prefixed = first >= 0xfb && first <= 0xfe;
    w->pos = (u32)(w->in.next++ - w->m->bytes);
    if (prefixed && !imm_u32(&w->in, &sub)) return OP_COUNT;
    return op_find(prefixed ? first : 0, sub);
}

// ---- What it comes to

static void push_word(Reducer *r, Const word)
{
    u32 at = module_room(r->m, 1); // which may move them
    r->m->words[at] = word;
}

static u32 push_wide(Reducer *r, u64 value)
{
    Module *m = r->m;
    ARENA_PUSH(&m->arena, m->wides, m->wide_count, m->wide_cap) = value;
    return m->wide_count - 1;
}

static void push_number(Reducer *r, u64 value)
{
    Const small = const_of(CONST_small, const_index((u32)value));
    push_word(r, (u64)(s64)const_small(small) == value ? small
                                                       : const_of(CONST_wide, push_wide(r, value)));
    r->numbers++;
}

static u64 pop_number(Reducer *r)
{
    Const word = r->m->words[--r->m->word_count];
    r->numbers--;
    return const_kind(word) == CONST_small ? (u64)(s64)const_small(word)
                                           : r->m->wides[--r->m->wide_count];
}

static void push_other(Reducer *r, Const word)
{
    push_word(r, word);
    r->numbers = 0;
}

static void push_vector(Reducer *r, const u8 bytes[16])
{
    u64 halves[2];
    memcpy(halves, bytes, sizeof halves);
    push_other(r, const_of(CONST_v128, push_wide(r, halves[0])));
    push_wide(r, halves[1]);
}

static void compute(Reducer *r, Op op)
{
    if (r->numbers < 2) {
        push_other(r, const_of(CONST_op, op));
        return;
    }
    u64 b = pop_number(r), value = const_compute(op, pop_number(r), b);
    bool wide = op == OP_i64_add || op == OP_i64_sub || op == OP_i64_mul;
    push_number(r, wide ? value : (u64)(s64)(s32)value);
}

static void allocate(Reducer *r, Op op, const Imm *imm)
{
    push_other(r, const_of(CONST_op, op));
    ImmKind kind = (ImmKind)op_info[op].immediates;
    if (kind == IMM_type) push_word(r, imm->type_index);
    if (kind != IMM_type_count) return;
    push_word(r, imm->type_count.type);
    push_word(r, imm->type_count.count);
}

static void reduce(Reducer *r, Op op, const Imm *imm)
{
    switch (op) {
    case OP_end: break;
    case OP_i32_const: case OP_i64_const: case OP_f32_const: case OP_f64_const:
        push_number(r, imm->bits);
        break;
    case OP_v128_const: push_vector(r, imm->bytes); break;
    case OP_ref_null: push_other(r, CONST_NULL); break;
    case OP_ref_func: push_other(r, const_of(CONST_func, imm->func)); break;
    case OP_global_get: push_other(r, const_of(CONST_global, imm->global)); break;
    default:
        if (const_computes(op)) compute(r, op);
        else if (!FEATURES_LEFT_OUT) allocate(r, op, imm);
    }
}

static Const result(Reducer *r)
{
    Module *m = r->m;
    if (m->word_count - r->start == 1) return m->words[--m->word_count];
    if (r->start >> CONST_INDEX_BITS) arena_fail(&m->arena); // half a gigabyte of such expressions
    push_word(r, const_of(CONST_op, OP_end));
    return const_of(CONST_steps, r->start);
}

// rule: Expr_ok_const
bool constant_reduce(Module *m, WalkState *w, u32 at, Type expected, Const *out)
{
    Reducer r = {m, m->word_count, 0};
    Imm imm;
    walk_enter_expr(w, at, expected);
    while (w->frame_count) {
        imm.op = w->op = read_op(w);
        if (!check_row(w, imm.op, &imm)) return false; // rule: Expr_const
        reduce(&r, imm.op, &imm);
    }
    *out = result(&r);
    return true;
}
