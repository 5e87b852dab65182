// account.h -- how much of one thing was taken, and how much may be.
//
// What a guest or a module can make the library take is taken from an account first, and given back
// to it when it goes: one for each kind of thing, of each store and each engine. What is refused
// has taken nothing. Those of a store are of the thread that the store is of; those of an engine
// are shared. Anybody may look at one at any time.
#pragma once

#include "base/types.h"

#include <stdatomic.h>

typedef struct {
    _Atomic size_t used;
    size_t limit;
} Account;

static inline size_t account_used(const Account *a)
{
    return atomic_load_explicit(&a->used, memory_order_relaxed);
}

// A limit may have been made smaller than what is used.
static inline size_t account_left(const Account *a)
{
    size_t used = account_used(a);
    return used < a->limit ? a->limit - used : 0;
}

// False: there is not so much left, and nothing was taken.
bool account_take(Account *a, u64 amount);
void account_give(Account *a, u64 amount);
// The same where others may take and give at the same time.
bool account_take_shared(Account *a, u64 amount);
void account_give_shared(Account *a, u64 amount);
