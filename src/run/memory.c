// memory.c -- linear memories: mapped to their maximum so that the base stays, or moved when they
// grow, or between guards. Pages that nobody wrote take no memory.
// spec: exec/modules (memories), exec/instructions (memory)

#include "plat/pages.h"
#include "run/exec.h"
#include "run/guard.h"
#include "run/native.h"
#include "run/store.h"

#include <stdlib.h>
#include <string.h>

static u64 pages_most(const Store *store, const Limits *limits)
{
    u64 most = store->limits.memory_bytes >> limits->page_log2;
    u64 address_space = limits->is64 ? most : ((u64)1 << 32) >> limits->page_log2;
    most = MIN(most, address_space);
    return limits->has_max ? MIN(most, limits->max) : most;
}

static bool is_guarded(MemoryMode mode) { return GUARD_POSSIBLE && mode == MEMORY_guarded; }

bool memory_suits_guards(const MemType *type)
{
    const Limits *limits = &type->limits;
    return GUARD_POSSIBLE && !limits->is64 && limits->page_log2 == GUARD_PAGE_LOG2 &&
           pages_size() <= (size_t)1 << GUARD_PAGE_LOG2;
}

// Where the processor guesses that a too large address is fine, compiled code accesses the bytes in
// front of the memory: nobody's.
static u64 front_bytes(void) { return NATIVE ? pages_size() : 0; }

static u64 mapped_bytes(u64 reserved) { return front_bytes() + MAX(reserved, 1); }

static u8 *map_behind_front(u64 reserved)
{
    u8 *start = pages_map(mapped_bytes(reserved));
    return start ? start + front_bytes() : NULL;
}

static bool map_guarded(Memory *m)
{
    m->base = memory_suits_guards(&m->type) ? guard_take(m->size, &m->place) : NULL;
    m->mode = MEMORY_guarded;
    return m->base;
}

// NULL: out of memory.
static Memory *map_memory(const Store *store, const MemType *type, u64 most, u64 size)
{
    MemoryMode mode = store->limits.memory_mode;
    Memory *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->type = *type;
    m->pages = type->limits.min;
    m->max_pages = most;
    m->size = size;
    if (is_guarded(mode) && map_guarded(m)) return m;
    u64 whole = most << type->limits.page_log2;
    bool fixed = type->limits.shared || mode == MEMORY_fixed;
    m->mode = fixed ? MEMORY_fixed : MEMORY_movable;
    m->reserved = m->mode == MEMORY_fixed ? whole
                                          : MIN(whole, MAX(m->size, store->limits.memory_room));
    m->base = map_behind_front(m->reserved);
    if (!m->base && m->mode == MEMORY_movable) { // no address space to spare
        m->reserved = m->size;
        m->base = map_behind_front(m->reserved);
    }
    if (m->base) return m;
    free(m);
    return NULL;
}

Memory *memory_new(Store *store, const MemType *type)
{
    const Limits *limits = &type->limits;
    u64 most = pages_most(store, limits);
    if (limits->min > most) return NULL;
    u64 size = limits->min << limits->page_log2;
    if (!store_take(store, STORE_memory_bytes, size)) return NULL;
    Memory *m = map_memory(store, type, most, size);
    if (!m) {
        store_give(store, STORE_memory_bytes, size);
        return NULL;
    }
    m->account = &store->accounts[STORE_memory_bytes];
    m->next = store->memories;
    store->memories = m;
    return m;
}

void memory_drop(Store *store, Memory *m)
{
    Memory **at = &store->memories;
    while (*at != m) at = &(*at)->next;
    *at = m->next;
    store_give(store, STORE_memory_bytes, m->size);
    memory_free(m);
}

void memory_free(Memory *m)
{
    if (is_guarded(m->mode)) guard_give(m->base, m->size, m->place);
    else pages_free(m->base - front_bytes(), mapped_bytes(m->reserved));
    free(m);
}

static bool has_room(const Memory *m, u64 pages)
{
    return pages <= m->max_pages - m->pages &&
           pages << m->type.limits.page_log2 <= account_left(m->account);
}

