// lanes.h -- vectors for the packs of a loop. See packs.h.
#pragma once

#include "opt/packs.h"

typedef struct {
    Packer *p;
    BlockId block;      // where what is done stands
    u32 copy;           // of all that a turn does; which it is
    NodeId *now;        // by node that is a line: what it is when a turn begins
} Lanes;

// All that the loop does to as many elements as are done at a time, in their order. `sums` have
// what was collected so far: a vector each.
void do_lanes(Lanes *l, NodeId *sums);
// What a sum begins with, and what it comes to, with what it was before.
NodeId first_of_sum(Graph *g, const Sum *s);
NodeId result_of_sum(Graph *g, const Sum *s, NodeId lanes, NodeId before);

// Nodes by their row.
NodeId pure_1(Graph *g, u32 op, NodeId a);
NodeId pure_2(Graph *g, u32 op, NodeId a, NodeId b);
NodeId pure_3(Graph *g, u32 op, NodeId a, NodeId b, NodeId c);

// A vector of lanes of so many bytes: all the same, or numbers.
NodeId lanes_same(Graph *g, Type type, u32 bytes, NodeId of);
NodeId lanes_numbers(Graph *g, u32 bytes, const u64 *at);
