// instance.c -- instances of wasm.h: imports by their place.

#include "api/wasm_c/wasm_c.h"

typedef struct {
    const Module *module;
    const wasm_extern_vec_t *imports; // one for each, of the right store
} Given;

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    const Given *given = env;
    const wasm_ref_t *thing =
        (const wasm_ref_t *)given->imports->data[import - given->module->imports];
    weft_extern item = thing_extern(thing);
    return api_item(thing->store->weft, &item, out);
}

// What is wrong with the imports, or NULL.
static wasm_trap_t *check(wasm_store_t *store, const Given *given)
{
    u32 count = given->module->import_count;
    size_t size = given->imports ? given->imports->size : 0;
    if (size != count)
        return trap_refused(store, "wrong number of imports: the module has %u, not %zu", count,
                            size);
    for (u32 i = 0; i < count; i++) {
        const wasm_ref_t *thing = (const wasm_ref_t *)given->imports->data[i];
        if (!thing) return trap_refused(store, "unknown import: none is given for number %u", i);
        if (thing->store != store)
            return trap_refused(store, "item of another store: given for import %u", i);
    }
    return NULL;
}

static wasm_ref_t *instantiate(wasm_store_t *store, const wasm_module_t *m,
                               const wasm_extern_vec_t *imports, wasm_trap_t **trap)
{
    weft_module *module = ((const wasm_ref_t *)m)->item;
    Given given = {module->source.module, imports};
    Instance *instance;
    weft_diag diag;
    *trap = check(store, &given);
    if (*trap) return NULL;
    weft_status status = api_instantiate(store->weft, module, resolve, &given, &instance, &diag);
    if (status != WEFT_OK) {
        *trap = trap_end(store, status, &diag);
        return NULL;
    }
    wasm_ref_t *thing = thing_of(store, THING_instance, instance);
    if (!thing) *trap = trap_refused(store, "out of memory: for the instance");
    return thing;
}

wasm_instance_t *wasm_instance_new(wasm_store_t *store, const wasm_module_t *m,
                                   const wasm_extern_vec_t *imports, wasm_trap_t **trap)
{
    wasm_trap_t *ended = NULL;
    wasm_ref_t *thing = NULL;
    store_enter(store);
    store->last = NULL;
    if (store->weft) thing = instantiate(store, m, imports, &ended);
    else ended = trap_refused(store, "the store was deleted");
    if (trap) *trap = ended;
    else if (ended) wasm_trap_delete(ended);
    store_leave(store);
    return (wasm_instance_t *)thing;
}

void wasm_instance_exports(const wasm_instance_t *i, wasm_extern_vec_t *out)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)i;
    wasm_store_t *store = thing->store;
    weft_store *ws = store->weft;
    const Instance *instance = thing->item;
    weft_extern item;
    wasm_extern_vec_new_uninitialized(out, ws ? instance->module->export_count : 0);
    for (u32 at = 0; at < out->size; at++) {
        weft_instance_export_at(ws, (weft_instance){ws->id, thing->item}, at, &item);
        out->data[at] = (wasm_extern_t *)thing_of_extern(store, &item);
        if (!out->data[at]) wasm_extern_vec_delete(out);
    }
}
