// blend.c -- one picture over another: bytes, with 8 bits of alpha.
#include <stdint.h>
#include <stdio.h>

enum { N = 1 << 16, ROUNDS = 600 };
static uint8_t under[N], over[N];

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? 10 * ROUNDS : ROUNDS;
    for (int i = 0; i < N; i++) under[i] = (uint8_t)(i * 7), over[i] = (uint8_t)(i * 13 + 5);
    for (int round = 0; round < rounds; round++) {
        uint16_t alpha = (uint16_t)(round * 37 & 255), rest = (uint16_t)(255 - alpha);
        for (int i = 0; i < N; i++) {
            uint16_t sum = (uint16_t)(under[i] * rest + over[i] * alpha + 128);
            under[i] = (uint8_t)((uint16_t)(sum + (sum >> 8)) >> 8);
        }
    }
    uint32_t hash = 0;
    for (int i = 0; i < N; i++) hash = hash * 31 + under[i];
    printf("%u\n", hash);
    return 0;
}
