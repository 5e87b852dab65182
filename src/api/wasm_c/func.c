// func.c -- functions of wasm.h: called, and made of the host's own.

#include "api/wasm_c/wasm_c.h"

#include <stdio.h>
#include <stdlib.h>

// Values of a call, parameters and then results: few of them where it stands.
enum { FEW = 8 };

// ---- Calling

static const TypeDef *type_in(const wasm_func_t *f)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)f;
    return type_def(thing->store->weft->s->types, ((const Func *)thing->item)->type);
}

// What is wrong with the arguments, or NULL.
static wasm_trap_t *args_in(wasm_store_t *store, const TypeDef *def, const wasm_val_vec_t *args,
                            weft_val *out)
{
    const TypeStore *types = store->weft->s->types;
    const char *why;
    size_t given = args ? args->size : 0;
    if (given != def->param_count)
        return trap_refused(store, "wrong number of values: the function takes %u, not %zu",
                            def->param_count, given);
    for (u32 i = 0; i < def->result_count; i++)
        if (type_results(def)[i] == TYPE_v128)
            return trap_refused(store, "result %u is a v128, which has no value in wasm.h", i);
    for (u32 i = 0; i < def->param_count; i++)
        if (!val_in(store, &args->data[i], api_type(types, def->params[i]), &out[i], &why))
            return trap_refused(store, "value %u is %s", i, why);
    return NULL;
}

// All that there is room for, or none.
static wasm_trap_t *results_out(wasm_store_t *store, const TypeDef *def, const weft_val *results,
                                wasm_val_vec_t *out)
{
    const TypeStore *types = store->weft->s->types;
    size_t room = out ? out->size : 0;
    bool whole = true;
    for (u32 i = 0; i < def->result_count; i++) {
        wasm_val_t lost, *val = i < room ? &out->data[i] : &lost;
        whole &= val_out(store, api_type(types, type_results(def)[i]), &results[i], val);
        if (val == &lost) wasm_val_delete(&lost);
    }
    if (whole) return NULL;
    for (u32 i = 0; i < MIN(def->result_count, room); i++) wasm_val_delete(&out->data[i]);
    return trap_refused(store, "out of memory: for a result");
}

static wasm_trap_t *call(wasm_store_t *store, const wasm_func_t *f, const wasm_val_vec_t *args,
                         wasm_val_vec_t *results)
{
    const TypeDef *def = type_in(f);
    weft_store *ws = store->weft;
    weft_func func = {ws->id, ((const wasm_ref_t *)f)->item};
    u32 count = (u32)def->param_count + def->result_count;
    weft_val few[FEW], *vals = few;
    weft_diag diag;
    if (count > FEW && !(vals = malloc(count * sizeof *vals)))
        return trap_refused(store, "out of memory: for the arguments");
    wasm_trap_t *trap = args_in(store, def, args, vals);
    if (!trap) {
        weft_val *out = vals + def->param_count;
        weft_status status = weft_call(ws, func, vals, def->param_count, out, def->result_count,
                                       &diag);
        trap = status == WEFT_OK ? results_out(store, def, out, results)
                                 : trap_end(store, status, &diag);
    }
    if (vals != few) free(vals);
    return trap;
}

wasm_trap_t *wasm_func_call(const wasm_func_t *f, const wasm_val_vec_t *args,
                            wasm_val_vec_t *results)
{
    wasm_store_t *store = ((const wasm_ref_t *)f)->store;
    if (!store->weft) return trap_refused(store, "the store of this function was deleted");
    store_enter(store);
    store->last = NULL;
    wasm_trap_t *trap = call(store, f, args, results);
    store_leave(store);
    return trap;
}

wasm_functype_t *wasm_func_type(const wasm_func_t *f)
{
    return (wasm_functype_t *)wasm_extern_type((const wasm_extern_t *)f);
}

size_t wasm_func_param_arity(const wasm_func_t *f)
{
    return ((const wasm_ref_t *)f)->store->weft ? type_in(f)->param_count : 0;
}

size_t wasm_func_result_arity(const wasm_func_t *f)
{
    return ((const wasm_ref_t *)f)->store->weft ? type_in(f)->result_count : 0;
}

// ---- Of the host

typedef struct {
    wasm_func_callback_t plain; // or the other
    wasm_func_callback_with_env_t with_env;
    void *env;
    void (*finalizer)(void *env);
} Callback;

// Dies with the weft_store.
typedef struct {
    wasm_store_t *store;
    Callback callback;
    u32 param_count, result_count;
    weft_type types[];             // parameters, then results
} HostCallback;

static void callback_end(void *env)
{
    HostCallback *h = env;
    if (h->callback.finalizer) h->callback.finalizer(h->callback.env);
    free(h);
}

// The handles that values are given to the guest by must outlive the host's own, until it has them.
static bool hand_over(weft_store *ws, weft_val *v)
{
    Handed given;
    return v->type != WEFT_REF || !v->of.ref.handle ||
        (handle_find(ws, v->of.ref, &given) &&
         api_ref_out(ws, given.type, given.ref, &v->of.ref, NULL) == WEFT_OK);
}

