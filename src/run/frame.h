// frame.h -- reads back where the guest stands, frame by frame.
//
// A walk starts at Exec.at. There the guest is in its newest frame, or in a host function, which
// has none: then the newest record is of that call. Popping a record gives its caller's frame:
// frame -= delta, its instance and ip; which function that is the next record says. A Start ends
// what one call from the host began, and behind it stands what called the host.
#pragma once

#include "run/exec.h"

typedef struct {
    Position at;
    bool started;
    u32 func;       // the function's index in at.inst's module; CODE_NONE: a constant expression
    // Of the frame asked about last: recursion stands at one place again and again.
    const u64 *asked;
    u32 offset;
} FrameCursor;

// The guest's frames, innermost first, host functions left out. `cursor` starts zeroed.
bool frame_next(const Exec *x, FrameCursor *cursor);
// The same from a place in cursor->at on, but only as far as the host's own call: what an exception
// may unwind.
bool frame_outward(FrameCursor *cursor);
// The translation that the frame runs; NULL: it was not yet translated.
const Code *frame_code(const FrameCursor *cursor);
// The offset in the module of the instruction where the cursor's frame stands.
u32 frame_offset(FrameCursor *cursor);
// That instruction; OP_COUNT if there is none.
Op frame_op(FrameCursor *cursor);
