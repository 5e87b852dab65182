// sections.c -- the sections that define things, one function each.
//
// Indices of functions, tables and so on are kept as they are: whether they exist is for
// validation. Bodies are only delimited. spec: binary/modules

#include "binary/decoder.h"

// Whoever has them noted finds out which.
void decode_needs_tags(Decoder *d, const u8 *at)
{
    if (!d->m->missing && !(d->m->features & FEATURES_WITH_TAGS))
        decode_needs(d, FEATURE_exceptions, at);
}

// Room for what a section defines, behind what was imported.
static void *make_room(Decoder *d, void *items, u32 have, u32 count, size_t size)
{
    return arena_grow(&d->m->arena, items, have, (size_t)have + count, size);
}

static void decode_func_section(Decoder *d)
{
    Module *m = d->m;
    u32 count = decode_count(d, 1, m->func_count, LIMIT_funcs, ERR_limit_functions);
    m->funcs = make_room(d, m->funcs, m->func_count, count, sizeof *m->funcs);
    for (u32 i = 0; i < count && !decode_failed(d); i++)
        m->funcs[m->func_count++].type = decode_func_type(d); // rule: Func_ok
}

// A table with an initial value begins with 0x40 0x00.
static void decode_table(Decoder *d, TableDecl *table)
{
    bool has_init = peek_u8(&d->r) == 0x40;
    table->at = reader_offset(&d->r);
    if (has_init) {
        decode_needs(d, FEATURE_function_references, d->r.pos);
        read_u8(&d->r);
        const u8 *at = d->r.pos;
        u8 zero = read_u8(&d->r);
        if (zero) decode_fail(d, ERR_zero_byte_expected, at, "%02x", zero);
    }
    table->type = decode_table_type(d);
    if (has_init) table->init = decode_expr(d);
}

static void decode_table_section(Decoder *d)
{
    Module *m = d->m;
    const u8 *at = d->r.pos;
    u32 count = decode_count(d, 1, m->table_count, LIMIT_tables, ERR_limit_tables);
    if (m->table_count + count > 1) decode_needs(d, FEATURE_reference_types, at);
    m->tables = make_room(d, m->tables, m->table_count, count, sizeof *m->tables);
    for (u32 i = 0; i < count && !decode_failed(d); i++)
        decode_table(d, &m->tables[m->table_count++]);
}

static void decode_memory_section(Decoder *d)
{
    Module *m = d->m;
    const u8 *at = d->r.pos;
    u32 count = decode_count(d, 1, m->memory_count, LIMIT_memories, ERR_limit_memories);
    if (m->memory_count + count > 1) decode_needs(d, FEATURE_multi_memory, at);
    m->memories = make_room(d, m->memories, m->memory_count, count, sizeof *m->memories);
    for (u32 i = 0; i < count && !decode_failed(d); i++) {
        MemDecl *memory = &m->memories[m->memory_count++];
        memory->at = reader_offset(&d->r);
        memory->type.limits = decode_limits(d, true);
    }
}

static void decode_tag_section(Decoder *d)
{
    Module *m = d->m;
    decode_needs_tags(d, d->r.pos);
    u32 count = decode_count(d, 2, m->tag_count, LIMIT_tags, ERR_limit_tags);
    m->tags = make_room(d, m->tags, m->tag_count, count, sizeof *m->tags);
    for (u32 i = 0; i < count && !decode_failed(d); i++) {
        TagDecl *tag = &m->tags[m->tag_count++];
        tag->at = reader_offset(&d->r);
        tag->type = decode_tag_type(d);
    }
}

static void decode_global_section(Decoder *d)
{
    Module *m = d->m;
    u32 count = decode_count(d, 3, m->global_count, LIMIT_globals, ERR_limit_globals);
    m->globals = make_room(d, m->globals, m->global_count, count, sizeof *m->globals);
    for (u32 i = 0; i < count && !decode_failed(d); i++) {
        GlobalDecl *global = &m->globals[m->global_count++];
        // rule: Global_ok
        global->type = decode_global_type(d);
        global->init = decode_expr(d);
    }
}

