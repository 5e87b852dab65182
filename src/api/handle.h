// handle.h -- references in the host's hands: entries of a table of the store, that are roots.
//
//     weft_ref   | store | index, generation |         0 | any | exn | free | any | ...   types
//                              |                        0 | ref | ref |   0  | ref | ...   slots
//                              '----------------------------------^
//
// An entry lives while a scope has it or it is kept. Each time it is free again its generation is
// another, so that a handle of what was there before is told; one that has had all generations is
// not used again. Types and slots are one HeldRefs, below all that C code holds for a while, so the
// collector knows no handles.
#pragma once

#include "run/exec.h"
#include "weft_object.h"

typedef struct {
    u32 generation;  // from 1 on
    u32 next;        // free, or of the same scope; 0: the last
    u32 kept;        // how often
    bool local;      // a scope has it
} Handle;

// Where handles are made that go together. Of a call of a host function it is in that function's
// frame; the others were opened by hand.
typedef struct Scope {
    struct Scope *outer;
    u64 number;      // of those that were opened; 0: a call's
    u32 first;       // of its handles, the newest
} Scope;

typedef struct {
    HeldRefs held;   // all entries: of a free one null. Its count is how many there are
    Type *types;     // the topmost of its hierarchy: anyref, externref, exnref
    u64 *slots;
    Handle *all;
    u32 free;        // the first; 0: none
    u32 live, kept;  // handles, and those that are kept
    u32 worn;        // that are not used again
    Scope *scope;    // the innermost
    u64 scopes;      // numbers that were given out
} HandleTable;

// With a store, and before it is freed.
void handles_begin(weft_store *store);
void handles_end(weft_store *store);

// Room for so many, of which the same number must be made then. It may collect. False: out of
// memory, or a limit.
bool handles_reserve(weft_store *store, u32 count);
// Behind that: was it for pointers that ended, of which the host is told now? Then there may be
// room, for as many as are wanted by now: its finalizer may have done anything.
bool handles_freed(weft_store *store);
// Not null; of an any, extern or exn type, and the innermost scope's, or kept.
weft_ref handle_make(weft_store *store, Type type, Ref ref);
typedef struct { Ref ref; Type type; } Handed; // the topmost type of its hierarchy
// False: it is stale, forged, of another store, or null.
bool handle_find(const weft_store *store, weft_ref ref, Handed *out);

// Around a call of a host function.
void scope_end(weft_store *store, Scope *scope);
