// plan.h -- a component as a linear program: all its nested components were executed symbolically
// once, and what is left has no names.
//
//     definitions of bodies --plan--> step step step ...      exports: a tree of numbers
//
// What was found in an index space is a number: of a slot, which holds something core; of a core
// instance, of a function, of a resource, of a component instance. Only what has an effect is a
// step. A plan belongs to its component and never changes, so any number of stores may use it.
// spec: Explainer/instance definitions
#pragma once

#include "component/abi/fuse.h"
#include "component/binary/component.h"

#define PLAN_NONE UINT32_MAX

typedef enum {
#define STEP(name, text) STEP_##name,
#include "component/run/step.def"
    STEP_COUNT
} StepKind;

// Of a component instance: what resources its types mean.
typedef struct {
    CIdMap resources;      // canon of a type -> number
    u32 instance;
} PlanEnv;

typedef struct {
    u8 kind;               // StepKind
    u32 to;                // slot; of a core instance, resource or function
    u32 from;              // slot of what is lifted, of a destructor; function that is lowered;
                           // core instance that is taken from
    u32 index;             // of the export; number of a builtin's resource; how many adapters
    const Module *module;
    const u32 *args;       // slots of its imports, in their order; of adapters
    const FuseImport *fused; // what adapters import
    const CCanon *canon;   // options hold slots
    const PlanEnv *env;
} Step;

// A function: lifted, or imported by the root.
typedef struct {
    const CCanon *canon;   // NULL: imported
    const PlanEnv *env;
    u32 import;
    CType type;            // in that environment
    u32 core;              // slot of what is lifted
} PlanFunc;

typedef struct {
    u32 instance;          // that defines it; PLAN_NONE: imported
    u32 import;
    bool destroys;         // it has a destructor
} PlanResource;

typedef struct PlanInstance PlanInstance;
typedef struct PlanComponent PlanComponent;

// What stands in an index space.
typedef struct {
    CEntityKind kind;
    CType type;
    Bytes name;            // that it was last imported or exported by
    union {
        const Module *module;
        u32 func;
        u32 resource;          // PLAN_NONE: another type
        PlanComponent *component;
        PlanInstance *instance;
    };
} Origin;

typedef struct { Bytes name; Origin origin; } PlanExport;
struct PlanInstance {
    PlanExport *exports;
    u32 count;
    Map by_name;           // once there are many
};

// What the root imports: `outer` is the instance that has it, PLAN_NONE none.
typedef struct {
    Bytes name;
    u32 outer;
    CEntityKind kind;
    CType type;
    u32 resource;          // of a type: its number
} PlanImport;

// How the root's imports are found while the plan is made; what is a function or resource is found
// when an instance is. `module` NULL: there are no modules or components.
typedef struct {
    const Module *(*module)(void *env, Bytes outer, Bytes name);
    void *env;
    bool plain;            // calls between components go by values of the host's, for tests
} PlanLink;

typedef struct Plan {
    Arena arena, scratch;  // of the latter nothing stays
    const Component *component;
    Step *steps;
    u32 count, cap;
    u32 slots, cores;
    PlanFunc *funcs;
    u32 func_count, func_cap;
    PlanResource *resources;
    u32 resource_count, resource_cap;
    u32 *parents;          // of component instances; the root's is PLAN_NONE
    u32 instance_count, instance_cap;
    PlanImport *imports;
    u32 import_count, import_cap;
    PlanInstance *root;
    const PlanEnv *env;    // the root's
    Module **fused;        // its own: modules of adapters
    u32 fused_count, fused_cap;
} Plan;

// NULL: *diag says why. The component outlives it.
Plan *plan_make(const Component *c, const PlanLink *link, Diag *diag);
void plan_free(Plan *plan); // NULL is fine
// NULL: there is none of that name.
const Origin *plan_export(const PlanInstance *of, Bytes name);
// The exported function that a text names: "f", or "ns:p/i.f@1.0.0" of the instance "ns:p/i@1.0.0",
// which the version may be left out of where there is one such. NULL: there is none.
const Origin *plan_func(const Plan *plan, Bytes text);
// Of an instance that is called and who calls it the one that is behind all that is entered: where
// the two meet, or PLAN_NONE. The caller may be PLAN_NONE: the host.
u32 plan_meeting(const u32 *parents, u32 instance, u32 caller);
// The number of a resource that a type in this environment means.
u32 plan_resource(const CTypes *types, const PlanEnv *env, CType resource);
