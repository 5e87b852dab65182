// load.c -- a store from bytes, whatever these are. See snapshot.h.
//
// What it makes belongs to the store at once, which is freed if this fails; what does not yet, is
// in the arena. Nothing is collected meanwhile: Store.computing.

#include "snapshot/load.h"

#include "run/shared.h"

#include <stdlib.h>
#include <string.h>

_Noreturn void load_short(StoreLoad *l, const char *what)
{
    store_short(l->store, l->diag, what);
    longjmp(*l->failed, 1);
}

Instance *load_instance(StoreLoad *l, Input *in)
{
    return l->instances[input_below(in, l->instance_count, "instance")];
}

// ---- Values

static Func *load_func(StoreLoad *l, Input *in, u8 kind)
{
    if (kind != VALUE_func && kind != VALUE_host_func) input_bad(in, "no function");
    Instance *inst = load_instance(l, in);
    const Module *m = inst->module;
    u32 end = kind == VALUE_func ? m->func_count : inst->imported_funcs;
    u32 index = input_below(in, end, "function");
    Func *f = instance_func(inst, index);
    if (kind == VALUE_host_func ? f->code != NULL : index < inst->imported_funcs)
        input_bad(in, "a function under another's name");
    return f;
}

static bool func_fits(const StoreLoad *l, const Func *f, Type want)
{
    const TypeStore *types = l->store->types;
    if (!type_is_concrete(want)) return type_heap(want) == HEAP_func;
    return want & TYPE_EXACT ? f->type == type_id(want)
                             : type_id_matches(types, f->type, type_id(want));
}

// Is a continuation of that type? What it is is not known yet.
static bool cont_fits(StoreLoad *l, const LoadedObject *o, Type want)
{
    if (type_is_concrete(want) && o->kind == OBJECT_cont)
        ARENA_PUSH(&l->arena, l->expected, l->expected_count, l->expected_cap) =
            (Expected){o, type_id(want)};
    return type_is_concrete(want) || type_heap(want) == HEAP_cont;
}

static bool object_fits(StoreLoad *l, const LoadedObject *o, Type want)
{
    switch (type_top(l->store->types, want)) {
    case HEAP_any: case HEAP_extern:
        return o->kind <= OBJECT_host && o->kind != OBJECT_exception &&
               ref_matches(l->store, o->ref, want);
    case HEAP_exn: return o->kind == OBJECT_exception && type_heap(want) == HEAP_exn;
    case HEAP_cont:
        return (o->kind == OBJECT_cont || o->kind == OBJECT_used) && cont_fits(l, o, want);
    default: return false;
    }
}

static Ref load_ref(StoreLoad *l, Input *in, Type type)
{
    Heap top = type_top(l->store->types, type);
    u8 kind = input_byte(in);
    Ref ref = REF_NULL;
    bool fits = false;
    if (kind == VALUE_func || kind == VALUE_host_func) {
        const Func *f = load_func(l, in, kind);
        ref = ref_of_func(l->store, f);
        fits = top == HEAP_func && func_fits(l, f, type);
    } else if (kind == VALUE_null) {
        fits = type_is_null(type);
    } else if (kind == VALUE_i31) {
        ref = ref_of_i31(input_u32(in));
        fits = (top == HEAP_any || top == HEAP_extern) && ref_matches(l->store, ref, type);
    } else if (kind == VALUE_object) {
        const LoadedObject *o = &l->objects[input_below(in, l->object_count, "object")];
        ref = o->ref;
        fits = object_fits(l, o, type);
    }
    if (!fits) input_bad(in, "a reference of another type");
    return ref;
}

void load_value(StoreLoad *l, Input *in, Type type, u64 *slots)
{
    if (type_is_ref(type)) slots[0] = load_ref(l, in, type);
    else slots[0] = input_fixed(in, type == TYPE_i32 || type == TYPE_f32 ? 4 : 8);
    if (type == TYPE_v128) slots[1] = input_fixed(in, 8);
}

// ---- Modules and instances

