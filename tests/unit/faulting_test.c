// faulting_test.c -- compiled guests whose accesses fault, as the embedder's threads and handlers
// are: with and without an alternate stack, with a handler of SIGSEGV that was there before the
// engine, or came after it; and faults of the host's own, in a function that compiled code called,
// which are not a guest's.
// Hazards: R22.

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const char text[] =
    "(module (import \"h\" \"f\" (func $host (param i32)))"
    "  (memory (export \"m\") 1)"
    "  (func (export \"load\") (param $at i32) (result i32) (local $s i32) (local $n i32)"
    "    (local.set $n (i32.const 3))"
    "    (loop $l"
    "      (local.set $s (i32.add (local.get $s) (i32.load (local.get $at))))"
    "      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    "    (local.get $s))"
    "  (func (export \"host\") (param i32) (result i32)"
    "    (call $host (local.get 0))"
    "    (i32.load (local.get 0))))";
enum { INSIDE = 1024, BEYOND = 65536, FAR = 0x7fffffff, THREADS = 3, TURNS = 200 };

typedef struct {
    Engine *engine;
    Source source;
    Store *store;
    Instance *inst;
} World;

static size_t page;
static u8 *closed; // nobody may access it before a handler opens it
static _Atomic u32 foreign_calls;

// ---- The host

// Its own fault, which a foreign handler mends: once, and goes on.
static Trap host(HostCall *call)
{
    if ((u32)call->slots[0] == INSIDE) *(volatile u8 *)closed = 1;
    return TRAP_none;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    *out = (Extern){.kind = import->kind};
    out->func = func_new_host(env, type->func, host, NULL);
    return true;
}

static bool make(World *w)
{
    Diag diag;
    *w = (World){.engine = engine_new(features_default)};
    w->engine->tier = TIER_baseline;
    engine_set_faults(w->engine, true);
    if (!source_load(&w->source, w->engine, (const u8 *)text, sizeof text - 1, &diag)) return false;
    w->store = engine_store(w->engine);
    w->inst = engine_instantiate(w->store, w->source.module, resolve, w->store, &diag).instance;
    return w->inst != NULL;
}

static void drop(World *w)
{
    store_free(w->store);
    source_free(&w->source);
    engine_free(w->engine);
}

static Trap run(const World *w, const char *name, u32 at, u32 *result)
{
    Extern e = {0};
    u64 slots[4] = {at};
    instance_export(w->inst, bytes_of(name), &e);
    Trap trap = engine_call(w->store, e.func, slots, COUNT_OF(slots));
    *result = (u32)slots[0];
    return trap;
}

// Beyond the memory it traps, at its edge and far from it; in between it goes on as ever.
static bool in_order(const World *w)
{
    u32 r;
    w->inst->memories[0]->base[INSIDE] = 7;
    return run(w, "load", BEYOND, &r) == TRAP_out_of_bounds_memory_access &&
           run(w, "load", INSIDE, &r) == TRAP_none && r == 21 &&
           run(w, "load", BEYOND - 3, &r) == TRAP_out_of_bounds_memory_access &&
           run(w, "host", FAR, &r) == TRAP_out_of_bounds_memory_access &&
           run(w, "load", BEYOND - 4, &r) == TRAP_none && r == 0;
}

// ---- Threads

typedef struct { bool alternate; u32 wrong; } ThreadCase;

static void *in_thread(void *env)
{
    ThreadCase *c = env;
    World w;
    stack_t stack = {.ss_size = 1 << 17}, none = {.ss_flags = SS_DISABLE};
    if (c->alternate) stack.ss_sp = malloc(stack.ss_size);
    sigaltstack(c->alternate ? &stack : &none, NULL);
    if (make(&w))
        for (u32 i = 0; i < TURNS; i++) c->wrong += !in_order(&w);
    else c->wrong++;
    drop(&w);
    sigaltstack(&none, NULL); // a sanitizer's own, too
    free(stack.ss_sp);
    return NULL;
}

static void test_threads(void)
{
    ThreadCase cases[2 * THREADS];
    pthread_t threads[COUNT_OF(cases)];
    for (u32 i = 0; i < COUNT_OF(cases); i++) {
        cases[i] = (ThreadCase){.alternate = i % 2};
        CHECK_EQ_U64(pthread_create(&threads[i], NULL, in_thread, &cases[i]), 0);
    }
    for (u32 i = 0; i < COUNT_OF(cases); i++) {
        pthread_join(threads[i], NULL);
        CHECK_EQ_U64(cases[i].wrong, 0);
    }
}

