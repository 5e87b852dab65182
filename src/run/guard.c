// guard.c -- see guard.h.

#include "run/guard.h"

#include "plat/fault.h"
#include "plat/pages.h"
#include "run/spare.h"

#include <stdatomic.h>

static _Atomic u64 mapped; // how many there are, spares too

void *guard_map(void)
{
    u64 most = pages_addresses() / 4 / GUARD_BYTES;
    void *start = atomic_fetch_add(&mapped, 1) < most ? pages_reserve(GUARD_BYTES) : NULL;
    if (!start) atomic_fetch_sub(&mapped, 1);
    return start;
}

void guard_unmap(void *start)
{
    if (!start) return;
    pages_free(start, GUARD_BYTES);
    atomic_fetch_sub(&mapped, 1);
}

// A spare one can be accessed as far as the memory before could: mostly nothing is to be done.
u8 *guard_take(u64 size, s32 *place)
{
    size_t open = 0;
    u8 *start = spare_take(SPARE_guarded, &open);
    if (!start) return NULL;
    u8 *base = start + GUARD_BEFORE;
    bool good = open > size ? pages_withdraw(base + size, open - size)
                            : pages_commit(base + open, size - open);
    *place = good ? fault_add_memory(start, (size_t)GUARD_BYTES) : -1;
    if (*place >= 0) return base;
    guard_unmap(start);
    return NULL;
}

void guard_give(u8 *base, u64 size, s32 place, bool zero)
{
    void *start = base - GUARD_BEFORE;
    fault_remove(place);
    if (zero && pages_discard(base, size)) spare_give(SPARE_guarded, start, (size_t)size);
    else guard_unmap(start); // what the next one found in it would not be zero
}
