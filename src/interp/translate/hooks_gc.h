// hooks_gc.h -- the walk's hooks for structures, arrays, i31 and casts. See image.h.
#pragma once

#include "interp/translate/hooks_number.h"
#include "interp/translate/hooks_value.h"
#include "run/object.h"

#ifdef WEFT_MICRO // the walk shows none
#define HAND(row, text, opcode, immediates, sig, since, effects) HOOK_##since(row)
#define HOOK_gc(row)                                                                               \
    static void interp_##row(Translator *t, WalkState *w, const Imm *imm)                          \
    {                                                                                              \
        emit_unsupported(t, w);                                                                    \
    }
#define HOOK_custom_descriptors HOOK_gc
#include "op/gc.def"
#undef HAND
#else

// Of the operations for values, by what stands in the object; the first is that of 8 bits.
static Iop get_of(Iop first, Type type, bool sign)
{
    u32 log2 = type_log2(type);
    return (Iop)((u32)first + (log2 < 2 ? 2 * log2 + !sign : log2 + 2));
}
static Iop set_of(const WalkState *w, Iop first, Type type)
{
    enum { REF = IOP_struct_set_ref - IOP_struct_set_8 };
    return (Iop)((u32)first + (type_is_collected(w->m->store, type) ? REF : type_log2(type)));
}

static u32 pop_slot(Translator *t, Type type)
{
    Operand o = pop_of(t, type);
    return slot_of(t, &o);
}

// The result of what was emitted at `at`: only one of one slot may be put elsewhere.
static void push_value(Translator *t, Type type, u32 at)
{
    push(t, type_unpacked(type));
    t->last = type_is_vector(type) ? NONE : at;
}

// ---- Structures

enum { NEAR = 1 << 16 };

static void struct_get(Translator *t, const Imm *imm, bool sign)
{
    const FieldType *f = &imm->def->fields[imm->type_field.field];
    u32 ref = pop_slot(t, TYPE_i32), at;
    if (f->at < NEAR) {
        at = emit_abc(t, get_of(IOP_struct_get_8s, f->type, sign), t->next_home, ref, f->at);
    } else {
        at = emit_abc(t, IOP_struct_get_far, t->next_home, ref, imm->type_field.field);
        emit(t, two(sign, imm->type_field.type));
    }
    push_value(t, f->type, at);
}

static void interp_struct_get(Translator *t, WalkState *w, const Imm *imm)
{
    struct_get(t, imm, false);
}
static void interp_struct_get_s(Translator *t, WalkState *w, const Imm *imm)
{
    struct_get(t, imm, true);
}
static void interp_struct_get_u(Translator *t, WalkState *w, const Imm *imm)
{
    struct_get(t, imm, false);
}

static void interp_struct_set(Translator *t, WalkState *w, const Imm *imm)
{
    const FieldType *f = &imm->def->fields[imm->type_field.field];
    u32 value = pop_slot(t, type_unpacked(f->type)), ref = pop_slot(t, TYPE_i32);
    if (f->at < NEAR) {
        emit_abc(t, set_of(w, IOP_struct_set_8, f->type), ref, value, f->at);
    } else {
        emit_abc(t, IOP_struct_set_far, ref, value, imm->type_field.field);
        emit(t, imm->type_field.type);
    }
}

// Where few fields go is said in the code, or that would be longer than the body explains.
static void emit_fields(Translator *t, const TypeDef *def)
{
    u64 word = 0;
    for (u32 i = 0; i < type_stored_fields(def); i++) {
        const FieldType *f = &def->fields[i];
        word |= (u64)(f->at << 3 | type_log2(f->type)) << i % 4 * 16;
        if (i % 4 < 3 && i + 1 < type_stored_fields(def)) continue;
        emit(t, word);
        word = 0;
    }
}

static void interp_struct_new(Translator *t, WalkState *w, const Imm *imm)
{
    enum { FIELDS = 8 };
    const TypeLayout *layout = type_layout(imm->def);
    pay_units(t, bytes_units(layout->size));
    settle(t);
    u32 first = t->next_home -= layout->slots, fields = type_stored_fields(imm->def);
    bool few = fields <= FIELDS;
    emit_abc(t, few ? IOP_struct_new : IOP_struct_new_any, first, layout->size / 8, fields);
    emit(t, imm->type_index);
    if (few) emit_fields(t, imm->def);
    push_home(t, 1);
}

