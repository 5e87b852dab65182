// census.h -- what is in a heap: how many objects of which type, and who holds them.
//
// All that can be reached is looked at, kind of root by kind of root, in the order of RootKind;
// what can be reached from several counts with the first of them. Of what refers to an object that
// counts which was come to first, about in the order of the ways' lengths: one of those who hold
// it, the same each time.
//
// That takes time linear in what lives, and while it lasts a 32nd of the heap's blocks in memory,
// and a row for each type with a kind of root and a type of holders, of CENSUS_ROWS at most.
#pragma once

#include "run/exec.h"

typedef enum {
    ROOT_globals,
    ROOT_tables,
    ROOT_segments,   // items of element segments that were computed and not dropped
    ROOT_handles,    // what the host has, and C code for a while
    ROOT_exceptions, // on its way, or caught by nobody
    ROOT_frames,     // of guests and host functions
    ROOT_parked,     // frames of guests that are parked
    ROOT_COUNT
} RootKind;
extern const char *const root_text[ROOT_COUNT];

enum { CENSUS_ROWS = 1 << 16 };

typedef struct {
    u64 objects, bytes;
} CensusSum;

typedef struct {
    RootKind root;
    TypeId type;       // exceptions: that of their tag; TYPE_ID_HOST: values of the host's
    TypeId holder;     // of the objects that refer to them; 0: the root itself
    CensusSum sum;
} CensusRow;

typedef struct {
    CensusRow *rows;   // most bytes first
    u32 count, cap;
    CensusSum sum;     // of all objects
    CensusSum more;    // of those for which there were no rows left
} Census;

// Looks, and changes nothing. False: memory is short, or there is a frame of which nobody knows
// what it holds (as for heap_collect). With `ended` frames count too that a trap has left for a
// backtrace, without the newest where what it held is not known; nothing may have been made or
// collected since.
bool heap_census(Store *store, bool ended, Census *out);
void census_free(Census *census);
