// memory.c -- linear memories: mapped to their maximum so that the base stays, or moved when they
// grow, or between guards. Pages that nobody wrote take no memory.
// spec: exec/modules (memories), exec/instructions (memory)

#include "plat/pages.h"
#include "run/exec.h"
#include "run/fork.h"
#include "run/guard.h"
#include "run/mapped.h"
#include "run/native.h"
#include "run/shared.h"
#include "run/store.h"

#include <stdlib.h>
#include <string.h>

// Builds without threads have none that is shared.
enum { SHARED_POSSIBLE = !(FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_threads)) };

static u64 pages_most(const StoreLimits *within, const Limits *limits)
{
    u64 most = within->memory_bytes >> limits->page_log2;
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

// Of `size` bytes, which it never has more than `most` pages of. False: out of memory.
static bool map_memory(Memory *m, const StoreLimits *limits, const MemType *type, u64 most,
                       u64 size)
{
    MemoryMode mode = limits->memory_mode;
    m->whole = m;
    m->type = *type;
    m->pages = type->limits.min;
    m->max_pages = most;
    m->size = m->open = size;
    if (is_guarded(mode) && map_guarded(m)) return true;
    u64 whole = most << type->limits.page_log2;
    bool fixed = type->limits.shared || mode == MEMORY_fixed;
    m->mode = fixed ? MEMORY_fixed : MEMORY_movable;
    m->reserved = m->mode == MEMORY_fixed ? whole : MIN(whole, MAX(m->size, limits->memory_room));
    m->base = map_behind_front(m->reserved);
    if (!m->base && m->mode == MEMORY_movable) { // no address space to spare
        m->reserved = m->size;
        m->base = map_behind_front(m->reserved);
    }
    return m->base;
}

// Parts that were given back although something is mapped there. Each one more takes two mappings,
// of which a process has some ten thousands: guests would take them all.
enum { PATCHES = 64, PATCHES_OF_ALL = 4096 };
static _Atomic u32 patches;

static void unmap_memory(Memory *m)
{
    bool zero = !MAPS_POSSIBLE || memory_unmap_all(m);
    if (MAPS_POSSIBLE) {
        fork_let_go(m);
        atomic_fetch_sub(&patches, m->patches);
    }
    if (m->lent) return;
    if (is_guarded(m->mode)) guard_give(m->base, m->size, m->place, zero && !m->image);
    else pages_free(m->base - front_bytes(), mapped_bytes(m->reserved));
}

// ---- Memories that several stores have

static SharedMemory *begin_shared(SharedMemory *s)
{
    s->users = 1;
    pthread_mutex_init(&s->growing, NULL);
    for (u32 i = 0; i < WAIT_QUEUES; i++) pthread_mutex_init(&s->queues[i].lock, NULL);
    return s;
}

SharedMemory *shared_new(const StoreLimits *limits, const MemType *type)
{
    u64 most = pages_most(limits, &type->limits);
    SharedMemory *s = type->limits.min <= most ? calloc(1, sizeof *s) : NULL;
    if (!s) return NULL;
    if (map_memory(&s->whole, limits, type, most, type->limits.min << type->limits.page_log2))
        return begin_shared(s);
    free(s);
    return NULL;
}

static void lend(Memory *m, const MemType *type, u64 most, u64 size, u8 *start, u64 room)
{
    *m = (Memory){.base = start, .size = size, .open = size, .whole = m,
                  .pages = size >> type->limits.page_log2, .max_pages = most, .reserved = room,
                  .mode = MEMORY_fixed, .type = *type, .lent = true};
}

SharedMemory *shared_over(const MemType *type, const HostPages *host)
{
    const Limits *limits = &type->limits;
    SharedMemory *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    lend(&s->whole, type, limits->max, limits->min << limits->page_log2, host->start,
         limits->max << limits->page_log2);
    s->host = *host;
    return begin_shared(s);
}

void shared_hold(SharedMemory *s) { atomic_fetch_add_explicit(&s->users, 1, memory_order_relaxed); }

void shared_give_back(SharedMemory *s)
{
    if (!s || atomic_fetch_sub_explicit(&s->users, 1, memory_order_acq_rel) != 1) return;
    unmap_memory(&s->whole);
    pthread_mutex_destroy(&s->growing);
    for (u32 i = 0; i < WAIT_QUEUES; i++) pthread_mutex_destroy(&s->queues[i].lock);
    if (s->host.drop) s->host.drop(s->host.env);
    free(s);
}

void memory_show(Memory *m)
{
    for (Instance *i = m->views; i; i = i->next_view) {
        i->mem = m->base;
        i->mem_size = m->size;
        i->mem_open = m->open;
    }
}

static void set_size(Memory *m, u64 size)
{
    m->pages = size >> m->type.limits.page_log2;
    m->size = size;
    if (!MAPS_POSSIBLE || !m->perils) m->open = size;
    memory_show(m);
}

bool memory_grown(Memory *m)
{
    u64 size = __atomic_load_n(&m->whole->size, __ATOMIC_SEQ_CST);
    if (size == m->size) return false;
    set_size(m, size);
    return true;
}

static void add_memory(Store *store, Memory *m)
{
    m->account = store->memory_account;
    m->next = store->memories;
    store->memories = m;
}

Memory *memory_find_view(const Store *store, const SharedMemory *shared)
{
    for (Memory *m = store->memories; m; m = m->next)
        if (m->shared == shared) return m;
    return NULL;
}

Memory *memory_view(Store *store, SharedMemory *shared)
{
    Memory *m = memory_find_view(store, shared);
    if (m) return m;
    m = calloc(1, sizeof *m);
    if (!m) return NULL;
    shared_hold(shared);
    m->base = shared->whole.base;
    m->whole = &shared->whole;
    m->max_pages = shared->whole.max_pages;
    m->mode = shared->whole.mode;
    m->type = shared->whole.type;
    m->shared = shared;
    memory_grown(m);
    add_memory(store, m);
    return m;
}

static Memory *new_shared(Store *store, const MemType *type)
{
    SharedMemory *shared = shared_new(&store->limits, type);
    Memory *m = shared ? memory_view(store, shared) : NULL;
    shared_give_back(shared);
    return m;
}

// ---- Memories of a store

static Memory *new_own(Store *store, const MemType *type, u64 most, u64 size)
{
    Memory *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    if (map_memory(m, &store->limits, type, most, size)) {
        if (MAPS_POSSIBLE && store->limits.forks) fork_begin(m);
        add_memory(store, m);
        return m;
    }
    free(m);
    return NULL;
}

Memory *memory_new(Store *store, const MemType *type)
{
    const Limits *limits = &type->limits;
    u64 most = pages_most(&store->limits, limits);
    if (limits->min > most) return NULL;
    u64 size = limits->min << limits->page_log2;
    if (!store_take(store, STORE_memory_bytes, size)) return NULL;
    bool shared = SHARED_POSSIBLE && limits->shared;
    Memory *m = shared ? new_shared(store, type) : new_own(store, type, most, size);
    if (m) m->paid = size;
    else store_give(store, STORE_memory_bytes, size);
    return m;
}

// In somebody else's addresses.
static Memory *new_lent(Store *store, const MemType *type, u64 most, u64 size,
                        const MemoryPlace *place)
{
    Memory *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    u64 room = place->room >> type->limits.page_log2;
    lend(m, type, MIN(most, room), size, place->start, place->room);
    add_memory(store, m);
    return m;
}

Memory *memory_new_kept(Store *store, const MemType *type, u64 size, bool stays,
                        const MemoryPlace *place)
{
    u64 most = pages_most(&store->limits, &type->limits);
    MemType now = *type;
    now.limits.min = size >> type->limits.page_log2;
    if (now.limits.min > most || (place && size > place->room)) return NULL;
    if (!store_take(store, STORE_memory_bytes, size)) return NULL;
    bool forks = store->limits.forks;
    if (stays) store->limits.forks = false; // an image is mapped in it, instead of a fork's file
    Memory *m = place ? new_lent(store, &now, most, size, place)
                      : new_own(store, &now, most, size);
    store->limits.forks = forks;
    if (m && stays && !memory_stay(m)) { // a movable one, where there are no guards for it
        memory_drop(store, m);
        m = NULL;
    }
    if (!m) {
        store_give(store, STORE_memory_bytes, size);
        return NULL;
    }
    m->type = *type;
    m->paid = size;
    return m;
}

void memory_cut(Memory *m, u64 size) { set_size(m, size); }

void memory_drop(Store *store, Memory *m)
{
    Memory **at = &store->memories;
    while (*at != m) at = &(*at)->next;
    *at = m->next;
    store_give(store, STORE_memory_bytes, m->paid);
    memory_free(m);
}

void memory_leave(Store *store, const Memory *m)
{
    bool own = store->memory_account == &store->accounts[STORE_memory_bytes];
    bool last = !m->shared || atomic_load_explicit(&m->shared->users, memory_order_acquire) == 1;
    if (!own && last) account_give_shared(m->account, m->paid);
}

void memory_free(Memory *m)
{
    if (SHARED_POSSIBLE && m->shared) shared_give_back(m->shared);
    else unmap_memory(m);
    free(m);
}

bool memory_stays(const Memory *m)
{
    return m->shared || is_guarded(m->mode) ||
           m->max_pages <= m->reserved >> m->type.limits.page_log2;
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

bool memory_stay(Memory *m)
{
    u64 most = m->max_pages << m->type.limits.page_log2;
    if (m->mode != MEMORY_movable) return true;
    if (m->reserved < most) {
        void *start = m->base - front_bytes();
        if (!pages_resize(&start, mapped_bytes(m->reserved), mapped_bytes(most))) return false;
        m->base = (u8 *)start + front_bytes();
        m->reserved = most;
    }
    m->mode = MEMORY_fixed;
    memory_show(m);
    return true;
}

static bool make_room(Memory *m, const SharedMemory *shared, u64 size)
{
    if (SHARED_POSSIBLE && shared && shared->host.grow)
        return shared->host.grow(shared->host.env, size);
    if (MAPS_POSSIBLE && m->fork && is_guarded(m->mode)) return fork_grow(m, size);
    if (is_guarded(m->mode)) return pages_commit(m->base + m->size, size - m->size);
    return size <= m->reserved || enlarge(m, size);
}

static bool grow_by(Memory *m, u64 pages)
{
    Memory *whole = m->whole;
    if (!has_room(m, pages)) return false;
    u64 size = (m->pages + pages) << m->type.limits.page_log2, more = size - m->size;
    if (!account_take_shared(m->account, more)) return false;
    if (!make_room(whole, m->shared, size)) {
        account_give_shared(m->account, more);
        return false;
    }
    m->paid += more;
    m->base = whole->base;
    __atomic_store_n(&whole->size, size, __ATOMIC_SEQ_CST);
    set_size(m, size);
    return true;
}

s64 memory_grow(Memory *m, u64 pages)
{
    SharedMemory *shared = SHARED_POSSIBLE ? m->shared : NULL;
    if (shared) pthread_mutex_lock(&shared->growing);
    memory_refresh(m);
    u64 old = m->pages;
    bool good = !pages || grow_by(m, pages);
    if (shared) pthread_mutex_unlock(&shared->growing);
    if (good && m->grown) m->grown(m->grown_env);
    return good ? (s64)old : -1;
}

// One piece whatever its size: the system maps pages here, and zeroes each when it is first
// touched.
Trap exec_memory_grow(Exec *x, Memory *m, u64 pages, s64 *old)
{
    *old = -1;
    memory_refresh(m);
    if (!has_room(m, pages)) return TRAP_none;
    // Each instance that keeps its base and size is told.
    u64 views = pages ? (u64)m->view_count * PRICE_view : 0;
    u64 bytes = pages << m->type.limits.page_log2;
    Trap trap = exec_piece(x, bytes / 64 * PRICE_growth + views);
    if (!trap) *old = memory_grow(m, pages);
    return trap;
}

bool bulk_next(Exec *x, Bulk *left, Bulk *piece, size_t size, bool down, Trap *trap)
{
    enum { BYTES = 1 << 17 }; // between two looks at the fiber: some ten microseconds
    if (!down) {
        left->to += piece->count;
        left->from += piece->count;
    }
    left->count -= piece->count;
    u64 count = MIN(left->count, BYTES / size), at = down ? left->count - count : 0;
    *piece = (Bulk){left->to + at, left->from + at, count};
    *trap = count ? exec_piece(x, bytes_units(count * size)) : TRAP_none;
    return count && !*trap;
}

// Other threads may read and write what is copied, of a memory that is shared: each byte is then
// what somebody wrote. So is it in code that the processor runs, of which the sanitizer of threads
// knows nothing; here it is told.
static void move_bytes(u8 *to, const u8 *from, size_t n)
{
    if (!SANITIZES_THREADS) {
        memmove(to, from, n);
        return;
    }
    bool down = to > from;
    for (size_t i = 0; i < n; i++) {
        size_t at = down ? n - 1 - i : i;
        __atomic_store_n(to + at, __atomic_load_n(from + at, __ATOMIC_RELAXED), __ATOMIC_RELAXED);
    }
}

static void fill_bytes(u8 *to, u8 value, size_t n)
{
    if (!SANITIZES_THREADS) memset(to, value, n);
    else
        for (size_t i = 0; i < n; i++) __atomic_store_n(to + i, value, __ATOMIC_RELAXED);
}

// Nothing is done where something may not be; what is cut meanwhile was read as zeros.
static Trap look_at_both(const Memory *dst, u64 to, const Memory *src, u64 from, u64 count)
{
    Trap trap = memory_look(dst, to, count, true);
    return trap ? trap : memory_look(src, from, count, false);
}

Trap memory_copy(Exec *x, Memory *dst, Memory *src, Bulk *left)
{
    if (!memory_holds(src, left->from, left->count) || !memory_holds(dst, left->to, left->count))
        return TRAP_out_of_bounds_memory_access;
    bool down = dst == src && left->to > left->from; // the ranges may overlap: then from the end
    const Bulk all = *left;
    Trap trap = look_at_both(dst, all.to, src, all.from, all.count);
    if (trap) return trap;
    for (Bulk p = {0}; bulk_next(x, left, &p, 1, down, &trap);)
        move_bytes(dst->base + p.to, src->base + p.from, (size_t)p.count);
    return trap ? trap : look_at_both(dst, all.to, src, all.from, all.count);
}

Trap memory_fill(Exec *x, Memory *m, u8 value, Bulk *left)
{
    if (!memory_holds(m, left->to, left->count)) return TRAP_out_of_bounds_memory_access;
    const Bulk all = *left;
    Trap trap = memory_look(m, all.to, all.count, true);
    if (trap) return trap;
    for (Bulk p = {0}; bulk_next(x, left, &p, 1, false, &trap);)
        fill_bytes(m->base + p.to, value, (size_t)p.count);
    return trap ? trap : memory_look(m, all.to, all.count, true);
}

Trap memory_init(Exec *x, Instance *inst, Memory *m, u32 data, Bulk *left)
{
    Range r = inst->data_dropped[data] ? (Range){0, 0} : inst->module->datas[data].init;
    if (!in_bounds(left->from, left->count, r.end - r.start) ||
        !memory_holds(m, left->to, left->count))
        return TRAP_out_of_bounds_memory_access;
    const Bulk all = *left;
    Trap trap = memory_look(m, all.to, all.count, true);
    if (trap) return trap;
    for (Bulk p = {0}; bulk_next(x, left, &p, 1, false, &trap);)
        move_bytes(m->base + p.to, inst->module->bytes + r.start + p.from, (size_t)p.count);
    return trap ? trap : memory_look(m, all.to, all.count, true);
}

// Zeros over what is mapped there, if it may still have some, or goes on where the last ended.
static bool patch(Memory *m, u64 at, u64 size)
{
    bool more = at != m->patch_end;
    if (more && (m->patches == PATCHES || atomic_load(&patches) >= PATCHES_OF_ALL)) return false;
    m->patched = true;
    if (pages_put_zeros(m->base + at, size)) return false;
    m->patch_end = at + size;
    m->patches += more;
    atomic_fetch_add(&patches, more);
    return true;
}

// Where something was mapped, giving the page back would show that again; what others see there too
// is to be zeros for them.
static bool give_back(Memory *m, u64 at, u64 size)
{
    SharedMemory *shared = SHARED_POSSIBLE ? m->shared : NULL;
    if (shared) pthread_mutex_lock(&shared->growing);
    Memory *whole = m->whole;
    bool mapped = MAPS_POSSIBLE && (at < m->image || memory_is_mapped(whole, at, size, false)),
         good;
    if (!mapped) good = pages_discard(m->base + at, size);
    else if (memory_is_mapped(whole, at, size, true)) good = pages_remove(m->base + at, size);
    else good = fork_discard(whole, at, size) || patch(whole, at, size);
    if (shared) pthread_mutex_unlock(&shared->growing);
    return good;
}

void memory_zero(Memory *m, u64 at, u64 size)
{
    enum { PAGES_LEAST = 16 }; // fewer are sooner written than had anew
    u64 page = pages_size(), first = (at + page - 1) & ~(page - 1),
        last = (at + size) & ~(page - 1);
    bool many = first < last && last - first >= PAGES_LEAST * page;
    if (!many || !give_back(m, first, last - first)) first = last = at + size;
    fill_bytes(m->base + at, 0, (size_t)(first - at));
    fill_bytes(m->base + last, 0, (size_t)(at + size - last));
}

Trap memory_discard(Exec *x, Memory *m, Bulk *left)
{
    if (!memory_holds(m, left->to, left->count)) return TRAP_out_of_bounds_memory_access;
    if (!left->count) return TRAP_none;
    u64 part = ((u64)1 << m->type.limits.page_log2) - 1, start = left->to & ~part,
        end = (left->to + left->count + part) & ~part;
    Bulk whole = {start, 0, end - start};
    Trap trap = memory_look(m, start, end - start, true);
    if (trap) return trap;
    for (Bulk p = {0}; bulk_next(x, &whole, &p, EXEC_BYTES_DISCARDED, false, &trap);)
        memory_zero(m, p.to, p.count);
    // Before the first piece it is as it was: all of 4 GiB has no number of 32 bits.
    if (whole.count < end - start) *left = whole;
    return trap;
}
