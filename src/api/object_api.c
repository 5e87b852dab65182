// object_api.c -- structures, arrays and i31 in the host's hands.
//
// What is made has defaults everywhere first, and is filled then, while it is held: so what its
// values take, a pointer of the host's say, may be made meanwhile.

#include "api/api.h"
#include "module/whole.h"
#include "run/gc/census.h"
#include "run/gc/collect.h"
#include "run/object.h"

#include <string.h>

// ---- What they are

// Of the hierarchy any: what an instruction on structures, arrays or i31 could be applied to.
static weft_status find(const weft_store *ws, weft_ref ref, Heap kind, Ref *out, weft_diag *diag)
{
    Handed given;
    char is[100];
    if (api_handle(ws, ref, &given, diag) != WEFT_OK) return WEFT_ERROR;
    *out = given.ref;
    if (type_heap(given.type) == HEAP_any && ref_heap(ws->s, given.ref) == kind) return WEFT_OK;
    type_whole(is, sizeof is, ws->s->types, api_ref_type(ws, &given));
    return api_refuse(diag, API_wrong_type, "it is %s, where (ref %s) is wanted", is,
                      type_heap_text[kind]);
}

static const TypeDef *def_of(const weft_store *ws, Ref ref)
{
    return type_def(ws->s->types, object_type(ws->s, ref));
}

weft_status weft_ref_type(const weft_store *ws, weft_ref ref, weft_valtype *out, weft_diag *diag)
{
    Handed given;
    if (api_handle(ws, ref, &given, diag) != WEFT_OK) return WEFT_ERROR;
    api_type_out(ws->s->types, api_ref_type(ws, &given), out);
    return WEFT_OK;
}

weft_status weft_ref_test(weft_store *ws, weft_ref ref, const weft_valtype *type, bool *out,
                          weft_diag *diag)
{
    Type want;
    Handed given;
    if (!api_type_in(ws->s->types, type, &want) || !type_is_ref(want))
        return api_refuse(diag, API_unknown_type, "%s", "it is no reference's of this engine");
    *out = type_is_null(want);
    if (!ref.handle) return WEFT_OK;
    if (api_handle(ws, ref, &given, diag) != WEFT_OK) return WEFT_ERROR;
    *out = type_heap(given.type) == type_top(ws->s->types, want) &&
        ref_matches(ws->s, given.ref, want);
    return WEFT_OK;
}

weft_status weft_ref_eq(const weft_store *ws, weft_ref a, weft_ref b, bool *out, weft_diag *diag)
{
    Handed first = {0}, second = {0};
    if (a.handle && api_handle(ws, a, &first, diag) != WEFT_OK) return WEFT_ERROR;
    if (b.handle && api_handle(ws, b, &second, diag) != WEFT_OK) return WEFT_ERROR;
    *out = first.ref == second.ref;
    return WEFT_OK;
}

weft_status weft_ref_number(const weft_store *ws, weft_ref ref, uint64_t *out, weft_diag *diag)
{
    Handed handed;
    weft_status status = api_handle(ws, ref, &handed, diag);
    if (status == WEFT_OK) *out = handed.ref;
    return status;
}

static weft_status convert(weft_store *ws, const weft_val *value, Heap from, Heap to, weft_val *out,
                           weft_diag *diag)
{
    u64 slot;
    const Type type = type_ref(true, to);
    weft_status status = api_value_in(ws, value, NO_NUMBER, type_ref(true, from), &slot, diag);
    if (status == WEFT_OK) status = api_values_out(ws, &type, 1, &slot, out, diag);
    api_finalize(ws);
    return status;
}

weft_status weft_extern_convert_any(weft_store *ws, weft_val value, weft_val *out, weft_diag *diag)
{
    return convert(ws, &value, HEAP_any, HEAP_extern, out, diag);
}

