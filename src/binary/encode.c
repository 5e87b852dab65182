// encode.c -- see encode.h.
//
//     marking    roots --> refer() --> worklist --> each item's definition, which refers to more
//     writing    new numbers; bodies, then what depends on what they name; then all in order
//
// Definitions and code are gone through by the same functions for both: what refers to something
// asks `refer` for its number, and that either notes it or looks up what it is now. What is written
// while marking goes into a buffer that nobody reads.
// spec: binary/modules, binary/instructions

#include "binary/encoder.h"

#include <string.h>

enum { CODE = 10 };

// In the order in which they stand.
static const u8 section_order[] = {1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, CODE, 11};

// ---- Marking

// What is written to it, if nobody but who uses it cares.
static void mark_weak(Encoder *e, ItemKind kind, u32 target)
{
    if (!e->weak[kind].first) return;
    for (u32 i = e->weak[kind].first[target]; i; i = e->weak[kind].next[i - 1])
        refer(e, kind, i - 1);
}

// With a type the next of its group, and behind the last the first.
static void mark_group(Encoder *e, u32 type)
{
    const Module *m = e->m;
    if (!e->edit->groups || type >= m->type_count) return;
    TypeId id = m->types[type], first = type_group_first(m->store, id);
    bool last = id == first + type_group_count(m->store, id) - 1;
    refer(e, ITEM_type, last ? type - (id - first) : type + 1);
}

static void mark_item(Encoder *e, Item item)
{
    Buf *b = &e->scratch;
    if (imported(e->m, item.kind, item.index)) {
        encode_import_type(e, b, (ExternKind)item.kind, item.index);
        return;
    }
    switch (item.kind) {
    case ITEM_func:
        encode_func(e, b, item.index);
        encode_body(e, b, item.index);
        break;
    case ITEM_table:
        encode_table(e, b, item.index);
        mark_weak(e, ITEM_elem, item.index);
        break;
    case ITEM_memory: mark_weak(e, ITEM_data, item.index); break;
    case ITEM_global: encode_global(e, b, item.index); break;
    case ITEM_tag: encode_tag(e, b, item.index); break;
    case ITEM_type:
        encode_sub_type(e, b, def_at(e, item.index));
        mark_group(e, item.index);
        break;
    case ITEM_elem: encode_elem(e, b, item.index); break;
    case ITEM_data: encode_data(e, b, item.index); break;
    }
}

static bool is_gone(const Encoder *e, ItemKind kind, u32 index)
{
    return index < module_item_count(e->m, kind) && flagged(e->edit->gone[kind], index);
}

// It begins, or waits for what it writes to.
static void mark_segment(Encoder *e, ItemKind kind, u32 segment, u32 target)
{
    if (is_gone(e, kind, segment)) return;
    if (!flagged(e->edit->weak[kind], segment)) {
        refer(e, kind, segment);
        return;
    }
    e->weak[kind].next[segment] = e->weak[kind].first[target];
    e->weak[kind].first[target] = segment + 1;
}

static void expect_weak(Encoder *e, ItemKind kind, ItemKind target)
{
    if (!e->edit->weak[kind]) return;
    e->weak[kind].first = NEW_ARRAY(e->arena, u32, e->count[target]);
    e->weak[kind].next = NEW_ARRAY(e->arena, u32, e->count[kind]);
}

static void mark_segments(Encoder *e)
{
    const Module *m = e->m;
    expect_weak(e, ITEM_elem, ITEM_table);
    expect_weak(e, ITEM_data, ITEM_memory);
    for (u32 i = 0; i < m->elem_count; i++)
        if (m->elems[i].mode == SEGMENT_active) mark_segment(e, ITEM_elem, i, m->elems[i].table);
    for (u32 i = 0; m->datas && i < m->data_count; i++)
        if (m->datas[i].mode == SEGMENT_active) mark_segment(e, ITEM_data, i, m->datas[i].memory);
    for (u32 i = 0; i < e->edit->piece_count; i++)
        refer(e, ITEM_memory, e->edit->pieces[i].memory);
}

