// asm.h -- writes x86-64 instructions: each function one, in its shortest form.
//
// The caller sees to it that there is room for ASM_ROOM bytes before it begins with an instruction
// of the source, and before each of many operands (asm_reserve); none here has more than 15. What
// is emitted is only what jit/check knows. Registers have the processor's numbers, those of vectors
// 16 more.
#pragma once

#include "base/arena.h"

#include <string.h>

typedef u8 Reg;
enum {
    RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15,
    XMM0, XMM15 = XMM0 + 15, REG_COUNT, REG_NONE = 0xff
};

typedef struct {
    Arena *arena;
    u8 *at, *start, *end;
} Asm;

enum { ASM_ROOM = 4096 };

static inline bool asm_has_room(const Asm *a) { return a->end - a->at >= ASM_ROOM; }
static SELDOM __attribute__((unused)) void asm_grow(Asm *a)
{
    size_t used = (size_t)(a->at - a->start), cap = (size_t)(a->end - a->start);
    size_t more = cap + arena_step(cap) + 2 * ASM_ROOM;
    a->start = cap ? arena_grow(a->arena, a->start, cap, more, 1)
                   : arena_alloc_rough(a->arena, more);
    a->at = a->start + used;
    a->end = a->start + more;
}
static inline void asm_reserve(Asm *a)
{
    if (UNLIKELY(!asm_has_room(a))) asm_grow(a);
}

// [base + (index << scale) + disp]; REG_NONE: without an index
typedef struct {
    Reg base, index;
    u8 scale;
    s32 disp;
} Mem;
static inline Mem mem_at(Reg base, s32 disp) { return (Mem){base, REG_NONE, 0, disp}; }
static inline Mem mem_indexed(Reg base, Reg index, u8 scale, s32 disp)
{
    return (Mem){base, index, scale, disp};
}
// A register or memory. A word of the host's without holes, so that it is handed on in a register:
// bytes that were just written one by one and are read as a word have to be waited for.
typedef struct {
    Reg reg; // REG_NONE: memory
    Reg base, index;
    u8 scale;
    s32 disp;
} Rm;
static inline Rm rm_reg(Reg reg) { return (Rm){.reg = reg}; }
static inline Rm rm_mem(Mem m) { return (Rm){REG_NONE, m.base, m.index, m.scale, m.disp}; }
static inline Mem mem_of(Rm rm) { return (Mem){rm.base, rm.index, rm.scale, rm.disp}; }

typedef enum { W8 = 1, W16 = 2, W32 = 4, W64 = 8 } Width;
// The condition of jcc, setcc, cmovcc. ^ 1 negates.
enum {
    CC_o, CC_no, CC_b, CC_ae, CC_e, CC_ne, CC_be, CC_a, CC_s, CC_ns, CC_p, CC_np, CC_l, CC_ge,
    CC_le, CC_g
};
typedef enum { ALU_add, ALU_or, ALU_adc, ALU_sbb, ALU_and, ALU_sub, ALU_xor, ALU_cmp } Alu;
typedef enum { SHIFT_rol, SHIFT_ror, SHIFT_shl = 4, SHIFT_shr, SHIFT_sar = 7 } Shift;
typedef enum { COUNT_popcnt = 0xb8, COUNT_tzcnt = 0xbc, COUNT_lzcnt = 0xbd } Counting;
typedef enum { UNARY_not = 2, UNARY_neg, UNARY_mul, UNARY_imul, UNARY_div, UNARY_idiv } Unary;

// ---- Pieces -------------------------------------------------------------------------------------

static inline void asm_8(Asm *a, u32 byte) { *a->at++ = (u8)byte; }
static inline void asm_32(Asm *a, u32 value)
{
    memcpy(a->at, &value, 4);
    a->at += 4;
}
static inline void asm_64(Asm *a, u64 value)
{
    memcpy(a->at, &value, 8);
    a->at += 8;
}
static inline void asm_put_32(Asm *a, u32 field, u32 value)
{
    memcpy(a->start + field, &value, 4);
}
static inline bool fits_8(s64 v) { return v == (s8)v; }
static inline bool fits_32(s64 v) { return v == (s32)v; }

