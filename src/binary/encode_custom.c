// encode_custom.c -- custom sections that say by number what they are about, where numbers change.
// See encoder.h.
//
//     name              by index of functions, locals, types ...
//     metadata.code.X   by function and offset in its body, of an instruction
//
// What they say of things that are gone goes with them. So do names of the locals of a body that
// another took the place of, but for its parameters, and those of its labels, also where it was
// changed only; and what was said of its instructions, but for the branch hints that the edit has
// of the new one. What is malformed is left out, as readers of names do.
// spec: appendix/custom, name section; tool conventions (CodeMetadata)

#include "binary/encoder.h"
#include "binary/names.h"
#include "binary/reader.h"

#include <stdlib.h>

bool edit_moves(const Edit *edit)
{
    bool any = edit->defined || edit->bodies || edit->splice_count || edit->locals ||
               edit->local_order || edit->func_types;
    for (u32 k = 0; k < ITEM_COUNT; k++)
        any = any || edit->gone[k] || edit->instead[k] || edit->order[k];
    return any;
}

// ---- Names

static int by_index(const void *a, const void *b)
{
    const NameAssoc *x = a, *y = b;
    return x->index < y->index ? -1 : x->index > y->index;
}

// `number` has so many new numbers by the old ones; NULL: they are as they were. False: there are
// no names left, and nothing is written.
static bool put_map(Encoder *e, Buf *b, const NameMap *map, const u32 *number, u32 count)
{
    NameAssoc *names = NEW_ARRAY(e->arena, NameAssoc, map->count);
    u32 left = 0;
    for (u32 i = 0; i < map->count; i++) {
        u32 index = map->names[i].index;
        u32 now = !number ? index : index < count ? number[index] : GONE;
        if (now != GONE) names[left++] = (NameAssoc){now, map->names[i].name};
    }
    if (!left) return false;
    qsort(names, left, sizeof *names, by_index);
    buf_leb_u(b, left);
    for (u32 i = 0; i < left; i++) {
        buf_leb_u(b, names[i].index);
        buf_name(b, names[i].name.data, names[i].name.len);
    }
    return true;
}

static bool has_splice(const Encoder *e, Range range)
{
    u32 first = splice_at(e->edit, range.start);
    return first < e->edit->splice_count && e->edit->splices[first].at < range.end;
}

static bool stays(const Encoder *e, u32 func)
{
    return func < e->count[ITEM_func] && (!e->edit->bodies || !e->edit->bodies[func].data);
}

// The names are sorted.
static void keep_params(const Encoder *e, NameMap *map, u32 func)
{
    u32 count = func < e->count[ITEM_func]
                    ? type_def(e->m->store, e->m->funcs[func].type)->param_count
                    : 0;
    while (map->count && map->names[map->count - 1].index >= count) map->count--;
}

// What is within the function or type.
static bool put_within(Encoder *e, Buf *b, const AllNames *all, NamesKind kind, u32 outer)
{
    NameMap map = names_within(e->m, all, kind, outer, e->arena);
    bool body = kind != NAMES_field && outer < e->count[ITEM_func] &&
                present(e->m->funcs[outer].body);
    bool anew = kind != NAMES_field && !stays(e, outer);
    if (anew && kind == NAMES_local) keep_params(e, &map, outer);
    if (kind == NAMES_label && (anew || (body && has_splice(e, e->m->funcs[outer].body))))
        map.count = 0;
    u32 moved = kind == NAMES_local && body && map.count ? number_locals(e, outer) : 0;
    return put_map(e, b, &map, moved ? e->local : NULL, moved);
}

typedef struct { u32 now, before; } Outer;

static int by_number(const void *a, const void *b)
{
    const Outer *x = a, *y = b;
    return x->now < y->now ? -1 : x->now > y->now;
}

static bool put_nested(Encoder *e, Buf *b, const AllNames *all, NamesKind kind)
{
    ItemKind of = kind == NAMES_field ? ITEM_type : ITEM_func;
    u32 count = all->nested[kind].count, left = 0;
    Outer *outers = NEW_ARRAY(e->arena, Outer, count);
    for (u32 i = 0; i < count; i++) {
        u32 before = all->nested[kind].items[i].outer;
        u32 now = before < e->count[of] ? e->number[of][before] : GONE;
        if (now != GONE) outers[left++] = (Outer){now, before};
    }
    if (left) qsort(outers, left, sizeof *outers, by_number);
    Buf all_within, within;
    u32 named = 0;
    buf_init(&all_within, e->arena);
    buf_init(&within, e->arena);
    for (u32 i = 0; i < left; i++) {
        within.len = 0;
        if (!put_within(e, &within, all, kind, outers[i].before)) continue;
        named++;
        buf_leb_u(&all_within, outers[i].now);
        buf_bytes(&all_within, within.data, within.len);
    }
    if (!named) return false;
    buf_leb_u(b, named);
    buf_bytes(b, all_within.data, all_within.len);
    return true;
}

