// hooks_control.h -- the walk's hooks for blocks, branches and calls. See image.h.
#pragma once

#include "interp/labels.h"

static void interp_unreachable(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    emit_imm(t, IOP_trap, 0, TRAP_unreachable);
}

static void interp_nop(Translator *t, WalkState *w, const Imm *imm) {}

static void interp_block(Translator *t, WalkState *w, const Imm *imm) { open_label(t, imm->frame->param_count); }

static void interp_loop(Translator *t, WalkState *w, const Imm *imm)
{
    Label *l = open_label(t, imm->frame->param_count);
    region_end(t);
    l->target = t->count;
    t->last = t->stepped = NONE;
    region_begin(t);
}

static void interp_if(Translator *t, WalkState *w, const Imm *imm)
{
    // What is below must be home on both sides, and the condition may be a comparison just made.
    u32 last = t->last;
    bool unsettled = false;
    for (u32 i = t->settled; i + 1 < t->operand_count && !unsettled; i++) unsettled = !is_home(&t->operands[i]);
    if (unsettled) {
        // Copies go before the comparison's slot is read: keep the comparison as it is.
        settle(t);
        last = NONE;
    }
    t->last = last;
    bool upper;
    u32 otherwise = NONE, site = emit_condition(t, true, &upper);
    link_site(t, &otherwise, site, upper);
    open_label(t, imm->frame->param_count)->otherwise = otherwise;
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
    truncate_to(t, l->base);
    push_types(t, imm->frame->params, imm->frame->param_count);
    region_begin(t);
}

static void emit_return(Translator *t, const Type *types, u32 count)
{
    u32 slots = slots_of(types, count);
    if (slots == 0) {
        emit_imm(t, IOP_return_0, 0, 0);
    } else if (slots == 1) {
        const Operand *o = &t->operands[t->operand_count - 1];
        if (o->at == AT_const || o->add) settle_top(t, 1);
        emit_imm(t, IOP_return_1, source_slot(o), 0);
    } else {
        settle_top(t, count);
        emit_imm(t, IOP_return_n, t->operands[t->operand_count - count].home, slots);
    }
}

static void interp_end(Translator *t, WalkState *w, const Imm *imm)
{
    Label *l = label_of(t, 0);
    const WalkFrame *f = imm->frame;
    if (t->label_count == 1) { // of the body; branches to it are returns
        if (imm->falls) emit_return(t, f->results, f->result_count);
        region_end(t);
        t->label_count--;
        return;
    }
    end_of_code(t, imm);
    bind_chain(t, l->otherwise); // an if without else
    bind_chain(t, l->sites);
    truncate_to(t, l->base);
    push_types(t, f->results, f->result_count);
    t->label_count--;
    region_begin(t);
}

// A branch to the body's own label is a return.
static bool is_body(const Translator *t, u32 depth) { return depth + 1 == t->label_count; }

static void interp_br(Translator *t, WalkState *w, const Imm *imm)
{
    u32 count = walk_label_count(imm->frame);
    if (is_body(t, imm->index)) emit_return(t, imm->frame->results, count);
    else emit_br(t, label_of(t, imm->index), count, walk_label_types(imm->frame));
}

// After a conditional instruction's condition was emitted with its sense turned: the branch itself.
static void emit_taken(Translator *t, const Imm *imm, u32 site, bool upper)
{
    u32 skip = NONE, count = walk_label_count(imm->frame);
    link_site(t, &skip, site, upper);
    if (is_body(t, imm->index)) {
        emit_return(t, imm->frame->results, count);
    } else {
        emit_moves(t, label_of(t, imm->index), count, walk_label_types(imm->frame));
        branch_site(t, label_of(t, imm->index), emit_imm(t, IOP_br, 0, 0), true);
    }
    bind_chain(t, skip);
}

// Brings the values of a conditional branch home before its condition, on top of them, is tested; a
// comparison that made the condition can still be fused when nothing had to move.
static void settle_below_condition(Translator *t, u32 count)
{
    u32 last = t->last, before = t->count;
    Operand c = pop(t);
    settle_top(t, count);
    if (c.at == AT_local) {
        push_local(t, c.type, c.slot);
    } else {
        Operand *o = push(t, c.type);
        o->at = c.at;
        o->bits = c.bits;
    }
    t->operands[t->operand_count - 1].add = c.add;
    t->last = t->count == before ? last : NONE;
}

static void interp_br_if(Translator *t, WalkState *w, const Imm *imm)
{
    u32 count = walk_label_count(imm->frame);
    Label *l = label_of(t, imm->index);
    settle_below_condition(t, count);
    const Operand *first = &t->operands[t->operand_count - 1 - count];
    bool direct = !is_body(t, imm->index) && (!count || first->home == l->home), upper;
    u32 site = emit_condition(t, !direct, &upper);
    if (direct) branch_site(t, l, site, upper);
    else emit_taken(t, imm, site, upper);
    region_begin(t);
}

