// processor.h -- what this processor, and the system with it, let code use that we make.
#pragma once

#include "base/types.h"

// What compiled code relies on and this thread cannot have, in a word or two: a set of
// instructions, registers that the system does not save, or return addresses that may be moved,
// which a shadow stack forbids. NULL: it has all. Never NULL on machines that nothing is compiled
// for.
const char *processor_lacks(void);
extern const char processor_name[]; // what kind it is