weft_status weft_any_convert_extern(weft_store *ws, weft_val value, weft_val *out, weft_diag *diag)
{
    return convert(ws, &value, HEAP_extern, HEAP_any, out, diag);
}

// ---- i31

weft_status weft_i31_new(weft_store *ws, int32_t value, weft_ref *out, weft_diag *diag)
{
    return api_ref_out(ws, type_ref(false, HEAP_i31), ref_of_i31((u32)value), out, diag);
}

weft_status weft_i31_get(const weft_store *ws, weft_ref ref, int32_t *out, weft_diag *diag)
{
    Ref found;
    if (find(ws, ref, HEAP_i31, &found, diag) != WEFT_OK) return WEFT_ERROR;
    *out = (s32)found >> 1;
    return WEFT_OK;
}

// ---- Fields and elements

// A value becomes what is there. `ref` is a slot that is held.
static weft_status put(weft_store *ws, const u64 *ref, const FieldType *f, u32 element,
                       const weft_val *value, u32 which, weft_diag *diag)
{
    u64 slots[2] = {0};
    weft_status status = api_value_in(ws, value, which, type_unpacked(f->type), slots, diag);
    if (status == WEFT_OK) object_write(ws->s, (Ref)*ref, f, element, slots);
    return status;
}

static weft_status get(weft_store *ws, Ref ref, const FieldType *f, u32 element, weft_val *out,
                       weft_diag *diag)
{
    u64 slots[2] = {0};
    const Type type = type_unpacked(f->type);
    object_read(ws->s, ref, f, element, slots);
    return api_values_out(ws, &type, 1, slots, out, diag);
}

// Around what may collect before the host has a handle.
typedef struct { HeldRefs held; Type type; u64 slot; } Made;

static void hold(weft_store *ws, Made *made, Ref ref)
{
    made->type = type_ref(false, HEAP_any);
    made->slot = ref;
    exec_hold(&ws->s->exec, &made->held, &made->type, &made->slot, 1);
}

// It has a handle from here on, if all went well.
static weft_status hand_over(weft_store *ws, Made *made, weft_status status, weft_ref *out,
                             weft_diag *diag)
{
    if (status == WEFT_OK) status = api_ref_out(ws, made->type, (Ref)made->slot, out, diag);
    exec_let_go(&ws->s->exec, &made->held);
    api_finalize(ws);
    return status;
}

static weft_status no_default(weft_diag *diag, u32 field)
{
    return api_refuse(diag, API_wrong_type, "field %u has no default", field);
}

// ---- Structures

weft_status weft_struct_new(weft_store *ws, weft_deftype type, const weft_val *values, size_t count,
                            weft_ref *out, weft_diag *diag)
{
    const TypeDef *def;
    Made made;
    if (api_hold_def(ws, type, COMP_struct, &def, diag) != WEFT_OK) return WEFT_ERROR;
    u32 stored = type_stored_fields(def);
    bool described = stored > def->field_count;
    if (values && count != stored)
        return api_refuse(diag, API_wrong_count, "the structure has %u fields%s, not %zu",
                          def->field_count, described ? " and a descriptor" : "", count);
    for (u32 i = 0; !values && i < def->field_count; i++)
        if (!type_is_defaultable(def->fields[i].type)) return no_default(diag, i);
    if (!values && described)
        return api_refuse(diag, API_wrong_type, "%s", "a descriptor has no default");
    Ref ref = ref_new_struct(ws->s, type.id);
    if (!ref) return api_short(diag, ws, "for a structure");
    weft_status status = WEFT_OK;
    hold(ws, &made, ref);
    // The descriptor first: for others something may have to be made, and then there must be one.
    for (u32 i = stored; values && i-- > 0 && status == WEFT_OK;)
        status = put(ws, &made.slot, &def->fields[i], 0, &values[i], i, diag);
    return hand_over(ws, &made, status, out, diag);
}

