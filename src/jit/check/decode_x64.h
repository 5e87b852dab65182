// decode_x64.h -- bytes to instructions, for those who look at many.
//
//     [66|f3] [f0] [rex] [0f] opcode  or  vex opcode  ->  index  ->  row  ->  operands, length
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
    OPERAND_MX = OPERAND_MR | OPERAND_MW,
    OPERAND_AR = CHECK_memory,
};
enum { IMM_0, IMM_1, IMM_2, IMM_T = 4, IMM_t = 1, IMM_4 = 4, IMM_F = 9, IMM_R = 16 + 1 };
enum { SIZE_V, SIZE_B = 8, SIZE_H = 16, SIZE_D = 32, SIZE_Q = 64, SIZE_S = 65 };
enum { DECODE_MOST = 24 };  // bytes that decode() may look at

typedef enum {
    RULE_plain, // memory operands and registers, no more
    RULE_load, RULE_lea, RULE_imm, RULE_add, RULE_add_i, RULE_sub, RULE_sub_i, RULE_and, RULE_and_i,
    RULE_xor, RULE_xor_i, RULE_plain_i, RULE_cmp, RULE_cmp_i, RULE_shr, RULE_test, RULE_lock,
    RULE_jcc, RULE_jmp, RULE_call, RULE_push, RULE_stop, RULE_refuse,
} Rule;

typedef struct {
    u8 rule;
    u8 reg, v, rm;
    u8 bits[2], width[2]; // of general registers, and bytes of memory, by W
    u8 memory;    // bytes, if that is no general register's
    u8 imm;
    u8 also;
    u8 writes;    // general registers: 1 reg, 2 rm, 4 v
} Encoding;
#define BITS(size) {(size) == SIZE_V ? 32 : (size) & ~1, (size) == SIZE_V ? 64 : (size) & ~1}
#define WIDTHS(size, memory)                                                                   \
    {(memory) ? (memory) : (size) == SIZE_V ? 4 : (size) / 8,                                      \
     (memory) ? (memory) : (size) == SIZE_V ? 8 : (size) / 8}
#define FORMS(rm) (((rm) & (CHECK_general | CHECK_vector) ? 1 : 0) | ((rm) & CHECK_memory ? 2 : 0))
#define WRITES_GENERAL(operand)                                                                    \
    (((operand) & (CHECK_general | CHECK_write)) == (CHECK_general | CHECK_write))
#define WRITES(reg, rm, v) (WRITES_GENERAL(reg) | WRITES_GENERAL(rm) << 1 | WRITES_GENERAL(v) << 2)
extern const Encoding check_encodings[CHECK_ROW_COUNT]; // CHECK_ROW_none is never right

// What is found by opcode: the row, whether a ModRM byte follows, the bytes of a number behind all
// (FOUND_FULL: 4, or 8 with W), and a bit for each way in which it may be had, by W, B of its
// prefix (2), and whether rm is memory (4). bytes: a register has 8 bits: 1 rm, 2 reg.
enum { FOUND_FULL = 15, FOUND_W = 1, FOUND_B = 2, FOUND_MEMORY = 4 };
#define FOUND(row, modrm, imm, size, b, forms, bytes)                                              \
    ((u32)(row) | (u32)(modrm) << 10 | (u32)((imm) == IMM_F ? FOUND_FULL : (imm)&15) << 11 |       \
     FOUND_WAYS(size, b, forms) << 15 | (u32)(bytes) << 23)
#define FOUND_WIDTHS(size)                                                                         \
    ((u32)((size) != SIZE_Q) | (u32)((size) == SIZE_Q || (size) == SIZE_V) << FOUND_W)
#define FOUND_WAYS(size, b, forms)                                                                 \
    (FOUND_WIDTHS(size) * (1u | (u32)(b) << FOUND_B) *                                             \
     (((u32)(forms)&1) | ((u32)(forms) >> 1) << FOUND_MEMORY))
_Static_assert(CHECK_ROW_COUNT <= 1024, "a row has ten bits");
static inline u32 found_row(u32 found) { return found & 1023; }
static inline u32 found_modrm(u32 found) { return found >> 10 & 1; }
static inline u32 found_imm(u32 found) { return found >> 11 & 15; }
static inline u32 found_right(u32 found, u32 way) { return found >> (15 + way) & 1; }
static inline u32 found_bytes(u32 found) { return found >> 23; }

enum { LEGACY_PREFIXES = 5, VEX_GROUPS = 3 };
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
enum { REX_B = 1, REX_X = 2, REX_R = 4, REX_W = 8 };
typedef struct {
    const u8 *at; // the opcode
    u32 found;
    u32 rex;
    u32 any;      // there is a prefix of 40..4f, or one that does as much
    u32 v;
} Opening;

