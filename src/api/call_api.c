// call_api.c -- calls from the host to the guest, and back.
//
// A host function that calls the guest leaves its own caller's place on the fiber below. When that
// call traps, the fiber stays where the trap was, so that a backtrace can be had, until the host
// function calls again or traps for a reason of its own: then it is put back. A
// failure that is only passed on keeps its place, and the backtrace shows the whole way.

#include "api/api.h"
#include "weft_snapshot.h"

#include <stdlib.h>
#include <string.h>

// ---- Calling the guest

static weft_status call_func(weft_store *ws, Func *func, u64 *slots, u32 room, weft_diag *diag)
{
    return api_leave(ws, engine_call(ws->s, func, slots, room), diag);
}

static weft_status call_values(weft_store *ws, Func *func, const TypeDef *def, const weft_val *args,
                               weft_val *results, u64 *slots, u32 room, weft_diag *diag)
{
    weft_status status = api_values_in(ws, def->params, def->param_count, args, slots, NULL, diag);
    if (status == WEFT_OK) status = call_func(ws, func, slots, room, diag);
    if (status != WEFT_OK) return status;
    return api_values_out(ws, type_results(def), def->result_count, slots, results, diag);
}

weft_status weft_call(weft_store *ws, weft_func func, const weft_val *args, size_t arg_count,
                      weft_val *results, size_t result_count, weft_diag *diag)
{
    enum { FEW = 32 };
    if (func.store != ws->id) return api_refuse(diag, API_wrong_store, "%s", "the function");
    Func *f = func.item;
    const TypeDef *def = type_def(ws->s->types, f->type);
    if (arg_count != def->param_count || result_count != def->result_count)
        return api_refuse(diag, API_wrong_count,
                          "the function takes %u and gives %u, not %zu and %zu",
                          def->param_count, def->result_count, arg_count, result_count);
    u64 few[FEW], *slots = few;
    u32 room = func_slots(f);
    if (room > FEW && !(slots = malloc(room * sizeof *slots)))
        return api_error(diag, ERR_out_of_memory, "%s", "for the arguments");
    weft_status status = call_values(ws, f, def, args, results, slots, room, diag);
    if (slots != few) free(slots);
    return status;
}

bool weft_store_may_continue(const weft_store *ws) { return engine_may_continue(ws->s); }

bool weft_store_stopped(const weft_store *ws, weft_func *out)
{
    if (!engine_may_continue(ws->s)) return false;
    *out = (weft_func){ws->id, ws->s->exec.called};
    return true;
}

weft_status weft_continue(weft_store *ws, weft_val *results, size_t result_count, weft_diag *diag)
{
    if (!engine_may_continue(ws->s)) return api_refuse(diag, API_not_stopped, "%s",
                                                         "the last one ended, or was continued");
    const Func *f = ws->s->exec.called;
    const TypeDef *def = type_def(ws->s->types, f->type);
    if (result_count != def->result_count)
        return api_refuse(diag, API_wrong_count, "the function gives %u, not %zu",
                          def->result_count, result_count);
    u32 room = func_slots(f);
    u64 *slots = malloc((room + 1) * sizeof *slots);
    if (!slots) return api_error(diag, ERR_out_of_memory, "%s", "for the results");
    Trap trap = engine_continue(ws->s, slots, room);
    weft_status status = trap ? api_trap(diag, ws->s, trap)
                              : api_values_out(ws, type_results(def), def->result_count, slots,
                                               results, diag);
    free(slots);
    api_finalize(ws);
    return status;
}

// Functions are aligned, so the last bit of an address is free to say that slots hold references.
#define HAS_REFS ((uintptr_t)1)

static bool same_types(const Type *a, const Type *b, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (a[i] != b[i]) return false;
    return true;
}

