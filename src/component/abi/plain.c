// plain.c -- see plain.h. One function for each of the specification's, in its order; a trap leaves
// to the entry point. Strings are taken apart into scalar values and put together again.

#include "component/abi/plain_rules.h"

#include "base/utf8.h"

static u64 memory_len(Cx *cx) { return cx->abi->memory->size; }
static u32 ptr_size(Cx *cx) { return abi_pointer_size(cx->abi); }
static u64 utf16_tag(Cx *cx) { return abi_utf16_tag(cx->abi); }
bool plain_in_memory(Cx *cx, u64 ptr, u64 size)
{
    return ptr <= memory_len(cx) && size <= memory_len(cx) - ptr;
}

static u64 reallocate(Cx *cx, u64 old, u64 old_byte_length, u32 alignment, u64 new_byte_length)
{
    u64 ptr;
    Abi *abi = cx->abi;
    trap_if(cx, !abi->realloc(abi->env, old, old_byte_length, alignment, new_byte_length, &ptr),
            FAULT_trapped);
    ptr = abi->wide ? ptr : ptr & 0xffffffff;
    trap_if(cx, !aligned(ptr, alignment), FAULT_realloc_unaligned);
    trap_if(cx, !plain_in_memory(cx, ptr, new_byte_length), FAULT_realloc_out_of_bounds);
    return ptr;
}
u64 plain_allocate(Cx *cx, u32 alignment, u64 byte_length)
{
    return reallocate(cx, 0, 0, alignment, byte_length);
}

// ---- Despecialization. Tuples are records, maps lists of tuples, and these variants:

void plain_despecialize(const CTypeDef *def, Cases *c)
{
    c->cases = def->fields;
    c->count = def->count;
    if (def->form != CFORM_option) return;
    c->two[0].type = CTYPE_NONE;
    c->two[1] = def->fields[0];
    c->cases = c->two;
    c->count = 2;
}

// ---- Alignment

static u32 discriminant_size(u32 cases) { return cases <= 1 << 8 ? 1 : cases <= 1 << 16 ? 2 : 4; }

static u32 max_alignment(Cx *cx, const CField *fields, u32 count)
{
    u32 a = 1;
    for (u32 i = 0; i < count; i++)
        if (fields[i].type != CTYPE_NONE) a = MAX(a, plain_alignment(cx, fields[i].type));
    return a;
}

static u32 flags_size(u32 labels) { return labels <= 8 ? 1 : labels <= 16 ? 2 : 4; }

static u32 prim_size(CType t)
{
    switch (t) {
    case CPRIM_bool: case CPRIM_s8: case CPRIM_u8: return 1;
    case CPRIM_s16: case CPRIM_u16: return 2;
    case CPRIM_s64: case CPRIM_u64: case CPRIM_f64: return 8;
    default: return 4;
    }
}

u32 plain_alignment(Cx *cx, CType t)
{
    if (t < CPRIM_COUNT) return t == CPRIM_string ? ptr_size(cx) : prim_size(t);
    const CTypeDef *def = def_of(cx, t);
    Cases c;
    switch (def->form) {
    case CFORM_list: case CFORM_map: return ptr_size(cx);
    case CFORM_fixed_list: return plain_alignment(cx, def->fields[0].type);
    case CFORM_record: case CFORM_tuple: return max_alignment(cx, def->fields, def->count);
    case CFORM_flags: return flags_size(def->count);
    case CFORM_variant: case CFORM_enum: case CFORM_option: case CFORM_result: {
        plain_despecialize(def, &c);
        u32 most = max_alignment(cx, c.cases, c.count);
        return MAX(most, discriminant_size(c.count));
    }
    default: return 4;
    }
}

// ---- Element size

static u64 elem_size_record(Cx *cx, const CField *fields, u32 count)
{
    u64 s = 0;
    for (u32 i = 0; i < count; i++)
        s = align_to(s, plain_alignment(cx, fields[i].type)) + plain_elem_size(cx, fields[i].type);
    return align_to(s, max_alignment(cx, fields, count));
}

