// compiling_test.c -- compiling a large body does not keep anybody waiting who wants the guest to
// end; and then there is nothing left of it, and it may be compiled again.

#include "check.h"
#include "engine/source.h"
#include "plat/thread.h"
#include "run/exec.h"
#include "run/native.h"

#include <stdlib.h>
#include <unistd.h>

#if NATIVE

enum { FUNCS = 12, PIECES = 300 };

static const char head[] =
    "(module (memory 2) (global $g (mut i64) (i64.const 0)) (func $leaf (param i32))\n";
// Of all that stands behind the code, or is filled in later.
static const char piece[] =
    "(loop $l (local.set 1 (i32.add (local.get 1) (i32.load offset=70000 (i32.const 4))))\n"
    "  (block $b (block $c (br_table $b $c $b (local.get 1))) (call $leaf (local.get 0)))\n"
    "  (local.set 2 (f64.mul (local.get 2) (f64.const 1.5)))\n"
    "  (if (i32.lt_s (i32.trunc_f64_s (f64.const 7.25)) (i32.const 3)) (then (br $l)))\n"
    "  (local.set 1 (i32.div_u (i32.add (local.get 1) (i32.const 9)) (i32.const 3))))\n";

// FUNCS exported functions of so many pieces each, all the same. The caller frees it.
static char *new_text(u32 pieces)
{
    size_t size = sizeof head + FUNCS * (100 + pieces * sizeof piece);
    char *text = malloc(size), *at = text;
    if (!text) exit(1);
    at += sprintf(at, "%s", head);
    for (u32 f = 0; f < FUNCS; f++) {
        at += sprintf(at, "(func (export \"f%u\") (param i32) (result i32) (local i32 f64)\n", f);
        for (u32 i = 0; i < pieces; i++) at += sprintf(at, "%s", piece);
        at += sprintf(at, "(local.get 1))\n");
    }
    sprintf(at, ")");
    return text;
}

static Engine *engine;
static Source source;
static Store *store;
static Instance *instance;

static void begin(Tier tier, u32 pieces)
{
    Diag diag;
    char *text = new_text(pieces);
    engine = engine_new(features_default);
    engine->tier = tier;
    bool loaded = source_load(&source, engine, (const u8 *)text, strlen(text), &diag);
    free(text);
    store = engine_store(engine);
    if (!CHECK(loaded) || !CHECK(store != NULL)) exit(1);
    instance = engine_instantiate(store, source.module, NULL, NULL, &diag).instance;
    if (!CHECK(instance != NULL)) exit(1);
}

static void end(void)
{
    store_free(store);
    source_free(&source);
    CHECK_EQ_U64(account_used(&engine->accounts[ENGINE_code_bytes]), 0);
    engine_free(engine);
}

static u32 number(u32 which) { return source.module->imported_funcs + 1 + which; }

static bool is_compiled(u32 which)
{
    const NativeRegion *r = native_region(instance->made);
    return r && atomic_load(&r->funcs[number(which)]);
}

static Trap call(u32 which, u64 *result)
{
    return engine_call(store, instance_func(instance, number(which)), result, 1);
}

typedef struct { _Atomic u32 word; u32 after; } Ending;

static void ask_later(void *env)
{
    Ending *e = env;
    usleep(e->after);
    atomic_store(&e->word, STOP_TRAP);
}

// Wherever it is when somebody asks: in the walk, behind it, in the checker.
static void stops_anywhere(void)
{
    begin(TIER_baseline, PIECES);
    Err why;
    if (!native_region_make(instance->made, &why)) exit(!CHECK(false));
    u32 stopped = 0;
    for (u32 i = 0; i < FUNCS; i++) {
        size_t before = account_used(&engine->accounts[ENGINE_code_bytes]);
        Ending e = {i ? 0 : STOP_TRAP, i * 300};
        Thread *thread = i ? thread_start(ask_later, &e) : NULL;
        Compiled made = native_compile(instance->made, number(i), (Halt){&e.word, STOP_TRAP});
        thread_join(thread);
        if (made == COMPILED_stopped) {
            stopped++;
            CHECK(!is_compiled(i));
            CHECK_EQ_U64(account_used(&engine->accounts[ENGINE_code_bytes]), before);
        } else {
            CHECK(made == COMPILED && is_compiled(i));
        }
        CHECK(native_compile(instance->made, number(i), (Halt){0}) == COMPILED && is_compiled(i));
    }
    CHECK(stopped > 0);
    end();
}

// Who asks takes it back at once: what was left half done is not taken for a mistake of ours.
static atomic_bool asking;
static void ask_and_take_back(void *env)
{
    Ending *e = env;
    for (u32 i = 0; atomic_load(&asking); i++) {
        for (u32 spins = 0; spins < i % 64 * 1000; spins++) atomic_load(&e->word);
        atomic_store(&e->word, STOP_TRAP);
        atomic_store(&e->word, 0);
    }
}

