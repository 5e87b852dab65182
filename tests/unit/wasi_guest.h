// wasi_guest.h -- calls of WASI as a guest makes them: a module that imports every function and
// exports each, as one of its own that calls it, in a tier of the engine's. Between guest_begin
// and guest_end it makes all calls of wasi_calls.h, in its memory.
#pragma once

#include "wasi_calls.h"

#include "api/wasi_link.h"
#include "engine/source.h"
#include "run/exec.h"

static struct {
    Engine *engine;
    Source source;
    Store *store;
    Instance *inst;
} guest;

// "(param i32 i64) (result i32)"
static char *put_type(char *at, const char *sig)
{
    at += sprintf(at, "(param");
    for (; *sig != ':'; sig++) at += sprintf(at, " %s", *sig == 'i' ? "i32" : "i64");
    return at + sprintf(at, ") (result%s)", sig[1] ? " i32" : "");
}

static char *guest_text(void)
{
    enum { ROOM = 64 << 10 };
    const WasiFunc *f;
    char *text = malloc(ROOM), *at = text;
    if (!text) exit(1);
    at += sprintf(at, "(module");
    for (u32 i = 0; (f = wasi_func(i)); i++) {
        at += sprintf(at, "(import \"%s\" \"%s\" (func ", module, f->name);
        at = put_type(at, f->sig);
        at += sprintf(at, "))");
    }
    at += sprintf(at, "(memory %u)", MEMORY >> 16);
    for (u32 i = 0; (f = wasi_func(i)); i++) {
        at += sprintf(at, "(func (export \"%s\") ", f->name);
        at = put_type(at, f->sig);
        for (u32 n = 0; f->sig[n] != ':'; n++) at += sprintf(at, "(local.get %u)", n);
        at += sprintf(at, "(call %u))", i);
    }
    sprintf(at, ")");
    return text;
}

static bool guest_resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    return wasi_resolve(guest.store, ctx, import, out);
}

static u32 guest_call(const WasiFunc *f, const u64 *args)
{
    u64 slots[16] = {0};
    Extern e;
    for (u32 i = 0; f->sig[i] != ':'; i++) slots[i] = f->sig[i] == 'i' ? (u32)args[i] : args[i];
    last_outcome = WASI_RETURN;
    if (!CHECK(instance_export(guest.inst, bytes_of(f->name), &e))) return 9999;
    CHECK_EQ_U64(engine_call(guest.store, e.func, slots, COUNT_OF(slots)), TRAP_none);
    return (u32)slots[0];
}

static void guest_begin(Tier tier)
{
    Diag diag;
    char *text = guest_text();
    diag_init(&diag);
    guest.engine = engine_new(features_default);
    guest.engine->tier = tier;
    guest.engine->hot = 1;
    if (!tier_lacks()) engine_set_faults(guest.engine, true);
    if (!CHECK(source_load(&guest.source, guest.engine, (const u8 *)text, strlen(text), &diag))) {
        printf("    %s\n", diag.detail);
        exit(1);
    }
    free(text);
    guest.store = engine_store(guest.engine);
    guest.inst =
        engine_instantiate(guest.store, guest.source.module, guest_resolve, NULL, &diag).instance;
    if (!CHECK(guest.inst != NULL)) exit(1);
    memory = guest.inst->memories[0]->base;
    mem = (GuestMemory){.base = memory, .size = MEMORY};
    call_by = guest_call;
    for (u32 i = 0; i < 3; i++) CHECK_EQ_U64(call("sched_yield", NULL, 0), 0); // there is code now
}

// In which code was it called?
static Tier guest_tier(const char *func)
{
    u32 count = 0, at = 0;
    const NativeRegion *r = native_region(guest.inst->made);
    for (; wasi_func(count); count++)
        if (!strcmp(wasi_func(count)->name, func)) at = count;
    const Native *n = r ? native_newest(r, count + at) : NULL;
    return !n ? TIER_interp : n->optimized ? TIER_opt : TIER_baseline;
}

static void guest_end(void)
{
    call_by = NULL;
    memory = NULL;
    store_free(guest.store);
    source_free(&guest.source);
    engine_free(guest.engine);
}
