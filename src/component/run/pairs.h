// pairs.h -- calls between components that become adapters (component/abi/fuse.h). They are
// gathered while the plan is made, and are one module as soon as something needs one of them.
//
//     lower f   lower g   instantiate (f, g)      -->      fuse {f, g}   instantiate (f, g)
//
// What an adapter cannot do, or who is asked for the plain route, is a STEP_lower as before.
#pragma once

#include "component/run/plan.h"

// What a component does, wherever its instance is.
typedef struct {
    const PlanEnv *env;
    bool leaves;      // it has what runs while it may not be left: realloc, post-return
    bool context;     // it uses its context
    bool calls_out;   // others may run within a call of it
    bool has_others;  // it has instances of components in it
} InstanceFacts;

typedef struct {
    u32 slot, func;
    const CCanon *canon; // of the lower
    const PlanEnv *env;
    Bytes name;
} Pair;

typedef struct { ExternType type; bool waits; } SlotInfo;

typedef struct {
    Plan *plan;
    const Component *c;
    Diag *diag;
    bool plain, catches;
    Arena *scratch;        // the plan's
    Pair *waiting;
    u32 count, cap;
    SlotInfo *slots;
    u32 slot_count, slot_cap;
    InstanceFacts *facts;  // by instance
    u32 fact_count, fact_cap;
    size_t made;           // bytes of code
} Pairs;

void pairs_init(Pairs *p, Plan *plan, const Component *c, bool plain, Diag *diag);
// The next instance, and the next slot.
void pairs_instance(Pairs *p, const PlanEnv *env, const CBody *body);
void pairs_slot(Pairs *p, ExternType type);
// The slot of what a function was lifted from, if that may be called in place of an adapter, which
// would do nothing but that. PLAN_NONE: it may not.
u32 pairs_same(const Pairs *p, const Pair *pair);
// A function that is lowered into a slot.
void pairs_lower(Pairs *p, const Pair *pair);
// Somebody needs what is in this slot. Leaves through the plan's arena.
void pairs_need(Pairs *p, u32 slot);
