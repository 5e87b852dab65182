// guests.h -- what tests of shared memories have in common: engines of each kind, and guests in
// stores of their own that import the same memory.
#pragma once

#include "check.h"
#include "engine/source.h"
#include "plat/thread.h"
#include "run/exec.h"
#include "run/shared.h"

static Engine *engine;

// ---- Worlds: engines of each kind

typedef struct { const char *name; Tier tier; bool faults; } World;
static const World worlds[] = {
    {"interp", TIER_interp, false}, {"baseline", TIER_baseline, false},
    {"guarded", TIER_baseline, true}, {"auto", TIER_auto, true},
};

static void enter_world(const World *w)
{
    engine = engine_new(features_all);
    if (!CHECK(engine != NULL)) exit(check_report());
    engine->tier = w->tier;
    if (w->faults && engine_set_faults(engine, true)) printf("    no faults here: %s\n", w->name);
}

// ---- A store with an instance of a module that imports memories, all the same one

typedef struct {
    Store *store;
    Source source;
    Instance *inst;
    Memory *view;
} Guest;

static Trap (*host_does)(HostCall *call);

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    Guest *g = env;
    out->kind = import->kind;
    if (import->kind == EXTERN_memory) return (out->memory = g->view) != NULL;
    out->func = func_new_host(g->store, type->func, host_does, g);
    return out->func != NULL;
}

static void source_of(Source *source, const char *text)
{
    Diag diag;
    diag_init(&diag);
    if (!CHECK(source_load(source, engine, (const u8 *)text, strlen(text), &diag))) {
        printf("    %s\n", diag.detail);
        exit(check_report());
    }
}

static Guest guest_of(SharedMemory *shared, const char *text)
{
    Diag diag;
    Guest g = {.store = engine_store(engine)};
    source_of(&g.source, text);
    g.view = memory_view(g.store, shared);
    Instantiated made = engine_instantiate(g.store, g.source.module, resolve, &g, &diag);
    g.inst = made.instance;
    if (!CHECK(g.inst && !made.trap)) exit(check_report());
    return g;
}

static void guest_end(Guest *g)
{
    store_free(g->store);
    source_free(&g->source);
}

// Checks nothing: threads call it, and checks are counted by one.
static Trap call(Guest *g, const char *name, u64 *slots)
{
    Extern f;
    if (!instance_export(g->inst, bytes_of(name), &f)) exit(1);
    return engine_call(g->store, f.func, slots, 4);
}

static SharedMemory *new_memory(u64 min, u64 max, bool is64)
{
    MemType type = {{.min = min, .max = max, .has_max = true, .is64 = is64, .shared = true,
                     .page_log2 = 16}};
    StoreLimits limits = engine->limits;
    if (engine->faults) limits.memory_mode = MEMORY_guarded;
    SharedMemory *s = shared_new(&limits, &type);
    if (!CHECK(s != NULL)) exit(check_report());
    return s;
}
