// component_run_api.c -- instances of components as weft_component.h has them.

#include "api/component.h"

#include <stdlib.h>
#include <string.h>

struct weft_cinstance {
    weft_store *store;
    weft_component *component;
    ComponentRun *run;
};

void components_let_go(ComponentUse *uses)
{
    for (ComponentUse *next; uses; uses = next) {
        next = uses->next;
        component_unlink(uses);
        weft_component_free(uses->component); // which counts
        free(uses);
    }
}

// Also when making an instance fails late: something of it may be called by then.
static ComponentUse *keep(weft_store *ws, weft_component *c)
{
    ComponentUse *use = malloc(sizeof *use);
    if (!use) return NULL;
    *use = (ComponentUse){.next = ws->components, .component = c, .store = ws};
    ws->components = use;
    atomic_fetch_add(&c->users, 1);
    return use;
}

// Without one it is tried again, for the reason.
static weft_status cannot_plan(const weft_component *c, weft_diag *diag)
{
    Diag why;
    Plan *plan = plan_make(c->component, NULL, &why);
    plan_free(plan);
    if (plan) return api_error(diag, ERR_out_of_memory, "%s", "for the component's plan");
    return api_diag(diag, &why);
}

weft_status weft_component_instantiate(weft_store *ws, weft_component *c, weft_linker *linker,
                                       weft_cinstance **out, weft_diag *diag)
{
    Diag why;
    Trap trap;
    *out = NULL;
    if (api_check_whole(ws, diag) != WEFT_OK) return WEFT_ERROR;
    if (c->engine != ws->engine)
        return api_refuse(diag, API_wrong_engine, "%s", "a component");
    if (linker && linker_engine(linker) != ws->engine)
        return api_refuse(diag, API_wrong_engine, "%s", "the linker has one of its own");
    if (!c->plan) return cannot_plan(c, diag);
    weft_cinstance *i = store_alloc(ws->s, 1, sizeof *i);
    if (!i) return api_short(diag, ws, "for the instance");
    ComponentUse *use = keep(ws, c);
    if (!use || !component_link(use, linker))
        return api_error(diag, ERR_out_of_memory, "%s", "for the instance");
    *i = (weft_cinstance){ws, c, NULL};
    i->run = component_instantiate(ws->s, c->plan, linker ? &use->host : NULL, &trap, &why);
    use->linker = NULL;
    if (!i->run && !trap) return api_diag(diag, &why);
    weft_status status = api_leave(ws, trap, diag);
    if (status != WEFT_OK) return status;
    *out = i;
    return WEFT_OK;
}

bool weft_cinstance_func(weft_cinstance *i, const char *name, weft_cfunc *out)
{
    Bytes text = {(const u8 *)name, strlen(name)};
    const Origin *o = plan_func(i->component->plan, text);
    *out = (weft_cfunc){0};
    if (!o) return false;
    *out = (weft_cfunc){i, {i->component, o->type}, o->func};
    return true;
}

static weft_status check_args(weft_cfunc f, const weft_cvalue *args, size_t count,
                              weft_diag *diag)
{
    const CTypes *types = &f.of->component->component->types;
    const CFunc *func = ctype_def(types, f.type.number)->func;
    AbiFault fault;
    if (count != func->count)
        return api_refuse(diag, API_wrong_count, "the function takes %u, not %zu", func->count,
                          count);
    for (u32 i = 0; i < func->count; i++)
        if (!abi_check(types, func->params[i].type, &args[i], &fault))
            return api_refuse(diag, API_wrong_type, "argument %u: %s", i, abi_fault_text[fault]);
    return WEFT_OK;
}

weft_status weft_component_call(weft_cfunc f, const weft_cvalue *args, size_t count,
                                weft_cvalues *in, weft_cvalue *result, weft_diag *diag)
{
    if (!f.of) return api_refuse(diag, API_no_function, "%s", "none of an instance's");
    weft_store *ws = f.of->store;
    if (api_check_whole(ws, diag) != WEFT_OK) return WEFT_ERROR;
    weft_status status = check_args(f, args, count, diag);
    if (status != WEFT_OK) return status;
    if (result) memset(result, 0, sizeof *result);
    Trap trap = component_call(f.of->run, f.number, args, result, &in->arena);
    in->arena.on_failure = NULL;
    return api_leave(ws, trap, diag);
}

weft_status weft_cinstance_drop(weft_cinstance *i, uint64_t handle, weft_diag *diag)
{
    Trap trap;
    if (api_check_whole(i->store, diag) != WEFT_OK) return WEFT_ERROR;
    if (!component_drop(i->run, handle, &trap))
        return api_refuse(diag, API_stale_reference, "%s", "no such handle, or it is lent");
    return api_leave(i->store, trap, diag);
}
