// known.h -- what is known of a whole module, for who optimizes one of its bodies. Private to opt/.
#pragma once

#include "opt/round.h"

// What stands in a table from the beginning, and always; size 0: that is not known, or nothing.
typedef struct {
    u32 size, *funcs;  // UINT32_MAX: no function
    bool others;       // some of these are functions all the same, of which nobody knows
} KnownTable;

typedef struct OptKnown {
    const KnownTable *tables;
    // By function: what may happen where it is called, as node_effects has it; with CALLS, that it
    // never returns. Of one that was optimized WRITES_global may be gone: it leaves them as they
    // were when it returns.
    u32 *effects;
    u32 *order;        // functions: whom one calls comes before it, but in a ring
    u32 *calls;        // by function: how many calls name it; UINT32_MAX: others may call it
    u32 taken;         // bytes of what nobody else calls that the last body took in
} OptKnown;

const KnownTable *known_tables(OptRound *r);
OptKnown *known_of(OptRound *r);
