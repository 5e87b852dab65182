// item.c -- imports and exports, types, instances. See assembler.h.
// spec: Explainer/import and export definitions, instance definitions

#include "text/component/assembler.h"

#include <string.h>

// ---- Names, and what may stand in the head of a definition

// Appends the name, with attributes, to temp.
static void write_extern_name(Assembler *a)
{
    Parser *p = &a->p;
    Buf *temp = &a->temp;
    size_t start = temp->len;
    bool old = open_form(p, "interface"); // before 2023
    Bytes name = parse_name(p);
    u32 count = 0, seen = 0;
    if (old) close_form(p);
    buf_byte(temp, 0x00);
    buf_name(temp, name.data, name.len);
    size_t behind = temp->len;
    for (u32 i = 0; i < CATTRIBUTE_COUNT; i++) {
        if (!open_form(p, cattribute_info[i].text)) continue;
        if (seen >> i & 1) fail_at(p, ERR_unexpected_token, p->past, "an attribute is there twice");
        seen |= 1u << i;
        Bytes text = parse_name(p);
        close_form(p);
        buf_byte(temp, cattribute_info[i].code);
        buf_name(temp, text.data, text.len);
        count++;
        i = UINT32_MAX; // in any order
    }
    if (!count) return;
    temp->data[start] = 0x02;
    temp_insert_leb(a, behind, count);
}

// The next token but one is a string, and behind it and its attributes the form ends.
static bool is_inline(const Assembler *a, const char *word)
{
    Lexer l = a->p.lex;
    Diag diag;
    if (!at_form(&a->p, word)) return false;
    diag_init(&diag);
    l.diag = &diag;
    Token t = lexer_next(&l);
    if (t.kind == TOKEN_open && token_is(l.src, lexer_next(&l), "interface"))
        return lexer_skip_form(&l) && lexer_next(&l).kind == TOKEN_close;
    if (t.kind != TOKEN_string) return false;
    for (lexer_next(&l); l.token.kind == TOKEN_open; lexer_next(&l)) {
        Token attribute = lexer_next(&l);
        u32 i = 0;
        while (i < CATTRIBUTE_COUNT && !token_is(l.src, attribute, cattribute_info[i].text)) i++;
        if (i == CATTRIBUTE_COUNT || !lexer_find_close(&l)) return false;
    }
    return l.token.kind == TOKEN_close;
}

InlineExport *read_inline_exports(Assembler *a)
{
    Parser *p = &a->p;
    InlineExport *first = NULL, **last = &first;
    while (is_inline(a, "export")) {
        InlineExport *e = NEW(&p->scratch, InlineExport);
        size_t start = a->temp.len;
        e->at = p->tok.start;
        open_form(p, "export");
        write_extern_name(a);
        close_form(p);
        e->name = (Bytes){arena_copy(&p->scratch, a->temp.data + start, a->temp.len - start),
                          a->temp.len - start};
        a->temp.len = start;
        *last = e;
        last = &e->next;
    }
    return first;
}

void write_inline_exports(Assembler *a, u32 space, u32 index, const InlineExport *exports)
{
    for (const InlineExport *e = exports; e; e = e->next) {
        size_t start = a->temp.len;
        buf_bytes(&a->temp, e->name.data, e->name.len);
        write_sort(&a->temp, space);
        buf_leb_u(&a->temp, index);
        buf_byte(&a->temp, 0x00);
        item_emit(a, CSECTION_export, space, e->at, start);
    }
}

// ---- Types of imports and exports

// A definition with inline exports that is a declaration of a type is refused by whoever reads it.
static bool in_component(Assembler *a, u32 at, const char *what)
{
    if (a->scope->kind == SCOPE_component) return true;
    if (a->p.tok.kind != TOKEN_error)
        fail_at(&a->p, ERR_unexpected_token, at, "%s is no declaration of a type", what);
    return false;
}

void extern_finish(Assembler *a, const Extern *x)
{
    u32 index = item_emit(a, x->section, x->space, x->at, x->start);
    bind_ident(a, x->space, index, &x->ident);
    write_inline_exports(a, x->space, index, x->exports);
    for (u32 i = 0; i < x->closes; i++) close_form(&a->p);
}

static void write_type_bound(Assembler *a)
{
    Parser *p = &a->p;
    if (open_form(p, "eq")) {
        buf_byte(&a->temp, 0x00);
        buf_leb_u(&a->temp, read_reference(a, OUTER(type)));
    } else if (open_form(p, "sub")) {
        if (!open_word(p, "resource")) unexpected(p, "resource");
        buf_byte(&a->temp, 0x01);
    } else {
        unexpected(p, "(eq or (sub resource)");
        return;
    }
    close_form(p);
}

