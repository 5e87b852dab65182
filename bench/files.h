// files.h -- what is done over and over with files in memory: reading them, and a thread's time.
#pragma once

#include "base/types.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static u8 *read_file(const char *name, size_t *size)
{
    FILE *f = fopen(name, "rb");
    if (!f || fseek(f, 0, SEEK_END)) return NULL;
    *size = (size_t)ftell(f);
    rewind(f);
    u8 *data = malloc(*size + 1);
    if (!data || fread(data, 1, *size, f) != *size) return NULL;
    fclose(f);
    return data;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}