static void load_modules(StoreLoad *l)
{
    Input in = input_section(&l->all, SECTION("modu"));
    l->module_count = input_count(&in, "modules");
    l->modules = NEW_ARRAY(&l->arena, const Module *, l->module_count);
    for (u32 i = 0; i < l->module_count; i++) {
        const u8 *hash = input_bytes(&in, SNAPSHOT_HASH);
        u64 size = input_u64(&in);
        Bytes bytes = {NULL, 0};
        if (input_byte(&in)) bytes = (Bytes){input_bytes(&in, size), (size_t)size};
        u8 own[SNAPSHOT_HASH];
        if (bytes.data) snapshot_hash(bytes, own);
        if (bytes.data && memcmp(own, hash, sizeof own)) input_bad(&in, "a module of another hash");
        l->modules[i] = l->how->module(l->how->env, hash, bytes, l->diag);
        if (!l->modules[i]) longjmp(*l->failed, 1);
        l->sizes += l->modules[i]->size;
    }
    input_ends(&in, "modules");
}

typedef struct { bool host; u32 inst, index; } Link;

// Of the instance that is made: where its imports come from.
typedef struct {
    StoreLoad *load;
    const Link *links;
    u32 next;
} Linking;

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    Linking *k = env;
    const Link *link = &k->links[k->next++];
    if (link->host) return k->load->how->resolve(k->load->how->env, import, type, out);
    Instance *of = k->load->instances[link->inst];
    out->kind = import->kind;
    switch (import->kind) {
    case EXTERN_func: out->func = instance_func(of, link->index); break;
    case EXTERN_table: out->table = of->tables[link->index]; break;
    case EXTERN_memory: out->memory = of->memories[link->index]; break;
    case EXTERN_global: out->global = of->globals[link->index]; break;
    case EXTERN_tag: out->tag = of->tags[link->index]; break;
    case EXTERN_COUNT: return false;
    }
    return true;
}

static u32 count_of(const Module *m, ExternKind kind)
{
    const u32 counts[] = {[EXTERN_func] = m->func_count, [EXTERN_table] = m->table_count,
                          [EXTERN_memory] = m->memory_count, [EXTERN_global] = m->global_count,
                          [EXTERN_tag] = m->tag_count};
    return counts[kind];
}

static Link load_link(StoreLoad *l, Input *in, const Import *import)
{
    u8 kind = input_byte(in);
    if (kind == IMPORT_host) return (Link){.host = true};
    if (kind != IMPORT_instance) input_bad(in, "an import of no kind");
    u32 inst = input_below(in, l->instance_count, "instance");
    u32 count = count_of(l->instances[inst]->module, import->kind);
    return (Link){false, inst, input_below(in, count, extern_text[import->kind])};
}

static void load_bits(Input *in, bool *bits, u32 count)
{
    const u8 *bytes = input_bytes(in, count / 8 + (count % 8 != 0));
    for (u32 i = 0; i < count; i++) bits[i] = bytes[i / 8] >> i % 8 & 1;
}

// What could not grow to what it was.
static void check_grown(StoreLoad *l, s64 before, bool limit, Err err, const char *what)
{
    if (before >= 0) return;
    if (!limit) load_short(l, what);
    diag_fail(l->diag, err, 0, "%s", what);
    longjmp(*l->failed, 1);
}

static void load_table_size(StoreLoad *l, Input *in, Table *t)
{
    u64 size = input_u64(in);
    if (size < t->size) input_bad(in, "a table smaller than it begins");
    if (size == t->size) return;
    bool limit =
        size > l->store->limits.table_entries || size - t->size > account_left(t->account);
    check_grown(l, table_grow(t, size - t->size, REF_NULL), limit, ERR_limit_table_size,
                "for a table as large as it was");
}

static void load_memory_size(StoreLoad *l, Input *in, Memory *m)
{
    u64 pages = input_u64(in);
    memory_refresh(m);
    if (m->shared && m->shared->users > 1)
        input_fail(in, ERR_snapshot_mismatch, "a memory that other stores have too");
    if (pages < m->pages) input_bad(in, "a memory smaller than it begins");
    if (pages == m->pages) return;
    bool limit = pages - m->pages > account_left(l->store->memory_account) >>
                                        m->type.limits.page_log2;
    check_grown(l, memory_grow(m, pages - m->pages), limit, ERR_limit_memory_size,
                "for a memory as large as it was");
    memory_refresh(m);
}

