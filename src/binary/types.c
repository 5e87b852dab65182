// types.c -- types as they occur everywhere: values, references, limits, tables, globals, tags.
//
// A type is one byte, or an index as s33 in the place of a heap type. Codes are the negative
// numbers of one byte, so the first byte tells them apart: 0x40 to 0x7f is a code.
// spec: binary/types

#include "binary/decoder.h"

#include <stdarg.h>
#include <stdio.h>

bool decode_needs(Decoder *d, Feature f, const u8 *at)
{
    if (module_has(d->m, f)) return true;
    return decode_fail(d, ERR_feature_disabled, at, "%s (switch it on with --features=+%s)",
                       feature_text[f], feature_text[f]);
}

u32 decode_count(Decoder *d, u32 item_size, u32 have, u32 limit, Err err)
{
    const u8 *at = d->r.pos;
    u32 count = read_count(&d->r, item_size);
    if (have <= limit && count <= limit - have) return count;
    decode_fail(d, err, at, "found %llu", (unsigned long long)have + count);
    return 0;
}

bool decode_invalid(Decoder *d, Err err, const u8 *at, const char *fmt, ...)
{
    if (decode_failed(d) || d->invalid.err != ERR_none) return false;
    char detail[sizeof d->invalid.detail];
    va_list args;
    va_start(args, fmt);
    vsnprintf(detail, sizeof detail, fmt, args);
    va_end(args);
    return diag_fail(&d->invalid, err, (size_t)(at - d->r.start), "%s", detail);
}

// Something sound to go on with, where the module names no type.
static TypeId stand_in(Decoder *d)
{
    TypeDef empty = {.kind = COMP_func, .final = true, .super = TYPE_NONE, .describes = TYPE_NONE,
                     .descriptor = TYPE_NONE, .cont = TYPE_NONE};
    if (d->stand_in == TYPE_NONE && !type_store_intern(d->m->store, &empty, 1, &d->stand_in))
        arena_fail(&d->m->arena);
    return d->stand_in;
}

static TypeId type_index_at(Decoder *d, u64 index, const u8 *at)
{
    if (decode_failed(d)) return stand_in(d);
    if (d->on_type_index) d->on_type_index(d, at);
    // rule: Typeuse_ok/typeidx
    // TYPE_NONE: of a component's core types it is one of a module.
    if (index < d->group_start && d->m->types[index] != TYPE_NONE) return d->m->types[index];
    // Before gc a type could mention those before it only.
    bool in_group = index - d->group_start < d->group_count && module_has(d->m, FEATURE_gc);
    // rule: Typeuse_ok/rec
    if (in_group) return TYPE_ID_REC | (u32)(index - d->group_start);
    decode_invalid(d, ERR_unknown_type, at, "%llu", (unsigned long long)index);
    return stand_in(d);
}

TypeId decode_type_index(Decoder *d)
{
    const u8 *at = d->r.pos;
    return type_index_at(d, read_leb_u32(&d->r), at);
}

// rule: Expand_use/typeidx
TypeId decode_func_type(Decoder *d)
{
    const u8 *at = d->r.pos;
    u32 index = read_leb_u32(&d->r);
    TypeId id = type_index_at(d, index, at);
    if (type_def(d->m->store, id)->kind == COMP_func) return id;
    decode_invalid(d, ERR_unknown_type, at, "%u is not a function type", index);
    return stand_in(d);
}

// Codes are s7, so a byte that wants another after it is too long a number.
void decode_bad_code(Decoder *d, Err err, u8 code, const u8 *at)
{
    decode_fail(d, code & 0x80 ? ERR_integer_too_long : err, at, "0x%02x", code);
}

static bool is_code(u8 byte) { return (byte & 0xc0) == 0x40; }

// HEAP_COUNT: it is none.
static Heap heap_of_code(u8 code, Feature *since)
{
    switch (code) {
#define HEAP(name, text, ref, code, since_)                                                        \
    case code: *since = FEATURE_##since_; return HEAP_##name;
#include "op/type.def"
    default: return HEAP_COUNT;
    }
}

u32 decode_heap_type(Decoder *d)
{
    const u8 *at = d->r.pos;
    u8 byte = peek_u8(&d->r);
    if (byte == 0x62) {
        read_u8(&d->r);
        decode_needs(d, FEATURE_custom_descriptors, at);
        return TYPE_EXACT | TYPE_CONCRETE | decode_type_index(d);
    }
    if (is_code(byte)) {
        Feature since = FEATURE_core1;
        Heap heap = heap_of_code(read_u8(&d->r), &since);
        if (heap == HEAP_COUNT) decode_fail(d, ERR_malformed_heap_type, at, "0x%02x", byte);
        else decode_needs(d, since, at);
        return decode_failed(d) ? HEAP_any : heap;
    }
    s64 index = read_leb_s33(&d->r);
    if (index < 0) decode_fail(d, ERR_malformed_heap_type, at, "%s", "a code takes one byte");
    else decode_needs(d, FEATURE_function_references, at);
    // rule: Heaptype_ok/typeuse
    return TYPE_CONCRETE | type_index_at(d, (u64)index, at);
}

