// plain_flat.c -- see plain.h: values as core values. A list of those is read through iterators, of
// which one within a variant makes of what its cases have in common what one of them has.

#include "component/abi/plain_rules.h"

static u8 ptr_type(Cx *cx) { return cx->abi->wide ? 'l' : 'i'; }

// ---- Flattening

static void flatten_type(Cx *cx, CType t, FlatTypes *out);

static void add(Cx *cx, FlatTypes *out, u8 type)
{
    ARENA_PUSH(cx->abi->arena, out->types, out->count, out->cap) = type;
}

static u8 join(u8 a, u8 b)
{
    if (a == b) return a;
    if ((a == 'i' && b == 'f') || (a == 'f' && b == 'i')) return 'i';
    return 'l';
}

static void flatten_variant(Cx *cx, const Cases *c, FlatTypes *out)
{
    FlatTypes flat = {0};
    for (u32 i = 0; i < c->count; i++) {
        FlatTypes of = {0};
        if (c->cases[i].type != CTYPE_NONE) flatten_type(cx, c->cases[i].type, &of);
        for (u32 j = 0; j < of.count; j++) {
            if (j < flat.count) flat.types[j] = join(flat.types[j], of.types[j]);
            else add(cx, &flat, of.types[j]);
        }
    }
    add(cx, out, 'i');
    for (u32 j = 0; j < flat.count; j++) add(cx, out, flat.types[j]);
}

static void flatten_type(Cx *cx, CType t, FlatTypes *out)
{
    switch (t) {
    case CPRIM_s64: case CPRIM_u64: add(cx, out, 'l'); return;
    case CPRIM_f32: add(cx, out, 'f'); return;
    case CPRIM_f64: add(cx, out, 'd'); return;
    case CPRIM_string:
        add(cx, out, ptr_type(cx));
        add(cx, out, ptr_type(cx));
        return;
    }
    if (t < CPRIM_COUNT) {
        add(cx, out, 'i');
        return;
    }
    const CTypeDef *def = def_of(cx, t);
    Cases c;
    switch (def->form) {
    case CFORM_list: case CFORM_map: flatten_type(cx, CPRIM_string, out); return;
    case CFORM_fixed_list:
        for (u32 i = 0; i < def->count; i++) flatten_type(cx, def->fields[0].type, out);
        return;
    case CFORM_record: case CFORM_tuple:
        for (u32 i = 0; i < def->count; i++) flatten_type(cx, def->fields[i].type, out);
        return;
    case CFORM_variant: case CFORM_enum: case CFORM_option: case CFORM_result:
        plain_despecialize(def, &c);
        flatten_variant(cx, &c, out);
        return;
    default: add(cx, out, 'i');
    }
}

static __attribute__((noinline)) FlatTypes flatten_types(Cx *cx, const CType *ts, u32 count)
{
    FlatTypes flat = {0};
    for (u32 i = 0; i < count; i++) flatten_type(cx, ts[i], &flat);
    return flat;
}

// ---- Flat lifting

typedef struct CoreValueIter {
    const CoreValue *values;
    u32 i;
    struct CoreValueIter *outer; // within a variant: where values come from, as flat_types
    FlatTypes flat_types;
} CoreValueIter;

static u64 next(CoreValueIter *vi, u8 want)
{
    if (!vi->outer) {
        assert(vi->values[vi->i].type == want);
        u64 bits = vi->values[vi->i++].bits;
        return want == 'i' || want == 'f' ? (u32)bits : bits;
    }
    u8 have = vi->flat_types.types[vi->i++];
    u64 x = next(vi->outer, have);
    if (have == want || (have == 'i' && want == 'f') || (have == 'l' && want == 'd')) return x;
    assert(have == 'l' && (want == 'i' || want == 'f'));
    return x % (1ull << 32);
}

static CValue lift_flat(Cx *cx, CoreValueIter *vi, CType t);

static CValue lift_flat_variant(Cx *cx, CoreValueIter *vi, const Cases *c)
{
    FlatTypes flat = {0};
    flatten_variant(cx, c, &flat);
    CoreValueIter coerce = {.outer = vi, .flat_types = {flat.types + 1, flat.count - 1, 0}};
    u32 case_index = (u32)next(vi, 'i');
    trap_if(cx, case_index >= c->count, FAULT_invalid_discriminant);
    CType t = c->cases[case_index].type;
    const CValue *v = t == CTYPE_NONE ? NULL : plain_boxed(cx, lift_flat(cx, &coerce, t));
    while (coerce.i < coerce.flat_types.count) next(vi, coerce.flat_types.types[coerce.i++]);
    return (CValue){.index = case_index, .of.payload = v};
}

