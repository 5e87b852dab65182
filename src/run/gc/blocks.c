// blocks.c -- see blocks.h.

#include "run/gc/blocks.h"

#include "plat/pages.h"
#include "run/exec.h"
#include "run/gc/suspect.h"
#include "run/native.h"
#include "run/store.h"

#include <assert.h>
#include <string.h>

enum {
    HOLE_LEAST = 16,                  // what is smaller stays unused
    MIDDLE = 256,
    BLOCKS_MOST = 65535,              // so that no end of an object is beyond 32 bits
    ALL_PAGES = 0xffff,
    MARK_BYTES = BLOCK_MARKS / 8,     // of one block, and as many of a stack
};

static u8 *block_at(const Blocks *h, u32 block) { return h->base + (size_t)block * BLOCK_BYTES; }

static u64 beside(u32 blocks)
{
    return (u64)blocks * (4 * MARK_BYTES + BLOCK_CARDS + sizeof(u16) + 1);
}

// Are there objects in this build whose fields code reads where they stand?
static const bool has_fields = !(FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_gc));

static u8 *reserve(u32 blocks, u64 *span)
{
    const u64 all = ((u64)1 << 32) + BLOCK_BYTES;
    *span = all;
    u8 *base = has_fields && sizeof(void *) > 4 ? pages_reserve(all) : NULL;
    if (base) return base;
    *span = (u64)blocks * BLOCK_BYTES;
    return pages_reserve(*span);
}

// Marks and a stack, one behind the other.
static Marking marking_at(u8 *side, u32 blocks)
{
    return (Marking){.marks = (u64 *)(void *)side,
                     .stack = (Ref *)(void *)(side + (size_t)blocks * MARK_BYTES),
                     .stack_cap = blocks * (MARK_BYTES / (u32)sizeof(Ref))};
}

static void stray(void *env)
{
    exec_stop(&((Store *)env)->exec, TRAP_out_of_bounds_memory_access);
}

bool heap_mistrust(Store *s)
{
    Blocks *h = &s->heap;
    h->forged = true;
    if (!NATIVE || !h->base || h->mended) return true;
    h->mend = (FaultMend){.reserved = h->base, .size = h->span, .tell = stray, .env = s};
    h->mended = 1 + fault_add_file(h->base, h->span, &h->mend);
    return h->mended;
}

// Address space may be short (a limit of the process): a smaller heap is better than none, but with
// `least` blocks.
static bool make(Store *s, u32 least)
{
    Blocks *h = &s->heap;
    Account *account = &s->accounts[STORE_heap_bytes];
    u32 most = (u32)MIN(((u64)account->limit + BLOCK_BYTES - 1) / BLOCK_BYTES, BLOCKS_MOST - 1);
    for (u32 count = MAX(most, MAX(least, 1)); count && count >= least; count /= 4) {
        u32 blocks = count + 1;
        u64 span;
        u8 *base = reserve(blocks, &span), *side = base ? pages_map(beside(blocks)) : NULL;
        if (!side) {
            pages_free(base, span);
            continue;
        }
        u8 *second = side + (size_t)blocks * 2 * MARK_BYTES;
        u8 *behind = second + (size_t)blocks * 2 * MARK_BYTES;
        u8 *states = behind + (size_t)blocks * 2;
        *h = (Blocks){.base = base, .side = side, .found = marking_at(side, blocks),
                      .anew = marking_at(second, blocks),
                      .pages = (u16 *)behind, .states = states, .cards = states + blocks,
                      .span = span, .blocks = blocks, .committed = 1, .top = blocks,
                      .high = blocks - 1,
                      .budget = BUDGET_LEAST, .budget_most = BUDGET_FIRST,
                      .live_most = GROWTH_LEAST, .used_most = 2 * GROWTH_LEAST / BLOCK_BYTES,
                      .idle = UINT32_MAX, .spoiled = true};
        h->hole = BLOCK_MARKS;
        h->empty = h->unused = 1;
        account->limit = (size_t)MIN(count, MAX(most, 1)) * BLOCK_BYTES; // whole ones are counted
        bool forged = false;
        for (Instance *i = s->instances; i; i = i->next) {
            i->heap = base;
            forged |= i->module->stored != NULL;
        }
        return !forged || heap_mistrust(s);
    }
    return false;
}

