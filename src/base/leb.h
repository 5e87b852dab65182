// leb.h -- LEB128: integers in groups of seven bits, lowest first. spec: binary/values
#pragma once

#include "base/types.h"

#include <string.h>

typedef enum {
    LEB_good,
    LEB_short, // the bytes end within it
    LEB_long,  // more bytes than `bits` need
    LEB_large, // a bit is set that does not fit
} LebResult;

// A copy for each number of bits, but where size counts.
#ifdef __OPTIMIZE_SIZE__
#define LEB_INLINE __attribute__((noinline, unused))
#else
#define LEB_INLINE inline __attribute__((always_inline))
#endif

// One of `bits` bits, which are best a constant; signed ones are sign-extended. *pos moves behind
// it, or stays where it is.
static LEB_INLINE LebResult leb_read(const u8 **pos, const u8 *end, u32 bits, bool sign,
                                     u64 *out)
{
    const u8 *next = *pos;
    u64 value = 0;
    for (u32 shift = 0; shift < bits; shift += 7) {
        if (next == end) return LEB_short;
        u8 byte = *next++;
        u32 left = bits - shift;
        if (left < 7) { // what is above must be zero, or repeat the sign
            u8 above = (u8)(0x7f & (0xff << (sign ? left - 1 : left)));
            if ((byte & above) != 0 && !(sign && (byte & above) == above)) return LEB_large;
        }
        value |= (u64)(byte & 0x7f) << shift;
        if (byte & 0x80) continue;
        if (sign && (byte & 0x40) && shift + 7 < 64) value |= ~(u64)0 << (shift + 7);
        *out = value;
        *pos = next;
        return LEB_good;
    }
    return LEB_long;
}

// For who has eight bytes at p: how many of them it takes. 0: it may be none, leb_read tells.
static inline u32 leb_wide(const u8 *p, bool sign, u32 *out)
{
    u64 word;
    memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    u64 last = ~word & 0x8080808080;
    if (UNLIKELY(!last)) return 0;
    u32 top = (u32)__builtin_ctzll(last); // the highest bit of the last byte
    word &= ((u64)1 << top) - 1;
    u64 value = (word & 0x7f) | (word >> 1 & 0x3f80) | (word >> 2 & 0x1fc000) |
                (word >> 3 & 0xfe00000) | (word >> 4 & 0x7f0000000);
    u32 bytes = (top + 1) / 8, bits = 7 * bytes;
    if (sign) {
        s64 number = (s64)(value << (64 - bits)) >> (64 - bits);
        if (UNLIKELY(number != (s32)number)) return 0;
        value = (u64)number;
    } else if (UNLIKELY(value >> 32)) {
        return 0;
    }
    *out = (u32)value;
    return bytes;
}

// Writes one in its shortest form, of LEB_MOST_32 bytes at most. Returns what is behind it.
enum { LEB_MOST_32 = 5 };
static inline u8 *leb_put_u32(u8 *to, u32 value)
{
    for (; UNLIKELY(value >= 0x80); value >>= 7) *to++ = (u8)(value | 0x80);
    *to++ = (u8)value;
    return to;
}

// One of 32 bits that is known to be good, since it was read before or is our own.
static inline u32 leb_known_u32(const u8 **pos)
{
    u32 value = 0;
    for (u32 shift = 0;; shift += 7) {
        u8 byte = *(*pos)++;
        value |= (u32)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) return value;
    }
}
