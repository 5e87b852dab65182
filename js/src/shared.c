// shared.c -- shared memories. Their bytes are JavaScript's: only it can make a SharedArrayBuffer.
// Each store that has one keeps what it was shown, and so the bytes.
//
// All threads of the process find the engine's memory by where its bytes are, so that guests of
// all of them see it grow. Who grows it is on a thread with JavaScript, and asks that for more; so
// does who waits there or wakes others, since JavaScript does that too.

#include "addon.h"

#include <pthread.h>
#include <weft_threads.h>

enum { PAGE = 65536 };

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

// Is it a view of the memory's bytes, of so many at least?
static bool shows(Addon *a, const Shared *shared, napi_value view, uint64_t bytes)
{
    const Call call = {.addon = a, .count = 1, .args = {view}};
    uint8_t *start;
    size_t len;
    bool is_shared;
    return arg_bytes(&call, 0, &start, &len, &is_shared) && is_shared && start == shared->start &&
           len >= bytes;
}

// What JavaScript answers when it is asked about the memory, of growth whether it has so many bytes
// then. UINT32_MAX: nothing, or it threw.
static uint32_t ask(const Shared *shared, SharedAsk what, const uint64_t *about, size_t count)
{
    enum { MOST = 4 };
    Addon *a = here;
    napi_value ask = NULL, args[1 + MOST], answer = NULL, thrown;
    napi_handle_scope scope;
    uint32_t got = UINT32_MAX;
    bool is = false;
    if (!a || napi_open_handle_scope(a->env, &scope) != napi_ok) return got;
    args[0] = make_u32(a, shared->number);
    for (size_t i = 0; i < count; i++) args[1 + i] = make_u64(a, about[i]);
    if (a->shared[what]) napi_get_reference_value(a->env, a->shared[what], &ask);
    if (ask) napi_call_function(a->env, make_undefined(a), ask, 1 + count, args, &answer);
    if (answer && what == SHARED_GROW) got = shows(a, shared, answer, *about);
    else if (answer) napi_get_value_uint32(a->env, answer, &got);
    napi_is_exception_pending(a->env, &is);
    if (is) napi_get_and_clear_last_exception(a->env, &thrown);
    napi_close_handle_scope(a->env, scope);
    return got;
}

static bool grow(void *env, uint64_t bytes) { return ask(env, SHARED_GROW, &bytes, 1) == 1; }

static uint32_t wait(void *env, uint64_t address, uint64_t expected, uint32_t bytes, uint64_t ns)
{
    const uint64_t about[] = {address, bytes, expected, ns};
    return ask(env, SHARED_WAIT, about, 4);
}

static uint32_t notify(void *env, uint64_t address, uint32_t count)
{
    const uint64_t about[] = {address, count};
    uint32_t woken = ask(env, SHARED_NOTIFY, about, 2);
    return woken == UINT32_MAX ? 0 : woken;
}

napi_value prim_onShared(Call *call)
{
    Addon *a = call->addon;
    for (unsigned i = 0; i < SHARED_ASKS; i++)
        if (!a->shared[i]) napi_create_reference(a->env, call->args[i], 1, &a->shared[i]);
    return NULL;
}

// Under the lock. NULL: *why says so.
static Shared *find_or_make(const Call *call, uint8_t *start, size_t len, weft_diag *why)
{
    Shared *s = all;
    while (s && s->start != start) s = s->next;
    if (s || !(s = calloc(1, sizeof *s))) return s;
    weft_host_pages pages = weft_host_pages_init();
    pages.start = start;
    pages.min = len / PAGE;
    pages.max = arg_u64(call, 2);
    pages.grow = grow;
    pages.wait = wait;
    pages.notify = notify;
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
    Shared *s = good ? find_or_make(call, start, len, &a->why) : NULL;
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
