// value.h -- arguments and expected results of actions.
#pragma once

#include "run/store.h"
#include "text/lexer.h"

typedef enum { NAN_none, NAN_canonical, NAN_arithmetic } NanPattern;

typedef enum {
    PATTERN_lanes,   // numbers and vectors: one lane or several
    PATTERN_null,    // ref.null
    PATTERN_ref,     // a reference that is not null, of whatever identity
    PATTERN_extern,  // ref.extern N, ref.host N
} PatternKind;

typedef struct {
    PatternKind kind;
    u8 bits, count;       // of lanes
    bool is_float;
    struct { u64 bits; NanPattern nan; } lane[16];
    u64 host;             // extern
    Heap heap;            // ref
} Pattern;

enum { ALTERNATIVES_MAX = 8 };
typedef struct {
    u32 count;            // more than one for (either ...)
    Pattern of[ALTERNATIVES_MAX];
} Expected;

// Reads the form behind TOKEN_open, its ")" included. False: no such value; the lexer stands inside it.
bool read_expected(Lexer *l, Expected *out);
// As an argument: fills the slots of one value. False: cannot be one.
bool expected_argument(Store *store, const Expected *e, u64 *slots);
bool expected_matches(const Store *store, const Expected *e, Type type, const u64 *slots);
// In words, for messages. Both return out.
char *expected_text(const Expected *e, char *out, size_t size);
char *value_text(const Store *store, Type type, const u64 *slots, char *out, size_t size);
