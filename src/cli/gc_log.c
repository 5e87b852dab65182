// gc_log.c -- see gc_log.h.

#include "cli/gc_log.h"

#include "run/gc/collect.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void add(GcLog *log, u32 wait)
{
    if (log->count == log->cap) {
        size_t cap = log->cap ? 2 * log->cap : 1024;
        u32 *waits = realloc(log->waits, cap * sizeof *waits);
        if (!waits) return; // the summary knows of fewer
        log->waits = waits;
        log->cap = cap;
    }
    log->waits[log->count++] = wait;
}

void gc_log_add(void *env, const Collection *c)
{
    GcLog *log = env;
    u64 us = c->ns / 1000;
    add(log, (u32)MIN(us, UINT32_MAX));
    static const char *const names[] = {"minor", "slice", "major"};
    log->majors += c->kind == COLLECTION_major;
    log->slices += c->kind == COLLECTION_slice;
    log->ns += c->ns;
    fprintf(stderr, "gc: %s %" PRIu64 " us, %" PRIu64 " -> %" PRIu64 " bytes, budget %" PRIu64
                    ", %u blocks\n",
            names[c->kind], us, c->before, c->after, c->budget, c->held);
}

static int in_order(const void *a, const void *b)
{
    u32 x = *(const u32 *)a, y = *(const u32 *)b;
    return (x > y) - (x < y);
}

// Of those in order: so much of a hundred is no more than that.
static u32 percentile(const GcLog *log, size_t percent)
{
    size_t at = (log->count * percent + 99) / 100;
    return log->waits[at ? at - 1 : 0];
}

void gc_log_end(GcLog *log)
{
    fprintf(stderr, "gc: %zu collections, %zu major in %zu slices, %" PRIu64 " us",
            log->count - log->slices, log->majors, log->slices, log->ns / 1000);
    if (log->count) {
        qsort(log->waits, log->count, sizeof *log->waits, in_order);
        fprintf(stderr, "; half of them at most %u us, 99%% %u us, the longest %u us",
                percentile(log, 50), percentile(log, 99), log->waits[log->count - 1]);
    }
    fputc('\n', stderr);
    free(log->waits);
}
