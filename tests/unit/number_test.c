// number_test.c -- integers at the edges of their ranges; floats against known bits and against
// strtod.

#include "text/number.h"

#include "check.h"

#include <stdlib.h>

static u64 f64_of(const char *s)
{
    u64 bits;
    return number_f64(s, strlen(s), &bits) ? bits : ~(u64)0;
}

static u32 f32_of(const char *s)
{
    u32 bits;
    return number_f32(s, strlen(s), &bits) ? bits : ~(u32)0;
}

static bool fits(const char *s, u32 bits, s64 want)
{
    s64 value;
    return number_integer(s, strlen(s), bits, &value) && value == want;
}

static bool fits_not(const char *s, u32 bits)
{
    s64 value;
    return !number_integer(s, strlen(s), bits, &value);
}

static void test_integers(void)
{
    u64 value;
    CHECK(fits("0", 32, 0));
    CHECK(fits("-0", 32, 0));
    CHECK(fits("+1_000", 32, 1000));
    CHECK(fits("4294967295", 32, -1));
    CHECK(fits("0xffff_ffff", 32, -1));
    CHECK(fits("-2147483648", 32, -2147483648LL));
    CHECK(fits("-0x80000000", 32, -2147483648LL));
    CHECK(fits_not("4294967296", 32));
    CHECK(fits_not("-2147483649", 32));
    CHECK(fits("18446744073709551615", 64, -1));
    CHECK(fits("-9223372036854775808", 64, INT64_MIN));
    CHECK(fits_not("18446744073709551616", 64));
    CHECK(fits_not("-9223372036854775809", 64));
    CHECK(fits_not("0x1_0000_0000_0000_0000", 64));
    CHECK(fits("255", 8, -1));
    CHECK(fits("-128", 8, -128));
    CHECK(fits_not("256", 8));
    CHECK(fits_not("-129", 8));
    CHECK(number_unsigned("0xffffffff", 10, 32, &value) && value == 0xffffffff);
    CHECK(!number_unsigned("+1", 2, 32, &value));
    CHECK(!number_unsigned("99999999999999999999999999", 26, 64, &value));
}

static void test_known(void)
{
    CHECK_EQ_U64(f32_of("0"), 0);
    CHECK_EQ_U64(f32_of("-0"), 0x80000000);
    CHECK_EQ_U64(f32_of("-0x0p0"), 0x80000000);
    CHECK_EQ_U64(f32_of("1"), 0x3f800000);
    CHECK_EQ_U64(f32_of("inf"), 0x7f800000);
    CHECK_EQ_U64(f32_of("-nan"), 0xffc00000);
    CHECK_EQ_U64(f32_of("nan:0x1"), 0x7f800001);
    CHECK_EQ_U64(f32_of("nan:0x7f_ffff"), 0x7fffffff);
    CHECK_EQ_U64(f32_of("nan:0x0"), 0xffffffff);
    CHECK_EQ_U64(f32_of("nan:0x80_0000"), 0xffffffff);
    CHECK_EQ_U64(f64_of("nan:0xf_ffff_ffff_ffff"), 0x7fffffffffffffff);
    CHECK_EQ_U64(f64_of("nan"), 0x7ff8000000000000);
    CHECK_EQ_U64(f64_of("nan:0x10_0000_0000_0000"), ~(u64)0);
    // the greatest, and halfway to the next
    CHECK_EQ_U64(f32_of("0x1.fffffep127"), 0x7f7fffff);
    CHECK_EQ_U64(f32_of("0x1.fffffefffffffffp127"), 0x7f7fffff);
    CHECK_EQ_U64(f32_of("0x1.ffffffp127"), 0xffffffff);
    CHECK_EQ_U64(f32_of("3.4028235e38"), 0x7f7fffff);
    CHECK_EQ_U64(f32_of("340282356779733661637539395458142568447"), 0x7f7fffff);
    CHECK_EQ_U64(f32_of("340282356779733661637539395458142568448"), 0xffffffff);
    CHECK_EQ_U64(f64_of("1.7976931348623157e308"), 0x7fefffffffffffff);
    CHECK_EQ_U64(f64_of("1.797693134862315807e308"), 0x7fefffffffffffff);
    CHECK_EQ_U64(f64_of("1.7976931348623159e308"), ~(u64)0);
    CHECK_EQ_U64(f64_of("0x1p1024"), ~(u64)0);
    CHECK_EQ_U64(f64_of("1e99999999999999999999"), ~(u64)0);
    CHECK_EQ_U64(f64_of("0e99999999999999999999"), 0);
    CHECK_EQ_U64(f64_of("0x0p99999999999999999999"), 0);
    // the least, and half of it
    CHECK_EQ_U64(f32_of("0x1p-149"), 1);
    CHECK_EQ_U64(f32_of("0x1p-150"), 0);
    CHECK_EQ_U64(f32_of("0x1.0000000000000000000001p-150"), 1);
    CHECK_EQ_U64(f32_of("0x0.000000000000000000000000000000000000000000000000001p204"), 0x3f800000);
    CHECK_EQ_U64(f32_of("0x1000000000000000000000000000000000000000001p-168"), 0x3f800000);
    CHECK_EQ_U64(f64_of("0x1p-1074"), 1);
    CHECK_EQ_U64(f64_of("0x1.8p-1074"), 2);
    CHECK_EQ_U64(f64_of("0x1p-1075"), 0);
    CHECK_EQ_U64(f64_of("0x1p-1076"), 0);
    CHECK_EQ_U64(f64_of("0xffffffffffffffffp-1200"), 0);
    CHECK_EQ_U64(f64_of("4.9406564584124654e-324"), 1);
    CHECK_EQ_U64(f64_of("2.4703282292062328e-324"), 1);
    CHECK_EQ_U64(f64_of("2.4703282292062327e-324"), 0);
    CHECK_EQ_U64(f64_of("1e-99999999999999999999"), 0);
    CHECK_EQ_U64(f64_of("0x1.fffffffffffffp-1023"), 0x0010000000000000);
    CHECK_EQ_U64(f64_of("2.2250738585072011e-308"), 0x000fffffffffffff);
    // ties to even
    CHECK_EQ_U64(f64_of("9007199254740993"), 0x4340000000000000);
    CHECK_EQ_U64(f64_of("9007199254740993.0000000000000000000000000000001"), 0x4340000000000001);
    CHECK_EQ_U64(f64_of("9007199254740995"), 0x4340000000000002);
    CHECK_EQ_U64(f32_of("16777217"), 0x4b800000);
    CHECK_EQ_U64(f32_of("16777217.000000000000001"), 0x4b800001);
    CHECK_EQ_U64(f32_of("0x1.000001p0"), 0x3f800000);
    CHECK_EQ_U64(f32_of("0x1.00000100000000001p0"), 0x3f800001);
    // f32 by way of f64 would be rounded twice
    CHECK_EQ_U64(f32_of("1.00000017881393432617187499"), 0x3f800001);
    CHECK_EQ_U64(f32_of("1.00000017881393432617187501"), 0x3f800002);
    CHECK_EQ_U64(f64_of("1_0.0_1e0_1"), f64_of("100.1"));
}

