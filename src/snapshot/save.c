// save.c -- a store as bytes. See snapshot.h.

#include "snapshot/save.h"

#include "run/shared.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void save_refuse(Save *s, const char *fmt, ...)
{
    char text[200];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    diag_fail(s->diag, ERR_cannot_snapshot, 0, "%s", text);
    longjmp(*s->failed, 1);
}

void save_number(Save *s, u64 value) { buf_leb_u(&s->out, value); }

void save_name(Save *s, ItemName name)
{
    save_number(s, name.inst);
    save_number(s, name.index);
}

static void end_section(Save *s, const char *name) { sink_buf(&s->sink, SECTION(name), &s->out); }

// ---- Values

static void save_func_ref(Save *s, Ref ref)
{
    Store *store = s->store;
    Func *f = ref_to_func(store, ref);
    if (!f->type && !func_fill(store, ref)) save_refuse(s, "a reference to no function");
    save_func(s, f);
}

void save_func(Save *s, const Func *f)
{
    ItemName name;
    if (f->code) {
        buf_byte(&s->out, VALUE_func);
        save_name(s, (ItemName){number_of(&s->names, func_instance(&s->store->exec, f)), f->index});
        return;
    }
    if (!name_of(&s->names, f, &name))
        save_refuse(s, "a reference to a function of the host's that no instance imports");
    buf_byte(&s->out, VALUE_host_func);
    save_name(s, name);
}

static u32 object_number(Save *s, Ref ref)
{
    u32 low = 0, high = s->object_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (s->objects[middle] < ref) low = middle + 1;
        else high = middle;
    }
    if (low == s->object_count || s->objects[low] != ref)
        save_refuse(s, "a reference to what is no object");
    return low;
}

static void save_ref(Save *s, Type type, Ref ref)
{
    if (ref == REF_NULL) {
        buf_byte(&s->out, VALUE_null);
    } else if (!type_is_collected(s->store->types, type)) {
        save_func_ref(s, ref);
    } else if (ref_is_i31(ref)) {
        buf_byte(&s->out, VALUE_i31);
        save_number(s, ref >> 1);
    } else {
        buf_byte(&s->out, VALUE_object);
        save_number(s, object_number(s, ref));
    }
}

void save_value(Save *s, Type type, const u64 *slots)
{
    if (type_is_ref(type)) {
        save_ref(s, type, (Ref)slots[0]);
    } else if (type == TYPE_i32 || type == TYPE_f32) {
        buf_u32le(&s->out, (u32)slots[0]);
    } else {
        buf_u64le(&s->out, slots[0]);
        if (type == TYPE_v128) buf_u64le(&s->out, slots[1]);
    }
}

// ---- Modules and instances

static u32 module_number(Save *s, const Module *m, const Module **modules, u32 *count)
{
    for (u32 i = 0; i < *count; i++)
        if (modules[i] == m) return i;
    modules[*count] = m;
    return (*count)++;
}

static void save_modules(Save *s, const Module *const *modules, u32 count)
{
    save_number(s, count);
    for (u32 i = 0; i < count; i++) {
        Bytes bytes = {modules[i]->bytes, modules[i]->size};
        u8 hash[SNAPSHOT_HASH] = {0};
        if (!module_fetch(modules[i], MODULE_ALL)) save_refuse(s, "a module that cannot be read");
        if (s->how->module) s->how->module(s->how->env, modules[i]);
        else snapshot_hash(bytes, hash);
        buf_bytes(&s->out, hash, sizeof hash);
        save_number(s, bytes.len);
        buf_byte(&s->out, !s->how->without_modules);
        if (!s->how->without_modules) buf_bytes(&s->out, bytes.data, bytes.len);
    }
    end_section(s, "modu");
}

static const void *imported(const Instance *inst, const Import *import)
{
    switch (import->kind) {
    case EXTERN_table: return inst->tables[import->index];
    case EXTERN_memory: return inst->memories[import->index];
    case EXTERN_global: return inst->globals[import->index];
    case EXTERN_tag: return inst->tags[import->index];
    default: return inst->imports[import->index];
    }
}

