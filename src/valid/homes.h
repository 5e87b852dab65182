// homes.h -- finds what module/homes.h says: by a walk over a function's body, which was validated.
#pragma once

#include "module/homes.h"

// At the safepoint of the instruction at `offset`; at any other place, and for what traps, the
// locals alone. What it finds is in `arena`, which is armed.
void homes_at(const Module *m, u32 func, u32 offset, Arena *arena, Homes *out);

// The same at each of several places of one function, in the order of their offsets, by one walk as
// far as the last one; of equal ones the first is told. Their homes share the locals. *left is how
// many values they may have together, each place with locals of its own, and then how many more.
// False: they have more. What the walk needs is in `scratch`, what it finds in `arena`; both are
// armed.
bool homes_each(HomesAt *const *asked, u32 count, u64 *left, Arena *scratch, Arena *arena);

// Of all places, as one block that free frees. Takes time linear in the body, as the walk does.
// NULL: out of memory, or it would be larger than `limit`, or more references than so many are
// pushed.
RefMap *homes_refs(const Module *m, u32 func, size_t limit);