static u64 elem_size_variant(Cx *cx, const Cases *c)
{
    u64 s = align_to(discriminant_size(c->count), max_alignment(cx, c->cases, c->count)), cs = 0;
    for (u32 i = 0; i < c->count; i++) {
        u64 of = c->cases[i].type == CTYPE_NONE ? 0 : plain_elem_size(cx, c->cases[i].type);
        cs = MAX(cs, of);
    }
    u32 most = max_alignment(cx, c->cases, c->count);
    return align_to(s + cs, MAX(most, discriminant_size(c->count)));
}

u64 plain_elem_size(Cx *cx, CType t)
{
    if (t < CPRIM_COUNT) return t == CPRIM_string ? 2 * ptr_size(cx) : prim_size(t);
    const CTypeDef *def = def_of(cx, t);
    Cases c;
    switch (def->form) {
    case CFORM_list: case CFORM_map: return 2 * ptr_size(cx);
    case CFORM_fixed_list: return def->count * plain_elem_size(cx, def->fields[0].type);
    case CFORM_record: case CFORM_tuple: return elem_size_record(cx, def->fields, def->count);
    case CFORM_flags: return flags_size(def->count);
    case CFORM_variant: case CFORM_enum: case CFORM_option: case CFORM_result:
        plain_despecialize(def, &c);
        return elem_size_variant(cx, &c);
    default: return 4;
    }
}

// ---- Loading

static u64 load_int(Cx *cx, u64 ptr, u32 nbytes)
{
    u64 value = 0;
    assert(plain_in_memory(cx, ptr, nbytes));
    for (u32 i = nbytes; i > 0; i--) value = value << 8 | cx->abi->memory->base[ptr + i - 1];
    return value;
}

static u64 sign_extend(u64 value, u32 bits)
{
    return value >> (bits - 1) & 1 && bits < 64 ? value | ~0ull << bits : value;
}

static f32 canonicalize_nan32(u32 bits)
{
    f32 f;
    if ((bits & 0x7fffffff) > 0x7f800000) bits = 0x7fc00000;
    memcpy(&f, &bits, sizeof f);
    return f;
}
static f64 canonicalize_nan64(u64 bits)
{
    f64 f;
    if ((bits & ~(1ull << 63)) > 0x7ffull << 52) bits = 0x7ff8ull << 48;
    memcpy(&f, &bits, sizeof f);
    return f;
}

static u32 convert_i32_to_char(Cx *cx, u32 i)
{
    trap_if(cx, i >= 0x110000, FAULT_invalid_char);
    trap_if(cx, i >= 0xd800 && i <= 0xdfff, FAULT_invalid_char);
    return i;
}

// The scalar value at `at` of so many bytes, and past it.
static u32 decode_at(Cx *cx, StringSource from, const u8 *s, u64 len, u64 *at)
{
    u32 scalar = 0;
    if (from == SOURCE_latin1) return s[(*at)++];
    if (from == SOURCE_utf8) {
        u32 n = utf8_decode(s + *at, (size_t)(len - *at), &scalar);
        trap_if(cx, !n, FAULT_invalid_utf8);
        *at += n;
        return scalar;
    }
    scalar = (u32)(s[*at] | s[*at + 1] << 8);
    *at += 2;
    if (scalar < 0xd800 || scalar > 0xdfff) return scalar;
    trap_if(cx, scalar > 0xdbff || *at == len, FAULT_invalid_utf16);
    u32 low = (u32)(s[*at] | s[*at + 1] << 8);
    *at += 2;
    trap_if(cx, low < 0xdc00 || low > 0xdfff, FAULT_invalid_utf16);
    return 0x10000 + ((scalar - 0xd800) << 10) + (low - 0xdc00);
}

static CValue decode(Cx *cx, const u8 *bytes, u64 byte_length, StringSource from)
{
    Buf out;
    buf_init(&out, cx->abi->arena);
    for (u64 at = 0; at < byte_length;) {
        u8 utf8[4];
        buf_bytes(&out, utf8, utf8_encode(decode_at(cx, from, bytes, byte_length, &at), utf8));
    }
    return (CValue){.kind = WEFT_CVALUE_STRING, .index = from,
                    .of.string = {(const char *)out.data, out.len}};
}

