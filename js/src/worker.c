// worker.c -- guests of a thread that is to end, a worker's, end too.
//
// JavaScript ends at its next turn of a loop when that is asked of its thread; a guest knows
// nothing of it. So another thread looks, some times a second, whether a guest runs, and has it ask
// (WEFT_STOP_ASK): it calls a function of JavaScript's that does nothing, and if that cannot be any
// more the guest is stopped.

#include "addon.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

enum { SOON = 20, SELDOM = 500 }; // milliseconds between two looks

struct Worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ends;
    bool end;
    Addon *addon;
    napi_ref nothing; // the function
};

static void *look(void *of)
{
    Worker *w = of;
    unsigned pause = SOON;
    pthread_mutex_lock(&w->lock);
    while (!w->end) {
        JsStore *s = __atomic_load_n(&w->addon->running, __ATOMIC_RELAXED);
        if (s) weft_store_stop(s->store, WEFT_STOP_ASK);
        pause = s ? SOON : pause < SELDOM ? 2 * pause : SELDOM;
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += pause * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&w->ends, &w->lock, &until);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

// On the guest's thread.
static void ask(void *of)
{
    JsStore *s = of;
    Addon *a = s->addon;
    napi_handle_scope scope;
    napi_value nothing = NULL, undefined = NULL;
    if (napi_open_handle_scope(a->env, &scope) != napi_ok) return;
    napi_get_reference_value(a->env, a->worker->nothing, &nothing);
    napi_get_undefined(a->env, &undefined);
    if (napi_call_function(a->env, undefined, nothing, 0, NULL, NULL) != napi_ok) {
        weft_store_stop(s->store, WEFT_STOP_INTERRUPTED);
        s->stopped = true;
    }
    napi_close_handle_scope(a->env, scope);
}

void worker_store(JsStore *s)
{
    if (s->addon->worker) weft_store_set_asked(s->store, ask, s);
}

// Nobody looks at it any more.
void worker_forget(JsStore *s)
{
    Worker *w = s->addon->worker;
    if (!w) return;
    pthread_mutex_lock(&w->lock);
    if (s->addon->running == s) __atomic_store_n(&s->addon->running, NULL, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&w->lock);
}

void worker_end(Addon *a)
{
    Worker *w = a->worker;
    if (!w) return;
    pthread_mutex_lock(&w->lock);
    w->end = true;
    pthread_cond_signal(&w->ends);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->ends);
    pthread_mutex_destroy(&w->lock);
    a->worker = NULL;
    free(w);
}

// Signals are the other threads'.
napi_value prim_worker(Call *call)
{
    Addon *a = call->addon;
    sigset_t all, before;
    Worker *w = a->worker ? NULL : calloc(1, sizeof *w);
    if (!w || napi_create_reference(a->env, call->args[0], 1, &w->nothing) != napi_ok) {
        free(w);
        return NULL;
    }
    w->addon = a;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->ends, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool good = !pthread_create(&w->thread, NULL, look, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (good) a->worker = w;
    else free(w);
    return NULL;
}