// False: nothing is left of it.
static bool put_subsection(Encoder *e, Buf *b, const AllNames *all, NamesKind kind)
{
    static const u8 item[NAMES_COUNT] = {
        [NAMES_func] = ITEM_func,     [NAMES_type] = ITEM_type, [NAMES_table] = ITEM_table,
        [NAMES_memory] = ITEM_memory, [NAMES_global] = ITEM_global, [NAMES_elem] = ITEM_elem,
        [NAMES_data] = ITEM_data,     [NAMES_tag] = ITEM_tag};
    switch (kind) {
    case NAMES_module:
        if (all->module.data) buf_name(b, all->module.data, all->module.len);
        return all->module.data != NULL;
    case NAMES_local: case NAMES_label: case NAMES_field: return put_nested(e, b, all, kind);
    default: return put_map(e, b, &all->flat[kind], e->number[item[kind]], e->count[item[kind]]);
    }
}

// Of several sections the first counts.
static void put_names(Encoder *e, Buf *b, const Section *s)
{
    AllNames all;
    Buf content;
    names_read(e->m, e->arena, &all);
    if (s != &e->m->sections[all.section]) return;
    buf_init(&content, e->arena);
    for (u32 kind = 0; kind < NAMES_COUNT; kind++) {
        content.len = 0;
        if (!put_subsection(e, &content, &all, (NamesKind)kind)) continue;
        buf_byte(b, (u8)kind);
        buf_name(b, content.data, content.len);
    }
}

// ---- Metadata of instructions

static bool is_metadata(const Module *m, const Section *s)
{
    return !s->id && bytes_begin(section_name(m, s), "metadata.code.");
}

// Entries one by one: of a function, at an offset in its body, so many bytes. False: there is none.
typedef struct {
    Reader r;
    Diag diag;
    u32 funcs, left, func, offset;
    Bytes content;
} NotesReader;

static void notes_begin(NotesReader *n, const Module *m, const Section *s)
{
    diag_init(&n->diag);
    n->r = (Reader){m->bytes, m->bytes + s->content.start, m->bytes + s->content.end,
                    ERR_unexpected_end_of_section, &n->diag};
    n->left = 0;
    n->funcs = read_count(&n->r, 2);
}

static bool notes_next(NotesReader *n)
{
    for (; !n->left; n->funcs--) {
        if (!n->funcs || reader_failed(&n->r)) return false;
        n->func = read_leb_u32(&n->r);
        n->left = read_count(&n->r, 2);
    }
    n->left--;
    n->offset = read_leb_u32(&n->r);
    u32 size = read_leb_u32(&n->r);
    n->content = (Bytes){read_bytes(&n->r, size), size};
    return !reader_failed(&n->r);
}

// Where the instruction is in the module. False: it is in no body.
static bool note_place(const Module *m, const NotesReader *n, u32 *at)
{
    if (n->func >= m->func_count) return false;
    Range body = m->funcs[n->func].body;
    *at = body.start + n->offset;
    return n->offset < body.end - body.start;
}

static int by_place(const void *a, const void *b)
{
    const CodeMark *x = a, *y = b;
    return x->at < y->at ? -1 : x->at > y->at;
}

void find_marks(Encoder *e)
{
    u32 cap = 0, at;
    for (u32 i = 0; i < e->m->section_count; i++) {
        NotesReader n;
        if (!is_metadata(e->m, &e->m->sections[i])) continue;
        for (notes_begin(&n, e->m, &e->m->sections[i]); notes_next(&n);)
            if (note_place(e->m, &n, &at))
                ARENA_PUSH(e->arena, e->marks, e->mark_count, cap) = (CodeMark){at, GONE};
    }
    if (e->mark_count) qsort(e->marks, e->mark_count, sizeof *e->marks, by_place);
}

void seek_marks(Encoder *e, u32 at)
{
    u32 low = 0, high = e->mark_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (e->marks[middle].at < at) low = middle + 1;
        else high = middle;
    }
    e->mark_next = low;
}

