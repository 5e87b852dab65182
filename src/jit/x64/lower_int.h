// lower_int.h -- integers. In each: operands are popped, registers are taken, then code is emitted.
#pragma once

#include "jit/regs.h"

static u8 next_opcode(const WalkState *w) { return w->in.next < w->in.end ? *w->in.next : 0; }

// Can the next instruction use a condition that is in the flags? if, br_if, select, i32.eqz.
static bool takes_flags(const WalkState *w)
{
    u8 next = next_opcode(w);
    return next == 0x04 || next == 0x0d || next == 0x1b || next == 0x45;
}

// A comparison's result, while it is in the flags.
static void push_condition(Jit *j, const WalkState *w, u8 condition)
{
    if (takes_flags(w)) {
        push_flags(j, condition);
        return;
    }
    Reg reg = result_reg(j, w, CLASS_int);
    m_flags(j, reg, condition);
    push_reg(j, TYPE_i32, reg);
}

static Type type_of_width(Width width) { return width == W64 ? TYPE_i64 : TYPE_i32; }
static bool is_const(const Operand *o) { return o->at == AT_const; }

// The constant as the instructions sign-extend it. False: it does not fit.
static bool small_const(const Operand *o, Width width, s32 *value)
{
    s64 bits = width == W64 ? (s64)o->bits : (s32)o->bits;
    *value = (s32)bits;
    return is_const(o) && fits_32(bits);
}

static void swap_operands(Operand *a, Operand *b)
{
    Operand other = *a;
    *a = *b;
    *b = other;
}

// A register that holds `a` and may be changed, best the one where the result is wanted; `b` is not
// in it.
static Reg dest_of(Jit *j, const WalkState *w, Operand *a, const Operand *b)
{
    Class class = class_of(a->type);
    u32 local = set_next(j, w, class);
    if (local == NONE || (b && where(j, b) == j->locals[local].reg)) return own_reg(j, a);
    Reg reg = result_reg(j, w, class);
    into_reg(j, reg, a);
    return reg;
}

// Which of two operands that may change places comes first: who is in a register that may be
// changed, or where the result is wanted; a constant is second.
static void order(Jit *j, const WalkState *w, Operand *a, Operand *b)
{
    u32 local = set_next(j, w, class_of(a->type));
    Reg wanted = local == NONE ? REG_NONE : j->locals[local].reg;
    if (is_const(b)) return;
    bool swap = is_const(a) || (b->at == AT_reg && a->at != AT_reg) || a->at == AT_home;
    if (wanted != REG_NONE && where(j, b) == wanted) swap = true;
    if (wanted != REG_NONE && where(j, a) == wanted) swap = is_const(a);
    if (swap) swap_operands(a, b);
}

static void lower_alu(Jit *j, WalkState *w, Alu op, Width width)
{
    Type type = type_of_width(width);
    Operand b = pop_of(j, type), a = pop_of(j, type);
    s32 k = 0;
    if (op != ALU_sub) order(j, w, &a, &b);
    if (op == ALU_and && takes_flags(w) && width == W32) {
        Reg reg = in_reg(j, &a);
        if (small_const(&b, width, &k)) x_test_const(&j->a, width, reg, k);
        else x_test(&j->a, width, reg, in_reg(j, &b));
        push_flags(j, CC_ne);
        return;
    }
    bool sum = (op == ALU_add || op == ALU_sub) && small_const(&b, width, &k) && k != INT32_MIN;
    if (sum && op == ALU_sub) k = -k;
    Reg from = where(j, &a);
    if (sum && from != REG_NONE && a.at == AT_local) {
        from = in_reg(j, &a);
        Reg reg = result_reg(j, w, CLASS_int);
        if (reg == from) x_add_const(&j->a, width, rm_reg(reg), k);
        else x_lea(&j->a, width, reg, mem_at(from, k));
        push_reg(j, type, reg);
        return;
    }
    Reg first = REG_NONE, second = REG_NONE;
    if (op == ALU_add && a.at == AT_local && b.at == AT_local && where(j, &a) != REG_NONE &&
        where(j, &b) != REG_NONE) {
        first = in_reg(j, &a);
        second = in_reg(j, &b);
        Reg reg = result_reg(j, w, CLASS_int);
        if (reg == first) x_alu(&j->a, op, width, reg, rm_reg(second));
        else if (reg == second) x_alu(&j->a, op, width, reg, rm_reg(first));
        else x_lea(&j->a, width, reg, mem_indexed(first, second, 0, 0));
        push_reg(j, type, reg);
        return;
    }
    Rm rm = {0};
    bool constant = sum || small_const(&b, width, &k);
    if (!constant) rm = rm_of(j, &b);
    Reg reg = dest_of(j, w, &a, constant ? NULL : &b);
    if (sum) x_add_const(&j->a, width, rm_reg(reg), k);
    else if (constant) x_alu_const(&j->a, op, width, rm_reg(reg), k);
    else x_alu(&j->a, op, width, reg, rm);
    push_reg(j, type, reg);
}

