// run.h -- an instance of a component, in a store: made by its plan, and called.
//
//     weft_cvalue --lower--> slots, memory --core function--> slots, memory --lift--> weft_cvalue
//
// It and all that it has live as long as the store. Calls between components go by values too: what
// is lifted from the one is lowered into the other, with nothing between that either can see.
// spec: CanonicalABI/canonical definitions
#pragma once

#include "component/abi/abi.h"
#include "component/run/plan.h"
#include "run/store.h"

typedef struct ComponentRun ComponentRun;

// Most that the values of one call may take of the host's memory.
enum { RUN_VALUE_BYTES = 1 << 30 };

// A function of the host's. What it gives lives in the arena, or longer; whoever calls it catches
// the arena's failure, so what else it holds then is lost. A handle of a resource of
// the host's is what it likes; of a guest's it is what it was given.
typedef Trap ComponentHostFn(void *env, ComponentRun *run, const CValue *args, CValue *result,
                             Arena *arena);

typedef struct { ComponentHostFn *fn; void *env; } HostImport;

// What the host has for imports of the root. NULL: nothing, but instances that export nothing.
typedef struct {
    // Is there such a function, type of resource or instance, of that type? `outer` is the instance
    // that it is in, or empty. Of a function *out is to be filled in. False: *diag may say why.
    bool (*find)(void *env, const Plan *plan, const PlanImport *import, Bytes outer,
                 HostImport *out, Diag *diag);
    // A handle that owned this is gone.
    void (*drop)(void *env, const PlanImport *resource, u64 rep);
    void *env;
} ComponentHost;

// The plan, its component and `host` outlive the store. NULL: *diag says why, or *trap what a start
// function did; nothing of it can be called then.
ComponentRun *component_instantiate(Store *store, const Plan *plan, const ComponentHost *host,
                                    Trap *trap, Diag *diag);
// Calls the function `func` of the plan's with values of its type; the result, if it has one, lives
// in the arena, whose limit holds and whose failure the callee catches. After a trap nothing of
// the instance may be called any more. What is said of the trap is in store->exec.
Trap component_call(ComponentRun *run, u32 func, const CValue *args, CValue *result, Arena *arena);
// A handle that the host owns is gone; the resource is destroyed. False: there is no such.
bool component_drop(ComponentRun *run, u64 handle, Trap *trap);
const Plan *component_plan(const ComponentRun *run);
Store *component_store(const ComponentRun *run);
