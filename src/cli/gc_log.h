// gc_log.h -- what the collector does, on standard error: a line for each collection, and in the
// end how long they took.
#pragma once

#include "run/store.h"

typedef struct {
    u32 *waits;     // of each, in microseconds
    size_t count, cap, majors, slices;
    u64 ns;
} GcLog;

// A store's `collected`, with a log that was zeroed as its environment.
void gc_log_add(void *log, const Collection *collection);
// The summary, of what was told so far. Nothing more is to be told.
void gc_log_end(GcLog *log);
