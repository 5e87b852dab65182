// store.c -- the store owns everything that runs. See store.h.

#include "run/store.h"

#include "plat/pages.h"
#include "run/exec.h"
#include "run/spare.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
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

bool exec_init(Exec *x, u64 stack_bytes)
{
    if (stack_bytes > SIZE_MOST) return false;
    x->stack_limit = (size_t)MAX(stack_bytes, 1 << 14) & ~(size_t)15;
    return true;
}

Trap exec_trap(Exec *x, Trap trap, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(x->trap_detail, sizeof x->trap_detail, fmt, args);
    va_end(args);
    return trap;
}

Trap exec_throw(Exec *x, const Tag *tag, const u64 *values)
{
    Ref thrown = ref_new_exception(exec_store(x), tag, values);
    if (!thrown) return exec_trap(x, TRAP_out_of_memory, "for an exception");
    x->thrown = thrown;
    return TRAP_uncaught_exception;
}


void exec_interrupt(Exec *x, Trap why)
{
    if (!why && x->stop_every) why = TRAP_paused; // tests ask for it all the time
    atomic_store_explicit(&x->interrupt, why, memory_order_relaxed);
}

// What a host function does or calls, and a constant expression, cannot be gone on with.
static bool may_pause(const Exec *x) { return x->depth == 1 && !x->host.record && !x->expr; }

Trap exec_poll(Exec *x)
{
    Trap why = (Trap)atomic_load_explicit(&x->interrupt, memory_order_relaxed);
    bool passed = x->passed;
    x->passed = false;
    if (passed) return TRAP_none;
    x->resumable = true;
    if (why != TRAP_paused) return why;
    if (!may_pause(x)) return TRAP_none; // but later
    return !x->stop_every || --x->polls == 0 ? TRAP_paused : TRAP_none;
}

void exec_grant_fuel(Exec *x, u64 fuel)
{
    x->mode |= CODE_fueled;
    x->fuel = fuel;
}

Trap exec_piece(Exec *x, u64 units)
{
    if (atomic_load_explicit(&x->interrupt, memory_order_relaxed)) {
        Trap why = exec_poll(x);
        if (why) return why;
    }
    if (!exec_fueled(x)) return TRAP_none;
    x->resumable = true;
    if (units > x->fuel) return TRAP_out_of_fuel;
    x->fuel -= units;
    return TRAP_none;
}
