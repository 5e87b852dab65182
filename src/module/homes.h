// homes.h -- what is home in a frame: which of its slots hold values while somebody looks at it,
// and which of those are collected references. That is a fact about the module, the same in every
// tier:
//
//     locals, parameters first        operands, from the bottom
//     | 0 | 1 | ...                   | ... | kept | ...          a v128 takes two slots
//
// Locals are home at every safepoint, but at a function's entry its parameters alone. Of operands
//
//     loop, region   all, its parameters or results among them
//     call    those below the arguments: these are the callee's
//     alloc, throw, bulk   all, the instruction's own too: it has not taken them yet
//     trap    none that could be told: whoever stands there is over
//
// A legacy clause keeps its exception in a slot of its own below its operands (`kept`), which is
// home with them. See op_safepoint for which instruction is which; valid/homes.h finds these.
#pragma once

#include "module/module.h"

// At one place. Types are in the arena that was given, or last as long as the type store.
typedef struct {
    u32 local_count, operand_count;
    const Type *locals, *operands;
    const u32 *slots;   // of each operand
    u32 kept_count;
    const u32 *kept;    // slots
    // A bit for each local that has a value in front of it, if there are some without; else NULL.
    // Of homes_at and homes_each alone.
    const u8 *inited;
} Homes;

// One place of several that are asked about.
typedef struct {
    const Module *module;
    u32 func, offset;
    Op op;              // the instruction there; OP_COUNT: there is none, or nobody gets to it
    Homes homes;
} HomesAt;

// The slots with collected references of all places of a function. A run of them names the one
// below it, so a place needs but the number of its topmost, and places share what they have in
// common:
//
//     runs    1: parameters <- 2: locals <- 3: operand <- 5
//                                             ^-- 4
// Run 0 is none. A place that is not listed has no such operands.
typedef struct {
    u32 below;        // a lower run's number, of lower slots
    u16 first, count; // slots
} RefRun;
typedef struct { u32 offset, run; } RefPlace; // in the module

typedef struct RefMap {
    size_t size;      // bytes of this block
    u32 place_count;
    u32 params, locals; // the topmost run at the entry; where no operand is one
    const RefPlace *places; // by offset
    const RefRun *runs;
} RefMap;
