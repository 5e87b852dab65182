// watch.h -- who is told what becomes of functions: `weft inspect --graph`, --trace=opt.
//
// A pass that does something to a function, or does not and knows why, says so by a line of
// graph_note, or of watch_note where there is no graph. Where nobody watches that costs a look at a
// pointer.
#pragma once

#include "opt/graph.h"

typedef struct Watch {
    void *env;
    // The function by its number in this module: what was done, or not done and why; a line without
    // its end. Any thread may tell. NULL: nobody wants to know.
    void (*note)(void *env, const Module *m, u32 func, const char *text);
    // A step has been done (improve.def), or the graph was built: this is what it left. Likewise.
    void (*step)(void *env, const Graph *g, const char *step);
} Watch;

void watch_note(const Module *m, u32 func, const char *form, ...) PRINTF_LIKE(3, 4);
// Of the function that the graph is of.
void graph_note(const Graph *g, const char *form, ...) PRINTF_LIKE(2, 3);
void graph_step(const Graph *g, const char *step);