CValue plain_load_string_from_range(Cx *cx, u64 ptr, u64 tagged_code_units)
{
    StringSource from = SOURCE_utf8;
    u32 align = cx->abi->encoding == COPTION_utf8 ? 1 : 2;
    u64 byte_length = tagged_code_units;
    if (cx->abi->encoding == COPTION_utf16) {
        from = SOURCE_utf16;
    } else if (cx->abi->encoding == COPTION_latin1_utf16) {
        bool tagged = tagged_code_units & utf16_tag(cx);
        from = tagged ? SOURCE_tagged_utf16 : SOURCE_latin1;
        if (tagged) byte_length ^= utf16_tag(cx);
    }
    trap_if(cx, byte_length > ABI_MOST_BYTES, FAULT_string_too_long); // so what follows fits
    if (from == SOURCE_utf16 || from == SOURCE_tagged_utf16) byte_length *= 2;
    trap_if(cx, byte_length > ABI_MOST_BYTES, FAULT_string_too_long);
    trap_if(cx, !aligned(ptr, align), FAULT_unaligned_pointer);
    trap_if(cx, !plain_in_memory(cx, ptr, byte_length), FAULT_string_out_of_bounds);
    return decode(cx, cx->abi->memory->base + ptr, byte_length, from);
}

static CValue load_string(Cx *cx, u64 ptr)
{
    u64 begin = load_int(cx, ptr, ptr_size(cx));
    return plain_load_string_from_range(cx, begin, load_int(cx, ptr + ptr_size(cx), ptr_size(cx)));
}

CValue *plain_new_values(Cx *cx, u64 count)
{
    return arena_alloc_array(cx->abi->arena, (size_t)count, sizeof(CValue));
}

// Elements of a map are tuples of its two.
static u64 entry_size(Cx *cx, const CTypeDef *def, u32 *align)
{
    u32 parts = def->form == CFORM_map ? 2 : 1;
    *align = max_alignment(cx, def->fields, parts);
    return elem_size_record(cx, def->fields, parts);
}

static CValue load_record(Cx *cx, u64 ptr, const CField *fields, u32 count)
{
    CValue *items = plain_new_values(cx, count);
    for (u32 i = 0; i < count; i++) {
        ptr = align_to(ptr, plain_alignment(cx, fields[i].type));
        items[i] = plain_load(cx, ptr, fields[i].type);
        ptr += plain_elem_size(cx, fields[i].type);
    }
    return (CValue){.kind = WEFT_CVALUE_TUPLE, .of.list = {items, count}};
}

static CValue load_list_from_valid_range(Cx *cx, u64 ptr, u64 length, const CTypeDef *def)
{
    u32 align;
    u64 size = entry_size(cx, def, &align);
    CValue *items = plain_new_values(cx, length);
    for (u64 i = 0; i < length; i++)
        items[i] = def->form == CFORM_map ? load_record(cx, ptr + i * size, def->fields, 2)
                                          : plain_load(cx, ptr + i * size, def->fields[0].type);
    return (CValue){.kind = (u8)(CPRIM_COUNT + def->form), .of.list = {items, (size_t)length}};
}

CValue plain_load_list_from_range(Cx *cx, u64 ptr, u64 length, const CTypeDef *def)
{
    u32 align;
    u64 size = entry_size(cx, def, &align);
    trap_if(cx, length > ABI_MOST_BYTES, FAULT_list_too_long); // so the product fits
    u64 bytes = size * length;
    trap_if(cx, bytes > ABI_MOST_BYTES, FAULT_list_too_long);
    trap_if(cx, !aligned(ptr, align), FAULT_unaligned_pointer);
    trap_if(cx, !plain_in_memory(cx, ptr, bytes), FAULT_list_out_of_bounds);
    return load_list_from_valid_range(cx, ptr, length, def);
}

static CValue load_list(Cx *cx, u64 ptr, const CTypeDef *def)
{
    if (def->form == CFORM_fixed_list)
        return load_list_from_valid_range(cx, ptr, def->count, def);
    u64 begin = load_int(cx, ptr, ptr_size(cx));
    u64 length = load_int(cx, ptr + ptr_size(cx), ptr_size(cx));
    return plain_load_list_from_range(cx, begin, length, def);
}

