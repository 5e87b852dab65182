// clock.h -- the host's clocks, in nanoseconds.
#pragma once

#include "base/types.h"

typedef enum {
    CLOCK_realtime,    // since 1970-01-01, may jump
    CLOCK_monotonic,   // since some moment, never goes back
    CLOCK_process_cpu, // time this process has computed
    CLOCK_thread_cpu,  // time this thread has computed
    CLOCK_COUNT
} PlatClock;

u64 plat_clock_now(PlatClock clock);        // 0 if the host has no such clock
u64 plat_clock_resolution(PlatClock clock); // at least 1
void plat_yield(void);                      // lets other threads run