// ---- Foreign handlers

static struct sigaction lower; // whoever is beneath a handler that was installed over the engine's

// Mends what is the host's, and knows nothing of guests.
static void foreign(int number, siginfo_t *info, void *context)
{
    foreign_calls++;
    if ((u8 *)info->si_addr - closed < (ptrdiff_t)page && (u8 *)info->si_addr >= closed)
        mprotect(closed, page, PROT_READ | PROT_WRITE);
    else if (lower.sa_sigaction) lower.sa_sigaction(number, info, context);
    else _exit(99); // a guest's fault came here
}

static void check_host(const World *w)
{
    u32 r;
    mprotect(closed, page, PROT_NONE);
    *(volatile u32 *)(void *)(w->inst->memories[0]->base + INSIDE) = 7;
    CHECK_EQ_U64(run(w, "host", INSIDE, &r), TRAP_none);
    CHECK_EQ_U64(r, 7);
}

// Before: the engine keeps guests' faults for itself, and passes the host's on.
static void test_before(const struct sigaction *act)
{
    World w;
    struct sigaction was, now;
    sigaction(SIGSEGV, act, &was);
    lower = (struct sigaction){0};
    foreign_calls = 0;
    if (CHECK(make(&w))) {
        for (u32 i = 1; i < 5; i++) {
            CHECK(in_order(&w));
            check_host(&w);
            CHECK_EQ_U64(foreign_calls, i);
        }
    }
    drop(&w);
    sigaction(SIGSEGV, &was, &now);
    CHECK(now.sa_sigaction == foreign); // it is back
}

// After: all come to it first, and it passes on what is not its own.
static void test_after(const struct sigaction *act)
{
    World w;
    foreign_calls = 0;
    if (CHECK(make(&w))) {
        sigaction(SIGSEGV, act, &lower);
        for (u32 i = 0; i < 4; i++) {
            CHECK(in_order(&w));
            check_host(&w);
        }
        CHECK_EQ_U64(foreign_calls, 4 * (3 + 1)); // three of in_order's traps, and the host's
        sigaction(SIGSEGV, &lower, NULL);
    }
    drop(&w);
}

// An address that a guest's code cannot have touched: as if the fault had been there.
static u8 *elsewhere;

static void displaced(int number, siginfo_t *info, void *context)
{
    if (elsewhere) info->si_addr = elsewhere;
    lower.sa_sigaction(number, info, context);
}

// How a process ends whose guest faults at `at`: 0, or a signal's number.
static int end_of_fault(const World *w, u8 *at)
{
    const struct sigaction act = {.sa_sigaction = displaced, .sa_flags = SA_SIGINFO};
    u32 r;
    int status = -1;
    pid_t child = fork();
    if (!child) {
        const struct rlimit none = {0};
        setrlimit(RLIMIT_CORE, &none);
        sigaction(SIGSEGV, &act, &lower);
        elsewhere = at;
        _exit(run(w, "load", BEYOND, &r) != TRAP_out_of_bounds_memory_access);
    }
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : status;
}

// What a guest touches is its own memory, or it is no trap: not another's, however well guarded.
static void test_anothers(void)
{
    World w, other;
    struct sigaction dies = {.sa_handler = SIG_DFL}, was; // a sanitizer would report
    sigaction(SIGSEGV, &dies, &was);
    if (CHECK(make(&w)) && CHECK(make(&other))) {
        CHECK_EQ_U64(end_of_fault(&w, NULL), 0);
        CHECK_EQ_U64(end_of_fault(&w, w.inst->memories[0]->base + FAR), 0);
        CHECK_EQ_U64(end_of_fault(&w, other.inst->memories[0]->base + BEYOND), SIGSEGV);
        CHECK_EQ_U64(end_of_fault(&w, closed), SIGSEGV);
    }
    drop(&other);
    drop(&w);
    sigaction(SIGSEGV, &was, NULL);
}

int main(void)
{
    if (!tier_lacks()) {
        const struct sigaction act = {.sa_sigaction = foreign, .sa_flags = SA_SIGINFO};
        page = (size_t)sysconf(_SC_PAGESIZE);
        closed = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        test_threads();
        test_before(&act);
        test_after(&act);
        test_anothers();
        munmap(closed, page);
    }
    return check_report();
}
