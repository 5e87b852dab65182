// rules_control.c -- blocks, branches, calls and exceptions.
//
// A branch pops and pushes its label's types where control may also go on; after an instruction
// that never falls through the frame is dead and the stack is cut down to its floor.
// spec: valid/instructions, control instructions

#include "valid/walk_core.h"

#include <string.h>

static bool lists_equal(const Type *a, u32 a_count, const Type *b, u32 b_count)
{
    return a_count == b_count && (!a_count || a == b || memcmp(a, b, a_count * sizeof *a) == 0);
}

// rule: Resulttype_sub
static bool lists_match(WalkState *w, const Type *sub, u32 sub_count, const Type *super,
                        u32 super_count)
{
    if (lists_equal(sub, sub_count, super, super_count)) return true;
    return sub_count == super_count && list_matches(w, sub, super, sub_count);
}

// rule: Instr_ok/unreachable
bool valid_unreachable(WalkState *w, Imm *imm)
{
    walk_dead(w);
    return true;
}

// rule: Instr_ok/nop
bool valid_nop(WalkState *w, Imm *imm) { return true; }

// ---- Frames

// What a block takes and gives, as lists that stay.
static bool block_lists(WalkState *w, const ImmBlock *block, WalkFrame *lists)
{
    *lists = (WalkFrame){0};
    if (block->form == BLOCK_empty) return true;
    if (block->form == BLOCK_value) {
        Type type = block->value;
        // rule: Blocktype_ok/valtype
        if (!walk_type(w, &type)) return false;
        lists->results = walk_single(w, type);
        lists->result_count = 1;
        return true;
    }
    // rule: Blocktype_ok/typeidx
    if (!walk_below(w, block->type, w->m->type_count, ERR_unknown_type)) return false;
    const TypeDef *def = type_def(w->m->store, w->m->types[block->type]);
    if (def->kind != COMP_func)
        return walk_fail(w, ERR_unknown_type, "type %u is not a function type", block->type);
    lists->params = def->params;
    lists->param_count = def->param_count;
    lists->results = type_results(def);
    lists->result_count = def->result_count;
    return true;
}

static bool open_lists(WalkState *w, Imm *imm, const WalkFrame *lists)
{
    if (!walk_swap_list(w, lists->params, lists->param_count)) return false;
    imm->frame = walk_open(w, imm->op, lists->params, lists->param_count, lists->results,
                           lists->result_count);
    return true;
}

static bool open_block(WalkState *w, Imm *imm, bool condition)
{
    WalkFrame lists;
    if (!block_lists(w, &imm->block.type, &lists)) return false;
    if (condition && !walk_pop(w, TYPE_i32)) return false;
    return open_lists(w, imm, &lists);
}

// rule: Instr_ok/block
bool valid_block(WalkState *w, Imm *imm) { return open_block(w, imm, false); }
// rule: Instr_ok/loop
bool valid_loop(WalkState *w, Imm *imm) { return open_block(w, imm, false); }
// rule: Instr_ok/if
bool valid_if(WalkState *w, Imm *imm) { return open_block(w, imm, true); }
bool valid_try(WalkState *w, Imm *imm) { return open_block(w, imm, false); }

// The next part of the innermost frame: starts over with `types` on the stack.
static bool next_part(WalkState *w, Imm *imm, const Type *types, u32 count)
{
    WalkFrame *f = walk_frame(w, 0);
    imm->falls = w->reachable;
    imm->frame = f;
    if (!walk_check_end(w)) return false;
    walk_forget_inits(w, f->inits);
    f->dead = false;
    f->op = (u16)imm->op;
    walk_refresh(w);
    walk_push_list(w, types, count);
    return true;
}

// rule: Instr_ok/if
bool valid_else(WalkState *w, Imm *imm)
{
    WalkFrame *f = walk_frame(w, 0);
    if (f->op != OP_if) return walk_fail(w, ERR_end_opcode_expected, "else is not in an if");
    return next_part(w, imm, f->params, f->param_count);
}

