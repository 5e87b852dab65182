// handled.h -- which resumption handles a tag: of all, mostly the innermost, and mostly it did so
// before (HandlerMemo). What a search takes is paid for as if nothing were remembered.
#pragma once

#include "run/cont.h"
#include "run/store.h"

typedef struct {
    Start *start;       // of what is suspended; behind it stands its parent
    u64 *frame;         // its first
    TagHandler by;      // where the parent goes on
} Handled;

// Nothing here can be gone on with in part, so it is paid late.
static ALWAYS_INLINE void cont_pay(Exec *x, u64 units)
{
    if (UNLIKELY(exec_fueled(x))) exec_pay_late(x, units);
}
// Of what is copied: its bytes, and how many frames they are.
static ALWAYS_INLINE void cont_pay_copy(Exec *x, const Parked *p)
{
    cont_pay(x, bytes_units(p->frames) + (u64)p->depth * PRICE_frame);
}

// Where the resumption that began there goes on.
static inline const u64 *handled_back(const Start *start)
{
    bool word = start->ip == code_return_native;
    return word ? *(const u64 *const *)(const void *)(start + 1) : start->ip;
}

// Where it is remembered that the tag was handled there. NULL: there is no table, as what runs was
// resumed elsewhere.
static inline HandlerMemo *handled_memo(const Exec *x, const u64 *back, const Tag *tag)
{
    HandlerMemo *memo = exec_store(x)->conts.memo;
    return memo ? &memo[((uintptr_t)back >> 3 ^ (uintptr_t)tag >> 4) % CONT_MEMOS] : NULL;
}

static inline bool handled_before(const HandlerMemo *m, const u64 *back, const Start *start,
                                  const Tag *tag, bool switches)
{
    return m && m->back == back && m->tag == tag && m->inst == start->record.inst &&
           m->switches == switches;
}

Trap handled_search(Exec *x, const Tag *tag, bool switches, Handled *out);

// The innermost resumption that handles the tag.
static ALWAYS_INLINE Trap handled_find(Exec *x, const Tag *tag, bool switches, Handled *out)
{
    Start *start = x->start;
    if (start->record.ip == code_return_cont) {
        const u64 *back = handled_back(start);
        const HandlerMemo *m = handled_memo(x, back, tag);
        if (LIKELY(handled_before(m, back, start, tag, switches))) {
            *out = (Handled){start, x->start_frame, m->by};
            cont_pay(x, m->units);
            return TRAP_none;
        }
    }
    return handled_search(x, tag, switches, out);
}
