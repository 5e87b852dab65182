// decode_x64.h -- bytes to instructions, for those who look at many.
//
//     [66|f3] [rex] [0f] opcode  or  vex opcode  ->  index  ->  row  ->  operands, length
//
// The rows are encodings_x64.def. One order of prefixes, each at most once. Without a prefix 40..4f
// registers 4 to 7 of one byte would be ah to bh, which nobody is to use.
#pragma once

#include "jit/check/check.h"

#include <string.h>

enum {
    OPERAND_NO = 0,
    OPERAND_GR = CHECK_general | CHECK_read,
    OPERAND_GW = CHECK_general | CHECK_write,
    OPERAND_GX = OPERAND_GR | OPERAND_GW,
    OPERAND_XR = CHECK_vector | CHECK_read,
    OPERAND_XW = CHECK_vector | CHECK_write,
    OPERAND_XX = OPERAND_XR | OPERAND_XW,
    OPERAND_ER = OPERAND_GR | CHECK_memory,
    OPERAND_EW = OPERAND_GW | CHECK_memory,
    OPERAND_EX = OPERAND_GX | CHECK_memory,
    OPERAND_YR = OPERAND_XR | CHECK_memory,
    OPERAND_YW = OPERAND_XW | CHECK_memory,
    OPERAND_MR = CHECK_memory | CHECK_read,
    OPERAND_MW = CHECK_memory | CHECK_write,
    OPERAND_AR = CHECK_memory,
};
enum { IMM_0, IMM_1, IMM_2, IMM_T = 4, IMM_t = 1, IMM_4 = 4, IMM_F = 9, IMM_R = 16 + 1 };
enum { SIZE_V, SIZE_B = 8, SIZE_H = 16, SIZE_D = 32, SIZE_Q = 64, SIZE_S = 65 };
enum { DECODE_MOST = 24 };  // bytes that decode() may look at

typedef enum {
    RULE_plain, // memory operands and registers, no more
    RULE_load, RULE_lea, RULE_imm, RULE_add, RULE_add_i, RULE_sub, RULE_sub_i, RULE_and, RULE_and_i,
    RULE_xor, RULE_xor_i, RULE_plain_i, RULE_cmp, RULE_cmp_i,
    RULE_jcc, RULE_jmp, RULE_call, RULE_push, RULE_stop, RULE_refuse,
} Rule;

typedef struct {
    u8 rule;
    u8 reg, v, rm;
    u8 bits[2], width[2]; // of general registers, and bytes of memory, by W
    u8 memory;    // bytes, if that is no general register's
    u8 imm;
    u8 forms;     // that it has not: 1 registers, 2 memory
    u8 bytes;     // a register has 8 bits: 1 rm, 2 reg
    u8 also;
    u8 writes;    // general registers: 1 reg, 2 rm, 4 v
} Encoding;
#define BITS(size) {(size) == SIZE_V ? 32 : (size) & ~1, (size) == SIZE_V ? 64 : (size) & ~1}
#define WIDTHS(size, memory)                                                                   \
    {(memory) ? (memory) : (size) == SIZE_V ? 4 : (size) / 8,                                      \
     (memory) ? (memory) : (size) == SIZE_V ? 8 : (size) / 8}
#define FORMS(rm) (((rm) & (CHECK_general | CHECK_vector) ? 0 : 1) | ((rm) & CHECK_memory ? 0 : 2))
#define WRITES_GENERAL(operand)                                                                    \
    (((operand) & (CHECK_general | CHECK_write)) == (CHECK_general | CHECK_write))
#define WRITES(reg, rm, v) (WRITES_GENERAL(reg) | WRITES_GENERAL(rm) << 1 | WRITES_GENERAL(v) << 2)
extern const Encoding check_encodings[CHECK_ROW_COUNT]; // CHECK_ROW_none has no form

// What is found by opcode: the row, what its length depends on, and whether it has another W or a
// register in the opcode.
#define FOUND(row, modrm, imm, size, b)                                                            \
    ((u32)(row) | (u32)(modrm) << 10 | FOUND_IMM(imm, 4) << 12 | FOUND_IMM(imm, 8) << 16 |         \
     (u32)((size) == SIZE_Q) << 20 | (u32)((size) != SIZE_Q && (size) != SIZE_V) << 21 |           \
     (u32)(b) << 22)
#define FOUND_IMM(imm, full) (u32)((imm) == IMM_F ? (full) : (imm)&15)
_Static_assert(CHECK_ROW_COUNT <= 1024, "a row has ten bits");
static inline u32 found_row(u32 found) { return found & 1023; }
static inline u32 found_modrm(u32 found) { return found >> 10 & 1; }
static inline u32 found_imm(u32 found, u32 w) { return found >> (12 + 4 * w) & 15; }
static inline u32 found_wrong(u32 found, u32 w, u32 b)
{
    return (found >> (20 + w) | (b >> 3 & found >> 22)) & 1;
}

enum { LEGACY_PREFIXES = 3, VEX_GROUPS = 3 };
#define LEGACY_INDEX(prefix, map, opcode, digit)                                                   \
    ((((prefix) * 2 + (map)) * 256 + (opcode)) * 8 + (digit))
#define VEX_INDEX(prefix, map, opcode, w) ((((map)-1) * 4 + (prefix)) * 512 + (opcode)*2 + (w))
// Opcodes 71 to 73 of map 1, prefix 66, are told apart by the digit.
enum { VEX_FIRST_GROUP = 0x71 };
extern const u32 check_legacy[LEGACY_INDEX(LEGACY_PREFIXES, 0, 0, 0)];
extern const u32 check_vex[VEX_INDEX(0, 4, 0, 0)];
extern const u32 check_vex_group[VEX_GROUPS][8];

