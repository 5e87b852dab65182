// value.c -- see value.h.

#include "script/value.h"

#include "op/eval.h"
#include "text/number.h"

#include <inttypes.h>
#include <stdio.h>

static bool read_lane(Lexer *l, Pattern *p, u32 i)
{
    Token t = lexer_next(l);
    const char *s = l->src + t.start;
    s64 n;
    u32 f;
    if (p->is_float) {
        if (token_is(l->src, t, "nan:canonical")) return p->lane[i].nan = NAN_canonical, true;
        if (token_is(l->src, t, "nan:arithmetic")) return p->lane[i].nan = NAN_arithmetic, true;
        if (t.kind != TOKEN_float && t.kind != TOKEN_int) return false;
        if (p->bits == 64) return number_f64(s, t.len, &p->lane[i].bits);
        if (!number_f32(s, t.len, &f)) return false;
        p->lane[i].bits = f;
        return true;
    }
    if (t.kind != TOKEN_int || !number_integer(s, t.len, p->bits, &n)) return false;
    p->lane[i].bits = p->bits == 64 ? (u64)n : (u64)n & (((u64)1 << p->bits) - 1);
    return true;
}

static bool read_lanes(Lexer *l, Pattern *p, u32 bits, u32 count, bool is_float)
{
    *p = (Pattern){.kind = PATTERN_lanes, .bits = (u8)bits, .count = (u8)count, .is_float = is_float};
    for (u32 i = 0; i < count; i++)
        if (!read_lane(l, p, i)) return false;
    return lexer_next(l).kind == TOKEN_close;
}

static bool read_vector(Lexer *l, Pattern *p)
{
    static const struct { const char *name; u8 bits, count; bool is_float; } shapes[] = {
        {"i8x16", 8, 16, false}, {"i16x8", 16, 8, false}, {"i32x4", 32, 4, false},
        {"i64x2", 64, 2, false}, {"f32x4", 32, 4, true},  {"f64x2", 64, 2, true},
    };
    Token t = lexer_next(l);
    for (size_t i = 0; i < COUNT_OF(shapes); i++)
        if (token_is(l->src, t, shapes[i].name)) return read_lanes(l, p, shapes[i].bits, shapes[i].count, shapes[i].is_float);
    return false;
}

// ref.null T?, ref.extern N?, ref.host N, ref.func, ref.struct ...
static bool read_ref(Lexer *l, Token word, Pattern *p)
{
    *p = (Pattern){.kind = PATTERN_ref};
    Token t = lexer_next(l);
    if (token_is(l->src, word, "ref.null")) {
        p->kind = PATTERN_null;
        if (t.kind == TOKEN_keyword || t.kind == TOKEN_id || t.kind == TOKEN_int) t = lexer_next(l);
        return t.kind == TOKEN_close;
    }
    if (t.kind == TOKEN_int) {
        p->kind = PATTERN_extern;
        if (!number_unsigned(l->src + t.start, t.len, 64, &p->host)) return false;
        t = lexer_next(l);
    }
    return t.kind == TOKEN_close;
}

static bool read_pattern(Lexer *l, Token word, Pattern *p)
{
    if (token_is(l->src, word, "i32.const")) return read_lanes(l, p, 32, 1, false);
    if (token_is(l->src, word, "i64.const")) return read_lanes(l, p, 64, 1, false);
    if (token_is(l->src, word, "f32.const")) return read_lanes(l, p, 32, 1, true);
    if (token_is(l->src, word, "f64.const")) return read_lanes(l, p, 64, 1, true);
    if (token_is(l->src, word, "v128.const")) return read_vector(l, p);
    return word.len > 4 && !memcmp(l->src + word.start, "ref.", 4) && read_ref(l, word, p);
}

bool read_expected(Lexer *l, Expected *out)
{
    Token word = lexer_next(l);
    out->count = 1;
    if (!token_is(l->src, word, "either")) return read_pattern(l, word, &out->of[0]);
    out->count = 0;
    while (lexer_next(l).kind == TOKEN_open) {
        if (out->count == ALTERNATIVES_MAX || !read_pattern(l, lexer_next(l), &out->of[out->count])) return false;
        out->count++;
    }
    return l->token.kind == TOKEN_close && out->count > 0;
}

bool expected_argument(Store *store, const Expected *e, u64 *slots)
{
    const Pattern *p = &e->of[0];
    if (e->count != 1) return false;
    switch (p->kind) {
    case PATTERN_null: slots[0] = REF_NULL; return true;
    case PATTERN_extern: return (slots[0] = ref_new_extern(store, p->host)) != REF_NULL;
    case PATTERN_ref: return false;
    case PATTERN_lanes: break;
    }
    slots[0] = slots[1] = 0;
    for (u32 i = 0; i < p->count; i++) {
        if (p->lane[i].nan != NAN_none) return false;
        u32 bit = i * p->bits;
        slots[bit / 64] |= p->lane[i].bits << (bit % 64);
    }
    return true;
}

