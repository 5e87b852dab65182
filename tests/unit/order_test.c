// order_test.c -- how engines are set (weft_engine_set_tier, _beside, _faults, _deterministic,
// _limits) in any order, before and behind what that holds for, by several threads with an engine
// each, with handlers of faults that come and go over and beneath ours, with children made by fork
// at any time, and engines freed in any order while their thread compiles: what a guest gives is
// the same, and what it traps by.

#include "base/types.h"
#include "check.h"
#include "weft.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECES = 1200, MODULES = 3, STORES = 4, THREADS = 4 };
enum { DEEDS = SANITIZES_ADDRESSES || SANITIZES_THREADS ? 150 : 1500 };

// `f` makes of a number another, so many times, in small code or in large; `at` loads.
static const char head[] =
    "(module (memory 1) (func (export \"at\") (param i32) (result i32) (i32.load8_u (local.get 0)))"
    "(func (export \"f\") (param i32 i32) (result i32) (loop";
static const char piece[] =
    "(local.set 0 (i32.mul (i32.add (local.get 0) (i32.const 77)) (i32.const 12345)))"
    "(if (i32.and (local.get 0) (i32.const 64)) (then (local.set 0 (i32.popcnt (local.get 0)))))";
static const char tail[] =
    "(br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1))))) (local.get 0)))";
static char *texts[2]; // with one piece, with many

static void make_texts(void)
{
    for (u32 i = 0; i < 2; i++) {
        u32 pieces = i ? PIECES : 1;
        char *at = texts[i] = malloc(sizeof head + sizeof tail + pieces * sizeof piece);
        if (!at) exit(1);
        at += sprintf(at, "%s", head);
        for (u32 k = 0; k < pieces; k++) at += sprintf(at, "%s", piece);
        sprintf(at, "%s", tail);
    }
}

static u32 expected(u32 x, u32 times, u32 pieces)
{
    for (u32 i = 0; i < times * pieces; i++) {
        x = (x + 77) * 12345;
        if (x & 64) x = (u32)__builtin_popcount(x);
    }
    return x;
}

typedef struct {
    u64 random;
    weft_engine *engine; // NULL: none, or it is freed already and what it made is not
    weft_module *modules[MODULES];
    bool large[MODULES];
    weft_store *stores[STORES];
    weft_func f[STORES], at[STORES];
    bool store_large[STORES];
    u32 failed, calls;
} User;

static u32 pick(User *u, u32 count)
{
    u->random ^= u->random << 13, u->random ^= u->random >> 7, u->random ^= u->random << 17;
    return (u32)(u->random * 0x2545f4914f6cdd1d >> 33) % count;
}

static void expect(User *u, bool good) { u->failed += !good; }

static void set_something(User *u)
{
    static const size_t bytes[] = {0, 1, 1000, 16384, SIZE_MAX};
    weft_engine_limits limits = weft_engine_limits_init();
    weft_diag diag;
    if (!u->engine) return;
    switch (pick(u, 5)) {
    case 0: weft_engine_set_tier(u->engine, (weft_tier)pick(u, 5)); break;
    case 1: weft_engine_set_beside(u->engine, bytes[pick(u, 5)]); break;
    case 2: weft_engine_set_deterministic(u->engine, pick(u, 2)); break;
    case 3: // refused where somebody's handler is over ours since
        if (weft_engine_set_faults(u->engine, pick(u, 3), &diag))
            expect(u, !strcmp(diag.name, "system_error"));
        break;
    default:
        if (pick(u, 4) == 0) limits.code_bytes = 1 << 20;
        expect(u, weft_engine_set_limits(u->engine, &limits, &diag) == WEFT_OK);
    }
}

static void load(User *u)
{
    u32 i = pick(u, MODULES);
    weft_diag diag;
    if (!u->engine) u->engine = weft_engine_new(NULL, &diag);
    weft_module_free(u->modules[i]);
    u->large[i] = pick(u, 2);
    const char *text = texts[u->large[i]];
    u->modules[i] = u->engine ? weft_module_new(u->engine, text, strlen(text), &diag) : NULL;
    expect(u, u->modules[i]);
}

// Of what is no module of this engine's there is no instance.
static void instantiate(User *u)
{
    u32 i = pick(u, STORES), m = pick(u, MODULES);
    weft_diag diag;
    weft_instance instance;
    if (!u->engine || !u->modules[m]) return;
    weft_store_free(u->stores[i]);
    weft_store *s = u->stores[i] = weft_store_new(u->engine, NULL, &diag);
    expect(u, s);
    if (!s) return;
    if (weft_instantiate(s, u->modules[m], NULL, &instance, &diag)) {
        expect(u, !strcmp(diag.name, "limit_code_bytes") || !strcmp(diag.name, "wrong_engine"));
        weft_store_free(s);
        u->stores[i] = NULL;
        return;
    }
    u->store_large[i] = u->large[m];
    expect(u, weft_instance_func(s, instance, "f", &u->f[i], &diag) == WEFT_OK &&
                  weft_instance_func(s, instance, "at", &u->at[i], &diag) == WEFT_OK);
}

static bool short_of_code(const weft_diag *diag)
{
    return !strcmp(diag->name, "out_of_memory");
}

