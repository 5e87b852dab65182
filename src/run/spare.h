// spare.h -- mappings that are used again: each thread keeps one of a kind, since making one costs
// system calls, and each of its pages a fault.
#pragma once

#include "base/arena.h"
#include "base/halt.h"

typedef enum {
    SPARE_stack, // what guests run on; holds anything
    // a function space; zeroed, and at least its first SPARE_WRITABLE bytes may be written
    SPARE_funcs,
    // address space of a guarded memory, see guard.h; zeroed, and as many bytes from the memory's
    // base on may be accessed as its size says
    SPARE_guarded,
    SPARE_other, // a second stack, to which tests move what runs
    SPARE_COUNT,
} SpareKind;
enum { SPARE_WRITABLE = 64 << 10, SPARE_APART = 8 };

typedef struct {
    struct { void *start; size_t size; } kept[SPARE_COUNT];
    // stacks of stores with strangers' code; of: whose guests alone have run there
    struct { void *start; size_t size, of; } apart[SPARE_APART];
    u32 oldest;            // of those
    Arena scratch;         // see spare_end_scratch
    bool ends_with_thread; // what is kept is unmapped then
} Spares;
extern THREAD_LOCAL Spares spares __attribute__((visibility("hidden")));

void *spare_make(SpareKind kind, size_t *size);
void spare_keep(SpareKind kind, void *start, size_t size);

// At least `*size` bytes, which becomes how many. NULL: refused. Calls from the host take and give,
// so both are a few instructions where there is one to be had and room for it.
static inline void *spare_take(SpareKind kind, size_t *size)
{
    void *start = spares.kept[kind].start;
    if (UNLIKELY(!start || spares.kept[kind].size < *size)) return spare_make(kind, size);
    *size = spares.kept[kind].size;
    spares.kept[kind].start = NULL;
    return start;
}

// To be kept by this thread, or unmapped if it has one.
static inline void spare_give(SpareKind kind, void *start, size_t size)
{
    if (UNLIKELY(!start || spares.kept[kind].start || !spares.ends_with_thread)) {
        spare_keep(kind, start, size);
        return;
    }
    spares.kept[kind].start = start;
    spares.kept[kind].size = size;
}
// The same for the stack of a store with strangers' code (Exec.strangers, not 0): there is nothing
// on it of anybody's but that store's guests. Stores that take turns on a thread find their own, if
// they are no more than SPARE_APART; else one of those is given back to the system, and is used
// again.
void *spare_take_apart(size_t of, size_t *size);
void spare_give_apart(size_t of, void *start, size_t size);

// Scratch memory of who makes code, which may be much, so that to give it back takes long: where
// somebody asks for an end, it is done later, by who begins the next on this thread, or when that
// ends. False: that was not to be waited for, and nothing has begun.
bool spare_begin_scratch(Arena *scratch, Halt halt);
void spare_end_scratch(Arena *scratch, Halt halt);

// Unmaps what this thread keeps. Happens by itself when it ends.
void spare_drop(void);
