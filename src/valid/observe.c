// observe.c -- see observe.h.

#include "valid/observe.h"

#include "valid/walk_core.h"

static inline void observer_begin(const Observer *o, WalkState *w)
{
    if (o->begin) o->begin(o->env, w);
}

static inline void observer_each(const Observer *o, WalkState *w, Op op, const Imm *imm)
{
    o->each(o->env, w, op, imm);
}

#define WALK_GOES_ON(o, w) (!(o)->goes_on || (o)->goes_on((o)->env, w))
#define WALK_NAME observer
#define WALK_CONTEXT const Observer
#define OBSERVE_BEGINS
#include "valid/observe_each.h"
#include "valid/walk.h"

bool walk_observe(const Observer *o, WalkState *w, u32 func)
{
    return observer_walk_func(o, w, func);
}