static void mark_constants(Encoder *e)
{
    const Module *m = e->m;
    for (u32 i = m->imported_globals; i < m->global_count; i++)
        if (const_kind(m->globals[i].value) == CONST_steps) refer(e, ITEM_global, i);
    for (u32 i = m->imported_tables; i < m->table_count; i++)
        if (const_kind(m->tables[i].value) == CONST_steps) refer(e, ITEM_table, i);
    for (u32 i = 0; i < m->elem_count; i++)
        for (u32 k = 0; k < m->elems[i].count; k++)
            if (const_kind(m->words[m->elems[i].items + k]) == CONST_steps) refer(e, ITEM_elem, i);
}

static void mark_roots(Encoder *e)
{
    const Module *m = e->m;
    if (e->edit->constants_trap) mark_constants(e);
    for (u32 i = 0; i < m->export_count; i++)
        if (!flagged(e->edit->gone_exports, i))
            refer(e, (ItemKind)m->exports[i].kind, m->exports[i].index);
    if (m->has_start && !e->edit->no_start) refer(e, ITEM_func, m->start);
    mark_segments(e);
}

static void begin_marking(Encoder *e)
{
    e->marking = true;
    for (u32 k = 0; k < ITEM_COUNT; k++) e->seen[k] = NEW_ARRAY(e->arena, u8, e->count[k]);
}

static void mark(Encoder *e)
{
    begin_marking(e);
    mark_roots(e);
    while (e->waiting_count) {
        e->scratch.len = 0;
        mark_item(e, e->waiting[--e->waiting_count]);
    }
}

// ---- Writing

u32 module_item_count(const Module *m, ItemKind kind)
{
    switch (kind) {
    case ITEM_func: return m->func_count;
    case ITEM_table: return m->table_count;
    case ITEM_memory: return m->memory_count;
    case ITEM_global: return m->global_count;
    case ITEM_tag: return m->tag_count;
    case ITEM_type: return m->type_count;
    case ITEM_elem: return m->elem_count;
    case ITEM_data: return m->datas ? m->data_count : 0;
    case ITEM_COUNT: break;
    }
    return 0;
}

// Of the items of a kind the one at a place.
static u32 item_at(const Encoder *e, u32 kind, u32 place)
{
    u32 own = module_item_count(e->m, kind);
    return e->edit->order[kind] && place < own ? e->edit->order[kind][place] : place;
}

// What stays an import stands first, then what was one.
static void number_items(Encoder *e)
{
    const Module *m = e->m;
    for (u32 k = 0; k < ITEM_COUNT; k++) {
        e->number[k] = NEW_ARRAY(e->arena, u32, e->count[k]);
        u32 next = 0;
        for (u32 pass = 0; pass < 2 && k < EXTERN_COUNT; pass++)
            for (u32 i = 0; i < m->import_count; i++) {
                const Import *import = &m->imports[i];
                bool is_now = flagged(e->edit->defined, i) == (pass == 1);
                if ((u32)import->kind == k && is_now && !is_gone(e, k, import->index))
                    e->number[k][import->index] = next++;
            }
        for (u32 place = 0; place < e->count[k]; place++) {
            u32 i = item_at(e, k, place);
            if (is_gone(e, k, i)) e->number[k][i] = GONE;
            else if (!imported(m, k, i)) e->number[k][i] = next++;
        }
    }
}

// A section of items that are counted as they are put.
typedef struct { Buf items; u32 count; } List;

static void list_begin(Encoder *e, List *list)
{
    *list = (List){0};
    buf_init(&list->items, e->arena);
}

static Buf *list_next(List *list)
{
    list->count++;
    return &list->items;
}

static void list_end(Encoder *e, List *list, u8 id)
{
    if (!list->count) return;
    buf_leb_u(&e->section[id], list->count);
    buf_bytes(&e->section[id], list->items.data, list->items.len);
}

typedef void PutItem(Encoder *e, Buf *b, u32 index);

