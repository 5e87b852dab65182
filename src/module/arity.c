// arity.c -- see arity.h.

#include "module/arity.h"

#define ARITY(pops, pushes) (1 + (pops) * 4 + (pushes))
static const u8 plain_arity[OP_COUNT] = {
    [OP_unreachable] = ARITY(0, 0), [OP_nop] = ARITY(0, 0), [OP_throw_ref] = ARITY(1, 0),
    [OP_rethrow] = ARITY(0, 0),
    [OP_drop] = ARITY(1, 0), [OP_select] = ARITY(3, 1), [OP_select_t] = ARITY(3, 1),
    [OP_local_get] = ARITY(0, 1), [OP_local_set] = ARITY(1, 0), [OP_local_tee] = ARITY(1, 1),
    [OP_global_get] = ARITY(0, 1), [OP_global_set] = ARITY(1, 0),
    [OP_table_get] = ARITY(1, 1), [OP_table_set] = ARITY(2, 0), [OP_table_init] = ARITY(3, 0),
    [OP_table_copy] = ARITY(3, 0), [OP_table_grow] = ARITY(2, 1), [OP_table_size] = ARITY(0, 1),
    [OP_table_fill] = ARITY(3, 0), [OP_memory_size] = ARITY(0, 1), [OP_memory_grow] = ARITY(1, 1),
    [OP_memory_init] = ARITY(3, 0), [OP_memory_copy] = ARITY(3, 0), [OP_memory_fill] = ARITY(3, 0),
    [OP_memory_discard] = ARITY(2, 0),
    [OP_ref_null] = ARITY(0, 1), [OP_ref_is_null] = ARITY(1, 1), [OP_ref_func] = ARITY(0, 1),
    [OP_ref_eq] = ARITY(2, 1), [OP_ref_as_non_null] = ARITY(1, 1),
    [OP_struct_new_default] = ARITY(0, 1), [OP_struct_get] = ARITY(1, 1),
    [OP_struct_get_s] = ARITY(1, 1),
    [OP_struct_get_u] = ARITY(1, 1), [OP_struct_set] = ARITY(2, 0), [OP_array_new] = ARITY(2, 1),
    [OP_array_new_default] = ARITY(1, 1), [OP_array_new_data] = ARITY(2, 1),
    [OP_array_new_elem] = ARITY(2, 1),
    [OP_array_get] = ARITY(2, 1), [OP_array_get_s] = ARITY(2, 1), [OP_array_get_u] = ARITY(2, 1),
    [OP_array_set] = ARITY(3, 0), [OP_array_len] = ARITY(1, 1), [OP_array_fill] = ARITY(4, 0),
    [OP_array_copy] = ARITY(5, 0), [OP_array_init_data] = ARITY(4, 0),
    [OP_array_init_elem] = ARITY(4, 0),
    [OP_ref_test] = ARITY(1, 1), [OP_ref_test_null] = ARITY(1, 1), [OP_ref_cast] = ARITY(1, 1),
    [OP_ref_cast_null] = ARITY(1, 1), [OP_any_convert_extern] = ARITY(1, 1),
    [OP_extern_convert_any] = ARITY(1, 1),
    [OP_ref_i31] = ARITY(1, 1), [OP_i31_get_s] = ARITY(1, 1), [OP_i31_get_u] = ARITY(1, 1),
    [OP_struct_new_default_desc] = ARITY(1, 1), [OP_ref_get_desc] = ARITY(1, 1),
    [OP_ref_cast_desc_eq] = ARITY(2, 1), [OP_ref_cast_desc_eq_null] = ARITY(2, 1),
    [OP_cont_new] = ARITY(1, 1),
    [OP_memory_atomic_notify] = ARITY(2, 1), [OP_memory_atomic_wait32] = ARITY(3, 1),
    [OP_memory_atomic_wait64] = ARITY(3, 1),
};
#undef ARITY

static const TypeDef *type_at(const Module *m, u32 index)
{
    return index < m->type_count ? type_def(m->store, m->types[index]) : NULL;
}

// The function type, or that of the continuation type.
static const TypeDef *signature(const Module *m, const TypeDef *def)
{
    if (def && def->kind == COMP_cont) def = type_def(m->store, def->cont);
    return def && def->kind == COMP_func ? def : NULL;
}

static const TypeDef *signature_at(const Module *m, u32 index)
{
    return signature(m, type_at(m, index));
}