// Who imports what had grown by then may want it as large.
static void load_sizes(StoreLoad *l, Input *in, Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = 0; i < m->table_count; i++) load_table_size(l, in, inst->tables[i]);
    for (u32 i = 0; i < m->memory_count; i++) load_memory_size(l, in, inst->memories[i]);
}

static Instance *load_one(StoreLoad *l, Input *in)
{
    const Module *m = l->modules[input_below(in, l->module_count, "module")];
    Link *links = NEW_ARRAY(&l->arena, Link, m->import_count);
    for (u32 i = 0; i < m->import_count; i++) links[i] = load_link(l, in, &m->imports[i]);
    Linking linking = {l, links, 0};
    Instance *inst = engine_outline(l->store, m, resolve, &linking, l->diag);
    if (!inst) longjmp(*l->failed, 1);
    load_bits(in, inst->data_dropped, m->data_count);
    load_bits(in, inst->elem_dropped, m->elem_count);
    load_sizes(l, in, inst);
    return inst;
}

// What is kept while it is read is in proportion to what was read, and what instances take, which
// is counted: whatever the bytes are.
static void limit_arena(StoreLoad *l)
{
    enum { EACH = 64, FEW = 16 << 20 };
    u64 counted = account_used(&l->store->accounts[STORE_instance_bytes]);
    l->arena.limit = (size_t)MIN((l->sizes + counted) * EACH + FEW, SIZE_MAX);
}

static void load_instances(StoreLoad *l)
{
    Input in = input_section(&l->all, SECTION("inst"));
    u32 count = input_count(&in, "instances");
    l->instances = NEW_ARRAY(&l->arena, Instance *, count + 1);
    while (l->instance_count < count) {
        Instance *inst = load_one(l, &in);
        l->instances[l->instance_count++] = inst;
    }
    input_ends(&in, "instances");
    limit_arena(l);
    names_of(l->store, &l->arena, &l->names);
}

// ---- What objects there are: with nothing in them yet

static Ref new_object(StoreLoad *l, u64 size, u32 head)
{
    Ref ref = size <= UINT32_MAX / 2 ? heap_alloc(l->store, NULL, (u32)size) : REF_NULL;
    if (!ref) load_short(l, "for an object");
    u8 *at = l->store->heap.base + ref;
    memset(at, 0, (size_t)size);
    memcpy(at, &head, sizeof head);
    return ref;
}

static const TypeDef *load_type(StoreLoad *l, Input *in, CompKind kind, TypeId *type)
{
    const Instance *inst = load_instance(l, in);
    *type = inst->types[input_below(in, inst->module->type_count, "type")];
    const TypeDef *def = type_def(l->store->types, *type);
    if (def->kind != kind) input_bad(in, "an object of a type of another kind");
    return def;
}

static Ref load_aggregate(StoreLoad *l, Input *in, CompKind kind)
{
    TypeId type;
    const TypeDef *def = load_type(l, in, kind, &type);
    u32 length = 0;
    if (kind == COMP_array) {
        length = input_u32(in);
        // Each takes a byte at least of what is yet to come.
        l->elements += length;
        if (l->elements > (u64)(l->all.end - l->all.next)) input_bad(in, "arrays longer than all");
    }
    Ref ref = new_object(l, object_bytes(def, length), type << HEAD_BITS);
    if (kind == COMP_array) ((ArrayObject *)(void *)(l->store->heap.base + ref))->length = length;
    return ref;
}

static Ref load_exception(StoreLoad *l, Input *in)
{
    const Instance *inst = load_instance(l, in);
    const Tag *tag = inst->tags[input_below(in, inst->module->tag_count, "tag")];
    u32 size = exception_size(type_def(l->store->types, tag->type));
    Ref ref = new_object(l, size, tag->type << HEAD_BITS);
    ((Exception *)(void *)(l->store->heap.base + ref))->tag = tag->number;
    return ref;
}