static void save_import(Save *s, const Instance *inst, const Import *import)
{
    const void *item = imported(inst, import);
    ItemName name = {0};
    bool own;
    if (import->kind == EXTERN_func) {
        const Func *f = item;
        own = f->code;
        if (own) {
            const Instance *of = func_instance(&s->store->exec, f);
            name = (ItemName){number_of(&s->names, of), f->index};
        }
    } else {
        name_of(&s->names, item, &name);
        own = name_is_own(&s->names, import->kind, name);
    }
    buf_byte(&s->out, own ? IMPORT_instance : IMPORT_host);
    if (own) save_name(s, name);
}

static void save_bits(Save *s, const bool *bits, u32 count)
{
    for (u32 i = 0; i < count; i += 8) {
        u8 byte = 0;
        for (u32 k = i; k < count && k < i + 8; k++) byte |= (u8)(bits[k] << (k - i));
        buf_byte(&s->out, byte);
    }
}

static void save_sizes(Save *s, const Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = 0; i < m->table_count; i++) save_number(s, inst->tables[i]->size);
    for (u32 i = 0; i < m->memory_count; i++) {
        memory_refresh(inst->memories[i]);
        save_number(s, inst->memories[i]->pages);
    }
}

static void save_instances(Save *s)
{
    u32 count = s->names.instance_count, module_count = 0;
    const Module **modules = NEW_ARRAY(&s->arena, const Module *, count + 1);
    u32 *numbers = NEW_ARRAY(&s->arena, u32, count + 1);
    for (u32 i = 0; i < count; i++)
        numbers[i] = module_number(s, s->names.instances[i]->module, modules, &module_count);
    save_modules(s, modules, module_count);
    save_number(s, count);
    for (u32 i = 0; i < count; i++) {
        const Instance *inst = s->names.instances[i];
        const Module *m = inst->module;
        save_number(s, numbers[i]);
        for (u32 k = 0; k < m->import_count; k++) save_import(s, inst, &m->imports[k]);
        save_bits(s, inst->data_dropped, m->data_count);
        save_bits(s, inst->elem_dropped, m->elem_count);
        save_sizes(s, inst);
    }
    s->modules = modules;
    s->module_numbers = numbers;
    end_section(s, "inst");
}

// ---- What objects there are

static void note_object(void *env, Ref ref)
{
    Save *s = env;
    ARENA_PUSH(&s->arena, s->objects, s->object_count, s->object_cap) = ref;
}

static void save_host_value(Save *s, Ref ref)
{
    u64 number;
    if (!s->how->host_number ||
        !s->how->host_number(s->how->env, ref_extern_value(s->store, ref), &number))
        save_refuse(s, "a value of the host's that a guest has (an externref)");
    buf_byte(&s->out, OBJECT_host);
    save_number(s, number);
}

static void save_tag(Save *s, const Tag *tag)
{
    ItemName name;
    if (!name_of(&s->names, tag, &name))
        save_refuse(s, "an exception with a tag that no instance has");
    save_name(s, name);
}

static void save_object(Save *s, Ref ref)
{
    Store *store = s->store;
    u32 size;
    if (ref_is_extern(store, ref)) {
        save_host_value(s, ref);
        return;
    }
    if (object_is_cont(store, ref)) {
        ContState state;
        buf_byte(&s->out, cont_look(store, ref, &state) ? OBJECT_cont : OBJECT_used);
        return;
    }
    const TypeDef *def = object_def(store->types, &store->heap, ref, &size);
    if (!def) save_refuse(s, "an object that is none");
    if (def->kind == COMP_func) {
        const Exception *e = ref_find_exception(store, ref);
        if (!e) save_refuse(s, "an exception without its tag");
        buf_byte(&s->out, OBJECT_exception);
        save_tag(s, exception_tag(store, e));
        return;
    }
    ItemName type;
    if (!name_of_type(&s->names, object_type(store, ref), &type))
        save_refuse(s, "an object of a type that no module has");
    buf_byte(&s->out, def->kind == COMP_struct ? OBJECT_struct : OBJECT_array);
    save_name(s, type);
    if (def->kind == COMP_array) save_number(s, array_length(store, ref));
}

static void save_heap(Save *s)
{
    Store *store = s->store;
    if (store->telling || store->computing) save_refuse(s, "while a value ends, or is computed");
    if (!heap_collect(store, exec_alive(&store->exec))) {
        diag_fail(s->diag, ERR_out_of_memory, 0, "to find out what frames refer to");
        longjmp(*s->failed, 1);
    }
    if (store->heap.base) heap_each(store, note_object, s);
    save_number(s, s->object_count);
    for (u32 i = 0; i < s->object_count; i++) save_object(s, s->objects[i]);
    end_section(s, "heap");
}

