/* plugins.c -- a host of plugins: each runs in a thread and a store of its own, all of them share
   one engine and the modules, and a watchdog ends those that take too long.

       cc plugins.c -lweft -lpthread -o plugins

   What the pieces are for:
     - an engine and its modules may be used by any number of threads, so a plugin is decoded
       and checked once;
     - a store belongs to one thread at a time: what runs in it cannot meet what runs in another;
     - weft_store_stop is the one function that may be called on a store from beside. */

#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <weft.h>

enum { THREADS = 4, CALLS = 1000 };

/* A plugin exports work(i64) -> i64. This one sums up; the other never ends. */
static const char summing[] =
    "(module (func (export \"work\") (param i64) (result i64) (local $sum i64)"
    "  (loop $again (result i64)"
    "    (local.set $sum (i64.add (local.get $sum) (local.get 0)))"
    "    (local.set 0 (i64.sub (local.get 0) (i64.const 1)))"
    "    (br_if $again (i64.gt_s (local.get 0) (i64.const 0)))"
    "    (local.get $sum))))";
static const char endless[] = "(module (func (export \"work\") (param i64) (result i64) (loop "
                              "$again (br $again)) (i64.const 0)))";

typedef struct {
    weft_engine *engine;
    weft_module *module;
    weft_store *store;
    pthread_t thread;
    int64_t total;
    weft_status status;
    weft_diag diag;
} Plugin;

/* The quick way to call: the signature is checked once, then each call is a few nanoseconds. */
static weft_status work(Plugin *p)
{
    weft_instance instance;
    weft_func func;
    weft_typed typed;
    weft_status status = weft_instantiate(p->store, p->module, NULL, &instance, &p->diag);
    int64_t i;
    if (status == WEFT_OK) status = weft_instance_func(p->store, instance, "work", &func, &p->diag);
    if (status == WEFT_OK) status = weft_func_typed(p->store, func, "l:l", &typed, &p->diag);
    for (i = 1; i <= CALLS && status == WEFT_OK; i++) {
        weft_slot slot;
        slot.i64 = i;
        status = weft_call_typed(p->store, typed, &slot, &p->diag);
        if (status == WEFT_OK) p->total += slot.i64;
    }
    return status;
}

static void *run(void *env)
{
    Plugin *p = (Plugin *)env;
    p->status = work(p);
    return NULL;
}

static int start(Plugin *p, weft_engine *engine, weft_module *module)
{
    memset(p, 0, sizeof *p);
    p->engine = engine;
    p->module = module;
    p->store = weft_store_new(engine, NULL, &p->diag);
    if (!p->store) return 0;
    if (pthread_create(&p->thread, NULL, run, p) == 0) return 1;
    weft_store_free(p->store);
    return 0;
}

static void finish(Plugin *p, int number)
{
    pthread_join(p->thread, NULL);
    if (p->status == WEFT_OK) printf("plugin %d: %lld\n", number, (long long)p->total);
    else printf("plugin %d: %s\n", number, p->diag.message);
    weft_store_free(p->store);
}

int main(void)
{
    Plugin plugins[THREADS];
    struct timespec patience = {0, 200000000}; /* a fifth of a second */
    weft_diag diag;
    int started = 0, i;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *good = engine ? weft_module_new(engine, summing, strlen(summing), &diag) : NULL;
    weft_module *bad = good ? weft_module_new(engine, endless, strlen(endless), &diag) : NULL;
    if (!bad) {
        fprintf(stderr, "%s\n", diag.message);
        weft_module_free(good);
        weft_engine_free(engine);
        return 1;
    }
    while (started < THREADS && start(&plugins[started], engine, started == 2 ? bad : good))
        started++;

    /* The watchdog: who is not done by now never will be. Stopping who has ended does no harm. */
    nanosleep(&patience, NULL);
    if (started > 2) weft_store_stop(plugins[2].store, WEFT_STOP_TIME_LIMIT);

    for (i = 0; i < started; i++) finish(&plugins[i], i);
    weft_module_free(bad);
    weft_module_free(good);
    weft_engine_free(engine);
    return started == THREADS ? 0 : 1;
}
