// rules_object.c -- references, structures and arrays.
// spec: exec/instructions

#include "formal/collect.h"

// ---- References

bool Step_read_ref_null(Config *c, const Instr *i)
{
    push(c, value_ref(VALUE_null, 0));
    return true;
}

bool Step_read_ref_func(Config *c, const Instr *i)
{
    push(c, value_ref(VALUE_func, module_of(c)->funcs[i->x]));
    return true;
}

bool Step_pure_ref_i31(Config *c, const Instr *i)
{
    *nth(c, 1) = value_ref(VALUE_i31, nth(c, 1)->bits & 0x7fffffff);
    return true;
}

static bool answers(Config *c, u32 operands, bool answer)
{
    pop(c, operands);
    push(c, value_i32(answer));
    return true;
}

bool Step_pure_ref_is_null_true(Config *c, const Instr *i)
{
    return value_is_null(*nth(c, 1)) && answers(c, 1, true);
}

bool Step_pure_ref_is_null_false(Config *c, const Instr *i) { return answers(c, 1, false); }

// If the n-th value from the right is null: a trap, in place of so many operands.
static bool null_traps(Config *c, u32 n, u32 operands, Trap why)
{
    return traps_if(c, value_is_null(*nth(c, n)), operands, why);
}

bool Step_pure_ref_as_non_null_null(Config *c, const Instr *i)
{
    return null_traps(c, 1, 1, TRAP_null_reference);
}

bool Step_pure_ref_as_non_null_addr(Config *c, const Instr *i) { return true; }

bool Step_pure_ref_eq_null(Config *c, const Instr *i)
{
    return value_is_null(*nth(c, 1)) && value_is_null(*nth(c, 2)) && answers(c, 2, true);
}

bool Step_pure_ref_eq_true(Config *c, const Instr *i)
{
    return value_same(*nth(c, 1), *nth(c, 2)) && answers(c, 2, true);
}

bool Step_pure_ref_eq_false(Config *c, const Instr *i) { return answers(c, 2, false); }

bool Step_read_ref_test_true(Config *c, const Instr *i)
{
    return ref_ok(c->store, *nth(c, 1), i->type) && answers(c, 1, true);
}

bool Step_read_ref_test_false(Config *c, const Instr *i) { return answers(c, 1, false); }

bool Step_read_ref_cast_succeed(Config *c, const Instr *i)
{
    return ref_ok(c->store, *nth(c, 1), i->type);
}

bool Step_read_ref_cast_fail(Config *c, const Instr *i)
{
    pop(c, 1);
    return traps(c, i->indirect ? TRAP_indirect_call_type_mismatch : TRAP_cast_failure);
}

bool Step_pure_i31_get_null(Config *c, const Instr *i)
{
    return null_traps(c, 1, 1, TRAP_null_i31_reference);
}

bool Step_pure_i31_get_num(Config *c, const Instr *i)
{
    u32 bits = (u32)nth(c, 1)->bits;
    if (i->op == OP_i31_get_s) bits = (u32)((s32)(bits << 1) >> 1);
    *nth(c, 1) = value_i32(bits);
    return true;
}

bool Step_pure_extern_convert_any_null(Config *c, const Instr *i)
{
    return value_is_null(*nth(c, 1));
}

bool Step_pure_extern_convert_any_addr(Config *c, const Instr *i)
{
    nth(c, 1)->external = true;
    return true;
}

bool Step_pure_any_convert_extern_null(Config *c, const Instr *i)
{
    return value_is_null(*nth(c, 1));
}

bool Step_pure_any_convert_extern_addr(Config *c, const Instr *i)
{
    nth(c, 1)->external = false;
    return true;
}

// ---- Fields

static TypeId type_at(Config *c, u32 x) { return module_of(c)->module->types[x]; }
static const TypeDef *def_at(Config *c, u32 x) { return type_def(c->store->types, type_at(c, x)); }
static Type element_of(Config *c, u32 x) { return def_at(c, x)->fields[0].type; }

static u32 packed_bits(Type type) { return type == TYPE_i8 ? 8 : 16; }

// $packfield_
static Val pack(Type type, Val v)
{
    if (!type_is_packed(type)) return v;
    return value_number(type, v.bits & (((u64)1 << packed_bits(type)) - 1));
}

// $unpackfield_
static Val unpack(Type type, bool is_signed, Val field)
{
    if (!type_is_packed(type)) return field;
    u32 rest = 32 - packed_bits(type), bits = (u32)field.bits;
    return value_i32(is_signed ? (u32)((s32)(bits << rest) >> rest) : bits);
}

