// interp.h -- the tier that runs everywhere.
#pragma once

#include "run/exec.h"

// Makes `store` run functions in the interpreter; before any function is made.
void interp_attach(Store *store);

// As engine_call. On a trap x->ip, frame, func and record stay as they were where it happened, for
// a backtrace, until the next call.
Trap interp_call(Exec *x, Func *func, u64 *slots, u32 room);

// Evaluates a validated constant expression of an instance whose imports and earlier globals are
// ready.
Trap interp_eval(Exec *x, Instance *inst, Range expr, Type type, u64 value[2]);

// One frame of the guest as the abstract machine sees it. spec: exec/runtime, frames
typedef struct {
    const Func *func;
    u32 offset;            // in the module, of the instruction that called or trapped
    u32 local_count, operand_count;
    const Type *locals, *operands;  // types; in the arena given to frame_read
    const u64 **local_values, **operand_values; // where each value is, in its home slot
} FrameView;

// Walks the guest's frames, innermost first, host barriers left out. `cursor` starts zeroed.
typedef struct {
    const Record *next;
    bool started;
    const Func *func;
    u64 *frame;
    const u64 *ip;
} FrameCursor;
bool frame_next(const Exec *x, FrameCursor *cursor);
// The offset in the module of the instruction where the cursor's frame stands.
u32 frame_offset(const FrameCursor *cursor);
// That instruction; OP_COUNT if there is none.
Op frame_op(const FrameCursor *cursor);
// Reads the cursor's frame back in full. False: out of memory.
// At a call the operands do not include its arguments; at a trap, operands that have no home yet
// are left out.
bool frame_read(const FrameCursor *cursor, Arena *arena, FrameView *out);