weft_status weft_func_typed(weft_store *ws, weft_func func, const char *signature, weft_typed *out,
                            weft_diag *diag)
{
    Signature s;
    if (func.store != ws->id) return api_refuse(diag, API_wrong_store, "%s", "the function");
    if (api_signature(signature, &s, diag) != WEFT_OK) return WEFT_ERROR;
    const Func *f = func.item;
    const TypeDef *def = type_def(ws->s->types, f->type);
    if (s.param_count != def->param_count || s.result_count != def->result_count ||
        !same_types(s.types, def->params, def->param_count) ||
        !same_types(s.types + s.param_count, type_results(def), def->result_count))
        return api_refuse(diag, API_wrong_signature, "it is not of type \"%.200s\"", signature);
    *out = (weft_typed){ws->id, (void *)((uintptr_t)func.item | (s.has_refs ? HAS_REFS : 0))};
    return WEFT_OK;
}

// Within a host function, or with references among the slots.
static weft_status call_slots(weft_store *ws, uintptr_t item, u64 *slots, weft_diag *diag)
{
    Func *func = (Func *)(item & ~HAS_REFS);
    // How many these are the caller knows from the signature, which was checked.
    if (!(item & HAS_REFS)) return call_func(ws, func, slots, func_slots(func), diag);
    const TypeDef *def = type_def(ws->s->types, func->type);
    Trap trap = api_slots_in(ws, def->params, def->param_count, slots);
    if (trap == TRAP_out_of_memory)
        return api_short(diag, ws, "for the arguments");
    if (trap) return api_refuse(diag, API_wrong_type, "%s", ws->s->exec.trap_detail);
    weft_status status = call_func(ws, func, slots, func_slots(func), diag);
    if (status != WEFT_OK) return status;
    trap = api_slots_out(ws, type_results(def), def->result_count, slots);
    if (trap == TRAP_out_of_memory) return api_short(diag, ws, "for a handle");
    if (trap) return api_refuse(diag, API_wrong_type, "%s", ws->s->exec.trap_detail);
    return WEFT_OK;
}

weft_status weft_call_typed(weft_store *ws, weft_typed func, weft_slot *slots, weft_diag *diag)
{
    if (UNLIKELY(func.store != ws->id))
        return api_refuse(diag, API_wrong_store, "%s", "the function");
    uintptr_t item = (uintptr_t)func.item;
    Exec *x = &ws->s->exec;
    if (UNLIKELY(x->depth || (item & HAS_REFS))) return call_slots(ws, item, (u64 *)slots, diag);
    // that there is room for them the signature has settled
    Trap trap = engine_call(ws->s, (Func *)item, (u64 *)slots, UINT32_MAX);
    api_finalize(ws);
    return LIKELY(!trap) ? WEFT_OK : api_trap(diag, ws->s, trap);
}

// ---- Functions of the host

// What a host function's answer means, when it is not simply that all is well.
static Trap host_ended(weft_store *ws, weft_status status)
{
    Trap failure = ws->failure;
    bool passed_on = (status == WEFT_TRAP && failure && failure != TRAP_exit) ||
                     (status == WEFT_EXIT && failure == TRAP_exit);
    if (passed_on) return failure; // and the place stays, for the backtrace
    exec_settle(&ws->s->exec);
    return exec_trap(&ws->s->exec, TRAP_host,
                     status == WEFT_ERROR ? "it reported an error" : "it gave no reason");
}

static inline Trap run_host(HostCall *call, u64 *slots)
{
    const ApiFunc *h = call->env;
    weft_store *ws = h->store;
    weft_caller caller = {call, ws};
    ws->failure = TRAP_none;
    api_finalize(ws);
    weft_status status = h->fn(h->env, &caller, (weft_slot *)slots);
    if (LIKELY(status == WEFT_OK)) return TRAP_none;
    return host_ended(ws, status);
}

static Trap call_host(HostCall *call)
{
    weft_store *ws = ((const ApiFunc *)call->env)->store;
    Scope scope;
    scope_begin(ws, &scope);
    Trap trap = run_host(call, call->slots);
    scope_leave(ws, &scope);
    return trap;
}