static bool is_signed(const Instr *i)
{
    return i->op == OP_struct_get_s || i->op == OP_array_get_s;
}

// ---- Structures

// Of n values, the fields and the descriptor if it has one.
static bool makes_struct(Config *c, const Instr *i, u32 n)
{
    const TypeDef *def = def_at(c, i->x);
    Val *v = c->values + c->count - n;
    for (u32 k = 0; k < def->field_count; k++) v[k] = pack(def->fields[k].type, v[k]);
    if (!heap_room(c, object_bytes(n))) return true;
    u32 a = alloc_struct(c->store, type_at(c, i->x), v, n);
    if (a == NO_ADDRESS) return halts(c, TRAP_out_of_memory, "for an object");
    touch_new(c, PART_struct, a, n);
    pop(c, n);
    push(c, value_ref(VALUE_struct, a));
    return true;
}

bool Step_struct_new(Config *c, const Instr *i)
{
    return makes_struct(c, i, def_at(c, i->x)->field_count);
}

static bool push_defaults(Config *c, const TypeDef *def)
{
    if (!room(c, def->field_count)) return false;
    for (u32 k = 0; k < def->field_count; k++)
        push(c, value_default(type_unpacked(def->fields[k].type)));
    return true;
}

bool Step_read_struct_new_default(Config *c, const Instr *i)
{
    if (push_defaults(c, def_at(c, i->x))) ahead_plain(c, OP_struct_new, i->x);
    return true;
}

static ObjectInst *structure(Config *c, u32 n) { return &c->store->structs.at[nth(c, n)->bits]; }
static ObjectInst *array(Config *c, u32 n) { return &c->store->arrays.at[nth(c, n)->bits]; }
// NULL: its type has none.
static const Val *descriptor_of(Config *c, const ObjectInst *object)
{
    const TypeDef *def = type_def(c->store->types, object->type);
    return def->descriptor != TYPE_NONE ? &object->fields[def->field_count] : NULL;
}

bool Step_read_struct_get_null(Config *c, const Instr *i)
{
    return null_traps(c, 1, 1, TRAP_null_structure_reference);
}

bool Step_read_struct_get_struct(Config *c, const Instr *i)
{
    if (nth(c, 1)->kind != VALUE_struct) return false;
    Type type = def_at(c, i->x)->fields[i->y].type;
    *nth(c, 1) = unpack(type, is_signed(i), structure(c, 1)->fields[i->y]);
    return true;
}

bool Step_struct_set_null(Config *c, const Instr *i)
{
    return null_traps(c, 2, 2, TRAP_null_structure_reference);
}

bool Step_struct_set_struct(Config *c, const Instr *i)
{
    if (nth(c, 2)->kind != VALUE_struct) return false;
    touch(c, PART_struct, (u32)nth(c, 2)->bits, i->y, 1);
    structure(c, 2)->fields[i->y] = pack(def_at(c, i->x)->fields[i->y].type, *nth(c, 1));
    pop(c, 2);
    return true;
}

// ---- Custom descriptors: a structure has its own behind its fields

// If so many values from the right there is no descriptor: a trap in place of them.
static bool no_descriptor(Config *c, u32 operands)
{
    return null_traps(c, 1, operands, TRAP_null_descriptor_reference);
}

bool Step_struct_new_desc_null(Config *c, const Instr *i)
{
    return no_descriptor(c, def_at(c, i->x)->field_count + 1);
}

bool Step_struct_new_desc_struct(Config *c, const Instr *i)
{
    return makes_struct(c, i, def_at(c, i->x)->field_count + 1);
}

bool Step_read_struct_new_default_desc(Config *c, const Instr *i)
{
    Val descriptor = *nth(c, 1);
    pop(c, 1);
    if (!push_defaults(c, def_at(c, i->x))) return true;
    push(c, descriptor);
    ahead_plain(c, OP_struct_new_desc, i->x);
    return true;
}

bool Step_read_ref_get_desc_null(Config *c, const Instr *i)
{
    return null_traps(c, 1, 1, TRAP_null_reference);
}

bool Step_read_ref_get_desc_struct(Config *c, const Instr *i)
{
    if (nth(c, 1)->kind != VALUE_struct) return false;
    *nth(c, 1) = *descriptor_of(c, structure(c, 1));
    return true;
}

// ref descriptor: is that the reference's own? Who has a type's descriptor is of what it describes.
static bool described(Config *c, const Instr *i)
{
    if (value_is_null(*nth(c, 2))) return type_is_null(i->type);
    if (nth(c, 2)->kind != VALUE_struct) return false;
    const Val *own = descriptor_of(c, structure(c, 2));
    return own && value_same(*own, *nth(c, 1));
}

