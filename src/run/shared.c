// shared.c -- who waits for whom. See shared.h; what a shared memory is made of is in memory.c.

#include "run/shared.h"

#include "plat/clock.h"
#include "plat/futex.h"
#include "run/slow.h"

#ifndef WEFT_MICRO

static WaitQueue *queue_of(SharedMemory *s, u64 at)
{
    return &s->queues[(at >> 2) * 0x9e3779b97f4a7c15 >> 32 & (WAIT_QUEUES - 1)];
}

static void unlink_waiter(WaitQueue *q, Waiter *w)
{
    *(w->newer ? &w->newer->older : &q->newest) = w->older;
    *(w->older ? &w->older->newer : &q->oldest) = w->newer;
    w->queued = false;
}

// False: the cell holds something else.
static bool begin(WaitQueue *q, Waiter *w, const u8 *cell, u64 expected, u32 bytes)
{
    pthread_mutex_lock(&q->lock);
    u64 now = bytes == 4 ? __atomic_load_n((const u32 *)(const void *)cell, __ATOMIC_SEQ_CST)
                         : __atomic_load_n((const u64 *)(const void *)cell, __ATOMIC_SEQ_CST);
    bool same = now == expected;
    if (same) {
        w->older = q->newest;
        *(q->newest ? &q->newest->newer : &q->oldest) = w;
        q->newest = w;
        w->queued = true;
    }
    pthread_mutex_unlock(&q->lock);
    return same;
}

// Was it notified? Whoever did that is through with it then.
static bool end(WaitQueue *q, Waiter *w)
{
    pthread_mutex_lock(&q->lock);
    bool notified = !w->queued;
    if (notified)
        atomic_fetch_and_explicit(&w->exec->stop, ~(u32)STOP_NOTIFIED, memory_order_relaxed);
    else unlink_waiter(q, w);
    pthread_mutex_unlock(&q->lock);
    return notified;
}

enum { WAIT_ok, WAIT_not_equal, WAIT_timed_out }; // what the instruction answers

// Is it to stop? `held`: not for a pause.
static bool is_due(Exec *x, bool held)
{
    return (held ? exec_asked(x) != TRAP_none : exec_due(x)) || exec_stop_word(x) & STOP_ASK;
}

// Until it is notified, its time is over, or it is to stop: then *stopped.
static u32 wait_here(Exec *x, SharedMemory *s, u64 at, u64 expected, u32 bytes, u64 deadline,
                     bool held, bool *stopped)
{
    WaitQueue *q = queue_of(s, at);
    Waiter w = {.exec = x, .at = at};
    FutexResult how = FUTEX_woken;
    if (!begin(q, &w, s->whole.base + at, expected, bytes)) return WAIT_not_equal;
    for (u32 word; how != FUTEX_timed_out; how = futex_wait(&x->stop, word, deadline)) {
        word = exec_stop_word(x);
        *stopped = is_due(x, held);
        if (*stopped || word & STOP_NOTIFIED) break;
    }
    if (!end(q, &w)) return WAIT_timed_out;
    *stopped = false; // that comes at the next place
    return WAIT_ok;
}

static u64 deadline_of(s64 timeout)
{
    u64 deadline;
    if (timeout < 0 ||
        __builtin_add_overflow(plat_clock_now(CLOCK_monotonic), (u64)timeout, &deadline))
        return FUTEX_FOREVER;
    return deadline;
}

static u64 time_left(u64 deadline)
{
    u64 now = plat_clock_now(CLOCK_monotonic);
    if (deadline == FUTEX_FOREVER) return (u64)-1;
    return deadline > now ? deadline - now : 0;
}

// The same where others keep who waits. What stops the guest wakes nobody there, so it looks now
// and then. Who changes the cell in between may have notified in vain.
static u32 wait_there(Exec *x, SharedMemory *s, u64 at, u64 expected, u32 bytes, u64 deadline,
                      bool held, bool *stopped)
{
    enum { SLICE_NS = 5000000 };
    for (bool again = false;; again = true) {
        u64 left = time_left(deadline), slice = MIN(left, (u64)SLICE_NS);
        u32 answer = s->host.wait(s->host.env, at, expected, bytes, slice);
        if (answer == WAIT_not_equal && again) return WAIT_ok;
        if (answer != WAIT_timed_out || left == slice) return answer;
        if ((*stopped = is_due(x, held))) return answer;
    }
}

// v: address, what is expected, nanoseconds.
Trap exec_wait(Exec *x, Memory *m, u64 offset, u32 bytes, u64 *v)
{
    u8 *cell;
    Trap trap = slow_atomic_address(m, v[0], offset, bytes, &cell);
    if (trap) return trap;
    if (!m->shared) return TRAP_expected_shared_memory;
    // Who goes on while a pause holds is to get further: to the end.
    bool held = x->passed && exec_stop_word(x) & STOP_PAUSE;
    if (exec_stop_word(x) && (trap = exec_poll(x)) != TRAP_none) return trap;
    x->passed = false;
    u64 deadline = deadline_of((s64)v[2]), at = (u64)(cell - m->base);
    u64 expected = bytes == 4 ? (u32)v[1] : v[1];
    SharedMemory *s = m->shared;
    for (;;) {
        bool stopped = false;
        u32 answer = (s->host.wait ? wait_there : wait_here)(x, s, at, expected, bytes, deadline,
                                                             held, &stopped);
        if (!stopped) {
            v[0] = answer;
            return answer > WAIT_timed_out ? TRAP_host : TRAP_none;
        }
        v[2] = time_left(deadline);
        if ((trap = exec_poll(x)) != TRAP_none) return trap;
    }
}

// Who was taken out is woken behind the lock, which it would else meet at once; it may be gone by
// then. The address alone is used: whatever sleeps there wakes once more than it need. Of many all
// but the last few are woken before.
u32 shared_notify(SharedMemory *s, u64 at, u32 most, u32 *looked)
{
    enum { FEW = 8 };
    if (s->host.notify) return s->host.notify(s->host.env, at, most);
    WaitQueue *q = queue_of(s, at);
    const _Atomic u32 *woken[FEW];
    u32 count = 0;
    *looked = 0;
    pthread_mutex_lock(&q->lock);
    for (Waiter *w = q->oldest, *newer; w && count < most; w = newer) {
        newer = w->newer;
        ++*looked;
        if (w->at != at) continue;
        unlink_waiter(q, w);
        atomic_fetch_or_explicit(&w->exec->stop, STOP_NOTIFIED, memory_order_relaxed);
        const _Atomic u32 **slot = &woken[count++ % FEW];
        if (count > FEW) futex_wake(*slot, 1);
        *slot = &w->exec->stop;
    }
    pthread_mutex_unlock(&q->lock);
    for (u32 i = 0; i < MIN(count, FEW); i++) futex_wake(woken[i], 1);
    return count;
}

// v: address, how many at most. In a memory that is not shared nobody waits.
Trap memory_notify(Exec *x, Memory *m, u64 offset, u64 *v)
{
    u8 *cell;
    Trap trap = slow_atomic_address(m, v[0], offset, 4, &cell);
    if (trap) return trap;
    u32 looked = 0;
    v[0] = m->shared ? shared_notify(m->shared, (u64)(cell - m->base), (u32)v[1], &looked) : 0;
    exec_pay_late(x, (u64)looked * PRICE_waiter);
    return TRAP_none;
}

#endif
