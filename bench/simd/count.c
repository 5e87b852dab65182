// count.c -- how often does a byte occur, and which is the largest: what searching in text is made
// of.
#include <stdint.h>
#include <stdio.h>

enum { N = 1 << 18, ROUNDS = 250 };
static uint8_t text[N];

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? 10 * ROUNDS : ROUNDS;
    uint32_t state = 1, total = 0;
    for (int i = 0; i < N; i++)
        state = state * 1664525 + 1013904223, text[i] = (uint8_t)(state >> 24);
    for (int round = 0; round < rounds; round++) {
        uint32_t found = 0;
        uint8_t most = 0;
        for (int i = 0; i < N; i++) {
            found += text[i] == round;
            most = text[i] > most ? text[i] : most;
        }
        total = total * 7 + found + most;
    }
    printf("%u\n", total);
    return 0;
}