CValue *plain_boxed(Cx *cx, CValue v)
{
    return arena_copy(cx->abi->arena, &v, sizeof v);
}

static CValue load_variant(Cx *cx, u64 ptr, const Cases *c)
{
    u32 disc_size = discriminant_size(c->count);
    u64 case_index = load_int(cx, ptr, disc_size);
    ptr = align_to(ptr + disc_size, max_alignment(cx, c->cases, c->count));
    trap_if(cx, case_index >= c->count, FAULT_invalid_discriminant);
    CType t = c->cases[case_index].type;
    const CValue *payload = t == CTYPE_NONE ? NULL : plain_boxed(cx, plain_load(cx, ptr, t));
    return (CValue){.kind = WEFT_CVALUE_VARIANT, .index = (u32)case_index, .of.payload = payload};
}

u32 plain_unpack_flags(u64 i, u32 labels)
{
    u32 record = 0;
    for (u32 l = 0; l < labels; l++) record |= (u32)(i >> l & 1) << l;
    return record;
}

CValue plain_lift_handle(Cx *cx, u32 i, CType t)
{
    u64 handle = 0;
    AbiFault fault = FAULT_handle;
    trap_if(cx, !cx->abi->lift_handle(cx->abi->env, t, i, &handle, &fault), fault);
    return (CValue){.of.handle = handle};
}

// Of a number in its core value, or in as many bytes as it has in memory.
CValue plain_number_from(Cx *cx, CType t, u64 bits)
{
    CValue v = {.kind = (u8)t};
    switch (t) {
    case CPRIM_bool: v.of.boolean = bits != 0; break;
    case CPRIM_u8: v.of.u = bits % (1 << 8); break;
    case CPRIM_u16: v.of.u = bits % (1 << 16); break;
    case CPRIM_u32: v.of.u = bits % (1ull << 32); break;
    case CPRIM_s8: v.of.u = sign_extend(bits % (1 << 8), 8); break;
    case CPRIM_s16: v.of.u = sign_extend(bits % (1 << 16), 16); break;
    case CPRIM_s32: v.of.u = sign_extend(bits % (1ull << 32), 32); break;
    case CPRIM_f32: v.of.f32 = canonicalize_nan32((u32)bits); break;
    case CPRIM_f64: v.of.f64 = canonicalize_nan64(bits); break;
    case CPRIM_char: v.of.scalar = convert_i32_to_char(cx, (u32)bits); break;
    case CPRIM_error_context: v = plain_lift_handle(cx, (u32)bits, t); break;
    default: v.of.u = bits;
    }
    return v;
}

CValue plain_load(Cx *cx, u64 ptr, CType t)
{
    assert(aligned(ptr, plain_alignment(cx, t)));
    assert(plain_in_memory(cx, ptr, plain_elem_size(cx, t)));
    CValue v;
    Cases c;
    if (t == CPRIM_string) return load_string(cx, ptr);
    if (t < CPRIM_COUNT) {
        v = plain_number_from(cx, t, load_int(cx, ptr, prim_size(t)));
        v.kind = (u8)t;
        return v;
    }
    const CTypeDef *def = def_of(cx, t);
    switch (def->form) {
    case CFORM_record: case CFORM_tuple: v = load_record(cx, ptr, def->fields, def->count); break;
    case CFORM_list: case CFORM_fixed_list: case CFORM_map: v = load_list(cx, ptr, def); break;
    case CFORM_flags:
        v = (CValue){0};
        v.of.flags = plain_unpack_flags(load_int(cx, ptr, flags_size(def->count)), def->count);
        break;
    case CFORM_variant: case CFORM_enum: case CFORM_option: case CFORM_result:
        plain_despecialize(def, &c);
        v = load_variant(cx, ptr, &c);
        break;
    default: v = plain_lift_handle(cx, (u32)load_int(cx, ptr, 4), t);
    }
    v.kind = (u8)(CPRIM_COUNT + def->form);
    return v;
}

