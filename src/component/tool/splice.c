// splice.c -- see splice.h.
//
//     1  each splice makes the section around it longer or shorter
//     2  from the last section to the first: one that is of another length now has another number
//        in front of it, which makes the one around it longer or shorter
//     3  those numbers are splices too, and then all is copied from front to back

#include "component/tool/splice.h"

#include <stdlib.h>

typedef struct {
    u32 outer; // in Component.sections, or NONE
    s64 more;  // bytes
} Frame;
enum { NONE = UINT32_MAX };

void splice_section(Buf *out, CSection id, Bytes content)
{
    buf_byte(out, (u8)id);
    buf_leb_u(out, content.len);
    buf_bytes(out, content.data, content.len);
}

static bool holds(const Component *c, u32 section, Range at)
{
    const Range *content = &c->sections[section].content;
    return content->start <= at.start && at.end <= content->end;
}

// Each within which other one: those that are around it stand before it.
static Frame *frames_of(const Component *c, Arena *arena)
{
    Frame *frames = NEW_ARRAY(arena, Frame, (size_t)c->section_count + 1);
    for (u32 i = 0, open = NONE; i < c->section_count; i++) {
        while (open != NONE && !holds(c, open, c->sections[i].content)) open = frames[open].outer;
        frames[i].outer = open;
        if (c->sections[i].id == CSECTION_component) open = i;
    }
    return frames;
}

static void add_splices(const Component *c, Frame *frames, const CPatches *splices)
{
    for (u32 k = 0, i = 0, open = NONE; k < splices->count; k++) {
        const CPatch *s = &splices->items[k];
        for (; i < c->section_count && c->sections[i].content.start <= s->at.start; i++) open = i;
        u32 around = open;
        while (around != NONE && !holds(c, around, s->at)) around = frames[around].outer;
        if (around != NONE)
            frames[around].more += (s64)s->with.len - (s64)(s->at.end - s->at.start);
    }
}

// The id is a small number, so what is in front of a size has no more bytes behind it.
u32 splice_section_start(const Component *c, Range content)
{
    u32 at = content.start - 1;
    while (c->bytes[at - 1] & 0x80) at--;
    return at - 1;
}

static void add_sizes(const Component *c, Frame *frames, CPatches *splices, Arena *arena)
{
    for (u32 i = c->section_count; i--;) {
        const CSectionSpan *s = &c->sections[i];
        if (!frames[i].more) continue;
        Buf size;
        buf_init(&size, arena);
        buf_leb_u(&size, (u64)((s64)(s->content.end - s->content.start) + frames[i].more));
        Range at = {splice_section_start(c, s->content) + 1, s->content.start};
        patch_add(splices, arena, at, buf_view(&size));
        s64 longer = (s64)size.len - (s64)(at.end - at.start);
        if (frames[i].outer != NONE) frames[frames[i].outer].more += frames[i].more + longer;
    }
}

// An empty one is in front of what begins there; two at one place have no order to keep but that.
static int order_splices(const void *left, const void *right)
{
    const CPatch *a = left, *b = right;
    if (a->at.start != b->at.start) return a->at.start < b->at.start ? -1 : 1;
    return (a->at.end > b->at.end) - (a->at.end < b->at.end);
}

void component_splice(const Component *c, const CPatches *splices, Buf *out)
{
    CPatches all = {0};
    Frame *frames = frames_of(c, out->arena);
    u32 from = 0;
    for (u32 i = 0; i < splices->count; i++)
        patch_add(&all, out->arena, splices->items[i].at, splices->items[i].with);
    add_splices(c, frames, splices);
    add_sizes(c, frames, &all, out->arena);
    if (all.count) qsort(all.items, all.count, sizeof *all.items, order_splices);
    for (u32 i = 0; i < all.count; i++) {
        const CPatch *s = &all.items[i];
        buf_bytes(out, c->bytes + from, s->at.start - from);
        buf_bytes(out, s->with.data, s->with.len);
        from = s->at.end;
    }
    buf_bytes(out, c->bytes + from, c->size - from);
}