static Ref load_host_value(StoreLoad *l, Input *in)
{
    u64 value, number = input_u64(in);
    if (!l->how->host_value || !l->how->host_value(l->how->env, number, &value))
        input_fail(in, ERR_snapshot_mismatch, "nobody knows value %llu of the host's",
                   (unsigned long long)number);
    Ref ref = ref_new_extern(l->store, value);
    if (!ref) load_short(l, "for a value of the host's");
    return ref;
}

static Ref load_object(StoreLoad *l, Input *in, u8 kind)
{
    switch (kind) {
    case OBJECT_struct: return load_aggregate(l, in, COMP_struct);
    case OBJECT_array: return load_aggregate(l, in, COMP_array);
    case OBJECT_exception: return load_exception(l, in);
    case OBJECT_host: return load_host_value(l, in);
    case OBJECT_cont: case OBJECT_used:
        return new_object(l, sizeof(ContObject), TYPE_ID_CONT << HEAD_BITS);
    default: input_bad(in, "an object of no kind");
    }
}

static void load_heap(StoreLoad *l)
{
    Input in = input_section(&l->all, SECTION("heap"));
    u32 count = input_count(&in, "objects");
    l->objects = NEW_ARRAY(&l->arena, LoadedObject, count);
    for (u32 i = 0; i < count; i++) {
        u8 kind = input_byte(&in);
        l->objects[i] = (LoadedObject){kind, load_object(l, &in, kind), NULL};
    }
    l->object_count = count;
    input_ends(&in, "objects");
}

// ---- What is in them

static void load_fields(StoreLoad *l, Input *in, Ref ref, const TypeDef *def)
{
    for (u32 i = 0; i < type_stored_fields(def); i++) {
        const FieldType *field = &def->fields[i];
        u64 slots[2] = {0};
        load_value(l, in, type_unpacked(field->type), slots);
        object_set(l->store->heap.base + ref + field->at, field->type, slots);
    }
}

static void load_items(StoreLoad *l, Input *in, Ref ref, const TypeDef *def)
{
    Type type = def->fields[0].type;
    u32 length = array_length(l->store, ref);
    u8 *items = array_items(l->store, ref);
    if (!type_is_ref(type)) {
        u64 size = (u64)length << type_log2(type);
        memcpy(items, input_bytes(in, size), (size_t)size);
        return;
    }
    for (u32 i = 0; i < length; i++) {
        Ref item = load_ref(l, in, type);
        memcpy(items + i * sizeof item, &item, sizeof item);
    }
}

static void load_contents(StoreLoad *l, Input *in, const LoadedObject *o)
{
    Store *s = l->store;
    u32 size;
    if (o->kind > OBJECT_exception) return;
    const TypeDef *def = object_def(s->types, &s->heap, o->ref, &size);
    if (o->kind == OBJECT_struct) {
        load_fields(l, in, o->ref, def);
    } else if (o->kind == OBJECT_array) {
        load_items(l, in, o->ref, def);
    } else {
        u64 *slot = ((Exception *)(void *)(s->heap.base + o->ref))->values;
        for (u32 i = 0; i < def->param_count; slot += type_slots(def->params[i++]))
            load_value(l, in, def->params[i], slot);
    }
}

// ---- Globals, segments, tables

// What never changes, and stands in the module, is what that says: compiled code may know it.
static void check_constant(Input *in, const Module *m, const GlobalDecl *decl, const Global *g)
{
    u64 value[2];
    if (decl->type.mutable || !const_number(decl->value, m->wides, value)) return;
    u64 other = value[0] ^ g->value[0];
    if (decl->type.type == TYPE_i32 || decl->type.type == TYPE_f32) other = (u32)other;
    if (type_slots(decl->type.type) == 2) other |= value[1] ^ g->value[1];
    if (other) input_bad(in, "a constant that is not what the module says");
}

