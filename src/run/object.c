// object.c -- see object.h.

#include "run/object.h"

#include "run/gc/collect.h"
#include "run/store.h"

#include <inttypes.h>
#include <string.h>

static u8 *at(const Store *s, Ref ref) { return s->heap.base + ref; }

static TypeId id_of(const Store *s, Ref ref) { return *(const u32 *)at(s, ref) >> HEAD_BITS; }

static ArrayObject *array_at(const Store *s, Ref ref) { return (ArrayObject *)at(s, ref); }

// ---- Of any kind

bool object_is_cont(const Store *s, Ref ref) { return has_conts && id_of(s, ref) == TYPE_ID_CONT; }

u32 object_size(const Store *s, Ref ref)
{
    u32 size;
    object_def(s->types, &s->heap, ref, &size);
    return size;
}

bool type_has_ref_params(const TypeStore *types, const TypeDef *type)
{
    u32 i = 0;
    while (i < type->param_count && !type_is_collected(types, type->params[i])) i++;
    return i < type->param_count;
}

bool object_has_refs(const Store *s, Ref ref)
{
    u32 size;
    const TypeDef *type = object_def(s->types, &s->heap, ref, &size);
    return object_is_cont(s, ref) || (type && type_has_refs(s->types, type));
}

static void each_value(const Store *s, const Exception *e, RefVisitor *visit, void *env)
{
    const TypeDef *type = exception_type(s, e);
    const u64 *slot = e->values;
    for (u32 i = 0; i < type->param_count; slot += type_slots(type->params[i++]))
        if (type_is_collected(s->types, type->params[i])) visit(env, (Ref)*slot);
}

typedef struct {
    RefVisitor *visit;
    void *env;
} SlotsToRefs;

static void visit_slot(void *env, u64 *slot)
{
    const SlotsToRefs *to = env;
    to->visit(to->env, (Ref)*slot);
}

void object_each_ref(const Store *s, Ref ref, RefVisitor *visit, void *env)
{
    u32 size;
    if (object_is_cont(s, ref)) {
        cont_each_ref(s, ref, visit_slot, &(SlotsToRefs){visit, env});
        return;
    }
    const TypeDef *type = object_def(s->types, &s->heap, ref, &size);
    if (!type) return;
    if (!has_objects || type->kind == COMP_func) {
        each_value(s, ref_to_exception(s, ref), visit, env);
        return;
    }
    const ArrayObject *a = array_at(s, ref);
    u32 items = type->kind == COMP_array && type_layout(type)->ref_words ? a->length : 0;
    for (u32 i = 0; i < items; i++) visit(env, ((const Ref *)(const void *)a->items)[i]);
    for (u32 i = 0; type->kind == COMP_struct && i < type_stored_fields(type); i++)
        if (type_is_collected(s->types, type->fields[i].type))
            visit(env, *(const Ref *)(const void *)(at(s, ref) + type->fields[i].at));
}

Heap ref_heap(const Store *s, Ref ref)
{
    u32 size;
    if (ref_is_i31(ref)) return HEAP_i31;
    if (!heap_room(&s->heap, ref)) return HEAP_extern;
    const TypeDef *type = object_def(s->types, &s->heap, ref, &size);
    return !type                       ? HEAP_extern
           : type->kind == COMP_struct ? HEAP_struct
           : type->kind == COMP_array  ? HEAP_array
                                       : HEAP_extern;
}

TypeId object_type(const Store *s, Ref ref) { return id_of(s, ref); }

u32 array_length(const Store *s, Ref ref) { return array_at(s, ref)->length; }

static TypeId func_type(Store *s, Ref ref)
{
    const Func *f = ref_to_func(s, ref);
    if (!f->type) func_fill(s, ref);
    return f->type;
}