// An if without else leaves its parameters.
// rule: Instr_ok/if
static bool else_is_empty(WalkState *w, const WalkFrame *f)
{
    return lists_match(w, f->params, f->param_count, f->results, f->result_count) ||
           walk_fail(w, ERR_type_mismatch, "an if without else must leave what it takes");
}

static bool close_block(WalkState *w, Imm *imm)
{
    imm->falls = w->reachable;
    if (!walk_check_end(w)) return false;
    imm->frame = walk_close(w);
    walk_push_list(w, imm->frame->results, imm->frame->result_count);
    return true;
}

bool valid_end(WalkState *w, Imm *imm)
{
    const WalkFrame *f = walk_frame(w, 0);
    if (f->op == OP_if && !else_is_empty(w, f)) return false;
    return close_block(w, imm);
}

// ---- Branches

static bool dead_after(WalkState *w, bool ok)
{
    if (ok) walk_dead(w);
    return ok;
}

// rule: Instr_ok/br
bool valid_br(WalkState *w, Imm *imm)
{
    if (!walk_label(w, imm->label, imm)) return false;
    return dead_after(
        w, walk_check_list(w, walk_label_types(imm->frame), walk_label_count(imm->frame)));
}

// rule: Instr_ok/br_if
bool valid_br_if(WalkState *w, Imm *imm)
{
    if (!walk_label(w, imm->label, imm) || !walk_pop(w, TYPE_i32)) return false;
    return walk_swap_list(w, walk_label_types(imm->frame), walk_label_count(imm->frame));
}

enum { FEW_LABELS = 32 };

// Room for what was seen of as many labels as these. There may be tens of thousands, each of them
// one byte, so none is compared twice.
static const Type **room_for_seen(WalkState *w, const Type **few, u32 labels, u32 *cap)
{
    const Type **seen = few;
    *cap = 2 * FEW_LABELS;
    while (*cap < 2 * labels) *cap *= 2;
    if (labels > FEW_LABELS) {
        if (*cap > w->seen_cap) {
            w->seen = arena_alloc_array(w->arena, *cap, sizeof *w->seen);
            w->seen_cap = *cap;
        }
        seen = w->seen;
    }
    memset(seen, 0, *cap * sizeof *seen);
    return seen;
}

// Every label must take as many operands as the default, and they must match. Labels of the same
// block types are compared once.
static bool check_labels(WalkState *w, const Imm *imm)
{
    const Type *few[2 * FEW_LABELS], **seen = few;
    u32 arity = walk_label_count(walk_frame(w, imm->labels.at[imm->labels.count - 1])), cap = 0;
    if (arity) seen = room_for_seen(w, few, imm->labels.count, &cap);
    for (u32 i = imm->labels.count; i-- > 0;) {
        const WalkFrame *f = walk_frame(w, imm->labels.at[i]);
        const Type *types = walk_label_types(f);
        if (walk_label_count(f) != arity)
            return walk_fail(w, ERR_type_mismatch,
                             "br_table target %u takes %u operands, the default %u", i,
                             walk_label_count(f), arity);
        if (!arity) continue;
        u32 at = (u32)list_hash(types, NULL) & (cap - 1);
        while (seen[at] && seen[at] != types) at = (at + 1) & (cap - 1);
        if (seen[at]) continue;
        seen[at] = types;
        if (!walk_check_list(w, types, arity)) return false;
    }
    return true;
}

// rule: Instr_ok/br_table
bool valid_br_table(WalkState *w, Imm *imm)
{
    for (u32 i = 0; i < imm->labels.count; i++)
        if (!walk_below(w, imm->labels.at[i], w->frame_count, ERR_unknown_label)) return false;
    return walk_pop(w, TYPE_i32) && dead_after(w, check_labels(w, imm));
}

