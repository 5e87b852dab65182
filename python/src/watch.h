// watch.h -- a thread that looks now and then whether a store has run for long, and then has its
// guest look up (weft_store_set_asked), or ends it when its time is over.
//
// A call costs one exchange and one look. The thread is started by the first call of the process,
// touches nothing of Python's, takes no signals, and sleeps when nothing has run for a while. A
// child made by fork(2) starts its own.
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <weft.h>

enum {
    WATCH_TICK_NS = 5000000, // which is Python's own switch interval
    WATCH_ASK_EVERY = 10,    // ticks: how often a guest is asked after the first time
    WATCH_IDLE = 100,        // ticks without a call, until the thread sleeps
};

typedef struct Watch {
    struct Watch *next, **link;
    weft_store *store;
    atomic_ulong running;  // the number of what runs; 0: nothing does
    unsigned long count;   // what was numbered last
    pthread_t thread;      // that runs it
    // under the lock of all
    unsigned long seen;
    unsigned ticks;        // for which it was seen
    int64_t deadline;      // of CLOCK_MONOTONIC; 0: none
    bool over;             // that was met
} Watch;

extern atomic_bool watch_awake;

void watch_add(Watch *watch, weft_store *store);
void watch_remove(Watch *watch); // while nothing runs
void watch_wake(void);
// False: there is no such thread, and none is to be had.
bool watch_works(void);

// Something begins to run, or goes on after the host had its turn.
static inline void watch_begin(Watch *w)
{
    atomic_exchange(&w->running, ++w->count ? w->count : ++w->count);
    if (__builtin_expect(!atomic_load_explicit(&watch_awake, memory_order_relaxed), 0))
        watch_wake();
}

static inline void watch_end(Watch *w)
{
    atomic_store_explicit(&w->running, 0, memory_order_relaxed);
}

// So many nanoseconds from now on, until that is taken back: was it over?
void watch_limit(Watch *watch, int64_t nanoseconds);
bool watch_unlimit(Watch *watch);
