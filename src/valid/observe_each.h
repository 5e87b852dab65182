// observe_each.h -- all hooks of a walk as one: for consumers that look at every instruction alike.
//
//     #define WALK_NAME capture
//     #define WALK_CONTEXT Capture
//     static inline void capture_each(Capture *c, WalkState *w, Op op, const Imm *imm) { ... }
//     #include "valid/observe_each.h"  // then valid/walk.h
//
// imm is NULL for rows without immediates. P_begin is empty, unless OBSERVE_BEGINS is defined.

#include "valid/walk_core.h"

#define OBSERVE_CAT_(a, b) a##_##b
#define OBSERVE_CAT(a, b) OBSERVE_CAT_(a, b)
#define OBSERVE(hook) OBSERVE_CAT(WALK_NAME, hook)
#define OBSERVE_PLAIN(hook)                                                                        \
    static ALWAYS_INLINE void OBSERVE(hook)(WALK_CONTEXT *c, WalkState *w, Op op)                  \
    {                                                                                              \
        OBSERVE(each)(c, w, op, NULL);                                                             \
    }
#define OBSERVE_IMM(hook)                                                                          \
    static ALWAYS_INLINE void OBSERVE(hook)(WALK_CONTEXT *c, WalkState *w, Op op,                  \
                                            const Imm *imm)                                        \
    {                                                                                              \
        OBSERVE(each)(c, w, op, imm);                                                              \
    }
OBSERVE_PLAIN(pure)
OBSERVE_PLAIN(pure2)
OBSERVE_PLAIN(vector)
OBSERVE_IMM(lane)
OBSERVE_IMM(load)
OBSERVE_IMM(store)
OBSERVE_IMM(vload)
OBSERVE_IMM(vstore)
OBSERVE_IMM(load_lane)
OBSERVE_IMM(store_lane)
OBSERVE_IMM(atomic)
#ifndef OBSERVE_BEGINS
static ALWAYS_INLINE void OBSERVE(begin)(WALK_CONTEXT *c, WalkState *w) { (void)c, (void)w; }
#endif

#define OP(...) // the families above have their hooks
#define HAND(name, ...)                                                                            \
    static ALWAYS_INLINE void OBSERVE(name)(WALK_CONTEXT *c, WalkState *w, const Imm *imm)         \
    {                                                                                              \
        OBSERVE(each)(c, w, OP_##name, imm);                                                       \
    }
#include "op/op.def"
#undef OBSERVE_BEGINS
#undef OBSERVE_PLAIN
#undef OBSERVE_IMM
#undef OBSERVE
#undef OBSERVE_CAT
#undef OBSERVE_CAT_
