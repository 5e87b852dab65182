// print.c -- see print.h: the fields of a module, in the order of its sections.
//
// A custom section is written as an @custom that says behind which section it stands. The name
// section and the branch hints are made by the assembler from identifiers and annotations. Where
// what it would make of names differs from what is there, because of an order, a form or an index
// that text has no words for, the section's bytes are written as well, and then they are what
// counts; hints of which one has no instruction are written as bytes only.
// spec: text/modules, appendix/custom

#include "text/print/print.h"

#include "module/describe.h"
#include "text/print/printer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { CODE = 10 };

static const char *const section_words[] = {
    [1] = "type", [2] = "import", [3] = "func", [4] = "table", [5] = "memory", [6] = "global",
        [7] = "export",
    [8] = "start", [9] = "elem", [10] = "code", [11] = "data", [12] = "datacount", [13] = "tag",
};

// In the order in which they stand.
static const u8 section_order[] = {1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, CODE, 11};

static const struct { const char *word; NamesKind names; } externs[EXTERN_COUNT] = {
    [EXTERN_func] = {"func", NAMES_func},       [EXTERN_table] = {"table", NAMES_table},
    [EXTERN_memory] = {"memory", NAMES_memory}, [EXTERN_global] = {"global", NAMES_global},
    [EXTERN_tag] = {"tag", NAMES_tag},
};

void print_flush(Printer *p)
{
    p->stopped = !p->sink(p->env, p->out.data, p->out.len);
    p->out.len = 0;
    if (p->stopped) arena_fail(&p->arena);
}

void print_fail(Printer *p, Err err, size_t offset, const char *fmt, ...)
{
    char detail[200];
    va_list args;
    va_start(args, fmt);
    vsnprintf(detail, sizeof detail, fmt, args);
    va_end(args);
    diag_fail(p->diag, err, offset, "%s", detail);
    print_flush(p);
    arena_fail(&p->arena);
}

static void put_name(Buf *b, Bytes name)
{
    buf_byte(b, ' ');
    buf_quoted(b, name, QUOTE_text);
}

// ---- Imports

static void put_extern(Printer *p, ExternKind kind, u32 index, bool named)
{
    Buf *b = &p->out;
    const ExternType t = module_type(p->m, kind, index);
    put(b, " (");
    put(b, externs[kind].word);
    if (named) put_item_name(p, b, externs[kind].names, index);
    switch (kind) {
    case EXTERN_func:
        if (t.exact) put(b, " (exact");
        put_type_use(p, b, print_type_index(p, t.func));
        if (named) {
            const TypeDef *def = type_def(p->m->store, t.func);
            Idents locals = print_names_within(p, NAMES_local, index, def->param_count, &p->body);
            if (locals.count || def->param_count + def->result_count <= 16)
                put_signature(p, b, def, locals.count ? &locals : NULL);
            arena_reset(&p->body);
        }
        if (t.exact) buf_byte(b, ')');
        break;
    case EXTERN_table:
        put_limits(b, &t.table.limits);
        buf_byte(b, ' ');
        put_type(p, b, t.table.elem, false);
        break;
    case EXTERN_memory: put_limits(b, &t.memory.limits); break;
    case EXTERN_global:
        buf_byte(b, ' ');
        put_field_type(p, b, t.global.type, t.global.mutable);
        break;
    case EXTERN_tag: put_type_use(p, b, print_type_index(p, t.func)); break;
    case EXTERN_COUNT: break;
    }
    buf_byte(b, ')');
}

// Which of the compact forms an import and those behind it came in: 0x7f, 0x7e, or 0 for neither.
// All of a group share their module's name, and behind that stands an empty name and the form,
// which no import of its own has.
static u8 compact_form(const Import *import)
{
    const u8 *end = import->module.data + import->module.len;
    return end[0] == 0 && (end[1] == 0x7f || end[1] == 0x7e) ? end[1] : 0;
}

static u32 compact_count(const Module *m, u32 first)
{
    u32 n = 1;
    while (first + n < m->import_count &&
           m->imports[first + n].module.data == m->imports[first].module.data) n++;
    return n;
}

