// watch.c -- see watch.h.

#include "watch.h"

#include <signal.h>
#include <time.h>

atomic_bool watch_awake;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_once_t forks = PTHREAD_ONCE_INIT;
static Watch *all;
static bool started, failed;

static int64_t clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// Has it run through since the last look? Then its guest is asked, at once and after that rarely.
static void look_at(Watch *w, int64_t now)
{
    unsigned long running = atomic_load(&w->running);
    w->ticks = running && running == w->seen ? w->ticks + 1 : 0;
    w->seen = running;
    if (w->ticks == 1 || (w->ticks && w->ticks % WATCH_ASK_EVERY == 0))
        weft_store_stop(w->store, WEFT_STOP_ASK);
    if (!w->deadline || w->over || now < w->deadline) return;
    w->over = true;
    weft_store_stop(w->store, WEFT_STOP_TIME_LIMIT);
}

// Does anything run, or is to end at some time?
static bool look_at_all(void)
{
    bool busy = false;
    int64_t now = clock_now();
    for (Watch *w = all; w; w = w->next) {
        look_at(w, now);
        busy |= w->seen || w->deadline;
    }
    return busy;
}

static void *watch_all(void *unused)
{
    (void)unused;
    const struct timespec tick = {.tv_nsec = WATCH_TICK_NS};
    pthread_mutex_lock(&lock);
    for (unsigned idle = 0;;) {
        idle = look_at_all() ? 0 : idle + 1;
        if (idle > WATCH_IDLE) {
            // A call that begins now sees this, or is seen by the look that follows.
            atomic_store(&watch_awake, false);
            if (!look_at_all())
                while (!atomic_load(&watch_awake)) pthread_cond_wait(&wake, &lock);
            atomic_store(&watch_awake, true);
            idle = 0;
        }
        pthread_mutex_unlock(&lock);
        nanosleep(&tick, NULL);
        pthread_mutex_lock(&lock);
    }
    return NULL;
}

static void before_fork(void) { pthread_mutex_lock(&lock); }
static void after_fork(void) { pthread_mutex_unlock(&lock); }

// Other threads are gone, and what they ran stays as it is.
static void after_fork_in_child(void)
{
    const pthread_mutex_t new_lock = PTHREAD_MUTEX_INITIALIZER;
    const pthread_cond_t new_wake = PTHREAD_COND_INITIALIZER;
    lock = new_lock;
    wake = new_wake;
    started = failed = false;
    atomic_store(&watch_awake, false);
    for (Watch *w = all; w; w = w->next)
        if (!pthread_equal(w->thread, pthread_self())) watch_end(w);
}

static void mind_forks(void) { pthread_atfork(before_fork, after_fork, after_fork_in_child); }

static bool start(void)
{
    pthread_t thread;
    pthread_attr_t attr;
    sigset_t every, before;
    sigfillset(&every);
    if (pthread_attr_init(&attr)) return false;
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, 64 << 10);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    bool good = !pthread_create(&thread, &attr, watch_all, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return good;
}

void watch_wake(void)
{
    pthread_once(&forks, mind_forks);
    pthread_mutex_lock(&lock);
    if (!started) {
        started = start();
        failed = !started;
    }
    atomic_store(&watch_awake, true);
    pthread_cond_signal(&wake);
    pthread_mutex_unlock(&lock);
}

bool watch_works(void) { return !failed; }

void watch_add(Watch *w, weft_store *store)
{
    pthread_mutex_lock(&lock);
    w->store = store;
    w->next = all;
    w->link = &all;
    if (all) all->link = &w->next;
    all = w;
    pthread_mutex_unlock(&lock);
}

void watch_remove(Watch *w)
{
    pthread_mutex_lock(&lock);
    *w->link = w->next;
    if (w->next) w->next->link = w->link;
    pthread_mutex_unlock(&lock);
}

void watch_limit(Watch *w, int64_t nanoseconds)
{
    int64_t now = clock_now();
    pthread_mutex_lock(&lock);
    w->deadline = nanoseconds < INT64_MAX - now ? now + nanoseconds : INT64_MAX;
    w->over = false;
    pthread_mutex_unlock(&lock);
}

bool watch_unlimit(Watch *w)
{
    pthread_mutex_lock(&lock);
    bool was_over = w->over;
    w->deadline = 0;
    w->over = false;
    pthread_mutex_unlock(&lock);
    return was_over;
}
