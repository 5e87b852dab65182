// shape.h -- how large the frames of a function are, and what of one is its callee's while it
// calls: for who is told so of code that somebody else made.
//
//     locals            operands                    | arguments
//     | 0 | 1 | ...     | ... | kept | ...          | callee's frame, records
//                                    CallShape.slots^            ^-- below FrameShape.slots
#pragma once

#include "base/halt.h"
#include "module/module.h"
#include "op/diag.h"

// A call, or what else others go on in: so many slots are in front of what it takes.
typedef struct { u32 offset, slots; } CallShape;
typedef struct {
    u32 slots;              // as many as are home anywhere, and as its type has
    u32 call_count;
    const CallShape *calls; // those that can be reached, by offset
} FrameShape;

// By the walk, so the body is validated. What it finds is in `arena`, which is armed. False: *diag
// says why; or it was to end before, and that has no error.
bool shape_find(const Module *m, u32 func, Halt halt, Arena *arena, FrameShape *out, Diag *diag);
// How many slots the call at the offset has in front of what it takes; false: none is there.
bool shape_call(const FrameShape *shape, u32 offset, u32 *slots);