weft_status weft_struct_descriptor(weft_store *ws, weft_ref ref, weft_ref *out, weft_diag *diag)
{
    Ref found;
    weft_val v;
    if (find(ws, ref, HEAP_struct, &found, diag) != WEFT_OK) return WEFT_ERROR;
    const TypeDef *def = def_of(ws, found);
    if (def->descriptor == TYPE_NONE)
        return api_refuse(diag, API_wrong_type, "%s", "it has no descriptor");
    weft_status status = get(ws, found, &def->fields[def->field_count], 0, &v, diag);
    if (status == WEFT_OK) *out = v.of.ref;
    return status;
}

static weft_status find_field(const weft_store *ws, weft_ref ref, u32 index, Ref *out,
                              const FieldType **field, weft_diag *diag)
{
    if (find(ws, ref, HEAP_struct, out, diag) != WEFT_OK) return WEFT_ERROR;
    const TypeDef *def = def_of(ws, *out);
    if (index >= def->field_count)
        return api_refuse(diag, API_out_of_bounds, "field %u of %u", index, def->field_count);
    *field = &def->fields[index];
    return WEFT_OK;
}

weft_status weft_struct_get(weft_store *ws, weft_ref ref, uint32_t index, weft_val *out,
                            weft_diag *diag)
{
    Ref found;
    const FieldType *field;
    if (find_field(ws, ref, index, &found, &field, diag) != WEFT_OK) return WEFT_ERROR;
    return get(ws, found, field, 0, out, diag);
}

static weft_status check_mutable(const FieldType *field, const char *what, weft_diag *diag)
{
    return field->mutable ? WEFT_OK : api_refuse(diag, API_is_immutable, "%s", what);
}

weft_status weft_struct_set(weft_store *ws, weft_ref ref, uint32_t index, weft_val value,
                            weft_diag *diag)
{
    Ref found;
    const FieldType *field;
    if (find_field(ws, ref, index, &found, &field, diag) != WEFT_OK) return WEFT_ERROR;
    if (check_mutable(field, "the field", diag) != WEFT_OK) return WEFT_ERROR;
    weft_status status = put(ws, (u64[1]){found}, field, 0, &value, NO_NUMBER, diag);
    api_finalize(ws);
    return status;
}

// ---- Arrays

static weft_status make_array(weft_store *ws, weft_deftype type, u32 length, const TypeDef **def,
                              Made *made, weft_diag *diag)
{
    if (api_hold_def(ws, type, COMP_array, def, diag) != WEFT_OK) return WEFT_ERROR;
    Ref ref = ref_new_array(ws->s, type.id, length);
    if (!ref) return api_short(diag, ws, "for an array");
    hold(ws, made, ref);
    return WEFT_OK;
}

weft_status weft_array_new(weft_store *ws, weft_deftype type, uint32_t length, const weft_val *fill,
                           weft_ref *out, weft_diag *diag)
{
    const TypeDef *def;
    Made made;
    u64 slots[2] = {0};
    if (make_array(ws, type, length, &def, &made, diag) != WEFT_OK) return WEFT_ERROR;
    const FieldType *f = def->fields;
    weft_status status = WEFT_OK;
    if (fill) status = api_value_in(ws, fill, NO_NUMBER, type_unpacked(f->type), slots, diag);
    else if (!type_is_defaultable(f->type)) status = no_default(diag, 0);
    for (u32 i = 0; fill && i < length && status == WEFT_OK; i++)
        object_write(ws->s, (Ref)made.slot, f, i, slots);
    return hand_over(ws, &made, status, out, diag);
}

weft_status weft_array_new_values(weft_store *ws, weft_deftype type, const weft_val *values,
                                  uint32_t length, weft_ref *out, weft_diag *diag)
{
    const TypeDef *def;
    Made made;
    if (make_array(ws, type, length, &def, &made, diag) != WEFT_OK) return WEFT_ERROR;
    weft_status status = WEFT_OK;
    for (u32 i = 0; i < length && status == WEFT_OK; i++)
        status = put(ws, &made.slot, def->fields, i, &values[i], i, diag);
    return hand_over(ws, &made, status, out, diag);
}