static void load_globals(StoreLoad *l, Input *in, u32 number, bool own)
{
    Instance *inst = l->instances[number];
    const Module *m = inst->module;
    u32 first = own ? m->imported_globals : 0, end = own ? m->global_count : m->imported_globals;
    for (u32 i = first; i < end; i++) {
        Global *g = inst->globals[i];
        if (own || (g->type.mutable && name_is_first(&l->names, g, (ItemName){number, i})))
            load_value(l, in, g->type.type, g->value);
        if (own) check_constant(in, m, &m->globals[i], g);
    }
}

static void load_segment_items(StoreLoad *l, Input *in, Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = 0, next = 0; next < m->computed_items; i++) {
        const ElemSegment *e = &m->elems[i];
        // One that was dropped has nothing any more, whatever its items were.
        Type type = inst->elem_dropped[i] && type_is_ref(e->type) ? e->type | TYPE_NULL : e->type;
        for (u32 k = 0; k < e->count; k++)
            if (const_kind(m->words[e->items + k]) == CONST_steps)
                inst->items[next++] = load_ref(l, in, type);
    }
}

static void load_table(StoreLoad *l, Input *in, Table *t)
{
    for (u64 i = 0; i < t->size;) {
        u64 run = input_u64(in);
        if (!run || run > t->size - i) input_bad(in, "entries beyond a table");
        Ref ref = load_ref(l, in, t->type.elem);
        for (u64 end = i + run; i < end; i++) t->elems[i] = ref;
    }
}

static void load_tables(StoreLoad *l, Input *in, u32 number, bool own)
{
    Instance *inst = l->instances[number];
    const Module *m = inst->module;
    u32 first = own ? m->imported_tables : 0, end = own ? m->table_count : m->imported_tables;
    for (u32 i = first; i < end; i++)
        if (own || name_is_first(&l->names, inst->tables[i], (ItemName){number, i}))
            load_table(l, in, inst->tables[i]);
}

static void each_instance(StoreLoad *l, Input *in,
                          void (*load)(StoreLoad *l, Input *in, u32 number, bool own))
{
    for (u32 i = 0; i < l->instance_count; i++) load(l, in, i, true);
    for (u32 i = 0; i < l->instance_count; i++) load(l, in, i, false);
}

static void load_values(StoreLoad *l)
{
    Input in = input_section(&l->all, SECTION("valu"));
    each_instance(l, &in, load_globals);
    for (u32 i = 0; i < l->instance_count; i++) load_segment_items(l, &in, l->instances[i]);
    input_ends(&in, "values");
    in = input_section(&l->all, SECTION("tabl"));
    each_instance(l, &in, load_tables);
    input_ends(&in, "tables");
}

// ---- Memories

static void load_memory(StoreLoad *l, Input *in)
{
    Instance *inst = load_instance(l, in);
    u32 index = input_below(in, inst->module->memory_count, "memory");
    Memory *m = inst->memories[index];
    u32 count = input_count(in, "spans");
    if (MAPS_POSSIBLE && m->perils)
        input_fail(in, ERR_snapshot_mismatch, "a memory with a file in it, or what is sealed");
    if (index < inst->module->imported_memories) memory_zero(m, 0, m->size); // the host's
    if (l->how->memory && !l->how->memory(l->how->env, m)) load_short(l, "for a memory");
    u64 at = 0;
    for (u32 i = 0; i < count; i++) {
        u64 skip = input_u64(in);
        if (skip > m->size - at) input_bad(in, "bytes beyond a memory");
        at += skip;
        u64 size = input_u64(in);
        if (size > m->size - at) input_bad(in, "bytes beyond a memory");
        memcpy(m->base + at, input_bytes(in, size), (size_t)size);
        at += size;
    }
    input_ends(in, "memory");
}

// ---- Continuations and calls

