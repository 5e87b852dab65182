// rules_gc.c -- references, structures, arrays, casts; custom descriptors.
// spec: valid/instructions, reference and aggregate instructions

#include "valid/walk_core.h"

// ---- References

// rule: Instr_ok/ref.null
bool valid_ref_null(WalkState *w, Imm *imm)
{
    imm->type = imm->heap;
    if (!walk_type(w, &imm->type)) return false;
    walk_push(w, imm->type);
    return true;
}

// rule: Instr_ok/ref.is_null
bool valid_ref_is_null(WalkState *w, Imm *imm)
{
    if (!walk_pop_ref(w, &imm->type)) return false;
    walk_push(w, TYPE_i32);
    return true;
}

// rule: Instr_ok/ref.as_non_null
bool valid_ref_as_non_null(WalkState *w, Imm *imm)
{
    if (!walk_pop_ref(w, &imm->type)) return false;
    walk_push(w, imm->type & ~TYPE_NULL);
    return true;
}

// In a body only functions that the module names elsewhere; a constant expression is such a place
// itself.
// rule: Instr_ok/ref.func
bool valid_ref_func(WalkState *w, Imm *imm)
{
    u32 f = imm->func;
    if (!walk_below(w, f, w->m->func_count, ERR_unknown_function)) return false;
    if (!w->constant && !(w->m->declared && w->m->declared[f / 8] >> (f % 8) & 1))
        return walk_fail(w, ERR_undeclared_function_reference, " %u", f);
    const FuncDecl *func = &w->m->funcs[f];
    imm->type_id = func->type;
    imm->type = type_ref_to(false, func->type);
    if (f >= w->m->imported_funcs || func->exact) imm->type |= walk_exact(w);
    walk_push(w, imm->type);
    return true;
}

// rule: Instr_ok/ref.eq
bool valid_ref_eq(WalkState *w, Imm *imm)
{
    if (!WALK_POP(w, type_ref(true, HEAP_eq), type_ref(true, HEAP_eq))) return false;
    walk_push(w, TYPE_i32);
    return true;
}

// The source is anything in the target's hierarchy.
static bool cast_source(WalkState *w, Imm *imm)
{
    imm->type = imm->heap;
    if (!walk_type(w, &imm->type)) return false;
    Heap top = type_top(w->m->store, imm->type);
    if (top == HEAP_cont) return walk_fail(w, ERR_type_mismatch, "continuations cannot be cast");
    return walk_pop(w, type_ref(true, top));
}

// rule: Instr_ok/ref.test
static bool ref_test(WalkState *w, Imm *imm)
{
    if (!cast_source(w, imm)) return false;
    walk_push(w, TYPE_i32);
    return true;
}

// rule: Instr_ok/ref.cast
static bool ref_cast(WalkState *w, Imm *imm)
{
    if (!cast_source(w, imm)) return false;
    walk_push(w, imm->type);
    return true;
}

bool valid_ref_test(WalkState *w, Imm *imm) { return ref_test(w, imm); }
bool valid_ref_test_null(WalkState *w, Imm *imm) { return ref_test(w, imm); }
bool valid_ref_cast(WalkState *w, Imm *imm) { return ref_cast(w, imm); }
bool valid_ref_cast_null(WalkState *w, Imm *imm) { return ref_cast(w, imm); }

static bool convert(WalkState *w, Imm *imm, Heap from, Heap to)
{
    Type found;
    if (!walk_pop_ref(w, &found)) return false;
    if (!walk_matches(w, found, type_ref(true, from)))
        return walk_fail(w, ERR_type_mismatch, "%s expected %s, found %s", op_info[w->op].text,
                         walk_type_name(w, type_ref(true, from)).text,
                         walk_type_name(w, found).text);
    imm->type = found;
    walk_push(w, type_ref(type_is_null(found), to));
    return true;
}

// rule: Instr_ok/any.convert_extern
bool valid_any_convert_extern(WalkState *w, Imm *imm)
{
    return convert(w, imm, HEAP_extern, HEAP_any);
}
// rule: Instr_ok/extern.convert_any
bool valid_extern_convert_any(WalkState *w, Imm *imm)
{
    return convert(w, imm, HEAP_any, HEAP_extern);
}

// rule: Instr_ok/ref.i31
bool valid_ref_i31(WalkState *w, Imm *imm)
{
    if (!walk_pop(w, TYPE_i32)) return false;
    walk_push(w, type_ref(false, HEAP_i31));
    return true;
}