static bool is_of(Store *s, Ref ref, Type type)
{
    TypeId want = type_id(type), id;
    if (has_conts && s->types->records[want].kind == COMP_cont) return cont_matches(s, ref, want);
    if (s->types->records[want].kind == COMP_func) id = func_type(s, ref);
    else if (!heap_room(&s->heap, ref)) return false; // i31, or what a confused guest wrote
    else id = id_of(s, ref);
    return type & TYPE_EXACT ? id == want : type_id_matches(s->types, id, want);
}

CastTarget cast_target(const TypeStore *types, Type type)
{
    u32 null = type_is_null(type) ? ACCEPT_null : 0;
    if (type_is_concrete(type)) {
        bool func = types->records[type_id(type)].kind == COMP_func;
        if (type & TYPE_EXACT) null |= ACCEPT_exact;
        return (CastTarget){func ? CAST_BY_call : CAST_BY_type, null};
    }
    switch (type_heap(type)) {
    case HEAP_eq: null |= ACCEPT_i31 | ACCEPT_struct | ACCEPT_array; break;
    case HEAP_i31: null |= ACCEPT_i31; break;
    case HEAP_struct: null |= ACCEPT_struct; break;
    case HEAP_array: null |= ACCEPT_array; break;
    default:
        if (type_heap(type) == type_top(types, type)) null |= (u32)ACCEPT_all & ~(u32)ACCEPT_null;
    }
    return (CastTarget){CAST_BY_kind, null};
}

u32 cast_units(const Module *m, Type type)
{
    if (!m->objects) return PRICE_cast;
    if (!type_is_concrete(type)) return 0;
    const TypeDef *def = type_def(m->store, type_id(type));
    return def->kind == COMP_func || def->depth >= TYPE_DISPLAY ? PRICE_cast : 0;
}

// Of an abstract type.
static bool is_accepted(const Store *s, Ref ref, u32 accept)
{
    if (ref == REF_NULL) return accept & ACCEPT_null;
    if ((accept | ACCEPT_null) == ACCEPT_all) return true;
    if (ref_is_i31(ref)) return accept & ACCEPT_i31;
    Heap is = accept & (ACCEPT_struct | ACCEPT_array) ? ref_heap(s, ref) : HEAP_extern;
    return is != HEAP_extern && accept & (is == HEAP_struct ? ACCEPT_struct : ACCEPT_array);
}

bool ref_matches(Store *s, Ref ref, Type type)
{
    if (!type_is_concrete(type)) return is_accepted(s, ref, cast_target(s->types, type).accept);
    return ref == REF_NULL ? type_is_null(type) : is_of(s, ref, type);
}

bool ref_accepted(const Instance *inst, Ref ref, u32 type, u32 accept)
{
    Store *s = inst->store;
    if (type < inst->module->type_count) {
        Type want = type_ref_to(accept & ACCEPT_null, inst->types[type]);
        return ref_matches(s, ref, accept & ACCEPT_exact ? want | TYPE_EXACT : want);
    }
    return is_accepted(s, ref, accept);
}

bool ref_described(const Instance *inst, Ref ref, Ref descriptor, u32 type, u32 accept)
{
    const Store *s = inst->store;
    TypeId want = inst->types[type];
    const TypeDef *def = type_def(s->types, want);
    u32 size;
    if (ref == REF_NULL) return accept & ACCEPT_null;
    if (!heap_room(&s->heap, ref) || !object_def(s->types, &s->heap, ref, &size)) return false;
    if (!type_id_matches(s->types, id_of(s, ref), want)) return false;
    if (def->descriptor == TYPE_NONE) return false;
    return *(const Ref *)at(s, ref + def->fields[def->field_count].at) == descriptor;
}

// ---- Values in objects. spec: exec/runtime, packfield

static void put(u8 *to, u32 log2, const u64 *slot)
{
    switch (log2) {
    case 0: *to = (u8)*slot; break;
    case 1: memcpy(to, &(u16){(u16)*slot}, 2); break;
    case 2: memcpy(to, &(u32){(u32)*slot}, 4); break;
    case 3: memcpy(to, slot, 8); break;
    default: memcpy(to, slot, 16); break;
    }
}

void object_set(u8 *to, Type type, const u64 *slot) { put(to, type_log2(type), slot); }

