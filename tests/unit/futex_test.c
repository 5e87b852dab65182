// futex_test.c -- sleeping on a word: each way it ends, and that nobody sleeps through what he
// waits for.
// Hazards: R58.

#include "check.h"
#include "plat/clock.h"
#include "plat/futex.h"
#include "plat/thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

static u64 in(u64 nanoseconds) { return plat_clock_now(CLOCK_monotonic) + nanoseconds; }

static void test_ends(void)
{
    _Atomic u32 word = 7;
    errno = 1234;
    CHECK_EQ_U64(futex_wait(&word, 8, FUTEX_FOREVER), FUTEX_not_equal);
    CHECK_EQ_U64(futex_wait(&word, 8, 0), FUTEX_not_equal);
    CHECK_EQ_U64(futex_wait(&word, 7, 0), FUTEX_timed_out);
    u64 deadline = in(3000000);
    CHECK_EQ_U64(futex_wait(&word, 7, deadline), FUTEX_timed_out);
    CHECK(plat_clock_now(CLOCK_monotonic) >= deadline);
    CHECK_EQ_U64(futex_wake(&word, UINT32_MAX), 0);
    CHECK_EQ_U64(errno, 1234);
}

// Two that take turns: each change has one who waits for it, and one wake-up. If any were lost both
// would sleep for ever, so here is a deadline.
enum { TURNS = 20000 };
static _Atomic u32 turn;

static void take_turns(u32 mine)
{
    u64 late = in(60u * 1000000000u);
    for (u32 i = 0; i < TURNS; i++) {
        for (u32 seen; (seen = atomic_load(&turn)) % 2 != mine;) {
            FutexResult result = futex_wait(&turn, seen, late);
            if (result == FUTEX_timed_out) {
                CHECK(!"a wake-up was lost");
                return;
            }
        }
        atomic_fetch_add(&turn, 1);
        futex_wake(&turn, 1);
    }
}

static void other_turns(void *env) { take_turns(1); }

static void test_turns(void)
{
    Thread *other = thread_start(other_turns, NULL);
    if (!CHECK(other != NULL)) return;
    take_turns(0);
    thread_join(other);
    CHECK_EQ_U64(atomic_load(&turn), 2 * TURNS);
}

// Many sleep on one word; each wake-up is somebody's, so the counts of both sides agree.
enum { SLEEPERS = 6, ROUNDS = 200 };
static _Atomic u32 gate, asleep, woken;

static void sleep_once(void *env)
{
    u32 seen = atomic_load(&gate);
    atomic_fetch_add(&asleep, 1);
    while (atomic_load(&gate) == seen)
        if (futex_wait(&gate, seen, in(60u * 1000000000u)) == FUTEX_woken)
            atomic_fetch_add(&woken, 1);
}

static void test_many(void)
{
    u64 told = 0;
    for (u32 round = 0; round < ROUNDS; round++) {
        Thread *threads[SLEEPERS];
        atomic_store(&asleep, 0);
        for (u32 i = 0; i < SLEEPERS; i++)
            CHECK((threads[i] = thread_start(sleep_once, NULL)) != NULL);
        while (atomic_load(&asleep) < SLEEPERS) plat_yield();
        // Some too early, to no use: they look and sleep again.
        for (u32 i = 0; i < round % 4; i++) told += futex_wake(&gate, 1);
        atomic_fetch_add(&gate, 1);
        u32 few = futex_wake(&gate, 2);
        CHECK(few <= 2);
        told += few + futex_wake(&gate, UINT32_MAX);
        for (u32 i = 0; i < SLEEPERS; i++) thread_join(threads[i]);
    }
    CHECK(atomic_load(&woken) >= told); // the system may wake for no reason
    CHECK(told > 0);
}

// A signal ends it; the deadline is what it was.
static void nothing(int number) {}

static _Atomic u32 never, ended;

static void *wait_for_signal(void *env)
{
    FutexResult result;
    while ((result = futex_wait(&never, 0, in(60u * 1000000000u))) == FUTEX_woken) {}
    atomic_store(&ended, 1 + result);
    return NULL;
}

static void test_signal(void)
{
    struct sigaction act = {.sa_handler = nothing, .sa_flags = SA_RESTART}, before;
    sigaction(SIGUSR1, &act, &before);
    pthread_t thread;
    if (!CHECK(pthread_create(&thread, NULL, wait_for_signal, NULL) == 0)) return;
    while (!atomic_load(&ended)) { // which may not sleep yet
        pthread_kill(thread, SIGUSR1);
        futex_wait(&never, 0, in(1000000));
    }
    pthread_join(thread, NULL);
    CHECK_EQ_U64(atomic_load(&ended), 1 + FUTEX_interrupted);
    sigaction(SIGUSR1, &before, NULL);
}

int main(void)
{
    test_ends();
    test_turns();
    test_many();
    test_signal();
    return check_report();
}
