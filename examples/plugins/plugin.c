/* plugin.c -- plug-ins that can be replaced while they work: see plugin.h.

       Plugin      what callers have: a path, the version that works, the state that was kept
         Version   a module with an instance in a store of its own
           Flow    what goes through `read` and `write` while one of its functions runs

   One thread at a time uses the version that works: a call, or a swap from save to load. A swap
   that waits for that comes before calls that wait, however many there are. `swapping` is held by
   who prepares another version, which takes long and disturbs nobody. */

#define _POSIX_C_SOURCE 200809L
#include "plugin.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    const char *in;
    size_t in_len;
    char *out;
    size_t out_len, out_room, out_most;
} Flow;

typedef struct {
    weft_module *module;
    weft_store *store;
    weft_func handle, save, load;
    int32_t version;
    Flow flow;
} Version;

typedef struct {
    PluginBytes bytes;
    int32_t version;
    bool is_there; /* else a plug-in starts with nothing */
} State;

struct Plugin {
    weft_engine *engine;
    char *path;
    PluginLimits limits;
    pthread_mutex_t swapping, lock; /* lock: of the four below */
    pthread_cond_t call_may, swap_may;
    bool is_busy, swap_waits;
    Version *now; /* NULL: it trapped, and could not be started again */
    State kept;
    PluginInfo info;
};

static bool refuse(char *why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, PLUGIN_WHY, format, args);
    va_end(args);
    return false;
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- What a plug-in may call ----------------------------------------------------------------- */

/* read(at, room) -> length: the next bytes of what it was given; 0: that was all. Each byte is
   given once, so a guest cannot have us copy for long. */
static weft_status on_read(void *env, weft_caller *caller, weft_slot *slots)
{
    Flow *flow = &((Version *)env)->flow;
    size_t len = slots[1].u32 < flow->in_len ? slots[1].u32 : flow->in_len;
    void *to = weft_caller_at(caller, slots[0].u32, len);
    if (!to) return weft_trap(caller, "read: not all of that is in the plug-in's memory");
    if (len) memcpy(to, flow->in, len);
    flow->in += len;
    flow->in_len -= len;
    slots[0].u32 = (uint32_t)len;
    return WEFT_OK;
}

/* write(at, length): more of what it gives. */
static weft_status on_write(void *env, weft_caller *caller, weft_slot *slots)
{
    Flow *flow = &((Version *)env)->flow;
    size_t len = slots[1].u32, room = flow->out_room;
    const void *from = weft_caller_at(caller, slots[0].u32, len);
    char *more;
    if (!from) return weft_trap(caller, "write: not all of that is in the plug-in's memory");
    if (len > flow->out_most - flow->out_len) return weft_trap(caller, "write: that is too much");
    if (len > room - flow->out_len) {
        while (len > room - flow->out_len) room = room ? room * 2 : 256;
        more = (char *)realloc(flow->out, room);
        if (!more) return weft_trap(caller, "write: the host has no memory");
        flow->out = more;
        flow->out_room = room;
    }
    if (len) memcpy(flow->out + flow->out_len, from, len);
    flow->out_len += len;
    return WEFT_OK;
}

/* ---- Versions -------------------------------------------------------------------------------- */

/* Calls one of its functions, with something to read; what it writes is left in the flow. */
static bool version_call(Version *v, const PluginLimits *limits, weft_func func, const char *in,
                         size_t in_len, size_t out_most, const weft_val *args, size_t arg_count,
                         weft_val *result, char *why)
{
    weft_diag diag;
    weft_status status;
    v->flow.in = in;
    v->flow.in_len = in_len;
    v->flow.out_len = 0;
    v->flow.out_most = out_most;
    weft_store_set_fuel(v->store, limits->fuel, NULL);
    status = weft_call(v->store, func, args, arg_count, result, result ? 1 : 0, &diag);
    v->flow.in_len = 0;
    v->flow.out_most = 0;
    return status == WEFT_OK || refuse(why, "%s", diag.message);
}

/* What it wrote, which is the caller's now. */
static PluginBytes version_take(Version *v)
{
    PluginBytes bytes;
    bytes.data = v->flow.out;
    bytes.len = v->flow.out_len;
    v->flow.out = NULL;
    v->flow.out_len = v->flow.out_room = 0;
    return bytes;
}

static void version_free(Version *v)
{
    if (!v) return;
    weft_store_free(v->store);
    weft_module_free(v->module);
    free(v->flow.out);
    free(v);
}

static bool version_func(const Version *v, weft_instance instance, const char *name,
                         const char *signature, weft_func *out, char *why)
{
    weft_diag diag;
    weft_typed typed;
    if (weft_instance_func(v->store, instance, name, out, &diag) == WEFT_OK &&
        weft_func_typed(v->store, *out, signature, &typed, &diag) == WEFT_OK)
        return true;
    return refuse(why, "%s: %s", name, diag.message);
}

