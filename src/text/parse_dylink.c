// parse_dylink.c -- the annotation @dylink.0, of which a library that is linked at run time says
// what it wants:
//
//     (@dylink.0 (mem-info (memory 4 2) (table 0 0)) (needed "libc.so")
//       (export-info "f" tls) (import-info "env" "g" binding-weak) (runtime-path "$ORIGIN"))
//
// Clauses of the same kind that follow each other are one subsection.
// spec: tool conventions, DynamicLinking

#include "text/parser.h"

#include "base/utf8.h"
#include "module/linking.h"
#include "text/number.h"

static const struct { const char *word; DylinkPart part; } clauses[] = {
#define DYLINK_PART(number, name, text) {text, DYLINK_##name},
#include "module/linking.def"
};

static const struct { const char *text; u32 bit; } flags[] = {
#define SYMBOL_FLAG(bit, name, text) {text, bit},
#include "module/linking.def"
};

static bool refuse(Parser *p, const char *what)
{
    fail_at(p, ERR_malformed_annotation, p->lex.token.start, "@dylink.0 annotation: %s", what);
    return false;
}

static bool read_number(Parser *p, u64 *value)
{
    Token t = p->lex.token;
    if (t.kind != TOKEN_int || !number_unsigned(p->src + t.start, t.len, 32, value))
        return refuse(p, "a number was expected");
    lexer_next(&p->lex);
    return true;
}

static bool read_text(Parser *p, Buf *out)
{
    Token t = p->lex.token;
    if (t.kind != TOKEN_string) return refuse(p, "a string was expected");
    Bytes s = token_string(&p->scratch, p->src, t);
    if (!utf8_valid(s.data, s.len)) return refuse(p, "a string that is no UTF-8");
    buf_name(out, s.data, s.len);
    lexer_next(&p->lex);
    return true;
}

// (memory 4 2), a size and the logarithm of an alignment.
static bool read_space(Parser *p, const char *word, u64 *values)
{
    Lexer ahead = p->lex;
    if (p->lex.token.kind != TOKEN_open || !token_is(p->src, lexer_next(&ahead), word)) return true;
    p->lex = ahead;
    lexer_next(&p->lex);
    if (!read_number(p, &values[0]) || !read_number(p, &values[1])) return false;
    if (p->lex.token.kind != TOKEN_close) return refuse(p, "\")\" was expected");
    lexer_next(&p->lex);
    return true;
}

static bool read_memory(Parser *p, Buf *out)
{
    u64 values[4] = {0};
    if (!read_space(p, "memory", values) || !read_space(p, "table", values + 2)) return false;
    for (u32 i = 0; i < 4; i++) buf_leb_u(out, values[i]);
    return true;
}

static bool read_flags(Parser *p, Buf *out)
{
    u64 all = 0, more;
    while (p->lex.token.kind == TOKEN_keyword || p->lex.token.kind == TOKEN_int) {
        u32 i = 0;
        while (i < COUNT_OF(flags) && !token_is(p->src, p->lex.token, flags[i].text)) i++;
        if (i < COUNT_OF(flags)) {
            all |= flags[i].bit;
            lexer_next(&p->lex);
        } else if (!read_number(p, &more)) {
            return false;
        } else {
            all |= more;
        }
    }
    buf_leb_u(out, all);
    return true;
}

// What stands behind the clause's word; *items is how many that makes of its subsection.
static bool read_clause(Parser *p, DylinkPart part, Buf *out, u32 *items)
{
    *items = 1;
    switch (part) {
    case DYLINK_memory: return read_memory(p, out);
    case DYLINK_exports: return read_text(p, out) && read_flags(p, out);
    case DYLINK_imports: return read_text(p, out) && read_text(p, out) && read_flags(p, out);
    case DYLINK_needed: case DYLINK_paths: break;
    }
    for (*items = 0; p->lex.token.kind == TOKEN_string; ++*items)
        if (!read_text(p, out)) return false;
    return true;
}

typedef struct { DylinkPart part; u32 items; Buf content; } Subsection;

static void end_subsection(Subsection *s, Buf *out)
{
    Buf whole;
    if (!s->part) return;
    buf_init(&whole, out->arena);
    if (s->part != DYLINK_memory) buf_leb_u(&whole, s->items);
    buf_bytes(&whole, s->content.data, s->content.len);
    buf_byte(out, (u8)s->part);
    buf_name(out, whole.data, whole.len);
    s->content.len = s->items = 0;
}

bool read_dylink(Parser *p, Buf *out)
{
    Lexer *l = &p->lex;
    Subsection s = {0};
    buf_init(&s.content, &p->scratch);
    for (lexer_next(l); l->token.kind == TOKEN_open; lexer_next(l)) {
        u32 i = 0, items;
        lexer_next(l);
        while (i < COUNT_OF(clauses) && !token_is(p->src, l->token, clauses[i].word)) i++;
        if (i == COUNT_OF(clauses)) return refuse(p, "no clause of this name");
        if (clauses[i].part != s.part || s.part == DYLINK_memory) end_subsection(&s, out);
        s.part = clauses[i].part;
        lexer_next(l);
        if (!read_clause(p, s.part, &s.content, &items)) return false;
        s.items += items;
        if (l->token.kind != TOKEN_close) return refuse(p, "\")\" was expected");
    }
    end_subsection(&s, out);
    return true;
}
