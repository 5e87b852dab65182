// abi.c -- see abi.h.

#include "component/abi/place.h"

const char *const abi_fault_text[FAULT_COUNT] = {
    [FAULT_none] = "",
#define FAULT(name, text) [FAULT_##name] = text,
#include "component/abi/fault.def"
};

bool abi_within(const Abi *abi, u64 at, u64 size)
{
    return at <= abi->memory->size && size <= abi->memory->size - at;
}

bool abi_reallocate(Abi *abi, u64 old, u64 old_size, u32 align, u64 size, u64 *at)
{
    if (!abi->realloc(abi->env, old, old_size, align, size, at))
        return abi_fail(abi, FAULT_trapped);
    if (!abi->wide) *at = (u32)*at;
    if (*at & (align - 1)) return abi_fail(abi, FAULT_realloc_unaligned);
    return abi_within(abi, *at, size) || abi_fail(abi, FAULT_realloc_out_of_bounds);
}

// ---- What sources and sinks have in common

static u64 fields_size(const Abi *abi, const CField *fields, u32 count, u32 *align)
{
    u64 size = 0;
    *align = 1;
    for (u32 i = 0; i < count; i++) {
        const CLayout *l = abi_layout(abi, fields[i].type);
        size = abi_aligned(size, l->align[abi->wide]) + l->size[abi->wide];
        *align = MAX(*align, l->align[abi->wide]);
    }
    return abi_aligned(size, *align);
}

u64 abi_element_size(const Abi *abi, const CTypeDef *list)
{
    u32 align;
    return fields_size(abi, list->fields, list->form == CFORM_map ? 2 : 1, &align);
}

u32 abi_element_align(const Abi *abi, const CTypeDef *list)
{
    u32 align;
    fields_size(abi, list->fields, list->form == CFORM_map ? 2 : 1, &align);
    return align;
}

u64 abi_tuple_size(const Abi *abi, const CType *ts, u32 count, u32 *align)
{
    u64 size = 0;
    *align = 1;
    for (u32 i = 0; i < count; i++) {
        CField one = {{0}, ts[i]};
        u32 of;
        u64 part = fields_size(abi, &one, 1, &of);
        size = abi_aligned(size, of) + part;
        *align = MAX(*align, of);
    }
    return abi_aligned(size, *align);
}

u32 abi_flat_count(const Abi *abi, const CType *ts, u32 count)
{
    u32 flat = 0;
    for (u32 i = 0; i < count && flat < FLAT_MANY; i++) flat += abi_layout(abi, ts[i])->flat_count;
    return flat;
}

static u64 canonical_f32(u64 bits)
{
    return (bits & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : (u32)bits;
}
static u64 canonical_f64(u64 bits)
{
    return (bits & INT64_MAX) > 0x7ff0000000000000 ? 0x7ff8000000000000 : bits;
}

bool abi_number(Abi *abi, CType t, u64 *bits)
{
    u64 b = *bits;
    switch (t) {
    case CPRIM_bool: *bits = b != 0; return true;
    case CPRIM_s8: *bits = (u64)(s8)b; return true;
    case CPRIM_u8: *bits = (u8)b; return true;
    case CPRIM_s16: *bits = (u64)(s16)b; return true;
    case CPRIM_u16: *bits = (u16)b; return true;
    case CPRIM_s32: *bits = (u64)(s32)b; return true;
    case CPRIM_u32: *bits = (u32)b; return true;
    case CPRIM_f32: *bits = canonical_f32(b); return true;
    case CPRIM_f64: *bits = canonical_f64(b); return true;
    case CPRIM_char:
        if (b < 0xd800 || (b > 0xdfff && b < 0x110000)) return true;
        return abi_fail(abi, FAULT_invalid_char);
    default: return true; // 64 bits
    }
}

static void canonical(CType t, u8 *numbers, u64 count)
{
    if (t != CPRIM_f32 && t != CPRIM_f64) return;
    u32 size = cprim_info[t].size;
    for (u64 i = 0; i < count; i++, numbers += size) {
        u64 bits = 0;
        memcpy(&bits, numbers, size);
        bits = t == CPRIM_f32 ? canonical_f32(bits) : canonical_f64(bits);
        memcpy(numbers, &bits, size);
    }
}

bool abi_copy_numbers(Abi *abi, CType t, u8 *to, const u8 *from, u64 len)
{
    for (u64 done = 0, part; done < len; done += part) {
        part = MIN(len - done, (u64)PACE_BYTES);
        if (!abi_worked(abi, part)) return false;
        memmove(to + done, from + done, (size_t)part);
        canonical(t, to + done, part / cprim_info[t].size);
    }
    return true;
}