static void lower_mul(Jit *j, WalkState *w, Width width)
{
    Type type = type_of_width(width);
    Operand b = pop_of(j, type), a = pop_of(j, type);
    s32 k;
    order(j, w, &a, &b);
    if (small_const(&b, width, &k)) {
        if (k > 0 && !(k & (k - 1))) {
            Reg reg = dest_of(j, w, &a, NULL);
            u8 by = (u8)__builtin_ctz((u32)k);
            if (by) x_shift_const(&j->a, SHIFT_shl, width, rm_reg(reg), by);
            push_reg(j, type, reg);
            return;
        }
        Rm rm = rm_of(j, &a);
        Reg reg = result_reg(j, w, CLASS_int);
        x_imul_const(&j->a, width, reg, rm, k);
        push_reg(j, type, reg);
        return;
    }
    Rm rm = rm_of(j, &b);
    Reg reg = dest_of(j, w, &a, &b);
    x_imul(&j->a, width, reg, rm);
    push_reg(j, type, reg);
}

enum { DIV_quotient = 1, DIV_signed = 2 };

// Puts `a` into rax and frees rdx, with `b` in some other register, which is not to be changed.
static Reg fixed_operands(Jit *j, Operand *a, Operand *b)
{
    Reg divisor = where(j, b);
    if (divisor == REG_NONE || divisor == RAX || divisor == RDX) {
        into_reg(j, R11, b);
        divisor = R11;
    } else {
        divisor = in_reg(j, b);
    }
    take_fixed(j, RAX);
    into_reg(j, RAX, a);
    take_fixed(j, RDX);
    return divisor;
}

static void lower_div(Jit *j, WalkState *w, u8 how, Width width)
{
    Type type = type_of_width(width);
    Operand b = pop_of(j, type), a = pop_of(j, type);
    u64 mask = width == W64 ? UINT64_MAX : UINT32_MAX, by = b.bits & mask;
    if (is_const(&b) && by && !(by & (by - 1)) && !(how & DIV_signed) && by <= 1u << 30) {
        Reg reg = dest_of(j, w, &a, NULL);
        if (!(how & DIV_quotient))
            x_alu_const(&j->a, ALU_and, width, rm_reg(reg), (s32)(by - 1));
        else if (by > 1)
            x_shift_const(&j->a, SHIFT_shr, width, rm_reg(reg), (u8)__builtin_ctzll(by));
        push_reg(j, type, reg);
        return;
    }
    bool maybe_zero = !is_const(&b) || !by, maybe_minus = !is_const(&b) || by == mask;
    Reg divisor = fixed_operands(j, &a, &b);
    u32 done = NONE;
    if (maybe_zero) {
        x_test(&j->a, width, divisor, divisor);
        trap_if(j, w, CC_e, TRAP_integer_divide_by_zero);
    }
    if (how & DIV_signed && maybe_minus) {
        x_alu_const(&j->a, ALU_cmp, width, rm_reg(divisor), -1);
        u32 other = jump_over(j, CC_ne);
        if (how & DIV_quotient) {
            // rax - 1 overflows for the smallest number alone
            x_alu_const(&j->a, ALU_cmp, width, rm_reg(RAX), 1);
            trap_if(j, w, CC_o, TRAP_integer_overflow);
        } else {
            x_const(&j->a, RDX, 0);
            done = new_place(j);
            jumps_to(j, x_jmp_short(&j->a) | JUMP_SHORT, done);
        }
        put_place(j, other);
    }
    if (how & DIV_signed) x_sign(&j->a, width);
    else x_const(&j->a, RDX, 0);
    x_unary(&j->a, how & DIV_signed ? UNARY_idiv : UNARY_div, width, rm_reg(divisor));
    push_reg(j, type, how & DIV_quotient ? RAX : RDX);
    if (done != NONE) put_place(j, done); // where the result is known of, too
}