// Where an instruction is put together, a pointer of its own is moved, and kept in a register.
static inline u8 *put_modrm(u8 *at, u32 reg, Rm rm)
{
    reg = (reg & 7) << 3;
    if (rm.reg != REG_NONE) {
        *at++ = (u8)(0xc0 | reg | (rm.reg & 7));
        return at;
    }
    const Mem m = mem_of(rm);
    // rbp and r13 always have a displacement, rsp and r12 a second byte
    u32 mod = m.disp == 0 && (m.base & 7) != RBP ? 0 : fits_8(m.disp) ? 0x40 : 0x80;
    if (m.index == REG_NONE && (m.base & 7) != RSP) {
        *at++ = (u8)(mod | reg | (m.base & 7));
    } else {
        u32 index = m.index == REG_NONE ? RSP : m.index;
        *at++ = (u8)(mod | reg | 4);
        *at++ = (u8)((u32)m.scale << 6 | (index & 7) << 3 | (m.base & 7));
    }
    memcpy(at, &m.disp, 4); // of which it has as many as it has
    return at + (mod >> 6 & 1) + 4 * (mod >> 7);
}

static inline u32 rex_bits(u32 reg, Rm rm)
{
    u32 bits = (reg >> 3 & 1) << 2;
    if (rm.reg != REG_NONE) return bits | (rm.reg >> 3 & 1);
    if (rm.index != REG_NONE) bits |= (rm.index >> 3 & 1) << 1;
    return bits | (rm.base >> 3 & 1);
}

// Is its low byte another one without REX?
static inline bool needs_rex(Reg byte) { return byte >= RSP && byte < R8; }

// opcode: one byte, or 0x0f and one, with a prefix of operand size or f3 in front of REX. What is
// in front of the ModRM byte is one store.
static inline void asm_op(Asm *a, u32 prefix, Width width, bool any_rex, u32 opcode, u32 reg,
                          Rm rm)
{
    u32 rex = rex_bits(reg, rm) | (width == W64 ? 8 : 0), any = rex || any_rex, first = prefix != 0;
    u32 op = opcode > 0xff ? opcode >> 8 | (opcode & 0xff) << 8 : opcode;
    u64 front = (u64)op << 8 * any | (0x40 | rex) * any;
    front = front << 8 * first | prefix;
    memcpy(a->at, &front, sizeof front);
    a->at = put_modrm(a->at + first + any + 1 + (opcode > 0xff), reg, rm);
}

// The same of [rbp + disp], by one store: `front` is what stands in front of the ModRM byte, its
// `bytes`, of which there are 3 at most, from the lowest on; of these `less` are left out.
static inline void asm_frame(Asm *a, u32 front, u32 bytes, u32 less, u32 reg, s32 disp)
{
    u32 far = !fits_8(disp), modrm = (far ? 0x80 : 0x40) | (reg & 7) << 3 | RBP;
    u64 all = ((u64)(u32)disp << 8 | modrm) << 8 * bytes | front;
    all >>= 8 * less;
    memcpy(a->at, &all, sizeof all);
    a->at += bytes + 2 - less + (far ? 3 : 0);
}
static inline void asm_frame_op(Asm *a, Width width, u32 opcode, u32 reg, s32 disp)
{
    u32 rex = 0x40 | (reg & 8) >> 1 | (width == W64 ? 8 : 0);
    asm_frame(a, opcode << 8 | rex, 2, rex == 0x40, reg, disp);
}

// ---- Moves --------------------------------------------------------------------------------------

