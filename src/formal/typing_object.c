// typing_object.c -- references, structures and arrays. See typing.h.

#include "formal/typing_rules.h"

// ---- References

// Results are as exact as they are known, where a type can say so.
static Type made(const TypingContext *C, TypeId id)
{
    bool exact = C->module->features & FEATURE_BIT(FEATURE_custom_descriptors);
    return type_ref_to(false, id) | (exact ? TYPE_EXACT : 0);
}

static bool ref_func_ok(TypingContext *C, const Instr *i, Stack *s)
{
    const Module *m = C->module;
    if (!is_there(C, i, i->x, m->func_count, "function")) return false;
    // x <- C.REFS: constant expressions are where they come from
    if (C->is_func && !(m->declared && m->declared[i->x / 8] >> i->x % 8 & 1))
        return wrong(C, i, "function %u is not declared", i->x);
    const FuncDecl *f = &m->funcs[i->x];
    Type type = made(C, f->type);
    if (i->x < m->imported_funcs && !f->exact) type &= ~TYPE_EXACT;
    return pushes(s, type);
}

static bool cast_ok(TypingContext *C, const Instr *i, Stack *s)
{
    Heap top = type_top(types_of(C), i->type);
    bool test = i->op == OP_ref_test || i->op == OP_ref_test_null;
    return POP(type_ref(true, top)) && pushes(s, test ? TYPE_i32 : i->type);
}

static bool convert_ok(TypingContext *C, const Instr *i, Stack *s, Heap from, Heap to)
{
    Type found;
    if (!pop_ref(C, i, s, &found)) return false;
    if (!judge_matches(C->judge, found, type_ref(true, from)))
        return wrong(C, i, "it takes %s, where %s is", type_words(type_ref(true, from)).text,
                     type_words(found).text);
    return pushes(s, type_ref(type_is_null(found), to));
}

static bool reference_ok(TypingContext *C, const Instr *i, Stack *s)
{
    Type found;
    switch (i->op) {
    case OP_ref_null: return pushes(s, i->type);
    case OP_ref_is_null: return pop_ref(C, i, s, &found) && pushes(s, TYPE_i32);
    case OP_ref_as_non_null: return pop_ref(C, i, s, &found) && pushes(s, found & ~TYPE_NULL);
    case OP_ref_eq:
        return POP(type_ref(true, HEAP_eq), type_ref(true, HEAP_eq)) && pushes(s, TYPE_i32);
    case OP_ref_i31: return POP(TYPE_i32) && pushes(s, type_ref(false, HEAP_i31));
    case OP_any_convert_extern: return convert_ok(C, i, s, HEAP_extern, HEAP_any);
    case OP_extern_convert_any: return convert_ok(C, i, s, HEAP_any, HEAP_extern);
    default: return POP(type_ref(true, HEAP_i31)) && pushes(s, TYPE_i32); // i31.get_sx
    }
}

// ---- Structures and arrays

// A type that has a descriptor is made with one.
static bool takes_descriptor(TypingContext *C, const Instr *i, Stack *s, const TypeDef *def)
{
    bool takes = i->op == OP_struct_new_desc || i->op == OP_struct_new_default_desc;
    if (takes != (def->descriptor != TYPE_NONE)) return wrong(C, i, "whether it has a descriptor");
    return !takes || POP(type_ref_to(true, def->descriptor) | TYPE_EXACT);
}

static bool struct_new_ok(TypingContext *C, const Instr *i, Stack *s)
{
    TypeId id;
    const TypeDef *def = def_at(C, i, i->x, COMP_struct, &id);
    bool defaults = i->op == OP_struct_new_default || i->op == OP_struct_new_default_desc;
    if (!def || !takes_descriptor(C, i, s, def)) return false;
    for (u32 k = def->field_count; k-- > 0;) {
        Type field = def->fields[k].type;
        if (defaults && !type_is_defaultable(field))
            return wrong(C, i, "field %u has no default", k);
        if (!defaults && !POP(type_unpacked(field))) return false;
    }
    return pushes(s, made(C, id));
}

