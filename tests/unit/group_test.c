// group_test.c -- threads that guests ask for, through weft_threads.h: they share what they are to
// share and nothing else, whoever ends first ends all, wherever they are, limits are for all
// together, and what is refused or has ended gave everything back. Under the thread sanitizer this
// is a search for races. Hazards: R26, R58, R84.

#include "api/group.h"
#include "check.h"
#include "plat/thread.h"
#include "weft_threads.h"

#include <stdatomic.h>
#include <unistd.h>

static weft_diag diag;
static weft_engine *engine;

// What all the modules here begin with, and functions that their threads use.
#define COMMON                                                                                     \
    "(import \"wasi\" \"thread-spawn\" (func $spawn (param i32) (result i32)))"                    \
    "(import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))"                   \
    "(import \"wasi_snapshot_preview1\" \"poll_oneoff\""                                           \
    "  (func $poll (param i32 i32 i32 i32) (result i32)))"                                         \
    "(import \"wasi_snapshot_preview1\" \"fd_read\""                                               \
    "  (func $read (param i32 i32 i32 i32) (result i32)))"                                         \
    "(import \"h\" \"note\" (func $note (param i32) (result i32)))"                                \
    "(import \"env\" \"memory\" (memory 1 8 shared))"                                              \
    "(global $mine (mut i32) (i32.const 0))"                                                       \
    "(func $add (param i32) (drop (i32.atomic.rmw.add (local.get 0) (i32.const 1)))"               \
    "  (drop (memory.atomic.notify (local.get 0) (i32.const -1))))"                                \
    "(func $until (param $at i32) (param $count i32) (local $now i32)"                             \
    "  (loop $again"                                                                               \
    "    (local.set $now (i32.atomic.load (local.get $at)))"                                       \
    "    (if (i32.lt_u (local.get $now) (local.get $count)) (then"                                 \
    "      (drop (memory.atomic.wait32 (local.get $at) (local.get $now) (i64.const -1)))"          \
    "      (br $again)))))"                                                                        \
    "(func $turn (loop $for_ever (br $for_ever)))"                                                 \
    "(func $wait (drop (memory.atomic.wait32 (i32.const 1000) (i32.const 0) (i64.const -1))))"     \
    "(func $sleep (i32.store (i32.const 120) (i32.const 1)) (i64.store (i32.const 128)"            \
    "    (i64.const -1))"                                                                          \
    "  (drop (call $poll (i32.const 104) (i32.const 300) (i32.const 1) (i32.const 400))))"         \
    "(func $read_on (i32.store (i32.const 500) (i32.const 600)) (i32.store (i32.const 504)"        \
    "    (i32.const 1))"                                                                           \
    "  (drop (call $read (i32.const 0) (i32.const 500) (i32.const 1) (i32.const 508))))"           \
    "(func $deep (call $deep) (call $deep))"

