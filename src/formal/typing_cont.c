// typing_cont.c -- continuations. See typing.h.
// spec: proposal stack-switching

#include "formal/typing_rules.h"

// The function type of a type of continuations.
static const TypeDef *func_at(TypingContext *C, const Instr *i, u32 x, TypeId *cont)
{
    const TypeDef *def = def_at(C, i, x, COMP_cont, cont);
    return def ? type_def(types_of(C), def->cont) : NULL;
}

// Likewise, of a reference's type; NULL: it is of no continuation.
static const TypeDef *func_of_ref(const TypingContext *C, Type type)
{
    if (!type_is_ref(type) || !type_is_concrete(type)) return NULL;
    const TypeDef *def = type_def(types_of(C), type_id(type));
    return def->kind == COMP_cont ? type_def(types_of(C), def->cont) : NULL;
}

static bool params_match(TypingContext *C, const TypeDef *sub, const Type *super, u32 count)
{
    return lists_match(C, sub->params, sub->param_count, super, count);
}

static bool results_match(TypingContext *C, const TypeDef *sub, const TypeDef *super)
{
    return lists_match(C, type_results(sub), sub->result_count, type_results(super),
                       super->result_count);
}

static bool new_ok(TypingContext *C, const Instr *i, Stack *s)
{
    TypeId id;
    const TypeDef *def = def_at(C, i, i->x, COMP_cont, &id);
    return def && POP(type_ref_to(true, def->cont)) && pushes(s, type_ref_to(false, id));
}

// The first parameters are bound; what remains suits the other type.
static bool bind_ok(TypingContext *C, const Instr *i, Stack *s)
{
    TypeId id, other;
    const TypeDef *from = func_at(C, i, i->x, &id), *to = func_at(C, i, i->y, &other);
    if (!from || !to) return false;
    u32 bound = from->param_count - to->param_count;
    if (to->param_count > from->param_count ||
        !params_match(C, to, from->params + bound, to->param_count) || !results_match(C, from, to))
        return wrong(C, i, "type %u does not become type %u", i->x, i->y);
    return POP(type_ref_to(true, id)) && pop_list(C, i, s, from->params, bound) &&
           pushes(s, type_ref_to(false, other));
}

static bool suspends(TypingContext *C, const Instr *i, Stack *s, const TypeDef *tag)
{
    return tag && pop_list(C, i, s, tag->params, tag->param_count) &&
           push_list(s, type_results(tag), tag->result_count);
}

// (ON x l): the label takes what the tag has, and a continuation that takes what the tag gives and
// returns as the resumed one does. (ON x SWITCH): the tag gives what the resumed one returns.
static bool handler_ok(TypingContext *C, const Instr *i, const ImmClause *on,
                       const TypeDef *resumed)
{
    const Type *label;
    u32 count;
    const TypeDef *tag = tag_at(C, i, on->tag);
    if (!tag) return false;
    if (on->kind == 1)
        return (!tag->param_count && results_match(C, tag, resumed) &&
                results_match(C, resumed, tag)) ||
               wrong(C, i, "tag %u is none to be switched to", on->tag);
    if (!typing_label(C, i, on->label, &label, &count)) return false;
    const TypeDef *rest = count ? func_of_ref(C, label[count - 1]) : NULL;
    return (rest && params_match(C, rest, type_results(tag), tag->result_count) &&
            results_match(C, resumed, rest) && params_match(C, tag, label, count - 1)) ||
           wrong(C, i, "label %u does not take what tag %u sends", on->label, on->tag);
}

static bool resume_ok(TypingContext *C, const Instr *i, Stack *s)
{
    TypeId id;
    const TypeDef *def = func_at(C, i, i->x, &id), *tag = NULL;
    if (!def) return false;
    if (i->op == OP_resume_throw && !(tag = tag_at(C, i, i->y))) return false;
    for (u32 k = 0; k < i->clause_count; k++)
        if (!handler_ok(C, i, &i->clauses[k], def)) return false;
    if (!POP(type_ref_to(true, id))) return false;
    if (i->op == OP_resume_throw_ref ? !POP(type_ref(true, HEAP_exn))
                                     : !pop_list(C, i, s, tag ? tag->params : def->params,
                                                 tag ? tag->param_count : def->param_count))
        return false;
    return push_list(s, type_results(def), def->result_count);
}

// The last parameter of what is switched to is the own continuation, which takes what is left when
// it is switched back to.
static bool switch_ok(TypingContext *C, const Instr *i, Stack *s)
{
    TypeId id;
    const TypeDef *to = func_at(C, i, i->x, &id);
    if (!to) return false;
    const TypeDef *back = to->param_count ? func_of_ref(C, to->params[to->param_count - 1]) : NULL;
    if (!back) return wrong(C, i, "type %u takes no continuation last", i->x);
    return POP(type_ref_to(true, id)) && pop_list(C, i, s, to->params, to->param_count - 1u) &&
           push_list(s, back->params, back->param_count);
}

bool typing_cont(TypingContext *C, const Instr *i, Stack *s)
{
    switch (i->redex) {
    case OP_cont_new: return new_ok(C, i, s);
    case OP_cont_bind: return bind_ok(C, i, s);
    case OP_suspend: return suspends(C, i, s, tag_at(C, i, i->x));
    case REDEX_suspending: // x: an address
        return suspends(C, i, s, type_def(types_of(C), C->judge->s->tags.at[i->x].type));
    case OP_resume: case OP_resume_throw: case OP_resume_throw_ref: return resume_ok(C, i, s);
    case OP_switch: case REDEX_switching: return switch_ok(C, i, s);
    default:
        C->unknown = true;
        return false;
    }
}
