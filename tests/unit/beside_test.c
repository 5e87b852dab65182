// beside_test.c -- large functions are compiled by a thread while the guest is interpreted: it goes
// on in their code when that is there, in the middle of a loop too; nobody waits for what is being
// compiled, whoever stops the guest, frees the module or forks; and what there is no room for is
// compiled later.

#include "check.h"
#include "engine/source.h"
#include "plat/futex.h"
#include "plat/thread.h"
#include "run/exec.h"
#include "run/frame.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#if NATIVE

static Engine *engine;
static Source source;
static Store *store;
static Instance *instance;

typedef struct {
    Tier tier;
    bool deterministic;
    u32 bytes;  // BESIDE_BYTES
    u32 funcs;  // large ones, as many
    u32 pieces; // of each
    u32 hot;    // 0: 1
} Setup;

// f0, f1, ... take a number and make another of it; each says where it is in every turn of its
// loop, which goes round until `seen` says that it is enough.
static const char head[] = "(module (import \"h\" \"seen\" (func $seen (result i32)))\n";
static const char piece[] =
    "(local.set 0 (i32.mul (i32.add (local.get 0) (i32.const 77)) (i32.const 12345)))\n"
    "(if (i32.and (local.get 0) (i32.const 64)) (then (local.set 0 (i32.popcnt (local.get 0)))))\n";

static char *new_text(const Setup *s)
{
    size_t size = sizeof head + s->funcs * (200 + s->pieces * sizeof piece);
    char *text = malloc(size), *at = text;
    if (!text) exit(1);
    at += sprintf(at, "%s", head);
    for (u32 f = 0; f < s->funcs; f++) {
        at += sprintf(at, "(func (param i32) (result i32)\n");
        at += sprintf(at, "(loop (br_if 0 (i32.eqz (call $seen))))\n");
        for (u32 i = 0; i < s->pieces; i++) at += sprintf(at, "%s", piece);
        at += sprintf(at, "(local.get 0))\n");
    }
    sprintf(at, ")");
    return text;
}

// How the loops end: at once, or when the code is there; how often they went round before.
static bool wants_native;
static u32 turns;

static Trap seen(HostCall *call)
{
    FrameCursor c = {0};
    turns++;
    frame_next(call->exec, &c); // the caller, which stands behind us
    call->slots[0] = !wants_native || c.native;
    return TRAP_none;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    *out = (Extern){.kind = import->kind};
    out->func = func_new_host(env, type->func, seen, NULL);
    return out->func;
}

static void begin(const Setup *s)
{
    Diag diag;
    char *text = new_text(s);
    wants_native = false;
    engine = engine_new(features_default);
    engine->tier = s->tier;
    engine->hot = MAX(s->hot, 1u);
    engine->deterministic = s->deterministic;
    engine->beside.bytes = s->bytes;
    bool loaded = source_load(&source, engine, (const u8 *)text, strlen(text), &diag);
    free(text);
    store = engine_store(engine);
    if (!CHECK(loaded) || !CHECK(store != NULL)) exit(1);
    instance = engine_instantiate(store, source.module, resolve, store, &diag).instance;
    if (!CHECK(instance != NULL)) exit(1);
}

static void end(void)
{
    store_free(store);
    source_free(&source);
    CHECK_EQ_U64(account_used(&engine->accounts[ENGINE_code_bytes]), 0);
    engine_free(engine);
}

static u32 number(u32 which) { return source.module->imported_funcs + which; }

static bool is_compiled(u32 which)
{
    const NativeRegion *r = native_region(instance->made);
    return r && atomic_load(&r->funcs[number(which)]);
}

static Trap call(u32 which, u64 *result)
{
    *result = 5;
    return engine_call(store, instance_func(instance, number(which)), result, 1);
}

static u64 expected(const Setup *s)
{
    Setup interpreted = *s;
    u64 result;
    interpreted.tier = TIER_interp;
    begin(&interpreted);
    CHECK_EQ_U64(call(0, &result), TRAP_none);
    end();
    return result;
}

// Calls it until it is; the thread has as long as it wants.
static void call_until_compiled(u32 which, u64 want)
{
    u64 result;
    for (u32 i = 0; i < 60000 && !is_compiled(which); i++) {
        CHECK(call(which, &result) == TRAP_none && result == want);
        usleep(i ? 1000 : 0);
    }
    CHECK(is_compiled(which));
    CHECK(call(which, &result) == TRAP_none && result == want);
}