bool heap_reserve(Store *s)
{
    if (!s->heap.base && !make(s, 1)) return false;
    return s->heap.span > (u64)1 << 32;
}

bool heap_reserve_blocks(Store *s, u32 blocks)
{
    return (s->heap.base || make(s, blocks)) && s->heap.blocks > blocks;
}

void heap_free(Store *s)
{
    Blocks *h = &s->heap;
    if (!h->base) return;
    suspects_free(h);
    if (NATIVE) fault_remove(h->mended - 1);
    pages_free(h->base, h->span);
    pages_free(h->side, beside(h->blocks));
    h->base = NULL;
}

u32 marks_find(const u64 *marks, u32 at, u32 end, bool set)
{
    while (at < end) {
        u64 word = (set ? marks[at / 64] : ~marks[at / 64]) >> at % 64;
        if (word) return MIN(at + (u32)__builtin_ctzll(word), end);
        at = (at | 63) + 1;
    }
    return end;
}

// The next hole of at least `size` bytes becomes what is bumped through.
static bool find_hole(Exec *x, Blocks *h, u32 size)
{
    const u64 *marks = h->found.marks;
    for (u32 block = h->hole / BLOCK_MARKS; block < h->blocks; block = h->hole / BLOCK_MARKS) {
        if (heap_block_from(h, block) != block) {
            h->hole = heap_block_from(h, block) * BLOCK_MARKS;
            continue;
        }
        u32 start = block * BLOCK_MARKS, end = start + BLOCK_MARKS, from = end;
        if (h->states[block] == HOLDS_used) from = marks_find(marks, h->hole, end, false);
        u32 to = marks_find(marks, from, end, true), bytes = (to - from) * 8;
        h->whole = (h->hole == start || h->whole) && bytes < HOLE_LEAST;
        h->hole = to;
        if (to == end && h->whole && h->states[block] == HOLDS_used) h->states[block] = HOLDS_full;
        if (bytes < MAX(size, HOLE_LEAST)) continue;
        x->alloc = from * 8;
        x->alloc_end = to * 8;
        h->taken += bytes;
        return true;
    }
    return false;
}

// What counts the memory of blocks is told here, and where it is given back.
static bool hold_blocks(Store *s, u32 count)
{
    if (!store_take(s, STORE_heap_bytes, (u64)count * BLOCK_BYTES)) return false;
    s->heap.held += count;
    return true;
}

static void let_blocks(Store *s, u32 count)
{
    s->heap.held -= count;
    store_give(s, STORE_heap_bytes, (u64)count * BLOCK_BYTES);
}

static void give_back(Store *s, u32 first, u32 count)
{
    let_blocks(s, count);
    pages_discard(block_at(&s->heap, first), (u64)count * BLOCK_BYTES);
}

// The next block of a state from *at on.
static bool find_state(const Blocks *h, u32 *at, BlockState state)
{
    u32 b = heap_block_from(h, *at);
    while (b < h->blocks && h->states[b] != state) b = heap_block_from(h, b + 1);
    *at = b;
    return b < h->blocks;
}

