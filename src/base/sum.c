// sum.c -- see sum.h.

#include "base/sum.h"

static u64 mix(u64 sum, u64 word)
{
    sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
    return sum ^ sum >> 32;
}

static u64 word_of(const u8 *bytes)
{
    u64 word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

// Four lanes, since each step waits for the one before it.
static void add_word(Checksum *c, u64 word)
{
    u64 *lane = &c->lanes[c->next++ % LANES];
    *lane = mix(*lane, word);
}

static void add_byte(Checksum *c, u8 byte)
{
    c->word |= (u64)byte << 8 * c->bytes;
    if (++c->bytes < 8) return;
    add_word(c, c->word);
    c->word = c->bytes = 0;
}

void checksum_add(Checksum *c, const u8 *bytes, size_t size)
{
    enum { ROUND = 8 * LANES };
    for (; size && c->bytes; size--) add_byte(c, *bytes++);
    for (; size >= 8 && c->next % LANES; size -= 8, bytes += 8) add_word(c, word_of(bytes));
    u64 lanes[LANES];
    memcpy(lanes, c->lanes, sizeof lanes);
    for (; size >= ROUND; size -= ROUND, bytes += ROUND)
        for (u32 i = 0; i < LANES; i++) lanes[i] = mix(lanes[i], word_of(bytes + 8 * i));
    memcpy(c->lanes, lanes, sizeof lanes);
    for (; size >= 8; size -= 8, bytes += 8) add_word(c, word_of(bytes));
    for (; size; size--) add_byte(c, *bytes++);
}

u64 checksum_end(const Checksum *c)
{
    u64 sum = mix(c->word, c->bytes);
    for (u32 i = 0; i < LANES; i++) sum = mix(sum, c->lanes[i]);
    return sum;
}
