// template_api.c -- templates: instances as they were once. See weft_pool.h; what is kept is in
// run/template.h.

#include "api/pool.h"
#include "api/wasi_link.h"

#include <stdlib.h>

void template_release(weft_template *t)
{
    if (atomic_fetch_sub(&t->users, 1) != 1) return;
    u32 imported = t->module->source.module->imported_funcs;
    for (u32 i = 0; t->imports && i < imported; i++)
        if (t->imports[i]) host_shared_release(t->imports[i]);
    free(t->imports);
    types_drop(t->engine->engine->types, &t->types);
    template_free(&t->state);
    module_release(t->module);
    engine_release(t->engine);
    free(t);
}

void weft_template_free(weft_template *t)
{
    if (t) template_release(t);
}

// ---- Freezing

// A function of WASI's, as a linker would have it.
static ApiFunc *shared_wasi(TypeStore *types, TypeId type, const HostFunc *host)
{
    ApiFunc *h = calloc(1, sizeof *h);
    if (!h) return NULL;
    host_func_init(&h->host, types, type, host->fn, host->env);
    type_hold(types, type);
    h->types = types;
    h->type = type;
    atomic_init(&h->users, 1);
    return h;
}

static weft_status hold_imports(weft_template *t, weft_diag *diag)
{
    const Module *m = t->module->source.module;
    TypeStore *types = t->engine->engine->types;
    t->imports = calloc((size_t)m->imported_funcs + 1, sizeof *t->imports);
    if (!t->imports) return api_error(diag, ERR_out_of_memory, "%s", "for the template");
    for (u32 i = 0; i < m->imported_funcs; i++) {
        FrozenImport *f = &t->state.imports[i];
        ApiFunc *h = host_shared_of(f->host);
        bool wasi = !h && wasi_is_link(f->host);
        if (h) atomic_fetch_add(&h->users, 1);
        else if (wasi) h = shared_wasi(types, f->type, f->host);
        if (!h && wasi) return api_error(diag, ERR_out_of_memory, "%s", "for the template");
        if (!h)
            return api_refuse(diag, API_cannot_freeze, "function %u, which it imports, is of its "
                              "store alone", i);
        t->imports[i] = h;
        f->host = &h->host;
    }
    return WEFT_OK;
}

static weft_status freeze(weft_template *t, weft_store *ws, Instance *inst, weft_diag *diag)
{
    const char *why;
    // Those of a pool's store are held by what the pool is made of, which may be freed sooner.
    if (ws->place && types_hold_all(ws, pool_types(ws), diag) != WEFT_OK) return WEFT_ERROR;
    if (!template_freeze(&t->state, inst, &why)) {
        if (why) return api_refuse(diag, API_cannot_freeze, "%s", why);
        return api_error(diag, ERR_out_of_memory, "%s", "for the template");
    }
    if (!types_copy(ws->s->types, &ws->types, &t->types))
        return api_error(diag, ERR_out_of_memory, "%s", "for the template");
    return hold_imports(t, diag);
}

// Nothing stands there that would have to go on.
static weft_status check_quiet(const weft_store *ws, weft_instance instance, weft_diag *diag)
{
    if (instance.store != ws->id)
        return api_refuse(diag, API_wrong_store, "%s", "the instance");
    if (ws->s->exec.depth || ws->finalizing)
        return api_refuse(diag, API_is_running, "%s", "what it is after that nobody can say");
    if (!store_module_of(ws, ((const Instance *)instance.item)->module))
        return api_refuse(diag, API_cannot_freeze, "%s", "it is part of a component");
    if (ws->tasks) return api_refuse(diag, API_cannot_freeze, "%s", "the store has tasks");
    if (exec_may_continue(&ws->s->exec))
        return api_refuse(diag, API_cannot_freeze, "%s", "a call was stopped and can go on");
    u32 number;
    bool open;
    if (ws->wasi && wasi_changed(ws->wasi->ctx, &number, &open))
        return api_refuse(diag, API_cannot_freeze, open ? "it has opened descriptor %u of WASI"
                                                         : "it has closed descriptor %u of WASI",
                          number);
    return WEFT_OK;
}

