// bake.h -- an instance as a module again: one that, instantiated, is what the instance is now.
//
//     Module ---- instantiated, and some of it run ----> Instance
//        |                                                   |
//        | types, imports, code: byte for byte               | sizes, globals, entries, bytes
//        +-------------------> bake_module <-----------------+
//                                   |
//                                 bytes
//
// Indices stay what they are, and so does all that is in the code section, so debug information
// still holds. The start function goes, which has run; so do the exports of what has run.
//
// What stands in memories is active data segments, and what stands in tables active element
// segments. A segment that was dropped is empty, and so is an active one as soon as it was
// copied: so the new ones take the places of those, and where there are more places than new ones
// the rest are empty. What was not dropped stays as it is.
//
// It can be done where all that was changed is the instance's own, and constant expressions can say
// it: numbers, null, i31, functions of the module and those that it imports. Else it is refused.
// spec: exec/modules, instantiation
#pragma once

#include "base/buf.h"
#include "run/instance.h"

typedef struct { Bytes from, to; } BakeRename; // of exports of functions

typedef struct {
    Bytes init;      // the export that was called: it goes
    bool keep_init;  // it stays
    // Who has the new name goes. `_initialize` goes in any case, unless it is `init`.
    const BakeRename *renames;
    u32 rename_count;
} BakePlan;

enum { BAKE_WHY = 400 };

// Before anything is run: can instances of it be written at all? False: `why` says what is in the
// way.
bool bake_check(const Module *m, char why[BAKE_WHY]);
// And is there what the plan renames, and comes out under names that differ?
bool bake_check_renames(const Module *m, const BakePlan *plan, char why[BAKE_WHY]);
// Has an instance of it something that may change, so that what imports its functions depends on
// that? Then `why` says what it is: "a memory".
bool bake_keeps_state(const Module *m, char why[BAKE_WHY]);

// Behind what is in `out`, whose arena need not be armed. The same state gives the same bytes.
// Nothing runs in its store meanwhile. False: `why` says what cannot be written, or that memory ran
// short.
bool bake_module(Instance *inst, const BakePlan *plan, Buf *out, char why[BAKE_WHY]);
