// process.h -- processes that work is divided over.
#pragma once

#include "base/types.h"

s64 process_id(void);
// In a process that was just made by the one of this id: does not outlive it, however that one
// ends.
void process_end_with(s64 parent);
