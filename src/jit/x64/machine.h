// machine.h -- what the compiler asks of this processor: which registers there are, moves between
// registers and slots, conditions, and the fixed sequences of calls. What is emitted here and in
// lower.h is what jit/check lets pass. See ../README.md for the registers.
#pragma once

#include "jit/image.h"
#include "jit/runtime.h"
#include "jit/x64/stubs.h"

enum { BIT_RAX = 1 << RAX, BIT_RCX = 1 << RCX, BIT_RDX = 1 << RDX };
// What operands may be in, and what residents of loops may. Instructions want some for themselves.
static const u32 class_registers[] = {
    [CLASS_int] = BIT_RAX | BIT_RCX | BIT_RDX | 1 << RSI | 1 << RDI | 0x37 << R8, // not r11
    [CLASS_float] = 0x7fffu << XMM0,
};
static const u32 resident_registers[] = {
    // four are left for what is at hand: three operands and a result
    [CLASS_int] = 1 << RSI | 1 << RDI | 0x17 << R8,
    [CLASS_float] = 0x7f80u << XMM0,
};
static const u32 fixed_registers = BIT_RAX | BIT_RCX | BIT_RDX;
static const Reg callee_register = RAX;

// ---- Moves --------------------------------------------------------------------------------------

static Mem slot(u32 number) { return mem_at(RBP, (s32)number * 8 - FRAME_BIAS); }
static Rm rm_slot(u32 number) { return rm_mem(slot(number)); }

static ALWAYS_INLINE void load_typed(Jit *j, Reg reg, Mem m, Type type)
{
    switch (type) {
    case TYPE_f32: x_vex(&j->a, V_movss_load, reg, VEX_NONE, rm_mem(m)); break;
    case TYPE_f64: x_vex(&j->a, V_movsd_load, reg, VEX_NONE, rm_mem(m)); break;
    case TYPE_v128: x_vex(&j->a, V_movups_load, reg, VEX_NONE, rm_mem(m)); break;
    case TYPE_i64: x_load(&j->a, W64, reg, m); break;
    default: x_load(&j->a, W32, reg, m); // a reference too
    }
}

static ALWAYS_INLINE void store_typed(Jit *j, Mem m, Reg reg, Type type)
{
    switch (type) {
    case TYPE_f32: x_vex(&j->a, V_movss_store, reg, VEX_NONE, rm_mem(m)); break;
    case TYPE_f64: x_vex(&j->a, V_movsd_store, reg, VEX_NONE, rm_mem(m)); break;
    case TYPE_v128: x_vex(&j->a, V_movups_store, reg, VEX_NONE, rm_mem(m)); break;
    case TYPE_i32: x_store(&j->a, W32, m, reg); break;
    default: x_store(&j->a, W64, m, reg);
    }
}

static void m_load_mem(Jit *j, Reg reg, Mem m, Type type) { load_typed(j, reg, m, type); }
static void m_store_mem(Jit *j, Mem m, Reg reg, Type type) { store_typed(j, m, reg, type); }
// Those of slots are what is emitted most.
static Vex float_move(Type type, bool load)
{
    switch (type) {
    case TYPE_f32: return load ? V_movss_load : V_movss_store;
    case TYPE_f64: return load ? V_movsd_load : V_movsd_store;
    default: return load ? V_movups_load : V_movups_store;
    }
}
static __attribute__((noinline)) void m_load(Jit *j, Reg reg, u32 from, Type type)
{
    bool wide = type == TYPE_i64;
    if (UNLIKELY(reg >= XMM0)) asm_frame_vex(&j->a, float_move(type, true), reg, slot(from).disp);
    else asm_frame_op(&j->a, wide ? W64 : W32, 0x8b, reg, slot(from).disp);
}
static __attribute__((noinline)) void m_store(Jit *j, u32 to, Reg reg, Type type)
{
    bool wide = type != TYPE_i32;
    if (UNLIKELY(reg >= XMM0)) asm_frame_vex(&j->a, float_move(type, false), reg, slot(to).disp);
    else asm_frame_op(&j->a, wide ? W64 : W32, 0x89, reg, slot(to).disp);
}

