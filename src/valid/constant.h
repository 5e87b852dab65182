// constant.h -- constant expressions: what they come to. See module/constant.h.
#pragma once

#include "valid/walk_core.h"

// Checks the expression at `at`, which ends where its first block does, and says what it comes to;
// w->in.next is behind it then. Of the globals it may use those below w->globals. False: w->diag
// says why. Both arenas are armed.
bool constant_reduce(Module *m, WalkState *w, u32 at, Type expected, Const *out);