// rule: Instr_ok/return
bool valid_return(WalkState *w, Imm *imm)
{
    imm->depth = w->frame_count - 1;
    imm->frame = &w->frames[0];
    return dead_after(w, walk_check_list(w, imm->frame->results, imm->frame->result_count));
}

// [t* (ref null ht)] -> [t* (ref ht)], the label takes t*
// rule: Instr_ok/br_on_null
bool valid_br_on_null(WalkState *w, Imm *imm)
{
    if (!walk_label(w, imm->label, imm) || !walk_pop_ref(w, &imm->type)) return false;
    if (!walk_swap_list(w, walk_label_types(imm->frame), walk_label_count(imm->frame)))
        return false;
    walk_push(w, imm->type & ~TYPE_NULL);
    return true;
}

// Takes a label whose last type is one that `type` matches; the others stay on the stack.
static bool label_with_last(WalkState *w, const WalkFrame *f, Type type)
{
    u32 count = walk_label_count(f);
    const Type *types = walk_label_types(f);
    if (!count || !walk_matches(w, type, types[count - 1]))
        return walk_fail(w, ERR_type_mismatch, "%s sends %s to a label that takes %s",
                         op_info[w->op].text, walk_type_name(w, type).text,
                         count ? walk_type_name(w, types[count - 1]).text : "nothing");
    return walk_swap_list(w, types, count - 1);
}

// [t* (ref null ht)] -> [t*], the label takes t* (ref ht)
// rule: Instr_ok/br_on_non_null
bool valid_br_on_non_null(WalkState *w, Imm *imm)
{
    if (!walk_label(w, imm->label, imm) || !walk_pop_ref(w, &imm->type)) return false;
    u32 count = walk_label_count(imm->frame);
    if (count && !type_is_ref(walk_label_types(imm->frame)[count - 1]))
        return walk_fail(w, ERR_type_mismatch, "the label's last operand is no reference");
    return label_with_last(w, imm->frame, imm->type & ~TYPE_NULL);
}

static bool cast_immediates(WalkState *w, Imm *imm)
{
    if (!walk_label(w, imm->cast.label, imm)) return false;
    imm->cast.index = type_id(imm->cast.to);
    if (!walk_type(w, &imm->cast.from) || !walk_type(w, &imm->cast.to)) return false;
    Type from = imm->cast.from, to = imm->type = imm->cast.to;
    if (type_top(w->m->store, to) == HEAP_cont)
        return walk_fail(w, ERR_type_mismatch, "continuations cannot be cast");
    // Custom descriptors lets a branch test for anything in the same hierarchy.
    bool fits = walk_matches(w, to, from) ||
                (type_top(w->m->store, to) == type_top(w->m->store, from) &&
                 module_has(w->m, FEATURE_custom_descriptors));
    return fits || walk_fail(w, ERR_type_mismatch, "%s casts to %s, which does not match %s",
                             op_info[w->op].text, walk_type_name(w, to).text,
                             walk_type_name(w, from).text);
}

// What is left of the source type when the target did not match.
static Type cast_rest(const Imm *imm) { return imm->cast.from & ~(imm->cast.to & TYPE_NULL); }

// rule: Instr_ok/br_on_cast
bool valid_br_on_cast(WalkState *w, Imm *imm)
{
    if (!cast_immediates(w, imm) || !walk_pop(w, imm->cast.from)) return false;
    if (!label_with_last(w, imm->frame, imm->type)) return false;
    walk_push(w, cast_rest(imm));
    return true;
}

// rule: Instr_ok/br_on_cast_fail
bool valid_br_on_cast_fail(WalkState *w, Imm *imm)
{
    if (!cast_immediates(w, imm) || !walk_pop(w, imm->cast.from)) return false;
    if (!label_with_last(w, imm->frame, cast_rest(imm))) return false;
    walk_push(w, imm->type);
    return true;
}