// What a thread does, by what it is given.
static const char several[] =
    "(module " COMMON
    "(start $begin) (func $begin (global.set $mine (i32.const 1)) (call $add (i32.const 4)))"
    "(func (export \"wasi_thread_start\") (param $id i32) (param $what i32)"
    "  (if (i32.ne (global.get $mine) (i32.const 1)) (then unreachable))"
    "  (global.set $mine (i32.const 2))"
    "  (drop (call $note (local.get $id)))"
    "  (call $add (i32.const 0))"
    "  (block $8 (block $7 (block $6 (block $5 (block $4 (block $3 (block $2 (block $1 (block $0"
    "    (br_table $0 $1 $2 $3 $4 $5 $6 $7 $8 (local.get $what)))"
    "    (return)) (call $turn)) (call $wait)) (call $sleep)) (call $read_on))"
    "    unreachable) (call $exit (i32.const 42))) (call $deep))"
    "  (if (i32.lt_s (call $spawn (i32.const 0)) (i32.const 1)) (then unreachable)))"
    "(func (export \"spawn\") (param i32) (result i32) (call $spawn (local.get 0)))"
    // The second is asked for when the first one is there.
    "(func (export \"two\") (param i32 i32)"
    "  (if (i32.lt_s (call $spawn (local.get 0)) (i32.const 1)) (then unreachable))"
    "  (call $until (i32.const 0) (i32.const 1))"
    "  (if (i32.lt_s (call $spawn (local.get 1)) (i32.const 1)) (then unreachable))"
    "  (call $wait))"
    "(func (export \"many\") (param $count i32) (param $what i32) (result i32) (local $i i32)"
    "  (loop $next"
    "    (if (i32.gt_s (call $spawn (local.get $what)) (i32.const 0)) (then"
    "      (local.set $i (i32.add (local.get $i) (i32.const 1)))))"
    "    (br_if $next (i32.lt_u (local.get $i) (local.get $count))))"
    "  (call $until (i32.const 0) (local.get $count)) (i32.atomic.load (i32.const 0)))"
    "(func (export \"each\") (param $what i32) (result i32)"
    "  (i32.atomic.store (i32.const 0) (i32.const 0))"
    "  (if (i32.lt_s (call $spawn (local.get $what)) (i32.const 1)) (then unreachable))"
    "  (call $until (i32.const 0) (i32.const 1)) (i32.atomic.load (i32.const 4)))"
    "(func (export \"begun\") (result i32) (i32.atomic.load (i32.const 4)))"
    "(func (export \"note\") (param i32) (result i32) (call $note (local.get 0)))"
    "(func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0))))";
enum { RETURN, TURN, WAIT, SLEEP, READ, TRAP, EXIT, DEEP, SPAWN };

typedef struct {
    weft_module *module;
    weft_group *group;
    weft_store *store;
    int ends[2];
} World;

static _Atomic u32 notes, links;
static u32 links_most = UINT32_MAX;
static weft_store *_Atomic noted_in;
static weft_group *called_within;
static weft_status within;

static weft_status note(void *env, weft_caller *caller, weft_slot *slots)
{
    if (env != (void *)weft_caller_store(caller)) exit(1);
    atomic_store(&noted_in, weft_caller_store(caller));
    slots[0].u32 = atomic_fetch_add(&notes, 1);
    if (called_within) {
        weft_func none = {0};
        within = weft_group_call(called_within, none, NULL, 0, NULL, 0, &diag);
        weft_group_free(called_within);
        called_within = NULL;
    }
    return WEFT_OK;
}

static weft_status link_host(void *env, weft_store *store, weft_linker *linker, weft_diag *why)
{
    if (atomic_fetch_add(&links, 1) >= links_most) return WEFT_ERROR;
    return weft_linker_func(linker, "h", "note", "i:i", note, store, NULL, why);
}

static bool world_new(World *w, const char *text, const weft_limits *limits, u32 threads)
{
    *w = (World){0};
    weft_wasi *wasi = weft_wasi_new(&diag);
    CHECK(pipe(w->ends) == 0);
    CHECK(weft_wasi_stdio(wasi, w->ends[0], -1, -1, &diag) == WEFT_OK);
    w->module = weft_module_new(engine, text, strlen(text), &diag);
    if (!CHECK(w->module != NULL)) printf("%s\n", diag.message);
    weft_group_config config = weft_group_config_init();
    config.limits = limits;
    config.wasi = wasi;
    config.max_threads = threads;
    config.link = link_host;
    links = notes = 0;
    w->group = weft_group_new(engine, w->module, &config, &diag);
    w->store = w->group ? weft_group_store(w->group) : NULL;
    return w->group != NULL;
}

static void world_end(World *w)
{
    weft_group_free(w->group);
    weft_module_free(w->module);
    close(w->ends[0]);
    close(w->ends[1]);
}

static weft_status call(World *w, const char *name, u32 count, const u32 *args, u32 *result)
{
    weft_func f;
    weft_val in[2] = {0}, out = weft_i32(-1);
    for (u32 i = 0; i < count; i++) in[i] = weft_i32((int)args[i]);
    CHECK(weft_instance_func(w->store, weft_group_instance(w->group), name, &f, &diag) == WEFT_OK);
    weft_status status = weft_group_call(w->group, f, in, count, &out, result ? 1 : 0, &diag);
    if (result) *result = (u32)out.of.i32;
    return status;
}
#define CALL(w, name, result, ...)                                                                 \
    call(w, name, sizeof((u32[]){__VA_ARGS__}) / 4, (u32[]){__VA_ARGS__}, result)

