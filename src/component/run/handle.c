// handle.c -- see handle.h.

#include "component/run/handle.h"

#include "component/run/plan.h"

#include <string.h>

// What it had is the store's, and twice as much is enough for all that it ever had.
static bool grow(Store *store, HandleTable *t)
{
    u32 cap = t->cap ? t->cap * 2 : 8;
    Handle *items = store_alloc(store, cap, sizeof *items);
    if (!items) return false;
    if (t->count) memcpy(items, t->items, t->count * sizeof *items);
    t->items = items;
    t->cap = cap;
    if (!t->count) items[t->count++].resource = PLAN_NONE;
    return true;
}

u32 handle_add(Store *store, HandleTable *t, Handle h, Trap *trap)
{
    u32 index = t->free;
    *trap = TRAP_too_many_handles;
    if (!index && t->count > HANDLES_MOST) return 0;
    *trap = TRAP_out_of_memory;
    if (!index && t->count == t->cap && !grow(store, t)) return 0;
    if (!store_take(store, STORE_handles, 1)) return 0;
    if (index) t->free = t->items[index].lends;
    else index = t->count++;
    h.lends = 0;
    t->items[index] = h;
    *trap = TRAP_none;
    return index;
}

Handle *handle_get(const HandleTable *t, u32 index)
{
    return index < t->count && t->items[index].resource != PLAN_NONE ? &t->items[index] : NULL;
}

void handle_remove(Store *store, HandleTable *t, u32 index)
{
    t->items[index] = (Handle){.resource = PLAN_NONE, .lends = t->free};
    t->free = index;
    store_give(store, STORE_handles, 1);
}
