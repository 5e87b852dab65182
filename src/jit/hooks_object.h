// hooks_object.h -- the walk's hooks for structures, arrays, i31 and casts. See image.h.
#pragma once

#include "jit/hooks_value.h"
#include "jit/x64/lower_object.h"

// ---- Structures

static const FieldType *field_of(const Imm *imm)
{
    return &imm->def->fields[imm->type_field.field];
}

static void jit_struct_get(Jit *j, WalkState *w, const Imm *imm)
{
    lower_struct_get(j, w, field_of(imm), false, TRAP_null_structure_reference);
}
static void jit_struct_get_s(Jit *j, WalkState *w, const Imm *imm)
{
    lower_struct_get(j, w, field_of(imm), true, TRAP_null_structure_reference);
}
static void jit_struct_get_u(Jit *j, WalkState *w, const Imm *imm)
{
    lower_struct_get(j, w, field_of(imm), false, TRAP_null_structure_reference);
}
static void jit_struct_set(Jit *j, WalkState *w, const Imm *imm)
{
    lower_struct_set(j, w, field_of(imm));
}

static void jit_struct_new(Jit *j, WalkState *w, const Imm *imm)
{
    const TypeLayout *layout = type_layout(imm->def);
    u32 count = type_stored_fields(imm->def);
    pay_units(j, bytes_units(layout->size));
    if (count > NEW_VALUES || layout->size > NEW_BYTES) {
        slow(j, w, SLOW_struct_new, layout->slots, 1, imm->type_index, 0);
        return;
    }
    NewValue *values = NEW_ARRAY(j->arena, NewValue, count);
    for (u32 i = 0; i < count; i++)
        values[i] = (NewValue){.type = imm->def->fields[i].type, .at = imm->def->fields[i].at};
    New n = {.type = imm->type_index, .result = type_ref_to(false, imm->type_id),
             .size = layout->size, .slow = SLOW_struct_new, .values = values, .count = count,
             .slots = layout->slots};
    lower_new(j, w, &n, values, count);
}

// With a descriptor or without.
static void jit_struct_new_default(Jit *j, WalkState *w, const Imm *imm)
{
    u32 size = type_layout(imm->def)->size, fields = imm->def->field_count;
    u32 count = type_stored_fields(imm->def) - fields;
    pay_units(j, bytes_units(size));
    if (size > NEW_BYTES) {
        slow(j, w, SLOW_struct_new_default, count, 1, imm->type_index, 0);
        return;
    }
    NewValue *values = NEW_ARRAY(j->arena, NewValue, count);
    for (u32 i = 0; i < count; i++)
        values[i] = (NewValue){.type = imm->def->fields[fields].type,
                               .at = imm->def->fields[fields].at};
    New n = {.type = imm->type_index, .result = type_ref_to(false, imm->type_id), .size = size,
             .slow = SLOW_struct_new_default, .zeros = true, .values = values, .count = count,
             .slots = count};
    lower_new(j, w, &n, values, count);
}

// The newest operand is a descriptor: is there one?
static void check_descriptor(Jit *j, const WalkState *w)
{
    Type type = j->taken[0];
    if (!type_is_null(type)) return;
    Operand a = pop_of(j, type);
    Reg reg = in_reg(j, &a);
    trap_if_null(j, w, reg, type, TRAP_null_descriptor_reference);
    if (a.at == AT_local) push_local(j, a.local);
    else push_reg(j, type, reg);
}

static void jit_struct_new_desc(Jit *j, WalkState *w, const Imm *imm)
{
    check_descriptor(j, w);
    jit_struct_new(j, w, imm);
}
static void jit_struct_new_default_desc(Jit *j, WalkState *w, const Imm *imm)
{
    check_descriptor(j, w);
    jit_struct_new_default(j, w, imm);
}

static const FieldType *descriptor_of(const TypeDef *def) { return &def->fields[def->field_count]; }

static void jit_ref_get_desc(Jit *j, WalkState *w, const Imm *imm)
{
    lower_struct_get(j, w, descriptor_of(imm->def), false, TRAP_null_reference);
}

// ---- Arrays

static void jit_array_get(Jit *j, WalkState *w, const Imm *imm)
{
    lower_array_get(j, w, imm->type, false);
}
static void jit_array_get_s(Jit *j, WalkState *w, const Imm *imm)
{
    lower_array_get(j, w, imm->type, true);
}
static void jit_array_get_u(Jit *j, WalkState *w, const Imm *imm)
{
    lower_array_get(j, w, imm->type, false);
}
static void jit_array_set(Jit *j, WalkState *w, const Imm *imm)
{
    lower_array_set(j, w, imm->type);
}

