// call.h -- how the host has a guest run, whatever tier its code is of.
#pragma once

#include "run/frame.h"

// Calls `func`. `slots` holds the parameters, 8 bytes each (v128: 16), and receives the results;
// there is room for `room` of them. A function that needs more is not called: the trap is
// too_few_slots, so that no caller's memory is at the mercy of a type that a guest chose. On a trap
// exec->at stays as it was where it happened, for a backtrace, until the next call.
Trap exec_call(Exec *exec, Func *func, u64 *slots, u32 room);
// The instance's start function, called by the instance: that is who a host function sees.
Trap exec_start(Exec *exec, Instance *inst);

// Goes on with the outermost call where it was stopped: paused, interrupted, out of time or fuel,
// but not in a host function (exec_may_continue). `slots` receives its results, as those of
// exec_call. The trap not_stopped: there is none. A stop that was asked for and not taken back
// stops it again.
Trap exec_continue(Exec *exec, u64 *slots, u32 room);

// Where the outermost call waits in a host function (exec_waits), goes on behind that, as if it had
// returned `how`: with these results, or those that are there already, if they are NULL. Else as
// exec_continue.
Trap exec_answer(Exec *exec, Trap how, const u64 *results, u64 *slots, u32 room);
// Calls that function once more, with what it was called with, and goes on with nothing: what it
// returned is to be the answer, unless it waits again.
Trap exec_call_again(Exec *exec);

// What the tier that runs everywhere defines for these, as it does code_translate: it runs what has
// no other code, and enters what has. From a place on (see Position) to the end of the innermost
// call of the host's; the second where a guest was stopped, so that it gets further this time.
Trap tier_run(Exec *exec, const u64 *ip, u64 *frame, Record *record, Instance *inst);
Trap tier_go_on(Exec *exec, const Position *at);
// Behind native code that was left for another reason than to return to the host: `next` is what
// native_enter answered, RUN_ or a trap. Goes on to the end of that call.
Trap tier_take_over(Exec *exec, int next);

// The word at which it goes on in a function of a guest's that stands there, and may be seen there
// (Position.ip): of a call the last one, behind which it goes on. Translates the function. NULL:
// there is no such place, or *trap says why it cannot be translated. Not in small builds.
const u64 *tier_place(Exec *exec, Instance *inst, u32 func, FramePlace kind, u32 offset,
                      Trap *trap);