// The form whose items share a type has no place for their identifiers.
static bool have_idents(const Printer *p, u32 first, u32 count)
{
    bool have = false;
    for (u32 i = first; i < first + count && !have; i++) {
        const Idents *ids = &p->idents[externs[p->m->imports[i].kind].names];
        u32 index = p->m->imports[i].index;
        have = index < ids->count && ids->items[index].text;
    }
    return have;
}

static void print_compact(Printer *p, u32 first, u32 count, u8 form)
{
    Buf *b = &p->out;
    for (u32 i = first; i < first + count; i++) {
        const Import *import = &p->m->imports[i];
        put(b, "\n    (item");
        put_name(b, import->name);
        if (form == 0x7f) put_extern(p, import->kind, import->index, true);
        buf_byte(b, ')');
        print_maybe_flush(p);
    }
    if (form == 0x7e) {
        put(b, "\n   ");
        put_extern(p, p->m->imports[first].kind, p->m->imports[first].index, false);
    }
}

static void print_imports(Printer *p)
{
    const Module *m = p->m;
    for (u32 i = 0, n; i < m->import_count; i += n) {
        const Import *import = &m->imports[i];
        u8 form = compact_form(import);
        n = form ? compact_count(m, i) : 1;
        if (form == 0x7e && have_idents(p, i, n)) form = 0x7f;
        put(&p->out, "\n  (import");
        put_name(&p->out, import->module);
        if (form) {
            print_compact(p, i, n, form);
        } else {
            put_name(&p->out, import->name);
            put_extern(p, import->kind, import->index, true);
        }
        buf_byte(&p->out, ')');
        print_maybe_flush(p);
    }
}

// ---- Exports

// Where a definition stands among all that are written; 0 for what is imported, and for nothing at
// all.
static u64 definition_place(const Module *m, ExternKind kind, u32 index)
{
    switch (kind) {
    case EXTERN_table:
        return index < m->imported_tables || index >= m->table_count ? 0 : (u64)1 << 32 | index;
    case EXTERN_memory:
        return index < m->imported_memories || index >= m->memory_count ? 0 : (u64)2 << 32 | index;
    case EXTERN_tag:
        return index < m->imported_tags || index >= m->tag_count ? 0 : (u64)3 << 32 | index;
    case EXTERN_global:
        return index < m->imported_globals || index >= m->global_count ? 0 : (u64)4 << 32 | index;
    case EXTERN_func:
        return index < m->imported_funcs || index >= m->func_count ? 0 : (u64)5 << 32 | index;
    default: return 0;
    }
}

// Exports are said at what they export if they come in the same order then.
static bool exports_are_inline(const Module *m)
{
    u64 last = 1;
    for (u32 i = 0; i < m->export_count; i++) {
        u64 place = definition_place(m, m->exports[i].kind, m->exports[i].index);
        if (place < last) return false;
        last = place;
    }
    return true;
}

void put_inline_exports(Printer *p, ExternKind kind, u32 index)
{
    const Module *m = p->m;
    for (; p->inline_exports && p->export_next < m->export_count; p->export_next++) {
        const Export *e = &m->exports[p->export_next];
        if (e->kind != kind || e->index != index) return;
        put(&p->out, " (export");
        put_name(&p->out, e->name);
        buf_byte(&p->out, ')');
    }
}

// ---- Definitions

static void begin_field(Printer *p, const char *word, NamesKind kind, u32 index)
{
    put(&p->out, "\n  (");
    put(&p->out, word);
    put_item_name(p, &p->out, kind, index);
}

static void begin_definition(Printer *p, ExternKind kind, u32 index)
{
    begin_field(p, externs[kind].word, externs[kind].names, index);
    put_inline_exports(p, kind, index);
}

static void end_field(Printer *p)
{
    buf_byte(&p->out, ')');
    print_maybe_flush(p);
}

static void print_tables(Printer *p)
{
    for (u32 i = p->m->imported_tables; i < p->m->table_count; i++) {
        const TableDecl *t = &p->m->tables[i];
        begin_definition(p, EXTERN_table, i);
        put_limits(&p->out, &t->type.limits);
        buf_byte(&p->out, ' ');
        put_type(p, &p->out, t->type.elem, false);
        u32 at = t->init.start;
        if (t->init.end > at) put_const_expr(p, &p->out, &at);
        end_field(p);
    }
}

