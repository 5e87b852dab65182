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

#include <string.h>

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

// ---- A part of the stack

// Frames from `first` up to `end`, and records from x->at's to `last` with that; x->start is among
// these. All that is here, as whoever switches does little else.

static inline u32 park_distance(const void *from, const void *to)
{
    return (u32)((const u8 *)to - (const u8 *)from);
}

static inline size_t park_bytes(const Exec *x, const u64 *first, const u64 *end, const Start *last)
{
    return sizeof(Parked) + park_distance(first, end) + park_distance(x->at.record, last + 1);
}

static inline Start *park_last(Parked *p)
{
    return (Start *)(void *)(p->bytes + p->frames + p->records) - 1;
}

// Of what few frames have: not memcpy, which reads more at once than was written just before, and
// has to wait for that.
static inline void park_copy(void *to, const void *from, size_t bytes)
{
    enum { FEW = 256 };
    if (UNLIKELY(bytes > FEW)) {
        memcpy(to, from, bytes);
        return;
    }
    uintptr_t *t = to;
    const uintptr_t *f = from, *end = f + bytes / sizeof *f;
    while (f < end) {
        *t++ = *f++;
        __asm__ volatile(""); // or compilers make a call of it
    }
}

// The stack stays as it was. `native` is the caller's to set, and the last Start.
static ALWAYS_INLINE void park_part(const Exec *x, Parked *p, const u64 *first, const u64 *end,
                             const Start *last)
{
    u32 frames = park_distance(first, end), records = park_distance(x->at.record, last + 1);
    *p = (Parked){.frames = frames, .records = records,
                  .frame = park_distance(first, x->at.frame),
                  .start_frame = park_distance(first, x->start_frame),
                  .start = park_distance(x->at.record, x->start),
                  .span = park_distance(first, last + 1), .ip = x->at.ip, .inst = x->at.inst};
    park_copy(p->bytes, first, frames);
    park_copy(p->bytes + frames, x->at.record, records - sizeof *last);
}

// Puts it there, but for its last Start, which is to be at `last`: the caller writes that. x->start
// and x->at are what they were. There must be room.
static ALWAYS_INLINE void park_put(Exec *x, const Parked *p, u64 *first, Start *last)
{
    u8 *records = (u8 *)(last + 1) - p->records;
    park_copy(first, p->bytes, p->frames);
    park_copy(records, p->bytes + p->frames, p->records - sizeof *last);
    x->start = (Start *)(void *)(records + p->start);
    x->start_frame = (u64 *)(void *)((u8 *)first + p->start_frame);
    x->at = (Position){p->ip, (u64 *)(void *)((u8 *)first + p->frame), (Record *)(void *)records,
                       p->inst};
}
