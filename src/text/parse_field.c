// parse_field.c -- the fields of a module, each into its section. See parser.h.
// spec: text/modules

#include "text/parser.h"

#include <string.h>

// codes in imports and exports
enum { EXPORT_func, EXPORT_table, EXPORT_memory, EXPORT_global, EXPORT_tag };
enum { BYTE_end = 0x0b, BYTE_i32_const = 0x41, BYTE_i64_const = 0x42, BYTE_ref_func = 0xd2 };
enum { CODE_funcref = 0x70, CODE_ref = 0x64, CODE_exact_func = 0x20 };
enum { COMPACT_types = 0x7f, COMPACT_type = 0x7e };

static const struct { const char *text; u8 code; Space space; } externs[] = {
    {"func", EXPORT_func, SPACE_func},       {"table", EXPORT_table, SPACE_table},
    {"memory", EXPORT_memory, SPACE_memory}, {"global", EXPORT_global, SPACE_global},
    {"tag", EXPORT_tag, SPACE_tag},
};

// The index of the item that is read now; its successor is the next one's.
static u32 next_index(Parser *p, Space space) { return p->next[space]++; }

static void define(Parser *p, Space space)
{
    if (p->defined == SPACE_type) p->defined = space;
}

static void check_import_order(Parser *p, u32 text)
{
    if (p->defined != SPACE_type)
        fail_at(p, ERR_import_after_function + (Err)(p->defined - SPACE_func), text,
                "imports come first");
}

static void read_const_expr(Parser *p, Part *out)
{
    read_expression(p, out);
    buf_byte(&out->buf, BYTE_end);
}

// (export "name")* before the rest of a definition
static void read_inline_exports(Parser *p, u8 code, u32 index)
{
    Part *out = &p->export_section;
    while (at_form(p, "export")) {
        part_mark(p, out, p->tok.start);
        open_form(p, "export");
        Bytes name = parse_name(p);
        close_form(p);
        buf_name(&out->buf, name.data, name.len);
        buf_byte(&out->buf, code);
        buf_leb_u(&out->buf, index);
        out->items++;
    }
}

static void read_global_type(Parser *p, Buf *out)
{
    bool mutable = open_form(p, "mut");
    read_value_type(p, out);
    if (mutable) close_form(p);
    buf_byte(out, mutable);
}

// What follows the name in an import, code included.
static void read_extern_type(Parser *p, u8 code, Buf *out)
{
    TextLimits limits;
    switch (code) {
    case EXPORT_func: {
        bool exact = open_form(p, "exact");
        buf_byte(out, exact ? CODE_exact_func : EXPORT_func);
        // The names of an import's parameters are bound, so that they are distinct, and go into the
        // name section.
        buf_leb_u(out, read_type_use(p, NAMES_bound));
        if (exact) close_form(p);
        map_init(&p->locals, &p->function);
        arena_reset(&p->function);
        break;
    }
    case EXPORT_table: {
        limits = read_limits(p, read_address_type(p));
        buf_byte(out, EXPORT_table);
        write_ref_type(out, read_ref_type(p));
        write_limits(out, &limits);
        break;
    }
    case EXPORT_memory:
        limits = read_limits(p, read_address_type(p));
        read_page_size(p, &limits);
        buf_byte(out, EXPORT_memory);
        write_limits(out, &limits);
        break;
    case EXPORT_global:
        buf_byte(out, EXPORT_global);
        read_global_type(p, out);
        break;
    default:
        buf_byte(out, EXPORT_tag);
        buf_byte(out, 0);
        buf_leb_u(out, read_type_use(p, NAMES_ignored));
    }
}

static void count_import(Parser *p, Space space)
{
    next_index(p, space);
    if (space == SPACE_func) p->imported_funcs++;
}

// At "(import" within a definition: reads the rest of it. False: it is a definition.
static bool read_inline_import(Parser *p, u8 code, Space space)
{
    Part *out = &p->import_section;
    u32 text = p->tok.start;
    if (!open_form(p, "import")) return false;
    check_import_order(p, text);
    part_mark(p, out, text);
    Bytes module = parse_name(p), name = parse_name(p);
    close_form(p);
    buf_name(&out->buf, module.data, module.len);
    buf_name(&out->buf, name.data, name.len);
    read_extern_type(p, code, &out->buf);
    out->items++;
    count_import(p, space);
    return true;
}

