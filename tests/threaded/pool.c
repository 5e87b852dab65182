// pool.c -- a program with POSIX threads, which says the same wherever it runs: mutexes, condition
// variables, barriers, once, thread-local storage, join and detach, a queue of work, and many
// threads that are there for a short time.
//
//     pool [SHORT]    so many of the last kind; else 200

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WORKERS = 8, ROUNDS = 2000, PHASES = 20, ITEMS = 2000, ROOM = 16 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static int count(int *what) { return __atomic_add_fetch(what, 1, __ATOMIC_SEQ_CST); }

// ---- A counter, thread-local values, what is done once

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static _Thread_local long mine = 7;
static int counter, begun, ended, wrong;

static void begin(void) { count(&begun); }
static void end(void *value) { count(&ended); }

static void *count_up(void *argument)
{
    long id = (long)argument;
    pthread_once(&once, begin);
    if (mine != 7 || pthread_getspecific(key)) count(&wrong);
    mine = id;
    pthread_setspecific(key, &mine);
    for (int i = 0; i < ROUNDS; i++) {
        if (i % 3 || pthread_mutex_trylock(&lock)) pthread_mutex_lock(&lock);
        counter++;
        pthread_mutex_unlock(&lock);
    }
    if (mine != id || pthread_getspecific(key) != &mine) count(&wrong);
    return (void *)(id * id);
}

static void counters(void)
{
    pthread_t threads[WORKERS];
    long sum = 0;
    pthread_key_create(&key, end);
    for (long i = 0; i < WORKERS; i++)
        if (pthread_create(&threads[i], NULL, count_up, (void *)i)) exit(2);
    for (int i = 0; i < WORKERS; i++) {
        void *result;
        if (pthread_join(threads[i], &result)) exit(3);
        sum += (long)result;
    }
    printf("counted %d, begun %d, ended %d, wrong %d, joined %ld\n", counter, begun, ended, wrong,
           sum);
}

// ---- Phases: nobody is ahead of anybody

static pthread_barrier_t barrier;
static int cells[WORKERS], ahead, serial;

static void *walk(void *argument)
{
    long id = (long)argument;
    for (int phase = 0; phase < PHASES; phase++) {
        cells[id] = phase;
        if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) count(&serial);
        for (int i = 0; i < WORKERS; i++)
            if (cells[i] != phase) count(&ahead);
        pthread_barrier_wait(&barrier);
    }
    return NULL;
}

static void phases(void)
{
    pthread_t threads[WORKERS];
    pthread_barrier_init(&barrier, NULL, WORKERS);
    for (long i = 0; i < WORKERS; i++)
        if (pthread_create(&threads[i], NULL, walk, (void *)i)) exit(2);
    for (int i = 0; i < WORKERS; i++) pthread_join(threads[i], NULL);
    printf("phases %d, ahead %d\n", serial, ahead);
}

// ---- A queue of work

static struct { int items[ROOM], first, count; long long sum; } queue;

static void put(int item)
{
    pthread_mutex_lock(&lock);
    while (queue.count == ROOM) pthread_cond_wait(&changed, &lock);
    queue.items[(queue.first + queue.count++) % ROOM] = item;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void *take(void *argument)
{
    for (;;) {
        pthread_mutex_lock(&lock);
        while (!queue.count) pthread_cond_wait(&changed, &lock);
        int item = queue.items[queue.first];
        queue.first = (queue.first + 1) % ROOM;
        queue.count--;
        queue.sum += (long long)item * item;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
        if (!item) return NULL;
    }
}

static void *make(void *argument)
{
    for (int i = 1; i <= ITEMS; i++) put(i);
    return NULL;
}

static void work(void)
{
    pthread_t makers[2], takers[4];
    for (int i = 0; i < 4; i++) pthread_create(&takers[i], NULL, take, NULL);
    for (int i = 0; i < 2; i++) pthread_create(&makers[i], NULL, make, NULL);
    for (int i = 0; i < 2; i++) pthread_join(makers[i], NULL);
    for (int i = 0; i < 4; i++) put(0);
    for (int i = 0; i < 4; i++) pthread_join(takers[i], NULL);
    printf("worked %lld\n", queue.sum);
}

// ---- Short ones, each with memory of its own for a while, of which some begin others

static int lived;

static void *live(void *begins)
{
    char *text = malloc(100);
    if (!text) exit(4);
    free(text);
    pthread_t other;
    if (begins) {
        while (pthread_create(&other, NULL, live, NULL)) continue;
        pthread_detach(other);
    }
    count(&lived);
    pthread_mutex_lock(&lock);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void shortly(int most)
{
    for (int i = 0; i < most; i++) {
        pthread_t thread;
        while (pthread_create(&thread, NULL, live, i % 4 ? NULL : &lived)) continue;
        pthread_detach(thread);
    }
    pthread_mutex_lock(&lock);
    while (lived < most + (most + 3) / 4) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    printf("lived %d\n", lived);
}

static void late(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 5000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&lock);
    int why;
    while (!(why = pthread_cond_timedwait(&changed, &lock, &until))) continue;
    pthread_mutex_unlock(&lock);
    printf("late: %d\n", why == ETIMEDOUT);
}

int main(int argc, char **argv)
{
    counters();
    phases();
    work();
    shortly(argc > 1 ? atoi(argv[1]) : 200);
    late();
    return 17;
}
