// frozen.c -- see frozen.h.

#include "run/gc/frozen.h"

#include "plat/pages.h"
#include "run/store.h"

#include <stdlib.h>
#include <string.h>

enum { MARK_BYTES = BLOCK_MARKS / 8, FROZEN_BYTES = BLOCK_BYTES + MARK_BYTES };

static u8 *block_at(const Blocks *h, u32 block) { return h->base + (size_t)block * BLOCK_BYTES; }
static u8 *marks_of(const Blocks *h, u32 block)
{
    return (u8 *)h->found.marks + (size_t)block * MARK_BYTES;
}
static bool has_objects(const Blocks *h, u32 block) { return h->states[block] > HOLDS_empty; }

bool heap_freeze(const Store *s, FrozenHeap *out)
{
    const Blocks *h = &s->heap;
    *out = (FrozenHeap){0};
    u32 count = h->base ? heap_blocks_used(h) : 0;
    if (!count) return true;
    size_t bytes;
    out->blocks = calloc(count, sizeof *out->blocks);
    out->bytes = size_fits(count, FROZEN_BYTES, &bytes) ? malloc(bytes) : NULL;
    if (!out->blocks || !out->bytes) {
        heap_frozen_free(out);
        return false;
    }
    EACH_BLOCK(h, b) {
        if (!has_objects(h, b)) continue;
        u8 *to = out->bytes + (size_t)out->count * FROZEN_BYTES;
        memcpy(to, block_at(h, b), BLOCK_BYTES);
        memcpy(to + BLOCK_BYTES, marks_of(h, b), MARK_BYTES);
        out->blocks[out->count++] = (FrozenBlock){b, h->pages[b], h->states[b]};
    }
    out->committed = h->committed;
    out->top = h->top < h->blocks ? h->top : 0;
    out->live = h->live;
    return true;
}

void heap_frozen_free(FrozenHeap *f)
{
    free(f->blocks);
    free(f->bytes);
    *f = (FrozenHeap){0};
}

// Memory for all blocks that had some.
static bool commit(Blocks *h, const FrozenHeap *f)
{
    u64 lower = (u64)(f->committed - 1) * BLOCK_BYTES;
    if (f->committed > 1 && !pages_commit(block_at(h, 1), lower)) return false;
    h->committed = MAX(f->committed, 1);
    if (!f->top) return true;
    if (!pages_commit(block_at(h, f->top), (u64)(h->blocks - f->top) * BLOCK_BYTES)) return false;
    h->top = f->top;
    return true;
}

static bool thaw(Store *s, const FrozenHeap *f)
{
    Blocks *h = &s->heap;
    if (!heap_reserve_blocks(s, f->blocks[f->count - 1].block)) return false;
    if (!store_take(s, STORE_heap_bytes, (u64)f->count * BLOCK_BYTES)) return false;
    h->held = f->count;
    if (!commit(h, f)) return false;
    for (u32 i = 0; i < f->count; i++) {
        const FrozenBlock *b = &f->blocks[i];
        const u8 *from = f->bytes + (size_t)i * FROZEN_BYTES;
        memcpy(block_at(h, b->block), from, BLOCK_BYTES);
        memcpy(marks_of(h, b->block), from + BLOCK_BYTES, MARK_BYTES);
        h->pages[b->block] = b->pages;
        h->states[b->block] = b->state;
    }
    h->anew.marked = f->live;
    heap_plan(h, true);
    h->anew.marked = 0;
    return true;
}

bool heap_thaw(Store *s, const FrozenHeap *f)
{
    if (!f->count || thaw(s, f)) return true;
    if (s->heap.held) store_give(s, STORE_heap_bytes, (u64)s->heap.held * BLOCK_BYTES);
    heap_free(s);
    s->heap = (Blocks){0};
    for (Instance *i = s->instances; i; i = i->next) i->heap = NULL;
    return false;
}
