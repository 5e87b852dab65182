// futex.c -- see plat/futex.h.

#include "plat/futex.h"

#include "plat/clock.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

static const u64 second = 1000000000;

// Where a long has 32 bits there are two calls: the newer one takes seconds of 64 bits.
static long wait_until(const _Atomic u32 *word, u32 expected, u64 deadline)
{
    const int operation = FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG; // a plain wait takes no deadline
#ifdef SYS_futex_time64
    s64 wide[2] = {(s64)(deadline / second), (s64)(deadline % second)};
    long result = syscall(SYS_futex_time64, word, operation, expected,
                          deadline == FUTEX_FOREVER ? NULL : wide, NULL, FUTEX_BITSET_MATCH_ANY);
    if (result == 0 || errno != ENOSYS) return result;
#endif
    long time[2] = {(long)MIN(deadline / second, (u64)LONG_MAX), (long)(deadline % second)};
    return syscall(SYS_futex, word, operation, expected, deadline == FUTEX_FOREVER ? NULL : time,
                   NULL, FUTEX_BITSET_MATCH_ANY);
}

FutexResult futex_wait(const _Atomic u32 *word, u32 expected, u64 deadline)
{
    int before = errno;
    FutexResult result = FUTEX_woken;
    if (wait_until(word, expected, deadline) != 0) {
        switch (errno) {
        case EAGAIN: result = FUTEX_not_equal; break;
        case ETIMEDOUT: result = FUTEX_timed_out; break;
        case EINTR: result = FUTEX_interrupted; break;
        default: // the system has no such call: who looks again and again gets on, if slowly
            if (plat_clock_now(CLOCK_monotonic) >= deadline) result = FUTEX_timed_out;
            else plat_yield();
        }
    }
    errno = before;
    return result;
}

u32 futex_wake(const _Atomic u32 *word, u32 most)
{
    int before = errno;
    long woken = syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG,
                         (int)MIN(most, (u32)INT_MAX));
    errno = before;
    return woken > 0 ? (u32)woken : 0;
}
