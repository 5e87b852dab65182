// exception_api.c -- tags, and exceptions on their way between host and guest.

#include "api/api.h"

#include <stdlib.h>

weft_status weft_tag_new(weft_store *ws, const char *signature, weft_tag *out, weft_diag *diag)
{
    Signature s;
    TypeId id;
    if (api_signature(signature, &s, diag) != WEFT_OK) return WEFT_ERROR;
    if (s.result_count)
        return api_refuse(diag, API_bad_signature, "a tag has no results: \"%.200s\"", signature);
    const TypeDef type = api_signature_type(&s);
    bool interned = type_store_intern(ws->s->types, &type, 1, &id);
    Tag *tag = interned ? tag_new(ws->s, id) : NULL;
    if (interned) type_give_back(ws->s->types, &id, 1);
    if (!tag) return api_short(diag, ws, "for the tag");
    *out = (weft_tag){ws->id, tag};
    return WEFT_OK;
}

weft_status weft_tag_new_of(weft_store *ws, weft_deftype type, weft_tag *out, weft_diag *diag)
{
    const TypeDef *def;
    if (api_hold_def(ws, type, COMP_func, &def, diag) != WEFT_OK) return WEFT_ERROR;
    if (def->result_count)
        return api_refuse(diag, API_unknown_type, "%s", "a tag's has no results");
    Tag *tag = tag_new(ws->s, type.id);
    if (!tag) return api_short(diag, ws, "for the tag");
    *out = (weft_tag){ws->id, tag};
    return WEFT_OK;
}

static weft_status exception_out(weft_store *ws, Ref ref, weft_tag *tag, weft_val *values,
                                 size_t max, size_t *count, weft_diag *diag)
{
    const Exception *e = ref_find_exception(ws->s, ref);
    if (!e) return api_refuse(diag, API_wrong_type, "%s", "it is no exception, (ref exn)");
    const TypeDef *def = exception_type(ws->s, e);
    u32 some = (u32)MIN(def->param_count, max);
    weft_status status = api_values_out(ws, def->params, some, e->values, values, diag);
    if (status != WEFT_OK) return status;
    *tag = (weft_tag){ws->id, (Tag *)exception_tag(ws->s, e)};
    if (count) *count = def->param_count;
    return WEFT_OK;
}

bool weft_store_exception(weft_store *ws, weft_tag *tag, weft_val *values, size_t max,
                          size_t *count)
{
    const Exec *x = &ws->s->exec;
    return x->trap == TRAP_uncaught_exception &&
        exception_out(ws, x->exception, tag, values, max, count, NULL) == WEFT_OK;
}

weft_status weft_store_exception_ref(weft_store *ws, weft_ref *out, weft_diag *diag)
{
    const Exec *x = &ws->s->exec;
    if (x->trap != TRAP_uncaught_exception)
        return api_refuse(diag, API_not_thrown, "%s", "the last trap was another");
    return api_ref_out(ws, type_ref(false, HEAP_exn), x->exception, out, diag);
}

// Slots for the values of a tag; NULL: why not is in *diag. free is the caller's.
static u64 *values_of(weft_store *ws, weft_tag tag, const weft_val *values, size_t count,
                      const TypeDef **def, weft_diag *diag)
{
    if (tag.store != ws->id) {
        api_refuse(diag, API_wrong_store, "%s", "the tag");
        return NULL;
    }
    *def = type_def(ws->s->types, ((const Tag *)tag.item)->type);
    if (count != (*def)->param_count) {
        api_refuse(diag, API_wrong_count, "the tag has %u values, not %zu", (*def)->param_count,
                   count);
        return NULL;
    }
    u64 *slots = malloc(((*def)->param_slots + 1) * sizeof *slots);
    if (!slots) api_error(diag, ERR_out_of_memory, "%s", "for the exception");
    if (slots && api_values_in(ws, (*def)->params, (u32)count, values, slots, NULL,
                               diag) == WEFT_OK)
        return slots;
    free(slots);
    return NULL;
}

weft_status weft_exception_new(weft_store *ws, weft_tag tag, const weft_val *values, size_t count,
                               weft_ref *out, weft_diag *diag)
{
    const TypeDef *def;
    u64 *slots = values_of(ws, tag, values, count, &def, diag);
    if (!slots) return WEFT_ERROR;
    Exec *x = &ws->s->exec;
    HeldRefs held;
    exec_hold(x, &held, def->params, slots, def->param_count);
    Ref ref = ref_new_exception(ws->s, exec_alive(x), tag.item, slots);
    exec_let_go(x, &held);
    free(slots);
    weft_status status = ref ? api_ref_out(ws, type_ref(false, HEAP_exn), ref, out, diag)
                             : api_short(diag, ws, "for an exception");
    api_finalize(ws); // it has a handle by then
    return status;
}

static weft_status find(const weft_store *ws, weft_ref ref, Ref *out, weft_diag *diag)
{
    Handed given;
    if (api_handle(ws, ref, &given, diag) != WEFT_OK) return WEFT_ERROR;
    *out = given.ref;
    if (type_heap(given.type) == HEAP_exn) return WEFT_OK;
    return api_refuse(diag, API_wrong_type, "%s", "it is no exception, (ref exn)");
}

weft_status weft_exception_values(weft_store *ws, weft_ref ref, weft_tag *tag, weft_val *values,
                                  size_t max, size_t *count, weft_diag *diag)
{
    Ref found;
    if (find(ws, ref, &found, diag) != WEFT_OK) return WEFT_ERROR;
    return exception_out(ws, found, tag, values, max, count, diag);
}

weft_status weft_throw_ref(weft_caller *caller, weft_ref ref, weft_diag *diag)
{
    weft_store *ws = caller->store;
    Ref found;
    if (find(ws, ref, &found, diag) != WEFT_OK) return WEFT_ERROR;
    exec_settle(&ws->s->exec);
    ws->s->exec.thrown = found;
    ws->failure = TRAP_uncaught_exception;
    return api_trap(diag, ws->s, ws->failure);
}

weft_status weft_throw(weft_caller *caller, weft_tag tag, const weft_val *values, size_t count,
                       weft_diag *diag)
{
    weft_store *ws = caller->store;
    const TypeDef *def;
    u64 *slots = values_of(ws, tag, values, count, &def, diag);
    if (!slots) return WEFT_ERROR;
    exec_settle(&ws->s->exec);
    ws->failure = exec_throw(&ws->s->exec, tag.item, slots);
    free(slots);
    return api_trap(diag, ws->s, ws->failure);
}