// The type of the descriptor that tells instances of `target` apart.
static bool descriptor_of(WalkState *w, Type target, Type *descriptor)
{
    const TypeDef *def = type_is_concrete(target) ? type_def(w->m->store, type_id(target)) : NULL;
    if (!def || def->descriptor == TYPE_NONE)
        return walk_fail(w, ERR_type_mismatch, "%s has no descriptor",
                         walk_type_name(w, target).text);
    *descriptor = type_ref_to(true, def->descriptor) | (target & TYPE_EXACT);
    return true;
}

bool valid_br_on_cast_desc_eq(WalkState *w, Imm *imm)
{
    Type descriptor;
    if (!cast_immediates(w, imm) || !descriptor_of(w, imm->type, &descriptor)) return false;
    if (!WALK_POP(w, imm->cast.from, descriptor) || !label_with_last(w, imm->frame, imm->type))
        return false;
    walk_push(w, cast_rest(imm));
    return true;
}

bool valid_br_on_cast_desc_eq_fail(WalkState *w, Imm *imm)
{
    Type descriptor;
    if (!cast_immediates(w, imm) || !descriptor_of(w, imm->type, &descriptor)) return false;
    if (!WALK_POP(w, imm->cast.from, descriptor) || !label_with_last(w, imm->frame, cast_rest(imm)))
        return false;
    walk_push(w, imm->type);
    return true;
}

static bool cast_desc_eq(WalkState *w, Imm *imm)
{
    Type descriptor;
    imm->type = imm->heap;
    if (!walk_type(w, &imm->type) || !descriptor_of(w, imm->type, &descriptor)) return false;
    if (!WALK_POP(w, type_ref(true, type_top(w->m->store, imm->type)), descriptor)) return false;
    walk_push(w, imm->type);
    return true;
}

bool valid_ref_cast_desc_eq(WalkState *w, Imm *imm) { return cast_desc_eq(w, imm); }
bool valid_ref_cast_desc_eq_null(WalkState *w, Imm *imm) { return cast_desc_eq(w, imm); }

// ---- Calls

static bool func_immediate(WalkState *w, Imm *imm)
{
    if (!walk_below(w, imm->func, w->m->func_count, ERR_unknown_function)) return false;
    imm->type_id = w->m->funcs[imm->func].type;
    imm->def = type_def(w->m->store, imm->type_id);
    return true;
}

static bool indirect_immediates(WalkState *w, Imm *imm)
{
    u32 index = imm->type_table.table;
    if (!walk_type_of(w, imm->type_table.type, imm, COMP_func)) return false;
    if (!walk_below(w, index, w->m->table_count, ERR_unknown_table)) return false;
    const TableType *table = &w->m->tables[index].type;
    if (!walk_matches(w, table->elem, type_ref(true, HEAP_func)))
        return walk_fail(w, ERR_type_mismatch, "table %u holds %s, not functions", index,
                         walk_type_name(w, table->elem).text);
    imm->is64 = table->limits.is64;
    return true;
}

static bool ref_immediate(WalkState *w, Imm *imm)
{
    return walk_type_of(w, imm->type_index, imm, COMP_func);
}

static bool call(WalkState *w, const Imm *imm)
{
    const TypeDef *def = imm->def;
    if (!walk_pop_list(w, def->params, def->param_count)) return false;
    walk_push_list(w, type_results(def), def->result_count);
    return true;
}

// A tail call's results are the caller's.
static bool tail_call(WalkState *w, const Imm *imm)
{
    const TypeDef *def = imm->def;
    const WalkFrame *body = &w->frames[0];
    if (!lists_match(w, type_results(def), def->result_count, body->results, body->result_count))
        return walk_fail(w, ERR_type_mismatch, "%s calls a function with other results",
                         op_info[w->op].text);
    return dead_after(w, walk_pop_list(w, def->params, def->param_count));
}

static bool pop_table_index(WalkState *w, const Imm *imm)
{
    return walk_pop(w, walk_address(imm->is64));
}
static bool pop_callee(WalkState *w, const Imm *imm)
{
    return walk_pop(w, type_ref_to(true, imm->type_id));
}