// Both long forms, and the short ones of nullable references to abstract types.
// rule: Reftype_ok
static bool decode_ref_code(Decoder *d, u8 code, const u8 *at, Type *type)
{
    if (code == 0x63 || code == 0x64) {
        decode_needs(d, FEATURE_function_references, at);
        *type = TYPE_REF | (code == 0x63 ? TYPE_NULL : 0) | decode_heap_type(d);
        return true;
    }
    Feature since = FEATURE_core1;
    Heap heap = heap_of_code(code, &since);
    if (heap == HEAP_COUNT) return false;
    decode_needs(d, since, at);
    *type = type_ref(true, heap);
    return true;
}

// func needs no feature here: tables had it from the start.
Type decode_ref_type(Decoder *d)
{
    const u8 *at = d->r.pos;
    u8 code = read_u8(&d->r);
    Type type = type_ref(true, HEAP_func);
    if (code != 0x70 && !decode_ref_code(d, code, at, &type))
        decode_bad_code(d, ERR_malformed_reference_type, code, at);
    return type;
}

Type decode_val_type(Decoder *d) { return decode_val_type_or(d, ERR_malformed_value_type); }

Type decode_val_type_or(Decoder *d, Err unknown)
{
    const u8 *at = d->r.pos;
    u8 code = read_u8(&d->r);
    Type type = TYPE_i32;
    switch (code) {
#define NUMBER(name, text, code)                                                                   \
    case code: type = TYPE_##name; break;
#include "op/type.def"
    default:
        // rule: Valtype_ok/ref
        if (!decode_ref_code(d, code, at, &type))
            decode_bad_code(d, unknown, code, at);
    }
    if (type == TYPE_v128) decode_needs(d, FEATURE_simd, at);
    return type;
}

enum { LIMITS_max = 1, LIMITS_shared = 2, LIMITS_64 = 4, LIMITS_page_size = 8 };

Limits decode_limits(Decoder *d, bool is_memory)
{
    const u8 *at = d->r.pos;
    u8 flags = read_u8(&d->r), known = LIMITS_max | LIMITS_64;
    if (is_memory) known |= LIMITS_shared;
    // Without the feature the bit is as unknown as the others, yet the switch is worth a hint.
    if (is_memory && flags < 0x10) known |= LIMITS_page_size;
    if (flags & ~known) decode_fail(d, ERR_malformed_limits, at, "0x%02x", flags);
    if (flags & LIMITS_page_size) decode_needs(d, FEATURE_custom_page_sizes, at);
    if (flags & LIMITS_shared) decode_needs(d, FEATURE_threads, at);
    if (flags & LIMITS_64) decode_needs(d, FEATURE_memory64, at);
    Limits l = {.page_log2 = 16, .has_max = flags & LIMITS_max, .shared = flags & LIMITS_shared,
                .is64 = flags & LIMITS_64};
    l.min = read_leb_u64(&d->r);
    if (l.has_max) l.max = read_leb_u64(&d->r);
    if (flags & LIMITS_page_size) {
        const u8 *log2_at = d->r.pos;
        u32 log2 = read_leb_u32(&d->r);
        if (log2 >= 64) decode_fail(d, ERR_malformed_limits, log2_at, "page size 2^%u", log2);
        if (log2 != 0 && log2 != 16)
            decode_invalid(d, ERR_invalid_page_size, log2_at, "2^%u", log2);
        l.page_log2 = (u8)log2;
        l.says_page = true;
    }
    return l;
}

// rule: Tabletype_ok
TableType decode_table_type(Decoder *d)
{
    Type elem = decode_ref_type(d);
    return (TableType){elem, decode_limits(d, false)};
}

// rule: Globaltype_ok
GlobalType decode_global_type(Decoder *d)
{
    Type type = decode_val_type(d);
    const u8 *at = d->r.pos;
    u8 mutable = read_u8(&d->r);
    if (mutable > 1) decode_fail(d, ERR_malformed_mutability, at, "0x%02x", mutable);
    return (GlobalType){type, mutable == 1};
}

// rule: Tagtype_ok
TypeId decode_tag_type(Decoder *d)
{
    const u8 *at = d->r.pos;
    u8 attribute = read_u8(&d->r);
    if (attribute != 0) decode_fail(d, ERR_malformed_tag_attribute, at, "0x%02x", attribute);
    return decode_func_type(d);
}
