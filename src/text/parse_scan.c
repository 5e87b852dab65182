// parse_scan.c -- the first pass: which identifiers stand for which index. See parser.h.
//
// It looks only at the heads of fields and is forgiving: what it does not understand it passes
// over, for the second pass to complain about.

#include "text/parser.h"

// To the ")" of the form that the current token is in.
static void scan_rest(Lexer *l)
{
    if (l->token.kind == TOKEN_close) return;
    if (l->token.kind == TOKEN_error || l->token.kind == TOKEN_eof) return;
    if (l->token.kind == TOKEN_open && !lexer_find_close(l)) return;
    lexer_find_close(l);
}

// One more in the space; with an identifier if that is the current token, which is passed over.
static void scan_item(Parser *p, Space space)
{
    u32 index = p->declared[space]++;
    if (p->lex.token.kind != TOKEN_id) return;
    bool ok;
    Token t = p->lex.token;
    Bytes name = id_name(p, t, &ok);
    if (ok && !map_add(&p->ids[space], name.data, name.len, index)) {
        fail_at(p, ERR_duplicate_type + (Err)space, t.start, "%.*s", (int)MIN(t.len, 60),
                p->src + t.start);
        return;
    }
    lexer_next(&p->lex);
}

static bool word(const Parser *p, const char *keyword)
{
    return token_is(p->src, p->lex.token, keyword);
}

static const struct { const char *text; Space space; } externs[] = {
    {"func", SPACE_func},     {"table", SPACE_table}, {"memory", SPACE_memory},
    {"global", SPACE_global}, {"tag", SPACE_tag},
};

// The current token names a kind of import, within its parentheses: reads to the ")". `count` have
// this one type.
static void scan_extern(Parser *p, u32 count)
{
    for (u32 i = 0; i < COUNT_OF(externs); i++) {
        if (!word(p, externs[i].text)) continue;
        lexer_next(&p->lex);
        for (u32 k = 0; k < count; k++) scan_item(p, externs[i].space);
        break;
    }
    scan_rest(&p->lex);
}

// After "import", one of
//     (import "m" "n" (func ...))
//     (import "m" (item "n" (func ...))...)
//     (import "m" (item "n")... (func ...))
static void scan_import(Parser *p)
{
    Lexer *l = &p->lex;
    u32 items = 0;
    for (;;) {
        if (l->token.kind == TOKEN_string) {
            lexer_next(l);
        } else if (l->token.kind != TOKEN_open) {
            break;
        } else if (lexer_next(l), word(p, "item")) {
            if (lexer_next(l).kind == TOKEN_string) lexer_next(l);
            if (l->token.kind == TOKEN_open) {
                lexer_next(l);
                scan_extern(p, 1);
                lexer_next(l);
            } else {
                items++;
            }
            scan_rest(l);
            lexer_next(l);
        } else {
            scan_extern(p, MAX(items, 1));
            lexer_next(l);
        }
    }
    scan_rest(l);
}

// The rest of a table or memory: an inline segment counts as one, too.
static void scan_inline_segment(Parser *p, const char *keyword, Space space)
{
    Lexer *l = &p->lex;
    for (;; lexer_next(l)) {
        switch (l->token.kind) {
        case TOKEN_close: case TOKEN_eof: case TOKEN_error: return;
        case TOKEN_open:
            if (lexer_next(l), word(p, keyword)) p->declared[space]++;
            scan_rest(l);
            break;
        default: break;
        }
    }
}

static void scan_type_form(Parser *p, size_t start)
{
    scan_rest(&p->lex);
    ARENA_PUSH(&p->scratch, p->type_forms, p->type_form_count, p->type_form_cap) =
        (TextRange){(u32)start, (u32)p->lex.pos};
}

static void scan_rec(Parser *p)
{
    Lexer *l = &p->lex;
    for (; l->token.kind == TOKEN_open; lexer_next(l)) {
        if (lexer_next(l), word(p, "type")) {
            lexer_next(l);
            scan_item(p, SPACE_type);
        }
        scan_rest(l);
    }
}

static void scan_field(Parser *p)
{
    Lexer *l = &p->lex;
    size_t start = l->token.start;
    Token head = lexer_next(l);
    if (head.kind != TOKEN_keyword) {
        scan_rest(l);
        return;
    }
    lexer_next(l);
    if (token_is(p->src, head, "type")) {
        scan_item(p, SPACE_type);
        scan_type_form(p, start);
    } else if (token_is(p->src, head, "rec")) {
        scan_rec(p);
        scan_type_form(p, start);
    } else if (token_is(p->src, head, "import")) {
        scan_import(p);
    } else if (token_is(p->src, head, "table")) {
        scan_item(p, SPACE_table);
        scan_inline_segment(p, "elem", SPACE_elem);
    } else if (token_is(p->src, head, "memory")) {
        scan_item(p, SPACE_memory);
        scan_inline_segment(p, "data", SPACE_data);
    } else {
        if (token_is(p->src, head, "func")) scan_item(p, SPACE_func);
        else if (token_is(p->src, head, "global")) scan_item(p, SPACE_global);
        else if (token_is(p->src, head, "tag")) scan_item(p, SPACE_tag);
        else if (token_is(p->src, head, "elem")) scan_item(p, SPACE_elem);
        else if (token_is(p->src, head, "data")) scan_item(p, SPACE_data);
        scan_rest(l);
    }
}

void scan_fields(Parser *p)
{
    while (lexer_next(&p->lex).kind == TOKEN_open) scan_field(p);
}