// rule: Instr_ok/i31.get
static bool i31_get(WalkState *w)
{
    if (!walk_pop(w, type_ref(true, HEAP_i31))) return false;
    walk_push(w, TYPE_i32);
    return true;
}

bool valid_i31_get_s(WalkState *w, Imm *imm) { return i31_get(w); }
bool valid_i31_get_u(WalkState *w, Imm *imm) { return i31_get(w); }

// ---- Structures

// A type that has a descriptor is allocated with one.
static bool with_descriptor(WalkState *w, const Imm *imm, bool given)
{
    bool has = imm->def->descriptor != TYPE_NONE;
    if (has != given)
        return walk_fail(w, ERR_type_mismatch, "type %u %s a descriptor", imm->type_index,
                         has ? "needs" : "has not");
    return !given || walk_pop(w, type_ref_to(true, imm->def->descriptor) | TYPE_EXACT);
}

static bool fields_default(WalkState *w, const Imm *imm)
{
    if (imm->def->defaultable) return true;
    for (u32 i = 0; i < imm->def->field_count; i++)
        if (!type_is_defaultable(imm->def->fields[i].type))
            return walk_fail(w, ERR_field_not_defaultable, "field %u of type %u", i,
                             imm->type_index);
    return true;
}

static bool struct_new(WalkState *w, Imm *imm, bool default_values, bool descriptor)
{
    if (!walk_type_of(w, imm->type_index, imm, COMP_struct) || !with_descriptor(w, imm, descriptor))
        return false;
    if (!(default_values ? fields_default(w, imm)
                         : walk_pop_fields(w, imm->def->fields, imm->def->field_count)))
        return false;
    walk_push(w, type_ref_to(false, imm->type_id) | walk_exact(w));
    return true;
}

// rule: Instr_ok/struct.new
bool valid_struct_new(WalkState *w, Imm *imm) { return struct_new(w, imm, false, false); }
// rule: Instr_ok/struct.new_default
bool valid_struct_new_default(WalkState *w, Imm *imm) { return struct_new(w, imm, true, false); }
bool valid_struct_new_desc(WalkState *w, Imm *imm) { return struct_new(w, imm, false, true); }
bool valid_struct_new_default_desc(WalkState *w, Imm *imm)
{
    return struct_new(w, imm, true, true);
}

static bool field_immediate(WalkState *w, Imm *imm)
{
    if (!walk_type_of(w, imm->type_field.type, imm, COMP_struct)) return false;
    u32 field = imm->type_field.field;
    if (!walk_below(w, field, imm->def->field_count, ERR_unknown_field)) return false;
    imm->type = imm->def->fields[field].type;
    return true;
}

// rule: Instr_ok/struct.get
static bool struct_get(WalkState *w, Imm *imm, bool extends)
{
    if (!field_immediate(w, imm)) return false;
    if (type_is_packed(imm->type) != extends)
        return walk_fail(w, extends ? ERR_field_is_unpacked : ERR_field_is_packed,
                         "field %u of type %u", imm->type_field.field, imm->type_field.type);
    if (!walk_pop(w, type_ref_to(true, imm->type_id))) return false;
    walk_push(w, type_unpacked(imm->type));
    return true;
}

bool valid_struct_get(WalkState *w, Imm *imm) { return struct_get(w, imm, false); }
bool valid_struct_get_s(WalkState *w, Imm *imm) { return struct_get(w, imm, true); }
bool valid_struct_get_u(WalkState *w, Imm *imm) { return struct_get(w, imm, true); }

// rule: Instr_ok/struct.set
bool valid_struct_set(WalkState *w, Imm *imm)
{
    if (!field_immediate(w, imm)) return false;
    if (!imm->def->fields[imm->type_field.field].mutable)
        return walk_fail(w, ERR_immutable_field, "field %u of type %u", imm->type_field.field,
                         imm->type_field.type);
    return WALK_POP(w, type_ref_to(true, imm->type_id), type_unpacked(imm->type));
}

// The descriptor is as exactly known as the object.
bool valid_ref_get_desc(WalkState *w, Imm *imm)
{
    if (!walk_below(w, imm->type_index, w->m->type_count, ERR_unknown_type)) return false;
    imm->type_id = w->m->types[imm->type_index];
    imm->def = type_def(w->m->store, imm->type_id);
    if (imm->def->descriptor == TYPE_NONE)
        return walk_fail(w, ERR_type_mismatch, "type %u has no descriptor", imm->type_index);
    Type want = type_ref_to(true, imm->type_id), found;
    if (!walk_pop_ref(w, &found)) return false;
    if (!walk_matches(w, found, want))
        return walk_fail(w, ERR_type_mismatch, "ref.get_desc expected %s, found %s",
                         walk_type_name(w, want).text, walk_type_name(w, found).text);
    imm->type = found;
    bool exact = walk_matches(w, found, want | TYPE_EXACT);
    walk_push(w, type_ref_to(false, imm->def->descriptor) | (exact ? TYPE_EXACT : 0));
    return true;
}

