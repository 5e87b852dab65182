// store.c -- configurations, engines, stores of wasm.h.

#include "api/wasm_c/wasm_c.h"

#include <stdlib.h>

struct wasm_config_t {
    u8 nothing;
};

wasm_config_t *wasm_config_new(void) { return calloc(1, sizeof(wasm_config_t)); }
void wasm_config_delete(wasm_config_t *config) { free(config); }

// Each is the other, as wasm.h says.
wasm_engine_t *wasm_engine_new(void) { return (wasm_engine_t *)weft_engine_new(NULL, NULL); }

wasm_engine_t *wasm_engine_new_with_config(wasm_config_t *config)
{
    free(config);
    return wasm_engine_new();
}

void wasm_engine_delete(wasm_engine_t *engine) { weft_engine_free((weft_engine *)engine); }

// ---- Stores

wasm_store_t *wasm_store_new(wasm_engine_t *engine)
{
    enum { BUCKETS = 16 };
    static char message[] = "out of memory: for a trap";
    wasm_store_t *store = calloc(1, sizeof *store);
    if (!store) return NULL;
    store->users = 1;
    store->spare = (wasm_trap_t){.ref = {.store = store, .kind = THING_trap},
                                 .message = message, .size = sizeof message};
    store->buckets = calloc(BUCKETS, sizeof *store->buckets);
    store->cap = BUCKETS;
    if (store->buckets) store->weft = weft_store_new((weft_engine *)engine, NULL, NULL);
    if (store->weft) {
        weft_store_set_finalizer(store->weft, thing_told, store);
        return store;
    }
    free(store->buckets);
    free(store);
    return NULL;
}

void store_let_go(wasm_store_t *store)
{
    if (!--store->users) free(store);
}

// Whoever is told of it finds it gone already. Things are told before functions of the host.
static void finish(wasm_store_t *store)
{
    weft_store *weft = store->weft;
    store->weft = NULL;
    weft_store_set_finalizer(weft, NULL, NULL);
    things_let_go(store);
    weft_store_free(weft);
}

void wasm_store_delete(wasm_store_t *store)
{
    if (!store || store->doomed) return; // by a finalizer of its own
    store->doomed = true;
    if (store->running) return;
    finish(store);
    store_let_go(store);
}

void store_enter(wasm_store_t *store)
{
    store->users++;
    store->running++;
}

void store_leave(wasm_store_t *store)
{
    if (!--store->running && store->doomed && store->weft) {
        finish(store);
        store->users--;
    }
    store_let_go(store);
}
