// decode_x64.c -- the rows of encodings_x64.def, found by prefix, map and opcode.

#include "jit/check/decode_x64.h"

enum { PREFIX_00, PREFIX_66, PREFIX_f3, PREFIX_f2 };
enum { LEGACY_00, LEGACY_66, LEGACY_f3, LEGACY_f0, LEGACY_66f0 };


#define SIZED(size, memory, imm) BITS(size), WIDTHS(size, memory), memory, imm
const Encoding check_encodings[CHECK_ROW_COUNT] = {
#define ENC_ROW(...) ENC_ALSO(__VA_ARGS__, 0)
#define ENC_ALSO(name, rule_, prefix, map, opcode, count, kind, reg_, rm_, memory, imm_, also_)    \
    [CHECK_ROW_##name] = {RULE_##rule_, OPERAND_##reg_, 0, OPERAND_##rm_,                          \
                          SIZED(SIZE_##kind, memory, IMM_##imm_), also_,                           \
                          WRITES(OPERAND_##reg_, OPERAND_##rm_, 0)},
#define ENC_DIGIT(name, rule_, prefix, map, opcode, digit, kind, rm_, memory, imm_, also_)         \
    [CHECK_ROW_##name] = {RULE_##rule_, 0, 0, OPERAND_##rm_,                                       \
                          SIZED(SIZE_##kind, memory, IMM_##imm_), also_,                           \
                          WRITES(0, OPERAND_##rm_, 0)},
#define ENC_SHORT(name, rule_, prefix, map, opcode, count, kind, operand, imm_, also_)             \
    [CHECK_ROW_##name] = {RULE_##rule_, 0, 0, OPERAND_##operand,                                   \
                          SIZED(SIZE_##kind, 0, IMM_##imm_), also_,                                \
                          WRITES(0, OPERAND_##operand, 0)},
#define ENC_VEX(name, rule_, prefix, map, opcode, kind, reg_, v_, rm_, memory, imm_)               \
    [CHECK_ROW_##name] = {RULE_##rule_, OPERAND_##reg_, OPERAND_##v_, OPERAND_##rm_,               \
                          SIZED(SIZE_##kind, memory, IMM_##imm_), 0,                               \
                          WRITES(OPERAND_##reg_, OPERAND_##rm_, OPERAND_##v_)},
#define ENC_VEX_DIGIT(name, rule_, prefix, map, opcode, digit, v_, rm_, imm_)                      \
    [CHECK_ROW_##name] = {RULE_##rule_, 0, OPERAND_##v_, OPERAND_##rm_,                            \
                          SIZED(SIZE_S, 16, IMM_##imm_), 0, 0},
#include "jit/check/encodings_x64.def"
};

#define ROW_BYTES(size, reg, memory)                                                               \
    (((size) == SIZE_B || (memory) == 1) | ((size) == SIZE_B && (reg) != OPERAND_NO) << 1)
#define LEGACY_FROM(prefix, map, opcode) LEGACY_INDEX(LEGACY_##prefix, map, opcode, 0)
const u32 check_legacy[COUNT_OF(check_legacy)] = {
#define ENC_ROW(name, rule, prefix, map, opcode, count, kind, reg, rm, memory, imm)                \
    [LEGACY_FROM(prefix, map, opcode)...LEGACY_FROM(prefix, map, (opcode) + (count)) - 1] =        \
        FOUND(CHECK_ROW_##name, 1, IMM_##imm, SIZE_##kind, 1, FORMS(OPERAND_##rm),                 \
              ROW_BYTES(SIZE_##kind, OPERAND_##reg, memory)),
#define ENC_ALSO(name, rule, prefix, map, opcode, count, kind, reg, rm, memory, imm, also)         \
    ENC_ROW(name, rule, prefix, map, opcode, count, kind, reg, rm, memory, imm)
#define ENC_DIGIT(name, rule, prefix, map, opcode, digit, kind, rm, memory, imm, also)             \
    [LEGACY_FROM(prefix, map, opcode) + (digit)] =                                                 \
        FOUND(CHECK_ROW_##name, 1, IMM_##imm, SIZE_##kind, 1, FORMS(OPERAND_##rm),                 \
              SIZE_##kind == SIZE_B),
#define ENC_SHORT(name, rule, prefix, map, opcode, count, kind, operand, imm, also)                \
    [LEGACY_FROM(prefix, map, opcode)...LEGACY_FROM(prefix, map, (opcode) + (count)) - 1] =        \
        FOUND(CHECK_ROW_##name, 0, IMM_##imm, SIZE_##kind, OPERAND_##operand != OPERAND_NO, 1, 0),
#define ENC_VEX(...)
#define ENC_VEX_DIGIT(...)
#include "jit/check/encodings_x64.def"
};

// Both W, or the one that the kind says.
enum { W_FROM_V, W_FROM_D = 0, W_FROM_S = 0, W_FROM_Q = 1 };
enum { W_TO_V = 1, W_TO_D = 0, W_TO_S = 0, W_TO_Q = 1 };
#define VEX_AT(prefix, map, opcode, w) VEX_INDEX(PREFIX_##prefix, map, opcode, w)
const u32 check_vex[COUNT_OF(check_vex)] = {
#define ENC_ROW(...)
#define ENC_ALSO(...)
#define ENC_DIGIT(...)
#define ENC_SHORT(...)
#define ENC_VEX(name, rule, prefix, map, opcode, kind, reg, v, rm, memory, imm)                    \
    [VEX_AT(prefix, map, opcode, W_FROM_##kind)...VEX_AT(prefix, map, opcode, W_TO_##kind)] =      \
        FOUND(CHECK_ROW_##name, 1, IMM_##imm, SIZE_##kind, 1, FORMS(OPERAND_##rm), 0),
#define ENC_VEX_DIGIT(...)
#include "jit/check/encodings_x64.def"
};

const u32 check_vex_group[VEX_GROUPS][8] = {
#define ENC_ROW(...)
#define ENC_ALSO(...)
#define ENC_DIGIT(...)
#define ENC_SHORT(...)
#define ENC_VEX(...)
#define ENC_VEX_DIGIT(name, rule, prefix, map, opcode, digit, v, rm, imm)                          \
    [(opcode)-VEX_FIRST_GROUP][digit] =                                                            \
        FOUND(CHECK_ROW_##name, 1, IMM_##imm, SIZE_S, 1, FORMS(OPERAND_##rm), 0),
#include "jit/check/encodings_x64.def"
};

const Encoding *decode_prefixed(const u8 *start, CheckInstr *out)
{
    if ((*start & 0xfe) == 0xc4) return decode_rest(start, open_vex(start), true, out);
    bool both = *start == 0x66 && start[1] == 0xf0;
    u32 prefix = both ? LEGACY_66f0 : *start == 0x66 ? LEGACY_66 : *start == 0xf3 ? LEGACY_f3
                                                                                  : LEGACY_f0;
    return decode_rest(start, open_legacy(start + 1 + both, prefix), false, out);
}

static const char *const names[CHECK_ROW_COUNT] = {
#define ENC_ROW(name, ...) [CHECK_ROW_##name] = #name,
#define ENC_ALSO ENC_ROW
#define ENC_DIGIT ENC_ROW
#define ENC_SHORT ENC_ROW
#define ENC_VEX ENC_ROW
#define ENC_VEX_DIGIT ENC_ROW
#include "jit/check/encodings_x64.def"
};

bool check_decode_x64(const u8 *at, u32 left, CheckInstr *out)
{
    u8 bytes[DECODE_MOST] = {0};
    memcpy(bytes, at, MIN(left, DECODE_MOST));
    memset(out, 0, sizeof *out);
    return decode(bytes, out) != NULL && out->length <= left;
}

CheckRowText check_row(CheckRow row)
{
    const Encoding *e = &check_encodings[row];
    return (CheckRowText){
        .name = names[row],
        .reg = e->reg,
        .v = e->v,
        .rm = e->rm,
        .width = e->memory,
        .imm = e->imm & 15,
        .imm_register = e->imm == IMM_R,
        .also = e->also,
    };
}
