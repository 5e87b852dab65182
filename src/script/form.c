// form.c -- see form.h.

#include "script/form.h"

#include "base/buf.h"
#include "text/parse.h"

// All strings up to the closing parenthesis, one behind the other.
static bool read_strings(Arena *arena, Lexer *l, Bytes *out)
{
    Buf buf;
    buf_init(&buf, arena);
    for (; l->token.kind == TOKEN_string; lexer_next(l)) {
        Bytes piece = token_string(arena, l->src, l->token);
        buf_bytes(&buf, piece.data, piece.len);
    }
    buf_byte(&buf, 0); // so that there is something to point at
    *out = (Bytes){buf.data, buf.len - 1};
    return l->token.kind == TOKEN_close;
}

bool form_id(Arena *arena, Lexer *l, Bytes *id)
{
    if (l->token.kind != TOKEN_id) return false;
    *id = token_name(arena, l->src, l->token);
    lexer_next(l);
    return true;
}

bool form_module(Arena *arena, const char *src, size_t start, size_t end, ModuleForm *form)
{
    Lexer l;
    Diag diag;
    *form = (ModuleForm){.text = src, .start = start, .end = end};
    diag_init(&diag);
    lexer_init(&l, src, start, end, &diag);
    lexer_next(&l), lexer_next(&l), lexer_next(&l); // "(", "module", what follows
    form->definition = token_is(l.src, l.token, "definition");
    form->instance = token_is(l.src, l.token, "instance");
    if (form->definition || form->instance) lexer_next(&l);
    form_id(arena, &l, &form->id);
    if (form->instance) {
        form_id(arena, &l, &form->base);
        return l.token.kind == TOKEN_close;
    }
    bool binary = token_is(l.src, l.token, "binary");
    form->quote = token_is(l.src, l.token, "quote");
    if (binary || form->quote) {
        Bytes strings;
        lexer_next(&l);
        if (!read_strings(arena, &l, &strings)) return false;
        if (binary) form->binary = strings;
        else form->text = (const char *)strings.data, form->start = 0, form->end = strings.len;
    } else if (form->definition) {
        form->start = l.token.start; // the fields alone
        form->end = end - 1;
    }
    return true;
}

bool form_operand_module(Arena *arena, Lexer *l, ModuleForm *form)
{
    size_t start = l->token.start;
    Lexer ahead = *l;
    if (!token_is(l->src, lexer_next(&ahead), "module") || !lexer_skip_form(l)) return false;
    return form_module(arena, l->src, start, l->token.start + 1, form);
}

bool form_find(Arena *arena, const char *src, const Command *c, ModuleForm *form)
{
    Lexer l;
    Diag diag;
    if (c->kind == COMMAND_inline) {
        *form = (ModuleForm){.text = src, .start = 0, .end = c->end};
        return true;
    }
    if (c->kind == COMMAND_module)
        return form_module(arena, src, c->start, c->end, form) && !form->instance;
    diag_init(&diag);
    lexer_init(&l, src, c->start, c->end, &diag);
    lexer_next(&l), lexer_next(&l);
    return lexer_next(&l).kind == TOKEN_open && form_operand_module(arena, &l, form) &&
           !form->instance;
}

bool form_bytes(Arena *arena, const ModuleForm *form, Features features, Bytes *out, Diag *diag)
{
    TextModule text = {0};
    *out = form->binary;
    if (form->binary.data) return true;
    bool good = text_parse(arena, form->text, form->start, form->end, features, NULL, &text, diag);
    *out = text.bytes;
    return good;
}
