// park.h -- a guest that does not run, as one block of just the size of what it has on its stack.
//
//     stack   | frames ... |                     | ... records |
//                   \________                ________/
//     Parked   | head | frames | records |
//
// Nothing in it is an address of a stack, so it may go on anywhere, on any thread.
#pragma once

#include "run/frame.h"

typedef struct Parked {
    struct Parked *next;   // of the fiber's
    u32 frames, records;   // bytes
    u32 frame;             // bytes from the first to the newest
    Trap stopped;          // by which it ended
    Func *called;          // the outermost
    const u64 *ip;
    Instance *inst;
    _Alignas(u64) u8 bytes[];
} Parked;

// Takes what was stopped in the outermost call (Exec.resumable) off its stack, which goes back to
// the thread. NULL: out of memory, and it stays. The caller owns the result, which unparking frees.
Parked *exec_park(Exec *exec);
// Puts it on a stack of this thread. False: there is none, and it stays parked.
bool exec_unpark(Exec *exec, Parked *parked);
// Where it stands, while it is parked: its frames are walked where they lie.
Position park_place(Parked *parked);