// It works on a copy: the parameters stay references while it runs, so that they are not collected.
static Trap run_host_refs(HostCall *call)
{
    u64 slots[2 * SIGNATURE_MOST];
    weft_store *ws = ((const ApiFunc *)call->env)->store;
    const TypeDef *def = type_def(ws->s->types, call->func->type);
    memcpy(slots, call->slots, func_slots(call->func) * sizeof *slots);
    Trap trap = api_slots_out(ws, def->params, def->param_count, slots);
    if (trap == TRAP_out_of_memory) return exec_short(call->exec, "for a handle");
    if (!trap) trap = run_host(call, slots);
    if (trap) return trap;
    exec_settle(&ws->s->exec);
    trap = api_slots_in(ws, type_results(def), def->result_count, slots);
    if (trap == TRAP_out_of_memory) return exec_short(call->exec, "for a result");
    if (!trap) memcpy(call->slots, slots, def->result_slots * sizeof *slots);
    return trap;
}

static Trap call_host_refs(HostCall *call)
{
    weft_store *ws = ((const ApiFunc *)call->env)->store;
    Scope scope;
    scope_begin(ws, &scope);
    Trap trap = run_host_refs(call);
    scope_leave(ws, &scope);
    return trap;
}

// Results as values, into slots. What is wrong with one is the host's failure.
static Trap results_in(weft_store *ws, const TypeDef *def, const weft_val *results, u64 *slots)
{
    Exec *x = &ws->s->exec;
    char words[sizeof x->trap_detail];
    const Type *types = type_results(def);
    weft_diag why;
    u32 i;
    exec_settle(x);
    if (api_values_in(ws, types, def->result_count, results, slots, &i, &why) == WEFT_OK)
        return TRAP_none;
    if (!strcmp(why.name, "out_of_memory") || !strncmp(why.name, "limit_", 6))
        return exec_trap(x, TRAP_out_of_memory, "for a result: %s", why.message);
    if (strcmp(why.name, "wrong_type"))
        return exec_trap(x, TRAP_host, "result %u: %s", i, why.message);
    api_wrong_words(ws, &results[i], i, types[i], words, sizeof words);
    return exec_trap(x, TRAP_host, "%s", words);
}

// `vals` and `slots` have room for all parameters and results.
static Trap run_host_values(HostCall *call, const TypeDef *def, weft_val *vals, u64 *slots)
{
    const ApiFunc *h = call->env;
    weft_store *ws = h->store;
    weft_caller caller = {call, ws};
    weft_val *results = vals + def->param_count;
    ws->failure = TRAP_none;
    api_finalize(ws);
    if (api_values_out(ws, def->params, def->param_count, call->slots, vals, NULL) != WEFT_OK)
        return exec_trap(call->exec, TRAP_out_of_memory, "%s", "for a handle");
    memset(results, 0, def->result_count * sizeof *results);
    for (u32 i = 0; i < def->result_count; i++)
        results[i].type = api_type(ws->s->types, type_results(def)[i]);
    weft_status status = h->values(h->env, &caller, vals, results);
    if (status != WEFT_OK) return host_ended(ws, status);
    Trap trap = results_in(ws, def, results, slots);
    if (!trap) memcpy(call->slots, slots, def->result_slots * sizeof *slots);
    return trap;
}

static Trap call_host_values(HostCall *call)
{
    enum { FEW = 8 };
    weft_store *ws = ((const ApiFunc *)call->env)->store;
    const TypeDef *def = type_def(ws->s->types, call->func->type);
    u32 count = (u32)def->param_count + def->result_count;
    struct { weft_val vals[FEW]; u64 slots[2 * FEW]; } few;
    weft_val *vals = few.vals;
    u64 *slots = few.slots;
    if (count > FEW) {
        vals = malloc(count * (sizeof *vals + 2 * sizeof *slots));
        if (!vals) return exec_trap(call->exec, TRAP_out_of_memory, "%s", "for the arguments");
        slots = (u64 *)(void *)(vals + count);
    }
    Scope scope;
    scope_begin(ws, &scope);
    Trap trap = run_host_values(call, def, vals, slots);
    scope_leave(ws, &scope);
    if (vals != few.vals) free(vals);
    return trap;
}

