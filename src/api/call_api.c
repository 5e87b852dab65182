// call_api.c -- calls from the host to the guest.
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
    if (api_check_whole(ws, diag) != WEFT_OK) return WEFT_ERROR;
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

bool weft_store_may_continue(const weft_store *ws)
{
    return !ws->half_read && engine_may_continue(ws->s);
}

bool weft_store_stopped(const weft_store *ws, weft_func *out)
{
    if (!weft_store_may_continue(ws)) return false;
    *out = (weft_func){ws->id, ws->s->exec.called};
    return true;
}

weft_status weft_continue(weft_store *ws, weft_val *results, size_t result_count, weft_diag *diag)
{
    if (api_check_whole(ws, diag) != WEFT_OK) return WEFT_ERROR;
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
    if (api_check_whole(ws, diag) != WEFT_OK) return WEFT_ERROR;
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
    if (UNLIKELY(func.store != ws->id)) {
        if (api_check_whole(ws, diag) != WEFT_OK) return WEFT_ERROR;
        return api_refuse(diag, API_wrong_store, "%s", "the function");
    }
    uintptr_t item = (uintptr_t)func.item;
    Exec *x = &ws->s->exec;
    if (UNLIKELY(x->depth || (item & HAS_REFS))) return call_slots(ws, item, (u64 *)slots, diag);
    // that there is room for them the signature has settled
    Trap trap = engine_call(ws->s, (Func *)item, (u64 *)slots, UINT32_MAX);
    api_finalize(ws);
    return LIKELY(!trap) ? WEFT_OK : api_trap(diag, ws->s, trap);
}
