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

bool weft_store_exception(weft_store *ws, weft_tag *tag, weft_val *values, size_t max,
                          size_t *count)
{
    const Exec *x = &ws->s->exec;
    if (x->trap != TRAP_uncaught_exception) return false;
    const Exception *e = ref_to_exception(ws->s, x->exception);
    const TypeDef *def = exception_type(ws->s, e);
    u32 some = (u32)MIN(def->param_count, max);
    if (api_values_out(ws, def->params, some, e->values, values, NULL) != WEFT_OK) return false;
    *tag = (weft_tag){ws->id, (Tag *)exception_tag(ws->s, e)};
    if (count) *count = def->param_count;
    return true;
}

weft_status weft_throw(weft_caller *caller, weft_tag tag, const weft_val *values, size_t count,
                       weft_diag *diag)
{
    weft_store *ws = caller->store;
    if (tag.store != ws->id) return api_refuse(diag, API_wrong_store, "%s", "the tag");
    const Tag *thrown = tag.item;
    const TypeDef *def = type_def(ws->s->types, thrown->type);
    if (count != def->param_count)
        return api_refuse(diag, API_wrong_count, "the tag has %u values, not %zu",
                          def->param_count, count);
    u64 *slots = malloc((def->param_slots + 1) * sizeof *slots);
    if (!slots) return api_error(diag, ERR_out_of_memory, "%s", "for the exception");
    weft_status status = api_args_in(ws, def, values, slots, diag);
    if (status == WEFT_OK) {
        exec_settle(&ws->s->exec);
        ws->failure = exec_throw(&ws->s->exec, thrown, slots);
        status = api_trap(diag, ws->s, ws->failure);
    }
    free(slots);
    return status;
}