static inline u32 read_u32(const u8 *at)
{
    return (u32)at[0] | (u32)at[1] << 8 | (u32)at[2] << 16 | (u32)at[3] << 24;
}
static inline u64 read_u64(const u8 *at) { return read_u32(at) | (u64)read_u32(at + 4) << 32; }

// What stands in front of the opcode says.
typedef struct {
    const u8 *at; // the opcode
    u32 found, w, r, x, b;
    u32 any;      // there is a prefix of 40..4f, or one that does as much
    u32 v;
} Opening;

// Two or three bytes of prefix; 128 bits only.
static inline void decode_vex(const u8 *p, Opening *o)
{
    bool three = *p == 0xc4;
    u32 first = ~(u32)p[1], last = three ? p[2] : p[1] & 0x7fu;
    u32 map = three ? p[1] & 31 : 1, prefix = last & 3, opcode = p[2 + three];
    o->r = first >> 4 & 8;
    o->x = three ? first >> 3 & 8 : 0;
    o->b = three ? first >> 2 & 8 : 0;
    o->w = last >> 7;
    o->v = ~last >> 3 & 15;
    o->any = 1;
    o->at = p + 2 + three;
    o->found = 0;
    if (map - 1 > 2 || last & 4) return;
    o->found = check_vex[VEX_INDEX(prefix, map, opcode, o->w)];
    if (map == 1 && prefix == 1 && !o->w && opcode - VEX_FIRST_GROUP < VEX_GROUPS)
        o->found = check_vex_group[opcode - VEX_FIRST_GROUP][o->at[1] >> 3 & 7];
}

// Without a branch where one would be guessed wrong every other time.
static inline void decode_legacy(const u8 *p, Opening *o)
{
    u32 prefix = 0;
    if (UNLIKELY(*p == 0x66)) prefix = 1, p++;
    else if (UNLIKELY(*p == 0xf3)) prefix = 2, p++;
    u32 bytes = read_u32(p);
    u32 any = (bytes & 0xf0) == 0x40, rex = bytes & (0u - any) & 15;
    bytes >>= 8 * any;
    u32 map = (bytes & 0xff) == 0x0f;
    bytes >>= 8 * map;
    o->found = check_legacy[LEGACY_INDEX(prefix, map, bytes & 0xff, bytes >> 11 & 7)];
    o->w = rex >> 3, o->r = rex << 1 & 8, o->x = rex << 2 & 8, o->b = rex << 3 & 8;
    o->any = any;
    o->v = 0;
    o->at = p + any + map;
}

// The memory operand of a ModRM byte, which `at` is behind. Returns what is behind the operand.
static inline const u8 *decode_memory(const u8 *at, u32 modrm, const Opening *o, CheckInstr *out)
{
    u32 mod = modrm >> 6, base = modrm & 7;
    u32 none = CHECK_RIP;
    out->index = CHECK_NONE, out->scale = 0;
    if (UNLIKELY(base == 4)) {
        u32 sib = *at++, index = (sib >> 3 & 7) | o->x;
        base = sib & 7, none = CHECK_NONE;
        if (index != 4) out->index = (u8)index, out->scale = (u8)(sib >> 6);
    }
    u32 absolute = mod == 0 && base == 5;
    u32 wide = mod == 2 || absolute, narrow = mod == 1;
    out->base = (u8)(absolute ? none : base | o->b);
    s32 disp = (s32)read_u32(at), disp_narrow = (s8)*at;
    out->disp = wide ? disp : narrow ? disp_narrow : 0;
    return at + 4 * wide + narrow;
}

// Is it one of ah to bh without a prefix?
static inline bool decode_upper(u32 reg) { return (reg & 12) == 4; }

// Looks at DECODE_MOST bytes at most, which must be there. NULL: there is no row.
static inline const Encoding *decode(const u8 *start, CheckInstr *out)
{
    Opening o;
    bool vex = (*start & 0xfe) == 0xc4;
    if (UNLIKELY(vex)) decode_vex(start, &o);
    else decode_legacy(start, &o);
    const Encoding *e = &check_encodings[found_row(o.found)];
    const u8 *at = o.at + 1;
    u32 has_modrm = found_modrm(o.found), opcode = *o.at, modrm = has_modrm ? *at : 0xc0 | opcode;
    at += has_modrm;
    out->row = (u16)found_row(o.found);
    out->opcode = (u8)opcode;
    out->v = (u8)o.v;
    out->reg = (u8)((modrm >> 3 & 7) | o.r);
    out->rm = (u8)((modrm & 7) | o.b);
    out->memory = modrm < 0xc0;
    if (out->memory) at = decode_memory(at, modrm, &o, out);
    u32 imm = found_imm(o.found, o.w), shift = (64 - 8 * imm) & 63;
    out->imm = (s64)(read_u64(at) << shift) >> shift;
    out->length = (u8)(at + imm - start);
    out->bits = e->bits[o.w];
    out->width = e->width[o.w];
    // A register, or memory, where there is none; W; 41 90, which is no nop.
    u32 wrong = (e->forms >> out->memory & 1) | found_wrong(o.found, o.w, o.b);
    if (UNLIKELY(e->bytes) && !o.any)
        wrong |= (e->bytes & 1 && !out->memory && decode_upper(out->rm)) ||
                 (e->bytes & 2 && decode_upper(out->reg));
    if (UNLIKELY(vex)) wrong |= (!e->v && o.v) || (e->imm == IMM_R && out->imm & 15);
    return LIKELY(!wrong) ? e : NULL;
}