static void call(User *u)
{
    u32 i = pick(u, STORES), times = 1 + pick(u, 40), x = pick(u, 100000);
    weft_diag diag;
    weft_store *s = u->stores[i];
    if (!s) return;
    weft_val args[2] = {weft_i32((int32_t)x), weft_i32((int32_t)times)}, result;
    u32 pieces = u->store_large[i] ? PIECES : 1;
    if (weft_call(s, u->f[i], args, 2, &result, 1, &diag) == WEFT_OK)
        expect(u, (u32)result.of.i32 == expected(x, times, pieces));
    else expect(u, short_of_code(&diag));
    args[0] = weft_i32(pick(u, 2) ? 65535 : 65536);
    weft_status status = weft_call(s, u->at[i], args, 1, &result, 1, &diag);
    if (args[0].of.i32 == 65535) expect(u, status == WEFT_OK || short_of_code(&diag));
    else expect(u, status && (!strcmp(diag.name, "out_of_bounds_memory_access") ||
                              short_of_code(&diag)));
    u->calls++;
}

static void free_something(User *u)
{
    u32 which = pick(u, MODULES + STORES + 1);
    if (which < MODULES) {
        weft_module_free(u->modules[which]);
        u->modules[which] = NULL;
    } else if (which < MODULES + STORES) {
        weft_store_free(u->stores[which - MODULES]);
        u->stores[which - MODULES] = NULL;
    } else {
        weft_engine_free(u->engine);
        u->engine = NULL;
    }
}

static void free_all(User *u)
{
    bool engine_first = pick(u, 2);
    if (engine_first) weft_engine_free(u->engine);
    for (u32 i = 0; i < MODULES; i++) weft_module_free(u->modules[i]);
    for (u32 i = 0; i < STORES; i++) weft_store_free(u->stores[i]);
    if (!engine_first) weft_engine_free(u->engine);
}

static void deed(User *u)
{
    switch (pick(u, 10)) {
    case 0: case 1: set_something(u); break;
    case 2: load(u); break;
    case 3: case 4: instantiate(u); break;
    case 5: if (pick(u, 2)) free_something(u); break;
    default: call(u); break;
    }
}

// ---- Children

static int child(User *u)
{
    for (u32 i = 0; i < 40; i++) deed(u);
    free_all(u);
    return u->failed ? 1 : 0;
}

static void fork_now(User *u)
{
    int status = -1;
    fflush(stdout);
    pid_t id = fork();
    if (id == 0) _exit(child(u));
    expect(u, id > 0 && waitpid(id, &status, 0) == id && status == 0);
}

// ---- Threads, and handlers that are not ours

static void use(User *u, u32 deeds, u32 forks_every)
{
    for (u32 i = 1; i <= deeds; i++) {
        deed(u);
        if (forks_every && i % forks_every == 0) fork_now(u);
    }
    free_all(u);
    memset(u->modules, 0, sizeof u->modules);
}

static void *use_in_thread(void *env)
{
    use(env, DEEDS, 0);
    return NULL;
}

static struct sigaction beneath;

static void pass_on(int number, siginfo_t *info, void *context)
{
    if (beneath.sa_flags & SA_SIGINFO) beneath.sa_sigaction(number, info, context);
    else signal(number, SIG_DFL);
}

// Over whoever is there, and passes on what comes.
static void put_over(void)
{
    struct sigaction act = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGSEGV, NULL, &beneath);
    sigaction(SIGSEGV, &act, NULL);
}

static void in_threads(void)
{
    static User users[THREADS];
    pthread_t threads[THREADS];
    for (u32 i = 0; i < THREADS; i++) {
        users[i] = (User){.random = 99 + i};
        CHECK(pthread_create(&threads[i], NULL, use_in_thread, &users[i]) == 0);
    }
    for (u32 i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_EQ_U64(users[i].failed, 0);
        CHECK(users[i].calls > DEEDS / 20);
    }
}

// One engine's handlers, another's over them, and the engines end in either order.
static void handlers_between(void)
{
    for (u32 round = 0; round < 4; round++) {
        User first = {.random = 5 + round}, second = {.random = 50 + round};
        struct sigaction before;
        weft_diag diag;
        sigaction(SIGSEGV, NULL, &before);
        first.engine = weft_engine_new(NULL, &diag);
        CHECK(first.engine != NULL);
        weft_engine_set_faults(first.engine, true, &diag);
        put_over();
        for (u32 i = 0; i < DEEDS / 10; i++) deed(&first);
        if (round % 2) sigaction(SIGSEGV, &beneath, NULL);
        for (u32 i = 0; i < DEEDS / 10; i++) deed(&second), deed(&first);
        free_all(round & 2 ? &first : &second);
        free_all(round & 2 ? &second : &first);
        if (!(round % 2)) sigaction(SIGSEGV, &before, NULL);
        CHECK_EQ_U64(first.failed + second.failed, 0);
    }
}

int main(void)
{
    make_texts();
    User one = {.random = 12345};
    // who forks with threads may start none under that sanitizer
    use(&one, DEEDS, SANITIZES_THREADS ? 0 : DEEDS / 20);
    CHECK_EQ_U64(one.failed, 0);
    CHECK(one.calls > DEEDS / 20);
    in_threads();
    handlers_between();
    return check_report();
}
