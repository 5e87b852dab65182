// ident.h -- identifiers of names, for all that is printed. See names.c.
#pragma once

#include "base/map.h"

// An identifier as it is written, "$" included; text NULL: the item has none.
typedef struct {
    const u8 *text;
    u32 len;
    u32 renamed; // 1 + place in the name map, where the name itself is another
} Ident;

// One that is not in `used` yet, and is put there: the name, or something like it. Names that are
// empty have none, and are `renamed`.
void make_ident(Arena *arena, Map *used, Bytes name, u32 index, u32 place, Ident *out);
