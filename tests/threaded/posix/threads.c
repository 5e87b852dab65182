// threads.c -- see pthread.h. A thread has one block of the heap, which whoever is through with it
// frees once the thread has left it:
//
//     block                          stack
//       | Thread | thread-local |  ... <--|
//
// The library's malloc knows no threads, so a lock stands before it.

#include "pthread.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { STACK = 32 << 10, KEYS = 8 };

struct Thread {
    void *stack, *local; // where start.s finds them
    void *(*run)(void *);
    void *argument, *result;
    struct Thread *next; // that are left
    int state;           // STATE_
    int detached;
};
enum { STATE_runs, STATE_left };

__attribute__((import_module("wasi"), import_name("thread-spawn")))
int thread_spawn(void *argument);
void *__real_malloc(size_t size);
void __real_free(void *p);

static void wait_while(int *cell, int value, long long ns)
{
    __builtin_wasm_memory_atomic_wait32(cell, value, ns);
}

static void wake(int *cell, unsigned count) { __builtin_wasm_memory_atomic_notify(cell, count); }

// In place of the library's own: where nobody calls constructors by name the linker has each export
// do so, and write out what is in buffers when it returns, so that each thread would.
void __wasm_call_ctors(void);
int __main_void(void);
__attribute__((export_name("_start"))) void _start(void)
{
    __wasm_call_ctors();
    exit(__main_void());
}

// ---- Locks

int pthread_mutex_trylock(pthread_mutex_t *m)
{
    int free = 0;
    return __atomic_compare_exchange_n(&m->word, &free, 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
               ? 0 : EBUSY;
}

int pthread_mutex_lock(pthread_mutex_t *m)
{
    if (pthread_mutex_trylock(m) == 0) return 0;
    while (__atomic_exchange_n(&m->word, 2, __ATOMIC_SEQ_CST) != 0) wait_while(&m->word, 2, -1);
    return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *m)
{
    if (__atomic_exchange_n(&m->word, 0, __ATOMIC_SEQ_CST) == 2) wake(&m->word, 1);
    return 0;
}

int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m, const struct timespec *until)
{
    int times = __atomic_load_n(&c->times, __ATOMIC_SEQ_CST);
    long long left = -1;
    if (until) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        left = (until->tv_sec - now.tv_sec) * 1000000000LL + until->tv_nsec - now.tv_nsec;
        if (left <= 0) return ETIMEDOUT;
    }
    pthread_mutex_unlock(m);
    int over = __builtin_wasm_memory_atomic_wait32(&c->times, times, left);
    pthread_mutex_lock(m);
    return over == 2 ? ETIMEDOUT : 0;
}

int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    return pthread_cond_timedwait(c, m, NULL);
}

static int wake_some(pthread_cond_t *c, unsigned count)
{
    __atomic_fetch_add(&c->times, 1, __ATOMIC_SEQ_CST);
    wake(&c->times, count);
    return 0;
}

int pthread_cond_signal(pthread_cond_t *c) { return wake_some(c, 1); }
int pthread_cond_broadcast(pthread_cond_t *c) { return wake_some(c, -1u); }

int pthread_once(pthread_once_t *once, void (*run)(void))
{
    int none = 0;
    bool first = __atomic_compare_exchange_n(&once->state, &none, 1, 0, __ATOMIC_SEQ_CST,
                                             __ATOMIC_SEQ_CST);
    if (first) {
        run();
        __atomic_store_n(&once->state, 2, __ATOMIC_SEQ_CST);
        wake(&once->state, -1u);
    }
    while (__atomic_load_n(&once->state, __ATOMIC_SEQ_CST) != 2) wait_while(&once->state, 1, -1);
    return 0;
}

int pthread_barrier_init(pthread_barrier_t *b, const void *how, unsigned count)
{
    *b = (pthread_barrier_t){.count = count};
    return 0;
}

int pthread_barrier_wait(pthread_barrier_t *b)
{
    pthread_mutex_lock(&b->lock);
    unsigned phase = b->phase;
    int last = ++b->in == b->count;
    if (last) {
        b->in = 0;
        b->phase++;
        pthread_cond_broadcast(&b->turn);
    }
    while (phase == b->phase) pthread_cond_wait(&b->turn, &b->lock);
    pthread_mutex_unlock(&b->lock);
    return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

// ---- What is each thread's own

static _Thread_local pthread_t self;
static _Thread_local void *values[KEYS];
static void (*ends[KEYS])(void *);
static unsigned keys;

pthread_t pthread_self(void) { return self; }

int pthread_key_create(pthread_key_t *key, void (*end)(void *))
{
    *key = __atomic_fetch_add(&keys, 1, __ATOMIC_SEQ_CST);
    if (*key >= KEYS) return EAGAIN;
    ends[*key] = end;
    return 0;
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
    values[key] = (void *)value;
    return 0;
}

void *pthread_getspecific(pthread_key_t key) { return values[key]; }

// ---- Threads

static pthread_mutex_t heap;
static pthread_t left; // detached ones, which may have left their blocks

void *__wrap_malloc(size_t size)
{
    pthread_mutex_lock(&heap);
    void *p = __real_malloc(size);
    pthread_mutex_unlock(&heap);
    return p;
}

void __wrap_free(void *p)
{
    pthread_mutex_lock(&heap);
    __real_free(p);
    pthread_mutex_unlock(&heap);
}

static void reap(void)
{
    pthread_mutex_lock(&heap);
    for (pthread_t *at = &left, t; (t = *at) != NULL;) {
        if (__atomic_load_n(&t->state, __ATOMIC_SEQ_CST) != STATE_left) {
            at = &t->next;
            continue;
        }
        *at = t->next;
        __real_free(t);
    }
    pthread_mutex_unlock(&heap);
}

// start.s comes here, on the thread's own stack.
void thread_run(int id, pthread_t t)
{
    self = t;
    t->result = t->run(t->argument);
    for (unsigned i = 0; i < KEYS && ends[i]; i++)
        if (values[i]) ends[i](values[i]);
}

// And here when it has left that.
void thread_left(pthread_t t)
{
    __atomic_store_n(&t->state, STATE_left, __ATOMIC_SEQ_CST);
    wake(&t->state, -1u);
}

int pthread_create(pthread_t *thread, const void *how, void *(*run)(void *), void *argument)
{
    size_t align = __builtin_wasm_tls_align(), local = __builtin_wasm_tls_size() + align;
    reap();
    pthread_t t = malloc(sizeof *t + local + STACK);
    if (!t) return EAGAIN;
    uintptr_t at = (uintptr_t)(t + 1) + align - 1, top = (uintptr_t)t + sizeof *t + local + STACK;
    *t = (struct Thread){.run = run, .argument = argument};
    t->local = (void *)(align ? at & ~(align - 1) : at);
    t->stack = (void *)(top & ~(uintptr_t)15);
    if (thread_spawn(t) < 0) {
        free(t);
        return EAGAIN;
    }
    *thread = t;
    return 0;
}

int pthread_join(pthread_t t, void **result)
{
    while (__atomic_load_n(&t->state, __ATOMIC_SEQ_CST) != STATE_left)
        wait_while(&t->state, STATE_runs, -1);
    if (result) *result = t->result;
    free(t);
    return 0;
}

int pthread_detach(pthread_t t)
{
    pthread_mutex_lock(&heap);
    t->next = left;
    left = t;
    pthread_mutex_unlock(&heap);
    return 0;
}