static void in_a_loop(void)
{
    // Not at the first call, or it may have code before the first turn.
    const Setup s = {.bytes = 100, .funcs = 2, .pieces = 2000, .hot = 2};
    u64 want = expected(&s), result;
    begin(&s);
    wants_native = true;
    turns = 0;
    CHECK_EQ_U64(call(0, &result), TRAP_none);
    CHECK_EQ_U64(result, want);
    CHECK(is_compiled(0) && turns > 1 && !is_compiled(1));
    CHECK(atomic_load(&engine->beside.process) != 0);
    CHECK_EQ_U64(native_refusals(instance->made), 0);
    end();
}

// Small functions start no thread, if nobody is to look how warm they are; nor do large ones where
// there is to be none.
static void on_the_spot(Tier tier, u32 bytes, u32 pieces)
{
    const Setup s = {.tier = tier, .bytes = bytes, .funcs = 1, .pieces = pieces};
    u64 want = expected(&s), result;
    begin(&s);
    CHECK(call(0, &result) == TRAP_none && call(0, &result) == TRAP_none);
    CHECK_EQ_U64(result, want);
    CHECK(is_compiled(0) && !atomic_load(&engine->beside.process));
    end();
}

// More than wait in the queue; each is asked for again.
static void too_many(void)
{
    const Setup s = {.bytes = 100, .funcs = 2 * BESIDE_MOST, .pieces = 60};
    u64 want = expected(&s), result;
    begin(&s);
    for (u32 i = 0; i < s.funcs; i++)
        for (u32 n = 0; n < 2; n++) CHECK(call(i, &result) == TRAP_none && result == want);
    pthread_mutex_lock(&engine->beside.lock);
    CHECK(engine->beside.count <= BESIDE_MOST);
    pthread_mutex_unlock(&engine->beside.lock);
    for (u32 i = 0; i < s.funcs; i++)
        for (u32 n = 0; n < 3000 && !is_compiled(i); n++) call(i, &result);
    for (u32 i = 0; i < s.funcs; i++) call_until_compiled(i, want);
    end();
}

// While some are asked for, and one is being compiled.
static void freed(void)
{
    const Setup s = {.bytes = 100, .funcs = 10, .pieces = 2500};
    u64 result;
    for (u32 round = 0; round < 8; round++) {
        begin(&s);
        for (u32 i = 0; i < s.funcs; i++)
            for (u32 n = 0; n < 2; n++) CHECK(call(i, &result) == TRAP_none);
        usleep(round * 1000);
        if (round % 2) {
            // another module's are not forgotten with it
            Source other = source;
            Diag diag;
            char *text = new_text(&s);
            CHECK(source_load(&other, engine, (const u8 *)text, strlen(text), &diag));
            free(text);
            source_free(&other);
            wants_native = true;
            CHECK(call(s.funcs - 1, &result) == TRAP_none && is_compiled(s.funcs - 1));
        }
        end();
    }
}

static bool ask(const Instance *of, u32 which)
{
    return beside_ask(&engine->beside, (BesideWork){.code = of->made, .func = number(which)});
}

// Asked for without a guest. `first` up to `end`, each twice.
static void ask_for(u32 first, u32 end)
{
    Beside *b = &engine->beside;
    for (u32 i = first; i < end; i++)
        for (u32 n = 0; n < 2; n++) CHECK(ask(instance, i));
    pthread_mutex_lock(&b->lock);
    u32 twice = 0;
    for (u32 i = 0; i < b->count; i++)
        for (u32 k = 0; k < i; k++)
            twice += b->queue[(b->first + i) % BESIDE_MOST].func ==
                     b->queue[(b->first + k) % BESIDE_MOST].func;
    pthread_mutex_unlock(&b->lock);
    CHECK_EQ_U64(twice, 0);
}

static bool is_idle(void)
{
    Beside *b = &engine->beside;
    pthread_mutex_lock(&b->lock);
    bool idle = !b->count && !b->now.code;
    pthread_mutex_unlock(&b->lock);
    return idle;
}

