// park.h -- what does not run, as one block of just the size of what it had on its stack: a guest
// that was stopped, or a continuation.
//
//     stack   | frames ... |                     | ... records |
//                   \________                ________/
//     Parked   | head | frames | records |
//
// Nothing in it is an address of a stack, so it may go on anywhere, on any thread. Its records end
// with the Start of the oldest frame; that of a continuation has nothing behind it.
#pragma once

#include "run/frame.h"

typedef struct Parked {
    struct Parked *next;   // of the fiber's, and
    struct Parked **link;  // what points here
    u32 frames, records;   // bytes
    u32 frame;             // bytes from the first frame to the newest, and
    u32 start_frame;       // to that of the innermost Start, which is
    u32 start;             // bytes behind the newest record
    u32 span;              // bytes between both ends of the stack that it had for itself
    Trap stopped;          // by which it ended
    bool native;           // `ip` is in native code
    bool placed;           // nobody has stopped there: it comes from a snapshot
    u32 depth;             // how many frames, where somebody pays for that
    Func *called;          // the outermost
    const u64 *ip;
    Instance *inst;
    _Alignas(u64) u8 bytes[];
} Parked;

// Takes what was stopped in the outermost call, or waits there (Exec.resumable), off its stack,
// which goes back to the thread. NULL: out of memory, or beyond continuation_bytes, and it stays.
// The caller owns the result, which unparking or dropping frees.
Parked *exec_park(Exec *exec);
// Puts it on a stack of this thread. False: there is none, and it stays parked.
bool exec_unpark(Exec *exec, Parked *parked);
void exec_drop_parked(Exec *exec, Parked *parked);
// Where it stands, while it is parked: its frames are walked where they lie.
Position park_place(Parked *parked);

// Bytes that its frames take between both ends of a stack, as they have asked for: less than it
// had, mostly.
enum { PARK_SLACK = 64 }; // what a call may write before somebody asks for room
u64 park_room(Parked *parked);
// One that was made in another way is the store's: on its list, the newest, and counted. False:
// beyond continuation_bytes, and it is freed.
bool park_adopt(Exec *exec, Parked *parked);

// A part of the stack: frames from `first` up to `end`, and records from x->at's to `last` with
// that; x->start is among these. The stack is as it was. `native` is the caller's to set.
size_t park_bytes(const Exec *exec, const u64 *first, const u64 *end, const Start *last);
void park_part(const Exec *exec, Parked *to, const u64 *first, const u64 *end, const Start *last);
// Puts it there, with its oldest Start at `last`, whose links are the caller's to write; x->start
// and x->at are what they were. There must be room.
void park_put(Exec *exec, const Parked *parked, u64 *first, Start *last);
