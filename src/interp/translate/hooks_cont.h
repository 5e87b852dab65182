// hooks_cont.h -- the walk's hooks for continuations. See image.h.
#pragma once

#include "interp/translate/hooks_control.h"
#include "interp/translate/hooks_number.h"

#ifdef WEFT_MICRO // the walk shows none
#define HAND(row, ...)                                                                             \
    static void interp_##row(Translator *t, WalkState *w, const Imm *imm)                          \
    {                                                                                              \
        emit_unsupported(t, w);                                                                    \
    }
#include "op/stack.def"
#undef HAND
#else

static void interp_cont_new(Translator *t, WalkState *w, const Imm *imm)
{
    emit_imm(t, IOP_cont_new, pop_settled(t), 0);
    push_home(t, 1);
}

static void interp_cont_bind(Translator *t, WalkState *w, const Imm *imm)
{
    const TypeDef *cont = type_def(w->m->store, w->m->types[imm->type_type.second]);
    const TypeDef *to = type_def(w->m->store, cont->cont);
    u32 count = imm->def->param_count - to->param_count;
    u32 slots = slots_of(t, imm->def->params, count);
    pop_settled(t);
    t->next_home -= slots;
    emit_imm(t, IOP_cont_bind, t->next_home, 0);
    emit(t, (u64)imm->type_type.second << 32 | imm->type_type.first);
    push_home(t, 1);
}

static void interp_suspend(Translator *t, WalkState *w, const Imm *imm)
{
    u32 first = settle_call(t, imm->def);
    mark(t, w);
    emit_imm(t, IOP_suspend, first, imm->tag);
    emit(t, imm->def->param_slots);
    push_home(t, imm->def->result_slots);
}

static void interp_switch(Translator *t, WalkState *w, const Imm *imm)
{
    const TypeDef *to = imm->def;
    const TypeDef *own = type_def(w->m->store, type_id(to->params[to->param_count - 1]));
    pop_settled(t);
    t->next_home -= to->param_slots - 1;
    mark(t, w);
    emit_imm(t, IOP_switch, t->next_home, imm->type_tag.tag);
    emit(t, imm->type_tag.type);
    push_home(t, type_def(w->m->store, own->cont)->param_slots);
}

// A resumption, of which all operands are home, with `slots` of arguments that are popped: its
// words, those of its clauses, and of what these need to return.
static void resumption(Translator *t, WalkState *w, Iop op, const Imm *imm, u32 slots, u64 word)
{
    Label *l = label_of(t, 0);
    u32 first = NONE, before = NONE, guard = l->guard;
    t->next_home -= slots;
    if (imm->resume.count) {
        ARENA_PUSH(t->arena, t->guards, t->guard_count, t->guard_cap) = (Guard){.next = guard};
        l->guard = t->guard_count - 1;
        guard_range(t, l);
    }
    mark(t, w);
    u32 at = emit_imm(t, op, t->next_home, 0);
    emit(t, word);
    for (u32 i = 0; i < imm->resume.count; i++) {
        const ImmClause *c = &imm->resume.at[i];
        if (c->kind) {
            before = emit_clause(t, &first, before, CLAUSE_on_switch, 0, c->tag);
        } else {
            ImmClause on = {CLAUSE_on, c->tag, c->label};
            emit_catch(t, w, &on, &first, &before);
        }
    }
    t->code[at] = word_imm(op, t->next_home, t->count - at);
    if (imm->resume.count) {
        t->guards[l->guard].clauses = first;
        l->guard = guard;
        guard_range(t, l);
    }
    push_home(t, imm->def->result_slots);
}

static void interp_resume(Translator *t, WalkState *w, const Imm *imm)
{
    pop_settled(t);
    resumption(t, w, IOP_resume, imm, imm->def->param_slots, imm->def->param_slots);
}

static void interp_resume_throw(Translator *t, WalkState *w, const Imm *imm)
{
    const TypeDef *tag = type_def(w->m->store, w->m->tags[imm->resume.tag].type);
    pop_settled(t);
    resumption(t, w, IOP_resume_throw, imm, tag->param_slots, imm->resume.tag);
}

static void interp_resume_throw_ref(Translator *t, WalkState *w, const Imm *imm)
{
    pop_settled(t);
    resumption(t, w, IOP_resume_throw_ref, imm, 1, 0);
}

#endif
