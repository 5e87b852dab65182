// core.c -- what is core in a component: types, types of modules, modules, their instances.
//
// The module assembler reads core types, with the types of the scope in hand, and whole modules.
// spec: Explainer/type definitions, instance definitions

#include "text/component/assembler.h"

#include <string.h>

// ---- Types

static void core_enter(Assembler *a)
{
    Parser *p = &a->p;
    CoreTypes *core = &a->scope->core;
    p->types = core->items;
    p->type_count = core->count;
    p->type_cap = core->cap;
    p->sigs = core->sigs;
    p->outer_type = find_core_type;
    p->outer_env = a;
    p->type_section.buf.len = p->type_section.items = p->type_section.map_count = 0;
    a->inserted = 0;
}

static void core_leave(Assembler *a)
{
    Parser *p = &a->p;
    a->scope->core = (CoreTypes){p->types, p->type_count, p->type_cap, p->sigs};
    p->outer_type = NULL;
}

// Identifiers of a group, whose first type has this index: bound, or bound anew.
static void bind_group(Assembler *a, u32 first, bool again)
{
    Parser *p = &a->p;
    Lexer l = p->lex;
    Diag diag;
    bool ok;
    diag_init(&diag);
    l.diag = &diag;
    l.pos = p->tok.start;
    for (u32 i = first; lexer_next(&l).kind == TOKEN_open; i++) {
        Token word = lexer_next(&l), id = lexer_next(&l);
        Ident ident = {.at = (u32)id.start};
        if (token_is(p->src, word, "type") && id.kind == TOKEN_id) {
            ident.id = id_name(p, id, &ok);
            if (again) map_set(&a->scope->ids[CORE(type)], ident.id.data, ident.id.len, i);
            else bind_ident(a, CORE(type), i, &ident);
            lexer_next(&l);
        }
        if (l.token.kind == TOKEN_close) continue;
        if (l.token.kind == TOKEN_open && !lexer_find_close(&l)) break;
        if (!lexer_find_close(&l)) break;
    }
}

// As the module assembler met them.
static void name_group(Assembler *a)
{
    NameList *from = &a->p.names[SPACE_type];
    for (u32 i = 0; i < from->count; i++) {
        Ident ident = {.name = from->items[i].name};
        bind_ident(a, CORE(type), from->items[i].index, &ident);
    }
}

// Aliases that are made on the way stand in front; then it is read again, with the indices behind
// them.
static void read_core_type(Assembler *a, u32 at, bool rec, const Ident *ident)
{
    Parser *p = &a->p;
    Scope *s = a->scope;
    u32 start = p->tok.start, first, aliases = 0;
    Part part;
    Map none;
    part_init(&part, &p->scratch);
    for (bool again = false;; again = true) {
        first = s->counts[CORE(type)];
        if (rec) bind_group(a, first, again);
        else if (again && ident->id.data)
            map_set(&s->ids[CORE(type)], ident->id.data, ident->id.len, first);
        else bind_ident(a, CORE(type), first, &(Ident){.id = ident->id, .at = ident->at});
        core_enter(a);
        map_init(&none, &p->scratch);
        p->sigs = none;
        p->names[SPACE_type].count = 0;
        part.buf.len = part.map_count = 0;
        if (rec) read_rec(p, &part);
        else read_one_type(p, &part);
        aliases = a->inserted;
        p->sigs = s->core.sigs;
        if (!aliases || p->tok.kind == TOKEN_error) break;
        // What is known of what was read is forgotten, and of the aliases too.
        p->type_count = s->core.count;
        for (u32 i = 0; i < aliases; i++)
            ARENA_PUSH(&p->scratch, p->types, p->type_count, p->type_cap) = (TypeEntry){0};
        core_leave(a);
        parser_seek(p, start);
    }
    if (p->tok.kind == TOKEN_error) return;
    const TypeEntry *type = &p->types[first];
    if (p->type_count == first + 1 && type->sig.len == part.buf.len &&
        !memcmp(type->sig.data, part.buf.data, part.buf.len))
        map_add(&p->sigs, type->sig.data, type->sig.len, first);
    core_leave(a);
    item_begin(a, CSECTION_core_type, at);
    if (s->kind == SCOPE_module_type) buf_byte(&a->out.buf, 0x01);
    if (part.buf.len && part.buf.data[0] == 0x50) buf_byte(&a->out.buf, 0x00); // not a module's
    part_append(p, &a->out, &part);
    s->counts[CORE(type)] = s->core.count;
    if (rec) name_group(a);
    else bind_ident(a, CORE(type), first, &(Ident){.name = ident->name});
    if (!rec) close_form(p); // of a group it was read
}

