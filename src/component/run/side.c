// side.c -- one side of the border: a guest's memory, its realloc, its handles.

#include "component/run/state.h"

void side_look(Side *s)
{
    const Memory *m = s->of->memory;
    s->memory = m ? (AbiMemory){m->base, m->size} : (AbiMemory){0};
}

static bool reallocate(void *env, u64 old, u64 old_size, u32 align, u64 size, u64 *at)
{
    Side *s = env;
    const Linked *l = s->of;
    u64 slots[4] = {old, old_size, align, size};
    s->trap = run_realloc(l->run, l->env->instance, l->realloc, slots, COUNT_OF(slots));
    side_look(s);
    *at = slots[0];
    return !s->trap;
}

static bool go_on(void *env)
{
    Side *s = env;
    Exec *x = exec_of(s->of);
    s->trap = exec_asked(x);
    if (!s->trap) s->trap = exec_pay(x, bytes_units(PACE_BYTES));
    return !s->trap;
}

bool side_paid(Side *s)
{
    s->trap = exec_pay(exec_of(s->of), bytes_units(s->abi.work));
    s->abi.work = 0;
    return !s->trap;
}

// ---- Handles. Between guests one is the representation of what it stands for; the host has a
// table of its own.

static u64 host_handle(u32 index, u32 serial) { return (u64)serial << 32 | index; }

static Handle *host_get(ComponentRun *run, u64 handle)
{
    Handle *h = handle_get(&run->handles, (u32)handle);
    return h && h->serial == handle >> 32 ? h : NULL;
}

static Trap refuse_handle(ComponentRun *run, Trap trap, u32 index)
{
    Exec *x = &run->store->exec;
    return trap == TRAP_unknown_handle ? exec_trap(x, trap, "%u", index)
                                       : exec_trap(x, trap, "index %u", index);
}

static bool refuse(Side *s, AbiFault *fault, Trap trap, u32 index)
{
    *fault = FAULT_handle;
    s->trap = refuse_handle(s->of->run, trap, index);
    return false;
}

static bool is_own(const CTypes *types, CType t) { return ctype_form(types, t) == CFORM_own; }
// Else it is a stream, a future or an error-context.
static bool is_resource(const Side *s, CType t)
{
    CForm form = ctype_form(s->abi.types, t);
    return form == CFORM_own || form == CFORM_borrow;
}

static u32 resource_of(const Side *s, CType t)
{
    const CTypes *types = s->abi.types;
    return plan_resource(types, s->of->env, ctype_def(types, t)->fields[0].type);
}

// To the host: one of its own resources is what it said, another gets a place in its table.
static bool give_host(Side *s, u32 resource, u64 rep, bool own, u64 *handle, AbiFault *fault)
{
    ComponentRun *run = s->of->run;
    Trap trap;
    *handle = rep;
    if (run->plan->resources[resource].instance == PLAN_NONE) return true;
    Handle h = {.rep = rep, .resource = resource, .own = own, .serial = ++run->serial};
    u32 index = handle_add(run->store, &run->handles, h, &trap);
    *handle = host_handle(index, h.serial);
    return index || refuse(s, fault, trap, index);
}

Trap run_lift_handle(ComponentRun *run, u32 instance, u32 resource, bool own, u32 index, u64 *rep)
{
    HandleTable *table = &run->states[instance].handles;
    Handle *h = handle_get(table, index);
    if (!h) return refuse_handle(run, TRAP_unknown_handle, index);
    if (h->resource != resource) return refuse_handle(run, TRAP_handle_of_another_type, index);
    *rep = h->rep;
    if (!own) {
        h->lends++;
        return TRAP_none;
    }
    if (h->lends) return refuse_handle(run, TRAP_handle_is_lent, index);
    if (!h->own) return refuse_handle(run, TRAP_handle_of_another_type, index);
    handle_remove(run->store, table, index);
    return TRAP_none;
}

