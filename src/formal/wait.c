// wait.c -- see wait.h.

#include "formal/wait.h"

void wait_begin(Config *c, u32 mem, u64 at, s64 timeout)
{
    u64 deadline;
    Config **last = &c->store->waiting;
    if (timeout < 0 || __builtin_add_overflow(c->store->now, (u64)timeout, &deadline))
        deadline = UINT64_MAX;
    while (*last) last = &(*last)->wait.next;
    *last = c;
    c->wait.waits = true;
    c->wait.woken = false;
    c->wait.mem = mem;
    c->wait.at = at;
    c->wait.deadline = deadline;
    c->wait.next = NULL;
}

void wait_end(Config *c)
{
    Config **at = &c->store->waiting;
    c->wait.woken = false;
    if (!c->wait.waits) return;
    while (*at != c) at = &(*at)->wait.next;
    *at = c->wait.next;
    c->wait.waits = false;
}

u32 wait_notify(FormalStore *s, u32 mem, u64 at, u32 most)
{
    u32 count = 0;
    for (Config *c = s->waiting, *next; c && count < most; c = next) {
        next = c->wait.next;
        if (c->wait.mem != mem || c->wait.at != at) continue;
        wait_end(c);
        c->wait.woken = true;
        count++;
    }
    return count;
}

void time_passes(FormalStore *s)
{
    u64 first = UINT64_MAX;
    for (const Config *c = s->waiting; c; c = c->wait.next) first = MIN(first, c->wait.deadline);
    if (first != UINT64_MAX) s->now = MAX(s->now, first);
    else for (Config *c = s->waiting; c; c = c->wait.next)
        halts(c, TRAP_interrupted, "nobody is there to notify it");
}