static void print_memories(Printer *p)
{
    for (u32 i = p->m->imported_memories; i < p->m->memory_count; i++) {
        begin_definition(p, EXTERN_memory, i);
        put_limits(&p->out, &p->m->memories[i].type.limits);
        end_field(p);
    }
}

static void print_tags(Printer *p)
{
    for (u32 i = p->m->imported_tags; i < p->m->tag_count; i++) {
        const TypeDef *def = type_def(p->m->store, p->m->tags[i].type);
        begin_definition(p, EXTERN_tag, i);
        put_type_use(p, &p->out, print_type_index(p, p->m->tags[i].type));
        if (def->param_count + def->result_count <= 16) put_signature(p, &p->out, def, NULL);
        end_field(p);
    }
}

static void print_globals(Printer *p)
{
    for (u32 i = p->m->imported_globals; i < p->m->global_count; i++) {
        const GlobalDecl *g = &p->m->globals[i];
        begin_definition(p, EXTERN_global, i);
        buf_byte(&p->out, ' ');
        put_field_type(p, &p->out, g->type.type, g->type.mutable);
        u32 at = g->init.start;
        put_const_expr(p, &p->out, &at);
        end_field(p);
    }
}

static void print_exports(Printer *p)
{
    for (u32 i = 0; !p->inline_exports && i < p->m->export_count; i++) {
        const Export *e = &p->m->exports[i];
        put(&p->out, "\n  (export");
        put_name(&p->out, e->name);
        put(&p->out, " (");
        put(&p->out, externs[e->kind].word);
        buf_byte(&p->out, ' ');
        put_index(p, &p->out, externs[e->kind].names, e->index);
        buf_byte(&p->out, ')');
        end_field(p);
    }
}

static void print_start(Printer *p)
{
    if (!p->m->has_start) return;
    put(&p->out, "\n  (start ");
    put_index(p, &p->out, NAMES_func, p->m->start);
    end_field(p);
}

// ---- Segments

// The word that wraps an expression, unless that is one folded instruction, is only known behind
// it. Returns what is behind the expression.
static u32 put_wrapped(Printer *p, const char *word, u32 at)
{
    Buf *text = &p->wrapped;
    text->len = 0;
    u32 roots = put_const_expr(p, text, &at);
    if (roots != 1) {
        buf_byte(&p->out, ' ');
        put(&p->out, word);
    }
    buf_bytes(&p->out, text->data, text->len);
    if (roots != 1) buf_byte(&p->out, ')');
    return at;
}

// Many on a line.
static void put_break(Printer *p, size_t *line)
{
    Buf *b = &p->out;
    if (b->len - MIN(*line, b->len) < 100 && b->len >= *line) return;
    put(b, "\n   ");
    print_maybe_flush(p);
    *line = b->len;
}

static void print_elem_items(Printer *p, const ElemSegment *s)
{
    Buf *b = &p->out;
    size_t line = b->len;
    u32 at = s->items_at;
    for (u32 i = 0; i < s->count; i++) {
        put_break(p, &line);
        if (s->of_exprs) {
            at = put_wrapped(p, "(item", at);
        } else {
            buf_byte(b, ' ');
            put_index(p, b, NAMES_func, p->m->words[s->items + i]);
        }
    }
}

static void print_elems(Printer *p)
{
    for (u32 i = 0; i < p->m->elem_count; i++) {
        const ElemSegment *s = &p->m->elems[i];
        begin_field(p, "elem", NAMES_elem, i);
        if (s->mode == SEGMENT_declarative) put(&p->out, " declare");
        if (s->mode == SEGMENT_active) {
            if (s->table) {
                put(&p->out, " (table ");
                put_index(p, &p->out, NAMES_table, s->table);
                buf_byte(&p->out, ')');
            }
            put_wrapped(p, "(offset", s->offset.start);
        }
        if (s->of_exprs) buf_byte(&p->out, ' '), put_type(p, &p->out, s->type, false);
        else put(&p->out, " func");
        if (p->options.skeleton) put_left_out(&p->out, s->count, " items");
        else print_elem_items(p, s);
        end_field(p);
    }
}

