// shared_test.c -- one module, one engine, many threads: each with a store of its own instantiates
// and calls what nobody has called yet, small and large, in every mode that code is made for;
// others load modules with the same types meanwhile, ask where a guest stands, and stop it. Under
// the thread sanitizer this is a search for races; else it is about results.

#include "check.h"
#include "engine/source.h"
#include "plat/clock.h"
#include "plat/thread.h"
#include "run/exec.h"
#include "run/frame.h"

#include <stdlib.h>

enum { FUNCS = 60, THREADS = 8, ROUNDS = 6 };

static Engine *engine;
static Source source;
static char text[1 << 16];
static _Atomic u32 ready;
static _Atomic bool stop_them;

// f_i(n) = n + i at the end of calls to the ones before, directly and through a table.
static void write_text(void)
{
    char *at = text;
    at += sprintf(
        at,
        "(module (type $f (func (param i32) (result i32))) (tag $t (param i32)) (memory 1)"
        "(global $g (mut i32) (i32.const 5)) (table %d funcref) (elem (i32.const 0) func",
        FUNCS);
    for (int i = 0; i < FUNCS; i++) at += sprintf(at, " $f%d", i);
    at += sprintf(at, ") (data (i32.const 100) \"abcd\")");
    for (int i = 0; i < FUNCS; i++) {
        static const char *const forms[] = {
            "(i32.sub (call $f%d (i32.add (local.get 0) (i32.const 2))) (i32.const 0)))",
            "(call_indirect (type $f) (i32.add (local.get 0) (i32.const 1)) (i32.const %d)))",
            ("(block $h (result i32) (try_table (catch $t $h)"
             " (throw $t (call $f%d (i32.add (local.get 0) (i32.const 1))))) unreachable))"),
        };
        at += sprintf(at, "(func $f%d (export \"f%d\") (type $f) (local i32)", i, i);
        if (i < 2) at += sprintf(at, "(i32.add (local.get 0) (i32.const %d)))", i);
        else at += sprintf(at, forms[i % 3], i % 3 == 0 ? i - 2 : i - 1);
    }
    at += sprintf(at,
                  "(func (export \"trap\") (param i32) (result i32)"
                  " (i32.load (i32.add (local.get 0) (call $f%d (i32.const -65536)))))",
                  FUNCS - 1);
    sprintf(at, "(func (export \"spin\") (param i32) (result i32)"
                " (loop $l (br_if $l (i32.ge_s (local.get 0) (i32.const 0)))) unreachable))");
}

static Func *func(Instance *inst, const char *name)
{
    Extern e;
    return instance_export(inst, bytes_of(name), &e) ? e.func : NULL;
}

typedef struct {
    u32 mode, seed, wrong;
} Guest;

static void call_all(Guest *g, Store *s, Instance *inst)
{
    for (u32 k = 0; k < FUNCS; k++) {
        u32 i = (k * 7 + g->seed * 11) % FUNCS; // everybody begins elsewhere
        char name[8];
        sprintf(name, "f%u", i);
        u64 slots[2] = {1000 * g->seed};
        if (g->mode & CODE_fueled) exec_grant_fuel(&s->exec, 100000);
        g->wrong += engine_call(s, func(inst, name), slots, 2) != TRAP_none ||
                    (u32)slots[0] != 1000 * g->seed + i;
    }
}

// From the frame, the module's offset and the function.
static void trap(Guest *g, Store *s, Instance *inst)
{
    u64 slots[2] = {0};
    g->wrong += engine_call(s, func(inst, "trap"), slots, 2) != TRAP_out_of_bounds_memory_access;
    FrameCursor c = {0};
    g->wrong += !frame_next(&s->exec, &c) || c.func != FUNCS || frame_op(&c) != OP_i32_load;
}

static void run_guest(void *env)
{
    Guest *g = env;
    Diag diag;
    atomic_fetch_add(&ready, 1);
    while (atomic_load(&ready) < THREADS) plat_yield();
    for (u32 again = 0; again < 2; again++) {
        Store *s = engine_store(engine);
        s->exec.mode |= g->mode & (CODE_deterministic | CODE_bare);
        if (g->mode & CODE_fueled) exec_grant_fuel(&s->exec, 100000);
        Instantiated made = engine_instantiate(s, source.module, NULL, NULL, &diag);
        if (made.instance && !made.trap) {
            call_all(g, s, made.instance);
            trap(g, s, made.instance);
        } else {
            g->wrong++;
        }
        store_free(s);
    }
}

// Types of the module that runs, and new ones.
static void load_others(void *env)
{
    u32 *wrong = env;
    char other[300];
    for (u32 i = 0; !atomic_load(&stop_them); i++) {
        Source mine;
        Diag diag;
        int size = sprintf(other,
                           "(module (type (func (param i32) (result i32))) (type (func (param%s)))"
                           "(rec (type (sub (func))) (type (struct (field i%d))))"
                           "(func (param i32) (result i32) (local.get 0)))",
                           i % 5 == 0   ? " i64 i64"
                           : i % 5 == 1 ? " f32"
                                        : "",
                           i % 2 ? 8 : 16);
        *wrong += !source_load(&mine, engine, (const u8 *)other, (size_t)size, &diag);
        source_free(&mine);
    }
}

// A body whose translation takes long enough that all of them are at it at once; in each mode one
// becomes what is run, and the others are thrown away.
static const char one_more[] = "(local.set 1 (i32.add (local.get 1) (local.get 0)))";
enum { ADDITIONS = 20000, LARGE_ROUNDS = 4 };

