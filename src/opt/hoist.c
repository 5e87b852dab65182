// hoist.c -- what a loop reads, and nothing in it writes, is read in front of it.
//
//     loop                                        global.get $g
//       ... global.get $g ...         ->          loop
//
// What may trap leaves the loop only from where its first turn begins, if nothing is in front of it
// there that somebody could tell apart from it: then it traps in any case, at the same time.

#include "opt/watch.h"

enum { READS = (1 << DOMAIN_COUNT) - 1 };

typedef struct {
    Graph *g;
    const u32 *writes;    // by region
    BlockId *stands;      // by node: the block that it stands in
    BlockId *ends;        // by region: behind its last block
    u32 region;
    u32 moved_count, moved_cap; NodeId *moved;
} Hoist;

static void find_standing(Hoist *h)
{
    Graph *g = h->g;
    h->stands = NEW_ARRAY(g->arena, BlockId, g->node_count);
    graph_work(g, g->node_count / 4 + g->skeleton_count);
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        for (u32 i = 0; i < b->given_count; i++) h->stands[b->given + i] = id;
        for (u32 i = 0; i < b->count; i++) h->stands[g->skeleton[b->first + i]] = id;
    }
}

static void find_ends(Hoist *h)
{
    const Graph *g = h->g;
    h->ends = NEW_ARRAY(g->arena, BlockId, g->region_count);
    for (BlockId id = 0; id < g->block_count; id++)
        if (g->blocks[id].region != NO_REGION) h->ends[g->blocks[id].region] = id + 1;
    for (u32 r = g->region_count; r-- > 0;) {
        u32 outer = g->regions[r].outer;
        if (outer != NO_REGION) h->ends[outer] = MAX(h->ends[outer], h->ends[r]);
    }
}

// Is it there before the loop begins?
static bool is_outside(const Hoist *h, NodeId id, u32 deep)
{
    enum { DEEP = 4 };
    const Graph *g = h->g;
    Node *n = graph_node(g, id);
    if (node_is_const(n) || n->op == NODE_arg) return true;
    id = graph_at(g, id);
    if (n->op == NODE_result) id = graph_at(g, n->in[0]);
    if (!node_floats(&g->nodes[id])) {
        BlockId at = h->stands[id];
        return at < g->regions[h->region].entry || at >= h->ends[h->region];
    }
    if (deep == DEEP) return false;
    for (u32 i = 0; i < node_count(n); i++)
        if (!is_outside(h, node_inputs(g, n)[i], deep + 1)) return false;
    return true;
}

static bool is_invariant(const Hoist *h, NodeId id)
{
    const Graph *g = h->g;
    Node *n = &g->nodes[id];
    u32 effects = node_effects(g, n);
    if (n->op >= OP_COUNT || !n->type || !effects || effects & ~(READS | TRAPS)) return false;
    if (effects & READS & h->writes[h->region] || graph_is_shared(g, n)) return false;
    for (u32 i = 0; i < node_count(n); i++)
        if (!is_outside(h, node_inputs(g, n)[i], 0)) return false;
    return true;
}

// Is nothing of it seen, whether it is done before something traps or behind that?
static bool is_silent(const Graph *g, const Node *n)
{
    return n->op == NODE_state || !(node_effects(g, n) & ~READS);
}

// `first`: each way into the loop gets there at once.
static void look_at(Hoist *h, BlockId id, bool first)
{
    Graph *g = h->g;
    Block *b = &g->blocks[id];
    u32 kept = b->phi_count;
    graph_work(g, 1 + b->count);
    for (u32 i = b->phi_count; i < b->count; i++) {
        NodeId n = g->skeleton[b->first + i];
        bool silent = is_silent(g, &g->nodes[n]);
        // a call may take long, so it is not made where it may not have been
        bool may = first || (silent && g->nodes[n].op != OP_call);
        if (may && is_invariant(h, n)) {
            ARENA_PUSH(g->arena, h->moved, h->moved_count, h->moved_cap) = n;
            continue;
        }
        first &= silent;
        g->skeleton[b->first + kept++] = n;
    }
    b->count = kept;
}

static u32 hoist_from(Hoist *h, u32 region)
{
    Graph *g = h->g;
    BlockId header = g->regions[region].entry, before = g->words[g->blocks[header].preds];
    if (g->blocks[before].go != GO_jump) return 0;
    h->region = region;
    h->moved_count = 0;
    for (BlockId id = header; id < h->ends[region]; id++) {
        u8 go = g->blocks[id].go; // what ends a block stays
        if (go == GO_jump || go == GO_if || go == GO_table) look_at(h, id, id == header);
    }
    for (u32 i = 0; i < h->moved_count; i++) h->stands[h->moved[i]] = before;
    if (h->moved_count) graph_put_last(g, before, h->moved, h->moved_count);
    return h->moved_count;
}

void graph_hoist(Graph *g)
{
    u32 moved = 0;
    if (!g->region_count || !g->longer) return;
    graph_dominators(g);
    Hoist h = {.g = g, .writes = graph_writes(g)};
    u64 until = g->work + (g->work_most - g->work) / 8;
    find_standing(&h);
    find_ends(&h);
    for (u32 r = g->region_count; r-- > 0 && g->work < until;)
        if (g->regions[r].kind == REGION_loop && g->regions[r].entry != NO_BLOCK)
            moved += hoist_from(&h, r);
    g->loops_changed |= moved != 0;
    if (moved) graph_note(g, "%u read in front of loops", moved);
}
