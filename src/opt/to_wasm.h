// to_wasm.h -- a graph as a body of WebAssembly again. See to_wasm.c.
#pragma once

#include "opt/graph.h"

// Of a graph that is tidy: locals and code, behind what is in `out`; and, in the graph's arena, the
// hints of its branches by their offsets in that. False: *why says what of it cannot be said in the
// module's types.
bool graph_to_wasm(Graph *g, Buf *out, BranchHints *hints, const char **why);
