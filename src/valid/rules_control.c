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

static bool lists_match(WalkState *w, const Type *sub, u32 sub_count, const Type *super,
                        u32 super_count)
{
    if (lists_equal(sub, sub_count, super, super_count)) return true;
    return sub_count == super_count && list_matches(w, sub, super, sub_count);
}

bool valid_unreachable(WalkState *w, Imm *imm)
{
    walk_dead(w);
    return true;
}

bool valid_nop(WalkState *w, Imm *imm) { return true; }

// ---- Frames

static bool open_block(WalkState *w, Imm *imm, bool condition)
{
    const Type *params, *results;
    u32 param_count, result_count;
    if (!walk_block_type(w, &params, &param_count, &results, &result_count)) return false;
    if (condition && !walk_pop(w, TYPE_i32)) return false;
    if (!walk_swap_list(w, params, param_count)) return false;
    imm->frame = walk_open(w, imm->op, params, param_count, results, result_count);
    return true;
}

bool valid_block(WalkState *w, Imm *imm) { return open_block(w, imm, false); }
bool valid_loop(WalkState *w, Imm *imm) { return open_block(w, imm, false); }
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

bool valid_else(WalkState *w, Imm *imm)
{
    WalkFrame *f = walk_frame(w, 0);
    if (f->op != OP_if) return walk_fail(w, ERR_end_opcode_expected, "else is not in an if");
    return next_part(w, imm, f->params, f->param_count);
}

// An if without else leaves its parameters.
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

bool valid_br(WalkState *w, Imm *imm)
{
    if (!walk_label(w, &imm->index, &imm->frame)) return false;
    return dead_after(
        w, walk_check_list(w, walk_label_types(imm->frame), walk_label_count(imm->frame)));
}

