// weft_pool.h -- many instances of the same module, for servers: templates, from which instances
// start as they were once, and pools, which keep them ready. In addition to weft.h, by whose rules
// it goes.
//
//     weft_template *template = weft_template_new(module, linker, "_initialize", &diag);
//     weft_pool *pool = weft_pool_new(template, NULL, &diag);
//     ...                                                      for each request, on any thread:
//     weft_pool_take(pool, NULL, &store, &instance, &diag);
//     weft_instance_func(store, instance, "handle", &handle, &diag);
//     weft_call(store, handle, args, 2, &result, 1, &diag);
//     weft_store_free(store);                                  gives it back

#ifndef WEFT_POOL_H
#define WEFT_POOL_H

#include <weft_link.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- Templates ----------------------------------------------------------------------------------
//
// A template is an instance as it was at one moment: what is in its memories, tables and globals,
// which segments it dropped, and the objects that these refer to. It never changes, and any threads
// may make instances of it, in stores of its engine. What it is made of may be freed.

typedef struct weft_template weft_template;

// An instance of the module, linked by functions of the linker's, in a store with the engine's
// defaults, after its start function and, unless `init` is NULL, its export of that name, which
// takes and gives nothing: "_initialize" of WASI's reactors. All of it runs now and never again.
// `linker` may be NULL. Errors: those of weft_instantiate, unknown_export, wrong_signature, and
// those of weft_template_of. Traps: all. Who wants to bound what runs, to give it WASI or to do
// more with it makes the instance, and then weft_template_of.
WEFT_API weft_template *weft_template_new(weft_module *module, weft_linker *linker,
                                          const char *init, weft_diag *diag);
// As an instance is now, which stays as it is. Error: cannot_freeze, whose message says what is in
// the way: something that no other store would have. It is alone in its store; it imports functions
// alone, a linker's or WASI's; the store has no functions, tags or pointers of yours in it but
// those, no tasks, and no call that may go on; memories are not shared; there are no continuations.
WEFT_API weft_template *weft_template_of(weft_store *store, weft_instance instance,
                                         weft_diag *diag);
// Instances and pools that were made of it stay.
WEFT_API void weft_template_free(weft_template *from);

// An instance as the template's, with nothing run. Memories larger than 64 KiB share pages until
// they are written to, if there are addresses for them to stay at. One with objects needs a store
// in which nothing was made yet. Errors: wrong_engine; not_fresh; limits as of weft_instantiate.
WEFT_API weft_status weft_template_instantiate(weft_template *from, weft_store *store,
                                               weft_instance *out, weft_diag *diag);

// ---- Pools --------------------------------------------------------------------------------------
//
// A pool has places for instances of one template, each in a store of its own, which are used again
// and again. Who takes one finds it as the template says, whatever was done to it before: memories,
// globals, tables, objects, fuel, stops, WASI, handles, your data. To take and give back one that
// was there before takes about a microsecond each. A pool may be used by any threads at any time.

typedef struct weft_pool weft_pool;
typedef struct weft_tenant weft_tenant;

typedef struct weft_pool_config {
    size_t size;               // sizeof(weft_pool_config): weft_pool_config_init sets it
    uint32_t places;           // instances at once [1000]
    uint32_t functions;        // that may be made in each store, beside the template's [8]
    // Of each store. Of memory_bytes each memory of a place gets addresses, whether they are used
    // or not [of each memory its maximum, but 16 MiB at most, or what it begins with]. `fuel` is
    // what each one that is taken has. NULL: the defaults. Copied
    const weft_limits *limits;
    // So much of what a guest wrote to stays in memory when it is given back, to be written to
    // again without a fault: of each memory, in whole pages [16 KiB]
    uint64_t keep_bytes;
    // Does without what newer systems offer (Linux 6.7: which pages were written to; 6.13: guards
    // that take no mapping), as on those that do not. Slower, and the same: for tests
    bool plain;
} weft_pool_config;

static inline weft_pool_config weft_pool_config_init(void)
{
    weft_pool_config config;
    config.size = sizeof config;
    config.places = 1000;
    config.functions = 8;
    config.limits = NULL;
    config.keep_bytes = 16 << 10;
    config.plain = false;
    return config;
}

// Reserves addresses, and no memory; `config` may be NULL: the defaults. Memories do not move, and
// what runs in them is checked, not guarded (docs/embedding.md). Errors: unknown_field; no_places:
// none were asked for; out_of_memory, also where there are not so many addresses, and how many were
// wanted.
WEFT_API weft_pool *weft_pool_new(weft_template *from, const weft_pool_config *config,
                                  weft_diag *diag);
