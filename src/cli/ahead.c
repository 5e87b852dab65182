// ahead.c -- see ahead.h.

#include "cli/ahead.h"

#include "plat/futex.h"
#include "plat/thread.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    WORTH = 4 << 20, // below that the thread costs as much as it saves
    PIECE = 128 << 10, // is read at a time
};

struct Ahead {
    int fd;
    u8 *to;
    size_t size;
    _Atomic size_t arrived;
    _Atomic u32 news; // changes with `arrived` and at the end; the other thread sleeps on it
    _Atomic bool enough, over;
    int err;          // written before `over`
    Thread *thread;
};

static void tell(Ahead *a)
{
    atomic_fetch_add_explicit(&a->news, 1, memory_order_release);
    futex_wake(&a->news, 1);
}

static void read_ahead(void *env)
{
    Ahead *a = env;
    size_t got = 0;
    while (got < a->size && !atomic_load_explicit(&a->enough, memory_order_relaxed)) {
        ssize_t n = read(a->fd, a->to + got, MIN(a->size - got, (size_t)PIECE));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) a->err = errno;
        if (n <= 0) break;
        atomic_store_explicit(&a->arrived, got += (size_t)n, memory_order_release);
        tell(a);
    }
    atomic_store_explicit(&a->over, true, memory_order_release);
    tell(a);
}

Ahead *ahead_start(int fd, u8 *to, size_t size)
{
    if (size < WORTH || thread_processors() < 2) return NULL;
    Ahead *a = calloc(1, sizeof *a);
    if (!a) return NULL;
    *a = (Ahead){.fd = fd, .to = to, .size = size};
    if ((a->thread = thread_start(read_ahead, a))) return a;
    free(a);
    return NULL;
}

size_t ahead_more(Ahead *a, size_t before, int *err)
{
    for (;;) {
        u32 news = atomic_load_explicit(&a->news, memory_order_acquire);
        // In this order: what arrived before the end is seen.
        bool over = atomic_load_explicit(&a->over, memory_order_acquire);
        size_t now = atomic_load_explicit(&a->arrived, memory_order_acquire);
        *err = over ? a->err : 0;
        if (now > before || over) return now;
        futex_wait(&a->news, news, FUTEX_FOREVER);
    }
}

void ahead_end(Ahead *a)
{
    if (!a) return;
    atomic_store_explicit(&a->enough, true, memory_order_relaxed);
    thread_join(a->thread);
    free(a);
}