static CValue lift_each(Cx *cx, CoreValueIter *vi, const CTypeDef *def)
{
    CValue *items = plain_new_values(cx, def->count);
    for (u32 i = 0; i < def->count; i++)
        items[i] = lift_flat(cx, vi, def->fields[def->form == CFORM_fixed_list ? 0 : i].type);
    return (CValue){.of.list = {items, def->count}};
}

static u8 flat_of(CType prim)
{
    if (prim == CPRIM_f32 || prim == CPRIM_f64) return prim == CPRIM_f32 ? 'f' : 'd';
    return prim == CPRIM_s64 || prim == CPRIM_u64 ? 'l' : 'i';
}

static CValue lift_flat(Cx *cx, CoreValueIter *vi, CType t)
{
    CValue v;
    Cases c;
    u64 ptr;
    if (t == CPRIM_string) {
        ptr = next(vi, ptr_type(cx));
        return plain_load_string_from_range(cx, ptr, next(vi, ptr_type(cx)));
    }
    if (t < CPRIM_COUNT) {
        v = plain_number_from(cx, t, next(vi, flat_of(t)));
        v.kind = (u8)t;
        return v;
    }
    const CTypeDef *def = def_of(cx, t);
    switch (def->form) {
    case CFORM_record: case CFORM_tuple: case CFORM_fixed_list:
        v = lift_each(cx, vi, def);
        break;
    case CFORM_list: case CFORM_map:
        ptr = next(vi, ptr_type(cx));
        v = plain_load_list_from_range(cx, ptr, next(vi, ptr_type(cx)), def);
        break;
    case CFORM_flags:
        v = (CValue){.of.flags = plain_unpack_flags(next(vi, 'i'), def->count)};
        break;
    case CFORM_variant: case CFORM_enum: case CFORM_option: case CFORM_result:
        plain_despecialize(def, &c);
        v = lift_flat_variant(cx, vi, &c);
        break;
    default: v = plain_lift_handle(cx, (u32)next(vi, 'i'), t);
    }
    v.kind = (u8)(CPRIM_COUNT + def->form);
    return v;
}

// ---- Flat lowering

typedef struct { CoreValue *values; u32 count, cap; } CoreValues;

static void give(Cx *cx, CoreValues *out, u8 type, u64 bits)
{
    ARENA_PUSH(cx->abi->arena, out->values, out->count, out->cap) = (CoreValue){type, bits};
}

static void lower_flat(Cx *cx, const CValue *v, CType t, CoreValues *out);

// A float in the place of an integer is its bits, an i32 in that of an i64 has zeros above.
static void lower_flat_variant(Cx *cx, const CValue *v, const Cases *c, CoreValues *out)
{
    FlatTypes flat = {0};
    CoreValues payload = {0};
    flatten_variant(cx, c, &flat);
    CType t = c->cases[v->index].type;
    if (t != CTYPE_NONE) lower_flat(cx, v->of.payload, t, &payload);
    give(cx, out, 'i', v->index);
    for (u32 i = 1; i < flat.count; i++)
        give(cx, out, flat.types[i], i - 1 < payload.count ? payload.values[i - 1].bits : 0);
}

static void give_range(Cx *cx, CoreValues *out, AbiRange r)
{
    give(cx, out, ptr_type(cx), r.ptr);
    give(cx, out, ptr_type(cx), r.units);
}

static void lower_flat(Cx *cx, const CValue *v, CType t, CoreValues *out)
{
    Cases c;
    if (t == CPRIM_string) {
        give_range(cx, out, plain_store_string_into_range(cx, v));
        return;
    }
    if (t < CPRIM_COUNT) {
        give(cx, out, flat_of(t), plain_number_to(cx, v, t));
        return;
    }
    const CTypeDef *def = def_of(cx, t);
    switch (def->form) {
    case CFORM_record: case CFORM_tuple: case CFORM_fixed_list:
        for (u32 i = 0; i < def->count; i++)
            lower_flat(cx, &v->of.list.items[i],
                       def->fields[def->form == CFORM_fixed_list ? 0 : i].type, out);
        return;
    case CFORM_list: case CFORM_map:
        give_range(cx, out, plain_store_list_into_range(cx, v, def));
        return;
    case CFORM_flags: give(cx, out, 'i', v->of.flags); return;
    case CFORM_variant: case CFORM_enum: case CFORM_option: case CFORM_result:
        plain_despecialize(def, &c);
        lower_flat_variant(cx, v, &c, out);
        return;
    default: give(cx, out, 'i', plain_lower_handle(cx, v->of.handle, t));
    }
}

