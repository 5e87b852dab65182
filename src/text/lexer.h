// lexer.h -- text to tokens, on demand and without copying.
//
//     lexer_init(&l, src, 0, len, &diag);
//     while (lexer_next(&l).kind != TOKEN_eof) ... l.token ...
//
// A token is a run of the source. What cannot be a token (an unclosed string, malformed UTF-8) is
// TOKEN_error: the reason is in *diag, and every later token is TOKEN_error too, so a parser
// may treat it as one more token it did not expect.
// spec: text/lexical, text/values
#pragma once

#include "base/arena.h"
#include "base/pace.h"
#include "op/diag.h"

typedef enum {
    TOKEN_eof,
    TOKEN_open,       // (
    TOKEN_close,      // )
    TOKEN_keyword,    // module, i32.add, offset=16
    TOKEN_id,         // $x or $"a name"
    TOKEN_string,     // "...", with its quotes
    TOKEN_int,        // 42, -0x2a
    TOKEN_float,      // 1.5, 0x1p-3, inf, -nan:0x123
    TOKEN_annotation, // (@name or (@"a name", without what follows
    TOKEN_reserved,   // everything else that has the shape of a token
    TOKEN_error,      // see above
} TokenKind;

typedef struct {
    TokenKind kind;
    size_t start, len; // offset into the source
} Token;

typedef struct {
    const char *src;
    size_t pos, end; // the next token is looked for in src[pos, end)
    Token token;     // the latest that lexer_next returned
    Diag *diag;
    const Pace *pace; // NULL: to the end
    size_t asked;    // where that was asked last
} Lexer;

// Reads src[start, end); offsets in tokens and in *diag are from src.
void lexer_init(Lexer *l, const char *src, size_t start, size_t end, Diag *diag);
Token lexer_next(Lexer *l);          // annotations are passed over; unclosed ones are errors
Token lexer_next_raw(Lexer *l);      // TOKEN_annotation too
bool lexer_skip_annotation(Lexer *l); // after TOKEN_annotation: to its ")", which becomes l->token
// After TOKEN_open: to the ")" that closes it, which becomes l->token. False: there is none.
bool lexer_skip_form(Lexer *l);
// The same for text that will be read again: it looks at no more than it must, so other errors
// remain to be found.
bool lexer_find_close(Lexer *l);

bool token_is(const char *src, Token t, const char *word); // the same bytes
// Of a TOKEN_string: its bytes, unescaped. Any bytes at all: names must be checked to be UTF-8.
Bytes token_string(Arena *arena, const char *src, Token t);
// Of a TOKEN_id or TOKEN_annotation: the name without "$" or "(@", unquoted. It may be empty, or no
// UTF-8.
Bytes token_name(Arena *arena, const char *src, Token t);

// Where an offset is, both from 1; columns count bytes. Takes time linear in offset.
void text_line_column(const char *src, size_t offset, u32 *line, u32 *column);
// Fills in diag->line and column from its offset. For an error at an offset into src.
void text_diag_locate(Diag *diag, const char *src, size_t len);
// The line of src at `offset`, a newline, and "^" below the place, into out (NUL-terminated).
// Long lines are cut around the place, tabs become spaces. Returns out.
char *text_caret(char *out, size_t size, const char *src, size_t len, size_t offset);