static void m_move(Jit *j, Reg to, Reg from, Type type)
{
    if (to == from) return;
    if (class_of(type) == CLASS_float) x_vex(&j->a, V_movaps, to, VEX_NONE, rm_reg(from));
    else x_mov(&j->a, type == TYPE_i64 ? W64 : W32, to, from);
}

// An instruction whose last operand is a float.
static void m_vex_const(Jit *j, Vex op, Reg reg, Reg second, u64 bits)
{
    use_constant(j, x_vex_rip(&j->a, op, reg, second), bits);
}

// The same of a vector; `imm`: a byte that comes last, or -1.
static void m_vex_vector(Jit *j, Vex op, Reg reg, Reg second, u64 low, u64 high, s32 imm)
{
    use_vector(j, x_vex_rip(&j->a, op, reg, second), low, high, imm >= 0);
    if (imm >= 0) asm_8(&j->a, (u32)imm);
}

static void m_vector(Jit *j, Reg reg, u64 low, u64 high)
{
    if (low | high) m_vex_vector(j, V_movups_load, reg, VEX_NONE, low, high, -1);
    else x_vex(&j->a, V_xorps, reg, reg, rm_reg(reg));
}

static void m_const(Jit *j, Reg reg, Type type, u64 bits)
{
    if (class_of(type) == CLASS_int) {
        x_const(&j->a, reg, bits);
    } else if (!bits) {
        x_vex(&j->a, V_xorps, reg, reg, rm_reg(reg));
    } else {
        m_vex_const(j, type == TYPE_f64 ? V_movsd_load : V_movss_load, reg, VEX_NONE, bits);
    }
}

static void m_store_const(Jit *j, u32 to, Type type, u64 bits)
{
    bool narrow = type == TYPE_i32 || type == TYPE_f32;
    if (LIKELY(narrow || fits_32((s64)bits))) {
        asm_frame_op(&j->a, narrow ? W32 : W64, 0xc7, 0, slot(to).disp);
        asm_32(&j->a, (u32)bits);
    } else {
        x_const(&j->a, R11, bits);
        m_store(j, to, R11, TYPE_i64);
    }
}

// Constants that are operands.
static void m_load_const(Jit *j, Reg reg, const Operand *o)
{
    if (o->type == TYPE_v128) m_vector(j, reg, o->bits, o->high);
    else m_const(j, reg, o->type, o->bits);
}
static void m_put_const(Jit *j, u32 to, const Operand *o)
{
    if (o->type != TYPE_v128) {
        m_store_const(j, to, o->type, o->bits);
        return;
    }
    m_vector(j, XMM15, o->bits, o->high); // whole, as it will be read
    m_store(j, to, XMM15, TYPE_v128);
}

static void m_call_slot(Jit *j, u32 number)
{
    u32 field = x_call_rip(&j->a);
    asm_put_32(&j->a, field, number * 8);
    ARENA_PUSH(j->arena, j->relocations, j->relocation_count, j->relocation_cap) = field;
}
static void m_jump_slot(Jit *j, u32 number)
{
    u32 field = x_jmp_rip(&j->a);
    asm_put_32(&j->a, field, number * 8);
    ARENA_PUSH(j->arena, j->relocations, j->relocation_count, j->relocation_cap) = field;
}

// mov of 32 bits in its one form of 5 bytes
static void emit_number(Jit *j, Reg low, u32 value)
{
    asm_8(&j->a, 0xb8 | low);
    asm_32(&j->a, value);
}

static bool throws(Slow which) { return which == SLOW_throw || which == SLOW_throw_ref; }

static void emit_slow(Jit *j, Slow which, u32 home, u32 a, u32 b)
{
    emit_number(j, RAX, which);
    emit_number(j, RCX, home);
    emit_number(j, RDX, a);
    emit_number(j, RSI, b);
    m_call_slot(j, throws(which) ? RUNTIME_throw : RUNTIME_slow);
}

static void store_residents(Jit *j);
static void load_residents(Jit *j);

static void m_copy_one(Jit *j, u32 to, u32 from, Type type)
{
    // loaded no wider than it was written, for which it would have to wait; and the slot is filled
    if (type == TYPE_v128) {
        m_load(j, XMM15, from, type);
        m_store(j, to, XMM15, type);
        return;
    }
    m_load(j, R11, from, type == TYPE_i32 || type == TYPE_f32 ? TYPE_i32 : TYPE_i64);
    m_store(j, to, R11, TYPE_i64);
}

