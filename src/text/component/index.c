// index.c -- identifiers and what refers to them: names of what is outside, and exports of
// instances in the middle of a reference, become aliases in front of it. See assembler.h.
// spec: Explainer/index spaces, alias definitions

#include "text/component/assembler.h"

#include "text/number.h"

#include <stdio.h>
#include <string.h>

// ---- Identifiers

Ident read_ident(Assembler *a)
{
    Parser *p = &a->p;
    Ident ident = {.at = p->tok.start};
    Note note;
    bool ok;
    if (p->tok.kind == TOKEN_id) {
        ident.id = ident.name = id_name(p, this_token(p), &ok);
        advance(p);
    }
    if (take_note(p, NOTE_name, &note)) ident.name = note.name;
    return ident;
}

// An alias that nobody asked for gives way to what has its name. Names come in the order of
// indices.
static void forget_alias(Scope *s, u32 space, Bytes id)
{
    const u32 *index = map_get(&s->aliased[space], id.data, id.len);
    NameList *names = &s->names[space];
    u32 low = 0, high = index ? names->count : 0;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (names->items[middle].index < *index) low = middle + 1;
        else high = middle;
    }
    if (index && low < names->count && names->items[low].index == *index)
        names->items[low].name = (Bytes){0};
}

void bind_ident(Assembler *a, u32 space, u32 index, const Ident *ident)
{
    Scope *s = a->scope;
    Bytes id = ident->id;
    if (id.data && !map_add(&s->ids[space], id.data, id.len, index))
        fail_at(&a->p, ERR_duplicate_identifier, ident->at, "\"$%.*s\"; there is such a %s already",
                (int)MIN(id.len, 60), (const char *)id.data, space_text(space));
    if (id.data) forget_alias(s, space, id);
    if (ident->name.data)
        ARENA_PUSH(&a->p.scratch, s->names[space].items, s->names[space].count,
                   s->names[space].cap) = (Name){.index = index, .name = ident->name};
}

static const u32 *find_here(const Scope *s, u32 space, Bytes id)
{
    const u32 *index = map_get(&s->ids[space], id.data, id.len);
    return index ? index : map_get(&s->aliased[space], id.data, id.len);
}

static bool may_be_outer(u32 space)
{
    return space == CORE(module) || space == CORE(type) || space == OUTER(component) ||
           space == OUTER(type);
}

static void write_outer_alias(Assembler *a, u32 space, u32 depth, u32 index)
{
    Buf *temp = &a->temp;
    if (a->scope->kind == SCOPE_module_type) {
        buf_byte(temp, 0x02);
        buf_byte(temp, core_sort_info[CORE(type)].code);
        buf_byte(temp, 0x01);
    } else {
        write_sort(temp, space);
        buf_byte(temp, 0x02);
    }
    buf_leb_u(temp, depth);
    buf_leb_u(temp, index);
}

// What is known of a core type is known of its alias.
static void alias_core_type(Assembler *a, const Scope *from, u32 index)
{
    Parser *p = &a->p;
    TypeEntry entry = {0};
    if (from != a->scope && index < from->core.count) entry = from->core.items[index];
    ARENA_PUSH(&p->scratch, p->types, p->type_count, p->type_cap) = entry;
    a->inserted++;
}

static bool find_outside(Assembler *a, u32 space, Bytes id, u32 at, u32 *out)
{
    u32 depth = 1;
    const u32 *index = NULL;
    const Scope *s = a->scope->outer;
    for (; s && !(index = find_here(s, space, id)); s = s->outer) depth++;
    if (!s) return false;
    size_t start = a->temp.len;
    Ident name = {.name = id};
    if (!may_be_outer(space)) {
        fail_at(&a->p, ERR_unknown_identifier, at,
                "\"$%.*s\" is a %s of what is outside, and needs to be an argument",
                (int)MIN(id.len, 60), (const char *)id.data, space_text(space));
        return false;
    }
    write_outer_alias(a, space, depth, *index);
    *out = item_emit(a, CSECTION_alias, space, at, start);
    if (space == CORE(type)) alias_core_type(a, s, *index);
    map_add(&a->scope->aliased[space], id.data, id.len, *out);
    bind_ident(a, space, *out, &name);
    return true;
}

bool find_core_type(void *env, Bytes name, u32 *index)
{
    Assembler *a = env;
    const u32 *here = find_here(a->scope, CORE(type), name);
    if (here) *index = *here;
    return here || find_outside(a, CORE(type), name, a->p.tok.start, index);
}

bool is_index(const Assembler *a) { return at_index(&a->p); }

u32 read_space_index(Assembler *a, u32 space)
{
    Parser *p = &a->p;
    u32 at = p->tok.start, index = 0;
    char what[60];
    bool ok;
    if (p->tok.kind != TOKEN_id) {
        snprintf(what, sizeof what, "the index of a %s", space_text(space));
        return read_u32(p, what);
    }
    Bytes id = id_name(p, this_token(p), &ok);
    const u32 *here = ok ? find_here(a->scope, space, id) : NULL;
    if (here) index = *here;
    else if (ok && !find_outside(a, space, id, at, &index) && p->tok.kind != TOKEN_error)
        fail_at(p, ERR_unknown_identifier, at, "\"%.*s\"; there is no such %s",
                (int)MIN(p->tok.len, 60), p->src + at, space_text(space));
    advance(p);
    return index;
}

