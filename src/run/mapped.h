// mapped.h -- parts of a memory that are mapped from somewhere else: from a buffer of the host's,
// or from a file. And memory that is given back while the guest has it.
//
//     |--- own pages ---|=== mapped, private ===|--- own ---|=== mapped, sealed ===|--- own ---|
//     base                                      open          its stores are traps          size
//
// What is mapped privately is the guest's to write, and what it writes nobody else sees; what is
// shared all see who have it; what is sealed traps when it is written. Where a file was cut, an
// access traps; what reads it and cannot end there, functions of WASI and the host's own code,
// finds zeros (plat/fault.h), and it is marked as cut from then on.
//
// Compiled code does not ask: it faults. All else looks before it accesses what may be sealed or
// cut: memory_look. The interpreter has no time for that, so it takes such a memory to end where
// the first such part begins (`open`), and looks closer at what it finds behind (interp_from).
#pragma once

#include "plat/fault.h"
#include "plat/pages.h"
#include "run/memory.h"

struct MemoryMap {
    u64 start, end;     // bytes, in whole pages of the machine
    bool file;          // that others may cut
    bool shared;
    FaultMend mend;     // sealed, cut
    s32 place;          // of a file, among those that fault; else -1
    MemoryMap *next;    // in order; none overlap
};

typedef struct {
    int file;           // may be closed afterwards
    u64 offset;
    bool is_file;       // that others may cut: not a buffer's (pages_new_file)
    PagesKind kind;
} MapFrom;

typedef enum {
    MAPPED,
    MAPPED_unaligned,   // something is not in whole pages of the machine's
    MAPPED_outside,     // of the memory
    MAPPED_overlaps,    // what is mapped already
    MAPPED_unguarded,   // what is sealed, or a file, wants guards, and one store only
    MAPPED_moves,       // it moves when it grows, and there are no addresses to have it stay
    MAPPED_refused,     // by the system: *err
    MAPPED_short,       // of memory
} Mapped;

// From now on, instead of what was there. One that is movable stays where it is from then on, which
// may be elsewhere. Not while its guest runs, but in a host function.
Mapped memory_map(Memory *memory, u64 at, u64 size, const MapFrom *from, int *err);
// What begins there is zero again. MAPPED_outside: nothing does.
Mapped memory_unmap(Memory *memory, u64 at, int *err);
// All that is, in order; of a shared one while nobody maps anything.
static inline const MemoryMap *memory_maps(const Memory *m) { return m->whole->maps; }
// With the memory: false: not all of it is zero by then, nor what it was.
bool memory_unmap_all(Memory *memory);

// May these bytes, which are inside, be read, or written? Else the trap that says so. Bytes that
// were cut behind the back of who reads them are known only afterwards.
Trap memory_look_at(const Memory *memory, u64 at, u64 size, bool write);
static inline Trap memory_look(const Memory *m, u64 at, u64 size, bool write)
{
    return LIKELY(!MAPS_POSSIBLE || !m->perils) ? TRAP_none : memory_look_at(m, at, size, write);
}
// Is any of it mapped, or if they ask for that in a way that all see? Of a shared memory the whole.
bool memory_is_mapped(Memory *memory, u64 at, u64 size, bool shared);
// How many of the files that are mapped in it were found cut, but where code faulted for it.
static inline u32 memory_cuts(const Memory *m)
{
    u32 cuts = 0;
    for (const MemoryMap *map = m && MAPS_POSSIBLE ? memory_maps(m) : NULL; map; map = map->next)
        cuts += atomic_load_explicit(&map->mend.cut, memory_order_relaxed);
    return cuts;
}
// An access to a byte inside faulted: what is there? `gone`: nothing is.
Trap memory_fault(const Memory *memory, u64 at, bool gone);
