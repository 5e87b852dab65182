// value.c -- see value.h.

#include "script/value.h"

#include "op/eval.h"
#include "text/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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
    *p = (Pattern){
        .kind = PATTERN_lanes, .bits = (u8)bits, .count = (u8)count, .is_float = is_float};
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
        if (token_is(l->src, t, shapes[i].name))
            return read_lanes(l, p, shapes[i].bits, shapes[i].count, shapes[i].is_float);
    return false;
}

static const char *const heap_names[HEAP_COUNT] = {
#define HEAP(name, text, ...) [HEAP_##name] = text,
#include "op/type.def"
};

static Heap heap_named(const char *text, size_t len)
{
    static const char shared[] = "_shared";
    size_t tail = sizeof shared - 1;
    if (len > tail && !memcmp(text + len - tail, shared, tail)) len -= tail;
    for (u32 h = 0; h < HEAP_COUNT; h++)
        if (strlen(heap_names[h]) == len && !memcmp(heap_names[h], text, len)) return (Heap)h;
    return HEAP_COUNT;
}

// ref.null T?, ref.extern N?, ref.host N, ref.func N?, ref.struct ...
static bool read_ref(Lexer *l, Token word, Pattern *p)
{
    const char *kind = l->src + word.start + 4;
    size_t len = word.len - 4;
    Token t = lexer_next(l);
    *p = (Pattern){.kind = PATTERN_ref, .heap = heap_named(kind, len)};
    if (token_is(l->src, word, "ref.null")) {
        *p = (Pattern){.kind = PATTERN_null, .heap = HEAP_COUNT};
        if (t.kind == TOKEN_keyword) p->heap = heap_named(l->src + t.start, t.len);
        if (t.kind == TOKEN_keyword || t.kind == TOKEN_id || t.kind == TOKEN_int) t = lexer_next(l);
        return t.kind == TOKEN_close;
    }
    bool host = token_is(l->src, word, "ref.host");
    if (host || (p->heap == HEAP_extern && t.kind == TOKEN_int)) {
        if (t.kind != TOKEN_int || !number_unsigned(l->src + t.start, t.len, 64, &p->host))
            return false;
        p->kind = PATTERN_host;
        p->heap = host ? HEAP_any : HEAP_extern;
        t = lexer_next(l);
    } else if (p->heap == HEAP_func && t.kind == TOKEN_int) {
        t = lexer_next(l); // which function it is cannot be told
    }
    return t.kind == TOKEN_close && p->heap != HEAP_COUNT;
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
        if (out->count == ALTERNATIVES_MAX || !read_pattern(l, lexer_next(l), &out->of[out->count]))
            return false;
        out->count++;
    }
    return l->token.kind == TOKEN_close && out->count > 0;
}

static Type lanes_type(const Pattern *p)
{
    if (p->bits * p->count == 128) return TYPE_v128;
    if (p->is_float) return p->bits == 32 ? TYPE_f32 : TYPE_f64;
    return p->bits == 32 ? TYPE_i32 : TYPE_i64;
}

static bool below_same_top(Executor *x, Heap heap, Type type)
{
    const TypeStore *types = x->ops->types(x);
    return heap == HEAP_COUNT || type_top(types, type_ref(true, heap)) == type_top(types, type);
}

