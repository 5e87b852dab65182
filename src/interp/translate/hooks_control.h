// hooks_control.h -- the walk's hooks for blocks, branches and calls. See image.h.
#pragma once

#include "interp/translate/labels.h"

static void interp_unreachable(Translator *t, WalkState *w, const Imm *imm)
{
    emit_imm(t, IOP_trap, 0, TRAP_unreachable);
}

static void interp_nop(Translator *t, WalkState *w, const Imm *imm) {}

static void interp_block(Translator *t, WalkState *w, const Imm *imm) { open_block(t, imm->frame); }

static void interp_loop(Translator *t, WalkState *w, const Imm *imm)
{
    Label *l = open_block(t, imm->frame);
    region_end(t);
    l->target = t->count;
    t->last = t->stepped = NONE;
    if (t->counting) emit_imm(t, IOP_count_loop, 0, w->pos);
    region_begin(t);
}

static void interp_if(Translator *t, WalkState *w, const Imm *imm)
{
    // What is below must be home on both sides, and the condition may be a comparison just made.
    u32 last = t->last;
    bool unsettled = false;
    for (u32 i = 0; i + 1 < t->loose && !unsettled; i++) unsettled = !is_home(&t->operands[i]);
    if (unsettled) {
        // Copies go before the comparison's slot is read: keep the comparison as it is.
        settle(t);
        last = NONE;
    }
    t->last = last;
    bool upper;
    u32 otherwise = NONE, site = emit_condition(t, true, &upper);
    link_site(t, &otherwise, site, upper);
    open_block(t, imm->frame)->otherwise = otherwise;
    region_begin(t);
}

static void end_of_code(Translator *t, const Imm *imm)
{
    // Falling through leaves the values in their homes, which are the label's.
    if (imm->falls) settle(t);
}

static void interp_else(Translator *t, WalkState *w, const Imm *imm)
{
    end_of_code(t, imm);
    Label *l = label_of(t, 0);
    if (imm->falls) link_site(t, &l->sites, emit_imm(t, IOP_br, 0, 0), true);
    bind_chain(t, l->otherwise);
    l->otherwise = NONE;
    forget_to(t, l->home);
    push_home(t, slots_of(t, imm->frame->params, imm->frame->param_count));
    region_begin(t);
}

static void emit_return(Translator *t)
{
    u32 slots = t->labels[0].slots;
    if (slots == 0) {
        emit_imm(t, IOP_return_0, 0, 0);
    } else if (slots == 1) {
        const Operand *o = t->loose ? &t->operands[t->loose - 1] : NULL;
        if (o && (o->at == AT_const || o->add)) settle_newest(t);
        emit_imm(t, IOP_return_1, o ? source_slot(o) : t->next_home - 1, 0);
    } else {
        settle_for(t, &t->labels[0]);
        emit_imm(t, IOP_return_n, t->next_home - slots, slots);
    }
}

// A branch to the body's own label is a return.
static bool is_body(const Translator *t, u32 depth) { return depth + 1 == t->label_count; }

// --- guards and their clauses

// What follows is guarded by the label's.
static void guard_range(Translator *t, const Label *l)
{
    bool empty = t->range_count && t->ranges[t->range_count - 1].start == t->count;
    if (empty) t->range_count--; // the one before it
    ARENA_PUSH(t->arena, t->ranges, t->range_count, t->range_cap) = (GuardRange){t->count,
                                                                                 l->guard};
}

static void open_guard(Translator *t, Label *l, u32 clauses)
{
    ARENA_PUSH(t->arena, t->guards, t->guard_count, t->guard_cap) =
        (Guard){.next = l->guard, .clauses = clauses};
    l->own = l->guard = t->guard_count - 1;
    guard_range(t, l);
}

// What follows is no longer guarded.
static void close_guard(Translator *t, Label *l)
{
    if (l->own == NONE || l->guard != l->own) return;
    l->guard = l[-1].guard;
    guard_range(t, l);
}

