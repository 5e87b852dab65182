// instance.c -- instances as blocks of memory, and what they export. See instance.h.

#include "run/instance.h"

#include "run/exec.h"
#include "run/guard.h"
#include "run/shared.h"
#include "run/store.h"
#include "run/stored.h"

#include <stdlib.h>
#include <string.h>

// Where the parts of the block stand: each takes room for `count` items of `size`.
typedef struct {
    u8 *block;    // NULL while it is measured
    size_t used;
    bool too_large;
} Layout;

static void *part(Layout *l, u64 count, size_t size)
{
    size_t bytes;
    l->too_large |= l->used > SIZE_MAX - 15;
    l->used = (l->used + 15) & ~(size_t)15;
    size_t at = l->used;
    if (count > SIZE_MAX || __builtin_mul_overflow((size_t)count, size, &bytes) ||
        __builtin_add_overflow(l->used, bytes, &l->used))
        l->too_large = true;
    return l->block ? l->block + at : NULL;
}

static Instance *lay_out(Layout *l, const Module *m)
{
    Instance parts = {0};
    u32 own_globals = m->global_count - m->imported_globals;
    Instance *inst = part(l, sizeof *inst + (u64)own_globals * sizeof *inst->own, 1);
    parts.imports = part(l, m->imported_funcs, sizeof *parts.imports);
    parts.memories = part(l, m->memory_count, sizeof *parts.memories);
    parts.globals = part(l, m->global_count, sizeof *parts.globals);
    parts.tables = part(l, m->table_count, sizeof *parts.tables);
    parts.tags = part(l, m->tag_count, sizeof *parts.tags);
    parts.data_dropped = part(l, m->data_count, sizeof *parts.data_dropped);
    parts.elem_dropped = part(l, m->elem_count, sizeof *parts.elem_dropped);
    parts.items = part(l, m->computed_items, sizeof *parts.items);
    Tag *tags = part(l, m->tag_count - m->imported_tags, sizeof *tags);
    if (!inst) return NULL;
    *inst = parts;
    for (u32 i = 0; i < own_globals; i++) {
        inst->own[i].type = m->globals[m->imported_globals + i].type;
        inst->globals[m->imported_globals + i] = &inst->own[i];
    }
    for (u32 i = m->imported_tags; i < m->tag_count; i++) {
        Tag *t = &tags[i - m->imported_tags];
        t->type = m->tags[i].type;
        inst->tags[i] = t;
    }
    return inst;
}

// Has it what a collection must look at?
static bool has_roots(const Store *s, const Module *m)
{
    for (u32 i = m->imported_globals; i < m->global_count; i++)
        if (type_is_collected(s->types, m->globals[i].type.type)) return true;
    for (u32 i = 0; i < m->elem_count; i++)
        if (type_is_collected(s->types, m->elems[i].type)) return true;
    return false;
}

// With the block go memories and tables, without what they hold, and numbers of tags.
static u64 counted_bytes(const Module *m, size_t block)
{
    u64 shared = 0;
    for (u32 i = m->imported_memories; i < m->memory_count; i++)
        shared += m->memories[i].type.limits.shared;
    return block + shared * sizeof(SharedMemory) +
           (u64)(m->memory_count - m->imported_memories) * sizeof(Memory) +
           (u64)(m->table_count - m->imported_tables) * sizeof(Table) +
           (u64)(m->tag_count - m->imported_tags) * 2 * sizeof(Tag *);
}

static bool take(Store *s, u64 bytes)
{
    if (!store_take(s, STORE_instances, 1)) return false;
    if (store_take(s, STORE_instance_bytes, bytes)) return true;
    store_give(s, STORE_instances, 1);
    return false;
}

static void give(Store *s, u64 bytes)
{
    store_give(s, STORE_instances, 1);
    store_give(s, STORE_instance_bytes, bytes);
}

static Instance *refuse(Store *s, Diag *diag)
{
    store_short(s, diag, "for the instance");
    return NULL;
}

Instance *instance_new(Store *s, const Module *m, Diag *diag)
{
    Layout l = {0};
    lay_out(&l, m);
    u64 bytes = counted_bytes(m, l.used);
    if (l.too_large || !take(s, bytes)) return refuse(s, diag);
    l.block = calloc(1, l.used);
    if (!l.block) {
        give(s, bytes);
        return refuse(s, diag);
    }
    l.used = 0;
    Instance *inst = lay_out(&l, m);
    u32 own_tags = m->tag_count - m->imported_tags;
    if (own_tags && !tags_number(s, inst->tags[m->imported_tags], own_tags)) {
        give(s, bytes);
        free(inst);
        return refuse(s, diag);
    }
    inst->exec = &s->exec;
    inst->heap = s->heap.base;
    inst->records = s->types->records;
    inst->self = (s64)((intptr_t)inst - (intptr_t)inst->exec);
    inst->types = m->types;
    inst->module = m;
    inst->imported_funcs = m->imported_funcs;
    inst->bytes = bytes;
    inst->next = s->instances;
    s->instances = inst;
    if (!has_roots(s, m)) return inst;
    inst->next_rooted = s->rooted;
    return s->rooted = inst;
}

bool instance_number(Instance *inst)
{
    u32 own = inst->module->func_count - inst->imported_funcs;
    if (!own) return true;
    inst->func_first = func_reserve(inst->store, own);
    inst->funcs = inst->store->funcs;
    inst->func_mask = inst->store->func_mask;
    if (inst->func_first) func_own(inst);
    return inst->func_first;
}

