// call.c -- calls of a component's functions: from the host, and from another component.
//
//     caller                                          callee
//     slots --lift--> values ----------------lower--> slots
//                                                     the core function
//     slots <--lower-- value <----------------lift--- slots
//                                                     post-return
//
// Values lie in an arena of the call's. No more than what the walk copies is between the two, so
// neither can see how the other has it; a memory's base is read again behind all that may run code.
// spec: CanonicalABI/canon lift, canon lower

#include "component/run/state.h"

enum { CORE_MOST = FLAT_MOST + 1 }; // and where the result goes

static bool lift_values(Side *s, u32 most, const u64 *core, const CType *ts, u32 count,
                        CValue **values)
{
    jmp_buf failed;
    s->abi.arena->on_failure = &failed;
    if (setjmp(failed)) return abi_fail(&s->abi, FAULT_out_of_memory);
    *values = NEW_ARRAY(s->abi.arena, CValue, count);
    return abi_lift(&s->abi, most, core, ts, count, *values) && side_paid(s);
}

// The jump crosses no guest's code: what realloc calls has an arena of its own.
static bool lower_values(Side *s, u32 most, const CValue *values, const CType *ts, u32 count,
                         const u64 *out, u64 *core, u32 *core_count)
{
    jmp_buf failed;
    s->abi.arena->on_failure = &failed;
    if (setjmp(failed)) return abi_fail(&s->abi, FAULT_out_of_memory);
    return abi_lower(&s->abi, most, values, ts, count, out, core, core_count) && side_paid(s);
}

static Trap say(ComponentRun *run, Trap trap)
{
    return exec_trap(&run->store->exec, trap, "%s", "");
}

// Between enter and leave.
static Trap run_lifted(const Linked *l, const CValue *args, Side *side, Deliver *deliver,
                       void *env)
{
    u64 core[CORE_MOST] = {0};
    u32 count;
    CValue *result = NULL;
    u32 results = l->result != CTYPE_NONE;
    if (!lower_values(side, FLAT_MOST, args, l->params, l->count, NULL, core, &count))
        return side_trap(side);
    Trap trap = run_core(l->run, l->core, core, CORE_MOST);
    if (trap) return trap;
    side_look(side);
    if (results && !lift_values(side, 1, core, &l->result, 1, &result)) return side_trap(side);
    if (side->scope->borrows) return say(l->run, TRAP_borrows_remain);
    trap = deliver(env, result);
    if (trap || !l->post_return) return trap;
    state_of(l)->may_leave.value[0] = false;
    trap = run_core(l->run, l->post_return, core, CORE_MOST);
    state_of(l)->may_leave.value[0] = true;
    return trap;
}

static Trap call_host(ComponentRun *run, u32 import, const CValue *args, CValue *result,
                      Arena *arena)
{
    jmp_buf failed, *before = arena->on_failure;
    const HostImport *host = &run->imports[import];
    arena->on_failure = &failed;
    Trap trap = setjmp(failed) ? say(run, TRAP_out_of_memory)
                               : host->fn(host->env, run, args, result, arena);
    arena->on_failure = before;
    return trap;
}

static Trap run_imported(ComponentRun *run, u32 import, const CValue *args, Arena *arena,
                         Deliver *deliver, void *env)
{
    CValue result = {0};
    Trap trap = call_host(run, import, args, &result, arena);
    return trap ? trap : deliver(env, &result);
}

Trap run_func(ComponentRun *run, u32 func, u32 caller, const CValue *args, Arena *arena,
              Loan **loans, Deliver *deliver, void *env)
{
    const PlanFunc *f = &run->plan->funcs[func];
    const Linked *l = &run->funcs[func];
    BorrowScope scope = {0};
    Side side;
    if (!f->canon) return run_imported(run, f->import, args, arena, deliver, env);
    if (f->canon->async) return say(run, TRAP_not_run);
    if (!run_may_enter(run, l->env->instance, caller)) return say(run, TRAP_cannot_enter);
    Context before = run_enter(run, l->env->instance, caller);
    side_init(&side, l, arena, &scope, loans, caller == PLAN_NONE);
    Trap trap = run_lifted(l, args, &side, deliver, env);
    run_leave(run, l->env->instance, caller, before);
    return trap;
}

// ---- From another component

typedef struct { Side *side; u64 out; u64 *slots; } Lowering;

static Trap lower_result(void *env, const CValue *result)
{
    Lowering *to = env;
    const Linked *l = to->side->of;
    u64 core[1] = {0};
    u32 count = 0;
    if (l->result == CTYPE_NONE) return TRAP_none;
    side_look(to->side);
    if (!lower_values(to->side, 1, result, &l->result, 1, l->out_param ? &to->out : NULL, core,
                      &count))
        return side_trap(to->side);
    if (count) to->slots[0] = core[0];
    return TRAP_none;
}

// Asked before anything is lifted. spec: CanonicalABI/canon lift
static bool may_call(const Linked *l)
{
    const Linked *callee = &l->run->funcs[l->func];
    return !callee->canon || run_may_enter(l->run, callee->env->instance, l->env->instance);
}

static Trap call_lowered(const Linked *l, u64 *slots, Arena *arena)
{
    ComponentRun *run = l->run;
    if (!may_call(l)) return say(run, TRAP_cannot_enter);
    Loan *loans = NULL;
    Side side;
    CValue *args = NULL;
    side_init(&side, l, arena, NULL, &loans, !run->plan->funcs[l->func].canon);
    Lowering to = {&side, l->out_param ? slots[l->flat_params] : 0, slots};
    if (!lift_values(&side, FLAT_MOST, slots, l->params, l->count, &args)) return side_trap(&side);
    Trap trap = run_func(run, l->func, l->env->instance, args, arena, &loans, lower_result, &to);
    if (!trap) loans_end(loans);
    return trap;
}

Trap run_lowered(HostCall *call)
{
    const Linked *l = call->env;
    Arena arena;
    if (!state_of(l)->may_leave.value[0]) return say(l->run, TRAP_cannot_leave);
    if (l->canon->async) return say(l->run, TRAP_not_run);
    arena_init(&arena);
    arena.limit = RUN_VALUE_BYTES;
    Trap trap = call_lowered(l, call->slots, &arena);
    arena_free(&arena);
    return trap;
}

// ---- From the host

static Trap keep_result(void *env, const CValue *result)
{
    CValue *to = env;
    if (result) *to = *result;
    return TRAP_none;
}

Trap component_call(ComponentRun *run, u32 func, const CValue *args, CValue *result, Arena *arena)
{
    Loan *loans = NULL;
    CValue ignored;
    if (run->locked) return say(run, TRAP_cannot_enter);
    Trap trap = run_func(run, func, PLAN_NONE, args, arena, &loans, keep_result,
                         result ? result : &ignored);
    run->locked |= trap != TRAP_none;
    if (!trap) loans_end(loans);
    return trap;
}

bool component_drop(ComponentRun *run, u64 handle, Trap *trap)
{
    const Handle *h = handle_get(&run->handles, (u32)handle);
    *trap = TRAP_none;
    if (!h || h->serial != handle >> 32 || h->lends) return false;
    Handle was = *h;
    handle_remove(run->store, &run->handles, (u32)handle);
    if (!was.own) return true;
    *trap = run->locked ? say(run, TRAP_cannot_enter)
                        : run_destroy(run, was.resource, was.rep, PLAN_NONE);
    run->locked |= *trap != TRAP_none;
    return true;
}
