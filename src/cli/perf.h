// perf.h -- tells perf where the code of functions is, and what it is.
#pragma once

#include "base/types.h"

// Whatever is compiled from here on is written to jit-PID.dump in the current folder, which
// `perf inject --jit` looks for. False after printing why.
bool perf_begin(void);
