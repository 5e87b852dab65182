// tidy.c -- what can be left out of a graph. See graph.h.

#include "opt/states.h"
#include "opt/watch.h"

// ---- Phis of one value

// What all its inputs are, but for itself; 0: they differ.
static NodeId only_input(Graph *g, NodeId id)
{
    Node *phi = &g->nodes[id];
    NodeId only = 0;
    const NodeId *in = node_inputs(g, phi);
    graph_work(g, node_count(phi));
    for (u32 i = 0; i < node_count(phi); i++) {
        NodeId at = graph_at(g, in[i]);
        if (at == id || at == only) continue;
        if (only) return 0;
        only = at;
    }
    return only;
}

static bool merge_phis(Graph *g)
{
    bool merged = false;
    for (BlockId id = 0; id < g->block_count; id++) {
        Block *b = &g->blocks[id];
        for (u32 i = 0; i < b->phi_count; i++) {
            NodeId phi = g->skeleton[b->first + i];
            if (g->nodes[phi].op != NODE_phi) continue;
            NodeId only = only_input(g, phi);
            if (!only) continue;
            graph_same(g, phi, only);
            merged = true;
        }
    }
    return merged;
}

// ---- What is used

typedef struct { u32 count, cap; NodeId *nodes; } Waiting;

static void use(Graph *g, Waiting *w, NodeId id)
{
    id = graph_at(g, id);
    Node *n = &g->nodes[id];
    if (!id || n->flags & NODE_used) return;
    n->flags |= NODE_used;
    ARENA_PUSH(g->arena, w->nodes, w->count, w->cap) = id;
}

// May it be left out when nobody needs its value?
static bool is_idle(const Graph *g, const Node *n)
{
    enum { READS = (1 << DOMAIN_COUNT) - 1 };
    u32 sure = n->flags & NODE_sure ? TRAPS : 0;
    return !(node_effects(g, n) & ~(READS | sure));
}

// Is it the state of an instruction that is gone?
static bool is_left_over(const Graph *g, const Block *b, u32 i)
{
    const Node *n = &g->nodes[g->skeleton[b->first + i]];
    if (n->op != NODE_state) return false;
    StateUse use = g->states->states[n->imm].use;
    if (use == STATE_loop || use == STATE_charge) return false;
    NodeId of = i + 1 < b->count ? g->skeleton[b->first + i + 1] : 0;
    const Node *next = &g->nodes[of];
    return !of || graph_at(g, of) != of || next->op >= OP_COUNT || !is_state_place(next->op);
}

static void use_block(Graph *g, Waiting *w, const Block *b)
{
    if (b->go == GO_if || b->go == GO_table) use(g, w, b->value);
    for (u32 i = b->phi_count; i < b->count; i++) {
        NodeId id = g->skeleton[b->first + i];
        bool ends = i + 1 == b->count && block_ends_by_last(b);
        if (ends || !(is_idle(g, &g->nodes[id]) || is_left_over(g, b, i))) use(g, w, id);
    }
}

static void use_inputs(Graph *g, Waiting *w)
{
    while (w->count) {
        Node *n = &g->nodes[w->nodes[--w->count]];
        if (node_is_const(n)) continue;
        NodeId *in = node_inputs(g, n);
        graph_work(g, node_count(n));
        for (u32 i = 0; i < node_count(n); i++) {
            in[i] = graph_at(g, in[i]);
            use(g, w, in[i]);
        }
    }
}

// Returns how many are gone.
static u32 leave_out(Graph *g, Block *b)
{
    u32 kept = 0, phis = 0, before = b->count;
    graph_work(g, before);
    for (u32 i = 0; i < before; i++) {
        NodeId id = g->skeleton[b->first + i];
        if (!(g->nodes[id].flags & NODE_used)) continue;
        phis += i < b->phi_count;
        g->skeleton[b->first + kept++] = id;
    }
    b->count = kept;
    b->phi_count = phis;
    b->value = graph_at(g, b->value);
    return before - kept;
}

void graph_tidy(Graph *g)
{
    enum { ROUNDS = 8 }; // each finds what the one before made
    Waiting w = {0};
    for (u32 i = 0; i < ROUNDS && merge_phis(g);) i++;
    for (NodeId id = 0; id < g->node_count; id++) g->nodes[id].flags &= (u8)~NODE_used;
    for (BlockId id = 0; id < g->block_count; id++) use_block(g, &w, &g->blocks[id]);
    use_inputs(g, &w);
    u32 gone = 0;
    for (BlockId id = 0; id < g->block_count; id++) gone += leave_out(g, &g->blocks[id]);
    if (gone) graph_note(g, "phis of one value, and what nobody needs: %u left out", gone);
}
