// thread.c -- see plat/thread.h.

#include "plat/thread.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

struct Thread {
    pthread_t id;
    void (*work)(void *env);
    void *env;
};

static void *run(void *thread)
{
    Thread *t = thread;
    t->work(t->env);
    return NULL;
}

// Signals are for the thread that was there first.
Thread *thread_start(void (*work)(void *env), void *env)
{
    Thread *t = malloc(sizeof *t);
    if (!t) return NULL;
    *t = (Thread){.work = work, .env = env};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    bool started = pthread_create(&t->id, NULL, run, t) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started) return t;
    free(t);
    return NULL;
}

void thread_join(Thread *t)
{
    if (!t) return;
    pthread_join(t->id, NULL);
    free(t);
}

u32 thread_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set)) return 1;
    return MAX(1u, (u32)CPU_COUNT(&set));
}