static void decode_export(Decoder *d, Export *export)
{
    export->name = read_name(&d->r);
    const u8 *at = d->r.pos;
    u8 kind = read_u8(&d->r);
    if (kind >= EXTERN_COUNT) decode_fail(d, ERR_malformed_export_kind, at, "0x%02x", kind);
    export->kind = (ExternKind)kind;
    export->index = read_leb_u32(&d->r);
    if (decode_failed(d)) return;
    if (kind == EXTERN_func) decode_declare(d, export->index);
    if (kind == EXTERN_global && export->index < d->m->global_count &&
        d->m->globals[export->index].type.mutable)
        decode_needs(d, FEATURE_mutable_global, at);
}

static void decode_export_section(Decoder *d)
{
    Module *m = d->m;
    u32 count = decode_count(d, 3, 0, LIMIT_exports, ERR_limit_exports);
    m->exports = NEW_ARRAY(&m->arena, Export, count);
    for (u32 i = 0; i < count && !decode_failed(d); i++)
        decode_export(d, &m->exports[m->export_count++]);
}

// Elements. The flags: 1 not active, 2 declarative or with an explicit table, 4 expressions.

static void decode_elem_mode(Decoder *d, ElemSegment *elem, u32 flags)
{
    if (flags & 1) {
        // rules: Elemmode_ok/passive, Elemmode_ok/declare
        elem->mode = flags & 2 ? SEGMENT_declarative : SEGMENT_passive;
    } else {
        elem->mode = SEGMENT_active;
        if (flags & 2) elem->table = read_leb_u32(&d->r);
        elem->offset = decode_expr(d);
    }
}

// Where the short forms say nothing, functions cannot be null, but expressions can.
// rule: Elem_ok
static Type decode_elem_type(Decoder *d, u32 flags)
{
    if (!(flags & 3)) return type_ref(flags & 4, HEAP_func);
    if (flags & 4) return decode_ref_type(d);
    const u8 *at = d->r.pos;
    u8 kind = read_u8(&d->r);
    if (kind != 0) decode_fail(d, ERR_malformed_element_segment, at, "0x%02x", kind);
    return type_ref(false, HEAP_func);
}

static void decode_elem_funcs(Decoder *d, ElemSegment *elem)
{
    for (u32 i = 0; i < elem->count && !decode_failed(d); i++) {
        u32 func = d->m->words[elem->items + i] = read_leb_u32(&d->r);
        if (!decode_failed(d)) decode_declare(d, func);
    }
}

static void decode_elem_exprs(Decoder *d, ElemSegment *elem)
{
    elem->of_exprs = true;
    for (u32 i = 0; i < elem->count && !decode_failed(d); i++) decode_expr(d);
}

static void decode_elem(Decoder *d, ElemSegment *elem)
{
    const u8 *at = d->r.pos;
    u32 flags = read_leb_u32(&d->r);
    if (flags > 7) decode_fail(d, ERR_malformed_element_segment, at, "%u", flags);
    if (flags) decode_needs(d, FEATURE_bulk_memory, at);
    decode_elem_mode(d, elem, flags);
    elem->type = decode_elem_type(d, flags);
    elem->count = decode_count(d, 1, 0, LIMIT_elem_entries, ERR_limit_elem_entries);
    elem->items_at = reader_offset(&d->r);
    bool active = elem->mode == SEGMENT_active;
    elem->items = module_room(d->m, elem->count + active) + active;
    if (flags & 4) decode_elem_exprs(d, elem);
    else decode_elem_funcs(d, elem);
}

static void decode_elem_section(Decoder *d)
{
    Module *m = d->m;
    u32 count = decode_count(d, 3, 0, LIMIT_elems, ERR_limit_elem_segments);
    m->elems = NEW_ARRAY(&m->arena, ElemSegment, count);
    for (u32 i = 0; i < count && !decode_failed(d); i++) decode_elem(d, &m->elems[m->elem_count++]);
}

void decode_body_count(Decoder *d)
{
    const Module *m = d->m;
    const u8 *at = d->r.pos;
    u32 count = read_leb_u32(&d->r), defined = m->func_count - m->imported_funcs;
    if (count != defined)
        decode_fail(d, ERR_inconsistent_code_count, at, "%u functions, %u bodies", defined, count);
}

