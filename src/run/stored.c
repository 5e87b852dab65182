// stored.c -- see stored.h.

#include "run/stored.h"

#include "base/sum.h"

#include <pthread.h>
#include <stdlib.h>

void stored_free(Stored *s)
{
    if (!s) return;
    s->free(s->env);
    account_give_shared(s->account, s->size);
    free(s);
}

// ---- Bodies
//
// What somebody may have looked at is not written again, whatever the file has by then. One lock
// for all, which who forks holds, so that a child finds it free.

static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;
static void lock(void) { pthread_mutex_lock(&reading); }
static void unlock(void) { pthread_mutex_unlock(&reading); }
static void watch_forks(void) { pthread_atfork(lock, unlock, unlock); }

static StoredBody put_body(Stored *s, const StoredFunc *f, const u8 *from)
{
    u8 *to = s->to + f->body;
    if (from) memcpy(to, from + (f->body - s->bodies), f->body_size);
    else if (!s->read(s->env, s->module_at + f->body, to, f->body_size)) return BODY_damaged;
    return (u32)checksum_of(to, f->body_size) == f->body_sum ? BODY_there : BODY_damaged;
}

// `from`: all of them, or NULL.
static bool fetch_body(Stored *s, u32 i, const u8 *from)
{
    StoredBody now = (StoredBody)atomic_load_explicit(&s->there[i], memory_order_relaxed);
    if (now == BODY_unread) {
        now = put_body(s, &s->funcs[i], from);
        atomic_store_explicit(&s->there[i], (u8)now, memory_order_release);
    }
    return now == BODY_there;
}

// What stands between bodies are their sizes, which nobody here has looked at.
static void put_between(Stored *s, const u8 *from)
{
    u32 at = s->bodies;
    for (u32 i = 0; i <= s->count; i++) {
        u32 to = i < s->count ? s->funcs[i].body : s->bodies_end;
        memcpy(s->to + at, from + (at - s->bodies), to - at);
        if (i < s->count) at = to + s->funcs[i].body_size;
    }
}

static bool fetch_all(Stored *s)
{
    if (s->whole) return true;
    size_t size = s->bodies_end - s->bodies;
    u8 *from = malloc(size + 1);
    bool good = from && s->read(s->env, s->module_at + s->bodies, from, size);
    for (u32 i = 0; i < s->count && good; i++) good = fetch_body(s, i, from);
    if (good) put_between(s, from);
    free(from);
    return s->whole = good;
}

bool stored_fetch(const Module *m, u32 func)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    Stored *s = m->stored;
    u32 i = func - s->first;
    if (func != MODULE_ALL &&
        LIKELY(atomic_load_explicit(&s->there[i], memory_order_acquire) == BODY_there))
        return true;
    pthread_once(&once, watch_forks);
    lock();
    bool good = func == MODULE_ALL ? fetch_all(s) : fetch_body(s, i, NULL);
    unlock();
    return good;
}
