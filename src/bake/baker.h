// baker.h -- what the files of bake/ share. Private to it. See bake.h.
//
//     memory.c   which bytes are to be written      --+
//     table.c    which entries, as segments         --+--> bake.c   sections in their order
//     value.c    values as constant expressions     --+
//
// What cannot be written is refused where it is met, by bake_refuse, which leaves as an arena does
// whose memory is short.
#pragma once

#include "bake/bake.h"
#include "binary/encode.h"

typedef struct {
    u64 at, len; // bytes
    u32 memory;
} Span;

// Entries of a table that will be a segment.
typedef struct {
    u64 at;
    u32 count, table;
    bool exprs;  // one of them is null, or the table is not of functions in general
} Run;

typedef struct { Ref ref; u32 index; } ImportedFunc;

typedef struct {
    Instance *inst;
    const Module *m;
    const BakePlan *plan;
    Arena *arena;
    char *why;       // BAKE_WHY
    TypeIndexes types;
    Span *spans;     // of all memories, in their order
    u32 span_count, span_cap, span_most;
    u64 gap;         // zeros between two, more than that
    Run *runs;       // of all tables, likewise
    u32 run_count, run_cap;
    ImportedFunc *imports; // sorted
    u8 *declared;    // by function: something outside of bodies names it in what is written
} Baker;

_Noreturn void bake_refuse(Baker *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

// Where something stands, for who is told that it cannot be written.
typedef struct {
    ExternKind kind; // EXTERN_COUNT: an element segment
    u32 index;
    u64 entry;       // PLACE_WHOLE: it is all of it
} Place;
#define PLACE_WHOLE UINT64_MAX

// value.c
void bake_imports(Baker *b); // before functions are written
void bake_ref(Baker *b, Buf *out, Type type, Ref ref, Place at);
void bake_value(Baker *b, Buf *out, Type type, const u64 value[2], Place at);
void bake_func(Baker *b, Buf *out, Type type, Ref ref, Place at); // its index alone
void bake_offset(Buf *out, bool is64, u64 at);
bool bake_can_say(const Baker *b, Type type, Ref ref); // no object

// memory.c
void bake_find_spans(Baker *b);
u32 bake_data_count(const Baker *b);
bool bake_datas(Baker *b, Buf *out); // false: there are none
bool bake_data_stays(const Baker *b, u32 data);

// table.c
void bake_find_runs(Baker *b);
bool bake_elems(Baker *b, Buf *out); // false: there are none. Last of all that names functions.
bool bake_elem_stays(const Baker *b, u32 elem);