static void write_value_bound(Assembler *a)
{
    Parser *p = &a->p;
    if (open_form(p, "eq")) {
        buf_byte(&a->temp, 0x00);
        buf_leb_u(&a->temp, read_reference(a, OUTER(value)));
        close_form(p);
    } else {
        buf_byte(&a->temp, 0x01);
        read_value_type_to_temp(a);
    }
}

static void open_type_scope(Assembler *a, ScopeKind kind, const Extern *x)
{
    item_begin(a, kind == SCOPE_module_type ? CSECTION_core_type : CSECTION_type, x->at);
    Scope *s = text_scope_open(a, kind, x->at);
    if (!s) return;
    s->then = THEN_extern;
    s->external = *x;
    s->external.closes--; // what ends the scope ends the type
}

void read_extern_type(Assembler *a, Extern *x)
{
    Parser *p = &a->p;
    Buf *temp = &a->temp;
    u32 index;
    bool named = at_reference(a, "type");
    switch (x->space) {
    case CORE(module):
    case OUTER(component):
    case OUTER(instance):
        if (!named) {
            open_type_scope(a, x->space == CORE(module)        ? SCOPE_module_type
                               : x->space == OUTER(component) ? SCOPE_component_type
                                                              : SCOPE_instance_type, x);
            return;
        }
        open_form(p, "type");
        index = read_target(a, x->space == CORE(module) ? CORE(type) : OUTER(type));
        close_form(p);
        write_sort(temp, x->space);
        buf_leb_u(temp, index);
        break;
    case OUTER(func):
        index = read_func_use(a);
        write_sort(temp, x->space);
        buf_leb_u(temp, index);
        break;
    case OUTER(type):
        write_sort(temp, x->space);
        write_type_bound(a);
        break;
    case OUTER(value):
        write_sort(temp, x->space);
        write_value_bound(a);
        break;
    default:
        if (p->tok.kind != TOKEN_error)
            fail_at(p, ERR_unexpected_token, x->at, "a %s is neither imported nor exported",
                    space_text(x->space));
        return;
    }
    extern_finish(a, x);
}

// "(sort $id? type)"
static void read_extern(Assembler *a, Extern *x, bool with_id)
{
    expect(&a->p, TOKEN_open, "\"(\" and a sort");
    x->space = (u8)read_sort(a);
    if (with_id) x->ident = read_ident(a);
    read_extern_type(a, x);
}

void read_import(Assembler *a, u32 at)
{
    Extern x = {.section = CSECTION_import, .at = at, .closes = 2, .start = a->temp.len};
    write_extern_name(a);
    read_extern(a, &x, true);
}

bool read_inline_import(Assembler *a, Extern *x)
{
    Parser *p = &a->p;
    if (!is_inline(a, "import")) return false;
    x->section = CSECTION_import;
    x->closes = 1;
    x->start = a->temp.len;
    open_form(p, "import");
    write_extern_name(a);
    close_form(p);
    read_extern_type(a, x);
    return true;
}

// (export $id? name (sort index) (type...)?), or of a type: (export name (sort $id? type))
void read_export(Assembler *a, u32 at)
{
    Parser *p = &a->p;
    Extern x = {.section = CSECTION_export, .at = at, .closes = 2, .start = a->temp.len};
    if (a->scope->kind != SCOPE_component) {
        write_extern_name(a);
        read_extern(a, &x, true);
        return;
    }
    x.ident = read_ident(a);
    write_extern_name(a);
    u32 space, index = read_sorted_reference(a, &space);
    x.space = (u8)space;
    write_sort(&a->temp, space);
    buf_leb_u(&a->temp, index);
    buf_byte(&a->temp, p->tok.kind == TOKEN_open);
    if (p->tok.kind == TOKEN_open) {
        read_extern(a, &x, false);
        return;
    }
    x.closes = 1;
    extern_finish(a, &x);
}

// ---- Types

static void write_resource(Assembler *a)
{
    Parser *p = &a->p;
    open_form(p, "resource");
    buf_byte(&a->temp, cform_info[CFORM_resource].code);
    if (!open_form(p, "rep")) unexpected(p, "(rep");
    if (at_ref_type(p)) unexpected(p, "i32 or i64");
    read_value_type(p, &a->temp);
    close_form(p);
    bool dtor = open_form(p, "dtor");
    buf_byte(&a->temp, dtor);
    if (dtor) {
        buf_leb_u(&a->temp, read_reference(a, CORE(func)));
        close_form(p);
    }
    close_form(p);
}

