// crc.c -- CRC-32 and CRC-16, by bit and by table, for a small machine.
#include <stddef.h>
#include <stdint.h>

static uint32_t table[256];

void crc_init(void)
{
    for (uint16_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (uint8_t k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
        table[i] = c;
    }
}

uint32_t crc32(const uint8_t *data, size_t len)
{
    uint32_t c = ~0u;
    while (len--) c = table[(c ^ *data++) & 0xff] ^ (c >> 8);
    return ~c;
}

uint16_t crc16(const uint8_t *data, size_t len)
{
    uint16_t c = 0xffff;
    for (; len; len--) {
        c ^= *data++;
        for (uint8_t k = 0; k < 8; k++) c = c & 1 ? (c >> 1) ^ 0xa001 : c >> 1;
    }
    return c;
}
