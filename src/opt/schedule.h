// schedule.h -- in which order a stack machine computes a graph: for each block, and each edge on
// which phis get their values, a list of steps.
//
//     i32.store (get 4) (i32.add (get 5) (get 5))        get 4, get 5, get 5, op add, op store
//
// Nodes that are named by get, set and tee are kept in locals; all others are on the stack between
// the step that makes them and the one that takes them. See schedule.c.
#pragma once

#include "opt/graph.h"

typedef enum {
    STEP_op,   // the instruction, or the constant; its inputs are on the stack
    STEP_get, STEP_set, STEP_tee,
    STEP_drop, // node 0
    STEP_copy, // the phi gets what the step behind it, a get or a constant's op, gives; those in a
               // row at once
} StepKind;
enum {
    STEP_dies = 1 << 28, // of get: nobody needs it behind this
    STEP_node = STEP_dies - 1,
};
static inline StepKind step_kind(u32 step) { return (StepKind)(step >> 29); }
static inline NodeId step_node(u32 step) { return step & STEP_node; }

typedef struct {
    Graph *g;
    bool torn;           // clauses of a try would have to share what none of them can compute
    u32 *uses;           // by node: how many use it
    BlockId *place;      // by node: where it is computed
    u32 step_count, step_cap; u32 *steps;
    Range *blocks;       // of each block, the operand of its end with it
    Range *edges;        // of each edge on which more is to be done
} Schedule;

Schedule *schedule_new(Graph *g); // of a graph that is tidy, with dominators
// Only in which block each node is computed, for who finds an order of his own. NULL: it is torn.
const BlockId *schedule_places(Graph *g);

// Made where it is used: there is no local for it.
static inline bool node_is_remade(const Node *n)
{
    return node_is_const(n) || n->op == OP_ref_null || n->op == OP_ref_func;
}
static inline bool goes_to_catch(const Block *b, u32 edge)
{
    bool last = edge == b->edge_count - 1u;
    return b->go == GO_throw || (b->go == GO_call && last) || (last && b->outer_catch);
}
