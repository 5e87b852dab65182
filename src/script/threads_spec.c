// threads_spec.c -- see threads_spec.h.

#include "script/threads_spec.h"

#include "base/random.h"
#include "formal/wait.h"
#include "plat/clock.h"
#include "plat/file.h"
#include "wasi/ctx.h"

#include <stdlib.h>

enum { ID_MOST = (1 << 29) - 1, HOST_PATIENCE = 1000000 }; // ns

// ---- What a thread runs: start functions, and then its entry

static ModuleInst *numbered(const SpecExecutor *t, u32 number)
{
    const ExecutorInstance *i = t->instances;
    while (i && i->number != number) i = i->older;
    return i ? i->of : NULL;
}

// What a thread begins with, if all that is to be there is by now.
static bool find_entry(const SpecExecutor *t, u32 *func)
{
    const ModuleInst *program = t->instances ? t->instances->of : NULL; // the last
    ExternAddr e;
    if (!program || !formal_export(program, bytes_of("wasi_thread_start"), &e)) return false;
    if (e.kind != EXTERN_func) return false;
    *func = e.address;
    const TypeDef *type = type_def(t->types, t->store->funcs.at[e.address].type);
    return type->param_count == 2 && !type->result_count && type->params[0] == TYPE_i32 &&
           type->params[1] == TYPE_i32;
}

// Its next call is begun. False: there is none, or *trap.
static bool begin_next(SpecExecutor *t, Trap *trap)
{
    const Val none = {0}, args[] = {value_i32(t->id), value_i32(t->argument)};
    const u32 count = t->instances->number + 1; // the last is the program itself
    u32 func = NO_ADDRESS;
    for (; func == NO_ADDRESS && t->begun < count; t->begun++) {
        const ModuleInst *of = numbered(t, t->begun);
        if (of->module->has_start) func = of->funcs[of->module->start];
    }
    bool starts = func != NO_ADDRESS;
    if (!starts && (t->begun++ != count || !find_entry(t, &func))) return false;
    t->calling = formal_begin(&t->config, func, starts ? &none : args);
    if (!t->calling) *trap = TRAP_out_of_memory;
    return t->calling;
}

// ---- Turns

static void end_thread(SpecExecutor *t)
{
    SpecThreads *all = &t->root->threads;
    SpecExecutor **at = &all->threads;
    while (*at != t) at = &(*at)->next;
    *at = t->next;
    all->count--;
    WasiCtx *wasi = t->programs.wasi;
    spec_host_free(&t->programs);
    t->programs = (SpecHost){0};
    wasi_free(wasi);
    t->base.ops->close(&t->base);
}

// Fuel is for all of them together: the first has it.
static Turn turn_of(SpecExecutor *t, u64 steps)
{
    SpecExecutor *first = t->root;
    Config *c = &t->config;
    first->threads.running = t;
    if (first->config.stop) c->stop = true;
    c->fueled = first->config.fueled;
    c->fuel = first->config.fuel;
    Turn turn = config_turn(c, steps);
    first->config.fuel = c->fuel;
    first->threads.running = first;
    return turn;
}

// Of one beside the first. It may be gone then, or have ended all.
static Turn turn_beside(SpecExecutor *t, u64 steps)
{
    Trap trap = TRAP_none;
    if (t->calling || begin_next(t, &trap)) {
        Turn turn = turn_of(t, steps);
        if (turn != TURN_over) return turn;
        t->calling = false;
        trap = t->config.halt;
        if (!trap) return TURN_goes_on; // with the next call
    }
    if (t->root->config.stop) return TURN_goes_on; // all are to stop, and the first says so
    if (trap) t->root->threads.ended = t;
    else end_thread(t);
    return TURN_goes_on;
}

// As nobody goes on.
static void pass_time(SpecExecutor *first)
{
    bool host = first->programs.waits;
    for (const SpecExecutor *t = first->threads.threads; t; t = t->next)
        host |= t->programs.waits != NULL;
    if (!host) {
        time_passes(first->store);
        return;
    }
    u64 began = plat_clock_now(CLOCK_monotonic);
    u32 none;
    file_poll(NULL, 0, HOST_PATIENCE, &none);
    first->store->now += plat_clock_now(CLOCK_monotonic) - began;
}

// One of them, or the next that does not wait.
static Turn take_turn(SpecExecutor *first)
{
    SpecThreads *all = &first->threads;
    u64 steps = random_turn(&all->random);
    u32 count = all->count + 1, at = (u32)(random_next(&all->random) % count);
    SpecExecutor *t = all->threads; // behind the last comes the first
    while (at--) t = t ? t->next : NULL;
    for (; count; count--) {
        SpecExecutor *next = t ? t->next : all->threads;
        Turn turn = t ? turn_beside(t, steps) : turn_of(first, steps);
        if (turn != TURN_waits) return t ? TURN_goes_on : turn;
        t = next;
    }
    pass_time(first);
    return TURN_waits;
}

