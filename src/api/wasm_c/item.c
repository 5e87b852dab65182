// item.c -- globals, tables, memories of wasm.h, and what they and functions have in common.

#include "api/wasm_c/wasm_c.h"

// ---- Externals

static const struct { weft_kind weft; wasm_externkind_t wasm; } kinds[] = {
    [THING_func] = {WEFT_FUNC, WASM_EXTERN_FUNC},
    [THING_global] = {WEFT_GLOBAL, WASM_EXTERN_GLOBAL},
    [THING_table] = {WEFT_TABLE, WASM_EXTERN_TABLE},
    [THING_memory] = {WEFT_MEMORY, WASM_EXTERN_MEMORY},
    [THING_tag] = {WEFT_TAG, WASM_EXTERN_TAG},
};

weft_extern thing_extern(const wasm_ref_t *thing)
{
    // all of them are alike
    return (weft_extern){kinds[thing->kind].weft, {{thing->store->weft->id, thing->item}}};
}

wasm_ref_t *thing_of_extern(wasm_store_t *store, const weft_extern *item)
{
    ThingKind kind = THING_func;
    while (kinds[kind].weft != item->kind) kind++;
    return thing_of(store, kind, item->of.func.item);
}

wasm_externkind_t wasm_extern_kind(const wasm_extern_t *e)
{
    return kinds[((const wasm_ref_t *)e)->kind].wasm;
}

wasm_externtype_t *wasm_extern_type(const wasm_extern_t *e)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)e;
    weft_store *ws = thing->store->weft;
    weft_item_type type;
    return ws && weft_extern_type(ws, thing_extern(thing), &type) ? externtype_of(&type) : NULL;
}

// ---- Globals

static weft_type type_of_global(const wasm_ref_t *thing)
{
    return api_type(thing->store->weft->s->types, ((const Global *)thing->item)->type.type);
}

static wasm_ref_t *global_new_in(wasm_store_t *store, const wasm_globaltype_t *type,
                                 const wasm_val_t *value)
{
    bool is_mutable = wasm_globaltype_mutability(type) == WASM_VAR;
    weft_type content;
    weft_val in;
    weft_global out;
    const char *why;
    if (!kind_in(wasm_valtype_kind(wasm_globaltype_content(type)), &content)) return NULL;
    if (!val_in(store, value, content, &in, &why)) return NULL;
    weft_valtype full = {.type = content, .is_nullable = true,
                         .heap = content == WEFT_FUNCREF ? WEFT_HEAP_FUNC : WEFT_HEAP_EXTERN};
    if (weft_global_new_of(store->weft, &full, in, is_mutable, &out, NULL) != WEFT_OK) return NULL;
    return thing_of(store, THING_global, out.item);
}

wasm_global_t *wasm_global_new(wasm_store_t *store, const wasm_globaltype_t *type,
                               const wasm_val_t *value)
{
    if (!store->weft) return NULL;
    store_enter(store);
    wasm_ref_t *thing = global_new_in(store, type, value);
    store_leave(store);
    return (wasm_global_t *)thing;
}

wasm_globaltype_t *wasm_global_type(const wasm_global_t *g)
{
    return (wasm_globaltype_t *)wasm_extern_type((const wasm_extern_t *)g);
}

void wasm_global_get(const wasm_global_t *g, wasm_val_t *out)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)g;
    wasm_store_t *store = thing->store;
    weft_val v;
    *out = (wasm_val_t)WASM_INIT_VAL;
    if (!store->weft) return;
    store_enter(store);
    if (weft_global_get(store->weft, thing_extern(thing).of.global, &v, NULL) == WEFT_OK)
        val_out(store, type_of_global(thing), &v, out);
    store_leave(store);
}

void wasm_global_set(wasm_global_t *g, const wasm_val_t *value)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)g;
    wasm_store_t *store = thing->store;
    weft_val v;
    const char *why;
    if (!store->weft) return;
    store_enter(store);
    if (val_in(store, value, type_of_global(thing), &v, &why))
        weft_global_set(store->weft, thing_extern(thing).of.global, v, NULL);
    store_leave(store);
}

// ---- Tables

static weft_type type_of_table(const wasm_ref_t *thing)
{
    return api_type(thing->store->weft->s->types, ((const Table *)thing->item)->type.elem);
}

static u64 most(const wasm_limits_t *limits)
{
    return limits->max == wasm_limits_max_default ? WEFT_NO_MAX : limits->max;
}

