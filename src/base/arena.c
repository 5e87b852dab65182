// arena.c -- blocks in a chain, filled from the front. See arena.h.

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

struct ArenaBlock {
    ArenaBlock *older;
    size_t size; // of the whole block, this header included
    _Alignas(16) u8 data[];
};

static const size_t block_least = 4096, block_most = 1u << 20, align = 16;

void arena_init(Arena *arena) { *arena = (Arena){0}; }

_Noreturn void arena_fail(Arena *arena)
{
    if (!arena->on_failure) abort(); // our own mistake: nobody armed this arena
    longjmp(*arena->on_failure, 1);
}

// Bytes that `total` may grow by, or else leaves.
static void take(Arena *arena, size_t more)
{
    arena->met = arena->refused = false;
    if (arena->limit && (arena->total > arena->limit || more > arena->limit - arena->total))
        arena_fail(arena);
    arena->met = arena->account && !account_take_shared(arena->account, more);
    if (arena->met) arena_fail(arena);
}

static void give(const Arena *arena, size_t size)
{
    if (arena->account) account_give_shared(arena->account, size);
}

static _Noreturn void refuse(Arena *arena, size_t taken)
{
    give(arena, taken);
    arena->refused = true;
    arena_fail(arena);
}

void arena_free(Arena *arena)
{
    give(arena, arena->total);
    for (ArenaBlock *b = arena->block, *older; b; b = older) {
        older = b->older;
        free(b);
    }
    *arena =
        (Arena){.limit = arena->limit, .account = arena->account, .on_failure = arena->on_failure};
}

bool arena_free_some(Arena *arena, size_t most)
{
    ArenaBlock *b = arena->block;
    for (; b && b->size <= most; b = arena->block) {
        most -= b->size;
        give(arena, b->size);
        arena->total -= b->size;
        arena->block = b->older;
        free(b);
    }
    // A large one is a mapping of its own, whose end can go alone.
    ArenaBlock *less = b && b->size > block_most ? realloc(b, b->size - most) : NULL;
    if (less) {
        less->size -= most;
        give(arena, most);
        arena->total -= most;
        arena->block = less;
    }
    arena->pos = arena->end = NULL;
    return !arena->block;
}

void arena_reset(Arena *arena)
{
    ArenaBlock *keep = arena->block;
    if (!keep) return;
    for (ArenaBlock *b = keep->older, *older; b; b = older) {
        older = b->older;
        free(b);
    }
    keep->older = NULL;
    give(arena, arena->total - keep->size);
    arena->total = keep->size;
    arena->pos = keep->data;
    arena->end = (u8 *)keep + keep->size;
}

static void arena_add_block(Arena *arena, size_t need)
{
    size_t size = MIN(MAX(arena->total, block_least), block_most);
    if (need > SIZE_MOST) arena_fail(arena);
    size = MAX(size, need + sizeof(ArenaBlock));
    take(arena, size);
    ArenaBlock *b = malloc(size);
    if (!b) refuse(arena, size);
    b->older = arena->block;
    b->size = size;
    arena->block = b;
    arena->pos = b->data;
    arena->end = (u8 *)b + size;
    arena->total += size;
}

void *arena_alloc_rough(Arena *arena, size_t size)
{
    if (size > SIZE_MOST) arena_fail(arena);
    size = (size + align - 1) & ~(align - 1);
    if ((size_t)(arena->end - arena->pos) < size || !arena->block) arena_add_block(arena, size);
    void *p = arena->pos;
    arena->pos += size;
    return p;
}

void *arena_alloc(Arena *arena, size_t size)
{
    void *p = arena_alloc_rough(arena, size);
    return size ? memset(p, 0, (size + align - 1) & ~(align - 1)) : p;
}

void *arena_alloc_array(Arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) arena_fail(arena);
    return arena_alloc(arena, bytes);
}

void *arena_copy(Arena *arena, const void *data, size_t size)
{
    void *p = arena_alloc(arena, size);
    if (size) memcpy(p, data, size);
    return p;
}

char *arena_strdup(Arena *arena, const char *text, size_t len)
{
    char *p = arena_alloc(arena, len + 1);
    if (len) memcpy(p, text, len);
    return p;
}

// What needs more than the usual block has one to itself, which can grow where it is (and the
// system moves it without copying), so that a hostile input does not make us hold its old sizes
// too.
static void *arena_grow_block(Arena *arena, void *old, size_t old_size, size_t size)
{
    ArenaBlock **link = &arena->block;
    while (*link && (void *)(*link)->data != old) link = &(*link)->older;
    ArenaBlock *b = *link;
    if (!b || b->size != sizeof *b + old_size || size <= old_size) return NULL;
    size_t more = size - old_size;
    if (size > SIZE_MOST) arena_fail(arena);
    take(arena, more);
    bool newest = b == arena->block;
    b = realloc(b, sizeof *b + size);
    if (!b) refuse(arena, more);
    memset(b->data + old_size, 0, more);
    b->size = sizeof *b + size;
    *link = b;
    arena->total += more;
    if (newest) arena->pos = arena->end = b->data + size;
    return b->data;
}

void *arena_grow(Arena *arena, void *old, size_t old_count, size_t new_count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(new_count, size, &bytes) || bytes > SIZE_MOST) arena_fail(arena);
    size_t old_bytes = (old_count * size + align - 1) & ~(align - 1);
    size_t want = (bytes + align - 1) & ~(align - 1);
    bool newest = old && (u8 *)old + old_bytes == arena->pos;
    if (newest && want >= old_bytes && (size_t)(arena->end - arena->pos) >= want - old_bytes) {
        memset((u8 *)old + old_count * size, 0, want - old_count * size);
        arena->pos += want - old_bytes;
        return old;
    }
    if (old && old_bytes > block_most) {
        void *grown = arena_grow_block(arena, old, old_bytes, want);
        if (grown) return grown;
    }
    void *p = arena_alloc(arena, bytes);
    if (old_count) memcpy(p, old, old_count * size);
    return p;
}

void *arena_lengthen(Arena *arena, void *items, u32 *cap, size_t size)
{
    u32 more = arena_more(*cap, size);
    items = arena_grow(arena, items, *cap, more, size);
    *cap = more;
    return items;
}