static u64 memory_used(const World *w)
{
    weft_limits used = weft_limits_init();
    CHECK(weft_store_usage(w->store, &used, &diag) == WEFT_OK);
    return used.memory_bytes;
}

// ---- What they have

static void test_many(void)
{
    World w;
    u32 result;
    CHECK(world_new(&w, several, NULL, 8));
    u64 used = memory_used(&w);
    CHECK_EQ_U64(used, 1 << 16);
    CHECK_EQ_U64(CALL(&w, "many", &result, 40, RETURN), WEFT_OK);
    CHECK_EQ_U64(result, 40);
    CHECK_EQ_U64(notes, 40);
    CHECK_EQ_U64(memory_used(&w), used);
    // Once more; and beside each other, also in their start functions.
    CHECK_EQ_U64(CALL(&w, "each", &result, SPAWN), WEFT_OK);
    CHECK_EQ_U64(call(&w, "begun", 0, NULL, &result), WEFT_OK);
    CHECK(result >= 42 && result <= 43); // the last one may have been ended before it began
    weft_store *own = weft_group_ended(w.group);
    CHECK(own == w.store && noted_in != w.store);
    CHECK_EQ_U64(memory_used(&w), used);
    world_end(&w);
    CHECK(world_new(&w, several, NULL, 200));
    CHECK_EQ_U64(CALL(&w, "many", &result, 100, SPAWN), WEFT_OK);
    CHECK(result >= 100);
    world_end(&w);
}

static void test_ids(void)
{
    World w;
    u32 result;
    CHECK(world_new(&w, several, NULL, 2));
    for (u32 i = 1; i <= 2; i++) {
        CHECK_EQ_U64(CALL(&w, "spawn", &result, RETURN), WEFT_OK);
        CHECK_EQ_U64(result, i);
    }
    world_end(&w);
    CHECK(world_new(&w, several, NULL, 0));
    CHECK_EQ_U64(CALL(&w, "spawn", &result, RETURN), WEFT_OK);
    CHECK_EQ_U64(result, (u32)-6);
    // Nor are there any but within weft_group_call.
    weft_func f;
    weft_val arg = weft_i32(RETURN), out;
    CHECK(weft_instance_func(w.store, weft_group_instance(w.group), "spawn", &f, &diag) == WEFT_OK);
    CHECK_EQ_U64(weft_call(w.store, f, &arg, 1, &out, 1, &diag), WEFT_OK);
    CHECK_EQ_U64(out.of.i32, (u64)-6);
    world_end(&w);
}

// After the last number comes the first.
static void test_again(void)
{
    static const char text[] =
        "(module " COMMON
        "(func (export \"wasi_thread_start\") (param i32 i32)"
        "  (if (i32.eqz (local.get 1)) (then (call $add (i32.const 0)) (call $wait))))"
        "(func (export \"four\") (result i32) (drop (call $spawn (i32.const 0)))"
        "  (call $until (i32.const 0) (i32.const 1))"
        "  (drop (call $spawn (i32.const 1))) (drop (call $spawn (i32.const 1)))"
        "  (drop (call $spawn (i32.const 1))) (call $spawn (i32.const 1))))";
    World w;
    u32 result;
    CHECK(world_new(&w, text, NULL, 300));
    Group *group = (Group *)w.group; // at its start
    group->next_id = (1 << 29) - 3; // then come the last two, and the first two
    CHECK_EQ_U64(call(&w, "four", 0, NULL, &result), WEFT_OK);
    CHECK_EQ_U64(result, 3);
    world_end(&w);
}

// ---- Who ends first

static const u32 kinds[] = {TURN, WAIT, SLEEP, READ};

