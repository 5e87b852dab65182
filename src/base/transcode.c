// transcode.c -- see transcode.h. Runs of units that are the same scalar value on both sides go
// through vectors; around them one scalar value after the other. Both are written once, with the
// encodings as constants, and each pair becomes a function of its own.

#include "base/transcode.h"

typedef u8 Bytes16 __attribute__((vector_size(16)));
typedef u8 Bytes64 __attribute__((vector_size(64)));
typedef u16 Units16 __attribute__((vector_size(32)));
typedef u16 Units64 __attribute__((vector_size(128)));
enum { NEAR = 32 }; // what is read singly before runs are tried again

// ---- One scalar value

// Units as they are at this moment.
static ALWAYS_INLINE u32 unit16(const u8 *p) { return (u32)(p[0] | p[1] << 8); }
static ALWAYS_INLINE void put16(u8 *p, u32 unit)
{
    p[0] = (u8)unit;
    p[1] = (u8)(unit >> 8);
}

typedef struct { u32 scalar, size; TranscodeEnd end; } Scalar; // end is done where there is one

static ALWAYS_INLINE Scalar refuse(TranscodeEnd end) { return (Scalar){0, 0, end}; }

// What may stand behind the first byte is told by that: no overlong forms, no surrogates, nothing
// above U+10FFFF.
static ALWAYS_INLINE Scalar decode_utf8(const u8 *p, size_t len)
{
    u32 lead = p[0];
    if (lead < 0x80) return (Scalar){lead, 1, TRANSCODE_done};
    if (lead < 0xc2 || lead > 0xf4) return refuse(TRANSCODE_bad);
    if (lead < 0xe0 && len > 1) {
        u32 byte = p[1];
        if ((byte & 0xc0) != 0x80) return refuse(TRANSCODE_bad);
        return (Scalar){(lead & 0x1f) << 6 | (byte & 0x3f), 2, TRANSCODE_done};
    }
    u32 size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4, scalar = lead & (0x7fu >> size);
    u32 least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    u32 most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    for (u32 i = 1; i < size; i++) {
        if (i == len) return refuse(TRANSCODE_cut);
        u32 byte = p[i];
        if (byte < least || byte > most) return refuse(TRANSCODE_bad);
        scalar = scalar << 6 | (byte & 0x3f);
        least = 0x80;
        most = 0xbf;
    }
    return (Scalar){scalar, size, TRANSCODE_done};
}

static ALWAYS_INLINE Scalar decode_utf16(const u8 *p, size_t len)
{
    if (len < 2) return refuse(TRANSCODE_cut);
    u32 unit = unit16(p);
    if ((unit & 0xf800) != 0xd800) return (Scalar){unit, 2, TRANSCODE_done};
    if (unit >= 0xdc00) return refuse(TRANSCODE_bad);
    if (len < 4) return refuse(TRANSCODE_cut);
    u32 low = unit16(p + 2);
    if ((low & 0xfc00) != 0xdc00) return refuse(TRANSCODE_bad);
    return (Scalar){0x10000 + ((unit & 0x3ff) << 10 | (low & 0x3ff)), 4, TRANSCODE_done};
}

static ALWAYS_INLINE Scalar decode(Code from, const u8 *p, size_t len)
{
    return from == CODE_utf8    ? decode_utf8(p, len)
           : from == CODE_utf16 ? decode_utf16(p, len)
                                : (Scalar){p[0], 1, TRANSCODE_done};
}

static ALWAYS_INLINE u32 encoded_size(Code to, u32 scalar)
{
    if (to == CODE_utf8) return scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
    return to != CODE_utf16 ? 1 : scalar < 0x10000 ? 2 : 4;
}

static ALWAYS_INLINE void encode(Code to, u32 scalar, u32 size, u8 *p)
{
    if (to != CODE_utf16 && size == 1) {
        p[0] = (u8)scalar;
    } else if (to == CODE_utf8 && size == 2) {
        p[0] = (u8)(0xc0 | scalar >> 6);
        p[1] = (u8)(0x80 | (scalar & 0x3f));
    } else if (to == CODE_utf8) {
        for (u32 i = size - 1; i > 0; i--, scalar >>= 6) p[i] = (u8)(0x80 | (scalar & 0x3f));
        p[0] = (u8)(0xf00 >> size | scalar);
    } else if (size == 2) {
        put16(p, scalar);
    } else {
        put16(p, 0xd7c0 + (scalar >> 10));
        put16(p + 2, 0xdc00 | (scalar & 0x3ff));
    }
}

// ---- Runs

// A unit is the same on both sides if (unit & mask) == 0, or, from UTF-16 to itself, if it is no
// surrogate.
static ALWAYS_INLINE u16 other_bits(Code from, Code to)
{
    if (from == CODE_utf8 || to == CODE_utf8 || to == CODE_ascii) return 0xff80;
    return from == CODE_utf16 && to == CODE_latin1 ? 0xff00 : 0;
}

