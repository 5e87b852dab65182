// store.c -- the store owns everything that runs. See store.h.

#include "run/store.h"

#include "run/beside.h"
#include "run/layout.h"
#include "run/park.h"
#include "run/spare.h"

#include <stdlib.h>
#include <string.h>

enum {
    HOST_CALLS = 200, // each takes native stack
    // For whatever the guest and the host call next; the most that is known is a path of WASI's
    // with its links, which takes 36 KiB.
    NATIVE_LEFT = 48 << 10,
};

const StoreLimits store_limits_default = {
    .memory_bytes = (u64)16 << 30, // what the JavaScript API lets a memory64 grow to
    .table_entries = 10000000,
    .stack_bytes = 8 << 20,
    .memory_room = 1 << 20,
    .host_calls = HOST_CALLS,
    .native_bytes = NATIVE_LEFT,
    .heap_bytes = 1 << 30,
    .handles = 10000000,
    .continuations = 10000000,
    .continuation_bytes = 1 << 30,
    .instances = 1000000,
    .instance_bytes = 1 << 30,
    .functions = (1 << 20) - 1, // so that their space is a power of two
};

const StoreLimits store_limits_small = {
    .memory_bytes = 16 << 20,
    .table_entries = 10000,
    .stack_bytes = 64 << 10,
    .host_calls = HOST_CALLS,
    .native_bytes = NATIVE_LEFT,
    .heap_bytes = 256 << 10,
    .functions = 4095,
};

#define STORE_LIMIT(name, error)                                                                   \
    _Static_assert(offsetof(StoreLimits, name) == offsetof(StoreLimits, counted[STORE_##name]),   \
                   "the order of limit.def");
#include "op/limit.def"

// What 0 stands for, and no more than there are addresses for.
static void settle_limits(Store *s)
{
    StoreLimits *l = &s->limits;
    l->table_entries = MIN(l->table_entries, SIZE_MOST / sizeof(Ref));
    if (!l->table_total) l->table_total = 4 * l->table_entries;
    for (u32 i = 0; i < STORE_LIMIT_COUNT; i++) {
        if (!l->counted[i]) l->counted[i] = store_limits_default.counted[i];
        l->counted[i] = MIN(l->counted[i], SIZE_MOST);
        s->accounts[i].limit = (size_t)l->counted[i];
    }
}

Store *store_new(TypeStore *types, const StoreLimits *limits)
{
    Store *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->types = types;
    s->limits = limits ? *limits : store_limits_default;
    settle_limits(s);
    s->memory_account = &s->accounts[STORE_memory_bytes];
    s->met = STORE_LIMIT_COUNT;
    arena_init(&s->arena);
    s->arena.account = &s->accounts[STORE_instance_bytes];
    if (!exec_init(&s->exec, s->limits.stack_bytes)) {
        store_free(s);
        return NULL;
    }
    return s;
}

void store_free(Store *s)
{
    if (!s) return;
    if (NATIVE && s->exec.watcher) beside_unwatch(s->exec.watcher, &s->exec);
    for (Parked *p = s->exec.parked, *next; p; p = next) {
        next = p->next;
        free(p);
    }
    for (Instance *i = s->instances, *next; i; i = next) {
        next = i->next;
        free(i);
    }
    for (Memory *m = s->memories, *next; m; m = next) {
        next = m->next;
        memory_leave(s, m);
        memory_free(m);
    }
    for (Table *t = s->tables, *next; t; t = next) {
        next = t->next;
        free(t->elems);
        free(t);
    }
    exec_give_stack(&s->exec);
    heap_free(s);
    hosts_free(s);
    conts_free(s);
    free(s->tags);
    free(s->shared);
    func_space_free(s);
    for (HeldType *h = s->held; h; h = h->next) type_give_back(s->types, &h->type, 1);
    arena_free(&s->arena);
    free(s);
}

bool store_take(Store *s, StoreLimit what, u64 amount)
{
    bool taken = what == STORE_memory_bytes ? account_take_shared(s->memory_account, amount)
                                            : account_take(&s->accounts[what], amount);
    if (UNLIKELY(!taken)) s->met = what;
    return taken;
}

void store_give(Store *s, StoreLimit what, u64 amount)
{
    if (what == STORE_memory_bytes) account_give_shared(s->memory_account, amount);
    else account_give(&s->accounts[what], amount);
}

bool store_short(Store *s, Diag *diag, const char *what)
{
    StoreLimit met = s->met;
    s->met = STORE_LIMIT_COUNT;
    if (met == STORE_LIMIT_COUNT) return diag_fail(diag, ERR_out_of_memory, 0, "%s", what);
    const Account *a = met == STORE_memory_bytes ? s->memory_account : &s->accounts[met];
    return diag_fail(diag, store_limit_err[met], 0, "the limit is %zu", a->limit);
}

void *store_alloc(Store *s, size_t count, size_t size)
{
    jmp_buf failed;
    s->arena.on_failure = &failed;
    void *p = setjmp(failed) ? NULL : arena_alloc_array(&s->arena, count, size);
    s->arena.on_failure = NULL;
    if (!p && s->arena.met) s->met = STORE_instance_bytes;
    return p;
}

Global *global_new(Store *s, GlobalType type)
{
    HostGlobal *g = store_alloc(s, 1, sizeof *g);
    if (!g) return NULL;
    *g = (HostGlobal){.global.type = type, .next = s->globals};
    s->globals = g;
    return &g->global;
}

void store_hold_type(Store *s, HeldType *held, TypeId type)
{
    type_hold(s->types, type);
    *held = (HeldType){s->held, type};
    s->held = held;
}

Tag *tag_new(Store *s, TypeId type)
{
    struct HostTag { Tag tag; HeldType held; } *t = store_alloc(s, 1, sizeof *t);
    if (!t) return NULL;
    t->tag.type = type;
    if (!tags_number(s, &t->tag, 1)) return NULL;
    store_hold_type(s, &t->held, type);
    return &t->tag;
}