static const TypeDef *func_at(const Module *m, u32 index)
{
    return index < m->func_count ? type_def(m->store, m->funcs[index].type) : NULL;
}

static const TypeDef *tag_at(const Module *m, u32 index)
{
    return index < m->tag_count ? type_def(m->store, m->tags[index].type) : NULL;
}

static u32 fields_at(const Module *m, u32 index)
{
    const TypeDef *def = type_at(m, index);
    return def && def->kind == COMP_struct ? def->field_count : 0;
}

static u32 params(const TypeDef *def) { return def ? def->param_count : 0; }
static u32 results(const TypeDef *def) { return def ? def->result_count : 0; }

static u32 left_to_bind(u32 all, u32 remain) { return all - MIN(all, remain); }

static u32 switch_results(const Module *m, const TypeDef *to)
{
    if (!to || !to->param_count) return 0;
    Type last = to->params[to->param_count - 1];
    return type_is_concrete(last) ? params(signature(m, type_def(m->store, type_id(last)))) : 0;
}

void imm_arity(const Module *m, const Imm *imm, u32 func_results, LabelArity *label,
               const void *env, u32 *pops, u32 *pushes)
{
    const OpInfo *info = &op_info[imm->op];
    u8 plain = plain_arity[imm->op], sig = info->sig, kind = info->immediates;
    const TypeDef *def;
    *pops = sig_info[sig].param_count;
    *pushes = sig_info[sig].result_count;
    if (sig != SIG_any) return;
    *pops = plain ? (plain - 1u) / 4 : 0;
    *pushes = plain ? (plain - 1u) % 4 : 0;
    u32 carried = kind == IMM_label  ? label(env, imm->label)
                  : kind == IMM_cast ? label(env, imm->cast.label)
                                     : 0;
    switch (imm->op) {
    case OP_call: case OP_return_call:
        def = func_at(m, imm->func), *pops = params(def), *pushes = results(def);
        break;
    case OP_call_indirect: case OP_return_call_indirect:
        def = signature_at(m, imm->type_table.type);
        *pops = params(def) + 1, *pushes = results(def);
        break;
    case OP_call_ref: case OP_return_call_ref:
        def = signature_at(m, imm->type_index), *pops = params(def) + 1, *pushes = results(def);
        break;
    case OP_resume: case OP_resume_throw: case OP_resume_throw_ref:
        def = signature_at(m, imm->resume.type);
        *pops = imm->op == OP_resume         ? params(def) + 1
                : imm->op == OP_resume_throw ? params(tag_at(m, imm->resume.tag)) + 1
                                             : 2;
        *pushes = results(def);
        break;
    case OP_throw: *pops = params(tag_at(m, imm->tag)); break;
    case OP_suspend: def = tag_at(m, imm->tag), *pops = params(def), *pushes = results(def); break;
    case OP_switch:
        def = signature_at(m, imm->type_tag.type);
        *pops = params(def);
        *pushes = switch_results(m, def);
        break;
    case OP_cont_bind:
        *pops = 1 + left_to_bind(params(signature_at(m, imm->type_type.first)),
                                 params(signature_at(m, imm->type_type.second)));
        *pushes = 1;
        break;
    case OP_br: *pops = carried; break;
    case OP_br_if: *pops = carried + 1, *pushes = carried; break;
    case OP_br_table: *pops = label(env, imm->labels.at[imm->labels.count - 1]) + 1; break;
    case OP_return: *pops = func_results; break;
    case OP_br_on_null: *pops = *pushes = carried + 1; break;
    case OP_br_on_non_null: *pops = carried, *pushes = carried ? carried - 1 : 0; break;
    case OP_br_on_cast: case OP_br_on_cast_fail: *pops = *pushes = carried; break;
    case OP_br_on_cast_desc_eq: case OP_br_on_cast_desc_eq_fail:
        *pops = carried + 1, *pushes = carried;
        break;
    case OP_struct_new: *pops = fields_at(m, imm->type_index), *pushes = 1; break;
    case OP_struct_new_desc: *pops = fields_at(m, imm->type_index) + 1, *pushes = 1; break;
    case OP_array_new_fixed: *pops = imm->type_count.count, *pushes = 1; break;
    default: break;
    }
    if (info->since == FEATURE_tail_call || imm->op == OP_return_call_ref) *pushes = 0;
}