// ---- Sorts

u32 read_core_sort(Assembler *a)
{
    for (u32 i = 0; i < CORE_SORT_COUNT; i++)
        if (open_word(&a->p, core_sort_info[i].text + strlen("core "))) return i;
    unexpected(&a->p, "func, table, memory, global, tag, type, module or instance");
    return CORE(func);
}

u32 read_sort(Assembler *a)
{
    if (open_word(&a->p, "core")) return read_core_sort(a);
    for (u32 i = CSORT_func; i < CSORT_COUNT; i++)
        if (open_word(&a->p, csort_info[i].text)) return CORE_SORT_COUNT + i;
    unexpected(&a->p, "func, value, type, component, instance or core");
    return OUTER(func);
}

// ---- References

static u32 alias_export(Assembler *a, u32 space, u32 instance, u32 at)
{
    size_t start = a->temp.len;
    bool core = space < CORE(type);
    Bytes name = parse_name(&a->p);
    write_sort(&a->temp, space);
    buf_byte(&a->temp, core ? 0x01 : 0x00);
    buf_leb_u(&a->temp, instance);
    buf_name(&a->temp, name.data, name.len);
    u32 index = item_emit(a, CSECTION_alias, space, at, start);
    if (space == CORE(type))
        ARENA_PUSH(&a->p.scratch, a->scope->core.items, a->scope->core.count, a->scope->core.cap) =
            (TypeEntry){0};
    return index;
}

u32 read_target(Assembler *a, u32 space)
{
    Parser *p = &a->p;
    u32 at = p->tok.start;
    if (p->ahead.kind != TOKEN_string) return read_space_index(a, space);
    bool core = space < CORE(type) || space == CORE(instance);
    u32 index = read_space_index(a, core ? CORE(instance) : OUTER(instance));
    while (p->ahead.kind == TOKEN_string && !core)
        index = alias_export(a, OUTER(instance), index, at);
    return alias_export(a, space, index, at);
}

u32 read_reference(Assembler *a, u32 space)
{
    Parser *p = &a->p;
    if (is_index(a)) return read_space_index(a, space);
    u32 at = p->tok.start, found = SPACE_none;
    if (p->tok.kind == TOKEN_open) {
        advance(p);
        bool core = at_word(p, "core");
        found = space < CORE_SORT_COUNT && !core ? read_core_sort(a) : read_sort(a);
    }
    if (found != space) {
        if (p->tok.kind != TOKEN_error)
            fail_at(p, ERR_unexpected_token, at, "expected an index or a reference to a %s",
                    space_text(space));
        return 0;
    }
    u32 index = read_target(a, space);
    close_form(p);
    return index;
}

u32 read_sorted_reference(Assembler *a, u32 *space)
{
    expect(&a->p, TOKEN_open, "\"(\" and a sort");
    *space = read_sort(a);
    u32 index = read_target(a, *space);
    close_form(&a->p);
    return index;
}

bool at_reference(const Assembler *a, const char *word)
{
    const Parser *p = &a->p;
    Lexer ahead = p->lex;
    Diag diag;
    if (!at_form(p, word)) return false;
    diag_init(&diag);
    ahead.diag = &diag;
    Token index = lexer_next(&ahead);
    if (index.kind != TOKEN_id && index.kind != TOKEN_int) return false;
    TokenKind next = lexer_next(&ahead).kind;
    return next == TOKEN_close || next == TOKEN_string;
}

// ---- Aliases

// $id or a number of scopes outwards
static const Scope *read_scope(Assembler *a, u32 *depth)
{
    Parser *p = &a->p;
    const Scope *s = a->scope;
    u32 at = p->tok.start;
    bool ok;
    *depth = 0;
    if (p->tok.kind != TOKEN_id) {
        *depth = read_u32(p, "how many scopes outwards");
        for (u32 i = 0; s && i < *depth; i++) s = s->outer;
        return s;
    }
    Bytes id = id_name(p, this_token(p), &ok);
    for (; s && !(s->ident.id.data && bytes_same(s->ident.id, id)); s = s->outer) ++*depth;
    if (!s && ok)
        fail_at(p, ERR_unknown_identifier, at, "\"%.*s\"; nothing around it has that name",
                (int)MIN(p->tok.len, 60), p->src + at);
    advance(p);
    return s;
}

// What stands behind "outer", but for the sort that is made of it.
typedef struct { const Scope *from; u32 depth, at; Tok target; } OuterTarget;

static OuterTarget read_outer_target(Assembler *a, u32 at)
{
    OuterTarget t = {.at = at};
    t.from = read_scope(a, &t.depth);
    t.target = a->p.tok;
    if (is_index(a)) advance(&a->p);
    else unexpected(&a->p, "an index");
    return t;
}

