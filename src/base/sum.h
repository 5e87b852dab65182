// sum.h -- a sum that finds what was damaged by chance; nobody is kept from making it right.
#pragma once

#include "base/types.h"

enum { LANES = 4 };
typedef struct {
    u64 lanes[LANES];
    u64 word;   // the bytes that are not yet eight
    u32 bytes;
    u32 next;   // lane
} Checksum;
void checksum_add(Checksum *c, const u8 *bytes, size_t size);
u64 checksum_end(const Checksum *c);

static inline u64 checksum_of(const u8 *bytes, size_t size)
{
    Checksum c = {0};
    checksum_add(&c, bytes, size);
    return checksum_end(&c);
}
