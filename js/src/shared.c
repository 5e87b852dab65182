// shared.c -- shared memories. Their bytes are JavaScript's: only it can make a SharedArrayBuffer.
// Each store that has one keeps what it was shown, and so the bytes.
//
// All threads of the process find the engine's memory by where its bytes are, so that guests of
// all of them wait for each other and see it grow. Who grows it is on a thread with JavaScript, and
// asks that for more.

#include "addon.h"

#include <pthread.h>
#include <weft_threads.h>

typedef struct Shared {
    struct Shared *next;
    weft_shared_memory *memory;
    uint8_t *start;
    uint32_t number;
    unsigned stores;      // that have it
} Shared;

typedef struct SharedUse {
    struct SharedUse *next;
    Shared *shared;
    napi_ref view;        // of its bytes
    uint32_t place;
} SharedUse;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Shared *all;
static uint32_t numbers;
static _Thread_local Addon *here; // of the thread, once it has a shared memory

static bool grow(void *env, uint64_t bytes)
{
    const Shared *shared = env;
    napi_value ask = NULL, args[2], answer = NULL, undefined = make_undefined(here);
    napi_handle_scope scope;
    bool good = false;
    if (napi_open_handle_scope(here->env, &scope) != napi_ok) return false;
    args[0] = make_u32(here, shared->number);
    args[1] = make_u64(here, bytes);
    if (here->grow_shared) napi_get_reference_value(here->env, here->grow_shared, &ask);
    if (ask && napi_call_function(here->env, undefined, ask, 2, args, &answer) == napi_ok)
        napi_get_value_bool(here->env, answer, &good);
    napi_close_handle_scope(here->env, scope);
    return good;
}

napi_value prim_onSharedGrowth(Call *call)
{
    Addon *a = call->addon;
    if (!a->grow_shared) napi_create_reference(a->env, call->args[0], 1, &a->grow_shared);
    return NULL;
}

// Under the lock. NULL: *why says so.
static Shared *find_or_make(const Call *call, uint8_t *start, weft_diag *why)
{
    Shared *s = all;
    while (s && s->start != start) s = s->next;
    if (s || !(s = calloc(1, sizeof *s))) return s;
    weft_host_pages pages = weft_host_pages_init();
    pages.start = start;
    pages.min = arg_u64(call, 2);
    pages.max = arg_u64(call, 3);
    pages.grow = grow;
    pages.env = s;
    *s = (Shared){.next = all, .start = start, .number = ++numbers};
    s->memory = weft_shared_memory_over(call->addon->engine, &pages, why);
    if (s->memory) return all = s;
    free(s);
    return NULL;
}

static void let_go(Shared *s)
{
    if (--s->stores) return;
    Shared **at = &all;
    while (*at != s) at = &(*at)->next;
    *at = s->next;
    weft_shared_memory_free(s->memory);
    free(s);
}

void shared_let_go(JsStore *store)
{
    pthread_mutex_lock(&lock);
    for (SharedUse *use = store->shared, *next; use; use = next) {
        next = use->next;
        let_go(use->shared);
        napi_delete_reference(store->addon->env, use->view);
        free(use);
    }
    pthread_mutex_unlock(&lock);
}

napi_value prim_sharedOver(Call *call)
{
    Addon *a = call->addon;
    JsStore *store = call->store;
    uint8_t *start;
    size_t len;
    weft_extern item = {.kind = WEFT_MEMORY};
    SharedUse *use = calloc(1, sizeof *use);
    bool shared;
    if (!use || !arg_bytes(call, 1, &start, &len, &shared) || !shared) {
        free(use);
        return addon_short(a);
    }
    here = a;
    memset(&a->why, 0, sizeof a->why);
    a->why.name = "out_of_memory";
    bool good = napi_create_reference(a->env, call->args[1], 1, &use->view) == napi_ok;
    pthread_mutex_lock(&lock);
    Shared *s = good ? find_or_make(call, start, &a->why) : NULL;
    good = s && weft_shared_memory_in(store->store, s->memory, &item.of.memory, &a->why) == WEFT_OK;
    if (s) s->stores++;
    if (s && !good) let_go(s);
    pthread_mutex_unlock(&lock);
    if (!good) {
        if (use->view) napi_delete_reference(a->env, use->view);
        free(use);
        return addon_fail(a);
    }
    uint32_t place = item_place(store, item);
    use->next = store->shared;
    use->shared = s;
    use->place = place;
    store->shared = use;
    return place ? make_u32(a, place) : addon_short(a);
}

napi_value prim_sharedNumber(Call *call)
{
    uint32_t place = arg_u32(call, 1);
    const SharedUse *use = call->store->shared;
    while (use && use->place != place) use = use->next;
    return use ? make_u32(call->addon, use->shared->number) : NULL;
}
