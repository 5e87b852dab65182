// constant.h -- what a constant expression comes to: one word, made where the expression is
// validated.
//
//     kind, 3 bits | index, 29 bits
//
// An instance gets its values from these words, and nothing of the expression is read again but to
// show it. The kind of functions is 0, so a list of function indices is a list of such words.
// spec: valid/instructions, constant expressions
#pragma once

#include "op/op.h"

typedef u32 Const;

typedef enum {
    CONST_func,   // the function of this index
    CONST_small,  // the index itself, sign-extended; null is 0
    CONST_wide,   // Module.wides[index]: another number
    CONST_v128,   // Module.wides[index] and the one behind it
    CONST_global, // what the global of this index holds
    CONST_steps,  // what is computed when there is an instance: Module.words from the index on
    CONST_op,     // in steps: an instruction, by its Op
} ConstKind;

enum { CONST_INDEX_BITS = 29 };

// Steps are operands, each a word of the kinds above, and instructions behind their operands; the
// last is OP_end. Those that compute need no more than to be named; behind any other stand the
// index of its type if it has one, and of array.new_fixed the count. In front of the steps of an
// element segment's item stands its number among all that are computed.

static inline Const const_of(ConstKind kind, u32 index)
{
    return (u32)kind << CONST_INDEX_BITS | index;
}
static inline ConstKind const_kind(Const c) { return (ConstKind)(c >> CONST_INDEX_BITS); }
static inline u32 const_index(Const c) { return c & (((u32)1 << CONST_INDEX_BITS) - 1); }
static inline s32 const_small(Const c)
{
    return (s32)(c << (32 - CONST_INDEX_BITS)) >> (32 - CONST_INDEX_BITS);
}

#define CONST_NULL const_of(CONST_small, 0)

// A number, or null, into the slots that it takes, of the module's `wides`. False: it is what there
// is in an instance alone.
static inline bool const_number(Const c, const u64 *wides, u64 value[2])
{
    u32 index = const_index(c);
    value[1] = 0;
    switch (const_kind(c)) {
    case CONST_small: value[0] = (u64)(s64)const_small(c); return true;
    case CONST_wide: value[0] = wides[index]; return true;
    case CONST_v128: value[0] = wides[index], value[1] = wides[index + 1]; return true;
    default: return false;
    }
}

// The rows that compute. The upper half of what has 32 bits is rubbish.
static inline bool const_computes(Op op)
{
    switch (op) {
    case OP_i32_add: case OP_i32_sub: case OP_i32_mul: case OP_i64_add: case OP_i64_sub:
    case OP_i64_mul: return true;
    default: return false;
    }
}

static inline u64 const_compute(Op op, u64 a, u64 b)
{
    switch (op) {
    case OP_i32_add: case OP_i64_add: return a + b;
    case OP_i32_sub: case OP_i64_sub: return a - b;
    default: return a * b;
    }
}