static void struct_new_default(Translator *t, const Imm *imm, u32 descriptor)
{
    const TypeLayout *layout = type_layout(imm->def);
    pay_units(t, bytes_units(layout->size));
    settle(t);
    emit_abc(t, IOP_struct_new_default, t->next_home, layout->size / 8, descriptor);
    emit(t, imm->type_index);
    push_home(t, 1);
}
static void interp_struct_new_default(Translator *t, WalkState *w, const Imm *imm)
{
    struct_new_default(t, imm, 0);
}

// Where objects have it, in words of 4 bytes: a structure of the most fields ends within 2^16.
static u32 descriptor_word(const Imm *imm)
{
    return imm->def->fields[imm->def->field_count].at / 4;
}

static void interp_struct_new_desc(Translator *t, WalkState *w, const Imm *imm)
{
    settle(t);
    emit_abc(t, IOP_check_descriptor, 0, t->next_home - 1, 0);
    interp_struct_new(t, w, imm);
}
static void interp_struct_new_default_desc(Translator *t, WalkState *w, const Imm *imm)
{
    settle(t);
    emit_abc(t, IOP_check_descriptor, 0, --t->next_home, 0);
    struct_new_default(t, imm, descriptor_word(imm));
}

static void interp_ref_get_desc(Translator *t, WalkState *w, const Imm *imm)
{
    u32 ref = pop_slot(t, TYPE_i32), word = descriptor_word(imm);
    push_result(t, TYPE_i32, emit_abc(t, IOP_ref_get_desc, t->next_home, ref, word));
}

// ---- Arrays

static void interp_array_new(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_array_new, type_slots(imm->type) + 1, 1, imm->type_index);
}
static void interp_array_new_default(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_array_new_default, 1, 1, imm->type_index);
}
static void interp_array_new_fixed(Translator *t, WalkState *w, const Imm *imm)
{
    u32 count = imm->type_count.count;
    pay_units(t, bytes_units(object_bytes(imm->def, count)));
    emit_row(t, w, IOP_array_new_fixed, count * type_slots(imm->type), 1,
             two(count, imm->type_count.type));
}
static void interp_array_new_data(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_array_new_data, 2, 1, two(imm->type_data.data, imm->type_data.type));
}
static void interp_array_new_elem(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_array_new_elem, 2, 1, two(imm->type_elem.elem, imm->type_elem.type));
}

static void array_get(Translator *t, const Imm *imm, bool sign)
{
    u32 index = pop_slot(t, TYPE_i32), ref = pop_slot(t, TYPE_i32);
    Iop op = get_of(IOP_array_get_8s, imm->type, sign);
    push_value(t, imm->type, emit_abc(t, op, t->next_home, ref, index));
}
static void interp_array_get(Translator *t, WalkState *w, const Imm *imm)
{
    array_get(t, imm, false);
}
static void interp_array_get_s(Translator *t, WalkState *w, const Imm *imm)
{
    array_get(t, imm, true);
}
static void interp_array_get_u(Translator *t, WalkState *w, const Imm *imm)
{
    array_get(t, imm, false);
}

static void interp_array_set(Translator *t, WalkState *w, const Imm *imm)
{
    u32 value = pop_slot(t, type_unpacked(imm->type));
    u32 index = pop_slot(t, TYPE_i32), ref = pop_slot(t, TYPE_i32);
    emit_abc(t, set_of(w, IOP_array_set_8, imm->type), ref, index, value);
}

static void emit_unary(Translator *t, Iop op, Type result)
{
    u32 slot = pop_slot(t, TYPE_i32);
    push_result(t, result, emit_abc(t, op, t->next_home, slot, 0));
}

static void interp_array_len(Translator *t, WalkState *w, const Imm *imm)
{
    emit_unary(t, IOP_array_len, TYPE_i32);
}

static void interp_array_fill(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_array_fill, type_slots(imm->type) + 3, 0, imm->type_index);
}
static void interp_array_copy(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_array_copy, 5, 0, imm->type_type.first);
}
static void interp_array_init_data(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_array_init_data, 4, 0, two(imm->type_data.data, imm->type_data.type));
}
static void interp_array_init_elem(Translator *t, WalkState *w, const Imm *imm)
{
    emit_row(t, w, IOP_array_init_elem, 4, 0, two(imm->type_elem.elem, imm->type_elem.type));
}

// ---- References

