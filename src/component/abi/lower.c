// lower.c -- lowering: the walk from values of the host's to memory, and to core values. The host's
// values are looked at as they are met, since nobody did before. Each call of realloc may move the
// memory, and may answer what it likes.
// spec: CanonicalABI/lower_flat_values

#include "base/utf8.h"
#include "component/abi/place.h"

// ---- Source: values. A place is a value, or a number of a list that is packed.

typedef struct {
    const CValue *value;
    const u8 *number;
} Given;

static bool mistyped(Abi *abi) { return abi_fail(abi, FAULT_not_of_type); }
static u8 kind_of(const CTypeDef *def) { return (u8)(CPRIM_COUNT + def->form); }

static bool value_number(Abi *abi, CType t, Given from, u64 *bits)
{
    *bits = 0;
    if (from.number) {
        memcpy(bits, from.number, cprim_info[t].size);
        return true;
    }
    if (from.value->kind != t) return mistyped(abi);
    if (t == CPRIM_bool) *bits = from.value->of.boolean;
    else if (t == CPRIM_char) *bits = from.value->of.scalar;
    else if (t == CPRIM_f32) memcpy(bits, &from.value->of.f32, sizeof from.value->of.f32);
    else *bits = from.value->of.u;
    u64 number = *bits;
    if (!abi_number(abi, t, &number)) return false;
    return number == *bits || t == CPRIM_f32 || t == CPRIM_f64 || mistyped(abi);
}

static bool value_flags(Abi *abi, const CTypeDef *def, Given from, u64 *bits)
{
    if (from.value->kind != kind_of(def)) return mistyped(abi);
    *bits = from.value->of.flags;
    return !(*bits & ~abi_flags_mask(def)) || mistyped(abi);
}

static bool value_handle(Abi *abi, CType t, Given from, u64 *handle)
{
    u32 kind = t < CPRIM_COUNT ? t : CPRIM_COUNT + (u32)ctype_form(abi->types, t);
    *handle = from.value->of.handle;
    return from.value->kind == kind || mistyped(abi);
}

static bool value_string(Abi *abi, Given from, AbiBytes *string)
{
    if (from.value->kind != WEFT_CVALUE_STRING) return mistyped(abi);
    *string = (AbiBytes){NULL, (const u8 *)from.value->of.string.data, 0,
                         from.value->of.string.len, SOURCE_utf8};
    if (!string->len) string->host = (const u8 *)"";
    return true;
}

static bool value_case(Abi *abi, const CTypeDef *def, Given from, u32 *index)
{
    *index = from.value->index;
    if (from.value->kind != kind_of(def) || *index >= abi_case_count(def)) return mistyped(abi);
    bool has = from.value->of.payload;
    return abi_case_type(def, *index) == CTYPE_NONE || has || mistyped(abi);
}

static Given value_payload(Abi *abi, const CTypeDef *def, Given from)
{
    (void)abi, (void)def;
    return (Given){from.value->of.payload, NULL};
}

static bool value_parts(Abi *abi, u8 kind, u32 count, Given from, Given *parts)
{
    const CValue *v = from.value;
    if (v->kind != kind || v->of.list.count != count) return mistyped(abi);
    if (!v->packed) *parts = (Given){v->of.list.items, NULL};
    else *parts = (Given){v, v->of.numbers.data};
    return !v->packed || (kind == WEFT_CVALUE_FIXED_LIST && abi_is_packed(v->packed)) ||
           mistyped(abi);
}

// Of a list that is packed the kind is asked for each time, since nobody else has its type.
static Given value_next(Abi *abi, Given *parts, CType t)
{
    static const CValue none = {.kind = UINT8_MAX}; // is of no type
    Given next = *parts;
    (void)abi;
    if (!parts->number) parts->value++;
    else if (parts->value->packed == t) parts->number += cprim_info[t].size;
    else next = (Given){&none, NULL};
    return next;
}

static bool value_list(Abi *abi, const CTypeDef *def, Given from, SourceList *list)
{
    const CValue *v = from.value;
    CType element = def->fields[0].type;
    if (v->kind != kind_of(def)) return mistyped(abi);
    *list = (SourceList){.count = v->of.list.count, .items = v->of.list.items};
    if (list->count > ABI_MOST_BYTES) return abi_fail(abi, FAULT_list_too_long);
    if (!v->packed) return true;
    if (v->packed != element || def->form != CFORM_list || !abi_is_packed(element))
        return mistyped(abi);
    list->is_packed = true;
    list->packed.host = v->of.numbers.data;
    list->packed.len = list->count * cprim_info[element].size;
    return true;
}

static Given value_element(const SourceList *list, u64 i, u64 size)
{
    (void)size;
    return (Given){list->items + i, NULL};
}

// ---- Sink: memory

static void put_range(Abi *abi, u64 at, AbiRange r)
{
    u32 size = abi_pointer_size(abi);
    memory_write(abi, at, size, r.ptr);
    memory_write(abi, at + size, size, r.units);
}

