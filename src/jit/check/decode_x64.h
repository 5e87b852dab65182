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
    OPERAND_ER = OPERAND_GR | CHECK_memory,
    OPERAND_EW = OPERAND_GW | CHECK_memory,
    OPERAND_EX = OPERAND_GX | CHECK_memory,
    OPERAND_YR = OPERAND_XR | CHECK_memory,
    OPERAND_YW = OPERAND_XW | CHECK_memory,
    OPERAND_MR = CHECK_memory | CHECK_read,
    OPERAND_MW = CHECK_memory | CHECK_write,
    OPERAND_AR = CHECK_memory,
};
enum { IMM_F = 9, IMM_R = 16 + 1, IMM_T = 4, IMM_t = 1 }; // else bytes
enum { SIZE_V, SIZE_B = 8, SIZE_H = 16, SIZE_D = 32, SIZE_Q = 64, SIZE_S = 65 };
enum { DECODE_MOST = 16 };  // bytes that decode() may look at

typedef enum {
    RULE_plain, // memory operands and registers, no more
    RULE_load, RULE_lea, RULE_imm, RULE_add, RULE_add_i, RULE_sub, RULE_sub_i, RULE_and, RULE_and_i,
    RULE_xor, RULE_xor_i, RULE_plain_i, RULE_cmp, RULE_cmp_i,
    RULE_jcc, RULE_jmp, RULE_call, RULE_push, RULE_stop, RULE_refuse,
} Rule;

typedef struct {
    u8 rule;
    u8 reg, v, rm;
    u8 size;     // SIZE_
    u8 width;
    u8 imm;
    bool modrm;
    bool byte_rm; // the register rm has 8 bits, whatever the others have
    u8 also;
    u8 writes;    // general registers: 1 reg, 2 rm, 4 v
} Encoding;
#define WRITES_GENERAL(operand)                                                                    \
    (((operand) & (CHECK_general | CHECK_write)) == (CHECK_general | CHECK_write))
#define WRITES(reg, rm, v) (WRITES_GENERAL(reg) | WRITES_GENERAL(rm) << 1 | WRITES_GENERAL(v) << 2)
extern const Encoding check_encodings[CHECK_ROW_COUNT];

enum { LEGACY_PREFIXES = 3, VEX_GROUPS = 3 };
#define LEGACY_INDEX(prefix, map, opcode, digit)                                                   \
    ((((prefix) * 2 + (map)) * 256 + (opcode)) * 8 + (digit))
#define VEX_INDEX(prefix, map, opcode, w) ((((map)-1) * 4 + (prefix)) * 512 + (opcode)*2 + (w))
// Opcodes 71 to 73 of map 1, prefix 66, are told apart by the digit.
enum { VEX_FIRST_GROUP = 0x71 };
extern const u16 check_legacy[LEGACY_INDEX(LEGACY_PREFIXES, 0, 0, 0)];
extern const u16 check_vex[VEX_INDEX(0, 4, 0, 0)];
extern const u16 check_vex_group[VEX_GROUPS][8];


static inline u32 read_u32(const u8 *at)
{
    return (u32)at[0] | (u32)at[1] << 8 | (u32)at[2] << 16 | (u32)at[3] << 24;
}

typedef struct {
    const u8 *at; // behind the opcode
    u32 row, w, r, x, b;
    bool any;     // a prefix of 40..4f, or one that does as much
    u8 v;
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
    o->v = (u8)(~last >> 3 & 15);
    o->any = true;
    o->at = p + 3 + three;
    o->row = 0;
    if (map - 1 > 2 || last & 4) return;
    o->row = check_vex[VEX_INDEX(prefix, map, opcode, o->w)];
    if (map == 1 && prefix == 1 && !o->w && opcode - VEX_FIRST_GROUP < VEX_GROUPS)
        o->row = check_vex_group[opcode - VEX_FIRST_GROUP][*o->at >> 3 & 7];
}