// ---- What is in them

static void save_fields(Save *s, Ref ref, const TypeDef *def)
{
    const u8 *at = s->store->heap.base + ref;
    for (u32 i = 0; i < type_stored_fields(def); i++) {
        const FieldType *field = &def->fields[i];
        u64 slots[2] = {0};
        object_get(at + field->at, field->type, false, slots);
        save_value(s, type_unpacked(field->type), slots);
    }
}

static void save_items(Save *s, Ref ref, const TypeDef *def)
{
    Type type = def->fields[0].type;
    u32 length = array_length(s->store, ref);
    const u8 *items = array_items(s->store, ref);
    if (!type_is_ref(type)) {
        buf_bytes(&s->out, items, (size_t)length << type_log2(type));
        return;
    }
    for (u32 i = 0; i < length; i++) {
        Ref item;
        memcpy(&item, items + i * sizeof item, sizeof item);
        save_ref(s, type, item);
    }
}

static void save_params(Save *s, const TypeDef *def, const u64 *slots)
{
    for (u32 i = 0; i < def->param_count; slots += type_slots(def->params[i++]))
        save_value(s, def->params[i], slots);
}

static void save_contents(Save *s, Ref ref)
{
    Store *store = s->store;
    u32 size;
    if (ref_is_extern(store, ref) || object_is_cont(store, ref)) return;
    const TypeDef *def = object_def(store->types, &store->heap, ref, &size);
    if (def->kind == COMP_struct) save_fields(s, ref, def);
    else if (def->kind == COMP_array) save_items(s, ref, def);
    else save_params(s, def, ref_to_exception(store, ref)->values);
}

// ---- Globals, segments, tables

static void save_globals(Save *s, u32 number, bool own)
{
    const Instance *inst = s->names.instances[number];
    const Module *m = inst->module;
    u32 first = own ? m->imported_globals : 0, end = own ? m->global_count : m->imported_globals;
    for (u32 i = first; i < end; i++) {
        const Global *g = inst->globals[i];
        if (own || (g->type.mutable && name_is_first(&s->names, g, (ItemName){number, i})))
            save_value(s, g->type.type, g->value);
    }
}

static void save_segment_items(Save *s, const Instance *inst)
{
    const Module *m = inst->module;
    for (u32 i = 0, next = 0; next < m->computed_items; i++) {
        const ElemSegment *e = &m->elems[i];
        for (u32 k = 0; k < e->count; k++)
            if (const_kind(m->words[e->items + k]) == CONST_steps) {
                Ref ref = inst->elem_dropped[i] ? REF_NULL : inst->items[next];
                save_ref(s, e->type, ref);
                next++;
            }
    }
}

// Runs of what is the same: mostly null.
static void save_table(Save *s, const Table *t)
{
    for (u64 i = 0, run; i < t->size; i += run) {
        for (run = 1; i + run < t->size && t->elems[i + run] == t->elems[i];) run++;
        save_number(s, run);
        save_ref(s, t->type.elem, t->elems[i]);
    }
}

static void save_tables(Save *s, u32 number, bool own)
{
    const Instance *inst = s->names.instances[number];
    const Module *m = inst->module;
    u32 first = own ? m->imported_tables : 0, end = own ? m->table_count : m->imported_tables;
    for (u32 i = first; i < end; i++) {
        const Table *t = inst->tables[i];
        if (own || name_is_first(&s->names, t, (ItemName){number, i})) save_table(s, t);
    }
}

// ---- Memories

enum { PIECE = 4096 };

static bool is_zero(const u8 *at, size_t size)
{
    return !size || (!at[0] && !memcmp(at, at + 1, size - 1));
}

typedef struct { u64 at, size; } Span;

// Where there is anything.
static Span *find_spans(Save *s, const Memory *m, u32 *count)
{
    Span *spans = NULL;
    u32 cap = 0;
    *count = 0;
    for (u64 at = 0, size; at < m->size; at += size) {
        size = MIN(m->size - at, PIECE);
        if (is_zero(m->base + at, (size_t)size)) continue;
        if (*count && spans[*count - 1].at + spans[*count - 1].size == at)
            spans[*count - 1].size += size;
        else ARENA_PUSH(&s->arena, spans, *count, cap) = (Span){at, size};
    }
    return spans;
}