static void lower_shift(Jit *j, WalkState *w, Shift op, Width width)
{
    Type type = type_of_width(width);
    Operand b = pop_of(j, type), a = pop_of(j, type);
    if (is_const(&b)) {
        Reg reg = dest_of(j, w, &a, NULL);
        u8 by = (u8)(b.bits & (width == W64 ? 63 : 31));
        if (by) x_shift_const(&j->a, op, width, rm_reg(reg), by);
        push_reg(j, type, reg);
        return;
    }
    Reg by = in_reg(j, &b);
    Rm rm = rm_of(j, &a);
    Reg reg = result_reg(j, w, CLASS_int);
    Vex vex = op == SHIFT_shl ? V_shlx : op == SHIFT_shr ? V_shrx : V_sarx;
    x_vex(&j->a, vex | (width == W64 ? V_W : 0), reg, by, rm);
    push_reg(j, type, reg);
}

static void lower_rotate(Jit *j, WalkState *w, Shift op, Width width)
{
    Type type = type_of_width(width);
    Operand b = pop_of(j, type), a = pop_of(j, type);
    if (is_const(&b)) {
        u32 bits = width == W64 ? 64 : 32, by = (u32)b.bits & (bits - 1);
        Rm rm = rm_of(j, &a);
        Reg reg = result_reg(j, w, CLASS_int);
        if (op == SHIFT_rol) by = (bits - by) & (bits - 1);
        x_vex_imm(&j->a, V_rorx | (width == W64 ? V_W : 0), reg, VEX_NONE, rm, (u8)by);
        push_reg(j, type, reg);
        return;
    }
    j->locked |= BIT_RCX; // the count's
    if (a.at == AT_reg && a.reg == RCX) {
        a.reg = take(j, CLASS_int);
        m_move(j, a.reg, RCX, type);
    }
    if (b.at != AT_reg || b.reg != RCX) {
        take_fixed(j, RCX);
        into_reg(j, RCX, &b);
    }
    Reg reg = dest_of(j, w, &a, NULL); // no local lives in rcx
    x_shift_cl(&j->a, op, width, rm_reg(reg));
    push_reg(j, type, reg);
}

static void lower_count(Jit *j, WalkState *w, Counting op, Width width)
{
    Type type = type_of_width(width);
    Operand a = pop_of(j, type);
    Rm rm = rm_of(j, &a);
    Reg reg = result_reg(j, w, CLASS_int);
    x_count(&j->a, op, width, reg, rm);
    push_reg(j, type, reg);
}

static void lower_eqz(Jit *j, WalkState *w, Width width)
{
    Operand a = pop_of(j, type_of_width(width));
    push_condition(j, w, m_negated(a.at == AT_flags ? a.flags : m_test(j, &a)));
}

