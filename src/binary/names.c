// names.c -- the custom section "name": what the module and its functions are called, and, for
// tools that ask (names.h), everything else.
//
// Names help people and mean nothing to the machine, so whatever is malformed is left out silently,
// from where it goes wrong to the end of its subsection. spec: appendix/custom, name section

#include "binary/names.h"

#include "binary/decoder.h"

#include <string.h>

// Indices must ascend, so that the map is searched by halving.
static NameMap decode_name_map(Arena *arena, Reader *r)
{
    NameMap map = {0};
    u32 count = read_count(r, 2);
    NameAssoc *names = NEW_ARRAY(arena, NameAssoc, count);
    for (u32 i = 0; i < count; i++) {
        u32 index = read_leb_u32(r);
        Bytes name = read_name(r);
        if (reader_failed(r) || (i && index <= names[i - 1].index)) break;
        names[i] = (NameAssoc){index, name};
        map.count = i + 1;
    }
    map.names = names;
    return map;
}

void decode_names(Module *m, Range content)
{
    Diag ignored;
    diag_init(&ignored);
    const u8 *pos = m->bytes + content.start, *end = m->bytes + content.end;
    Reader r = {m->bytes, pos, end, ERR_unexpected_end_of_section, &ignored};
    while (r.pos < r.end) {
        u8 id = read_u8(&r);
        u32 size = read_leb_u32(&r);
        const u8 *data = read_bytes(&r, size);
        if (reader_failed(&r)) return;
        Diag sub_ignored;
        diag_init(&sub_ignored);
        Reader sub = {m->bytes, data, data + size, ERR_unexpected_end_of_section, &sub_ignored};
        if (id == 0 && !m->names.module.data) m->names.module = read_name(&sub);
        if (id == 1 && !m->names.funcs.count) m->names.funcs = decode_name_map(&m->arena, &sub);
    }
}

// ---- All of it

typedef struct {
    Reader r;
    Arena *arena;
    Diag diag;
    bool plain; // so far it was as the assembler writes it
} NamesReader;

static void reader_over(NamesReader *n, const Module *m, Range bytes)
{
    diag_init(&n->diag);
    n->r = (Reader){m->bytes, m->bytes + bytes.start, m->bytes + bytes.end,
                    ERR_unexpected_end_of_section, &n->diag};
}

// A number; in another form than the shortest it is still good.
static u32 read_number(NamesReader *n)
{
    const u8 *at = n->r.pos;
    u32 value = read_leb_u32(&n->r), size = 1;
    for (u32 rest = value >> 7; rest; rest >>= 7) size++;
    if (n->r.pos != at + size) n->plain = false;
    return value;
}

static Bytes read_plain_name(NamesReader *n)
{
    const u8 *at = n->r.pos;
    read_number(n);
    n->r.pos = reader_failed(&n->r) ? n->r.end : at;
    return read_name(&n->r);
}

// A count of items of two bytes or more each.
static u32 read_items(NamesReader *n)
{
    const u8 *at = n->r.pos;
    read_number(n);
    n->r.pos = reader_failed(&n->r) ? n->r.end : at;
    u32 count = read_count(&n->r, 2);
    if (!count) n->plain = false;
    return count;
}

// names NULL: only looked at. Returns how many are good.
static u32 read_map(NamesReader *n, u32 count, NameAssoc *names)
{
    u32 last = 0;
    for (u32 i = 0; i < count; i++) {
        u32 index = read_number(n);
        Bytes name = read_plain_name(n);
        if (reader_failed(&n->r) || (i && index <= last)) {
            n->plain = false;
            n->r.pos = n->r.end;
            return i;
        }
        if (names) names[i] = (NameAssoc){index, name};
        last = index;
    }
    return count;
}

static NameMap read_flat(NamesReader *n)
{
    u32 count = read_items(n);
    NameAssoc *names = NEW_ARRAY(n->arena, NameAssoc, count);
    return (NameMap){.count = read_map(n, count, names), .names = names};
}

static u32 read_nested(NamesReader *n, NamesWithin **out, u32 *total)
{
    u32 count = read_items(n), have = 0;
    NamesWithin *items = *out = NEW_ARRAY(n->arena, NamesWithin, count);
    while (have < count) {
        u32 outer = read_number(n), start = reader_offset(&n->r), inner = read_items(n);
        u32 good = read_map(n, inner, NULL);
        if (reader_failed(&n->r) || good != inner || (have && outer <= items[have - 1].outer)) {
            n->plain = false;
            break;
        }
        items[have++] = (NamesWithin){outer, {start, reader_offset(&n->r)}};
        *total += good;
    }
    return have;
}

static void read_subsection(NamesReader *n, AllNames *out, u32 kind)
{
    NamesWithin *items;
    switch (kind) {
    case NAMES_module:
        out->module = read_plain_name(n);
        out->total += out->module.data != NULL;
        break;
    case NAMES_local: case NAMES_label: case NAMES_field:
        out->nested[kind].count = read_nested(n, &items, &out->total);
        out->nested[kind].items = items;
        break;
    default:
        out->flat[kind] = read_flat(n);
        out->total += out->flat[kind].count;
    }
    if (n->r.pos != n->r.end || reader_failed(&n->r)) n->plain = false;
}

static void read_all(NamesReader *n, const Module *m, Range content, AllNames *out)
{
    u32 seen = 0;
    reader_over(n, m, content);
    while (n->r.pos < n->r.end) {
        u32 kind = read_u8(&n->r), size = read_number(n), start = reader_offset(&n->r);
        read_bytes(&n->r, size);
        if (reader_failed(&n->r)) {
            n->plain = false;
            return;
        }
        bool known = kind < NAMES_COUNT && !(seen >> kind & 1);
        if (!known || seen >> kind) n->plain = false;
        if (!known) continue;
        seen |= 1u << kind;
        NamesReader sub = {.arena = n->arena, .plain = n->plain};
        reader_over(&sub, m, (Range){start, start + size});
        read_subsection(&sub, out, kind);
        n->plain = sub.plain;
    }
}

void names_read(const Module *m, Arena *arena, AllNames *out)
{
    NamesReader n = {.arena = arena, .plain = true};
    u32 i = 0;
    *out = (AllNames){.section = UINT32_MAX};
    while (i < m->section_count && !section_is(m, &m->sections[i], "name")) i++;
    if (i == m->section_count) return;
    out->section = i;
    read_all(&n, m, m->sections[i].content, out);
    // One that is empty is not written at all.
    out->canonical = n.plain && m->sections[i].content.start != m->sections[i].content.end;
}

NameMap names_within(const Module *m, const AllNames *names, NamesKind kind, u32 outer,
                     Arena *arena)
{
    const NamesWithin *items = names->nested[kind].items;
    u32 low = 0, high = names->nested[kind].count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (items[middle].outer < outer) low = middle + 1;
        else high = middle;
    }
    if (low == names->nested[kind].count || items[low].outer != outer) return (NameMap){0};
    NamesReader n = {.arena = arena};
    reader_over(&n, m, items[low].names);
    NameMap map = read_flat(&n);
    map.outer = outer;
    return map;
}
