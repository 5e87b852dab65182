// suspect.c -- see suspect.h.
//
// Where objects start is found by going through a block from one to the next: what is free there
// has zeros or was spoiled. A large object may be in blocks behind its own, so those with pages are
// gone through together.

#include "run/gc/suspect.h"

#include "run/frame.h"
#include "run/object.h"
#include "run/park.h"
#include "run/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUSPECTS_MOST = 256 }; // others are free at once

struct Suspects {
    u64 *starts;   // a bit for each 8 bytes: an object starts there; of blocks that are known
    bool *known;   // by block
    u32 *known_of; // which those are
    u32 known_count;
    bool marked;
    u32 count;
    struct { Ref ref; u32 size; } of[SUSPECTS_MOST];
};

// ---- Where objects start

static u32 head_at(const Blocks *h, Ref ref) { return *(const u32 *)(const void *)(h->base + ref); }

static bool is_head(u32 head) { return head && head != HEAP_SPOILED; }

static void set_bits(u64 *bits, Ref ref, u32 size, bool set)
{
    for (u32 at = ref / 8; at < (ref + size) / 8; at++) {
        u64 bit = (u64)1 << at % 64;
        bits[at / 64] = set ? bits[at / 64] | bit : bits[at / 64] & ~bit;
    }
}

static void know(struct Suspects *all, u32 block)
{
    if (!all->known[block]) all->known_of[all->known_count++] = block;
    all->known[block] = true;
}

static void know_small(const Store *s, u32 block)
{
    const Blocks *h = &s->heap;
    for (u64 at = (u64)block * BLOCK_BYTES, end = at + BLOCK_BYTES; at < end;) {
        bool used = is_head(head_at(h, (Ref)at));
        if (used) set_bits(h->suspects->starts, (Ref)at, 8, true);
        at += used ? object_size(s, (Ref)at) : 8;
    }
}

static void know_large(const Store *s)
{
    const Blocks *h = &s->heap;
    u64 end = (u64)h->blocks * BLOCK_BYTES;
    for (u32 b = h->top; b < h->blocks; b++) // there may be small objects between
        if (h->states[b] == HOLDS_pages) know(h->suspects, b);
    for (u64 at = (u64)h->top * BLOCK_BYTES; at < end;) {
        u32 block = (u32)(at / BLOCK_BYTES), page = (u32)(at / PAGE_BYTES % BLOCK_PAGES);
        bool used = h->states[block] == HOLDS_pages && h->pages[block] >> page & 1 &&
                    is_head(head_at(h, (Ref)at));
        if (used) set_bits(h->suspects->starts, (Ref)at, 8, true);
        u64 size = used ? object_size(s, (Ref)at) : PAGE_BYTES;
        at += (size + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }
}

static bool starts_at(const Store *s, u64 value)
{
    const Blocks *h = &s->heap;
    Ref ref = (Ref)value;
    u32 block = ref / BLOCK_BYTES;
    if (value != ref || ref % 8 || !heap_has(h, ref)) return false;
    BlockState state = (BlockState)h->states[block];
    if (state == HOLDS_unused || state == HOLDS_empty) return false;
    if (!h->suspects->known[block]) {
        know(h->suspects, block);
        if (state == HOLDS_pages) know_large(s);
        else know_small(s, block);
    }
    return h->suspects->starts[ref / 512] >> ref / 8 % 64 & 1;
}

// ---- Slots that a map names

typedef struct { const Store *s; const Position *from; } Check;

static _Noreturn void broken(const Check *check, const u64 *slot)
{
    FrameCursor c;
    fprintf(stderr, "weft: the heap is broken: %#" PRIx64 " is no object, in ", *slot);
    if (!frame_of_slot(check->from, slot, &c)) fputs("no frame\n", stderr);
    else if (c.at.ip == code_host) fputs("what a host function was given\n", stderr);
    else fprintf(stderr, "slot %u of function %u at %#x\n", (u32)(slot - c.at.frame), c.func,
                 frame_offset(&c));
    abort();
}

static void check_slot(void *env, u64 *slot)
{
    const Check *check = env;
    bool other = *slot <= UINT32_MAX && !ref_is_object((Ref)*slot);
    if (!other && !starts_at(check->s, *slot)) broken(check, slot);
}

// ---- All other slots

static void suspect(Store *s, const u64 *slots, const u64 *end)
{
    Blocks *h = &s->heap;
    struct Suspects *all = h->suspects;
    for (const u64 *slot = slots; slot < end && all->count < SUSPECTS_MOST; slot++) {
        Ref ref = (Ref)*slot;
        if (!ref_is_object(ref) || !starts_at(s, *slot) || heap_marked(h, ref)) continue;
        u32 size = object_size(s, ref);
        all->of[all->count].ref = ref;
        all->of[all->count++].size = size;
        set_bits(h->found.marks, ref, size, true);
    }
    all->marked = true;
}

static const u64 *newest_end(const Position *from)
{
    FrameCursor c = {.at = *from};
    frame_first(&c);
    return c.at.frame + (c.at.ip == code_host ? 0 : frame_slots(&c));
}

// ---- In order

void suspects_mark(const Store *s, bool marked)
{
    struct Suspects *all = s->heap.suspects;
    if (!all || all->marked == marked) return;
    for (u32 i = 0; i < all->count; i++)
        set_bits(s->heap.found.marks, all->of[i].ref, all->of[i].size, marked);
    all->marked = marked;
}

static bool make(Blocks *h)
{
    size_t bytes = (size_t)h->blocks * (BLOCK_MARKS / 8);
    h->suspects = calloc(1, sizeof *h->suspects);
    if (!h->suspects) return false;
    h->suspects->starts = calloc(1, bytes);
    h->suspects->known = calloc(h->blocks, sizeof *h->suspects->known);
    h->suspects->known_of = calloc(h->blocks, sizeof *h->suspects->known_of);
    if (h->suspects->starts && h->suspects->known && h->suspects->known_of) return true;
    suspects_free(h);
    return false;
}

static void forget_starts(Blocks *h)
{
    enum { BYTES = BLOCK_MARKS / 8 };
    struct Suspects *all = h->suspects;
    for (; all->known_count; all->known_count--) {
        u32 block = all->known_of[all->known_count - 1];
        memset(&all->starts[block * (BYTES / 8)], 0, BYTES);
        all->known[block] = false;
    }
}

void suspects_check(Store *s, const Position *from)
{
    Blocks *h = &s->heap;
    suspects_mark(s, false);
    if (h->suspects) h->suspects->count = 0;
    if (!heap_checked(s) || !h->spoiled || (!h->suspects && !make(h))) return;
    forget_starts(h);
    Check check = {s, from};
    if (from) frame_roots(&s->exec, from, check_slot, &check);
    for (Parked *p = s->exec.parked; p; p = p->next) {
        Position place = park_place(p);
        check.from = &place;
        frame_roots(&s->exec, &place, check_slot, &check);
    }
}

void suspects_find(Store *s, const Position *from)
{
    if (!s->heap.suspects || !s->heap.spoiled) return;
    if (from) suspect(s, s->exec.stack, newest_end(from));
    for (Parked *p = s->exec.parked; p; p = p->next)
        suspect(s, (const u64 *)(const void *)p->bytes,
                (const u64 *)(const void *)(p->bytes + p->frames));
}

void suspects_free(Blocks *h)
{
    if (!h->suspects) return;
    free(h->suspects->starts);
    free(h->suspects->known);
    free(h->suspects->known_of);
    free(h->suspects);
    h->suspects = NULL;
}
