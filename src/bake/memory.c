// memory.c -- what is in memories, as data segments. See baker.h.
//
//     00 00 [61 62 00 63] 00 00 00 00 00 00 00 00 00 [64] 00 00       two spans
//
// A segment takes some bytes beside what is in it, so a few zeros are written rather than begin
// another. Engines take no more than 100,000 segments: where there are too many spans those that
// are nearest to each other become one.

#include "bake/baker.h"
#include "binary/decode.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    GAP_FIRST = 8,         // zeros that are not worth a segment
    SEGMENTS_MOST = 100000 // spec: the JavaScript API, implementation limits
};

// A dropped one may be any that is empty from the start on.
bool bake_data_stays(const Baker *b, u32 data)
{
    return b->m->datas[data].mode == SEGMENT_passive && !b->inst->data_dropped[data];
}

static u32 datas_of(const Module *m) { return m->datas ? m->data_count : 0; }

// The first byte from `at` on that is not zero, or `end`.
static u64 skip_zeros(const u8 *base, u64 at, u64 end)
{
    for (u64 eight; end - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, base + at, sizeof eight);
        if (eight) break;
    }
    while (at < end && !base[at]) at++;
    return at;
}

static bool same_memory(const Span *a, const Span *b) { return a->memory == b->memory; }
static u64 gap_between(const Span *a, const Span *b) { return b->at - (a->at + a->len); }

// Those that are no further apart than the gap.
static void join_spans(Baker *b)
{
    u32 count = 0;
    for (u32 i = 0; i < b->span_count; i++) {
        Span *last = count ? &b->spans[count - 1] : NULL, next = b->spans[i];
        if (last && same_memory(last, &next) && gap_between(last, &next) <= b->gap)
            last->len = next.at + next.len - last->at;
        else b->spans[count++] = next;
    }
    b->span_count = count;
}

static int by_size(const void *x, const void *y)
{
    u64 a = *(const u64 *)x, b = *(const u64 *)y;
    return a < b ? -1 : a > b;
}

// Widens the gap just so far that no more than there may be are left.
static void reduce_spans(Baker *b)
{
    u32 count = 0, excess = b->span_count - b->span_most;
    u64 *gaps = malloc(b->span_count * sizeof *gaps);
    if (!gaps) arena_fail(b->arena);
    for (u32 i = 1; i < b->span_count; i++)
        if (same_memory(&b->spans[i - 1], &b->spans[i]))
            gaps[count++] = gap_between(&b->spans[i - 1], &b->spans[i]);
    qsort(gaps, count, sizeof *gaps, by_size);
    b->gap = gaps[excess - 1]; // each memory may have one at least, so there are so many
    free(gaps);
    join_spans(b);
}

static void add_span(Baker *b, Span span)
{
    if (b->span_count == 2 * b->span_most) reduce_spans(b); // and then not so soon again
    ARENA_PUSH(b->arena, b->spans, b->span_count, b->span_cap) = span;
}

static void find_in(Baker *b, u32 memory)
{
    Memory *mem = b->inst->memories[memory];
    memory_refresh(mem);
    const u8 *base = mem->base;
    u64 size = mem->size;
    for (u64 at = skip_zeros(base, 0, size); at < size;) {
        u64 end = at + 1, next;
        while ((next = skip_zeros(base, end, size)) < size && next - end <= b->gap) end = next + 1;
        add_span(b, (Span){at, end - at, memory});
        at = next;
    }
}

// Each memory needs one at least, and what stays has its place.
static u32 most_spans(const Baker *b)
{
    u32 stay = 0, own = b->m->memory_count - b->m->imported_memories;
    for (u32 i = 0; i < datas_of(b->m); i++) stay += bake_data_stays(b, i);
    return MAX(SEGMENTS_MOST - MIN(stay, SEGMENTS_MOST), own);
}

void bake_find_spans(Baker *b)
{
    u64 bytes = 0;
    b->gap = GAP_FIRST;
    b->span_most = most_spans(b);
    for (u32 i = b->m->imported_memories; i < b->m->memory_count; i++) find_in(b, i);
    if (b->span_count > b->span_most) reduce_spans(b);
    for (u32 i = 0; i < b->span_count; i++) bytes += b->spans[i].len;
    if (bytes > MODULE_SIZE_MOST)
        bake_refuse(b, "its memories hold %" PRIu64 " bytes that are not zero, or among such, and "
                    "a module may have %u in all", bytes, MODULE_SIZE_MOST);
}

// What it goes to, and where; active segments have that in front.
static void put_head(const Baker *b, Buf *out, u32 memory, u64 at)
{
    buf_leb_u(out, memory ? 2 : 0);
    if (memory) buf_leb_u(out, memory);
    bake_offset(out, b->m->memories[memory].type.limits.is64, at);
}

static void put_span(const Baker *b, Buf *out, const Span *span)
{
    put_head(b, out, span->memory, span->at);
    buf_name(out, b->inst->memories[span->memory]->base + span->at, (size_t)span->len);
}

// Bodies may name it, if there is a count in front of them; then it is still there, and empty.
static void put_empty(const Baker *b, Buf *out, const DataSegment *s)
{
    if (s->mode == SEGMENT_active) put_head(b, out, s->memory, 0);
    else buf_leb_u(out, 1);
    buf_leb_u(out, 0);
}

u32 bake_data_count(const Baker *b)
{
    u32 stay = 0, datas = datas_of(b->m);
    for (u32 i = 0; i < datas; i++) stay += bake_data_stays(b, i);
    return MAX(stay + b->span_count, b->m->has_data_count ? datas : 0);
}

bool bake_datas(Baker *b, Buf *out)
{
    const Module *m = b->m;
    u32 next = 0, count = bake_data_count(b);
    buf_leb_u(out, count);
    for (u32 i = 0; i < datas_of(m); i++) {
        const DataSegment *s = &m->datas[i];
        if (bake_data_stays(b, i)) {
            buf_leb_u(out, 1);
            buf_name(out, m->bytes + s->init.start, s->init.end - s->init.start);
        } else if (next < b->span_count) {
            put_span(b, out, &b->spans[next++]);
        } else if (m->has_data_count) {
            put_empty(b, out, s);
        }
    }
    while (next < b->span_count) put_span(b, out, &b->spans[next++]);
    return count;
}
