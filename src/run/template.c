// template.c -- see template.h.

#include "run/template.h"

#include "run/gc/collect.h"
#include "run/store.h"

#include <stdlib.h>
#include <string.h>

// ---- Freezing

static bool refuse(const char **why, const char *words)
{
    *why = words;
    return false;
}

static u32 own_memories(const Module *m) { return m->memory_count - m->imported_memories; }
static u32 own_tables(const Module *m) { return m->table_count - m->imported_tables; }
static u32 own_globals(const Module *m) { return m->global_count - m->imported_globals; }
static u32 own_tags(const Module *m) { return m->tag_count - m->imported_tags; }

// All that it refers to must be there wherever it is made again.
static bool can_freeze(const Instance *inst, const char **why)
{
    const Store *s = inst->store;
    const Module *m = inst->module;
    u32 own = m->func_count - m->imported_funcs, known = 1 + own;
    if (s->instances != inst || inst->next)
        return refuse(why, "there are other instances in the store");
    if (m->imported_memories || m->imported_tables || m->imported_globals || m->imported_tags)
        return refuse(why, "it imports items that are no functions");
    for (u32 i = m->imported_memories; i < m->memory_count; i++)
        if (inst->memories[i]->shared) return refuse(why, "a memory of its is shared");
    for (u32 i = m->imported_memories; i < m->memory_count; i++)
        if (inst->memories[i]->maps) return refuse(why, "something is mapped in a memory of its");
    for (u32 i = 0; i < m->imported_funcs; i++) {
        u32 k = 0;
        while (inst->imports[k] != inst->imports[i]) k++;
        known += k == i;
    }
    if (known != store_func_count(s))
        return refuse(why, "the store has functions that the module does not import");
    if (s->tag_count != own_tags(m)) return refuse(why, "the store has tags of the host's");
    if (s->hosts.count) return refuse(why, "it holds pointers of the host's");
    if (s->exec.parked) return refuse(why, "something of it is set aside and can go on");
    for (u32 i = 1; i < s->conts.count; i++)
        if (s->conts.of[i].ref) return refuse(why, "it holds continuations");
    return true;
}

static void copy_tables(Template *t, const Instance *inst)
{
    const Module *m = inst->module;
    t->tables = NEW_ARRAY(&t->arena, FrozenTable, own_tables(m));
    for (u32 i = 0; i < own_tables(m); i++) {
        const Table *from = inst->tables[m->imported_tables + i];
        t->tables[i].size = from->size;
        t->tables[i].elems =
            arena_copy(&t->arena, from->elems, (size_t)from->size * sizeof(Ref));
    }
}

static void copy_values(Template *t, const Instance *inst)
{
    const Module *m = inst->module;
    t->globals = arena_alloc_array(&t->arena, own_globals(m), sizeof *t->globals);
    for (u32 i = 0; i < own_globals(m); i++)
        memcpy(t->globals[i], inst->own[i].value, sizeof *t->globals);
    t->data_dropped = arena_copy(&t->arena, inst->data_dropped, m->data_count * sizeof(bool));
    t->elem_dropped = arena_copy(&t->arena, inst->elem_dropped, m->elem_count * sizeof(bool));
    t->items = arena_copy(&t->arena, inst->items, m->computed_items * sizeof(Ref));
}

static void copy_imports(Template *t, const Instance *inst)
{
    t->imports = NEW_ARRAY(&t->arena, FrozenImport, inst->imported_funcs);
    for (u32 i = 0; i < inst->imported_funcs; i++) {
        const Func *f = inst->imports[i];
        t->imports[i] = (FrozenImport){f->type, f->host, ref_of_func(inst->store, f)};
    }
}

static bool copy_all(Template *t, const Instance *inst)
{
    jmp_buf failed;
    arena_init(&t->arena);
    t->arena.on_failure = &failed;
    if (setjmp(failed)) {
        t->arena.on_failure = NULL;
        return false;
    }
    copy_imports(t, inst);
    copy_tables(t, inst);
    copy_values(t, inst);
    t->memories = NEW_ARRAY(&t->arena, FrozenMemory, own_memories(inst->module));
    t->arena.on_failure = NULL;
    return true;
}

static bool copy_memories(Template *t, const Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = 0; i < own_memories(m); i++) t->memories[i].image.file = -1;
    for (u32 i = 0; i < own_memories(m); i++) {
        const Memory *from = inst->memories[m->imported_memories + i];
        t->memories[i].size = from->size;
        if (image_new(&t->memories[i].image, from->base, from->size)) return false;
    }
    return true;
}

