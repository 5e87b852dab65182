// number.c -- see number.h.
//
// Hexadecimal floats are cut to 64 bits and a sticky bit, which says that something follows, and
// then rounded once. Decimal ones of few digits are one exact operation on doubles. All others
// become a long decimal 0.ddd * 10^point, which is doubled and halved, digit by digit, until its
// integer part is the significand; that is slow, never wrong, and bounded: 800 digits decide, the
// rest is sticky too.

#include "text/number.h"

#include <string.h>

// IEEE 754 binary formats. The value of a significand m of `precision` bits is m * 2^exponent.
typedef struct {
    int precision;               // hidden bit included
    int exponent_min, exponent_max; // of the significand's lowest bit
} Format;

static const Format format_f32 = {24, -149, 104}, format_f64 = {53, -1074, 971};

bool number_is_natural(const char *s, size_t len) { return s[0] != '+' && s[0] != '-'; }

static bool is_hex(const char *s, size_t len) { return len > 2 && s[0] == '0' && s[1] == 'x'; }

static u32 digit_value(char c) { return c <= '9' ? (u32)(c - '0') : (u32)((c | 32) - 'a' + 10); }

bool number_unsigned(const char *s, size_t len, u32 bits, u64 *value)
{
    if (!number_is_natural(s, len)) return false;
    bool hex = is_hex(s, len);
    u64 base = hex ? 16 : 10, sum = 0, max = bits == 64 ? UINT64_MAX : ((u64)1 << bits) - 1;
    for (size_t i = hex ? 2 : 0; i < len; i++) {
        if (s[i] == '_') continue;
        u64 digit = digit_value(s[i]);
        if (sum > (max - digit) / base) return false;
        sum = sum * base + digit;
    }
    *value = sum;
    return true;
}

bool number_integer(const char *s, size_t len, u32 bits, s64 *value)
{
    bool sign = !number_is_natural(s, len);
    u64 sum;
    if (!number_unsigned(s + sign, len - sign, bits, &sum)) return false;
    if (s[0] == '-') {
        if (sum > (u64)1 << (bits - 1)) return false;
        sum = -sum;
    }
    *value = (s64)(sum << (64 - bits)) >> (64 - bits);
    return true;
}

// The bits of significand * 2^exponent, where `sticky` says that a little more was cut off. False:
// overflow.
static bool float_round(const Format *f, u64 significand, s64 exponent, bool sticky, u64 *bits)
{
    *bits = 0;
    if (!significand) return true; // sticky alone is below half of the least float
    int drop = 64 - __builtin_clzll(significand) - f->precision;
    if (exponent + drop < f->exponent_min) drop = (int)MIN(f->exponent_min - exponent, 65);
    if (drop > 0) {
        u64 half = drop <= 64 ? (u64)1 << (drop - 1) : 0;
        u64 rest = drop < 64 ? significand & (half | (half - 1)) : significand;
        significand = drop < 64 ? significand >> drop : 0;
        bool above = rest > half || (rest == half && sticky), tie = rest == half && !sticky;
        if (drop <= 64 && (above || (tie && (significand & 1)))) significand++;
        exponent += drop;
        if (significand >> f->precision) {
            significand >>= 1;
            exponent++;
        }
        if (!significand) return true;
    }
    // A short one is moved up until its top bit is the hidden one, or it is subnormal.
    while (exponent > f->exponent_min && !(significand >> (f->precision - 1))) {
        significand <<= 1;
        exponent--;
    }
    if (exponent > f->exponent_max) return false;
    bool normal = significand >> (f->precision - 1) != 0;
    u64 biased = normal ? (u64)(exponent - f->exponent_min + 1) : 0;
    *bits = biased << (f->precision - 1) | (significand & (((u64)1 << (f->precision - 1)) - 1));
    return true;
}

// The digits after "e" or "p" with their sign, held within bounds that no other part can outweigh.
static s64 read_exponent(const char *s, size_t len)
{
    s64 value = 0, bound = (s64)1 << 60;
    for (size_t i = s[0] == '+' || s[0] == '-'; i < len; i++)
        if (s[i] != '_') value = MIN(value * 10 + (s64)digit_value(s[i]), bound / 16);
    return s[0] == '-' ? -value : value;
}

static bool hex_float(const Format *f, const char *s, size_t len, u64 *bits)
{
    u64 significand = 0;
    s64 exponent = 0;
    bool sticky = false, fraction = false;
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '_') continue;
        if (s[i] == '.') {
            fraction = true;
        } else if ((s[i] | 32) == 'p') {
            exponent += read_exponent(s + i + 1, len - i - 1);
            break;
        } else if (significand >> 60) {
            sticky |= s[i] != '0';
            exponent += fraction ? 0 : 4;
        } else {
            significand = significand << 4 | digit_value(s[i]);
            exponent -= fraction ? 4 : 0;
        }
    }
    return float_round(f, significand, exponent, sticky, bits);
}

enum { DIGITS = 800, SHIFT_MOST = 56 };

// 0.ddd * 10^point; digits[0] is not 0 unless all is.
typedef struct {
    u8 digits[DIGITS];
    u32 count;
    s64 point;
    bool sticky; // digits were cut off that were not all 0
} Decimal;

static void decimal_trim(Decimal *d)
{
    while (d->count && !d->digits[d->count - 1]) d->count--;
}