// All that was asked for is done, once, though nobody asks again.
static void none_is_lost(void)
{
    enum { FIRST = 40, SECOND = 50, FUNCS = FIRST + SECOND };
    const Setup s = {.bytes = 100, .funcs = FUNCS, .pieces = 60};
    begin(&s);
    CHECK(beside_takes(&engine->beside, instance->made, number(0)));
    ask_for(0, FIRST);
    while (!is_idle()) usleep(1000);
    ask_for(FIRST, FUNCS);
    while (!is_idle()) usleep(1000);
    for (u32 i = 0; i < FUNCS; i++) CHECK(is_compiled(i));
    end();
}

// Waking whoever waits means nothing.
static void wake_for_nothing(void *env)
{
    const _Atomic bool *over = env;
    while (!atomic_load(over)) {
        atomic_fetch_add(&engine->beside.changes, 1);
        futex_wake(&engine->beside.changes, INT32_MAX);
    }
}

static bool is_at_hand(const ModuleCode *code)
{
    Beside *b = &engine->beside;
    pthread_mutex_lock(&b->lock);
    bool at_hand = b->now.code == code;
    pthread_mutex_unlock(&b->lock);
    return at_hand;
}

static bool is_asked_for(const ModuleCode *code)
{
    Beside *b = &engine->beside;
    bool found = false;
    pthread_mutex_lock(&b->lock);
    for (u32 i = 0; i < b->count; i++)
        found |= b->queue[(b->first + i) % BESIDE_MOST].code == code;
    pthread_mutex_unlock(&b->lock);
    return found || is_at_hand(code);
}

// A module's functions are not compiled, or asked for, once it is forgotten; another's are.
static void forgotten(void)
{
    const Setup s = {.bytes = 100, .funcs = 3, .pieces = 4000};
    Diag diag;
    Source other;
    char *text = new_text(&s);
    begin(&s);
    CHECK(source_load(&other, engine, (const u8 *)text, strlen(text), &diag));
    free(text);
    Beside *b = &engine->beside;
    ModuleCode *own = instance->made;
    Instance *second = engine_instantiate(store, other.module, resolve, store, &diag).instance;
    if (!CHECK(second != NULL) || !CHECK(beside_takes(b, own, number(0)))) exit(1);
    for (u32 round = 0; round < 20; round++) {
        _Atomic bool over = false;
        bool asked;
        do
            asked = ask(instance, 0) && ask(instance, 1) && ask(second, round % 3);
        while (asked && !is_at_hand(own));
        CHECK(asked);
        Thread *thread = thread_start(wake_for_nothing, &over);
        beside_forget(b, source.module);
        CHECK(!is_asked_for(own));
        const NativeRegion *r = native_region(second->made);
        CHECK(is_asked_for(second->made) || (r && atomic_load(&r->funcs[number(round % 3)])));
        atomic_store(&over, true);
        thread_join(thread);
        while (!is_idle()) usleep(1000);
        r = native_region(second->made);
        CHECK(r && atomic_load(&r->funcs[number(round % 3)]));
    }
    store_free(store);
    store = NULL;
    source_free(&other);
    end();
}

// So is one that was loaded while nothing was made beside guests.
static void set_later(void)
{
    const Setup s = {.bytes = UINT32_MAX, .funcs = 3, .pieces = 4000};
    begin(&s);
    const ModuleCode *own = instance->made;
    engine->beside.bytes = 100;
    CHECK(beside_takes(&engine->beside, own, number(0)));
    bool asked;
    do asked = ask(instance, 0) && ask(instance, 1) && ask(instance, 2);
    while (asked && !is_at_hand(own));
    CHECK(asked);
    store_free(store);
    source_free(&source);
    CHECK(!is_asked_for(own));
    CHECK_EQ_U64(account_used(&engine->accounts[ENGINE_code_bytes]), 0);
    engine_free(engine);
}

// Where all is compiled, or its results are to be the same each time, the guest waits for the code;
// but not when it is to stop.
typedef struct { u32 after; bool pause; } Stopping;

static void stop_later(void *env)
{
    const Stopping *s = env;
    usleep(s->after);
    if (s->pause) exec_pause(&store->exec);
    else exec_stop(&store->exec, TRAP_interrupted);
}

