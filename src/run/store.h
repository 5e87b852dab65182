// store.h -- what runs: the Store and everything in it. spec: exec/runtime
//
// A store belongs to one thread at a time and may move between threads. What it owns lives until it
// is freed, and it knows all of it.
#pragma once

#include "base/arena.h"
#include "op/diag.h"
#include "run/exec.h"
#include "run/heap.h"

typedef struct {
    // A store makes these two smaller where the machine has no addresses for so much.
    u64 memory_bytes;   // most that all memories of a store may have together
    u64 table_entries;  // most that one table may have
    u64 table_total;    // most that all tables of a store may have together; 0: four times table_entries
    u64 stack_bytes;    // of the guest stack
    MemoryMode memory_mode; // of memories that are not shared, which are always fixed
    u64 memory_room;    // what the smallest movable one takes, to grow without a move
    u64 heap_bytes;     // of objects behind references
    u32 funcs;          // functions that have numbers: those that instances define, and the host's; at most 2^26
} StoreLimits;
extern const StoreLimits store_limits_default;
extern const StoreLimits store_limits_small; // for devices: takes what is needed now, and little more

struct Store {
    Exec exec;          // the fiber that runs
    TypeStore *types;
    StoreLimits limits;
    Arena arena;        // what dies with the store and is neither pages nor an instance
    Blocks heap;        // what is behind references
    bool gc_stress;     // tests: collect before each object, look through all, and spoil what is free
    HostTable hosts;    // values of the host's
    const Tag **tags;   // by number
    u32 tag_count, tag_cap;
    Func *funcs;        // the function space
    u32 func_count, func_mask; // numbers given out, 0 included; one less than the entries, a power of two
    size_t func_space;  // bytes of its mapping
    Instance *instances; // all that it owns, newest first
    Instance *rooted;   // those of them that a collection looks at
    Memory *memories;   // likewise
    u64 memory_left;    // bytes that they may yet grow by
    HeldType *held;     // types of the host's functions and tags
    Table *tables;
    struct HostGlobal *globals; // that the host made
    u64 table_left;     // entries that they may yet grow by
};

_Static_assert(offsetof(Store, exec) == 0, "one address for both");

// NULL: out of memory. Types come from `types`, which must outlive the store.
Store *store_new(TypeStore *types, const StoreLimits *limits);
void store_free(Store *store);

static inline Ref ref_of_func(const Store *s, const Func *f) { return (Ref)(f - s->funcs); }
static inline Func *ref_to_func(const Store *s, Ref ref) { return &s->funcs[ref & s->func_mask]; } // not null

// Zeroed memory that lives as long as the store, never to be freed alone. NULL: none left.
void *store_alloc(Store *store, size_t count, size_t size);

typedef struct HostGlobal {
    Global global;
    struct HostGlobal *next;
} HostGlobal;

// NULL: out of memory. The store holds a tag's type.
Global *global_new(Store *store, GlobalType type);
Tag *tag_new(Store *store, TypeId type);
void store_hold_type(Store *store, HeldType *held, TypeId type); // `held` is part of what needs it
