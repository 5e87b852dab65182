// store.h -- what runs: the Store and everything in it. spec: exec/runtime
//
// A store belongs to one thread at a time and may move between threads. What it owns lives until it
// is freed, and it knows all of it.
#pragma once

#include "base/arena.h"
#include "op/limit.h"
#include "run/cont.h"
#include "run/exec.h"
#include "run/heap.h"

// Of what has an account 0 stands for the default. A store makes its copy smaller where the machine
// has no addresses for so much.
typedef struct {
    u64 table_entries;  // most that one table may have
    u64 stack_bytes;    // of the guest stack
    // Of memories that can be so; guarded only where faults are handled. Shared ones are fixed, if
    // not guarded; and where there is no guard to be had one that is not shared is movable.
    MemoryMode memory_mode;
    bool forks;         // memories are to be had by others as they are at some time: see fork.h
    u64 memory_room;    // what the smallest movable one takes, to grow without a move
    u32 host_calls;     // that stand inside each other, and call the guest
    u64 native_bytes;   // of the thread's stack, that these leave
    union {
        struct {
            u64 memory_bytes;   // of all memories together
            u64 table_total;    // entries of all tables together; 0: four times table_entries
            u64 heap_bytes;     // of objects behind references
            u64 handles;        // values of the host's that references stand for, and references
                                // that the host has
            u64 continuations;  // that were not used yet
            u64 continuation_bytes; // that these have parked, and guests that were stopped
            u64 instances;
            u64 instance_bytes; // of instances, beside memories, tables and functions; and of
                                // the host's items
            u64 functions;      // that instances define, and the host's; at most 2^26 - 1
        };
        u64 counted[STORE_LIMIT_COUNT]; // in the order of op/limit.def
    };
} StoreLimits;
extern const StoreLimits store_limits_default;
// for devices: takes what is needed now, and little more
extern const StoreLimits store_limits_small;

// See func_find_shared.
typedef struct { const void *what; Func *func; } SharedFunc;

struct Store {
    Exec exec;          // the fiber that runs
    TypeStore *types;
    StoreLimits limits;
    Arena arena;        // what dies with the store and is neither pages nor an instance
    Blocks heap;        // what is behind references
    // tests: do something of a collection before each object, look through all, and spoil what is
    // free
    bool gc_stress;
    bool computing;     // an initial value, or all of it is read: nothing is collected
    bool telling;       // the host, of values that ended: likewise
    // is told of each collection, unless NULL, and may do nothing but look: see gc/collect.h
    void (*collected)(void *env, const Collection *collection);
    void *collected_env;
    HostTable hosts;    // values of the host's
    ContTable conts;    // continuations
    const Tag **tags;   // by number
    u32 tag_count, tag_cap;
    Func *funcs;        // the function space
    u32 func_mask;      // one less than its entries, a power of two
    size_t func_space;  // bytes of its mapping, and
    u64 func_writable;  // how many from its start on are sure to be writable
    Instance *instances; // all that it owns, newest first
    Instance *rooted;   // those of them that a collection looks at
    Instance *numbered; // those that have functions, the highest numbers first
    Memory *memories;   // likewise
    HeldType *held;     // types of the host's functions and tags
    Table *tables;
    struct HostGlobal *globals; // that the host made
    SharedFunc *shared; // a hash table
    u32 shared_count, shared_cap; // cap is a power of two, or 0
    void *owner;        // what the host has for it, and
    void *wasi;         // what functions of WASI work on: for who made these
    Account accounts[STORE_LIMIT_COUNT];
    u64 made[STORE_LIMIT_COUNT]; // of some, since all was collected: see heap_worth
    // Of memory_bytes: its own, or that of another store, which then lives longer. Any number of
    // threads take from it.
    Account *memory_account;
    // the limit that refused something, until store_short is asked; or the count
    StoreLimit met;
};

_Static_assert(offsetof(Store, exec) == 0, "one address for both");

// NULL: out of memory. Types come from `types`, which must outlive the store.
Store *store_new(TypeStore *types, const StoreLimits *limits);
void store_free(Store *store);

static inline Ref ref_of_func(const Store *s, const Func *f) { return (Ref)(f - s->funcs); }
// not null
static inline Func *ref_to_func(const Store *s, Ref ref) { return &s->funcs[ref & s->func_mask]; }

// False: the limit is met, and store_short says so.
bool store_take(Store *store, StoreLimit what, u64 amount);
void store_give(Store *store, StoreLimit what, u64 amount);
// Why something of the store was not to be had just now: the limit that was met, or memory was
// short, for `what`. Returns false. exec_short (exec.h) says the same of a trap.
bool store_short(Store *store, Diag *diag, const char *what);

// Numbers of functions that were given out, and 0.
static inline u32 store_func_count(const Store *s)
{
    return 1 + (u32)account_used(&s->accounts[STORE_functions]);
}

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
