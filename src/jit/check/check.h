// check.h -- the checker of machine code: may these bytes run in this process? It believes nobody
// who made them; README.md says what it is told, what it finds out, and what it does not know.
//
//     u32 scratch[...];   // check_scratch(&in) words
//     CheckFault fault;
//     if (!check_x64(&in, scratch, &fault)) printf("0x%x: %s\n", fault.offset, fault.what);
//
// A blob is code of one function from its first byte on, and behind it constants and jump tables
// that it alone reads. It is checked for one module, and for the place where it will be, of which
// only distances count.
#pragma once

#include "base/halt.h"
#include "module/module.h"
#include "run/native.h"

// What a label is, besides a place that branches lead to: bits.
enum {
    CHECK_outline = 1, // what follows, up to the next label that is none, is rare, and may jump
                       // back to behind where it is entered from
    CHECK_away = 2,    // an outline where r11 has the address of a Func
    CHECK_resume = 4,  // the runtime enters here, too: nothing is known
    CHECK_entry = 8,   // as offset 0: begins with the template "enter", and no branch leads there
};

typedef struct {
    u32 offset;
    u16 zext;       // a bit for each general register: it has 32 bits there, the others are 0
    u8 kind;        // CHECK_outline...
} CheckLabel;

// Of distances from its own beginning to labels, 4 bytes each.
typedef struct {
    u32 offset;
    u32 count;
} CheckTable;

typedef struct {
    const u8 *bytes;
    u32 code_size;              // instructions; constants and tables are from here to size
    u32 size;
    u32 frame_bytes;            // of a frame, a multiple of 8, below 2^30
    const CheckLabel *labels;   // offsets ascend; 0 needs none
    u32 label_count;
    const CheckTable *tables;   // in the order of the jumps that read them; offsets ascend
    u32 table_count;
    s64 slots_at;               // distance from bytes[0] to slot 0
    u32 slot_count;             // rows of run/native.def, then functions of the module
    bool guarded;               // memory 0 takes any 32-bit index and offset below 2^31
    bool faults;                // any access to a memory may fault; so where `guarded`
    bool foreign;               // anybody made it: it switches no continuations, since
                                // nobody knows where a frame ends then; and where it may fault
                                // the frame is in its place
    const Module *module;
    const Native *native;       // what the runtime is told of it, but its place; NULL: nothing is
    bool slowly;                // for tests: each instruction goes the long way (quick_x64.h)
    Halt halt;
} CheckInput;

typedef struct {
    u32 offset;
    const char *what;           // a constant; NULL: it was to end before
} CheckFault;

// Words of scratch that check_x64 needs.
size_t check_scratch(const CheckInput *in);

// False: *fault says where it stopped, and why. Linear in what it is given, in one pass.
bool check_x64(const CheckInput *in, u32 *scratch, CheckFault *fault);

// --- instructions

typedef enum {
    CHECK_ROW_none,
#define ENC_ROW(name, ...) CHECK_ROW_##name,
#define ENC_ALSO(name, ...) CHECK_ROW_##name,
#define ENC_DIGIT(name, ...) CHECK_ROW_##name,
#define ENC_SHORT(name, ...) CHECK_ROW_##name,
#define ENC_VEX(name, ...) CHECK_ROW_##name,
#define ENC_VEX_DIGIT(name, ...) CHECK_ROW_##name,
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
    u8 width;            // bytes of memory; 0: as general registers
    u8 imm;              // bytes, of which a branch takes its distance; 9: 4 or 8
    bool imm_register;   // the upper half of the byte names a vector register
    u16 also;            // general registers that are written besides
} CheckRowText;
CheckRowText check_row(CheckRow row);

// The instruction for people, who count from the code's beginning, where it is at `at`. Returns
// text, which has room for CHECK_TEXT bytes.
enum { CHECK_TEXT = 96 };
char *check_text_x64(const CheckInstr *in, u32 at, char *text);
