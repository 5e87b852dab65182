// splice.h -- a component with other bytes in places. What is around them is copied, but that each
// section says how long it is now.
#pragma once

#include "base/buf.h"
#include "component/binary/component.h"

// Places in order, none within another; one may be empty, and none parts a section's size. What
// holds a place is the innermost section that has all of it as its content.
typedef struct { Range at; Bytes with; } CPatch;
typedef struct { CPatch *items; u32 count, cap; } CPatches;

static inline void patch_add(CPatches *s, Arena *arena, Range at, Bytes with)
{
    ARENA_PUSH(arena, s->items, s->count, s->cap) = (CPatch){at, with};
}

// Behind `out`. Leaves through its arena.
void component_splice(const Component *c, const CPatches *splices, Buf *out);

// Where a section begins: its id is in front of its size.
u32 splice_section_start(const Component *c, Range content);
// A section as it is written.
void splice_section(Buf *out, CSection id, Bytes content);