// At "(func ...", "(table ..." and so on: opens it and says which, COUNT_OF(externs) if it is none.
static u32 open_extern(Parser *p)
{
    u32 i = 0;
    while (i < COUNT_OF(externs) && !open_form(p, externs[i].text)) i++;
    if (i == COUNT_OF(externs)) unexpected(p, "(func, (table, (memory, (global or (tag");
    return i;
}

// (func $id? type) and the like, as one import; written to `out`
static void read_import_type(Parser *p, Buf *out)
{
    u32 i = open_extern(p);
    if (i == COUNT_OF(externs)) return;
    read_item_name(p, externs[i].space, p->next[externs[i].space]);
    read_extern_type(p, externs[i].code, out);
    close_form(p);
    count_import(p, externs[i].space);
}

void read_core_extern(Parser *p, Buf *out)
{
    u32 i = open_extern(p);
    if (i == COUNT_OF(externs)) return;
    read_item_name(p, externs[i].space, p->next[externs[i].space]);
    read_extern_type(p, externs[i].code, out);
    close_form(p);
}

// (item "n" (func ...))...
static void read_import_items(Parser *p, Buf *out, Bytes first)
{
    Buf items;
    u32 count = 0;
    buf_init(&items, &p->scratch);
    Bytes name = first;
    do {
        buf_name(&items, name.data, name.len);
        read_import_type(p, &items);
        close_form(p);
        count++;
    } while (open_form(p, "item") && (name = parse_name(p), true));
    buf_byte(out, COMPACT_types);
    buf_leb_u(out, count);
    buf_bytes(out, items.data, items.len);
}

// (item "n")... (func ...)
static void read_import_names(Parser *p, Buf *out, Bytes first)
{
    Buf names;
    u32 count = 1;
    buf_init(&names, &p->scratch);
    buf_name(&names, first.data, first.len);
    close_form(p);
    for (; open_form(p, "item"); count++) {
        Bytes name = parse_name(p);
        buf_name(&names, name.data, name.len);
        close_form(p);
    }
    buf_byte(out, COMPACT_type);
    u32 i = open_extern(p);
    if (i == COUNT_OF(externs)) return;
    if (p->tok.kind == TOKEN_id)
        fail_at(p, ERR_identifier_not_allowed, p->tok.start, "the type is that of several imports");
    read_extern_type(p, externs[i].code, out);
    close_form(p);
    for (u32 k = 0; k < count; k++) count_import(p, externs[i].space);
    buf_leb_u(out, count);
    buf_bytes(out, names.data, names.len);
}

// No item at all, with or without a type: nothing is imported.
static void skip_import_of_nothing(Parser *p)
{
    Buf nowhere;
    buf_init(&nowhere, &p->scratch);
    u32 i = p->tok.kind == TOKEN_open ? open_extern(p) : COUNT_OF(externs);
    if (i == COUNT_OF(externs)) return;
    read_extern_type(p, externs[i].code, &nowhere);
    close_form(p);
}

static void read_import(Parser *p, u32 text)
{
    Part *out = &p->import_section;
    check_import_order(p, text);
    Bytes module = parse_name(p);
    bool compact = p->tok.kind == TOKEN_open || p->tok.kind == TOKEN_close;
    if (compact && !(p->features & FEATURE_BIT(FEATURE_compact_imports)))
        fail_at(p, ERR_feature_disabled, text, "without a second name it needs %s",
                feature_text[FEATURE_compact_imports]);
    if (compact && !at_form(p, "item")) {
        skip_import_of_nothing(p);
        return;
    }
    part_mark(p, out, text);
    buf_name(&out->buf, module.data, module.len);
    if (open_form(p, "item")) {
        buf_byte(&out->buf, 0); // an empty name, then what no kind is
        Bytes first = parse_name(p);
        if (p->tok.kind == TOKEN_open) read_import_items(p, &out->buf, first);
        else read_import_names(p, &out->buf, first);
    } else {
        Bytes name = parse_name(p);
        buf_name(&out->buf, name.data, name.len);
        read_import_type(p, &out->buf);
    }
    out->items++;
}

