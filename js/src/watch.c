// watch.c -- ends calls that take longer than they may: one thread for the process, which sleeps
// until the next of them is over.

#include "addon.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake;
static Watch *all;
static bool started;

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// Those whose time is over are ended. When the next one is; 0: there is none.
static int64_t look(void)
{
    int64_t at = now(), next = 0;
    for (Watch *w = all; w; w = w->next) {
        if (!w->over && w->deadline <= at) {
            w->over = true;
            weft_store_stop(w->store, WEFT_STOP_TIME_LIMIT);
        }
        if (!w->over && (!next || w->deadline < next)) next = w->deadline;
    }
    return next;
}

static void *watch(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    for (;;) {
        int64_t next = look();
        const struct timespec until = {next / 1000000000, next % 1000000000};
        if (next) pthread_cond_timedwait(&wake, &lock, &until);
        else pthread_cond_wait(&wake, &lock);
    }
    return NULL;
}

// It takes no signals: those are for threads with JavaScript.
static bool start_thread(void)
{
    pthread_condattr_t clock;
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t every, before;
    if (started) return true;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&wake, &clock);
    pthread_condattr_destroy(&clock);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    started = !pthread_create(&thread, &attr, watch, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return started;
}

bool watch_ready(void)
{
    pthread_mutex_lock(&lock);
    bool good = start_thread();
    pthread_mutex_unlock(&lock);
    return good;
}

void watch_begin(Watch *w, weft_store *store, int64_t nanoseconds)
{
    int64_t at = now();
    pthread_mutex_lock(&lock);
    *w = (Watch){.next = all, .store = store,
                 .deadline = nanoseconds > INT64_MAX - at ? INT64_MAX : at + nanoseconds};
    all = w;
    pthread_cond_signal(&wake);
    pthread_mutex_unlock(&lock);
}

void watch_end(Watch *w)
{
    pthread_mutex_lock(&lock);
    Watch **at = &all;
    while (*at != w) at = &(*at)->next;
    *at = w->next;
    pthread_mutex_unlock(&lock);
    if (w->over) weft_store_stop(w->store, WEFT_STOP_NOT);
}