// Slots that are home. Lower ones come first, so `to` may be among them if it is below.
static void m_copy(Jit *j, u32 to, u32 from, u32 slots)
{
    enum { INLINE = 16 };
    if (to == from || !slots) return;
    if (slots > INLINE) {
        store_residents(j);
        emit_slow(j, SLOW_move, to, from - to, slots);
        j->residents.valid = 0;
        load_residents(j);
        return;
    }
    for (u32 i = 0; i < slots; i++) {
        m_load(j, R11, from + i, TYPE_i64);
        m_store(j, to + i, R11, TYPE_i64);
    }
}

// ---- Conditions ---------------------------------------------------------------------------------
//
// Those of the processor, and two of floats, which take two of those: equal and ordered, or not.

enum { CC_float_eq = 16, CC_float_ne };

static u8 m_negated(u8 condition) { return condition ^ 1; }

static void jump_short(Jit *j, u8 cc, u32 place)
{
    jumps_to(j, x_jcc_short(&j->a, cc) | JUMP_SHORT, place);
}

// Over few bytes, to a place that is yet to come, if the condition holds.
static u32 jump_over(Jit *j, u8 cc)
{
    u32 place = new_place(j);
    jump_short(j, cc, place);
    return place;
}

// Flags stay as they are.
static void m_flags(Jit *j, Reg reg, u8 condition)
{
    if (condition < CC_float_eq) {
        x_setcc(&j->a, condition, reg);
        x_movzx(&j->a, W8, reg, rm_reg(reg));
        return;
    }
    bool eq = condition == CC_float_eq;
    x_setcc(&j->a, eq ? CC_np : CC_p, R11);
    x_setcc(&j->a, eq ? CC_e : CC_ne, reg);
    x_movzx(&j->a, W8, R11, rm_reg(R11));
    x_movzx(&j->a, W8, reg, rm_reg(reg));
    x_alu(&j->a, eq ? ALU_and : ALU_or, W32, reg, rm_reg(R11));
}

static void m_store_flags(Jit *j, u32 to, u8 condition)
{
    if (condition < CC_float_eq) {
        x_setcc(&j->a, condition, R11);
        x_movzx(&j->a, W8, R11, rm_reg(R11));
        x_store(&j->a, W32, slot(to), R11);
        return;
    }
    bool eq = condition == CC_float_eq;
    u32 done = new_place(j);
    x_store_const(&j->a, W32, slot(to), !eq);
    jump_short(j, CC_p, done);
    jump_short(j, CC_ne, done);
    x_store_const(&j->a, W32, slot(to), eq);
    put_place(j, done);
}

static u32 m_jump(Jit *j) { return x_jmp(&j->a); }

// Fields of the jumps that it takes.
static u32 m_jump_if(Jit *j, u8 condition, u32 fields[2])
{
    if (condition == CC_float_ne) {
        fields[0] = x_jcc(&j->a, CC_p);
        fields[1] = x_jcc(&j->a, CC_ne);
        return 2;
    }
    u32 over = NONE;
    if (condition == CC_float_eq) {
        over = jump_over(j, CC_p);
        condition = CC_e;
    }
    fields[0] = x_jcc(&j->a, condition);
    if (over != NONE) put_place(j, over);
    return 1;
}

static Reg in_reg(Jit *j, Operand *o);
static Rm rm_of(Jit *j, Operand *o);

// The condition that it is not 0.
static u8 m_test(Jit *j, Operand *o)
{
    Width w = o->type == TYPE_i64 ? W64 : W32;
    Rm rm = rm_of(j, o);
    if (rm.reg == REG_NONE) x_alu_const(&j->a, ALU_cmp, w, rm, 0);
    else x_test(&j->a, w, rm.reg, rm.reg);
    return CC_ne;
}

// The condition that a slot of 32 bits is 0.
static u8 m_test_slot(Jit *j, u32 number)
{
    x_alu_const(&j->a, ALU_cmp, W32, rm_slot(number), 0);
    return CC_e;
}

// ---- Stops --------------------------------------------------------------------------------------

