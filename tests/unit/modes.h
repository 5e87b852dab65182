// modes.h -- an instance in each mode of compiled code, for tests of what is made of its functions.
// Whatever it imports is a host function that does nothing.
#pragma once

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"

static inline Trap mode_nothing(HostCall *call) { return TRAP_none; }

static inline bool mode_resolve(void *env, const Import *import, const ExternType *type,
                                Extern *out)
{
    *out = (Extern){.kind = import->kind};
    out->func = func_new_host(env, type->func, mode_nothing, NULL);
    return true;
}

typedef void ModeCheck(const Instance *inst);

static inline void mode_check(const char *text, Tier tier, bool faults, bool fuel,
                              ModeCheck *check)
{
    Source source;
    Diag diag;
    Engine *engine = engine_new(features_default);
    engine->tier = tier;
    engine->deterministic = fuel;
    if (faults) engine_set_faults(engine, true);
    bool loaded = source_load(&source, engine, (const u8 *)text, strlen(text), &diag);
    Store *store = engine_store(engine);
    if (CHECK(loaded && store)) {
        if (fuel) exec_grant_fuel(&store->exec, 1000);
        Instance *inst =
            engine_instantiate(store, source.module, mode_resolve, store, &diag).instance;
        if (CHECK(inst)) check(inst);
    }
    store_free(store);
    source_free(&source);
    engine_free(engine);
}

static inline void each_mode(const char *text, ModeCheck *check)
{
    for (u32 i = 0; i < 8 && !tier_lacks(); i++)
        mode_check(text, i & 1 ? TIER_auto : TIER_baseline, i & 2, i & 4, check);
}