static void jit_array_len(Jit *j, WalkState *w, const Imm *imm)
{
    if (j->m->objects) lower_array_len(j, w);
    else slow(j, w, SLOW_array_len, 1, 1, 0, 0); // it is null, or nobody knows whose
}

static void jit_array_new_fixed(Jit *j, WalkState *w, const Imm *imm)
{
    u32 count = imm->type_count.count, log2 = type_log2(imm->type);
    u64 size = object_bytes(imm->def, count);
    pay_units(j, bytes_units(size));
    if (count > NEW_VALUES || size > NEW_BYTES) {
        slow(j, w, SLOW_array_new_fixed, count * type_slots(imm->type), 1, imm->type_count.type,
             count);
        return;
    }
    NewValue *values = NEW_ARRAY(j->arena, NewValue, count);
    for (u32 i = 0; i < count; i++)
        values[i] = (NewValue){.type = imm->type,
                               .at = (u32)offsetof(ArrayObject, items) + (i << log2)};
    New n = {.type = imm->type_count.type, .result = type_ref_to(false, imm->type_id),
             .size = (u32)size, .array = true, .length = count, .slow = SLOW_array_new_fixed,
             .number = count, .values = values, .count = count,
             .slots = count * type_slots(imm->type)};
    lower_new(j, w, &n, values, count);
}

// One of a length that is a small number, for which nothing is paid.
static void jit_array_new_default(Jit *j, WalkState *w, const Imm *imm)
{
    const Operand *length = j->loose ? &j->operands[j->loose - 1] : NULL;
    bool known = length && length->at == AT_const;
    u64 size = known ? object_bytes(imm->def, (u32)length->bits) : 0;
    if (!known || size > NEW_BYTES || bytes_units(size)) {
        slow(j, w, SLOW_array_new_default, 1, 1, imm->type_index, 0);
        return;
    }
    NewValue *operand = NEW(j->arena, NewValue);
    operand->type = TYPE_i32;
    New n = {.type = imm->type_index, .result = type_ref_to(false, imm->type_id),
             .size = (u32)size, .array = true, .length = (u32)length->bits,
             .slow = SLOW_array_new_default, .zeros = true, .slots = 1};
    lower_new(j, w, &n, operand, 1);
}

