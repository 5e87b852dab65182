// jit.h -- the baseline compiler: one pass from a body to code of the processor, which is checked
// (jit/check) before it may run. See docs/jit.md.
#pragma once

#include "run/native.h"

// A frame has no more slots; a function that needs more is left to the interpreter, which refuses
// it.
enum { FRAME_SLOTS_MOST = 65000 };
