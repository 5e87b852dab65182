// executor_engine.c -- the engine as an executor. See executor.h.

#include "script/executor.h"

#include "engine/engine.h"
#include "run/exec.h"
#include "run/object.h"
#include "run/shared.h"
#include "run/store.h"
#include "script/spectest.h"
#include "snapshot/snapshot.h"

#include <stdlib.h>
#include <string.h>

enum { PARAMS_MOST = 1000 };

// If it is foreign, `of` is of another store, which may be at work: nothing of it is looked at but
// what never changes.
struct ExecutorInstance {
    ExecutorInstance *older;
    Instance *of;
    bool foreign;
};

typedef struct {
    Executor base;
    Engine *engine;
    bool forked;       // the engine is another's
    u32 snapshot_every; // see ExecutorSetup
    u32 *moved;        // likewise
    u32 polls;         // until the next
    Store *store;
    ExecutorInstance *instances;
    Spectest host;
    // The values of the host's that were made last: no call has more. Until then they are held.
    HeldRefs held;
    u32 made;
    Type types[PARAMS_MOST];
    u64 refs[PARAMS_MOST];
} EngineExecutor;

static void close(Executor *x)
{
    EngineExecutor *e = (EngineExecutor *)x;
    store_free(e->store);
    e->store = NULL;
    for (ExecutorInstance *i = e->instances, *older; i; i = older) {
        older = i->older;
        free(i);
    }
}

static void stop(Executor *x)
{
    exec_stop(&((EngineExecutor *)x)->store->exec, TRAP_interrupted);
}

static void finish(Executor *x)
{
    EngineExecutor *e = (EngineExecutor *)x;
    if (!e->forked) engine_free(e->engine);
    free(e);
}

static Module *load(Executor *x, Bytes bytes, Diag *diag)
{
    return engine_load(((EngineExecutor *)x)->engine, bytes.data, bytes.len, diag);
}

static void unload(Executor *x, Module *m) { engine_unload(m); }

typedef struct {
    EngineExecutor *executor;
    ExecutorNames *names;
    void *env;
} Linking;

static ExecutorInstance *add_instance(EngineExecutor *e, Instance *of, bool foreign)
{
    ExecutorInstance *i = malloc(sizeof *i);
    if (!i) return NULL;
    *i = (ExecutorInstance){e->instances, of, foreign};
    return e->instances = i;
}

static ExecutorInstance *share(Executor *x, ExecutorInstance *from)
{
    return add_instance((EngineExecutor *)x, from->of, true);
}

static bool export_of(EngineExecutor *e, const ExecutorInstance *i, Bytes name, Extern *out)
{
    if (!i->foreign) return instance_export(i->of, name, out);
    const Export *found = module_export(i->of->module, name);
    SharedMemory *shared = found && found->kind == EXTERN_memory
                               ? i->of->memories[found->index]->shared : NULL;
    if (!shared) return false;
    *out = (Extern){.kind = EXTERN_memory, .memory = memory_view(e->store, shared)};
    if (!out->memory) out->kind = EXTERN_COUNT;
    return out->memory != NULL;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    const Linking *l = env;
    const ExecutorInstance *inst = l->names(l->env, import->module);
    return inst ? export_of(l->executor, inst, import->name, out)
                : spectest_find(&l->executor->host, import, out);
}

static ExecutorMade instantiate(Executor *x, const Module *m, ExecutorNames *names, void *env,
                                Diag *diag)
{
    EngineExecutor *e = (EngineExecutor *)x;
    Linking linking = {e, names, env};
    ExecutorInstance *instance = add_instance(e, NULL, false);
    if (!instance) {
        diag_fail(diag, ERR_out_of_memory, 0, "for the instance");
        return (ExecutorMade){0};
    }
    Instantiated made = engine_instantiate(e->store, m, resolve, &linking, diag);
    instance->of = made.instance;
    return (ExecutorMade){made.instance ? instance : NULL, made.trap};
}

static bool find(Executor *x, ExecutorInstance *instance, Bytes name, ExecutorExport *out)
{
    Extern e;
    if (!export_of((EngineExecutor *)x, instance, name, &e)) return false;
    *out = (ExecutorExport){.kind = e.kind};
    if (e.kind == EXTERN_func) {
        const TypeDef *type = type_def(((EngineExecutor *)x)->store->types, e.func->type);
        *out = (ExecutorExport){
            e.kind,       type->param_count,  type->result_count,
            type->params, type_results(type), MAX(type->param_slots, type->result_slots),
            e.func};
    } else if (e.kind == EXTERN_global) {
        *out = (ExecutorExport){e.kind, 0, 1, NULL, &e.global->type.type, 2, e.global};
    }
    return true;
}

