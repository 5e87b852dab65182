// turns.c -- how often a loop turns that is to be done in vectors. See vectorize.h.

#include "opt/vectorize.h"

static TestKind test_kind(u32 op, bool *is_signed)
{
    *is_signed = op == OP_i32_lt_s || op == OP_i32_le_s || op == OP_i32_gt_s || op == OP_i32_ge_s;
    switch (op) {
    case OP_i32_eq: return TEST_eq;
    case OP_i32_ne: return TEST_ne;
    case OP_i32_lt_s: case OP_i32_lt_u: return TEST_lt;
    case OP_i32_le_s: case OP_i32_le_u: return TEST_le;
    case OP_i32_gt_s: case OP_i32_gt_u: return TEST_gt;
    case OP_i32_ge_s: case OP_i32_ge_u: return TEST_ge;
    default: return TEST_none;
    }
}

static TestKind otherwise(TestKind kind)
{
    static const u8 other[] = {[TEST_eq] = TEST_ne, [TEST_ne] = TEST_eq, [TEST_lt] = TEST_ge,
                               [TEST_ge] = TEST_lt, [TEST_gt] = TEST_le, [TEST_le] = TEST_gt};
    return (TestKind)other[kind];
}

static TestKind turned(TestKind kind)
{
    static const u8 other[] = {[TEST_eq] = TEST_eq, [TEST_ne] = TEST_ne, [TEST_lt] = TEST_gt,
                               [TEST_gt] = TEST_lt, [TEST_ge] = TEST_le, [TEST_le] = TEST_ge};
    return (TestKind)other[kind];
}

bool find_test(Vectorizer *v, Test *t)
{
    Graph *g = v->g;
    Packer *p = &v->packs;
    const Block *b = &g->blocks[v->header];
    bool negated, second = block_edge(g, b, 0)->to != v->header;
    NodeId id = fold_condition(g, graph_at(g, b->value), &negated);
    const Node *n = node(v, id);
    t->kind = n->op < OP_COUNT ? test_kind(n->op, &t->is_signed) : TEST_none;
    if (t->kind == TEST_none) {
        t->kind = TEST_ne;
        t->line = id;
        t->bound = word(v, 0);
    } else {
        t->line = graph_at(g, n->in[0]);
        t->bound = graph_at(g, n->in[1]);
        if (class_of(p, t->line) == LINE_same) {
            NodeId line = t->bound;
            t->bound = t->line;
            t->line = line;
            t->kind = turned(t->kind);
        }
    }
    if (negated != second) t->kind = otherwise(t->kind);
    if (node(v, t->line)->type != TYPE_i32 || class_of(p, t->line) != LINE_steps) return false;
    if (class_of(p, t->bound) != LINE_same) return false;
    bool up = (s64)p->step[t->line] > 0;
    if (t->kind == TEST_lt || t->kind == TEST_le) return up;
    return t->kind == TEST_ne || ((t->kind == TEST_gt || t->kind == TEST_ge) && !up);
}

void count_turns(Vectorizer *v, const Test *t)
{
    Graph *g = v->g;
    s64 step = (s64)v->packs.step[t->line];
    u32 by = (u32)(step < 0 ? -step : step);
    NodeId from = v->entry[t->line], to = t->bound;
    if (step < 0) from = t->bound, to = v->entry[t->line];
    if (t->kind == TEST_ne) { // however it wraps: where it never is that, it has to be known
        NodeId all = pure_2(g, OP_i32_sub, to, from);
        NodeId turns = by == 1 ? all : pure_2(g, OP_i32_div_u, all, word(v, by));
        NodeId product = pure_2(g, OP_i32_mul, turns, word(v, by));
        if (by != 1) v->known = pure_2(g, OP_i32_eq, product, all);
        v->turns = pure_1(g, OP_i64_extend_i32_u, turns);
        return;
    }
    u32 extend = t->is_signed ? OP_i64_extend_i32_s : OP_i64_extend_i32_u;
    u64 more = by - 1 + (t->kind == TEST_le || t->kind == TEST_ge);
    NodeId all = pure_2(g, OP_i64_sub, pure_1(g, extend, to), pure_1(g, extend, from));
    all = pure_2(g, OP_i64_add, all, number(v, more));
    if (by & (by - 1)) v->turns = pure_2(g, OP_i64_div_s, all, number(v, by));
    else v->turns = pure_2(g, OP_i64_shr_s, all, number(v, (u64)__builtin_ctz(by)));
}
