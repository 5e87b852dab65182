// guard.h -- address space for memories whose size nobody looks at before an access:
//
//     |--- 2 GiB ---|base --- size ---|--------- up to base + 6 GiB + 64 KiB ---------|
//       no access     read and written                   no access
//
// An address of 32 bits, an offset below 2^31 and the width of an access never lead out of it, so
// what is beyond the size faults, and the fault is known to be of a memory (plat/fault.h). The base
// never moves. All of a process may take a quarter of its addresses, since who has none left cannot
// go on; who is refused does with a memory that is checked.
#pragma once

#include "base/types.h"

// Where no code is compiled, and where addresses have 32 bits, there is none.
#ifdef WEFT_MICRO
enum { GUARD_POSSIBLE = false };
#else
enum { GUARD_POSSIBLE = sizeof(void *) == 8 };
#endif

enum { GUARD_PAGE_LOG2 = 16 }; // of memories that may be guarded: whole pages of the machine's
#define GUARD_BEFORE ((u64)2 << 30)
#define GUARD_BYTES (((u64)8 << 30) + (64 << 10)) // with what is before

// The base of `size` bytes, zeroed; with *place it is to be given back. NULL: refused.
u8 *guard_take(u64 size, s32 *place);
// `size` is what can be accessed by now: pages_commit behind what could be makes more.
// Unless `zero` something else may be in it than was written there.
void guard_give(u8 *base, u64 size, s32 place, bool zero);

// For spare.c: the whole, without a page that can be accessed. NULL: refused.
void *guard_map(void);
void guard_unmap(void *start); // NULL is fine
