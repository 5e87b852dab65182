// unroll.c -- loops whose blocks are there several times, one behind the other.
//
// One that is gone through a few times, always as often, comes to nothing but its blocks, and what
// they compute of the number of the turn is constants. Another that is small turns around less
// often, which saves a look at whether to stop each time. Each keeps its tests: how often it goes
// round need not be known.

#include "opt/fold.h"
#include "opt/loops.h"
#include "opt/watch.h"

enum {
    TURNS_MOST = 16, FULL_SIZE = 160, // nodes of all turns
    SMALL = 12, SMALL_TIMES = 4, MIDDLE = 36, MIDDLE_TIMES = 2,
    BLOCKS_MOST = 12, STANDING_MOST = 64, LOOPS_MOST = 24,
};

// ---- How often

typedef struct { const Loop *l; NodeId phi; u64 at; } Turn;

// What it is, where the phi is that number. False: it depends on something else.
static bool value_at(const Turn *t, NodeId id, u32 deep, u64 *out)
{
    enum { DEEP = 4 };
    const Graph *g = t->l->g;
    Node *n = graph_node(g, id);
    u64 in[2] = {0};
    if (graph_at(g, id) == t->phi) {
        *out = t->at;
        return true;
    }
    if (n->op == OP_i32_const || n->op == OP_i64_const) {
        *out = n->bits;
        return true;
    }
    if (n->op >= OP_COUNT || !node_floats(n) || deep == DEEP) return false;
    u32 count = node_count(n);
    if (!count || count > COUNT_OF(in)) return false;
    for (u32 i = 0; i < count; i++)
        if (!value_at(t, node_inputs(g, n)[i], deep + 1, &in[i])) return false;
    return fold_numbers((Op)n->op, in[0], in[1], out);
}

// Does every turn get there?
static bool is_always_met(const Loop *l, BlockId id)
{
    const Graph *g = l->g;
    const Block *header = &g->blocks[l->header];
    for (u32 k = 1; k < header->pred_count; k++)
        if (graph_common(g, id, g->words[header->preds + k]) != id) return false;
    return true;
}

static bool leaves(const Loop *l, BlockId to) { return to < l->header || to >= l->end; }

// By the block's condition and the phi; 0: that is no number, or a large one.
static u32 turns_by(const Loop *l, const Block *b, NodeId phi)
{
    const Graph *g = l->g;
    Node *n = &g->nodes[phi];
    const NodeId *in = node_inputs(g, n);
    const Node *begin = graph_node(g, in[0]);
    bool on_true = leaves(l, block_edge(g, b, 0)->to);
    Turn t = {l, phi, begin->bits};
    u64 value;
    if (begin->op != OP_i32_const && begin->op != OP_i64_const) return 0;
    for (u32 k = 2; k < node_count(n); k++)
        if (graph_at(g, in[k]) != graph_at(g, in[1])) return 0;
    for (u32 turn = 1; turn <= TURNS_MOST; turn++) {
        graph_work(l->g, 8);
        if (!value_at(&t, b->value, 0, &value)) return 0;
        if ((value != 0) == on_true) return turn;
        if (!value_at(&t, in[1], 0, &t.at)) return 0;
    }
    return 0;
}

static u32 turns_of(const Loop *l)
{
    const Graph *g = l->g;
    const Block *header = &g->blocks[l->header];
    for (BlockId id = l->header; id < l->end; id++) {
        const Block *b = &g->blocks[id];
        if (b->go != GO_if || !is_always_met(l, id)) continue;
        if (leaves(l, block_edge(g, b, 0)->to) == leaves(l, block_edge(g, b, 1)->to)) continue;
        for (u32 i = 0; i < header->phi_count; i++) {
            u32 turns = turns_by(l, b, g->skeleton[header->first + i]);
            if (turns) return turns;
        }
    }
    return 0;
}

// ---- Which

