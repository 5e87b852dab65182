// warm_test.c -- what runs for long in baseline code is optimized beside it, and nothing else is;
// stores come and go meanwhile, on several threads, and in children made by fork.

#include "check.h"
#include "engine/source.h"
#include "plat/thread.h"
#include "run/warm.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#if NATIVE

static Engine *engine;
static Source source;

// The first runs for long, calling the second; the third does not, and the fourth cannot be
// optimized, for its try is one of old.
enum { LONG, CALLED, SHORT, TRIES, FUNCS };
static const char text[] =
    "(module (tag)\n"
    "  (func (param i32) (result i32) (local i32)\n"
    "    (loop (local.set 1 (call 1 (local.get 1)))\n"
    "      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))\n"
    "    (local.get 1))\n"
    "  (func (param i32) (result i32)\n"
    "    (i32.add (i32.mul (local.get 0) (i32.const 17)) (i32.const 3)))\n"
    "  (func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))\n"
    "  (func (param i32) (result i32) (local i32)\n"
    "    (try (do (loop (local.set 1 (call 1 (local.get 1)))\n"
    "        (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))\n"
    "      (catch_all))\n"
    "    (local.get 1))\n"
    "  (export \"0\" (func 0)) (export \"1\" (func 1))\n"
    "  (export \"2\" (func 2)) (export \"3\" (func 3)))";

static u32 expected(u32 turns)
{
    u32 x = 0;
    while (turns--) x = x * 17 + 3;
    return x;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    return false;
}

typedef struct { Store *store; Instance *instance; } Guest;

// On any thread: it counts no checks.
static Guest new_guest(void)
{
    Diag diag;
    Guest g = {engine_store(engine), NULL};
    if (g.store)
        g.instance = engine_instantiate(g.store, source.module, resolve, NULL, &diag).instance;
    if (g.instance) return g;
    puts("there is no guest to be had");
    exit(1);
}

static void begin(bool deterministic)
{
    Diag diag;
    engine = engine_new(features_default);
    engine->hot = 1;
    engine->deterministic = deterministic;
    if (!CHECK(source_load(&source, engine, (const u8 *)text, strlen(text), &diag))) exit(1);
}

static void end(void)
{
    source_free(&source);
    CHECK_EQ_U64(account_used(&engine->accounts[ENGINE_code_bytes]), 0);
    engine_free(engine);
}

static bool call_is(Guest g, u32 func, u32 arg, u32 want)
{
    u64 slots[4] = {arg};
    Func *f = instance_func(g.instance, func);
    return engine_call(g.store, f, slots, COUNT_OF(slots)) == TRAP_none && (u32)slots[0] == want;
}

static bool is_optimized(Guest g, u32 func)
{
    const NativeRegion *r = native_region(g.instance->made);
    return r && native_has(r, func, true, 0);
}

enum { TURNS = 1000000, MOST = 3000 }; // calls of some milliseconds each

static bool call_until_optimized(Guest g, u32 func)
{
    const u32 want = expected(TURNS);
    for (u32 n = 0; n < MOST && !is_optimized(g, func); n++)
        if (!call_is(g, func, TURNS, want)) return false;
    return is_optimized(g, func) && call_is(g, func, TURNS, want);
}

static void becomes_optimized(void)
{
    begin(false);
    Guest g = new_guest();
    for (u32 i = 0; i < 100; i++) CHECK(call_is(g, SHORT, i, i + 1));
    CHECK(call_until_optimized(g, LONG) && call_until_optimized(g, LONG));
    CHECK(!is_optimized(g, SHORT));
    // its baseline code is still there, for who stands in it
    const Native *n = native_newest(native_region(g.instance->made), LONG);
    while (n->optimized && n->older) n = n->older;
    CHECK(!n->optimized);
    CHECK_EQ_U64(native_refusals(g.instance->made), 0);
    store_free(g.store);
    end();
}

