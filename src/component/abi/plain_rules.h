// plain_rules.h -- how the files of plain.c divide the work: values in memory are there, flat ones
// in plain_flat.c. The names are the specification's, with plain_ in front.
#pragma once

#include "component/abi/plain.h"

#include <assert.h>

typedef struct {
    Abi *abi;
    jmp_buf trap; // where a trap goes
} Cx;

_Noreturn static inline void trap(Cx *cx, AbiFault fault)
{
    abi_fail(cx->abi, fault);
    longjmp(cx->trap, 1);
}
static inline void trap_if(Cx *cx, bool condition, AbiFault fault)
{
    if (condition) trap(cx, fault);
}
static inline u64 align_to(u64 ptr, u32 alignment)
{
    return (ptr + alignment - 1) / alignment * alignment;
}
static inline bool aligned(u64 ptr, u32 alignment) { return ptr % alignment == 0; }
static inline const CTypeDef *def_of(Cx *cx, CType t) { return ctype_def(cx->abi->types, t); }

// What a variant, enum, option or result is.
typedef struct { CField two[2]; const CField *cases; u32 count; } Cases;
void plain_despecialize(const CTypeDef *def, Cases *c);


bool plain_in_memory(Cx *cx, u64 ptr, u64 size); // ptr + size <= len(memory), without an end
u64 plain_allocate(Cx *cx, u32 alignment, u64 byte_length);
u32 plain_alignment(Cx *cx, CType t);
u64 plain_elem_size(Cx *cx, CType t);
CValue *plain_new_values(Cx *cx, u64 count);
CValue *plain_boxed(Cx *cx, CValue v);

CValue plain_load(Cx *cx, u64 ptr, CType t);
CValue plain_load_string_from_range(Cx *cx, u64 ptr, u64 tagged_code_units);
CValue plain_load_list_from_range(Cx *cx, u64 ptr, u64 length, const CTypeDef *def);
u32 plain_unpack_flags(u64 i, u32 labels);
CValue plain_lift_handle(Cx *cx, u32 i, CType t);
// Of a number in its core value, or in as many bytes as it has in memory.
CValue plain_number_from(Cx *cx, CType t, u64 bits);

void plain_store(Cx *cx, const CValue *v, CType t, u64 ptr);
AbiRange plain_store_string_into_range(Cx *cx, const CValue *v);
AbiRange plain_store_list_into_range(Cx *cx, const CValue *v, const CTypeDef *def);
u32 plain_lower_handle(Cx *cx, u64 handle, CType t);
u64 plain_number_to(Cx *cx, const CValue *v, CType t);
