// saxpy.c -- y = a * x + y on floats of 32 bits, again and again.
#include <stdio.h>

enum { N = 4096, ROUNDS = 20001 };
static float x[N], y[N];

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? 10 * ROUNDS : ROUNDS;
    for (int i = 0; i < N; i++) x[i] = (float)(i % 17) * 0.25f, y[i] = (float)(i % 5);
    for (int round = 0; round < rounds; round++) {
        float a = (round & 1 ? -1.0f : 1.0f) * (float)(1 + round % 3);
        for (int i = 0; i < N; i++) y[i] = a * x[i] + y[i];
    }
    float sum = 0;
    for (int i = 0; i < N; i++) sum += y[i];
    printf("%.3f\n", sum);
    return 0;
}