static bool version_start(Version *v, weft_engine *engine, const PluginLimits *limits, char *why)
{
    weft_limits own = weft_limits_init();
    weft_instance instance;
    weft_linker *linker;
    weft_func version;
    weft_val number;
    weft_diag diag;
    bool ok;
    own.memory_bytes = own.heap_bytes = own.instance_bytes = limits->memory_bytes;
    own.table_entries = 1 << 16;
    own.stack_bytes = 1 << 20;
    own.fuel = limits->fuel;
    v->store = weft_store_new(engine, &own, &diag);
    linker = v->store ? weft_linker_new(engine, &diag) : NULL;
    ok = linker &&
         weft_linker_func(linker, "plugin", "read", "ii:i", on_read, v, NULL, &diag) == WEFT_OK &&
         weft_linker_func(linker, "plugin", "write", "ii:", on_write, v, NULL, &diag) == WEFT_OK &&
         weft_instantiate(v->store, v->module, linker, &instance, &diag) == WEFT_OK;
    weft_linker_free(linker);
    if (!ok) return refuse(why, "%s", diag.message);
    if (!version_func(v, instance, "handle", "i:", &v->handle, why) ||
        !version_func(v, instance, "save", ":", &v->save, why) ||
        !version_func(v, instance, "load", "ii:i", &v->load, why) ||
        !version_func(v, instance, "version", ":i", &version, why) ||
        !version_call(v, limits, version, NULL, 0, 0, NULL, 0, &number, why))
        return false;
    v->version = number.of.i32;
    return true;
}

/* An instance of a module, which is the version's from then on, also if there is none (NULL). */
static Version *version_new(Plugin *p, weft_module *module, char *why)
{
    Version *v = module ? (Version *)calloc(1, sizeof *v) : NULL;
    if (!v) {
        if (module) refuse(why, "out of memory");
        weft_module_free(module);
        return NULL;
    }
    v->module = module;
    if (version_start(v, p->engine, &p->limits, why)) return v;
    version_free(v);
    return NULL;
}

static bool version_save(Version *v, const PluginLimits *limits, State *out, char *why)
{
    char reason[PLUGIN_WHY];
    if (!version_call(v, limits, v->save, NULL, 0, limits->state_bytes, NULL, 0, NULL, reason))
        return refuse(why, "save: %.400s", reason);
    out->bytes = version_take(v);
    out->version = v->version;
    out->is_there = true;
    return true;
}

static bool version_load(Version *v, const PluginLimits *limits, const State *state, char *why)
{
    char reason[PLUGIN_WHY];
    weft_val args[2], verdict;
    if (!state->is_there) return true;
    args[0] = weft_i32(state->version);
    args[1] = weft_i32((int32_t)state->bytes.len);
    if (!version_call(v, limits, v->load, state->bytes.data, state->bytes.len, 0, args, 2, &verdict,
                      reason))
        return refuse(why, "load: %.400s", reason);
    return verdict.of.i32 == 0 || refuse(why, "it does not take the state of version %d (%d)",
                                         (int)state->version, (int)verdict.of.i32);
}

/* ---- The module ------------------------------------------------------------------------------ */

/* As it arrives, so that what is no module is refused at once, however long it is. */
static weft_module *module_read(const Plugin *p, char *why)
{
    char piece[16384], text[PLUGIN_WHY];
    size_t got, total = 0;
    weft_diag diag;
    weft_module *module;
    weft_loader *loader = weft_loader_new(p->engine, &diag);
    FILE *file = loader ? fopen(p->path, "rb") : NULL;
    weft_status status = WEFT_OK;
    if (!file) {
        refuse(why, loader ? "it cannot be opened" : "out of memory");
        weft_loader_free(loader);
        return NULL;
    }
    while (status == WEFT_OK && (got = fread(piece, 1, sizeof piece, file)) > 0) {
        total += got;
        if (total > p->limits.module_bytes) break;
        status = weft_loader_feed(loader, piece, got, &diag);
    }
    if (ferror(file) || total > p->limits.module_bytes) {
        refuse(why, ferror(file) ? "it cannot be read" : "it is too large");
        weft_loader_free(loader);
        fclose(file);
        return NULL;
    }
    fclose(file);
    module = weft_loader_finish(loader, &diag);
    if (!module) {
        weft_diag_text(&diag, text, sizeof text);
        refuse(why, "%s", text);
    }
    return module;
}

/* ---- Plug-ins -------------------------------------------------------------------------------- */

PluginLimits plugin_limits(void)
{
    PluginLimits limits;
    limits.memory_bytes = 64 << 20;
    limits.fuel = 100000000;
    limits.module_bytes = 64 << 20;
    limits.message_bytes = 1 << 20;
    limits.state_bytes = 16 << 20;
    return limits;
}

