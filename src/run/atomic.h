// atomic.h -- the accesses of op/atomics.def: one inline function atomic_<row> each, of a cell that
// is there and aligned. y and z are the operands behind the address, wrapped to the row's width;
// the result is what the cell held.
//
// All are sequentially consistent. What a row writes its meaning says; between reading that and
// writing it nobody else wrote, or it is done again.
// spec: proposal threads, exec/instructions
#pragma once

#include "op/eval.h"

#define ATOMIC(name, text, opcode, sig, since, bits, ...)                                          \
    static inline u64 atomic_##name(u8 *at, u64 y, u64 z)                                          \
    {                                                                                              \
        u##bits *cell = (u##bits *)(void *)at, to;                                                 \
        u##bits x = __atomic_load_n(cell, __ATOMIC_SEQ_CST);                                       \
        while (eval_##name(x, (u##bits)y, (u##bits)z, &to) &&                                      \
               !__atomic_compare_exchange_n(cell, &x, to, false, __ATOMIC_SEQ_CST,                 \
                                            __ATOMIC_SEQ_CST))                                     \
            continue;                                                                              \
        return x;                                                                                  \
    }
#include "op/op.def"
