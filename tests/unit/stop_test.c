// stop_test.c -- one word says why a guest is to stop: many threads may ask at once, the first
// reason stays, a pause comes after it, and what holds is taken back in one go.

#include "check.h"
#include "engine/source.h"
#include "plat/clock.h"
#include "plat/thread.h"
#include "run/exec.h"

static const char text[] =
    "(module (func (export \"spin\") (loop (br 0)))"
    "  (func (export \"count\") (param i32) (result i32) (local i32)"
    "    (loop (local.set 1 (i32.add (local.get 1) (i32.const 1)))"
    "      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
    "    (local.get 1)))";

static Engine *engine;
static Source source;
static Instance *instance;

static Store *new_store(void)
{
    Diag diag;
    Store *s = engine_store(engine);
    instance = s ? engine_instantiate(s, source.module, NULL, NULL, &diag).instance : NULL;
    if (!CHECK(instance != NULL)) exit(check_report());
    return s;
}

static Trap call(Store *s, const char *name, u64 *slot)
{
    Extern f;
    CHECK(instance_export(instance, bytes_of(name), &f));
    return engine_call(s, f.func, slot, 1);
}

// --- what one word means

static void test_first_stays(void)
{
    Store *s = new_store();
    Exec *x = &s->exec;
    u64 slot = 0;
    exec_stop(x, TRAP_time_limit);
    exec_stop(x, TRAP_interrupted);
    exec_pause(x);
    CHECK_EQ_U64(call(s, "spin", &slot), TRAP_time_limit);
    CHECK_EQ_U64(call(s, "spin", &slot), TRAP_time_limit); // and later ones
    exec_go_on(x);
    exec_stop(x, TRAP_interrupted);
    CHECK_EQ_U64(call(s, "spin", &slot), TRAP_interrupted);
    exec_go_on(x);
    slot = 10;
    CHECK_EQ_U64(call(s, "count", &slot), TRAP_none);
    CHECK_EQ_U64((u32)slot, 10);
    CHECK_EQ_U64(exec_stop_word(x), 0);
    store_free(s);
}

// Also when nothing was translated before: translating does not pause, what comes behind it does.
static void test_pause(void)
{
    Store *s = new_store();
    Exec *x = &s->exec;
    u64 slot = 10;
    u32 steps = 0;
    exec_pause(x);
    Trap trap = call(s, "count", &slot);
    while (trap == TRAP_paused && steps++ < 100) // it holds: a step at a time
        trap = engine_continue(s, &slot, 1);
    CHECK_EQ_U64(trap, TRAP_none);
    CHECK_EQ_U64((u32)slot, 10);
    CHECK_EQ_U64(steps, 10); // the entry, and nine times behind the jump
    exec_stop(x, TRAP_interrupted); // a pause that holds goes with it
    exec_go_on(x);
    CHECK_EQ_U64(exec_stop_word(x), 0);
    store_free(s);
}

// What was stopped can be continued until the store is used for something else.
static void test_over(void)
{
    Diag diag;
    Store *s = new_store();
    u64 slot = 10;
    exec_pause(&s->exec);
    CHECK_EQ_U64(call(s, "count", &slot), TRAP_paused);
    CHECK(engine_may_continue(s));
    CHECK(engine_instantiate(s, source.module, NULL, NULL, &diag).instance != NULL);
    CHECK(!engine_may_continue(s) && s->exec.trap == TRAP_none);
    store_free(s);
}

// Somebody wants it to look, and it did.
static void test_tick(void)
{
    Store *s = new_store();
    u64 slot = 10;
    atomic_fetch_or(&s->exec.stop, STOP_TICK);
    CHECK_EQ_U64(call(s, "count", &slot), TRAP_none);
    CHECK_EQ_U64((u32)slot, 10);
    CHECK_EQ_U64(exec_stop_word(&s->exec), 0);
    store_free(s);
}

// --- many who ask

enum { ASKERS = 6, ROUNDS = 30 };
static const Trap reasons[ASKERS] = {
    TRAP_interrupted, TRAP_time_limit, TRAP_none, TRAP_none, TRAP_interrupted, TRAP_time_limit,
};
typedef struct { Exec *x; u32 number; } Asker;
static _Atomic u32 asking;

static void ask(void *env)
{
    const Asker *a = env;
    atomic_fetch_add(&asking, 1);
    while (atomic_load(&asking) < ASKERS) plat_yield(); // all at once
    for (u32 i = 0; i < 100; i++) {
        if (reasons[a->number]) exec_stop(a->x, reasons[a->number]);
        else if (a->number % 2) exec_pause(a->x);
        else atomic_fetch_or(&a->x->stop, STOP_TICK);
    }
}

static void test_many(void)
{
    Store *s = new_store();
    Exec *x = &s->exec;
    for (u32 round = 0; round < ROUNDS; round++) {
        Asker askers[ASKERS];
        Thread *threads[ASKERS];
        atomic_store(&asking, 0);
        for (u32 i = 0; i < ASKERS; i++) {
            askers[i] = (Asker){x, i};
            threads[i] = thread_start(ask, &askers[i]);
            if (!threads[i]) exit(1);
        }
        u64 slot = 0;
        Trap trap = call(s, "spin", &slot);
        while (trap == TRAP_paused) trap = engine_continue(s, &slot, 1);
        for (u32 i = 0; i < ASKERS; i++) thread_join(threads[i]);
        CHECK(trap == TRAP_interrupted || trap == TRAP_time_limit);
        CHECK_EQ_U64(exec_stop_word(x) & STOP_TRAP, trap); // whoever came later
        CHECK(exec_stop_word(x) & STOP_PAUSE);             // nothing that was asked for is lost
        exec_go_on(x);
        CHECK_EQ_U64(exec_stop_word(x) & ~(u32)STOP_TICK, 0);
    }
    store_free(s);
}

int main(void)
{
    Diag diag;
    engine = engine_new(features_default);
    if (CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag))) {
        test_first_stays();
        test_pause();
        test_over();
        test_tick();
        test_many();
    }
    source_free(&source);
    engine_free(engine);
    return check_report();
}
