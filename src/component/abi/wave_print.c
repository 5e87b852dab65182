// wave_print.c -- see wave.h. What is printed reads back as the same value, but for handles, and
// for NaNs, which are all one.

#include "base/utf8.h"
#include "component/abi/place.h"
#include "component/abi/wave.h"
#include "text/number.h"

#include <inttypes.h>
#include <stdio.h>

static void put(Buf *out, const char *text) { buf_bytes(out, text, strlen(text)); }
static void put_bytes(Buf *out, Bytes bytes) { buf_bytes(out, bytes.data, bytes.len); }

// ---- Floats: the fewest digits that read back to the same, with zeros instead of an exponent

typedef struct { char digits[20]; int count, exponent; } Decimal; // 0.ddd * 10^exponent

// Whatever a locale writes between the digits is left out.
static Decimal decimal_of(f64 value, int digits)
{
    char text[40];
    Decimal d = {{0}, 0, 0};
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    const char *c = text;
    for (; *c && *c != 'e'; c++)
        if (*c >= '0' && *c <= '9') d.digits[d.count++] = *c;
    for (const char *e = *c ? c + 1 : c; *e; e++)
        if (*e >= '0' && *e <= '9') d.exponent = d.exponent * 10 + (*e - '0');
    if (*c && c[1] == '-') d.exponent = -d.exponent;
    d.exponent++;
    return d;
}

static bool reads_back(const Decimal *d, u64 bits, bool single)
{
    char text[60];
    u32 bits32;
    u64 bits64;
    int len = snprintf(text, sizeof text, "%se%d", d->digits, d->exponent - d->count);
    return single ? number_f32(text, (size_t)len, &bits32) && bits32 == bits
                  : number_f64(text, (size_t)len, &bits64) && bits64 == bits;
}

static void put_zeros(Buf *out, int count)
{
    while (count-- > 0) buf_byte(out, '0');
}

// `bits` has no sign and is no NaN.
static void put_finite(Buf *out, f64 value, u64 bits, bool single)
{
    Decimal d = decimal_of(value, 1);
    for (int digits = 2; digits <= 17 && !reads_back(&d, bits, single); digits++)
        d = decimal_of(value, digits);
    int whole = MIN(MAX(d.exponent, 0), d.count);
    if (!whole) buf_byte(out, '0');
    buf_bytes(out, d.digits, (size_t)whole);
    put_zeros(out, d.exponent - d.count);
    if (whole == d.count) return;
    buf_byte(out, '.');
    put_zeros(out, -d.exponent);
    buf_bytes(out, d.digits + whole, (size_t)(d.count - whole));
}

static void print_float(Buf *out, CType t, const CValue *v)
{
    bool single = t == CPRIM_f32;
    u64 bits = 0, sign = (u64)1 << (single ? 31 : 63);
    f64 value = single ? (f64)v->of.f32 : v->of.f64;
    memcpy(&bits, &v->of, single ? sizeof(f32) : sizeof bits);
    if (value != value) {
        put(out, "nan");
        return;
    }
    if (bits & sign) {
        buf_byte(out, '-');
        value = -value;
        bits ^= sign;
    }
    u64 infinite = single ? 0x7f800000 : 0x7ff0000000000000;
    if (bits == infinite) put(out, "inf");
    else if (!bits) buf_byte(out, '0');
    else put_finite(out, value, bits, single);
}

// ---- Characters. What would not be seen, or moves what is, is escaped.

static bool is_seen(u32 c)
{
    static const u32 unseen[][2] = {
        {0, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad}, {0x200b, 0x200f}, {0x2028, 0x202e},
        {0x2060, 0x206f}, {0xe000, 0xf8ff}, {0xfeff, 0xfeff}, {0xfff0, 0xfffb}, {0xfffe, 0xffff},
        {0xe0000, 0x10ffff}};
    for (size_t i = 0; i < COUNT_OF(unseen); i++)
        if (c >= unseen[i][0] && c <= unseen[i][1]) return false;
    return true;
}

static void put_char(Buf *out, u32 c)
{
    static const char from[] = "'\"\\\t\n\r", to[] = "'\"\\tnr";
    const char *at = c && c < 0x80 ? strchr(from, (int)c) : NULL;
    u8 utf8[4];
    char text[16];
    if (at) {
        buf_byte(out, '\\');
        buf_byte(out, (u8)to[at - from]);
    } else if (is_seen(c)) {
        buf_bytes(out, utf8, utf8_encode(c, utf8));
    } else {
        snprintf(text, sizeof text, "\\u{%x}", c);
        put(out, text);
    }
}

static void print_string(Buf *out, const CValue *v)
{
    const u8 *s = (const u8 *)v->of.string.data;
    buf_byte(out, '"');
    for (size_t at = 0, size; at < v->of.string.len; at += size) {
        u32 scalar;
        size = utf8_decode(s + at, v->of.string.len - at, &scalar);
        if (!size) scalar = 0xfffd, size = 1; // a host's, which is malformed
        put_char(out, scalar);
    }
    buf_byte(out, '"');
}

// ---- By type

