// lift.c -- lifting: the walk from memory, and from core values, to values of the host's, which are
// made in the arena. What the guest says is looked at where it is read.
// spec: CanonicalABI/lift_flat_values

#include "component/abi/place.h"

// ---- Source: memory. A place is an address within it.

static u64 guest_pointer(Abi *abi, u64 at) { return memory_read(abi, at, abi_pointer_size(abi)); }

static bool memory_number(Abi *abi, CType t, u64 at, u64 *bits)
{
    *bits = memory_read(abi, at, cprim_info[t].size);
    return true;
}

static bool memory_flags(Abi *abi, const CTypeDef *def, u64 at, u64 *bits)
{
    *bits = memory_read(abi, at, def->layout->size[0]) & abi_flags_mask(def);
    return true;
}

static bool lift_handle(Abi *abi, CType t, u64 index, u64 *handle)
{
    AbiFault fault = FAULT_handle;
    *handle = 0;
    return abi->lift_handle(abi->env, t, (u32)index, handle, &fault) || abi_fail(abi, fault);
}

static bool memory_handle(Abi *abi, CType t, u64 at, u64 *handle)
{
    return lift_handle(abi, t, memory_read(abi, at, 4), handle);
}

static bool memory_string(Abi *abi, u64 at, AbiBytes *string)
{
    u64 units = guest_pointer(abi, at + abi_pointer_size(abi));
    return abi_string_of(abi, guest_pointer(abi, at), units, string);
}

static bool case_of(Abi *abi, const CTypeDef *def, u64 tag, u32 *index)
{
    *index = (u32)tag;
    return *index < abi_case_count(def) || abi_fail(abi, FAULT_invalid_discriminant);
}

static bool memory_case(Abi *abi, const CTypeDef *def, u64 at, u32 *index)
{
    return case_of(abi, def, memory_read(abi, at, abi_tag_size(def)), index);
}

static bool memory_parts(Abi *abi, u8 kind, u32 count, u64 at, u64 *parts)
{
    (void)abi, (void)kind, (void)count;
    *parts = at;
    return true;
}

static bool list_of(Abi *abi, const CTypeDef *def, u64 ptr, u64 count, SourceList *list)
{
    u64 size = abi_element_size(abi, def);
    if (count > ABI_MOST_BYTES / size) return abi_fail(abi, FAULT_list_too_long);
    if (ptr & (abi_element_align(abi, def) - 1)) return abi_fail(abi, FAULT_unaligned_pointer);
    if (!abi_within(abi, ptr, count * size)) return abi_fail(abi, FAULT_list_out_of_bounds);
    *list = (SourceList){.count = count, .at = ptr};
    list->is_packed = def->form == CFORM_list && abi_is_packed(def->fields[0].type);
    list->packed = (AbiBytes){abi->memory, NULL, ptr, count * size, SOURCE_utf8};
    return true;
}

static bool memory_list(Abi *abi, const CTypeDef *def, u64 at, SourceList *list)
{
    u64 count = guest_pointer(abi, at + abi_pointer_size(abi));
    return list_of(abi, def, guest_pointer(abi, at), count, list);
}

static u64 memory_element(const SourceList *list, u64 i, u64 size) { return list->at + i * size; }

// ---- Source: core values. A place is the first of those that a value has; where cases of a
// variant join there are the bits of what one of them has.

typedef const u64 *Slots;

static u64 flat_pointer(Abi *abi, u64 slot) { return abi->wide ? slot : (u32)slot; }

static bool flat_number(Abi *abi, CType t, Slots slots, u64 *bits)
{
    (void)abi;
    *bits = cprim_info[t].size == 8 ? *slots : (u32)*slots;
    return true;
}

static bool flat_flags(Abi *abi, const CTypeDef *def, Slots slots, u64 *bits)
{
    (void)abi;
    *bits = *slots & abi_flags_mask(def);
    return true;
}

static bool flat_handle(Abi *abi, CType t, Slots slots, u64 *handle)
{
    return lift_handle(abi, t, (u32)*slots, handle);
}

static bool flat_string(Abi *abi, Slots slots, AbiBytes *string)
{
    return abi_string_of(abi, flat_pointer(abi, slots[0]), flat_pointer(abi, slots[1]), string);
}

