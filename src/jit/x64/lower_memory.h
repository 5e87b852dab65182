// lower_memory.h -- loads and stores in memory 0.
//
// The sum of an address of 32 bits and a displacement does not wrap in 64. Where what lies around
// the memory faults, that is the check; else r11 is the end of what is accessed, compared with the
// size, and 0 where the processor has guessed wrong and goes on with one that is too large.
#pragma once

#include "jit/x64/lower_int.h"

// Can the access be made here?
static bool in_reach(const Imm *imm, u32 bytes)
{
    return !imm->memarg.memory && !imm->is64 && imm->memarg.offset <= INT32_MAX - bytes;
}

// Where it is: after a check, or in a memory with guards without one; then the access comes next.
static Mem address_of(Jit *j, const WalkState *w, Operand *a, const Imm *imm, u32 bytes)
{
    Reg index = in_reg(j, a);
    s32 offset = (s32)imm->memarg.offset;
    if (j->guarded) return mem_indexed(RBX, index, 0, offset);
    Reg zero = take(j, CLASS_int);
    x_lea(&j->a, W64, R11, mem_at(index, offset + (s32)bytes));
    x_alu(&j->a, ALU_xor, W32, zero, rm_reg(zero));
    x_alu(&j->a, ALU_cmp, W64, R11, rm_mem(mem_at(R15, offsetof(Instance, mem_size))));
    trap_if(j, w, CC_a, TRAP_out_of_bounds_memory_access);
    x_cmov(&j->a, CC_a, W64, R11, rm_reg(zero));
    return mem_indexed(RBX, R11, 0, -(s32)bytes);
}

// The instruction that comes next may fault.
static void mark_access(Jit *j, const WalkState *w)
{
    if (j->guarded) mark_ahead(j, w->pos);
}

static void load_row(Jit *j, Op op, Reg reg, Mem m)
{
    switch ((int)op) {
    case OP_i32_load8_s: x_movsx(&j->a, W8, W32, reg, rm_mem(m)); break;
    case OP_i32_load16_s: x_movsx(&j->a, W16, W32, reg, rm_mem(m)); break;
    case OP_i64_load8_s: x_movsx(&j->a, W8, W64, reg, rm_mem(m)); break;
    case OP_i64_load16_s: x_movsx(&j->a, W16, W64, reg, rm_mem(m)); break;
    case OP_i64_load32_s: x_movsx(&j->a, W32, W64, reg, rm_mem(m)); break;
    case OP_i32_load8_u: case OP_i64_load8_u: x_movzx(&j->a, W8, reg, rm_mem(m)); break;
    case OP_i32_load16_u: case OP_i64_load16_u: x_movzx(&j->a, W16, reg, rm_mem(m)); break;
    case OP_i32_load: case OP_i64_load32_u: x_load(&j->a, W32, reg, m); break;
    case OP_i64_load: x_load(&j->a, W64, reg, m); break;
    case OP_f32_load: m_load_mem(j, reg, m, TYPE_f32); break;
    default: m_load_mem(j, reg, m, TYPE_f64);
    }
}

static bool lower_load(Jit *j, WalkState *w, Op op, const Imm *imm)
{
    u32 bytes = op_info[op].bits / 8;
    Type type = (Type)sig_info[op_info[op].sig].results[0];
    if (!in_reach(imm, bytes)) return false;
    Operand a = pop_of(j, TYPE_i32);
    Mem m = address_of(j, w, &a, imm, bytes);
    Reg reg = result_reg(j, w, class_of(type));
    mark_access(j, w);
    load_row(j, op, reg, m);
    push_reg(j, type, reg);
    return true;
}

static bool lower_store(Jit *j, WalkState *w, Op op, const Imm *imm)
{
    u32 bytes = op_info[op].bits / 8;
    Type type = (Type)sig_info[op_info[op].sig].params[1];
    if (!in_reach(imm, bytes)) return false;
    Operand value = pop_of(j, type), a = pop_of(j, TYPE_i32);
    bool constant = is_const(&value) && (bytes < 8 || fits_32((s64)value.bits));
    Reg reg = constant ? REG_NONE : in_reg(j, &value);
    Mem m = address_of(j, w, &a, imm, bytes);
    mark_access(j, w);
    if (constant) x_store_const(&j->a, (Width)bytes, m, (s32)value.bits);
    else if (class_of(type) == CLASS_float) m_store_mem(j, m, reg, type);
    else x_store(&j->a, (Width)bytes, m, reg);
    return true;
}
