// store.h -- what runs: the Store and the instances of everything in it. spec: exec/runtime
//
// A store belongs to one thread at a time and may move between threads. What it owns lives until it
// is freed. References are 32 bits: an offset into one reservation of the store, so that
// a confused one still points inside it; 0 is null, and no object is at 0.
#pragma once

#include "base/arena.h"
#include "module/module.h"
#include "op/diag.h"

typedef u32 Ref;
#define REF_NULL 0u

typedef struct Store Store;
typedef struct Instance Instance;
typedef struct Func Func;
typedef struct Exec Exec;

// A call of a host function. `slots` holds the parameters, 8 bytes each (v128: 16), and takes the
// results from its start. i32 and f32 use the low 32 bits; the rest is ignored on results.
typedef struct {
    Exec *exec;
    const Func *func;   // the one that is called
    Instance *caller;   // whose code made the call, a tail call too; NULL when the host did
    void *env;          // as given to func_new_host
    u64 *slots;
} HostCall;
// Returns TRAP_none, or why to stop.
typedef Trap HostFn(HostCall *call);

struct Func {
    const u64 *entry;   // interpreter code to run next; changes once the body is translated
    TypeId type;
    u32 index;          // in its instance
    u32 param_slots, result_slots; // of its type
    Instance *instance; // NULL for host functions
    void *code;         // the tier's own: InterpCode
    HostFn *host;
    void *env;
};

typedef struct Memory {
    u8 *base;
    u64 size;           // bytes; what accesses are checked against; never more than SIZE_MOST
    u64 pages, max_pages; // in units of the page size; max is also bounded by the engine
    u64 reserved;       // bytes of address space; growing beyond moves base
    u64 *left;          // bytes that the store's memories may yet grow by, all together
    MemType type;
    struct Memory *next; // of the store's
} Memory;

typedef struct Table {
    Ref *elems;
    u64 size, cap, max; // entries
    u64 *left;          // entries that the store's tables may yet grow by, all together
    TableType type;
    struct Table *next; // of the store's
} Table;

typedef struct {
    u64 value[2];       // a v128 takes both
    GlobalType type;
} Global;

typedef struct { TypeId type; } Tag;

// What was thrown: behind references of type exn. spec: exec/runtime, exception instances
typedef struct {
    const Tag *tag;
    u64 values[]; // as many slots as the tag's type has for parameters
} Exception;

struct Instance {
    Memory **memories;  // never NULL: a module without one has a memory of size 0 here
    Func **funcs;
    Global **globals;
    Table **tables;
    Tag **tags;
    Store *store;
    const Module *module;
    Func *own_funcs;    // the defined ones, in order
    bool *data_dropped, *elem_dropped;
    Ref **elem_refs;    // evaluated segments
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

typedef struct {
    // A store makes these two smaller where the machine has no addresses for so much.
    u64 memory_bytes;   // most that all memories of a store may have together
    u64 table_entries;  // most that one table may have
    u64 table_total;    // most that all tables of a store may have together; 0: four times table_entries
    u64 stack_bytes;    // of the guest stack
    // Address space, which costs no memory. What needs more of the first moves when it grows; what
    // needs more of the second is refused.
    u64 memory_reserve; // most that is set aside for one memory beyond its size
    u64 heap_reserve;   // behind references: functions and objects; at most 4 GiB, which 0 stands for
} StoreLimits;
extern const StoreLimits store_limits_default;
extern const StoreLimits store_limits_small; // for devices: takes what is needed now, and little more

struct Store {
    TypeStore *types;
    StoreLimits limits;
    Arena arena;        // everything that dies with the store and is not pages
    u8 *heap;           // the reservation behind references
    u32 heap_used;      // bytes
    u64 heap_committed, heap_reserved;
    Memory *memories;   // all that it owns, newest first
    u64 memory_left;    // bytes that they may yet grow by
    Table *tables;
    u64 table_left;     // entries that they may yet grow by
    Memory empty_memory;
    Exec *exec;         // the fiber that runs
    const u64 *entry_wasm, *entry_host; // the tier's first code for a function not yet called
};

// NULL: out of memory. Types come from `types`, which must outlive the store.
Store *store_new(TypeStore *types, const StoreLimits *limits);
void store_free(Store *store);

// Zeroed memory that lives as long as the store, never to be freed alone. NULL: none left.
void *store_alloc(Store *store, size_t count, size_t size);

// Running never jumps: these return NULL or false when memory is short.
// `func_new` makes room for `count` functions in a row, all zero but for `entry`.
Func *func_new(Store *store, u32 count);
void func_set_type(const Store *store, Func *func, TypeId type);
// How many slots a call takes, for parameters and then results.
static inline u32 func_slots(const Func *f) { return MAX(f->param_slots, f->result_slots); }
Func *func_new_host(Store *store, TypeId type, HostFn *host, void *env);
Memory *memory_new(Store *store, const MemType *type);
Table *table_new(Store *store, const TableType *type, Ref init);
Global *global_new(Store *store, GlobalType type);
Tag *tag_new(Store *store, TypeId type);

// An external value of the host as a reference, never null.
Ref ref_new_extern(Store *store, u64 value); // 0: out of memory
u64 ref_extern_value(const Store *store, Ref ref);

// An exception with copies of its values. 0: out of memory. It lives as long as the store.
Ref ref_new_exception(Store *store, const Tag *tag, const u64 *values);
static inline const Exception *ref_to_exception(const Store *s, Ref ref) { return (const Exception *)(s->heap + ref); }

static inline Ref ref_of_func(const Store *store, const Func *f) { return (Ref)((const u8 *)f - store->heap); }
static inline Func *ref_to_func(const Store *store, Ref ref) { return (Func *)(store->heap + ref); }

// The old size in pages or entries, or -1 when there is no room. spec: exec/memory.grow, table.grow
s64 memory_grow(Memory *memory, u64 pages);
s64 table_grow(Table *table, u64 count, Ref init);
// The same as instructions: charged by size, and a fiber that is to stop grows nothing.
Trap exec_memory_grow(Exec *x, Memory *memory, u64 pages, s64 *old);
Trap exec_table_grow(Exec *x, Table *table, u64 count, Ref init, s64 *old);

// Bulk operations: bounds are checked first, and nothing is done when they are the reason of a
// trap. The work is done in pieces; between them the fiber may be interrupted or run out of fuel,
// which leaves the rest undone.
// spec: exec/instructions, memory and table instructions
Trap memory_copy(Exec *x, Memory *dst, u64 d, const Memory *src, u64 s, u64 n);
Trap memory_fill(Exec *x, Memory *memory, u64 d, u8 value, u64 n);
Trap memory_init(Exec *x, Instance *inst, Memory *memory, u32 data, u64 d, u64 s, u64 n);
Trap table_copy(Exec *x, Table *dst, u64 d, const Table *src, u64 s, u64 n);
Trap table_fill(Exec *x, Table *table, u64 d, Ref value, u64 n);
Trap table_init(Exec *x, Instance *inst, Table *table, u32 elem, u64 d, u64 s, u64 n);

// The type of an external value as linking sees it: a memory's minimum is its size now.
ExternType extern_type(const Extern *e);
// May `e` be imported as `want`? spec: valid/matching, external types
bool extern_matches(const Store *store, const Extern *e, const ExternType *want);
// Finds an export by name; false if there is none.
bool instance_export(const Instance *inst, Bytes name, Extern *out);
bool instance_export_at(const Instance *inst, u32 index, Extern *out); // in the module's order