void instance_drop(Instance *inst)
{
    Store *s = inst->store;
    const Module *m = inst->module;
    if (inst->memories && m->memory_count && inst->memories[0]) {
        Instance **at = &inst->memories[0]->views;
        while (*at && *at != inst) at = &(*at)->next_view;
        if (*at) {
            *at = inst->next_view;
            inst->memories[0]->view_count--;
        }
    }
    for (u32 i = m->memory_count; i-- > m->imported_memories;)
        if (inst->memories[i]) memory_drop(s, inst->memories[i]);
    for (u32 i = m->table_count; i-- > m->imported_tables;)
        if (inst->tables[i]) table_drop(s, inst->tables[i]);
    if (m->tag_count > m->imported_tags)
        tags_drop(s, inst->tags[m->imported_tags], m->tag_count - m->imported_tags);
    func_disown(inst);
    if (inst->func_first) func_return(s, inst->func_first, m->func_count - m->imported_funcs);
    s->instances = inst->next;
    give(s, inst->bytes);
    if (s->rooted == inst) s->rooted = inst->next_rooted;
    free(inst);
}

void instance_view_memory(Instance *inst)
{
    Memory *m = inst->memories[0];
    inst->next_view = m->views;
    m->views = inst;
    m->view_count++;
    inst->mem = m->base;
    inst->mem_size = m->size;
    inst->mem_open = m->open;
}

// Where any memory has guards something may be mapped in it that faults, so that code is to be made
// that may fault wherever it accesses one; and that relies on the guards of memory 0, if such
// memories have any. If that one was refused them, it is neither: nobody compiles for that.
static u32 guarded_mode(const Instance *inst, u32 mode)
{
    const Module *m = inst->module;
    bool any = false;
    for (u32 i = 0; i < m->memory_count; i++) any |= inst->memories[i]->mode == MEMORY_guarded;
    // A shared memory may have guards where nobody handles faults, in a store of another engine.
    if (!any || inst->store->limits.memory_mode != MEMORY_guarded) return mode;
    const Memory *first = inst->memories[0];
    bool fits = first->mode == MEMORY_guarded || !memory_suits_guards(&first->type);
    return fits ? mode | CODE_guarded : mode & ~(u32)CODE_compiled;
}

bool instance_code(Instance *inst, Diag *diag)
{
    Store *s = inst->store;
    u32 mode = s->exec.mode;
    // Code of the processor finds objects by itself, wherever 32 bits lead it.
    if (mode & CODE_compiled && inst->module->objects && !(s->types->whole && heap_reserve(s)))
        mode &= ~(u32)CODE_compiled;
    if (GUARD_POSSIBLE && mode & CODE_compiled) mode = guarded_mode(inst, mode);
    Err why;
    ModuleCode *made = code_of_module(inst->module, mode, &why);
    if (!made) return diag_fail(diag, why, 0, "for the instance");
    inst->made = made;
    inst->code = made->funcs;
    const Stored *stored = inst->module->stored;
    if (stored && !stored->own) exec_mistrust(&s->exec);
    return !stored || heap_mistrust(s) ||
           diag_fail(diag, ERR_out_of_memory, 0, "for the heap");
}

// ---- External values

ExternType extern_type(const Extern *e)
{
    ExternType t = {.kind = e->kind};
    switch (e->kind) {
    case EXTERN_func: t.func = e->func->type; break;
    case EXTERN_tag: t.func = e->tag->type; break;
    case EXTERN_global: t.global = e->global->type; break;
    case EXTERN_memory:
        memory_refresh(e->memory);
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

// rules: Limits_sub/max, Limits_sub/eps
static bool limits_match(const Limits *have, const Limits *want)
{
    return have->is64 == want->is64 && have->shared == want->shared &&
           have->min >= want->min && (!want->has_max || (have->has_max && have->max <= want->max));
}

bool extern_matches(const Store *s, const Extern *e, const ExternType *want)
{
    // rules: Externtype_sub/func, Externtype_sub/table, Externtype_sub/mem, Externtype_sub/global
    // rule: Externtype_sub/tag
    if (e->kind != want->kind) return false;
    ExternType have = extern_type(e);
    switch (e->kind) {
    case EXTERN_func:
        // rule: Externtype_sub/func
        return want->exact ? have.func == want->func
                           : type_id_matches(s->types, have.func, want->func);
    // rules: Externtype_sub/tag, Tagtype_sub
    case EXTERN_tag: return have.func == want->func;
    case EXTERN_memory:
        // rules: Externtype_sub/mem, Memtype_sub
        return limits_match(&have.memory.limits, &want->memory.limits) &&
               have.memory.limits.page_log2 == want->memory.limits.page_log2;
    case EXTERN_table:
        // rules: Externtype_sub/table, Tabletype_sub
        return have.table.elem == want->table.elem &&
               limits_match(&have.table.limits, &want->table.limits);
    case EXTERN_global:
        // rules: Externtype_sub/global, Globaltype_sub/const, Globaltype_sub/var
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
    case EXTERN_func: out->func = instance_func((Instance *)inst, e->index); break;
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
    const Export *e = module_export(inst->module, name);
    return e && instance_export_at(inst, (u32)(e - inst->module->exports), out);
}