void decode_body(Decoder *d)
{
    Module *m = d->m;
    FuncDecl *func = &m->funcs[m->imported_funcs + m->body_count];
    const u8 *at = d->r.pos;
    func->body_size_offset = reader_offset(&d->r);
    u32 size = read_leb_u32(&d->r);
    func->body.start = reader_offset(&d->r);
    if (size == 0) decode_fail(d, ERR_unexpected_end_of_section, at, "an empty body");
    // Not at the section's end, which may not be there yet.
    if (size > d->code.content.end - func->body.start && !decode_failed(d))
        decode_fail(d, ERR_unexpected_end_of_section, at, "a body of %u bytes", size);
    if (size > LIMIT_body_size) decode_fail(d, ERR_limit_body_size, at, "%u bytes", size);
    read_bytes(&d->r, size);
    if (decode_failed(d)) return;
    func->body.end = func->body.start + size;
    m->body_count++;
}

// Each has its size in front of it, which nobody looks at.
static bool take_known(Decoder *d, FuncDecl *func, Range body)
{
    u32 at = reader_offset(&d->r);
    if (body.start <= at || body.end <= body.start || body.end > d->code.content.end ||
        body.end - body.start > LIMIT_body_size)
        return decode_fail(d, ERR_unexpected_end_of_section, d->r.pos, "a body where none can be");
    func->body_size_offset = at;
    func->body = body;
    d->m->body_count++;
    d->r.pos = d->r.start + body.end;
    return true;
}

void decode_known_bodies(Decoder *d)
{
    Module *m = d->m;
    u32 defined = m->func_count - m->imported_funcs;
    if (d->known != defined)
        decode_fail(d, ERR_inconsistent_code_count, d->r.pos, "%u functions, %u bodies", defined,
                    d->known);
    while (!decode_failed(d) && m->body_count < defined)
        take_known(d, &m->funcs[m->imported_funcs + m->body_count], d->bodies[m->body_count]);
}

// The flags: 1 passive, 2 with an explicit memory.
static void decode_data(Decoder *d, DataSegment *data)
{
    const u8 *at = d->r.pos;
    u32 flags = read_leb_u32(&d->r);
    if (flags > 2) decode_fail(d, ERR_malformed_data_segment, at, "%u", flags);
    if (flags) decode_needs(d, FEATURE_bulk_memory, at);
    data->mode = flags == 1 ? SEGMENT_passive : SEGMENT_active;
    if (flags == 2) data->memory = read_leb_u32(&d->r);
    if (flags != 1) data->offset = decode_expr(d);
    u32 size = read_leb_u32(&d->r);
    data->init.start = reader_offset(&d->r);
    read_bytes(&d->r, size);
    data->init.end = reader_offset(&d->r);
}

static void decode_data_section(Decoder *d)
{
    Module *m = d->m;
    const u8 *at = d->r.pos;
    u32 count = decode_count(d, 2, 0, LIMIT_datas, ERR_limit_data_segments);
    if (m->has_data_count && count != m->data_count && !decode_failed(d))
        decode_fail(d, ERR_inconsistent_data_count, at, "%u announced, %u found", m->data_count,
                    count);
    m->datas = NEW_ARRAY(&m->arena, DataSegment, count);
    d->data_count = count;
    if (!m->has_data_count) m->data_count = count;
    for (u32 i = 0; i < count && !decode_failed(d); i++) decode_data(d, &m->datas[i]);
}

static void decode_data_count_section(Decoder *d)
{
    const u8 *at = d->r.pos;
    decode_needs(d, FEATURE_bulk_memory, at);
    d->m->data_count = read_leb_u32(&d->r);
    d->m->has_data_count = true;
}

void decode_section(Decoder *d, u8 id)
{
    switch (id) {
    case 1: decode_type_section(d); break;
    case 2: decode_import_section(d); break;
    case 3: decode_func_section(d); break;
    case 4: decode_table_section(d); break;
    case 5: decode_memory_section(d); break;
    case 6: decode_global_section(d); break;
    case 7: decode_export_section(d); break;
    case 8:
        d->m->start = read_leb_u32(&d->r);
        d->m->has_start = true;
        break;
    case 9: decode_elem_section(d); break;
    case 11: decode_data_section(d); break;
    case 12: decode_data_count_section(d); break;
    case 13: decode_tag_section(d); break;
    }
}
