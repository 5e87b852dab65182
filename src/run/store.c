// store.c -- the store owns everything that runs. See store.h.

#include "run/store.h"

#include "plat/pages.h"
#include "run/exec.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const StoreLimits store_limits_default = {
    .memory_bytes = (u64)16 << 30, // what the JavaScript API lets a memory64 grow to
    .table_entries = 10000000,
    .stack_bytes = 8 << 20,
    .memory_reserve = MIN((u64)16 << 30, SIZE_MOST / 128), // 16 MiB where sizes have 32 bits
    .heap_reserve = (u64)4 << 30,
};

const StoreLimits store_limits_small = {
    .memory_bytes = 16 << 20,
    .table_entries = 10000,
    .stack_bytes = 64 << 10,
    .memory_reserve = 0,
    .heap_reserve = 256 << 10,
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
    s->empty_memory = (Memory){.type.limits = {.has_max = true, .page_log2 = 16}};
    // Address space may be short (a limit of the process): a smaller heap is better than none.
    for (u64 size = s->limits.heap_reserve ? MIN(MAX(s->limits.heap_reserve, heap_least), heap_most)
                                           : heap_most;
         size >= heap_least && !s->heap; size /= 4) {
        s->heap = pages_reserve(size);
        s->heap_reserved = size;
    }
    s->exec = s->heap ? exec_new(s) : NULL;
    if (!s->exec) {
        store_free(s);
        return NULL;
    }
    return s;
}

void store_free(Store *s)
{
    if (!s) return;
    for (Memory *m = s->memories, *next; m; m = next) {
        next = m->next;
        pages_free(m->base, m->reserved);
        free(m);
    }
    for (Table *t = s->tables, *next; t; t = next) {
        next = t->next;
        free(t->elems);
        free(t);
    }
    exec_free(s->exec);
    pages_free(s->heap, s->heap_reserved);
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

// Objects that references point at: bumped, 8-byte aligned, never beyond the 32 bits of a Ref.
static void *heap_alloc(Store *s, u64 size)
{
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

Func *func_new(Store *s, u32 count)
{
    Func *funcs = heap_alloc(s, (u64)count * sizeof(Func));
    for (u32 i = 0; funcs && i < count; i++) funcs[i].entry = s->entry_wasm;
    return funcs;
}

Func *func_new_host(Store *s, TypeId type, HostFn *host, void *env)
{
    Func *f = func_new(s, 1);
    if (!f) return NULL;
    *f = (Func){.entry = s->entry_host, .host = host, .env = env};
    func_set_type(s, f, type);
    return f;
}

void func_set_type(const Store *s, Func *f, TypeId type)
{
    const TypeDef *def = type_def(s->types, type);
    f->type = type;
    f->param_slots = def->param_slots;
    f->result_slots = def->result_slots;
}

Global *global_new(Store *s, GlobalType type)
{
    Global *g = store_alloc(s, 1, sizeof *g);
    if (g) g->type = type;
    return g;
}

Tag *tag_new(Store *s, TypeId type)
{
    Tag *t = store_alloc(s, 1, sizeof *t);
    if (t) t->type = type;
    return t;
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

u64 ref_extern_value(const Store *s, Ref ref) { return *(const u64 *)(s->heap + ref); }

ExternType extern_type(const Extern *e)
{
    ExternType t = {.kind = e->kind};
    switch (e->kind) {
    case EXTERN_func: t.func = e->func->type; break;
    case EXTERN_tag: t.func = e->tag->type; break;
    case EXTERN_global: t.global = e->global->type; break;
    case EXTERN_memory:
        t.memory = e->memory->type;
        t.memory.limits.min = e->memory->pages;
        break;
    case EXTERN_table:
        t.table = e->table->type;
        t.table.limits.min = e->table->size;
        break;
    case EXTERN_COUNT: break;
    }
    return t;
}

static bool limits_match(const Limits *have, const Limits *want)
{
    return have->is64 == want->is64 && have->shared == want->shared &&
           have->min >= want->min && (!want->has_max || (have->has_max && have->max <= want->max));
}

bool extern_matches(const Store *s, const Extern *e, const ExternType *want)
{
    if (e->kind != want->kind) return false;
    ExternType have = extern_type(e);
    switch (e->kind) {
    case EXTERN_func: return want->exact ? have.func == want->func : type_id_matches(s->types, have.func, want->func);
    case EXTERN_tag: return have.func == want->func;
    case EXTERN_memory:
        return limits_match(&have.memory.limits, &want->memory.limits) &&
               have.memory.limits.page_log2 == want->memory.limits.page_log2;
    case EXTERN_table:
        return have.table.elem == want->table.elem &&
               limits_match(&have.table.limits, &want->table.limits);
    case EXTERN_global:
        if (have.global.mutable != want->global.mutable) return false;
        return have.global.mutable ? have.global.type == want->global.type
                                   : type_matches(s->types, have.global.type, want->global.type);
    case EXTERN_COUNT: break;
    }
    return false;
}

bool instance_export_at(const Instance *inst, u32 index, Extern *out)
{
    if (index >= inst->module->export_count) return false;
    const Export *e = &inst->module->exports[index];
    out->kind = e->kind;
    switch (e->kind) {
    case EXTERN_func: out->func = inst->funcs[e->index]; break;
    case EXTERN_table: out->table = inst->tables[e->index]; break;
    case EXTERN_memory: out->memory = inst->memories[e->index]; break;
    case EXTERN_global: out->global = inst->globals[e->index]; break;
    case EXTERN_tag: out->tag = inst->tags[e->index]; break;
    case EXTERN_COUNT: return false;
    }
    return true;
}

bool instance_export(const Instance *inst, Bytes name, Extern *out)
{
    const Module *m = inst->module;
    for (u32 i = 0; i < m->export_count; i++) {
        const Export *e = &m->exports[i];
        if (e->name.len == name.len && !memcmp(e->name.data, name.data, name.len))
            return instance_export_at(inst, i, out);
    }
    return false;
}

Exec *exec_new(Store *store)
{
    Exec *x = calloc(1, sizeof *x);
    if (!x) return NULL;
    u64 bytes = MAX(store->limits.stack_bytes, 1 << 14) & ~(u64)15;
    x->stack = pages_map(bytes);
    if (!x->stack) {
        free(x);
        return NULL;
    }
    x->store = store;
    x->stack_end = x->stack + bytes / 8;
    x->frame = x->top = x->stack;
    x->bottom = x->stack_end;
    x->record = (Record *)x->stack_end;
    return x;
}

void exec_free(Exec *x)
{
    if (!x) return;
    pages_free(x->stack, (u64)(x->stack_end - x->stack) * 8);
    free(x);
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
    Ref thrown = ref_new_exception(x->store, tag, values);
    if (!thrown) return exec_trap(x, TRAP_out_of_memory, "for an exception");
    x->thrown = thrown;
    return TRAP_uncaught_exception;
}


void exec_interrupt(Exec *x, Trap why) { atomic_store_explicit(&x->interrupt, why, memory_order_relaxed); }

void exec_grant_fuel(Exec *x, u64 fuel)
{
    x->fueled = true;
    x->fuel = fuel;
}

Trap exec_piece(Exec *x, u64 units)
{
    Trap why = (Trap)atomic_load_explicit(&x->interrupt, memory_order_relaxed);
    if (why) return why;
    if (!x->fueled) return TRAP_none;
    if (units > x->fuel) return TRAP_out_of_fuel;
    x->fuel -= units;
    return TRAP_none;
}
