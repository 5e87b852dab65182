// keep.c -- does a function leave globals as it found them? In programs that come from C that is
// the stack pointer, which many take down in the beginning, and put back in the end.
//
// It writes one at most, and what that holds where it returns is what was read there before
// anything was written. One that throws, or is left by a tail call, is not looked at; nor one with
// a try.

#include "opt/graph.h"

enum { UNKNOWN = 0, BEFORE = UINT32_MAX, NO_GLOBAL = UINT32_MAX };

typedef struct {
    const Graph *g;
    u32 global;
    NodeId *out;       // by block: what it holds at the end
    bool *written_in;  // by region
    bool *first;       // by node: it reads what was there before
} Keeper;

static u32 global_of(const Graph *g, const Node *n)
{
    Imm imm;
    Bytes bytes;
    node_read_imm(g, n, &imm, &bytes);
    return imm.global;
}

static u32 count_mutable(const Module *m)
{
    u32 count = 0;
    for (u32 i = 0; i < m->global_count; i++) count += m->globals[i].type.mutable;
    return count;
}

// False: more than one may be written, or where it is left is not in sight.
static bool find_writes(Keeper *k)
{
    const Graph *g = k->g;
    bool only_one = count_mutable(g->m) == 1;
    for (u32 r = 0; r < g->region_count; r++)
        if (g->regions[r].kind == REGION_try) return false;
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        for (u32 i = b->phi_count; i < b->count; i++) {
            const Node *n = &g->nodes[g->skeleton[b->first + i]];
            u32 effects = node_effects(g, n);
            bool leaves = effects & ENDS && n->op != OP_return && n->op != OP_unreachable;
            if (leaves || effects & (THROWS | WAITS | SUSPENDS)) return false;
            if (!(effects & WRITES_global)) continue;
            for (u32 r = b->region; r != NO_REGION && !k->written_in[r]; r = g->regions[r].outer)
                k->written_in[r] = true;
            if (n->op != OP_global_set && !only_one) return false;
            if (n->op != OP_global_set) continue;
            u32 global = global_of(g, n);
            if (k->global != NO_GLOBAL && k->global != global) return false;
            k->global = global;
        }
    }
    return k->global == NO_GLOBAL || k->global >= g->m->imported_globals;
}

static NodeId begin_block(const Keeper *k, BlockId id)
{
    const Graph *g = k->g;
    const Block *b = &g->blocks[id];
    if (!b->pred_count) return BEFORE;
    if (block_is_header(g, id) && k->written_in[b->region]) return UNKNOWN;
    NodeId now = k->out[g->words[b->preds]];
    for (u32 i = 1; i < b->pred_count; i++) {
        BlockId pred = g->words[b->preds + i];
        if (pred < id && k->out[pred] != now) return UNKNOWN;
    }
    return now;
}

// False: it is left with something else.
static bool look_at(Keeper *k, NodeId id, NodeId *now)
{
    const Graph *g = k->g;
    const Node *n = &g->nodes[id];
    if (n->op == OP_return) return *now == BEFORE;
    if (n->op == OP_global_get) {
        k->first[id] = *now == BEFORE && global_of(g, n) == k->global;
    } else if (n->op == OP_global_set) {
        NodeId value = graph_at(g, n->in[0]);
        *now = k->first[value] ? BEFORE : value;
    } else if (node_effects(g, n) & WRITES_global) {
        *now = UNKNOWN;
    }
    return true;
}

bool graph_keeps_globals(Graph *g)
{
    Keeper k = {.g = g, .global = NO_GLOBAL, .out = NEW_ARRAY(g->arena, NodeId, g->block_count),
                .written_in = NEW_ARRAY(g->arena, bool, g->region_count),
                .first = NEW_ARRAY(g->arena, bool, g->node_count)};
    graph_work(g, g->skeleton_count + g->block_count);
    if (!find_writes(&k)) return false;
    for (BlockId id = 0; id < g->block_count; id++) {
        const Block *b = &g->blocks[id];
        NodeId now = begin_block(&k, id);
        for (u32 i = b->phi_count; i < b->count; i++)
            if (!look_at(&k, g->skeleton[b->first + i], &now)) return false;
        k.out[id] = now;
    }
    return true;
}