// (local $id? type)... as runs of equal types
static void read_locals(Parser *p, Buf *out)
{
    Buf runs, type, last;
    u32 run_count = 0;
    u32 run = 0;
    buf_init(&runs, &p->function);
    buf_init(&type, &p->function);
    buf_init(&last, &p->function);
    while (open_form(p, "local")) {
        bool named = p->tok.kind == TOKEN_id;
        while (named || p->tok.kind == TOKEN_keyword || p->tok.kind == TOKEN_open) {
            bind_local(p, p->local_count++);
            type.len = 0;
            read_value_type(p, &type);
            if (run && (type.len != last.len || memcmp(type.data, last.data, type.len))) {
                buf_leb_u(&runs, run);
                buf_bytes(&runs, last.data, last.len);
                run_count++;
                run = 0;
            }
            run++;
            last.len = 0;
            buf_bytes(&last, type.data, type.len);
            if (named) break;
        }
        close_form(p);
    }
    if (run) {
        buf_leb_u(&runs, run);
        buf_bytes(&runs, last.data, last.len);
        run_count++;
    }
    buf_leb_u(out, run_count);
    buf_bytes(out, runs.data, runs.len);
}

// The size stands before the body but is known after it: room for the longest one is left, and then
// closed up.
static void read_body(Parser *p)
{
    enum { ROOM = 5 };
    Part *out = &p->code_section;
    size_t start = out->buf.len;
    u32 first_mark = out->map_count;
    buf_bytes(&out->buf, "\0\0\0\0\0", ROOM);
    p->body_start = out->buf.len;
    p->in_function = true;
    p->block_count = 0;
    read_locals(p, &out->buf);
    read_expression(p, out);
    part_mark(p, out, p->tok.start);
    buf_byte(&out->buf, BYTE_end);
    p->in_function = false;

    size_t size = out->buf.len - p->body_start;
    out->buf.len = start;
    buf_leb_u(&out->buf, size);
    u32 shift = (u32)(p->body_start - out->buf.len);
    memmove(out->buf.data + out->buf.len, out->buf.data + p->body_start, size);
    out->buf.len += size;
    for (u32 i = first_mark; i < out->map_count; i++) out->map[i].binary -= shift;
    out->items++;
}

static void read_func(Parser *p, u32 text)
{
    u32 index = p->next[SPACE_func];
    read_item_name(p, SPACE_func, index);
    read_inline_exports(p, EXPORT_func, index);
    if (read_inline_import(p, EXPORT_func, SPACE_func)) return;
    define(p, SPACE_func);
    part_mark(p, &p->func_section, text);
    buf_leb_u(&p->func_section.buf, read_type_use(p, NAMES_bound));
    p->func_section.items++;
    p->local_count = p->sig_param_count;
    part_mark(p, &p->code_section, text);
    read_body(p);
    next_index(p, SPACE_func);
    map_init(&p->locals, &p->function);
    arena_reset(&p->function);
}

// An active segment at 0 of a table or memory
static void write_zero_offset(Parser *p, Part *out, bool is64)
{
    buf_byte(&out->buf, is64 ? BYTE_i64_const : BYTE_i32_const);
    buf_byte(&out->buf, 0);
    buf_byte(&out->buf, BYTE_end);
}

// The items of an element segment.
typedef struct {
    Part exprs, funcs;
    bool all_funcs; // each expression is just ref.func
} Items;

static void read_index_items(Parser *p, Items *items)
{
    part_init(&items->exprs, &p->scratch);
    part_init(&items->funcs, &p->scratch);
    items->all_funcs = true;
    for (; at_index(p); items->funcs.items++) {
        part_mark(p, &items->funcs, p->tok.start);
        part_mark(p, &items->exprs, p->tok.start);
        u32 func = read_index(p, SPACE_func);
        buf_leb_u(&items->funcs.buf, func);
        buf_byte(&items->exprs.buf, BYTE_ref_func);
        buf_leb_u(&items->exprs.buf, func);
        buf_byte(&items->exprs.buf, BYTE_end);
    }
    items->exprs.items = items->funcs.items;
}