static void decimal_put(Decimal *d, u32 digit)
{
    if (d->count < DIGITS) d->digits[d->count++] = (u8)digit;
    else d->sticky |= digit != 0;
}

static void decimal_read(Decimal *d, const char *s, size_t len)
{
    bool fraction = false;
    d->count = 0;
    d->point = 0;
    d->sticky = false;
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '_') continue;
        if (s[i] == '.') {
            fraction = true;
        } else if ((s[i] | 32) == 'e') {
            d->point += read_exponent(s + i + 1, len - i - 1);
            break;
        } else if (s[i] == '0' && !d->count) {
            d->point -= fraction;
        } else {
            decimal_put(d, digit_value(s[i]));
            d->point += !fraction;
        }
    }
    decimal_trim(d);
}

// Divides by 2^shift.
static void decimal_halve(Decimal *d, u32 shift)
{
    u64 rest = 0, mask = ((u64)1 << shift) - 1;
    u32 in = 0, count = d->count;
    d->count = 0;
    // Digits go in until the first comes out; every one that yields nothing moves the point.
    while (in < count || rest) {
        rest = rest * 10 + (in < count ? d->digits[in] : 0);
        in++;
        u32 digit = (u32)(rest >> shift);
        rest &= mask;
        if (digit || d->count) decimal_put(d, digit);
        else d->point--;
    }
    decimal_trim(d);
}

// Multiplies by 2^shift.
static void decimal_double(Decimal *d, u32 shift)
{
    u8 out[DIGITS + 20];
    u32 at = sizeof out;
    u64 carry = 0;
    for (u32 i = d->count; i-- > 0; carry /= 10) {
        carry += (u64)d->digits[i] << shift;
        out[--at] = (u8)(carry % 10);
    }
    for (; carry; carry /= 10) {
        out[--at] = (u8)(carry % 10);
        d->point++;
    }
    d->count = 0;
    while (at < sizeof out) decimal_put(d, out[at++]);
    decimal_trim(d);
}

static bool decimal_float(const Format *f, Decimal *d, u64 *bits)
{
    *bits = 0;
    if (!d->count || d->point < -400) return true;
    if (d->point > 400) return false;
    // The value stays the same: decimal * 2^exponent. First into [1/2, 1), then up to an integer of
    // 64 bits.
    s64 exponent = 0;
    while (d->point > 0) {
        u32 shift = (u32)MIN(d->point * 4, SHIFT_MOST);
        decimal_halve(d, shift);
        exponent += shift;
    }
    while (d->point < 0 || d->digits[0] < 5) {
        u32 shift = (u32)MIN(MAX(-d->point * 3, 1), SHIFT_MOST);
        decimal_double(d, shift);
        exponent -= shift;
    }
    decimal_double(d, 32);
    decimal_double(d, 32);
    exponent -= 64;
    u64 integer = 0;
    for (s64 i = 0; i < d->point; i++) integer = integer * 10 + (i < d->count ? d->digits[i] : 0);
    return float_round(f, integer, exponent, d->sticky || d->count > d->point, bits);
}

// A significand below 2^precision times or over a power of ten that is exact needs one rounding
// only.
static bool short_float(const Format *f, const Decimal *d, u64 *bits)
{
    static const f64 powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    s64 power = d->point - d->count;
    if (d->count > 15 || power > 22 || power < -22) return false;
    u64 integer = 0;
    for (u32 i = 0; i < d->count; i++) integer = integer * 10 + d->digits[i];
    if (f->precision == 53) {
        f64 value = power < 0 ? (f64)integer / powers[-power] : (f64)integer * powers[power];
        memcpy(bits, &value, sizeof value);
        return true;
    }
    if (integer >> 24 || power > 10 || power < -10) return false;
    f32 value = power < 0 ? (f32)integer / (f32)powers[-power] : (f32)integer * (f32)powers[power];
    u32 word;
    memcpy(&word, &value, sizeof value);
    *bits = word;
    return true;
}

static bool number_float(const Format *f, u32 width, const char *s, size_t len, u64 *bits)
{
    u64 sign = s[0] == '-' ? (u64)1 << (width - 1) : 0;
    u64 infinity = (((u64)1 << (width - f->precision)) - 1) << (f->precision - 1);
    bool fits = true;
    if (!number_is_natural(s, len)) s++, len--;
    if (s[0] == 'i') {
        *bits = infinity;
    } else if (s[0] == 'n') {
        u64 payload = (u64)1 << (f->precision - 2);
        if (len > 3)
            fits = number_unsigned(s + 4, len - 4, (u32)f->precision - 1, &payload) && payload;
        *bits = infinity | payload;
    } else if (is_hex(s, len)) {
        fits = hex_float(f, s + 2, len - 2, bits);
    } else {
        Decimal d;
        decimal_read(&d, s, len);
        fits = short_float(f, &d, bits) || decimal_float(f, &d, bits);
    }
    *bits |= sign;
    return fits;
}

bool number_f32(const char *s, size_t len, u32 *bits)
{
    u64 wide;
    bool fits = number_float(&format_f32, 32, s, len, &wide);
    *bits = (u32)wide;
    return fits;
}

bool number_f64(const char *s, size_t len, u64 *bits)
{
    return number_float(&format_f64, 64, s, len, bits);
}
