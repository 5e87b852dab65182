// objects.c -- structures, with descriptors too, arrays and i31: types of them, values, and what is
// done with them. See gen.h.
//
// Their types are the module's first, in one recursion group, so that they may name each other. A
// field is a number, may be null, or is an i31: so one of each type can always be made.

#include "gen.h"

static bool is_kind(const Gen *g, u32 type, u8 kind) { return g->types[type].kind == kind; }

// ---- types

static Ty field_type(Gen *g, u32 count)
{
    static const Ty some[] = {TY_anyref, TY_eqref, TY_i31ref, TY_i31, TY_structref, TY_arrayref,
                              TY_funcref, TY_externref};
    if (odds(g, 1, 2)) return any_number(g);
    return odds(g, 1, 2) ? some[pick(g, COUNT_OF(some))] : ty_to(pick(g, count), true);
}

static void add_field(Gen *g, FuncTy *t, u32 count)
{
    u32 bit = 1u << t->params.count;
    Ty ty = field_type(g, count);
    if (ty == VAL_i32 && odds(g, 1, 2)) *(odds(g, 1, 2) ? &t->bytes : &t->halves) |= bit;
    if (odds(g, 3, 4)) t->mutable |= bit;
    tys_add(&t->params, ty);
}

static u8 draw_super(Gen *g, u8 kind)
{
    u32 i = pick(g, g->type_count + 1);
    if (!g->type_count || i >= g->type_count || g->types[i].describes) return 0;
    return is_kind(g, i, kind) ? (u8)(i + 1) : 0;
}

static void below(Gen *g, FuncTy *t)
{
    if (!t->super) return;
    const FuncTy *super = &g->types[t->super - 1];
    t->params = super->params, t->mutable = super->mutable;
    t->bytes = super->bytes, t->halves = super->halves;
}

static void add_fields(Gen *g, FuncTy *t, u32 count)
{
    for (u32 n = pick(g, odds(g, 1, 8) ? 16 : 4); n && t->params.count < 20; n--)
        add_field(g, t, count);
}

// Types behind each other, of which each describes the one in front of it. As many as those above
// have, at least.
static void draw_descriptors(Gen *g, u32 count)
{
    u32 most = row_runs[OP_struct_new_desc] ? 3 : 0;
    for (u32 i = g->type_count - 1; most; i = g->type_count - 1, most--) {
        u8 super = g->types[i].super;
        FuncTy t = {.kind = TYPE_struct, .describes = (u8)(i + 1)};
        if (super) t.super = g->types[super - 1].descriptor;
        if (!t.super && odds(g, 1, 2)) return;
        below(g, &t);
        add_fields(g, &t, count);
        g->types[i].descriptor = (u8)(g->type_count + 1);
        g->types[g->type_count++] = t;
    }
}

void draw_objects(Gen *g)
{
    bool gc = has(g, FEATURE_gc) && has(g, FEATURE_function_references) && row_runs[OP_struct_new];
    if (!gc || !(g->flavour & FLAVOUR_refs) || odds(g, 1, 3)) return;
    u32 count = 2 + pick(g, 6);
    while (g->type_count < count) {
        FuncTy t = {.kind = odds(g, 2, 3) ? TYPE_struct : TYPE_array};
        t.super = draw_super(g, t.kind);
        below(g, &t);
        if (t.kind == TYPE_array && !t.super) add_field(g, &t, count);
        if (t.kind == TYPE_struct) add_fields(g, &t, count);
        g->types[g->type_count++] = t;
        if (t.kind == TYPE_struct) draw_descriptors(g, count);
    }
    g->object_count = g->type_count;
}

