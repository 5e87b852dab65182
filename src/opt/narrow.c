// narrow.c -- bits that are 0 anyway are not cut off. A byte that was read stays one wherever it
// goes, around loops too, and so a mask that lets all of it through is left out, its sign is known,
// and what would ask for more than it can be is decided.
//
// Of each value it is found how many of its low bits may be other than 0: none of a phi at first,
// and more as its inputs have more, until nothing changes.

#include "opt/watch.h"

typedef struct {
    Graph *g;
    u8 *width; // by node, of i32 and i64
    u32 count; // of nodes, when it began
    u32 gone;
} Narrower;

static u32 bits_of(const Node *n) { return n->type == TYPE_i64 ? 64 : 32; }
static u32 width_of(u64 bits) { return bits ? 64 - (u32)__builtin_clzll(bits) : 0; }

enum { EXTENDS_N, EXTENDS_S, EXTENDS_U };
// Of what a read gives with zeros above.
static const u8 widths_read[OP_COUNT] = {
#define LOAD(name, text, opcode, sig, since, bits, extend)                                         \
    [OP_##name] = EXTENDS_##extend == EXTENDS_U ? bits : 0,
#include "op/op.def"
};

static bool compares(u16 op)
{
    enum { FIRST = 0x45, LAST = 0x66 }; // i32.eqz, f64.ge
    return op < OP_COUNT && op_info[op].opcode >= FIRST && op_info[op].opcode <= LAST;
}

static bool is_number(const Node *n) { return n->op == OP_i32_const || n->op == OP_i64_const; }

typedef struct {
    const Node *n, *second; // the second input
    u32 bits, a, b;         // what it has; widths of its inputs
} Operation;

static u32 width_shifted(const Operation *o, bool left)
{
    if (!is_number(o->second)) return left ? o->bits : o->a;
    u32 by = (u32)(o->second->bits & (o->bits - 1));
    return left ? o->a ? MIN(o->a + by, o->bits) : 0 : o->a > by ? o->a - by : 0;
}

static u32 width_of_rest(const Operation *o)
{
    if (!is_number(o->second)) return MIN(o->a, o->b);
    return o->second->bits ? MIN(o->a, width_of(o->second->bits - 1)) : o->a;
}

static u32 width_computed(const Operation *o)
{
    switch (o->n->op) {
    case OP_i32_and: case OP_i64_and: return MIN(o->a, o->b);
    case OP_i32_or: case OP_i64_or: case OP_i32_xor: case OP_i64_xor: return MAX(o->a, o->b);
    case OP_i32_add: case OP_i64_add:
        return !o->a ? o->b : !o->b ? o->a : MIN(MAX(o->a, o->b) + 1, o->bits);
    case OP_i32_mul: case OP_i64_mul: return o->a && o->b ? MIN(o->a + o->b, o->bits) : 0;
    case OP_i32_shl: case OP_i64_shl: return width_shifted(o, true);
    case OP_i32_shr_u: case OP_i64_shr_u: return width_shifted(o, false);
    case OP_i32_shr_s: case OP_i64_shr_s:
        return o->a < o->bits ? width_shifted(o, false) : o->bits;
    case OP_i32_div_u: case OP_i64_div_u: return o->a;
    case OP_i32_rem_u: case OP_i64_rem_u: return width_of_rest(o);
    case OP_i64_extend_i32_u: return MIN(o->a, 32u);
    case OP_i32_wrap_i64: return MIN(o->a, 32u);
    case OP_i64_extend_i32_s: return o->a < 32 ? o->a : o->bits;
    case OP_i32_extend8_s: case OP_i64_extend8_s: return o->a < 8 ? o->a : o->bits;
    case OP_i32_extend16_s: case OP_i64_extend16_s: return o->a < 16 ? o->a : o->bits;
    case OP_i64_extend32_s: return o->a < 32 ? o->a : o->bits;
    case OP_i32_clz: case OP_i32_ctz: case OP_i32_popcnt: return 6;
    case OP_i64_clz: case OP_i64_ctz: case OP_i64_popcnt: return 7;
    default: return o->bits;
    }
}

// Of an input, which was no other node's name when it began.
static u32 width_at(const Narrower *r, NodeId id) { return r->width[id]; }

static u32 widest_input(const Narrower *r, Node *phi)
{
    u32 most = 0;
    for (u32 i = 0; i < node_count(phi); i++)
        most = MAX(most, width_at(r, node_inputs(r->g, phi)[i]));
    return most;
}

static u32 width_now(const Narrower *r, Node *n)
{
    if (is_number(n)) return width_of(n->bits);
    if (n->op == NODE_phi) return widest_input(r, n);
    if (compares(n->op)) return 1;
    if (n->op < OP_COUNT && widths_read[n->op]) return widths_read[n->op];
    if (n->flags & NODE_many || !n->count) return bits_of(n);
    const NodeId *in = n->in;
    if (n->op == OP_select) return MAX(width_at(r, in[0]), width_at(r, in[1]));
    const Operation o = {n, n->count > 1 ? &r->g->nodes[in[1]] : n, bits_of(n),
                         width_at(r, in[0]), n->count > 1 ? width_at(r, in[1]) : 0};
    return width_computed(&o);
}

// Is there anything that may be left out? Masks and signs, mostly there are none.
static bool is_asked(const Graph *g, const Node *n)
{
    switch (n->op) {
    case OP_i32_and: case OP_i64_and: return is_number(graph_node(g, n->in[1]));
    case OP_i32_extend8_s: case OP_i64_extend8_s: case OP_i32_extend16_s: case OP_i64_extend16_s:
    case OP_i64_extend32_s: case OP_i64_extend_i32_s: case OP_i32_shr_s: case OP_i64_shr_s:
    case OP_i32_div_s: case OP_i64_div_s: case OP_i32_rem_s: case OP_i64_rem_s: return true;
    default: return false;
    }
}

static bool is_worth_it(Graph *g)
{
    graph_work(g, g->node_count);
    for (NodeId id = 1; id < g->node_count; id++) {
        const Node *n = &g->nodes[id];
        if (n->flags & NODE_used && node_floats(n) && is_asked(g, n)) return true;
    }
    return false;
}

// Until nothing changes; phis that go on changing may be anything. False: it takes too long.
static bool find_widths(Narrower *r)
{
    enum { ROUNDS = 40, PATIENCE = 4 };
    Graph *g = r->g;
    for (u32 round = 0; round < ROUNDS; round++) {
        bool changed = false;
        graph_work(g, r->count);
        for (NodeId id = 1; id < r->count; id++) {
            Node *n = &g->nodes[id];
            if ((n->type != TYPE_i32 && n->type != TYPE_i64) || !(n->flags & NODE_used)) continue;
            if (n->op == NODE_phi) graph_work(g, node_count(n));
            u32 width = width_now(r, n);
            if (width <= r->width[id]) continue;
            r->width[id] = (u8)(round < PATIENCE || n->op != NODE_phi ? width : bits_of(n));
            changed = true;
        }
        if (!changed) return true;
    }
    return false;
}

// ---- What becomes of it

// An instruction that does not look at the sign; 0: there is none.
static Op unsigned_op(u16 op)
{
    switch (op) {
    case OP_i64_extend_i32_s: return OP_i64_extend_i32_u;
#define EITHER(op) case OP_i32_##op##_s: return OP_i32_##op##_u; \
    case OP_i64_##op##_s: return OP_i64_##op##_u;
    EITHER(shr) EITHER(div) EITHER(rem)
#undef EITHER
    default: return 0;
    }
}

// Are both at least 0?
static bool is_plain(const Narrower *r, const Node *n)
{
    u32 bits = n->op == OP_i64_extend_i32_s ? 32 : bits_of(n);
    if (width_at(r, n->in[0]) >= bits) return false;
    bool divides = n->count > 1 && unsigned_op(n->op) != OP_i32_shr_u &&
                   unsigned_op(n->op) != OP_i64_shr_u;
    return !divides || width_at(r, n->in[1]) < bits;
}

// What the node is as well; itself: nothing simpler.
static NodeId narrowed(Narrower *r, NodeId id)
{
    Graph *g = r->g;
    const Node n = g->nodes[id];
    u32 width = width_at(r, n.in[0]);
    switch (n.op) {
    case OP_i32_and: case OP_i64_and: {
        u64 mask = graph_node(g, n.in[1])->bits;
        u64 may = width ? ((u64)2 << (width - 1)) - 1 : 0;
        return may & ~mask ? id : graph_at(g, n.in[0]);
    }
    case OP_i32_extend8_s: case OP_i64_extend8_s: return width < 8 ? graph_at(g, n.in[0]) : id;
    case OP_i32_extend16_s: case OP_i64_extend16_s: return width < 16 ? graph_at(g, n.in[0]) : id;
    case OP_i64_extend32_s: return width < 32 ? graph_at(g, n.in[0]) : id;
    default: break;
    }
    if (!is_plain(r, &n)) return id;
    return graph_pure(g, unsigned_op(n.op), n.type, n.in, n.count, 0);
}

void graph_narrow(Graph *g)
{
    Narrower r = {.g = g, .count = g->node_count};
    if (!is_worth_it(g)) return;
    r.width = NEW_ARRAY(g->arena, u8, r.count);
    if (!find_widths(&r)) return;
    for (NodeId id = 1; id < r.count; id++) {
        const Node *n = &g->nodes[id];
        if (!(n->flags & NODE_used) || !node_floats(n) || !is_asked(g, n)) continue;
        NodeId other = narrowed(&r, id);
        if (other == id) continue;
        graph_same(g, id, other);
        r.gone++;
    }
    if (r.gone) graph_note(g, "bits that are 0 anyway: %u no longer cut off or asked for", r.gone);
}
