// clock.h -- times by the clock, and their order.
#pragma once

#include <stdlib.h>
#include <time.h>

static double now(void) // ns
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// The least comes first, and the median is in the middle.
static void order(double *times, int count)
{
    qsort(times, (size_t)count, sizeof *times, compare);
}
