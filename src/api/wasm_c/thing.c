// thing.c -- things of a store as references name them: one for each, counted.

#include "api/wasm_c/wasm_c.h"

#include <stdlib.h>

// ---- Found by kind and item

static wasm_ref_t **bucket_of(const wasm_store_t *store, ThingKind kind, const void *item)
{
    u64 mixed = ((u64)(uintptr_t)item >> 3) * 0x9e3779b97f4a7c15u;
    return &store->buckets[((mixed >> 32) + kind) & (store->cap - 1)];
}

static void add(wasm_store_t *store, wasm_ref_t *thing)
{
    wasm_ref_t **bucket = bucket_of(store, thing->kind, thing->item);
    thing->next = *bucket;
    *bucket = thing;
}

// More buckets, if they can be had; else those that there are hold more.
static void make_room(wasm_store_t *store)
{
    if (store->count < store->cap || store->cap > UINT32_MAX / 2) return;
    wasm_ref_t **larger = calloc((size_t)store->cap * 2, sizeof *larger);
    if (!larger) return;
    free(store->buckets);
    store->buckets = larger;
    store->cap *= 2;
    for (wasm_ref_t *thing = store->newest; thing; thing = thing->older) add(store, thing);
}

static void list(wasm_store_t *store, wasm_ref_t *thing)
{
    make_room(store);
    add(store, thing);
    thing->older = store->newest;
    thing->link = &store->newest;
    if (thing->older) thing->older->link = &thing->older;
    store->newest = thing;
    thing->listed = true;
    store->count++;
}

static void unlist(wasm_ref_t *thing)
{
    wasm_store_t *store = thing->store;
    wasm_ref_t **at = bucket_of(store, thing->kind, thing->item);
    while (*at != thing) at = &(*at)->next;
    *at = thing->next;
    *thing->link = thing->older;
    if (thing->older) thing->older->link = thing->link;
    thing->listed = false;
    store->count--;
}

wasm_ref_t *thing_new(wasm_store_t *store, ThingKind kind, void *item, size_t size)
{
    wasm_ref_t *thing = calloc(1, size);
    if (!thing) return NULL;
    *thing = (wasm_ref_t){.store = store, .kind = (u8)kind, .item = item ? item : thing,
                          .count = 1};
    store->users++;
    if (store->weft) list(store, thing);
    return thing;
}

wasm_ref_t *thing_of(wasm_store_t *store, ThingKind kind, void *item)
{
    for (wasm_ref_t *thing = *bucket_of(store, kind, item); thing; thing = thing->next)
        if (thing->kind == kind && thing->item == item) return thing_copy(thing);
    return thing_new(store, kind, item, sizeof(wasm_ref_t));
}

// ---- Owned

// It counts; who asks for that has it as something that does not change.
wasm_ref_t *thing_copy(const wasm_ref_t *thing)
{
    wasm_ref_t *owned = (wasm_ref_t *)thing;
    owned->count++;
    return owned;
}

// Once for each pointer.
static void finalize(wasm_ref_t *thing)
{
    void (*finalizer)(void *) = thing->finalizer;
    void *info = thing->info;
    thing->finalizer = NULL;
    thing->info = NULL;
    if (finalizer) finalizer(info);
}

static bool stays(const wasm_ref_t *thing)
{
    bool of_item = thing->kind >= THING_instance; // which is there until the store goes
    return thing->listed &&
        (thing->guest || (of_item && (thing->info || thing->finalizer)));
}

static void end(wasm_ref_t *thing)
{
    wasm_store_t *store = thing->store;
    if (thing->listed) unlist(thing);
    finalize(thing);
    switch (thing->kind) {
    case THING_other:
        if (store->weft) weft_ref_release(store->weft, thing->handle, NULL);
        break;
    case THING_module: weft_module_free(thing->item); break;
    case THING_trap: trap_drop((wasm_trap_t *)thing); break;
    default: break;
    }
    if (thing != &store->spare.ref) free(thing);
    store_let_go(store);
}

void thing_delete(wasm_ref_t *thing)
{
    if (thing && !--thing->count && !stays(thing)) end(thing);
}

void thing_told(void *env, void *pointer)
{
    wasm_store_t *store = env;
    wasm_ref_t *thing = pointer;
    store->running++; // so that a store that is deleted now is not before it has told all
    thing->guest = false;
    if (!thing->count && !stays(thing)) end(thing);
    store->running--;
}

void things_let_go(wasm_store_t *store)
{
    while (store->newest) {
        wasm_ref_t *thing = thing_copy(store->newest);
        unlist(thing);
        finalize(thing);
        thing_delete(thing);
    }
    free(store->buckets);
    store->buckets = NULL;
    store->cap = 0;
}

