// rules_data.c -- constants, variables, memories, tables and their segments.
// spec: valid/instructions, from parametric to memory instructions

#include "valid/walk_core.h"

#include <string.h>

// ---- Parametric

// rule: Instr_ok/drop
bool valid_drop(WalkState *w, Imm *imm) { return walk_pop_any(w, &imm->type); }

// Without an annotation only numbers and vectors, so that no least upper bound is needed.
// rule: Instr_ok/select-impl
bool valid_select(WalkState *w, Imm *imm)
{
    Type a, b;
    if (!walk_pop(w, TYPE_i32) || !walk_pop_any(w, &b) || !walk_pop_any(w, &a)) return false;
    if (type_is_ref(a) || type_is_ref(b))
        return walk_fail(w, ERR_type_mismatch, "select of references must say of which type");
    if (a != b && a != TYPE_bottom && b != TYPE_bottom)
        return walk_fail(w, ERR_type_mismatch, "select between %s and %s",
                         walk_type_name(w, a).text, walk_type_name(w, b).text);
    imm->type = a == TYPE_bottom ? b : a;
    walk_push(w, imm->type);
    return true;
}

// rule: Instr_ok/select-expl
bool valid_select_t(WalkState *w, Imm *imm)
{
    if (imm->types.count != 1)
        return walk_fail(w, ERR_invalid_result_arity, "select of %u types", imm->types.count);
    imm->type = imm->types.at[0];
    if (!walk_type(w, &imm->type) || !WALK_POP(w, imm->type, imm->type, TYPE_i32)) return false;
    walk_push(w, imm->type);
    return true;
}

// ---- Variables

static bool local_immediate(WalkState *w, Imm *imm)
{
    if (!walk_below(w, imm->local, w->local_count, ERR_unknown_local)) return false;
    imm->type = imm->local < w->local_flat ? w->locals[imm->local] : walk_far_local(w, imm->local);
    return true;
}

static bool local_is_unset(const WalkState *w, const Imm *imm)
{
    u32 i = imm->local;
    return w->inited && i >= w->type->param_count && !type_is_defaultable(imm->type) &&
           !(w->inited[i / 8] >> i % 8 & 1);
}

// From here to the end of the frame it has a value.
static void local_initialized(WalkState *w, const Imm *imm)
{
    if (!local_is_unset(w, imm)) return;
    w->inited[imm->local / 8] |= (u8)(1u << imm->local % 8);
    ARENA_PUSH(w->arena, w->inits, w->init_count, w->init_cap) = imm->local;
}

// rule: Instr_ok/local.get
bool valid_local_get(WalkState *w, Imm *imm)
{
    if (!local_immediate(w, imm)) return false;
    if (local_is_unset(w, imm)) return walk_fail(w, ERR_uninitialized_local, " %u", imm->local);
    walk_push(w, imm->type);
    return true;
}

// rule: Instr_ok/local.set
bool valid_local_set(WalkState *w, Imm *imm)
{
    if (!local_immediate(w, imm) || !walk_pop(w, imm->type)) return false;
    local_initialized(w, imm);
    return true;
}

// rule: Instr_ok/local.tee
bool valid_local_tee(WalkState *w, Imm *imm)
{
    if (!valid_local_set(w, imm)) return false;
    walk_push(w, imm->type);
    return true;
}

static bool global_immediate(WalkState *w, Imm *imm, bool *mutable)
{
    u32 count = w->constant ? w->globals : w->m->global_count;
    if (!walk_below(w, imm->global, count, ERR_unknown_global)) return false;
    const GlobalType *type = &w->m->globals[imm->global].type;
    imm->type = type->type;
    *mutable = type->mutable;
    return true;
}

// rule: Instr_ok/global.get
bool valid_global_get(WalkState *w, Imm *imm)
{
    bool mutable;
    if (!global_immediate(w, imm, &mutable)) return false;
    // rule: Instr_const/global.get
    if (w->constant && mutable)
        return walk_fail(w, ERR_constant_required, "global %u is mutable", imm->global);
    if (w->constant && imm->global >= w->m->imported_globals && !module_has(w->m, FEATURE_gc))
        return walk_fail(w, ERR_constant_required,
                         "global %u is not imported, and gc is not enabled", imm->global);
    walk_push(w, imm->type);
    return true;
}

// rule: Instr_ok/global.set
bool valid_global_set(WalkState *w, Imm *imm)
{
    bool mutable;
    if (!global_immediate(w, imm, &mutable)) return false;
    if (!mutable) return walk_fail(w, ERR_global_is_immutable, " %u", imm->global);
    return walk_pop(w, imm->type);
}

// ---- Constants

// rules: Instr_ok/const, Instr_ok/vconst
static bool constant(WalkState *w, Type type)
{
    walk_push(w, type);
    return true;
}