void object_get(const u8 *from, Type type, bool sign, u64 *slot)
{
    u32 narrow = 0;
    u64 wide;
    switch (type_log2(type)) {
    case 0: slot[0] = sign ? (u32)(s8)*from : *from; break;
    case 1: memcpy(&narrow, from, 2); slot[0] = sign ? (u32)(s16)narrow : narrow; break;
    case 2: memcpy(&narrow, from, 4); slot[0] = narrow; break;
    case 3: memcpy(&wide, from, 8); slot[0] = wide; break;
    default: memcpy(slot, from, 16); break;
    }
}

static u8 *place_of(const Store *s, Ref ref, const FieldType *f, u32 element)
{
    return at(s, ref) + f->at + ((size_t)element << type_log2(f->type));
}

void object_read(const Store *s, Ref ref, const FieldType *f, u32 element, u64 *slot)
{
    object_get(place_of(s, ref, f, element), f->type, false, slot);
}

void object_write(Store *s, Ref ref, const FieldType *f, u32 element, const u64 *slot)
{
    heap_barrier(&s->exec, ref, element, 1);
    object_set(place_of(s, ref, f, element), f->type, slot);
}

u8 *array_items(const Store *s, Ref ref) { return array_at(s, ref)->items; }

static void put_all(u8 *to, u32 log2, u64 count, const u64 *slot)
{
    if (log2 == 0) {
        memset(to, (u8)*slot, (size_t)count);
        return;
    }
    if (count) put(to, log2, slot);
    repeat_first(to, (size_t)1 << log2, (size_t)count);
}

// ---- Making them

static Ref make(Exec *x, const Position *from, TypeId id, const TypeDef *type, u32 length)
{
    Store *s = exec_store(x);
    u64 bytes = object_bytes(type, length);
    if (bytes > UINT32_MAX) s->met = STORE_heap_bytes;
    Ref ref = bytes <= UINT32_MAX ? heap_alloc(s, from, (u32)bytes) : REF_NULL;
    if (!ref) return REF_NULL;
    *(u32 *)at(s, ref) = id << HEAD_BITS;
    if (type->kind == COMP_array) array_at(s, ref)->length = length;
    return ref;
}

static Ref make_default(Store *s, TypeId id, u32 length)
{
    const TypeDef *def = type_def(s->types, id);
    Ref ref = make(&s->exec, exec_alive(&s->exec), id, def, length);
    u32 head = def->kind == COMP_array ? sizeof(ArrayObject) : sizeof(u32);
    if (ref) memset(at(s, ref) + head, 0, (size_t)object_bytes(def, length) - head);
    return ref;
}

Ref ref_new_struct(Store *s, TypeId id) { return make_default(s, id, 0); }
Ref ref_new_array(Store *s, TypeId id, u32 length) { return make_default(s, id, length); }

// The descriptor of what is made of such operands, or NULL: it has none. They are its fields, or
// nothing but that.
static const u64 *descriptor_in(const TypeDef *def, bool fields, const u64 *v)
{
    if (def->descriptor == TYPE_NONE) return NULL;
    return fields ? &v[type_layout(def)->slots - 1] : v;
}

// In a straight piece of code nobody else asks whether to stop, however many it makes.
static Trap asked(Exec *x, const Position *from)
{
    Trap trap = from ? exec_asked(x) : TRAP_none;
    if (trap) x->resumable = true;
    return trap;
}

static Trap make_struct(Exec *x, const Position *from, TypeId id, const TypeDef *def,
                        const u64 *descriptor, Ref *out)
{
    if (descriptor && (Ref)*descriptor == REF_NULL) return TRAP_null_descriptor_reference;
    Trap trap = asked(x, from);
    if (trap) return trap;
    *out = make(x, from, id, def, 0);
    return *out ? TRAP_none : exec_short(x, "for a structure");
}

