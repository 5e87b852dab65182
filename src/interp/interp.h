// interp.h -- the tier that runs everywhere.
#pragma once

#include "run/frame.h"
#include "run/store.h"

// As engine_call. On a trap x->at stays as it was where it happened, for a backtrace, until the
// next call.
Trap interp_call(Exec *x, Func *func, u64 *slots, u32 room);

// Goes on with the outermost call where it was stopped: paused, interrupted, out of time or fuel, but
// not in a host function (exec_may_continue). `slots` receives its results, as those of interp_call. The
// trap not_stopped: there is none. A stop that was asked for and not taken back stops it again.
Trap interp_continue(Exec *x, u64 *slots, u32 room);
