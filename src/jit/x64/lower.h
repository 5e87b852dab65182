// lower.h -- rows of the tables as instructions of this processor.
#pragma once

#include "jit/regs.h"

static u8 next_opcode(const WalkState *w) { return w->in.next < w->in.end ? *w->in.next : 0; }

// A comparison's result, while it is in the flags: for the branch or select that follows, else a
// number.
static void push_condition(Jit *j, const WalkState *w, u8 condition)
{
    switch (next_opcode(w)) {
    // if, br_if, select, i32.eqz
    case 0x04: case 0x0d: case 0x1b: case 0x45: push_flags(j, condition); return;
    }
    Reg reg = result_reg(j, w, CLASS_int);
    m_flags(j, reg, condition);
    push_reg(j, TYPE_i32, reg);
}

static bool lower_pure(Jit *j, WalkState *w, Op op) { return false; }
static bool lower_load(Jit *j, WalkState *w, Op op, const Imm *imm) { return false; }
static bool lower_store(Jit *j, WalkState *w, Op op, const Imm *imm) { return false; }

static void short_skip(Jit *j, u8 cc, u32 *place)
{
    *place = new_place(j);
    jump_short(j, cc, *place);
}

// a if the condition is not 0, else b. What is in the flags stays there until the end.
static void m_select(Jit *j, WalkState *w, Operand *c, Operand *a, Operand *b, Type type)
{
    Class class = class_of(type);
    u8 condition = c->at == AT_flags ? c->flags : m_test(j, c);
    if (condition == CC_float_eq) {
        Operand *other = a;
        a = b;
        b = other;
        condition = CC_float_ne;
    }
    Reg taken = in_reg(j, a), reg;
    u32 local = set_next(j, w, class);
    if (local != NONE && j->locals[local].reg == taken) reg = take(j, class);
    else reg = result_reg(j, w, class);
    into_reg(j, reg, b);
    if (class == CLASS_int) {
        Width width = type == TYPE_i64 ? W64 : W32;
        if (condition == CC_float_ne) x_cmov(&j->a, CC_p, width, reg, rm_reg(taken));
        x_cmov(&j->a, condition == CC_float_ne ? CC_ne : condition, width, reg, rm_reg(taken));
    } else {
        u32 take_it = NONE, done;
        if (condition == CC_float_ne) {
            short_skip(j, CC_p, &take_it);
            condition = CC_ne;
        }
        short_skip(j, m_negated(condition), &done);
        if (take_it != NONE) put_place(j, take_it);
        m_move(j, reg, taken, type);
        put_place(j, done);
    }
    push_reg(j, type, reg);
}
