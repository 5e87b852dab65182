// segments.c -- what is put into tables and memories: where in the module it stands, how much it
// is, and where it goes.

#include "cli/inspect/inspect.h"

#include <inttypes.h>

static const char *const mode_text[] = {
    [SEGMENT_active] = "active", [SEGMENT_passive] = "passive",
    [SEGMENT_declarative] = "declarative",
};

// Segments that were announced need not be there.
static u32 data_count(const Module *m) { return m->datas ? m->data_count : 0; }

static u64 data_size(const Module *m)
{
    u64 size = 0;
    for (u32 i = 0; i < data_count(m); i++) size += m->datas[i].init.end - m->datas[i].init.start;
    return size;
}

// ---- For people

// "memory 1 at (i32.const 8)", or "passive".
static void show_target(Inspect *s, SegmentMode mode, const char *what, u32 index, Range start)
{
    if (mode != SEGMENT_active) {
        fputs(mode_text[mode], stdout);
        return;
    }
    printf("%s %u", what, index);
    show_expr(s, " at ", start);
}

static void show_segment_name(Inspect *s, NamesKind kind, u32 index)
{
    Bytes name = name_map_find(&s->names.flat[kind], index);
    if (name.data) putchar(' '), show_name(s, name);
    putchar('\n');
}

static void show_elems(Inspect *s)
{
    const Module *m = s->m;
    if (!m->elem_count) return;
    printf("\nelements: %u segments\n", m->elem_count);
    puts("   index    offset    items  where");
    for (u32 i = 0; i < m->elem_count; i++) {
        const ElemSegment *e = &m->elems[i];
        printf("%8u  %#8x %8u  ", i, e->items_at, e->count);
        show_target(s, (SegmentMode)e->mode, "table", e->table, e->offset);
        show_segment_name(s, NAMES_elem, i);
    }
}

static void show_datas(Inspect *s)
{
    const Module *m = s->m;
    if (!data_count(m)) return;
    printf("\ndata: %" PRIu64 " bytes in %u segments\n", data_size(m), data_count(m));
    puts("   index    offset     size  where");
    for (u32 i = 0; i < data_count(m); i++) {
        const DataSegment *d = &m->datas[i];
        printf("%8u  %#8x %8u  ", i, d->init.start, d->init.end - d->init.start);
        show_target(s, d->mode, "memory", d->memory, d->offset);
        show_segment_name(s, NAMES_data, i);
    }
}

void show_segments(Inspect *s)
{
    show_elems(s);
    show_datas(s);
}

// ---- For programs

static void json_target(Json *j, Inspect *s, SegmentMode mode, const char *what, u32 index,
                        Range start)
{
    json_text(j, "mode", mode_text[mode]);
    if (mode != SEGMENT_active) return;
    json_number(j, what, index);
    json_expr(j, s, "start", start);
}

static void json_elem(Json *j, Inspect *s, u32 index)
{
    const ElemSegment *e = &s->m->elems[index];
    json_open(j, NULL, '{');
    json_number(j, "index", index);
    json_name(j, name_map_find(&s->names.flat[NAMES_elem], index));
    json_target(j, s, (SegmentMode)e->mode, "table", e->table, e->offset);
    json_number(j, "offset", e->items_at);
    json_number(j, "items", e->count);
    json_close(j, '}');
}

static void json_data(Json *j, Inspect *s, u32 index)
{
    const DataSegment *d = &s->m->datas[index];
    json_open(j, NULL, '{');
    json_number(j, "index", index);
    json_name(j, name_map_find(&s->names.flat[NAMES_data], index));
    json_target(j, s, d->mode, "memory", d->memory, d->offset);
    json_number(j, "offset", d->init.start);
    json_number(j, "size", d->init.end - d->init.start);
    json_close(j, '}');
}

void json_segments(Json *j, Inspect *s)
{
    json_number(j, "element_segments", s->m->elem_count);
    json_open(j, "elements", '[');
    for (u32 i = 0; i < s->m->elem_count; i++) json_elem(j, s, i);
    json_close(j, ']');
    json_number(j, "data_segments", data_count(s->m));
    json_number(j, "data_size", data_size(s->m));
    json_open(j, "data", '[');
    for (u32 i = 0; i < data_count(s->m); i++) json_data(j, s, i);
    json_close(j, ']');
}
