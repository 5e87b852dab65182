// leb_test.c -- the reader of LEB128 that looks at eight bytes at once against the one that goes
// byte by byte: where it answers, they agree; where it does not, the number is none of 32 bits.

#include "base/leb.h"

#include "check.h"

static void compare(u64 word, bool sign)
{
    u8 bytes[8];
    for (u32 i = 0; i < 8; i++) bytes[i] = (u8)(word >> 8 * i);
    u64 want = 0;
    u32 got = 0;
    const u8 *next = bytes;
    bool good = leb_read(&next, bytes + 8, 32, sign, &want) == LEB_good;
    u32 took = leb_wide(bytes, sign, &got);
    CHECK_EQ_U64(took, good ? (u32)(next - bytes) : 0);
    if (took && good) CHECK_EQ_U64(got, (u32)want);
}

// Every pattern of the bits that matter: the first and last two of each byte, and whether it is
// the last; behind them what must not be looked at.
static void test_patterns(void)
{
    static const u8 groups[] = {0x00, 0x01, 0x07, 0x08, 0x0f, 0x10, 0x3f, 0x40, 0x70, 0x78, 0x7f};
    enum { N = sizeof groups };
    for (u32 last = 0; last < 6; last++) {
        for (u32 pick = 0; pick < N * N * N; pick++) {
            u64 word = 0xa5c3e1ull << 40;
            const u8 ends[] = {groups[pick % N], groups[pick / N % N], groups[pick / N / N]};
            for (u32 i = 0; i < 5; i++) {
                u32 group = i == 0 ? ends[0] : i + 1 >= last ? ends[1] : ends[2];
                word |= (u64)(group | (i == last ? 0 : 0x80)) << 8 * i;
            }
            compare(word, false);
            compare(word, true);
        }
    }
}

static void test_random(void)
{
    u64 state = 1;
    for (u32 i = 0; i < 200000; i++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        u64 word = state ^ state >> 29;
        if (i & 1) word |= 0x80808080;
        compare(word, false);
        compare(word, true);
    }
}

int main(void)
{
    test_patterns();
    test_random();
    return check_report();
}