// The end of what is inside a label: of a block, of the guarded part of a try, or of a clause,
// whose values do not stand where the label wants them.
static void end_clause(Translator *t, Label *l, const Imm *imm)
{
    end_of_code(t, imm);
    if (imm->falls && l->target == NONE && !in_place(l, t->next_home)) {
        pay_for(t, l->slots);
        emit_moves(t, l);
    }
    close_guard(t, l);
}

// Emits a clause's words behind `before`, the newest of the same guard, or as its first. Returns
// their index.
static u32 emit_clause(Translator *t, u32 *first, u32 before, ClauseKind kind, u32 home, u32 tag)
{
    u32 at = emit(t, (u64)kind | (u64)(u16)home << 16 | (u64)tag << 32);
    emit(t, (u64)CODE_NONE << 32);
    if (before == NONE) *first = at;
    else set_distance(t, before + 1, true, at);
    return at;
}

// Where a clause of try_table goes on: at its label, with the values put where that wants them; or
// at a return.
static void emit_catch(Translator *t, WalkState *w, const ImmClause *c, u32 *first, u32 *before)
{
    Label *l = label_of(t, c->label);
    bool body = is_body(t, c->label);
    u32 at =
        emit_clause(t, first, *before, (ClauseKind)c->kind, body ? t->next_home : l->home, c->tag);
    *before = at;
    if (!body) {
        branch_site(t, l, at + 1, false);
        return;
    }
    set_distance(t, at + 1, false, t->count - (at + 1));
    push_home(t, l->slots);
    emit_return(t);
    t->next_home -= l->slots;
}

static void interp_try_table(Translator *t, WalkState *w, const Imm *imm)
{
    u32 skip = NONE, first = NONE, before = NONE;
    settle(t);
    if (imm->block.count) link_site(t, &skip, emit_imm(t, IOP_br, 0, 0), true);
    for (u32 i = 0; i < imm->block.count; i++) emit_catch(t, w, &imm->block.at[i], &first, &before);
    bind_chain(t, skip);
    open_guard(t, open_block(t, imm->frame), first);
}

static void interp_try(Translator *t, WalkState *w, const Imm *imm)
{
    open_guard(t, open_block(t, imm->frame), NONE);
}

// A legacy clause: the exception stays in a slot of its own below the values, for rethrow.
static void next_clause(Translator *t, const Imm *imm, ClauseKind kind, u32 tag, u32 slots)
{
    Label *l = label_of(t, 0);
    end_clause(t, l, imm);
    if (imm->falls) link_site(t, &l->sites, emit_imm(t, IOP_br, 0, 0), true);
    l->caught = l->home;
    forget_to(t, l->caught + 1);
    l->clause = emit_clause(t, &t->guards[l->own].clauses, l->clause, kind, l->caught + 1, tag);
    set_distance(t, l->clause + 1, false, 1);
    push_home(t, slots);
    t->stepped = NONE;
    region_begin(t);
}

static void interp_catch(Translator *t, WalkState *w, const Imm *imm)
{
    next_clause(t, imm, CLAUSE_old_catch, imm->tag, imm->def->param_slots);
}

static void interp_catch_all(Translator *t, WalkState *w, const Imm *imm)
{
    next_clause(t, imm, CLAUSE_old_catch_all, 0, 0);
}

static void interp_end(Translator *t, WalkState *w, const Imm *imm)
{
    Label *l = label_of(t, 0);
    const WalkFrame *f = imm->frame;
    if (t->label_count == 1) { // of the body; branches to it are returns
        if (imm->falls) {
            pay_for(t, l->slots);
            emit_return(t);
        }
        region_end(t);
        t->label_count--;
        return;
    }
    end_clause(t, l, imm);
    bind_chain(t, l->otherwise); // an if without else
    bind_chain(t, l->sites);
    forget_to(t, l->home);
    push_home(t, l->target == NONE ? l->slots : slots_of(t, f->results, f->result_count));
    t->label_count--;
    region_begin(t);
}

// What is thrown is looked for as if it had been thrown at the label.
static void interp_delegate(Translator *t, WalkState *w, const Imm *imm)
{
    t->guards[label_of(t, 0)->own].next = label_of(t, imm->label + 1)->guard;
    interp_end(t, w, imm);
}