bool valid_i32_const(WalkState *w, Imm *imm) { return constant(w, TYPE_i32); }
bool valid_i64_const(WalkState *w, Imm *imm) { return constant(w, TYPE_i64); }
bool valid_f32_const(WalkState *w, Imm *imm) { return constant(w, TYPE_f32); }
bool valid_f64_const(WalkState *w, Imm *imm) { return constant(w, TYPE_f64); }
bool valid_v128_const(WalkState *w, Imm *imm) { return constant(w, TYPE_v128); }

// rule: Instr_ok/vshuffle
bool valid_i8x16_shuffle(WalkState *w, Imm *imm)
{
    for (u32 i = 0; i < 16; i++)
        if (!walk_lane(w, imm->bytes[i], 32)) return false;
    return walk_sig_call(w, imm->op, SIG_vv_v);
}

// ---- Memories

// rule: Instr_ok/memory.size
bool valid_memory_size(WalkState *w, Imm *imm)
{
    if (!walk_memory(w, imm->memory, &imm->is64)) return false;
    walk_push(w, walk_address(imm->is64));
    return true;
}

// rule: Instr_ok/memory.grow
bool valid_memory_grow(WalkState *w, Imm *imm)
{
    if (!walk_memory(w, imm->memory, &imm->is64) || !walk_pop(w, walk_address(imm->is64)))
        return false;
    walk_push(w, walk_address(imm->is64));
    return true;
}

// Data segments are counted before the code only by a section of its own.
static bool data_known(WalkState *w, u32 index)
{
    if (!w->m->has_data_count)
        return walk_fail(w, ERR_data_count_required, "%s needs it", op_info[w->op].text);
    return index < w->m->data_count ||
           walk_fail(w, ERR_unknown_data_segment, " %u; there are %u", index, w->m->data_count);
}

// rule: Instr_ok/memory.init
bool valid_memory_init(WalkState *w, Imm *imm)
{
    // Malformed goes before invalid.
    if (!w->m->has_data_count && !data_known(w, imm->data_memory.data)) return false;
    if (!walk_memory(w, imm->data_memory.memory, &imm->is64)) return false;
    return data_known(w, imm->data_memory.data) &&
           WALK_POP(w, walk_address(imm->is64), TYPE_i32, TYPE_i32);
}

// rule: Instr_ok/data.drop
bool valid_data_drop(WalkState *w, Imm *imm) { return data_known(w, imm->data); }

// The length has the narrower of the two address types.
// rule: Instr_ok/memory.copy
bool valid_memory_copy(WalkState *w, Imm *imm)
{
    if (!walk_memory(w, imm->memory_memory.to, &imm->is64) ||
        !walk_memory(w, imm->memory_memory.from, &imm->src64))
        return false;
    return WALK_POP(w, walk_address(imm->is64), walk_address(imm->src64),
                    walk_address(imm->is64 && imm->src64));
}

// rule: Instr_ok/memory.fill
bool valid_memory_fill(WalkState *w, Imm *imm)
{
    if (!walk_memory(w, imm->memory, &imm->is64)) return false;
    return WALK_POP(w, walk_address(imm->is64), TYPE_i32, walk_address(imm->is64));
}

bool valid_memory_discard(WalkState *w, Imm *imm)
{
    if (!walk_memory(w, imm->memory, &imm->is64)) return false;
    return WALK_POP(w, walk_address(imm->is64), walk_address(imm->is64));
}

bool valid_memory_atomic_notify(WalkState *w, Imm *imm)
{
    if (!walk_atomic_memarg(w, imm, 2) || !WALK_POP(w, walk_address(imm->is64), TYPE_i32))
        return false;
    walk_push(w, TYPE_i32);
    return true;
}

bool valid_memory_atomic_wait32(WalkState *w, Imm *imm)
{
    if (!walk_atomic_memarg(w, imm, 2) || !WALK_POP(w, walk_address(imm->is64), TYPE_i32, TYPE_i64))
        return false;
    walk_push(w, TYPE_i32);
    return true;
}

bool valid_memory_atomic_wait64(WalkState *w, Imm *imm)
{
    if (!walk_atomic_memarg(w, imm, 3) || !WALK_POP(w, walk_address(imm->is64), TYPE_i64, TYPE_i64))
        return false;
    walk_push(w, TYPE_i32);
    return true;
}

bool valid_atomic_fence(WalkState *w, Imm *imm) { return true; }

// ---- Tables

static bool table_known(WalkState *w, u32 index, bool *is64, Type *elem)
{
    if (!walk_below(w, index, w->m->table_count, ERR_unknown_table)) return false;
    const TableType *type = &w->m->tables[index].type;
    *is64 = type->limits.is64;
    *elem = type->elem;
    return true;
}

static bool table_immediate(WalkState *w, Imm *imm)
{
    return table_known(w, imm->table, &imm->is64, &imm->type);
}

// rule: Instr_ok/table.get
bool valid_table_get(WalkState *w, Imm *imm)
{
    if (!table_immediate(w, imm) || !walk_pop(w, walk_address(imm->is64))) return false;
    walk_push(w, imm->type);
    return true;
}

