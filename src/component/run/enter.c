// enter.c -- component instances are entered and left, and core functions of theirs are called.

#include "component/run/state.h"

// The one that is behind all that is entered: where the two meet, or PLAN_NONE. Parents have lower
// numbers than what is in them.
static u32 meeting(const u32 *parents, u32 instance, u32 caller)
{
    while (instance != PLAN_NONE && instance != caller) {
        if (caller != PLAN_NONE && caller > instance) caller = parents[caller];
        else instance = parents[instance];
    }
    return instance;
}

bool run_may_enter(const ComponentRun *run, u32 instance, u32 caller)
{
    const u32 *parents = run->plan->parents;
    u32 end = meeting(parents, instance, caller);
    for (u32 i = instance; i != end; i = parents[i])
        if (!run->states[i].may_enter) return false;
    return true;
}

static void set_entered(ComponentRun *run, u32 instance, u32 caller, bool entered)
{
    const u32 *parents = run->plan->parents;
    u32 end = meeting(parents, instance, caller);
    for (u32 i = instance; i != end; i = parents[i]) run->states[i].may_enter = !entered;
}

Context run_enter(ComponentRun *run, u32 instance, u32 caller)
{
    InstanceState *state = &run->states[instance];
    Context before = state->context;
    state->context = (Context){0};
    set_entered(run, instance, caller, true);
    return before;
}

void run_leave(ComponentRun *run, u32 instance, u32 caller, Context before)
{
    run->states[instance].context = before;
    set_entered(run, instance, caller, false);
}

Trap run_core(ComponentRun *run, Func *func, u64 *slots, u32 room)
{
    Exec *x = &run->store->exec;
    Trap trap = exec_call(x, func, slots, room);
    // What stands around the call is gone then: nobody may let it go on.
    if (trap) x->resumable = false;
    return trap == TRAP_uncaught_exception ? exec_trap(x, TRAP_exception_at_border, "%s", "")
                                           : trap;
}

Trap run_realloc(ComponentRun *run, u32 instance, Func *func, u64 *slots, u32 room)
{
    InstanceState *state = &run->states[instance];
    Context before = state->context;
    state->context = (Context){0};
    state->may_leave = false;
    Trap trap = run_core(run, func, slots, room);
    state->may_leave = true;
    state->context = before;
    return trap;
}

Trap run_destroy(ComponentRun *run, u32 resource, u64 rep, u32 caller)
{
    const PlanResource *r = &run->plan->resources[resource];
    if (r->instance == PLAN_NONE) {
        run->host->drop(run->host->env, &run->plan->imports[r->import], rep);
        return TRAP_none;
    }
    if (!run_may_enter(run, r->instance, caller))
        return exec_trap(&run->store->exec, TRAP_cannot_enter, "%s", "");
    if (!run->destructors[resource]) return TRAP_none;
    Context before = run_enter(run, r->instance, caller);
    u64 slots[1] = {rep};
    Trap trap = run_core(run, run->destructors[resource], slots, 1);
    run_leave(run, r->instance, caller, before);
    return trap;
}
