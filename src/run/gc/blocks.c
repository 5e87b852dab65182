// blocks.c -- see blocks.h.

#include "run/gc/blocks.h"

#include "plat/pages.h"
#include "run/exec.h"
#include "run/store.h"

#include <assert.h>
#include <string.h>

enum {
    HOLE_LEAST = 32,                  // what is smaller stays unused
    LARGE = 256, OBJECT_MOST = 16 << 10,
    BLOCKS_MOST = 65535,              // so that no end of an object is beyond 32 bits
    MARK_BYTES = BLOCK_MARKS / 8,     // of one block, and as many of the stack
    BUDGET_LEAST = 256 << 10, BUDGET_MOST = 32 << 20,
};

static u8 *block_at(const Blocks *h, u32 block) { return h->base + (size_t)block * BLOCK_BYTES; }

static u64 beside(u32 blocks) { return (u64)blocks * (2 * MARK_BYTES + 1); }

// Address space may be short (a limit of the process): a smaller heap is better than none.
static bool make(Store *s)
{
    Blocks *h = &s->heap;
    Account *account = &s->accounts[STORE_heap_bytes];
    u32 most = (u32)MIN(((u64)account->limit + BLOCK_BYTES - 1) / BLOCK_BYTES, BLOCKS_MOST - 1);
    for (u32 count = MAX(most, 1); count; count /= 4) {
        u32 blocks = count + 1;
        u8 *base = pages_reserve((u64)blocks * BLOCK_BYTES),
           *side = base ? pages_map(beside(blocks)) : NULL;
        if (!side) {
            pages_free(base, (u64)blocks * BLOCK_BYTES);
            continue;
        }
        *h = (Blocks){.base = base, .marks = (u64 *)side,
                      .stack = (Ref *)(side + (size_t)blocks * MARK_BYTES),
                    .states = side + (size_t)blocks * 2 * MARK_BYTES, .blocks = blocks,
                    .committed = 1,
                    .stack_cap = blocks * (MARK_BYTES / (u32)sizeof(Ref)), .budget = BUDGET_LEAST};
        h->hole = BLOCK_MARKS;
        h->empty = h->unused = 1;
        account->limit = (size_t)count * BLOCK_BYTES; // whole blocks are counted
        for (Instance *i = s->instances; i; i = i->next) i->heap = base;
        return true;
    }
    return false;
}

void heap_free(Store *s)
{
    Blocks *h = &s->heap;
    if (!h->base) return;
    pages_free(h->base, (u64)h->blocks * BLOCK_BYTES);
    pages_free(h->marks, beside(h->blocks));
    h->base = NULL;
}

u32 heap_find(const Blocks *h, u32 at, u32 end, bool set)
{
    while (at < end) {
        u64 word = (set ? h->marks[at / 64] : ~h->marks[at / 64]) >> at % 64;
        if (word) return MIN(at + (u32)__builtin_ctzll(word), end);
        at = (at | 63) + 1;
    }
    return end;
}

// The next hole of at least `size` bytes becomes what is bumped through.
static bool find_hole(Exec *x, Blocks *h, u32 size)
{
    while (h->hole / BLOCK_MARKS < h->committed) {
        u32 block = h->hole / BLOCK_MARKS, end = (block + 1) * BLOCK_MARKS;
        u32 from = h->states[block] == HOLDS_used ? heap_find(h, h->hole, end, false) : end;
        u32 to = heap_find(h, from, end, true), bytes = (to - from) * 8;
        h->hole = to;
        if (bytes < MAX(size, HOLE_LEAST)) continue;
        x->alloc = from * 8;
        x->alloc_end = to * 8;
        h->taken += bytes;
        return true;
    }
    return false;
}

// What counts the memory of blocks is told here, and where it is given back.
static bool hold_block(Store *s)
{
    if (!store_take(s, STORE_heap_bytes, BLOCK_BYTES)) return false;
    s->heap.held++;
    return true;
}

static void give_back(Store *s, u32 first, u32 count)
{
    s->heap.held -= count;
    store_give(s, STORE_heap_bytes, (u64)count * BLOCK_BYTES);
    pages_discard(block_at(&s->heap, first), (u64)count * BLOCK_BYTES);
}

