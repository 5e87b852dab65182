// builtin.c -- core functions that the runtime gives to components.
// spec: CanonicalABI/canon resource.new and those behind it

#include "component/run/state.h"

static Trap unknown(const Linked *l, u32 index)
{
    return exec_trap(exec_of(l), TRAP_unknown_handle, "%u", index);
}

static Trap cannot_leave(const Linked *l)
{
    return exec_trap(exec_of(l), TRAP_cannot_leave, "%s", canon_info[l->canon->row].text);
}

static Trap resource_new(HostCall *call)
{
    const Linked *l = call->env;
    bool wide = ctype_def(&l->run->plan->component->types, l->canon->type)->rep == TYPE_i64;
    Handle h = {.rep = wide ? call->slots[0] : (u32)call->slots[0], .resource = l->func,
                .own = true};
    Trap trap;
    if (!state_of(l)->may_leave.value[0]) return cannot_leave(l);
    call->slots[0] = handle_add(l->run->store, &state_of(l)->handles, h, &trap);
    return trap ? exec_trap(exec_of(l), trap, "%s", "for a handle") : TRAP_none;
}

static Trap resource_rep(HostCall *call)
{
    const Linked *l = call->env;
    u32 index = (u32)call->slots[0];
    const Handle *h = handle_get(&state_of(l)->handles, index);
    if (!h) return unknown(l, index);
    if (h->resource != l->func)
        return exec_trap(exec_of(l), TRAP_handle_of_another_type, "index %u", index);
    call->slots[0] = h->rep;
    return TRAP_none;
}

static Trap resource_drop(HostCall *call)
{
    const Linked *l = call->env;
    HandleTable *table = &state_of(l)->handles;
    u32 index = (u32)call->slots[0];
    if (!state_of(l)->may_leave.value[0]) return cannot_leave(l);
    const Handle *h = handle_get(table, index);
    if (!h) return unknown(l, index);
    if (h->resource != l->func)
        return exec_trap(exec_of(l), TRAP_handle_of_another_type, "index %u", index);
    if (h->lends) return exec_trap(exec_of(l), TRAP_handle_is_lent, "index %u", index);
    Handle was = *h;
    handle_remove(l->run->store, table, index);
    if (was.own) return run_destroy(l->run, was.resource, was.rep, l->env->instance);
    was.scope->borrows--;
    return TRAP_none;
}

static Trap context_get(HostCall *call)
{
    const Linked *l = call->env;
    call->slots[0] = state_of(l)->context[l->func].value[0];
    return TRAP_none;
}

static Trap context_set(HostCall *call)
{
    const Linked *l = call->env;
    state_of(l)->context[l->func].value[0] = call->slots[0];
    return TRAP_none;
}

// What it would do is not there yet; that it may not be called is.
static Trap not_run(HostCall *call)
{
    const Linked *l = call->env;
    const CanonInfo *info = &canon_info[l->canon->row];
    if (info->does & CANON_LEAVES && !state_of(l)->may_leave.value[0]) return cannot_leave(l);
    return exec_trap(exec_of(l), TRAP_not_run, "%s", info->text);
}

HostFn *builtin_find(Canon row)
{
    switch (row) {
    case CANON_resource_new: return resource_new;
    case CANON_resource_rep: return resource_rep;
    case CANON_resource_drop: return resource_drop;
    case CANON_context_get: return context_get;
    case CANON_context_set: return context_set;
    default: return not_run;
    }
}
