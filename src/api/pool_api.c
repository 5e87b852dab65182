// pool_api.c -- places for instances of a template that are used again and again. See weft_pool.h.
//
//     memories    | front | room | front | room | ...      one reservation, a part for each place
//                            image, then zeros
//     Place --- weft_store --- Store --- Instance          made when it is first taken
//
// A place that comes back is compared with what it was made of: if the store got nothing that would
// have to go, another instance or a table say, its values are written back, and of its memories the
// pages that were written to; else the store is freed, and made anew when it is next taken. Numbers
// of functions are equal in all places, so tables and objects are the same bytes.

#include "api/pool.h"
#include "api/tenant.h"

#include "plat/pages.h"
#include "run/mapped.h"

#include <inttypes.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct Place {
    struct Place *next;  // free
    weft_pool *pool;
    weft_store *ws;      // NULL: it is to be made
    Instance *instance;
    Func *funcs;         // the function space
    weft_tenant *tenant; // while it is taken, or NULL
    u64 drawn;           // units of fuel that the store took from it
    _Atomic u64 lease;   // while it may be stopped: the store's number, and behind it STOPPING_BITS
                         // that count who is about to stop it; or 0
    bool taken;
    bool open;           // its part of the memories can be used
} Place;

struct weft_pool {
    weft_template *from;
    StoreLimits limits;
    u64 fuel;
    u64 keep;
    bool plain;
    u32 count;           // places
    u32 funcs;           // entries of each one's function space
    u8 *memories;
    u64 stride;          // bytes of a place's memories
    bool writable;       // all of them may be written to without more ado
    u64 *rooms;          // of each memory
    u64 size;            // of a place's memories together, at first
    ImageWatch watch;
    Place *places;
    pthread_mutex_t lock; // of what follows
    Place *free;
    u32 begun;           // places that were ever taken
    u32 ready, taken;
    u32 users;           // its owner, and places that are taken
    u64 made;
    bool measured;
    size_t used[STORE_LIMIT_COUNT]; // what the accounts of a store say that was just made
};

static const Template *state_of(const weft_pool *p) { return &p->from->state; }
static u32 own_memories(const weft_pool *p)
{
    const Module *m = state_of(p)->module;
    return m->memory_count - m->imported_memories;
}

weft_module *pool_module(const weft_store *ws) { return ws->place->pool->from->module; }
const HeldTypes *pool_types(const weft_store *ws) { return &ws->place->pool->from->types; }

// ---- Pools

// Accesses that the processor only guesses may go to the page in front: see run/memory.c.
static u64 front(void) { return pages_size(); }

static u64 round_up(u64 bytes)
{
    u64 page = pages_size();
    return (bytes + page - 1) & ~(page - 1);
}

static u64 room_of(const weft_pool *p, u32 memory, u64 wanted)
{
    enum { ROOM = 16 << 20 };
    const Module *m = state_of(p)->module;
    const Limits *limits = &m->memories[m->imported_memories + memory].type.limits;
    u64 size = state_of(p)->memories[memory].size, most = wanted ? wanted : ROOM;
    u64 whole = limits->has_max && limits->max <= UINT64_MAX >> limits->page_log2
                    ? limits->max << limits->page_log2
                    : UINT64_MAX;
    return round_up(MAX(size, MIN(most, MIN(whole, SIZE_MOST / 4))));
}

// False: there are not so many addresses.
static bool reserve(weft_pool *p, u64 wanted, u64 *bytes)
{
    for (u32 i = 0; i < own_memories(p); i++) {
        p->rooms[i] = room_of(p, i, wanted);
        p->stride += front() + p->rooms[i];
    }
    if (__builtin_mul_overflow(p->stride, (u64)p->count, bytes)) return false;
    if (!*bytes) return true;
    p->memories = pages_map(*bytes);
    p->writable = p->memories;
    if (!p->memories) p->memories = pages_reserve(*bytes);
    if (p->memories) pages_prefer_small(p->memories, *bytes);
    return p->memories;
}

