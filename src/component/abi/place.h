// place.h -- what sources and sinks of the walk (walk.h) have in common.
#pragma once

#include "component/abi/abi.h"

enum { ELEMENT_WORK = 256 }; // an element of a list is as much as so many bytes

// A list at its source: where its elements are, or all of their bytes if they are numbers.
typedef struct {
    u64 count;
    u64 at;              // in memory
    const CValue *items; // of the host's
    bool is_packed;
    AbiBytes packed;
} SourceList;

static inline u64 abi_aligned(u64 at, u32 align) { return (at + align - 1) & ~(u64)(align - 1); }
// As ctype_layout, at once: it is asked for each part of each value.
static inline const CLayout *abi_layout(const Abi *abi, CType t)
{
    const CTypeDef *def = ctype_def(abi->types, t);
    return def ? def->layout : &abi->types->prims[t];
}
static inline u32 abi_case_count(const CTypeDef *def)
{
    return def->form == CFORM_option ? 2 : def->count;
}
static inline CType abi_case_type(const CTypeDef *def, u32 index)
{
    if (def->form == CFORM_option) return index ? def->fields[0].type : CTYPE_NONE;
    return def->fields[index].type;
}
static inline u32 abi_tag_size(const CTypeDef *def)
{
    u32 cases = abi_case_count(def);
    return cases <= 0x100 ? 1 : cases <= 0x10000 ? 2 : 4;
}
// Bits of flags that have a label.
static inline u64 abi_flags_mask(const CTypeDef *def) { return ((u64)1 << def->count) - 1; }

static inline bool abi_is_packed(CType element) // S8 to F64
{
    return element >= CPRIM_s8 && element <= CPRIM_f64;
}

// Of an element of a list or map, in this memory.
u64 abi_element_size(const Abi *abi, const CTypeDef *list);
u32 abi_element_align(const Abi *abi, const CTypeDef *list);
// Makes bits a number of the type, or says that they are none.
bool abi_number(Abi *abi, CType t, u64 *bits);
// So many bytes of numbers, as abi_number makes them. They may overlap.
bool abi_copy_numbers(Abi *abi, CType t, u8 *to, const u8 *from, u64 len);
// Size and alignment of values as one tuple in memory.
u64 abi_tuple_size(const Abi *abi, const CType *ts, u32 count, u32 *align);
u32 abi_flat_count(const Abi *abi, const CType *ts, u32 count); // FLAT_MANY or more: too many

// Of 1, 2, 4 or 8 bytes.
static inline u64 memory_read(const Abi *abi, u64 at, u32 size)
{
    const u8 *p = abi->memory->base + at;
    u64 value = 0;
    switch (size) {
    case 1: return *p;
    case 2: memcpy(&value, p, 2); return value;
    case 4: memcpy(&value, p, 4); return value;
    default: memcpy(&value, p, 8); return value;
    }
}
static inline void memory_write(const Abi *abi, u64 at, u32 size, u64 value)
{
    u8 *p = abi->memory->base + at;
    switch (size) {
    case 1: *p = (u8)value; return;
    case 2: memcpy(p, &value, 2); return;
    case 4: memcpy(p, &value, 4); return;
    default: memcpy(p, &value, 8); return;
    }
}

// ---- Places in memory and in core values are alike on both sides

static inline u64 memory_next(Abi *abi, u64 *parts, CType t)
{
    const CLayout *l = abi_layout(abi, t);
    u64 at = abi_aligned(*parts, l->align[abi->wide]);
    *parts = at + l->size[abi->wide];
    return at;
}
// Behind the tag, as aligned as all of it.
static inline u64 memory_payload(Abi *abi, const CTypeDef *def, u64 at)
{
    return at + def->layout->align[abi->wide];
}
