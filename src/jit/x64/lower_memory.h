// lower_memory.h -- loads and stores; sizes of memories and tables, and elements of tables.
//
// The sum of an address of 32 bits and a displacement does not wrap in 64. Where what lies around
// memory 0 faults, that is the check; else the end of what is accessed is compared with the size,
// and 0 where the processor has guessed wrong and goes on with one that is too large.
#pragma once

#include "jit/x64/lower_int.h"

// Has the end of each access a number?
static bool in_reach(const Imm *imm, u32 bytes) { return imm->memarg.offset <= UINT64_MAX - bytes; }

static Type address_type(const Imm *imm) { return imm->is64 ? TYPE_i64 : TYPE_i32; }

// Need the end not be computed?
static bool left_to_guards(const Jit *j, const Imm *imm, u32 bytes)
{
    return j->guarded && !imm->memarg.memory && !imm->is64 &&
           imm->memarg.offset <= INT32_MAX - bytes;
}

// The index with `more` added, in r11 if that is free.
static Reg end_of_access(Jit *j, const WalkState *w, Operand *a, bool is64, u64 more, bool free)
{
    bool small = more <= INT32_MAX;
    if (small && !is64) {
        Reg index = in_reg(j, a), end = R11;
        if (!free) end = a->at == AT_reg ? own_reg(j, a) : take(j, CLASS_int);
        x_lea(&j->a, W64, end, mem_at(index, (s32)more));
        return end;
    }
    Reg end = R11;
    if (small && free) into_reg(j, end, a);
    else end = own_reg(j, a);
    if (small) {
        x_alu_const(&j->a, ALU_add, W64, rm_reg(end), (s32)more);
    } else {
        x_const(&j->a, R11, more);
        x_alu(&j->a, ALU_add, W64, end, rm_reg(R11));
    }
    trap_if(j, w, CC_b, TRAP_out_of_bounds_memory_access);
    return end;
}

// Others may make it larger, and its size is looked at where they do.
static bool is_shared(const Jit *j, u32 memory)
{
    return j->m->memories[memory].type.limits.shared;
}

// Memories but the first, and those that are shared, are found through r11.
static bool is_found(const Jit *j, u32 memory) { return memory || is_shared(j, memory); }

static Mem memory_size(Jit *j, u32 memory)
{
    if (!is_found(j, memory)) return mem_at(R15, offsetof(Instance, mem_size));
    x_load(&j->a, W64, R11, mem_at(R15, offsetof(Instance, memories)));
    x_load(&j->a, W64, R11, mem_at(R11, (s32)memory * 8));
    if (is_shared(j, memory)) x_load(&j->a, W64, R11, mem_at(R11, offsetof(Memory, whole)));
    return mem_at(R11, offsetof(Memory, size));
}

// Where it is: after a check, or left to guards; then the access comes next. The check changes
// `zero`, or REG_NONE: it takes a register. Where one like it was made before, of as much or more,
// its end is still there.
static Mem address_with(Jit *j, const WalkState *w, Operand *a, const Imm *imm, u32 bytes, Reg zero)
{
    u32 memory = imm->memarg.memory;
    if (left_to_guards(j, imm, bytes))
        return mem_indexed(RBX, in_reg(j, a), 0, (s32)imm->memarg.offset);
    bool found = is_found(j, memory), small = imm->memarg.offset <= INT32_MAX - bytes;
    bool keeps = j->address != NONE && !found && small;
    u32 behind = (u32)imm->memarg.offset + bytes;
    if (keeps && j->checked.reg != REG_NONE && j->checked.address == j->address &&
        j->checked.memory == memory && behind <= j->checked.end) {
        lock(j, j->checked.reg);
        return mem_indexed(RBX, j->checked.reg, 0,
                           (s32)imm->memarg.offset - (s32)j->checked.end);
    }
    keeps &= j->again;
    Reg end = end_of_access(j, w, a, imm->is64, imm->memarg.offset + bytes, !found && !keeps);
    if (zero == REG_NONE) zero = take(j, CLASS_int);
    x_alu(&j->a, ALU_xor, W32, zero, rm_reg(zero));
    x_alu(&j->a, ALU_cmp, W64, end, rm_mem(memory_size(j, memory)));
    trap_if(j, w, CC_a, TRAP_out_of_bounds_memory_access);
    x_cmov(&j->a, CC_a, W64, end, rm_reg(zero));
    if (found) x_load(&j->a, W64, R11, mem_at(R11, offsetof(Memory, base)));
    j->checked.reg = REG_NONE;
    if (keeps) {
        j->checked.address = j->address;
        j->checked.memory = memory;
        j->checked.end = behind;
        j->checked.reg = end;
    }
    return mem_indexed(found ? R11 : RBX, end, 0, -(s32)bytes);
}

static Mem address_of(Jit *j, const WalkState *w, Operand *a, const Imm *imm, u32 bytes)
{
    return address_with(j, w, a, imm, bytes, REG_NONE);
}

