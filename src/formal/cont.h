// cont.h -- continuations: parts of a configuration that are taken off, and put on again.
// spec: proposal stack-switching, Explainer.md, execution
#pragma once

#include "formal/config.h"

// What its block holds.
static inline Val *continuation_locals(const ContInst *k)
{
    return (Val *)(void *)(k->contexts + k->context_count);
}
static inline Val *continuation_values(const ContInst *k)
{
    return continuation_locals(k) + k->local_count;
}
// It is collected.
void continuation_drop(FormalStore *s, ContInst *k);
// _ (INVOKE func). NO_ADDRESS: it halts, here and in what follows.
u32 continuation_new(Config *c, u32 func);
// E[val^n _], of the n values in front of the last, which is E's continuation: another one, as that
// is consumed.
u32 continuation_bind(Config *c, u32 address, u32 n);
// The contexts inside of that one become a continuation. Of the innermost the last n values are no
// part of it: they stay.
u32 continuation_take(Config *c, u32 context, u32 n);
// E[val^n] in the innermost context, of the last n values, and E consumed. False: the stacks have
// no room for it, so there is a trap instead.
bool continuation_put(Config *c, u32 address, u32 n);