// Is it small, and may its way back be cut?
static bool is_plain(const Loop *l)
{
    const Graph *g = l->g;
    const Block *header = &g->blocks[l->header];
    if (l->end - l->header > BLOCKS_MOST) return false;
    for (u32 k = 1; k < header->pred_count; k++) {
        u8 go = g->blocks[g->words[header->preds + k]].go;
        if (go != GO_jump && go != GO_if) return false;
    }
    u32 count = 0;
    for (BlockId id = l->header; id < l->end; id++) count += g->blocks[id].count;
    return count <= STANDING_MOST;
}

static bool calls(const Loop *l)
{
    const Graph *g = l->g;
    for (BlockId id = l->header; id < l->end; id++) {
        const Block *b = &g->blocks[id];
        for (u32 i = 0; i < b->count; i++) {
            const Node *n = &g->nodes[g->skeleton[b->first + i]];
            if (n->op < OP_COUNT && op_effects((Op)n->op) & (CALLS | SUSPENDS)) return true;
        }
    }
    return false;
}

// Its conditions become constants.
static void settle(Graph *g)
{
    graph_tidy(g);
    graph_renew(g);
    graph_prune(g);
    graph_tidy(g);
}

// How often it is to be there; 0: that is all it turns. 1: it stays.
static u32 times_of(Loop *l, u32 size, u32 turns)
{
    u32 left = l->g->copies_left, times = 1;
    if (turns && turns * size <= MIN((u32)FULL_SIZE, left)) return 0;
    if (size <= SMALL) times = SMALL_TIMES;
    else if (size <= MIDDLE) times = MIDDLE_TIMES;
    bool few = turns && turns < 2 * times;
    return few || (times - 1) * size > left || calls(l) ? 1 : times;
}

static bool unroll(Loop *l, Graph *g, u32 region)
{
    if (g->regions[region].vectors || !loop_open(l, g, region) || !is_plain(l)) return false;
    u32 size = loop_size(l), turns = turns_of(l), times = times_of(l, size, turns);
    if (times == 1 || !loop_close(l)) return false;
    bool gone = !times;
    if (gone) times = turns;
    loop_repeat(l, times);
    g->copies_left -= (times - 1) * size;
    if (gone) {
        loop_cut(l);
        settle(g);
    }
    graph_note(g, "loop of %u nodes %s %u times", size, gone ? "is what it does" : "is there",
               times);
    return true;
}

static bool invert(Loop *l, Graph *g, u32 region)
{
    if (!loop_open(l, g, region) || !loop_has_test(l) || !is_plain(l)) return false;
    u32 size = loop_size(l);
    if (size > g->copies_left || !loop_close(l)) return false;
    g->copies_left -= MIN(size, (u32)SMALL);
    loop_invert(l);
    graph_note(g, "loop of %u nodes has its test at its end", size);
    return true;
}

// Of each loop that has no region in it, while there is time for it.
static void each_loop(Graph *g, bool (*change)(Loop *l, Graph *g, u32 region))
{
    Loop l = {0};
    u32 changed = 0;
    if (!g->region_count || !g->longer) return;
    u64 until = g->work + (g->work_most - g->work) / 4;
    bool *around = NEW_ARRAY(g->arena, bool, g->region_count);
    graph_dominators(g);
    for (u32 r = g->region_count; r-- > 0;) {
        Region region = g->regions[r];
        bool loop = region.kind == REGION_loop && region.entry != NO_BLOCK && !around[r];
        if (loop && g->work < until && changed < LOOPS_MOST && change(&l, g, r)) {
            graph_dominators(g);
            changed++;
        }
        if ((g->regions[r].entry != NO_BLOCK || around[r]) && region.outer != NO_REGION)
            around[region.outer] = true;
    }
    if (!changed) return;
    g->loops_changed = true;
    settle(g);
    graph_dominators(g);
}

void graph_unroll(Graph *g) { each_loop(g, unroll); }
void graph_invert(Graph *g) { each_loop(g, invert); }