static void interp_ref_i31(Translator *t, WalkState *w, const Imm *imm)
{
    emit_unary(t, IOP_ref_i31, type_ref(false, HEAP_i31));
}
static void interp_i31_get_s(Translator *t, WalkState *w, const Imm *imm)
{
    emit_unary(t, IOP_i31_get_s, TYPE_i32);
}
static void interp_i31_get_u(Translator *t, WalkState *w, const Imm *imm)
{
    emit_unary(t, IOP_i31_get_u, TYPE_i32);
}

// The same bits are one and the other.
static void interp_any_convert_extern(Translator *t, WalkState *w, const Imm *imm) {}
static void interp_extern_convert_any(Translator *t, WalkState *w, const Imm *imm) {}

// The operations for a cast are in the order of CastBy.
static Iop cast_op(Iop first, const CastTarget *target) { return (Iop)((u32)first + target->by); }

static void cast(Translator *t, const WalkState *w, const Imm *imm, Iop first, Type result)
{
    pay_units(t, cast_units(w->m, imm->type));
    CastTarget target = cast_target(w->m->store, imm->type);
    u32 index = type_is_concrete(imm->type) ? type_id(imm->heap) : 0;
    u32 slot = pop_slot(t, TYPE_i32);
    u32 at = emit_abc(t, cast_op(first, &target), t->next_home, slot, target.accept);
    emit(t, two(index, 0));
    push_result(t, result, at);
}

static void interp_ref_test(Translator *t, WalkState *w, const Imm *imm)
{
    cast(t, w, imm, IOP_ref_test_data, TYPE_i32);
}
static void interp_ref_test_null(Translator *t, WalkState *w, const Imm *imm)
{
    cast(t, w, imm, IOP_ref_test_data, TYPE_i32);
}
static void interp_ref_cast(Translator *t, WalkState *w, const Imm *imm)
{
    cast(t, w, imm, IOP_ref_cast_data, imm->type);
}
static void interp_ref_cast_null(Translator *t, WalkState *w, const Imm *imm)
{
    cast(t, w, imm, IOP_ref_cast_data, imm->type);
}

// A descriptor is above it.
static void cast_desc(Translator *t, const WalkState *w, const Imm *imm)
{
    pay_units(t, cast_units(w->m, imm->type));
    u32 descriptor = pop_slot(t, TYPE_i32), slot = pop_slot(t, TYPE_i32);
    u32 at = emit_abc(t, IOP_ref_cast_desc, t->next_home, slot, descriptor);
    emit(t, two(type_id(imm->heap), cast_target(w->m->store, imm->type).accept));
    push_result(t, imm->type, at);
}
static void interp_ref_cast_desc_eq(Translator *t, WalkState *w, const Imm *imm)
{
    cast_desc(t, w, imm);
}
static void interp_ref_cast_desc_eq_null(Translator *t, WalkState *w, const Imm *imm)
{
    cast_desc(t, w, imm);
}

// The reference stays where it is, taken or not.
static void branch_on_cast(Translator *t, const WalkState *w, const Imm *imm, bool fail, bool desc)
{
    settle(t);
    t->next_home -= desc;
    Label *l = label_of(t, imm->depth);
    pay_for(t, l->slots);
    pay_units(t, cast_units(w->m, imm->type));
    CastTarget target = cast_target(w->m->store, imm->type);
    u32 index = type_is_concrete(imm->type) ? imm->cast.index : 0, ref = t->next_home - 1;
    bool direct = !is_body(t, imm->depth) && in_place(l, t->next_home), when = direct != fail;
    Iop first = when ? IOP_br_cast_data : IOP_br_no_cast_data;
    if (desc)
        emit_abc(t, when ? IOP_br_cast_desc : IOP_br_no_cast_desc, ref, ref + 1, target.accept);
    else emit_abc(t, cast_op(first, &target), ref, target.accept, 0);
    u32 site = emit(t, two(index, 0));
    if (direct) branch_site(t, l, site, false);
    else emit_taken(t, imm, site, false);
    region_begin(t);
}

#define BRANCH_ON_CAST(row, fail, desc)                                                            \
    static void interp_br_on_cast##row(Translator *t, WalkState *w, const Imm *imm)                \
    {                                                                                              \
        branch_on_cast(t, w, imm, fail, desc);                                                     \
    }
BRANCH_ON_CAST(, false, false)
BRANCH_ON_CAST(_fail, true, false)
BRANCH_ON_CAST(_desc_eq, false, true)
BRANCH_ON_CAST(_desc_eq_fail, true, true)
#endif
