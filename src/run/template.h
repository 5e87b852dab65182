// template.h -- an instance as it was at one moment, from which others are made without running
// anything: its memories, tables, globals, what it dropped, and the objects that these refer to.
//
//     Store -- Instance ---freeze---> Template ---make---> Store -- Instance, as that one was
//                                        |                              |
//                                     images of memories <---private mappings
//
// A reference to a function is its number, so in a store that has the same numbers all values are
// the same bytes. Elsewhere numbers are translated: those of imports, and of the instance's own
// functions, which is all that it can refer to. Where there are objects they need not be looked
// through, as those go to stores with equal numbers alone.
//
// Nothing of a template changes once it is made, and any threads may make instances of it.
#pragma once

#include "plat/image.h"
#include "run/gc/frozen.h"
#include "run/instance.h"

typedef struct {
    u64 size;          // bytes
    Image image;       // of what is in it
} FrozenMemory;

typedef struct {
    u64 size;
    Ref *elems;
} FrozenTable;

// A function of the host's that the module imports. Whoever holds its type lives longer.
typedef struct {
    TypeId type;
    const HostFunc *host;
    u32 number;
} FrozenImport;

typedef struct {
    const Module *module;
    Arena arena;       // of all that follows but images and the heap
    u32 func_first;    // the number of its first own function
    u32 func_count;    // numbers that there were, 0 included
    FrozenImport *imports;   // of functions, by index
    FrozenMemory *memories;  // its own ones, in order; and so on
    FrozenTable *tables;
    u64 (*globals)[2];
    bool *data_dropped, *elem_dropped;
    Ref *items;
    FrozenHeap heap;
} Template;

// Of an instance that is alone in its store, while nothing runs or stands there and all that it
// imports is functions of the host's. False: *why says it in words, or is NULL: out of memory.
bool template_freeze(Template *template, Instance *inst, const char **why);
void template_free(Template *template);

// With objects only a store will do that has none, no tags, and the numbers that there were. Is it?
bool template_suits(const Template *template, const Store *store, Func *const *imports);

// A new instance. `imports`: the store's functions for what is imported; NULL: the store has no
// functions, and gets all by the numbers that they had. `places`: for each own memory; or NULL.
// NULL: *diag says why.
Instance *template_make(const Template *template, Store *store, Func *const *imports,
                        const MemoryPlace *places, Diag *diag);

// The values of such an instance as they were, but what is in memories. `used` is what the store's
// accounts said when it was made. False: out of memory, and it is of no use any more.
bool template_restore(const Template *template, Instance *inst, const size_t *used);
// Has the store, whose only instance it was, got nothing since that would have to go?
bool template_is_alone(const Template *template, const Instance *inst);
