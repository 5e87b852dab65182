// walled_test.c -- behind the second wall (plat/sandbox.h) code is made as ever: by both compilers,
// for guarded memories and for others, on the guest's own thread and beside it, before a function
// runs and while it does; and memories grow. What could not be made would be interpreted, and
// nobody told of it.

#include "check.h"
#include "engine/source.h"
#include "plat/clock.h"
#include "plat/sandbox.h"
#include "run/exec.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#if NATIVE

typedef struct {
    const char *what;
    Tier tier;
    bool faults, beside, optimized;
} Way;
static const Way ways[] = {
    {"baseline", TIER_baseline, false, false, false},
    {"baseline, by faults", TIER_baseline, true, false, false},
    {"baseline, beside", TIER_baseline, true, true, false},
    {"auto, beside", TIER_auto, true, true, false},
    {"opt", TIER_opt, false, false, true},
    {"opt, by faults", TIER_opt, true, false, true},
    {"auto, when it is warm", TIER_auto, true, false, true},
};

// Runs for long, and leaves what it computes in a page that was not there before.
static const char text[] =
    "(module (memory 1 300)\n"
    "  (func (param i32) (result i32) (local i32)\n"
    "    (drop (memory.grow (i32.const 1)))\n"
    "    (loop (local.set 1 (i32.add (i32.mul (local.get 1) (i32.const 17)) (i32.const 3)))\n"
    "      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))\n"
    "    (i32.store (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)) (local.get 1))\n"
    "    (local.get 1))\n"
    "  (export \"f\" (func 0)))";

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    return false;
}

static u32 expected(u32 turns)
{
    u32 x = 0;
    while (turns--) x = x * 17 + 3;
    return x;
}

enum { NO_WALL = 77, TURNS = 100000 };

// Calls it until it has such code; which is at once, or when whoever makes it has had the time.
static void call_until_made(const Way *w, Store *store, Instance *inst)
{
    static const u64 most = 20000000000; // ns
    const u32 want = expected(TURNS);
    bool made = false;
    for (u64 begun = plat_clock_now(CLOCK_monotonic);
         !made && plat_clock_now(CLOCK_monotonic) - begun < most;) {
        u64 slots[2] = {TURNS};
        if (!CHECK(!engine_call(store, instance_func(inst, 0), slots, COUNT_OF(slots)))) return;
        if (!CHECK_EQ_U64((u32)slots[0], want)) return;
        const NativeRegion *r = native_region(inst->made);
        made = r && native_newest(r, 0) && native_newest(r, 0)->optimized == w->optimized;
    }
    CHECK(made);
    CHECK_EQ_U64(native_refusals(inst->made), 0);
}

static int behind_wall(const Way *w)
{
    Source source;
    Diag diag;
    SandboxDir none[1];
    SandboxWalls stands;
    Engine *engine = engine_new(features_default);
    engine->tier = w->tier;
    engine->hot = 1;
    if (w->beside) engine->beside.bytes = 1;
    if (w->faults) CHECK_EQ_U64(engine_set_faults(engine, true), 0);
    if (!CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag))) return 1;
    CHECK_EQ_U64(sandbox_enter(none, 0, (SandboxPorts){0}, &stands), 0);
    if (!stands.calls) return NO_WALL;
    Store *store = engine_store(engine);
    Instance *inst =
        engine_instantiate(store, source.module, resolve, NULL, &diag).instance;
    if (CHECK(inst != NULL)) call_until_made(w, store, inst);
    store_free(store);
    source_free(&source);
    engine_free(engine);
    return check_failed != 0;
}

int main(void)
{
    for (size_t i = 0; i < COUNT_OF(ways) && !tier_lacks(); i++) {
        int status = 0;
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            status = behind_wall(&ways[i]);
            if (status == 1) printf("    %s\n", ways[i].what);
            fflush(NULL);
            _exit(status);
        }
        CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
        if (WEXITSTATUS(status) == NO_WALL) puts("no second wall here: nothing was tried");
        else CHECK_EQ_U64(WEXITSTATUS(status), 0);
    }
    return check_report();
}

#else

int main(void) { return check_report(); }

#endif
