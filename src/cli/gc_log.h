// gc_log.h -- what the collector does, on standard error: a line for each collection, and in the
// end how long they took.
#pragma once

#include "run/store.h"

typedef struct {
    u32 *waits;     // of each, in microseconds
    size_t count, cap, majors;
    u64 ns;
} GcLog;

// The store tells it from now on; it must last as long.
void gc_log_begin(GcLog *log, Store *store);
// The summary. Nothing more is told.
void gc_log_end(GcLog *log, Store *store);
