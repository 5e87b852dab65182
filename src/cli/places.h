// places.h -- places in the source, as people read them:
//
//     divide at div.c:4:12 (inlined)
//     half at div.c:9:10
#pragma once

#include "cli/cli.h"
#include "cli/json.h"

#include "debug/where.h"
#include "script/executor.h"

enum { NAME_SHOWN = 200, READABLE_SHOWN = 1000 }; // bytes of a name as it is, and of one made of it

// A trap as print_trap prints it, of any machine: where it was, and how many calls there were
// besides.
enum { CALLS_SHOWN = 50 };
void print_trap_calls(Trap trap, const char *detail, const ExecutorCall *calls, u32 count,
                      u32 more, const TrapView *how);

// A function that a place is in.
typedef struct {
    u32 index;
    Bytes name;     // as the module has it, or empty
    Bytes readable; // made of that, or the same
} PlaceFunc;

// All functions that the place is in, a line each. From the second on there are so many blanks in
// front. The outermost is the function of the module, which is called as the module calls it.
void print_place(FILE *out, int indent, const PlaceFunc *func, const WherePlace *place, bool raw);
// The same on one line, without the function of the module: "div.c:4:12 divide, inlined at
// div.c:9:10".
void print_place_short(FILE *out, const WherePlace *place);
bool place_same(const WherePlace *a, const WherePlace *b);
bool place_has_line(const WherePlace *place); // of its innermost frame
// The same for programs: an array of frames. One without name or file has null there.
void json_place(Json *j, const char *key, const WherePlace *place);
// "div.c:4:12", or nothing where that is not known.
void print_line(FILE *out, const char *before, const WhereFrame *frame);
