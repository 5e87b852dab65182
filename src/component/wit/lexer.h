// lexer.h -- WIT to tokens, one at a time and without copying.
//
// What cannot be a token is an error, which leaves through wit_fail, as all that reads WIT does.
// spec: WIT/Lexical structure
#pragma once

#include "component/wit/wit.h"

typedef enum {
    LEX_eof,
    LEX_id,      // a-name, or %a-name, whose text is without the mark
    LEX_keyword,
    LEX_integer,
    LEX_string,  // with its quotes
    LEX_arrow,   // ->
    LEX_mark,    // one of = , : . ; ( ) { } < > * @ / + - and, if `brackets`, [ ]
} WitTokenKind;

typedef struct {
    WitTokenKind kind;
    u8 mark;
    u32 at, gap; // gap: where the token in front ends; comments stand between the two
    Bytes text;
} WitToken;

typedef struct {
    Wit *wit;
    const WitFile *file;
    u32 pos;
    bool brackets;  // they are marks, too
    WitToken token; // the latest
} WitLexer;

// Looks at the whole file once, for what may stand nowhere in it.
void wit_lexer_init(WitLexer *l, Wit *wit, const WitFile *file);
void wit_lexer_next(WitLexer *l);
// Instead of the next token, which is not read yet: a version.
void wit_lexer_version(WitLexer *l, WitVersion *version);
// What a string says. It is UTF-8.
Bytes wit_string(WitLexer *l, const WitToken *token);

// Records why and where, and leaves for who was called from outside: wit_add, or wit_resolve.
_Noreturn void wit_fail(Wit *wit, WitSpot at, Err err, const char *fmt, ...) PRINTF_LIKE(4, 5);
