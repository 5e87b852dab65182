// observe.h -- the walk for whoever looks at few bodies, and at all instructions alike: observers
// share one copy of its code, which would be a hundred kilobytes each. What runs over every body
// that is loaded or translated has its own (walk.h).
#pragma once

#include "valid/walk_types.h"

typedef struct {
    void *env;
    // once the locals are known; or NULL
    void (*begin)(void *env, WalkState *w);
    // in front of each instruction, dead ones too: false ends the walk, and w->diag says nothing.
    // Or NULL
    bool (*goes_on)(void *env, WalkState *w);
    // where a consumer's hook would be called; imm is NULL for rows without immediates
    void (*each)(void *env, WalkState *w, Op op, const Imm *imm);
} Observer;

// False: refused, and w->diag says why; or ended.
bool walk_observe(const Observer *observer, WalkState *w, u32 func);