static void interp_br_table(Translator *t, WalkState *w, const Imm *imm)
{
    u32 count = walk_label_count(walk_frame(w, imm->labels[0])); // the same for all
    settle(t);
    Operand index = pop(t);
    u32 slot = slot_of(t, &index);
    u32 table = emit_imm(t, IOP_br_table, slot, imm->label_count - 1);
    for (u32 i = 0; i < imm->label_count; i++) emit(t, 0);
    for (u32 i = 0; i < imm->label_count; i++) {
        u32 depth = imm->labels[i], site = table + 1 + i;
        Label *l = label_of(t, depth);
        if (!is_body(t, depth) && in_place(t, l, count)) {
            branch_site(t, l, site, false);
            continue;
        }
        if (l->table != table) { // one piece of code per target, however often it is named
            l->table = table;
            l->trampoline = t->count;
            const WalkFrame *f = walk_frame(w, depth);
            if (is_body(t, depth)) {
                emit_return(t, f->results, count);
            } else {
                emit_moves(t, l, count, walk_label_types(f));
                branch_site(t, l, emit_imm(t, IOP_br, 0, 0), true);
            }
        }
        set_distance(t, site, false, l->trampoline - site);
    }
}

static void interp_return(Translator *t, WalkState *w, const Imm *imm)
{
    emit_return(t, w->type->results, w->type->result_count);
}

static void interp_br_on_null(Translator *t, WalkState *w, const Imm *imm)
{
    settle(t);
    Operand ref = pop(t);
    u32 count = walk_label_count(imm->frame);
    Label *l = label_of(t, imm->index);
    if (!is_body(t, imm->index) && in_place(t, l, count)) {
        branch_site(t, l, emit_imm(t, IOP_br_null, ref.home, 0), true);
    } else {
        emit_taken(t, imm, emit_imm(t, IOP_br_non_null, ref.home, 0), true);
    }
    push(t, w->operands[w->operand_count - 1])->at = AT_home;
    t->settled = t->operand_count;
    region_begin(t);
}

static void interp_br_on_non_null(Translator *t, WalkState *w, const Imm *imm)
{
    settle(t);
    u32 count = walk_label_count(imm->frame); // the reference among them
    Label *l = label_of(t, imm->index);
    u32 home = t->operands[t->operand_count - 1].home;
    if (!is_body(t, imm->index) && in_place(t, l, count)) {
        branch_site(t, l, emit_imm(t, IOP_br_non_null, home, 0), true);
    } else {
        emit_taken(t, imm, emit_imm(t, IOP_br_null, home, 0), true);
    }
    pop(t);
    region_begin(t);
}

// --- calls

// Everything goes home: arguments are where the callee's frame will start, the rest is readable by slot.
static u32 settle_call(Translator *t, const TypeDef *type)
{
    settle(t);
    u32 base = t->operand_count - type->param_count;
    u32 first = type->param_count ? t->operands[base].home : next_home(t);
    truncate_to(t, base);
    return first;
}

static void interp_call(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    u32 first = settle_call(t, imm->def), imported = w->m->imported_funcs;
    if (imm->index < imported) emit_imm(t, IOP_call_import, first, imm->index);
    else emit_imm(t, IOP_call, first, imm->index - imported);
    push_types(t, imm->def->results, imm->def->result_count);
}

static u32 pop_settled(Translator *t)
{
    settle(t);
    return pop(t).home;
}

static u64 type_and_table(const Imm *imm) { return (u64)imm->index2 << 32 | imm->type_id; }

static void interp_call_indirect(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    Operand index = pop(t);
    u32 slot = slot_of(t, &index), first = settle_call(t, imm->def);
    emit_abc(t, IOP_call_indirect, first, slot, 0);
    emit(t, type_and_table(imm));
    push_types(t, imm->def->results, imm->def->result_count);
}

static void interp_call_ref(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    u32 slot = pop_settled(t), first = settle_call(t, imm->def);
    emit_abc(t, IOP_call_ref, first, slot, 0);
    push_types(t, imm->def->results, imm->def->result_count);
}

static void interp_return_call(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    emit_imm(t, IOP_return_call, settle_call(t, imm->def), imm->index);
    emit(t, imm->def->param_slots);
}

static void interp_return_call_indirect(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    u32 slot = pop_settled(t), first = settle_call(t, imm->def);
    emit_abc(t, IOP_return_call_indirect, first, slot, 0);
    emit(t, imm->def->param_slots);
    emit(t, type_and_table(imm));
}

static void interp_return_call_ref(Translator *t, WalkState *w, const Imm *imm)
{
    mark(t, w);
    u32 slot = pop_settled(t), first = settle_call(t, imm->def);
    emit_abc(t, IOP_return_call_ref, first, slot, 0);
    emit(t, imm->def->param_slots);
}