static void destroy(weft_pool *p)
{
    for (u32 i = 0; i < p->begun; i++) {
        if (p->places[i].ws) api_end_store(p->places[i].ws);
        free(p->places[i].funcs);
    }
    u64 bytes;
    if (p->memories && !__builtin_mul_overflow(p->stride, (u64)p->count, &bytes))
        pages_free(p->memories, bytes);
    if (p->places) pages_free(p->places, (u64)p->count * sizeof *p->places);
    image_watch_end(&p->watch);
    pthread_mutex_destroy(&p->lock);
    template_release(p->from);
    free(p->rooms);
    free(p);
}

static weft_status begin(weft_pool *p, const weft_pool_config *config, weft_diag *diag)
{
    u64 bytes, wanted = 0;
    if (config->limits) {
        weft_limits limits = weft_limits_init();
        if (api_struct_in(config->limits, &limits, sizeof limits, diag) != WEFT_OK)
            return WEFT_ERROR;
        wanted = limits.memory_bytes;
    }
    if (api_limits_in(config->limits, &p->limits, &p->fuel, diag) != WEFT_OK) return WEFT_ERROR;
    p->limits.memory_mode = MEMORY_fixed;
    if (!config->places) return api_refuse(diag, API_no_places, "%s", "at least one is needed");
    u64 entries = (u64)state_of(p)->func_count + config->functions;
    for (p->funcs = 8; p->funcs < entries && p->funcs < 1u << 26;) p->funcs *= 2;
    p->limits.functions = MIN(p->limits.functions, entries - 1);
    p->rooms = calloc((size_t)own_memories(p) + 1, sizeof *p->rooms);
    p->places = pages_map((u64)p->count * sizeof *p->places);
    if (!p->rooms || !p->places)
        return api_error(diag, ERR_out_of_memory, "%s", "for the pool");
    for (u32 i = 0; i < own_memories(p); i++) p->size += state_of(p)->memories[i].size;
    if (reserve(p, wanted, &bytes)) return WEFT_OK;
    return api_error(diag, ERR_out_of_memory, "addresses for %u places of %" PRIu64
                     " bytes of memories are not to be had: ask for fewer, or less memory_bytes",
                     p->count, p->stride);
}

weft_pool *weft_pool_new(weft_template *from, const weft_pool_config *given, weft_diag *diag)
{
    weft_pool_config config = weft_pool_config_init();
    if (given && api_struct_in(given, &config, sizeof config, diag) != WEFT_OK) return NULL;
    weft_pool *p = calloc(1, sizeof *p);
    if (!p) {
        api_error(diag, ERR_out_of_memory, "%s", "for the pool");
        return NULL;
    }
    atomic_fetch_add(&from->users, 1);
    *p = (weft_pool){.from = from, .users = 1, .count = config.places, .plain = config.plain,
                     .keep = config.keep_bytes & ~(u64)(pages_size() - 1)};
    image_watch_begin(&p->watch, config.plain);
    pthread_mutex_init(&p->lock, NULL);
    if (begin(p, &config, diag) == WEFT_OK) return p;
    destroy(p);
    return NULL;
}

// The lock is held.
static void release(weft_pool *p)
{
    u32 left = --p->users;
    pthread_mutex_unlock(&p->lock);
    if (!left) destroy(p);
}

void weft_pool_free(weft_pool *p)
{
    if (!p) return;
    pthread_mutex_lock(&p->lock);
    release(p);
}

weft_status weft_pool_used(weft_pool *p, weft_pool_usage *out, weft_diag *diag)
{
    pthread_mutex_lock(&p->lock);
    const weft_pool_usage used = {
        .places = p->count, .ready = p->ready, .taken = p->taken,
        .addresses = p->memories ? p->stride * p->count : 0, .made = p->made,
        .plain = __atomic_load_n(&p->watch.plain, __ATOMIC_RELAXED),
    };
    pthread_mutex_unlock(&p->lock);
    return api_struct_out(out, &used, sizeof used, diag);
}