// Those that are defined here: what was imported, then the rest.
static void write_items(Encoder *e, u32 kind, u8 id, PutItem *put)
{
    const Module *m = e->m;
    List list;
    list_begin(e, &list);
    for (u32 i = 0; i < m->import_count && kind < EXTERN_COUNT; i++) {
        const Import *import = &m->imports[i];
        if (import->kind == kind && flagged(e->edit->defined, i) &&
            !is_gone(e, kind, import->index))
            put(e, list_next(&list), import->index);
    }
    for (u32 place = 0; place < module_item_count(m, kind); place++) {
        u32 i = item_at(e, kind, place);
        if (!imported(m, kind, i) && !is_gone(e, kind, i)) put(e, list_next(&list), i);
    }
    for (u32 i = 0; kind == ITEM_data && i < e->edit->piece_count; i++)
        encode_piece(e, list_next(&list), i);
    list_end(e, &list, id);
}

static void put_sized_body(Encoder *e, Buf *b, u32 func)
{
    e->body.len = 0;
    encode_body(e, &e->body, func);
    buf_name(b, e->body.data, e->body.len);
}

// A group that has lost members is written without them.
static void write_types(Encoder *e)
{
    const Module *m = e->m;
    List list;
    bool moved = e->edit->gone[ITEM_type] || e->edit->order[ITEM_type];
    u32 empty = moved ? m->empty_rec_count : 0;
    list_begin(e, &list);
    for (u32 place = 0;;) {
        for (; empty < m->empty_rec_count && m->empty_recs[empty] <= place; empty++)
            buf_bytes(list_next(&list), "\x4e", 2);
        if (place == m->type_count) break;
        u32 i = item_at(e, ITEM_type, place);
        u32 count = MIN(type_group_count(m->store, m->types[i]), m->type_count - i), left = 0;
        for (u32 k = 0; k < count; k++) left += !is_gone(e, ITEM_type, i + k);
        if (left) list_next(&list);
        if (left > 1) {
            buf_byte(&list.items, 0x4e);
            buf_leb_u(&list.items, left);
        }
        for (u32 k = 0; k < count; k++)
            if (!is_gone(e, ITEM_type, i + k)) encode_sub_type(e, &list.items, def_at(e, i + k));
        place += count;
    }
    for (u32 i = 0; i < e->edit->type_count; i++)
        encode_sub_type(e, list_next(&list), &e->edit->types[i]);
    list_end(e, &list, 1);
}

static void write_imports(Encoder *e)
{
    List list;
    list_begin(e, &list);
    for (u32 i = 0; i < e->m->import_count; i++) {
        const Import *import = &e->m->imports[i];
        if (flagged(e->edit->defined, i) || is_gone(e, (ItemKind)import->kind, import->index))
            continue;
        Buf *b = list_next(&list);
        buf_name(b, import->module.data, import->module.len);
        buf_name(b, import->name.data, import->name.len);
        encode_import_type(e, b, import->kind, import->index);
    }
    list_end(e, &list, 2);
}

static void write_exports(Encoder *e)
{
    List list;
    list_begin(e, &list);
    for (u32 i = 0; i < e->m->export_count; i++) {
        const Export *export = &e->m->exports[i];
        if (flagged(e->edit->gone_exports, i)) continue;
        Buf *b = list_next(&list);
        buf_name(b, export->name.data, export->name.len);
        buf_byte(b, (u8)export->kind);
        encode_index(e, b, (ItemKind)export->kind, export->index);
        if (export->kind == EXTERN_func) declares(e, export->index);
    }
    list_end(e, &list, 7);
}