// (item expression) or (instruction), as often as there is one
static void read_expr_items(Parser *p, Items *items)
{
    Part *out = &items->exprs;
    part_init(out, &p->scratch);
    part_init(&items->funcs, &p->scratch);
    items->all_funcs = true;
    for (; p->tok.kind == TOKEN_open; out->items++) {
        size_t start = out->buf.len;
        u32 marks = out->map_count;
        if (open_form(p, "item")) {
            read_expression(p, out);
            close_form(p);
        } else {
            read_folded(p, out);
        }
        // One instruction, and that is ref.func: its index may stand alone.
        items->all_funcs &= out->map_count == marks + 1 && out->buf.data[start] == BYTE_ref_func;
        if (items->all_funcs) {
            part_mark(p, &items->funcs, out->map[marks].text);
            buf_bytes(&items->funcs.buf, out->buf.data + start + 1, out->buf.len - start - 1);
        }
        buf_byte(&out->buf, BYTE_end);
    }
    items->funcs.items = out->items;
}

static void write_items(Parser *p, Part *out, const Part *items)
{
    buf_leb_u(&out->buf, items->items);
    part_append(p, out, items);
}

static bool type_is(const Buf *type, u8 a, u8 b)
{
    if (b) return type->len == 2 && type->data[0] == a && type->data[1] == b;
    return type->len == 1 && type->data[0] == a;
}

enum { ELEM_passive = 1, ELEM_table = 2, ELEM_declare = 3, ELEM_exprs = 4 };

// (elem ...) of a table: as large as its items
static void read_table_elems(Parser *p, TextLimits *limits, const Buf *type)
{
    Part *out = &p->elem_section;
    u32 table = p->next[SPACE_table];
    Items items;
    part_mark(p, out, p->tok.start);
    open_form(p, "elem");
    if (p->tok.kind == TOKEN_open) read_expr_items(p, &items);
    else read_index_items(p, &items);
    close_form(p);
    limits->min = limits->max = items.exprs.items;
    limits->has_max = true;
    // What a list of indices makes is (ref func), which is as good where funcref is asked for.
    bool funcref = type_is(type, CODE_funcref, 0);
    bool funcs = items.all_funcs && (funcref || type_is(type, CODE_ref, CODE_funcref));
    bool typed = table || (!funcs && !funcref);
    buf_leb_u(&out->buf, (typed ? ELEM_table : 0) | (funcs ? 0 : ELEM_exprs));
    if (typed) buf_leb_u(&out->buf, table);
    write_zero_offset(p, out, limits->is64);
    if (typed && funcs) buf_byte(&out->buf, 0);
    else if (typed) buf_bytes(&out->buf, type->data, type->len);
    write_items(p, out, funcs ? &items.funcs : &items.exprs);
    out->items++;
    next_index(p, SPACE_elem);
}

static void read_table(Parser *p, u32 text)
{
    Part *out = &p->table_section, init;
    Buf type;
    TextLimits limits = {0};
    u32 index = p->next[SPACE_table];
    read_item_name(p, SPACE_table, index);
    read_inline_exports(p, EXPORT_table, index);
    if (read_inline_import(p, EXPORT_table, SPACE_table)) return;
    define(p, SPACE_table);
    part_mark(p, out, text);
    part_init(&init, &p->scratch);
    buf_init(&type, &p->scratch);
    limits.is64 = read_address_type(p);
    if (at_ref_type(p)) {
        write_ref_type(&type, read_ref_type(p));
        if (at_form(p, "elem")) read_table_elems(p, &limits, &type);
        else unexpected(p, "(elem");
    } else {
        limits = read_limits(p, limits.is64);
        write_ref_type(&type, read_ref_type(p));
        if (p->tok.kind != TOKEN_close) read_const_expr(p, &init);
    }
    if (init.buf.len) buf_bytes(&out->buf, "\x40", 2); // and the NUL
    buf_bytes(&out->buf, type.data, type.len);
    write_limits(&out->buf, &limits);
    part_append(p, out, &init);
    out->items++;
    next_index(p, SPACE_table);
}

static void read_strings(Parser *p, Buf *out)
{
    while (p->tok.kind == TOKEN_string) {
        Bytes s = read_string(p);
        buf_bytes(out, s.data, s.len);
    }
}