static u8 swapped(u8 cc)
{
    switch (cc) {
    case CC_l: return CC_g;
    case CC_g: return CC_l;
    case CC_le: return CC_ge;
    case CC_ge: return CC_le;
    case CC_b: return CC_a;
    case CC_a: return CC_b;
    case CC_be: return CC_ae;
    case CC_ae: return CC_be;
    default: return cc;
    }
}

static void lower_cmp(Jit *j, WalkState *w, u8 cc, Width width)
{
    Type type = type_of_width(width);
    Operand b = pop_of(j, type), a = pop_of(j, type);
    s32 k;
    if (is_const(&a) || (where(j, &a) == REG_NONE && where(j, &b) != REG_NONE)) {
        swap_operands(&a, &b);
        cc = swapped(cc);
    }
    if (small_const(&b, width, &k)) {
        Rm rm = rm_of(j, &a);
        if (!k && rm.reg != REG_NONE) x_test(&j->a, width, rm.reg, rm.reg);
        else x_alu_const(&j->a, ALU_cmp, width, rm, k);
    } else {
        Reg reg = in_reg(j, &a);
        x_alu(&j->a, ALU_cmp, width, reg, rm_of(j, &b));
    }
    push_condition(j, w, cc);
}

static void lower_sign(Jit *j, WalkState *w, Width from, Width width, Type operand)
{
    Operand a = pop_of(j, operand);
    Rm rm = rm_of(j, &a);
    Reg reg = result_reg(j, w, CLASS_int);
    x_movsx(&j->a, from, width, reg, rm);
    push_reg(j, type_of_width(width), reg);
}

// The low 32 bits, with zeros above. `width` is the result's.
static void lower_low(Jit *j, WalkState *w, Width width)
{
    Operand a = pop_of(j, width == W64 ? TYPE_i32 : TYPE_i64);
    Type type = type_of_width(width);
    if (is_const(&a)) {
        push_const(j, type, (u32)a.bits);
        return;
    }
    if (a.at == AT_reg && !(j->resident >> a.reg & 1) && width == W64) {
        push_reg(j, type, a.reg); // an i32 is so already
        return;
    }
    a.type = TYPE_i32;
    Reg from = where(j, &a);
    if (from != REG_NONE) from = in_reg(j, &a);
    Reg reg = result_reg(j, w, CLASS_int);
    if (from != REG_NONE) x_mov(&j->a, W32, reg, from);
    else into_reg(j, reg, &a);
    push_reg(j, type, reg);
}

// ---- 128 bits: the lower half, and then the upper one -------------------------------------------

static void lower_wide_sum(Jit *j, Alu op)
{
    Operand high_b = pop_of(j, TYPE_i64), low_b = pop_of(j, TYPE_i64);
    Operand high_a = pop_of(j, TYPE_i64), low_a = pop_of(j, TYPE_i64);
    s32 k;
    bool constant = small_const(&low_b, W64, &k);
    Reg second = in_reg(j, &high_b);
    Rm first = constant ? (Rm){0} : rm_of(j, &low_b);
    Reg low = own_reg(j, &low_a), high = own_reg(j, &high_a);
    // the carry goes on: nothing comes between
    if (constant) x_alu_const(&j->a, op, W64, rm_reg(low), k);
    else x_alu(&j->a, op, W64, low, first);
    x_alu(&j->a, op == ALU_add ? ALU_adc : ALU_sbb, W64, high, rm_reg(second));
    push_reg(j, TYPE_i64, low);
    push_reg(j, TYPE_i64, high);
}

static void lower_wide_mul(Jit *j, Unary op)
{
    Operand b = pop_of(j, TYPE_i64), a = pop_of(j, TYPE_i64);
    x_unary(&j->a, op, W64, rm_reg(fixed_operands(j, &a, &b)));
    push_reg(j, TYPE_i64, RAX);
    push_reg(j, TYPE_i64, RDX);
}
