// blocks.h -- where objects lie: one reservation of a store, in blocks.
//
//     0          64 KiB
//     | no access | block | block | ... ->        <- ... | block | block |
//                   objects, none across two of them       runs of pages, for what is larger
//     beside it: a mark for 8 bytes, and once more; a stack for each; cards, the state of each
//     block, which pages of it are in use
//
// Where there are addresses enough all 4 GiB of them are reserved, and a piece behind: so whatever
// 32 bits an access computes from, it stays there.
//
// Allocation bumps (Exec.alloc) through holes: runs of 8 bytes without a mark, which the last
// collection left. They are found when they are needed, from the lowest block on, and never looked
// at twice; behind them come empty blocks. What is larger than MIDDLE does not look for holes
// first, so that it skips none that smaller ones fit in. What is larger than OBJECT_MOST gets pages
// of its own, from the other end, unless it is a structure that the hole at hand has room for;
// which of those are free follows from the marks too.
#pragma once

#include "base/types.h"
#include "plat/fault.h"

typedef struct Store Store;
typedef struct Collection Collection;
typedef u32 Ref;

enum {
    BLOCK_BYTES = 1 << 16, BLOCK_MARKS = BLOCK_BYTES / 8,
    OBJECT_MOST = 16 << 10, // in a block; what is larger has pages
    BLOCK_PAGES = 16, PAGE_BYTES = BLOCK_BYTES / BLOCK_PAGES,
    CARD_ITEMS = 16, CARD_BYTES = CARD_ITEMS * 4, BLOCK_CARDS = BLOCK_BYTES / CARD_BYTES,
};

typedef enum {
    HOLDS_unused, // has no memory
    HOLDS_empty,  // nothing is in it
    HOLDS_used,   // has marks
    HOLDS_full,   // and no hole that is worth it, until the next major collection
    HOLDS_taken,  // since the last collection
    HOLDS_pages,  // of large objects
} BlockState;

// Objects that were found, and what is to be looked at yet. See collect.c.
typedef struct {
    u64 *marks;        // a bit for 8 bytes; an object has all of its own
    Ref *stack;        // references that were not yet looked at: of objects that have marks, mostly
    u32 stack_count, stack_cap;
    // those that will be marked next, the oldest at queue_at: it takes time until they are at hand
    Ref queue[8];
    u32 queue_at;
    u32 again;         // where all that has marks is looked at again: a mark; 0: nowhere
    bool overflowed;   // the stack was full when something was to be put there
    bool waits;        // what is found goes on the stack as it is
    u64 marked;        // bytes that got their marks since somebody set it to 0; likewise
    u64 looked_at;     // references, but for roots
    u64 work;          // bytes that were gone through; of a long object at most a piece at a time
} Marking;

typedef struct {
    u8 *base;          // NULL: no object was ever made
    u8 *side;          // all that is beside it
    // What lives, as far as is known. The stack has what was stored to, between collections.
    Marking found;
    Marking anew;      // what a major collection that is under way found; else no mark is set
    u16 *pages;        // of each block, a bit for a page that is in use
    u8 *states;
    u8 *cards;         // of arrays in pages: 1 where a piece was stored to, and is on the stack
    u64 span;          // bytes that are reserved
    u32 blocks;        // that there is room for, the first included
    // those below have been given memory, and those from `top` on
    u32 committed, top;
    u32 held;          // blocks that have some
    u32 hole;          // where the search for holes goes on: a mark
    bool whole;        // none was found in its block
    u32 empty, unused; // likewise for blocks
    u32 sweeps, idle;  // of the last few the least number of empty blocks that were left
    u32 middle, middle_end; // where the next that skips holes goes, and where it must end
    u32 high;          // where the search for pages goes on, downwards: a block
    u64 taken;         // bytes that were handed to allocation since the last collection
    u64 taken_before;  // and between that and the last major one
    u64 budget;        // how many there may be before the next
    u64 budget_most;   // and are at most, unless roots take long
    u64 live;          // bytes that have marks
    u64 roots;         // that were looked through last time
    u64 live_most;     // when more has marks it is time for a major collection, or
    u32 used_most;     // when more blocks are in use
    u32 minors;        // since the last major one ended
    bool running;      // a major one is under way, and
    bool drained;      // had nothing left to look at when it was last gone on with
    u32 rate;          // it goes through so many bytes for each that is handed out
    s64 paid;          // and has for so many of `taken`
    u32 held_most;     // blocks; when more are held it is brought to its end at once
    u32 logged;        // tests: objects that were stored to
    u32 steps;         // likewise: allocations since a major one began
    bool spoiled;      // likewise: what is free is zero, or was spoiled
    bool forged;       // what stands there may be no object's, and nothing is verified
    s32 mended;        // then: 1 and its place among what is mended; 0: it has none
    FaultMend mend;
    struct Suspects *suspects; // likewise: see suspect.h; or NULL
} Blocks;

