// halt.h -- how somebody ends long work that was begun: a word that anybody may set at any time,
// and which of its bits mean that.
//
// Who works looks at it now and then, within a millisecond, and leaves nothing behind that is not
// whole.
#pragma once

#include "base/types.h"

#include <stdatomic.h>

typedef struct {
    const _Atomic u32 *word; // NULL: it goes on to its end
    u32 bits;
} Halt;

static inline bool halt_asked(Halt halt)
{
    return halt.word && atomic_load_explicit(halt.word, memory_order_relaxed) & halt.bits;
}
