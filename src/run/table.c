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
    if (!t) return NULL;
    t->type = *type;
    t->max = most;
    t->left = &store->table_left;
    if (table_grow(t, type->limits.min, init) < 0) {
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
    *t->left += t->size;
    free(t->elems);
    free(t);
}

static const size_t piece = 1 << 18; // entries between two looks at the fiber

// Until the size is written nobody sees what is beyond it, so a trap has changed nothing. The host
// has no fiber.
static Trap grow(Exec *x, Table *t, u64 count, Ref init, s64 *old)
{
    *old = -1;
    bool zero = !t->elems && init == REF_NULL;
    if (count > t->max - t->size || count > *t->left || !table_reserve(t, t->size + count))
        return TRAP_none;
    for (u64 done = 0; done < count;) {
        u64 len = MIN(count - done, piece);
        Trap trap = x ? exec_piece(x, exec_units(len * sizeof(Ref))) : TRAP_none;
        if (trap) return trap;
        for (u64 i = 0; i < len && !zero; i++) t->elems[t->size + done + i] = init;
        done += len;
    }
    *old = (s64)t->size;
    t->size += count;
    *t->left -= count;
    return TRAP_none;
}

s64 table_grow(Table *t, u64 count, Ref init)
{
    s64 old;
    grow(NULL, t, count, init, &old);
    return old;
}

Trap exec_table_grow(Exec *x, Table *t, u64 count, Ref init, s64 *old) { return grow(x, t, count, init, old); }

static bool in_bounds(u64 at, u64 n, u64 size) { return n <= size && at <= size - n; }

static Trap copy_pieces(Exec *x, Ref *to, const Ref *from, u64 n, bool down)
{
    for (u64 done = 0; done < n;) {
        size_t len = (size_t)MIN(n - done, piece);
        u64 at = down ? n - done - len : done;
        Trap trap = exec_piece(x, exec_units(len * sizeof(Ref)));
        if (trap) return trap;
        memmove(to + at, from + at, len * sizeof(Ref));
        done += len;
    }
    return TRAP_none;
}

Trap table_copy(Exec *x, Table *dst, u64 d, const Table *src, u64 s, u64 n)
{
    if (!in_bounds(s, n, src->size) || !in_bounds(d, n, dst->size))
        return TRAP_out_of_bounds_table_access;
    return n ? copy_pieces(x, dst->elems + d, src->elems + s, n, dst == src && d > s) : TRAP_none;
}

Trap table_fill(Exec *x, Table *t, u64 d, Ref value, u64 n)
{
    if (!in_bounds(d, n, t->size)) return TRAP_out_of_bounds_table_access;
    for (u64 done = 0; done < n;) {
        u64 len = MIN(n - done, piece);
        Trap trap = exec_piece(x, exec_units(len * sizeof(Ref)));
        if (trap) return trap;
        for (u64 i = 0; i < len; i++) t->elems[d + done + i] = value;
        done += len;
    }
    return TRAP_none;
}

Trap table_init(Exec *x, Instance *inst, Table *t, u32 elem, u64 d, u64 s, u64 n)
{
    u64 count = inst->elem_dropped[elem] ? 0 : inst->module->elems[elem].count;
    if (!in_bounds(s, n, count) || !in_bounds(d, n, t->size))
        return TRAP_out_of_bounds_table_access;
    return n ? copy_pieces(x, t->elems + d, inst->elem_refs[elem] + s, n, false) : TRAP_none;
}