// What strtod says, which glibc rounds correctly; overflow is no number here.
static void check_same(const char *s)
{
    f64 d = strtod(s, NULL);
    f32 f = strtof(s, NULL);
    u64 want;
    u32 want32;
    memcpy(&want, &d, 8);
    memcpy(&want32, &f, 4);
    if ((want << 1) == 0xffe0000000000000) want = ~(u64)0;
    if ((want32 << 1) == 0xff000000) want32 = ~(u32)0;
    if (f64_of(s) != want || f32_of(s) != want32) {
        printf("%s\n", s);
        CHECK_EQ_U64(f64_of(s), want);
        CHECK_EQ_U64(f32_of(s), want32);
    }
}

static u64 random_word(void)
{
    static u64 x = 88172645463325252;
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    return x;
}

static void test_against_strtod(void)
{
    char s[2000];
    for (int i = 0; i < 60000; i++) {
        u64 w = random_word();
        if (!check_due((u32)i)) continue;
        f64 d;
        f32 f;
        memcpy(&d, &w, 8);
        memcpy(&f, &w, 4);
        if (d != d || f != f || d - d != 0 || f - f != 0) continue;
        snprintf(s, sizeof s, "%.*e", (int)(random_word() % 25), d);
        check_same(s);
        snprintf(s, sizeof s, "%.*e", (int)(random_word() % 12), (f64)f);
        check_same(s);
        snprintf(s, sizeof s, "%a", d);
        check_same(s);
        snprintf(s, sizeof s, "0x%llx.%llxp%d",
                 (unsigned long long)random_word() >> (random_word() % 64),
                 (unsigned long long)random_word(), (int)(random_word() % 2400) - 1200);
        check_same(s);
        snprintf(s, sizeof s, "%llu.%llue%d",
                 (unsigned long long)random_word() >> (random_word() % 64),
                 (unsigned long long)random_word(), (int)(random_word() % 700) - 360);
        check_same(s);
    }
    // Exactly between two neighbours, and a little off it: all of its up to 767 digits count.
    for (int i = 0; i < 600; i++) {
        u64 w = random_word() & 0x7fffffffffffffff;
        if (i % 3 == 0) w &= 0x001fffffffffffff;
        f64 lo;
        memcpy(&lo, &w, 8);
        if (lo - lo != 0) continue;
        f64 hi;
        w++;
        memcpy(&hi, &w, 8);
        if (hi - hi != 0) continue;
        // exact on x87: 64 bits, wide exponent
        long double middle = ((long double)lo + (long double)hi) / 2;
        if (sizeof(long double) < 16) continue;
        snprintf(s, sizeof s, "%.1200Le", middle);
        check_same(s);
        char *e = strchr(s, 'e');
        e[-1] = '1';
        check_same(s);
    }
    CHECK(true);
}

int main(void)
{
    test_integers();
    test_known();
    test_against_strtod();
    return check_report();
}
