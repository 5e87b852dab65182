// hooks_control.h -- the walk's hooks for blocks, branches and calls. See image.h.
#pragma once

#include "jit/labels.h"
#include "jit/x64/lower.h"

// ---- Fuel ---------------------------------------------------------------------------------------
//
// Regions are those of the interpreter (interp/translate/image.h): both count the same.

static void pay_units(Jit *j, u64 units)
{
    if (UNLIKELY(j->fueled)) j->region = exec_add_units(j->region, units);
}

static void region_end(Jit *j)
{
    if (j->charge == NONE) return;
    m_set_units(j, j->charge, j->region);
    j->late[j->charge_late].number = j->region;
    j->charge = NONE;
}

static void region_begin_at(Jit *j, u32 offset)
{
    if (!j->fueled) return;
    region_end(j);
    settle(j); // it is a safepoint
    drop_copies(j); // whoever was stopped there comes back with residents alone
    u32 again = place_here(j), jump;
    j->charge = m_charge(j, &jump);
    j->charge_late = j->late_count;
    Late *late = push_late(j, LATE_fuel, offset);
    late->back = again;
    late->from = j->residents;
    jumps_to(j, jump, late->place);
    j->region = 0;
}
static void region_begin(Jit *j, const WalkState *w) { region_begin_at(j, w->pos); }

static void pay_for(Jit *j, u32 slots) { pay_units(j, exec_value_units(slots)); }

// ---- Blocks -------------------------------------------------------------------------------------

static void jit_unreachable(Jit *j, WalkState *w, const Imm *imm)
{
    m_trap(j, w->pos, TRAP_unreachable);
}

static void jit_nop(Jit *j, WalkState *w, const Imm *imm) {}

static void jit_block(Jit *j, WalkState *w, const Imm *imm) { open_block(j, imm->frame); }

static void jit_loop(Jit *j, WalkState *w, const Imm *imm)
{
    settle(j);
    const Residents *outside = j->residents.of;
    const LoopNote *note = note_of(j, w);
    const Residents *inside = note ? choose_residents(j, note) : outside;
    drop_copies(j);
    move_residents(j, j->residents, inside, true);
    set_residents(j, at_label(inside));
    Label *l = open_block(j, imm->frame);
    region_end(j);
    l->loop = true;
    l->outside = outside;
    put_place(j, l->place);
    Late *late = push_late(j, LATE_loop_poll, w->pos);
    late->from = j->residents;
    jumps_to(j, m_poll(j), late->place);
    late->back = place_here(j);
    if (j->code->hot) { // the interpreter may be in it by then
        Late *entry = push_late(j, LATE_loop_entry, w->pos);
        entry->to = inside;
        entry->back = l->place;
        ARENA_PUSH(j->arena, j->loops, j->loop_count, j->loop_cap) =
            (NativeLoop){w->pos, entry->place};
    }
    region_begin(j, w);
}

// The condition that a popped operand is not 0, or that it is, with `negate`. Between this and what
// computed the operand nothing but moves is emitted.
static u8 condition_of(Jit *j, Operand *c, bool negate)
{
    u8 condition = c->at == AT_flags ? c->flags : m_test(j, c);
    return negate ? m_negated(condition) : condition;
}

// What a conditional jump leaves and meets is the same: residents are loaded, operands below the
// condition, which was popped, are home.
static void settle_for_jump(Jit *j)
{
    settle(j);
    load_residents(j);
}

static void jit_if(Jit *j, WalkState *w, const Imm *imm)
{
    Operand c = pop_of(j, TYPE_i32);
    settle_for_jump(j);
    u32 otherwise = new_place(j);
    jump_if(j, condition_of(j, &c, true), otherwise);
    open_block(j, imm->frame)->otherwise = otherwise;
    region_begin(j, w);
}

// Falling through leaves the values in their homes, which are the label's.
static void end_of_code(Jit *j, const Imm *imm)
{
    if (imm->falls) settle(j);
}

// What is behind a label that several ways lead to: the values are home, residents in registers.
static void continue_at(Jit *j, u32 home, u32 slots, const Residents *residents)
{
    forget_to(j, home);
    drop_copies(j);
    set_residents(j, at_label(residents));
    push_home(j, slots);
}

static void jit_else(Jit *j, WalkState *w, const Imm *imm)
{
    end_of_code(j, imm);
    Label *l = label_of(j, 0);
    if (imm->falls) branch_now(j, l);
    continue_at(j, l->home, slots_of(j, imm->frame->params, imm->frame->param_count), l->residents);
    put_place(j, l->otherwise);
    l->otherwise = NONE;
    region_begin(j, w);
}

