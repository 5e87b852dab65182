// transcode.c -- how fast strings go from one encoding to another, beside memcpy of what is read:
// GB of the source a second, the best of several rounds.
//     clang-19 -O2 -Isrc -o build/t bench/transcode.c src/base/transcode.c && build/t
#include "base/transcode.h"

#include <stdio.h>
#include <time.h>

enum { SIZE = 64 << 10, ROUNDS = 60, TURNS = 100 };
static u8 source[SIZE], target[2 * SIZE];

static double now(void) // ns
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static size_t fill(Code code, const char *what)
{
    static const u32 cyrillic[] = {0x43f, 0x440, 0x438, 0x432, 0x435, 0x442, ' '};
    size_t len = 0;
    for (u32 i = 0; len < SIZE - 4; i++) {
        u32 c = *what == 'a' ? 'a' + i % 26 : *what == 'l' ? (i % 8 ? 'e' : 0xe9) : cyrillic[i % 7];
        if (code == CODE_utf16) {
            source[len++] = (u8)c;
            source[len++] = (u8)(c >> 8);
        } else if (code == CODE_latin1 || c < 0x80) {
            source[len++] = (u8)c;
        } else {
            source[len++] = (u8)(0xc0 | c >> 6);
            source[len++] = (u8)(0x80 | (c & 0x3f));
        }
    }
    return len;
}

static double rate(size_t len, int from, Code to)
{
    double best = 1e18;
    for (u32 r = 0; r < ROUNDS; r++) {
        double start = now();
        for (u32 t = 0; t < TURNS; t++) {
            if (from >= 0) transcode((Code)from, source, len, to, target, sizeof target);
            else memcpy(target, source, len);
            __asm__ volatile("" ::"r"(target) : "memory");
        }
        double took = now() - start;
        best = MIN(best, took);
    }
    return (double)len * TURNS / best;
}

int main(void)
{
    static const char *const names[] = {"utf8", "utf16", "latin1"};
    printf("memcpy\t%.1f GB/s\n", rate(fill(CODE_utf8, "ascii"), -1, CODE_utf8));
    static const char *const texts[] = {"ascii", "latin", "cyrillic"};
    for (u32 text = 0; text < 3; text++)
        for (u32 from = 0; from < CODE_SOURCES; from++)
            for (u32 to = 0; to < CODE_SOURCES; to++) {
                if (text == 2 && (from == CODE_latin1 || to == CODE_latin1)) continue;
                double r = rate(fill((Code)from, texts[text]), (int)from, (Code)to);
                printf("%s\t%s\t%s\t%.2f GB/s\n", texts[text], names[from], names[to], r);
            }
    return 0;
}