// How much may be made between two collections, if the budget says so; and how much more may live
// than a major one found, in any case, before there is the next.
enum {
    BUDGET_LEAST = 256 << 10, BUDGET_FIRST = 1 << 20, BUDGET_MOST = 16 << 20,
    GROWTH_LEAST = 512 << 10,
};

// The first mark from `at` on that is set, or is not; `end` if there is none before.
u32 marks_find(const u64 *marks, u32 at, u32 end, bool set);
static inline bool marks_has(const u64 *marks, Ref ref)
{
    return marks[ref / 512] >> ref / 8 % 64 & 1;
}
static inline bool heap_marked(const Blocks *h, Ref ref) { return marks_has(h->found.marks, ref); }

// The first block, and the one behind it, of those that there is or was memory for; h->blocks is
// the end.
static inline u32 heap_block_from(const Blocks *h, u32 block)
{
    return block < h->committed ? block : MAX(block, h->top);
}
#define EACH_BLOCK(h, b)                                                                           \
    for (u32 b = heap_block_from(h, 1); b < (h)->blocks; b = heap_block_from(h, b + 1))
static inline bool heap_has(const Blocks *h, Ref ref)
{
    u32 block = ref / BLOCK_BYTES;
    return block && block < h->blocks && heap_block_from(h, block) == block;
}

// How many bytes there are from a reference on that have memory. 0: it is none that any object can
// have, which is asked first of whatever stands in the heap: a guest may have written anything.
static inline u32 heap_room(const Blocks *h, Ref ref)
{
    u32 block = ref / BLOCK_BYTES, end = h->committed;
    if (UNLIKELY(!block || ref % 8)) return 0;
    if (block >= end) {
        end = h->blocks;
        if (block < h->top || block >= end) return 0;
    }
    return end * BLOCK_BYTES - ref;
}

// Tests, and builds that are to find mistakes: what has no mark is filled with words that nobody
// takes for a head.
#define HEAP_SPOILED 0xa5a5a5a5u
bool heap_checked(const Store *store);
void heap_spoil(Blocks *heap);

// Reserves it now, if it is not. Is it so large that whatever 32 bits an access computes from stay
// there?
bool heap_reserve(Store *store);
// Likewise; with places for so many blocks at least, whether they may be used or not?
bool heap_reserve_blocks(Store *store, u32 blocks);
// From here on somebody's code may hand numbers for references to whoever believes them: other
// modules' code, and the interpreter. Where such a number leads to no object there is memory then,
// and the store's guest ends at its next poll. False: out of memory.
bool heap_mistrust(Store *store);
// Room for an object of `size` bytes, a multiple of 8, without a collection. 0: none.
Ref heap_take(Store *store, u32 size);
// From here on all that has no mark is free. Memory of blocks goes back to the system where nobody
// took it for some time; or all that is free.
void heap_swept(Store *store, bool major, bool all);
// Blocks that are neither empty nor without memory.
u32 heap_blocks_used(const Blocks *heap);
// What this one found says when the next is due, and of which kind. No clock is asked: the same
// program collects at the same places on any machine.
void heap_plan(Blocks *heap, bool major);
void heap_free(Store *store);
