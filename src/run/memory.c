// memory.c -- linear memories: pages reserved to their maximum so that the base stays, or else
// moved.
// spec: exec/modules (memories), exec/instructions (memory)

#include "plat/pages.h"
#include "run/exec.h"

#include <stdlib.h>
#include <string.h>

static u64 pages_most(const Store *store, const Limits *limits)
{
    u64 most = store->limits.memory_bytes >> limits->page_log2;
    u64 address_space = limits->is64 ? most : ((u64)1 << 32) >> limits->page_log2;
    most = MIN(most, address_space);
    return limits->has_max ? MIN(most, limits->max) : most;
}

// The system is asked for whole chunks, so not each time when pages are small: the least is a byte.
static u64 whole_chunks(u64 bytes)
{
    const u64 chunk = 1 << 16;
    return (bytes + chunk - 1) & ~(chunk - 1);
}

// What a memory of `size` bytes, which fit into what is reserved, has committed.
static u64 committed(const Memory *m, u64 size) { return MIN(whole_chunks(size), m->reserved); }

Memory *memory_new(Store *store, const MemType *type)
{
    const Limits *limits = &type->limits;
    u64 most = pages_most(store, limits);
    if (limits->min > most || limits->min << limits->page_log2 > store->memory_left) return NULL;
    Memory *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->type = *type;
    m->pages = limits->min;
    m->max_pages = most;
    m->size = m->pages << limits->page_log2;
    m->reserved = MIN(most << limits->page_log2, store->limits.memory_reserve);
    m->reserved = MAX(MAX(m->reserved, m->size), 1);
    m->base = pages_reserve(m->reserved);
    if (!m->base && m->size < m->reserved) { // no address space to spare: this one will move when it grows
        m->reserved = MAX(m->size, 1);
        m->base = pages_reserve(m->reserved);
    }
    if (m->base && !pages_commit(m->base, committed(m, m->size))) {
        pages_free(m->base, m->reserved);
        m->base = NULL;
    }
    if (!m->base) {
        free(m);
        return NULL;
    }
    m->left = &store->memory_left;
    *m->left -= m->size;
    m->next = store->memories;
    store->memories = m;
    return m;
}

static bool has_room(const Memory *m, u64 pages)
{
    return pages <= m->max_pages - m->pages && pages << m->type.limits.page_log2 <= *m->left;
}

s64 memory_grow(Memory *m, u64 pages)
{
    u64 old = m->pages;
    if (!has_room(m, pages)) return -1;
    u64 size = (old + pages) << m->type.limits.page_log2;
    if (size > m->reserved) {
        void *base = m->base;
        // Only committed pages may be resized, and nothing else is in a reservation this small.
        u64 reserved = whole_chunks(size);
        if (!pages_commit(base, m->reserved) || !pages_resize(&base, m->reserved, reserved)) return -1;
        m->base = base;
        m->reserved = reserved;
    } else if (committed(m, size) > committed(m, m->size) && !pages_commit(m->base, committed(m, size))) {
        return -1;
    }
    *m->left -= size - m->size;
    m->pages = old + pages;
    m->size = size;
    return (s64)old;
}

static bool in_bounds(u64 at, u64 n, u64 size) { return n <= size && at <= size - n; }

static const size_t piece = 1 << 20; // bytes between two looks at the fiber: a fraction of a millisecond

// One piece whatever its size: the system maps pages here, and zeroes each when it is first
// touched.
Trap exec_memory_grow(Exec *x, Memory *m, u64 pages, s64 *old)
{
    *old = -1;
    if (!has_room(m, pages)) return TRAP_none;
    Trap trap = exec_piece(x, exec_units(pages << m->type.limits.page_log2));
    if (!trap) *old = memory_grow(m, pages);
    return trap;
}

Trap memory_copy(Exec *x, Memory *dst, u64 d, const Memory *src, u64 s, u64 n)
{
    if (!in_bounds(s, n, src->size) || !in_bounds(d, n, dst->size))
        return TRAP_out_of_bounds_memory_access;
    bool down = dst == src && d > s; // the ranges may overlap: then from the end
    for (u64 done = 0; done < n;) {
        size_t len = (size_t)MIN(n - done, piece);
        u64 at = down ? n - done - len : done;
        Trap trap = exec_piece(x, exec_units(len));
        if (trap) return trap;
        memmove(dst->base + d + at, src->base + s + at, len);
        done += len;
    }
    return TRAP_none;
}

Trap memory_fill(Exec *x, Memory *m, u64 d, u8 value, u64 n)
{
    if (!in_bounds(d, n, m->size)) return TRAP_out_of_bounds_memory_access;
    for (u64 done = 0; done < n;) {
        size_t len = (size_t)MIN(n - done, piece);
        Trap trap = exec_piece(x, exec_units(len));
        if (trap) return trap;
        memset(m->base + d + done, value, len);
        done += len;
    }
    return TRAP_none;
}

Trap memory_init(Exec *x, Instance *inst, Memory *m, u32 data, u64 d, u64 s, u64 n)
{
    Range r = inst->data_dropped[data] ? (Range){0, 0} : inst->module->datas[data].init;
    if (!in_bounds(s, n, r.end - r.start) || !in_bounds(d, n, m->size))
        return TRAP_out_of_bounds_memory_access;
    for (u64 done = 0; done < n;) {
        size_t len = (size_t)MIN(n - done, piece);
        Trap trap = exec_piece(x, exec_units(len));
        if (trap) return trap;
        memcpy(m->base + d + done, inst->module->bytes + r.start + s + done, len);
        done += len;
    }
    return TRAP_none;
}