// 0: none are left. One that had memory may be in the upper part; then it is looked at last.
static u32 find_block(Store *s)
{
    Blocks *h = &s->heap;
    if (find_state(h, &h->empty, HOLDS_empty)) return h->empty;
    if (!hold_blocks(s, 1)) return 0;
    bool lower = find_state(h, &h->unused, HOLDS_unused) && h->unused < h->committed;
    if (!lower && h->committed < h->top) {
        if (pages_commit(block_at(h, h->committed), BLOCK_BYTES)) return h->committed++;
    } else if (h->unused < h->blocks) {
        return h->unused;
    }
    let_blocks(s, 1);
    return 0;
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

// ---- Large objects

// Which pages of a block are not to be had.
static u32 pages_of(const Blocks *h, u32 block)
{
    switch ((BlockState)h->states[block]) {
    case HOLDS_pages: return h->pages[block];
    case HOLDS_unused: case HOLDS_empty: return 0;
    default: return ALL_PAGES;
    }
}

// The highest run of so many, in blocks up to `from`; or the next below. 0: there is none.
static u32 find_pages(const Blocks *h, u32 from, u32 count)
{
    u32 run = 0;
    for (u32 b = from; b; b--) {
        u32 used = pages_of(h, b), page = b * BLOCK_PAGES;
        if (!used && run + BLOCK_PAGES < count) {
            run += BLOCK_PAGES;
            continue;
        }
        for (u32 i = BLOCK_PAGES; i--;) {
            run = used >> i & 1 ? 0 : run + 1;
            if (run == count) return page + i;
        }
    }
    return 0;
}

// The blocks of a run are held from now on, and all have memory.
static bool hold_pages(Store *s, u32 first, u32 count)
{
    Blocks *h = &s->heap;
    u32 block = first / BLOCK_PAGES, end = (first + count - 1) / BLOCK_PAGES + 1, fresh = 0;
    for (u32 b = block; b < end; b++) fresh += h->states[b] == HOLDS_unused;
    if (fresh && !hold_blocks(s, fresh)) return false;
    u32 gap = MIN(end, h->top), from = MAX(block, h->committed);
    if (from < gap && !pages_commit(block_at(h, from), (u64)(h->top - from) * BLOCK_BYTES)) {
        let_blocks(s, fresh);
        return false;
    }
    h->top = from < gap ? from : h->top;
    for (u32 b = block; b < end; b++) {
        if (h->states[b] != HOLDS_pages) h->pages[b] = 0;
        h->states[b] = HOLDS_pages;
    }
    for (u32 p = first; p < first + count; p++)
        h->pages[p / BLOCK_PAGES] |= (u16)(1u << p % BLOCK_PAGES);
    return true;
}

static Ref take_pages(Store *s, u32 size)
{
    Blocks *h = &s->heap;
    u32 count = (u32)(((u64)size + PAGE_BYTES - 1) / PAGE_BYTES);
    u32 first = find_pages(h, h->high, count);
    if (!first && h->high + 1 < h->blocks) first = find_pages(h, h->blocks - 1, count);
    if (!first) s->met = STORE_heap_bytes; // there are no more addresses than that
    if (!first || !hold_pages(s, first, count)) return REF_NULL;
    h->high = first / BLOCK_PAGES;
    h->taken += (u64)count * PAGE_BYTES;
    return first * PAGE_BYTES;
}

// Those are in use that have marks.
static BlockState sweep_pages(Blocks *h, u32 block)
{
    enum { MARKS = BLOCK_MARKS / BLOCK_PAGES };
    u32 used = 0;
    for (u32 i = 0; i < BLOCK_PAGES; i++) {
        u32 first = block * BLOCK_MARKS + i * MARKS;
        used |= (u32)(marks_find(h->found.marks, first, first + MARKS, true) < first + MARKS) << i;
    }
    h->pages[block] = (u16)used;
    return used ? HOLDS_pages : HOLDS_empty;
}

Ref heap_take(Store *s, u32 size)
{
    Blocks *h = &s->heap;
    Exec *x = &s->exec;
    assert(size % 8 == 0);
    if (!h->base && !make(s, 1)) return REF_NULL;
    if (has_fields && size > OBJECT_MOST) return take_pages(s, size);
    if (x->alloc_end - x->alloc >= size) return bump(&x->alloc, size);
    if (size > MIDDLE) {
        if (h->middle_end - h->middle >= size || take_block(s, &h->middle, &h->middle_end))
            return bump(&h->middle, size);
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

bool heap_checked(const Store *s)
{
    return (s->gc_stress || FINDS_MISTAKES) && !s->heap.forged;
}

void heap_spoil(Blocks *h)
{
    const u64 *marks = h->found.marks;
    EACH_BLOCK(h, b) {
        if (h->states[b] == HOLDS_unused) continue;
        u32 end = (b + 1) * BLOCK_MARKS, to;
        for (u32 at = b * BLOCK_MARKS; at < end; at = to) {
            at = marks_find(marks, at, end, false);
            to = marks_find(marks, at, end, true);
            memset(h->base + (size_t)at * 8, HEAP_SPOILED & 0xff, (size_t)(to - at) * 8);
        }
    }
}

u32 heap_blocks_used(const Blocks *h)
{
    u32 used = 0;
    EACH_BLOCK(h, b) used += h->states[b] > HOLDS_empty;
    return used;
}

// How many of the empty blocks nobody needs. To be given memory anew costs more than to fill it; so
// they are those that were left over each time of the last few.
static u32 idle_blocks(Blocks *h, u32 empty, bool all)
{
    enum { FEW = 8 };
    h->idle = MIN(h->idle, empty);
    u32 idle = all ? h->blocks : h->idle;
    if (!all && ++h->sweeps % FEW) return 0;
    h->idle = UINT32_MAX;
    return idle;
}

void heap_swept(Store *s, bool major, bool all)
{
    Blocks *h = &s->heap;
    const u64 *marks = h->found.marks;
    u32 empty = 0, run = 0, end = 1;
    EACH_BLOCK(h, b) empty += h->states[b] == HOLDS_empty;
    u32 idle = idle_blocks(h, empty, all);
    EACH_BLOCK(h, b) {
        bool back = false;
        if (h->states[b] != HOLDS_unused) {
            u32 first = b * BLOCK_MARKS, last = first + BLOCK_MARKS;
            bool was_empty = h->states[b] == HOLDS_empty;
            if (h->states[b] == HOLDS_pages) h->states[b] = sweep_pages(h, b);
            else if (major || h->states[b] != HOLDS_full)
                h->states[b] =
                    marks_find(marks, first, last, true) < last ? HOLDS_used : HOLDS_empty;
            back = h->states[b] == HOLDS_empty && (all || (was_empty && empty <= idle));
            empty -= was_empty;
        }
        if (run && (!back || b != end)) {
            give_back(s, end - run, run);
            run = 0;
        }
        if (!back) continue;
        h->states[b] = HOLDS_unused;
        run++;
        end = b + 1;
    }
    if (run) give_back(s, end - run, run);
    s->exec.alloc = s->exec.alloc_end = h->middle = h->middle_end = 0;
    h->hole = BLOCK_MARKS;
    h->empty = h->unused = 1;
    h->high = h->blocks - 1;
}

void heap_plan(Blocks *h, bool major)
{
    enum { PAUSE = 100000 }; // references that take some milliseconds to look at
    h->taken_before = major ? 0 : h->taken_before + h->taken;
    h->paid -= (s64)h->taken;
    h->taken = 0;
    h->minors = major ? 0 : h->minors + 1;
    h->live = major ? h->anew.marked : h->live + h->found.marked;
    if (major) {
        u64 growth = MAX(h->live / 4 * 3, GROWTH_LEAST), used = heap_blocks_used(h);
        h->live_most = h->live + growth;
        // Where little lives in each block there is no use in looking for more.
        h->used_most = (u32)(MAX(used, h->live / 2 * 3 / BLOCK_BYTES) + growth / BLOCK_BYTES);
    }
    u64 most = h->budget_most, looked_at = h->found.looked_at;
    if (!major && looked_at > PAUSE) most = MAX(most / 4, most * PAUSE / looked_at);
    else if (!major && looked_at < PAUSE / 2) most = 2 * MIN(most, h->budget);
    h->budget_most = most = MIN(MAX(most, BUDGET_LEAST), BUDGET_MOST);
    u64 budget = h->live / 4 + h->roots / 2;
    h->budget = MIN(MAX(budget, BUDGET_LEAST), MAX(most, h->roots / 2));
}