static bool open_externs(Assembler *a, u32 at, const Ident *ident, InlineExport *exports)
{
    Parser *p = &a->p;
    bool component = at_form(p, "component");
    if (!component && !at_form(p, "instance")) return false;
    advance(p), advance(p);
    item_begin(a, CSECTION_type, at);
    Scope *s = text_scope_open(a, component ? SCOPE_component_type : SCOPE_instance_type, at);
    if (!s) return true;
    s->ident = *ident;
    s->exports = exports;
    s->then = THEN_type;
    return true;
}

void read_type(Assembler *a, u32 at)
{
    Ident ident = read_ident(a);
    InlineExport *exports = read_inline_exports(a);
    size_t start = a->temp.len;
    if (exports && !in_component(a, at, "an export")) return;
    if (read_inverted_alias(a, OUTER(type), &ident, exports)) return;
    if (open_externs(a, at, &ident, exports)) return;
    if (at_form(&a->p, "resource")) write_resource(a);
    else read_definition_type(a);
    u32 index = item_emit(a, CSECTION_type, OUTER(type), at, start);
    bind_ident(a, OUTER(type), index, &ident);
    write_inline_exports(a, OUTER(type), index, exports);
    close_form(&a->p);
}

// ---- Instances

// (export name (sort index))*
static void write_bag(Assembler *a)
{
    Parser *p = &a->p;
    buf_byte(&a->temp, 0x01);
    size_t start = a->temp.len;
    u32 count = 0;
    for (; open_form(p, "export"); count++) {
        write_extern_name(a);
        u32 space, index = read_sorted_reference(a, &space);
        write_sort(&a->temp, space);
        buf_leb_u(&a->temp, index);
        close_form(p);
    }
    temp_insert_leb(a, start, count);
}

static u32 emit_bag(Assembler *a)
{
    u32 at = a->p.tok.start;
    size_t start = a->temp.len;
    write_bag(a);
    return item_emit(a, CSECTION_instance, OUTER(instance), at, start);
}

// (with name (sort index)) or (with name (instance (export ...)*))
static void write_argument(Assembler *a)
{
    Parser *p = &a->p;
    Bytes name = parse_name(p);
    u32 space = OUTER(instance), index;
    buf_name(&a->temp, name.data, name.len);
    if (at_form(p, "instance") && !at_reference(a, "instance")) {
        open_form(p, "instance");
        index = emit_bag(a);
        close_form(p);
    } else {
        index = read_sorted_reference(a, &space);
    }
    write_sort(&a->temp, space);
    buf_leb_u(&a->temp, index);
    close_form(p);
}

static void write_instantiate(Assembler *a)
{
    Parser *p = &a->p;
    open_form(p, "instantiate");
    buf_byte(&a->temp, 0x00);
    buf_leb_u(&a->temp, read_reference(a, OUTER(component)));
    size_t start = a->temp.len;
    u32 count = 0;
    for (; open_form(p, "with"); count++) write_argument(a);
    temp_insert_leb(a, start, count);
    close_form(p);
}

void read_instance(Assembler *a, u32 at)
{
    Parser *p = &a->p;
    Extern x = {.space = OUTER(instance), .at = at};
    x.ident = read_ident(a);
    x.exports = read_inline_exports(a);
    if (read_inline_import(a, &x)) return;
    if (read_inverted_alias(a, x.space, &x.ident, x.exports)) return;
    size_t start = a->temp.len;
    if (at_form(p, "instantiate")) write_instantiate(a);
    else write_bag(a);
    u32 index = item_emit(a, CSECTION_instance, x.space, at, start);
    bind_ident(a, x.space, index, &x.ident);
    write_inline_exports(a, x.space, index, x.exports);
    close_form(p);
}

// (start $f (value $v)* (result (value $id?))*)
void read_start(Assembler *a, u32 at)
{
    Parser *p = &a->p;
    size_t start = a->temp.len;
    u32 count = 0, first = a->scope->counts[OUTER(value)];
    buf_leb_u(&a->temp, read_reference(a, OUTER(func)));
    size_t args = a->temp.len;
    for (; at_form(p, "value"); count++) buf_leb_u(&a->temp, read_reference(a, OUTER(value)));
    temp_insert_leb(a, args, count);
    for (count = 0; open_form(p, "result"); count++) {
        if (!open_form(p, "value")) unexpected(p, "(value");
        Ident ident = read_ident(a);
        bind_ident(a, OUTER(value), first + count, &ident);
        close_form(p);
        close_form(p);
    }
    buf_leb_u(&a->temp, count);
    a->scope->counts[OUTER(value)] += count;
    Bytes content = {a->temp.data + start, a->temp.len - start};
    write_whole_section(a, CSECTION_start, at, content);
    a->temp.len = start;
    close_form(p);
}