// A larger mapping for `size` bytes: twice what it was, so that growing bit by bit moves it rarely.
static bool enlarge(Memory *m, u64 size)
{
    void *start = m->base - front_bytes();
    u64 whole = m->max_pages << m->type.limits.page_log2,
        twice = MIN(whole, MAX(size, 2 * m->reserved));
    const u64 mapped = mapped_bytes(m->reserved);
    if (pages_resize(&start, mapped, mapped_bytes(twice))) m->reserved = twice;
    else if (pages_resize(&start, mapped, mapped_bytes(size))) m->reserved = size;
    else return false;
    m->base = (u8 *)start + front_bytes();
    return true;
}

static bool make_room(Memory *m, u64 size)
{
    if (is_guarded(m->mode)) return pages_commit(m->base + m->size, size - m->size);
    return size <= m->reserved || enlarge(m, size);
}

s64 memory_grow(Memory *m, u64 pages)
{
    u64 old = m->pages;
    if (!has_room(m, pages)) return -1;
    if (!pages) return (s64)old;
    u64 size = (old + pages) << m->type.limits.page_log2;
    if (!make_room(m, size)) return -1;
    account_take(m->account, size - m->size);
    m->pages = old + pages;
    m->size = size;
    for (Instance *i = m->views; i; i = i->next_view) {
        i->mem = m->base;
        i->mem_size = size;
    }
    return (s64)old;
}

static bool in_bounds(u64 at, u64 n, u64 size) { return n <= size && at <= size - n; }

// One piece whatever its size: the system maps pages here, and zeroes each when it is first
// touched.
Trap exec_memory_grow(Exec *x, Memory *m, u64 pages, s64 *old)
{
    *old = -1;
    if (!has_room(m, pages)) return TRAP_none;
    // Each instance that keeps its base and size is told.
    u64 told = pages ? m->view_count / 4 : 0;
    Trap trap = exec_piece(x, exec_units(pages << m->type.limits.page_log2) + told);
    if (!trap) *old = memory_grow(m, pages);
    return trap;
}

bool bulk_next(Exec *x, Bulk *left, Bulk *piece, size_t size, bool down, Trap *trap)
{
    enum { BYTES = 1 << 20 }; // between two looks at the fiber: a fraction of a millisecond
    if (!down) {
        left->to += piece->count;
        left->from += piece->count;
    }
    left->count -= piece->count;
    u64 count = MIN(left->count, BYTES / size), at = down ? left->count - count : 0;
    *piece = (Bulk){left->to + at, left->from + at, count};
    *trap = count ? exec_piece(x, exec_units(count * size)) : TRAP_none;
    return count && !*trap;
}

Trap memory_copy(Exec *x, Memory *dst, const Memory *src, Bulk *left)
{
    if (!in_bounds(left->from, left->count, src->size) ||
        !in_bounds(left->to, left->count, dst->size))
        return TRAP_out_of_bounds_memory_access;
    bool down = dst == src && left->to > left->from; // the ranges may overlap: then from the end
    Trap trap;
    for (Bulk p = {0}; bulk_next(x, left, &p, 1, down, &trap);)
        memmove(dst->base + p.to, src->base + p.from, (size_t)p.count);
    return trap;
}

Trap memory_fill(Exec *x, Memory *m, u8 value, Bulk *left)
{
    if (!in_bounds(left->to, left->count, m->size)) return TRAP_out_of_bounds_memory_access;
    Trap trap;
    for (Bulk p = {0}; bulk_next(x, left, &p, 1, false, &trap);)
        memset(m->base + p.to, value, (size_t)p.count);
    return trap;
}

Trap memory_init(Exec *x, Instance *inst, Memory *m, u32 data, Bulk *left)
{
    Range r = inst->data_dropped[data] ? (Range){0, 0} : inst->module->datas[data].init;
    if (!in_bounds(left->from, left->count, r.end - r.start) ||
        !in_bounds(left->to, left->count, m->size))
        return TRAP_out_of_bounds_memory_access;
    Trap trap;
    for (Bulk p = {0}; bulk_next(x, left, &p, 1, false, &trap);)
        memcpy(m->base + p.to, inst->module->bytes + r.start + p.from, (size_t)p.count);
    return trap;
}