static void print_datas(Printer *p)
{
    for (u32 i = 0; i < p->m->data_count; i++) {
        const DataSegment *s = &p->m->datas[i];
        begin_field(p, "data", NAMES_data, i);
        if (s->mode == SEGMENT_active) {
            if (s->memory) {
                put(&p->out, " (memory ");
                put_index(p, &p->out, NAMES_memory, s->memory);
                buf_byte(&p->out, ')');
            }
            put_wrapped(p, "(offset", s->offset.start);
        }
        Bytes init = {p->m->bytes + s->init.start, s->init.end - s->init.start};
        if (p->options.skeleton) put_left_out(&p->out, init.len, " bytes");
        else put_data(p, init, "\n    ");
        end_field(p);
    }
}

static void print_bodies(Printer *p)
{
    for (u32 i = p->m->imported_funcs; i < p->m->func_count; i++) {
        buf_byte(&p->out, '\n');
        if (p->options.skeleton && !p->whole[i]) print_bare_body(p, i);
        else print_body(p, i);
    }
}

static void print_section(Printer *p, u8 id)
{
    switch (id) {
    case 1: print_type_section(p); break;
    case 2: print_imports(p); break;
    case 4: print_tables(p); break;
    case 5: print_memories(p); break;
    case 6: print_globals(p); break;
    case 7: print_exports(p); break;
    case 8: print_start(p); break;
    case 9: print_elems(p); break;
    case 10: print_bodies(p); break;
    case 11: print_datas(p); break;
    case 13: print_tags(p); break;
    default: break;
    }
}

// ---- Custom sections

static void print_custom(Printer *p, const Section *s, const char *place, const char *where)
{
    const Module *m = p->m;
    put(&p->out, "\n  (@custom");
    put_name(&p->out, section_name(m, s));
    if (place) {
        put(&p->out, place);
        put(&p->out, where);
        buf_byte(&p->out, ')');
    }
    put_data(p, (Bytes){m->bytes + s->content.start, s->content.end - s->content.start}, "\n    ");
    end_field(p);
}

// A section without items is not written again, nor is a data count that nobody needs, so nothing
// may refer to it.
static bool is_written(const Module *m, u8 id)
{
    switch (id) {
    case 1: return m->type_count;
    case 2: return m->import_count;
    case 3: case CODE: return m->func_count > m->imported_funcs;
    case 4: return m->table_count > m->imported_tables;
    case 5: return m->memory_count > m->imported_memories;
    case 6: return m->global_count > m->imported_globals;
    case 7: return m->export_count;
    case 8: return true;
    case 9: return m->elem_count;
    case 11: return m->data_count;
    case 13: return m->tag_count > m->imported_tags;
    default: return false;
    }
}

static void find_places(Printer *p)
{
    const Module *m = p->m;
    u8 after = 0;
    p->after = NEW_ARRAY(&p->arena, u8, m->section_count);
    for (u32 i = 0; i < m->section_count; i++) {
        p->after[i] = after;
        if (!is_written(m, m->sections[i].id)) continue;
        after = m->sections[i].id;
        p->last_section = i;
    }
}

static bool is_last_section(const Printer *p, u32 i) { return i >= p->last_section; }

// Does the assembler make the very same section, in the same place?
static bool names_are_made(const Printer *p)
{
    const Module *m = p->m;
    u32 at = p->names.section, others = 0;
    for (u32 i = 0; i < m->section_count; i++)
        others += i != at && section_is(m, &m->sections[i], "name");
    return !others && p->names.canonical && p->names_written == p->names.total &&
        is_last_section(p, at);
}

static void print_placed(Printer *p, u32 i)
{
    const Module *m = p->m;
    const Section *s = &m->sections[i];
    if (p->options.skeleton || (p->options.name_unnamed && section_is(m, s, "name"))) return;
    bool behind_names = p->names.section == UINT32_MAX || i >= p->names.section;
    if (i >= p->notes_from && i < p->notes_end) return;
    if (i == p->names.section && is_last_section(p, i) && names_are_made(p)) return;
    if (is_last_section(p, i) && behind_names) print_custom(p, s, NULL, NULL);
    else if (print_dylink(p, s)) end_field(p);
    else if (p->after[i]) print_custom(p, s, " (after ", section_words[p->after[i]]);
    else print_custom(p, s, " (before ", "first");
}

