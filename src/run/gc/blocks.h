// blocks.h -- where objects lie: one reservation of a store, in blocks.
//
//     0          64 KiB
//     | no access | block | block | ...           objects, none across two blocks
//     beside it: a mark for 8 bytes, the state of each block, the stack for marking
//
// Allocation bumps (Exec.alloc) through holes: runs of 8 bytes without a mark, which the last
// collection left. They are found when they are needed, from the lowest block on, and never looked
// at twice; behind them come empty blocks. What is larger than LARGE does not look for holes first,
// so that it skips none that smaller ones fit in.
#pragma once

#include "base/types.h"

typedef struct Store Store;
typedef u32 Ref;

enum { BLOCK_BYTES = 1 << 16, BLOCK_MARKS = BLOCK_BYTES / 8 };

typedef enum {
    HOLDS_unused, // has no memory
    HOLDS_empty,  // nothing is in it
    HOLDS_used,   // has marks: something of it lived through the last collection
    HOLDS_taken,  // since then
} BlockState;

typedef struct {
    u8 *base;          // NULL: no object was ever made
    u64 *marks;
    u8 *states;
    Ref *stack;        // objects with marks whose references were not yet looked at
    u32 stack_count, stack_cap;
    u32 blocks;        // that there is room for, the first included
    u32 committed;     // those below have been given memory
    u32 held;          // blocks that have some
    u32 hole;          // where the search for holes goes on: a mark
    u32 empty, unused; // likewise for blocks
    u32 large, large_end; // where the next large object goes, and where it must end
    u64 taken;         // bytes that were handed to allocation since the last collection
    u64 budget;        // how many there may be before the next
    u64 live;          // bytes that had marks then
    bool overflowed;   // the stack was full when an object got its marks
} Blocks;

// The first mark from `at` on that is set, or is not; `end` if there is none before.
u32 heap_find(const Blocks *heap, u32 at, u32 end, bool set);
static inline bool heap_marked(const Blocks *h, Ref ref)
{
    return h->marks[ref / 512] >> ref / 8 % 64 & 1;
}

// Is there memory, or was there?
static inline bool heap_has(const Blocks *h, Ref ref)
{
    return ref >= BLOCK_BYTES && ref / BLOCK_BYTES < h->committed;
}

// Tests, and builds that are to find mistakes: what has no mark is filled with words that nobody
// takes for a head.
#define HEAP_SPOILED 0xa5a5a5a5u
bool heap_checked(const Store *store);
void heap_spoil(Blocks *heap);

// Room for an object of `size` bytes, a multiple of 8 and at most 16 KiB, without a collection. 0:
// none.
Ref heap_take(Store *store, u32 size);
// From here on all that has no mark is free.
void heap_swept(Store *store);
void heap_free(Store *store);