// Offset 0 is the function itself.
static u32 place_now(Encoder *e, const NotesReader *n)
{
    u32 at;
    if (!note_place(e->m, n, &at)) return GONE;
    if (!n->offset) return 0;
    if (!stays(e, n->func)) return GONE;
    seek_marks(e, at);
    return e->marks[e->mark_next].now;
}

typedef struct {
    u32 func, offset;   // new ones
    Bytes content;
} Note;

static int by_func(const void *a, const void *b)
{
    const Note *x = a, *y = b;
    if (x->func != y->func) return x->func < y->func ? -1 : 1;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static void put_notes(Encoder *e, Buf *b, const Note *notes, u32 count)
{
    u32 funcs = 0;
    for (u32 i = 0; i < count; i++) funcs += !i || notes[i].func != notes[i - 1].func;
    buf_leb_u(b, funcs);
    for (u32 i = 0, end; i < count; i = end) {
        for (end = i; end < count && notes[end].func == notes[i].func;) end++;
        buf_leb_u(b, notes[i].func);
        buf_leb_u(b, end - i);
        for (u32 k = i; k < end; k++) {
            buf_leb_u(b, notes[k].offset);
            buf_name(b, notes[k].content.data, notes[k].content.len);
        }
    }
}

// The first counts. NULL: there is none.
static const Section *hints_section(const Module *m)
{
    for (u32 i = 0; i < m->section_count; i++)
        if (section_is(m, &m->sections[i], "metadata.code.branch_hint")) return &m->sections[i];
    return NULL;
}

// Those of bodies that took the place of others.
static void add_new_hints(Encoder *e, Note **notes, u32 *count, u32 *cap)
{
    static const u8 contents[2] = {0, 1};
    for (u32 func = e->m->imported_funcs; func < e->m->func_count; func++) {
        const BranchHints *hints = &e->edit->hints[func];
        u32 now = e->number[ITEM_func][func];
        for (u32 i = 0; now != GONE && i < hints->count; i++)
            ARENA_PUSH(e->arena, *notes, *count, *cap) =
                (Note){now, hints->at[i].at, {&contents[hints->at[i].likely], 1}};
    }
}

static bool put_metadata(Encoder *e, Buf *b, const Section *s)
{
    NotesReader n;
    Note *notes = NULL;
    u32 count = 0, cap = 0;
    if (e->edit->hints && s == hints_section(e->m)) add_new_hints(e, &notes, &count, &cap);
    for (notes_begin(&n, e->m, s); notes_next(&n);) {
        u32 func = n.func < e->count[ITEM_func] ? e->number[ITEM_func][n.func] : GONE;
        u32 offset = func == GONE ? GONE : place_now(e, &n);
        if (offset != GONE)
            ARENA_PUSH(e->arena, notes, count, cap) = (Note){func, offset, n.content};
    }
    if (!count) return false;
    qsort(notes, count, sizeof *notes, by_func);
    put_notes(e, b, notes, count);
    return true;
}

static int by_branch(const void *a, const void *b)
{
    const BranchHint *x = a, *y = b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return x->likely - y->likely;
}

BranchHints module_branch_hints(const Module *m, Arena *arena)
{
    const Section *s = hints_section(m);
    BranchHint *hints = NULL;
    NotesReader n;
    u32 count = 0, cap = 0, at;
    if (!s) return (BranchHints){0};
    for (notes_begin(&n, m, s); notes_next(&n);)
        if (note_place(m, &n, &at) && n.content.len == 1 && n.content.data[0] < 2)
            ARENA_PUSH(arena, hints, count, cap) = (BranchHint){at, n.content.data[0]};
    if (count) qsort(hints, count, sizeof *hints, by_branch);
    return (BranchHints){count, hints};
}

const BranchHint *branch_hint_at(const BranchHints *hints, u32 at)
{
    u32 low = 0, high = hints->count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (hints->at[middle].at < at) low = middle + 1;
        else high = middle;
    }
    return low < hints->count && hints->at[low].at == at ? &hints->at[low] : NULL;
}

bool encode_custom(Encoder *e, Buf *b, const Section *s)
{
    const Module *m = e->m;
    size_t before = b->len;
    bool moves = edit_moves(e->edit), names = moves && section_is(m, s, "name");
    if (names) put_names(e, b, s);
    else if (moves && is_metadata(m, s)) return put_metadata(e, b, s);
    else buf_bytes(b, m->bytes + s->content.start, s->content.end - s->content.start);
    return !names || b->len > before;
}