static void go(Config *c, void *env)
{
    SpecExecutor *first = env;
    while (!first->threads.ended && take_turn(first) != TURN_over) {}
    if (first->threads.ended) halts(c, TRAP_interrupted, "");
    wait_end(c);
}

// ---- A new one

static bool is_used(const SpecThreads *all, u32 id)
{
    for (const SpecExecutor *t = all->threads; t; t = t->next)
        if (t->id == id) return true;
    return false;
}

// What it has beside memories, tables and functions, which have limits of their own, stays as long
// as the store: so it is counted with objects.
static u64 size_of(const ModuleInst *i)
{
    const Module *m = i->module;
    u64 values = (u64)m->global_count;
    for (u32 k = 0; k < m->elem_count; k++) values += m->elems[k].count;
    return sizeof(SpecExecutor) + values * sizeof(Val) +
           (u64)(m->func_count + m->tag_count + m->elem_count + m->data_count) * sizeof(u64);
}

static bool make_all(SpecExecutor *t)
{
    for (u32 k = 0; k <= t->root->instances->number; k++) {
        const ModuleInst *of = numbered(t->root, k);
        if (!formal_take(t->store, size_of(of)) || !spec_make(t, of)) return false;
    }
    return true;
}

// The number of the new thread, or minus an errno. What it takes to make it is paid by who asks.
static s32 spawn(SpecExecutor *first, Config *c, u32 argument)
{
    SpecThreads *all = &first->threads;
    SpecExecutor *by = all->running;
    u32 entry;
    if (all->count >= all->most || !find_entry(first, &entry)) return -WASI_E_again;
    SpecExecutor *t = spec_beside(first);
    if (!t) return -WASI_E_nomem;
    t->next = all->threads;
    all->threads = t;
    all->count++;
    do all->next_id = all->next_id < ID_MOST ? all->next_id + 1 : 1;
    while (is_used(all, all->next_id));
    t->id = all->next_id;
    t->argument = argument;
    t->config.fueled = c->fueled;
    t->config.fuel = c->fuel;
    all->running = t;
    bool good = make_all(t) && config_begin(&t->config, NULL); // it has a stack
    c->fuel = t->config.fuel;
    all->running = by;
    if (good) return (s32)t->id;
    end_thread(t);
    return -WASI_E_nomem;
}

static Trap thread_spawn(Config *c, void *env, const Val *args, Val *results)
{
    worked(c, PRICE_spawn);
    results[0] = value_i32((u32)spawn(env, c, (u32)args[0].bits));
    return TRAP_none;
}

// ---- What is imported

static bool is_spawn(const Import *import)
{
    return import->kind == EXTERN_func && bytes_are(import->module, "wasi") &&
           bytes_are(import->name, "thread-spawn");
}

bool threads_provide(const Module *m, const Import *import)
{
    return is_spawn(import) || (import->kind == EXTERN_memory &&
                                m->memories[import->index].type.limits.shared);
}

static const SpecShared *shared_of(const SpecThreads *all, const Import *import)
{
    for (u32 k = 0; k < all->memories.count; k++) {
        const SpecShared *m = &all->memories.at[k];
        if (bytes_same(m->module, import->module) && bytes_same(m->name, import->name)) return m;
    }
    return NULL;
}

// The first import of that name says what it is like.
static u32 shared_memory(SpecExecutor *first, const Import *import, const MemType *type)
{
    SpecThreads *all = &first->threads;
    const SpecShared *known = shared_of(all, import);
    if (known) return known->address;
    if (!FORMAL_ROOM(all->memories)) return NO_ADDRESS;
    u32 address = alloc_mem(first->store, type);
    if (address != NO_ADDRESS)
        all->memories.at[all->memories.count++] =
            (SpecShared){import->module, import->name, address};
    return address;
}

bool threads_resolve(SpecExecutor *e, const Module *m, const Import *import, ExternAddr *out)
{
    static const Type types[] = {TYPE_i32, TYPE_i32};
    static const TypeDef type = {.kind = COMP_func, .final = true, .super = TYPE_NONE,
                                 .describes = TYPE_NONE, .descriptor = TYPE_NONE,
                                 .params = types, .param_count = 1, .result_count = 1};
    out->kind = import->kind;
    out->address = is_spawn(import)
                       ? spec_host_func(e->root, &type, thread_spawn, e->root)
                       : shared_memory(e->root, import, &m->memories[import->index].type);
    if (out->address != NO_ADDRESS) return true;
    return out->kind = EXTERN_COUNT, false;
}

// ---- From beginning to end

void threads_begin(SpecExecutor *first, u32 most, u64 seed)
{
    first->threads.most = most;
    first->threads.random = seed;
    first->threads.running = first;
    first->programs.others = &first->threads.count;
    first->config.go = go;
    first->config.go_env = first;
}

void threads_free(SpecExecutor *first)
{
    while (first->threads.threads) end_thread(first->threads.threads);
    free(first->threads.memories.at);
}
