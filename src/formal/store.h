// store.h -- the store of the formal machine: instances of everything, by address.
//
// An address is a place in an array that only grows. What there may be of objects, memories and
// tables is counted. Objects, exceptions and continuations are collected when a limit is met
// (collect.h), and their places given out again; all else goes with the store.
// spec: exec/runtime, store
#pragma once

#include "formal/value.h"
#include "module/module.h"
#include "op/diag.h"

typedef struct Instr Instr;
typedef struct Body Body;
typedef struct ModuleInst ModuleInst;
typedef struct Config Config;

// What a host's function does: from as many arguments as its type has to as many results, which
// stand in the same place. It is told who calls: c->caller. Of what it changes of the store it
// tells the watch (touch). TRAP_waits: it has done nothing, and is to be called again later.
typedef Trap HostCode(Config *c, void *env, const Val *args, Val *results);

typedef struct {
    TypeId type;
    ModuleInst *module;  // NULL: the host's
    u32 index;           // in the module
    Body *body;          // made on the first call, once for instances that are alike
    HostCode *host;
    void *env;
} FuncInst;
typedef struct { TableType type; Val *refs; u64 count; } TableInst;
typedef struct { MemType type; u8 *bytes; u64 count, cap; } MemInst; // zeros from count on
typedef struct { GlobalType type; Val value; } GlobalInst;
typedef struct { TypeId type; } TagInst;
// growing: its references are still being made
typedef struct { Type type; Val *refs; u32 count; bool growing; } ElemInst;
typedef struct { const u8 *bytes; u32 count; } DataInst;
// What is collected has a link; see collect.c. Where nothing is any more there are no fields.
//
// Of structures and arrays. A structure's descriptor, if its type has one, is behind its fields.
typedef struct { TypeId type; u32 count, link; Val *fields; } ObjectInst;
typedef struct { u32 tag, count, link; Val *fields; } ExnInst;
// A context with a hole at its innermost place, in front of which stand the last of its values: a
// part of a configuration, whose numbers count from the part's own beginning. In one block are the
// contexts, the locals of their frames, and the values.
typedef struct {
    bool consumed, gone;     // nothing is left of it; it was collected
    u32 link;
    u32 func;                // its contexts are (INVOKE func) alone; else NO_ADDRESS
    u32 context_count, local_count, value_count, frames;
    struct Context *contexts;
} ContInst;

// Addresses by index.
struct ModuleInst {
    ModuleInst *older;
    const ModuleInst *like; // another of the same module, which has the bodies; or NULL
    const Module *module;
    bool ready;          // not before has it all that it says: first functions, then globals
    u32 *funcs, *tables, *mems, *globals, *tags, *elems, *datas;
};

typedef struct {
    u64 memory_bytes, table_entries, table_total, heap_bytes, functions; // entries: of one table
    u64 code_bytes;      // of bodies as trees, and of what makes them while it lasts
} FormalLimits;

#define FORMAL_LIST(Type) struct { Type *at; u32 count, cap; }
// Room for one more in such a list. False: there is none.
#define FORMAL_ROOM(list)                                                                          \
    formal_room((void **)&(list).at, (list).count, &(list).cap, sizeof *(list).at)
bool formal_room(void **at, u32 count, u32 *cap, size_t size);
// free: the first place that nothing is in any more, from 1 on; the next is behind its link
#define FORMAL_HEAP(Type) struct { Type *at; u32 count, cap, free; }
typedef FORMAL_HEAP(ObjectInst) ObjectHeap;
typedef struct {
    TypeStore *types;
    FormalLimits limits, used;
    bool met_limit;          // that is why there was no room last; else memory is short
    Account code;            // has that limit
    Arena arena;             // bodies, and what those who check know of them
    FORMAL_LIST(FuncInst) funcs;
    FORMAL_LIST(TableInst) tables;
    FORMAL_LIST(MemInst) mems;
    FORMAL_LIST(GlobalInst) globals;
    FORMAL_LIST(TagInst) tags;
    FORMAL_LIST(ElemInst) elems;
    FORMAL_LIST(DataInst) datas;
    ObjectHeap structs, arrays;
    FORMAL_HEAP(ExnInst) exns;
    FORMAL_HEAP(ContInst) conts;
    u32 collections;
    bool stress;             // collect before each object is made
    struct StoreKept *kept;  // what those who check know of it (judge.h); or NULL
    ModuleInst *modules;     // newest first
    struct Config *configs;  // all that work on it, newest first
    struct Config *waiting;  // configurations that wait to be notified, the longest first
    u64 now;                 // nanoseconds, of which each step takes one
} FormalStore;

void formal_store_init(FormalStore *s, TypeStore *types, const FormalLimits *limits);
void formal_store_free(FormalStore *s);

// $alloc...: the address, or NO_ADDRESS where there is no room, or a limit is met.
#define NO_ADDRESS UINT32_MAX
u32 alloc_func(FormalStore *s, FuncInst func);
u32 alloc_table(FormalStore *s, const TableType *type, Val init);
u32 alloc_mem(FormalStore *s, const MemType *type);
u32 alloc_global(FormalStore *s, GlobalType type, Val value);
u32 alloc_tag(FormalStore *s, TypeId type);
// The store owns the references from now on, whatever comes of it.
u32 alloc_elem(FormalStore *s, Type type, Val *refs, u32 count);
u32 alloc_data(FormalStore *s, const u8 *bytes, u32 count);
// The fields are copied.
u32 alloc_struct(FormalStore *s, TypeId type, const Val *fields, u32 count);
u32 alloc_array(FormalStore *s, TypeId type, const Val *fields, u32 count);
u32 alloc_exn(FormalStore *s, u32 tag, const Val *fields, u32 count);
u32 alloc_cont(FormalStore *s, ContInst cont);

// What objects take, and give back. False: a limit is met.
enum { OBJECT_ITSELF = 64 }; // bytes, beside its fields
static inline u64 object_bytes(u64 fields) { return OBJECT_ITSELF + (fields + 1) * sizeof(Val); }
bool formal_take(FormalStore *s, u64 bytes);
void formal_give(FormalStore *s, u64 bytes);
// What memories take, and stacks that are counted as such.
bool formal_take_memory(FormalStore *s, u64 bytes);
void formal_give_memory(FormalStore *s, u64 bytes);

// $growtable, $growmem. False: they are undefined here, or a limit is met.
bool grow_table(FormalStore *s, TableInst *table, u64 more, Val init);
bool grow_mem(FormalStore *s, MemInst *mem, u64 more_pages);

// The type of a reference that is not null, as exactly as it is known. spec: Ref_ok
Type ref_type(const FormalStore *s, Val ref);
bool ref_ok(const FormalStore *s, Val ref, Type type);
