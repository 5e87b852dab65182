// code.h -- the interpreter's register code: words of 64 bits, operands are slots of the frame.
//
//     bits  0-15  operation (IOP_)
//          16-31  dst, or the first source of an operation without result
//          32-47  a
//          48-63  b
//     or   32-63  imm: a 32-bit index, constant, or branch distance in words
//
// Further words follow where the comment beside a handler says so. A branch distance is counted from the word that
// holds it. Slots are 16 bits, so a frame has at most 65,535 of them. Code holds indices, no
// addresses: it depends on the module alone and could be kept on disk.
#pragma once

#include "run/exec.h"

typedef enum {
#define IOP(name) IOP_##name,
#include "interp/iop.def"
    IOP_COUNT
} Iop;

enum {
    INTERP_FRAME_SLOTS_MAX = 65535,
    INTERP_DEPTH_MAX = 200, // host functions that call the guest, inside each other: each takes native stack
};

// The translation of one body, or of one constant expression.
typedef struct {
    u64 *code;
    u32 count;
    u32 local_slots; // parameters included; operands start here
    u32 frame_slots; // locals and the deepest operands
    // The state map: where each operation that may call or trap came from. At a safepoint every local and
    // operand is in its home slot, so this is all there is to say. See frames.c.
    const u8 *map;
    u32 map_len;
} InterpCode;

// Translates func's body and sets its entry. Afterwards TRAP_none, or why it cannot run.
Trap interp_translate(Exec *x, Func *func);
// The same for a constant expression of `inst`, into *code and `scratch`.
Trap interp_translate_expr(Exec *x, const Instance *inst, Range expr, Type type, Arena *scratch, InterpCode *code);