static weft_status results_in(const HostCallback *h, weft_caller *caller, const wasm_val_t *vals,
                              weft_val *results)
{
    const weft_type *types = h->types + h->param_count;
    char message[100];
    const char *why = "short of memory";
    for (u32 i = 0; i < h->result_count; i++) {
        if (val_in(h->store, &vals[i], types[i], &results[i], &why) &&
            hand_over(h->store->weft, &results[i])) continue;
        snprintf(message, sizeof message, "result %u is %s", i, why);
        return weft_trap(caller, message);
    }
    return WEFT_OK;
}

// `vals` has room for all parameters and results, and is null or 0 in the end.
static weft_status run(const HostCallback *h, weft_caller *caller, const weft_val *args,
                       weft_val *results, wasm_val_t *vals)
{
    wasm_val_vec_t in = {h->param_count, h->param_count ? vals : NULL};
    wasm_val_vec_t out = {h->result_count, h->result_count ? vals + h->param_count : NULL};
    bool whole = true;
    for (u32 i = 0; i < h->param_count; i++)
        whole &= val_out(h->store, h->types[i], &args[i], &vals[i]);
    for (u32 i = 0; i < h->result_count; i++)
        out.data[i] = (wasm_val_t){.kind = kind_of(h->types[h->param_count + i])};
    h->store->last = NULL;
    const Callback *c = &h->callback;
    wasm_trap_t *trap = !whole     ? trap_refused(h->store, "out of memory: for the arguments")
                        : c->plain ? c->plain(&in, &out)
                                   : c->with_env(c->env, &in, &out);
    weft_status status = trap ? trap_throw(h->store, caller, trap)
                              : results_in(h, caller, vals + h->param_count, results);
    for (u32 i = 0; i < h->param_count + h->result_count; i++) wasm_val_delete(&vals[i]);
    return status;
}

static weft_status run_callback(void *env, weft_caller *caller, const weft_val *args,
                                weft_val *results)
{
    const HostCallback *h = env;
    u32 count = h->param_count + h->result_count;
    wasm_val_t few[FEW], *vals = few;
    if (count > FEW && !(vals = malloc(count * sizeof *vals)))
        return weft_trap(caller, "out of memory: for the arguments");
    weft_status status = run(h, caller, args, results, vals);
    if (vals != few) free(vals);
    return status;
}

// False: of these no function can be made.
static bool types_in(const wasm_valtype_vec_t *from, weft_type *out)
{
    for (size_t i = 0; i < from->size; i++)
        if (!kind_in(wasm_valtype_kind(from->data[i]), &out[i])) return false;
    return true;
}

// The type as the store has it, with a count that the caller gives back. False: out of memory.
static bool intern(TypeStore *types, const HostCallback *h, TypeId *out)
{
    u32 count = h->param_count + h->result_count;
    Type *all = calloc(count + 1, sizeof *all);
    if (!all) return false;
    for (u32 i = 0; i < count; i++) all[i] = api_plain_type(h->types[i]);
    const TypeDef def = {
        .kind = COMP_func, .final = true, .super = TYPE_NONE, .describes = TYPE_NONE,
        .descriptor = TYPE_NONE, .params = all, .param_count = (u16)h->param_count,
        .result_count = (u16)h->result_count,
    };
    bool done = type_store_intern(types, &def, 1, out);
    free(all);
    return done;
}

static bool make(const HostCallback *h, weft_func *out)
{
    weft_store *ws = h->store->weft;
    TypeStore *types = ws->s->types;
    TypeId id;
    if (!intern(types, h, &id)) return false;
    weft_deftype type = {types, id};
    weft_status status = weft_func_new_of(ws, type, run_callback, (void *)h, callback_end, out,
                                          NULL);
    type_give_back(types, &id, 1);
    return status == WEFT_OK;
}

static wasm_func_t *func_new(wasm_store_t *store, const wasm_functype_t *type, Callback callback)
{
    enum { MOST = 1000 }; // as a module may have
    const wasm_valtype_vec_t *params = wasm_functype_params(type);
    const wasm_valtype_vec_t *results = wasm_functype_results(type);
    size_t count = params->size + results->size;
    weft_func func;
    if (!store->weft || params->size > MOST || results->size > MOST) return NULL;
    HostCallback *h = malloc(sizeof *h + count * sizeof h->types[0]);
    if (!h) return NULL;
    h->store = store;
    h->callback = callback;
    h->param_count = (u32)params->size;
    h->result_count = (u32)results->size;
    if (!types_in(params, h->types) || !types_in(results, h->types + params->size) ||
        !make(h, &func)) {
        free(h);
        return NULL;
    }
    wasm_ref_t *thing = thing_of(store, THING_func, func.item);
    // Too late to take it back: but nobody can call it, and the caller keeps what is its own.
    if (!thing) h->callback.finalizer = NULL;
    return (wasm_func_t *)thing;
}

wasm_func_t *wasm_func_new(wasm_store_t *store, const wasm_functype_t *type,
                           wasm_func_callback_t callback)
{
    return func_new(store, type, (Callback){.plain = callback});
}

wasm_func_t *wasm_func_new_with_env(wasm_store_t *store, const wasm_functype_t *type,
                                    wasm_func_callback_with_env_t callback, void *env,
                                    void (*finalizer)(void *env))
{
    return func_new(store, type, (Callback){NULL, callback, env, finalizer});
}