bool valid_br_if(WalkState *w, Imm *imm)
{
    if (!walk_label(w, &imm->index, &imm->frame) || !walk_pop(w, TYPE_i32)) return false;
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
    u32 arity = walk_label_count(walk_frame(w, imm->labels[imm->label_count - 1])), cap = 0;
    if (arity) seen = room_for_seen(w, few, imm->label_count, &cap);
    for (u32 i = imm->label_count; i-- > 0;) {
        const WalkFrame *f = walk_frame(w, imm->labels[i]);
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

bool valid_br_table(WalkState *w, Imm *imm)
{
    enum { TARGETS_MOST = 65520 };
    const u8 *at = w->next;
    u32 count;
    if (!walk_u32(w, &count)) return false;
    if (count > (size_t)(w->end - w->next))
        return walk_fail_at(w, ERR_length_out_of_bounds, at, "%u targets", count);
    if (count > TARGETS_MOST) return walk_fail(w, ERR_limit_br_table, "%u", count);
    if (count + 1 > w->label_cap) {
        u32 cap = MAX(count + 1, MIN(2 * w->label_cap, TARGETS_MOST + 1));
        w->labels = arena_alloc_array(w->arena, cap, sizeof *w->labels);
        w->label_cap = cap;
    }
    for (u32 i = 0; i <= count; i++)
        if (!walk_index(w, &w->labels[i], w->frame_count, ERR_unknown_label)) return false;
    imm->labels = w->labels;
    imm->label_count = count + 1;
    return walk_pop(w, TYPE_i32) && dead_after(w, check_labels(w, imm));
}

bool valid_return(WalkState *w, Imm *imm)
{
    imm->index = w->frame_count - 1;
    imm->frame = &w->frames[0];
    return dead_after(w, walk_check_list(w, imm->frame->results, imm->frame->result_count));
}

// [t* (ref null ht)] -> [t* (ref ht)], the label takes t*
bool valid_br_on_null(WalkState *w, Imm *imm)
{
    if (!walk_label(w, &imm->index, &imm->frame) || !walk_pop_ref(w, &imm->type)) return false;
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
bool valid_br_on_non_null(WalkState *w, Imm *imm)
{
    if (!walk_label(w, &imm->index, &imm->frame) || !walk_pop_ref(w, &imm->type)) return false;
    u32 count = walk_label_count(imm->frame);
    if (count && !type_is_ref(walk_label_types(imm->frame)[count - 1]))
        return walk_fail(w, ERR_type_mismatch, "the label's last operand is no reference");
    return label_with_last(w, imm->frame, imm->type & ~TYPE_NULL);
}

// flags, label, two heap types: the source in type2, the target in type
static bool cast_immediates(WalkState *w, Imm *imm)
{
    const u8 *at = w->next;
    u8 flags;
    if (!walk_u8(w, &flags)) return false;
    if (flags > 3) return walk_fail_at(w, ERR_malformed_cast_flags, at, "%02x", flags);
    if (!walk_label(w, &imm->index, &imm->frame)) return false;
    if (!walk_heap_type(w, flags & 1, &imm->type2) || !walk_heap_type(w, flags & 2, &imm->type))
        return false;
    if (type_top(w->m->store, imm->type) == HEAP_cont)
        return walk_fail(w, ERR_type_mismatch, "continuations cannot be cast");
    // Custom descriptors lets a branch test for anything in the same hierarchy.
    bool fits = walk_matches(w, imm->type, imm->type2) ||
                (type_top(w->m->store, imm->type) == type_top(w->m->store, imm->type2) &&
                 module_has(w->m, FEATURE_custom_descriptors));
    return fits || walk_fail(w, ERR_type_mismatch, "%s casts to %s, which does not match %s",
                             op_info[w->op].text, walk_type_name(w, imm->type).text,
                             walk_type_name(w, imm->type2).text);
}

// What is left of the source type when the target did not match.
static Type cast_rest(const Imm *imm) { return type_is_null(imm->type) ? imm->type2 & ~TYPE_NULL : imm->type2; }

bool valid_br_on_cast(WalkState *w, Imm *imm)
{
    if (!cast_immediates(w, imm) || !walk_pop(w, imm->type2)) return false;
    if (!label_with_last(w, imm->frame, imm->type)) return false;
    walk_push(w, cast_rest(imm));
    return true;
}

bool valid_br_on_cast_fail(WalkState *w, Imm *imm)
{
    if (!cast_immediates(w, imm) || !walk_pop(w, imm->type2)) return false;
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
    if (!WALK_POP(w, imm->type2, descriptor) || !label_with_last(w, imm->frame, imm->type))
        return false;
    walk_push(w, cast_rest(imm));
    return true;
}

bool valid_br_on_cast_desc_eq_fail(WalkState *w, Imm *imm)
{
    Type descriptor;
    if (!cast_immediates(w, imm) || !descriptor_of(w, imm->type, &descriptor)) return false;
    if (!WALK_POP(w, imm->type2, descriptor) || !label_with_last(w, imm->frame, cast_rest(imm)))
        return false;
    walk_push(w, imm->type);
    return true;
}

static bool cast_desc_eq(WalkState *w, Imm *imm, bool null)
{
    Type descriptor;
    if (!walk_heap_type(w, null, &imm->type) || !descriptor_of(w, imm->type, &descriptor))
        return false;
    if (!WALK_POP(w, type_ref(true, type_top(w->m->store, imm->type)), descriptor)) return false;
    walk_push(w, imm->type);
    return true;
}

bool valid_ref_cast_desc_eq(WalkState *w, Imm *imm) { return cast_desc_eq(w, imm, false); }
bool valid_ref_cast_desc_eq_null(WalkState *w, Imm *imm) { return cast_desc_eq(w, imm, true); }

// ---- Calls

static bool func_immediate(WalkState *w, Imm *imm)
{
    if (!walk_index(w, &imm->index, w->m->func_count, ERR_unknown_function)) return false;
    imm->type_id = w->m->funcs[imm->index].type;
    imm->def = type_def(w->m->store, imm->type_id);
    return true;
}

static bool indirect_immediates(WalkState *w, Imm *imm)
{
    if (!walk_type_index(w, &imm->index, &imm->type_id, &imm->def, COMP_func)) return false;
    const u8 *at = w->next;
    if (!walk_u32(w, &imm->index2)) return false;
    if (imm->index2 && !module_has(w->m, FEATURE_reference_types))
        return walk_fail_at(w, ERR_zero_byte_expected, at, "reference-types is not enabled");
    if (imm->index2 >= w->m->table_count)
        return walk_fail(w, ERR_unknown_table, " %u; there are %u", imm->index2, w->m->table_count);
    const TableType *table = &w->m->tables[imm->index2].type;
    if (!walk_matches(w, table->elem, type_ref(true, HEAP_func)))
        return walk_fail(w, ERR_type_mismatch, "table %u holds %s, not functions", imm->index2,
                         walk_type_name(w, table->elem).text);
    imm->is64 = table->limits.is64;
    return true;
}

static bool ref_immediate(WalkState *w, Imm *imm)
{
    return walk_type_index(w, &imm->index, &imm->type_id, &imm->def, COMP_func);
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

static bool pop_table_index(WalkState *w, const Imm *imm) { return walk_pop(w, walk_address(imm->is64)); }
static bool pop_callee(WalkState *w, const Imm *imm) { return walk_pop(w, type_ref_to(true, imm->type_id)); }

bool valid_call(WalkState *w, Imm *imm) { return func_immediate(w, imm) && call(w, imm); }

bool valid_call_indirect(WalkState *w, Imm *imm)
{
    return indirect_immediates(w, imm) && pop_table_index(w, imm) && call(w, imm);
}

bool valid_call_ref(WalkState *w, Imm *imm) { return ref_immediate(w, imm) && pop_callee(w, imm) && call(w, imm); }

bool valid_return_call(WalkState *w, Imm *imm) { return func_immediate(w, imm) && tail_call(w, imm); }

bool valid_return_call_indirect(WalkState *w, Imm *imm)
{
    return indirect_immediates(w, imm) && pop_table_index(w, imm) && tail_call(w, imm);
}

bool valid_return_call_ref(WalkState *w, Imm *imm)
{
    return ref_immediate(w, imm) && pop_callee(w, imm) && tail_call(w, imm);
}

// ---- Exceptions

static bool tag_index(WalkState *w, u32 *index, TypeId *id, const TypeDef **def)
{
    if (!walk_index(w, index, w->m->tag_count, ERR_unknown_tag)) return false;
    *id = w->m->tags[*index].type;
    *def = type_def(w->m->store, *id);
    return true;
}

// A tag with results (stack switching) may be thrown like any other: one tag may serve both.
bool valid_throw(WalkState *w, Imm *imm)
{
    if (!tag_index(w, &imm->index, &imm->type_id, &imm->def)) return false;
    return dead_after(w, walk_pop_list(w, imm->def->params, imm->def->param_count));
}

bool valid_throw_ref(WalkState *w, Imm *imm)
{
    return dead_after(w, walk_pop(w, type_ref(true, HEAP_exn)));
}

static bool room_for_catches(WalkState *w, u32 count, const u8 *at)
{
    enum { CATCHES_MOST = 10000 };
    if (count > (size_t)(w->end - w->next))
        return walk_fail_at(w, ERR_length_out_of_bounds, at, "%u clauses", count);
    if (count > CATCHES_MOST) return walk_fail(w, ERR_limit_catches, "%u", count);
    if (count > w->catch_cap) {
        w->catches = arena_alloc_array(w->arena, count, sizeof *w->catches);
        w->catch_cap = count;
    }
    return true;
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

static bool read_catch(WalkState *w, WalkCatch *clause)
{
    const u8 *at = w->next;
    const TypeDef *def = NULL;
    TypeId id;
    if (!walk_u8(w, &clause->kind)) return false;
    if (clause->kind > 3) return walk_fail_at(w, ERR_malformed_catch, at, "%02x", clause->kind);
    clause->tag = 0;
    if (clause->kind < 2 && !tag_index(w, &clause->tag, &id, &def)) return false;
    if (!walk_index(w, &clause->label, w->frame_count, ERR_unknown_label)) return false;
    Type exn = clause->kind & 1 ? type_ref(false, HEAP_exn) : TYPE_bottom;
    return label_takes(w, clause->label, def ? def->params : NULL, def ? def->param_count : 0, exn);
}

bool valid_try_table(WalkState *w, Imm *imm)
{
    const Type *params, *results;
    u32 param_count, result_count, count;
    if (!walk_block_type(w, &params, &param_count, &results, &result_count)) return false;
    const u8 *at = w->next;
    if (!walk_u32(w, &count) || !room_for_catches(w, count, at)) return false;
    for (u32 i = 0; i < count; i++)
        if (!read_catch(w, &w->catches[i])) return false;
    imm->catches = w->catches;
    imm->catch_count = count;
    if (!walk_swap_list(w, params, param_count)) return false;
    imm->frame = walk_open(w, OP_try_table, params, param_count, results, result_count);
    return true;
}

// ---- Legacy exceptions: try t ... (catch tag ...)* (catch_all ...)? end, or try t ... delegate label

static bool may_catch(WalkState *w)
{
    u16 op = walk_frame(w, 0)->op;
    return op == OP_try || op == OP_catch ||
           walk_fail(w, ERR_end_opcode_expected, "%s is not in a try", op_info[w->op].text);
}

bool valid_catch(WalkState *w, Imm *imm)
{
    if (!tag_index(w, &imm->index, &imm->type_id, &imm->def) || !may_catch(w)) return false;
    return next_part(w, imm, imm->def->params, imm->def->param_count);
}

bool valid_catch_all(WalkState *w, Imm *imm) { return may_catch(w) && next_part(w, imm, NULL, 0); }

// Ends the try. The label does not count it.
bool valid_delegate(WalkState *w, Imm *imm)
{
    if (walk_frame(w, 0)->op != OP_try)
        return walk_fail(w, ERR_end_opcode_expected, "delegate does not end a try");
    if (!walk_index(w, &imm->index, w->frame_count - 1, ERR_unknown_label)) return false;
    return close_block(w, imm);
}

bool valid_rethrow(WalkState *w, Imm *imm)
{
    if (!walk_label(w, &imm->index, &imm->frame)) return false;
    if (imm->frame->op != OP_catch && imm->frame->op != OP_catch_all)
        return walk_fail(w, ERR_invalid_rethrow_label, " %u: it is no catch", imm->index);
    walk_dead(w);
    return true;
}

// ---- Stack switching
// spec: proposal stack-switching, valid/instructions

static bool cont_index(WalkState *w, u32 *index, TypeId *id, const TypeDef **func)
{
    const TypeDef *cont;
    if (!walk_type_index(w, index, id, &cont, COMP_cont)) return false;
    *func = type_def(w->m->store, cont->cont);
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
    const TypeDef *cont;
    if (!walk_type_index(w, &imm->index, &imm->type_id, &cont, COMP_cont)) return false;
    imm->def = type_def(w->m->store, cont->cont);
    if (!walk_pop(w, type_ref_to(true, cont->cont))) return false;
    walk_push(w, type_ref_to(false, imm->type_id));
    return true;
}

// Binds the first parameters of type `index`; what remains must suit type `index2`.
bool valid_cont_bind(WalkState *w, Imm *imm)
{
    TypeId id, id2;
    const TypeDef *from, *to;
    if (!cont_index(w, &imm->index, &id, &from) || !cont_index(w, &imm->index2, &id2, &to))
        return false;
    imm->type_id = id;
    imm->def = from;
    u32 bound = from->param_count - to->param_count;
    if (from->param_count < to->param_count ||
        !lists_match(w, to->params, to->param_count, from->params + bound, to->param_count) ||
        !lists_match(w, type_results(from), from->result_count, type_results(to), to->result_count))
        return walk_fail(w, ERR_type_mismatch, "type %u does not become type %u", imm->index,
                         imm->index2);
    if (!walk_pop(w, type_ref_to(true, id)) || !walk_pop_list(w, from->params, bound)) return false;
    walk_push(w, type_ref_to(false, id2));
    return true;
}

bool valid_suspend(WalkState *w, Imm *imm)
{
    return tag_index(w, &imm->index, &imm->type_id, &imm->def) && call(w, imm);
}

// (on tag label): the label takes the tag's parameters and the continuation of what was suspended,
// which takes the tag's results and returns as the resumed one does. (on tag switch): the tag has
// no parameters, and results that are those of the resumed one, not just of subtypes: they come
// from whatever is switched to.
static bool read_handler(WalkState *w, WalkCatch *clause, const TypeDef *resumed)
{
    const u8 *at = w->next;
    const TypeDef *tag;
    TypeId id;
    if (!walk_u8(w, &clause->kind)) return false;
    if (clause->kind > 1) return walk_fail_at(w, ERR_malformed_catch, at, "%02x", clause->kind);
    if (!tag_index(w, &clause->tag, &id, &tag)) return false;
    clause->label = 0;
    if (clause->kind == 1) {
        if (tag->param_count)
            return walk_fail(w, ERR_type_mismatch, "tag %u is switched to and has parameters",
                             clause->tag);
        return lists_equal(type_results(tag), tag->result_count, type_results(resumed),
                           resumed->result_count) ||
               walk_fail(w, ERR_type_mismatch,
                         "tag %u does not have the results of the continuation", clause->tag);
    }
    if (!walk_index(w, &clause->label, w->frame_count, ERR_unknown_label)) return false;
    const WalkFrame *f = walk_frame(w, clause->label);
    u32 count = walk_label_count(f);
    Type last = count ? walk_label_types(f)[count - 1] : TYPE_bottom;
    const TypeDef *rest = cont_func(w, last);
    if (!rest ||
        !lists_match(w, rest->params, rest->param_count, type_results(tag), tag->result_count) ||
        !lists_match(w, type_results(resumed), resumed->result_count, type_results(rest), rest->result_count))
        return walk_fail(w, ERR_type_mismatch, "label %u does not take the continuation",
                         clause->label);
    return label_takes(w, clause->label, tag->params, tag->param_count, last);
}

static bool handlers(WalkState *w, Imm *imm)
{
    const u8 *at = w->next;
    u32 count;
    if (!walk_u32(w, &count) || !room_for_catches(w, count, at)) return false;
    for (u32 i = 0; i < count; i++)
        if (!read_handler(w, &w->catches[i], imm->def)) return false;
    imm->catches = w->catches;
    imm->catch_count = count;
    return true;
}

static bool pop_cont(WalkState *w, const Imm *imm) { return walk_pop(w, type_ref_to(true, imm->type_id)); }

bool valid_resume(WalkState *w, Imm *imm)
{
    return cont_index(w, &imm->index, &imm->type_id, &imm->def) && handlers(w, imm) &&
           pop_cont(w, imm) && call(w, imm);
}

bool valid_resume_throw(WalkState *w, Imm *imm)
{
    const TypeDef *tag;
    TypeId id;
    if (!cont_index(w, &imm->index, &imm->type_id, &imm->def) ||
        !tag_index(w, &imm->index2, &id, &tag))
        return false;
    if (!handlers(w, imm) || !pop_cont(w, imm) || !walk_pop_list(w, tag->params, tag->param_count))
        return false;
    walk_push_list(w, type_results(imm->def), imm->def->result_count);
    return true;
}

bool valid_resume_throw_ref(WalkState *w, Imm *imm)
{
    if (!cont_index(w, &imm->index, &imm->type_id, &imm->def) || !handlers(w, imm)) return false;
    if (!pop_cont(w, imm) || !walk_pop(w, type_ref(true, HEAP_exn))) return false;
    walk_push_list(w, type_results(imm->def), imm->def->result_count);
    return true;
}

// The last parameter of the target is our own continuation, which takes what we get when we are
// switched back to.
bool valid_switch(WalkState *w, Imm *imm)
{
    const TypeDef *tag;
    TypeId id;
    if (!cont_index(w, &imm->index, &imm->type_id, &imm->def) ||
        !tag_index(w, &imm->index2, &id, &tag))
        return false;
    const TypeDef *to = imm->def;
    const TypeDef *back = to->param_count ? cont_func(w, to->params[to->param_count - 1]) : NULL;
    if (!back)
        return walk_fail(w, ERR_type_mismatch, "type %u does not take a continuation last",
                         imm->index);
    if (tag->param_count ||
        !lists_match(w, type_results(to), to->result_count, type_results(tag), tag->result_count) ||
        !lists_match(w, type_results(tag), tag->result_count, type_results(back), back->result_count))
        return walk_fail(w, ERR_type_mismatch, "tag %u does not suit the switch", imm->index2);
    if (!pop_cont(w, imm) || !walk_pop_list(w, to->params, to->param_count - 1)) return false;
    walk_push_list(w, back->params, back->param_count);
    return true;
}
