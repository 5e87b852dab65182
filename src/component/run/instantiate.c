// instantiate.c -- an instance of a component: the steps of its plan, one after the other.

#include "component/run/fuse.h"

typedef struct {
    ComponentRun *run;
    Diag *diag;
    Trap trap;
} Making;

static bool no_memory(Making *m)
{
    return store_short(m->run->store, m->diag, "for the component");
}

// ---- Core instances

typedef struct { const ComponentRun *run; const Step *step; } Linking;

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    const Linking *l = env;
    *out = l->run->slots[l->step->args[import - l->step->module->imports]];
    return true;
}

static bool step_instantiate(Making *m, const Step *s)
{
    ComponentRun *run = m->run;
    Linking linking = {run, s};
    u32 instance = s->env->instance;
    Context before = run_enter(run, instance, PLAN_NONE);
    Instantiated made = engine_instantiate(run->store, s->module, resolve, &linking, m->diag);
    run_leave(run, instance, PLAN_NONE, before);
    if (made.trap) run->store->exec.resumable = false; // as run_core
    if (made.trap == TRAP_uncaught_exception)
        made.trap = exec_trap(&run->store->exec, TRAP_exception_at_border, "%s", "");
    run->cores[s->to] = made.instance;
    m->trap = made.trap;
    return made.instance && !made.trap;
}

static bool step_fuse(Making *m, const Step *s)
{
    Instantiated made = run_fuse(m->run, s, m->diag);
    m->trap = made.trap;
    return made.instance && !made.trap;
}

static bool step_take(Making *m, const Step *s)
{
    ComponentRun *run = m->run;
    return instance_export_at(run->cores[s->from], s->index, &run->slots[s->to]) || no_memory(m);
}

static Func *func_in(const ComponentRun *run, u32 slot)
{
    return slot == PLAN_NONE ? NULL : run->slots[slot].func;
}

static bool step_resource(Making *m, const Step *s)
{
    m->run->destructors[s->to] = func_in(m->run, s->from);
    return true;
}

// ---- Canonical definitions

static bool link_types(Making *m, Linked *l, CType type, bool lift)
{
    const CTypes *types = &m->run->plan->component->types;
    const CFunc *f = ctype_def(types, type)->func;
    FlatSig sig;
    FlatWay way = {.lift = lift, .is64 = l->canon && l->canon->wide};
    cfunc_flatten(types, f, way, &sig);
    l->params = store_alloc(m->run->store, f->count, sizeof *l->params);
    if (!l->params && f->count) return no_memory(m);
    for (u32 i = 0; i < f->count; i++) l->params[i] = f->params[i].type;
    l->count = f->count;
    l->result = f->result;
    l->out_param = !lift && f->result != CTYPE_NONE &&
                   ctype_layout(types, f->result)->flat_count > 1;
    l->flat_params = sig.count - l->out_param;
    return true;
}

static void link_options(Making *m, Linked *l, const Step *s)
{
    ComponentRun *run = m->run;
    l->run = run;
    l->env = s->env;
    l->canon = s->canon;
    if (s->canon->memory != PLAN_NONE) l->memory = run->slots[s->canon->memory].memory;
    l->realloc = func_in(run, s->canon->realloc);
    l->post_return = func_in(run, s->canon->post_return);
}

static bool step_lift(Making *m, const Step *s)
{
    Linked *l = &m->run->funcs[s->to];
    link_options(m, l, s);
    l->core = func_in(m->run, s->from);
    return link_types(m, l, s->canon->type, true);
}

static bool make_core_func(Making *m, const Step *s, HostFn *fn, Linked *l)
{
    ComponentRun *run = m->run;
    Func *func = func_new_host(run->store, s->canon->core, fn, l);
    if (!func) return no_memory(m);
    run->slots[s->to] = (Extern){.kind = EXTERN_func, .func = func};
    return true;
}

