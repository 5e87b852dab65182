// value.c -- typed values as arguments and results of --invoke.

#include "cli/cli.h"
#include "op/eval.h"
#include "run/object.h"
#include "text/number.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>

// The shortest decimal that reads back to the same bits; NaNs with their payload.
static void print_float(FILE *out, f64 value, u64 bits, u32 width)
{
    u32 fraction = width == 32 ? 23 : 52;
    u64 payload = bits & (((u64)1 << fraction) - 1), sign = bits >> (width - 1);
    char text[40];
    if (value != value) {
        fprintf(out, "%snan", sign ? "-" : "");
        if (payload != (u64)1 << (fraction - 1)) fprintf(out, ":0x%" PRIx64, payload);
        return;
    }
    if (isinf(value)) {
        fprintf(out, "%sinf", sign ? "-" : "");
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        u64 back = 0;
        u32 back32 = 0;
        const char *s = text + (text[0] == '-');
        size_t len = 0;
        while (s[len]) len++;
        bool same = width == 32 ? number_f32(s, len, &back32) && back32 == (u32)(bits & 0x7fffffff)
                                : number_f64(s, len, &back) && back == (bits & ~((u64)1 << 63));
        if (same) break;
    }
    fputs(text, out);
}

void print_reference(FILE *out, Heap heap, u64 number)
{
    char text[40];
    type_text(text, sizeof text, type_ref(false, heap), NULL, 0);
    fputs(text, out);
    if (heap == HEAP_func || heap == HEAP_array) fprintf(out, " %" PRIu64, number);
    if (heap == HEAP_i31) fprintf(out, " %" PRId32, (s32)((u32)number << 1) >> 1);
}

// Of an external value nobody can tell more, also if the guest made it of an object.
static void print_ref(FILE *out, const Store *store, Heap top, Ref ref)
{
    Heap heap = top == HEAP_any ? ref_heap(store, ref) : top;
    if (heap == HEAP_extern) heap = top;
    if (heap == HEAP_func) func_fill((Store *)store, ref); // it may be one that nobody has called
    print_reference(out, heap,
                    heap == HEAP_func    ? ref_to_func(store, ref)->index
                    : heap == HEAP_array ? array_length(store, ref)
                                         : (u32)ref >> 1);
}

bool print_number(FILE *out, Type type, const u64 *v)
{
    switch (type) {
    case TYPE_i32: fprintf(out, "%" PRId32, (s32)(u32)v[0]); return true;
    case TYPE_i64: fprintf(out, "%" PRId64, (s64)v[0]); return true;
    case TYPE_f32: print_float(out, eval_float32((u32)v[0]), (u32)v[0], 32); return true;
    case TYPE_f64: print_float(out, eval_float64(v[0]), v[0], 64); return true;
    case TYPE_v128:
        fprintf(out, "i32x4 0x%08x 0x%08x 0x%08x 0x%08x", (u32)v[0], (u32)(v[0] >> 32), (u32)v[1],
                (u32)(v[1] >> 32));
        return true;
    default: return false;
    }
}

void print_value(FILE *out, const Store *store, Type type, const u64 *v)
{
    if (print_number(out, type, v)) return;
    if (v[0] == REF_NULL) fputs("null", out);
    else print_ref(out, store, type_top(store->types, type), (Ref)v[0]);
}

// Only what the text format takes as a number; the lexer would have seen to that in a module.
static bool well_formed(const char *s, bool is_float)
{
    if (*s == '+' || *s == '-') s++;
    bool hex = s[0] == '0' && s[1] == 'x', digit = false, point = false, exponent = false;
    if (is_float && (!strcmp(s, "inf") || !strncmp(s, "nan", 3)))
        return !s[3] || *s == 'i' || (!strncmp(s, "nan:0x", 6) && s[6]);
    for (s += hex ? 2 : 0; *s; s++) {
        bool is_exponent = is_float && tolower(*s) == (hex ? 'p' : 'e');
        if (is_exponent && digit && !exponent) {
            exponent = true;
            digit = false;
            hex = false;
            if (s[1] == '+' || s[1] == '-') s++;
        } else if (hex ? isxdigit((u8)*s) : isdigit((u8)*s)) {
            digit = true;
        } else if (is_float && *s == '.' && digit && !point && !exponent) {
            point = true;
        } else {
            return false;
        }
    }
    return digit;
}

static bool parse_number(const char *text, u32 width, bool is_float, u64 *bits)
{
    s64 n = 0;
    u32 bits32 = 0;
    if (!well_formed(text, is_float)) return false;
    bool fits = !is_float     ? number_integer(text, strlen(text), width, &n)
                : width == 32 ? number_f32(text, strlen(text), &bits32)
                              : number_f64(text, strlen(text), bits);
    if (!is_float) *bits = width == 64 ? (u64)n : (u64)n & (((u64)1 << width) - 1);
    else if (width == 32) *bits = bits32;
    return fits;
}

// A shape and its lanes, as in `v128.const`, with single spaces between them.
static bool parse_vector(const char *text, u64 *v)
{
    static const struct { const char *name; u32 width; bool is_float; } shapes[] = {
        {"i8x16 ", 8, false}, {"i16x8 ", 16, false}, {"i32x4 ", 32, false}, {"i64x2 ", 64, false}, {"f32x4 ", 32, true}, {"f64x2 ", 64, true},
    };
    v[0] = v[1] = 0;
    for (u32 i = 0; i < COUNT_OF(shapes); i++) {
        if (strncmp(text, shapes[i].name, 6)) continue;
        const char *lane = text + 6;
        for (u32 at = 0; at < 128; at += shapes[i].width) {
            char word[80];
            u64 bits;
            size_t len = strcspn(lane, " ");
            bool last = at + shapes[i].width == 128;
            if (len >= sizeof word || (lane[len] == 0) != last) return false;
            memcpy(word, lane, len);
            word[len] = 0;
            if (!parse_number(word, shapes[i].width, shapes[i].is_float, &bits)) return false;
            v[at / 64] |= bits << at % 64;
            lane += len + 1;
        }
        return true;
    }
    return false;
}

bool parse_value(const char *text, Type type, u64 *v)
{
    v[0] = 0;
    switch (type) {
    case TYPE_i32: return parse_number(text, 32, false, v);
    case TYPE_i64: return parse_number(text, 64, false, v);
    case TYPE_f32: return parse_number(text, 32, true, v);
    case TYPE_f64: return parse_number(text, 64, true, v);
    case TYPE_v128: return parse_vector(text, v);
    default: return type_is_ref(type) && type_is_null(type) && !strcmp(text, "null");
    }
}
