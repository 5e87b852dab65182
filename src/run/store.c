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
    .heap_reserve = (u64)4 << 30,
    .funcs = 1 << 20,
};

const StoreLimits store_limits_small = {
    .memory_bytes = 16 << 20,
    .table_entries = 10000,
    .stack_bytes = 64 << 10,
    .heap_reserve = 256 << 10,
    .funcs = 4096,
};

static const u64 heap_most = (u64)1 << 32, heap_least = 1 << 16, heap_chunk = 1 << 16;
static const u32 heap_first = 16; // no object is at 0: that is null

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
    s->heap_used = heap_first;
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
        for (u32 k = 0; k < i->module->elem_count; k++) free(i->elem_refs[k]);
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
    if (s->heap) pages_free(s->heap, s->heap_reserved);
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

// Address space may be short (a limit of the process): a smaller heap is better than none.
static bool make_heap(Store *s)
{
    u64 wanted = s->limits.heap_reserve;
    for (u64 size = wanted ? MIN(MAX(wanted, heap_least), heap_most) : heap_most;
         size >= heap_least && !s->heap; size /= 4) {
        s->heap = pages_reserve(size);
        s->heap_reserved = s->heap ? size : 0;
    }
    return s->heap != NULL;
}

// Objects that references point at: bumped, 8-byte aligned, never beyond the 32 bits of a Ref.
static void *heap_alloc(Store *s, u64 size)
{
    if (!s->heap && !make_heap(s)) return NULL;
    u64 end = s->heap_used + ((size + 7) & ~(u64)7);
    if (size > s->heap_reserved || end > s->heap_reserved) return NULL;
    if (end > s->heap_committed) {
        u64 commit = MIN((end + heap_chunk - 1) & ~(heap_chunk - 1), s->heap_reserved);
        if (!pages_commit(s->heap + s->heap_committed, commit - s->heap_committed)) return NULL;
        s->heap_committed = commit;
    }
    void *p = s->heap + s->heap_used;
    s->heap_used = (u32)MIN(end, UINT32_MAX & ~(u64)7); // the last bytes of a full heap stay unused
    return end > (UINT32_MAX & ~(u64)7) ? NULL : p;
}

Global *global_new(Store *s, GlobalType type)
{
    Global *g = store_alloc(s, 1, sizeof *g);
    if (g) g->type = type;
    return g;
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
    store_hold_type(s, &t->held, type);
    return &t->tag;
}

Ref ref_new_exception(Store *s, const Tag *tag, const u64 *values)
{
    size_t size = type_def(s->types, tag->type)->param_slots * sizeof *values;
    Exception *e = heap_alloc(s, sizeof *e + size);
    if (!e) return REF_NULL;
    e->tag = tag;
    memcpy(e->values, values, size);
    return (Ref)((u8 *)e - s->heap);
}

Ref ref_new_extern(Store *s, u64 value)
{
    u64 *object = heap_alloc(s, sizeof *object);
    if (!object) return REF_NULL;
    *object = value;
    return (Ref)((u8 *)object - s->heap);
}

const Exception *ref_to_exception(const Store *s, Ref ref) { return (const Exception *)(s->heap + ref); }

u64 ref_extern_value(const Store *s, Ref ref) { return *(const u64 *)(s->heap + ref); }
