// mapped.c -- see mapped.h.

#include "run/mapped.h"

#include "run/exec.h"
#include "run/guard.h"
#include "run/shared.h"

#include <stdlib.h>
#include <string.h>

// ---- What is mapped where

// The first that ends behind `at`, and where it hangs.
static MemoryMap **find(Memory *m, u64 at)
{
    MemoryMap **p = &m->maps;
    while (*p && (*p)->end <= at) p = &(*p)->next;
    return p;
}

// Of one that several stores have, what is mapped is that of all: under its lock.
static Memory *begin(Memory *m)
{
    if (m->shared) pthread_mutex_lock(&m->shared->growing);
    return m->whole;
}

static void end(Memory *m)
{
    if (m->shared) pthread_mutex_unlock(&m->shared->growing);
}

static bool is_peril(const MemoryMap *map) { return map->file || map->mend.sealed; }

static void count_perils(Memory *m)
{
    m->perils = 0;
    m->open = m->size;
    for (const MemoryMap *map = m->maps; map; map = map->next)
        if (is_peril(map)) {
            m->open = MIN(m->open, map->start);
            m->perils++;
        }
    memory_show(m);
}

static void take_out(MemoryMap **at)
{
    MemoryMap *map = *at;
    *at = map->next;
    fault_remove(map->place);
    free(map);
}

static bool is_whole(u64 bytes) { return bytes % pages_size() == 0; }

static Mapped check(Memory *m, u64 at, u64 size, const MapFrom *from)
{
    if (!is_whole(at) || !is_whole(size) || !is_whole(from->offset)) return MAPPED_unaligned;
    if (!size || !memory_holds(m, at, size)) return MAPPED_outside;
    // Of one that several stores have the others' interpreters are not told.
    bool peril = from->is_file || from->kind == PAGES_sealed;
    if (peril && (!GUARD_POSSIBLE || m->mode != MEMORY_guarded || m->shared))
        return MAPPED_unguarded;
    return memory_stay(m) ? MAPPED : MAPPED_moves;
}

static Mapped put(Memory *m, MemoryMap *map, const MapFrom *from, int *err)
{
    u64 size = map->end - map->start;
    void *start = m->base + map->start;
    if (map->file) map->place = fault_add_file(start, (size_t)size, &map->mend);
    if (map->file && map->place < 0) return MAPPED_short;
    *err = pages_put_file(start, size, from->file, from->offset, from->kind);
    if (!*err) return MAPPED;
    fault_remove(map->place);
    return MAPPED_refused;
}

static Mapped add(Memory *m, u64 at, u64 size, const MapFrom *from, int *err)
{
    MemoryMap **p = find(m, at);
    if (*p && (*p)->start < at + size) return MAPPED_overlaps;
    MemoryMap *map = calloc(1, sizeof *map);
    if (!map) return MAPPED_short;
    *map = (MemoryMap){.start = at, .end = at + size, .file = from->is_file,
                       .shared = from->kind == PAGES_shared, .place = -1};
    map->mend.sealed = from->kind == PAGES_sealed;
    Mapped result = put(m, map, from, err);
    if (result != MAPPED) {
        free(map);
        return result;
    }
    map->next = *p;
    *p = map;
    m->patched = true;
    count_perils(m);
    return MAPPED;
}

Mapped memory_map(Memory *m, u64 at, u64 size, const MapFrom *from, int *err)
{
    *err = 0;
    Mapped result = check(m, at, size, from);
    if (result != MAPPED) return result;
    result = add(begin(m), at, size, from, err);
    end(m);
    return result;
}

static Mapped remove_at(Memory *m, u64 at, int *err)
{
    MemoryMap **p = find(m, at);
    if (!*p || (*p)->start != at) return MAPPED_outside;
    *err = pages_put_zeros(m->base + at, (*p)->end - at);
    if (*err) return MAPPED_refused;
    take_out(p);
    count_perils(m);
    return MAPPED;
}

Mapped memory_unmap(Memory *m, u64 at, int *err)
{
    *err = 0;
    Mapped result = remove_at(begin(m), at, err);
    end(m);
    return result;
}

// Whose memory 0 it was is gone by now.
bool memory_unmap_all(Memory *m)
{
    bool good = true;
    while (m->maps) {
        good &= !pages_put_zeros(m->base + m->maps->start, m->maps->end - m->maps->start);
        take_out(&m->maps);
    }
    return good;
}

// ---- Before an access

Trap memory_look_at(const Memory *m, u64 at, u64 size, bool write)
{
    if (at + size <= m->open) return TRAP_none;
    for (const MemoryMap *map = *find((Memory *)m, at); map && map->start < at + size;
         map = map->next) {
        if (write && map->mend.sealed) return TRAP_sealed_memory;
        if (atomic_load_explicit(&map->mend.cut, memory_order_relaxed)) return TRAP_file_was_cut;
    }
    return TRAP_none;
}

bool memory_is_mapped(Memory *m, u64 at, u64 size, bool shared)
{
    for (const MemoryMap *map = *find(m, at); map && map->start < at + size; map = map->next)
        if (map->shared || !shared) return true;
    return false;
}

Trap memory_fault(const Memory *m, u64 at, bool gone)
{
    const MemoryMap *map = *find((Memory *)m, at);
    if (!map || map->start > at) return TRAP_out_of_bounds_memory_access;
    return gone ? TRAP_file_was_cut : TRAP_sealed_memory;
}
