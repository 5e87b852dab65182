// halt.h -- how somebody ends long work that was begun: a word that anybody may set at any time,
// and which of its bits mean that.
//
// Who works looks at it now and then, within a millisecond, and leaves nothing behind that is not
// whole.
#pragma once

#include "base/types.h"

#include <stdatomic.h>
#include <string.h>

typedef struct {
    const _Atomic u32 *word; // NULL: it goes on to its end
    u32 bits;
} Halt;

static inline bool halt_asked(Halt halt)
{
    return halt.word && atomic_load_explicit(halt.word, memory_order_relaxed) & halt.bits;
}

// Copies in pieces, since new pages may make that slow. False: an end was asked for before all was
// there.
static inline bool halt_copy(Halt halt, void *to, const void *from, size_t size)
{
    enum { PIECE = 1 << 20 };
    for (size_t done = 0; done < size; done += PIECE) {
        if (done && halt_asked(halt)) return false;
        memcpy((u8 *)to + done, (const u8 *)from + done, MIN(size - done, (size_t)PIECE));
    }
    return true;
}
