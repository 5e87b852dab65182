// body.h -- one function's body, optimized: from the module through the graph to bytes again.
#pragma once

#include "base/buf.h"
#include "op/diag.h"
#include "opt/graph.h"

// A body, locals and all, in the arena, that does what that of `func` does; false: the old one
// stays, and diag->detail says why (that is no error). The module is valid, and stays as it is; the
// arena is armed. What this takes meanwhile is freed, and bounded by the size of the body.
bool opt_body(const Module *m, u32 func, OptLevel level, Arena *arena, Bytes *out, Diag *diag);
