// labels.h -- labels, branches to them, and the residents of loops. See image.h.
#pragma once

#include "jit/regs.h"

static Label *label_of(Jit *j, u32 depth) { return &j->labels[j->label_count - 1 - depth]; }

// A branch to the body's own label is a return.
static bool is_body(const Jit *j, u32 depth) { return depth + 1 == j->label_count; }

static u32 count_slots(const Type *types, u32 count)
{
    u32 slots = count;
    for (u32 i = 0; i < count; i++) slots += types[i] == TYPE_v128;
    return slots;
}

// Of the parameters or results of a block. Long lists are those of types, which stay.
static u32 slots_of(Jit *j, const Type *types, u32 count)
{
    if (count < 8) return count_slots(types, count);
    ListSlots *known = &j->lists[(uintptr_t)types / 16 % COUNT_OF(j->lists)];
    if (known->types != types) *known = (ListSlots){types, count_slots(types, count)};
    return known->slots;
}

// ---- Residents of labels ------------------------------------------------------------------------

// At a label all residents are in their registers, and those that its loop assigns have changed,
// for all that is known.
static ResidentState at_label(const Residents *of)
{
    return (ResidentState){of, all_of(of), of->assigned};
}

// The number of the same local in the same register, or NONE.
static u32 same_in(const Residents *of, u32 local, Reg reg)
{
    for (u32 i = 0; i < of->count; i++)
        if (of->at[i].local == local && of->at[i].reg == reg) return i;
    return NONE;
}

// What a branch does between two sets: stores those that have changed and do not stay, loads those
// that were not there. Returns whether there is anything to do; does it if `emit`.
static bool move_residents(Jit *j, ResidentState from, const Residents *to, bool emit)
{
    bool any = false;
    if (from.of == to && from.valid == all_of(to)) return false;
    for (u32 i = 0; i < from.of->count; i++) {
        u32 local = from.of->at[i].local, there = same_in(to, local, from.of->at[i].reg);
        // What the other set takes as unchanged must not be.
        if (!(from.dirty >> i & 1) || (there != NONE && to->assigned >> there & 1)) continue;
        any = true;
        if (emit) m_store(j, j->locals[local].slot, from.of->at[i].reg, j->locals[local].type);
    }
    for (u32 i = 0; i < to->count; i++) {
        u32 here_at = same_in(from.of, to->at[i].local, to->at[i].reg);
        if (here_at != NONE && from.valid >> here_at & 1) continue;
        any = true;
        if (emit)
            m_load(j, to->at[i].reg, j->locals[to->at[i].local].slot,
                   j->locals[to->at[i].local].type);
    }
    return any;
}

// From here on the residents are these, in this state.
static void set_residents(Jit *j, ResidentState state)
{
    const Residents *old = j->residents.of;
    if (old != state.of) {
        drop_copies(j); // they may be where residents are to be
        for (u32 i = 0; i < old->count; i++) j->locals[old->at[i].local].reg = REG_NONE;
        j->resident = 0;
        for (u32 i = 0; i < state.of->count; i++) {
            j->locals[state.of->at[i].local].reg = state.of->at[i].reg;
            j->number_of[state.of->at[i].reg] = (u8)i;
            j->resident |= 1u << state.of->at[i].reg;
        }
    }
    j->residents = state;
}

// A call: nothing stays in a register.
static void lose_registers(Jit *j)
{
    assert(!j->held && !j->residents.dirty);
    drop_copies(j);
    j->residents.valid = 0;
}

static const Residents no_residents;

// Notes are taken when an outermost loop is met. False: it was to end before.
static bool take_notes(Jit *j, const WalkState *w)
{
    if (j->notes && w->pos < j->notes->loops[0].end) return true;
    if (!j->taker) j->taker = notes_begin(j->m, j->func, w->local_count, j->arena, j->halt);
    j->notes = notes_find(j->taker, w->pos);
    j->next_loop = 0;
    return j->notes != NULL;
}

// The note of the loop at hand; NULL: there is none that has a list.
static const LoopNote *note_of(Jit *j, const WalkState *w)
{
    if (!take_notes(j, w)) {
        end_walk(j);
        j->stopped = true;
        return NULL;
    }
    const LoopNotes *n = j->notes;
    u32 offset = w->pos;
    while (j->next_loop < n->loop_count && n->loops[j->next_loop].start < offset) j->next_loop++;
    const LoopNote *note = j->next_loop < n->loop_count ? &n->loops[j->next_loop] : NULL;
    return note && note->start == offset && note->local_count ? note : NULL;
}

static void add_resident(Jit *j, Residents *r, u32 local, Reg reg, bool assigned, u32 *used)
{
    if (assigned) r->assigned |= 1u << r->count;
    if (is_narrow(j->locals[local].type)) r->narrow |= 1u << reg;
    r->at[r->count].local = local;
    r->at[r->count++].reg = reg;
    *used |= 1u << reg;
}