// What constant expressions name is declared by that, and so is what segments list.
static void note_declared(Encoder *e)
{
    const Module *m = e->m;
    e->named = e->declared;
    for (u32 i = 0; i < m->global_count; i++)
        if (!is_gone(e, ITEM_global, i) && present(m->globals[i].init))
            encode_expr(e, &e->scratch, m->globals[i].init);
    for (u32 i = 0; i < m->table_count; i++)
        if (!is_gone(e, ITEM_table, i) && present(m->tables[i].init))
            encode_expr(e, &e->scratch, m->tables[i].init);
    for (u32 i = 0; i < m->elem_count; i++) {
        const ElemSegment *s = &m->elems[i];
        if (is_gone(e, ITEM_elem, i)) continue;
        if (s->of_exprs) encode_elem_exprs(e, &e->scratch, i);
        else
            for (u32 k = 0; k < s->count; k++)
                if (!entry_gone(e, i, k)) declares(e, const_index(m->words[s->items + k]));
    }
    e->named = NULL;
}

// It was declared, a body still names it, and nothing declares it any more.
static bool lost(const Encoder *e, const u8 *named, u32 func)
{
    return named[func] && !e->declared[func];
}

// What was lost gets a segment of its own.
static void write_elems(Encoder *e, const u8 *named)
{
    List list;
    u32 missing = 0;
    list_begin(e, &list);
    for (u32 i = 0; i < e->m->elem_count; i++)
        if (!is_gone(e, ITEM_elem, i)) encode_elem(e, list_next(&list), i);
    for (u32 i = 0; i < e->m->func_count; i++) missing += lost(e, named, i);
    if (missing) {
        Buf *b = list_next(&list);
        buf_byte(b, 3);
        buf_byte(b, 0);
        buf_leb_u(b, missing);
        for (u32 i = 0; i < e->m->func_count; i++)
            if (lost(e, named, i)) encode_index(e, b, ITEM_func, i);
    }
    list_end(e, &list, 9);
}

static void write_sections(Encoder *e)
{
    const Module *m = e->m;
    u8 *named = e->named = NEW_ARRAY(e->arena, u8, m->func_count);
    e->declared = NEW_ARRAY(e->arena, u8, m->func_count);
    write_items(e, ITEM_func, CODE, put_sized_body);
    e->named = NULL;
    write_types(e);
    write_imports(e);
    write_items(e, ITEM_func, 3, encode_func);
    write_items(e, ITEM_table, 4, encode_table);
    write_items(e, ITEM_memory, 5, encode_memory);
    write_items(e, ITEM_tag, 13, encode_tag);
    write_items(e, ITEM_global, 6, encode_global);
    write_exports(e);
    if (m->has_start && !e->edit->no_start) encode_index(e, &e->section[8], ITEM_func, m->start);
    note_declared(e);
    write_elems(e, named);
    write_items(e, ITEM_data, 11, encode_data);
    u32 datas = e->edit->piece_count;
    for (u32 i = 0; i < module_item_count(m, ITEM_data); i++) datas += !is_gone(e, ITEM_data, i);
    if (e->takes_data) buf_leb_u(&e->section[12], datas);
}

static void put_customs(Encoder *e, Buf *out, u8 after)
{
    const Module *m = e->m;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *s = &m->sections[i];
        if (s->id || s->after != after || flagged(e->edit->gone_sections, i)) continue;
        e->scratch.len = 0;
        buf_name(&e->scratch, section_name(m, s).data, s->name_size);
        if (!encode_custom(e, &e->scratch, s)) continue;
        buf_byte(out, 0);
        buf_name(out, e->scratch.data, e->scratch.len);
    }
}

static void put_module(Encoder *e, Buf *out)
{
    buf_bytes(out, "\0asm\1\0\0\0", 8);
    put_customs(e, out, 0);
    for (u32 i = 0; i < COUNT_OF(section_order); i++) {
        const Buf *section = &e->section[section_order[i]];
        if (section->len) {
            buf_byte(out, section_order[i]);
            buf_name(out, section->data, section->len);
        }
        put_customs(e, out, section_order[i]);
    }
}

