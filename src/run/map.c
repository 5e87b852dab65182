// map.c -- see map.h.

#include "run/map.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// One place; what its arrays hold follows, but for locals, which are those of the oldest.
typedef struct KeptHomes {
    const struct KeptHomes *next; // of the same function, an older one
    u32 offset;
    Homes homes;
} KeptHomes;

// By function index; those of imports stay NULL.
typedef struct {
    _Atomic size_t bytes; // of the places
    _Atomic(const KeptHomes *) of[];
} ModuleHomes;

typedef struct ModuleMaps {
    _Atomic size_t bytes;   // of the maps
    _Atomic(ModuleHomes *) homes;
    _Atomic(RefMap *) of[]; // by function index; those of imports stay NULL
} ModuleMaps;

// Zeros for a head and a pointer for each function. NULL: there is no room.
static void *by_function(const Module *m, size_t head, size_t *size)
{
    if (__builtin_mul_overflow((size_t)m->func_count, sizeof(void *), size) ||
        __builtin_add_overflow(*size, head, size) || !module_take(m, ENGINE_code_bytes, *size))
        return NULL;
    void *made = calloc(1, *size);
    if (!made) module_give(m, ENGINE_code_bytes, *size);
    return made;
}

static ModuleMaps *maps_of_module(const Module *m)
{
    _Atomic(ModuleMaps *) *at = &((Module *)m)->maps; // see module.h
    ModuleMaps *maps = atomic_load_explicit(at, memory_order_acquire), *none = NULL;
    size_t size;
    if (maps || !(maps = by_function(m, sizeof *maps, &size))) return maps;
    if (atomic_compare_exchange_strong(at, &none, maps)) return maps;
    module_give(m, ENGINE_code_bytes, size);
    free(maps);
    return none;
}

const RefMap *map_of(const Module *m, u32 func)
{
    ModuleMaps *maps = maps_of_module(m);
    if (!maps) return NULL;
    RefMap *map = atomic_load_explicit(&maps->of[func], memory_order_acquire), *none = NULL;
    if (map) return map;
    u64 most = MAPS_LEAST + (u64)MAPS_PER_BYTE * m->size;
    u64 used = atomic_load_explicit(&maps->bytes, memory_order_relaxed);
    map = used < most ? map_finder.refs(m, func, (size_t)MIN(most - used, SIZE_MOST)) : NULL;
    if (!map) return NULL;
    if (!module_take(m, ENGINE_code_bytes, map->size)) {
        free(map);
        return NULL;
    }
    if (atomic_compare_exchange_strong_explicit(&maps->of[func], &none, map, memory_order_acq_rel,
                                                memory_order_acquire)) {
        atomic_fetch_add_explicit(&maps->bytes, map->size, memory_order_relaxed);
        return map;
    }
    module_give(m, ENGINE_code_bytes, map->size);
    free(map);
    return none;
}

u32 map_at(const RefMap *map, u32 offset)
{
    u32 low = 0, high = map->place_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (map->places[middle].offset < offset) low = middle + 1;
        else high = middle;
    }
    return low < map->place_count && map->places[low].offset == offset ? map->places[low].run
                                                                       : map->locals;
}

// ---- places

static ModuleHomes *homes_of_module(const Module *m)
{
    ModuleMaps *maps = maps_of_module(m);
    if (!maps) return NULL;
    ModuleHomes *homes = atomic_load_explicit(&maps->homes, memory_order_acquire), *none = NULL;
    size_t size;
    if (homes || !(homes = by_function(m, sizeof *homes, &size))) return homes;
    if (atomic_compare_exchange_strong(&maps->homes, &none, homes)) return homes;
    module_give(m, ENGINE_code_bytes, size);
    free(homes);
    return none;
}

static const void *put(u8 **at, const void *from, size_t size)
{
    u8 *to = *at;
    *at += size;
    return size ? memcpy(to, from, size) : to;
}

// NULL: there is no room. `older` is any place of the function, or NULL.
static KeptHomes *copy_of(const Module *m, ModuleHomes *all, const Homes *homes,
                          const KeptHomes *older)
{
    size_t operands = homes->operand_count * sizeof(u32), kept = homes->kept_count * sizeof(u32),
           locals = older ? 0 : homes->local_count * sizeof(Type);
    size_t size = sizeof(KeptHomes) + locals + 2 * operands + kept;
    u64 most = HOMES_LEAST + (u64)HOMES_PER_BYTE * m->size;
    if (atomic_load_explicit(&all->bytes, memory_order_relaxed) + (u64)size > most ||
        !module_take(m, ENGINE_code_bytes, size))
        return NULL;
    KeptHomes *copy = malloc(size);
    if (!copy) {
        module_give(m, ENGINE_code_bytes, size);
        return NULL;
    }
    u8 *at = (u8 *)(copy + 1);
    *copy = (KeptHomes){.homes = *homes};
    copy->homes.locals = older ? older->homes.locals : put(&at, homes->locals, locals);
    copy->homes.operands = put(&at, homes->operands, operands);
    copy->homes.slots = put(&at, homes->slots, operands);
    copy->homes.kept = put(&at, homes->kept, kept);
    atomic_fetch_add_explicit(&all->bytes, size, memory_order_relaxed);
    return copy;
}

void map_homes(const Module *m, u32 func, u32 offset, Arena *arena, Homes *out)
{
    ModuleHomes *all = homes_of_module(m);
    const KeptHomes *newest = NULL;
    if (all) newest = atomic_load_explicit(&all->of[func], memory_order_acquire);
    for (const KeptHomes *k = newest; k; k = k->next)
        if (k->offset == offset) {
            *out = k->homes;
            return;
        }
    map_finder.at(m, func, offset, arena, out);
    out->inited = NULL;
    KeptHomes *copy = all ? copy_of(m, all, out, newest) : NULL;
    if (!copy) return;
    copy->offset = offset;
    copy->next = newest;
    // Another thread may have been here: then the place is kept twice.
    while (!atomic_compare_exchange_weak_explicit(&all->of[func], &copy->next, copy,
                                                  memory_order_acq_rel, memory_order_acquire))
        continue;
}

// ---- all of it

size_t map_bytes(const Module *m)
{
    ModuleMaps *maps = atomic_load_explicit(&m->maps, memory_order_acquire);
    if (!maps) return 0;
    size_t size = sizeof *maps + m->func_count * sizeof *maps->of +
                  atomic_load_explicit(&maps->bytes, memory_order_relaxed);
    ModuleHomes *homes = atomic_load_explicit(&maps->homes, memory_order_acquire);
    if (!homes) return size;
    return size + sizeof *homes + m->func_count * sizeof *homes->of +
           atomic_load_explicit(&homes->bytes, memory_order_relaxed);
}

static void drop_places(const Module *m, ModuleHomes *homes)
{
    for (u32 i = 0; homes && i < m->func_count; i++)
        for (const KeptHomes *k = atomic_load_explicit(&homes->of[i], memory_order_relaxed); k;) {
            const KeptHomes *next = k->next;
            free((void *)k);
            k = next;
        }
    free(homes);
}

void map_drop(Module *m)
{
    module_give(m, ENGINE_code_bytes, map_bytes(m));
    ModuleMaps *maps = atomic_exchange(&m->maps, NULL);
    if (!maps) return;
    drop_places(m, atomic_load_explicit(&maps->homes, memory_order_relaxed));
    for (u32 i = 0; i < m->func_count; i++)
        free(atomic_load_explicit(&maps->of[i], memory_order_relaxed));
    free(maps);
}
