// moving_test.c -- stores that go from thread to thread, stacks of a thread that go from store to
// store, and what a host function was given while others use the stack that it is on.
//
// A store has no stack of its own: the outermost call takes one of its thread, and keeps it after a
// trap, for a backtrace that may be asked for elsewhere. So stacks move with stores, end up with
// threads that never made one, and are larger than what the next store may use.

#include "check.h"
#include "weft.h"

#include <pthread.h>

enum { STORES = 5, ROUNDS = 12 };

static const char text[] =
    "(module (import \"h\" \"on\" (func $on (param i32)))"
    " (import \"h\" \"keep\" (func $keep (param i32 i64 f64) (result i64 i32)))"
    " (global $n (mut i32) (i32.const 0))"
    " (func $trap (export \"trap\") (param i32)"
    "   (if (i32.eqz (local.get 0)) (then unreachable))"
    "   (call $trap (i32.sub (local.get 0) (i32.const 1))))"
    " (func $down (export \"down\") (param i32)"
    "   (global.set $n (i32.add (global.get $n) (i32.const 1)))"
    "   (call $down (i32.add (local.get 0) (i32.const 1))) (call $down (local.get 0)))"
    " (func (export \"count\") (result i32) (global.get $n) (global.set $n (i32.const 0)))"
    " (func (export \"on\") (param i32) (call $on (local.get 0)))"
    " (func (export \"keep\") (param i32) (result i32)"
    "   (call $keep (local.get 0) (i64.const -2) (f64.const 2.5)) (local.set 0)"
    "   (i32.add (i32.wrap_i64) (local.get 0))))";

typedef struct {
    weft_store *store;
    weft_instance instance;
    int depth; // of calls that fit
} World;

static weft_engine *engine;
static weft_module *module;
static World first, worlds[STORES];
static int order[STORES];

static bool call(World *w, const char *name, const weft_val *arg, weft_val *result, const char *end)
{
    weft_diag diag = {0};
    weft_func f;
    weft_status status = weft_instance_func(w->store, w->instance, name, &f, &diag);
    if (status == WEFT_OK)
        status = weft_call(w->store, f, arg, arg != NULL, result, result != NULL, &diag);
    return status == WEFT_OK ? !*end : !strcmp(diag.name, end);
}

// How deep calls get now.
static int depth_of(World *w)
{
    weft_val zero = weft_i32(0), count = {0};
    bool good = call(w, "down", &zero, NULL, "call_stack_exhausted") &&
                call(w, "count", NULL, &count, "");
    return good ? count.of.i32 : -1;
}

// Of the store whose turn it is at this level; the levels below are calls of its host function.
static weft_status go_on(void *env, weft_caller *caller, weft_slot *slots)
{
    int level = slots[0].i32;
    if (level == STORES) return WEFT_OK;
    World *w = &worlds[order[level]];
    weft_val next = weft_i32(level + 1);
    // Each has its depth before and after what others did on stacks of this thread.
    bool good = depth_of(w) == w->depth && call(w, "on", &next, NULL, "") &&
                depth_of(w) == w->depth;
    return good ? WEFT_OK : weft_trap(caller, "another depth");
}

// What it was given stays while guests fill the stack and trap behind it; so does what it gives.
static weft_status keep(void *env, weft_caller *caller, weft_slot *slots)
{
    World *w = env;
    weft_val less = weft_i32(slots[0].i32 - 1), sum = weft_i32(0);
    bool good = depth_of(w) > 0 && (less.of.i32 < 0 || call(w, "keep", &less, &sum, "")) &&
                depth_of(w) > 0 && slots[0].i32 == less.of.i32 + 1 && slots[1].i64 == -2 &&
                slots[2].f64 == 2.5;
    slots[0].i64 = sum.of.i32;
    slots[1].i32 = less.of.i32 + 1;
    good = good && depth_of(w) > 0 && slots[0].i64 == sum.of.i32;
    return good ? WEFT_OK : weft_trap(caller, "other slots");
}

static void begin(World *w, uint64_t stack_bytes)
{
    weft_limits limits = {.size = sizeof limits, .stack_bytes = stack_bytes};
    *w = (World){.store = weft_store_new(engine, &limits, NULL)};
    weft_linker *linker = w->store ? weft_linker_new(engine, NULL) : NULL;
    CHECK(linker && !weft_linker_func(linker, "h", "on", "i:", go_on, NULL, NULL, NULL));
    CHECK(linker && !weft_linker_func(linker, "h", "keep", "ild:li", keep, w, NULL, NULL));
    CHECK(linker && !weft_instantiate(w->store, module, linker, &w->instance, NULL));
    weft_linker_free(linker);
}

