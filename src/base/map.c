// map.c -- see map.h.

#include "base/map.h"

#include <string.h>

u32 hash_bytes(const void *data, size_t len)
{
    const u8 *s = data;
    u64 h = 0xcbf29ce484222325u ^ len;
    for (; len >= 8; s += 8, len -= 8) {
        u64 word;
        memcpy(&word, s, 8);
        h = (h ^ word) * 0x9e3779b97f4a7c15u;
        h ^= h >> 29;
    }
    for (; len; len--) h = (h ^ *s++) * 0x100000001b3u;
    h ^= h >> 32;
    return (u32)(h * 0x9e3779b1u >> 3);
}

void map_init(Map *map, Arena *arena) { *map = (Map){.arena = arena}; }

static MapEntry *map_find(const Map *map, u32 hash, const void *key, size_t len)
{
    for (u32 i = hash & (map->cap - 1);; i = (i + 1) & (map->cap - 1)) {
        MapEntry *e = &map->entries[i];
        if (!e->key.data) return e;
        if (e->hash == hash && e->key.len == len && !memcmp(e->key.data, key, len)) return e;
    }
}

static const void *map_key(const void *key) { return key ? key : ""; }

const u32 *map_get(const Map *map, const void *key, size_t len)
{
    if (!map->cap) return NULL;
    const MapEntry *e = map_find(map, hash_bytes(key, len), map_key(key), len);
    return e->key.data ? &e->value : NULL;
}

bool map_add(Map *map, const void *key, size_t len, u32 value)
{
    key = map_key(key);
    if (map->count * 4 >= map->cap * 3) {
        Map bigger = {.arena = map->arena, .count = map->count, .cap = map->cap ? 2 * map->cap : 16};
        bigger.entries = NEW_ARRAY(map->arena, MapEntry, bigger.cap);
        for (u32 i = 0; i < map->cap; i++) {
            const MapEntry *e = &map->entries[i];
            if (e->key.data) *map_find(&bigger, e->hash, e->key.data, e->key.len) = *e;
        }
        *map = bigger;
    }
    u32 hash = hash_bytes(key, len);
    MapEntry *e = map_find(map, hash, key, len);
    if (e->key.data) return false;
    *e = (MapEntry){.key = {key, len}, .hash = hash, .value = value};
    map->count++;
    return true;
}
