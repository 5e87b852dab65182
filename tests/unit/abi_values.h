// abi_values.h -- random types and values of the component model, for tests.
#pragma once

#include "base/random.h"
#include "base/utf8.h"
#include "check.h"
#include "component/abi/plain.h"
#include "component/type/text.h"

static u64 seed = 1;
static u32 below(u32 n) { return (u32)(random_next(&seed) % n); }

// ---- Types

static Arena type_arena, type_scratch, arena;
static TypeStore *store;
static CTypes types;
static jmp_buf world_failure;

static void new_types(void)
{
    arena_free(&type_arena);
    arena_free(&type_scratch);
    type_arena.on_failure = type_scratch.on_failure = arena.on_failure = &world_failure;
    ctypes_init(&types, &type_arena, &type_scratch, store);
}

static void begin_worlds(void)
{
    store = type_store_new();
    arena_init(&type_arena);
    arena_init(&type_scratch);
    arena_init(&arena);
    new_types();
}

static void end_worlds(void)
{
    arena_free(&type_arena);
    arena_free(&type_scratch);
    arena_free(&arena);
    type_store_free(store);
}

static CType make(CForm form, const CField *fields, u32 count)
{
    Err err = ERR_none;
    CType t = ctype_make(&types, form, fields, count, &err);
    return err == ERR_none ? t : (CType)CPRIM_u8;
}

static Bytes label(u32 i)
{
    static char labels[300][8];
    snprintf(labels[i], sizeof labels[i], "l%u", i);
    return bytes_of(labels[i]);
}

static CType random_type(u32 depth);

static CType random_variant(u32 depth)
{
    CField cases[300];
    u32 count = below(60) ? 1 + below(5) : 255 + below(3);
    for (u32 i = 0; i < count; i++) {
        bool none = below(3) == 0 || i > 5;
        cases[i] = (CField){label(i), none ? CTYPE_NONE : random_type(depth - 1)};
    }
    return make(CFORM_variant, cases, count);
}

static CType random_labels(CForm form)
{
    CField labels[300];
    u32 most = form == CFORM_flags ? 32 : below(20) ? 9 : 258, count = 1 + below(most);
    for (u32 i = 0; i < count; i++) labels[i] = (CField){label(i), CTYPE_NONE};
    return make(form, labels, count);
}

static CType random_type(u32 depth)
{
    CField fields[18];
    u32 count = 1 + below(below(10) ? 4 : 18), pick = depth ? below(26) : below(14);
    if (pick < 14) return below(4) ? (CType)below(CPRIM_COUNT) : (CType)CPRIM_string;
    switch (pick) {
    case 14: case 15: case 16:
        for (u32 i = 0; i < count; i++) fields[i] = (CField){label(i), random_type(depth - 1)};
        if (below(2)) return make(CFORM_record, fields, count);
        for (u32 i = 0; i < count; i++) fields[i].name = (Bytes){0};
        return make(CFORM_tuple, fields, count);
    case 17: case 18: return random_variant(depth);
    case 19: case 20:
        fields[0] = (CField){{0}, random_type(depth - 1)};
        return make(CFORM_list, fields, 1);
    case 21: return random_labels(below(2) ? CFORM_flags : CFORM_enum);
    case 22:
        fields[0] = (CField){{0}, random_type(depth - 1)};
        return make(CFORM_option, fields, 1);
    case 23:
        for (u32 i = 0; i < 2; i++)
            fields[i] = (CField){{0}, below(3) ? random_type(depth - 1) : CTYPE_NONE};
        return make(CFORM_result, fields, 2);
    case 24:
        fields[0] = (CField){{0}, random_type(depth - 1)};
        return make(CFORM_fixed_list, fields, 1 + below(6));
    default:
        if (below(2)) {
            CType resource = ctype_make_resource(&types, TYPE_i32, 0);
            return make(below(2) ? CFORM_own : CFORM_borrow, &(CField){{0}, resource}, 1);
        }
        fields[0] = (CField){{0}, (CType)(below(2) ? CPRIM_string : CPRIM_u8)};
        fields[1] = (CField){{0}, random_type(depth - 1)};
        return make(CFORM_map, fields, 2);
    }
}

// What has handles is another value when it comes back.
static bool has_handle(CType t)
{
    if (t == CPRIM_error_context) return true;
    if (t < CPRIM_COUNT || t == CTYPE_NONE) return false;
    const CTypeDef *def = ctype_def(&types, t);
    if (def->form == CFORM_own || def->form == CFORM_borrow) return true;
    u32 parts = def->form == CFORM_fixed_list || def->form == CFORM_list ? 1 : def->count;
    if (def->form == CFORM_map) parts = 2;
    for (u32 i = 0; i < parts; i++)
        if (has_handle(def->fields[i].type)) return true;
    return false;
}

// ---- Values, as plain.c has them

static u32 random_scalar(void)
{
    u32 kind = below(8), c = kind < 4 ? below(0x80) : kind < 6 ? below(0x100)
                             : kind < 7 ? below(0x10000) : below(0x110000);
    return c >= 0xd800 && c < 0xe000 ? 0xe9 : c;
}

static CValue random_string(void)
{
    u8 text[400];
    size_t len = 0, want = below(4) ? below(12) : below(380);
    u32 most = below(4); // much of it is ASCII alone, or Latin-1
    while (len < want) {
        u32 c = random_scalar();
        len += utf8_encode(most == 0 ? c & 0x7f : most == 1 ? c & 0xff : c, text + len);
    }
    return (CValue){.kind = WEFT_CVALUE_STRING,
                    .of.string = {arena_strdup(&arena, (char *)text, len), len}};
}

