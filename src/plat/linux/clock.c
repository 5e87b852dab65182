// clock.c -- clocks by clock_gettime.

#include "plat/clock.h"

#include <sched.h>
#include <time.h>

static const clockid_t host_clock[CLOCK_COUNT] = {
    [CLOCK_realtime] = CLOCK_REALTIME,
    [CLOCK_monotonic] = CLOCK_MONOTONIC,
    [CLOCK_process_cpu] = CLOCK_PROCESS_CPUTIME_ID,
    [CLOCK_thread_cpu] = CLOCK_THREAD_CPUTIME_ID,
};

static u64 nanoseconds(struct timespec t)
{
    return t.tv_sec < 0 ? 0 : (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

u64 plat_clock_now(PlatClock clock)
{
    struct timespec t;
    return clock_gettime(host_clock[clock], &t) ? 0 : nanoseconds(t);
}

u64 plat_clock_resolution(PlatClock clock)
{
    struct timespec t;
    if (clock_getres(host_clock[clock], &t)) return 1;
    return MAX(nanoseconds(t), 1);
}

void plat_yield(void) { sched_yield(); }
