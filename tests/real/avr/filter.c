// filter.c -- floating point, 64-bit integers, division and structs, which AVR has none of.
#include <math.h>
#include <stdint.h>

typedef struct {
    float b0, b1, b2, a1, a2, x1, x2, y1, y2;
} Biquad;

void biquad_lowpass(Biquad *f, float frequency, float q)
{
    float w = 2.0f * 3.14159265f * frequency, s = sinf(w), c = cosf(w), alpha = s / (2 * q),
          a0 = 1 + alpha;
    f->b0 = f->b2 = (1 - c) / 2 / a0;
    f->b1 = (1 - c) / a0;
    f->a1 = -2 * c / a0;
    f->a2 = (1 - alpha) / a0;
    f->x1 = f->x2 = f->y1 = f->y2 = 0;
}

float biquad_step(Biquad *f, float x)
{
    float y = f->b0 * x + f->b1 * f->x1 + f->b2 * f->x2 - f->a1 * f->y1 - f->a2 * f->y2;
    f->x2 = f->x1, f->x1 = x, f->y2 = f->y1, f->y1 = y;
    return y;
}

uint64_t mul_mod(uint32_t a, uint32_t b, uint32_t m) { return (uint64_t)a * b % m; }

int32_t gcd(int32_t a, int32_t b)
{
    while (b) {
        int32_t t = a % b;
        a = b, b = t;
    }
    return a;
}
