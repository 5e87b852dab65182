// hooks_cont.h -- the walk's hooks for continuations. See image.h; run/cont.h does the work.
#pragma once

#include "jit/hooks_control.h"

static const TypeDef *cont_type(const WalkState *w, u32 index)
{
    return type_def(w->m->store, type_def(w->m->store, w->m->types[index])->cont);
}

// What the checker of machine code has C look at: operands, and values of continuations' types.
static void reach_types(Jit *j, u32 count, const TypeDef *a, const TypeDef *b)
{
    u32 most = MAX(a->param_slots, a->result_slots);
    if (b) most += MAX(b->param_slots, b->result_slots);
    reach_slot(j, j->next_home + count + most);
}

static void jit_cont_new(Jit *j, WalkState *w, const Imm *imm)
{
    slow(j, w, SLOW_cont_new, 1, 1, 0, 0);
}

static void jit_cont_bind(Jit *j, WalkState *w, const Imm *imm)
{
    const TypeDef *from = imm->def, *to = cont_type(w, imm->type_type.second);
    u32 slots = slots_of(j, from->params, from->param_count - to->param_count) + 1;
    reach_types(j, 0, from, to);
    slow(j, w, SLOW_cont_bind, slots, 1, imm->type_type.first, imm->type_type.second);
}

static void jit_suspend(Jit *j, WalkState *w, const Imm *imm)
{
    u32 slots = imm->def->param_slots;
    slow(j, w, SLOW_suspend, slots, imm->def->result_slots, imm->tag, slots);
}

static void jit_switch(Jit *j, WalkState *w, const Imm *imm)
{
    const TypeDef *to = imm->def;
    const TypeDef *own = type_def(w->m->store, type_id(to->params[to->param_count - 1]));
    slow(j, w, SLOW_switch, to->param_slots, type_def(w->m->store, own->cont)->param_slots,
         imm->type_tag.type, imm->type_tag.tag);
}

// A resumption with `count` slots of operands, in a guard of its own.
static void resumption(Jit *j, WalkState *w, Slow which, const Imm *imm, u32 count, u32 b)
{
    u32 results = imm->def->result_slots, first = NONE, before = NONE;
    settle(j);
    store_residents(j);
    j->next_home -= count;
    reach_types(j, count, imm->def, NULL);
    Label *l = label_of(j, 0);
    u32 guard = l->guard;
    for (u32 i = 0; i < imm->resume.count; i++) {
        const ImmClause *c = &imm->resume.at[i];
        asm_reserve(&j->a);
        before = c->kind ? add_clause(j, &first, before, CLAUSE_on_switch, 0, c->tag, place_here(j))
                         : add_label_clause(j, &first, before, CLAUSE_on, c);
    }
    if (first != NONE) {
        ARENA_PUSH(j->arena, j->guards, j->guard_count, j->guard_cap) =
            (Guard){.next = guard, .clauses = first};
        l->guard = j->guard_count - 1;
        guard_range(j, l);
    }
    m_slow(j, w->pos, which, j->next_home, imm->resume.type, b);
    if (first != NONE) {
        l->guard = guard;
        guard_range(j, l);
    }
    called(j, results);
}

static void jit_resume(Jit *j, WalkState *w, const Imm *imm)
{
    u32 slots = imm->def->param_slots;
    resumption(j, w, SLOW_resume, imm, slots + 1, slots);
}

static void jit_resume_throw(Jit *j, WalkState *w, const Imm *imm)
{
    const TypeDef *tag = type_def(w->m->store, w->m->tags[imm->resume.tag].type);
    resumption(j, w, SLOW_resume_throw, imm, tag->param_slots + 1, imm->resume.tag);
}

static void jit_resume_throw_ref(Jit *j, WalkState *w, const Imm *imm)
{
    resumption(j, w, SLOW_resume_throw_ref, imm, 2, 0);
}
