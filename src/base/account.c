// account.c -- see account.h.

#include "base/account.h"

#include <assert.h>

bool account_take(Account *a, u64 amount)
{
    if (amount > account_left(a)) return false;
    atomic_store_explicit(&a->used, account_used(a) + (size_t)amount, memory_order_relaxed);
    return true;
}

void account_give(Account *a, u64 amount)
{
    assert(amount <= account_used(a));
    atomic_store_explicit(&a->used, account_used(a) - (size_t)amount, memory_order_relaxed);
}

bool account_take_shared(Account *a, u64 amount)
{
    // which may be set meanwhile: an engine's thread may still be at work for a guest that is not
    size_t used = account_used(a), limit = __atomic_load_n(&a->limit, __ATOMIC_RELAXED);
    do {
        if (used > limit || amount > limit - used) return false;
    } while (!atomic_compare_exchange_weak_explicit(&a->used, &used, used + (size_t)amount,
                                                    memory_order_relaxed, memory_order_relaxed));
    return true;
}

void account_give_shared(Account *a, u64 amount)
{
    size_t used = atomic_fetch_sub_explicit(&a->used, (size_t)amount, memory_order_relaxed);
    assert(amount <= used);
    (void)used;
}
