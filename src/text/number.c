// number.c -- see number.h.
//
// Hexadecimal floats are cut to 64 bits and a sticky bit, which says that something follows, and
// then rounded once. Decimal ones of few digits are one exact operation on doubles. All others are
// integers of as many bits as they need: digits * 5^q, or digits / 5^-q, of which the first 64 bits
// and a sticky bit are rounded like those of a hexadecimal one. 800 digits decide, the rest is
// sticky too, so what a digit costs is bounded.

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

enum { DIGITS = 800 };

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

// ---- Integers of many bits

// Limbs from the lowest; the highest is not 0. 5^1200 has 88, and a dividend 3 more than its
// divisor.
enum { LIMBS = 96, POINT_MOST = 400 };
typedef struct { u32 limbs[LIMBS], count; } Big;

static u32 big_bits(const Big *b)
{
    return b->count ? b->count * 32 - (u32)__builtin_clz(b->limbs[b->count - 1]) : 0;
}

static void big_multiply_add(Big *b, u32 factor, u32 carry)
{
    u64 sum = carry;
    for (u32 i = 0; i < b->count; i++, sum >>= 32) {
        sum += (u64)b->limbs[i] * factor;
        b->limbs[i] = (u32)sum;
    }
    if (sum) b->limbs[b->count++] = (u32)sum;
}

static void big_times_power_of_5(Big *b, u32 power)
{
    for (; power >= 13; power -= 13) big_multiply_add(b, 1220703125, 0);
    for (; power; power--) big_multiply_add(b, 5, 0);
}

static void big_shift_left(Big *b, u32 shift)
{
    u32 limbs = shift / 32;
    memmove(b->limbs + limbs, b->limbs, b->count * sizeof *b->limbs);
    memset(b->limbs, 0, limbs * sizeof *b->limbs);
    b->count += limbs;
    big_multiply_add(b, (u32)1 << shift % 32, 0);
}

static void big_of_digits(Big *b, const Decimal *d)
{
    b->count = 0;
    for (u32 i = 0; i < d->count;) {
        u32 nine = 0, scale = 1;
        for (; scale < 1000000000 && i < d->count; scale *= 10) nine = nine * 10 + d->digits[i++];
        big_multiply_add(b, scale, nine);
    }
}

// n[0, count] -= times * m[0, count). False: that is below 0, and 2^(32 * count + 32) was added.
static bool limbs_subtract(u32 *n, const u32 *m, u32 count, u32 times)
{
    u64 product = 0, borrow = 0;
    for (u32 i = 0; i <= count; i++, product >>= 32) {
        if (i < count) product += (u64)times * m[i];
        u64 rest = (u64)n[i] - (u32)product - borrow;
        n[i] = (u32)rest;
        borrow = rest >> 63;
    }
    return !borrow;
}

static void limbs_add(u32 *n, const u32 *m, u32 count)
{
    u64 sum = 0;
    for (u32 i = 0; i <= count; i++, sum >>= 32) {
        sum += (u64)n[i] + (i < count ? m[i] : 0);
        n[i] = (u32)sum;
    }
}

// The quotient of n by m, which has at most 66 bits; *rest: and something is left. Digit by digit
// in base 2^32 (Knuth, "The Art of Computer Programming", 4.3.1, algorithm D): with the divisor's
// highest bit set, a digit that its first limb suggests is at most 2 too large.
static Big big_divide(Big *n, Big *m, bool *rest)
{
    u32 shift = 31 & (32 - big_bits(m) % 32), count;
    big_shift_left(m, shift);
    big_shift_left(n, shift);
    Big q = {.count = 3};
    count = m->count;
    memset(n->limbs + n->count, 0, (count + 3 - n->count) * sizeof *n->limbs);
    for (u32 j = 3; j-- > 0;) {
        u32 *at = n->limbs + j, first = m->limbs[count - 1];
        u64 two = (u64)at[count] << 32 | at[count - 1];
        u32 digit = at[count] >= first ? UINT32_MAX : (u32)(two / first);
        if (!limbs_subtract(at, m->limbs, count, digit))
            do limbs_add(at, m->limbs, count), digit--;
            while (at[count]);
        q.limbs[j] = digit;
    }
    *rest = false;
    for (u32 i = 0; i < count; i++) *rest |= n->limbs[i] != 0;
    while (q.count && !q.limbs[q.count - 1]) q.count--;
    return q;
}

static bool big_round(const Format *f, const Big *b, s64 exponent, bool sticky, u64 *bits)
{
    u32 drop = big_bits(b) > 64 ? big_bits(b) - 64 : 0, limb = drop / 32, bit = drop % 32;
    u64 top = 0;
    for (u32 i = 0; i < limb; i++) sticky |= b->limbs[i] != 0;
    if (bit) sticky |= b->limbs[limb] << (32 - bit) != 0;
    for (u32 i = 0; i < 3 && limb + i < b->count; i++) {
        u64 word = b->limbs[limb + i];
        top |= 32 * i >= bit ? word << (32 * i - bit) : word >> (bit - 32 * i);
    }
    return float_round(f, top, exponent + drop, sticky, bits);
}

static bool decimal_float(const Format *f, const Decimal *d, u64 *bits)
{
    Big n;
    *bits = 0;
    if (!d->count || d->point < -POINT_MOST) return true;
    if (d->point > POINT_MOST) return false;
    s32 power = (s32)d->point - (s32)d->count, exponent = power;
    big_of_digits(&n, d);
    if (power >= 0) {
        big_times_power_of_5(&n, (u32)power);
        return big_round(f, &n, exponent, d->sticky, bits);
    }
    Big m = {.limbs = {1}, .count = 1};
    big_times_power_of_5(&m, (u32)-power);
    // Whichever is too short is moved up, so that the quotient has 65 or 66 bits.
    s32 shift = (s32)(big_bits(&m) + 65) - (s32)big_bits(&n);
    if (shift > 0) big_shift_left(&n, (u32)shift);
    else big_shift_left(&m, (u32)-shift);
    bool rest;
    Big q = big_divide(&n, &m, &rest);
    return big_round(f, &q, exponent - shift, d->sticky || rest, bits);
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