static bool lane_matches(const Pattern *p, u32 i, u64 got)
{
    u32 fraction = p->bits == 32 ? 23 : 52;
    u64 quiet = (u64)1 << (fraction - 1), sign = (u64)1 << (p->bits - 1);
    u64 exponent = (sign - 1) & ~(((u64)1 << fraction) - 1);
    switch (p->lane[i].nan) {
    case NAN_canonical: return (got & ~sign) == (exponent | quiet);
    case NAN_arithmetic: return (got & (exponent | quiet)) == (exponent | quiet);
    case NAN_none: break;
    }
    return got == p->lane[i].bits;
}

static bool pattern_matches(const Store *store, const Pattern *p, Type type, const u64 *slots)
{
    switch (p->kind) {
    case PATTERN_null: return type_is_ref(type) && slots[0] == REF_NULL;
    case PATTERN_ref: return type_is_ref(type) && slots[0] != REF_NULL;
    case PATTERN_extern:
        return type_is_ref(type) && slots[0] != REF_NULL && ref_extern_value(store, (Ref)slots[0]) == p->host;
    case PATTERN_lanes: break;
    }
    Type want = p->bits * p->count == 128 ? TYPE_v128 : p->is_float ? (p->bits == 32 ? TYPE_f32 : TYPE_f64)
                                                                    : (p->bits == 32 ? TYPE_i32 : TYPE_i64);
    if (type != want) return false;
    u64 mask = p->bits == 64 ? UINT64_MAX : ((u64)1 << p->bits) - 1;
    for (u32 i = 0; i < p->count; i++) {
        u32 bit = i * p->bits;
        if (!lane_matches(p, i, slots[bit / 64] >> (bit % 64) & mask)) return false;
    }
    return true;
}

bool expected_matches(const Store *store, const Expected *e, Type type, const u64 *slots)
{
    for (u32 i = 0; i < e->count; i++)
        if (pattern_matches(store, &e->of[i], type, slots)) return true;
    return false;
}

static size_t lane_text(u32 bits, bool is_float, u64 v, NanPattern nan, char *out, size_t size)
{
    if (nan) return (size_t)snprintf(out, size, " nan:%s", nan == NAN_canonical ? "canonical" : "arithmetic");
    if (!is_float) return (size_t)snprintf(out, size, bits == 64 ? " 0x%016" PRIx64 : " 0x%" PRIx64, v);
    f64 value = bits == 32 ? (f64)eval_float32((u32)v) : eval_float64(v);
    return (size_t)snprintf(out, size, " %.17g (0x%" PRIx64 ")", value, v);
}

char *expected_text(const Expected *e, char *out, size_t size)
{
    const Pattern *p = &e->of[0];
    size_t at = 0;
    out[0] = 0;
    if (e->count > 1) at = (size_t)snprintf(out, size, "one of %u, as ", e->count);
    switch (p->kind) {
    case PATTERN_null: snprintf(out + at, size - at, "ref.null"); return out;
    case PATTERN_ref: snprintf(out + at, size - at, "a reference"); return out;
    case PATTERN_extern: snprintf(out + at, size - at, "ref.extern %" PRIu64, p->host); return out;
    case PATTERN_lanes: break;
    }
    at += (size_t)snprintf(out + at, size - at, "%c%u", p->is_float ? 'f' : 'i', p->bits);
    if (p->count > 1) at += (size_t)snprintf(out + at, size - at, "x%u", p->count);
    for (u32 i = 0; i < p->count && at + 64 < size; i++)
        at += lane_text(p->bits, p->is_float, p->lane[i].bits, p->lane[i].nan, out + at, size - at);
    return out;
}

char *value_text(const Store *store, Type type, const u64 *slots, char *out, size_t size)
{
    size_t at = (size_t)snprintf(out, size, "%s", "");
    switch (type) {
    case TYPE_i32: at = (size_t)snprintf(out, size, "i32"), lane_text(32, false, (u32)slots[0], 0, out + at, size - at); return out;
    case TYPE_i64: at = (size_t)snprintf(out, size, "i64"), lane_text(64, false, slots[0], 0, out + at, size - at); return out;
    case TYPE_f32: at = (size_t)snprintf(out, size, "f32"), lane_text(32, true, (u32)slots[0], 0, out + at, size - at); return out;
    case TYPE_f64: at = (size_t)snprintf(out, size, "f64"), lane_text(64, true, slots[0], 0, out + at, size - at); return out;
    case TYPE_v128: snprintf(out, size, "v128 0x%016" PRIx64 "%016" PRIx64, slots[1], slots[0]); return out;
    default: break;
    }
    if (slots[0] == REF_NULL) snprintf(out, size, "ref.null");
    else if (type_top(store->types, type) == HEAP_extern) snprintf(out, size, "ref.extern %" PRIu64, ref_extern_value(store, (Ref)slots[0]));
    else snprintf(out, size, "a reference");
    return out;
}
