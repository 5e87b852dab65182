// code.h -- the interpreter's register code: words of 64 bits, operands are slots of the frame.
//
//     bits  0-15  operation (IOP_)
//          16-31  dst, or the first source of an operation without result
//          32-47  a
//          48-63  b
//     or   32-63  imm: a 32-bit index, constant, or branch distance in words
//
// Further words follow where the comment beside a handler says so. A branch distance is counted
// from the word that holds it. Slots are 16 bits, so a frame has at most 65,535 of them. Code holds
// the module's indices, no addresses and no numbers of the engine's: it depends on the module
// alone.
#pragma once

#include "run/call.h"
#include "run/frame.h"
#include "run/store.h"

// How handlers enter each other: by guaranteed tail calls; from a loop under the sanitizers of
// addresses and threads, whose stack frames and calls their calling convention cannot have; else by
// jumps within one function.
#if SANITIZES_ADDRESSES || SANITIZES_THREADS
#define SANITIZED 1
#elif defined __clang__
#if __has_attribute(musttail) && __has_attribute(preserve_none)
#define TAIL_CALLS 1
#endif
#endif
#if defined __OPTIMIZE_SIZE__ && !defined TAIL_CALLS && !defined SANITIZED
#define ONE_PIECE 1 // where size counts, handlers share what they end with
#endif
// Pairs (pair.def) are for handlers that are functions: one function of so many takes minutes to
// compile.
#if (defined TAIL_CALLS || defined SANITIZED) && !defined WEFT_MICRO && !defined WEFT_COUNT
#define INTERP_PAIRS 1
#else
#define INTERP_PAIRS 0
#endif

typedef enum {
#define IOP(name) IOP_##name,
#include "interp/iop.def"
    IOP_COUNT
} Iop;

enum { INTERP_FRAME_SLOTS_MAX = 65535 };

// Are there operations for accesses by 64 bits, other than the slow ones?
#ifdef WEFT_MICRO
static const bool interp_wide = false;
#else
static const bool interp_wide = true;
#endif

// Translates a function's body, to be found in inst->code. TRAP_none, or why it cannot run.
Trap interp_translate(Exec *x, const Instance *inst, u32 func);
