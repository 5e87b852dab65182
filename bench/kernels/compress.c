// compress.c -- finds repetitions with a hash table of positions, packs them, and unpacks again.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#ifndef SIZE
#define SIZE (1 << 20)
#endif
enum { N = SIZE, TABLE = 1 << 14 };
static unsigned char in[N], packed[N + N / 8 + 16], out[N];
static int table[TABLE];

static unsigned pack(void)
{
    unsigned char *o = packed;
    int literals = 0, i = 0;
    memset(table, -1, sizeof table);
    while (i < N) {
        int length = 0, from = -1;
        if (i + 4 <= N) {
            uint32_t four = (uint32_t)in[i] | in[i + 1] << 8 | in[i + 2] << 16 |
                            (uint32_t)in[i + 3] << 24;
            unsigned h = four * 2654435761u >> 18;
            from = table[h];
            table[h] = i;
            if (from >= 0 && i - from < 65536)
                while (length < 255 && i + length < N && in[from + length] == in[i + length])
                    length++;
        }
        if (length < 5 || literals == 127) {
            if (literals == 0 || literals == 127) {
                o++;
                literals = 0;
            }
            *o++ = in[i++];
            literals++;
            o[-literals - 1] = (unsigned char)literals;
        } else {
            literals = 0;
            *o++ = 128;
            *o++ = (unsigned char)length;
            *o++ = (unsigned char)(i - from);
            *o++ = (unsigned char)((i - from) >> 8);
            i += length;
        }
    }
    return (unsigned)(o - packed);
}

static unsigned unpack(unsigned length)
{
    unsigned char *o = out;
    for (const unsigned char *p = packed, *end = packed + length; p < end;) {
        if (*p < 128) {
            int n = *p++;
            memcpy(o, p, (size_t)n);
            o += n;
            p += n;
        } else {
            const unsigned char *from = o - (p[2] | p[3] << 8);
            for (int n = p[1]; n; n--) *o++ = *from++;
            p += 4;
        }
    }
    return (unsigned)(o - out);
}

int main(void)
{
    uint32_t seed = 3;
    for (int i = 0; i < N;) {
        seed = seed * 1664525u + 1013904223u;
        int back = (int)(seed >> 16) % 5000 + 1, run = (int)(seed >> 8) % 24;
        if (back <= i && seed >> 31)
            for (int k = 0; k < run && i < N; k++, i++) in[i] = in[i - back];
        else
            for (int k = 0; k < 6 && i < N; k++, i++)
                in[i] = (unsigned char)("abcdefgh"[(seed >> (k * 3)) & 7]);
    }
    unsigned sum = 0;
    for (int round = 0; round < 6; round++) {
        unsigned length = pack();
        if (unpack(length) != N || memcmp(in, out, N)) return 1;
        sum = sum * 31 + length;
        in[round * 100]++;
    }
    printf("compress %u\n", sum);
    return 0;
}
