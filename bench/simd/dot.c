// dot.c -- sums of products of 16-bit numbers, as filters and neural networks on integers have
// them.
#include <stdint.h>
#include <stdio.h>

enum { TAPS = 256, N = 8192, ROUNDS = 40 };
static int16_t signal[N + TAPS], taps[TAPS];

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? 10 * ROUNDS : ROUNDS;
    for (int i = 0; i < N + TAPS; i++) signal[i] = (int16_t)(i * 2654435761u >> 17);
    for (int i = 0; i < TAPS; i++) taps[i] = (int16_t)(i * 40503u >> 3 & 2047);
    uint32_t hash = 0;
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < N; i++) {
            int32_t sum = 0;
            for (int k = 0; k < TAPS; k++) sum += signal[i + k] * taps[k];
            hash = hash * 33 + (uint32_t)sum;
        }
    }
    printf("%u\n", hash);
    return 0;
}