static CValue random_value(CType t);

static CValue random_items(u8 kind, const CField *fields, u32 fields_count, u32 count)
{
    CValue *items = NEW_ARRAY(&arena, CValue, count);
    for (u32 i = 0; i < count; i++)
        items[i] = random_value(fields[fields_count == 1 ? 0 : i].type);
    return (CValue){.kind = kind, .of.list = {items, count}};
}

static CValue random_prim(CType t)
{
    CValue v = {.kind = (u8)t};
    u64 bits = random_next(&seed) >> below(64);
    if (!below(3)) bits = (u64)0 - bits;
    switch (t) {
    case CPRIM_string: return random_string();
    case CPRIM_bool: v.of.boolean = bits & 1; break;
    case CPRIM_s8: v.of.s = (s8)bits; break;
    case CPRIM_u8: v.of.u = (u8)bits; break;
    case CPRIM_s16: v.of.s = (s16)bits; break;
    case CPRIM_u16: v.of.u = (u16)bits; break;
    case CPRIM_s32: v.of.s = (s32)bits; break;
    case CPRIM_u32: v.of.u = (u32)bits; break;
    case CPRIM_char: v.of.scalar = random_scalar(); break;
    case CPRIM_f32: memcpy(&v.of.f32, &bits, sizeof v.of.f32); break;
    case CPRIM_error_context: v.of.handle = bits; break;
    default: v.of.u = bits;
    }
    return v;
}

static CValue random_value(CType t)
{
    if (t < CPRIM_COUNT) return random_prim(t);
    const CTypeDef *def = ctype_def(&types, t);
    CValue v = {.kind = (u8)(CPRIM_COUNT + def->form)};
    switch (def->form) {
    case CFORM_record: case CFORM_tuple:
        return random_items(v.kind, def->fields, def->count + (def->count == 1), def->count);
    case CFORM_fixed_list: return random_items(v.kind, def->fields, 1, def->count);
    case CFORM_list: return random_items(v.kind, def->fields, 1, below(below(4) ? 4 : 30));
    case CFORM_map: {
        u32 count = below(4);
        CValue *items = NEW_ARRAY(&arena, CValue, count);
        for (u32 i = 0; i < count; i++)
            items[i] = random_items(WEFT_CVALUE_TUPLE, def->fields, 2, 2);
        v.of.list.items = items;
        v.of.list.count = count;
        return v;
    }
    case CFORM_flags: v.of.flags = (u32)random_next(&seed) >> (32 - def->count); return v;
    case CFORM_variant: case CFORM_enum: case CFORM_option: case CFORM_result: {
        v.index = below(def->form == CFORM_option ? 2 : def->count);
        CType of = def->form != CFORM_option ? def->fields[v.index].type
                   : v.index ? def->fields[0].type : CTYPE_NONE;
        if (of == CTYPE_NONE) return v;
        CValue payload = random_value(of);
        v.of.payload = arena_copy(&arena, &payload, sizeof payload);
        return v;
    }
    default: v.of.handle = random_next(&seed); return v;
    }
}

// ---- Are two values the same? One may have lists that are packed.

static bool same_value(const CValue *a, const CValue *b);

static CValue number_at(const CValue *list, size_t i)
{
    CValue v = {.kind = list->packed};
    u32 size = cprim_info[v.kind].size;
    u64 bits = 0;
    memcpy(&bits, (const u8 *)list->of.numbers.data + i * size, size);
    if (v.kind == CPRIM_s8) bits = (u64)(s8)bits;
    if (v.kind == CPRIM_s16) bits = (u64)(s16)bits;
    if (v.kind == CPRIM_s32) bits = (u64)(s32)bits;
    v.of.u = bits;
    return v;
}

static bool same_items(const CValue *a, const CValue *b)
{
    if (a->of.list.count != b->of.list.count) return false;
    for (size_t i = 0; i < a->of.list.count; i++) {
        CValue x = a->packed ? number_at(a, i) : a->of.list.items[i];
        CValue y = b->packed ? number_at(b, i) : b->of.list.items[i];
        if (!same_value(&x, &y)) return false;
    }
    return true;
}

static bool same_value(const CValue *a, const CValue *b)
{
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case WEFT_CVALUE_BOOL: return a->of.boolean == b->of.boolean;
    case WEFT_CVALUE_CHAR: return a->of.scalar == b->of.scalar;
    case WEFT_CVALUE_F32:
        return (a->of.f32 != a->of.f32 && b->of.f32 != b->of.f32) ||
               !memcmp(&a->of.f32, &b->of.f32, sizeof(f32));
    case WEFT_CVALUE_F64:
        return (a->of.f64 != a->of.f64 && b->of.f64 != b->of.f64) || a->of.u == b->of.u;
    case WEFT_CVALUE_STRING:
        return bytes_same((Bytes){(const u8 *)a->of.string.data, a->of.string.len},
                          (Bytes){(const u8 *)b->of.string.data, b->of.string.len});
    case WEFT_CVALUE_RECORD: case WEFT_CVALUE_TUPLE: case WEFT_CVALUE_LIST:
    case WEFT_CVALUE_FIXED_LIST: case WEFT_CVALUE_MAP:
        return same_items(a, b);
    case WEFT_CVALUE_FLAGS: return a->of.flags == b->of.flags;
    case WEFT_CVALUE_VARIANT: case WEFT_CVALUE_ENUM: case WEFT_CVALUE_OPTION:
    case WEFT_CVALUE_RESULT:
        return a->index == b->index && !a->of.payload == !b->of.payload &&
               (!a->of.payload || same_value(a->of.payload, b->of.payload));
    default: return a->of.u == b->of.u;
    }
}
