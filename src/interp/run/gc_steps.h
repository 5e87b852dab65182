// gc_steps.h -- what operations of interp/gc.def do that have one result or store. Included by
// steps.h.
#include "run/gc/collect.h"
#include "run/object.h"

// Computed in 32 bits: whatever a reference and an offset are, this is in the heap's reservation.
#define HEAP_AT(offset) (inst->heap + (u32)(offset))
#define NO_RESULT(why) (*trap = (why), 0)

// Values as they stand in objects: name, type there, what a slot has of it.
#define EACH_VALUE(V)                                                                              \
    V(8s, s8, (u64)(u32)(s32)raw) V(8u, u8, raw) V(16s, s16, (u64)(u32)(s32)raw)                   \
    V(16u, u16, raw) V(32, u32, raw) V(64, u64, raw)
#define EACH_STORE(V) V(8, u8) V(16, u16) V(32, u32) V(64, u64)

// dst, a: structure, b: where the field is
#define STRUCT_GET(name, type, value)                                                              \
    VALUE_OF(struct_get_##name)                                                                    \
    {                                                                                              \
        type raw;                                                                                  \
        Ref ref = (Ref)IN_A;                                                                       \
        if (UNLIKELY(ref == REF_NULL)) return NO_RESULT(TRAP_null_structure_reference);            \
        memcpy(&raw, HEAP_AT(ref + B), sizeof raw);                                                \
        return value;                                                                              \
    }
EACH_VALUE(STRUCT_GET)
// dst: structure, a: value, b: where the field is
#define STRUCT_SET(name, type)                                                                     \
    STEP_OF(struct_set_##name)                                                                     \
    {                                                                                              \
        Ref ref = (Ref)IN_DST;                                                                     \
        if (UNLIKELY(ref == REF_NULL)) return TRAP_null_structure_reference;                       \
        type raw = (type)IN_A;                                                                     \
        memcpy(HEAP_AT(ref + B), &raw, sizeof raw);                                                \
        return TRAP_none;                                                                          \
    }
EACH_STORE(STRUCT_SET)

// dst, a: structure, b: where its descriptor is, in words of 4 bytes
VALUE_OF(ref_get_desc)
{
    Ref ref = (Ref)IN_A, descriptor;
    if (UNLIKELY(ref == REF_NULL)) return NO_RESULT(TRAP_null_reference);
    memcpy(&descriptor, HEAP_AT(ref + B * 4u), sizeof descriptor);
    return descriptor;
}
// a: a descriptor of what is about to be made
STEP_OF(check_descriptor)
{
    return UNLIKELY((Ref)IN_A == REF_NULL) ? TRAP_null_descriptor_reference : TRAP_none;
}

// Where an element is. False: *trap says why there is none.
INLINED bool find_element(const Instance *inst, Ref ref, u32 index, u32 bytes, u8 **at, Trap *trap)
{
    u32 length;
    *trap = TRAP_null_array_reference;
    if (UNLIKELY(ref == REF_NULL)) return false;
    memcpy(&length, HEAP_AT(ref + offsetof(ArrayObject, length)), sizeof length);
    *trap = TRAP_out_of_bounds_array_access;
    if (UNLIKELY(index >= length)) return false;
    *trap = TRAP_none;
    *at = HEAP_AT(ref + (u32)offsetof(ArrayObject, items) + index * bytes);
    return true;
}
// dst, a: array, b: index
#define ARRAY_GET(name, type, value)                                                               \
    VALUE_OF(array_get_##name)                                                                     \
    {                                                                                              \
        u8 *at;                                                                                    \
        type raw;                                                                                  \
        if (!find_element(inst, (Ref)IN_A, (u32)IN_B, sizeof raw, &at, trap)) return 0;            \
        memcpy(&raw, at, sizeof raw);                                                              \
        return value;                                                                              \
    }
EACH_VALUE(ARRAY_GET)
// dst: array, a: index, b: value
#define ARRAY_SET(name, type)                                                                      \
    STEP_OF(array_set_##name)                                                                      \
    {                                                                                              \
        u8 *at;                                                                                    \
        Trap trap;                                                                                 \
        type raw = (type)IN_B;                                                                     \
        if (!find_element(inst, (Ref)IN_DST, (u32)IN_A, sizeof raw, &at, &trap)) return trap;      \
        memcpy(at, &raw, sizeof raw);                                                              \
        return TRAP_none;                                                                          \
    }
EACH_STORE(ARRAY_SET)
VALUE_OF(array_len)
{
    u32 length;
    Ref ref = (Ref)IN_A;
    if (UNLIKELY(ref == REF_NULL)) return NO_RESULT(TRAP_null_array_reference);
    memcpy(&length, HEAP_AT(ref + offsetof(ArrayObject, length)), sizeof length);
    return length;
}

VALUE_OF(ref_i31) { return ref_of_i31((u32)IN_A); }
VALUE_OF(i31_get_s)
{
    Ref ref = (Ref)IN_A;
    if (UNLIKELY(ref == REF_NULL)) return NO_RESULT(TRAP_null_i31_reference);
    return (u32)((s32)ref >> 1);
}
VALUE_OF(i31_get_u)
{
    Ref ref = (Ref)IN_A;
    if (UNLIKELY(ref == REF_NULL)) return NO_RESULT(TRAP_null_i31_reference);
    return ref >> 1;
}

// Casts: is it what is accepted, or of the type that has this number?
typedef enum { CAST_no, CAST_yes, CAST_unknown } Cast;

INLINED Cast cast_data(const Instance *inst, Ref ref, u32 accept, u32 type)
{
    u32 head, want = inst->types[type];
    if (ref == REF_NULL) return (Cast)(accept & ACCEPT_null);
    if (ref_is_i31(ref)) return CAST_no;
    memcpy(&head, HEAP_AT(ref), sizeof head);
    const TypeRecord *above = &inst->records[want], *below = &inst->records[head >> HEAD_BITS];
    if (below == above) return CAST_yes;
    if (accept & ACCEPT_exact) return CAST_no;
    if (UNLIKELY(above->depth >= TYPE_DISPLAY)) return CAST_unknown;
    return (Cast)(below->supers[above->depth] == above->supers[above->depth]);
}

INLINED Cast cast_kind(const Instance *inst, Ref ref, u32 accept, u32 type)
{
    u32 head;
    if (ref == REF_NULL) return (Cast)(accept & ACCEPT_null);
    if ((accept | ACCEPT_null) == ACCEPT_all) return CAST_yes;
    if (!(accept & ~ACCEPT_null)) return CAST_no;
    if (ref_is_i31(ref)) return (Cast)((accept & ACCEPT_i31) != 0);
    memcpy(&head, HEAP_AT(ref), sizeof head);
    return (Cast)(accept >> (ACCEPT_KIND + inst->records[head >> HEAD_BITS].kind) & 1);
}

// Through C: a function's type, or what the display does not tell.
INLINED Cast cast_any(const Instance *inst, Ref ref, u32 accept, u32 type)
{
    Type want = type_ref_to(accept & ACCEPT_null, inst->types[type]);
    if (accept & ACCEPT_exact) want |= TYPE_EXACT;
    return (Cast)ref_matches(inst->store, ref, want);
}