static void encoder_init(Encoder *e)
{
    const Module *m = e->m;
    for (u32 k = 0; k < ITEM_COUNT; k++) e->count[k] = module_item_count(m, k);
    e->count[ITEM_type] += e->edit->type_count;
    e->in = (ImmReader){m, NULL, NULL, ERR_unexpected_end_of_section, e->diag, .arena = e->arena};
    type_indexes_init(&e->types, m, e->arena);
    buf_init(&e->scratch, e->arena);
    buf_init(&e->body, e->arena);
    for (u32 i = 0; i < SECTION_COUNT; i++) buf_init(&e->section[i], e->arena);
    if (edit_moves(e->edit)) find_marks(e);
}

// Where memory ends, or the module's code is malformed. Nothing else is held.
static bool guarded(Encoder *e, void (*work)(Encoder *e, void *out), void *out, Arena *filled)
{
    jmp_buf failed;
    jmp_buf *before = filled->on_failure;
    filled->on_failure = e->arena->on_failure = &failed;
    bool good = !setjmp(failed);
    if (good) work(e, out);
    else if (e->diag->err == ERR_none) diag_fail(e->diag, ERR_out_of_memory, 0, "%s", "");
    filled->on_failure = before;
    return good && !e->dangling;
}

static void encode(Encoder *e, void *out)
{
    encoder_init(e);
    number_items(e);
    write_sections(e);
    put_module(e, out);
}

bool module_encode(const Module *m, const Edit *edit, Buf *out, Diag *diag)
{
    Arena arena;
    arena_init(&arena);
    diag_init(diag);
    Encoder e = {.m = m, .edit = edit, .arena = &arena, .diag = diag};
    bool good = guarded(&e, encode, out, out->arena);
    if (!good && diag->err == ERR_none)
        diag_fail(diag, ERR_unknown_type, 0, "what is left refers to something that is not");
    arena_free(&arena);
    return good;
}

static void find_unused(Encoder *e, void *out)
{
    u8 **unused = out;
    encoder_init(e);
    mark(e);
    for (u32 k = 0; k < ITEM_COUNT; k++)
        for (u32 i = 0; i < module_item_count(e->m, k); i++)
            unused[k][i] = !e->seen[k][i] && !is_gone(e, k, i);
}

bool module_unused(const Module *m, const Edit *edit, Arena *arena, u8 *out[ITEM_COUNT], Diag *diag)
{
    Arena own;
    arena_init(&own);
    diag_init(diag);
    for (u32 k = 0; k < ITEM_COUNT; k++) out[k] = NEW_ARRAY(arena, u8, module_item_count(m, k));
    Encoder e = {.m = m, .edit = edit, .arena = &own, .diag = diag};
    bool good = guarded(&e, find_unused, out, &own);
    arena_free(&own);
    return good;
}

// Each item once, whether something refers to it or not.
static void count_uses(Encoder *e, void *out)
{
    encoder_init(e);
    begin_marking(e);
    for (u32 k = 0; k < ITEM_COUNT; k++) memset(e->seen[k], true, e->count[k]);
    e->uses = out;
    mark_roots(e);
    for (u32 i = 0; i < module_item_count(e->m, ITEM_elem); i++)
        if (e->m->elems[i].mode == SEGMENT_active) e->uses[ITEM_elem][i] = 0;
    for (u32 i = 0; i < module_item_count(e->m, ITEM_data); i++)
        if (e->m->datas[i].mode == SEGMENT_active) e->uses[ITEM_data][i] = 0;
    for (u32 k = 0; k < ITEM_COUNT; k++)
        for (u32 i = 0; i < module_item_count(e->m, k); i++) {
            e->scratch.len = 0;
            mark_item(e, (Item){k, i});
        }
}

bool module_uses(const Module *m, Arena *arena, u32 *out[ITEM_COUNT], Diag *diag)
{
    const Edit nothing = {0};
    Arena own;
    arena_init(&own);
    diag_init(diag);
    for (u32 k = 0; k < ITEM_COUNT; k++) out[k] = NEW_ARRAY(arena, u32, module_item_count(m, k));
    Encoder e = {.m = m, .edit = &nothing, .arena = &own, .diag = diag};
    bool good = guarded(&e, count_uses, out, &own);
    arena_free(&own);
    return good;
}