// ---- Guards and their clauses -------------------------------------------------------------------

// What follows is guarded by the label's.
static void guard_range(Jit *j, const Label *l)
{
    bool empty = j->range_count && j->ranges[j->range_count - 1].start == here(j);
    if (empty) j->range_count--; // the one before it
    ARENA_PUSH(j->arena, j->ranges, j->range_count, j->range_cap) = (GuardRange){here(j), l->guard};
}

static void open_guard(Jit *j, Label *l, u32 clauses)
{
    ARENA_PUSH(j->arena, j->guards, j->guard_count, j->guard_cap) =
        (Guard){.next = l->guard, .clauses = clauses};
    l->own = l->guard = j->guard_count - 1;
    guard_range(j, l);
}

// What follows is no longer guarded.
static void close_guard(Jit *j, Label *l)
{
    if (l->own == NONE || l->guard != l->own) return;
    l->guard = l[-1].guard;
    guard_range(j, l);
}

static void end_clause(Jit *j, Label *l, const Imm *imm)
{
    end_of_code(j, imm);
    if (imm->falls && !l->loop && !in_place(l, j->next_home)) {
        pay_for(j, l->slots);
        copy_values(j, l->home, l->slots);
    }
    close_guard(j, l);
}

// Adds a clause behind `before`, the newest of the same guard, or as its first. Control goes on at
// the place. Returns the index of its words.
static u32 add_clause(Jit *j, u32 *first, u32 before, ClauseKind kind, u32 home, u32 tag, u32 place)
{
    u32 at = j->clause_count;
    ARENA_PUSH(j->arena, j->clauses, j->clause_count, j->clause_cap) =
        (u64)kind | (u64)(u16)home << 16 | (u64)tag << 32;
    ARENA_PUSH(j->arena, j->clauses, j->clause_count, j->clause_cap) =
        (u64)CODE_NONE << 32 | place; // a place until all are known
    if (before == NONE) *first = at;
    else j->clauses[before + 1] = (u64)at << 32 | (u32)j->clauses[before + 1];
    return at;
}

// Whoever comes from a clause has everything at home.
static u32 place_of_clause(Jit *j, const Label *l)
{
    Late *late = push_late(j, LATE_edge, j->at);
    late->back = l->place;
    late->from = (ResidentState){&no_residents, 0, 0};
    late->to = l->residents;
    late->clause = true;
    return late->place;
}

// A clause that goes on at its label. What is home stays.
static u32 add_label_clause(Jit *j, u32 *first, u32 before, ClauseKind kind, const ImmClause *c)
{
    Label *l = label_of(j, c->label);
    bool body = is_body(j, c->label);
    u32 home = body ? j->next_home : l->home, place;
    if (body) { // its values, then a return
        reach_slot(j, j->next_home + l->slots);
        Late *late = push_late(j, LATE_return, j->at);
        late->number = home;
        late->other = l->slots;
        late->clause = true;
        place = late->place;
    } else {
        place = place_of_clause(j, l);
    }
    return add_clause(j, first, before, kind, home, c->tag, place);
}

static void jit_try_table(Jit *j, WalkState *w, const Imm *imm)
{
    u32 first = NONE, before = NONE;
    settle(j);
    for (u32 i = 0; i < imm->block.count; i++) {
        const ImmClause *c = &imm->block.at[i];
        before = add_label_clause(j, &first, before, (ClauseKind)c->kind, c);
    }
    open_guard(j, open_block(j, imm->frame), first);
}

static void jit_try(Jit *j, WalkState *w, const Imm *imm)
{
    open_guard(j, open_block(j, imm->frame), NONE);
}

// A legacy clause: the exception stays in a slot of its own below the values, for rethrow.
static void next_clause(Jit *j, WalkState *w, const Imm *imm, ClauseKind kind, u32 tag, u32 slots)
{
    Label *l = label_of(j, 0);
    end_clause(j, l, imm);
    if (imm->falls) branch_now(j, l);
    l->caught = l->home;
    forget_to(j, l->caught + 1);
    drop_copies(j);
    set_residents(j, (ResidentState){l->residents, 0, 0});
    u32 place = place_here(j);
    j->places[place].resume = true;
    l->clause = add_clause(j, &j->guards[l->own].clauses, l->clause, kind, l->caught + 1, tag,
                           place);
    push_home(j, slots);
    region_begin(j, w);
}

static void jit_catch(Jit *j, WalkState *w, const Imm *imm)
{
    next_clause(j, w, imm, CLAUSE_old_catch, imm->tag, imm->def->param_slots);
}

static void jit_catch_all(Jit *j, WalkState *w, const Imm *imm)
{
    next_clause(j, w, imm, CLAUSE_old_catch_all, 0, 0);
}