void put_objects(Gen *g, Buf *s)
{
    buf_byte(s, 0x4e);
    buf_leb_u(s, g->object_count);
    for (u32 i = 0; i < g->object_count; i++) {
        const FuncTy *t = &g->types[i];
        buf_byte(s, 0x50), buf_byte(s, t->super != 0);
        if (t->super) buf_leb_u(s, t->super - 1u);
        if (t->describes) buf_byte(s, 0x4c), buf_leb_u(s, t->describes - 1u);
        if (t->descriptor) buf_byte(s, 0x4d), buf_leb_u(s, t->descriptor - 1u);
        buf_byte(s, t->kind == TYPE_struct ? 0x5f : 0x5e);
        if (t->kind == TYPE_struct) buf_leb_u(s, t->params.count);
        for (u32 k = 0; k < t->params.count; k++) {
            if (t->bytes >> k & 1) buf_byte(s, 0x78);
            else if (t->halves >> k & 1) buf_byte(s, 0x77);
            else emit_type(g, s, t->params.at[k]);
            buf_byte(s, t->mutable >> k & 1);
        }
    }
}

bool ty_is_data(const Gen *g, Ty ty)
{
    if (ty >= TY_FIRST_REF) return ty_type(ty) < g->object_count;
    return ty >= TY_anyref;
}

// One whose objects are of type `ty`, which is not looked at for null. UINT32_MAX: none.
static u32 type_for(Gen *g, Ty ty)
{
    u32 first = pick(g, g->object_count);
    for (u32 n = 0; n < g->object_count; n++) {
        u32 i = (first + n) % g->object_count;
        if (ty_matches(g, ty_to(i, false), ty | 1)) return i;
    }
    return UINT32_MAX;
}

static bool may_be_i31(Ty ty)
{
    return (ty | 1) == TY_any || (ty | 1) == TY_eq || (ty | 1) == TY_i31;
}

bool data_can_be(const Gen *g, Ty ty)
{
    if (ty_null(ty) || may_be_i31(ty) || ty >= TY_FIRST_REF) return true;
    u8 kind = ty == TY_struct ? TYPE_struct : TYPE_array;
    for (u32 i = 0; i < g->object_count; i++)
        if (is_kind(g, i, kind)) return true;
    return false;
}

// ---- making them

static bool has_defaults(const FuncTy *t)
{
    for (u32 i = 0; i < t->params.count; i++)
        if (ty_is_ref(t->params.at[i]) && !ty_null(t->params.at[i])) return false;
    return true;
}

static void field_value(Gen *g, Ty ty, bool plain)
{
    if (plain) constant(g, ty);
    else value(g, ty);
}

static void length(Gen *g)
{
    const_i32(g, odds(g, 1, 30) ? pick(g, 3000) : pick(g, 12));
    push(g, VAL_i32);
}

// A segment that an array can be made of.
static u32 segment_for(Gen *g, const FuncTy *t)
{
    bool ref = ty_is_ref(t->params.at[0]);
    if (!ref) return g->data_count ? pick(g, g->data_count) : UINT32_MAX;
    u32 first = pick(g, g->elem_count);
    for (u32 n = 0; n < g->elem_count; n++) {
        u32 i = (first + n) % g->elem_count;
        if (ty_matches(g, g->elems[i].elem, t->params.at[0])) return i;
    }
    return UINT32_MAX;
}

static void make_array(Gen *g, u32 type, bool plain)
{
    const FuncTy *t = &g->types[type];
    u32 kind = pick(g, 8), segment = plain || kind < 7 ? UINT32_MAX : segment_for(g, t);
    if (segment != UINT32_MAX) {
        bool ref = ty_is_ref(t->params.at[0]);
        small_index(g, false, 4);
        small_index(g, false, 4);
        emit_index(g, ref ? OP_array_new_elem : OP_array_new_data, type);
        emit_u(g, segment);
        pop(g, 2);
    } else if (kind < 2 && has_defaults(t)) {
        length(g);
        emit_index(g, OP_array_new_default, type);
        pop(g, 1);
    } else if (kind < 5) {
        field_value(g, t->params.at[0], plain);
        length(g);
        emit_index(g, OP_array_new, type);
        pop(g, 2);
    } else {
        u32 n = pick(g, 5);
        for (u32 i = 0; i < n; i++) field_value(g, t->params.at[0], plain);
        emit_index(g, OP_array_new_fixed, type);
        emit_u(g, n);
        pop(g, n);
    }
}

