// access.h -- loads and stores of numbers, for who does several at a time: where each is, and how
// far apart two are.
#pragma once

#include "opt/graph.h"

typedef struct {
    NodeId node, core;  // the address is `core` + `more`, and then the offset
    u32 more, memory;
    u64 offset;
    u8 bytes;
    bool store, grouped;
} Access;

bool is_plain_access(u32 op);
Access access_at(const Graph *g, NodeId id, bool store);
// The node, but for numbers that are added to it.
NodeId core_of(const Graph *g, NodeId id, u32 *more);
// How far the one is behind the other; they are so far apart wherever the first is in the memory
// with all that is behind it up to the second. UINT64_MAX: that is not known.
u64 distance_of(const Access *from, const Access *to);