bool template_freeze(Template *t, Instance *inst, const char **why)
{
    Store *s = inst->store;
    *why = NULL;
    exec_begin(&s->exec);
    if (!heap_collect(s, NULL)) return refuse(why, "what its frames hold is not known");
    if (!can_freeze(inst, why)) return false;
    *t = (Template){.module = inst->module, .func_first = inst->func_first,
                    .func_count = store_func_count(s)};
    if (copy_all(t, inst) && copy_memories(t, inst) && heap_freeze(s, &t->heap)) return true;
    template_free(t);
    return false;
}

void template_free(Template *t)
{
    for (u32 i = 0; t->memories && i < own_memories(t->module); i++)
        image_free(&t->memories[i].image);
    heap_frozen_free(&t->heap);
    arena_free(&t->arena);
    *t = (Template){0};
}

// ---- Functions, by their numbers

bool template_suits(const Template *t, const Store *s, Func *const *imports)
{
    const Module *m = t->module;
    if (!t->heap.count) return true;
    if (s->heap.base || s->tag_count) return false;
    for (u32 i = 0; i < m->imported_funcs; i++)
        if (ref_of_func(s, imports[i]) != t->imports[i].number) return false;
    return !t->func_first || store_func_count(s) == t->func_first;
}

// All numbers that there were, and what they were of.
static bool number_as_before(const Template *t, Instance *inst)
{
    Store *s = inst->store;
    u32 more = t->func_count - 1;
    if (!more) return true;
    if (!func_reserve(s, more)) return false;
    for (u32 i = 0; i < inst->imported_funcs; i++) {
        const FrozenImport *f = &t->imports[i];
        inst->imports[i] = &s->funcs[f->number];
        *inst->imports[i] = (Func){.type = f->type, .host = f->host};
    }
    inst->func_first = t->func_first;
    inst->funcs = s->funcs;
    inst->func_mask = s->func_mask;
    if (inst->func_first) func_own(inst);
    return true;
}

static bool number_anew(Instance *inst, Func *const *imports)
{
    for (u32 i = 0; i < inst->imported_funcs; i++) inst->imports[i] = imports[i];
    return instance_number(inst);
}

// Are all numbers what they were?
static bool same_numbers(const Template *t, const Instance *inst)
{
    for (u32 i = 0; i < inst->imported_funcs; i++)
        if (ref_of_func(inst->store, inst->imports[i]) != t->imports[i].number) return false;
    return inst->func_first == t->func_first;
}

// A reference to a function: to one of its own, or one that it imports.
static Ref renumber(const Template *t, const Instance *inst, Ref ref)
{
    const Module *m = inst->module;
    if (!ref) return REF_NULL;
    for (u32 i = 0; i < m->imported_funcs; i++)
        if (t->imports[i].number == ref) return ref_of_func(inst->store, inst->imports[i]);
    return ref - t->func_first + inst->func_first;
}

static void renumber_all(const Template *t, Instance *inst)
{
    const Module *m = inst->module;
    const TypeStore *types = inst->store->types;
    for (u32 i = 0; i < own_globals(m); i++) {
        Global *g = &inst->own[i];
        if (type_is_ref(g->type.type) && !type_is_collected(types, g->type.type))
            g->value[0] = renumber(t, inst, (Ref)g->value[0]);
    }
    for (u32 i = m->imported_tables; i < m->table_count; i++) {
        Table *table = inst->tables[i];
        if (type_is_collected(types, table->type.elem)) continue;
        for (u64 k = 0; k < table->size; k++)
            table->elems[k] = renumber(t, inst, table->elems[k]);
    }
}

// ---- Making

enum { COPIED_MOST = 64 << 10 }; // of an image, rather than mapped

static Memory *make_memory(Store *s, const MemType *type, const FrozenMemory *from,
                           const MemoryPlace *place)
{
    const Image *image = &from->image;
    bool maps = place || image->size > COPIED_MOST;
    Memory *m = memory_new_kept(s, type, from->size, maps, place);
    maps &= !m || !m->fork; // one that is a file already takes the contents
    if (m && maps && image_map(image, m->base)) {
        m->image = image->size;
        return m;
    }
    if (m && maps) memory_drop(s, m);
    if (place) return NULL;
    if (maps) m = memory_new_kept(s, type, from->size, false, NULL); // no addresses to stay at
    if (m) image_copy(image, m->base);
    return m;
}

static bool make_memories(const Template *t, Instance *inst, const MemoryPlace *places)
{
    const Module *m = inst->module;
    for (u32 i = 0; i < own_memories(m); i++) {
        u32 index = m->imported_memories + i;
        Memory *made = make_memory(inst->store, &m->memories[index].type, &t->memories[i],
                                   places ? &places[i] : NULL);
        if (!made) return false;
        inst->memories[index] = made;
    }
    if (m->memory_count) instance_view_memory(inst);
    return true;
}