static wasm_ref_t *table_new_in(wasm_store_t *store, const wasm_tabletype_t *type,
                                wasm_ref_t *init)
{
    const wasm_limits_t *limits = wasm_tabletype_limits(type);
    weft_type element;
    weft_val in;
    weft_table out;
    const char *why;
    if (!kind_in(wasm_valtype_kind(wasm_tabletype_element(type)), &element)) return NULL;
    if (element != WEFT_FUNCREF && element != WEFT_EXTERNREF) return NULL;
    if (!ref_in(store, init, element, &in, &why)) return NULL;
    weft_valtype full = weft_reftype(element == WEFT_FUNCREF ? WEFT_HEAP_FUNC : WEFT_HEAP_EXTERN,
                                     true);
    if (weft_table_new_of(store->weft, &full, limits->min, most(limits), in, &out, NULL) != WEFT_OK)
        return NULL;
    return thing_of(store, THING_table, out.item);
}

wasm_table_t *wasm_table_new(wasm_store_t *store, const wasm_tabletype_t *type, wasm_ref_t *init)
{
    if (!store->weft) return NULL;
    store_enter(store);
    wasm_ref_t *thing = table_new_in(store, type, init);
    store_leave(store);
    return (wasm_table_t *)thing;
}

wasm_tabletype_t *wasm_table_type(const wasm_table_t *t)
{
    return (wasm_tabletype_t *)wasm_extern_type((const wasm_extern_t *)t);
}

wasm_ref_t *wasm_table_get(const wasm_table_t *t, wasm_table_size_t index)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)t;
    wasm_store_t *store = thing->store;
    wasm_val_t out = WASM_INIT_VAL;
    weft_val v;
    if (!store->weft) return NULL;
    store_enter(store);
    if (weft_table_get(store->weft, thing_extern(thing).of.table, index, &v, NULL) == WEFT_OK)
        val_out(store, type_of_table(thing), &v, &out);
    store_leave(store);
    return out.of.ref;
}

bool wasm_table_set(wasm_table_t *t, wasm_table_size_t index, wasm_ref_t *value)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)t;
    wasm_store_t *store = thing->store;
    weft_val v;
    const char *why;
    if (!store->weft) return false;
    store_enter(store);
    bool done = ref_in(store, value, type_of_table(thing), &v, &why) &&
        weft_table_set(store->weft, thing_extern(thing).of.table, index, v, NULL) == WEFT_OK;
    store_leave(store);
    return done;
}

wasm_table_size_t wasm_table_size(const wasm_table_t *t)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)t;
    weft_store *ws = thing->store->weft;
    return ws ? (wasm_table_size_t)weft_table_size(ws, thing_extern(thing).of.table) : 0;
}

bool wasm_table_grow(wasm_table_t *t, wasm_table_size_t delta, wasm_ref_t *init)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)t;
    wasm_store_t *store = thing->store;
    weft_val v;
    const char *why;
    if (!store->weft) return false;
    store_enter(store);
    bool done = ref_in(store, init, type_of_table(thing), &v, &why) &&
        weft_table_grow(store->weft, thing_extern(thing).of.table, delta, v, NULL, NULL) == WEFT_OK;
    store_leave(store);
    return done;
}

// ---- Memories

wasm_memory_t *wasm_memory_new(wasm_store_t *store, const wasm_memorytype_t *type)
{
    const wasm_limits_t *limits = wasm_memorytype_limits(type);
    weft_memory out;
    if (!store->weft) return NULL;
    if (weft_memory_new(store->weft, limits->min, most(limits), &out, NULL) != WEFT_OK) return NULL;
    return (wasm_memory_t *)thing_of(store, THING_memory, out.item);
}

wasm_memorytype_t *wasm_memory_type(const wasm_memory_t *m)
{
    return (wasm_memorytype_t *)wasm_extern_type((const wasm_extern_t *)m);
}

byte_t *wasm_memory_data(wasm_memory_t *m)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)m;
    weft_store *ws = thing->store->weft;
    return ws ? weft_memory_at(ws, thing_extern(thing).of.memory, 0, 0) : NULL;
}

size_t wasm_memory_data_size(const wasm_memory_t *m)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)m;
    weft_store *ws = thing->store->weft;
    return ws ? (size_t)weft_memory_size(ws, thing_extern(thing).of.memory) : 0;
}

wasm_memory_pages_t wasm_memory_size(const wasm_memory_t *m)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)m;
    const Memory *memory = thing->item;
    u64 size = wasm_memory_data_size(m);
    return size ? (wasm_memory_pages_t)(size >> memory->type.limits.page_log2) : 0;
}

bool wasm_memory_grow(wasm_memory_t *m, wasm_memory_pages_t delta)
{
    const wasm_ref_t *thing = (const wasm_ref_t *)m;
    weft_store *ws = thing->store->weft;
    return ws && weft_memory_grow(ws, thing_extern(thing).of.memory, delta) >= 0;
}