// ---- As wasm.h has them

static bool same(const wasm_ref_t *a, const wasm_ref_t *b)
{
    bool eq;
    if (a == b) return true;
    if (!a || !b || a->store != b->store || !a->store->weft) return false;
    return a->kind == THING_other && b->kind == THING_other &&
        weft_ref_eq(a->store->weft, a->handle, b->handle, &eq, NULL) == WEFT_OK && eq;
}

static void set_info(wasm_ref_t *thing, void *info, void (*finalizer)(void *))
{
    finalize(thing);
    thing->info = info;
    thing->finalizer = finalizer;
}

#define REFERENCE(name)                                                                            \
    void wasm_##name##_delete(wasm_##name##_t *r) { thing_delete((wasm_ref_t *)r); }               \
    wasm_##name##_t *wasm_##name##_copy(const wasm_##name##_t *r)                                  \
    {                                                                                              \
        return (wasm_##name##_t *)thing_copy((const wasm_ref_t *)r);                               \
    }                                                                                              \
    bool wasm_##name##_same(const wasm_##name##_t *a, const wasm_##name##_t *b)                    \
    {                                                                                              \
        return same((const wasm_ref_t *)a, (const wasm_ref_t *)b);                                 \
    }                                                                                              \
    void *wasm_##name##_get_host_info(const wasm_##name##_t *r)                                    \
    {                                                                                              \
        return ((const wasm_ref_t *)r)->info;                                                      \
    }                                                                                              \
    void wasm_##name##_set_host_info(wasm_##name##_t *r, void *info)                               \
    {                                                                                              \
        set_info((wasm_ref_t *)r, info, NULL);                                                     \
    }                                                                                              \
    void wasm_##name##_set_host_info_with_finalizer(wasm_##name##_t *r, void *info,                \
                                                    void (*finalizer)(void *))                     \
    {                                                                                              \
        set_info((wasm_ref_t *)r, info, finalizer);                                                \
    }

// `is` says of a thing, `r`, whether it is one.
#define REFERENCE_TO(name, is)                                                                     \
    REFERENCE(name)                                                                                \
    wasm_ref_t *wasm_##name##_as_ref(wasm_##name##_t *r) { return (wasm_ref_t *)r; }               \
    const wasm_ref_t *wasm_##name##_as_ref_const(const wasm_##name##_t *r)                         \
    {                                                                                              \
        return (const wasm_ref_t *)r;                                                              \
    }                                                                                              \
    wasm_##name##_t *wasm_ref_as_##name(wasm_ref_t *r)                                             \
    {                                                                                              \
        return r && (is) ? (wasm_##name##_t *)r : NULL;                                            \
    }                                                                                              \
    const wasm_##name##_t *wasm_ref_as_##name##_const(const wasm_ref_t *r)                         \
    {                                                                                              \
        return r && (is) ? (const wasm_##name##_t *)r : NULL;                                      \
    }
REFERENCE(ref)
REFERENCE_TO(trap, r->kind == THING_trap)
REFERENCE_TO(foreign, r->kind == THING_foreign)
REFERENCE_TO(module, r->kind == THING_module)
REFERENCE_TO(instance, r->kind == THING_instance)
REFERENCE_TO(func, r->kind == THING_func)
REFERENCE_TO(global, r->kind == THING_global)
REFERENCE_TO(table, r->kind == THING_table)
REFERENCE_TO(memory, r->kind == THING_memory)
REFERENCE_TO(extern, thing_is_external(r))

#define EXTERNAL(name)                                                                             \
    wasm_extern_t *wasm_##name##_as_extern(wasm_##name##_t *r) { return (wasm_extern_t *)r; }      \
    const wasm_extern_t *wasm_##name##_as_extern_const(const wasm_##name##_t *r)                   \
    {                                                                                              \
        return (const wasm_extern_t *)r;                                                           \
    }                                                                                              \
    wasm_##name##_t *wasm_extern_as_##name(wasm_extern_t *e)                                       \
    {                                                                                              \
        return wasm_ref_as_##name((wasm_ref_t *)e);                                                \
    }                                                                                              \
    const wasm_##name##_t *wasm_extern_as_##name##_const(const wasm_extern_t *e)                   \
    {                                                                                              \
        return wasm_ref_as_##name##_const((const wasm_ref_t *)e);                                  \
    }
EXTERNAL(func)
EXTERNAL(global)
EXTERNAL(table)
EXTERNAL(memory)

wasm_foreign_t *wasm_foreign_new(wasm_store_t *store)
{
    if (!store->weft) return NULL;
    return (wasm_foreign_t *)thing_new(store, THING_foreign, NULL, sizeof(wasm_ref_t));
}
