// group_api.c -- threads that guests ask for: see weft_threads.h. What they are is in group.h; here
// each has a weft_store, which is linked by the embedder.

#include "api/api.h"
#include "weft_threads.h"

#include "plat/futex.h"
#include "run/exec.h"
#include "wasi/wasi.h"

#include <stdlib.h>

typedef struct {
    GroupThread thread;
    weft_store *ws;
    Instance *instance;
} ApiThread;

struct weft_group {
    Group group;
    weft_engine *engine;
    weft_module *module;
    weft_group_config config;
    ApiThread first;
    bool begun; // its start function was run
};

// Links and instantiates in t->ws. `wasi` is taken over, also when it fails; NULL is fine.
static weft_status make_instance(weft_group *g, ApiThread *t, weft_wasi *wasi, weft_diag *diag)
{
    weft_linker *l = weft_linker_new(g->engine, diag);
    weft_status status = l ? WEFT_OK : WEFT_ERROR;
    if (l && wasi) weft_linker_wasi(l);
    if (l && wasi) status = weft_store_set_wasi(t->ws, wasi, diag);
    if (status != WEFT_OK) weft_wasi_free(wasi);
    if (status == WEFT_OK && g->config.link)
        status = g->config.link(g->config.env, t->ws, l, diag);
    if (status == WEFT_OK)
        status = api_make(t->ws, g->module, l, &t->thread, &t->instance, diag);
    weft_linker_free(l);
    return status;
}

// ---- Threads

static weft_wasi *wasi_of_thread(const weft_wasi *first)
{
    weft_wasi *w = calloc(1, sizeof *w);
    if (w) w->ctx = wasi_beside(first->ctx);
    if (w && w->ctx) return w;
    free(w);
    return NULL;
}

static void end(void *env, GroupThread *thread)
{
    weft_store_free(((ApiThread *)thread)->ws);
}

static bool make_thread(weft_group *g, ApiThread *t)
{
    weft_wasi *wasi = g->config.wasi ? wasi_of_thread(g->config.wasi) : NULL;
    if (g->config.wasi && !wasi) return false;
    t->thread.store = t->ws->s;
    t->thread.group = &g->group;
    if (make_instance(g, t, wasi, NULL) != WEFT_OK) return false;
    t->thread.start = group_entry(t->instance);
    return t->thread.start;
}

static GroupThread *make(void *env, Store *s)
{
    weft_group *g = env;
    ApiThread *t = calloc(1, sizeof *t);
    if (!t) {
        store_free(s);
        return NULL;
    }
    t->ws = api_store_of(g->engine, s, NULL);
    if (t->ws && make_thread(g, t)) return &t->thread;
    weft_store_free(t->ws);
    free(t);
    return NULL;
}

static Trap begin(void *env, GroupThread *thread)
{
    return engine_start(thread->store, ((ApiThread *)thread)->instance);
}

// ---- The group

static weft_status check(const weft_engine *engine, const weft_module *module, weft_diag *diag)
{
    const Module *m = module->source.module;
    if (module->engine != engine)
        return api_refuse(diag, API_wrong_engine, "%s", "the group has one of its own");
    const char *lacks = group_wanted(m) ? group_lacks(m) : NULL;
    return lacks ? api_refuse(diag, API_no_threads, "%s", lacks) : WEFT_OK;
}

static bool make_store(weft_group *g, weft_diag *diag)
{
    StoreLimits limits;
    u64 fuel;
    if (api_limits_in(g->config.limits, &limits, &fuel, diag) != WEFT_OK) return false;
    Engine *e = g->engine->engine;
    Store *s = engine_store_within(e, &limits);
    g->first.ws = api_store_of(g->engine, s, diag);
    if (!g->first.ws) return false;
    if (fuel) exec_grant_fuel(&s->exec, fuel);
    g->first.thread.store = s;
    const GroupMaker maker = {make, begin, end, g};
    group_init(&g->group, e, &g->first.thread, &limits, &maker);
    g->group.most = e->deterministic ? 0 : MIN(g->config.max_threads, (u32)GROUP_THREADS_MOST);
    return true;
}

weft_group *weft_group_new(weft_engine *engine, weft_module *module,
                           const weft_group_config *given, weft_diag *diag)
{
    weft_group_config config = weft_group_config_init();
    if (api_struct_in(given, &config, sizeof config, diag) != WEFT_OK) return NULL;
    bool good = check(engine, module, diag) == WEFT_OK;
    weft_group *g = good ? calloc(1, sizeof *g) : NULL;
    if (good && !g) api_error(diag, ERR_out_of_memory, "%s", "for the group");
    if (g) *g = (weft_group){.engine = engine, .module = module, .config = config};
    if (!g || !make_store(g, diag)) {
        weft_wasi_free(config.wasi);
        free(g);
        return NULL;
    }
    if (make_instance(g, &g->first, config.wasi, diag) == WEFT_OK) return g;
    weft_group_free(g);
    return NULL;
}

weft_store *weft_group_store(const weft_group *g) { return g->first.ws; }

weft_instance weft_group_instance(const weft_group *g)
{
    return (weft_instance){g->first.ws->id, g->first.instance};
}

static weft_status call_first(weft_group *g, weft_func func, const weft_val *args, size_t arg_count,
                              weft_val *results, size_t result_count, weft_diag *diag)
{
    if (!g->begun) {
        g->begun = true;
        weft_status status =
            api_leave(g->first.ws, engine_start(g->first.ws->s, g->first.instance), diag);
        if (status != WEFT_OK) return status;
    }
    return weft_call(g->first.ws, func, args, arg_count, results, result_count, diag);
}

weft_status weft_group_call(weft_group *g, weft_func func, const weft_val *args, size_t arg_count,
                            weft_val *results, size_t result_count, weft_diag *diag)
{
    const GroupThread *by = g->group.ended_by;
    if (g->group.open) return api_refuse(diag, API_group_busy, "%s", "it is called already");
    if (by && by->id) return api_refuse(diag, API_group_ended, "by thread %u", by->id);
    group_begin(&g->group);
    weft_status status = call_first(g, func, args, arg_count, results, result_count, diag);
    bool all;
    Trap trap = status == WEFT_OK || status == WEFT_ERROR ? TRAP_none : g->first.ws->s->exec.trap;
    by = group_end(&g->group, trap, FUTEX_FOREVER, &all);
    return by->id ? api_trap(diag, by->store, by->trap) : status;
}

weft_store *weft_group_ended(const weft_group *g)
{
    const GroupThread *by = g->group.ended_by;
    return by && by->id ? ((const ApiThread *)by)->ws : g->first.ws;
}

void weft_group_free(weft_group *g)
{
    if (!g || g->first.ws->s->exec.depth) return;
    group_free(&g->group);
    weft_store_free(g->first.ws);
    free(g);
}
