// store.c -- the store owns everything that runs. See store.h.

#include "run/store.h"

#include "plat/pages.h"
#include "run/spare.h"

#include <stdlib.h>
#include <string.h>

const StoreLimits store_limits_default = {
    .memory_bytes = (u64)16 << 30, // what the JavaScript API lets a memory64 grow to
    .table_entries = 10000000,
    .stack_bytes = 8 << 20,
    .memory_room = 1 << 20,
    .heap_bytes = 1 << 30,
    .funcs = 1 << 20,
};

const StoreLimits store_limits_small = {
    .memory_bytes = 16 << 20,
    .table_entries = 10000,
    .stack_bytes = 64 << 10,
    .heap_bytes = 256 << 10,
    .funcs = 4096,
};

Store *store_new(TypeStore *types, const StoreLimits *limits)
{
    Store *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->types = types;
    s->limits = limits ? *limits : store_limits_default;
    s->limits.memory_bytes = MIN(s->limits.memory_bytes, SIZE_MOST);
    s->limits.table_entries = MIN(s->limits.table_entries, SIZE_MOST / sizeof(Ref));
    s->table_left = s->limits.table_total ? s->limits.table_total
                                          : 4 * MIN(s->limits.table_entries, UINT64_MAX / 4);
    s->memory_left = s->limits.memory_bytes;
    arena_init(&s->arena);
    if (!exec_init(&s->exec, s->limits.stack_bytes)) {
        store_free(s);
        return NULL;
    }
    return s;
}

void store_free(Store *s)
{
    if (!s) return;
    for (Instance *i = s->instances, *next; i; i = next) {
        next = i->next;
        free(i);
    }
    for (Memory *m = s->memories, *next; m; m = next) {
        next = m->next;
        pages_free(m->base, MAX(m->reserved, 1));
        free(m);
    }
    for (Table *t = s->tables, *next; t; t = next) {
        next = t->next;
        free(t->elems);
        free(t);
    }
    exec_give_stack(&s->exec);
    heap_free(s);
    hosts_free(s);
    free(s->tags);
    func_space_free(s);
    for (HeldType *h = s->held; h; h = h->next) type_give_back(s->types, &h->type, 1);
    arena_free(&s->arena);
    free(s);
}

void *store_alloc(Store *s, size_t count, size_t size)
{
    jmp_buf failed;
    s->arena.on_failure = &failed;
    void *p = setjmp(failed) ? NULL : arena_alloc_array(&s->arena, count, size);
    s->arena.on_failure = NULL;
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
