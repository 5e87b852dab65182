// table.c -- tables of references. spec: exec/modules (tables), exec/instructions (table)

#include "run/exec.h"
#include "run/store.h"

#include <stdlib.h>
#include <string.h>

static bool table_reserve(Table *t, u64 count)
{
    if (count <= t->cap) return true;
    u64 cap = MAX(count, MIN(t->cap * 2, t->max));
    size_t bytes;
    if (!size_fits(cap, sizeof(Ref), &bytes)) return false;
    // At first calloc: what is null is not touched, so a large table costs nothing until it is
    // used.
    Ref *elems = t->elems ? realloc(t->elems, bytes) : calloc(1, bytes);
    if (!elems) return false;
    t->elems = elems;
    t->cap = cap;
    return true;
}

Table *table_new(Store *store, const TableType *type, Ref init)
{
    u64 most = store->limits.table_entries;
    if (type->limits.has_max) most = MIN(most, type->limits.max);
    if (type->limits.min > most) return NULL;
    Table *t = calloc(1, sizeof *t);
    if (t) *t = (Table){.type = *type, .max = most, .account = &store->accounts[STORE_table_total]};
    if (!t || table_grow(t, type->limits.min, init) < 0) {
        free(t);
        return NULL;
    }
    t->next = store->tables;
    store->tables = t;
    return t;
}

void table_drop(Store *store, Table *t)
{
    Table **at = &store->tables;
    while (*at != t) at = &(*at)->next;
    *at = t->next;
    store_give(store, STORE_table_total, t->size);
    free(t->elems);
    free(t);
}

static void fill(Ref *elems, Ref value, u64 count)
{
    if (count) *elems = value;
    repeat_first(elems, sizeof value, (size_t)count);
}

// One piece whatever its size: it is all or nothing, and what is done to ten million entries takes
// some milliseconds. The host has no fiber.
static Trap grow(Exec *x, Table *t, u64 count, Ref init, s64 *old)
{
    *old = -1;
    bool zero = !t->elems && init == REF_NULL;
    if (count > t->max - t->size || count > account_left(t->account) ||
        !table_reserve(t, t->size + count))
        return TRAP_none;
    Trap trap = x ? exec_piece(x, bytes_units(count * EXEC_BYTES_ENTRY)) : TRAP_none;
    if (trap) return trap;
    if (!zero && count) fill(t->elems + t->size, init, count);
    *old = (s64)t->size;
    t->size += count;
    account_take(t->account, count);
    return TRAP_none;
}

s64 table_grow(Table *t, u64 count, Ref init)
{
    s64 old;
    grow(NULL, t, count, init, &old);
    return old;
}

Trap exec_table_grow(Exec *x, Table *t, u64 count, Ref init, s64 *old)
{
    return grow(x, t, count, init, old);
}

Trap table_copy(Exec *x, Table *dst, const Table *src, Bulk *left)
{
    if (!in_bounds(left->from, left->count, src->size) ||
        !in_bounds(left->to, left->count, dst->size))
        return TRAP_out_of_bounds_table_access;
    bool down = dst == src && left->to > left->from;
    Trap trap;
    for (Bulk p = {0}; bulk_next(x, left, &p, sizeof(Ref), down, &trap);)
        memmove(dst->elems + p.to, src->elems + p.from, (size_t)p.count * sizeof(Ref));
    return trap;
}

Trap table_fill(Exec *x, Table *t, Ref value, Bulk *left)
{
    if (!in_bounds(left->to, left->count, t->size)) return TRAP_out_of_bounds_table_access;
    Trap trap;
    for (Bulk p = {0}; bulk_next(x, left, &p, sizeof(Ref), false, &trap);)
        fill(t->elems + p.to, value, p.count);
    return trap;
}

Trap table_init(Exec *x, Instance *inst, Table *t, u32 elem, Bulk *left)
{
    const ElemSegment *e = &inst->module->elems[elem];
    const Const *words = inst->module->words;
    u64 count = inst->elem_dropped[elem] ? 0 : e->count;
    if (!in_bounds(left->from, left->count, count) || !in_bounds(left->to, left->count, t->size))
        return TRAP_out_of_bounds_table_access;
    Trap trap;
    for (Bulk p = {0}; bulk_next(x, left, &p, EXEC_BYTES_ITEM, false, &trap);)
        for (u64 i = 0; i < p.count; i++)
            t->elems[p.to + i] = instance_item(inst, words[e->items + p.from + i]);
    return trap;
}

bool table_restore(Table *t, const Ref *elems, u64 size)
{
    if (t->cap != size) {
        size_t bytes;
        Ref *all = size_fits(size, sizeof *all, &bytes) ? malloc(bytes + 1) : NULL;
        if (!all) return false;
        free(t->elems);
        t->elems = all;
        t->cap = size;
    }
    if (size) memcpy(t->elems, elems, (size_t)size * sizeof *elems);
    t->size = size;
    return true;
}