// rule: Instr_ok/call
bool valid_call(WalkState *w, Imm *imm) { return func_immediate(w, imm) && call(w, imm); }

// rule: Instr_ok/call_indirect
bool valid_call_indirect(WalkState *w, Imm *imm)
{
    return indirect_immediates(w, imm) && pop_table_index(w, imm) && call(w, imm);
}

// rule: Instr_ok/call_ref
bool valid_call_ref(WalkState *w, Imm *imm)
{
    return ref_immediate(w, imm) && pop_callee(w, imm) && call(w, imm);
}

// rule: Instr_ok/return_call
bool valid_return_call(WalkState *w, Imm *imm)
{
    return func_immediate(w, imm) && tail_call(w, imm);
}

// rule: Instr_ok/return_call_indirect
bool valid_return_call_indirect(WalkState *w, Imm *imm)
{
    return indirect_immediates(w, imm) && pop_table_index(w, imm) && tail_call(w, imm);
}

// rule: Instr_ok/return_call_ref
bool valid_return_call_ref(WalkState *w, Imm *imm)
{
    return ref_immediate(w, imm) && pop_callee(w, imm) && tail_call(w, imm);
}

// ---- Exceptions

// The tag's type; NULL: there is none.
static const TypeDef *tag_type(WalkState *w, u32 tag)
{
    if (!walk_below(w, tag, w->m->tag_count, ERR_unknown_tag)) return NULL;
    return type_def(w->m->store, w->m->tags[tag].type);
}

static bool tag_immediate(WalkState *w, Imm *imm)
{
    imm->def = tag_type(w, imm->tag);
    if (imm->def) imm->type_id = w->m->tags[imm->tag].type;
    return imm->def;
}

// A tag with results (stack switching) may be thrown like any other: one tag may serve both.
// rule: Instr_ok/throw
bool valid_throw(WalkState *w, Imm *imm)
{
    if (!tag_immediate(w, imm)) return false;
    return dead_after(w, walk_pop_list(w, imm->def->params, imm->def->param_count));
}

// rule: Instr_ok/throw_ref
bool valid_throw_ref(WalkState *w, Imm *imm)
{
    return dead_after(w, walk_pop(w, type_ref(true, HEAP_exn)));
}

// Does a handler that leaves `count` of `types`, and then `last` if there is one, suit the label?
static bool label_takes(WalkState *w, u32 depth, const Type *types, u32 count, Type last)
{
    const WalkFrame *f = walk_frame(w, depth);
    const Type *want = walk_label_types(f);
    bool same = walk_label_count(f) == count + (last != TYPE_bottom) &&
                lists_match(w, types, count, want, count);
    if (same && last != TYPE_bottom) same = walk_matches(w, last, want[count]);
    return same || walk_fail(w, ERR_type_mismatch,
                             "a handler's label %u does not take what it is sent", depth);
}

// rules: Catch_ok/catch, Catch_ok/catch_ref, Catch_ok/catch_all, Catch_ok/catch_all_ref
static bool check_catch(WalkState *w, const ImmClause *clause)
{
    const TypeDef *def = NULL;
    if (clause->kind < 2 && !(def = tag_type(w, clause->tag))) return false;
    if (!walk_below(w, clause->label, w->frame_count, ERR_unknown_label)) return false;
    Type exn = clause->kind & 1 ? type_ref(false, HEAP_exn) : TYPE_bottom;
    return label_takes(w, clause->label, def ? def->params : NULL, def ? def->param_count : 0, exn);
}

// rule: Instr_ok/try_table
bool valid_try_table(WalkState *w, Imm *imm)
{
    WalkFrame lists;
    if (!block_lists(w, &imm->block.type, &lists)) return false;
    for (u32 i = 0; i < imm->block.count; i++)
        if (!check_catch(w, &imm->block.at[i])) return false;
    return open_lists(w, imm, &lists);
}