static bool step_lower(Making *m, const Step *s)
{
    Linked *l = store_alloc(m->run->store, 1, sizeof *l);
    if (!l) return no_memory(m);
    link_options(m, l, s);
    l->func = s->from;
    return link_types(m, l, s->canon->type, false) && make_core_func(m, s, run_lowered, l);
}

static bool step_builtin(Making *m, const Step *s)
{
    Linked *l = store_alloc(m->run->store, 1, sizeof *l);
    if (!l) return no_memory(m);
    link_options(m, l, s);
    l->func = s->index;
    return make_core_func(m, s, builtin_find((Canon)s->canon->row), l);
}

static bool execute(Making *m, const Step *s)
{
    static bool (*const steps[])(Making *m, const Step *s) = {
#define STEP(name, text) [STEP_##name] = step_##name,
#include "component/run/step.def"
    };
    return steps[s->kind](m, s);
}

// ---- What the root imports

static bool refuse_import(Making *m, const PlanImport *i, Bytes outer)
{
    return diag_fail(m->diag, ERR_unknown_import, 0, "%s \"%.*s\"%s%.*s", centity_text[i->kind],
                     (int)MIN(i->name.len, 80), (const char *)i->name.data,
                     outer.len ? " of " : "", (int)MIN(outer.len, 80), (const char *)outer.data);
}

static bool find_import(Making *m, u32 number)
{
    const Plan *plan = m->run->plan;
    const ComponentHost *host = m->run->host;
    const PlanImport *i = &plan->imports[number];
    HostImport *to = &m->run->imports[number];
    Bytes outer = i->outer == PLAN_NONE ? (Bytes){0} : plan->imports[i->outer].name;
    bool found = host ? host->find(host->env, plan, i, outer, to, m->diag)
                      : i->kind == CENTITY_instance;
    return found || (m->diag->err == ERR_none && refuse_import(m, i, outer));
}

// ---- All of it

static void init_flags(InstanceState *s)
{
    for (u32 i = 0; i < COUNT_OF(s->context); i++)
        s->context[i].type = (GlobalType){TYPE_i64, true};
    s->may_leave = s->may_enter = (Global){.value = {true}, .type = {TYPE_i32, true}};
}

static bool make_room(Making *m)
{
    ComponentRun *run = m->run;
    const Plan *p = run->plan;
    Store *s = run->store;
    run->slots = store_alloc(s, p->slots, sizeof *run->slots);
    run->cores = store_alloc(s, p->cores, sizeof *run->cores);
    run->states = store_alloc(s, p->instance_count, sizeof *run->states);
    run->funcs = store_alloc(s, p->func_count, sizeof *run->funcs);
    run->imports = store_alloc(s, p->import_count, sizeof *run->imports);
    run->destructors = store_alloc(s, p->resource_count, sizeof *run->destructors);
    if (!run->slots || !run->cores || !run->states || !run->funcs || !run->imports ||
        !run->destructors)
        return no_memory(m);
    for (u32 i = 0; i < p->instance_count; i++) init_flags(&run->states[i]);
    return true;
}

ComponentRun *component_instantiate(Store *store, const Plan *plan, const ComponentHost *host,
                                    Trap *trap, Diag *diag)
{
    Making m = {.run = store_alloc(store, 1, sizeof *m.run), .diag = diag};
    diag_init(diag);
    *trap = TRAP_none;
    if (!m.run) {
        store_short(store, diag, "for the component");
        return NULL;
    }
    *m.run = (ComponentRun){.store = store, .plan = plan, .host = host};
    bool made = make_room(&m);
    for (u32 i = 0; i < plan->import_count && made; i++) made = find_import(&m, i);
    for (u32 i = 0; i < plan->count && made; i++) made = execute(&m, &plan->steps[i]);
    *trap = m.trap;
    return made ? m.run : NULL;
}

const Plan *component_plan(const ComponentRun *run) { return run->plan; }
Store *component_store(const ComponentRun *run) { return run->store; }