// (data "..."*) of a memory: as large as that
static void read_memory_data(Parser *p, TextLimits *limits)
{
    Part *out = &p->data_section;
    Buf data;
    u32 memory = p->next[SPACE_memory];
    buf_init(&data, &p->scratch);
    part_mark(p, out, p->tok.start);
    open_form(p, "data");
    read_strings(p, &data);
    close_form(p);
    u64 page = (u64)1 << limits->page_log2;
    limits->min = limits->max = data.len / page + (data.len % page != 0);
    limits->has_max = true;
    buf_leb_u(&out->buf, memory ? 2 : 0);
    if (memory) buf_leb_u(&out->buf, memory);
    write_zero_offset(p, out, limits->is64);
    buf_name(&out->buf, data.data, data.len);
    out->items++;
    next_index(p, SPACE_data);
}

static void read_memory(Parser *p, u32 text)
{
    Part *out = &p->memory_section;
    u32 index = p->next[SPACE_memory];
    read_item_name(p, SPACE_memory, index);
    read_inline_exports(p, EXPORT_memory, index);
    if (read_inline_import(p, EXPORT_memory, SPACE_memory)) return;
    define(p, SPACE_memory);
    part_mark(p, out, text);
    bool is64 = read_address_type(p);
    TextLimits limits = {.is64 = is64, .page_log2 = 16};
    read_page_size(p, &limits);
    if (at_form(p, "data")) {
        read_memory_data(p, &limits);
    } else if (limits.has_page) {
        unexpected(p, "(data");
    } else {
        limits = read_limits(p, is64);
        read_page_size(p, &limits);
    }
    write_limits(&out->buf, &limits);
    out->items++;
    next_index(p, SPACE_memory);
}

static void read_global(Parser *p, u32 text)
{
    Part *out = &p->global_section;
    u32 index = p->next[SPACE_global];
    read_item_name(p, SPACE_global, index);
    read_inline_exports(p, EXPORT_global, index);
    if (read_inline_import(p, EXPORT_global, SPACE_global)) return;
    define(p, SPACE_global);
    part_mark(p, out, text);
    read_global_type(p, &out->buf);
    read_const_expr(p, out);
    out->items++;
    next_index(p, SPACE_global);
}

static void read_tag(Parser *p, u32 text)
{
    Part *out = &p->tag_section;
    u32 index = p->next[SPACE_tag];
    read_item_name(p, SPACE_tag, index);
    read_inline_exports(p, EXPORT_tag, index);
    if (read_inline_import(p, EXPORT_tag, SPACE_tag)) return;
    define(p, SPACE_tag);
    part_mark(p, out, text);
    buf_byte(&out->buf, 0);
    buf_leb_u(&out->buf, read_type_use(p, NAMES_ignored));
    out->items++;
    next_index(p, SPACE_tag);
}

static void read_export(Parser *p, u32 text)
{
    Part *out = &p->export_section;
    part_mark(p, out, text);
    Bytes name = parse_name(p);
    buf_name(&out->buf, name.data, name.len);
    u32 i = open_extern(p);
    if (i == COUNT_OF(externs)) return;
    buf_byte(&out->buf, externs[i].code);
    buf_leb_u(&out->buf, read_index(p, externs[i].space));
    close_form(p);
    out->items++;
}

static void read_start(Parser *p, u32 text)
{
    Part *out = &p->start_section;
    if (out->items) fail_at(p, ERR_multiple_start, text, "a module has one at most");
    part_mark(p, out, text);
    buf_leb_u(&out->buf, read_index(p, SPACE_func));
    out->items++;
}

// (offset expression) or (instruction)
static void read_offset(Parser *p, Part *out)
{
    if (open_form(p, "offset")) {
        read_const_expr(p, out);
        close_form(p);
    } else {
        read_folded(p, out);
        buf_byte(&out->buf, BYTE_end);
    }
}

// (table x) or (memory x), or, as in old texts, x alone. *given: it was there.
static u32 read_segment_use(Parser *p, const char *keyword, Space space, bool *given)
{
    *given = true;
    if (open_form(p, keyword)) {
        u32 index = read_index(p, space);
        close_form(p);
        return index;
    }
    if (p->tok.kind == TOKEN_int) return read_index(p, space);
    *given = false;
    return 0;
}

