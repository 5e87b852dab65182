// assigned.h -- which locals each loop of a body assigns, found by a scan over the opcodes in front
// of the walk: those get phis at its header.
#pragma once

#include "opt/graph.h"

typedef struct {
    u32 at;           // where it stands in the module
    u32 first, count; // in LoopSets.locals
} LoopSet;

typedef struct {
    u32 set_count, set_cap; LoopSet *sets;   // in the order of their places
    u32 local_count, local_cap; u32 *locals; // each once in a set, those of loops within too
} LoopSets;

// Counts its work as g's.
void loop_sets(LoopSets *out, Graph *g, u32 locals);