// Those behind the section with this id. Those behind the code come last, when it is known whether
// all names were written.
static void print_customs(Printer *p, u8 after)
{
    const Module *m = p->m;
    while (p->custom_next < m->section_count) {
        const Section *s = &m->sections[p->custom_next];
        if (s->id == 0 && p->after[p->custom_next] != after) return;
        if (s->id == 0) print_placed(p, p->custom_next);
        p->custom_next++;
    }
}

// ---- The module

static void print_fields(Printer *p)
{
    find_places(p);
    p->inline_exports = exports_are_inline(p->m);
    print_customs(p, 0);
    for (u32 i = 0; i < sizeof section_order; i++) {
        u8 id = section_order[i];
        print_section(p, id);
        if (id != CODE && id != 11) print_customs(p, id);
    }
    print_customs(p, CODE);
    print_customs(p, 11);
}

// In the order in which they are asked for, which hints are not in.
static void print_some(Printer *p)
{
    for (u32 i = 0; i < p->options.func_count; i++) {
        p->note_next = 0;
        print_body(p, p->options.funcs[i]);
        buf_byte(&p->out, '\n');
    }
    print_flush(p);
}

static void mark_whole(Printer *p)
{
    u8 *whole = NEW_ARRAY(&p->arena, u8, p->m->func_count);
    for (u32 i = 0; i < p->options.func_count; i++) whole[p->options.funcs[i]] = true;
    p->whole = whole;
}

static void print_all(Printer *p)
{
    Bytes name = p->names.module;
    Buf *b = &p->out;
    if (p->options.skeleton) mark_whole(p);
    put(b, p->options.head ? p->options.head : "(module");
    if (name.data && !p->options.head) {
        Ident id;
        print_module_ident(p, name, &id);
        if (id.text) buf_byte(b, ' '), buf_bytes(b, id.text, id.len);
        if (id.renamed) put(b, " (@name"), put_name(b, name), buf_byte(b, ')');
        p->names_written++;
    }
    if (p->options.layout) {
        put(b, "\n  (@weft.layout \"");
        put(b, p->options.layout);
        put(b, "\")");
    }
    print_fields(p);
    put(b, "\n)\n");
    print_flush(p);
}

static void list_all(Printer *p)
{
    const Module *m = p->m;
    u32 func = p->only;
    if (func != DIAG_NO_FUNC) list_body(p, func);
    for (u32 i = m->imported_funcs; func == DIAG_NO_FUNC && i < m->func_count; i++) list_body(p, i);
    print_flush(p);
}

// Nothing that was set before a jump is read after it but what the diag says.
static bool run_guarded(Printer *p, void (*run)(Printer *))
{
    jmp_buf failed;
    p->arena.on_failure = p->body.on_failure = &failed;
    if (setjmp(failed)) return false;
    buf_init(&p->out, &p->arena);
    buf_init(&p->wrapped, &p->arena);
    print_types_init(p);
    print_names_init(p);
    print_notes_init(p);
    run(p);
    return true;
}

static bool run_printer(Printer *p, void (*run)(Printer *))
{
    arena_init(&p->arena);
    arena_init(&p->body);
    diag_init(p->diag);
    p->func = DIAG_NO_FUNC;
    p->budget = ((u64)16 << 20) + 4 * (u64)p->m->size;
    bool good = run_guarded(p, run);
    if (!good && !p->stopped) diag_fail(p->diag, ERR_out_of_memory, 0, "while printing");
    arena_free(&p->arena);
    arena_free(&p->body);
    return good;
}

bool module_print(const Module *m, const PrintOptions *options, PrintSink *sink, void *env,
                  Diag *diag)
{
    Printer p = {.m = m, .options = *options, .sink = sink, .env = env, .diag = diag};
    return run_printer(&p, options->func_count && !options->skeleton ? print_some : print_all);
}

static bool list_sink(void *env, const void *text, size_t len)
{
    const Printer *p = env;
    return !len || p->list(p->list_env, p->listed, text, len);
}

bool module_list_bodies(const Module *m, u32 func, ListSink *sink, void *env, Diag *diag)
{
    Printer p = {.m = m, .sink = list_sink, .env = &p, .diag = diag, .only = func, .shows = true,
                 .listed = LIST_HEAD, .list = sink, .list_env = env};
    return run_printer(&p, list_all);
}