static bool memory_number(Abi *abi, CType t, u64 at, u64 bits)
{
    memory_write(abi, at, cprim_info[t].size, bits);
    return true;
}

static bool memory_flags(Abi *abi, const CTypeDef *def, u64 at, u32 bits)
{
    memory_write(abi, at, def->layout->size[0], bits);
    return true;
}

static bool lower_handle(Abi *abi, CType t, u64 handle, u32 *index)
{
    AbiFault fault = FAULT_handle;
    *index = 0;
    return abi->lower_handle(abi->env, t, handle, index, &fault) || abi_fail(abi, fault);
}

static bool memory_handle(Abi *abi, CType t, u64 at, u64 handle)
{
    u32 index;
    if (!lower_handle(abi, t, handle, &index)) return false;
    memory_write(abi, at, sizeof index, index);
    return true;
}

static bool memory_string(Abi *abi, u64 at, const AbiBytes *string)
{
    AbiRange r;
    if (!abi_store_string(abi, string, &r)) return false;
    put_range(abi, at, r);
    return true;
}

static bool memory_case(Abi *abi, const CTypeDef *def, u64 at, u32 index)
{
    memory_write(abi, at, abi_tag_size(def), index);
    return true;
}

static bool memory_parts(Abi *abi, u8 kind, u32 count, u64 at, u64 *parts)
{
    (void)abi, (void)kind, (void)count;
    *parts = at;
    return true;
}

static bool room_for(Abi *abi, const CTypeDef *def, u64 count, u64 *first)
{
    u64 size = abi_element_size(abi, def);
    if (count > ABI_MOST_BYTES / size) return abi_fail(abi, FAULT_list_too_long);
    return abi_reallocate(abi, 0, 0, abi_element_align(abi, def), count * size, first);
}

static bool memory_list(Abi *abi, const CTypeDef *def, u64 at, u64 count, u64 *first)
{
    (void)at;
    return room_for(abi, def, count, first);
}

static u64 memory_element(u64 first, u64 i, u64 size) { return first + i * size; }

static void memory_end(Abi *abi, u64 at, u64 first, u64 count)
{
    put_range(abi, at, (AbiRange){first, count});
}

static bool write_packed(Abi *abi, const CTypeDef *def, const SourceList *list, AbiRange *r)
{
    if (!room_for(abi, def, list->count, &r->ptr)) return false;
    u8 *target = abi->memory->base + r->ptr;
    r->units = list->count;
    return abi_copy_numbers(abi, def->fields[0].type, target, abi_bytes(&list->packed),
                            list->packed.len);
}

static bool memory_packed(Abi *abi, const CTypeDef *def, u64 at, const SourceList *list)
{
    AbiRange r;
    if (!write_packed(abi, def, list, &r)) return false;
    put_range(abi, at, r);
    return true;
}

// ---- Sink: core values, which are zeros before

typedef u64 *Slots;

static bool flat_number(Abi *abi, CType t, Slots slots, u64 bits)
{
    (void)abi;
    *slots = cprim_info[t].size == 8 ? bits : (u32)bits;
    return true;
}

static bool flat_flags(Abi *abi, const CTypeDef *def, Slots slots, u32 bits)
{
    (void)abi, (void)def;
    *slots = bits;
    return true;
}

static bool flat_handle(Abi *abi, CType t, Slots slots, u64 handle)
{
    u32 index;
    bool good = lower_handle(abi, t, handle, &index);
    *slots = index;
    return good;
}

static bool flat_string(Abi *abi, Slots slots, const AbiBytes *string)
{
    AbiRange r;
    bool good = abi_store_string(abi, string, &r);
    slots[0] = r.ptr;
    slots[1] = r.units;
    return good;
}

static bool flat_case(Abi *abi, const CTypeDef *def, Slots slots, u32 index)
{
    (void)abi, (void)def;
    *slots = index;
    return true;
}

static Slots flat_payload(Abi *abi, const CTypeDef *def, Slots slots)
{
    (void)abi, (void)def;
    return slots + 1;
}

static bool flat_parts(Abi *abi, u8 kind, u32 count, Slots slots, Slots *parts)
{
    (void)abi, (void)kind, (void)count;
    *parts = slots;
    return true;
}

static Slots flat_next(Abi *abi, Slots *parts, CType t)
{
    Slots at = *parts;
    *parts += abi_layout(abi, t)->flat_count;
    return at;
}

static bool flat_list(Abi *abi, const CTypeDef *def, Slots slots, u64 count, u64 *first)
{
    (void)slots;
    return room_for(abi, def, count, first);
}

static u64 flat_element(u64 first, u64 i, u64 size) { return memory_element(first, i, size); }

static void flat_end(Abi *abi, Slots slots, u64 first, u64 count)
{
    (void)abi;
    slots[0] = first;
    slots[1] = count;
}

static bool flat_packed(Abi *abi, const CTypeDef *def, Slots slots, const SourceList *list)
{
    AbiRange r = {0, 0};
    bool good = write_packed(abi, def, list, &r);
    flat_end(abi, slots, r.ptr, r.units);
    return good;
}