static void read_elem(Parser *p, u32 text)
{
    Part *out = &p->elem_section, offset;
    Buf type;
    Items items;
    bool table_given = false, active = false;
    read_item_name(p, SPACE_elem, next_index(p, SPACE_elem));
    part_mark(p, out, text);
    part_init(&offset, &p->scratch);
    buf_init(&type, &p->scratch);
    bool declare = open_word(p, "declare");
    u32 table = declare ? 0 : read_segment_use(p, "table", SPACE_table, &table_given);
    if (table_given || (!declare && p->tok.kind == TOKEN_open && !at_form(p, "ref"))) {
        active = true;
        read_offset(p, &offset);
    }
    bool func = open_word(p, "func"), funcref = false;
    // In active ones `func` may be left out.
    if (func || (active && (at_index(p) || p->tok.kind == TOKEN_close))) {
        read_index_items(p, &items);
        func = true;
    } else {
        write_ref_type(&type, read_ref_type(p));
        read_expr_items(p, &items);
        funcref = type_is(&type, CODE_funcref, 0);
    }
    bool typed = !active || table || (!func && !funcref);
    u32 mode = declare ? ELEM_declare : !active ? ELEM_passive : typed ? ELEM_table : 0;
    buf_leb_u(&out->buf, mode | (func ? 0 : ELEM_exprs));
    if (mode == ELEM_table) buf_leb_u(&out->buf, table);
    if (active) part_append(p, out, &offset);
    if (typed && func) buf_byte(&out->buf, 0);
    else if (typed) buf_bytes(&out->buf, type.data, type.len);
    write_items(p, out, func ? &items.funcs : &items.exprs);
    out->items++;
}

static void read_data(Parser *p, u32 text)
{
    Part *out = &p->data_section, offset;
    Buf data;
    bool memory_given;
    read_item_name(p, SPACE_data, next_index(p, SPACE_data));
    part_mark(p, out, text);
    part_init(&offset, &p->scratch);
    buf_init(&data, &p->scratch);
    u32 memory = read_segment_use(p, "memory", SPACE_memory, &memory_given);
    bool active = memory_given || p->tok.kind == TOKEN_open;
    if (active) read_offset(p, &offset);
    read_strings(p, &data);
    buf_leb_u(&out->buf, !active ? 1 : memory ? 2 : 0);
    if (memory) buf_leb_u(&out->buf, memory);
    part_append(p, out, &offset);
    buf_name(&out->buf, data.data, data.len);
    out->items++;
}

// Types were read before.
static void skip_type(Parser *p) { parser_seek(p, p->type_forms[p->type_form_next++].end); }

static void read_field(Parser *p)
{
    static const struct {
        const char *text;
        void (*read)(Parser *p, u32 text);
    } fields[] = {
        {"func", read_func},     {"import", read_import}, {"export", read_export},
        {"table", read_table},   {"memory", read_memory}, {"global", read_global},
        {"elem", read_elem},     {"data", read_data},     {"tag", read_tag},
        {"start", read_start}};
    u32 text = p->tok.start;
    if (at_form(p, "type") || at_form(p, "rec")) {
        advance(p); // complains of annotations that have no place here
        if (p->tok.kind != TOKEN_error) skip_type(p);
        return;
    }
    for (u32 i = 0; i < COUNT_OF(fields); i++) {
        if (!open_form(p, fields[i].text)) continue;
        fields[i].read(p, text);
        close_form(p);
        return;
    }
    if (at_form(p, "module")) {
        fail_at(p, ERR_multiple_modules, text, "one was expected; `weft wast` runs scripts");
        return;
    }
    if (at_script(p)) {
        fail_at(p, ERR_unexpected_token, text, "this is a script; `weft wast` runs scripts");
        return;
    }
    advance(p);
    if (p->tok.kind == TOKEN_keyword)
        fail_at(p, ERR_unknown_operator, p->tok.start, "\"%.*s\" is no field of a module",
                (int)MIN(p->tok.len, 60), p->src + p->tok.start);
    else
        unexpected(p, "a field of a module");
}

// All at once: there may be any number before one token, too many to begin again for each.
static void take_customs(Parser *p)
{
    for (u32 i = p->tok.note_first; i < p->tok.note_end; i++) {
        Note *note = &p->notes[i];
        if (note->kind != NOTE_custom || note->used) continue;
        note->used = true;
        ARENA_PUSH(&p->scratch, p->customs, p->custom_count, p->custom_cap) =
            (Custom){note->name, note->content, note->place};
    }
}

void read_fields(Parser *p)
{
    take_customs(p);
    while (p->tok.kind == TOKEN_open) {
        read_field(p);
        take_customs(p);
    }
}