static void m_trap(Jit *j, u32 offset, Trap trap)
{
    emit_number(j, RAX, trap);
    m_call_slot(j, RUNTIME_trap);
    mark(j, offset, SITE_trap, 0);
}

// Traps if the condition holds.
static void trap_if(Jit *j, const WalkState *w, u8 condition, Trap trap)
{
    Late *late = push_late(j, LATE_trap, w->pos);
    u32 place = late->place;
    late->number = trap;
    jumps_to(j, x_jcc(&j->a, condition), place);
}

static void load_exec(Jit *j) { x_load(&j->a, W64, R11, mem_at(R15, offsetof(Instance, exec))); }

// Is the guest to stop? The field of the jump.
static u32 m_poll(Jit *j)
{
    load_exec(j);
    x_alu_const(&j->a, ALU_cmp, W32, rm_mem(mem_at(R11, offsetof(Exec, stop))), 0);
    return x_jcc(&j->a, CC_ne);
}

// Takes fuel; *jump is the field of the jump when there is not so much. Returns the field of how
// much it is.
static u32 m_charge(Jit *j, u32 *jump)
{
    load_exec(j);
    x_alu_const(&j->a, ALU_sub, W64, rm_mem(mem_at(R11, offsetof(Exec, fuel))), INT32_MAX);
    u32 field = here(j) - 4;
    *jump = x_jcc(&j->a, CC_s);
    return field;
}
static void m_set_units(Jit *j, u32 field, u32 units) { asm_put_32(&j->a, field, units); }
// There was not so much.
static void m_call_fuel(Jit *j, u32 units)
{
    emit_number(j, RAX, units);
    m_call_slot(j, RUNTIME_fuel);
}

// ---- Frames and calls ---------------------------------------------------------------------------

// Takes the return address to the record stack, and sees whether there is room for the frame and
// whether to stop: at the function's entry, or the loop at this offset.
static void m_enter(Jit *j, u32 offset, SiteKind kind)
{
    x_alu_const(&j->a, ALU_sub, W64, rm_reg(R14), 8);
    x_pop_mem(&j->a, mem_at(R14, 0));
    x_lea(&j->a, W64, R11, mem_at(RBP, INT32_MAX));
    ARENA_PUSH(j->arena, j->frames, j->frame_count, j->frame_cap) = here(j) - 4;
    x_alu(&j->a, ALU_cmp, W64, R11, rm_reg(R14));
    Late *late = push_late(j, LATE_overflow, offset);
    late->number = kind;
    jumps_to(j, x_jcc(&j->a, CC_a), late->place);
    late = push_late(j, LATE_entry_poll, offset);
    late->number = kind;
    u32 place = late->place, at = j->late_count - 1;
    jumps_to(j, m_poll(j), place);
    u32 back = place_here(j);
    j->late[at].back = back;
}

// The frame's size is known at last.
static void m_set_frame(Jit *j)
{
    enum { RECORDS = 64 }; // what a call writes before the next check
    for (u32 i = 0; i < j->frame_count; i++)
        asm_put_32(&j->a, j->frames[i], j->frame_slots * 8 + RECORDS - FRAME_BIAS);
}

static void drop_word(Jit *j)
{
    x_push_mem(&j->a, mem_at(R14, 0));
    x_alu_const(&j->a, ALU_add, W64, rm_reg(R14), 8);
}

static void m_leave(Jit *j)
{
    drop_word(j);
    x_ret(&j->a);
}

static void move_frame(Jit *j, Alu op, u32 slots)
{
    s32 bytes = (s32)slots * 8;
    if (slots) x_add_const(&j->a, W64, rm_reg(RBP), op == ALU_sub ? -bytes : bytes);
}

static void load_import(Jit *j, u32 func)
{
    x_load(&j->a, W64, R11, mem_at(R15, offsetof(Instance, imports)));
    x_load(&j->a, W64, R11, mem_at(R11, (s32)func * 8));
}

static void emit_far(Jit *j, u32 offset, u32 moved)
{
    move_frame(j, ALU_add, moved);
    m_call_slot(j, RUNTIME_call_far);
    mark(j, offset, SITE_call, moved);
    move_frame(j, ALU_sub, moved);
}

static void emit_tail_far(Jit *j)
{
    drop_word(j);
    m_jump_slot(j, RUNTIME_tail_far);
}