// Of a loop that is entered once: the frame goes on in code that begins there.
static void loops_once(void)
{
    enum { LONGER = 100 * TURNS };
    begin(false);
    Guest g = new_guest();
    CHECK(call_is(g, LONG, LONGER, expected(LONGER)));
    const Native *n = native_newest(native_region(g.instance->made), LONG);
    while (n && !n->begins) n = n->older;
    CHECK(n && n->optimized);
    store_free(g.store);
    end();
}

// It is asked for once, and runs as it is.
static void cannot_be(void)
{
    begin(false);
    Guest g = new_guest();
    const u32 want = expected(TURNS);
    for (u32 n = 0; n < MOST && g.instance->made->warmth[TRIES] != 0xff; n++)
        if (!CHECK(call_is(g, TRIES, TURNS, want))) break;
    CHECK(g.instance->made->warmth[TRIES] == 0xff && !is_optimized(g, TRIES));
    CHECK(call_is(g, TRIES, TURNS, want));
    store_free(g.store);
    end();
}

// Nothing depends on time there.
static void deterministic(void)
{
    begin(true);
    Guest g = new_guest();
    for (u32 i = 0; i < 20; i++) CHECK(call_is(g, LONG, TURNS, expected(TURNS)));
    CHECK(!is_optimized(g, LONG) && !atomic_load(&engine->beside.process));
    store_free(g.store);
    end();
}

static u32 watched(void)
{
    pthread_mutex_lock(&engine->beside.lock);
    u32 count = engine->beside.watched_count;
    pthread_mutex_unlock(&engine->beside.lock);
    return count;
}

// Who does not run is not told to look up.
static void rests(void)
{
    begin(false);
    Guest g = new_guest();
    CHECK(call_until_optimized(g, LONG));
    for (u32 n = 0; n < 1000 && watched(); n++) usleep(1000);
    CHECK_EQ_U64(watched(), 0);
    CHECK(call_is(g, LONG, TURNS, expected(TURNS)));
    store_free(g.store);
    CHECK_EQ_U64(watched(), 0);
    end();
}

static void come_and_go(void *env)
{
    bool *good = env;
    *good = true;
    for (u32 i = 0; i < 40; i++) {
        Guest g = new_guest();
        *good &= call_is(g, i % 2 ? CALLED : LONG, i % 2 ? 1 : TURNS / 20,
                         i % 2 ? 20 : expected(TURNS / 20));
        store_free(g.store);
    }
}

static void threads(void)
{
    enum { COUNT = 4 };
    Thread *all[COUNT];
    bool good[COUNT];
    begin(false);
    for (u32 i = 0; i < COUNT; i++) all[i] = thread_start(come_and_go, &good[i]);
    for (u32 i = 0; i < COUNT; i++) {
        if (!CHECK(all[i] != NULL)) continue;
        thread_join(all[i]);
        CHECK(good[i]);
    }
    CHECK_EQ_U64(watched(), 0);
    end();
}

// A child has no such thread: what is baseline code stays so.
static void forked(void)
{
    begin(false);
    Guest g = new_guest();
    CHECK(call_is(g, LONG, TURNS, expected(TURNS)));
    fflush(stdout);
    pid_t id = fork();
    if (id == 0) {
        bool good = call_is(g, LONG, TURNS, expected(TURNS));
        Guest other = new_guest();
        good &= call_is(other, LONG, TURNS, expected(TURNS));
        store_free(other.store);
        store_free(g.store);
        source_free(&source);
        engine_free(engine);
        _exit(!good);
    }
    int status = -1;
    CHECK(id > 0 && waitpid(id, &status, 0) == id);
    CHECK_EQ_U64(status, 0);
    CHECK(call_until_optimized(g, LONG));
    store_free(g.store);
    end();
}

int main(void)
{
    if (tier_lacks()) return check_report();
    becomes_optimized();
    loops_once();
    cannot_be();
    deterministic();
    rests();
    threads();
    forked();
    return check_report();
}

#else
int main(void) { return check_report(); }
#endif
