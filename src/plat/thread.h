// thread.h -- threads of the host, for work that is divided and waited for.
#pragma once

#include "base/types.h"

typedef struct Thread Thread;

// Runs work(env) beside the caller. NULL: the system refused. The caller joins it, which frees it.
Thread *thread_start(void (*work)(void *env), void *env);
void thread_join(Thread *thread); // NULL is fine
u32 thread_processors(void);      // that this process may use, at least 1