static void m_call(Jit *j, u32 offset, u32 func, u32 first)
{
    if (func < j->m->imported_funcs) {
        load_import(j, func);
        emit_far(j, offset, first);
        return;
    }
    move_frame(j, ALU_add, first);
    m_call_slot(j, RUNTIME_COUNT + func);
    mark(j, offset, SITE_call, first);
    move_frame(j, ALU_sub, first);
}

static void m_tail_call(Jit *j, u32 func)
{
    if (func < j->m->imported_funcs) {
        load_import(j, func);
        emit_tail_far(j);
    } else {
        drop_word(j);
        m_jump_slot(j, RUNTIME_COUNT + func);
    }
}

// r11: an entry of the function space. Enters it if it is of this instance, else goes `away`.
static void enter_own(Jit *j, u32 offset, u32 away, u32 first, bool tail)
{
    x_load(&j->a, W64, RCX, mem_at(R11, offsetof(Func, instance)));
    x_alu(&j->a, ALU_cmp, W64, RCX, rm_mem(mem_at(R15, offsetof(Instance, self))));
    jumps_to(j, x_jcc(&j->a, CC_ne), away);
    x_load(&j->a, W64, RCX, mem_at(R11, offsetof(Func, code)));
    if (tail) {
        drop_word(j);
        x_jmp_mem(&j->a, mem_at(RCX, offsetof(FuncCode, native)));
    } else {
        move_frame(j, ALU_add, first);
        x_call_mem(&j->a, mem_at(RCX, offsetof(FuncCode, native)));
        mark(j, offset, SITE_call, first);
        move_frame(j, ALU_sub, first);
    }
}

static void entry_of_ref(Jit *j) // r11: the reference
{
    x_alu(&j->a, ALU_and, W32, R11, rm_mem(mem_at(R15, offsetof(Instance, func_mask))));
    x_shift_const(&j->a, SHIFT_shl, W64, rm_reg(R11), 5);
    x_alu(&j->a, ALU_add, W64, R11, rm_mem(mem_at(R15, offsetof(Instance, funcs))));
}

// Behind a call, which late code makes in another way.
static void come_back(Jit *j, u32 late)
{
    u32 place = place_here(j);
    j->places[place].zext = 0;
    j->late[late].back = place;
}

// Leaves in r11 the Func that is meant by what is in rax: a reference, or an index if there is a
// type.
static void m_find_callee(Jit *j, u32 type, u32 table)
{
    if (type == NONE) {
        m_call_slot(j, RUNTIME_callee_ref);
        return;
    }
    emit_number(j, RCX, type);
    emit_number(j, RDX, table);
    m_call_slot(j, RUNTIME_callee_indirect);
}

static u32 late_callee(Jit *j, u32 offset, u32 type, u32 table, u32 first, bool tail)
{
    Late *late = push_late(j, LATE_callee, offset);
    u32 at = j->late_count - 1;
    late->number = type;
    late->other = table;
    late->moved = first;
    late->tail = tail;
    late->guard = j->label_count ? j->labels[j->label_count - 1].guard : NONE;
    late->far = new_place(j);
    return at;
}

// The index of it is in rax.
static void m_call_indirect(Jit *j, u32 offset, u32 type, u32 table, u32 first, bool tail)
{
    u32 at = late_callee(j, offset, type, table, first, tail);
    u32 slow = j->late[at].place, away = j->late[at].far;
    x_load(&j->a, W64, R11, mem_at(R15, offsetof(Instance, tables)));
    x_load(&j->a, W64, R11, mem_at(R11, (s32)table * 8));
    x_load(&j->a, W64, RCX, mem_at(R11, offsetof(Table, size)));
    x_alu(&j->a, ALU_cmp, W64, RAX, rm_reg(RCX));
    jumps_to(j, x_jcc(&j->a, CC_ae), slow);
    // so that nothing beyond the table is read for an index that was guessed
    x_alu(&j->a, ALU_sbb, W64, RDX, rm_reg(RDX));
    x_alu(&j->a, ALU_and, W64, RAX, rm_reg(RDX));
    x_load(&j->a, W64, R11, mem_at(R11, offsetof(Table, elems)));
    x_load(&j->a, W32, R11, mem_indexed(R11, RAX, 2, 0));
    entry_of_ref(j);
    x_load(&j->a, W64, RCX, mem_at(R15, offsetof(Instance, types)));
    x_load(&j->a, W32, RCX, mem_at(RCX, (s32)type * 4));
    x_alu(&j->a, ALU_cmp, W32, RCX, rm_mem(mem_at(R11, offsetof(Func, type))));
    jumps_to(j, x_jcc(&j->a, CC_ne), slow);
    enter_own(j, offset, away, first, tail);
    if (!tail) come_back(j, at);
}

