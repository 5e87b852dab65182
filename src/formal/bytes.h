// bytes.h -- what accesses to memories share.
// spec: exec/instructions, memory instructions
#pragma once

#include "formal/config.h"

static inline MemInst *mem(Config *c, u32 x) { return &c->store->mems.at[module_of(c)->mems[x]]; }

// Is [from, from + n) not within so many?
static inline bool beyond(u64 from, u64 n, u64 count) { return n > count || from > count - n; }

// The n-th value from the right is an address: where the access is, of so many bytes. NULL: out of
// bounds.
static inline u8 *access_at(Config *c, const Instr *i, u32 n, u32 bytes)
{
    const MemInst *m = mem(c, i->x);
    u64 at;
    if (__builtin_add_overflow(nth(c, n)->bits, i->offset, &at) || beyond(at, bytes, m->count))
        return NULL;
    return m->bytes + at;
}

// $ibytes_, by their inverse
static inline u64 bytes_value(const u8 *bytes, u32 count)
{
    u64 v = 0;
    for (u32 k = 0; k < count; k++) v |= (u64)bytes[k] << 8 * k;
    return v;
}
static inline void value_bytes(u8 *bytes, u32 count, u64 v)
{
    for (u32 k = 0; k < count; k++) bytes[k] = (u8)(v >> 8 * k);
}