static inline void x_mov(Asm *a, Width w, Reg dst, Reg src)
{
    asm_op(a, 0, w, false, 0x8b, dst, rm_reg(src));
}
static inline void x_const(Asm *a, Reg dst, u64 value)
{
    if (value <= UINT32_MAX) {
        if (dst >= R8) asm_8(a, 0x41);
        asm_8(a, 0xb8 | (dst & 7));
        asm_32(a, (u32)value);
    } else if (fits_32((s64)value)) {
        asm_op(a, 0, W64, false, 0xc7, 0, rm_reg(dst));
        asm_32(a, (u32)value);
    } else {
        asm_8(a, 0x48 | dst >> 3);
        asm_8(a, 0xb8 | (dst & 7));
        asm_64(a, value);
    }
}
static inline void x_load(Asm *a, Width w, Reg dst, Mem m) // 32 or 64 bits
{
    asm_op(a, 0, w, false, 0x8b, dst, rm_mem(m));
}
static inline void x_store(Asm *a, Width w, Mem m, Reg src)
{
    bool any_rex = w == W8 && needs_rex(src);
    asm_op(a, w == W16 ? 0x66 : 0, w, any_rex, w == W8 ? 0x88 : 0x89, src, rm_mem(m));
}
// A value of 64 bits must be sign-extended from 32.
static inline void x_store_const(Asm *a, Width w, Mem m, s32 value)
{
    asm_op(a, w == W16 ? 0x66 : 0, w, false, w == W8 ? 0xc6 : 0xc7, 0, rm_mem(m));
    if (w == W8) asm_8(a, (u32)value);
    else if (w == W16) asm_8(a, (u32)value), asm_8(a, (u32)value >> 8);
    else asm_32(a, (u32)value);
}
// from 8 or 16 bits, to 32 or 64
static inline void x_movzx(Asm *a, Width from, Reg dst, Rm src)
{
    bool any_rex = from == W8 && needs_rex(src.reg);
    asm_op(a, 0, W32, any_rex, from == W8 ? 0x0fb6 : 0x0fb7, dst, src);
}
static inline void x_movsx(Asm *a, Width from, Width to, Reg dst, Rm src)
{
    bool any_rex = from == W8 && needs_rex(src.reg);
    asm_op(a, 0, to, any_rex, from == W8 ? 0x0fbe : from == W16 ? 0x0fbf : 0x63, dst, src);
}
static inline void x_lea(Asm *a, Width w, Reg dst, Mem m)
{
    asm_op(a, 0, w, false, 0x8d, dst, rm_mem(m));
}
static inline void x_push_mem(Asm *a, Mem m) { asm_op(a, 0, W32, false, 0xff, 6, rm_mem(m)); }
static inline void x_pop_mem(Asm *a, Mem m) { asm_op(a, 0, W32, false, 0x8f, 0, rm_mem(m)); }

// ---- Integers -----------------------------------------------------------------------------------

static inline void x_alu(Asm *a, Alu op, Width w, Reg dst, Rm src)
{
    asm_op(a, 0, w, false, (u32)op << 3 | 3, dst, src);
}
static inline void x_alu_const(Asm *a, Alu op, Width w, Rm dst, s32 value)
{
    asm_op(a, 0, w, false, fits_8(value) ? 0x83 : 0x81, op, dst);
    if (fits_8(value)) asm_8(a, (u32)value);
    else asm_32(a, (u32)value);
}
// The flags may be those of another sum: less -128 is shorter than 128.
static inline void x_add_const(Asm *a, Width w, Rm dst, s32 value)
{
    if (value == 128) x_alu_const(a, ALU_sub, w, dst, -128);
    else x_alu_const(a, ALU_add, w, dst, value);
}
static inline void x_test(Asm *a, Width w, Reg x, Reg y)
{
    asm_op(a, 0, w, false, 0x85, y, rm_reg(x));
}
static inline void x_test_const(Asm *a, Width w, Reg x, s32 value)
{
    asm_op(a, 0, w, false, 0xf7, 0, rm_reg(x));
    asm_32(a, (u32)value);
}
static inline void x_test_mem(Asm *a, Mem m, u8 value) // of a byte
{
    asm_op(a, 0, W8, false, 0xf6, 0, rm_mem(m));
    asm_8(a, value);
}
static inline void x_imul(Asm *a, Width w, Reg dst, Rm src)
{
    asm_op(a, 0, w, false, 0x0faf, dst, src);
}
static inline void x_imul_const(Asm *a, Width w, Reg dst, Rm src, s32 value)
{
    asm_op(a, 0, w, false, fits_8(value) ? 0x6b : 0x69, dst, src);
    if (fits_8(value)) asm_8(a, (u32)value);
    else asm_32(a, (u32)value);
}
static inline void x_unary(Asm *a, Unary op, Width w, Rm rm)
{
    asm_op(a, 0, w, false, 0xf7, op, rm);
}
// rdx or edx gets the sign of rax
static inline void x_sign(Asm *a, Width w)
{
    if (w == W64) asm_8(a, 0x48);
    asm_8(a, 0x99);
}
static inline void x_shift_const(Asm *a, Shift op, Width w, Rm rm, u8 by)
{
    asm_op(a, 0, w, false, by == 1 ? 0xd1 : 0xc1, op, rm);
    if (by != 1) asm_8(a, by);
}
static inline void x_shift_cl(Asm *a, Shift op, Width w, Rm rm)
{
    asm_op(a, 0, w, false, 0xd3, op, rm);
}
static inline void x_count(Asm *a, Counting op, Width w, Reg dst, Rm src)
{
    asm_op(a, 0xf3, w, false, 0x0f00 | op, dst, src);
}
static inline void x_setcc(Asm *a, u8 cc, Reg dst)
{
    asm_op(a, 0, W32, needs_rex(dst), 0x0f90 | cc, 0, rm_reg(dst));
}
static inline void x_cmov(Asm *a, u8 cc, Width w, Reg dst, Rm src)
{
    asm_op(a, 0, w, false, 0x0f40 | cc, dst, src);
}