static void emit_exact(Gen *g, u32 type)
{
    buf_byte(&g->body, 0x62);
    buf_leb_u(&g->body, type);
}

static void make(Gen *g, u32 type, bool plain);

// One that an object of the type can be made with: new, or what is there, if that is of no subtype.
static void exact_descriptor(Gen *g, u32 type, bool plain)
{
    u32 descriptor = g->types[type].descriptor - 1u;
    if (plain || g->nest > 4 || odds(g, 1, 3)) {
        g->nest++;
        make(g, descriptor, true);
        g->nest--;
        push(g, ty_to(descriptor, false));
        return;
    }
    bool null = odds(g, 1, 10);
    value(g, ty_to(descriptor, null));
    emit_op(g, null ? OP_ref_cast_null : OP_ref_cast);
    emit_exact(g, descriptor);
}

// `plain`: of constants alone, as where an initial value is wanted. Not pushed on the image.
static void make(Gen *g, u32 type, bool plain)
{
    const FuncTy *t = &g->types[type];
    if (t->kind == TYPE_array) {
        make_array(g, type, plain);
        return;
    }
    bool none = has_defaults(t) && odds(g, 1, 3), desc = t->descriptor;
    u32 count = none ? 0 : t->params.count;
    for (u32 i = 0; i < count; i++) field_value(g, t->params.at[i], plain);
    if (desc) exact_descriptor(g, type, plain);
    emit_index(g, none ? desc ? OP_struct_new_default_desc : OP_struct_new_default
                  : desc ? OP_struct_new_desc : OP_struct_new, type);
    pop(g, count + desc);
}

void constant_data(Gen *g, Ty ty)
{
    enum { DEEP = 4 };
    u32 type = odds(g, 2, 3) ? type_for(g, ty) : UINT32_MAX;
    if (g->nest > DEEP && ty_null(ty)) type = UINT32_MAX;
    if (type == UINT32_MAX && may_be_i31(ty) && !(ty_null(ty) && odds(g, 1, 3))) {
        const_i32(g, (u32)awkward(g));
        emit_op(g, OP_ref_i31);
        return;
    }
    if (type == UINT32_MAX && ty_null(ty)) {
        emit_op(g, OP_ref_null);
        emit_heap(g, &g->body, ty);
        return;
    }
    if (type == UINT32_MAX) type = type_for(g, ty);
    g->nest++;
    make(g, type, true);
    g->nest--;
}

// ---- looking at them

// An operand of some type of objects. Null, now and then, which traps.
static void object(Gen *g, u32 type) { value(g, ty_to(type, odds(g, 1, 10))); }

static Op get_of(Gen *g, const FuncTy *t, u32 field)
{
    bool packed = (t->bytes | t->halves) >> field & 1, sign = odds(g, 1, 2);
    if (t->kind == TYPE_struct)
        return !packed ? OP_struct_get : sign ? OP_struct_get_s : OP_struct_get_u;
    return !packed ? OP_array_get : sign ? OP_array_get_s : OP_array_get_u;
}

static bool from_field(Gen *g, Ty ty)
{
    u32 first = pick(g, g->object_count), start = pick(g, TY_MOST);
    for (u32 n = 0; n < g->object_count * TY_MOST; n++) {
        u32 i = (first + n / TY_MOST) % g->object_count, k = (start + n) % TY_MOST;
        const FuncTy *t = &g->types[i];
        if (k >= t->params.count || !ty_matches(g, t->params.at[k], ty)) continue;
        object(g, i);
        if (t->kind == TYPE_array) small_index(g, false, 4);
        emit_index(g, get_of(g, t, k), i);
        if (t->kind == TYPE_struct) emit_u(g, k);
        pop(g, t->kind == TYPE_array ? 2 : 1);
        push(g, ty);
        return true;
    }
    return false;
}

