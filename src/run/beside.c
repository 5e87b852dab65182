// beside.c -- see beside.h.

#include "run/beside.h"

#include "plat/clock.h"
#include "plat/futex.h"
#include "plat/process.h"
#include "run/warm.h"

#if NATIVE

enum { TICK_NS = 1000000 };

bool beside_init(Beside *b)
{
    b->bytes = BESIDE_BYTES;
    return pthread_mutex_init(&b->lock, NULL) == 0;
}

static void lock(Beside *b) { pthread_mutex_lock(&b->lock); }
static void unlock(Beside *b) { pthread_mutex_unlock(&b->lock); }

// Under the lock, as all that follows but the thread.
static void changed(Beside *b)
{
    atomic_fetch_add(&b->changes, 1);
    futex_wake(&b->changes, INT32_MAX);
}

// Gives up the lock until something has changed, or so many ns have passed.
static void sleep_until_changed(Beside *b, u64 most)
{
    u32 seen = atomic_load(&b->changes);
    unlock(b);
    futex_wait(&b->changes, seen,
               most == FUTEX_FOREVER ? most : plat_clock_now(CLOCK_monotonic) + most);
    lock(b);
}

static bool same(const BesideWork *a, const BesideWork *b)
{
    return a->code == b->code && a->func == b->func && a->optimize == b->optimize &&
           a->begins == b->begins;
}

static BesideWork *nth(Beside *b, u32 n) { return &b->queue[(b->first + n) % BESIDE_MOST]; }

static bool is_asked_for(Beside *b, const BesideWork *work)
{
    if (same(&b->now, work)) return true;
    for (u32 i = 0; i < b->count; i++)
        if (same(nth(b, i), work)) return true;
    return false;
}

static bool ask(Beside *b, const BesideWork *work)
{
    if (is_asked_for(b, work)) return true;
    if (b->count == BESIDE_MOST) return false;
    *nth(b, b->count++) = *work;
    changed(b);
    return true;
}

// ---- The thread ---------------------------------------------------------------------------------

// What a guest has no code for comes before what is to be better.
static BesideWork take(Beside *b)
{
    u32 n = 0;
    while (n < b->count && nth(b, n)->optimize) n++;
    if (n == b->count) n = 0;
    b->now = *nth(b, n);
    for (; n; n--) *nth(b, n) = *nth(b, n - 1);
    b->first = (b->first + 1) % BESIDE_MOST;
    b->count--;
    atomic_store(&b->cancel, 0);
    return b->now;
}

// Whoever counts is to look soon, or not again.
static void finish(Beside *b, Compiled made)
{
    const BesideWork *now = &b->now;
    bool failed = made == COMPILED_not || made == COMPILED_short;
    if (!now->optimize)
        atomic_store_explicit(&now->code->heat[now->func], failed ? INT32_MAX : 0,
                              memory_order_relaxed);
    else if (failed) warm_never(now->code, now->func);
    b->now.code = NULL;
    changed(b);
}

static Compiled compile(const BesideWork *work, Halt halt)
{
    return work->optimize ? native_optimize(work->code, work->func, work->begins, halt)
                          : native_compile(work->code, work->func, halt);
}

// Who has looked up since the last time is to do so again. Who has not does not run, and will say
// when he does.
static void tick(Beside *b)
{
    u32 kept = 0;
    for (u32 i = 0; i < b->watched_count; i++) {
        u32 before = atomic_fetch_or_explicit(&b->watched[i]->stop, STOP_TICK,
                                              memory_order_relaxed);
        if (!(before & STOP_TICK)) b->watched[kept++] = b->watched[i];
    }
    b->watched_count = kept;
}

static void rest(Beside *b)
{
    u64 now = b->watched_count ? plat_clock_now(CLOCK_monotonic) : 0;
    if (!b->watched_count || now < b->tick) {
        sleep_until_changed(b, b->watched_count ? b->tick - now : FUTEX_FOREVER);
        return;
    }
    tick(b);
    b->tick = now + TICK_NS;
}

static void work(void *env)
{
    Beside *b = env;
    lock(b);
    while (!b->ends) {
        if (!b->count) {
            rest(b);
            continue;
        }
        BesideWork next = take(b);
        unlock(b);
        Compiled made = compile(&next, (Halt){&b->cancel, UINT32_MAX});
        lock(b);
        finish(b, made);
    }
    unlock(b);
}

static void start(Beside *b)
{
    u32 process;
    if (b->thread || b->refused) return;
    b->refused = process_number(&process) || !(b->thread = thread_start(work, b));
    if (b->thread) atomic_store(&b->process, process);
}

// Is there a thread, and in this process? Else nothing was asked for that is still of any use.
static bool is_here(Beside *b)
{
    u32 there = atomic_load(&b->process), here;
    return there && !process_number(&here) && here == there;
}

void beside_free(Beside *b)
{
    if (is_here(b)) {
        lock(b);
        b->ends = true;
        atomic_store(&b->cancel, 1);
        changed(b);
        unlock(b);
        thread_join(b->thread);
    } else {
        thread_forget(b->thread);
    }
    pthread_mutex_destroy(&b->lock);
}

// ---- Who needs code -----------------------------------------------------------------------------

bool beside_takes(Beside *b, const ModuleCode *code, u32 func)
{
    const Range *body = &code->module->funcs[func].body;
    if (body->end - body->start <= b->bytes) return false;
    if (is_here(b)) return true;
    if (atomic_load(&b->process)) return false; // it is a child
    lock(b);
    start(b);
    bool good = b->thread;
    unlock(b);
    return good;
}

bool beside_ask(Beside *b, BesideWork work)
{
    lock(b);
    bool asked = ask(b, &work);
    unlock(b);
    return asked;
}

void beside_wait(Beside *b, ModuleCode *code, u32 func, const Exec *x)
{
    enum { LOOK_NS = 1000000 }; // nobody who stops a guest wakes it
    const BesideWork work = {.code = code, .func = func};
    lock(b);
    bool asked = false;
    while (!exec_due(x) && (asked ? is_asked_for(b, &work) : true)) {
        asked = asked || ask(b, &work);
        sleep_until_changed(b, LOOK_NS);
    }
    unlock(b);
}

void beside_watch(Beside *b, Exec *x)
{
    x->unwatched = false;
    if (!is_here(b) && atomic_load(&b->process)) return; // it is a child
    lock(b);
    start(b);
    u32 i = 0;
    while (i < b->watched_count && b->watched[i] != x) i++;
    if (b->thread && i == b->watched_count && i < BESIDE_WATCHED) {
        b->watched[b->watched_count++] = x;
        if (!i) b->tick = plat_clock_now(CLOCK_monotonic) + TICK_NS;
        if (!i) changed(b);
    }
    x->unwatched = i == BESIDE_WATCHED;
    unlock(b);
}

void beside_unwatch(Beside *b, Exec *x)
{
    if (!is_here(b)) return;
    lock(b);
    for (u32 i = 0; i < b->watched_count; i++)
        if (b->watched[i] == x) b->watched[i--] = b->watched[--b->watched_count];
    unlock(b);
}

void beside_forget(Beside *b, const Module *m)
{
    if (!is_here(b)) return;
    lock(b);
    u32 kept = 0;
    for (u32 i = 0; i < b->count; i++)
        if (nth(b, i)->code->module != m) *nth(b, kept++) = *nth(b, i);
    b->count = kept;
    changed(b);
    while (b->now.code && b->now.code->module == m) {
        atomic_store(&b->cancel, 1);
        sleep_until_changed(b, FUTEX_FOREVER);
    }
    unlock(b);
}

#endif
