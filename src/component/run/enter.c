// enter.c -- component instances are entered and left, and core functions of theirs are called.

#include "component/run/state.h"

bool run_may_enter(const ComponentRun *run, u32 instance, u32 caller)
{
    const u32 *parents = run->plan->parents;
    u32 end = plan_meeting(parents, instance, caller);
    for (u32 i = instance; i != end; i = parents[i])
        if (!run->states[i].may_enter.value[0]) return false;
    return true;
}

static void set_entered(ComponentRun *run, u32 instance, u32 caller, bool entered)
{
    const u32 *parents = run->plan->parents;
    u32 end = plan_meeting(parents, instance, caller);
    for (u32 i = instance; i != end; i = parents[i]) run->states[i].may_enter.value[0] = !entered;
}

static Context take_context(InstanceState *state)
{
    Context before;
    for (u32 i = 0; i < COUNT_OF(before.slots); i++) {
        before.slots[i] = state->context[i].value[0];
        state->context[i].value[0] = 0;
    }
    return before;
}

static void put_context(InstanceState *state, Context context)
{
    for (u32 i = 0; i < COUNT_OF(context.slots); i++)
        state->context[i].value[0] = context.slots[i];
}

Context run_enter(ComponentRun *run, u32 instance, u32 caller)
{
    InstanceState *state = &run->states[instance];
    Context before = take_context(state);
    set_entered(run, instance, caller, true);
    return before;
}

void run_leave(ComponentRun *run, u32 instance, u32 caller, Context before)
{
    put_context(&run->states[instance], before);
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
    Context before = take_context(state);
    state->may_leave.value[0] = false;
    Trap trap = run_core(run, func, slots, room);
    state->may_leave.value[0] = true;
    put_context(state, before);
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
