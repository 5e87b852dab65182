// leb.h -- LEB128: integers in groups of seven bits, lowest first. spec: binary/values
#pragma once

#include "base/types.h"

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
