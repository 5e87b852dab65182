// cont.h -- continuations: parts of a configuration that are taken off, and put on again.
// spec: proposal stack-switching, Explainer.md, execution
#pragma once

#include "formal/config.h"

// _ (INVOKE func). NO_ADDRESS: it halts, here and in what follows.
u32 continuation_new(Config *c, u32 func);
// E[val^n _], of the last n values: another one, as the first is consumed.
u32 continuation_bind(Config *c, u32 address, u32 n);
// The contexts inside of that one become a continuation. Of the innermost the last n values are no
// part of it: they stay.
u32 continuation_take(Config *c, u32 context, u32 n);
// E[val^n] in the innermost context, of the last n values, and E consumed. False: the stacks have
// no room for it, so there is a trap instead.
bool continuation_put(Config *c, u32 address, u32 n);