static void jit_end(Jit *j, WalkState *w, const Imm *imm)
{
    Label *l = label_of(j, 0);
    const WalkFrame *f = imm->frame;
    if (j->label_count == 1) { // of the body; branches to it are returns
        if (imm->falls) {
            pay_for(j, l->slots);
            emit_return(j);
        }
        region_end(j);
        j->label_count--;
        return;
    }
    end_clause(j, l, imm);
    if (l->loop) {
        // Nobody comes here but from in front.
        if (imm->falls) move_residents(j, j->residents, l->outside, true);
        forget_to(j, l->home);
        set_residents(j, at_label(l->outside));
        if (!imm->falls) { // what follows is shown, though nobody comes here
            u32 place = place_here(j);
            j->places[place].used = true;
        }
        push_home(j, slots_of(j, f->results, f->result_count));
    } else {
        if (imm->falls) move_residents(j, j->residents, l->residents, true);
        continue_at(j, l->home, l->slots, l->residents);
        if (l->otherwise != NONE) put_place(j, l->otherwise); // an if without else
        put_place(j, l->place);
        if (!imm->falls) j->places[l->place].used = true;
    }
    j->label_count--;
    region_begin(j, w);
}

// What is thrown is looked for as if it had been thrown at the label.
static void jit_delegate(Jit *j, WalkState *w, const Imm *imm)
{
    j->guards[label_of(j, 0)->own].next = label_of(j, imm->label + 1)->guard;
    jit_end(j, w, imm);
}

// ---- Branches -----------------------------------------------------------------------------------

static void jit_br(Jit *j, WalkState *w, const Imm *imm)
{
    Label *l = label_of(j, imm->depth);
    pay_for(j, l->slots);
    if (is_body(j, imm->depth)) {
        emit_return(j);
        return;
    }
    settle_for(j, l);
    if (!in_place(l, j->next_home)) copy_values(j, l->home, l->slots);
    branch_now(j, l);
}

// The branch itself, where its condition holds: code that is passed by else.
static void emit_taken(Jit *j, u32 depth)
{
    ResidentState before = j->residents;
    Label *l = label_of(j, depth);
    if (is_body(j, depth)) {
        emit_return(j);
    } else {
        copy_values(j, l->home, l->slots);
        branch_now(j, l);
    }
    j->residents = before;
}

// With the condition, of which the sense is given, and everything that is carried at home.
static void branch_on(Jit *j, u32 depth, u8 condition)
{
    Label *l = label_of(j, depth);
    if (!is_body(j, depth) && in_place(l, j->next_home)) {
        jump_if(j, condition, place_for(j, l));
        return;
    }
    u32 skip = new_place(j);
    jump_if(j, m_negated(condition), skip);
    emit_taken(j, depth);
    put_place(j, skip);
}

static void jit_br_if(Jit *j, WalkState *w, const Imm *imm)
{
    Label *l = label_of(j, imm->depth);
    pay_for(j, l->slots);
    Operand c = pop_of(j, TYPE_i32);
    // where nothing is carried, operands may stay where they are
    if (l->count) settle_for_jump(j);
    else load_residents(j);
    branch_on(j, imm->depth, condition_of(j, &c, false));
    region_begin(j, w);
}

static void jit_br_table(Jit *j, WalkState *w, const Imm *imm)
{
    pay_for(j, label_of(j, imm->labels.at[0])->slots); // the same for all
    Operand index = pop_of(j, TYPE_i32);
    Reg reg = own_reg(j, &index), other = take(j, CLASS_int);
    settle(j);
    load_residents(j);
    u32 table = m_br_table(j, reg, other, imm->labels.count);
    for (u32 i = 0; i < imm->labels.count; i++) {
        u32 depth = imm->labels.at[i];
        asm_reserve(&j->a); // each target may be a copy of what is carried
        Label *l = label_of(j, depth);
        if (l->table != table) { // one piece of code per target, however often it is named
            l->table = table;
            if (!is_body(j, depth) && in_place(l, j->next_home)) {
                l->piece = place_for(j, l);
            } else {
                l->piece = place_here(j);
                emit_taken(j, depth);
            }
        }
        j->entries[j->tables[table].first + i] = l->piece;
    }
}

static void jit_return(Jit *j, WalkState *w, const Imm *imm)
{
    pay_for(j, j->labels[0].slots);
    emit_return(j);
}

// The newest operand, a reference, home with all others; the condition that it is null.
static u8 null_condition(Jit *j)
{
    settle(j);
    load_residents(j);
    return m_test_slot(j, j->next_home - 1);
}