// ---- Storing

static void store_int(Cx *cx, u64 v, u64 ptr, u32 nbytes)
{
    assert(plain_in_memory(cx, ptr, nbytes));
    for (u32 i = 0; i < nbytes; i++) cx->abi->memory->base[ptr + i] = (u8)(v >> 8 * i);
}

static u32 encode_float_as_i32(f32 f)
{
    u32 bits;
    memcpy(&bits, &f, sizeof bits);
    f = canonicalize_nan32(bits);
    memcpy(&bits, &f, sizeof bits);
    return bits;
}
static u64 encode_float_as_i64(f64 f)
{
    u64 bits;
    memcpy(&bits, &f, sizeof bits);
    f = canonicalize_nan64(bits);
    memcpy(&bits, &f, sizeof bits);
    return bits;
}

// A string as it is lowered: its scalar values, and how many code units it had where it came from.
typedef struct { u32 *scalars; u64 count, code_units; StringSource from; } String;

static String string_of(Cx *cx, const CValue *v)
{
    size_t len = v->of.string.len;
    String s = {arena_alloc_array(cx->abi->arena, len, sizeof(u32)), 0, 0, (StringSource)v->index};
    for (u64 at = 0; at < len;)
        s.scalars[s.count++] = decode_at(cx, SOURCE_utf8, (const u8 *)v->of.string.data, len, &at);
    s.code_units = s.from == SOURCE_utf8 ? len : s.count;
    for (u64 i = 0; i < s.count; i++)
        if (s.scalars[i] > 0xffff && s.from != SOURCE_utf8) s.code_units++;
    return s;
}

static Bytes encode_utf8(Cx *cx, const String *s)
{
    Buf out;
    buf_init(&out, cx->abi->arena);
    for (u64 i = 0; i < s->count; i++) {
        u8 utf8[4];
        buf_bytes(&out, utf8, utf8_encode(s->scalars[i], utf8));
    }
    return buf_view(&out);
}
static Bytes encode_utf16(Cx *cx, const String *s)
{
    Buf out;
    buf_init(&out, cx->abi->arena);
    for (u64 i = 0; i < s->count; i++) {
        u32 c = s->scalars[i], units[2] = {c, 0}, n = 1;
        if (c > 0xffff) {
            units[0] = 0xd800 + ((c - 0x10000) >> 10);
            units[1] = 0xdc00 + ((c - 0x10000) & 0x3ff);
            n = 2;
        }
        for (u32 u = 0; u < n; u++) {
            buf_byte(&out, (u8)units[u]);
            buf_byte(&out, (u8)(units[u] >> 8));
        }
    }
    return buf_view(&out);
}
static Bytes encode_latin1(Cx *cx, const String *s)
{
    u8 *out = arena_alloc(cx->abi->arena, (size_t)s->count);
    for (u64 i = 0; i < s->count; i++) out[i] = (u8)s->scalars[i];
    return (Bytes){out, (size_t)s->count};
}

// memory[ptr+from : ptr+len(encoded)] = encoded[from : ]
static void put(Cx *cx, u64 ptr, Bytes encoded, u64 from)
{
    assert(plain_in_memory(cx, ptr, encoded.len));
    for (u64 i = from; i < encoded.len; i++) cx->abi->memory->base[ptr + i] = encoded.data[i];
}

static AbiRange store_string_copy(Cx *cx, const String *s, u32 dst_code_unit_size,
                                  u32 dst_alignment, Bytes encoded)
{
    u64 ptr = plain_allocate(cx, dst_alignment, dst_code_unit_size * s->code_units);
    assert(encoded.len == dst_code_unit_size * s->code_units);
    put(cx, ptr, encoded, 0);
    return (AbiRange){ptr, s->code_units};
}