// ---- Lifting and lowering values


// As one tuple in memory: size and alignment, and where each stands.
static u64 tuple_size(Cx *cx, const CType *ts, u32 count, u32 *alignment, u64 *offsets)
{
    u64 s = 0;
    *alignment = 1;
    for (u32 i = 0; i < count; i++) {
        u32 a = plain_alignment(cx, ts[i]);
        *alignment = MAX(*alignment, a);
        offsets[i] = align_to(s, a);
        s = offsets[i] + plain_elem_size(cx, ts[i]);
    }
    return align_to(s, *alignment);
}

static void lift_flat_values(Cx *cx, u32 max_flat, const CoreValue *values, const CType *ts,
                             u32 count, CValue *out)
{
    CoreValueIter vi = {.values = values};
    if (flatten_types(cx, ts, count).count <= max_flat) {
        for (u32 i = 0; i < count; i++) out[i] = lift_flat(cx, &vi, ts[i]);
        return;
    }
    u32 alignment;
    u64 *offsets = NEW_ARRAY(cx->abi->arena, u64, count);
    u64 size = tuple_size(cx, ts, count, &alignment, offsets), ptr = next(&vi, ptr_type(cx));
    trap_if(cx, !aligned(ptr, alignment), FAULT_unaligned_pointer);
    trap_if(cx, !plain_in_memory(cx, ptr, size), FAULT_pointer_out_of_bounds);
    for (u32 i = 0; i < count; i++) out[i] = plain_load(cx, ptr + offsets[i], ts[i]);
}

static void lower_flat_values(Cx *cx, u32 max_flat, const CValue *vs, const CType *ts, u32 count,
                              const CoreValue *out_param, CoreValues *flat)
{
    if (flatten_types(cx, ts, count).count <= max_flat) {
        for (u32 i = 0; i < count; i++) lower_flat(cx, &vs[i], ts[i], flat);
        return;
    }
    u32 alignment;
    u64 *offsets = NEW_ARRAY(cx->abi->arena, u64, count), ptr;
    u64 size = tuple_size(cx, ts, count, &alignment, offsets);
    if (out_param) {
        CoreValueIter vi = {.values = out_param};
        ptr = next(&vi, ptr_type(cx));
    } else {
        ptr = plain_allocate(cx, alignment, size);
        give(cx, flat, ptr_type(cx), ptr);
    }
    trap_if(cx, !aligned(ptr, alignment), FAULT_unaligned_pointer);
    trap_if(cx, !plain_in_memory(cx, ptr, size), FAULT_pointer_out_of_bounds);
    for (u32 i = 0; i < count; i++) plain_store(cx, &vs[i], ts[i], ptr + offsets[i]);
}

// ---- Entry points: a trap, and an arena that is full, come back here.

#define ENTER(abi)                                                                                 \
    Cx cx = {.abi = (abi)};                                                                        \
    jmp_buf full, *before = (abi)->arena->on_failure;                                              \
    (abi)->fault = FAULT_none;                                                                     \
    (abi)->arena->on_failure = &full;                                                              \
    if (setjmp(full)) abi_fail((abi), FAULT_out_of_memory);                                        \
    else if (!setjmp(cx.trap))
#define LEAVE(abi)                                                                                 \
    (abi)->arena->on_failure = before;                                                             \
    return (abi)->fault == FAULT_none;

bool plain_flatten_types(Abi *abi, const CType *ts, u32 count, FlatTypes *out)
{
    ENTER(abi) *out = flatten_types(&cx, ts, count);
    LEAVE(abi)
}

bool plain_measure(Abi *abi, CType t, u64 *elem_size, u32 *alignment)
{
    ENTER(abi)
    {
        *elem_size = plain_elem_size(&cx, t);
        *alignment = plain_alignment(&cx, t);
    }
    LEAVE(abi)
}

bool plain_lift_flat_values(Abi *abi, u32 max_flat, const CoreValue *vi, const CType *ts, u32 count,
                            CValue *values)
{
    ENTER(abi) lift_flat_values(&cx, max_flat, vi, ts, count, values);
    LEAVE(abi)
}

bool plain_lower_flat_values(Abi *abi, u32 max_flat, const CValue *values, const CType *ts,
                             u32 count, const CoreValue *out_param, CoreValue *flat,
                             u32 *flat_count)
{
    *flat_count = 0;
    ENTER(abi)
    {
        CoreValues out = {0};
        lower_flat_values(&cx, max_flat, values, ts, count, out_param, &out);
        if (out.count) memcpy(flat, out.values, out.count * sizeof *flat);
        *flat_count = out.count;
    }
    LEAVE(abi)
}
