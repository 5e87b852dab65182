// graph.h -- a function's graph (opt/graph.h) behind each step that makes it better, for `weft
// inspect --graph`.
#pragma once

#include "base/map.h"
#include "cli/native.h"
#include "opt/opt.h"

#include <stdio.h>

typedef struct {
    NativeView how;      // the function, and the mode if it is for code of a machine
    bool machine;        // else it is for WebAssembly
    OptLevel level;      // then
    const char *picture; // of all steps, a file's name; NULL: as text, to standard output
} GraphView;

// Of a module that is valid, and that nobody else uses meanwhile. Prints what is wrong. Returns the
// exit status.
int print_graphs(Module *m, const GraphView *view);

// ---- The picture (graph_svg.c)

typedef struct {
    Bytes text;          // lines
    u32 edge_count;
    const u32 *to;       // blocks, each behind this but for loops' headers
    bool asks;           // of two edges the first is gone along if something is not 0
} PictureBlock;

typedef struct {
    const char *name;    // of the step
    Bytes notes;         // lines: what it said
    bool same;           // nothing has changed: there are no blocks
    Bytes floating;      // lines
    u32 block_count;
    const PictureBlock *blocks;
    Map *before;         // lines that were there before; NULL: it is the first step
} PictureStep;

// Leaves through the arena.
void graph_svg(FILE *out, Arena *arena, const PictureStep *steps, u32 count);
// The next line of a text, without its end. False: there are no more.
bool next_line(Bytes *text, Bytes *line);
