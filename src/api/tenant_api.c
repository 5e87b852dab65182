// tenant_api.c -- see tenant.h, and weft_pool.h.

#include "api/tenant.h"

#include <stdlib.h>

weft_tenant *weft_tenant_new(const weft_tenant_limits *given, weft_diag *diag)
{
    weft_tenant_limits limits = weft_tenant_limits_init();
    if (given && api_struct_in(given, &limits, sizeof limits, diag) != WEFT_OK) return NULL;
    weft_tenant *t = calloc(1, sizeof *t);
    if (!t) {
        api_error(diag, ERR_out_of_memory, "%s", "for the tenant");
        return NULL;
    }
    atomic_init(&t->users, 1);
    t->instances.limit = limits.instances ? (size_t)MIN(limits.instances, SIZE_MAX) : SIZE_MAX;
    t->memory.limit = limits.memory_bytes ? (size_t)MIN(limits.memory_bytes, SIZE_MOST) : SIZE_MOST;
    t->bounds_memory = limits.memory_bytes;
    t->shares_fuel = limits.fuel;
    atomic_init(&t->fuel, limits.fuel);
    return t;
}

static void release(weft_tenant *t)
{
    if (atomic_fetch_sub(&t->users, 1) == 1) free(t);
}

void weft_tenant_free(weft_tenant *t)
{
    if (t) release(t);
}

weft_status tenant_take(weft_tenant *t, u64 memory, weft_diag *diag)
{
    if (!account_take_shared(&t->instances, 1))
        return api_refuse(diag, API_limit_tenant_instances, "the limit is %zu", t->instances.limit);
    if (!account_take_shared(&t->memory, memory)) {
        account_give_shared(&t->instances, 1);
        return api_error(diag, ERR_limit_memory_size, "the tenant's is %zu", t->memory.limit);
    }
    atomic_fetch_add(&t->users, 1);
    return WEFT_OK;
}

static void add_fuel(weft_tenant *t, u64 fuel)
{
    u64 now = atomic_load(&t->fuel);
    while (!atomic_compare_exchange_weak(&t->fuel, &now, now + MIN(fuel, UINT64_MAX - now)))
        continue;
}

void tenant_give(weft_tenant *t, u64 memory, u64 fuel)
{
    account_give_shared(&t->memory, memory);
    account_give_shared(&t->instances, 1);
    add_fuel(t, fuel);
    release(t);
}

u64 tenant_take_fuel(weft_tenant *t, u64 units)
{
    enum { PIECE = 1 << 16 };
    u64 left = atomic_load(&t->fuel), taken;
    do {
        if (left < units) return 0;
        taken = MIN(left, MAX(units, (u64)PIECE));
    } while (!atomic_compare_exchange_weak(&t->fuel, &left, left - taken));
    return taken;
}

void weft_tenant_add_fuel(weft_tenant *t, uint64_t fuel) { add_fuel(t, fuel); }

weft_status weft_tenant_used(const weft_tenant *t, weft_tenant_limits *out, weft_diag *diag)
{
    const weft_tenant_limits used = {
        .instances = account_used(&t->instances),
        .memory_bytes = account_used(&t->memory),
        .fuel = atomic_load(&t->fuel),
    };
    return api_struct_out(out, &used, sizeof used, diag);
}
