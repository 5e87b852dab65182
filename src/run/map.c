// map.c -- see map.h.

#include "run/map.h"

#include <stdatomic.h>
#include <stdlib.h>

typedef struct ModuleMaps {
    _Atomic size_t bytes;   // of the maps
    _Atomic(RefMap *) of[]; // by function index; those of imports stay NULL
} ModuleMaps;

static ModuleMaps *maps_of_module(const Module *m)
{
    _Atomic(ModuleMaps *) *at = &((Module *)m)->maps; // see module.h
    ModuleMaps *maps = atomic_load_explicit(at, memory_order_acquire), *none = NULL;
    if (maps) return maps;
    size_t size;
    if (__builtin_mul_overflow((size_t)m->func_count, sizeof *maps->of, &size) ||
        __builtin_add_overflow(size, sizeof *maps, &size) ||
        !module_take(m, ENGINE_code_bytes, size))
        return NULL;
    maps = calloc(1, size);
    if (maps && atomic_compare_exchange_strong(at, &none, maps)) return maps;
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

size_t map_bytes(const Module *m)
{
    ModuleMaps *maps = atomic_load_explicit(&m->maps, memory_order_acquire);
    if (!maps) return 0;
    return sizeof *maps + m->func_count * sizeof *maps->of +
           atomic_load_explicit(&maps->bytes, memory_order_relaxed);
}

void map_drop(Module *m)
{
    module_give(m, ENGINE_code_bytes, map_bytes(m));
    ModuleMaps *maps = atomic_exchange(&m->maps, NULL);
    for (u32 i = 0; maps && i < m->func_count; i++)
        free(atomic_load_explicit(&maps->of[i], memory_order_relaxed));
    free(maps);
}