static void call_large(void *env)
{
    Guest *g = env;
    Diag diag;
    Store *s = engine_store(engine);
    s->exec.mode |= g->mode & (CODE_deterministic | CODE_bare);
    if (g->mode & CODE_fueled) exec_grant_fuel(&s->exec, UINT64_MAX);
    Instantiated made = engine_instantiate(s, source.module, NULL, NULL, &diag);
    atomic_fetch_add(&ready, 1);
    while (atomic_load(&ready) < THREADS) plat_yield();
    g->wrong += !made.instance;
    for (u32 again = 0; again < 2 && made.instance; again++) {
        u64 slots[2] = {g->seed};
        g->wrong += engine_call(s, func(made.instance, "large"), slots, 2) != TRAP_none ||
                    (u32)slots[0] != ADDITIONS * g->seed;
    }
    store_free(s);
}

static void test_large(void)
{
    static const char head[] = "(module (func (export \"large\")"
                               " (param i32) (result i32) (local i32)";
    size_t size = sizeof head + ADDITIONS * (sizeof one_more - 1) + 20;
    char *large = malloc(size), *at = large + sprintf(large, "%s", head);
    Thread *threads[THREADS];
    Guest guests[THREADS];
    Diag diag;
    for (u32 i = 0; i < ADDITIONS; i++) at += sprintf(at, "%s", one_more);
    at += sprintf(at, "(local.get 1)))");
    for (u32 round = 0; round < LARGE_ROUNDS; round++) {
        if (!CHECK(source_load(&source, engine, (const u8 *)large, (size_t)(at - large), &diag)))
            break;
        atomic_store(&ready, 0);
        for (u32 i = 0; i < THREADS; i++) {
            guests[i] = (Guest){.mode = i % CODE_MODES, .seed = i + round};
            if (!(threads[i] = thread_start(call_large, &guests[i])))
                exit(!CHECK(!"no thread"));
        }
        for (u32 i = 0; i < THREADS; i++) {
            thread_join(threads[i]);
            CHECK_EQ_U64(guests[i].wrong, 0);
        }
        source_free(&source);
    }
    free(large);
}

static void test_calls(void)
{
    Thread *threads[THREADS], *loader;
    Guest guests[THREADS];
    Diag diag;
    u32 wrong = 0;
    if (!CHECK(source_load(&source, engine, (const u8 *)text, strlen(text), &diag))) {
        char why[300];
        puts(diag_text(&diag, why, sizeof why));
        exit(check_report());
    }
    atomic_store(&ready, 0);
    atomic_store(&stop_them, false);
    loader = thread_start(load_others, &wrong);
    for (u32 i = 0; i < THREADS; i++) {
        guests[i] = (Guest){.mode = i % CODE_MODES, .seed = i};
        if (!(threads[i] = thread_start(run_guest, &guests[i]))) exit(!CHECK(!"no thread"));
    }
    for (u32 i = 0; i < THREADS; i++) {
        thread_join(threads[i]);
        CHECK_EQ_U64(guests[i].wrong, 0);
    }
    atomic_store(&stop_them, true);
    thread_join(loader);
    CHECK_EQ_U64(wrong, 0);
    source_free(&source);
}

// One thread calls, another ends its calls.
static void spin(void *env)
{
    Store *s = env;
    Diag diag;
    Instantiated made = engine_instantiate(s, source.module, NULL, NULL, &diag);
    u64 slots[2] = {0};
    atomic_store(&ready, 1);
    if (!made.instance || engine_call(s, func(made.instance, "spin"), slots, 2) != TRAP_interrupted)
        atomic_store(&ready, 2);
}

static void test_stop(void)
{
    Diag diag;
    if (!CHECK(source_load(&source, engine, (const u8 *)text, strlen(text), &diag))) return;
    for (u32 i = 0; i < 20; i++) {
        Store *s = engine_store(engine);
        atomic_store(&ready, 0);
        Thread *thread = thread_start(spin, s);
        while (!atomic_load(&ready)) plat_yield();
        exec_stop(&s->exec, TRAP_interrupted);
        thread_join(thread);
        CHECK_EQ_U64(atomic_load(&ready), 1);
        store_free(s);
    }
    source_free(&source);
}

// Who takes of an account at once is never let have more than there is, and nothing is lost.
enum { ROOM = 5, TAKEN = 2, TIMES = 20000 };
static Account contended = {.limit = ROOM};
static _Atomic u32 beyond;

static void take_and_give(void *env)
{
    for (u32 i = 0; i < TIMES; i++) {
        if (!account_take_shared(&contended, TAKEN)) continue;
        if (account_used(&contended) > ROOM) beyond++;
        account_give_shared(&contended, TAKEN);
    }
}

static void test_account(void)
{
    Thread *threads[THREADS];
    for (u32 i = 0; i < THREADS; i++) threads[i] = thread_start(take_and_give, NULL);
    for (u32 i = 0; i < THREADS; i++) thread_join(threads[i]);
    CHECK_EQ_U64(beyond, 0);
    CHECK_EQ_U64(account_used(&contended), 0);
}

int main(void)
{
    test_account();
    engine = engine_new(features_default);
    if (!CHECK(engine != NULL)) return check_report();
    write_text();
    for (u32 round = 0; round < ROUNDS; round++) test_calls();
    test_large();
    test_stop();
    engine_free(engine);
    return check_report();
}
