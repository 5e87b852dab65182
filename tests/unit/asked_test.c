// asked_test.c -- guests that look up for a moment and go on (weft_store_set_asked), and memories
// that stay where they are.

#include "check.h"
#include "weft_threads.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

static weft_engine *engine;
static weft_diag diag;

// Loops for as long as `more` is not 0; calls the host, which calls `spin` again; waits on a word.
static const char text[] =
    "(module (import \"h\" \"again\" (func $again (param i32)))"
    " (memory 1) (memory $shared 1 1 shared)"
    " (func $spin (export \"spin\") (param i32) (loop $l (br_if $l (local.get 0))))"
    " (func (export \"nest\") (param i32) (call $again (local.get 0)))"
    " (func (export \"wait\") (param i32) (result i32)"
    "   (memory.atomic.wait32 $shared (i32.const 0) (i32.const 0)"
    "     (select (i64.const -1) (i64.const 0) (local.get 0))))"
    " (func (export \"fill\") (param i32)"
    "   (loop $l (memory.fill (i32.const 0) (i32.const 7) (i32.const 65536))"
    "     (br_if $l (local.get 0)))))";

typedef struct {
    weft_store *store;
    weft_linker *linker;
    weft_instance instance;
    pthread_t asker;
    atomic_bool over;
    atomic_uint asked, stop_after;
    bool elsewhere;   // it was not the thread that called
    pthread_t caller;
} World;

static void asked(void *env)
{
    World *w = env;
    w->elsewhere |= !pthread_equal(w->caller, pthread_self());
    if (++w->asked == w->stop_after) weft_store_stop(w->store, WEFT_STOP_INTERRUPTED);
}

static weft_status call1(World *w, const char *name, int32_t arg)
{
    weft_func f;
    weft_val value = weft_i32(arg), result;
    weft_status status = weft_instance_func(w->store, w->instance, name, &f, &diag);
    if (status != WEFT_OK) return status;
    return weft_call(w->store, f, &value, 1, &result, !strcmp(name, "wait"), &diag);
}

static weft_status again(void *env, weft_caller *caller, weft_slot *slots)
{
    return call1(env, "spin", slots[0].i32);
}

static void begin(World *w, weft_tier tier)
{
    weft_engine_set_tier(engine, tier);
    memset(w, 0, sizeof *w);
    weft_module *m = weft_module_new(engine, text, sizeof text - 1, &diag);
    w->caller = pthread_self();
    w->store = weft_store_new(engine, NULL, &diag);
    w->linker = weft_linker_new(engine, &diag);
    weft_status status = weft_linker_func(w->linker, "h", "again", "i:", again, w, NULL, &diag);
    if (status == WEFT_OK) status = weft_instantiate(w->store, m, w->linker, &w->instance, &diag);
    if (!CHECK(status == WEFT_OK)) printf("%s\n", diag.message);
    weft_store_set_asked(w->store, asked, w);
    weft_module_free(m);
}

static void end(World *w)
{
    weft_linker_free(w->linker);
    weft_store_free(w->store);
}

static void *ask(void *env)
{
    World *w = env;
    while (!w->over) {
        weft_store_stop(w->store, WEFT_STOP_ASK);
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
    return NULL;
}

// Asked many times it goes on, wherever it is, until the answer is to stop.
static void from_beside(weft_tier tier)
{
    static const char *const names[] = {"spin", "nest", "fill", "wait"};
    for (int i = 0; i < 4; i++) {
        World w;
        begin(&w, tier);
        w.stop_after = 5;
        if (!CHECK(pthread_create(&w.asker, NULL, ask, &w) == 0)) return;
        CHECK(call1(&w, names[i], 1) == WEFT_TRAP);
        CHECK_STR(diag.name, "interrupted");
        CHECK(w.asked >= 5 && !w.elsewhere);
        w.over = true;
        pthread_join(w.asker, NULL);
        weft_store_stop(w.store, WEFT_STOP_NOT);
        CHECK(call1(&w, names[i], 0) == WEFT_OK);
        end(&w);
    }
}

// Once for each time; where nothing runs, by what runs next; by nobody, if there is none.
static void counted(weft_tier tier)
{
    World w;
    begin(&w, tier);
    CHECK(call1(&w, "spin", 0) == WEFT_OK && w.asked == 0);
    weft_store_stop(w.store, WEFT_STOP_ASK);
    weft_store_stop(w.store, WEFT_STOP_ASK);
    weft_store_stop(w.store, WEFT_STOP_NOT); // takes back stops, not questions
    CHECK(call1(&w, "fill", 0) == WEFT_OK && w.asked == 1);
    CHECK(call1(&w, "fill", 0) == WEFT_OK && w.asked == 1);
    weft_store_set_asked(w.store, NULL, NULL);
    weft_store_stop(w.store, WEFT_STOP_ASK);
    CHECK(call1(&w, "fill", 0) == WEFT_OK && w.asked == 1);
    end(&w);
}

static bool stays(weft_store *store, weft_memory m)
{
    const void *before = weft_memory_at(store, m, 0, 1);
    while (weft_memory_grow(store, m, 64) >= 0)
        continue;
    return weft_memory_at(store, m, 0, 1) == before;
}

static void room(void)
{
    weft_limits limits = weft_limits_init();
    weft_memory small, large, other = {0};
    limits.memory_bytes = 256 << 20;
    weft_store *s = weft_store_new(engine, &limits, &diag);
    CHECK(weft_memory_new(s, 1, 4, &small, &diag) == WEFT_OK && weft_memory_stays(s, small));
    CHECK(weft_memory_new(s, 1, 4096, &large, &diag) == WEFT_OK && !weft_memory_stays(s, large));
    CHECK(!weft_memory_stays(s, other) && stays(s, small));
    weft_store_free(s);
    limits.memory_room = UINT64_MAX;
    s = weft_store_new(engine, &limits, &diag);
    CHECK(weft_memory_new(s, 1, WEFT_NO_MAX, &large, &diag) == WEFT_OK);
    CHECK(weft_memory_stays(s, large) && stays(s, large));
    CHECK(weft_memory_size(s, large) > 200 << 20);
    weft_store_free(s);
}

int main(void)
{
    engine = weft_engine_new(NULL, &diag);
    for (int tier = WEFT_TIER_AUTO; tier <= WEFT_TIER_BASELINE; tier++) {
        counted((weft_tier)tier);
        from_beside((weft_tier)tier);
    }
    room();
    weft_engine_free(engine);
    return check_report();
}
