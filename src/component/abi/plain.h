// plain.h -- lifting and lowering as the specification has it, rule by rule and by its names: slow,
// and what everything faster is compared with. Nothing runs it but tests.
//
// Values and types are trusted here, what the guest has is not. All of it lives in the arena.
// spec: CanonicalABI/lifting and lowering values
#pragma once

#include "component/abi/abi.h"

typedef struct { u8 type; u64 bits; } CoreValue; // i l f d

// What a list of types comes to as core values. The list lives in the arena.
typedef struct { u8 *types; u32 count, cap; } FlatTypes;
bool plain_flatten_types(Abi *abi, const CType *ts, u32 count, FlatTypes *out);
bool plain_measure(Abi *abi, CType t, u64 *elem_size, u32 *alignment);

// False: abi->fault says why. Values that are lifted keep where their strings came from.
bool plain_lift_flat_values(Abi *abi, u32 max_flat, const CoreValue *vi, const CType *ts, u32 count,
                            CValue *values);
// `flat` has room for as many as the types come to, or one. out_param: where the values go that
// are too many, or NULL: they get new room.
bool plain_lower_flat_values(Abi *abi, u32 max_flat, const CValue *values, const CType *ts,
                             u32 count, const CoreValue *out_param, CoreValue *flat,
                             u32 *flat_count);
