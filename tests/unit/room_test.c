// room_test.c -- who passes slots says for how many there is room, and a function whose type needs
// more is not called, gone on with or answered: nothing is written, and what waits goes on waiting.

#include "check.h"
#include "engine/source.h"
#include "run/call.h"

#include <string.h>

static const char text[] =
    "(module"
    "  (import \"h\" \"wait\" (func $wait (result i64 i64 i64)))"
    "  (func (export \"gives\") (result i64 i64 i64) (i64.const 1) (i64.const 2) (i64.const 3))"
    "  (func (export \"takes\") (param i64 i64 i64))"
    "  (func (export \"wide\") (param v128) (result v128) (local.get 0))"
    "  (func (export \"loops\") (result i64 i64 i64) (local i32)"
    "    (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1)))"
    "                             (i32.const 5))))"
    "    (i64.const 1) (i64.const 2) (i64.const 3))"
    "  (func (export \"waits\") (result i64 i64 i64) (call $wait)))";

enum { NEEDED = 3, SLOTS = NEEDED + 1, THERE = 7 };

static Engine *engine;
static Source source;
static Store *store;
static Instance *instance;

static Trap wait_for(HostCall *call) { return exec_wait_for(call->exec, NULL, NULL); }

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    *out = (Extern){EXTERN_func, .func = func_new_host(store, type->func, wait_for, NULL)};
    return out->func;
}

static Func *func(const char *name)
{
    Extern f;
    if (!CHECK(instance_export(instance, bytes_of(name), &f))) exit(check_report());
    return f.func;
}

static void fill(u64 slots[SLOTS])
{
    for (u32 i = 0; i < SLOTS; i++) slots[i] = THERE;
}

static void check_untouched(const u64 slots[SLOTS])
{
    for (u32 i = 0; i < SLOTS; i++) CHECK_EQ_U64(slots[i], THERE);
}

static void check_given(const u64 slots[SLOTS])
{
    for (u32 i = 0; i < NEEDED; i++) CHECK_EQ_U64(slots[i], i + 1);
    CHECK_EQ_U64(slots[NEEDED], THERE);
}

static void test_call(void)
{
    static const struct { const char *name; u32 needed; } funcs[] = {
        {"gives", NEEDED}, {"takes", NEEDED}, {"wide", 2}, {"loops", NEEDED}};
    u64 slots[SLOTS];
    for (size_t i = 0; i < COUNT_OF(funcs); i++) {
        fill(slots);
        for (u32 room = 0; room < funcs[i].needed; room++) {
            CHECK_EQ_U64(engine_call(store, func(funcs[i].name), slots, room), TRAP_too_few_slots);
            CHECK_EQ_U64(store->exec.trap, TRAP_too_few_slots);
            CHECK(!engine_may_continue(store));
            check_untouched(slots);
        }
        CHECK_EQ_U64(engine_call(store, func(funcs[i].name), slots, funcs[i].needed), TRAP_none);
        if (i == 0) check_given(slots);
    }
}

static void test_continue(void)
{
    u64 slots[SLOTS];
    fill(slots);
    exec_pause(&store->exec);
    CHECK_EQ_U64(engine_call(store, func("loops"), slots, SLOTS), TRAP_paused);
    exec_go_on(&store->exec);
    for (u32 room = 0; room < NEEDED; room++) {
        CHECK_EQ_U64(engine_continue(store, slots, room), TRAP_too_few_slots);
        CHECK(engine_may_continue(store));
        check_untouched(slots);
    }
    CHECK_EQ_U64(engine_continue(store, slots, NEEDED), TRAP_none);
    check_given(slots);
}

static void test_answer(void)
{
    static const u64 results[NEEDED] = {1, 2, 3};
    Exec *x = &store->exec;
    SetAside aside = {0};
    u64 slots[SLOTS];
    fill(slots);
    x->waiting = &aside;
    CHECK_EQ_U64(engine_call(store, func("waits"), slots, SLOTS), TRAP_waits);
    for (u32 room = 0; room < NEEDED; room++) {
        CHECK_EQ_U64(exec_answer(x, TRAP_none, results, slots, room), TRAP_too_few_slots);
        CHECK(exec_waits(x));
        check_untouched(slots);
    }
    CHECK_EQ_U64(exec_answer(x, TRAP_none, results, slots, NEEDED), TRAP_none);
    check_given(slots);
    x->waiting = NULL;
}

int main(void)
{
    Diag diag;
    engine = engine_new(features_default);
    bool good = CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag));
    store = engine_store(engine);
    if (good) instance = engine_instantiate(store, source.module, resolve, NULL, &diag).instance;
    if (CHECK(instance != NULL)) {
        test_call();
        test_continue();
        test_answer();
    }
    store_free(store);
    source_free(&source);
    engine_free(engine);
    return check_report();
}