static bool open_module_type(Assembler *a, u32 at, const Ident *ident)
{
    if (!open_form(&a->p, "module")) return false;
    if (a->scope->kind == SCOPE_module_type) {
        fail_at(&a->p, ERR_unexpected_token, at, "a type of modules in a type of modules");
        return true;
    }
    item_begin(a, CSECTION_core_type, at);
    Scope *s = text_scope_open(a, SCOPE_module_type, at);
    if (!s) return true;
    s->ident = *ident;
    s->then = THEN_type;
    return true;
}

static void read_core_type_form(Assembler *a, u32 at)
{
    Ident ident = read_ident(a);
    if (read_inverted_alias(a, CORE(type), &ident, NULL)) return;
    if (!open_module_type(a, at, &ident)) read_core_type(a, at, false, &ident);
}

// ---- Declarations of a type of modules

// (func $id? type) and the like; a signature that has no type yet becomes one in front.
static void write_core_extern(Assembler *a)
{
    Parser *p = &a->p;
    Scope *s = a->scope;
    core_enter(a);
    read_core_extern(p, &a->temp);
    core_leave(a);
    if (p->tok.kind == TOKEN_error) return;
    if (p->type_section.items) {
        item_begin(a, CSECTION_core_type, s->at);
        buf_byte(&a->out.buf, 0x01);
        buf_bytes(&a->out.buf, p->type_section.buf.data, p->type_section.buf.len);
    }
    s->counts[CORE(type)] = s->core.count;
}

void read_module_decl(Assembler *a)
{
    Parser *p = &a->p;
    u32 at = p->tok.start;
    size_t start = a->temp.len;
    if (open_form(p, "type")) {
        read_core_type_form(a, at);
    } else if (open_form(p, "rec")) {
        read_core_type(a, at, true, &(Ident){0});
    } else if (open_form(p, "alias")) {
        if (!open_word(p, "outer")) unexpected(p, "outer");
        read_outer_alias(a, at);
        close_form(p);
    } else if (at_form(p, "import") || at_form(p, "export")) {
        bool import = open_form(p, "import");
        if (!import) open_form(p, "export");
        buf_byte(&a->temp, import ? 0x00 : 0x03);
        for (u32 i = 0; i <= import; i++) {
            Bytes name = parse_name(p);
            buf_name(&a->temp, name.data, name.len);
        }
        write_core_extern(a);
        item_emit(a, import ? CSECTION_import : CSECTION_export, SPACE_none, at, start);
        close_form(p);
    } else {
        unexpected(p, "(type, (rec, (alias, (import or (export");
    }
}

// ---- Modules

// To the ")" of the form that began in front of the current token.
static bool find_end(Assembler *a, size_t start, size_t *end)
{
    Lexer l = a->p.lex;
    l.pos = start;
    while (lexer_next(&l).kind == TOKEN_open)
        if (!lexer_find_close(&l)) break;
    *end = l.token.start;
    if (l.token.kind == TOKEN_close) return true;
    a->p.lex.token.kind = l.token.kind; // it may have failed
    if (l.token.kind != TOKEN_error)
        fail_at(&a->p, ERR_unexpected_token, *end, "found \"%.*s\", expected a field of a module",
                (int)MIN(l.token.len, 60), a->p.src + *end);
    a->p.tok.kind = a->p.ahead.kind = a->p.lex.token.kind = TOKEN_error;
    return false;
}

// Where its fields begin: behind an @name that is the component's for it, if there is one. Other
// annotations are the module's.
static size_t module_start(Assembler *a)
{
    Parser *p = &a->p;
    size_t start = p->past;
    for (u32 i = p->tok.note_first, between = i; i < p->tok.note_end; i++) {
        if (!p->notes[i].used) continue;
        Lexer l = p->lex;
        l.pos = p->notes[i].start;
        lexer_next_raw(&l);
        lexer_skip_annotation(&l);
        start = l.pos;
        for (; between < i; between++) misplaced(p, &p->notes[between]);
        between = i + 1;
    }
    return start;
}

static void write_module_text(Assembler *a, u32 at)
{
    Parser *p = &a->p;
    TextModule text;
    size_t start = module_start(a), end;
    if (p->tok.kind == TOKEN_error) return;
    if (!find_end(a, start, &end)) return;
    if (!text_parse(&a->module, p->src, start, end, p->features, p->lex.pace, &text, p->diag)) {
        p->tok.kind = p->ahead.kind = p->lex.token.kind = TOKEN_error;
        return;
    }
    section_end(a);
    part_mark(p, &a->out, at);
    buf_byte(&a->out.buf, CSECTION_core_module);
    buf_leb_u(&a->out.buf, text.bytes.len);
    u32 base = (u32)a->out.buf.len;
    for (u32 i = 0; i < text.map_count; i++)
        ARENA_PUSH(&p->scratch, a->out.map, a->out.map_count, a->out.map_cap) =
            (SourcePos){base + text.map[i].binary, text.map[i].text};
    buf_bytes(&a->out.buf, text.bytes.data, text.bytes.len);
    arena_reset(&a->module);
    parser_seek(p, end);
}

