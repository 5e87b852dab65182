// guest.h -- the one way to guest memory.
//
// Every address from a guest goes through guest_at, which sees the whole range at once; nothing
// else in wasi/ adds to GuestMemory.base. Values are read once, since another thread of the
// guest may write them meanwhile.
#pragma once

#include "wasi/wasi.h"

#include <string.h>

// The host address of count items of `size` bytes, or NULL if not all of them are inside.
// count and size are at most 32 bits each, so that their product fits.
static inline u8 *guest_at(GuestMemory mem, u32 at, u32 count, u32 size)
{
    u64 len = (u64)count * size;
    if (!mem.base || at > mem.size || len > mem.size - at) return NULL;
    return mem.base + at;
}

static inline u32 get_u16(const u8 *p) { return (u32)p[0] | (u32)p[1] << 8; }
static inline u32 get_u32(const u8 *p) { return get_u16(p) | get_u16(p + 2) << 16; }
static inline u64 get_u64(const u8 *p) { return get_u32(p) | (u64)get_u32(p + 4) << 32; }

static inline void put_u16(u8 *p, u32 value)
{
    p[0] = (u8)value;
    p[1] = (u8)(value >> 8);
}

static inline void put_u32(u8 *p, u32 value)
{
    put_u16(p, value);
    put_u16(p + 2, value >> 16);
}

static inline void put_u64(u8 *p, u64 value)
{
    put_u32(p, (u32)value);
    put_u32(p + 4, (u32)(value >> 32));
}