static void interp_br(Translator *t, WalkState *w, const Imm *imm)
{
    Label *l = label_of(t, imm->depth);
    pay_for(t, l->slots);
    if (is_body(t, imm->depth)) emit_return(t);
    else emit_br(t, l);
}

// After a conditional instruction's condition was emitted with its sense turned: the branch itself.
static void emit_taken(Translator *t, const Imm *imm, u32 site, bool upper)
{
    u32 skip = NONE;
    link_site(t, &skip, site, upper);
    if (is_body(t, imm->depth)) {
        emit_return(t);
    } else {
        emit_moves(t, label_of(t, imm->depth));
        branch_site(t, label_of(t, imm->depth), emit_imm(t, IOP_br, 0, 0), true);
    }
    bind_chain(t, skip);
}

// Brings the values of a conditional branch home before its condition, on top of them, is tested; a
// comparison that made the condition can still be fused when nothing had to move.
static void settle_below_condition(Translator *t, const Label *l)
{
    u32 last = t->last, before = t->count;
    Operand c = pop(t);
    settle_for(t, l);
    if (c.at == AT_local) {
        push_local(t, TYPE_i32, c.slot);
    } else {
        Operand *o = push(t, TYPE_i32);
        o->at = c.at;
        o->bits = c.bits;
    }
    leave_to_add(t, c.adds, c.add);
    t->last = t->count == before ? last : NONE;
}

static void interp_br_if(Translator *t, WalkState *w, const Imm *imm)
{
    Label *l = label_of(t, imm->depth);
    pay_for(t, l->slots);
    settle_below_condition(t, l);
    bool direct = !is_body(t, imm->depth) && in_place(l, t->next_home - 1), upper;
    u32 site = emit_condition(t, !direct, &upper);
    if (direct) branch_site(t, l, site, upper);
    else emit_taken(t, imm, site, upper);
    region_begin(t);
}

// Everything goes home, and the newest operand is popped: its slot.
static u32 pop_settled(Translator *t)
{
    settle(t);
    return pop(t).home;
}

static void interp_br_table(Translator *t, WalkState *w, const Imm *imm)
{
    pay_for(t, label_of(t, imm->labels.at[0])->slots); // the same for all
    u32 table = emit_imm(t, IOP_br_table, pop_settled(t), imm->labels.count - 1);
    for (u32 i = 0; i < imm->labels.count; i++) emit(t, 0);
    for (u32 i = 0; i < imm->labels.count; i++) {
        u32 depth = imm->labels.at[i], site = table + 1 + i;
        Label *l = label_of(t, depth);
        if (!is_body(t, depth) && in_place(l, t->next_home)) {
            branch_site(t, l, site, false);
            continue;
        }
        if (l->table != table) { // one piece of code per target, however often it is named
            l->table = table;
            l->trampoline = t->count;
            if (is_body(t, depth)) {
                emit_return(t);
            } else {
                emit_moves(t, l);
                branch_site(t, l, emit_imm(t, IOP_br, 0, 0), true);
            }
        }
        set_distance(t, site, false, l->trampoline - site);
    }
}

static void interp_return(Translator *t, WalkState *w, const Imm *imm)
{
    pay_for(t, t->labels[0].slots);
    emit_return(t);
}

static void interp_br_on_null(Translator *t, WalkState *w, const Imm *imm)
{
    u32 ref = pop_settled(t);
    Label *l = label_of(t, imm->depth);
    pay_for(t, l->slots);
    if (!is_body(t, imm->depth) && in_place(l, t->next_home)) {
        branch_site(t, l, emit_imm(t, IOP_br_null, ref, 0), true);
    } else {
        emit_taken(t, imm, emit_imm(t, IOP_br_non_null, ref, 0), true);
    }
    push_home(t, 1);
    region_begin(t);
}

