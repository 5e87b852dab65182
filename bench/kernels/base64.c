// base64.c -- bytes in, bytes out: encodes and decodes over and over.
#include <stdio.h>
#include <string.h>

enum { N = 300000 };
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static unsigned char data[N], text[N / 3 * 4], value[256];

int main(void)
{
    for (int i = 0; i < 64; i++) value[(unsigned char)letters[i]] = (unsigned char)i;
    for (int i = 0; i < N; i++) data[i] = (unsigned char)(i * 7 ^ i >> 5);
    unsigned sum = 0;
    for (int round = 0; round < 150; round++) {
        unsigned char *out = text;
        for (int i = 0; i < N; i += 3) {
            unsigned v = (unsigned)data[i] << 16 | data[i + 1] << 8 | data[i + 2];
            *out++ = (unsigned char)letters[v >> 18];
            *out++ = (unsigned char)letters[v >> 12 & 63];
            *out++ = (unsigned char)letters[v >> 6 & 63];
            *out++ = (unsigned char)letters[v & 63];
        }
        for (int i = 0, k = 0; i < N; i += 3, k += 4) {
            unsigned v = (unsigned)value[text[k]] << 18 | value[text[k + 1]] << 12 |
                         value[text[k + 2]] << 6 | value[text[k + 3]];
            data[i] = (unsigned char)(v >> 16);
            data[i + 1] = (unsigned char)(v >> 8);
            data[i + 2] = (unsigned char)(v + (unsigned)round);
        }
        sum = sum * 31 + text[round * 100] + data[round * 100 + 2];
    }
    printf("base64 %u\n", sum);
    return 0;
}