// ---- Places

static u8 *memories_of(const weft_pool *p, const Place *place)
{
    return p->memories ? p->memories + (u64)(place - p->places) * p->stride : NULL;
}

static weft_status refuse_system(weft_diag *diag)
{
    return api_error(diag, ERR_out_of_memory, "%s",
                     "a place of the pool takes two or three mappings (vm.max_map_count), and some "
                     "memory");
}

// Once: what stands between memories cannot be accessed.
static weft_status open_memories(weft_pool *p, Place *place, weft_diag *diag)
{
    u8 *at = memories_of(p, place);
    for (u32 i = 0; i < own_memories(p) && !place->open; at += front() + p->rooms[i++]) {
        if (!p->writable && !pages_commit(at + front(), p->rooms[i])) return refuse_system(diag);
        if (p->writable && !pages_guard(at, front(), p->plain)) return refuse_system(diag);
    }
    place->open = true;
    return WEFT_OK;
}

static Instance *make_instance(weft_pool *p, Place *place, Store *s, Diag *why)
{
    u8 *at = memories_of(p, place);
    u32 count = own_memories(p);
    MemoryPlace few[4], *memories = count > COUNT_OF(few) ? malloc(count * sizeof *few) : few;
    if (!memories) {
        diag_init(why);
        store_short(s, why, "for the instance");
        return NULL;
    }
    for (u32 i = 0; i < count; at += front() + p->rooms[i++])
        memories[i] = (MemoryPlace){at + front(), p->rooms[i]};
    Instance *inst = template_make(state_of(p), s, NULL, memories, why);
    if (memories != few) free(memories);
    return inst;
}

static void measure(weft_pool *p, const Store *s)
{
    pthread_mutex_lock(&p->lock);
    for (u32 i = 0; i < STORE_LIMIT_COUNT && !p->measured; i++)
        p->used[i] = account_used(&s->accounts[i]);
    p->measured = true;
    p->made++;
    pthread_mutex_unlock(&p->lock);
}

static weft_status make_place(weft_pool *p, Place *place, weft_diag *diag)
{
    Diag why;
    weft_engine *e = p->from->engine;
    if (open_memories(p, place, diag) != WEFT_OK) return WEFT_ERROR;
    if (!place->funcs) place->funcs = calloc(p->funcs, sizeof *place->funcs);
    Store *s = place->funcs ? engine_store_within(e->engine, &p->limits) : NULL;
    if (!s) return api_error(diag, ERR_out_of_memory, "%s", "for a place of the pool");
    if (p->fuel) exec_grant_fuel(&s->exec, p->fuel);
    func_space_lend(s, place->funcs, p->funcs);
    place->instance = make_instance(p, place, s, &why);
    if (place->instance) place->ws = api_store_of(e, s, diag);
    else store_free(s);
    if (place->ws) {
        place->ws->place = place;
        measure(p, s);
        return WEFT_OK;
    }
    memset(place->funcs, 0, p->funcs * sizeof *place->funcs);
    if (place->instance) return WEFT_ERROR;
    return why.err == ERR_out_of_memory ? refuse_system(diag) : api_diag(diag, &why);
}

// ---- Fuel of a tenant's

static bool more_fuel(Exec *x, u64 units)
{
    Place *place = x->more_fuel_env;
    u64 taken = tenant_take_fuel(place->tenant, units - (u64)x->fuel);
    place->drawn += taken;
    x->fuel += (s64)taken;
    return taken;
}

// ---- Stopping
//
// Who stops a store counts himself where its number stands, so that it is there until he has; who
// gives it back takes the number away where nobody is counted. Nothing is locked, since a signal
// handler may stop what its own thread is about to.

enum { STOPPING_BITS = 16 };

static u64 lease_of(u64 number) { return number << STOPPING_BITS; }

static void begin_lease(Place *place)
{
    atomic_store_explicit(&place->lease, lease_of(place->ws->id), memory_order_release);
}