static void taken_back(void)
{
    begin(TIER_baseline, PIECES);
    Ending e = {0};
    asking = true;
    Thread *thread = thread_start(ask_and_take_back, &e);
    for (u32 i = 0; i < FUNCS; i++)
        for (u32 n = 0; n < 20 && !is_compiled(i); n++) {
            Compiled made = native_compile(instance->made, number(i), (Halt){&e.word, STOP_TRAP});
            CHECK(made == COMPILED_stopped || (made == COMPILED && is_compiled(i)));
        }
    asking = false;
    thread_join(thread);
    CHECK_EQ_U64(native_refusals(instance->made), 0);
    end();
}

// Several put code into the same region, and come to be done in another order than they began.
enum { COMPILERS = 3 };
static atomic_uint wrong;
static void compile_some(void *env)
{
    u32 first = *(const u32 *)env;
    for (u32 i = 0; i < FUNCS; i++) {
        u32 which = (first + i * 5) % FUNCS;
        Compiled made = native_compile(instance->made, number(which), (Halt){0});
        wrong += made != COMPILED || !is_compiled(which);
    }
}

static void beside_each_other(void)
{
    u64 expected = 3, result;
    begin(TIER_interp, PIECES);
    CHECK_EQ_U64(call(0, &expected), TRAP_none);
    end();
    begin(TIER_baseline, PIECES);
    Thread *threads[COMPILERS];
    u32 first[COMPILERS];
    for (u32 i = 0; i < COMPILERS; i++) {
        first[i] = i;
        threads[i] = thread_start(compile_some, &first[i]);
    }
    for (u32 i = 0; i < COMPILERS; i++) thread_join(threads[i]);
    CHECK_EQ_U64(wrong, 0);
    for (u32 i = 0; i < FUNCS; i++) {
        const Native *n = atomic_load(&native_region(instance->made)->funcs[number(i)]);
        CHECK(native_find(instance->made, native_address(instance->made, n, 1)) == n);
        CHECK(native_find(instance->made, native_address(instance->made, n, n->size)) == n);
        result = 3;
        CHECK_EQ_U64(call(i, &result), TRAP_none);
        CHECK_EQ_U64(result, expected);
    }
    end();
}

// What somebody else was first with leaves room in the middle: that is somebody's again, however
// often it happens, if it is enough.
static void taken_for_nothing(void)
{
    enum { ROUNDS = 10 * FUNCS, SIZE = 1000 };
    Err why;
    begin(TIER_baseline, PIECES);
    ModuleCode *code = instance->made;
    if (!native_region_make(code, &why)) exit(!CHECK(false));
    NativePlace *wide = native_take(code, 1 << 20, false);
    NativePlace *behind = native_take(code, SIZE, false);
    for (u32 i = 0; i < ROUNDS; i++) {
        NativePlace *first = native_take(code, SIZE, false);
        NativePlace *last = native_take(code, SIZE - i, false);
        if (!CHECK(first && last && first > behind && last > first)) exit(1);
        native_give_back(code, i % 2 ? first : last);
        native_give_back(code, i % 2 ? last : first);
    }
    native_give_back(code, wide);
    for (u32 i = 0; i < FUNCS; i++) {
        CHECK(native_compile(code, number(i), (Halt){0}) == COMPILED);
        const Native *n = native_newest(native_region(code), number(i));
        if (!CHECK(n != NULL)) break;
        CHECK(native_find(code, native_address(code, n, 1)) == n);
        CHECK(native_find(code, native_address(code, n, n->size)) == n);
        CHECK(i ? n->start > behind->start : n->start == wide->start);
    }
    native_give_back(code, behind);
    end();
}

// However much is optimized, there is room for what has no code yet.
static void better_leaves_room(void)
{
    enum { LOOPS = 9 };
    u32 refused = 0;
    begin(TIER_auto, LOOPS);
    for (u32 f = 0; f + 1 < FUNCS; f++) {
        CHECK(native_compile(instance->made, number(f), (Halt){0}) == COMPILED);
        const Native *n = native_newest(native_region(instance->made), number(f));
        if (!CHECK(n && n->loop_count == LOOPS)) exit(1);
        for (u32 i = 0; i < LOOPS; i++)
            refused += native_optimize(instance->made, number(f), n->loops[i].offset,
                                       (Halt){0}) != COMPILED;
    }
    CHECK(refused > 0 && refused < FUNCS * LOOPS / 2);
    CHECK(native_compile(instance->made, number(FUNCS - 1), (Halt){0}) == COMPILED);
    end();
}

static void guest_ends(void)
{
    u64 expected = 3, result = 3;
    begin(TIER_interp, PIECES);
    CHECK_EQ_U64(call(0, &expected), TRAP_none);
    end();
    begin(TIER_baseline, PIECES);
    exec_stop(&store->exec, TRAP_interrupted);
    CHECK_EQ_U64(call(0, &result), TRAP_interrupted);
    CHECK(!is_compiled(0));
    exec_go_on(&store->exec);
    CHECK_EQ_U64(engine_continue(store, &result, 1), TRAP_none);
    CHECK_EQ_U64(result, expected);
    CHECK(is_compiled(0) && !is_compiled(1));
    end();
}

int main(void)
{
    if (tier_lacks()) return check_report();
    stops_anywhere();
    taken_back();
    beside_each_other();
    taken_for_nothing();
    better_leaves_room();
    guest_ends();
    return check_report();
}

#else
int main(void) { return check_report(); }
#endif
