// map.h -- a hash map from byte strings to u32, in an arena; entries are never removed.
#pragma once

#include "base/arena.h"

typedef struct {
    Bytes key; // not copied: must outlive the map
    u32 hash, value;
} MapEntry;

typedef struct {
    Arena *arena;
    MapEntry *entries; // open addressing; a free one has key.data == NULL
    u32 count, cap;    // cap is a power of two, or 0
    u64 seed;          // of the hash: keys come from input that may want them to collide
} Map;

void map_init(Map *map, Arena *arena);
const u32 *map_get(const Map *map, const void *key, size_t len); // NULL: not there
bool map_add(Map *map, const void *key, size_t len, u32 value);  // false: was there, unchanged
void map_set(Map *map, const void *key, size_t len, u32 value);  // whether it was there or not
void map_clear(Map *map, Arena *arena); // empty again, with what room it has if that is little