static void print_prim(Buf *out, CType t, const CValue *v)
{
    char text[32] = "";
    switch (t) {
    case CPRIM_bool: put(out, v->of.boolean ? "true" : "false"); return;
    case CPRIM_f32: case CPRIM_f64: print_float(out, t, v); return;
    case CPRIM_string: print_string(out, v); return;
    case CPRIM_char:
        buf_byte(out, '\'');
        put_char(out, v->of.scalar);
        buf_byte(out, '\'');
        return;
    case CPRIM_u8: case CPRIM_u16: case CPRIM_u32: case CPRIM_u64:
        snprintf(text, sizeof text, "%" PRIu64, v->of.u);
        break;
    case CPRIM_error_context:
        snprintf(text, sizeof text, "error-context(%" PRIu64 ")", v->of.handle);
        break;
    default: snprintf(text, sizeof text, "%" PRId64, v->of.s);
    }
    put(out, text);
}

static void print_tuple(const CTypes *types, const CField *fields, u32 count, const CValue *v,
                        Buf *out)
{
    buf_byte(out, '(');
    for (u32 i = 0; i < count; i++) {
        if (i) put(out, ", ");
        wave_print(types, fields[i].type, &v->of.list.items[i], out);
    }
    buf_byte(out, ')');
}

static CValue packed_item(const CValue *v, size_t i)
{
    CValue item = {.kind = v->packed};
    u32 size = cprim_info[v->packed].size;
    u64 bits = 0;
    memcpy(&bits, (const u8 *)v->of.numbers.data + i * size, size);
    u32 unused = 64 - 8 * size;
    bool has_sign = v->packed == CPRIM_s8 || v->packed == CPRIM_s16 || v->packed == CPRIM_s32;
    item.of.u = has_sign ? (u64)((s64)(bits << unused) >> unused) : bits;
    return item;
}

static void print_list(const CTypes *types, const CTypeDef *def, const CValue *v, Buf *out)
{
    buf_byte(out, '[');
    for (size_t i = 0; i < v->of.list.count; i++) {
        CValue item = v->packed ? packed_item(v, i) : v->of.list.items[i];
        if (i) put(out, ", ");
        if (def->form == CFORM_map) print_tuple(types, def->fields, 2, &item, out);
        else wave_print(types, def->fields[0].type, &item, out);
    }
    buf_byte(out, ']');
}

// Options that are none are left out.
static void print_record(const CTypes *types, const CTypeDef *def, const CValue *v, Buf *out)
{
    bool empty = true;
    buf_byte(out, '{');
    for (u32 i = 0; i < def->count; i++) {
        const CValue *field = &v->of.list.items[i];
        if (field->kind == WEFT_CVALUE_OPTION && !field->index) continue;
        if (!empty) put(out, ", ");
        empty = false;
        put_bytes(out, def->fields[i].name);
        put(out, ": ");
        wave_print(types, def->fields[i].type, field, out);
    }
    put(out, empty ? ":}" : "}");
}

static void print_flags(const CTypeDef *def, const CValue *v, Buf *out)
{
    bool any = false;
    buf_byte(out, '{');
    for (u32 i = 0; i < def->count; i++) {
        if (!(v->of.flags >> i & 1)) continue;
        if (any) put(out, ", ");
        any = true;
        put_bytes(out, def->fields[i].name);
    }
    buf_byte(out, '}');
}

static void print_case(const CTypes *types, const CTypeDef *def, const CValue *v, Buf *out)
{
    CType t = abi_case_type(def, v->index);
    if (def->form == CFORM_option) {
        put(out, v->index ? "some" : "none");
    } else if (def->form == CFORM_result) {
        put(out, v->index ? "err" : "ok");
    } else {
        if (wave_is_keyword(def->fields[v->index].name)) buf_byte(out, '%');
        put_bytes(out, def->fields[v->index].name);
    }
    if (t == CTYPE_NONE) return;
    buf_byte(out, '(');
    wave_print(types, t, v->of.payload, out);
    buf_byte(out, ')');
}

void wave_print(const CTypes *types, CType t, const CValue *v, Buf *out)
{
    const CTypeDef *def = ctype_def(types, t);
    char text[60];
    if (!def) {
        print_prim(out, t, v);
        return;
    }
    switch (def->form) {
    case CFORM_record: print_record(types, def, v, out); return;
    case CFORM_tuple: print_tuple(types, def->fields, def->count, v, out); return;
    case CFORM_list: case CFORM_fixed_list: case CFORM_map: print_list(types, def, v, out); return;
    case CFORM_flags: print_flags(def, v, out); return;
    case CFORM_variant: case CFORM_enum: case CFORM_option: case CFORM_result:
        print_case(types, def, v, out);
        return;
    default:
        snprintf(text, sizeof text, "%s(%" PRIu64 ")", cform_info[def->form].text, v->of.handle);
        put(out, text);
    }
}

// A tab stays one, so that the caret stands where it should.
void wave_caret(Bytes text, const Diag *diag, Buf *out)
{
    size_t start = MIN(diag->offset, text.len), end = start;
    size_t at = start;
    while (start > 0 && text.data[start - 1] != '\n') start--;
    while (end < text.len && text.data[end] != '\n' && text.data[end] != '\r') end++;
    for (size_t i = start, size; i < end; i += size) {
        u32 scalar;
        size = utf8_decode(text.data + i, end - i, &scalar);
        bool plain = size && (scalar == '\t' || is_seen(scalar));
        size += !size;
        if (plain) buf_bytes(out, text.data + i, size);
        else buf_byte(out, '?');
    }
    buf_byte(out, '\n');
    for (size_t i = start; i < at; i++)
        if ((text.data[i] & 0xc0) != 0x80) buf_byte(out, text.data[i] == '\t' ? '\t' : ' ');
    put(out, "^\n");
}