static bool make_tables(const Template *t, Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = 0; i < own_tables(m); i++) {
        u32 index = m->imported_tables + i;
        TableType type = m->tables[index].type;
        type.limits.min = t->tables[i].size;
        Table *made = inst->tables[index] = table_new(inst->store, &type, REF_NULL);
        if (!made || !table_restore(made, t->tables[i].elems, t->tables[i].size)) return false;
        made->type.limits.min = m->tables[index].type.limits.min;
    }
    return true;
}

static void set_values(const Template *t, Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = 0; i < own_globals(m); i++)
        memcpy(inst->own[i].value, t->globals[i], sizeof inst->own[i].value);
    if (m->data_count) memcpy(inst->data_dropped, t->data_dropped, m->data_count * sizeof(bool));
    if (m->elem_count) memcpy(inst->elem_dropped, t->elem_dropped, m->elem_count * sizeof(bool));
    if (m->computed_items) memcpy(inst->items, t->items, m->computed_items * sizeof(Ref));
}

static bool make_all(const Template *t, Instance *inst, Func *const *imports,
                     const MemoryPlace *places)
{
    bool numbered = imports ? number_anew(inst, imports) : number_as_before(t, inst);
    if (!numbered || !make_memories(t, inst, places) || !make_tables(t, inst)) return false;
    set_values(t, inst);
    if (!same_numbers(t, inst)) {
        if (t->heap.count) return false;
        renumber_all(t, inst);
    }
    return heap_thaw(inst->store, &t->heap);
}

Instance *template_make(const Template *t, Store *s, Func *const *imports,
                        const MemoryPlace *places, Diag *diag)
{
    diag_init(diag);
    Instance *inst = instance_new(s, t->module, diag);
    if (!inst) return NULL;
    bool made = make_all(t, inst, imports, places);
    if (made && instance_code(inst, diag)) {
        inst->heap = s->heap.base;
        return inst;
    }
    if (!made) store_short(s, diag, "for the instance");
    instance_drop(inst);
    return NULL;
}

// ---- Making it so again

bool template_is_alone(const Template *t, const Instance *inst)
{
    const Store *s = inst->store;
    const Module *m = inst->module;
    u32 memories = 0, tables = 0;
    bool patched = false; // what was mapped over a part has taken the image's place there
    for (const Memory *i = s->memories; i; i = i->next) {
        memories++;
        patched |= i->patched;
    }
    for (const Table *i = s->tables; i; i = i->next) tables++;
    return s->instances == inst && !inst->next && !s->arena.block && !s->globals && !s->held &&
           memories == own_memories(m) && !patched && tables == own_tables(m) &&
           s->tag_count == own_tags(m) && store_func_count(s) == t->func_count && !s->shared_count;
}

static void restore_memories(const Template *t, Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = 0; i < own_memories(m); i++) {
        Memory *memory = inst->memories[m->imported_memories + i];
        memory_cut(memory, t->memories[i].size);
        memory->paid = t->memories[i].size;
        memory->grown = NULL;
    }
}

static bool restore_heap(const Template *t, Instance *inst)
{
    Store *s = inst->store;
    if (s->heap.base) {
        heap_free(s);
        s->heap = (Blocks){0};
        inst->heap = NULL;
    }
    if (s->hosts.cap) {
        hosts_free(s);
        s->hosts = (HostTable){0};
    }
    if (s->conts.memo) {
        conts_free(s);
        s->conts = (ContTable){0};
    }
    return heap_thaw(s, &t->heap);
}

bool template_restore(const Template *t, Instance *inst, const size_t *used)
{
    Store *s = inst->store;
    const Module *m = inst->module;
    exec_clear(&s->exec);
    s->computing = s->telling = false;
    s->collected = NULL;
    memset(s->made, 0, sizeof s->made);
    s->met = STORE_LIMIT_COUNT;
    for (u32 i = 0; i < STORE_LIMIT_COUNT; i++)
        atomic_store_explicit(&s->accounts[i].used, i == STORE_heap_bytes ? 0 : used[i],
                              memory_order_relaxed);
    restore_memories(t, inst);
    set_values(t, inst);
    for (u32 i = 0; i < own_tables(m); i++) {
        const FrozenTable *from = &t->tables[i];
        if (!table_restore(inst->tables[m->imported_tables + i], from->elems, from->size))
            return false;
    }
    return restore_heap(t, inst);
}
