// map.c -- see map.h.

#include "base/map.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static u64 rotate(u64 x, int n) { return x << n | x >> (64 - n); }

// SipHash with one round a word and three at the end (Aumasson, Bernstein: "SipHash: a fast
// short-input PRF").
static u32 hash_bytes(u64 seed, const u8 *s, size_t len)
{
    u64 a = seed ^ 0x736f6d6570736575u, b = ~seed ^ 0x646f72616e646f6du;
    u64 c = seed ^ 0x6c7967656e657261u, d = ~seed ^ 0x7465646279746573u;
#define ROUND()                                                                                    \
    (a += b, b = rotate(b, 13) ^ a, a = rotate(a, 32), c += d, d = rotate(d, 16) ^ c, a += d,      \
     d = rotate(d, 21) ^ a, c += b, b = rotate(b, 17) ^ c, c = rotate(c, 32))
    u64 word, last = (u64)len << 56;
    for (; len >= 8; s += 8, len -= 8) {
        memcpy(&word, s, 8);
        d ^= word;
        ROUND();
        a ^= word;
    }
    for (size_t i = 0; i < len; i++) last |= (u64)s[i] << (8 * i);
    d ^= last;
    ROUND();
    a ^= last;
    c ^= 0xff;
    ROUND();
    ROUND();
    ROUND();
#undef ROUND
    word = a ^ b ^ c ^ d;
    return (u32)(word ^ word >> 32);
}

// One secret for the process. Threads that race for it may see two; each map keeps the one it saw.
static u64 hash_seed(void)
{
    static _Atomic u64 secret;
    u64 seed = atomic_load_explicit(&secret, memory_order_relaxed);
    if (seed) return seed;
    // at least where the stack is
    if (getentropy(&seed, sizeof seed) != 0) seed = (u64)(uintptr_t)&seed;
    seed |= 1;
    atomic_store_explicit(&secret, seed, memory_order_relaxed);
    return seed;
}

void map_init(Map *map, Arena *arena) { *map = (Map){.arena = arena, .seed = hash_seed()}; }

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
    const MapEntry *e = map_find(map, hash_bytes(map->seed, key, len), map_key(key), len);
    return e->key.data ? &e->value : NULL;
}

bool map_add(Map *map, const void *key, size_t len, u32 value)
{
    key = map_key(key);
    if (map->count * 4 >= map->cap * 3) {
        Map bigger = {.arena = map->arena, .seed = map->seed, .count = map->count,
                      .cap = map->cap ? 2 * map->cap : 16};
        bigger.entries = NEW_ARRAY(map->arena, MapEntry, bigger.cap);
        for (u32 i = 0; i < map->cap; i++) {
            const MapEntry *e = &map->entries[i];
            if (e->key.data) *map_find(&bigger, e->hash, e->key.data, e->key.len) = *e;
        }
        *map = bigger;
    }
    u32 hash = hash_bytes(map->seed, key, len);
    MapEntry *e = map_find(map, hash, key, len);
    if (e->key.data) return false;
    *e = (MapEntry){.key = {key, len}, .hash = hash, .value = value};
    map->count++;
    return true;
}

void map_set(Map *map, const void *key, size_t len, u32 value)
{
    if (map_add(map, key, len, value)) return;
    key = map_key(key);
    map_find(map, hash_bytes(map->seed, key, len), key, len)->value = value;
}

void map_clear(Map *map, Arena *arena)
{
    enum { SMALL = 64 };
    if (map->cap && map->cap <= SMALL) {
        memset(map->entries, 0, map->cap * sizeof *map->entries);
        map->count = 0;
    } else {
        map_init(map, arena);
    }
}