// Some type of which `ty` is less.
static Ty above(Gen *g, Ty ty)
{
    if (ty >= TY_FIRST_REF) {
        u8 super = g->types[ty_type(ty)].super;
        if (super && odds(g, 1, 2)) return ty_to(super - 1u, true);
        if (odds(g, 1, 3)) return is_kind(g, ty_type(ty), TYPE_struct) ? TY_structref : TY_arrayref;
    }
    return (ty | 1) == TY_any || odds(g, 1, 2) ? TY_anyref : TY_eqref;
}

static void cast_operand(Gen *g, Op op, Op op_null, Ty ty)
{
    bool exact = ty >= TY_FIRST_REF && row_runs[OP_ref_get_desc] && odds(g, 1, 4);
    value(g, above(g, ty));
    emit_op(g, ty_null(ty) ? op_null : op);
    if (exact) emit_exact(g, ty_type(ty));
    else emit_heap(g, &g->body, ty);
    pop(g, 1);
}

// Often it is its own.
bool described_value(Gen *g, Ty from, Ty to)
{
    u32 type = ty_type(to), local = UINT32_MAX;
    if (to < TY_FIRST_REF || !g->types[type].descriptor) return false;
    Ty descriptor = ty_to(g->types[type].descriptor - 1u, odds(g, 1, 12));
    if (odds(g, 2, 3)) local = new_local(g, ty_to(type, true), false);
    if (local == UINT32_MAX) {
        value(g, from);
        value(g, descriptor);
        return true;
    }
    value(g, ty_to(type, false));
    emit_index(g, OP_local_tee, local);
    emit_index(g, OP_local_get, local);
    emit_index(g, OP_ref_get_desc, type);
    push(g, descriptor);
    return true;
}

// What describes an object, if that is less than `ty`.
static bool from_described(Gen *g, Ty ty)
{
    u32 first = pick(g, g->object_count);
    for (u32 n = 0; n < g->object_count; n++) {
        u32 i = (first + n) % g->object_count;
        u8 descriptor = g->types[i].descriptor;
        if (!descriptor || !ty_matches(g, ty_to(descriptor - 1u, false), ty)) continue;
        object(g, i);
        emit_index(g, OP_ref_get_desc, i);
        pop(g, 1);
        push(g, ty);
        return true;
    }
    return false;
}

static bool cast_by_descriptor(Gen *g, Ty ty)
{
    if (!described_value(g, above(g, ty), ty)) return false;
    emit_op(g, ty_null(ty) ? OP_ref_cast_desc_eq_null : OP_ref_cast_desc_eq);
    emit_heap(g, &g->body, ty);
    pop(g, 2);
    push(g, ty);
    return true;
}

bool data_value(Gen *g, Ty ty)
{
    u32 kind = pick(g, 12), type = type_for(g, ty);
    if (kind < 2 && from_described(g, ty)) return true;
    if (kind == 2 && cast_by_descriptor(g, ty)) return true;
    if (kind < 5 && type != UINT32_MAX) {
        make(g, type, false);
    } else if (kind < 7) {
        return from_field(g, ty);
    } else if (kind < 8) {
        cast_operand(g, OP_ref_cast, OP_ref_cast_null, ty);
    } else if (kind < 10 && may_be_i31(ty)) {
        value(g, VAL_i32);
        emit_op(g, OP_ref_i31);
        pop(g, 1);
    } else if (ty == TY_anyref) {
        value(g, TY_externref);
        emit_op(g, OP_any_convert_extern);
        pop(g, 1);
    } else {
        return false;
    }
    push(g, ty);
    return true;
}