static ALWAYS_INLINE bool any(const void *vector, size_t size)
{
    u64 part[16], all = 0;
    memcpy(part, vector, size);
    for (size_t i = 0; i < size / 8; i++) all |= part[i];
    return all != 0;
}

// Takes N units if all are the same on both sides. A vector is read once.
#define RUN_STEP(N)                                                                                \
    static ALWAYS_INLINE bool run_##N(Code from, Code to, const u8 *source, u8 *target)            \
    {                                                                                              \
        u16 mask = other_bits(from, to);                                                           \
        Units##N units;                                                                            \
        Bytes##N bytes;                                                                            \
        if (from == CODE_utf16) {                                                                  \
            memcpy(&units, source, sizeof units);                                                  \
            Units##N odd = units & mask;                                                           \
            if (to == CODE_utf16) odd = (Units##N)((units & 0xf800) == 0xd800);                    \
            if (any(&odd, sizeof odd)) return false;                                               \
            if (to != CODE_utf16) bytes = __builtin_convertvector(units, Bytes##N);                \
        } else {                                                                                   \
            memcpy(&bytes, source, sizeof bytes);                                                  \
            Bytes##N odd = bytes & (u8)mask;                                                       \
            if (mask && any(&odd, sizeof odd)) return false;                                       \
            if (to == CODE_utf16) units = __builtin_convertvector(bytes, Units##N);                \
        }                                                                                          \
        if (to == CODE_utf16) memcpy(target, &units, sizeof units);                                \
        else memcpy(target, &bytes, sizeof bytes);                                                 \
        return true;                                                                               \
    }
RUN_STEP(16)
RUN_STEP(64)

// How many units of a run were taken, of at most so many.
static ALWAYS_INLINE size_t run(Code from, Code to, const u8 *source, u8 *target, size_t most)
{
    size_t n = 0;
    while (most - n >= 64 &&
           run_64(from, to, source + n * code_unit(from), target + n * code_unit(to)))
        n += 64;
    while (most - n >= 16 &&
           run_16(from, to, source + n * code_unit(from), target + n * code_unit(to)))
        n += 16;
    return n;
}

// ---- All of it

static ALWAYS_INLINE MAY_RACE Transcoded convert(Code from, const u8 *source, size_t len, Code to,
                                                 u8 *target, size_t room)
{
    size_t read = 0, written = 0;
    while (read < len) {
        size_t units = MIN((len - read) / code_unit(from), (room - written) / code_unit(to));
        units = run(from, to, source + read, target + written, units);
        read += units * code_unit(from);
        written += units * code_unit(to);
        for (size_t end = MIN(len, read + NEAR); read < end;) {
            Scalar s = decode(from, source + read, len - read);
            if (s.end != TRANSCODE_done) return (Transcoded){read, written, s.end};
            if ((to == CODE_latin1 && s.scalar > 0xff) || (to == CODE_ascii && s.scalar > 0x7f))
                return (Transcoded){read, written, TRANSCODE_wide};
            u32 size = encoded_size(to, s.scalar);
            if (size > room - written) return (Transcoded){read, written, TRANSCODE_full};
            encode(to, s.scalar, size, target + written);
            read += s.size;
            written += size;
        }
    }
    return (Transcoded){read, written, TRANSCODE_done};
}

#define ROUTE(from, to)                                                                            \
    MAY_RACE static Transcoded from##_##to(const u8 *source, size_t len, u8 *target, size_t room)  \
    {                                                                                              \
        return convert(CODE_##from, source, len, CODE_##to, target, room);                         \
    }
#define ROUTES(from) ROUTE(from, utf8) ROUTE(from, utf16) ROUTE(from, latin1) ROUTE(from, ascii)
ROUTES(utf8)
ROUTES(utf16)
ROUTES(latin1)

Transcoded transcode(Code from, const u8 *source, size_t len, Code to, u8 *target, size_t room)
{
    typedef Transcoded Route(const u8 *, size_t, u8 *, size_t);
    static Route *const routes[CODE_SOURCES][CODE_COUNT] = {
        {utf8_utf8, utf8_utf16, utf8_latin1, utf8_ascii},
        {utf16_utf8, utf16_utf16, utf16_latin1, utf16_ascii},
        {latin1_utf8, latin1_utf16, latin1_latin1, latin1_ascii},
    };
    return routes[from][to](source, len, target, room);
}

// From the end, so that what is not widened yet is not written over.
MAY_RACE void transcode_widen(u8 *data, size_t count)
{
    for (; count >= 16; count -= 16) {
        Bytes16 bytes;
        memcpy(&bytes, data + count - 16, sizeof bytes);
        Units16 units = __builtin_convertvector(bytes, Units16);
        memcpy(data + 2 * (count - 16), &units, sizeof units);
    }
    while (count--) put16(data + 2 * count, data[count]);
}