// ---- Atomic accesses of memory ------------------------------------------------------------------

static inline void asm_atomic(Asm *a, bool lock, u32 opcode, Width w, Mem m, Reg reg)
{
    if (lock && w == W16) asm_8(a, 0x66);
    asm_op(a, lock ? 0xf0 : w == W16 ? 0x66 : 0, w, w == W8 && needs_rex(reg), opcode | (w != W8),
           reg, rm_mem(m));
}
static inline void x_xchg(Asm *a, Width w, Mem m, Reg reg)
{
    asm_atomic(a, false, 0x86, w, m, reg);
}
static inline void x_xadd(Asm *a, Width w, Mem m, Reg reg)
{
    asm_atomic(a, true, 0x0fc0, w, m, reg);
}
// rax has what is expected, and what was there
static inline void x_cmpxchg(Asm *a, Width w, Mem m, Reg reg)
{
    asm_atomic(a, true, 0x0fb0, w, m, reg);
}

// ---- Jumps: what has a distance returns where its field is --------------------------------------

static inline u32 asm_field(Asm *a, u32 value)
{
    asm_32(a, value);
    return (u32)(a->at - a->start) - 4;
}
static inline u32 x_jmp(Asm *a)
{
    asm_8(a, 0xe9);
    return asm_field(a, 0);
}
static inline u32 x_jcc(Asm *a, u8 cc)
{
    asm_8(a, 0x0f);
    asm_8(a, 0x80 | cc);
    return asm_field(a, 0);
}
// Back to somewhere near.
static inline void x_jcc_back(Asm *a, u8 cc, u32 to)
{
    asm_8(a, 0x70 | cc);
    asm_8(a, to - (u32)(a->at - a->start) - 1);
}
// Over few bytes: the field is one.
static inline u32 x_jcc_short(Asm *a, u8 cc)
{
    asm_8(a, 0x70 | cc);
    asm_8(a, 0);
    return (u32)(a->at - a->start) - 1;
}
static inline u32 x_jmp_short(Asm *a)
{
    asm_8(a, 0xeb);
    asm_8(a, 0);
    return (u32)(a->at - a->start) - 1;
}
static inline u32 x_call_rip(Asm *a)
{
    asm_8(a, 0xff);
    asm_8(a, 0x15);
    return asm_field(a, 0);
}
static inline u32 x_jmp_rip(Asm *a)
{
    asm_8(a, 0xff);
    asm_8(a, 0x25);
    return asm_field(a, 0);
}
static inline u32 x_lea_rip(Asm *a, Reg dst)
{
    asm_8(a, 0x48 | (dst >> 3) << 2);
    asm_8(a, 0x8d);
    asm_8(a, 5 | (dst & 7) << 3);
    return asm_field(a, 0);
}
static inline void x_call_mem(Asm *a, Mem m) { asm_op(a, 0, W32, false, 0xff, 2, rm_mem(m)); }
static inline void x_jmp_mem(Asm *a, Mem m) { asm_op(a, 0, W32, false, 0xff, 4, rm_mem(m)); }
static inline void x_jmp_reg(Asm *a, Reg r) { asm_op(a, 0, W32, false, 0xff, 4, rm_reg(r)); }
static inline void x_ret(Asm *a) { asm_8(a, 0xc3); }

// ---- VEX: floats and vectors, and integers of BMI -----------------------------------------------

