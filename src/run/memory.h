// memory.h -- linear memories and tables. spec: exec/runtime, memory and table instances
#pragma once

#include "base/account.h"
#include "run/func.h"

// Where a memory stands while it grows.
typedef enum {
    MEMORY_movable, // it takes the address space that it needs, and may move
    MEMORY_fixed,   // it takes as much as it may ever need, and stays
    MEMORY_guarded, // it stays, and what is beyond its size faults: see guard.h
} MemoryMode;

// Where size counts nothing is mapped in a memory.
#ifdef WEFT_MICRO
enum { MAPS_POSSIBLE = false };
#else
enum { MAPS_POSSIBLE = true };
#endif

typedef struct SharedMemory SharedMemory;
typedef struct MemoryMap MemoryMap;

typedef struct Memory {
    // Rows of layout.def
    u8 *base;
    u64 size;           // bytes; what accesses are checked against; never more than SIZE_MOST
    // where others see its base and size, which may be larger by now: of a view; else itself
    struct Memory *whole;

    SharedMemory *shared; // what it is a view of; NULL: it is the store's own
    u64 pages, max_pages; // in units of the page size; max is also bounded by the store
    u64 reserved;       // bytes of address space; growing beyond moves base; not of a guarded one
    u64 image;          // so many from its start on are mapped from a file: see image.h
    struct ForkFile *fork; // what it is mapped from: see fork.h; or NULL
    bool lent;          // its addresses are somebody else's, who lives longer
    bool patched;       // something else was mapped over a part of it, at some time
    u32 patches;        // parts that were given back so, and where the last one ends
    u64 patch_end;
    MemoryMode mode;
    s32 place;          // of a guarded one, among those that fault
    Account *account;   // of bytes that the store's memories have, all together
    u64 paid;           // what it was charged for this one
    MemType type;
    // What is mapped in it (mapped.h); how many of those may not be written, or may be cut; its
    // size, or where the first of them begins: what may be accessed without a look.
    MemoryMap *maps;
    u32 perils;
    bool looked_at;     // the access that comes was looked at
    u64 open;
    void (*grown)(void *env); // the host's, who is told of it; or NULL
    void *grown_env;
    Instance *views;    // whose memory 0 it is: they keep its base and size
    u64 view_count;
    struct Memory *next; // of the store's
} Memory;

typedef struct Table {
    Ref *elems;
    u64 size, cap, max; // entries
    Account *account;   // of entries that the store's tables have, all together
    TableType type;
    struct Table *next; // of the store's
} Table;

// Running never jumps: these return NULL or false when memory is short. The store owns what they
// make; `drop` gives back what was made last. Memory and Table themselves are counted by who makes
// them: an instance with the rest of it.
Memory *memory_new(Store *store, const MemType *type);
// One that begins as something that was kept (template.h): of `size` bytes, zeros yet, which stays
// where it is if it `stays`. In `place`, unless that is NULL, it has no more than is there.
typedef struct { u8 *start; u64 room; } MemoryPlace;
Memory *memory_new_kept(Store *store, const MemType *type, u64 size, bool stays,
                        const MemoryPlace *place);
// For the same: nothing that is beyond is accessed any more. It pays what it paid.
void memory_cut(Memory *memory, u64 size);
// The store's view of a memory that others have too: always the same one. NULL: out of memory.
Memory *memory_view(Store *store, SharedMemory *shared);
Memory *memory_find_view(const Store *store, const SharedMemory *shared); // NULL: there is none
// Is it larger by now than the store has seen? Whoever has seen it is told.
bool memory_grown(Memory *memory);
static inline void memory_refresh(Memory *m)
{
    if (m->shared) memory_grown(m);
}
static inline bool in_bounds(u64 at, u64 n, u64 size) { return n <= size && at <= size - n; }
// Whose memory 0 it is is told of its base and sizes.
void memory_show(Memory *memory);
// From now on its base does not move; it may now. False: no address space.
bool memory_stay(Memory *memory);
// Zeros from now on, all of them inside; whole pages of the machine's that are many go back to it.
void memory_zero(Memory *memory, u64 at, u64 size);
// Are these bytes in it, now?
static inline bool memory_holds(Memory *m, u64 at, u64 n)
{
    if (LIKELY(in_bounds(at, n, m->size))) return true;
    return m->shared && memory_grown(m) && in_bounds(at, n, m->size);
}
// Do its bytes stay where they are, however it grows?
bool memory_stays(const Memory *memory);
// May it have guards, in a store that wants them? There may be no address space.
bool memory_suits_guards(const MemType *type);
Table *table_new(Store *store, const TableType *type, Ref init);
void memory_drop(Store *store, Memory *memory);
void memory_free(Memory *memory); // with its store
// Before, of a store that pays from another's account: gives back what is gone then. Those of a
// shared one's bytes that it paid for are still there if others have it.
void memory_leave(Store *store, const Memory *memory);
void table_drop(Store *store, Table *table);
// It has these entries, and no room for more. False: out of memory, and it is as it was.
bool table_restore(Table *table, const Ref *elems, u64 size);

// The old size in pages or entries, or -1 when there is no room. spec: exec/memory.grow, table.grow
s64 memory_grow(Memory *memory, u64 pages);
s64 table_grow(Table *table, u64 count, Ref init);
// The same as instructions: charged by size, and a fiber that is to stop grows nothing.
Trap exec_memory_grow(Exec *x, Memory *memory, u64 pages, s64 *old);
Trap exec_table_grow(Exec *x, Table *table, u64 count, Ref init, s64 *old);

// Bulk operations: bounds are checked first, and nothing is done when they are the reason of a
// trap. The work is done in pieces; between them the fiber may be stopped or run out of fuel, and
// then `left` says what is still to be done: the same again does that.
// spec: exec/instructions, memory and table instructions
typedef struct {
    // where to write, where to read, if anywhere, and how much: bytes or entries
    u64 to, from, count;
} Bulk;
// The next piece of what is left, which is `down` to be done from its end: where, and how many
// items of `size` bytes. The last one was done, and this one is paid for. False: *trap says why, or
// nothing is left. `piece` starts zeroed.
bool bulk_next(Exec *x, Bulk *left, Bulk *piece, size_t size, bool down, Trap *trap);
Trap memory_copy(Exec *x, Memory *dst, Memory *src, Bulk *left);
Trap memory_fill(Exec *x, Memory *memory, u8 value, Bulk *left);
Trap memory_init(Exec *x, Instance *inst, Memory *memory, u32 data, Bulk *left);
// Whole pages, of the memory's own size, that the range touches are zero from then on, and take no
// memory of the machine's. spec: proposal memory-control, memory.discard
Trap memory_discard(Exec *x, Memory *memory, Bulk *left);
Trap table_copy(Exec *x, Table *dst, const Table *src, Bulk *left);
Trap table_fill(Exec *x, Table *table, Ref value, Bulk *left);
Trap table_init(Exec *x, Instance *inst, Table *table, u32 elem, Bulk *left);
