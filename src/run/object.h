// object.h -- objects as the collector and others see them, whatever they are; structures, arrays
// and i31. Where their fields are says module/type.h (TypeLayout).
//
//     structure   | head | fields ...            array   | head | length | elements ...
//
// spec: exec/runtime, structure and array instances; exec/instructions, aggregate instructions
#pragma once

#include "run/heap.h"

typedef struct {
    u32 head;
    u32 length;
    u8 items[];
} ArrayObject;

static inline Ref ref_of_i31(u32 value) { return value << 1 | 1; }

// Is there a reader of structures and arrays in this build?
static const bool has_objects = !(FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_gc));

// Bytes of a structure, or of an array of that length; a multiple of 8.
static inline u64 object_bytes(const TypeDef *type, u32 length)
{
    u64 bytes = type_layout(type)->size;
    if (type->kind == COMP_array) bytes += (u64)length << type_log2(type->fields[0].type);
    return (bytes + 7) & ~(u64)7;
}

// The type of an object by its head, and its size with that, a multiple of 8, which it has all of
// in the heap. A guest may have written any head and any length: what is none, or would be larger
// than there is room for, has no type and 8 bytes, as a value of the host's. `ref` is in the heap.
static inline const TypeDef *object_def(const TypeStore *types, const Blocks *heap, Ref ref,
                                        u32 *size)
{
    const ArrayObject *a = (const ArrayObject *)(const void *)(heap->base + ref);
    const TypeDef *type = type_def_any(types, a->head >> HEAD_BITS);
    u64 bytes = sizeof(HostValue);
    *size = (u32)bytes;
    if (UNLIKELY(!type)) return NULL;
    if (has_objects && type->kind == COMP_struct) bytes = type_layout(type)->size;
    else if (has_objects && type->kind == COMP_array) bytes = object_bytes(type, a->length);
    else if (type->kind == COMP_func) bytes = exception_size(type);
    else return NULL;
    if (UNLIKELY(bytes > heap_room(heap, ref))) return NULL;
    *size = (u32)bytes;
    return type;
}
// Likewise.
u32 object_size(const Store *store, Ref ref);
bool object_has_refs(const Store *store, Ref ref); // of collected types
// What is of that type.
bool type_has_ref_params(const TypeStore *types, const TypeDef *type);
static inline bool type_has_refs(const TypeStore *types, const TypeDef *type)
{
    if (has_objects && type->kind != COMP_func) return type_layout(type)->ref_words;
    return type_has_ref_params(types, type);
}
typedef void RefVisitor(void *env, Ref ref);
void object_each_ref(const Store *store, Ref ref, RefVisitor *visit, void *env); // nulls too

// What a reference of the hierarchies any or extern is: i31, struct, array; extern: a value of the
// host's, or none that there is. Not null.
Heap ref_heap(const Store *store, Ref ref);

TypeId object_type(const Store *store, Ref ref); // of a structure or an array
bool object_is_cont(const Store *store, Ref ref);

u32 array_length(const Store *store, Ref ref);
// Does so much, of elements of 1 << log2 bytes, end inside of the heap? Of an array it does; code
// of the processor may say that anything is one.
static inline bool array_fits(const Blocks *heap, Ref ref, u32 length, u32 log2)
{
    return sizeof(ArrayObject) + ((u64)length << log2) <= heap_room(heap, ref);
}

// A field or element, at its place, to and from slots; what is packed is extended.
void object_get(const u8 *from, Type type, bool sign, u64 *slot);
void object_set(u8 *to, Type type, const u64 *slot);

// For the host, or a host function: of a type that the store holds, with what is default in all
// fields or elements, null where there is none. REF_NULL: out of memory, see store_short.
Ref ref_new_struct(Store *store, TypeId type);
Ref ref_new_array(Store *store, TypeId type, u32 length);
// A field, or an array's element (of field 0), of the object's own type; in slots.
void object_read(const Store *store, Ref ref, const FieldType *field, u32 element, u64 *slot);
void object_write(Store *store, Ref ref, const FieldType *field, u32 element, const u64 *slot);
// Of an array: bytes of its elements. Written to only where they are no references.
u8 *array_items(const Store *store, Ref ref);

// A cast: is the reference, of the same hierarchy, one of this type? spec: exec/ref.test
bool ref_matches(Store *store, Ref ref, Type type);

// What a cast accepts: null; and of abstract types i31, and objects by their kind (CompKind), where
// those of the host's and others are like functions; of other types: this very one alone.
enum {
    ACCEPT_null = 1, ACCEPT_i31 = 2, ACCEPT_KIND = 2, // the bit of kind 0
    ACCEPT_struct = 1 << (ACCEPT_KIND + COMP_struct),
    ACCEPT_array = 1 << (ACCEPT_KIND + COMP_array),
    ACCEPT_all = (1 << (ACCEPT_KIND + COMP_array + 1)) - 1, ACCEPT_exact = 1 << 15
};

// How to tell: by the record of an object's type, to be of a structure's or array's type or of some
// kind; or by ref_matches.
typedef enum { CAST_BY_type, CAST_BY_kind, CAST_BY_call } CastBy;
typedef struct { CastBy by; u32 accept; } CastTarget;
CastTarget cast_target(const TypeStore *types, Type type);
u32 cast_units(const Module *m, Type type); // of fuel, beside the instruction's
// ref_matches for what is accepted of the module's type of that number; TYPE_NONE: of an abstract
// one.
bool ref_accepted(const Instance *inst, Ref ref, u32 type, u32 accept);
// Of ref.cast_desc_eq: is it accepted, and has it this descriptor, which is not null? Nothing of a
// type without one has.
bool ref_described(const Instance *inst, Ref ref, Ref descriptor, u32 type, u32 accept);

// The instructions. Operands and result stand in slots from `v` on; `from` is where the guest
// stands whose frames go on if there is a collection. TRAP_none, or why it did nothing. What is
// long is paid for, or done in pieces (memory.h): then what is left stands in the operands.
//
// What is made of a type takes the module's number for it. If objects of that have a descriptor it
// is the last operand, and the trap if it is null.
Trap object_struct_new(Exec *x, const Instance *inst, const Position *from, u32 type, u64 *v);
Trap object_struct_new_default(Exec *x, const Instance *inst, const Position *from, u32 type,
                               u64 *v);
Trap object_array_new(Exec *x, const Instance *inst, const Position *from, u32 type, u64 *v);
Trap object_array_new_default(Exec *x, const Instance *inst, const Position *from, u32 type,
                              u64 *v);
Trap object_array_new_fixed(Exec *x, const Instance *inst, const Position *from, u32 type,
                            u32 count, u64 *v);
Trap object_array_new_data(Exec *x, const Instance *inst, const Position *from, u32 type, u32 data,
                           u64 *v);
Trap object_array_new_elem(Exec *x, Instance *inst, const Position *from, u32 type, u32 elem,
                           u64 *v);
Trap object_array_fill(Exec *x, const Instance *inst, u32 type, u64 *v);
Trap object_array_copy(Exec *x, const Instance *inst, u32 type, u64 *v); // to such an array
Trap object_array_init_data(Exec *x, const Instance *inst, u32 type, u32 data, u64 *v);
Trap object_array_init_elem(Exec *x, Instance *inst, u32 type, u32 elem, u64 *v);