static u32 emit_outer_alias(Assembler *a, u32 space, const OuterTarget *t)
{
    Parser *p = &a->p;
    const Scope *from = t->from;
    Tok target = t->target;
    u32 index_at = target.start, at = t->at, index = 0;
    bool ok;
    if (p->tok.kind == TOKEN_error) return 0;
    if (!may_be_outer(space)) {
        fail_at(p, ERR_malformed_alias, at, "of a %s from outside", space_text(space));
        return 0;
    }
    if (target.kind == TOKEN_id) {
        Bytes id = id_name(p, (Token){target.kind, target.start, target.len}, &ok);
        const u32 *found = from && ok ? find_here(from, space, id) : NULL;
        if (found) index = *found;
        else if (ok)
            fail_at(p, ERR_unknown_identifier, index_at, "\"%.*s\"; there is no such %s",
                    (int)MIN(target.len, 60), p->src + index_at, space_text(space));
    } else {
        u64 value = 0;
        if (!number_unsigned(p->src + index_at, target.len, 32, &value))
            fail_at(p, ERR_constant_out_of_range, index_at, "an index has 32 bits");
        index = (u32)value;
    }
    size_t start = a->temp.len;
    write_outer_alias(a, space, t->depth, index);
    if (space == CORE(type)) {
        TypeEntry entry = {0};
        if (from && index < from->core.count) entry = from->core.items[index];
        ARENA_PUSH(&p->scratch, a->scope->core.items, a->scope->core.count, a->scope->core.cap) =
            entry;
    }
    return item_emit(a, CSECTION_alias, space, at, start);
}

void read_outer_alias(Assembler *a, u32 at)
{
    Parser *p = &a->p;
    OuterTarget t = read_outer_target(a, at);
    expect(p, TOKEN_open, "\"(\" and a sort");
    u32 space = a->scope->kind == SCOPE_module_type ? read_core_sort(a) : read_sort(a);
    Ident ident = read_ident(a);
    close_form(p);
    u32 index = emit_outer_alias(a, space, &t);
    if (p->tok.kind != TOKEN_error) bind_ident(a, space, index, &ident);
}

// Behind "export" or "core export": an instance and a name.
static u32 read_export_target(Assembler *a, bool core, Bytes *name)
{
    u32 instance = read_space_index(a, core ? CORE(instance) : OUTER(instance));
    *name = parse_name(&a->p);
    return instance;
}

static u32 emit_export_alias(Assembler *a, u32 space, bool core, u32 instance, Bytes name, u32 at)
{
    size_t start = a->temp.len;
    write_sort(&a->temp, space);
    buf_byte(&a->temp, core ? 0x01 : 0x00);
    buf_leb_u(&a->temp, instance);
    buf_name(&a->temp, name.data, name.len);
    if (space == CORE(type))
        ARENA_PUSH(&a->p.scratch, a->scope->core.items, a->scope->core.count, a->scope->core.cap) =
            (TypeEntry){0};
    return item_emit(a, CSECTION_alias, space, at, start);
}

void read_alias(Assembler *a, u32 at)
{
    Parser *p = &a->p;
    Bytes name;
    if (open_word(p, "outer")) {
        read_outer_alias(a, at);
        return;
    }
    bool core = open_word(p, "core");
    if (!open_word(p, "export")) {
        unexpected(p, "export, core export or outer");
        return;
    }
    u32 instance = read_export_target(a, core, &name);
    expect(p, TOKEN_open, "\"(\" and a sort");
    u32 space = read_sort(a);
    Ident ident = read_ident(a);
    close_form(p);
    if (p->tok.kind == TOKEN_error) return;
    bind_ident(a, space, emit_export_alias(a, space, core, instance, name, at), &ident);
}

// Without a sort of its own; with one it is the first definition of a component.
static bool at_inverted(const Assembler *a)
{
    Lexer l = a->p.lex;
    Diag diag;
    if (!at_form(&a->p, "alias")) return false;
    diag_init(&diag);
    l.diag = &diag;
    TokenKind kind = lexer_next(&l).kind;
    while (kind != TOKEN_open && kind != TOKEN_close && kind != TOKEN_eof && kind != TOKEN_error)
        kind = lexer_next(&l).kind;
    return kind != TOKEN_open;
}

bool read_inverted_alias(Assembler *a, u32 space, const Ident *ident, InlineExport *exports)
{
    Parser *p = &a->p;
    u32 at = p->tok.start, index;
    Bytes name;
    if (!at_inverted(a)) return false;
    open_form(p, "alias");
    if (open_word(p, "outer")) {
        OuterTarget t = read_outer_target(a, at);
        close_form(p);
        index = emit_outer_alias(a, space, &t);
    } else {
        bool core = open_word(p, "core");
        if (!open_word(p, "export")) unexpected(p, "export, core export or outer");
        u32 instance = read_export_target(a, core, &name);
        close_form(p);
        index = emit_export_alias(a, space, core, instance, name, at);
    }
    if (p->tok.kind == TOKEN_error) return true;
    bind_ident(a, space, index, ident);
    write_inline_exports(a, space, index, exports);
    close_form(p);
    return true;
}
