// calls.c -- what a call across the border costs: host to guest, and guest to host; through weft.h,
// and inside the library. And what it costs to throw across ten frames to a clause that catches it,
// the ten calls included. Prints nanoseconds a call, the least of several rounds beside their
// median. calls [TIER]: interp, unless it is said.
#include "clock.h"
#include "engine/source.h"
#include "run/call.h"
#include "run/exec.h"
#include "weft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES = 2000000, THROW_TIMES = 200000, ROUNDS = 9 };

static const char text[] =
    "(module (import \"h\" \"f\" (func $h (param i32) (result i32)))"
    " (func (export \"empty\") (param i32) (result i32) (local.get 0))"
    " (func (export \"loop\") (param i32) (result i32) (local $s i32)"
    "   (loop $l (local.set $s (call $h (local.get $s)))"
    "     (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get $s))"
    " (func (export \"alone\") (param i32) (result i32) (local $s i32)"
    "   (loop $l (local.set $s (i32.add (local.get $s) (i32.const 1)))"
    "     (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get $s))"
    " (tag $e (param i32))"
    " (func $deep (param i32)"
    "   (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))) (return)))"
    "   (throw $e (i32.const 1)))"
    " (func (export \"throw\") (param i32) (result i32) (local $s i32)"
    "   (loop $l"
    "     (block $h (result i32)"
    "       (try_table (catch $e $h) (call $deep (i32.const 9))) (unreachable))"
    "     (local.set $s (i32.add (local.get $s)))"
    "     (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get $s))"
    " (func (export \"old\") (param i32) (result i32) (local $s i32)"
    "   (loop $l"
    "     (try (do (call $deep (i32.const 9)))"
    "       (catch $e (local.set $s (i32.add (local.get $s)))))"
    "     (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get $s)))";

static Store *store;
static Tier tier = TIER_interp;

static Trap add_one(HostCall *call)
{
    call->slots[0] = (u32)call->slots[0] + 1;
    return TRAP_none;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    out->kind = EXTERN_func;
    return (out->func = func_new_host(store, type->func, add_one, NULL)) != NULL;
}

static double median(double *v, const char *what)
{
    order(v, ROUNDS);
    printf("%-17s %5.1f ns (%.1f-%.1f)\n", what, v[ROUNDS / 2], v[0], v[ROUNDS - 1]);
    return v[ROUNDS / 2];
}

static Func *find(Instance *inst, const char *name)
{
    Extern e;
    return instance_export(inst, bytes_of(name), &e) ? e.func : NULL;
}

// ---- Through weft.h

static weft_status weft_add_one(void *env, weft_caller *caller, weft_slot *slots)
{
    slots[0].i32++;
    return WEFT_OK;
}

typedef struct {
    weft_engine *engine;
    weft_module *module;
    weft_store *store;
    weft_linker *linker;
} Weft;

// A call with slots, or with values when `values` is not NULL.
static double time_weft(Weft *w, weft_typed f, weft_func values, u32 times, u32 argument, u32 want)
{
    double start = now();
    for (u32 i = 0; i < times; i++) {
        weft_slot slots[1] = {{.u32 = argument + (times > 1 ? i : 0)}};
        weft_val arg = weft_i32(slots[0].i32), result;
        weft_status status = values.item ? weft_call(w->store, values, &arg, 1, &result, 1, NULL)
                                         : weft_call_typed(w->store, f, slots, NULL);
        u32 got = values.item ? (u32)result.of.i32 : slots[0].u32;
        if (status || got != want + (times > 1 ? i : 0)) exit(1);
    }
    return now() - start;
}

static weft_typed typed(Weft *w, weft_instance inst, const char *name, weft_func *f)
{
    weft_typed t;
    if (weft_instance_func(w->store, inst, name, f, NULL) || weft_func_typed(w->store, *f, "i:i",
                                                                             &t, NULL)) exit(1);
    return t;
}

static void through_weft_h(void)
{
    Weft w = {.engine = weft_engine_new(NULL, NULL)};
    weft_engine_set_tier(w.engine, tier == TIER_baseline ? WEFT_TIER_BASELINE
                                                         : WEFT_TIER_INTERP);
    weft_instance inst;
    weft_func f[3], none = {0, NULL};
    w.module = weft_module_new(w.engine, text, sizeof text - 1, NULL);
    w.store = weft_store_new(w.engine, NULL, NULL);
    w.linker = weft_linker_new(w.engine, NULL);
    if (weft_linker_func(w.linker, "h", "f", "i:i", weft_add_one, NULL, NULL, NULL) ||
        weft_instantiate(w.store, w.module, w.linker, &inst, NULL)) exit(1);
    weft_typed empty = typed(&w, inst, "empty", &f[0]), loop = typed(&w, inst, "loop", &f[1]),
        alone = typed(&w, inst, "alone", &f[2]);
    double in[ROUNDS], values[ROUNDS], out[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        in[r] = time_weft(&w, empty, none, TIMES, 0, 0) / TIMES;
        values[r] = time_weft(&w, empty, f[0], TIMES, 0, 0) / TIMES;
        out[r] = (time_weft(&w, loop, none, 1, TIMES, TIMES) - time_weft(&w, alone, none, 1, TIMES,
                                                                         TIMES)) / TIMES;
    }
    median(in, "weft_call_typed");
    median(values, "weft_call");
    median(out, "weft_host_fn");
    weft_linker_free(w.linker);
    weft_store_free(w.store);
    weft_module_free(w.module);
    weft_engine_free(w.engine);
}

static double time_throws(Func *f)
{
    u64 slots[1] = {THROW_TIMES};
    double start = now();
    if (engine_call(store, f, slots, COUNT_OF(slots)) || slots[0] != THROW_TIMES) exit(1);
    return (now() - start) / THROW_TIMES;
}

int main(int argc, char **argv)
{
    Source source;
    Diag diag;
    Engine *engine = engine_new(features_default);
    if (engine && argc > 1 && tier_parse(argv[1], &tier)) engine->tier = tier;
    if (!engine || !source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag))
        return 1;
    store = engine_store(engine);
    Instance *inst = store ? engine_instantiate(store, source.module, resolve, NULL,
                                                &diag).instance : NULL;
    if (!inst) return 1;
    Func *empty = find(inst, "empty"), *loop = find(inst, "loop"), *alone = find(inst, "alone");
    Func *throws = find(inst, "throw"), *old = find(inst, "old");
    double in[ROUNDS], out[ROUNDS], thrown[ROUNDS], legacy[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        thrown[r] = time_throws(throws);
        legacy[r] = time_throws(old);
        u64 slots[1] = {0};
        double start = now();
        for (u32 i = 0; i < TIMES; i++) {
            slots[0] = i;
            if (engine_call(store, empty, slots, COUNT_OF(slots)) || (u32)slots[0] != i) return 1;
        }
        in[r] = (now() - start) / TIMES;
        slots[0] = TIMES;
        start = now();
        if (engine_call(store, loop, slots, COUNT_OF(slots)) || slots[0] != TIMES) return 1;
        out[r] = now() - start;
        slots[0] = TIMES;
        start = now();
        if (engine_call(store, alone, slots, COUNT_OF(slots))) return 1;
        out[r] = (out[r] - (now() - start)) / TIMES; // without the loop around the calls
    }
    median(in, "host to guest");
    median(out, "guest to host");
    median(thrown, "throw, ten frames");
    median(legacy, "the same, legacy");
    store_free(store);
    source_free(&source);
    engine_free(engine);
    through_weft_h();
    return 0;
}