// ---- Legacy exceptions: try ... (catch tag ...)* (catch_all ...)? end, or try ... delegate label

static bool may_catch(WalkState *w)
{
    u16 op = walk_frame(w, 0)->op;
    return op == OP_try || op == OP_catch ||
           walk_fail(w, ERR_end_opcode_expected, "%s is not in a try", op_info[w->op].text);
}

bool valid_catch(WalkState *w, Imm *imm)
{
    if (!tag_immediate(w, imm) || !may_catch(w)) return false;
    return next_part(w, imm, imm->def->params, imm->def->param_count);
}

bool valid_catch_all(WalkState *w, Imm *imm) { return may_catch(w) && next_part(w, imm, NULL, 0); }

// Ends the try. The label does not count it.
bool valid_delegate(WalkState *w, Imm *imm)
{
    if (walk_frame(w, 0)->op != OP_try)
        return walk_fail(w, ERR_end_opcode_expected, "delegate does not end a try");
    if (!walk_below(w, imm->label, w->frame_count - 1, ERR_unknown_label)) return false;
    return close_block(w, imm);
}

bool valid_rethrow(WalkState *w, Imm *imm)
{
    if (!walk_label(w, imm->label, imm)) return false;
    if (imm->frame->op != OP_catch && imm->frame->op != OP_catch_all)
        return walk_fail(w, ERR_invalid_rethrow_label, " %u: it is no catch", imm->label);
    walk_dead(w);
    return true;
}

// ---- Stack switching
// spec: proposal stack-switching, valid/instructions

// Of a continuation type, whose function type becomes imm->def.
static bool cont_type(WalkState *w, u32 index, Imm *imm)
{
    if (!walk_type_of(w, index, imm, COMP_cont)) return false;
    imm->def = type_def(w->m->store, imm->def->cont);
    return true;
}

// The function type of a reference to a continuation, else NULL.
static const TypeDef *cont_func(const WalkState *w, Type type)
{
    if (!type_is_ref(type) || !type_is_concrete(type)) return NULL;
    const TypeDef *def = type_def(w->m->store, type_id(type));
    return def->kind == COMP_cont ? type_def(w->m->store, def->cont) : NULL;
}

bool valid_cont_new(WalkState *w, Imm *imm)
{
    if (!walk_type_of(w, imm->type_index, imm, COMP_cont)) return false;
    TypeId func = imm->def->cont;
    imm->def = type_def(w->m->store, func);
    if (!walk_pop(w, type_ref_to(true, func))) return false;
    walk_push(w, type_ref_to(false, imm->type_id));
    return true;
}

// Binds the first parameters of the first type; what remains must suit the second.
bool valid_cont_bind(WalkState *w, Imm *imm)
{
    Imm target;
    if (!cont_type(w, imm->type_type.first, imm) || !cont_type(w, imm->type_type.second, &target))
        return false;
    const TypeDef *from = imm->def, *to = target.def;
    u32 bound = from->param_count - to->param_count;
    if (from->param_count < to->param_count ||
        !lists_match(w, to->params, to->param_count, from->params + bound, to->param_count) ||
        !lists_match(w, type_results(from), from->result_count, type_results(to), to->result_count))
        return walk_fail(w, ERR_type_mismatch, "type %u does not become type %u",
                         imm->type_type.first, imm->type_type.second);
    if (!walk_pop(w, type_ref_to(true, imm->type_id)) || !walk_pop_list(w, from->params, bound))
        return false;
    walk_push(w, type_ref_to(false, target.type_id));
    return true;
}

bool valid_suspend(WalkState *w, Imm *imm) { return tag_immediate(w, imm) && call(w, imm); }

