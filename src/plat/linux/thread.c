// thread.c -- see plat/thread.h.

#include "plat/thread.h"

#include <errno.h>
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

// Signals are for the thread that was there first; but faults are for the one that has them, and
// end the process, whatever handles them, where they are blocked.
Thread *thread_start(void (*work)(void *env), void *env)
{
    Thread *t = malloc(sizeof *t);
    if (!t) return NULL;
    *t = (Thread){.work = work, .env = env};
    sigset_t all, before;
    sigfillset(&all);
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
    for (u32 i = 0; i < COUNT_OF(faults); i++) sigdelset(&all, faults[i]);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int failed = pthread_create(&t->id, NULL, run, t);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!failed) return t;
    free(t);
    errno = failed;
    return NULL;
}

void thread_join(Thread *t)
{
    if (!t) return;
    pthread_join(t->id, NULL);
    free(t);
}

void thread_forget(Thread *t) { free(t); }

static pthread_key_t endings;
static bool have_endings;

static void end_thread(void *first)
{
    for (ThreadEnding *e = first, *next; e; e = next) {
        next = e->next;
        e->work();
    }
}

static void make_endings(void) { have_endings = pthread_key_create(&endings, end_thread) == 0; }

bool thread_at_end(ThreadEnding *ending)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_endings);
    if (!have_endings) return false;
    ending->next = pthread_getspecific(endings);
    return pthread_setspecific(endings, ending) == 0;
}

// The lowest address of this thread's stack, and what is behind its highest; both 0 before anybody
// asked. Asking takes a system call, or the reading of a file.
static THREAD_LOCAL uintptr_t stack_low, stack_high;

static void find_stack(void)
{
    pthread_attr_t attr;
    void *low;
    size_t size;
    stack_high = 1;
    if (pthread_getattr_np(pthread_self(), &attr)) return;
    if (!pthread_attr_getstack(&attr, &low, &size)) {
        stack_low = (uintptr_t)low;
        stack_high = stack_low + size;
    }
    pthread_attr_destroy(&attr);
}

size_t thread_stack_left(void)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (!stack_high) find_stack();
    return here > stack_low && here < stack_high ? here - stack_low : SIZE_MAX;
}

u32 thread_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set)) return 1;
    return MAX(1u, (u32)CPU_COUNT(&set));
}