// ---- Both walks

#define P(name) store_##name
#define ELEMENT(name) store_##name
#define SOURCE(name) value_##name
#define SINK(name) memory_##name
#define FROM Given
#define TO u64
#define ELEMENT_FROM Given
#define ELEMENT_TO u64
#include "component/abi/walk.h"

#define P(name) lower_flat_##name
#define ELEMENT(name) store_##name
#define SOURCE(name) value_##name
#define SINK(name) flat_##name
#define FROM Given
#define TO Slots
#define ELEMENT_FROM Given
#define ELEMENT_TO u64
#include "component/abi/walk.h"

// ---- Sink: nowhere, to know whether all of a value is of its type

typedef struct { u8 nothing; } Nowhere;
static const Nowhere nowhere;

static bool no_number(Abi *abi, CType t, Nowhere to, u64 bits)
{
    (void)abi, (void)t, (void)to, (void)bits;
    return true;
}
static bool no_flags(Abi *abi, const CTypeDef *def, Nowhere to, u32 bits)
{
    (void)abi, (void)def, (void)to, (void)bits;
    return true;
}
static bool no_handle(Abi *abi, CType t, Nowhere to, u64 handle)
{
    (void)abi, (void)t, (void)to, (void)handle;
    return true;
}
static bool no_string(Abi *abi, Nowhere to, const AbiBytes *string)
{
    (void)to;
    if (string->len > ABI_MOST_BYTES) return abi_fail(abi, FAULT_string_too_long);
    return utf8_valid(string->host, (size_t)string->len) || abi_fail(abi, FAULT_invalid_utf8);
}
static bool no_case(Abi *abi, const CTypeDef *def, Nowhere to, u32 index)
{
    (void)abi, (void)def, (void)to, (void)index;
    return true;
}
static Nowhere no_payload(Abi *abi, const CTypeDef *def, Nowhere to)
{
    (void)abi, (void)def;
    return to;
}
static bool no_parts(Abi *abi, u8 kind, u32 count, Nowhere to, Nowhere *parts)
{
    (void)abi, (void)kind, (void)count;
    *parts = to;
    return true;
}
static Nowhere no_next(Abi *abi, Nowhere *parts, CType t)
{
    (void)abi, (void)t;
    return *parts;
}
static bool no_list(Abi *abi, const CTypeDef *def, Nowhere to, u64 count, Nowhere *first)
{
    (void)abi, (void)def, (void)count;
    *first = to;
    return true;
}
static Nowhere no_element(Nowhere first, u64 i, u64 size)
{
    (void)i, (void)size;
    return first;
}
static void no_end(Abi *abi, Nowhere to, Nowhere first, u64 count)
{
    (void)abi, (void)to, (void)first, (void)count;
}
static bool no_packed(Abi *abi, const CTypeDef *def, Nowhere to, const SourceList *list)
{
    (void)abi, (void)def, (void)to, (void)list;
    return true;
}

#define P(name) check_##name
#define ELEMENT(name) check_##name
#define SOURCE(name) value_##name
#define SINK(name) no_##name
#define FROM Given
#define TO Nowhere
#define ELEMENT_FROM Given
#define ELEMENT_TO Nowhere
#include "component/abi/walk.h"

bool abi_check(const CTypes *types, CType t, const CValue *value, AbiFault *fault)
{
    Abi abi = {.types = types};
    bool good = check_value(&abi, t, (Given){value, NULL}, nowhere);
    *fault = abi.fault;
    return good;
}

static bool lower_spilled(Abi *abi, u64 at, const CValue *values, const CType *ts, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        u64 place = memory_next(abi, &at, ts[i]);
        if (!store_value(abi, ts[i], (Given){&values[i], NULL}, place)) return false;
    }
    return true;
}

bool abi_lower(Abi *abi, u32 max_flat, const CValue *values, const CType *ts, u32 count,
               const u64 *out_param, u64 *core, u32 *core_count)
{
    u32 flat = abi_flat_count(abi, ts, count), align;
    abi->fault = FAULT_none;
    *core_count = 0;
    if (flat <= max_flat) {
        *core_count = flat;
        memset(core, 0, flat * sizeof *core);
        for (u32 i = 0; i < count; i++) {
            Slots slots = flat_next(abi, &core, ts[i]);
            if (!lower_flat_value(abi, ts[i], (Given){&values[i], NULL}, slots)) return false;
        }
        return true;
    }
    u64 size = abi_tuple_size(abi, ts, count, &align), at;
    if (!out_param) {
        if (!abi_reallocate(abi, 0, 0, align, size, &at)) return false;
        core[0] = at;
        *core_count = 1;
        return lower_spilled(abi, at, values, ts, count);
    }
    at = abi->wide ? *out_param : (u32)*out_param;
    if (at & (align - 1)) return abi_fail(abi, FAULT_unaligned_pointer);
    if (!abi_within(abi, at, size)) return abi_fail(abi, FAULT_pointer_out_of_bounds);
    return lower_spilled(abi, at, values, ts, count);
}