// ---- A store that goes on as another: for tests

typedef struct {
    EngineExecutor *executor;
    Store *from;
    SnapshotBytes kept;
} Move;

static bool keep_bytes(void *env, const void *bytes, size_t size, Diag *diag)
{
    return snapshot_keep(&((Move *)env)->kept, bytes, size, diag);
}

static bool same_number(void *env, u64 value, u64 *number)
{
    *number = value;
    return true;
}

static const Module *known_module(void *env, const u8 hash[SNAPSHOT_HASH], Bytes bytes, Diag *diag)
{
    const Move *m = env;
    for (const Instance *i = m->from->instances; i; i = i->next) {
        u8 own[SNAPSHOT_HASH];
        snapshot_hash((Bytes){i->module->bytes, i->module->size}, own);
        if (!memcmp(own, hash, sizeof own)) return i->module;
    }
    diag_fail(diag, ERR_snapshot_mismatch, 0, "a module that is not there");
    return NULL;
}

static bool find_host(void *env, const Import *import, const ExternType *type, Extern *out)
{
    return spectest_find(&((Move *)env)->executor->host, import, out);
}

// Instances are the same in both, in the same order.
static void exchange(EngineExecutor *e, Store *from)
{
    for (ExecutorInstance *i = e->instances; i; i = i->older) {
        const Instance *old = from->instances;
        Instance *of = e->store->instances;
        for (; old && old != i->of; old = old->next) of = of->next;
        if (old) i->of = of;
    }
    store_free(from);
}

static bool open_store(EngineExecutor *e);

// What was stopped goes on in another store, from bytes; or in the same, if it cannot be so.
static void move_on(EngineExecutor *e)
{
    Move m = {.executor = e, .from = e->store};
    SnapshotWriter writer = {.env = &m, .write = keep_bytes, .without_modules = true,
                             .host_number = same_number};
    SnapshotReader reader = {.env = &m, .module = known_module, .resolve = find_host,
                             .host_value = same_number};
    const Spectest host = e->host;
    Diag diag;
    Bytes more;
    if (snapshot_write(m.from, &writer, &diag) && open_store(e)) {
        if (exec_fueled(&m.from->exec)) exec_grant_fuel(&e->store->exec, INT64_MAX);
        spectest_init(&e->host, e->store, host.print, host.env);
        if (snapshot_read(e->store, &reader, (Bytes){m.kept.data, m.kept.len}, &more, &diag)) {
            exchange(e, m.from);
            free(m.kept.data);
            ++*e->moved;
            return;
        }
        store_free(e->store);
    }
    if (diag.err != ERR_cannot_snapshot && host.print) {
        char text[500];
        host.print(host.env, diag_text(&diag, text, sizeof text));
    }
    e->host = host;
    e->store = m.from;
    free(m.kept.data);
}

static void set_polls(Exec *x, u32 polls)
{
    x->stop_every = x->polls = polls;
    x->stops = polls;
    if (polls) atomic_fetch_or(&x->stop, STOP_TICK);
}

static Trap call_and_move(EngineExecutor *e, const ExecutorExport *func, u64 *slots)
{
    set_polls(&e->store->exec, e->polls);
    Trap trap = engine_call(e->store, func->item, slots, func->slots);
    while (trap == TRAP_paused && engine_may_continue(e->store)) {
        move_on(e);
        set_polls(&e->store->exec, e->snapshot_every);
        trap = engine_continue(e->store, slots, func->slots);
    }
    e->polls = e->store->exec.polls;
    set_polls(&e->store->exec, 0);
    return trap;
}

static Trap call(Executor *x, const ExecutorExport *func, u64 *slots)
{
    EngineExecutor *e = (EngineExecutor *)x;
    return e->snapshot_every ? call_and_move(e, func, slots)
                             : engine_call(e->store, func->item, slots, func->slots);
}

static void get(Executor *x, const ExecutorExport *global, u64 slots[2])
{
    memcpy(slots, ((const Global *)global->item)->value, sizeof(u64[2]));
}