#define SLOW_ARRAY(row, count, results, a, b)                                                      \
    static void jit_array_##row(Jit *j, WalkState *w, const Imm *imm)                              \
    {                                                                                              \
        slow(j, w, SLOW_array_##row, count, results, a, b);                                        \
    }
SLOW_ARRAY(new, type_slots(imm->type) + 1, 1, imm->type_index, 0)
SLOW_ARRAY(new_data, 2, 1, imm->type_data.type, imm->type_data.data)
SLOW_ARRAY(new_elem, 2, 1, imm->type_elem.type, imm->type_elem.elem)
SLOW_ARRAY(fill, type_slots(imm->type) + 3, 0, imm->type_index, 0)
SLOW_ARRAY(copy, 5, 0, imm->type_type.first, 0)
SLOW_ARRAY(init_data, 4, 0, imm->type_data.type, imm->type_data.data)
SLOW_ARRAY(init_elem, 4, 0, imm->type_elem.type, imm->type_elem.elem)

// ---- i31; any and extern, where the same bits are one and the other

static void jit_ref_i31(Jit *j, WalkState *w, const Imm *imm) { lower_ref_i31(j, w); }
static void jit_i31_get_s(Jit *j, WalkState *w, const Imm *imm) { lower_i31_get(j, w, SHIFT_sar); }
static void jit_i31_get_u(Jit *j, WalkState *w, const Imm *imm) { lower_i31_get(j, w, SHIFT_shr); }
static void jit_any_convert_extern(Jit *j, WalkState *w, const Imm *imm) {}
static void jit_extern_convert_any(Jit *j, WalkState *w, const Imm *imm) {}

// ---- Casts

// C answers, behind the reference, which stays in its home: where the descriptor is, if that is
// asked for. Its slot.
static u32 call_cast(Jit *j, const WalkState *w, const Cast *c, bool desc)
{
    settle(j);
    store_residents(j);
    j->next_home -= desc;
    u32 home = j->next_home - 1;
    reach_slot(j, home + 2);
    m_slow(j, w->pos, desc ? SLOW_cast_desc : SLOW_cast, home, c->index, c->target.accept);
    lose_registers(j);
    return home + 1;
}

static void jit_ref_test(Jit *j, WalkState *w, const Imm *imm)
{
    pay_units(j, cast_units(j->m, imm->type));
    Cast c = cast_of(j, j->taken[0], imm->type, type_id(imm->heap));
    if (!cast_calls(j, &c)) {
        lower_ref_test(j, w, &c);
        return;
    }
    u32 answer = call_cast(j, w, &c, false);
    j->next_home--;
    Reg reg = result_reg(j, w, CLASS_int);
    m_load(j, reg, answer, TYPE_i32);
    push_reg(j, TYPE_i32, reg);
}
static void jit_ref_test_null(Jit *j, WalkState *w, const Imm *imm) { jit_ref_test(j, w, imm); }

static void jit_ref_cast(Jit *j, WalkState *w, const Imm *imm)
{
    pay_units(j, cast_units(j->m, imm->type));
    Cast c = cast_of(j, j->taken[0], imm->type, type_id(imm->heap));
    if (cast_calls(j, &c))
        trap_if(j, w, m_test_slot(j, call_cast(j, w, &c, false)), TRAP_cast_failure);
    else lower_ref_cast(j, w, &c, imm->type, TYPE_bottom);
}
static void jit_ref_cast_null(Jit *j, WalkState *w, const Imm *imm) { jit_ref_cast(j, w, imm); }

// By a descriptor: that is the newest operand. C does what is seldom.
static Cast cast_desc_of(Jit *j, Type to, u32 index)
{
    Cast c = cast_of(j, j->taken[1], to, index);
    c.at = descriptor_of(type_def(j->m->store, type_id(to)))->at;
    if (c.deep || c.at + sizeof(Ref) > BLOCK_BYTES) c.target.by = CAST_BY_call;
    return c;
}

static void jit_ref_cast_desc_eq(Jit *j, WalkState *w, const Imm *imm)
{
    pay_units(j, cast_units(j->m, imm->type));
    Cast c = cast_desc_of(j, imm->type, type_id(imm->heap));
    if (cast_calls(j, &c))
        trap_if(j, w, m_test_slot(j, call_cast(j, w, &c, true)), TRAP_descriptor_cast_failure);
    else lower_ref_cast(j, w, &c, imm->type, j->taken[0]);
}
static void jit_ref_cast_desc_eq_null(Jit *j, WalkState *w, const Imm *imm)
{
    jit_ref_cast_desc_eq(j, w, imm);
}

// The descriptor is in a register that is locked. Null is none.
static void pop_descriptor(Jit *j, const WalkState *w, Cast *c)
{
    Operand d = pop_of(j, j->taken[0]);
    c->descriptor = in_reg(j, &d);
    trap_if_null(j, w, c->descriptor, j->taken[0], TRAP_null_descriptor_reference);
}

// The reference stays where it is, taken or not: home.
static void branch_on_cast(Jit *j, WalkState *w, const Imm *imm, bool fail, bool desc)
{
    u32 index = imm->cast.index;
    Cast c = desc ? cast_desc_of(j, imm->type, index)
                  : cast_of(j, j->taken[0], imm->type, index);
    Label *l = label_of(j, imm->depth);
    pay_for(j, l->slots);
    pay_units(j, cast_units(j->m, imm->type));
    if (cast_calls(j, &c)) {
        u32 answer = call_cast(j, w, &c, desc);
        load_residents(j);
        u8 is_not = m_test_slot(j, answer);
        branch_on(j, imm->depth, fail ? is_not : m_negated(is_not));
        region_begin(j, w);
        return;
    }
    if (desc) pop_descriptor(j, w, &c);
    settle(j);
    load_residents(j);
    Reg ref = take(j, CLASS_int), id = take(j, CLASS_int);
    j->next_home--;
    late_cast(j, &c, w->pos, ref);
    j->next_home++;
    bool direct = !is_body(j, imm->depth) && in_place(l, j->next_home);
    u32 taken = direct ? place_for(j, l) : new_place(j), skip = new_place(j);
    c.yes = fail ? skip : taken;
    c.no = fail ? taken : skip;
    late_cast_goes(j, &c);
    m_load(j, ref, j->next_home - 1, c.from);
    u8 cc = emit_cast_condition(j, &c, ref, id);
    if (fail) cc = m_negated(cc);
    if (direct) {
        jump_if(j, cc, taken);
    } else {
        jump_if(j, m_negated(cc), skip);
        put_place(j, taken);
        emit_taken(j, imm->depth);
    }
    put_place(j, skip);
    region_begin(j, w);
}

#define BRANCH_ON_CAST(row, fail, desc)                                                            \
    static void jit_br_on_cast##row(Jit *j, WalkState *w, const Imm *imm)                          \
    {                                                                                              \
        branch_on_cast(j, w, imm, fail, desc);                                                     \
    }
BRANCH_ON_CAST(, false, false)
BRANCH_ON_CAST(_fail, true, false)
BRANCH_ON_CAST(_desc_eq, false, true)
BRANCH_ON_CAST(_desc_eq_fail, true, true)
