// chacha.c -- ChaCha20's rounds over vectors of four words: additions, exclusive ors and rotations,
// and lanes that move.
#include <stdint.h>
#include <stdio.h>

typedef uint32_t V __attribute__((vector_size(16)));
enum { BLOCKS = 40000 };

static V turn(V x, int by) { return x << by | x >> (32 - by); }

static void quarter(V *a, V *b, V *c, V *d)
{
    *a += *b, *d = turn(*d ^ *a, 16);
    *c += *d, *b = turn(*b ^ *c, 12);
    *a += *b, *d = turn(*d ^ *a, 8);
    *c += *d, *b = turn(*b ^ *c, 7);
}

int main(int argc, char **argv)
{
    uint32_t blocks = argc > 1 ? 10 * BLOCKS : BLOCKS;
    V key[4] = {{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}, {1, 2, 3, 4}, {5, 6, 7, 8}};
    V sum = {0};
    for (uint32_t block = 0; block < blocks; block++) {
        key[3] = (V){block, 0, 9, 10};
        V a = key[0], b = key[1], c = key[2], d = key[3];
        for (int i = 0; i < 10; i++) {
            quarter(&a, &b, &c, &d);
            b = __builtin_shufflevector(b, b, 1, 2, 3, 0);
            c = __builtin_shufflevector(c, c, 2, 3, 0, 1);
            d = __builtin_shufflevector(d, d, 3, 0, 1, 2);
            quarter(&a, &b, &c, &d);
            b = __builtin_shufflevector(b, b, 3, 0, 1, 2);
            c = __builtin_shufflevector(c, c, 2, 3, 0, 1);
            d = __builtin_shufflevector(d, d, 1, 2, 3, 0);
        }
        sum ^= (a + key[0]) ^ (b + key[1]) ^ (c + key[2]) ^ (d + key[3]);
    }
    printf("%x %x %x %x\n", sum[0], sum[1], sum[2], sum[3]);
    return 0;
}
