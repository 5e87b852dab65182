// instructions.c -- how many operands instructions take whose signature is not a row of sig.def.
// What they give the walk has on its stack.

#include "opt/builder.h"

u32 operand_count(const Imm *imm)
{
    switch (imm->op) {
    case OP_unreachable: case OP_global_get: case OP_table_size: case OP_memory_size:
    case OP_struct_new_default: case OP_ref_func: return 0;
    case OP_global_set: case OP_table_get: case OP_memory_grow: case OP_ref_is_null:
    case OP_ref_as_non_null: case OP_throw_ref: case OP_struct_get: case OP_struct_get_s:
    case OP_struct_get_u: case OP_array_new_default: case OP_array_len: case OP_ref_test:
    case OP_ref_test_null: case OP_ref_cast: case OP_ref_cast_null: case OP_any_convert_extern:
    case OP_extern_convert_any: case OP_ref_i31: case OP_i31_get_s: case OP_i31_get_u:
    case OP_struct_new_default_desc: case OP_ref_get_desc: case OP_cont_new: case OP_br_on_null:
    case OP_br_on_non_null: case OP_br_on_cast: case OP_br_on_cast_fail: return 1;
    case OP_table_set: case OP_table_grow: case OP_memory_discard: case OP_ref_eq:
    case OP_struct_set: case OP_array_new: case OP_array_new_data: case OP_array_new_elem:
    case OP_array_get: case OP_array_get_s: case OP_array_get_u: case OP_ref_cast_desc_eq:
    case OP_ref_cast_desc_eq_null: case OP_br_on_cast_desc_eq: case OP_br_on_cast_desc_eq_fail:
    case OP_memory_atomic_notify: case OP_resume_throw_ref: return 2;
    case OP_table_init: case OP_table_copy: case OP_table_fill: case OP_memory_init:
    case OP_memory_copy: case OP_memory_fill: case OP_array_set: case OP_memory_atomic_wait32:
    case OP_memory_atomic_wait64: return 3;
    case OP_array_fill: case OP_array_init_data: case OP_array_init_elem: return 4;
    case OP_array_copy: return 5;
    case OP_call: case OP_return_call: case OP_throw: case OP_suspend:
        return imm->def->param_count;
    case OP_call_indirect: case OP_call_ref: case OP_return_call_indirect:
    case OP_return_call_ref: case OP_resume: return imm->def->param_count + 1u;
    case OP_switch: return imm->def->param_count; // but the last, and the continuation
    case OP_struct_new: return imm->def->field_count;
    case OP_struct_new_desc: return imm->def->field_count + 1;
    case OP_array_new_fixed: return imm->type_count.count;
    default: return UINT32_MAX;
    }
}