static void interp_br_on_non_null(Translator *t, WalkState *w, const Imm *imm)
{
    settle(t);
    Label *l = label_of(t, imm->depth); // the reference is among what it takes
    pay_for(t, l->slots);
    u32 home = t->next_home - 1;
    if (!is_body(t, imm->depth) && in_place(l, t->next_home)) {
        branch_site(t, l, emit_imm(t, IOP_br_non_null, home, 0), true);
    } else {
        emit_taken(t, imm, emit_imm(t, IOP_br_null, home, 0), true);
    }
    pop(t);
    region_begin(t);
}

// --- calls

// Everything goes home: arguments are where the callee's frame will start, the rest is readable by
// slot.
static u32 settle_call(Translator *t, const TypeDef *type)
{
    settle(t);
    return t->next_home -= type->param_slots;
}

static void interp_call(Translator *t, WalkState *w, const Imm *imm)
{
    u32 first = settle_call(t, imm->def), imported = w->m->imported_funcs;
    pay_units(t, call_units(w->m, imm->func));
    mark(t, w);
    emit_imm(t, imm->func < imported ? IOP_call_import : IOP_call, first, imm->func);
    push_home(t, imm->def->result_slots);
}

static u64 type_and_table(const Imm *imm)
{
    return (u64)imm->type_table.table << 32 | imm->type_table.type;
}

// Its number, plus 1, for who is to see whom it calls; 0: nobody is.
static u32 seen_call(Translator *t, const WalkState *w)
{
    if (!t->seeing || t->call_count == UINT16_MAX) return 0;
    ARENA_PUSH(t->arena, t->calls, t->call_count, t->call_cap) = (CallSeen){.offset = w->pos};
    return t->call_count;
}

static void interp_call_indirect(Translator *t, WalkState *w, const Imm *imm)
{
    Operand index = pop(t);
    u32 slot = slot_of(t, &index), first = settle_call(t, imm->def);
    bool wide = w->m->tables[imm->type_table.table].type.limits.is64;
    u32 seen = seen_call(t, w);
    mark(t, w);
    emit_abc(t, wide || seen ? IOP_call_indirect_any : IOP_call_indirect, first, slot, seen);
    emit(t, type_and_table(imm));
    push_home(t, imm->def->result_slots);
}

static void interp_call_ref(Translator *t, WalkState *w, const Imm *imm)
{
    u32 slot = pop_settled(t), first = settle_call(t, imm->def);
    u32 seen = seen_call(t, w);
    mark(t, w);
    emit_abc(t, IOP_call_ref, first, slot, seen);
    push_home(t, imm->def->result_slots);
}

static void interp_return_call(Translator *t, WalkState *w, const Imm *imm)
{
    Iop op = imm->func < w->m->imported_funcs ? IOP_return_call_import : IOP_return_call;
    pay_units(t, call_units(w->m, imm->func));
    pay_for(t, imm->def->param_slots);
    emit_imm(t, op, settle_call(t, imm->def), imm->func);
    emit(t, imm->def->param_slots);
}

static void interp_return_call_indirect(Translator *t, WalkState *w, const Imm *imm)
{
    pay_for(t, imm->def->param_slots);
    u32 slot = pop_settled(t), first = settle_call(t, imm->def);
    emit_abc(t, IOP_return_call_indirect, first, slot, 0);
    emit(t, imm->def->param_slots);
    emit(t, type_and_table(imm));
}

static void interp_return_call_ref(Translator *t, WalkState *w, const Imm *imm)
{
    pay_for(t, imm->def->param_slots);
    u32 slot = pop_settled(t), first = settle_call(t, imm->def);
    emit_abc(t, IOP_return_call_ref, first, slot, 0);
    emit(t, imm->def->param_slots);
}

// --- exceptions

static void interp_throw(Translator *t, WalkState *w, const Imm *imm)
{
    emit_imm(t, IOP_throw, settle_call(t, imm->def), imm->tag);
}

static void interp_throw_ref(Translator *t, WalkState *w, const Imm *imm)
{
    emit_imm(t, IOP_throw_ref, pop_settled(t), 0);
}

static void interp_rethrow(Translator *t, WalkState *w, const Imm *imm)
{
    settle(t);
    emit_imm(t, IOP_throw_ref, label_of(t, imm->label)->caught, 0);
}
