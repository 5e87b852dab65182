// tenant.h -- what instances of one customer have together. Any threads take and give.
#pragma once

#include "api/api.h"
#include "weft_pool.h"

struct weft_tenant {
    atomic_uint users;   // its owner, and stores that were taken for it
    Account instances, memory;
    bool bounds_memory;
    bool shares_fuel;
    _Atomic u64 fuel;    // that nobody has
};

// One more instance, of so many bytes of memory. Else why not, in *diag.
weft_status tenant_take(weft_tenant *tenant, u64 memory, weft_diag *diag);
void tenant_give(weft_tenant *tenant, u64 memory, u64 fuel);
// At least so many units are taken for a store, or none: 0.
u64 tenant_take_fuel(weft_tenant *tenant, u64 units);