static bool struct_ok(TypingContext *C, const Instr *i, Stack *s)
{
    TypeId id;
    const TypeDef *def = def_at(C, i, i->x, COMP_struct, &id);
    if (!def) return false;
    if (!is_there(C, i, i->y, def->field_count, "field")) return false;
    const FieldType *field = &def->fields[i->y];
    if (i->op == OP_struct_set)
        return field->mutable ? POP(type_ref_to(true, id), type_unpacked(field->type))
                              : wrong(C, i, "field %u may not change", i->y);
    if (type_is_packed(field->type) != (i->op != OP_struct_get))
        return wrong(C, i, "whether field %u is packed", i->y);
    return POP(type_ref_to(true, id)) && pushes(s, type_unpacked(field->type));
}

static bool array_new_ok(TypingContext *C, const Instr *i, Stack *s, TypeId id, Type elem)
{
    Type value = type_unpacked(elem);
    switch (i->op) {
    case OP_array_new: return POP(value, TYPE_i32) && pushes(s, made(C, id));
    case OP_array_new_default:
        if (!type_is_defaultable(elem)) return wrong(C, i, "the elements have no default");
        return POP(TYPE_i32) && pushes(s, made(C, id));
    case OP_array_new_fixed:
        for (u32 k = 0; k < i->y; k++)
            if (!POP(value)) return false;
        return pushes(s, made(C, id));
    default: return POP(TYPE_i32, TYPE_i32) && pushes(s, made(C, id)); // of a segment
    }
}

static bool segment_ok(TypingContext *C, const Instr *i, Type elem)
{
    const Module *m = C->module;
    if (i->op == OP_array_new_data || i->op == OP_array_init_data)
        return is_there(C, i, i->y, m->data_count, "data segment") &&
               (!type_is_ref(elem) || wrong(C, i, "the elements are references"));
    return is_there(C, i, i->y, m->elem_count, "element segment") &&
           (judge_matches(C->judge, m->elems[i->y].type, elem) ||
            wrong(C, i, "the segment's elements are none of the array's"));
}

static bool array_copy_ok(TypingContext *C, const Instr *i, Stack *s, TypeId to, Type elem)
{
    TypeId from;
    const TypeDef *def = def_at(C, i, i->y, COMP_array, &from);
    if (!def) return false;
    if (!judge_matches(C->judge, def->fields[0].type, elem))
        return wrong(C, i, "the arrays are of different types");
    return POP(type_ref_to(true, to), TYPE_i32, type_ref_to(true, from), TYPE_i32, TYPE_i32);
}

static bool array_ok(TypingContext *C, const Instr *i, Stack *s)
{
    TypeId id;
    const TypeDef *def = def_at(C, i, i->x, COMP_array, &id);
    if (!def) return false;
    Type elem = def->fields[0].type, ref = type_ref_to(true, id), value = type_unpacked(elem);
    bool sets = false;
    switch (i->op) {
    case OP_array_get: case OP_array_get_s: case OP_array_get_u:
        if (type_is_packed(elem) != (i->op != OP_array_get))
            return wrong(C, i, "whether the elements are packed");
        return POP(ref, TYPE_i32) && pushes(s, value);
    case OP_array_new_data: case OP_array_new_elem:
        if (!segment_ok(C, i, elem)) return false; // fall through
    case OP_array_new: case OP_array_new_default: case OP_array_new_fixed:
        return array_new_ok(C, i, s, id, elem);
    case OP_array_init_data: case OP_array_init_elem:
        sets = segment_ok(C, i, elem) && POP(ref, TYPE_i32, TYPE_i32, TYPE_i32);
        break;
    case OP_array_set: sets = POP(ref, TYPE_i32, value); break;
    case OP_array_fill: sets = POP(ref, TYPE_i32, value, TYPE_i32); break;
    default: sets = array_copy_ok(C, i, s, id, elem); break;
    }
    return sets && (def->fields[0].mutable || wrong(C, i, "the elements may not change"));
}

