// spoil.c -- bytes of a module changed in a few places. What emit.c spoils is nearer to valid.

#include "gen.h"

// Bytes that mean something in a module.
static const u8 telling[] = {
    0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x07, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12,
    0x1a, 0x1b, 0x1c, 0x20, 0x21, 0x22, 0x23, 0x28, 0x36, 0x3f, 0x40, 0x41, 0x42, 0x60, 0x63,
    0x64, 0x69, 0x6a, 0x6f, 0x70, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0xd0, 0xd2, 0xfc, 0xfd,
    0xff};

static void change(Chance *c, u8 *data, u32 size)
{
    u32 at = 8 + chance_below(c, size - 9), from = 8 + chance_below(c, size - 9);
    switch (chance_below(c, 6)) {
    case 0: data[at] ^= (u8)(1u << chance_below(c, 8)); break;
    case 1: data[at] += chance_below(c, 2) ? 1 : 0xff; break;
    case 2: {
        u8 byte = data[at];
        data[at] = data[at + 1];
        data[at + 1] = byte;
        break;
    }
    case 3:
        memmove(data + at, data + from, MIN(1 + chance_below(c, 6), size - MAX(at, from)));
        break;
    default: data[at] = telling[chance_below(c, COUNT_OF(telling))];
    }
}

Bytes gen_spoil(Chance *c, Bytes module, Arena *arena)
{
    u8 *data = NEW_ARRAY(arena, u8, module.len);
    memcpy(data, module.data, module.len);
    for (u32 n = 1 + chance_below(c, 3); n; n--) change(c, data, (u32)module.len);
    // Cut off, now and then.
    return (Bytes){data,
                   chance_below(c, 30) ? module.len : 8 + chance_below(c, (u32)module.len - 8)};
}
