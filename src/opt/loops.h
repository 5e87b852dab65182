// loops.h -- a loop with no other in it: its blocks, what varies in it, and copies of it.
//
//     before    header ... end     behind          once
//               |<------->|
//               header ... end|copy ... |copy ...  three times: back edges go to the next copy's
//                                                  first block, and those of the last to the header
#pragma once

#include "opt/graph.h"

typedef struct { NodeId node; u32 next; } LoopVisit;
// Of what varies, behind the loop: an input of a node, or, user 0, what a block goes by.
typedef struct { NodeId user; u32 input; BlockId at; u32 exit; } LoopUse;
typedef struct {
    BlockId at;
    u32 *rank;          // by predecessor: the how manieth of those in the loop, plus 1; else 0
    u32 preds, ranks;   // before there were copies; and how many of them are in the loop
} LoopExit;
enum { LOOP_EXITS = 4 };

typedef struct {
    Graph *g;
    u32 region;
    BlockId header, end;
    BlockId leaves_end;   // what stands in blocks from the header to here is what varies
    u32 known, cap;       // nodes there were when it was looked at
    u8 *marks;            // by node
    NodeId *map, *before; // by node: what it is in the copy at hand, and in the one before
    u32 leaf_count, leaf_cap; NodeId *leaves; // what stands in it
    u32 order_count, order_cap; NodeId *order; // what floats and depends on that, inputs first
    u32 visit_count, visit_cap; LoopVisit *visits;
    u32 use_count, use_cap; LoopUse *uses;
    u32 list_cap; NodeId *list;
    u32 exit_count; LoopExit exits[LOOP_EXITS];
} Loop;

// Is it one that is known here? Blocks at its end that do not come back to the header count as
// behind it. The graph is tidy, and has dominators.
bool loop_open(Loop *l, Graph *g, u32 region);
// How many nodes it has, but for phis and constants.
u32 loop_size(Loop *l);
// What is made in it is used behind it by phis of its exits alone. False: that cannot be.
bool loop_close(Loop *l);
// It is there so many times, one behind the other. It was closed.
void loop_repeat(Loop *l, u32 times);
// Is its header a test whether to go in? Then that is made in front of it, and at its end. It was
// closed.
bool loop_has_test(const Loop *l);
void loop_invert(Loop *l);
// Nobody comes back to its header: whoever would traps, which is not to happen.
void loop_cut(Loop *l);

// ---- For who makes copies

enum {
    MARK_seen = 1,
    MARK_leaf = 2,   // it stands in the loop
    MARK_varies = 4, // a leaf, or what floats and depends on one
    MARK_needed = 8,
};

static inline Node *node(const Loop *l, NodeId id) { return &l->g->nodes[id]; }
static inline Block *block(const Loop *l, BlockId id) { return &l->g->blocks[id]; }
static inline bool is_in(const Loop *l, BlockId id) { return id >= l->header && id < l->end; }
static inline bool varies(const Loop *l, NodeId id)
{
    return id < l->known && l->marks[id] & MARK_varies;
}
static inline NodeId mapped(const Loop *l, NodeId id) { return varies(l, id) ? l->map[id] : id; }
static inline bool is_result_of(const Graph *g, NodeId id, NodeId of)
{
    return id < g->node_count && g->nodes[id].op == NODE_result && g->nodes[id].in[0] == of;
}

// Once more: what varies is what stands in the header.
void loop_open_header(Loop *l);
// What is needed: nothing at first, then some, and what those need; or all that the loop does.
void loop_need_nothing(Loop *l);
void loop_need(Loop *l, NodeId id);
void loop_need_inputs(Loop *l);
void loop_need_block(Loop *l, BlockId id, u32 first); // of one block, from that node on
void loop_need_inside(Loop *l);
void loop_copy_floating(Loop *l); // what of it floats, with its inputs as they are mapped
NodeId *loop_list_of(Loop *l, u32 count); // room
void loop_gap(Loop *l, u32 count);        // room for so many blocks where the loop ends
NodeId loop_same_again(Loop *l, NodeId id); // as it is, for now
// All that stands in the block once more, but for states of loops: at the end of Graph.skeleton.
void loop_copy_skeleton(Loop *l, BlockId from, Block *b);
// What it uses is as it is mapped.
void loop_set_inputs(Loop *l, BlockId from, const Block *b);
