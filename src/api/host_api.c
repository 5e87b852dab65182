// host_api.c -- functions of the host: how they are called, and made.
//
//     Func --> HostFunc in an ApiFunc: fn, env     of one store, which has it in its arena; or of a
//                                                  linker, and counted: many stores have a Func for
//                                                  the same
//
// Who calls is known by the fiber, so nothing of a store is in it.

#include "api/api.h"

#include <stdlib.h>
#include <string.h>

// ---- Calling them

static weft_store *store_of(const HostCall *call) { return exec_store(call->exec)->owner; }

// What a host function's answer means, when it is not simply that all is well.
Trap host_ended(weft_store *ws, weft_status status)
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
    weft_store *ws = store_of(call);
    weft_caller caller = {.call = call, .store = ws};
    ws->failure = TRAP_none;
    api_finalize(ws);
    weft_status status = h->fn(h->env, &caller, (weft_slot *)slots);
    if (LIKELY(status == WEFT_OK)) return TRAP_none;
    return host_ended(ws, status);
}

static Trap call_host(HostCall *call)
{
    weft_store *ws = store_of(call);
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
    weft_store *ws = store_of(call);
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
    weft_store *ws = store_of(call);
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
    weft_store *ws = store_of(call);
    weft_caller caller = {.call = call, .store = ws};
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
    weft_store *ws = store_of(call);
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

// ---- Making them

// What is to be made: its type, of which there is one more count, and who calls it.
typedef struct { TypeId type; HostFn *call; } Made;

// Can letters say its type, which slots are for?
static bool is_for_slots(const TypeDef *def, bool *has_refs)
{
    u32 count = (u32)def->param_count + def->result_count;
    for (u32 i = 0; i < count; i++) {
        if (!api_is_letter(def->params[i])) return false;
        *has_refs |= type_is_ref(def->params[i]);
    }
    return count <= SIGNATURE_MOST;
}

static weft_status type_of_letters(TypeStore *types, const char *signature, TypeId *out,
                                   weft_diag *diag)
{
    Signature s;
    if (api_signature(signature, &s, diag) != WEFT_OK) return WEFT_ERROR;
    const TypeDef type = api_signature_type(&s);
    if (type_store_intern(types, &type, 1, out)) return WEFT_OK;
    return api_error(diag, ERR_out_of_memory, "%s", "for a type");
}

static weft_status type_given(TypeStore *types, const weft_host *host, TypeId import, TypeId *out,
                              weft_diag *diag)
{
    if (host->signature) return type_of_letters(types, host->signature, out, diag);
    bool own = host->type.id, known = host->type.types == types && type_known(types, host->type.id);
    if (own && (!known || type_def(types, host->type.id)->kind != COMP_func))
        return api_refuse(diag, API_unknown_type, "%s", "it is no function's of this engine");
    *out = own ? host->type.id : import;
    if (!*out) return api_refuse(diag, API_unknown_type, "%s", "the function has none");
    type_hold(types, *out);
    return WEFT_OK;
}

static weft_status begin(TypeStore *types, const weft_host *host, TypeId import, Made *out,
                         weft_diag *diag)
{
    bool has_refs = false;
    if (!host->fn == !host->values)
        return api_refuse(diag, API_no_function, "%s", "one of fn and values is set, not both");
    if (type_given(types, host, import, &out->type, diag) != WEFT_OK) return WEFT_ERROR;
    bool good = host->values || is_for_slots(type_def(types, out->type), &has_refs);
    out->call = host->values ? call_host_values : has_refs ? call_host_refs : call_host;
    if (good) return WEFT_OK;
    type_give_back(types, &out->type, 1);
    return api_refuse(diag, API_bad_signature, "%s",
                      "no letters say the import's type: such a function takes values");
}

static void fill(ApiFunc *h, TypeStore *types, const Made *made, const weft_host *host)
{
    host_func_init(&h->host, types, made->type, made->call, h);
    h->fn = host->fn;
    h->values = host->values;
    h->env = host->env;
}

weft_status host_func_new(weft_store *ws, const weft_host *host, Func **out, weft_diag *diag)
{
    Store *s = ws->s;
    Made made;
    if (begin(s->types, host, 0, &made, diag) != WEFT_OK) return WEFT_ERROR;
    ApiFunc *h = func_room(s) ? store_alloc(s, 1, sizeof *h) : NULL;
    *out = NULL;
    if (h) {
        fill(h, s->types, &made, host);
        *out = func_new_with(s, made.type, &h->host);
    }
    if (*out) store_hold_type(s, &h->host.held, made.type);
    type_give_back(s->types, &made.type, 1);
    if (!*out) return api_short(diag, ws, "for the function");
    if (!host->finalize) return WEFT_OK;
    h->finalize = host->finalize;
    h->next = ws->hosts;
    ws->hosts = h;
    return WEFT_OK;
}

ApiFunc *host_shared_new(weft_engine *engine, const weft_host *host, TypeId import, size_t more,
                         weft_diag *diag)
{
    TypeStore *types = engine->engine->types;
    Made made;
    if (begin(types, host, import, &made, diag) != WEFT_OK) return NULL;
    ApiFunc *h = calloc(1, sizeof *h + more);
    if (!h) {
        type_give_back(types, &made.type, 1);
        api_error(diag, ERR_out_of_memory, "%s", "for the function");
        return NULL;
    }
    fill(h, types, &made, host);
    h->finalize = host->finalize;
    h->types = types;
    h->type = made.type;
    atomic_init(&h->users, 1);
    return h;
}

void host_shared_release(ApiFunc *h)
{
    if (atomic_fetch_sub(&h->users, 1) != 1) return;
    if (h->finalize) h->finalize(h->env);
    type_give_back(h->types, &h->type, 1);
    free(h);
}

ApiFunc *host_shared_of(const HostFunc *host)
{
    bool ours = host->fn == call_host || host->fn == call_host_refs || host->fn == call_host_values;
    ApiFunc *h = ours ? host->env : NULL;
    return h && h->types ? h : NULL;
}

Func *host_shared_in(weft_store *ws, ApiFunc *h)
{
    Store *s = ws->s;
    Func *func = func_find_shared(s, h);
    if (func) return func;
    ApiUse *use = func_room(s) ? store_alloc(s, 1, sizeof *use) : NULL;
    func = use ? func_new_with(s, h->type, &h->host) : NULL;
    if (!func) return NULL;
    if (!func_add_shared(s, h, func)) {
        func_return(s, ref_of_func(s, func), 1);
        return NULL;
    }
    *use = (ApiUse){ws->uses, h};
    ws->uses = use;
    atomic_fetch_add(&h->users, 1);
    return func;
}

void host_uses_end(weft_store *ws)
{
    for (ApiUse *use = ws->uses; use; use = use->next) host_shared_release(use->func);
}

weft_status weft_func_new_host(weft_store *ws, const weft_host *given, weft_func *out,
                               weft_diag *diag)
{
    weft_host host;
    Func *func;
    if (api_struct_in(given, &host, sizeof host, diag) != WEFT_OK) return WEFT_ERROR;
    if (host_func_new(ws, &host, &func, diag) != WEFT_OK) return WEFT_ERROR;
    *out = (weft_func){ws->id, func};
    return WEFT_OK;
}

weft_status weft_func_new(weft_store *ws, const char *signature, weft_host_fn *fn, void *env,
                          void (*finalize)(void *env), weft_func *out, weft_diag *diag)
{
    const weft_host host = {.size = sizeof host, .signature = signature, .fn = fn, .env = env,
                            .finalize = finalize};
    return weft_func_new_host(ws, &host, out, diag);
}

weft_status weft_func_new_of(weft_store *ws, weft_deftype type, weft_values_fn *fn, void *env,
                             void (*finalize)(void *env), weft_func *out, weft_diag *diag)
{
    const weft_host host = {.size = sizeof host, .type = type, .values = fn, .env = env,
                            .finalize = finalize};
    return weft_func_new_host(ws, &host, out, diag);
}

// ---- What they may ask

weft_store *weft_caller_store(const weft_caller *caller) { return caller->store; }

bool weft_caller_instance(const weft_caller *caller, weft_instance *out)
{
    *out = (weft_instance){0};
    if (!caller->call || !caller->call->caller) return false;
    *out = (weft_instance){caller->store->id, caller->call->caller};
    return true;
}

// Where there is none, the first memory is one of size 0.
static Memory *caller_memory(const weft_caller *caller)
{
    Instance *instance = caller->call ? caller->call->caller : NULL;
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