// (on tag label): the label takes the tag's parameters and the continuation of what was suspended,
// which takes the tag's results and returns as the resumed one does. (on tag switch): the tag has
// no parameters, and results that are those of the resumed one, not just of subtypes: they come
// from whatever is switched to.
static bool check_handler(WalkState *w, const ImmClause *clause, const TypeDef *resumed)
{
    const TypeDef *tag = tag_type(w, clause->tag);
    if (!tag) return false;
    if (clause->kind == 1) {
        if (tag->param_count)
            return walk_fail(w, ERR_type_mismatch, "tag %u is switched to and has parameters",
                             clause->tag);
        return lists_equal(type_results(tag), tag->result_count, type_results(resumed),
                           resumed->result_count) ||
               walk_fail(w, ERR_type_mismatch,
                         "tag %u does not have the results of the continuation", clause->tag);
    }
    if (!walk_below(w, clause->label, w->frame_count, ERR_unknown_label)) return false;
    const WalkFrame *f = walk_frame(w, clause->label);
    u32 count = walk_label_count(f);
    Type last = count ? walk_label_types(f)[count - 1] : TYPE_bottom;
    const TypeDef *rest = cont_func(w, last);
    if (!rest ||
        !lists_match(w, rest->params, rest->param_count, type_results(tag), tag->result_count) ||
        !lists_match(w, type_results(resumed), resumed->result_count, type_results(rest),
                     rest->result_count))
        return walk_fail(w, ERR_type_mismatch, "label %u does not take the continuation",
                         clause->label);
    return label_takes(w, clause->label, tag->params, tag->param_count, last);
}

static bool handlers(WalkState *w, const Imm *imm)
{
    for (u32 i = 0; i < imm->resume.count; i++)
        if (!check_handler(w, &imm->resume.at[i], imm->def)) return false;
    return true;
}

static bool pop_cont(WalkState *w, const Imm *imm)
{
    return walk_pop(w, type_ref_to(true, imm->type_id));
}

bool valid_resume(WalkState *w, Imm *imm)
{
    return cont_type(w, imm->resume.type, imm) && handlers(w, imm) &&
           pop_cont(w, imm) && call(w, imm);
}

bool valid_resume_throw(WalkState *w, Imm *imm)
{
    const TypeDef *tag;
    if (!cont_type(w, imm->resume.type, imm) || !(tag = tag_type(w, imm->resume.tag))) return false;
    if (!handlers(w, imm) || !pop_cont(w, imm) || !walk_pop_list(w, tag->params, tag->param_count))
        return false;
    walk_push_list(w, type_results(imm->def), imm->def->result_count);
    return true;
}

bool valid_resume_throw_ref(WalkState *w, Imm *imm)
{
    if (!cont_type(w, imm->resume.type, imm) || !handlers(w, imm)) return false;
    if (!pop_cont(w, imm) || !walk_pop(w, type_ref(true, HEAP_exn))) return false;
    walk_push_list(w, type_results(imm->def), imm->def->result_count);
    return true;
}

// The last parameter of the target is our own continuation, which takes what we get when we are
// switched back to.
bool valid_switch(WalkState *w, Imm *imm)
{
    const TypeDef *tag;
    if (!cont_type(w, imm->type_tag.type, imm) || !(tag = tag_type(w, imm->type_tag.tag)))
        return false;
    const TypeDef *to = imm->def;
    const TypeDef *back = to->param_count ? cont_func(w, to->params[to->param_count - 1]) : NULL;
    if (!back)
        return walk_fail(w, ERR_type_mismatch, "type %u does not take a continuation last",
                         imm->type_tag.type);
    if (tag->param_count ||
        !lists_match(w, type_results(to), to->result_count, type_results(tag), tag->result_count) ||
        !lists_match(w, type_results(tag), tag->result_count, type_results(back),
                     back->result_count))
        return walk_fail(w, ERR_type_mismatch, "tag %u does not suit the switch",
                         imm->type_tag.tag);
    if (!pop_cont(w, imm) || !walk_pop_list(w, to->params, to->param_count - 1)) return false;
    walk_push_list(w, back->params, back->param_count);
    return true;
}
