// literal.c -- numbers and strings as text. See printer.h.
//
// A float is written in decimal where one with a small exponent is exact, which is where it was
// written by a person; else in hexadecimal, with the decimal beside it as a comment.
// spec: text/values

#include "module/describe.h"
#include "op/eval.h"
#include "text/number.h"
#include "text/print/printer.h"

#include <stdio.h>
#include <string.h>

void put(Buf *b, const char *text) { buf_bytes(b, text, strlen(text)); }

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

void put_u64(Buf *b, u64 value)
{
    u8 digits[20], *at = digits + sizeof digits, *to = buf_reserve(b, sizeof digits);
    if (value < 10) {
        *to = (u8)('0' + value);
        b->len++;
        return;
    }
    for (; value >= 10; value /= 100) memcpy(at -= 2, pairs + 2 * (value % 100), 2);
    if (value) *--at = (u8)('0' + value);
    size_t len = (size_t)(digits + sizeof digits - at);
    memcpy(to, at, len);
    b->len += len;
}

void put_s64(Buf *b, s64 value)
{
    if (value < 0) buf_byte(b, '-');
    put_u64(b, value < 0 ? -(u64)value : (u64)value);
}

void put_hex(Buf *b, u64 value)
{
    u8 *to = buf_reserve(b, 16);
    u32 digits = value ? (67 - (u32)__builtin_clzll(value)) / 4 : 1;
    for (u32 i = digits; i-- > 0; value >>= 4) to[i] = (u8)"0123456789abcdef"[value & 15];
    b->len += digits;
}

void put_indent(Buf *b, u32 columns)
{
    columns = MIN(columns, 84); // or nesting would make the text quadratic
    memset(buf_reserve(b, columns), ' ', columns);
    b->len += columns;
}

void put_offset(Buf *b, u32 at)
{
    put(b, "(;@");
    put_hex(b, at);
    put(b, ";)");
}

void put_left_out(Buf *b, u64 count, const char *what)
{
    put(b, " (;");
    put_u64(b, count);
    put(b, what);
    put(b, ";)");
}

// ---- Floats

static const f64 powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                             1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
static const f64 exact_most = 9007199254740992.0; // 2^53

// digits * 10^-places, with the point where it reads best
static u32 decimal(char *out, u64 digits, s32 places)
{
    char text[24];
    int len = snprintf(text, sizeof text, "%llu", (unsigned long long)digits);
    if (places <= 0) return (u32)sprintf(out, places ? "%se%d" : "%s", text, -places);
    if (places < len) return (u32)sprintf(out, "%.*s.%s", len - places, text, text + len - places);
    if (places < len + 6) return (u32)sprintf(out, "0.%.*s%s", places - len, "00000", text);
    if (len == 1) return (u32)sprintf(out, "%se-%d", text, places);
    return (u32)sprintf(out, "%c.%se-%d", text[0], text + 1, places - len + 1);
}

static bool reads_back(const char *text, u32 len, u64 bits, u32 width)
{
    u64 wide;
    u32 narrow;
    if (width == 64) return number_f64(text, len, &wide) && wide == bits;
    return number_f32(text, len, &narrow) && narrow == bits;
}

// The shortest integer times a power of ten from -22 to 22 that gives the value, which is positive
// and finite. Such a quotient or product is exactly rounded; that is why it is found by
// calculating. 0: there is none.
static u32 short_decimal(char *out, f64 value, u64 bits, u32 width)
{
    s32 places = 0;
    f64 digits = 0;
    bool found = false;
    for (; places <= 22 && !found; places++) {
        digits = eval_nearest64(value * powers[places]);
        if (digits >= exact_most) break;
        f64 back = digits / powers[places];
        found = width == 32 ? (f32)back == (f32)value : back == value;
    }
    if (found) places--;
    for (places = found ? places : -1; !found && places >= -22; places--) {
        digits = eval_nearest64(value / powers[-places]);
        found = digits < exact_most && digits * powers[-places] == value;
        if (found) break;
    }
    if (!found) return 0;
    u64 n = (u64)digits;
    while (places <= 0 && n && n % 1000000 == 0) n /= 10, places--; // 1e20
    u32 len = decimal(out, n, places);
    return reads_back(out, len, bits, width) ? len : 0;
}