// The instruction that comes next may fault: behind the memory, or where something is mapped in it.
static void mark_access(Jit *j, const WalkState *w)
{
    if (j->faults) mark_ahead(j, w->pos);
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
    Operand a = pop_of(j, address_type(imm));
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
    Operand value = pop_of(j, type), a = pop_of(j, address_type(imm));
    bool constant = is_const(&value) && (bytes < 8 || fits_32((s64)value.bits));
    Reg reg = constant ? REG_NONE : in_reg(j, &value);
    Mem m = address_of(j, w, &a, imm, bytes);
    mark_access(j, w);
    if (constant) x_store_const(&j->a, (Width)bytes, m, (s32)value.bits);
    else if (class_of(type) == CLASS_float) m_store_mem(j, m, reg, type);
    else x_store(&j->a, (Width)bytes, m, reg);
    return true;
}

// ---- Sizes, and elements of tables --------------------------------------------------------------

// A number of 64 bits, of which those are known to be enough that its type has.
static void push_size(Jit *j, Reg reg, bool is64)
{
    if (!is64) x_mov(&j->a, W32, reg, reg);
    push_reg(j, is64 ? TYPE_i64 : TYPE_i32, reg);
}

static void lower_memory_size(Jit *j, WalkState *w, u32 memory)
{
    const Limits *limits = &j->m->memories[memory].type.limits;
    Reg reg = result_reg(j, w, CLASS_int);
    x_load(&j->a, W64, reg, memory_size(j, memory));
    if (limits->page_log2) x_shift_const(&j->a, SHIFT_shr, W64, rm_reg(reg), limits->page_log2);
    push_size(j, reg, limits->is64);
}

// r11 is the table's address.
static void load_table(Jit *j, u32 table)
{
    x_load(&j->a, W64, R11, mem_at(R15, offsetof(Instance, tables)));
    x_load(&j->a, W64, R11, mem_at(R11, (s32)table * 8));
}

static void lower_table_size(Jit *j, WalkState *w, u32 table)
{
    Reg reg = result_reg(j, w, CLASS_int);
    load_table(j, table);
    x_load(&j->a, W64, reg, mem_at(R11, offsetof(Table, size)));
    push_size(j, reg, j->m->tables[table].type.limits.is64);
}

// Of an index that may be changed; zero is a register that is.
static Mem element_of(Jit *j, const WalkState *w, u32 table, Reg index, Reg zero)
{
    j->checked.reg = REG_NONE;
    x_alu(&j->a, ALU_xor, W32, zero, rm_reg(zero));
    load_table(j, table);
    x_alu(&j->a, ALU_cmp, W64, index, rm_mem(mem_at(R11, offsetof(Table, size))));
    trap_if(j, w, CC_ae, TRAP_out_of_bounds_table_access);
    x_cmov(&j->a, CC_ae, W64, index, rm_reg(zero));
    x_load(&j->a, W64, R11, mem_at(R11, offsetof(Table, elems)));
    return mem_indexed(R11, index, 2, 0);
}

static Type index_type(const Jit *j, u32 table)
{
    return j->m->tables[table].type.limits.is64 ? TYPE_i64 : TYPE_i32;
}

static void lower_table_get(Jit *j, WalkState *w, u32 table, Type type)
{
    Operand a = pop_of(j, index_type(j, table));
    Reg index = own_reg(j, &a), zero = take(j, CLASS_int), reg = result_reg(j, w, CLASS_int);
    x_load(&j->a, W32, reg, element_of(j, w, table, index, zero));
    push_reg(j, type, reg);
}

// Of a reference, or, if there is a table, what stands there: which of the instance's own functions
// it is. A number that none has: none, or there is no such place.
static void lower_own(Jit *j, WalkState *w, u32 table)
{
    const Mem first = mem_at(R15, offsetof(Instance, func_first));
    if (table == NONE) {
        Operand a = pop_of(j, type_ref(true, HEAP_func));
        Reg reg = own_reg(j, &a);
        x_alu(&j->a, ALU_sub, W32, reg, rm_mem(first));
        push_reg(j, TYPE_i32, reg);
        return;
    }
    Operand a = pop_of(j, index_type(j, table));
    Reg index = own_reg(j, &a), size = take(j, CLASS_int), reg = result_reg(j, w, CLASS_int);
    j->checked.reg = REG_NONE;
    m_const(j, reg, TYPE_i32, UINT32_MAX);
    load_table(j, table);
    x_load(&j->a, W64, size, mem_at(R11, offsetof(Table, size)));
    x_alu(&j->a, ALU_cmp, W64, index, rm_reg(size));
    u32 none = jump_over(j, CC_ae);
    // so that nothing beyond the table is read for an index that was guessed
    x_alu(&j->a, ALU_sbb, W64, size, rm_reg(size));
    x_alu(&j->a, ALU_and, W64, index, rm_reg(size));
    x_load(&j->a, W64, R11, mem_at(R11, offsetof(Table, elems)));
    x_load(&j->a, W32, R11, mem_indexed(R11, index, 2, 0));
    x_mov(&j->a, W32, reg, R11);
    x_alu(&j->a, ALU_sub, W32, reg, rm_mem(first));
    push_reg(j, TYPE_i32, reg);
    put_place(j, none);
}

static void lower_table_set(Jit *j, WalkState *w, u32 table, Type type)
{
    Operand value = pop_of(j, type), a = pop_of(j, index_type(j, table));
    Reg from = in_reg(j, &value), index = own_reg(j, &a), zero = take(j, CLASS_int);
    x_store(&j->a, W32, element_of(j, w, table, index, zero), from);
}