static void waits(Tier tier, bool deterministic)
{
    const Setup s = {.tier = tier, .deterministic = deterministic, .bytes = 1000, .funcs = 6,
                     .pieces = 4000};
    u64 want = expected(&s), result;
    begin(&s);
    for (u32 i = 0; i < s.funcs; i++) {
        Stopping how = {i * 700, i % 2};
        Thread *thread = i ? thread_start(stop_later, &how) : NULL;
        Trap trap = call(i, &result);
        if (!trap && tier == TIER_auto) trap = call(i, &result);
        thread_join(thread);
        exec_go_on(&store->exec);
        if (trap) {
            CHECK_EQ_U64(trap, how.pause ? TRAP_paused : TRAP_interrupted);
            trap = engine_continue(store, &result, 1);
        }
        CHECK_EQ_U64(trap, TRAP_none);
        CHECK_EQ_U64(result, want);
        if (i) call(i, &result);
        CHECK(is_compiled(i));
    }
    end();
    // while somebody wants it to stop nothing is waited for
    begin(&s);
    exec_pause(&store->exec);
    CHECK_EQ_U64(call(0, &result), TRAP_paused);
    exec_stop(&store->exec, TRAP_interrupted);
    CHECK_EQ_U64(engine_continue(store, &result, 1), TRAP_interrupted);
    CHECK(!is_compiled(0));
    exec_go_on(&store->exec);
    CHECK_EQ_U64(engine_continue(store, &result, 1), TRAP_none);
    CHECK_EQ_U64(result, want);
    end();
}

// What is too large for what may be taken is interpreted, and others are not the worse for it.
static void short_of_memory(void)
{
    const Setup s = {.bytes = 100, .funcs = 2, .pieces = 2000, .hot = 3};
    u64 want = expected(&s), result;
    Err why;
    begin(&s);
    CHECK(native_region_make(instance->made, &why) != NULL);
    CHECK(call(0, &result) == TRAP_none && call(1, &result) == TRAP_none);
    Account *account = &engine->accounts[ENGINE_code_bytes];
    size_t most = account->limit, before = account_used(account);
    account->limit = before + 20000;
    const _Atomic s32 *heat = &instance->made->heat[number(0)];
    for (u32 i = 0; i < 60000 && atomic_load(heat) < INT32_MAX / 2; i++) {
        CHECK(call(0, &result) == TRAP_none && result == want);
        usleep(i ? 1000 : 0);
    }
    CHECK(atomic_load(heat) > INT32_MAX / 2 && !is_compiled(0));
    CHECK_EQ_U64(account_used(account), before);
    __atomic_store_n(&account->limit, most, __ATOMIC_RELAXED); // as weft_engine_set_limits does
    call_until_compiled(1, want);
    end();
}

// ---- fork

static u32 threads_here(void)
{
    DIR *tasks = opendir("/proc/self/task");
    u32 count = 0;
    for (const struct dirent *e; tasks && (e = readdir(tasks));) count += e->d_name[0] != '.';
    if (tasks) closedir(tasks);
    return count;
}

// It has no thread, and gets none: its functions are compiled at once.
static int child(u64 want, const Setup *s)
{
    u64 result;
    for (u32 i = 0; i < s->funcs; i++) {
        for (u32 n = 0; n < 3000 && !is_compiled(i); n++)
            if (call(i, &result) || result != want) return 1;
        if (!is_compiled(i)) return 2;
    }
    if (threads_here() != 1) return 3;
    store_free(store);
    source_free(&source);
    engine_free(engine);
    return 0;
}

static void forked(void)
{
    const Setup s = {.bytes = 100, .funcs = 8, .pieces = 800};
    u64 want = expected(&s), result;
    for (u32 round = 0; round < 6; round++) {
        int status = -1;
        begin(&s);
        for (u32 i = 0; i < s.funcs; i++)
            for (u32 n = 0; n < 2; n++) CHECK(call(i, &result) == TRAP_none);
        usleep(round * 500);
        fflush(stdout);
        pid_t id = fork();
        if (id == 0) _exit(child(want, &s));
        CHECK(id > 0 && waitpid(id, &status, 0) == id);
        CHECK_EQ_U64(status, 0);
        for (u32 i = 0; i < s.funcs; i++) call_until_compiled(i, want);
        end();
    }
}

int main(void)
{
    if (tier_lacks()) return check_report();
    in_a_loop();
    on_the_spot(TIER_baseline, BESIDE_BYTES, 10);
    on_the_spot(TIER_auto, UINT32_MAX, 2000);
    too_many();
    none_is_lost();
    freed();
    forgotten();
    set_later();
    waits(TIER_baseline, false);
    waits(TIER_auto, true);
    short_of_memory();
    forked();
    return check_report();
}

#else
int main(void) { return check_report(); }
#endif