Plugin *plugin_open(weft_engine *engine, const char *path, const PluginLimits *limits, char *why)
{
    Plugin *p = (Plugin *)calloc(1, sizeof *p);
    if (p) p->path = (char *)malloc(strlen(path) + 1);
    if (!p || !p->path) {
        refuse(why, "out of memory");
        free(p);
        return NULL;
    }
    strcpy(p->path, path);
    p->engine = engine;
    p->limits = limits ? *limits : plugin_limits();
    pthread_mutex_init(&p->swapping, NULL);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->call_may, NULL);
    pthread_cond_init(&p->swap_may, NULL);
    p->now = version_new(p, module_read(p, why), why);
    if (p->now) return p;
    plugin_close(p);
    return NULL;
}

void plugin_close(Plugin *p)
{
    version_free(p->now);
    free(p->kept.bytes.data);
    pthread_mutex_destroy(&p->swapping);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->call_may);
    pthread_cond_destroy(&p->swap_may);
    free(p->path);
    free(p);
}

/* From here to work_end nobody else uses what works. */
static void work_begin(Plugin *p, bool is_swap)
{
    pthread_mutex_lock(&p->lock);
    if (is_swap) p->swap_waits = true;
    while (p->is_busy || (p->swap_waits && !is_swap))
        pthread_cond_wait(is_swap ? &p->swap_may : &p->call_may, &p->lock);
    if (is_swap) p->swap_waits = false;
    p->is_busy = true;
    pthread_mutex_unlock(&p->lock);
}

static void work_end(Plugin *p)
{
    pthread_mutex_lock(&p->lock);
    p->is_busy = false;
    pthread_cond_signal(p->swap_waits ? &p->swap_may : &p->call_may);
    pthread_mutex_unlock(&p->lock);
}

/* What is kept is this from now on. */
static void keep(Plugin *p, State *state)
{
    free(p->kept.bytes.data);
    p->kept = *state;
}

/* Another instance of what trapped, with what was kept; none, if that fails too. */
static void restart(Plugin *p)
{
    char why[PLUGIN_WHY];
    weft_module *module = p->now->module;
    p->info.traps++;
    p->now->module = NULL;
    version_free(p->now);
    p->now = version_new(p, module, why);
    if (p->now && !version_load(p->now, &p->limits, &p->kept, why)) {
        version_free(p->now);
        p->now = NULL;
    }
}

bool plugin_call(Plugin *p, const void *message, size_t len, PluginBytes *answer, char *why)
{
    weft_val arg = weft_i32((int32_t)len);
    size_t most = p->limits.message_bytes;
    bool ok = false;
    if (len > most || len > INT32_MAX) return refuse(why, "the message is too long");
    work_begin(p, false);
    if (!p->now) {
        refuse(why, "it trapped, and could not be started again");
    } else if (version_call(p->now, &p->limits, p->now->handle, (const char *)message, len, most,
                            &arg, 1, NULL, why)) {
        p->info.calls++;
        *answer = version_take(p->now);
        ok = true;
    } else {
        restart(p);
    }
    work_end(p);
    return ok;
}

/* Has the new one go on from where the old one is. Nothing else runs meanwhile. */
static bool hand_over(Plugin *p, Version *fresh, char *why)
{
    State state;
    bool is_kept = !p->now; /* then there is nobody who could save */
    memset(&state, 0, sizeof state);
    if (is_kept) state = p->kept;
    else if (!version_save(p->now, &p->limits, &state, why)) return false;
    if (!version_load(fresh, &p->limits, &state, why)) {
        if (!is_kept) free(state.bytes.data);
        return false;
    }
    if (!is_kept) keep(p, &state);
    p->now = fresh;
    return true;
}

bool plugin_swap(Plugin *p, char *why)
{
    Version *fresh, *old = NULL;
    uint64_t start, pause;
    bool ok = false;
    pthread_mutex_lock(&p->swapping);
    fresh = version_new(p, module_read(p, why), why);
    work_begin(p, true);
    start = now_ns();
    if (fresh) {
        old = p->now;
        ok = hand_over(p, fresh, why);
    }
    pause = now_ns() - start;
    if (ok) p->info.swaps++;
    else p->info.refused++;
    if (ok && pause > p->info.longest_pause) p->info.longest_pause = pause;
    work_end(p);
    version_free(ok ? old : fresh);
    pthread_mutex_unlock(&p->swapping);
    return ok;
}

bool plugin_checkpoint(Plugin *p, char *why)
{
    State state;
    bool ok;
    work_begin(p, false);
    ok = p->now ? version_save(p->now, &p->limits, &state, why) : refuse(why, "it does not work");
    if (ok) keep(p, &state);
    work_end(p);
    return ok;
}

PluginInfo plugin_info(Plugin *p)
{
    PluginInfo info;
    work_begin(p, false);
    info = p->info;
    info.version = p->now ? p->now->version : -1;
    info.state_bytes = p->kept.bytes.len;
    work_end(p);
    return info;
}
