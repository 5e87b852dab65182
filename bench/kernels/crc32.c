// crc32.c -- one table look-up for every byte, each depending on the one before.
#include <stdint.h>
#include <stdio.h>

int main(void)
{
    static uint32_t table[256];
    static unsigned char data[1 << 18];
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
        table[i] = c;
    }
    for (unsigned i = 0; i < sizeof data; i++) data[i] = (unsigned char)(i * i >> 7);
    uint32_t crc = ~0u;
    for (int round = 0; round < 120; round++)
        for (unsigned i = 0; i < sizeof data; i++) crc = table[(crc ^ data[i]) & 0xff] ^ crc >> 8;
    printf("crc32 %08x\n", ~crc);
    return 0;
}
