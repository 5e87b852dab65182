// value.h -- a value of the formal machine: what it is, and its bits. Nothing is known from
// elsewhere.
// spec: exec/runtime, values
#pragma once

#include "module/type.h"
#include "op/op.h"

// Numbers and vectors are of the kind TYPE_i32 to TYPE_v128; what stands in a packed field is of
// TYPE_i8 or TYPE_i16. References are of these.
typedef enum {
    VALUE_unset,      // a local that was not set yet
    VALUE_null = TYPE_NUMBER_COUNT,
    VALUE_i31,        // bits: 31 of them
    VALUE_struct,     // bits: an address
    VALUE_array,
    VALUE_func,
    VALUE_exn,
    VALUE_cont,
    VALUE_host,       // bits: whatever the host says
} ValueKind;

typedef struct {
    u8 kind;          // a Type of numbers, or a ValueKind
    bool external;    // it stands in a REF.EXTERN
    union {
        u64 bits;     // of 32 bits the upper half is zero
        u64 lanes[2]; // v128, the low half first
    };
} Val;

static inline Val value_number(Type type, u64 bits) { return (Val){(u8)type, .bits = bits}; }
static inline Val value_i32(u32 bits) { return value_number(TYPE_i32, bits); }
static inline Val value_address(bool is64, u64 bits)
{
    return is64 ? value_number(TYPE_i64, bits) : value_i32((u32)bits);
}
static inline Val value_ref(ValueKind kind, u64 bits) { return (Val){(u8)kind, .bits = bits}; }
static inline bool value_is_null(Val v) { return v.kind == VALUE_null; }
// $default_, of types that have one
static inline Val value_default(Type type)
{
    if (!type_is_ref(type)) return (Val){(u8)type, .lanes = {0, 0}};
    return value_ref(type_is_null(type) ? VALUE_null : VALUE_unset, 0);
}
static inline bool value_same(Val a, Val b)
{
    return a.kind == b.kind && a.external == b.external && a.bits == b.bits;
}
