// memory.h -- what the process has in memory, for tests of what is kept for good.
#pragma once

#include "base/types.h"

#include <stdio.h>
#include <unistd.h>

// The sanitizers keep what is freed for a while.
enum { MEMORY_SHOWS = !SANITIZES_ADDRESSES && !SANITIZES_THREADS };

static inline long memory_resident(void) // bytes
{
    long pages = 0, all;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%ld %ld", &all, &pages) != 2) pages = 0;
    if (f) fclose(f);
    return pages * sysconf(_SC_PAGESIZE);
}