// 0: none are left.
static u32 find_block(Store *s)
{
    Blocks *h = &s->heap;
    for (; h->empty < h->committed; h->empty++)
        if (h->states[h->empty] == HOLDS_empty) return h->empty;
    while (h->unused < h->committed && h->states[h->unused] != HOLDS_unused) h->unused++;
    if (!hold_block(s)) return 0;
    if (h->unused == h->committed) {
        if (!pages_commit(block_at(h, h->committed), BLOCK_BYTES)) {
            h->held--;
            store_give(s, STORE_heap_bytes, BLOCK_BYTES);
            return 0;
        }
        h->committed++;
    }
    return h->unused;
}

static bool take_block(Store *s, u32 *at, u32 *end)
{
    u32 block = find_block(s);
    if (!block) return false;
    s->heap.states[block] = HOLDS_taken;
    s->heap.taken += BLOCK_BYTES;
    *at = block * BLOCK_BYTES;
    *end = *at + BLOCK_BYTES;
    return true;
}

static Ref bump(u32 *at, u32 size)
{
    Ref ref = *at;
    *at += size;
    return ref;
}

Ref heap_take(Store *s, u32 size)
{
    Blocks *h = &s->heap;
    Exec *x = &s->exec;
    assert(size % 8 == 0 && size <= OBJECT_MOST);
    if (!h->base && !make(s)) return REF_NULL;
    if (x->alloc_end - x->alloc >= size) return bump(&x->alloc, size);
    if (size > LARGE) {
        if (h->large_end - h->large >= size || take_block(s, &h->large, &h->large_end))
            return bump(&h->large, size);
        if (!find_hole(x, h, size)) return REF_NULL;
        s->met = STORE_LIMIT_COUNT; // that no block could be had
        return bump(&x->alloc, size);
    }
    if (find_hole(x, h, size) || take_block(s, &x->alloc, &x->alloc_end))
        return bump(&x->alloc, size);
    return REF_NULL;
}

#if defined __SANITIZE_ADDRESS__
#define FINDS_MISTAKES true
#elif defined __has_feature
#define FINDS_MISTAKES __has_feature(address_sanitizer)
#else
#define FINDS_MISTAKES false
#endif

bool heap_checked(const Store *s) { return s->gc_stress || FINDS_MISTAKES; }

void heap_spoil(Blocks *h)
{
    for (u32 b = 1; b < h->committed; b++) {
        if (h->states[b] == HOLDS_unused) continue;
        u32 end = (b + 1) * BLOCK_MARKS, to;
        for (u32 at = b * BLOCK_MARKS; at < end; at = to) {
            at = heap_find(h, at, end, false);
            to = heap_find(h, at, end, true);
            memset(h->base + (size_t)at * 8, HEAP_SPOILED & 0xff, (size_t)(to - at) * 8);
        }
    }
}

// Empty blocks keep their memory as far as the next objects will need it: to be given some anew
// costs more than to fill it.
void heap_swept(Store *s)
{
    Blocks *h = &s->heap;
    h->budget = MIN(MAX(h->live, BUDGET_LEAST), MAX(BUDGET_MOST, h->live / 2));
    u32 keep = (u32)(h->budget / BLOCK_BYTES), run = 0;
    for (u32 b = 1; b < h->committed; b++) {
        bool back = false;
        if (h->states[b] != HOLDS_unused) {
            u32 first = b * BLOCK_MARKS, end = first + BLOCK_MARKS;
            h->states[b] = heap_find(h, first, end, true) < end ? HOLDS_used : HOLDS_empty;
            back = h->states[b] == HOLDS_empty && !keep;
            if (h->states[b] == HOLDS_empty && keep) keep--;
        }
        if (back) {
            h->states[b] = HOLDS_unused;
            run++;
        }
        if (run && (!back || b + 1 == h->committed)) {
            give_back(s, back ? b + 1 - run : b - run, run);
            run = 0;
        }
    }
    s->exec.alloc = s->exec.alloc_end = h->large = h->large_end = 0;
    h->hole = BLOCK_MARKS;
    h->empty = h->unused = 1;
    h->taken = 0;
}