static inline void decode_legacy(const u8 *p, Opening *o)
{
    u32 prefix = 0, map = 0, rex = 0;
    if (UNLIKELY(*p == 0x66)) prefix = 1, p++;
    else if (UNLIKELY(*p == 0xf3)) prefix = 2, p++;
    if ((*p & 0xf0) == 0x40) rex = *p++;
    if (*p == 0x0f) map = 1, p++;
    o->row = check_legacy[LEGACY_INDEX(prefix, map, p[0], p[1] >> 3 & 7)];
    o->w = rex >> 3 & 1, o->r = rex << 1 & 8, o->x = rex << 2 & 8, o->b = rex << 3 & 8;
    o->any = rex != 0;
    o->v = 0;
    o->at = p + 1;
}

// The memory operand of a ModRM byte; `at` is behind it. Returns what is behind the operand.
static inline const u8 *decode_memory(const u8 *at, u32 modrm, u32 x, u32 b, CheckInstr *out)
{
    u32 mod = modrm >> 6, base = modrm & 7;
    out->index = CHECK_NONE, out->scale = 0;
    if (UNLIKELY(base == 4)) {
        u32 sib = *at++, index = (sib >> 3 & 7) | x;
        base = sib & 7;
        if (index != 4) out->index = (u8)index, out->scale = (u8)(sib >> 6);
        out->base = (u8)(base == 5 && mod == 0 ? CHECK_NONE : base | b);
    } else {
        out->base = (u8)(base == 5 && mod == 0 ? CHECK_RIP : base | b);
    }
    if (mod == 1) {
        out->disp = (s8)*at;
        return at + 1;
    }
    if (mod == 2 || (mod == 0 && base == 5)) {
        out->disp = (s32)read_u32(at);
        return at + 4;
    }
    out->disp = 0;
    return at;
}

// `bytes` are 1, 2, 4, or 8.
static inline s64 decode_imm(const u8 *at, u32 bytes)
{
    switch (bytes) {
    case 1: return (s8)*at;
    case 2: return (s16)(at[0] | at[1] << 8);
    case 4: return (s32)read_u32(at);
    default: return (s64)(read_u32(at) | (u64)read_u32(at + 4) << 32);
    }
}

// Would it be one of ah to bh?
static inline bool decode_upper(bool any, u32 reg) { return !any && (reg & 12) == 4; }

// Looks at DECODE_MOST bytes at most, which must be there. NULL: there is no row.
static inline const Encoding *decode(const u8 *start, CheckInstr *out)
{
    Opening o;
    bool vex = (*start & 0xfe) == 0xc4;
    if (UNLIKELY(vex)) decode_vex(start, &o);
    else decode_legacy(start, &o);
    const Encoding *e = &check_encodings[o.row];
    const u8 *at = o.at;
    out->row = (u16)o.row;
    out->opcode = at[-1];
    out->bits = e->size == SIZE_V ? (u8)(32 << o.w) : (u8)(e->size & ~1u);
    out->width = e->width ? e->width : out->bits >> 3;
    out->v = o.v;
    if (LIKELY(e->modrm)) {
        u32 modrm = *at++;
        out->reg = (u8)((modrm >> 3 & 7) | o.r);
        if (modrm >= 0xc0) {
            out->memory = false;
            out->rm = (u8)((modrm & 7) | o.b);
            if (UNLIKELY(!(e->rm & (CHECK_general | CHECK_vector)))) return NULL;
            if (UNLIKELY(e->byte_rm) && decode_upper(o.any, out->rm)) return NULL;
        } else {
            out->memory = true;
            if (UNLIKELY(!(e->rm & CHECK_memory))) return NULL;
            at = decode_memory(at, modrm, o.x, o.b, out);
        }
        if (UNLIKELY(e->size == SIZE_B) && e->reg && decode_upper(o.any, out->reg)) return NULL;
    } else {
        out->memory = false;
        out->rm = (u8)((out->opcode & 7) | o.b);
        if (!e->rm && o.b) return NULL; // 41 90 is no nop
    }
    if (e->imm) {
        u32 bytes = e->imm == IMM_F ? 4u << o.w : e->imm & 15u;
        out->imm = decode_imm(at, bytes);
        if (UNLIKELY(e->imm == IMM_R) && (*at & 15)) return NULL;
        at += bytes;
    }
    // W, and a register named where there is none
    if (UNLIKELY(e->size > SIZE_V) && o.w != (e->size == SIZE_Q)) return NULL;
    if (UNLIKELY(vex) && !e->v && o.v) return NULL;
    out->length = (u8)(at - start);
    return o.row ? e : NULL;
}