weft_template *weft_template_of(weft_store *ws, weft_instance instance, weft_diag *diag)
{
    if (check_quiet(ws, instance, diag) != WEFT_OK) return NULL;
    exec_begin(&ws->s->exec);
    weft_store_collect(ws, NULL); // and tell of pointers that ended
    weft_template *t = calloc(1, sizeof *t);
    if (!t) {
        api_error(diag, ERR_out_of_memory, "%s", "for the template");
        return NULL;
    }
    Instance *inst = instance.item;
    atomic_init(&t->users, 1);
    t->engine = ws->engine;
    t->module = store_module_of(ws, inst->module);
    atomic_fetch_add(&t->engine->users, 1);
    atomic_fetch_add(&t->module->users, 1);
    t->state.module = inst->module;
    if (freeze(t, ws, inst, diag) == WEFT_OK) return t;
    template_release(t);
    return NULL;
}

static weft_status call_init(weft_store *ws, weft_instance instance, const char *init,
                             weft_diag *diag)
{
    weft_func func;
    weft_typed typed;
    if (weft_instance_func(ws, instance, init, &func, diag) != WEFT_OK) return WEFT_ERROR;
    if (weft_func_typed(ws, func, ":", &typed, diag) != WEFT_OK) return WEFT_ERROR;
    return weft_call_typed(ws, typed, NULL, diag);
}

weft_template *weft_template_new(weft_module *module, weft_linker *linker, const char *init,
                                 weft_diag *diag)
{
    weft_instance instance;
    weft_template *t = NULL;
    weft_store *ws = weft_store_new(module->engine, NULL, diag);
    if (!ws) return NULL;
    weft_status status = weft_instantiate(ws, module, linker, &instance, diag);
    if (status == WEFT_OK && init) status = call_init(ws, instance, init, diag);
    if (status == WEFT_OK) t = weft_template_of(ws, instance, diag);
    weft_store_free(ws);
    return t;
}

// ---- Instances

static weft_status find_imports(const weft_template *t, weft_store *ws, Func **out,
                                weft_diag *diag)
{
    for (u32 i = 0; i < t->state.module->imported_funcs; i++)
        if (!(out[i] = host_shared_in(ws, t->imports[i])))
            return api_short(diag, ws, "for the instance");
    if (template_suits(&t->state, ws->s, out)) return WEFT_OK;
    return api_refuse(diag, API_not_fresh, "%s", "objects of the template's need one that is");
}

static weft_status make(weft_template *t, weft_store *ws, Func **imports, weft_instance *out,
                        weft_diag *diag)
{
    Diag why;
    if (find_imports(t, ws, imports, diag) != WEFT_OK) return WEFT_ERROR;
    if (types_hold_all(ws, &t->types, diag) != WEFT_OK) return WEFT_ERROR;
    if (!store_keep_module(ws, t->module))
        return api_error(diag, ERR_out_of_memory, "%s", "for the instance");
    exec_begin(&ws->s->exec);
    Instance *inst = template_make(&t->state, ws->s, imports, NULL, &why);
    if (inst) *out = (weft_instance){ws->id, inst};
    if (inst) return WEFT_OK;
    store_drop_module(ws);
    return api_diag(diag, &why);
}

weft_status weft_template_instantiate(weft_template *t, weft_store *ws, weft_instance *out,
                                      weft_diag *diag)
{
    *out = (weft_instance){0, NULL};
    if (api_check_whole(ws, diag) != WEFT_OK) return WEFT_ERROR;
    if (t->engine != ws->engine)
        return api_refuse(diag, API_wrong_engine, "%s", "the store has one of its own");
    size_t count = (size_t)t->state.module->imported_funcs + 1;
    Func **imports = calloc(count, sizeof *imports);
    if (!imports) return api_error(diag, ERR_out_of_memory, "%s", "for the instance");
    weft_status status = make(t, ws, imports, out, diag);
    free(imports);
    return status;
}
