/* pthread.h -- as much of POSIX threads as pool.c uses, over wasi.thread-spawn and what waits in
   memory: for a C library that was built without threads. threads.c has the rest. */
#pragma once

#include <time.h>

typedef struct Thread *pthread_t;
typedef struct { int word; } pthread_mutex_t;   /* 0 free, 1 taken, 2 and somebody may wait */
typedef struct { int times; } pthread_cond_t;   /* that somebody was woken */
typedef struct { int state; } pthread_once_t;   /* 0, 1 at it, 2 done */
typedef unsigned pthread_key_t;
typedef struct Barrier pthread_barrier_t;
struct Barrier {
    pthread_mutex_t lock;
    pthread_cond_t turn;
    unsigned count, in, phase;
};

#define PTHREAD_MUTEX_INITIALIZER {0}
#define PTHREAD_COND_INITIALIZER {0}
#define PTHREAD_ONCE_INIT {0}
#define PTHREAD_BARRIER_SERIAL_THREAD (-1)

int pthread_create(pthread_t *thread, const void *how, void *(*run)(void *), void *argument);
int pthread_join(pthread_t thread, void **result);
int pthread_detach(pthread_t thread);
pthread_t pthread_self(void);

int pthread_mutex_lock(pthread_mutex_t *mutex);
int pthread_mutex_trylock(pthread_mutex_t *mutex);
int pthread_mutex_unlock(pthread_mutex_t *mutex);
int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex);
int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                           const struct timespec *until);
int pthread_cond_signal(pthread_cond_t *cond);
int pthread_cond_broadcast(pthread_cond_t *cond);
int pthread_once(pthread_once_t *once, void (*run)(void));
int pthread_barrier_init(pthread_barrier_t *barrier, const void *how, unsigned count);
int pthread_barrier_wait(pthread_barrier_t *barrier);
int pthread_key_create(pthread_key_t *key, void (*end)(void *));
int pthread_setspecific(pthread_key_t key, const void *value);
void *pthread_getspecific(pthread_key_t key);
