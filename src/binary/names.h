// names.h -- all that the custom section "name" says, for tools. A Module itself only knows what it
// and its functions are called, which is what messages need.
//
// Names mean nothing to the machine: what is malformed is left out, from where it goes wrong to the
// end of its subsection. Names within functions and types are looked at in whole but kept as bytes
// until asked for, so that memory stays a few times the section's.
// spec: appendix/custom, name section; the extended name section proposal
#pragma once

#include "module/module.h"

// The numbers are those of the subsections.
typedef enum {
    NAMES_module, NAMES_func, NAMES_local, NAMES_label, NAMES_type, NAMES_table, NAMES_memory,
        NAMES_global,
    NAMES_elem, NAMES_data, NAMES_field, NAMES_tag, NAMES_COUNT
} NamesKind;

typedef struct {
    u32 outer;      // a function, or for fields a type
    Range names;    // a name map, in the module's bytes
} NamesWithin;

typedef struct {
    u32 section;    // in Module.sections: the first of the name; UINT32_MAX: there is none
    Bytes module;   // data NULL: none
    NameMap flat[NAMES_COUNT];      // but for locals, labels and fields
    struct { u32 count; const NamesWithin *items; } nested[NAMES_COUNT]; // those, sorted by `outer`
    u32 total;      // names in all of them, the module's own included
    // It is what the assembler writes: known subsections in order, each once, none of them empty,
    // in shortest form.
    bool canonical;
} AllNames;

void names_read(const Module *m, Arena *arena, AllNames *out);
// The names within one function or type; empty if it has none.
NameMap names_within(const Module *m, const AllNames *names, NamesKind kind, u32 outer,
                     Arena *arena);