// rule: Instr_ok/table.set
bool valid_table_set(WalkState *w, Imm *imm)
{
    return table_immediate(w, imm) && WALK_POP(w, walk_address(imm->is64), imm->type);
}

// rule: Instr_ok/table.size
bool valid_table_size(WalkState *w, Imm *imm)
{
    if (!table_immediate(w, imm)) return false;
    walk_push(w, walk_address(imm->is64));
    return true;
}

// rule: Instr_ok/table.grow
bool valid_table_grow(WalkState *w, Imm *imm)
{
    if (!table_immediate(w, imm) || !WALK_POP(w, imm->type, walk_address(imm->is64))) return false;
    walk_push(w, walk_address(imm->is64));
    return true;
}

// rule: Instr_ok/table.fill
bool valid_table_fill(WalkState *w, Imm *imm)
{
    return table_immediate(w, imm) &&
           WALK_POP(w, walk_address(imm->is64), imm->type, walk_address(imm->is64));
}

static bool elem_known(WalkState *w, u32 index, Type *type)
{
    if (index >= w->m->elem_count)
        return walk_fail(w, ERR_unknown_elem_segment, " %u; there are %u", index, w->m->elem_count);
    *type = w->m->elems[index].type;
    return true;
}

static bool elements_match(WalkState *w, Type from, Type to)
{
    return walk_matches(w, from, to) ||
           walk_fail(w, ERR_type_mismatch, "%s of %s into a table of %s", op_info[w->op].text,
                     walk_type_name(w, from).text, walk_type_name(w, to).text);
}

// rule: Instr_ok/table.init
bool valid_table_init(WalkState *w, Imm *imm)
{
    Type from = TYPE_bottom;
    if (!table_known(w, imm->elem_table.table, &imm->is64, &imm->type) ||
        !elem_known(w, imm->elem_table.elem, &from))
        return false;
    return elements_match(w, from, imm->type) &&
           WALK_POP(w, walk_address(imm->is64), TYPE_i32, TYPE_i32);
}

// rule: Instr_ok/elem.drop
bool valid_elem_drop(WalkState *w, Imm *imm) { return elem_known(w, imm->elem, &imm->type); }

// rule: Instr_ok/table.copy
bool valid_table_copy(WalkState *w, Imm *imm)
{
    Type from = TYPE_bottom;
    if (!table_known(w, imm->table_table.to, &imm->is64, &imm->type) ||
        !table_known(w, imm->table_table.from, &imm->src64, &from))
        return false;
    return elements_match(w, from, imm->type) &&
           WALK_POP(w, walk_address(imm->is64), walk_address(imm->src64),
                    walk_address(imm->is64 && imm->src64));
}

// ---- Segments of arrays

static bool array_of(WalkState *w, u32 index, Imm *imm)
{
    if (!walk_type_of(w, index, imm, COMP_array)) return false;
    imm->type = imm->def->fields[0].type;
    return true;
}

static bool data_fits_array(WalkState *w, Imm *imm)
{
    u32 type = imm->type_data.type;
    if (!array_of(w, type, imm) || !data_known(w, imm->type_data.data)) return false;
    return !type_is_ref(imm->type) || walk_fail(w, ERR_array_not_numeric, "type %u", type);
}

static bool elems_fit_array(WalkState *w, Imm *imm)
{
    Type from = TYPE_bottom;
    if (!array_of(w, imm->type_elem.type, imm) || !elem_known(w, imm->type_elem.elem, &from))
        return false;
    return walk_matches(w, from, imm->type) ||
           walk_fail(w, ERR_type_mismatch, "%s of %s into an array of %s", op_info[w->op].text,
                     walk_type_name(w, from).text, walk_type_name(w, imm->type).text);
}

static bool new_from_segment(WalkState *w, const Imm *imm)
{
    if (!WALK_POP(w, TYPE_i32, TYPE_i32)) return false;
    walk_push(w, type_ref_to(false, imm->type_id) | walk_exact(w));
    return true;
}

static bool init_from_segment(WalkState *w, const Imm *imm, u32 type)
{
    if (!imm->def->fields[0].mutable) return walk_fail(w, ERR_immutable_array, "type %u", type);
    return WALK_POP(w, type_ref_to(true, imm->type_id), TYPE_i32, TYPE_i32, TYPE_i32);
}

// rule: Instr_ok/array.new_data
bool valid_array_new_data(WalkState *w, Imm *imm)
{
    return data_fits_array(w, imm) && new_from_segment(w, imm);
}
// rule: Instr_ok/array.new_elem
bool valid_array_new_elem(WalkState *w, Imm *imm)
{
    return elems_fit_array(w, imm) && new_from_segment(w, imm);
}
// rule: Instr_ok/array.init_data
bool valid_array_init_data(WalkState *w, Imm *imm)
{
    return data_fits_array(w, imm) && init_from_segment(w, imm, imm->type_data.type);
}
// rule: Instr_ok/array.init_elem
bool valid_array_init_elem(WalkState *w, Imm *imm)
{
    return elems_fit_array(w, imm) && init_from_segment(w, imm, imm->type_elem.type);
}
