// thread.h -- threads of the host, for work that is divided and waited for.
#pragma once

#include "base/types.h"

typedef struct Thread Thread;

// Runs work(env) beside the caller. NULL: the system refused, and errno says why. The caller joins
// it, which frees it.
Thread *thread_start(void (*work)(void *env), void *env);
void thread_join(Thread *thread); // NULL is fine
void thread_forget(Thread *thread); // instead, in a child made by fork, where it is not
// How many bytes of its stack the calling thread has yet; SIZE_MAX where that cannot be known, as
// on a stack that is not the system's.
size_t thread_stack_left(void);
// What is to be done when a thread ends; the caller's, and thread-local, so that it is there until
// then.
typedef struct ThreadEnding {
    struct ThreadEnding *next;
    void (*work)(void);
} ThreadEnding;
// Calls ending->work when the calling thread ends. False: it cannot.
bool thread_at_end(ThreadEnding *ending);
u32 thread_processors(void);      // that this process may use, at least 1