static AbiRange store_string_to_utf8(Cx *cx, const String *s, u64 worst_case_size)
{
    u64 ptr = plain_allocate(cx, 1, s->code_units);
    for (u64 i = 0; i < s->count; i++) {
        if (s->scalars[i] < 0x80) {
            store_int(cx, s->scalars[i], ptr + i, 1);
            continue;
        }
        ptr = reallocate(cx, ptr, s->code_units, 1, worst_case_size);
        Bytes encoded = encode_utf8(cx, s);
        put(cx, ptr, encoded, i);
        if (worst_case_size > encoded.len)
            ptr = reallocate(cx, ptr, worst_case_size, 1, encoded.len);
        return (AbiRange){ptr, encoded.len};
    }
    return (AbiRange){ptr, s->code_units};
}

static AbiRange store_utf8_to_utf16(Cx *cx, const String *s)
{
    u64 worst_case_size = 2 * s->code_units, ptr = plain_allocate(cx, 2, worst_case_size);
    Bytes encoded = encode_utf16(cx, s);
    put(cx, ptr, encoded, 0);
    if (encoded.len < worst_case_size) ptr = reallocate(cx, ptr, worst_case_size, 2, encoded.len);
    return (AbiRange){ptr, encoded.len / 2};
}

static AbiRange store_string_to_latin1_or_utf16(Cx *cx, const String *s)
{
    u64 ptr = plain_allocate(cx, 2, s->code_units), dst_byte_length = 0;
    for (u64 i = 0; i < s->count; i++) {
        if (s->scalars[i] < 0x100) {
            store_int(cx, s->scalars[i], ptr + dst_byte_length++, 1);
            continue;
        }
        u64 worst_case_size = 2 * s->code_units;
        ptr = reallocate(cx, ptr, s->code_units, 2, worst_case_size);
        for (u64 j = dst_byte_length; j-- > 0;) {
            store_int(cx, load_int(cx, ptr + j, 1), ptr + 2 * j, 1);
            store_int(cx, 0, ptr + 2 * j + 1, 1);
        }
        Bytes encoded = encode_utf16(cx, s);
        put(cx, ptr, encoded, 2 * dst_byte_length);
        if (worst_case_size > encoded.len)
            ptr = reallocate(cx, ptr, worst_case_size, 2, encoded.len);
        return (AbiRange){ptr, encoded.len / 2 | utf16_tag(cx)};
    }
    if (dst_byte_length < s->code_units)
        ptr = reallocate(cx, ptr, s->code_units, 2, dst_byte_length);
    return (AbiRange){ptr, dst_byte_length};
}

static AbiRange store_probably_utf16_to_latin1_or_utf16(Cx *cx, const String *s)
{
    u64 src_byte_length = 2 * s->code_units, ptr = plain_allocate(cx, 2, src_byte_length);
    Bytes encoded = encode_utf16(cx, s);
    put(cx, ptr, encoded, 0);
    for (u64 i = 0; i < s->count; i++)
        if (s->scalars[i] >= 0x100) return (AbiRange){ptr, encoded.len / 2 | utf16_tag(cx)};
    u64 latin1_size = encoded.len / 2;
    for (u64 i = 0; i < latin1_size; i++)
        store_int(cx, load_int(cx, ptr + 2 * i, 1), ptr + i, 1);
    ptr = reallocate(cx, ptr, src_byte_length, 1, latin1_size);
    return (AbiRange){ptr, latin1_size};
}

AbiRange plain_store_string_into_range(Cx *cx, const CValue *v)
{
    String s = string_of(cx, v);
    switch (cx->abi->encoding) {
    case COPTION_utf8:
        if (s.from == SOURCE_utf8) return store_string_copy(cx, &s, 1, 1, encode_utf8(cx, &s));
        return store_string_to_utf8(cx, &s, s.code_units * (s.from == SOURCE_latin1 ? 2 : 3));
    case COPTION_utf16:
        if (s.from == SOURCE_utf8) return store_utf8_to_utf16(cx, &s);
        return store_string_copy(cx, &s, 2, 2, encode_utf16(cx, &s));
    default:
        if (s.from == SOURCE_latin1)
            return store_string_copy(cx, &s, 1, 2, encode_latin1(cx, &s));
        return s.from == SOURCE_tagged_utf16 ? store_probably_utf16_to_latin1_or_utf16(cx, &s)
                                             : store_string_to_latin1_or_utf16(cx, &s);
    }
}