bool from_data(Gen *g, Ty ty)
{
    static const Ty some[] = {TY_anyref, TY_eqref, TY_i31ref, TY_i31, TY_structref, TY_arrayref};
    u32 kind = ty == VAL_i32 ? pick(g, 10) : 9;
    if (!g->object_count) return false;
    if (kind < 3) {
        u32 type = pick(g, g->object_count);
        cast_operand(g, OP_ref_test, OP_ref_test_null,
                     odds(g, 1, 2) ? some[pick(g, COUNT_OF(some))] : ty_to(type, odds(g, 1, 2)));
    } else if (kind < 4) {
        value(g, TY_eqref);
        value(g, TY_eqref);
        emit_op(g, OP_ref_eq);
        pop(g, 2);
    } else if (kind < 5) {
        value(g, odds(g, 1, 6) ? TY_i31ref : TY_i31);
        emit_op(g, odds(g, 1, 2) ? OP_i31_get_s : OP_i31_get_u);
        pop(g, 1);
    } else if (kind < 6 && data_can_be(g, TY_array)) {
        value(g, odds(g, 1, 6) ? TY_arrayref : TY_array);
        emit_op(g, OP_array_len);
        pop(g, 1);
    } else if (ty == TY_externref) {
        value(g, TY_anyref);
        emit_op(g, OP_extern_convert_any);
        pop(g, 1);
    } else {
        return from_field(g, ty);
    }
    push(g, ty);
    return true;
}

// ---- statements

bool statement_set_field(Gen *g)
{
    u32 i = pick(g, g->object_count);
    if (!g->object_count || !g->types[i].params.count) return false;
    const FuncTy *t = &g->types[i];
    u32 k = pick(g, t->params.count);
    if (!(t->mutable >> k & 1)) return false;
    object(g, i);
    if (t->kind == TYPE_array) small_index(g, false, 4);
    value(g, t->params.at[k]);
    emit_index(g, t->kind == TYPE_struct ? OP_struct_set : OP_array_set, i);
    if (t->kind == TYPE_struct) emit_u(g, k);
    pop(g, t->kind == TYPE_struct ? 2 : 3);
    return true;
}

static bool same_element(const FuncTy *a, const FuncTy *b)
{
    return a->kind == b->kind && a->params.at[0] == b->params.at[0] && a->bytes == b->bytes &&
           a->halves == b->halves;
}

bool statement_array_bulk(Gen *g)
{
    u32 i = pick(g, g->object_count), from = pick(g, g->object_count), kind = pick(g, 3);
    if (!g->object_count || !is_kind(g, i, TYPE_array) || !g->types[i].mutable) return false;
    const FuncTy *t = &g->types[i];
    u32 segment = kind == 2 ? segment_for(g, t) : 0;
    if (kind == 1 && !same_element(t, &g->types[from])) from = i;
    if (segment == UINT32_MAX) return false;
    object(g, i);
    small_index(g, false, 4);
    if (kind == 0) value(g, t->params.at[0]);
    if (kind == 1) object(g, from);
    if (kind > 0) small_index(g, false, 4);
    small_index(g, false, 4);
    emit_index(g, kind == 0 ? OP_array_fill : kind == 1 ? OP_array_copy
                  : ty_is_ref(t->params.at[0]) ? OP_array_init_elem : OP_array_init_data, i);
    if (kind == 1) emit_u(g, from);
    if (kind == 2) emit_u(g, segment);
    pop(g, kind == 1 ? 5 : 4);
    return true;
}

// Where a cast goes either way: what the label gets, and what is there otherwise.
bool branch_of_cast(Gen *g, bool fail, Ty *from, Ty *to, Ty *label, Ty *otherwise)
{
    u32 type = pick(g, g->object_count);
    if (!g->object_count) return false;
    if (!g->types[type].descriptor) type = pick(g, g->object_count);
    *to = odds(g, 1, 3) ? (Ty)(TY_i31ref + pick(g, 2)) : ty_to(type, odds(g, 1, 2));
    *from = above(g, *to);
    Ty rest = ty_null(*to) ? *from | 1 : *from; // null would have been taken
    *label = fail ? rest : *to;
    *otherwise = fail ? *to : rest;
    return true;
}