// Those that are taken stay until they are given back.
WEFT_API void weft_pool_free(weft_pool *pool);
// Makes so many places ready, of those that were never used, so that to take them takes no longer
// than later ones. Errors: as of weft_pool_take.
WEFT_API weft_status weft_pool_prepare(weft_pool *pool, uint32_t count, weft_diag *diag);

// An instance, in a store that is yours until it is given back: by weft_store_free, or
// weft_pool_give. It is another store each time, by whose items nothing of the one before is
// reached. `tenant` may be NULL. Errors: limit_places: all are taken; those of the tenant; of a
// place that is new: limits, and out_of_memory, also where the process may have no more mappings,
// of which each place takes two, or three (vm.max_map_count).
WEFT_API weft_status weft_pool_take(weft_pool *pool, weft_tenant *tenant, weft_store **store,
                                    weft_instance *out, weft_diag *diag);
// Nobody may use the store any more, nor stop it but by a weft_lease. What stands or waits there
// ends; tasks of the store's are freed; finalizers are called, of functions and pointers that its
// guests had. Error: is_running: a guest runs there, and this was called by a host function or a
// finalizer; wrong_store: it was not taken from a pool, and stays, or the pool has it back already.
WEFT_API weft_status weft_pool_give(weft_store *store, weft_diag *diag);

// A store that was taken, for who may be late to stop it, a timer or another thread: once it was
// given back its address is used again, or is nothing's, so weft_store_stop might stop another
// guest, or worse. Ask for it while the store is yours; of one from no pool it names nothing.
typedef struct weft_lease {
    uint64_t number;
    uint32_t place;
} weft_lease;
WEFT_API weft_lease weft_pool_lease(const weft_store *store);
// As weft_store_stop, from any thread and from a signal handler, while the pool has an owner: the
// store that was taken then. False: it was given back already, and nobody is stopped.
WEFT_API bool weft_pool_stop(weft_pool *pool, weft_lease lease, weft_stop why);

typedef struct weft_pool_usage {
    size_t size;           // sizeof(weft_pool_usage): set it
    uint64_t places;       // there are
    uint64_t ready;        // that are made, and not taken
    uint64_t taken;
    uint64_t addresses;    // bytes that are reserved for memories
    uint64_t made;         // places, since the pool was made: one that a guest or the host added
                           // something to is made anew
    bool plain;            // pages that were written to cannot be told here
} weft_pool_usage;
// Error: unknown_field.
WEFT_API weft_status weft_pool_used(weft_pool *pool, weft_pool_usage *out, weft_diag *diag);

// ---- Tenants ------------------------------------------------------------------------------------
//
// What instances have together that are taken for the same customer, from whatever pools.

typedef struct weft_tenant_limits {
    size_t size;           // sizeof(weft_tenant_limits): weft_tenant_limits_init sets it
    uint64_t instances;    // that are taken at once; 0: any number
    uint64_t memory_bytes; // of all their memories together; 0: any number. Instead of the stores'
    // That all have together, from whatever thread; those of stores are left unused. Each takes
    // some of it as it needs it, 65,536 at a time, and what it has left when it is given back is
    // there again. 0: each has its own, as the pool's limits say
    uint64_t fuel;
} weft_tenant_limits;

static inline weft_tenant_limits weft_tenant_limits_init(void)
{
    weft_tenant_limits limits;
    limits.size = sizeof limits;
    limits.instances = limits.memory_bytes = limits.fuel = 0;
    return limits;
}

// `limits` may be NULL: none. Errors: unknown_field, out_of_memory.
WEFT_API weft_tenant *weft_tenant_new(const weft_tenant_limits *limits, weft_diag *diag);
// What was taken for it stays.
WEFT_API void weft_tenant_free(weft_tenant *tenant);
// Gives it more fuel; from any thread.
WEFT_API void weft_tenant_add_fuel(weft_tenant *tenant, uint64_t fuel);
// What is used now; of fuel what is left. From any thread. Error: unknown_field.
WEFT_API weft_status weft_tenant_used(const weft_tenant *tenant, weft_tenant_limits *out,
                                      weft_diag *diag);

// Errors of weft_pool_take for a tenant: limit_tenant_instances, limit_memory_size; not_fueled: the
// tenant has fuel, and the pool's stores do not count any. A guest that has used up all of the
// tenant's fuel ends in the trap out_of_fuel, and one that has no memory left is answered -1.

#ifdef __cplusplus
}
#endif
#endif