bool expected_argument(Executor *x, const Expected *e, Type type, u64 *slots)
{
    const Pattern *p = &e->of[0];
    if (e->count != 1) return false;
    switch (p->kind) {
    case PATTERN_ref: return false;
    case PATTERN_null:
        slots[0] = REF_NULL;
        return type_is_ref(type) && type_is_null(type) && below_same_top(x, p->heap, type);
    case PATTERN_host:
        if (!type_is_ref(type) || type_is_concrete(type) || type_heap(type) != p->heap)
            return false;
        return (slots[0] = x->ops->host_ref(x, p->host)) != REF_NULL;
    case PATTERN_lanes: break;
    }
    if (type != lanes_type(p)) return false;
    memset(slots, 0, type_slots(type) * sizeof *slots);
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

static bool ref_matches(Executor *x, const Pattern *p, Type type, u64 slot)
{
    if (!type_is_ref(type) || (slot == REF_NULL) != (p->kind == PATTERN_null)) return false;
    if (p->kind == PATTERN_null) return below_same_top(x, p->heap, type);
    ExecutorRef got;
    x->ops->look(x, type, slot, &got);
    if (p->kind == PATTERN_host)
        return got.is_host && got.heap == p->heap && got.host == p->host;
    bool equatable = got.heap == HEAP_i31 || got.heap == HEAP_struct || got.heap == HEAP_array;
    return got.heap == p->heap || (p->heap == HEAP_eq && equatable) ||
           (p->heap == HEAP_any && equatable);
}

static bool pattern_matches(Executor *x, const Pattern *p, Type type, const u64 *slots)
{
    if (p->kind != PATTERN_lanes) return ref_matches(x, p, type, slots[0]);
    if (type != lanes_type(p)) return false;
    u64 mask = p->bits == 64 ? UINT64_MAX : ((u64)1 << p->bits) - 1;
    for (u32 i = 0; i < p->count; i++) {
        u32 bit = i * p->bits;
        if (!lane_matches(p, i, slots[bit / 64] >> (bit % 64) & mask)) return false;
    }
    return true;
}

bool expected_matches(Executor *x, const Expected *e, Type type, const u64 *slots)
{
    for (u32 i = 0; i < e->count; i++)
        if (pattern_matches(x, &e->of[i], type, slots)) return true;
    return false;
}

static size_t lane_text(u32 bits, bool is_float, u64 v, NanPattern nan, char *out, size_t size)
{
    if (nan)
        return (size_t)snprintf(out, size, " nan:%s",
                                nan == NAN_canonical ? "canonical" : "arithmetic");
    if (!is_float) {
        s64 n = (s64)(v << (64 - bits)) >> (64 - bits);
        bool small = n > -100000 && n < 100000;
        return (size_t)snprintf(out, size, small ? " %" PRId64 : " %" PRId64 " (0x%" PRIx64 ")", n,
                                v);
    }
    f64 value = bits == 32 ? (f64)eval_float32((u32)v) : eval_float64(v);
    return (size_t)snprintf(out, size, " %.17g (0x%" PRIx64 ")", value, v);
}

static char *host_text(Heap heap, u64 host, char *out, size_t at, size_t size)
{
    snprintf(out + at, size - at, "ref.%s %" PRIu64, heap == HEAP_extern ? "extern" : "host", host);
    return out;
}

char *expected_text(const Expected *e, char *out, size_t size)
{
    const Pattern *p = &e->of[0];
    size_t at = 0;
    out[0] = 0;
    if (e->count > 1) at = (size_t)snprintf(out, size, "one of %u, as ", e->count);
    switch (p->kind) {
    case PATTERN_null: snprintf(out + at, size - at, "ref.null"); return out;
    case PATTERN_ref: snprintf(out + at, size - at, "ref.%s", heap_names[p->heap]); return out;
    case PATTERN_host: return host_text(p->heap, p->host, out, at, size);
    case PATTERN_lanes: break;
    }
    at += (size_t)snprintf(out + at, size - at, "%c%u", p->is_float ? 'f' : 'i', p->bits);
    if (p->count > 1) at += (size_t)snprintf(out + at, size - at, "x%u", p->count);
    for (u32 i = 0; i < p->count && at + 64 < size; i++)
        at += lane_text(p->bits, p->is_float, p->lane[i].bits, p->lane[i].nan, out + at, size - at);
    return out;
}

char *value_text(Executor *x, Type type, const u64 *slots, char *out, size_t size)
{
    static const struct { const char *name; u8 bits; bool is_float; } numbers[] = {
        [TYPE_i32] = {"i32", 32, false}, [TYPE_i64] = {"i64", 64, false},
        [TYPE_f32] = {"f32", 32, true},  [TYPE_f64] = {"f64", 64, true},
    };
    if (type == TYPE_v128) {
        snprintf(out, size, "v128 0x%016" PRIx64 "%016" PRIx64, slots[1], slots[0]);
    } else if (!type_is_ref(type)) {
        size_t at = (size_t)snprintf(out, size, "%s", numbers[type].name);
        lane_text(numbers[type].bits, numbers[type].is_float,
                  numbers[type].bits == 32 ? (u32)slots[0] : slots[0], NAN_none, out + at,
                  size - at);
    } else if (slots[0] == REF_NULL) {
        snprintf(out, size, "ref.null");
    } else {
        ExecutorRef got;
        x->ops->look(x, type, slots[0], &got);
        if (got.is_host)
            return host_text(got.heap, got.host, out, 0, size);
        snprintf(out, size, "ref.%s", heap_names[got.heap]);
    }
    return out;
}
