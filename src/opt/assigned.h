// assigned.h -- what must be known of loops and tries before they are gone through, found by a scan
// over the opcodes in front of the walk: the locals that a loop assigns, which get phis at its
// header; and how a legacy try catches.
#pragma once

#include "opt/graph.h"

typedef struct {
    u32 at;           // where it stands in the module
    u32 first, count; // in LoopSets.locals
} LoopSet;

typedef struct {
    u32 at;
    u32 clauses;      // how many
    bool all;         // one catches all
    bool delegates;
    u32 label;        // if it does: as encoded
} LegacyTry;

typedef struct {
    u32 try_count, try_cap; LegacyTry *tries; // in the order of their places
    u32 set_count, set_cap; LoopSet *sets;   // in the order of their places
    u32 local_count, local_cap; u32 *locals; // each once in a set, those of loops within too
} LoopSets;

// Of a function that has so many locals. Counts its work as g's.
void loop_sets(LoopSets *out, Graph *g, u32 func, u32 locals);
