// confine.h -- what this process may do from here on, whatever becomes of it.
#pragma once

#include "base/types.h"

// It has what is mapped now and `memory` bytes more, so many seconds of the processor, descriptors
// 0 and 1, and can open, send and start nothing. False: a limit could not be set.
bool confine(u64 memory, u32 seconds);