// A borrowed one is what it stands for where that is defined.
Trap run_lower_handle(ComponentRun *run, u32 instance, u32 resource, bool own, BorrowScope *scope,
                      u64 rep, u32 *index)
{
    Trap trap;
    *index = (u32)rep;
    if (!own && run->plan->resources[resource].instance == instance) return TRAP_none;
    Handle h = {.rep = rep, .resource = resource, .own = own, .scope = own ? NULL : scope};
    *index = handle_add(run->store, &run->states[instance].handles, h, &trap);
    if (*index && !own) scope->borrows++;
    return trap;
}

static bool lift_handle(void *env, CType type, u32 index, u64 *handle, AbiFault *fault)
{
    Side *s = env;
    ComponentRun *run = s->of->run;
    u32 instance = s->of->env->instance;
    u64 rep;
    if (!is_resource(s, type)) return refuse(s, fault, TRAP_not_run, index);
    u32 resource = resource_of(s, type);
    bool own = is_own(s->abi.types, type);
    Loan *loan = own ? NULL : NEW(s->abi.arena, Loan);
    *fault = FAULT_handle;
    s->trap = run_lift_handle(run, instance, resource, own, index, &rep);
    if (s->trap) return false;
    if (loan) {
        *loan = (Loan){*s->loans, &run->states[instance].handles, index};
        *s->loans = loan;
    }
    *handle = rep;
    return !s->host || give_host(s, resource, rep, own, handle, fault);
}

// From the host: an own handle is no longer its own.
static bool take_host(Side *s, u32 resource, bool own, u64 *handle, AbiFault *fault)
{
    ComponentRun *run = s->of->run;
    if (run->plan->resources[resource].instance == PLAN_NONE) return true;
    u32 index = (u32)*handle;
    Handle *h = host_get(run, *handle);
    if (!h) return refuse(s, fault, TRAP_unknown_handle, index);
    if (h->resource != resource || (own && !h->own))
        return refuse(s, fault, TRAP_handle_of_another_type, index);
    if (own && h->lends) return refuse(s, fault, TRAP_handle_is_lent, index);
    *handle = h->rep;
    if (own) {
        handle_remove(run->store, &run->handles, index);
        return true;
    }
    Loan *loan = s->loans ? NEW(s->abi.arena, Loan) : NULL;
    if (!loan) return true;
    *loan = (Loan){*s->loans, &run->handles, index};
    *s->loans = loan;
    h->lends++;
    return true;
}

static bool lower_handle(void *env, CType type, u64 handle, u32 *index, AbiFault *fault)
{
    Side *s = env;
    if (!is_resource(s, type)) return refuse(s, fault, TRAP_not_run, 0);
    u32 resource = resource_of(s, type);
    bool own = is_own(s->abi.types, type);
    if (s->host && !take_host(s, resource, own, &handle, fault)) return false;
    *fault = FAULT_handle;
    s->trap = run_lower_handle(s->of->run, s->of->env->instance, resource, own, s->scope, handle,
                               index);
    return !s->trap;
}

void loans_end(Loan *loans)
{
    for (; loans; loans = loans->next) loans->table->items[loans->index].lends--;
}

void side_init(Side *s, const Linked *of, Arena *arena, BorrowScope *scope, Loan **loans,
               bool host)
{
    *s = (Side){.of = of, .scope = scope, .loans = loans, .host = host,
                .pace = {go_on, s}};
    s->abi = (Abi){.types = &of->run->plan->component->types, .memory = &s->memory,
                   .wide = of->canon->wide, .encoding = of->canon->encoding,
                   .realloc = reallocate, .lift_handle = lift_handle,
                   .lower_handle = lower_handle, .env = s, .pace = &s->pace, .arena = arena};
    side_look(s);
}

Trap side_trap(Side *s)
{
    static const Trap traps[FAULT_COUNT] = {
#define TRAP_handle TRAP_unknown_handle
#define TRAP_trapped TRAP_unreachable // realloc said why
#define FAULT(name, text) [FAULT_##name] = TRAP_##name,
#include "component/abi/fault.def"
    };
    return s->trap ? s->trap : exec_trap(exec_of(s->of), traps[s->abi.fault], "%s", "");
}