Trap object_struct_new(Exec *x, const Instance *inst, const Position *from, u32 type, u64 *v)
{
    TypeId id = inst->types[type];
    const TypeDef *def = type_def(exec_store(x)->types, id);
    Ref ref;
    Trap trap = make_struct(x, from, id, def, descriptor_in(def, true, v), &ref);
    if (trap) return trap;
    u8 *to = at(exec_store(x), ref);
    const u64 *slot = v;
    for (const FieldType *f = def->fields, *end = f + type_stored_fields(def); f < end; f++) {
        put(to + f->at, type_log2(f->type), slot);
        slot += type_slots(f->type);
    }
    v[0] = ref;
    return TRAP_none;
}

Trap object_struct_new_default(Exec *x, const Instance *inst, const Position *from, u32 type,
                               u64 *v)
{
    TypeId id = inst->types[type];
    const TypeDef *def = type_def(exec_store(x)->types, id);
    const u64 *descriptor = descriptor_in(def, false, v);
    Ref ref;
    Trap trap = make_struct(x, from, id, def, descriptor, &ref);
    if (trap) return trap;
    u8 *to = at(exec_store(x), ref);
    memset(to + sizeof(u32), 0, type_layout(def)->size - sizeof(u32));
    if (descriptor) put(to + def->fields[def->field_count].at, 2, descriptor);
    v[0] = ref;
    return TRAP_none;
}

// What the elements are filled with, from some one on: copies of a value, none (zeroes), bytes of a
// segment, or its items.
typedef struct Filling {
    void (*fill)(const struct Filling *with, u64 first, u64 count, u8 *to);
    u32 log2;
    u64 value[2];
    const u8 *bytes;
    Instance *inst;
    u32 elem, item;
    u32 price;   // bytes that are paid for each; 0: those that it takes
} Filling;

// What is paid for is asked about first, and what is small is not. It is filled in pieces, and
// nobody sees one that is not filled: who is to stop between them gets back what was paid, and
// begins anew when it goes on.
static Trap make_array(Exec *x, const Position *from, TypeId id, const TypeDef *def, u32 length,
                       const Filling *with, u64 *v)
{
    enum { PIECE = 1 << 20 };
    u64 bytes = object_bytes(def, length);
    u64 units = bytes_units(with->price ? (u64)length * with->price : bytes);
    Trap trap = units && bytes <= UINT32_MAX ? exec_piece(x, units) : TRAP_none;
    if (trap) return trap;
    u64 most = MIN(exec_store(x)->accounts[STORE_heap_bytes].limit, UINT32_MAX);
    if (bytes > most) // whatever else there is
        return exec_trap(x, TRAP_out_of_memory,
                         "an array of %u elements takes %" PRIu64 " bytes, and heap_bytes of "
                         "the store are %" PRIu64 " at most", length, bytes, most);
    Ref ref = make(x, from, id, def, length);
    if (!ref) return exec_short(x, "for an array");
    ArrayObject *a = array_at(exec_store(x), ref);
    u64 piece = PIECE >> with->log2;
    for (u64 done = 0; done < length; done += piece) {
        if (done && (trap = exec_asked(x)) != TRAP_none) {
            if (exec_fueled(x)) x->fuel += (s64)units;
            x->resumable = true;
            return trap;
        }
        with->fill(with, done, MIN(length - done, piece), a->items + (size_t)(done << with->log2));
    }
    v[0] = ref;
    return TRAP_none;
}

static void fill_value(const Filling *with, u64 first, u64 count, u8 *to)
{
    put_all(to, with->log2, count, with->value);
}

static void fill_none(const Filling *with, u64 first, u64 count, u8 *to)
{
    memset(to, 0, (size_t)(count << with->log2));
}

static void fill_bytes(const Filling *with, u64 first, u64 count, u8 *to)
{
    memcpy(to, with->bytes + (first << with->log2), (size_t)(count << with->log2));
}

// Items of a segment, all of which there are.
static void put_items(Instance *inst, u32 elem, u64 first, u64 count, u8 *to)
{
    const Const *words = &inst->module->words[inst->module->elems[elem].items];
    for (u64 i = 0; i < count; i++) {
        Ref item = instance_item(inst, words[first + i]);
        memcpy(to + i * sizeof item, &item, sizeof item);
    }
}

