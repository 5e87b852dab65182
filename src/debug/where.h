// where.h -- places of a module in its source, and names of functions as their language has them.
//
// What a module carries about its source is read by a program of ours that stands beside the one
// that runs, weft-where, and by libraries there: in a process of its own, which can do nothing but
// answer, for a limited time. What it says is not trusted either. A module that has neither such
// sections nor names that were mangled starts no process.
#pragma once

#include "base/arena.h"
#include "module/module.h"
#include "op/diag.h"

// One of the functions that a place is in.
typedef struct {
    Bytes linked;   // its name as linkers have it, or empty
    Bytes name;     // as the source has it; the same where nobody knows
    Bytes file;     // or empty
    u32 line, column; // from 1 on; 0: not known
} WhereFrame;

// Innermost first: each but the last was inlined into the next. None: nothing is known.
typedef struct {
    const WhereFrame *frames;
    u32 count;
} WherePlace;

typedef enum {
    WHERE_nothing,  // there was nothing to ask, or all was answered
    WHERE_missing,  // there is no weft-where
    WHERE_library,  // it could not be started
    WHERE_gave_up,  // it did not answer all: what it was given has no end, or brought it down
    WHERE_no_map,   // the source map that the module names could not be read
    WHERE_memory,   // there was no memory; for callers, who catch that
} WhereTrouble;
extern const char *const where_trouble_text[]; // what to tell

// To be filled in by who asks, but for what is said to be an answer.
typedef struct {
    const Module *m;
    const char *file;      // where it is, so that a source map may be found beside it; or NULL
    u32 seconds;           // of the processor that it may take; it has five times that in all
    const u32 *offsets;    // of instructions, in the module
    u32 offset_count;
    const Bytes *names;    // of functions
    u32 name_count;
    WherePlace *places;    // answer: one for each offset
    Bytes *readable;       // answer: one for each name; itself where it is not mangled
    WhereTrouble trouble;  // answer
} Where;

// The first custom section of this name, or NULL.
const Section *where_section(const Module *m, const char *name);
// Has it what tells places?
bool where_is_known(const Module *m);
// The function whose body an offset in the module is in; DIAG_NO_FUNC: none.
u32 where_func(const Module *m, u32 offset);
// Where what is in its code section begins, from where DWARF counts.
u32 where_code_start(const Module *m);
// Is it the name of a function of Rust or C++ as linkers have it, by how it begins?
bool where_is_mangled(Bytes name);
// So that it can be asked when no file is opened any more and no program started: to be called
// before, for each module that may be asked about. Nothing happens if there is nothing to ask.
void where_ahead(const Module *m, const char *file, u32 seconds);
// Asks. The answers live in the arena, whose failure leaves nothing behind.
void where_ask(Where *w, Arena *arena);
