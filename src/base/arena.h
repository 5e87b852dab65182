// arena.h -- memory that dies together.
//
// An arena hands out zeroed blocks and frees them all at once. One that cannot grow does
// not return NULL: it leaves by longjmp to the entry point that armed it (on_failure), so
// code that loads and compiles is free of checks. Between the two nothing else may be held:
// no lock, no host callback.
//
// An arena is used by one thread at a time.
#pragma once

#include "base/account.h"

#include <setjmp.h>

typedef struct ArenaBlock ArenaBlock;

typedef struct {
    ArenaBlock *block;   // the newest, which is being filled
    u8 *pos, *end;       // what is left of it
    size_t total;        // bytes obtained from the system
    size_t limit;        // most that `total` may become; 0 is no limit
    Account *account;    // what `total` is taken from, or NULL
    bool met;            // the account refused, and not the system
    bool refused;        // so did the system, and not a limit
    jmp_buf *on_failure; // where to go when memory is short; never NULL while allocating
} Arena;

void arena_init(Arena *arena);
void arena_free(Arena *arena);  // everything in it; the arena may be used again
// The same, but no more than about so many bytes, since the system takes its time: that was all.
// What is left is not to be used.
bool arena_free_some(Arena *arena, size_t most);
void arena_reset(Arena *arena); // the same, but keeps one block for the next round

// `size` zeroed bytes aligned for any scalar. Leaves through on_failure when there are none.
void *arena_alloc(Arena *arena, size_t size);
void *arena_copy(Arena *arena, const void *data, size_t size);
char *arena_strdup(Arena *arena, const char *text, size_t len); // adds a NUL
_Noreturn void arena_fail(Arena *arena);

// The same, but what is in it is not known: for who fills it piece by piece, and need not wait for
// all of it to become zeros.
void *arena_alloc_rough(Arena *arena, size_t size);

// count * size, where the product may not fit: then it fails like an allocation that is too big.
void *arena_alloc_array(Arena *arena, size_t count, size_t size);

// A copy of the first old_count items in new room for new_count; in place where possible.
void *arena_grow(Arena *arena, void *old, size_t old_count, size_t new_count, size_t size);

#define NEW(arena, Type) ((Type *)arena_alloc((arena), sizeof(Type)))
#define NEW_ARRAY(arena, Type, count) ((Type *)arena_alloc_array((arena), (count), sizeof(Type)))

// How much more room what has so many bytes gets. Large ones get less at once, since whoever wants
// an end would wait for new pages to become zeros; but a part of what they have, since the system
// may have to move all of it.
static inline size_t arena_step(size_t bytes)
{
    enum { STEP = 2 << 20 };
    return MIN(bytes, MAX(bytes / 64, (size_t)STEP));
}
// The capacity behind this one, in items of so many bytes.
static inline u32 arena_more(u32 cap, size_t size)
{
    size_t more = arena_step(cap * size) / size;
    return cap ? cap + (u32)MIN(MAX(more, (size_t)1), (size_t)(UINT32_MAX - cap)) : 8;
}
// Room for more behind so many items, all that there is room for.
SELDOM void *arena_lengthen(Arena *arena, void *items, u32 *cap, size_t size);
// One more in a growing array held as pointer, count and capacity.
#define ARENA_PUSH(arena, items, count, cap)                                                       \
    (*(LIKELY((count) < (cap))                                                                     \
           ? &(items)[(count)++]                                                                   \
           : ((items) = arena_lengthen((arena), (items), &(cap), sizeof *(items)),                 \
              &(items)[(count)++])))
