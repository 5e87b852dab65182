// hex.c -- a text of hexadecimal digits made and read again, 16 bytes at a time: tables by
// swizzles, comparisons, masks.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint8_t V __attribute__((vector_size(16)));
typedef uint16_t W __attribute__((vector_size(16)));
#if defined __wasm_simd128__
#include <wasm_simd128.h>
static V look_up(V table, V at) { return (V)wasm_i8x16_swizzle((v128_t)table, (v128_t)at); }
static unsigned mask_of(V x) { return wasm_i8x16_bitmask((v128_t)x); }
static V packed(W a, W b) { return (V)wasm_u8x16_narrow_i16x8((v128_t)a, (v128_t)b); }
#elif defined __SSE4_2__
#include <smmintrin.h>
static V look_up(V table, V at) { return (V)_mm_shuffle_epi8((__m128i)table, (__m128i)at); }
static unsigned mask_of(V x) { return (unsigned)_mm_movemask_epi8((__m128i)x); }
static V packed(W a, W b) { return (V)_mm_packus_epi16((__m128i)a, (__m128i)b); }
#else
static V look_up(V table, V at)
{
    V out;
    for (int i = 0; i < 16; i++) out[i] = table[at[i] & 15];
    return out;
}
static unsigned mask_of(V x)
{
    unsigned mask = 0;
    for (int i = 0; i < 16; i++) mask |= (unsigned)(x[i] >> 7) << i;
    return mask;
}
static V packed(W a, W b)
{
    V out;
    for (int i = 0; i < 8; i++) out[i] = (uint8_t)a[i], out[i + 8] = (uint8_t)b[i];
    return out;
}
#endif

enum { N = 1 << 14, ROUNDS = 400 };
static uint8_t data[N], text[2 * N], back[N];
static const V digits = {'0', '1', '2', '3', '4', '5', '6', '7',
                         '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

static V load(const uint8_t *at)
{
    V v;
    memcpy(&v, at, 16);
    return v;
}
static void write_text(void)
{
    for (int i = 0; i < N; i += 16) {
        V x = load(data + i);
        V high = look_up(digits, (V)((W)(x >> 4) & (uint16_t)0x0f0f));
        V low = look_up(digits, x & 15);
        V first = __builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6,
                                          22, 7, 23);
        V second = __builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
                                           14, 30, 15, 31);
        memcpy(text + 2 * i, &first, 16);
        memcpy(text + 2 * i + 16, &second, 16);
    }
}
static V values(V x, unsigned *wrong)
{
    V digit = x - '0', letter = (x | 0x20) - 'a';
    V is_digit = (V)(digit < 10), is_letter = (V)(letter < 6);
    *wrong |= mask_of(~(is_digit | is_letter));
    return (digit & is_digit) | ((letter + 10) & is_letter);
}
static unsigned read_text(void)
{
    unsigned wrong = 0;
    for (int i = 0; i < N; i += 16) {
        W a = (W)values(load(text + 2 * i), &wrong), b = (W)values(load(text + 2 * i + 16), &wrong);
        V out = packed((a << 4 | a >> 8) & 255, (b << 4 | b >> 8) & 255);
        memcpy(back + i, &out, 16);
    }
    return wrong;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? 10 * ROUNDS : ROUNDS;
    for (int i = 0; i < N; i++) data[i] = (uint8_t)(i * 2654435761u >> 13);
    unsigned wrong = 0;
    for (int round = 0; round < rounds; round++) {
        data[round % N]++;
        write_text();
        wrong |= read_text();
    }
    printf("%u %d\n", wrong, memcmp(data, back, N));
    return 0;
}