static weft_status check_numbers(const TypeDef *def, weft_diag *diag)
{
    if (!type_is_ref(def->fields[0].type)) return WEFT_OK;
    return api_refuse(diag, API_wrong_type, "%s", "the array has references, which are no bytes");
}

weft_status weft_array_new_bytes(weft_store *ws, weft_deftype type, const void *bytes,
                                 uint32_t length, weft_ref *out, weft_diag *diag)
{
    const TypeDef *def;
    Made made;
    if (make_array(ws, type, length, &def, &made, diag) != WEFT_OK) return WEFT_ERROR;
    weft_status status = check_numbers(def, diag);
    if (status == WEFT_OK && length)
        memcpy(array_items(ws->s, (Ref)made.slot), bytes,
               (size_t)length << type_log2(def->fields[0].type));
    return hand_over(ws, &made, status, out, diag);
}

weft_status weft_array_length(const weft_store *ws, weft_ref ref, uint32_t *out, weft_diag *diag)
{
    Ref found;
    if (find(ws, ref, HEAP_array, &found, diag) != WEFT_OK) return WEFT_ERROR;
    *out = array_length(ws->s, found);
    return WEFT_OK;
}

static weft_status find_range(const weft_store *ws, weft_ref ref, u32 first, u32 count, Ref *out,
                              const TypeDef **def, weft_diag *diag)
{
    if (find(ws, ref, HEAP_array, out, diag) != WEFT_OK) return WEFT_ERROR;
    u32 length = array_length(ws->s, *out);
    *def = def_of(ws, *out);
    if (count <= length && first <= length - count) return WEFT_OK;
    return api_refuse(diag, API_out_of_bounds, "%u elements from %u on of %u", count, first,
                      length);
}

static u32 handles_wanted(const weft_store *ws, Ref array, const FieldType *f, u32 first, u32 count)
{
    const Type type = type_unpacked(f->type);
    u64 slots[2] = {0};
    u32 wanted = 0;
    for (u32 i = 0; type_is_ref(type) && i < count; i++) {
        object_read(ws->s, array, f, first + i, slots);
        wanted += api_wants_handle(ws, type, slots);
    }
    return wanted;
}

weft_status weft_array_get(weft_store *ws, weft_ref ref, uint32_t first, uint32_t count,
                           weft_val *out, weft_diag *diag)
{
    Ref found;
    const TypeDef *def;
    if (find_range(ws, ref, first, count, &found, &def, diag) != WEFT_OK) return WEFT_ERROR;
    const FieldType *f = def->fields;
    const Type type = type_unpacked(f->type);
    u64 slots[2] = {0};
    bool room = handles_reserve(ws, handles_wanted(ws, found, f, first, count));
    if (!room && handles_freed(ws))
        room = handles_reserve(ws, handles_wanted(ws, found, f, first, count));
    if (!room) return api_short(diag, ws, "for handles");
    for (u32 i = 0; i < count; i++) {
        object_read(ws->s, found, f, first + i, slots);
        api_value_out(ws, type, slots, &out[i]);
    }
    return WEFT_OK;
}

weft_status weft_array_set(weft_store *ws, weft_ref ref, uint32_t first, uint32_t count,
                           const weft_val *values, weft_diag *diag)
{
    Ref found;
    const TypeDef *def;
    weft_status status = find_range(ws, ref, first, count, &found, &def, diag);
    if (status == WEFT_OK) status = check_mutable(def->fields, "the array", diag);
    for (u32 i = 0; i < count && status == WEFT_OK; i++)
        status = put(ws, (u64[1]){found}, def->fields, first + i, &values[i], i, diag);
    api_finalize(ws);
    return status;
}

