// fold.c -- see fold.h.

#include "opt/fold.h"
#include "op/eval.h"

// ---- The rules as data

#define COUNT_TOKENS(...) (sizeof((s16[]){__VA_ARGS__}) / sizeof(s16))
#define SIDE(...) {__VA_ARGS__}
#define TOKENS(...) __VA_ARGS__
#define X RULE_x
#define Y RULE_y
#define Z RULE_z
#define C1 RULE_c1
#define C2 RULE_c2
#define P1 RULE_p1
#undef K
#define K(n) RULE_number, n
#define W(n) RULE_word, n
#define B(op) OP_i32_##op
#define RULE(name, from, to)                                                                       \
    {#name, RULE_BITS, COUNT_TOKENS from, COUNT_TOKENS to, SIDE from, SIDE to},

const Rule rules[] = {
#define RULE_BITS 32
#define K_BITS RULE_number, 31
#define I(op) OP_i32_##op
#include "opt/rules.def"
#undef RULE_BITS
#undef K_BITS
#undef I
#define RULE_BITS 64
#define K_BITS RULE_number, 63
#define I(op) OP_i64_##op
#include "opt/rules.def"
};
const u32 rule_count = COUNT_OF(rules);

const RuleIndex *rule_index(Arena *arena)
{
    RuleIndex *index = NEW(arena, RuleIndex);
    index->next = NEW_ARRAY(arena, u16, rule_count);
    for (u32 i = rule_count; i-- > 0;) {
        u16 *first = &index->first[rules[i].from[0]];
        index->next[i] = *first;
        *first = (u16)(i + 1);
    }
    return index;
}

// ---- Constants

// With what is done for an f32 or f64 the bits of a NaN are open.
static bool is_open(Op op, u64 bits)
{
    if (op_nan[op] == NANS_32) return FIS_NAN(32, eval_float32((u32)bits));
    if (op_nan[op] == NANS_64) return FIS_NAN(64, eval_float64(bits));
    return false;
}

#define FOLD_1 (a, &trap)
#define FOLD_2 (a, b, &trap)
#define FOLD(n, P, m, R, name) eval_word_##name FOLD_##n

bool fold_numbers(Op op, u64 a, u64 b, u64 *out)
{
    Trap trap = TRAP_none;
    switch (op) {
#define PURE(name, text, opcode, sig, since, ...)                                                  \
    case OP_##name: *out = SHAPE_##sig(FOLD, name); break;
#include "op/op.def"
    default: return false;
    }
    return trap == TRAP_none && !is_open(op, *out);
}

static bool is_number(const Graph *g, NodeId id)
{
    const Node *n = &g->nodes[id];
    return node_is_const(n) && n->op != OP_v128_const;
}

// ---- Rules

typedef struct { NodeId of[RULE_VARS]; } Vars;

static u64 number_in(Type type, s64 value) { return type == TYPE_i32 ? (u32)value : (u64)value; }

static bool bind(const Graph *g, u32 token, NodeId id, Vars *vars)
{
    const Node *n = &g->nodes[id];
    bool number = n->op == OP_i32_const || n->op == OP_i64_const;
    if (token >= RULE_c1 && !number) return false;
    if (token == RULE_p1 && (!n->bits || n->bits & (n->bits - 1))) return false;
    NodeId *var = &vars->of[token - RULE_x];
    if (*var) return *var == id;
    *var = id;
    return true;
}

static bool matches(const Graph *g, const s16 **token, NodeId id, Vars *vars);

static bool inputs_match(const Graph *g, const s16 **token, const NodeId *in, u32 count, Vars *vars)
{
    for (u32 i = 0; i < count; i++)
        if (!matches(g, token, graph_at(g, in[i]), vars)) return false;
    return true;
}

// No deeper than a rule is.
static bool matches(const Graph *g, const s16 **token, NodeId id, Vars *vars)
{
    s16 at = *(*token)++;
    Node *n = &g->nodes[id];
    if (at == RULE_number) {
        s16 value = *(*token)++;
        return (n->op == OP_i32_const || n->op == OP_i64_const) &&
               n->bits == number_in(n->type, value);
    }
    if (at >= RULE_x) return bind(g, (u32)at, id, vars);
    if (n->op != at || !node_floats(n)) return false;
    return inputs_match(g, token, n->in, n->count, vars);
}

static NodeId build(Graph *g, const s16 **token, Type type, const Vars *vars)
{
    s16 at = *(*token)++;
    if (at == RULE_number) return graph_const(g, type, number_in(type, *(*token)++));
    if (at == RULE_word) return graph_const(g, TYPE_i32, (u32)*(*token)++);
    if (at >= RULE_x) return vars->of[at - RULE_x];
    const SigInfo *sig = &sig_info[op_info[at].sig];
    NodeId in[2] = {0};
    for (u32 i = 0; i < sig->param_count; i++)
        in[i] = build(g, token, (Type)sig->params[i], vars);
    return graph_pure(g, (u32)at, (Type)sig->results[0], in, sig->param_count, 0);
}

static NodeId by_rule(Graph *g, Op op, Type type, const NodeId *in, u32 count)
{
    for (u32 i = g->rules->first[op]; i; i = g->rules->next[i - 1]) {
        const Rule *r = &rules[i - 1];
        const s16 *from = r->from + 1, *to = r->to;
        Vars vars = {{0}};
        graph_work(g, 1);
        if (inputs_match(g, &from, in, count, &vars)) return build(g, &to, type, &vars);
    }
    return 0;
}

// ----

bool op_commutes(Op op)
{
    switch (op) {
    case OP_i32_add: case OP_i64_add: case OP_i32_mul: case OP_i64_mul: case OP_i32_and:
    case OP_i64_and: case OP_i32_or: case OP_i64_or: case OP_i32_xor: case OP_i64_xor:
    case OP_i32_eq: case OP_i64_eq: case OP_i32_ne: case OP_i64_ne: return true;
    default: return false;
    }
}

static NodeId fold_select(Graph *g, const NodeId *in)
{
    const Node *condition = &g->nodes[in[2]];
    if (in[0] == in[1]) return in[0];
    if (condition->op == OP_i32_const) return in[condition->bits ? 0 : 1];
    return 0;
}

// Conversions there and back.
static NodeId fold_conversion(Graph *g, Op op, NodeId id)
{
    Node *n = &g->nodes[id];
    if (!node_floats(n)) return 0;
    bool extended = n->op == OP_i64_extend_i32_u || n->op == OP_i64_extend_i32_s;
    switch (op) {
    case OP_i32_wrap_i64: return extended ? n->in[0] : 0;
    case OP_i32_reinterpret_f32: return n->op == OP_f32_reinterpret_i32 ? n->in[0] : 0;
    case OP_f32_reinterpret_i32: return n->op == OP_i32_reinterpret_f32 ? n->in[0] : 0;
    case OP_i64_reinterpret_f64: return n->op == OP_f64_reinterpret_i64 ? n->in[0] : 0;
    case OP_f64_reinterpret_i64: return n->op == OP_i64_reinterpret_f64 ? n->in[0] : 0;
    case OP_f32_neg: case OP_f64_neg: return n->op == op ? n->in[0] : 0;
    case OP_f32_abs: case OP_f64_abs: return n->op == op ? id : 0;
    default: return 0;
    }
}

NodeId fold(Graph *g, Op op, Type type, NodeId *in, u32 count)
{
    u64 out;
    if (op == OP_select || op == OP_select_t) return fold_select(g, in);
    if (!count || count > 2) return 0;
    bool first = is_number(g, in[0]), second = count == 2 && is_number(g, in[1]);
    if (first && (count == 1 || second)) {
        u64 a = g->nodes[in[0]].bits, b = count == 2 ? g->nodes[in[1]].bits : 0;
        if (type < TYPE_v128 && fold_numbers(op, a, b, &out)) return graph_const(g, type, out);
    } else if (first && op_commutes(op)) {
        NodeId left = in[0];
        in[0] = in[1];
        in[1] = left;
    }
    NodeId there = count == 1 ? fold_conversion(g, op, graph_at(g, in[0])) : 0;
    return there ? graph_at(g, there) : by_rule(g, op, type, in, count);
}

NodeId fold_condition(Graph *g, NodeId id, bool *negated)
{
    *negated = false;
    for (;;) {
        Node *n = &g->nodes[id];
        bool ne_0 = n->op == OP_i32_ne && g->nodes[graph_at(g, n->in[1])].op == OP_i32_const &&
                    !g->nodes[graph_at(g, n->in[1])].bits;
        if (n->op == OP_i32_eqz) *negated ^= true;
        else if (!ne_0) return id;
        id = graph_at(g, n->in[0]);
    }
}