static void fill_items(const Filling *with, u64 first, u64 count, u8 *to)
{
    put_items(with->inst, with->elem, with->item + first, count, to);
}

#define ARRAY_OF(type)                                                                             \
    TypeId id = inst->types[type];                                                                 \
    const TypeDef *def = type_def(exec_store(x)->types, id);                                       \
    Type elem = def->fields[0].type;                                                               \
    const u32 log2 = type_log2(elem)

Trap object_array_new(Exec *x, const Instance *inst, const Position *from, u32 type, u64 *v)
{
    ARRAY_OF(type);
    const Filling with = {.fill = fill_value, .log2 = log2, .value = {v[0], v[1]}};
    return make_array(x, from, id, def, (u32)v[type_slots(elem)], &with, v);
}

Trap object_array_new_default(Exec *x, const Instance *inst, const Position *from, u32 type,
                              u64 *v)
{
    ARRAY_OF(type);
    const Filling with = {.fill = fill_none, .log2 = log2};
    return make_array(x, from, id, def, (u32)v[0], &with, v);
}

// What it takes depends on the module alone, and was paid for.
Trap object_array_new_fixed(Exec *x, const Instance *inst, const Position *from, u32 type,
                            u32 count, u64 *v)
{
    ARRAY_OF(type);
    Trap trap = asked(x, from);
    if (trap) return trap;
    Ref ref = make(x, from, id, def, count);
    if (!ref) return exec_short(x, "for an array");
    u8 *to = array_at(exec_store(x), ref)->items;
    const u64 *slot = v;
    for (u32 i = 0; i < count; i++, slot += type_slots(elem))
        put(to + ((size_t)i << log2), log2, slot);
    v[0] = ref;
    return TRAP_none;
}

static Bytes data_of(const Instance *inst, u32 data)
{
    Range r = inst->data_dropped[data] ? (Range){0, 0} : inst->module->datas[data].init;
    return (Bytes){inst->module->bytes + r.start, r.end - r.start};
}

Trap object_array_new_data(Exec *x, const Instance *inst, const Position *from, u32 type, u32 data,
                           u64 *v)
{
    ARRAY_OF(type);
    Bytes bytes = data_of(inst, data);
    u32 first = (u32)v[0], length = (u32)v[1];
    if (!in_bounds(first, (u64)length << log2, bytes.len)) return TRAP_out_of_bounds_memory_access;
    const Filling with = {.fill = fill_bytes, .log2 = log2, .bytes = bytes.data + first};
    return make_array(x, from, id, def, length, &with, v);
}

static u32 items_of(const Instance *inst, u32 elem)
{
    return inst->elem_dropped[elem] ? 0 : inst->module->elems[elem].count;
}

Trap object_array_new_elem(Exec *x, Instance *inst, const Position *from, u32 type, u32 elem,
                           u64 *v)
{
    TypeId id = inst->types[type];
    u32 first = (u32)v[0], length = (u32)v[1];
    if (!in_bounds(first, length, items_of(inst, elem))) return TRAP_out_of_bounds_table_access;
    const Filling with = {.fill = fill_items, .log2 = 2, .inst = inst, .elem = elem, .item = first,
                          .price = EXEC_BYTES_ITEM};
    return make_array(x, from, id, type_def(exec_store(x)->types, id), length, &with, v);
}

// ---- Those that work on what there is

static Trap find_array(const Store *s, u64 ref, u32 log2, ArrayObject **out)
{
    if ((Ref)ref == REF_NULL) return TRAP_null_array_reference;
    *out = array_at(s, (Ref)ref);
    bool fits = heap_room(&s->heap, (Ref)ref) &&
                array_fits(&s->heap, (Ref)ref, (*out)->length, log2);
    return fits ? TRAP_none : TRAP_out_of_bounds_array_access;
}