static void jit_br_on_null(Jit *j, WalkState *w, const Imm *imm)
{
    u8 is_null = null_condition(j);
    pay_for(j, label_of(j, imm->depth)->slots);
    j->next_home--;
    branch_on(j, imm->depth, is_null);
    push_home(j, 1);
    region_begin(j, w);
}

static void jit_br_on_non_null(Jit *j, WalkState *w, const Imm *imm)
{
    u8 is_null = null_condition(j); // the reference is among what the label takes
    pay_for(j, label_of(j, imm->depth)->slots);
    branch_on(j, imm->depth, m_negated(is_null));
    j->next_home--;
    region_begin(j, w);
}

// ---- Calls --------------------------------------------------------------------------------------

// Everything goes home: arguments are where the callee's frame will start, the rest is readable by
// slot.
static u32 settle_call(Jit *j, const TypeDef *type)
{
    settle(j);
    store_residents(j);
    j->next_home -= type->param_slots;
    reach_slot(j, j->next_home + type->result_slots);
    return j->next_home;
}

// The same when what says which function is called is on top of the arguments: it goes where
// sequences of calls have it.
static u32 settle_callee(Jit *j, Type type, const TypeDef *def)
{
    Operand o = pop_of(j, type);
    take_fixed(j, callee_register);
    into_reg(j, callee_register, &o);
    return settle_call(j, def);
}

static void called(Jit *j, u32 results)
{
    lose_registers(j);
    push_home(j, results);
}

static void jit_call(Jit *j, WalkState *w, const Imm *imm)
{
    pay_units(j, call_units(w->m, imm->func));
    u32 first = settle_call(j, imm->def);
    m_call(j, w->pos, imm->func, first);
    called(j, imm->def->result_slots);
}

static void jit_call_indirect(Jit *j, WalkState *w, const Imm *imm)
{
    u32 first = settle_callee(j, index_type(j, imm->type_table.table), imm->def);
    m_call_indirect(j, w->pos, imm->type_table.type, imm->type_table.table, first, false);
    called(j, imm->def->result_slots);
}

static void jit_call_ref(Jit *j, WalkState *w, const Imm *imm)
{
    u32 first = settle_callee(j, TYPE_i32, imm->def);
    m_call_ref(j, w->pos, first, false);
    called(j, imm->def->result_slots);
}

// Tail calls. Arguments become those of this frame; what says which function it is stands behind
// them, where nobody writes.
static void move_arguments(Jit *j, const TypeDef *def)
{
    pay_for(j, def->param_slots);
    settle(j);
    m_copy(j, 0, j->next_home - def->param_slots, def->param_slots);
}

static void jit_return_call(Jit *j, WalkState *w, const Imm *imm)
{
    pay_units(j, call_units(w->m, imm->func));
    move_arguments(j, imm->def);
    m_tail_call(j, imm->func);
}

static void move_and_load_callee(Jit *j, Type type, const TypeDef *def)
{
    settle(j);
    Operand o = pop_of(j, type);
    move_arguments(j, def);
    into_reg(j, callee_register, &o);
}

static void jit_return_call_indirect(Jit *j, WalkState *w, const Imm *imm)
{
    move_and_load_callee(j, index_type(j, imm->type_table.table), imm->def);
    m_call_indirect(j, w->pos, imm->type_table.type, imm->type_table.table, 0, true);
}

static void jit_return_call_ref(Jit *j, WalkState *w, const Imm *imm)
{
    move_and_load_callee(j, TYPE_i32, imm->def);
    m_call_ref(j, w->pos, 0, true);
}

// ---- What is done by calls of C -----------------------------------------------------------------

// Operands are home in a row, `count` slots of them, and so are the results in their place.
static void slow(Jit *j, const WalkState *w, Slow which, u32 count, u32 results, u32 a, u32 b)
{
    settle(j);
    store_residents(j);
    j->next_home -= count;
    reach_slot(j, j->next_home + MAX(count, results));
    m_slow(j, w->pos, which, j->next_home, a, b);
    called(j, results);
}

static void jit_throw(Jit *j, WalkState *w, const Imm *imm)
{
    slow(j, w, SLOW_throw, imm->def->param_slots, 0, imm->tag, 0);
}

static void jit_throw_ref(Jit *j, WalkState *w, const Imm *imm)
{
    slow(j, w, SLOW_throw_ref, 1, 0, 0, 0);
}

static void jit_rethrow(Jit *j, WalkState *w, const Imm *imm)
{
    settle(j);
    store_residents(j);
    m_slow(j, w->pos, SLOW_throw_ref, label_of(j, imm->label)->caught, 0, 0);
}