// A few instructions of another thread's are waited for.
static void end_lease(Place *place)
{
    u64 alone = lease_of(place->ws->id);
    for (u64 now = alone; !atomic_compare_exchange_weak(&place->lease, &now, 0); now = alone)
        sched_yield();
}

weft_lease weft_pool_lease(const weft_store *ws)
{
    const Place *place = ws->place;
    if (!place || pool_has(ws)) return (weft_lease){0, 0};
    return (weft_lease){ws->id, (u32)(place - place->pool->places)};
}

bool weft_pool_stop(weft_pool *p, weft_lease lease, weft_stop why)
{
    if (!lease.number || lease.number >> (64 - STOPPING_BITS) || lease.place >= p->count)
        return false; // no number is so large
    Place *place = &p->places[lease.place];
    u64 now = atomic_load(&place->lease);
    do {
        if (now >> STOPPING_BITS << STOPPING_BITS != lease_of(lease.number)) return false;
    } while (!atomic_compare_exchange_weak(&place->lease, &now, now + 1));
    weft_store_stop(place->ws, why);
    atomic_fetch_sub(&place->lease, 1);
    return true;
}

// ---- Taking

// The next that was never taken, or NULL. The lock is held.
static Place *begin_place(weft_pool *p)
{
    if (p->begun == p->count) return NULL;
    Place *place = &p->places[p->begun++];
    place->pool = p;
    return place;
}

// It is somebody's from now on. The lock is held.
static void count_taken(weft_pool *p, Place *place)
{
    place->taken = true;
    p->taken++;
    p->users++;
    p->ready -= place->ws != NULL;
}

static Place *find_place(weft_pool *p, weft_diag *diag)
{
    pthread_mutex_lock(&p->lock);
    Place *place = p->free;
    if (place) p->free = place->next;
    else place = begin_place(p);
    if (place) count_taken(p, place);
    pthread_mutex_unlock(&p->lock);
    if (!place) api_refuse(diag, API_limit_places, "there are %u", p->count);
    return place;
}

static void put_back(weft_pool *p, Place *place)
{
    pthread_mutex_lock(&p->lock);
    place->next = p->free;
    place->taken = false;
    p->free = place;
    p->taken--;
    p->ready += place->ws != NULL;
    release(p);
}

// Whose memory it takes, and whose fuel.
static void bind(const weft_pool *p, Place *place, weft_tenant *tenant)
{
    Store *s = place->ws->s;
    Exec *x = &s->exec;
    bool shares = tenant && tenant->shares_fuel;
    place->tenant = tenant;
    place->drawn = 0;
    s->memory_account = tenant ? &tenant->memory : &s->accounts[STORE_memory_bytes];
    for (Memory *m = s->memories; m; m = m->next) m->account = s->memory_account;
    x->fuel = (s64)(shares ? 0 : MIN(p->fuel, INT64_MAX));
    x->more_fuel = shares ? more_fuel : NULL;
    x->more_fuel_env = place;
}

static weft_status take(weft_pool *p, Place *place, weft_tenant *tenant, weft_diag *diag)
{
    if (tenant && tenant->shares_fuel && !p->fuel)
        return api_refuse(diag, API_not_fueled, "%s", "nor can the tenant's be used");
    if (!place->ws && make_place(p, place, diag) != WEFT_OK) return WEFT_ERROR;
    if (tenant && tenant_take(tenant, p->size, diag) != WEFT_OK) return WEFT_ERROR;
    bind(p, place, tenant);
    begin_lease(place);
    return WEFT_OK;
}

weft_status weft_pool_take(weft_pool *p, weft_tenant *tenant, weft_store **store,
                           weft_instance *out, weft_diag *diag)
{
    *store = NULL;
    *out = (weft_instance){0, NULL};
    Place *place = find_place(p, diag);
    if (!place) return WEFT_ERROR;
    if (take(p, place, tenant, diag) != WEFT_OK) {
        put_back(p, place);
        return WEFT_ERROR;
    }
    *store = place->ws;
    *out = (weft_instance){place->ws->id, place->instance};
    return WEFT_OK;
}

