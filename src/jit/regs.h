// regs.h -- registers for operands and locals. See image.h.
#pragma once

#include "jit/image.h"
#include "jit/x64/machine.h"

// ---- Residents ----------------------------------------------------------------------------------

static void load_resident(Jit *j, u32 i)
{
    const Local *l = &j->locals[j->residents.of->at[i].local];
    if (j->residents.valid >> i & 1) return;
    m_load(j, l->reg, l->slot, l->type);
    j->residents.valid |= 1u << i;
}

// The register of a local that has one, with its value.
static Reg resident_reg(Jit *j, u32 local)
{
    load_resident(j, j->number_of[j->locals[local].reg]);
    return j->locals[local].reg;
}

static void load_residents(Jit *j)
{
    for (u32 lost = all_of(j->residents.of) & ~j->residents.valid; lost; lost &= lost - 1)
        load_resident(j, (u32)__builtin_ctz(lost));
}

static void store_residents_of(Jit *j, const ResidentState *s)
{
    for (u32 bits = s->dirty; bits; bits &= bits - 1) {
        u32 i = (u32)__builtin_ctz(bits);
        const Local *l = &j->locals[s->of->at[i].local];
        m_store(j, l->slot, s->of->at[i].reg, l->type);
    }
}
// Brings home those that have changed.
static void store_residents(Jit *j)
{
    store_residents_of(j, &j->residents);
    j->residents.dirty = 0;
}

static void reload_residents(Jit *j, const ResidentState *of)
{
    for (u32 i = 0; i < of->of->count; i++)
        if (of->valid >> i & 1) {
            const Local *l = &j->locals[of->of->at[i].local];
            m_load(j, of->of->at[i].reg, l->slot, l->type);
        }
}

// ---- Copies of locals that are at home ----------------------------------------------------------
//
// What was read from a slot, or written to one, is still in its register: it is read there until
// the register is taken, or until code comes from elsewhere.

static void save_value(Jit *j, Reg reg);
static void move_away(Jit *j, Reg reg);
static Reg take_for_value(Jit *j, Class class, bool result);
static bool wants_another(const Jit *j, Reg reg);

static void drop_copy(Jit *j, Reg reg)
{
    if (!(j->copies >> reg & 1)) return;
    if (UNLIKELY(j->select != NULL)) save_value(j, reg);
    j->copies &= ~(1u << reg);
    j->locals[j->copy_of[reg]].copy = REG_NONE;
}

static void drop_copies(Jit *j)
{
    for (u32 bits = j->copies; bits; bits &= bits - 1)
        j->locals[j->copy_of[__builtin_ctz(bits)]].copy = REG_NONE;
    j->copies = 0;
}

static void copy_is_in(Jit *j, u32 local, Reg reg)
{
    drop_copy(j, reg);
    j->copies |= 1u << reg;
    j->copy_of[reg] = local;
    j->locals[local].copy = reg;
}

static u32 unsaved_values(const Jit *j);
static u32 state_at_hand(const Jit *j);
static void write_homes(Jit *j, u32 state);

// Late code gets them back when it is done.
static void keep_copies(Jit *j, Late *l)
{
    u32 *of = NEW_ARRAY(j->arena, u32, (u32)__builtin_popcount(j->copies)), count = 0;
    for (u32 bits = j->copies; bits; bits &= bits - 1)
        of[count++] = j->copy_of[__builtin_ctz(bits)];
    l->copies = j->copies;
    l->copy_of = of;
    l->unsaved = j->select ? unsaved_values(j) : 0;
    l->state = j->select ? state_at_hand(j) : 0;
}

// Of a graph: what slots and homes have not yet.
static void save_kept(Jit *j, const Late *l)
{
    const u32 *of = l->copy_of;
    for (u32 bits = l->copies; bits; bits &= bits - 1, of++) {
        u32 reg = (u32)__builtin_ctz(bits);
        asm_reserve(&j->a);
        if (l->unsaved >> reg & 1)
            m_store(j, j->locals[*of].slot, (Reg)reg, j->locals[*of].type);
    }
    if (l->state) write_homes(j, l->state);
    asm_reserve(&j->a);
}

static void reload_kept(Jit *j, const Late *l)
{
    const u32 *of = l->copy_of;
    reload_residents(j, &l->from);
    for (u32 bits = l->copies; bits; bits &= bits - 1, of++) {
        asm_reserve(&j->a);
        m_load(j, (Reg)__builtin_ctz(bits), j->locals[*of].slot, j->locals[*of].type);
    }
    asm_reserve(&j->a);
}