// The reference stays.
static bool leaves_ref(Config *c)
{
    pop(c, 1);
    return true;
}

static bool branches(Config *c, const Instr *i)
{
    pop(c, 1);
    ahead_plain(c, OP_br, i->x);
    return true;
}

bool Step_read_ref_cast_desc_eq_null(Config *c, const Instr *i) { return no_descriptor(c, 2); }
bool Step_read_ref_cast_desc_eq_succeed(Config *c, const Instr *i)
{
    return described(c, i) && leaves_ref(c);
}
bool Step_read_ref_cast_desc_eq_fail(Config *c, const Instr *i)
{
    pop(c, 2);
    return traps(c, TRAP_descriptor_cast_failure);
}

bool Step_read_br_on_cast_desc_eq_null(Config *c, const Instr *i) { return no_descriptor(c, 2); }
bool Step_read_br_on_cast_desc_eq_succeed(Config *c, const Instr *i)
{
    return described(c, i) && branches(c, i);
}
bool Step_read_br_on_cast_desc_eq_fail(Config *c, const Instr *i) { return leaves_ref(c); }

bool Step_read_br_on_cast_desc_eq_fail_null(Config *c, const Instr *i)
{
    return no_descriptor(c, 2);
}
bool Step_read_br_on_cast_desc_eq_fail_succeed(Config *c, const Instr *i)
{
    return described(c, i) && leaves_ref(c);
}
bool Step_read_br_on_cast_desc_eq_fail_fail(Config *c, const Instr *i) { return branches(c, i); }

// ---- Arrays: new ones

// (ARRAY.NEW_FIXED x n)
static bool then_fixed(Config *c, const Instr *i, u64 n)
{
    Instr fixed = instr_plain(OP_array_new_fixed, i->x);
    fixed.y = (u32)n;
    ahead(c, fixed);
    return true;
}

// n times val, and that
static bool repeats(Config *c, const Instr *i, Val v, u64 n)
{
    if (!room(c, n)) return true;
    for (u64 k = 0; k < n; k++) push(c, v);
    return then_fixed(c, i, n);
}

bool Step_pure_array_new(Config *c, const Instr *i)
{
    Val v = *nth(c, 2);
    u64 n = nth(c, 1)->bits;
    pop(c, 2);
    return repeats(c, i, v, n);
}

bool Step_read_array_new_default(Config *c, const Instr *i)
{
    u64 n = nth(c, 1)->bits;
    pop(c, 1);
    return repeats(c, i, value_default(type_unpacked(element_of(c, i->x))), n);
}

bool Step_array_new_fixed(Config *c, const Instr *i)
{
    Type type = element_of(c, i->x);
    u32 n = i->y;
    Val *v = c->values + c->count - n;
    for (u32 k = 0; type_is_packed(type) && k < n; k++) v[k] = pack(type, v[k]);
    if (!heap_room(c, object_bytes(n))) return true;
    u32 a = alloc_array(c->store, type_at(c, i->x), v, n);
    if (a == NO_ADDRESS) return halts(c, TRAP_out_of_memory, "for an object");
    touch_new(c, PART_array, a, n);
    pop(c, n);
    push(c, value_ref(VALUE_array, a));
    return true;
}

static const ElemInst *elem(Config *c, u32 y)
{
    return &c->store->elems.at[module_of(c)->elems[y]];
}
static const DataInst *data(Config *c, u32 y)
{
    return &c->store->datas.at[module_of(c)->datas[y]];
}

bool Step_read_array_new_elem_oob(Config *c, const Instr *i)
{
    return traps_if(c, nth(c, 2)->bits + nth(c, 1)->bits > elem(c, i->y)->count, 2,
                     TRAP_out_of_bounds_table_access);
}

bool Step_read_array_new_elem_alloc(Config *c, const Instr *i)
{
    u64 from = nth(c, 2)->bits, n = nth(c, 1)->bits;
    pop(c, 2);
    if (!room(c, n)) return true;
    for (u64 k = 0; k < n; k++) push(c, elem(c, i->y)->refs[from + k]);
    return then_fixed(c, i, n);
}

// $zsize, in bytes
static u32 element_bytes(Type type) { return type == TYPE_v128 ? 16 : 1u << type_log2(type); }