static void load_cont(StoreLoad *l, Input *in, LoadedObject *o)
{
    Store *s = l->store;
    ContState state = {0};
    Parked *parked = NULL;
    const TypeDef *ends;
    arena_reset(&l->passing);
    if (input_byte(in)) {
        LoadedFrames frames = load_frames(l, in, false);
        parked = frames.parked;
        state.takes = frames.takes;
        state.results = frames.results;
        ends = frames.ends;
    } else {
        const Func *f = load_func(l, in, input_byte(in));
        state.func = ref_of_func(s, f);
        state.takes = f->type;
        ends = type_def(s->types, f->type);
    }
    u32 count, slots = 0;
    const Type *takes = cont_takes(s, &state, &count);
    state.bound = input_below(in, count + 1, "value of a continuation");
    for (u32 i = 0; i < state.bound; i++) slots += type_slots(takes[i]);
    u64 *values = NEW_ARRAY(&l->passing, u64, slots), *slot = values;
    for (u32 i = 0; i < state.bound; slot += type_slots(takes[i++]))
        load_value(l, in, takes[i], slot);
    o->cont = arena_copy(&l->arena, &(LoadedCont){state, ends}, sizeof(LoadedCont));
    state.parked = load_widen(l, parked, slots);
    if (slots)
        memcpy(state.parked->bytes + state.parked->frames - slots * sizeof *values, values,
               slots * sizeof *values);
    if (!cont_adopt(s, o->ref, &state)) load_short(l, "for a continuation");
}

static void load_conts(StoreLoad *l)
{
    Input in = input_section(&l->all, SECTION("cont"));
    for (u32 i = 0; i < l->object_count; i++)
        if (l->objects[i].kind == OBJECT_cont) load_cont(l, &in, &l->objects[i]);
    input_ends(&in, "continuations");
}

// Frames of calls have some too: it is done when all was read.
static void check_expected(StoreLoad *l)
{
    for (u32 i = 0; i < l->expected_count; i++) {
        const LoadedCont *c = l->expected[i].object->cont;
        if (!cont_state_matches(l->store, &c->state, c->ends, l->expected[i].type))
            input_bad(&l->all, "a continuation of another type");
    }
}

static bool same_results(const StoreLoad *l, const TypeDef *sub, const TypeDef *super)
{
    if (sub->result_count != super->result_count) return false;
    for (u32 i = 0; i < sub->result_count; i++)
        if (!type_matches(l->store->types, type_results(sub)[i], type_results(super)[i]))
            return false;
    return true;
}

static void load_call(StoreLoad *l, Input *in, bool first)
{
    Exec *x = &l->store->exec;
    u8 kind = input_byte(in);
    Trap trap = (Trap)input_byte(in);
    if (trap != TRAP_paused && trap != TRAP_interrupted && trap != TRAP_time_limit &&
        trap != TRAP_out_of_fuel)
        input_bad(in, "a call that was not stopped");
    if (kind > CALL_parked || (kind == CALL_outermost && !first))
        input_bad(in, "two calls at once");
    Func *called = load_func(l, in, input_byte(in));
    arena_reset(&l->passing);
    if (!called->code) input_bad(in, "a call of the host's");
    LoadedFrames frames = load_frames(l, in, true);
    if (!same_results(l, frames.ends, type_def(l->store->types, called->type)))
        input_bad(in, "a call with results of another type");
    Parked *p = load_widen(l, frames.parked, 0);
    p->called = called;
    p->stopped = trap;
    p->placed = true;
    if (!park_adopt(x, p)) load_short(l, "for a call that was stopped");
    bool done = kind == CALL_outermost ? exec_unpark(x, p) : l->how->parked(l->how->env, p);
    if (!done) load_short(l, "for the stack");
}

static void load_calls(StoreLoad *l)
{
    Input in = input_section(&l->all, SECTION("call"));
    u32 count = input_count(&in, "calls");
    for (u32 i = 0; i < count; i++) load_call(l, &in, !i);
    input_ends(&in, "calls");
}

// ---- All of it

static void load_sum(StoreLoad *l, Bytes bytes)
{
    enum { LAST = SECTION_BYTES + 8 };
    Input in = {bytes.data, bytes.data, bytes.data + bytes.len, l->diag, l->failed};
    Checksum sum = {0};
    if (bytes.len < HEAD_BYTES + LAST) input_bad(&in, "it ends too early");
    checksum_add(&sum, bytes.data, bytes.len - 8);
    in.next = in.end - LAST;
    if (!input_at(&in, SECTION("end "))) input_bad(&in, "it is damaged, or cut short");
    Input end = input_section(&in, SECTION("end "));
    if (input_fixed(&end, 8) != checksum_end(&sum)) input_bad(&in, "it is damaged, or cut short");
    l->all.end -= LAST;
}

