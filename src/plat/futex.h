// futex.h -- threads that sleep on a word of memory, and who wakes them.
//
//     waits                                       wakes
//     while (word == old)                         word = new
//         futex_wait(&word, old, FUTEX_FOREVER)   futex_wake(&word, 1)
//
// The word is compared and its thread put to sleep in one step, so who changes it first and wakes
// then is never missed. Nobody is promised that the word has changed when it returns: look again.
#pragma once

#include "base/types.h"

#include <stdatomic.h>

typedef enum {
    FUTEX_woken,       // by futex_wake, or for no reason
    FUTEX_not_equal,   // the word was another already
    FUTEX_timed_out,
    FUTEX_interrupted, // by a signal
} FutexResult;

#define FUTEX_FOREVER UINT64_MAX

// Sleeps while *word is `expected`, until it is woken or CLOCK_monotonic is at `deadline`, in
// nanoseconds; so who goes on waiting after a signal waits no longer in all.
FutexResult futex_wait(const _Atomic u32 *word, u32 expected, u64 deadline);
// Wakes at most `most` of the threads of this process that sleep on the word; how many they were.
// The word may be gone by then: its address is all that is used. Safe in signal handlers.
u32 futex_wake(const _Atomic u32 *word, u32 most);