// $zbytes_, by its inverse: as it stands on the stack
static Val number_at(const u8 *at, Type type)
{
    Val v = {.kind = (u8)type_unpacked(type), .lanes = {0, 0}};
    for (u32 k = 0; k < element_bytes(type); k++) v.lanes[k / 8] |= (u64)at[k] << k % 8 * 8;
    return v;
}

bool Step_read_array_new_data_oob(Config *c, const Instr *i)
{
    u64 size = nth(c, 1)->bits * element_bytes(element_of(c, i->x));
    return traps_if(c, nth(c, 2)->bits + size > data(c, i->y)->count, 2,
                     TRAP_out_of_bounds_memory_access);
}

bool Step_read_array_new_data_num(Config *c, const Instr *i)
{
    u64 from = nth(c, 2)->bits, n = nth(c, 1)->bits;
    Type type = element_of(c, i->x);
    pop(c, 2);
    if (!room(c, n)) return true;
    for (u64 k = 0; k < n; k++)
        push(c, number_at(data(c, i->y)->bytes + from + k * element_bytes(type), type));
    return then_fixed(c, i, n);
}

// ---- Arrays: elements

bool Step_read_array_get_null(Config *c, const Instr *i)
{
    return null_traps(c, 2, 2, TRAP_null_array_reference);
}

bool Step_read_array_get_oob(Config *c, const Instr *i)
{
    return traps_if(c, nth(c, 1)->bits >= array(c, 2)->count, 2,
                     TRAP_out_of_bounds_array_access);
}

bool Step_read_array_get_array(Config *c, const Instr *i)
{
    u64 at = nth(c, 1)->bits;
    if (nth(c, 2)->kind != VALUE_array || at >= array(c, 2)->count) return false;
    *nth(c, 2) = unpack(element_of(c, i->x), is_signed(i), array(c, 2)->fields[at]);
    pop(c, 1);
    return true;
}

bool Step_array_set_null(Config *c, const Instr *i)
{
    return null_traps(c, 3, 3, TRAP_null_array_reference);
}

bool Step_array_set_oob(Config *c, const Instr *i)
{
    return traps_if(c, nth(c, 2)->bits >= array(c, 3)->count, 3,
                     TRAP_out_of_bounds_array_access);
}

bool Step_array_set_array(Config *c, const Instr *i)
{
    u64 at = nth(c, 2)->bits;
    if (nth(c, 3)->kind != VALUE_array || at >= array(c, 3)->count) return false;
    touch(c, PART_array, (u32)nth(c, 3)->bits, at, 1);
    array(c, 3)->fields[at] = pack(element_of(c, i->x), *nth(c, 1));
    pop(c, 3);
    return true;
}

bool Step_read_array_len_null(Config *c, const Instr *i)
{
    return null_traps(c, 1, 1, TRAP_null_array_reference);
}

bool Step_read_array_len_array(Config *c, const Instr *i)
{
    if (nth(c, 1)->kind != VALUE_array) return false;
    *nth(c, 1) = value_i32(array(c, 1)->count);
    return true;
}

// ---- Arrays: many elements. One is done, and what is left stands for itself.

static Val add(Val v, u64 n) { return value_i32((u32)(v.bits + n)); }

static bool nothing_to_do(Config *c, u32 operands)
{
    if (nth(c, 1)->bits) return false;
    pop(c, operands);
    return true;
}

bool Step_read_array_fill_null(Config *c, const Instr *i)
{
    return null_traps(c, 4, 4, TRAP_null_array_reference);
}

bool Step_read_array_fill_oob(Config *c, const Instr *i)
{
    return traps_if(c, nth(c, 3)->bits + nth(c, 1)->bits > array(c, 4)->count, 4,
                     TRAP_out_of_bounds_array_access);
}

bool Step_read_array_fill_zero(Config *c, const Instr *i) { return nothing_to_do(c, 4); }

bool Step_read_array_fill_succ(Config *c, const Instr *i)
{
    Val ref = *nth(c, 4), at = *nth(c, 3), v = *nth(c, 2), n = *nth(c, 1);
    ahead(c, *i);
    ahead_value(c, add(n, (u64)-1));
    ahead_value(c, v);
    ahead_value(c, add(at, 1));
    ahead_value(c, ref);
    ahead_plain(c, OP_array_set, i->x);
    pop(c, 1);
    return true;
}

bool Step_read_array_copy_null1(Config *c, const Instr *i)
{
    return null_traps(c, 5, 5, TRAP_null_array_reference);
}

bool Step_read_array_copy_null2(Config *c, const Instr *i)
{
    return null_traps(c, 3, 5, TRAP_null_array_reference);
}

