// process.h -- this process, and those that work is divided over.
#pragma once

#include "base/types.h"

s64 process_id(void);
// Processor time in ns that the processes of a group and the children that they waited for have
// used so far. 0: nobody can say.
u64 process_group_time(s64 group);
// In a process that was just made by the one of this id: does not outlive it, however that one
// ends.
void process_end_with(s64 parent);
// Each of the descriptors 0 to 2 that is closed gets a place holder, through which nothing can be
// read or written either, so that what is opened later is not taken for standard input or output.
// Bit n of *closed: n was. 0 or an errno. To be called before anything is opened.
int process_hold_standard(u32 *closed);
