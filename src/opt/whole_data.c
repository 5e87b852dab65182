// whole_data.c -- what is written to memories before anything runs, as few bytes as say it. See
// round.h.
//
//     segments     |--a--0000|     |0000|        |--c--|
//                      |--b--|                         |-d-|
//     painted      |-a-|--b--|     |0000|        |--c--|-d-|
//     pieces       |--- 1 ---|                   |--- 2 ---|
//
// A memory of our own is zero to begin with. If all that is written is known, and fits, the order
// does not matter, but for segments on top of each other: what touches is painted in that order.
// What it comes to is cut where there are more zeros than a piece costs.

#include "opt/round.h"

#include <stdlib.h>

enum { GAP = 8, PIECES_MOST = 50000 }; // zeros between two pieces; what another engine may allow

typedef struct { u64 at; u32 index; } Place;

typedef struct {
    OptRound *r;
    u32 memory;
    DataPiece *pieces;
    u32 count, cap;
    Buf bytes;        // of the last one
} Painter;

static u32 size_of(const DataSegment *d) { return d->init.end - d->init.start; }

static int by_place(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static int by_index(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void end_piece(Painter *p)
{
    if (!p->bytes.len) return;
    p->pieces[p->count - 1].bytes = buf_view(&p->bytes);
    buf_init(&p->bytes, p->r->arena);
}

// Bytes of which none is zero at either end.
static void add_bytes(Painter *p, u64 at, const u8 *bytes, u32 size)
{
    static const u8 zeros[GAP];
    DataPiece *last = p->bytes.len ? &p->pieces[p->count - 1] : NULL;
    u64 gap = last ? at - (last->at + p->bytes.len) : 0;
    if (last && gap <= GAP) {
        buf_bytes(&p->bytes, zeros, (u32)gap);
    } else {
        end_piece(p);
        ARENA_PUSH(p->r->arena, p->pieces, p->count, p->cap) =
            (DataPiece){.memory = p->memory, .at = at};
    }
    buf_bytes(&p->bytes, bytes, size);
}

static void add_painted(Painter *p, u64 at, const u8 *bytes, u32 size)
{
    for (u32 i = 0, end; i < size; i = end) {
        while (i < size && !bytes[i]) i++;
        for (end = i; end < size && bytes[end]; end++) continue;
        if (end > i) add_bytes(p, at + i, bytes + i, end - i);
    }
}

// Segments that lie on each other, or touch.
static void add_group(Painter *p, Place *places, u32 count, u64 end)
{
    const Module *m = p->r->m;
    u64 at = places[0].at;
    if (count == 1) {
        Range init = m->datas[places[0].index].init;
        add_painted(p, at, m->bytes + init.start, init.end - init.start);
        return;
    }
    u8 *image = NEW_ARRAY(p->r->arena, u8, (u32)(end - at));
    qsort(places, count, sizeof *places, by_index);
    for (u32 i = 0; i < count; i++) {
        const DataSegment *d = &m->datas[places[i].index];
        if (size_of(d)) memcpy(image + (places[i].at - at), m->bytes + d->init.start, size_of(d));
    }
    add_painted(p, at, image, (u32)(end - at));
}

static void paint(Painter *p, Place *places, u32 count)
{
    const Module *m = p->r->m;
    if (count) qsort(places, count, sizeof *places, by_place);
    for (u32 i = 0, k; i < count; i = k) {
        u64 end = places[i].at + size_of(&m->datas[places[i].index]);
        for (k = i + 1; k < count && places[k].at <= end; k++)
            end = MAX(end, places[k].at + size_of(&m->datas[places[k].index]));
        add_group(p, places + i, k - i, end);
    }
    end_piece(p);
}

static u32 leb_size(u64 value)
{
    u32 size = 1;
    while (value >>= 7) size++;
    return size;
}

static u64 cost(u64 at, u64 size) { return 4 + leb_size(at << 1) + leb_size(size) + size; }

// Does everything that is written fit, and is it known where?
static bool all_known(OptRound *r, u32 *const *uses, Place *places)
{
    const Module *m = r->m;
    for (u32 i = 0; i < m->data_count; i++) {
        const DataSegment *d = &m->datas[i];
        if (d->mode != SEGMENT_active) continue;
        const Limits *l = &m->memories[d->memory].type.limits;
        places[i].index = i;
        if (l->min > UINT64_MAX >> l->page_log2) return false;
        u64 size = l->min << l->page_log2;
        if (uses[ITEM_data][i] || !round_address(r, d->at, l->is64, &places[i].at)) return false;
        if (places[i].at > size || size_of(d) > size - places[i].at) return false;
    }
    return true;
}

static void paint_memory(Painter *p, const Place *places, Place *own, u8 *gone)
{
    const Module *m = p->r->m;
    u64 before = 0, after = 0;
    u32 count = 0, first = p->count;
    for (u32 i = 0; i < m->data_count; i++) {
        const DataSegment *d = &m->datas[i];
        if (d->mode != SEGMENT_active || d->memory != p->memory) continue;
        own[count++] = places[i];
        before += cost(places[i].at, size_of(d));
    }
    if (!count) return;
    paint(p, own, count);
    for (u32 i = first; i < p->count; i++) after += cost(p->pieces[i].at, p->pieces[i].bytes.len);
    if (after >= before || p->count > PIECES_MOST) {
        p->count = first;
        return;
    }
    for (u32 i = 0; i < count; i++) gone[own[i].index] = true;
    p->r->found += count;
}

void opt_pass_data(OptRound *r)
{
    const Module *m = r->m;
    u32 *uses[ITEM_COUNT];
    Painter p = {.r = r};
    u32 count = module_item_count(m, ITEM_data);
    Place *places = NEW_ARRAY(r->arena, Place, count), *own = NEW_ARRAY(r->arena, Place, count);
    if (!count) return;
    round_uses(r, uses);
    if (!all_known(r, uses, places)) return;
    buf_init(&p.bytes, r->arena);
    for (p.memory = m->imported_memories; p.memory < m->memory_count; p.memory++)
        if (!m->memories[p.memory].type.limits.shared)
            paint_memory(&p, places, own, round_gone(r, ITEM_data));
    r->edit.pieces = p.pieces;
    r->edit.piece_count = p.count;
}