bool Step_read_array_copy_oob1(Config *c, const Instr *i)
{
    return traps_if(c, nth(c, 4)->bits + nth(c, 1)->bits > array(c, 5)->count, 5,
                     TRAP_out_of_bounds_array_access);
}

bool Step_read_array_copy_oob2(Config *c, const Instr *i)
{
    return traps_if(c, nth(c, 2)->bits + nth(c, 1)->bits > array(c, 3)->count, 5,
                     TRAP_out_of_bounds_array_access);
}

bool Step_read_array_copy_zero(Config *c, const Instr *i) { return nothing_to_do(c, 5); }

// The element at (to, from) is copied; what is left is (to_rest, from_rest, n - 1).
static bool copies(Config *c, const Instr *i, Val to, Val from, Val to_rest, Val from_rest)
{
    Val into = *nth(c, 5), out_of = *nth(c, 3), n = *nth(c, 1);
    bool packed = type_is_packed(element_of(c, i->y));
    ahead(c, *i);
    ahead_value(c, add(n, (u64)-1));
    ahead_value(c, from_rest);
    ahead_value(c, out_of);
    ahead_value(c, to_rest);
    ahead_value(c, into);
    ahead_plain(c, OP_array_set, i->x);
    ahead_plain(c, packed ? OP_array_get_s : OP_array_get, i->y);
    pop(c, 4);
    push(c, to);
    push(c, out_of);
    push(c, from);
    return true;
}

bool Step_read_array_copy_le(Config *c, const Instr *i)
{
    Val to = *nth(c, 4), from = *nth(c, 2);
    return to.bits <= from.bits && copies(c, i, to, from, add(to, 1), add(from, 1));
}

bool Step_read_array_copy_gt(Config *c, const Instr *i)
{
    Val to = *nth(c, 4), from = *nth(c, 2);
    u64 last = nth(c, 1)->bits - 1;
    return copies(c, i, add(to, last), add(from, last), to, from);
}

// (REF.ARRAY_ADDR a) i j n: the element v goes to i; what is left begins `step` further.
static bool initializes(Config *c, const Instr *i, Val v, u32 step)
{
    Val ref = *nth(c, 4), to = *nth(c, 3), from = *nth(c, 2), n = *nth(c, 1);
    ahead(c, *i);
    ahead_value(c, add(n, (u64)-1));
    ahead_value(c, add(from, step));
    ahead_value(c, add(to, 1));
    ahead_value(c, ref);
    ahead_plain(c, OP_array_set, i->x);
    pop(c, 2);
    push(c, v);
    return true;
}

bool Step_read_array_init_elem_null(Config *c, const Instr *i)
{
    return null_traps(c, 4, 4, TRAP_null_array_reference);
}

bool Step_read_array_init_elem_oob1(Config *c, const Instr *i)
{
    return traps_if(c, nth(c, 3)->bits + nth(c, 1)->bits > array(c, 4)->count, 4,
                     TRAP_out_of_bounds_array_access);
}

bool Step_read_array_init_elem_oob2(Config *c, const Instr *i)
{
    return traps_if(c, nth(c, 2)->bits + nth(c, 1)->bits > elem(c, i->y)->count, 4,
                     TRAP_out_of_bounds_table_access);
}

bool Step_read_array_init_elem_zero(Config *c, const Instr *i) { return nothing_to_do(c, 4); }

bool Step_read_array_init_elem_succ(Config *c, const Instr *i)
{
    return initializes(c, i, elem(c, i->y)->refs[nth(c, 2)->bits], 1);
}

bool Step_read_array_init_data_null(Config *c, const Instr *i)
{
    return null_traps(c, 4, 4, TRAP_null_array_reference);
}

bool Step_read_array_init_data_oob1(Config *c, const Instr *i)
{
    return traps_if(c, nth(c, 3)->bits + nth(c, 1)->bits > array(c, 4)->count, 4,
                     TRAP_out_of_bounds_array_access);
}

bool Step_read_array_init_data_oob2(Config *c, const Instr *i)
{
    u64 size = nth(c, 1)->bits * element_bytes(element_of(c, i->x));
    return traps_if(c, nth(c, 2)->bits + size > data(c, i->y)->count, 4,
                     TRAP_out_of_bounds_memory_access);
}

bool Step_read_array_init_data_zero(Config *c, const Instr *i) { return nothing_to_do(c, 4); }

bool Step_read_array_init_data_num(Config *c, const Instr *i)
{
    Type type = element_of(c, i->x);
    return initializes(c, i, number_at(data(c, i->y)->bytes + nth(c, 2)->bits, type),
                       element_bytes(type));
}