weft_status weft_array_read(const weft_store *ws, weft_ref ref, uint32_t first, uint32_t count,
                            void *to, weft_diag *diag)
{
    Ref found;
    const TypeDef *def;
    weft_status status = find_range(ws, ref, first, count, &found, &def, diag);
    if (status == WEFT_OK) status = check_numbers(def, diag);
    if (status != WEFT_OK || !count) return status;
    u32 log2 = type_log2(def->fields[0].type);
    memmove(to, array_items(ws->s, found) + ((size_t)first << log2), (size_t)count << log2);
    return WEFT_OK;
}

weft_status weft_array_write(weft_store *ws, weft_ref ref, uint32_t first, uint32_t count,
                             const void *from, weft_diag *diag)
{
    Ref found;
    const TypeDef *def;
    weft_status status = find_range(ws, ref, first, count, &found, &def, diag);
    if (status == WEFT_OK) status = check_numbers(def, diag);
    if (status == WEFT_OK) status = check_mutable(def->fields, "the array", diag);
    if (status != WEFT_OK || !count) return status;
    u32 log2 = type_log2(def->fields[0].type);
    memmove(array_items(ws->s, found) + ((size_t)first << log2), from, (size_t)count << log2);
    return WEFT_OK;
}

void *weft_array_bytes(const weft_store *ws, weft_ref ref, size_t *len, weft_diag *diag)
{
    Ref found;
    const TypeDef *def;
    *len = 0;
    if (find_range(ws, ref, 0, 0, &found, &def, diag) != WEFT_OK) return NULL;
    if (check_numbers(def, diag) != WEFT_OK) return NULL;
    *len = (size_t)array_length(ws->s, found) << type_log2(def->fields[0].type);
    return array_items(ws->s, found);
}

// ---- What lives

static weft_status cannot_collect(weft_diag *diag)
{
    return api_refuse(diag, API_cannot_collect, "%s",
                      "memory is short, or a call that ran out of fuel may go on");
}

weft_status weft_store_collect(weft_store *ws, weft_diag *diag)
{
    bool done = heap_collect(ws->s, exec_alive(&ws->s->exec));
    api_finalize(ws);
    return done ? WEFT_OK : cannot_collect(diag);
}

weft_status weft_store_living(weft_store *ws, weft_living *out, weft_diag *diag)
{
    weft_living living = weft_living_init();
    const HandleTable *t = &ws->handles;
    if (weft_store_collect(ws, diag) != WEFT_OK) return WEFT_ERROR;
    heap_living(ws->s, &living.objects, &living.object_bytes);
    living.references = t->live;
    living.kept = t->kept;
    living.pointers = ws->s->hosts.count;
    return api_struct_out(out, &living, sizeof living, diag);
}

_Static_assert((int)WEFT_ROOT_PARKED == (int)ROOT_COUNT && (int)WEFT_ROOT_GLOBALS == 1,
               "the same in the same order");

static weft_deftype census_type(const Store *s, TypeId id)
{
    return id < TYPE_ID_FIRST ? (weft_deftype){0} : (weft_deftype){s->types, id};
}

weft_status weft_store_heap_census(weft_store *ws, weft_census_fn *fn, void *env, weft_diag *diag)
{
    Census census;
    if (!heap_can_look(ws->s, exec_alive(&ws->s->exec))) return cannot_collect(diag);
    if (!heap_census(ws->s, false, &census))
        return api_error(diag, ERR_out_of_memory, "%s", "to look through the heap");
    for (u32 i = 0; i < census.count; i++) {
        const CensusRow *r = &census.rows[i];
        fn(env, &(weft_census_row){(weft_root)(r->root + 1), census_type(ws->s, r->type),
                                   census_type(ws->s, r->holder), r->sum.objects, r->sum.bytes});
    }
    if (census.more.objects)
        fn(env, &(weft_census_row){.objects = census.more.objects, .bytes = census.more.bytes});
    census_free(&census);
    return WEFT_OK;
}