// ---- Custom descriptors. spec: proposal custom-descriptors

// It is as exactly known as the object.
static bool get_desc_ok(TypingContext *C, const Instr *i, Stack *s)
{
    TypeId id;
    Type found;
    const TypeDef *def = def_at(C, i, i->x, COMP_struct, &id);
    if (!def) return false;
    if (def->descriptor == TYPE_NONE) return wrong(C, i, "type %u has no descriptor", i->x);
    if (!pop_ref(C, i, s, &found)) return false;
    if (!judge_matches(C->judge, found, type_ref_to(true, id)))
        return wrong(C, i, "it takes %s, where %s is", type_words(type_ref_to(true, id)).text,
                     type_words(found).text);
    bool exact = judge_matches(C->judge, found, type_ref_to(true, id) | TYPE_EXACT);
    return pushes(s, type_ref_to(false, def->descriptor) | (exact ? TYPE_EXACT : 0));
}

// Of a cast to a type that has one.
static bool pop_descriptor(TypingContext *C, const Instr *i, Stack *s)
{
    const TypeDef *def =
        type_is_concrete(i->type) ? type_def(types_of(C), type_id(i->type)) : NULL;
    if (!def || def->descriptor == TYPE_NONE)
        return wrong(C, i, "%s has no descriptor", type_words(i->type).text);
    return POP(type_ref_to(true, def->descriptor) | (i->type & TYPE_EXACT));
}

static bool cast_desc_ok(TypingContext *C, const Instr *i, Stack *s)
{
    Type top = type_ref(true, type_top(types_of(C), i->type));
    return pop_descriptor(C, i, s) && POP(top) && pushes(s, i->type);
}

static bool br_on_cast_desc_ok(TypingContext *C, const Instr *i, Stack *s)
{
    Type rest = i->of & ~(i->type & TYPE_NULL);
    bool fails = i->op == OP_br_on_cast_desc_eq_fail;
    return pop_descriptor(C, i, s) && POP(i->of) &&
           typing_sends(C, i, s, fails ? rest : i->type) && pushes(s, fails ? i->type : rest);
}

bool typing_object(TypingContext *C, const Instr *i, Stack *s)
{
    switch (i->redex) {
    case OP_ref_func: return ref_func_ok(C, i, s);
    case OP_ref_test: case OP_ref_test_null: case OP_ref_cast: case OP_ref_cast_null:
        return cast_ok(C, i, s);
    case OP_ref_null: case OP_ref_is_null: case OP_ref_as_non_null: case OP_ref_eq:
    case OP_ref_i31: case OP_i31_get_s: case OP_i31_get_u: case OP_any_convert_extern:
    case OP_extern_convert_any: return reference_ok(C, i, s);
    case OP_struct_new: case OP_struct_new_default: case OP_struct_new_desc:
    case OP_struct_new_default_desc: return struct_new_ok(C, i, s);
    case OP_struct_get: case OP_struct_get_s: case OP_struct_get_u: case OP_struct_set:
        return struct_ok(C, i, s);
    case OP_array_len: return POP(type_ref(true, HEAP_array)) && pushes(s, TYPE_i32);
    case OP_array_new: case OP_array_new_default: case OP_array_new_fixed: case OP_array_new_data:
    case OP_array_new_elem: case OP_array_get: case OP_array_get_s: case OP_array_get_u:
    case OP_array_set: case OP_array_fill: case OP_array_copy: case OP_array_init_data:
    case OP_array_init_elem: return array_ok(C, i, s);
    case OP_ref_get_desc: return get_desc_ok(C, i, s);
    case OP_ref_cast_desc_eq: case OP_ref_cast_desc_eq_null: return cast_desc_ok(C, i, s);
    case OP_br_on_cast_desc_eq: case OP_br_on_cast_desc_eq_fail:
        return br_on_cast_desc_ok(C, i, s);
    default: return typing_cont(C, i, s);
    }
}