static u32 leb_bytes(u64 value)
{
    u32 bytes = 1;
    while (value >>= 7) bytes++;
    return bytes;
}

static void save_memory(Save *s, Memory *m, ItemName name)
{
    memory_refresh(m);
    if (m->shared && m->shared->users > 1)
        save_refuse(s, "a memory that it shares with other stores");
    // What is mapped privately from a buffer is the guest's, as bytes.
    if (m->perils) save_refuse(s, "a memory with a file in it, or what is sealed");
    u32 count = 0;
    Span *spans = NULL;
    if (s->how->memory) s->how->memory(s->how->env, m);
    else spans = find_spans(s, m, &count);
    save_name(s, name);
    save_number(s, count);
    u64 bytes = s->out.len, end = 0;
    for (u32 i = 0; i < count; end = spans[i].at + spans[i].size, i++)
        bytes += leb_bytes(spans[i].at - end) + leb_bytes(spans[i].size) + spans[i].size;
    sink_section(&s->sink, SECTION("memo"), bytes);
    end = 0;
    for (u32 i = 0; i < count; end = spans[i].at + spans[i].size, i++) {
        save_number(s, spans[i].at - end);
        save_number(s, spans[i].size);
        sink_put(&s->sink, s->out.data, s->out.len);
        s->out.len = 0;
        sink_put(&s->sink, m->base + spans[i].at, (size_t)spans[i].size);
    }
    sink_put(&s->sink, s->out.data, s->out.len);
    s->out.len = 0;
}

static void save_memories(Save *s, u32 number, bool own)
{
    const Instance *inst = s->names.instances[number];
    const Module *m = inst->module;
    u32 first = own ? m->imported_memories : 0, end = own ? m->memory_count : m->imported_memories;
    for (u32 i = first; i < end; i++) {
        ItemName name = {number, i};
        if (own || name_is_first(&s->names, inst->memories[i], name))
            save_memory(s, inst->memories[i], name);
    }
}

static void each_instance(Save *s, void (*save)(Save *s, u32 number, bool own))
{
    for (u32 i = 0; i < s->names.instance_count; i++) save(s, i, true);
    for (u32 i = 0; i < s->names.instance_count; i++) save(s, i, false);
}

// ---- Continuations and calls

static void save_cont(Save *s, Ref ref)
{
    Store *store = s->store;
    ContState state;
    if (!object_is_cont(store, ref) || !cont_look(store, ref, &state)) return;
    u32 count;
    const Type *takes = cont_takes(store, &state, &count);
    buf_byte(&s->out, state.func == REF_NULL);
    if (state.func) {
        save_func_ref(s, state.func);
    } else {
        save_frames(s);
    }
    save_number(s, state.bound);
    u32 slots = 0;
    for (u32 i = 0; i < state.bound; i++) slots += type_slots(takes[i]);
    const u64 *slot = !slots ? NULL
                             : (u64 *)(void *)(state.parked->bytes + state.parked->frames) - slots;
    for (u32 i = 0; i < state.bound; slot += type_slots(takes[i++]))
        save_value(s, takes[i], slot);
}

static void save_calls(Save *s)
{
    save_number(s, s->call_count);
    for (u32 i = 0; i < s->call_count; i++) {
        const SavedCall *call = &s->calls[i];
        buf_byte(&s->out, call->kind);
        buf_byte(&s->out, (u8)call->trap);
        save_func(s, call->called);
        save_frames(s);
    }
}

// ---- All frames, in the order in which they are written

static void find_calls(Save *s)
{
    const Exec *x = &s->store->exec;
    Parked **parked = NULL;
    u32 count = 0, cap = 0;
    for (Parked *p = x->parked; p; p = p->next) ARENA_PUSH(&s->arena, parked, count, cap) = p;
    if (exec_may_continue(x))
        ARENA_PUSH(&s->arena, s->calls, s->call_count, s->call_cap) =
            (SavedCall){CALL_outermost, x->trap, x->called, x->at};
    while (count-- > 0) {
        const Parked *p = parked[count];
        ARENA_PUSH(&s->arena, s->calls, s->call_count, s->call_cap) =
            (SavedCall){CALL_parked, p->stopped, p->called, park_place(parked[count])};
    }
}