// ---- Operands, brought home ---------------------------------------------------------------------

// Puts an operand that is not home there, and forgets where it was. One instruction may bring home
// as many as there are, so each has room of its own.
static void make_home(Jit *j, Operand *o)
{
    asm_reserve(&j->a);
    switch ((At)o->at) {
    case AT_home: return;
    case AT_local: {
        Local *l = &j->locals[o->local];
        if (l->reg != REG_NONE) m_store(j, o->home, resident_reg(j, o->local), o->type);
        else if (l->copy != REG_NONE) m_store(j, o->home, l->copy, o->type);
        else m_copy_one(j, o->home, l->slot, o->type);
        break;
    }
    case AT_const: m_put_const(j, o->home, o); break;
    case AT_reg:
        m_store(j, o->home, o->reg, o->type);
        j->held &= ~(1u << o->reg);
        break;
    case AT_flags: m_store_flags(j, o->home, o->flags); break;
    }
    o->at = AT_home;
}

// Brings every operand home. All others that stand for a local come home with the newest.
static void settle(Jit *j)
{
    for (u32 i = 0; i < j->loose; i++) {
        Operand *o = &j->operands[i];
        if (o->at == AT_local) j->locals[o->local].pending = NONE;
        make_home(j, o);
    }
    j->loose = 0;
}

// The same for the newest alone.
static void settle_newest(Jit *j)
{
    if (!j->loose) return;
    Operand *o = &j->operands[j->loose - 1];
    if (o->at == AT_local) j->locals[o->local].pending = o->older;
    make_home(j, o);
}

// Forgets all operands that have their homes at `home` or behind. Those that are not home are among
// them.
static void forget_to(Jit *j, u32 home)
{
    for (; j->loose; j->loose--) {
        const Operand *o = &j->operands[j->loose - 1];
        if (o->at == AT_local) j->locals[o->local].pending = o->older;
        if (o->at == AT_reg) j->held &= ~(1u << o->reg);
    }
    j->next_home = home;
}

// Values that are home, as all below them are.
static void push_home(Jit *j, u32 slots)
{
    assert(!j->loose);
    j->next_home += slots;
    reach_slot(j, j->next_home);
}

// ---- Registers for the instruction at hand ------------------------------------------------------

static u32 free_registers(const Jit *j, Class class)
{
    return class_registers[class] & ~(j->held | j->locked | j->resident);
}

static void lock(Jit *j, Reg reg) { j->locked |= 1u << reg; }

// It will not hold the end of what was checked any more.
static void uncheck(Jit *j, Reg reg)
{
    if (j->checked.reg == reg) j->checked.reg = REG_NONE;
}

// Takes a register from the operand that is in it, which goes home.
static void evict(Jit *j, Reg reg)
{
    if (j->held >> reg & 1) make_home(j, &j->operands[j->owner[reg]]);
}

// A register that holds nothing, locked. There is always one: an instruction locks few.
static Reg take(Jit *j, Class class)
{
    if (UNLIKELY(j->select != NULL)) return take_for_value(j, class, false);
    u32 free = free_registers(j, class);
    if (UNLIKELY(!free)) {
        // the operand that is used last, which is the oldest
        u32 of = NONE;
        for (u32 bits = j->held & class_registers[class] & ~(j->locked | j->resident); bits;
             bits &= bits - 1)
            of = MIN(of, j->owner[__builtin_ctz(bits)]);
        Reg reg = j->operands[of].reg;
        evict(j, reg);
        free = 1u << reg;
    }
    // Those that hold copies come last, before them those that instructions want for themselves.
    u32 empty = free & ~j->copies;
    if (empty) free = empty;
    u32 plain = free & ~fixed_registers;
    Reg reg = (Reg)__builtin_ctz(plain ? plain : free);
    drop_copy(j, reg);
    lock(j, reg);
    return reg;
}

// The same for the instruction's result.
static Reg take_result(Jit *j, Class class)
{
    return UNLIKELY(j->select != NULL) ? take_for_value(j, class, true) : take(j, class);
}

// A certain one, locked: nobody's operand that is at hand is in it, or it is to be overwritten.
static void take_fixed(Jit *j, Reg reg)
{
    evict(j, reg);
    if (UNLIKELY(j->select != NULL)) move_away(j, reg);
    drop_copy(j, reg);
    uncheck(j, reg);
    lock(j, reg);
}

