// parse.c -- see parse.h: one definition after the other, whatever it nests in.

#include "text/component/parse.h"

#include "text/component/assembler.h"

#include <string.h>

static void read_nested_component(Assembler *a, u32 at)
{
    Extern x = {.space = OUTER(component), .at = at};
    x.ident = read_ident(a);
    x.exports = read_inline_exports(a);
    if (read_inline_import(a, &x)) return;
    if (read_inverted_alias(a, x.space, &x.ident, x.exports)) return;
    section_end(a);
    Scope *s = text_scope_open(a, SCOPE_component, at);
    if (!s) return;
    s->ident = x.ident;
    s->exports = x.exports;
    scope_begin_component(a, at);
}

static void read_alias_form(Assembler *a, u32 at)
{
    read_alias(a, at);
    close_form(&a->p);
}

static void read_value(Assembler *a, u32 at)
{
    fail_at(&a->p, ERR_feature_disabled, at, "definitions of values are not read yet");
}

enum { IN_component = 1 << SCOPE_component, IN_component_type = 1 << SCOPE_component_type,
       IN_types = IN_component_type | 1 << SCOPE_instance_type };
static const struct {
    const char *word;
    void (*read)(Assembler *a, u32 at);
    u8 in;
} definitions[] = {
    {"core", read_core, IN_component | IN_types},
    {"component", read_nested_component, IN_component},
    {"instance", read_instance, IN_component},
    {"alias", read_alias_form, IN_component | IN_types},
    {"type", read_type, IN_component | IN_types},
    {"canon", read_canon, IN_component},
    {"func", read_func, IN_component},
    {"start", read_start, IN_component},
    {"import", read_import, IN_component | IN_component_type},
    {"export", read_export, IN_component | IN_types},
    {"value", read_value, IN_component},
};

static void read_definition(Assembler *a)
{
    Parser *p = &a->p;
    u32 at = p->tok.start;
    if (a->scope->kind == SCOPE_module_type) {
        read_module_decl(a);
        return;
    }
    for (u32 i = 0; i < COUNT_OF(definitions); i++) {
        if (!(definitions[i].in >> a->scope->kind & 1) || !open_form(p, definitions[i].word))
            continue;
        definitions[i].read(a, at);
        return;
    }
    unexpected(p, a->scope->kind == SCOPE_component ? "a definition of a component"
                                                    : "a declaration of a type");
}

// Annotations in front of a definition become sections.
static void write_customs(Assembler *a)
{
    Note note;
    Buf content;
    if (a->scope->kind != SCOPE_component) return;
    while (take_note(&a->p, NOTE_custom, &note)) {
        if (bytes_are(note.name, "component-name")) a->scope->names_given = true;
        buf_init(&content, &a->p.scratch);
        buf_name(&content, note.name.data, note.name.len);
        buf_bytes(&content, note.content.data, note.content.len);
        write_whole_section(a, CSECTION_custom, note.start, buf_view(&content));
    }
}

// Up to what ends the component.
static void read_definitions(Assembler *a)
{
    Parser *p = &a->p;
    while (p->tok.kind != TOKEN_error) {
        write_customs(a);
        if (p->tok.kind == TOKEN_open) {
            read_definition(a);
        } else if (!a->scope->outer) {
            return;
        } else {
            close_form(p);
            if (p->tok.kind != TOKEN_error) text_scope_close(a);
        }
    }
}

static void read_binary(Assembler *a)
{
    Parser *p = &a->p;
    while (p->tok.kind == TOKEN_string) {
        part_mark(p, &a->out, p->tok.start);
        Bytes s = read_string(p);
        buf_bytes(&a->out.buf, s.data, s.len);
    }
}

static void assemble(Assembler *a, size_t start, bool whole)
{
    Parser *p = &a->p;
    p->read_notes = true;
    parser_seek(p, start);
    u32 at = p->tok.start;
    Ident ident = {0};
    if (whole) {
        if (!open_form(p, "component")) unexpected(p, "(component");
        open_word(p, "definition"); // of a script
        ident = read_ident(a);
    }
    if (whole && open_word(p, "binary")) {
        read_binary(a);
    } else {
        Scope *s = text_scope_open(a, SCOPE_component, at);
        s->ident = ident;
        scope_begin_component(a, at);
        read_definitions(a);
        if (p->tok.kind != TOKEN_error) text_scope_close(a);
    }
    if (whole) close_form(p);
    if (p->tok.kind != TOKEN_eof) unexpected(p, whole ? "nothing more" : "a definition");
    advance(p); // complains of annotations that have no place here
}

// All that may run out of memory. What it needs is the caller's, so nothing of its own must outlive
// the jump.
static bool assemble_guarded(Assembler *a, Arena *arena, const char *src, size_t start, size_t end,
                             bool whole, Features features, const Pace *pace, TextModule *out)
{
    jmp_buf failed;
    Parser *p = &a->p;
    arena->on_failure = p->scratch.on_failure = p->function.on_failure = &failed;
    if (setjmp(failed))
        return diag_fail(p->diag, a->module.met ? ERR_limit_module_bytes : parser_short(p, arena),
                         start, "while reading the text");
    parser_init(p, arena, src, start, end, features, pace);
    part_init(&a->out, &p->scratch);
    buf_init(&a->temp, &p->scratch);
    buf_reserve(&a->temp, 64); // so that there is something to point at
    assemble(a, start, whole);
    if (p->diag->err != ERR_none) return false;
    *out = (TextModule){
        .bytes = {arena_copy(arena, a->out.buf.data, a->out.buf.len), a->out.buf.len},
        .map = arena_copy(arena, a->out.map, a->out.map_count * sizeof *a->out.map),
        .map_count = a->out.map_count};
    return true;
}

bool component_text_parse(Arena *arena, const char *src, size_t start, size_t end, bool whole,
                          Features features, const Pace *pace, TextModule *out, Diag *diag)
{
    Assembler a = {.p.diag = diag};
    jmp_buf *outer = arena->on_failure;
    bool ok = false;
    *out = (TextModule){0};
    arena_init(&a.p.scratch);
    arena_init(&a.p.function);
    arena_init(&a.module);
    a.p.scratch.limit = a.p.function.limit = a.module.limit = arena->limit;
    a.p.scratch.account = a.p.function.account = a.module.account = arena->account;
    if (end >= UINT32_MAX / 2)
        diag_fail(diag, ERR_limit_module_size, start, "the text is too long");
    else ok = assemble_guarded(&a, arena, src, start, end, whole, features, pace, out);
    arena->on_failure = outer;
    arena_free(&a.p.function);
    arena_free(&a.module);
    arena_free(&a.p.scratch);
    if (!ok) text_diag_locate(diag, src, end);
    return ok;
}

bool text_is_component(const char *src, size_t start, size_t end)
{
    Lexer l;
    Diag diag;
    diag_init(&diag);
    lexer_init(&l, src, start, end, &diag);
    return lexer_next(&l).kind == TOKEN_open && token_is(src, lexer_next(&l), "component");
}