// While the first waits in memory, and another one of each kind does what it does.
static void test_ends(u32 how, weft_status status, const char *name)
{
    for (u32 i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        World w;
        u32 result;
        weft_frame frame;
        CHECK(world_new(&w, several, NULL, 8));
        CHECK_EQ_U64(CALL(&w, "two", NULL, kinds[i], how), status);
        CHECK_STR(diag.name, name);
        if (status == WEFT_EXIT) CHECK_EQ_U64(diag.exit_status, 42);
        weft_store *by = weft_group_ended(w.group);
        CHECK(by != w.store);
        if (status == WEFT_TRAP) CHECK(weft_store_backtrace(by, &frame, 1) > 0);
        CHECK_EQ_U64(CALL(&w, "spawn", &result, RETURN), WEFT_ERROR);
        CHECK_STR(diag.name, "group_ended");
        world_end(&w);
    }
}

static void stop_soon(void *store)
{
    usleep(20000);
    weft_store_stop(store, WEFT_STOP_TIME_LIMIT);
}

static void test_stops(void)
{
    for (u32 i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        World w;
        CHECK(world_new(&w, several, NULL, 8));
        Thread *stopper = thread_start(stop_soon, w.store);
        CHECK_EQ_U64(CALL(&w, "two", NULL, kinds[i], kinds[i]), WEFT_TRAP);
        CHECK_STR(diag.name, "time_limit");
        CHECK(weft_group_ended(w.group) == w.store);
        thread_join(stopper);
        u32 result;
        weft_store_stop(w.store, WEFT_STOP_NOT); // and then it may go on
        CHECK_EQ_U64(CALL(&w, "spawn", &result, RETURN), WEFT_OK);
        CHECK((int)result > 0);
        world_end(&w);
    }
}

// The first one returns, and nobody is waited for.
static void test_returns(void)
{
    for (u32 i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        World w;
        u32 result;
        CHECK(world_new(&w, several, NULL, 8));
        for (u32 k = 0; k < 3; k++) CHECK_EQ_U64(CALL(&w, "each", &result, kinds[i]), WEFT_OK);
        CHECK_EQ_U64(memory_used(&w), 1 << 16);
        world_end(&w);
    }
}

// ---- Limits

static void test_limits(void)
{
    World w;
    u32 result;
    weft_limits limits = weft_limits_init();
    limits.memory_bytes = 5 << 16;
    limits.stack_bytes = 1 << 16;
    CHECK(world_new(&w, several, &limits, 8));
    CHECK_EQ_U64(CALL(&w, "many", &result, 4, RETURN), WEFT_OK);
    CHECK_EQ_U64(CALL(&w, "grow", &result, 3), WEFT_OK);
    CHECK_EQ_U64(result, 1);
    CHECK_EQ_U64(memory_used(&w), 4 << 16);
    CHECK_EQ_U64(CALL(&w, "spawn", &result, TURN), WEFT_OK); // with the last page, for a stack
    CHECK((int)result > 0);
    CHECK_EQ_U64(memory_used(&w), 4 << 16);
    CHECK_EQ_U64(CALL(&w, "grow", &result, 1), WEFT_OK);
    CHECK_EQ_U64(result, 4);
    CHECK_EQ_U64(CALL(&w, "spawn", &result, TURN), WEFT_OK);
    CHECK_EQ_U64(result, (u32)-6);
    world_end(&w);
    limits.memory_bytes = 1 << 15;
    CHECK(!world_new(&w, several, &limits, 8));
    CHECK_STR(diag.name, "limit_memory_size");
    weft_module_free(w.module);
}

static void test_fuel(void)
{
    World w;
    u32 result;
    uint64_t left;
    weft_limits limits = weft_limits_init();
    limits.fuel = 20000000;
    CHECK(world_new(&w, several, &limits, 32));
    CHECK_EQ_U64(CALL(&w, "many", &result, 20, RETURN), WEFT_OK);
    CHECK(weft_store_fuel(w.store, &left) && left < limits.fuel - 20 * PRICE_spawn && left > 10000000);
    // Who turns comes last: it leaves nothing for another to begin with. Nor to wait with: the
    // first who finds nothing left may be any of those who have not begun to.
    CHECK_EQ_U64(CALL(&w, "two", NULL, WAIT, TURN), WEFT_TRAP);
    CHECK_STR(diag.name, "out_of_fuel");
    CHECK(weft_group_ended(w.group) != NULL);
    CHECK(weft_store_fuel(w.store, &left) && left < 1000000);
    world_end(&w);
}