static void note_frames(Save *s)
{
    ContState state;
    for (u32 i = 0; i < s->object_count; i++) {
        Ref ref = s->objects[i];
        if (!object_is_cont(s->store, ref) || !cont_look(s->store, ref, &state) || state.func)
            continue;
        Position place = park_place(state.parked);
        save_note_frames(s, &place, false);
    }
    find_calls(s);
    for (u32 i = 0; i < s->call_count; i++) {
        if (s->calls[i].trap == TRAP_waits)
            save_refuse(s, "a call that waits in a function of the host's");
        save_note_frames(s, &s->calls[i].at, true);
    }
}

// ---- All of it

static void save_head(Save *s)
{
    const Exec *x = &s->store->exec;
    buf_bytes(&s->out, SNAPSHOT_MAGIC, MAGIC_BYTES);
    buf_u32le(&s->out, SNAPSHOT_VERSION);
    buf_u32le(&s->out, (x->mode & CODE_fueled ? SNAPSHOT_fueled : 0) |
                           (x->mode & CODE_deterministic ? SNAPSHOT_deterministic : 0));
    buf_u64le(&s->out, exec_fueled(x) ? (u64)x->fuel : 0);
    sink_put(&s->sink, s->out.data, s->out.len);
    s->out.len = 0;
}

static void save_all(Save *s)
{
    Exec *x = &s->store->exec;
    if (x->depth) save_refuse(s, "while the store runs");
    if (exec_waits(x))
        save_refuse(s, "a call that waits in a function of the host's");
    names_of(s->store, &s->arena, &s->names);
    save_head(s);
    save_instances(s);
    save_heap(s);
    each_instance(s, save_globals);
    for (u32 i = 0; i < s->names.instance_count; i++)
        save_segment_items(s, s->names.instances[i]);
    end_section(s, "valu");
    each_instance(s, save_tables);
    end_section(s, "tabl");
    each_instance(s, save_memories);
    for (u32 i = 0; i < s->object_count; i++) save_contents(s, s->objects[i]);
    end_section(s, "fill");
    note_frames(s);
    save_places(s);
    end_section(s, "plac");
    for (u32 i = 0; i < s->object_count; i++) save_cont(s, s->objects[i]);
    end_section(s, "cont");
    save_calls(s);
    end_section(s, "call");
    if (s->how->wasi.len) {
        buf_bytes(&s->out, s->how->wasi.data, s->how->wasi.len);
        end_section(s, "wasi");
    }
    sink_section(&s->sink, SECTION("end "), sizeof(u64));
    buf_u64le(&s->out, checksum_end(&s->sink.sum));
    sink_put(&s->sink, s->out.data, s->out.len);
}

bool snapshot_keep(SnapshotBytes *kept, const void *bytes, size_t size, Diag *diag)
{
    if (size > kept->cap - kept->len) {
        size_t cap = MAX(2 * kept->cap, kept->len + size);
        u8 *more = realloc(kept->data, cap);
        if (!more) return diag_fail(diag, ERR_out_of_memory, 0, "for the snapshot");
        kept->data = more;
        kept->cap = cap;
    }
    memcpy(kept->data + kept->len, bytes, size);
    kept->len += size;
    return true;
}

bool snapshot_write(Store *store, const SnapshotWriter *how, Diag *diag)
{
    jmp_buf failed;
    Save *s = calloc(1, sizeof *s);
    diag_init(diag);
    if (!s) return diag_fail(diag, ERR_out_of_memory, 0, "for the snapshot");
    *s = (Save){.store = store, .how = how, .diag = diag, .failed = &failed,
                .sink = {how->write, how->env, {0}, diag, &failed}};
    arena_init(&s->arena);
    arena_init(&s->walking);
    s->arena.on_failure = s->walking.on_failure = &failed;
    volatile bool done = false;
    if (!setjmp(failed)) {
        buf_init(&s->out, &s->arena);
        map_init(&s->places_known, &s->arena);
        save_all(s);
        done = true;
    }
    arena_free(&s->walking);
    arena_free(&s->arena);
    free(s);
    if (!done && !diag->err) diag_fail(diag, ERR_out_of_memory, 0, "for the snapshot");
    return done;
}