// Of `type`, or of `id` if that is NULL. NULL: none is to be had.
static ApiFunc *func_alloc(weft_store *ws, Func **out, TypeId id, const TypeDef *type, HostFn *call)
{
    ApiFunc *h = func_room(ws->s) ? store_alloc(ws->s, 1, sizeof *h) : NULL;
    *out = !h     ? NULL
           : type ? func_new_host_of(ws->s, type, call, h)
                  : func_new_host(ws->s, id, call, h);
    return *out ? h : NULL;
}

ApiFunc *host_func_new_of(weft_store *ws, weft_deftype type, weft_values_fn *fn, void *env,
                          Func **out, weft_diag *diag)
{
    const TypeDef *def;
    if (api_hold_def(ws, type, COMP_func, &def, diag) != WEFT_OK) return NULL;
    ApiFunc *h = func_alloc(ws, out, type.id, NULL, call_host_values);
    if (h) *h = (ApiFunc){.store = ws, .values = fn, .env = env};
    else api_short(diag, ws, "for the function");
    return h;
}

ApiFunc *host_func_new(weft_store *ws, const char *signature, weft_host_fn *fn, void *env,
                        Func **out,
                        weft_diag *diag)
{
    Signature s;
    if (api_signature(signature, &s, diag) != WEFT_OK) return NULL;
    const TypeDef type = api_signature_type(&s);
    ApiFunc *h = func_alloc(ws, out, 0, &type, s.has_refs ? call_host_refs : call_host);
    if (h) *h = (ApiFunc){.store = ws, .fn = fn, .env = env};
    else api_short(diag, ws, "for the function");
    return h;
}

void host_func_finalize(ApiFunc *h, void (*finalize)(void *env))
{
    if (!finalize) return;
    h->finalize = finalize;
    h->next = h->store->hosts;
    h->store->hosts = h;
}

weft_status weft_func_new(weft_store *ws, const char *signature, weft_host_fn *fn, void *env,
                          void (*finalize)(void *env), weft_func *out, weft_diag *diag)
{
    Func *func;
    ApiFunc *h = host_func_new(ws, signature, fn, env, &func, diag);
    if (!h) return WEFT_ERROR;
    host_func_finalize(h, finalize);
    *out = (weft_func){ws->id, func};
    return WEFT_OK;
}

weft_status weft_func_new_of(weft_store *ws, weft_deftype type, weft_values_fn *fn, void *env,
                             void (*finalize)(void *env), weft_func *out, weft_diag *diag)
{
    Func *func;
    ApiFunc *h = host_func_new_of(ws, type, fn, env, &func, diag);
    if (!h) return WEFT_ERROR;
    host_func_finalize(h, finalize);
    *out = (weft_func){ws->id, func};
    return WEFT_OK;
}

weft_store *weft_caller_store(const weft_caller *caller) { return caller->store; }

bool weft_caller_instance(const weft_caller *caller, weft_instance *out)
{
    *out = (weft_instance){0};
    if (!caller->call->caller) return false;
    *out = (weft_instance){caller->store->id, caller->call->caller};
    return true;
}

// Where there is none, the first memory is one of size 0.
static Memory *caller_memory(const weft_caller *caller)
{
    Instance *instance = caller->call->caller;
    return instance && instance->module->memory_count ? instance->memories[0] : NULL;
}

bool weft_caller_memory(const weft_caller *caller, weft_memory *out)
{
    Memory *memory = caller_memory(caller);
    *out = (weft_memory){0};
    if (!memory) return false;
    *out = (weft_memory){caller->store->id, memory};
    return true;
}

void *weft_caller_at(const weft_caller *caller, uint64_t address, uint64_t len)
{
    Memory *m = caller_memory(caller);
    return m && memory_holds(m, address, len) ? m->base + address : NULL;
}

weft_status weft_trap(weft_caller *caller, const char *message)
{
    weft_store *ws = caller->store;
    exec_settle(&ws->s->exec);
    ws->failure = exec_trap(&ws->s->exec, TRAP_host, "%s", message);
    return WEFT_TRAP;
}

weft_status weft_exit(weft_caller *caller, int32_t exit_status)
{
    weft_store *ws = caller->store;
    exec_settle(&ws->s->exec);
    ws->s->exec.exit_status = exit_status;
    ws->failure = TRAP_exit;
    return WEFT_EXIT;
}
