// component.h -- what is behind the handles of weft_component.h.
#pragma once

#include "api/api.h"
#include "component/run/run.h"
#include "wasi/p2/p2.h"

struct weft_component {
    weft_engine *engine;
    Component *component;
    u8 *copy;          // of the bytes, which are so many
    size_t copied;
    Source source; // what they mean
    Plan *plan;        // NULL: it cannot be run; why, is told when it is to be
    atomic_uint users; // its owner, and stores
};

struct weft_cvalues { Arena arena; };

// What a linker has of a name: a function, or a type of resource. Counted.
typedef struct {
    weft_component_fn *fn;
    void (*drop)(void *env, weft_store *store, uint64_t handle);
    void *env;
    void (*finalize)(void *env);
    atomic_uint users;
} ComponentDef;

// All that, of one linker.
typedef struct ComponentDefs ComponentDefs;
void component_defs_free(ComponentDefs *defs); // NULL is fine

// An import that is met by a linker's.
typedef struct ComponentLink {
    struct ComponentLink *next;
    struct ComponentUse *of;
    ComponentDef *def;
    const PlanImport *import;
} ComponentLink;

// A store keeps the components that it has instances of, and what these import.
typedef struct ComponentUse {
    struct ComponentUse *next;
    weft_component *component;
    weft_store *store;
    weft_linker *linker;     // while the instance is made
    ComponentHost host;
    ComponentLink *links;
    P2 *wasi;                // or NULL
} ComponentUse;
// Has the host of an instance find what it imports. False: out of memory.
bool component_link(ComponentUse *use, weft_linker *linker);
void component_unlink(ComponentUse *use);   // when nothing is called any more
void components_close(ComponentUse *uses);  // what WASI had open, before the store's WASI is gone
void components_let_go(ComponentUse *uses); // when the store is gone