#define FIND_ARRAY(name, ref, log2)                                                                \
    ArrayObject *name;                                                                             \
    Trap not_##name = find_array(exec_store(x), ref, log2, &name);                                 \
    if (not_##name) return not_##name

Trap object_array_fill(Exec *x, const Instance *inst, u32 type, u64 *v)
{
    ARRAY_OF(type);
    FIND_ARRAY(a, v[0], log2);
    u64 *count = &v[2 + type_slots(elem)];
    Bulk left = {(u32)v[1], 0, (u32)*count};
    (void)id;
    if (!in_bounds(left.to, left.count, a->length)) return TRAP_out_of_bounds_array_access;
    Trap trap;
    for (Bulk p = {0}; bulk_next(x, &left, &p, (size_t)1 << log2, false, &trap);) {
        heap_barrier(x, (Ref)v[0], (u32)p.to, (u32)p.count);
        put_all(a->items + (size_t)(p.to << log2), log2, p.count, &v[2]);
    }
    if (trap) v[1] = left.to, *count = left.count;
    return trap;
}

Trap object_array_copy(Exec *x, const Instance *inst, u32 type, u64 *v)
{
    ARRAY_OF(type);
    FIND_ARRAY(to, v[0], log2);
    FIND_ARRAY(from, v[2], log2);
    Bulk left = {(u32)v[1], (u32)v[3], (u32)v[4]};
    (void)id;
    if (!in_bounds(left.to, left.count, to->length) ||
        !in_bounds(left.from, left.count, from->length))
        return TRAP_out_of_bounds_array_access;
    bool down = to == from && left.to > left.from;
    Trap trap;
    for (Bulk p = {0}; bulk_next(x, &left, &p, (size_t)1 << log2, down, &trap);) {
        heap_barrier(x, (Ref)v[0], (u32)p.to, (u32)p.count);
        memmove(to->items + (size_t)(p.to << log2), from->items + (size_t)(p.from << log2),
                (size_t)(p.count << log2));
    }
    if (trap) v[1] = left.to, v[3] = left.from, v[4] = left.count;
    return trap;
}

Trap object_array_init_data(Exec *x, const Instance *inst, u32 type, u32 data, u64 *v)
{
    ARRAY_OF(type);
    FIND_ARRAY(a, v[0], log2);
    Bytes bytes = data_of(inst, data);
    Bulk left = {(u32)v[1], 0, (u32)v[3]};
    u32 first = (u32)v[2];
    (void)id;
    if (!in_bounds(left.to, left.count, a->length)) return TRAP_out_of_bounds_array_access;
    if (!in_bounds(first, left.count << log2, bytes.len)) return TRAP_out_of_bounds_memory_access;
    Trap trap;
    for (Bulk p = {0}; bulk_next(x, &left, &p, (size_t)1 << log2, false, &trap);)
        memcpy(a->items + (size_t)(p.to << log2), bytes.data + first + (p.from << log2),
               (size_t)(p.count << log2));
    if (trap) v[1] = left.to, v[2] = first + (left.from << log2), v[3] = left.count;
    return trap;
}

Trap object_array_init_elem(Exec *x, Instance *inst, u32 type, u32 elem, u64 *v)
{
    FIND_ARRAY(a, v[0], 2);
    Bulk left = {(u32)v[1], (u32)v[2], (u32)v[3]};
    if (!in_bounds(left.to, left.count, a->length)) return TRAP_out_of_bounds_array_access;
    if (!in_bounds(left.from, left.count, items_of(inst, elem)))
        return TRAP_out_of_bounds_table_access;
    Trap trap;
    for (Bulk p = {0}; bulk_next(x, &left, &p, EXEC_BYTES_ITEM, false, &trap);) {
        heap_barrier(x, (Ref)v[0], (u32)p.to, (u32)p.count);
        put_items(inst, elem, p.from, p.count, a->items + (size_t)p.to * sizeof(Ref));
    }
    if (trap) v[1] = left.to, v[2] = left.from, v[3] = left.count;
    return trap;
}