// In a thread that has no stack yet; the sum of what went wrong comes back.
static void run(void *(*work)(void *env), void *env)
{
    pthread_t thread;
    void *wrong;
    if (!CHECK(pthread_create(&thread, NULL, work, env) == 0)) exit(check_report());
    pthread_join(thread, &wrong);
    CHECK(wrong == NULL);
}

// ---- From thread to thread

static void *trap_here(void *env)
{
    World *w = env;
    weft_val frames = weft_i32(w->depth);
    return call(w, "trap", &frames, NULL, "unreachable") ? NULL : w;
}

// What trapped elsewhere, in a thread that may have ended, is looked at, and the next call is here.
static void *look_and_trap(void *env)
{
    World *w = env;
    weft_frame frames[4];
    weft_val count = {0}, more = weft_i32(w->depth + 7);
    bool good = weft_store_backtrace(w->store, frames, 4) == (size_t)w->depth + 1 &&
                frames[0].func == 2 && frames[0].instance.item == w->instance.item &&
                call(w, "count", NULL, &count, "") &&
                weft_store_backtrace(w->store, NULL, 0) == 0 &&
                call(w, "trap", &more, NULL, "unreachable");
    w->depth += 7;
    return good ? NULL : w;
}

static void *free_here(void *env)
{
    World *w = env;
    weft_store_free(w->store);
    return NULL;
}

static void test_threads(void)
{
    for (int apart = 0; apart < 3; apart++) { // one thread, another, or a new one each time
        World w;
        begin(&w, apart ? 0 : 1 << 16);
        run(trap_here, &w);
        for (int i = 0; i < ROUNDS; i++) {
            if (apart == 2 || i % 2 == apart) run(look_and_trap, &w);
            else CHECK(!look_and_trap(&w));
        }
        run(free_here, &w);
    }
}

// ---- From store to store

static void *measure(void *env)
{
    World *w = env;
    w->depth = depth_of(w);
    return w->depth > 0 ? NULL : w;
}

static void *run_all(void *env)
{
    weft_val level = weft_i32(0);
    return call(&first, "on", &level, NULL, "") ? NULL : env;
}

static void test_stacks(void)
{
    static const uint64_t sizes[STORES] = {1 << 14, 1 << 20, 1 << 16, 0, 3 << 15};
    for (int i = 0; i < STORES; i++) {
        begin(&worlds[i], sizes[i]);
        run(measure, &worlds[i]); // on a stack that nobody had
    }
    CHECK(worlds[0].depth > 100 && worlds[0].depth < worlds[2].depth);
    CHECK(worlds[2].depth < worlds[4].depth && worlds[4].depth < worlds[1].depth);
    CHECK(worlds[1].depth < worlds[3].depth);
    begin(&first, 3 << 14);
    for (int start = 0; start < STORES; start++) {
        for (int step = 1; step < STORES; step++) {
            if (!check_due((unsigned)(start * (STORES - 1) + step))) continue;
            for (int i = 0; i < STORES; i++) order[i] = (start + i * step) % STORES;
            CHECK(!run_all(order)); // on what this thread has of those before
            run(run_all, order);
        }
    }
    for (int i = 0; i < STORES; i++) weft_store_free(worlds[i].store);
    weft_store_free(first.store);
}

// ---- Under a host function (hazard R60)

static void test_slots(void)
{
    for (uint64_t size = 1 << 14; size <= 1 << 20; size <<= 3) {
        weft_val nine = weft_i32(9), sum = weft_i32(0);
        World w;
        begin(&w, size);
        CHECK(call(&w, "keep", &nine, &sum, ""));
        CHECK_EQ_U64(sum.of.i32, 45);
        weft_store_free(w.store);
    }
}

// Depths are equal while all frames are of one kind.
static void all_in(weft_tier tier)
{
    engine = weft_engine_new(NULL, NULL);
    if (engine) weft_engine_set_tier(engine, tier);
    module = engine ? weft_module_new(engine, text, sizeof text - 1, NULL) : NULL;
    if (!CHECK(module != NULL)) exit(check_report());
    test_threads();
    test_stacks();
    test_slots();
    weft_module_free(module);
    weft_engine_free(engine);
}

int main(void)
{
    all_in(WEFT_TIER_INTERP);
    all_in(WEFT_TIER_BASELINE);
    return check_report();
}