// map (1: 0f, 2: 0f38, 3: 0f3a) << 16 | prefix (0, 1: 66, 2: f3, 3: f2) << 12 | W << 8 | opcode
#define VEX(map, prefix, w, opcode) ((map) << 16 | (prefix) << 12 | (w) << 8 | (opcode))
typedef u32 Vex;
static inline void x_vex(Asm *a, Vex op, u32 reg, u32 second, Rm rm)
{
    u32 rex = rex_bits(reg & 15, rm.reg == REG_NONE ? rm : rm_reg(rm.reg & 15));
    u32 map = op >> 16, w = op >> 8 & 1, v = (~second & 15) << 3 | (op >> 12 & 3);
    u8 *at = a->at;
    if (map == 1 && !w && !(rex & 3)) {
        *at++ = 0xc5;
        *at++ = (u8)((rex & 4 ? 0 : 0x80) | v);
    } else {
        *at++ = 0xc4;
        *at++ = (u8)((~rex & 7) << 5 | map);
        *at++ = (u8)(w << 7 | v);
    }
    *at++ = (u8)op;
    a->at = put_modrm(at, reg, rm);
}
// The same of map 1, with W 0 and without a second operand, of [rbp + disp].
static inline void asm_frame_vex(Asm *a, Vex op, u32 reg, s32 disp)
{
    u32 rest = (reg & 8 ? 0 : 0x80) | 0x78 | (op >> 12 & 3);
    asm_frame(a, (op & 0xff) << 16 | rest << 8 | 0xc5, 3, 0, reg, disp);
}
// With memory at a distance from the next instruction: where its field is.
static inline u32 x_vex_rip(Asm *a, Vex op, u32 reg, u32 second)
{
    // the form of [rbp] without a displacement, which there is none of
    x_vex(a, op, reg, second, rm_mem(mem_at(RAX, 0)));
    a->at[-1] |= 5;
    return asm_field(a, 0);
}
static inline void x_vex_imm(Asm *a, Vex op, u32 reg, u32 second, Rm rm, u8 imm)
{
    x_vex(a, op, reg, second, rm);
    asm_8(a, imm);
}
enum {
    VEX_NONE = 0, // for `second`: there is none
    V_movss_load = VEX(1, 2, 0, 0x10), V_movss_store = VEX(1, 2, 0, 0x11),
    V_movsd_load = VEX(1, 3, 0, 0x10), V_movsd_store = VEX(1, 3, 0, 0x11),
    V_movups_load = VEX(1, 0, 0, 0x10), V_movups_store = VEX(1, 0, 0, 0x11),
    V_movaps = VEX(1, 0, 0, 0x28),
    V_movd_in = VEX(1, 1, 0, 0x6e), V_movq_in = VEX(1, 1, 1, 0x6e), // from a general register
    V_movd_out = VEX(1, 1, 0, 0x7e), V_movq_out = VEX(1, 1, 1, 0x7e),
    V_andps = VEX(1, 0, 0, 0x54), V_andnps = VEX(1, 0, 0, 0x55), V_orps = VEX(1, 0, 0, 0x56),
    V_xorps = VEX(1, 0, 0, 0x57),
    V_ucomiss = VEX(1, 0, 0, 0x2e),
    // of f32; vex_of has the same of f64
    V_sqrtss = VEX(1, 2, 0, 0x51), V_addss = VEX(1, 2, 0, 0x58), V_subss = VEX(1, 2, 0, 0x5c),
    V_mulss = VEX(1, 2, 0, 0x59), V_divss = VEX(1, 2, 0, 0x5e), V_minss = VEX(1, 2, 0, 0x5d),
    V_maxss = VEX(1, 2, 0, 0x5f),
    V_cvtsi2ss = VEX(1, 2, 0, 0x2a), V_cvttss2si = VEX(1, 2, 0, 0x2c),
    V_cvtss2sd = VEX(1, 2, 0, 0x5a), V_roundss = VEX(3, 1, 0, 0x0a),
    V_blendvps = VEX(3, 1, 0, 0x4a),
    V_shlx = VEX(2, 1, 0, 0xf7), V_sarx = VEX(2, 2, 0, 0xf7), V_shrx = VEX(2, 3, 0, 0xf7),
    V_rorx = VEX(3, 3, 0, 0xf0),
    V_W = 1 << 8, // 64 bits
#define VEX_ROW(name, map, prefix, w, opcode) V_##name = VEX(map, prefix, w, opcode),
#include "jit/x64/vex.def"
};
// Shifts by a number: from opcodes 71 to 73, by the instruction that shifts by a register.
static inline void x_vex_shift(Asm *a, Vex op, u32 dst, u32 src, u8 by)
{
    u32 lanes = op & 3, digit = (op >> 4 & 15) == 13 ? 2 : (op >> 4 & 15) == 14 ? 4 : 6;
    x_vex(a, VEX(1, 1, 0, 0x70 | lanes), digit, dst, rm_reg(src));
    asm_8(a, by);
}
