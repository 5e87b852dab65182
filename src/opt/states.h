// states.h -- what the abstract machine has at places where somebody may look at a frame: which
// node each local is that is read later, and each operand. For who makes machine code: it says so
// by a NODE_state in front of each call, of what is done by calls of C, of what makes an object, at
// loops, and where fuel is paid.
#pragma once

#include "opt/graph.h"

typedef enum {
    STATE_op,     // of the instruction behind it
    STATE_call,   // likewise: arguments go to where the callee's frame begins
    STATE_loop,   // of the loop's header, where somebody may ask it to stop
    STATE_charge, // of the NODE_charge behind it
    STATE_new,    // of what makes an object behind it, where there is no room for it at hand
} StateUse;

// One NODE_state; its inputs' homes are words of StateList.homes, one for each.
typedef struct {
    u32 home;          // slot of the first operand of the instruction behind it
    u32 first, count;  // homes
    StateUse use;
} State;

// A function that is taken in has one of its own while it is built, but for states and homes: those
// are in the graph's.
typedef struct StateList {
    u32 local_slots, most; // most: slots of locals and operands together
    // Of the graph: where the frames of what was taken in end, and how many are in each other where
    // there is a loop; 0: nobody looks at these
    u32 inner, deep;
    u32 operands;          // most of them, of all of the function
    bool vectors;          // some are
    u32 *local_home;       // by local
    // homes of references, which the collector looks at whatever is alive: they begin as null
    u32 null_count, null_cap; u32 *nulls;
    u32 state_count, state_cap; State *states;
    u32 home_count, home_cap; u32 *homes;
    u32 words;             // of a set of locals
    u32 place_count, place_cap; u32 *places; // calls and loops, in order: where they stand
    u64 *live;             // of each of these, that many words
    u32 next;
} StateList;

// Finds which locals of the function are read later, from each place on. False: there would be too
// many numbers.
bool states_find(StateList *s, Graph *g, u32 func, u32 locals);
// Is there a state in front of the instruction?
bool is_state_place(u32 op);
// Does it make an object that mostly there is room for?
bool is_new_object(u32 op);
// Is it what a loop's header begins with, and not what stands in front of an instruction?
static inline bool is_loop_state(const Graph *g, NodeId id)
{
    const Node *n = &g->nodes[id];
    return n->op == NODE_state && g->states->states[n->imm].use == STATE_loop;
}
// The state that the block begins with, as the header of a loop; 0: there is none.
static inline NodeId loop_state(const Graph *g, const Block *b)
{
    for (u32 i = b->phi_count; i < b->count; i++)
        if (is_loop_state(g, g->skeleton[b->first + i])) return g->skeleton[b->first + i];
    return 0;
}