static SnapshotHead load_head(Input *in)
{
    if (in->end - in->next < HEAD_BYTES || memcmp(in->next, SNAPSHOT_MAGIC, MAGIC_BYTES))
        input_bad(in, "it does not begin as a snapshot does");
    in->next += MAGIC_BYTES;
    u32 version = (u32)input_fixed(in, 4), flags = (u32)input_fixed(in, 4);
    u64 fuel = input_fixed(in, 8);
    if (version != SNAPSHOT_VERSION)
        input_fail(in, ERR_malformed_snapshot, "it is of version %u, and only %u is known here",
                   version, SNAPSHOT_VERSION);
    if (flags & ~(u32)(SNAPSHOT_fueled | SNAPSHOT_deterministic)) input_bad(in, "flags");
    return (SnapshotHead){flags & SNAPSHOT_fueled, flags & SNAPSHOT_deterministic, fuel};
}

bool snapshot_head(Bytes bytes, SnapshotHead *out, Diag *diag)
{
    jmp_buf failed;
    diag_init(diag);
    if (setjmp(failed)) return false;
    Input in = {bytes.data, bytes.data, bytes.data + bytes.len, diag, &failed};
    *out = load_head(&in);
    return true;
}

static void load_all(StoreLoad *l, Bytes bytes, Bytes *wasi)
{
    Store *s = l->store;
    Exec *x = &s->exec;
    SnapshotHead head = load_head(&l->all);
    load_sum(l, bytes);
    if (s->instances || exec_fueled(x) != head.fueled ||
        !(x->mode & CODE_deterministic) != !head.deterministic)
        input_fail(&l->all, ERR_snapshot_mismatch,
                   "a store is wanted without instances, that %s fuel and is %sdeterministic",
                   head.fueled ? "counts" : "does not count", head.deterministic ? "" : "not ");
    load_modules(l);
    load_instances(l);
    load_heap(l);
    load_values(l);
    while (input_at(&l->all, SECTION("memo"))) {
        Input in = input_section(&l->all, SECTION("memo"));
        load_memory(l, &in);
    }
    Input in = input_section(&l->all, SECTION("fill"));
    for (u32 i = 0; i < l->object_count; i++) load_contents(l, &in, &l->objects[i]);
    input_ends(&in, "objects");
    load_places(l);
    load_conts(l);
    load_calls(l);
    check_expected(l);
    *wasi = (Bytes){0};
    if (input_at(&l->all, SECTION("wasi"))) {
        in = input_section(&l->all, SECTION("wasi"));
        *wasi = (Bytes){in.next, (size_t)(in.end - in.next)};
    }
    input_ends(&l->all, "sections");
    if (head.fueled && head.fuel < (u64)x->fuel) exec_grant_fuel(x, head.fuel);
}

bool snapshot_read(Store *store, const SnapshotReader *how, Bytes bytes, Bytes *wasi, Diag *diag)
{
    jmp_buf failed;
    StoreLoad *l = calloc(1, sizeof *l);
    diag_init(diag);
    if (!l) return diag_fail(diag, ERR_out_of_memory, 0, "for the snapshot");
    *l = (StoreLoad){.store = store, .how = how, .diag = diag, .failed = &failed,
                     .sizes = bytes.len,
                     .all = {bytes.data, bytes.data, bytes.data + bytes.len, diag, &failed}};
    arena_init(&l->arena);
    arena_init(&l->passing);
    arena_init(&l->walking);
    l->arena.on_failure = l->passing.on_failure = l->walking.on_failure = &failed;
    volatile bool done = false;
    store->computing = true;
    if (!setjmp(failed)) {
        load_all(l, bytes, wasi);
        done = true;
    }
    store->computing = !done; // what was read in part no collection ever sees
    arena_free(&l->walking);
    arena_free(&l->passing);
    arena_free(&l->arena);
    free(l);
    if (!done && !diag->err) diag_fail(diag, ERR_out_of_memory, 0, "for the snapshot");
    return done;
}