static bool flat_case(Abi *abi, const CTypeDef *def, Slots slots, u32 *index)
{
    return case_of(abi, def, *slots, index);
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

static bool flat_list(Abi *abi, const CTypeDef *def, Slots slots, SourceList *list)
{
    return list_of(abi, def, flat_pointer(abi, slots[0]), flat_pointer(abi, slots[1]), list);
}

static u64 flat_element(const SourceList *list, u64 i, u64 size)
{
    return memory_element(list, i, size);
}

// ---- Sink: values

static bool value_number(Abi *abi, CType t, CValue *to, u64 bits)
{
    (void)abi;
    to->kind = (u8)t;
    if (t == CPRIM_bool) to->of.boolean = bits;
    else if (t == CPRIM_char) to->of.scalar = (u32)bits;
    else if (t == CPRIM_f32) memcpy(&to->of.f32, &bits, sizeof to->of.f32);
    else to->of.u = bits;
    return true;
}

static u8 kind_of(const CTypeDef *def) { return (u8)(CPRIM_COUNT + def->form); }

static bool value_flags(Abi *abi, const CTypeDef *def, CValue *to, u32 bits)
{
    (void)abi;
    to->kind = kind_of(def);
    to->of.flags = bits;
    return true;
}

static bool value_handle(Abi *abi, CType t, CValue *to, u64 handle)
{
    to->kind = (u8)(t < CPRIM_COUNT ? t : CPRIM_COUNT + ctype_form(abi->types, t));
    to->of.handle = handle;
    return true;
}

static bool value_string(Abi *abi, CValue *to, const AbiBytes *string)
{
    return abi_load_string(abi, string, to);
}

static bool value_case(Abi *abi, const CTypeDef *def, CValue *to, u32 index)
{
    (void)abi;
    to->kind = kind_of(def);
    to->index = index;
    return true;
}

static CValue *value_payload(Abi *abi, const CTypeDef *def, CValue *to)
{
    (void)def;
    CValue *payload = NEW(abi->arena, CValue);
    to->of.payload = payload;
    return payload;
}

static CValue *value_items(Abi *abi, u8 kind, u64 count, CValue *to)
{
    CValue *items = arena_alloc_array(abi->arena, (size_t)count, sizeof *items);
    to->kind = kind;
    to->of.list.items = items;
    to->of.list.count = (size_t)count;
    return items;
}

static bool value_parts(Abi *abi, u8 kind, u32 count, CValue *to, CValue **parts)
{
    *parts = value_items(abi, kind, count, to);
    return true;
}

static CValue *value_next(Abi *abi, CValue **parts, CType t)
{
    (void)abi, (void)t;
    return (*parts)++;
}

static bool value_list(Abi *abi, const CTypeDef *def, CValue *to, u64 count, CValue **first)
{
    *first = value_items(abi, kind_of(def), count, to);
    return true;
}

static CValue *value_element(CValue *first, u64 i, u64 size)
{
    (void)size;
    return first + i;
}

static void value_end(Abi *abi, CValue *to, CValue *first, u64 count)
{
    (void)abi, (void)to, (void)first, (void)count;
}

static bool value_packed(Abi *abi, const CTypeDef *def, CValue *to, const SourceList *list)
{
    CType t = def->fields[0].type;
    u8 *numbers = arena_alloc_rough(abi->arena, (size_t)list->packed.len);
    to->kind = kind_of(def);
    to->packed = (u8)t;
    to->of.numbers.data = numbers;
    to->of.numbers.count = (size_t)list->count;
    return abi_copy_numbers(abi, t, numbers, abi_bytes(&list->packed), list->packed.len);
}

// ---- Both walks

#define P(name) load_##name
#define ELEMENT(name) load_##name
#define SOURCE(name) memory_##name
#define SINK(name) value_##name
#define FROM u64
#define TO CValue *
#define ELEMENT_FROM u64
#define ELEMENT_TO CValue *
#include "component/abi/walk.h"

#define P(name) lift_flat_##name
#define ELEMENT(name) load_##name
#define SOURCE(name) flat_##name
#define SINK(name) value_##name
#define FROM Slots
#define TO CValue *
#define ELEMENT_FROM u64
#define ELEMENT_TO CValue *
#include "component/abi/walk.h"

static bool lift_spilled(Abi *abi, u64 at, const CType *ts, u32 count, CValue *values)
{
    u32 align;
    u64 size = abi_tuple_size(abi, ts, count, &align);
    if (at & (align - 1)) return abi_fail(abi, FAULT_unaligned_pointer);
    if (!abi_within(abi, at, size)) return abi_fail(abi, FAULT_pointer_out_of_bounds);
    for (u32 i = 0; i < count; i++)
        if (!load_value(abi, ts[i], memory_next(abi, &at, ts[i]), &values[i])) return false;
    return true;
}

static bool lift(Abi *abi, u32 max_flat, const u64 *core, const CType *ts, u32 count,
                 CValue *values)
{
    if (abi_flat_count(abi, ts, count) > max_flat)
        return lift_spilled(abi, flat_pointer(abi, core[0]), ts, count, values);
    for (u32 i = 0; i < count; i++)
        if (!lift_flat_value(abi, ts[i], flat_next(abi, &core, ts[i]), &values[i])) return false;
    return true;
}

bool abi_lift(Abi *abi, u32 max_flat, const u64 *core, const CType *ts, u32 count, CValue *values)
{
    jmp_buf full, *before = abi->arena->on_failure;
    abi->fault = FAULT_none;
    abi->arena->on_failure = &full;
    if (count) memset(values, 0, count * sizeof *values);
    bool lifted = setjmp(full) ? abi_fail(abi, FAULT_out_of_memory)
                               : lift(abi, max_flat, core, ts, count, values);
    abi->arena->on_failure = before;
    return lifted;
}
