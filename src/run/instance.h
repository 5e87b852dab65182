// instance.h -- a module in a store: one block, with everything in it that the module's numbers
// name. What the module has in common with its other instances, its code above all, is not here.
// spec: exec/runtime, module instances
#pragma once

#include "run/memory.h"

typedef struct {
    u64 value[2];       // a v128 takes both
    GlobalType type;
} Global;

typedef struct {
    TypeId type;
    u32 number;         // by which exceptions name it: see heap.h
} Tag;

struct Instance {
    // Rows of layout.def
    u8 *mem;            // of memory 0: its base and size as they are now; NULL and 0 without one
    u64 mem_size;
    union { Exec *exec; Store *store; }; // one address
    FuncCode *code;     // by function index; NULL until instance_code
    u8 *heap;           // the store's; NULL while there is none
    Func *funcs;        // the store's function space: numbers & func_mask. NULL: it has no function
    const TypeRecord *records; // by id
    s64 self;           // distance from the Exec
    u32 func_mask;
    u32 func_first;     // number of the first defined function
    const TypeId *types;  // by the module's number
    const Module *module;
    ModuleCode *made;   // the module's, shared

    Func **imports;     // functions, by index
    u32 imported_funcs;
    Memory **memories;
    Global **globals;   // all, by index
    Table **tables;
    Tag **tags;
    u64 mem_open;       // of memory 0: as far as the interpreter accesses it by itself
    bool *data_dropped, *elem_dropped;
    Ref *items;         // of element segments, those that were computed, in order
    u64 bytes;          // that the store counts for it
    Instance *next;     // of the store's
    Instance *next_rooted; // of those whose globals or segments may hold objects
    Instance *next_view; // of memory 0
    // of those with lower numbers: the next, and one much further down, so that a search is short
    Instance *lower, *far_lower;
    u32 lower_count;
    Global own[];       // those that are not imported
};

typedef struct {
    ExternKind kind;
    union {
        Func *func;
        Table *table;
        Memory *memory;
        Global *global;
        Tag *tag;
    };
} Extern;

// An instance with everything that is not imported still to be made. NULL: *diag
// says why.
Instance *instance_new(Store *store, const Module *m, Diag *diag);
// Gives its functions numbers, once it is linked. False: none are left.
bool instance_number(Instance *inst);
// Gives back what nobody has seen: the newest instance, which did not come to be.
void instance_drop(Instance *inst);
// Memory 0 is there now.
void instance_view_memory(Instance *inst);
// Which code it runs depends on that: to be called before anybody may look for a function of it,
// memory or none. False: *diag says why.
bool instance_code(Instance *inst, Diag *diag);

// Initial values, once the imports are there, and the globals that it needs. It takes at most two
// slots.
Trap instance_value(Instance *inst, Const c, u64 value[2]);
// An item of an element segment, which never fails: what had to be computed was made with the
// instance.
Ref instance_item(Instance *inst, Const c);
// The segment is empty from now on. spec: exec/elem.drop
void instance_drop_elem(Instance *inst, u32 elem);

// What is behind a reference to a function, in code of this instance: of null, and of a number that
// nobody has used, an empty entry.
static inline Func *instance_entry(const Instance *inst, Ref ref)
{
    return &inst->funcs[ref & inst->func_mask];
}

// Is it one of this instance? Not when it is of the host, or not filled.
static inline bool instance_owns(const Instance *inst, const Func *f)
{
    return f->instance == inst->self;
}

// The type of an external value as linking sees it: a memory's minimum is its size now.
ExternType extern_type(const Extern *e);
// May `e` be imported as `want`? spec: valid/matching, external types
bool extern_matches(const Store *store, const Extern *e, const ExternType *want);
// Finds an export by name; false if there is none.
bool instance_export(const Instance *inst, Bytes name, Extern *out);
bool instance_export_at(const Instance *inst, u32 index, Extern *out); // in the module's order
