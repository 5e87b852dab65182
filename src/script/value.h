// value.h -- arguments and expected results of actions.
#pragma once

#include "script/executor.h"
#include "text/lexer.h"

typedef enum { NAN_none, NAN_canonical, NAN_arithmetic } NanPattern;

typedef enum {
    PATTERN_lanes,   // numbers and vectors: one lane or several
    PATTERN_null,    // ref.null T; `heap` is HEAP_COUNT if no abstract type is named
    PATTERN_ref,     // any reference of the kind `heap` that is not null
    PATTERN_host,    // ref.extern N, ref.host N: `heap` is extern or any
} PatternKind;

typedef struct {
    PatternKind kind;
    u8 bits, count;       // of lanes
    bool is_float;
    struct { u64 bits; NanPattern nan; } lane[16];
    u64 host;
    Heap heap;            // of references
} Pattern;

enum { ALTERNATIVES_MAX = 8 };
typedef struct {
    u32 count;            // more than one for (either ...)
    Pattern of[ALTERNATIVES_MAX];
} Expected;

// Reads the form behind TOKEN_open, its ")" included. False: no such value; the lexer stands inside
// it.
bool read_expected(Lexer *l, Expected *out);
// As an argument of that type: fills its slots, two for v128. False: it cannot be one.
bool expected_argument(Executor *x, const Expected *e, Type type, u64 *slots);
bool expected_matches(Executor *x, const Expected *e, Type type, const u64 *slots);
// In words, for messages. Both return out.
char *expected_text(const Expected *e, char *out, size_t size);
char *value_text(Executor *x, Type type, const u64 *slots, char *out, size_t size);