// Two or three bytes of prefix; 128 bits only.
static ALWAYS_INLINE Opening open_vex(const u8 *p)
{
    bool three = *p == 0xc4;
    u32 first = ~(u32)p[1], last = three ? p[2] : p[1] & 0x7fu;
    u32 map = three ? p[1] & 31 : 1, prefix = last & 3, opcode = p[2 + three], w = last >> 7;
    Opening o = {.rex = (first >> 5 & (three ? 7 : REX_R)) | w << 3,
                 .v = ~last >> 3 & 15,
                 .any = 1,
                 .at = p + 2 + three};
    if (map - 1 > 2 || last & 4) return o;
    o.found = check_vex[VEX_INDEX(prefix, map, opcode, w)];
    if (map == 1 && prefix == 1 && !w && opcode - VEX_FIRST_GROUP < VEX_GROUPS)
        o.found = check_vex_group[opcode - VEX_FIRST_GROUP][o.at[1] >> 3 & 7];
    return o;
}

// 66 or f3 stand in front of REX.
static ALWAYS_INLINE Opening open_legacy(const u8 *p, u32 prefix)
{
    u32 any = (*p & 0xf0) == 0x40, rex = *p & (0u - any) & 15;
    p += any;
    u32 index = LEGACY_INDEX(prefix, 0, *p, 0);
    if (*p == 0x0f) index = LEGACY_INDEX(prefix, 1, *++p, 0);
    u32 found = check_legacy[index + (p[1] >> 3 & 7)];
    return (Opening){.found = found, .rex = rex, .any = any, .at = p};
}

// The number in so many of the lowest bytes: none to 7.
static ALWAYS_INLINE s64 signed_bytes(u64 word, u32 bytes)
{
    u32 above = 63 - 8 * bytes;
    return (s64)(word << above << 1) >> above >> 1;
}

// The memory operand of a ModRM byte, which `at` is behind. Returns what is behind the operand.
static ALWAYS_INLINE const u8 *decode_memory(const u8 *at, u32 modrm, u32 rex, CheckInstr *out)
{
    u32 base = modrm & 7, none = CHECK_RIP;
    u32 bytes = 0x410 >> (modrm >> 4 & 12) & 15; // of the displacement: 0, 1, 4
    out->index = CHECK_NONE, out->scale = 0;
    if (UNLIKELY(base == 4)) {
        u32 sib = *at++, index = (sib >> 3 & 7) | (rex << 2 & 8);
        base = sib & 7, none = CHECK_NONE;
        if (index != 4) out->index = (u8)index, out->scale = (u8)(sib >> 6);
    }
    out->base = (u8)(base | (rex << 3 & 8));
    if (UNLIKELY(base == 5 && !bytes)) out->base = (u8)none, bytes = 4;
    out->disp = (s32)signed_bytes(read_u32(at), bytes);
    return at + bytes;
}

// Is it one of ah to bh without a prefix?
static inline bool decode_upper(u32 reg) { return (reg & 12) == 4; }

// What all have in common, behind what opens them.
static ALWAYS_INLINE const Encoding *decode_rest(const u8 *start, Opening o, bool vex,
                                                 CheckInstr *out)
{
    const Encoding *e = &check_encodings[found_row(o.found)];
    u32 opcode = *o.at, has = found_modrm(o.found), modrm = has ? o.at[1] : 0xc0 | opcode;
    const u8 *at = o.at + 1 + has;
    u32 memory = modrm < 0xc0, w = o.rex >> 3;
    u32 rm = (modrm & 7) | (o.rex << 3 & 8), reg = (modrm >> 3 & 7) | (o.rex << 1 & 8);
    out->row = (u16)found_row(o.found);
    out->opcode = (u8)opcode;
    out->bits = e->bits[w];
    out->width = e->width[w];
    out->reg = (u8)reg;
    out->v = (u8)o.v;
    out->rm = (u8)rm;
    out->memory = memory;
    if (memory) at = decode_memory(at, modrm, o.rex, out);
    u32 imm = found_imm(o.found);
    if (UNLIKELY(imm == FOUND_FULL)) imm = w ? 8 : 4;
    out->imm = LIKELY(imm < 8) ? signed_bytes(read_u64(at), imm) : (s64)read_u64(at);
    out->length = (u8)(at + imm - start);
    u32 wrong = !found_right(o.found, w | (o.rex & REX_B) * FOUND_B | memory * FOUND_MEMORY);
    u32 bytes = found_bytes(o.found); // 41 90 is no nop
    if (UNLIKELY(bytes) && !o.any)
        wrong |= (bytes & 1 && !memory && decode_upper(rm)) || (bytes & 2 && decode_upper(reg));
    if (vex) wrong |= (!e->v && o.v) || (e->imm == IMM_R && out->imm & 15);
    return LIKELY(!wrong) ? e : NULL;
}

// Of what begins with one of 66, f0, f3, c4, c5.
const Encoding *decode_prefixed(const u8 *start, CheckInstr *out);
static inline bool is_prefix(u8 byte)
{
    return byte == 0x66 || byte == 0xf0 || byte == 0xf3 || (byte & 0xfe) == 0xc4;
}

// Looks at DECODE_MOST bytes at most, which must be there. NULL: there is no row.
static ALWAYS_INLINE const Encoding *decode(const u8 *start, CheckInstr *out)
{
    if (UNLIKELY(is_prefix(*start))) return decode_prefixed(start, out);
    return decode_rest(start, open_legacy(start, 0), false, out);
}
