// body.h -- one function's body, optimized: from the module through the graph to bytes again.
#pragma once

#include "base/buf.h"
#include "op/diag.h"
#include "opt/graph.h"

struct OptKnown; // of a whole module (known.h)

typedef struct {
    Bytes code;          // locals and all; in its shortest form
    BranchHints hints;   // by offsets in that
} OptBody;

// A body, in the arena, that does what that of `func` does; false: the old one stays, and
// diag->detail says why (that is no error). It is longer by `longer` bytes at most. The module is
// valid, and stays as it is, and has these branch hints, or NULL; the arena is armed. What this
// takes meanwhile is freed, and bounded by the size of the body. What is known of the module, if
// anything, is used.
bool opt_body(const Module *m, const BranchHints *hints, u32 func, OptLevel level,
              struct OptKnown *known, u32 longer, Arena *arena, OptBody *out, Diag *diag);