// Those that were never taken, so that what was used last stays what is taken next.
weft_status weft_pool_prepare(weft_pool *p, uint32_t count, weft_diag *diag)
{
    while (count--) {
        pthread_mutex_lock(&p->lock);
        Place *place = begin_place(p);
        if (place) count_taken(p, place);
        pthread_mutex_unlock(&p->lock);
        if (!place) return api_refuse(diag, API_limit_places, "there are %u", p->count);
        weft_status status = make_place(p, place, diag);
        put_back(p, place);
        if (status != WEFT_OK) return status;
    }
    return WEFT_OK;
}

// ---- Giving back

static u64 paid_for(const Store *s)
{
    u64 paid = 0;
    for (const Memory *m = s->memories; m; m = m->next) paid += m->paid;
    return paid;
}

// The place is to be made anew.
static void end_place(weft_pool *p, Place *place)
{
    api_end_store(place->ws);
    place->ws = NULL;
    memset(place->funcs, 0, p->funcs * sizeof *place->funcs);
}

// What the host had of it, as in api_end_store.
static void let_go(weft_store *ws)
{
    api_finalize_all(ws);
    handles_end(ws);
    types_let_go(ws);
    wasi_let_go(ws);
    *ws = (weft_store){.s = ws->s, .engine = ws->engine, .place = ws->place};
}

// What is mapped in its memories, of a file of the host's say, goes before anything else. False: it
// may still be there.
static bool unmap_all(const Store *s)
{
    bool good = true;
    for (Memory *m = s->memories; m; m = m->next) good &= !m->lent || memory_unmap_all(m);
    return good;
}

// False: nobody may have the place any more.
static bool restore(weft_pool *p, Place *place)
{
    weft_store *ws = place->ws;
    weft_tenant *tenant = place->tenant;
    u64 paid = paid_for(ws->s), fuel = MIN((u64)MAX(ws->s->exec.fuel, 0), place->drawn);
    bool alone = !ws->hosts && !ws->uses && !ws->modules && !ws->components &&
                 template_is_alone(state_of(p), place->instance);
    bool ours = unmap_all(ws->s);
    if (alone) let_go(ws);
    else end_place(p, place); // which gives back what its memories have
    place->tenant = NULL;
    if (tenant) tenant_give(tenant, alone ? paid : 0, fuel);
    if (!alone) return ours;
    ws->s->memory_account = &ws->s->accounts[STORE_memory_bytes];
    bool good = template_restore(state_of(p), place->instance, p->used);
    handles_begin(ws);
    ws->id = api_next_store();
    if (!good) end_place(p, place);
    return true;
}

static bool restore_memories(weft_pool *p, const Place *place)
{
    u8 *at = memories_of(p, place);
    for (u32 i = 0; i < own_memories(p); at += front() + p->rooms[i++])
        if (!image_restore(&state_of(p)->memories[i].image, &p->watch, at + front(), p->rooms[i],
                           p->keep))
            return false;
    return true;
}

void pool_take_back(weft_store *ws)
{
    Place *place = ws->place;
    weft_pool *p = place->pool;
    end_lease(place);
    if (restore(p, place) && restore_memories(p, place)) {
        put_back(p, place);
        return;
    }
    // Nobody gets what may be there: the place is lost.
    if (place->ws) end_place(p, place);
    pthread_mutex_lock(&p->lock);
    p->taken--;
    release(p);
}

bool pool_has(const weft_store *ws) { return ws->place && !ws->place->taken; }

weft_status weft_pool_give(weft_store *ws, weft_diag *diag)
{
    if (!ws->place || pool_has(ws))
        return api_refuse(diag, API_wrong_store, "%s", "it is not taken from a pool");
    if (ws->s->exec.depth || ws->finalizing)
        return api_refuse(diag, API_is_running, "%s", "it is given back when that has ended");
    weft_store_free(ws);
    return WEFT_OK;
}
