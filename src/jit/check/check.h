// check.h -- the checker of machine code: what it takes for an instruction.
#pragma once

#include "base/types.h"

typedef enum {
    CHECK_ROW_none,
#define ROW(name, ...) CHECK_ROW_##name,
#define DIGIT(name, ...) CHECK_ROW_##name,
#define SHORT(name, ...) CHECK_ROW_##name,
#define VEX(name, ...) CHECK_ROW_##name,
#define VEX_DIGIT(name, ...) CHECK_ROW_##name,
#include "jit/check/encodings_x64.def"
    CHECK_ROW_COUNT
} CheckRow;

// What an operand is and what is done to it, bits.
enum {
    CHECK_general = 1,
    CHECK_vector = 2,
    CHECK_read = 4,
    CHECK_write = 8,
    CHECK_memory = 16,   // it may be in memory; with neither of the first two it must be
};

enum { CHECK_RIP = 16, CHECK_NONE = 17 }; // for the number of a register

typedef struct {
    u8 length;
    u8 opcode;
    u16 row;             // CheckRow
    u8 bits;             // of general registers; those of vectors have 128
    u8 reg, v;           // numbers of registers, where the row has such operands
    bool memory;         // rm is memory, else the register rm
    u8 rm;
    u8 base, index, scale; // of memory: base may be CHECK_RIP, both CHECK_NONE; scale is a shift
    u8 width;            // bytes of memory
    s32 disp;
    s64 imm;             // sign-extended; of a branch the distance
} CheckInstr;

// Decodes one instruction. False: there is no row for it, or not so many bytes.
bool check_decode_x64(const u8 *at, u32 left, CheckInstr *out);

typedef struct {
    const char *name;    // mnemonic, `_` and form
    u8 reg, v, rm;       // operands, as above; 0: none
    bool modrm;          // else an operand `rm` is in the opcode
    u8 width;            // bytes of memory; 0: as general registers
    u8 imm;              // bytes, of which a branch takes its distance; 9: 4 or 8
    bool imm_register;   // the upper half of the byte names a vector register
    u16 also;            // general registers that are written besides
} CheckRowText;
CheckRowText check_row(CheckRow row);
