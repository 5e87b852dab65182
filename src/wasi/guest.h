// guest.h -- the one way to guest memory.
//
// Every address from a guest goes through guest_range, which sees the whole range at once; nothing
// else in wasi/ adds to GuestMemory.base. Values are read once, since another thread of the
// guest may write them meanwhile.
#pragma once

#include "wasi/wasi.h"

#include <string.h>

// count and size are at most 32 bits each, so that their product fits.
static inline u8 *guest_range(GuestMemory mem, u32 at, u32 count, u32 size, bool write)
{
    u64 len = (u64)count * size;
    if (!mem.base || at > mem.size || len > mem.size - at) return NULL;
    if (mem.may && !mem.may(mem.env, at, len, write)) return NULL;
    return mem.base + at;
}

// The host address of count items of `size` bytes, to be written, or to be read alone; or NULL if
// not all of them are inside, or may be.
static inline u8 *guest_at(GuestMemory mem, u32 at, u32 count, u32 size)
{
    return guest_range(mem, at, count, size, true);
}
static inline const u8 *guest_from(GuestMemory mem, u32 at, u32 count, u32 size)
{
    return guest_range(mem, at, count, size, false);
}

// One access a byte, which no compiler repeats or leaves out, since another thread may have written
// in between.
static inline u32 get_u8(const u8 *p) { return __atomic_load_n(p, __ATOMIC_RELAXED); }
static inline void put_u8(u8 *p, u32 value) { __atomic_store_n(p, (u8)value, __ATOMIC_RELAXED); }

static inline u32 get_u16(const u8 *p) { return get_u8(p) | get_u8(p + 1) << 8; }
static inline u32 get_u32(const u8 *p) { return get_u16(p) | get_u16(p + 2) << 16; }
static inline u64 get_u64(const u8 *p) { return get_u32(p) | (u64)get_u32(p + 4) << 32; }

static inline void put_u16(u8 *p, u32 value)
{
    put_u8(p, value);
    put_u8(p + 1, value >> 8);
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