static void put_hex_float(Buf *b, u64 bits, u32 width)
{
    u32 fraction_bits = width == 32 ? 23 : 52, bias = width == 32 ? 127 : 1023;
    u64 fraction = bits & (((u64)1 << fraction_bits) - 1);
    s32 exponent = (s32)(bits >> fraction_bits);
    char text[40];
    // Subnormals have the exponent of the least normal ones, and no leading 1.
    int lead = exponent != 0;
    exponent = (exponent ? exponent : 1) - (s32)bias;
    u32 digits = (fraction_bits + 3) / 4;
    fraction <<= digits * 4 - fraction_bits;
    while (digits && !(fraction & 15)) fraction >>= 4, digits--;
    int len = digits ? snprintf(text, sizeof text, "0x%d.%0*llxp%+d", lead, (int)digits,
                                (unsigned long long)fraction, exponent)
                     : snprintf(text, sizeof text, "0x%dp%+d", lead, exponent);
    buf_bytes(b, text, (size_t)len);
}

static void put_nan(Buf *b, u64 payload, u32 width)
{
    put(b, "nan");
    if (payload == (u64)1 << (width == 32 ? 22 : 51)) return;
    put(b, ":0x");
    put_hex(b, payload);
}

void put_float(Buf *b, u64 bits, u32 width)
{
    u64 sign = (u64)1 << (width - 1), infinite = width == 32 ? 0x7f800000 : (u64)0x7ff << 52;
    char text[64];
    if (bits & sign) buf_byte(b, '-');
    bits &= ~sign;
    f64 value = width == 32 ? (f64)eval_float32((u32)bits) : eval_float64(bits);
    if (bits == infinite) {
        put(b, "inf");
    } else if (bits > infinite) {
        put_nan(b, bits - infinite, width);
    } else if (!bits) {
        buf_byte(b, '0');
    } else {
        u32 len = short_decimal(text, value, bits, width);
        if (len) {
            buf_bytes(b, text, len);
            return;
        }
        put_hex_float(b, bits, width);
        int digits = snprintf(text, sizeof text, " (;=%.6g;)", value);
        buf_bytes(b, text, (size_t)digits);
    }
}

// ---- Data

static void put_data_bytes(Buf *b, const u8 *data, size_t len)
{
    u8 *to = buf_reserve(b, 3 * len);
    for (size_t i = 0; i < len; i++) {
        u8 c = data[i];
        bool quoted = c == '"' || c == '\\';
        if (quoted) *to++ = '\\';
        if (quoted || (c >= 0x20 && c < 0x7f)) {
            *to++ = c;
            continue;
        }
        *to++ = '\\';
        *to++ = (u8)"0123456789abcdef"[c >> 4];
        *to++ = (u8)"0123456789abcdef"[c & 15];
    }
    b->len = (size_t)(to - b->data);
}

void put_string(Buf *b, Bytes text)
{
    buf_byte(b, '"');
    put_data_bytes(b, text.data, text.len);
    buf_byte(b, '"');
}

void put_data(Printer *p, Bytes data, const char *indent)
{
    enum { LINE = 64 };
    Buf *b = &p->out;
    size_t step = data.len <= LINE ? data.len : LINE;
    if (!data.len) put(b, " \"\"");
    for (size_t at = 0; at < data.len; at += step) {
        put(b, data.len <= LINE ? " " : indent);
        buf_byte(b, '"');
        put_data_bytes(b, data.data + at, MIN(step, data.len - at));
        buf_byte(b, '"');
        print_maybe_flush(p);
    }
}