static void write_module_bytes(Assembler *a, u32 at)
{
    Buf bytes;
    buf_init(&bytes, &a->p.scratch);
    while (a->p.tok.kind == TOKEN_string) {
        Bytes s = read_string(&a->p);
        buf_bytes(&bytes, s.data, s.len);
    }
    write_whole_section(a, CSECTION_core_module, at, buf_view(&bytes));
}

// (core module $id? (export name)* ...)
static void read_core_module(Assembler *a, u32 at)
{
    Parser *p = &a->p;
    Extern x = {.space = CORE(module), .at = at};
    x.ident = read_ident(a);
    x.exports = read_inline_exports(a);
    if (read_inline_import(a, &x)) return;
    if (read_inverted_alias(a, x.space, &x.ident, x.exports)) return;
    if (open_word(p, "binary")) write_module_bytes(a, at);
    else write_module_text(a, at);
    if (p->tok.kind == TOKEN_error) return;
    u32 index = a->scope->counts[CORE(module)]++;
    bind_ident(a, CORE(module), index, &x.ident);
    write_inline_exports(a, CORE(module), index, x.exports);
    close_form(p);
}

// ---- Instances of modules

// (export name (sort index))*
static void write_core_bag(Assembler *a)
{
    Parser *p = &a->p;
    buf_byte(&a->temp, 0x01);
    size_t start = a->temp.len;
    u32 count = 0;
    for (; open_form(p, "export"); count++) {
        Bytes name = parse_name(p);
        buf_name(&a->temp, name.data, name.len);
        expect(p, TOKEN_open, "\"(\" and a sort");
        open_word(p, "core");
        u32 sort = read_core_sort(a), index = read_target(a, sort);
        close_form(p);
        buf_byte(&a->temp, core_sort_info[sort].code);
        buf_leb_u(&a->temp, index);
        close_form(p);
    }
    temp_insert_leb(a, start, count);
}

static void write_core_argument(Assembler *a)
{
    Parser *p = &a->p;
    Bytes name = parse_name(p);
    u32 at = p->tok.start, index;
    buf_name(&a->temp, name.data, name.len);
    buf_byte(&a->temp, core_sort_info[CORE(instance)].code);
    if (at_form(p, "instance") && !at_reference(a, "instance")) {
        size_t start = a->temp.len;
        open_form(p, "instance");
        write_core_bag(a);
        index = item_emit(a, CSECTION_core_instance, CORE(instance), at, start);
        close_form(p);
    } else {
        index = read_reference(a, CORE(instance));
    }
    buf_leb_u(&a->temp, index);
    close_form(p);
}

static void read_core_instance(Assembler *a, u32 at)
{
    Parser *p = &a->p;
    Ident ident = read_ident(a);
    size_t start = a->temp.len;
    if (open_form(p, "instantiate")) {
        buf_byte(&a->temp, 0x00);
        buf_leb_u(&a->temp, read_reference(a, CORE(module)));
        size_t args = a->temp.len;
        u32 count = 0;
        for (; open_form(p, "with"); count++) write_core_argument(a);
        temp_insert_leb(a, args, count);
        close_form(p);
    } else {
        write_core_bag(a);
    }
    u32 index = item_emit(a, CSECTION_core_instance, CORE(instance), at, start);
    bind_ident(a, CORE(instance), index, &ident);
    close_form(p);
}

// ----

void read_core(Assembler *a, u32 at)
{
    Parser *p = &a->p;
    bool component = a->scope->kind == SCOPE_component;
    if (open_word(p, "type")) {
        read_core_type_form(a, at);
    } else if (open_word(p, "rec")) {
        read_core_type(a, at, true, &(Ident){0});
    } else if (component && open_word(p, "module")) {
        read_core_module(a, at);
    } else if (component && open_word(p, "instance")) {
        read_core_instance(a, at);
    } else if (component && open_word(p, "func")) {
        read_core_func(a, at);
    } else if (component && p->tok.kind == TOKEN_keyword) {
        u32 sort = read_core_sort(a);
        Ident ident = read_ident(a);
        if (!read_inverted_alias(a, sort, &ident, NULL)) unexpected(p, "(alias");
    } else {
        unexpected(p, component ? "module, instance, type, rec or func" : "type or rec");
    }
}