static void store_range(Cx *cx, AbiRange r, u64 ptr)
{
    store_int(cx, r.ptr, ptr, ptr_size(cx));
    store_int(cx, r.units, ptr + ptr_size(cx), ptr_size(cx));
}

static void store_record(Cx *cx, const CValue *v, u64 ptr, const CField *fields, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        ptr = align_to(ptr, plain_alignment(cx, fields[i].type));
        plain_store(cx, &v->of.list.items[i], fields[i].type, ptr);
        ptr += plain_elem_size(cx, fields[i].type);
    }
}

static void store_list_into_valid_range(Cx *cx, const CValue *v, u64 ptr, const CTypeDef *def)
{
    u32 align;
    u64 size = entry_size(cx, def, &align);
    for (u64 i = 0; i < v->of.list.count; i++) {
        const CValue *item = &v->of.list.items[i];
        if (def->form == CFORM_map) store_record(cx, item, ptr + i * size, def->fields, 2);
        else plain_store(cx, item, def->fields[0].type, ptr + i * size);
    }
}

AbiRange plain_store_list_into_range(Cx *cx, const CValue *v, const CTypeDef *def)
{
    u32 align;
    u64 byte_length = v->of.list.count * entry_size(cx, def, &align);
    u64 ptr = plain_allocate(cx, align, byte_length);
    store_list_into_valid_range(cx, v, ptr, def);
    return (AbiRange){ptr, v->of.list.count};
}

static void store_variant(Cx *cx, const CValue *v, u64 ptr, const Cases *c)
{
    u32 disc_size = discriminant_size(c->count);
    store_int(cx, v->index, ptr, disc_size);
    ptr = align_to(ptr + disc_size, max_alignment(cx, c->cases, c->count));
    if (c->cases[v->index].type != CTYPE_NONE)
        plain_store(cx, v->of.payload, c->cases[v->index].type, ptr);
}

u32 plain_lower_handle(Cx *cx, u64 handle, CType t)
{
    u32 index = 0;
    AbiFault fault = FAULT_handle;
    trap_if(cx, !cx->abi->lower_handle(cx->abi->env, t, handle, &index, &fault), fault);
    return index;
}

u64 plain_number_to(Cx *cx, const CValue *v, CType t)
{
    switch (t) {
    case CPRIM_bool: return v->of.boolean;
    case CPRIM_s8: case CPRIM_s16: case CPRIM_s32: return (u32)v->of.s;
    case CPRIM_f32: return encode_float_as_i32(v->of.f32);
    case CPRIM_f64: return encode_float_as_i64(v->of.f64);
    case CPRIM_char: return v->of.scalar;
    case CPRIM_error_context: return plain_lower_handle(cx, v->of.handle, t);
    default: return v->of.u;
    }
}

void plain_store(Cx *cx, const CValue *v, CType t, u64 ptr)
{
    assert(aligned(ptr, plain_alignment(cx, t)));
    assert(plain_in_memory(cx, ptr, plain_elem_size(cx, t)));
    Cases c;
    if (t == CPRIM_string) {
        store_range(cx, plain_store_string_into_range(cx, v), ptr);
        return;
    }
    if (t < CPRIM_COUNT) {
        store_int(cx, plain_number_to(cx, v, t), ptr, prim_size(t));
        return;
    }
    const CTypeDef *def = def_of(cx, t);
    switch (def->form) {
    case CFORM_record: case CFORM_tuple: store_record(cx, v, ptr, def->fields, def->count); break;
    case CFORM_list: case CFORM_map:
        store_range(cx, plain_store_list_into_range(cx, v, def), ptr);
        break;
    case CFORM_fixed_list: store_list_into_valid_range(cx, v, ptr, def); break;
    case CFORM_flags: store_int(cx, v->of.flags, ptr, flags_size(def->count)); break;
    case CFORM_variant: case CFORM_enum: case CFORM_option: case CFORM_result:
        plain_despecialize(def, &c);
        store_variant(cx, v, ptr, &c);
        break;
    default: store_int(cx, plain_lower_handle(cx, v->of.handle, t), ptr, 4);
    }
}