// What cannot be linked is no thread.
static void test_refused(void)
{
    World w;
    u32 result;
    CHECK(world_new(&w, several, NULL, 8));
    u64 used = memory_used(&w);
    links_most = 1;
    for (u32 i = 0; i < 3; i++) {
        CHECK_EQ_U64(CALL(&w, "spawn", &result, RETURN), WEFT_OK);
        CHECK_EQ_U64(result, (u32)-48);
    }
    CHECK_EQ_U64(memory_used(&w), used);
    links_most = UINT32_MAX;
    CHECK_EQ_U64(CALL(&w, "many", &result, 3, RETURN), WEFT_OK);
    called_within = w.group;
    CHECK_EQ_U64(CALL(&w, "note", &result, 0), WEFT_OK);
    CHECK_EQ_U64(within, WEFT_ERROR);
    CHECK_STR(diag.name, "group_busy");
    CHECK_EQ_U64(CALL(&w, "many", &result, 3, RETURN), WEFT_OK);
    world_end(&w);
    links_most = 0;
    CHECK(!world_new(&w, several, NULL, 8));
    weft_module_free(w.module);
    links_most = UINT32_MAX;

    static const char *const bad[] = {
        "(module (import \"wasi\" \"thread-spawn\" (func (param i32) (result i32)))"
        " (memory 1 1 shared) (func (export \"wasi_thread_start\") (param i32 i32)))",
        "(module (import \"wasi\" \"thread-spawn\" (func (param i32) (result i32)))"
        " (import \"e\" \"m\" (memory 1 1 shared)))",
        "(module (import \"wasi\" \"thread-spawn\" (func (param i32) (result i32)))"
        " (import \"e\" \"m\" (memory 1 1 shared))"
        " (func (export \"wasi_thread_start\") (param i32 i64)))",
    };
    for (u32 i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(!world_new(&w, bad[i], NULL, 8));
        CHECK_STR(diag.name, "no_threads");
        world_end(&w);
    }
    weft_engine *other = weft_engine_new(NULL, &diag);
    weft_group_config config = weft_group_config_init();
    weft_module *m = weft_module_new(other, "(module)", 8, &diag);
    CHECK(!weft_group_new(engine, m, &config, &diag));
    CHECK_STR(diag.name, "wrong_engine");
    weft_group *plain = weft_group_new(other, m, &config, &diag);
    CHECK(plain != NULL);
    weft_group_free(plain);
    weft_group_free(NULL);
    weft_module_free(m);
    weft_engine_free(other);
}

int main(void)
{
    static const weft_tier tiers[] = {WEFT_TIER_INTERP, WEFT_TIER_AUTO, WEFT_TIER_BASELINE};
    for (u32 i = 0; i < sizeof tiers / sizeof *tiers; i++) {
        engine = weft_engine_new(NULL, &diag);
        weft_engine_set_tier(engine, tiers[i]);
        test_many();
        test_ids();
        test_again();
        test_ends(TRAP, WEFT_TRAP, "unreachable");
        test_ends(DEEP, WEFT_TRAP, "call_stack_exhausted");
        test_ends(EXIT, WEFT_EXIT, "exit");
        test_stops();
        test_returns();
        test_limits();
        test_fuel();
        test_refused();
        weft_engine_set_deterministic(engine, true);
        World w;
        u32 result;
        CHECK(world_new(&w, several, NULL, 8));
        CHECK_EQ_U64(CALL(&w, "spawn", &result, RETURN), WEFT_OK);
        CHECK_EQ_U64(result, (u32)-6);
        world_end(&w);
        weft_engine_free(engine);
    }
    return check_report();
}
