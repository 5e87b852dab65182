// wait.h -- configurations that wait to be notified, and time, which passes as steps are done.
//
// They stand in one list of their store, the longest waiting first, so it does not depend on
// anything else who is notified.
// spec: proposal threads, exec/instructions, waitx
#pragma once

#include "formal/config.h"

// From now on it waits there; for ever if the timeout is negative.
void wait_begin(Config *c, u32 mem, u64 at, s64 timeout);
// Not any more, if it did.
void wait_end(Config *c);
// It was neither notified, nor is its time over.
static inline bool wait_goes_on(const Config *c)
{
    return c->wait.waits && c->wait.deadline > c->store->now;
}
// How many of those that wait there were notified, of so many at most.
u32 wait_notify(FormalStore *s, u32 mem, u64 at, u32 most);
// As nobody goes on it is the time when the first does. If nobody ever will those that wait halt,
// interrupted.
void time_passes(FormalStore *s);