// Who lives in registers in this loop: the heaviest, and those of the loop around it where there is
// room. Who lived there already keeps its register.
static const Residents *choose_residents(Jit *j, const LoopNote *note)
{
    const Residents *around = j->residents.of;
    Residents *r = NEW(j->arena, Residents);
    bool wanted[NOTE_LOCALS] = {0};
    u32 used = 0, left[2] = {(u32)__builtin_popcount(resident_registers[CLASS_int]),
                             (u32)__builtin_popcount(resident_registers[CLASS_float])};
    *r = (Residents){0};
    for (u32 i = 0; i < note->local_count; i++) {
        const Local *l = &j->locals[note->locals[i]];
        u64 weight = (u64)1 << (note->about[i] & NOTE_weight);
        Class class = class_of(l->type);
        // each call costs a store and a load
        wanted[i] = left[class] && weight > 2 * (u64)note->calls;
        if (!wanted[i]) continue;
        left[class]--;
        if (l->reg != REG_NONE)
            add_resident(j, r, note->locals[i], l->reg, note->about[i] & NOTE_assigned, &used);
    }
    for (u32 i = 0; i < note->local_count; i++) {
        const Local *l = &j->locals[note->locals[i]];
        if (!wanted[i] || l->reg != REG_NONE) continue;
        // registers of those that are heavier stay out of it
        u32 free = resident_registers[class_of(l->type)] & ~used, others = free & ~j->resident;
        if (!free) continue;
        add_resident(j, r, note->locals[i], (Reg)__builtin_ctz(others ? others : free),
                     note->about[i] & NOTE_assigned, &used);
    }
    for (u32 i = 0; i < around->count && !note->calls; i++)
        if (!(used >> around->at[i].reg & 1) &&
            same_in(r, around->at[i].local, around->at[i].reg) == NONE)
            add_resident(j, r, around->at[i].local, around->at[i].reg, around->assigned >> i & 1,
                         &used);
    return r;
}

// ---- Labels -------------------------------------------------------------------------------------

// A new label whose newest operands, `inside` slots of them, are its parameters; all are home
// before it. A branch to it carries `count` values.
static Label *open_label(Jit *j, u32 inside, u32 count, u32 slots)
{
    settle(j);
    Label *l = &ARENA_PUSH(j->arena, j->labels, j->label_count, j->label_cap);
    *l = (Label){.home = j->next_home - inside, .count = count, .slots = slots,
                 .place = new_place(j), .otherwise = NONE, .table = NONE,
                 .residents = j->residents.of,
                 .guard = j->label_count > 1 ? l[-1].guard : NONE, .own = NONE, .clause = NONE};
    return l;
}

static Label *open_block(Jit *j, const WalkFrame *f)
{
    u32 inside = slots_of(j, f->params, f->param_count);
    u32 slots = f->op == OP_loop ? inside : slots_of(j, f->results, f->result_count);
    return open_label(j, inside, walk_label_count(f), slots);
}

// ---- Branches -----------------------------------------------------------------------------------

// The values a branch carries are the newest operands, up to the one whose home ends at `end`. Are
// they where the label wants them, once home?
static bool in_place(const Label *label, u32 end)
{
    return !label->slots || end - label->slots == label->home;
}

// Brings home what a branch carries. Of several not those alone: to go through them again for the
// next branch would take as long again.
static void settle_for(Jit *j, const Label *label)
{
    if (label->count == 1) settle_newest(j);
    else if (label->count) settle(j);
}

// Copies what a branch carries, which is home, to where the label wants it. Neither operands nor
// residents change.
static void copy_values(Jit *j, u32 to, u32 slots)
{
    m_copy(j, to, j->next_home - slots, slots);
}

static void jump_to(Jit *j, u32 place) { jumps_to(j, m_jump(j), place); }
static void jump_if(Jit *j, u8 condition, u32 place)
{
    u32 fields[2], count = m_jump_if(j, condition, fields);
    for (u32 i = 0; i < count; i++) jumps_to(j, fields[i], place);
}

// Where a branch to the label goes from here: there, or to late code that moves residents
// first.
static u32 place_for(Jit *j, const Label *label)
{
    if (!move_residents(j, j->residents, label->residents, false)) return label->place;
    u32 back = label->place;
    const Residents *to = label->residents;
    Late *late = push_late(j, LATE_edge, j->at);
    late->back = back;
    late->from = j->residents;
    late->to = to;
    return late->place;
}

static void branch_now(Jit *j, const Label *label)
{
    move_residents(j, j->residents, label->residents, true);
    jump_to(j, label->place);
}

// Leaves the function with its results, which are the newest operands; nothing else changes.
static void emit_return(Jit *j)
{
    u32 slots = j->labels[0].slots;
    if (j->labels[0].count == 1 && j->loose) {
        // A single one need not go home. It fills its slot: who takes all of a slot of which half
        // was just written waits until that is in the cache, and the host takes all.
        Operand o = j->operands[j->loose - 1];
        Type whole = o.type == TYPE_i32 ? TYPE_i64 : o.type == TYPE_f32 ? TYPE_f64 : o.type;
        if (o.at == AT_local && j->locals[o.local].reg != REG_NONE) resident_reg(j, o.local);
        Reg reg = where(j, &o);
        if (reg != REG_NONE) m_store(j, 0, reg, whole);
        else if (o.at == AT_const) m_put_const(j, 0, &o);
        else if (o.at == AT_flags) m_store_flags(j, 0, o.flags);
        else m_copy_one(j, 0, o.at == AT_local ? j->locals[o.local].slot : o.home, o.type);
    } else if (slots) {
        settle_for(j, &j->labels[0]);
        copy_values(j, 0, slots);
    }
    m_leave(j);
}
