// component_run.c -- see component_run.h.

#include "script/component_run.h"

#include "engine/engine.h"

static Module *load(void *env, const u8 *bytes, size_t size, Diag *diag)
{
    return engine_load(env, bytes, size, diag);
}

bool script_run_load(Executor *x, Bytes bytes, Features features, const PlanLink *link,
                     ScriptRun *out, Diag *diag)
{
    Engine *engine = x->ops->engine(x);
    CModuleLoader loader = {.load = load, .drop = engine_unload, .env = engine,
                            .runs = true};
    *out = (ScriptRun){0};
    out->component = component_load(bytes.data, bytes.len, features, engine->types, &loader, diag);
    if (!out->component) return false;
    out->plan = plan_make(out->component, link, diag);
    return out->plan != NULL;
}

void script_run_free(ScriptRun *r)
{
    plan_free(r->plan);
    component_free(r->component);
}

ComponentRun *script_run_make(Executor *x, const ScriptRun *r, const ComponentHost *host,
                              Trap *trap, Diag *diag)
{
    return component_instantiate(x->ops->store(x), r->plan, host, trap, diag);
}