// The reference is in rax.
static void m_call_ref(Jit *j, u32 offset, u32 first, bool tail)
{
    u32 at = late_callee(j, offset, NONE, 0, first, tail), slow = j->late[at].place;
    x_mov(&j->a, W32, R11, RAX);
    entry_of_ref(j);
    enter_own(j, offset, slow, first, tail);
    if (!tail) come_back(j, at);
}

// Of what is done by calls of C, what may stop before it is done, and is done again then.
static SiteKind kind_of_slow(Slow which)
{
    switch (which) {
    case SLOW_throw: case SLOW_throw_ref: case SLOW_memory_grow: case SLOW_memory_init:
    case SLOW_memory_copy: case SLOW_memory_fill: case SLOW_memory_discard:
    case SLOW_table_init: case SLOW_table_copy: case SLOW_table_grow: case SLOW_table_fill:
    case SLOW_wait32: case SLOW_wait64:
    case SLOW_array_new: case SLOW_array_new_default: case SLOW_array_new_data:
    case SLOW_array_new_elem: case SLOW_array_fill: case SLOW_array_copy:
    case SLOW_array_init_data: case SLOW_array_init_elem: return SITE_again;
    // It goes on behind the call, when somebody comes back.
    case SLOW_suspend: case SLOW_resume: case SLOW_resume_throw: case SLOW_resume_throw_ref:
    case SLOW_switch: return SITE_call;
    default: return SITE_trap;
    }
}

static void m_slow(Jit *j, u32 offset, Slow which, u32 home, u32 a, u32 b)
{
    SiteKind kind = kind_of_slow(which);
    if (kind == SITE_again) {
        u32 place = place_here(j);
        j->places[place].resume = true;
        j->places[place].zext = 0;
    }
    emit_slow(j, which, home, a, b);
    mark(j, offset, kind, 0);
}

static u8 m_equals_number(Jit *j, Reg reg, u32 number)
{
    if (number) x_alu_const(&j->a, ALU_cmp, W32, rm_reg(reg), (s32)number);
    else x_test(&j->a, W32, reg, reg);
    return CC_e;
}

// Jumps by an index, which may be changed, as `other` may, to one of `count` places, or the last.
static u32 m_br_table(Jit *j, Reg index, Reg other, u32 count)
{
    x_const(&j->a, R11, count - 1);
    x_alu(&j->a, ALU_cmp, W32, index, rm_reg(R11));
    x_cmov(&j->a, CC_b, W32, R11, rm_reg(index));
    u32 table = new_table(j, x_lea_rip(&j->a, other), count);
    x_movsx(&j->a, W32, W64, R11, rm_mem(mem_indexed(other, R11, 2, 0)));
    x_alu(&j->a, ALU_add, W64, R11, rm_reg(other));
    x_jmp_reg(&j->a, R11);
    return table;
}

// ---- Globals, select ----------------------------------------------------------------------------

// One of the module's own stands in the instance; r11 has the address of one that is imported.
static Mem global_value(Jit *j, u32 global)
{
    if (global >= j->m->imported_globals)
        return mem_at(R15, (s32)(offsetof(Instance, own) +
                                 (global - j->m->imported_globals) * sizeof(Global) +
                                 offsetof(Global, value)));
    x_load(&j->a, W64, R11, mem_at(R15, offsetof(Instance, globals)));
    x_load(&j->a, W64, R11, mem_at(R11, (s32)global * 8));
    return mem_at(R11, offsetof(Global, value));
}
static void m_global_get(Jit *j, Reg reg, u32 global, Type type)
{
    m_load_mem(j, reg, global_value(j, global), type);
}
static void m_global_set(Jit *j, u32 global, Reg reg, Type type)
{
    m_store_mem(j, global_value(j, global), reg, type);
}