static const char *detail(Executor *x) { return ((EngineExecutor *)x)->store->exec.trap_detail; }
static void fuel(Executor *x, u64 amount)
{
    exec_grant_fuel(&((EngineExecutor *)x)->store->exec, amount);
}
static u64 host_ref(Executor *x, u64 value)
{
    EngineExecutor *e = (EngineExecutor *)x;
    Ref ref = ref_new_extern(e->store, value);
    e->refs[e->made++ % PARAMS_MOST] = ref;
    return ref;
}
static void *engine(Executor *x) { return ((EngineExecutor *)x)->engine; }
static Store *store(Executor *x) { return ((EngineExecutor *)x)->store; }
static const TypeStore *types(Executor *x) { return ((EngineExecutor *)x)->store->types; }

// An external reference may be whatever is below any; which, is not told.
static void look(Executor *x, Type type, u64 slot, ExecutorRef *out)
{
    const Store *s = ((EngineExecutor *)x)->store;
    Heap top = type_top(s->types, type);
    *out = (ExecutorRef){.heap = top};
    if (top != HEAP_extern && top != HEAP_any) return;
    if (!ref_is_i31((Ref)slot) && !heap_has(&s->heap, (Ref)slot)) return; // it is none
    Heap heap = ref_heap(s, (Ref)slot);
    out->is_host = heap == HEAP_extern;
    if (out->is_host) out->host = ref_extern_value(s, (Ref)slot);
    else if (top == HEAP_any) out->heap = heap;
}

static Executor *open(const ExecutorSetup *setup);
static Executor *fork_executor(Executor *x);

static const ExecutorOps ops = {
    .open = open, .fork = fork_executor, .share = share, .stop = stop, .close = close,
    .finish = finish, .load = load, .unload = unload,
    .instantiate = instantiate,
    .find = find, .call = call, .get = get, .detail = detail, .fuel = fuel, .host_ref = host_ref,
    .look = look,
    .types = types, .engine = engine, .store = store,
};

static bool open_store(EngineExecutor *e)
{
    memset(e->refs, 0, sizeof e->refs);
    e->store = engine_store(e->engine);
    if (!e->store) return false;
    for (u32 i = 0; i < PARAMS_MOST; i++) e->types[i] = type_ref(true, HEAP_extern);
    exec_hold(&e->store->exec, &e->held, e->types, e->refs, PARAMS_MOST);
    return true;
}

static Executor *open(const ExecutorSetup *setup)
{
    EngineExecutor *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    e->base.ops = &ops;
    e->engine = engine_new(setup->features);
    e->snapshot_every = e->polls = setup->snapshot_every;
    e->moved = setup->moved;
    if (e->engine && setup->limits) e->engine->limits = *setup->limits;
    if (e->engine) e->engine->deterministic = setup->deterministic;
    if (e->engine) e->engine->stop_every = setup->stop_every;
    if (e->engine) e->engine->down_every = setup->down_every;
    if (e->engine) e->engine->up_every = setup->up_every;
    if (e->engine) e->engine->gc_stress = setup->gc_stress;
    if (e->engine) e->engine->bare = setup->bare;
    if (e->engine && setup->faults) engine_set_faults(e->engine, true);
    if (e->engine && setup->tier) tier_parse(setup->tier, &e->engine->tier);
    if (e->engine && setup->hot) e->engine->hot = setup->hot;
    if (e->engine && setup->beside) e->engine->beside.bytes = setup->beside;
    if (e->engine && open_store(e)) {
        e->store->collected = setup->collected;
        e->store->collected_env = setup->collected_env;
        spectest_init(&e->host, e->store, setup->print, setup->env);
        return &e->base;
    }
    engine_free(e->engine);
    free(e);
    return NULL;
}

static Executor *fork_executor(Executor *x)
{
    EngineExecutor *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    e->base.ops = &ops;
    e->engine = ((EngineExecutor *)x)->engine;
    e->forked = true;
    if (open_store(e)) {
        spectest_init(&e->host, e->store, NULL, NULL);
        return &e->base;
    }
    free(e);
    return NULL;
}

const ExecutorOps *executor_find(const char *tier)
{
    Tier known;
    if (tier && !strcmp(tier, "spec")) return &executor_spec;
    return !tier || tier_parse(tier, &known) ? &ops : NULL;
}