// ---- Arrays

static bool array_of(WalkState *w, u32 index, Imm *imm)
{
    if (!walk_type_of(w, index, imm, COMP_array)) return false;
    imm->type = imm->def->fields[0].type;
    return true;
}

static bool array_result(WalkState *w, const Imm *imm)
{
    walk_push(w, type_ref_to(false, imm->type_id) | walk_exact(w));
    return true;
}

// rule: Instr_ok/array.new
bool valid_array_new(WalkState *w, Imm *imm)
{
    return array_of(w, imm->type_index, imm) && WALK_POP(w, type_unpacked(imm->type), TYPE_i32) &&
           array_result(w, imm);
}

// rule: Instr_ok/array.new_default
bool valid_array_new_default(WalkState *w, Imm *imm)
{
    if (!array_of(w, imm->type_index, imm)) return false;
    if (!type_is_defaultable(imm->type))
        return walk_fail(w, ERR_field_not_defaultable, "type %u", imm->type_index);
    return walk_pop(w, TYPE_i32) && array_result(w, imm);
}

// rule: Instr_ok/array.new_fixed
bool valid_array_new_fixed(WalkState *w, Imm *imm)
{
    enum { OPERANDS_MOST = 10000 };
    u32 count = imm->type_count.count;
    if (!array_of(w, imm->type_count.type, imm)) return false;
    if (count > OPERANDS_MOST) return walk_fail(w, ERR_limit_array_new_fixed, "%u", count);
    return walk_pop_same(w, imm->def->fields, count) && array_result(w, imm);
}

// rule: Instr_ok/array.get
static bool array_get(WalkState *w, Imm *imm, bool extends)
{
    if (!array_of(w, imm->type_index, imm)) return false;
    if (type_is_packed(imm->type) != extends)
        return walk_fail(w, extends ? ERR_array_is_unpacked : ERR_array_is_packed, "type %u",
                         imm->type_index);
    if (!WALK_POP(w, type_ref_to(true, imm->type_id), TYPE_i32)) return false;
    walk_push(w, type_unpacked(imm->type));
    return true;
}

bool valid_array_get(WalkState *w, Imm *imm) { return array_get(w, imm, false); }
bool valid_array_get_s(WalkState *w, Imm *imm) { return array_get(w, imm, true); }
bool valid_array_get_u(WalkState *w, Imm *imm) { return array_get(w, imm, true); }

static bool is_mutable(WalkState *w, const Imm *imm, u32 type)
{
    return imm->def->fields[0].mutable || walk_fail(w, ERR_immutable_array, "type %u", type);
}

// rule: Instr_ok/array.set
bool valid_array_set(WalkState *w, Imm *imm)
{
    return array_of(w, imm->type_index, imm) && is_mutable(w, imm, imm->type_index) &&
           WALK_POP(w, type_ref_to(true, imm->type_id), TYPE_i32, type_unpacked(imm->type));
}

// rule: Instr_ok/array.len
bool valid_array_len(WalkState *w, Imm *imm)
{
    if (!walk_pop(w, type_ref(true, HEAP_array))) return false;
    walk_push(w, TYPE_i32);
    return true;
}

// rule: Instr_ok/array.fill
bool valid_array_fill(WalkState *w, Imm *imm)
{
    return array_of(w, imm->type_index, imm) && is_mutable(w, imm, imm->type_index) &&
           WALK_POP(w, type_ref_to(true, imm->type_id), TYPE_i32, type_unpacked(imm->type),
                    TYPE_i32);
}

// rule: Instr_ok/array.copy
bool valid_array_copy(WalkState *w, Imm *imm)
{
    Imm from;
    u32 to_type = imm->type_type.first, from_type = imm->type_type.second;
    if (!array_of(w, to_type, imm) || !array_of(w, from_type, &from)) return false;
    if (!is_mutable(w, imm, to_type)) return false;
    if (!walk_matches(w, from.type, imm->type))
        return walk_fail(w, ERR_array_type_mismatch, "from type %u to type %u", from_type, to_type);
    return WALK_POP(w, type_ref_to(true, imm->type_id), TYPE_i32, type_ref_to(true, from.type_id),
                    TYPE_i32, TYPE_i32);
}