// Is the value in a register now? Which one, else REG_NONE.
static Reg where(const Jit *j, const Operand *o)
{
    if (o->at == AT_reg) return o->reg;
    if (o->at != AT_local) return REG_NONE;
    const Local *l = &j->locals[o->local];
    return l->reg != REG_NONE ? l->reg : l->copy;
}

// The value of a popped operand, put into this register, which was taken.
static void into_reg(Jit *j, Reg reg, const Operand *o)
{
    switch ((At)o->at) {
    case AT_home: m_load(j, reg, o->home, o->type); break;
    case AT_local: {
        const Local *l = &j->locals[o->local];
        if (l->reg != REG_NONE) m_move(j, reg, resident_reg(j, o->local), o->type);
        else if (l->copy != REG_NONE) m_move(j, reg, l->copy, o->type);
        else m_load(j, reg, l->slot, o->type);
        break;
    }
    case AT_const: m_load_const(j, reg, o); break;
    case AT_reg: m_move(j, reg, o->reg, o->type); break;
    case AT_flags: m_flags(j, reg, o->flags); break;
    }
}

// The value of a popped operand in some register, which is locked and must not be changed.
static Reg in_reg(Jit *j, Operand *o)
{
    Reg reg = where(j, o);
    if (reg != REG_NONE) {
        if (o->at == AT_local && reg == j->locals[o->local].reg) resident_reg(j, o->local);
        lock(j, reg);
        return reg;
    }
    reg = take(j, class_of(o->type));
    into_reg(j, reg, o);
    if (o->at == AT_local) {
        copy_is_in(j, o->local, reg);
        return reg;
    }
    o->at = AT_reg;
    o->reg = reg;
    return reg;
}

// The same in one that may be changed.
static Reg own_reg(Jit *j, Operand *o)
{
    if (o->at == AT_reg && !(j->resident >> o->reg & 1)) return o->reg;
    Reg reg = take_result(j, class_of(o->type));
    into_reg(j, reg, o);
    o->at = AT_reg;
    o->reg = reg;
    return reg;
}

// Where an instruction may read a popped operand: its register, or its slot.
static Rm rm_of(Jit *j, Operand *o)
{
    if (o->at == AT_home) return rm_slot(o->home);
    if (o->at == AT_local && where(j, o) == REG_NONE) return rm_slot(j->locals[o->local].slot);
    return rm_reg(in_reg(j, o));
}

// A local is about to change: whoever still stands for its old value gets a copy of it.
static void preserve(Jit *j, u32 local)
{
    Local *l = &j->locals[local];
    for (u32 i = l->pending, older; i != NONE; i = older) {
        Operand *o = &j->operands[i];
        older = o->older;
        Class class = class_of(o->type);
        u32 free = free_registers(j, class) & ~fixed_registers;
        Reg from = l->reg != REG_NONE ? resident_reg(j, local) : l->copy;
        if (free && from != REG_NONE) {
            Reg reg = (Reg)__builtin_ctz(free);
            if (reg == from) drop_copy(j, reg); // which it was
            else drop_copy(j, reg), m_move(j, reg, from, o->type);
            o->at = AT_reg;
            o->reg = reg;
            j->owner[reg] = i;
            j->held |= 1u << reg;
        } else {
            make_home(j, o);
        }
    }
    l->pending = NONE;
}

// The local that the next instruction sets, if it is a resident of this class; else NONE.
static u32 set_next(const Jit *j, const WalkState *w, Class class)
{
    const u8 *next = w->in.next;
    if (next + 1 >= w->in.end || (next[0] != 0x21 && next[0] != 0x22)) return NONE;
    u32 local = next[1];
    if (local >= 0x80 || local >= w->local_count || j->locals[local].reg == REG_NONE) return NONE;
    return class_of(j->locals[local].type) == class ? local : NONE;
}

// Where the result of the instruction at hand is best made: in the register of the local that is
// set to it next, else in one that is taken. Its operands may be in that register.
static Reg result_reg(Jit *j, const WalkState *w, Class class)
{
    u32 local = set_next(j, w, class);
    if (local == NONE) return take_result(j, class);
    preserve(j, local);
    lock(j, j->locals[local].reg);
    return j->locals[local].reg;
}
