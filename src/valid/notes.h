// notes.h -- what a compiler wants to know of a loop before it comes to it: found by a scan over a
// loop of a valid body, when somebody is about to compile that.
//
// Linear in the bytes, and at most NOTE_DEPTH times more for the locals of loops inside each other.
#pragma once

#include "base/halt.h"
#include "module/module.h"

// Locals of a loop, heaviest first. A use weighs 1, and 8 times that of an inner loop.
enum {
    NOTE_LOCALS = 16,
    NOTE_DEPTH = 8,          // loops deeper than that share the list of the one around them
    NOTE_weight = 0x3f,      // log2
    NOTE_assigned = 0x40,    // in the loop
    // what it is worth at the loop's head may be read: always so, unless it is set before
    NOTE_read_first = 0x80,
};
#define NOTE_NONE UINT32_MAX

typedef struct {
    u32 start, end;          // offsets in the module: of the instruction, and behind its end
    u32 parent;              // number of the loop around it in the body, or NOTE_NONE
    u16 calls;               // inside, inner loops included; not more than UINT16_MAX
    u8 depth;                // 1 for an outermost loop; not more than UINT8_MAX
    u8 local_count;          // 0 of one that shares a list
    u16 locals[NOTE_LOCALS];
    u8 about[NOTE_LOCALS];   // NOTE_ of each
} LoopNote;
_Static_assert(sizeof(LoopNote) == 64, "what a module of many loops may take counts on it");

// Of a loop that no other is around, and of those in it.
typedef struct {
    LoopNote *loops;         // in the order of their starts, those that nobody reaches too
    u32 loop_count;
} LoopNotes;

// Of a function that is not imported, in a module that was validated, and has so many locals. In
// the arena, through which it and notes_find leave when memory is short.
typedef struct NoteTaker NoteTaker;
NoteTaker *notes_begin(const Module *m, u32 func, u32 local_count, Arena *arena, Halt halt);
// `at`: offset of the instruction. Valid until the next. NULL: it was to end before, and nothing
// more is to be asked.
const LoopNotes *notes_find(NoteTaker *t, u32 at);
