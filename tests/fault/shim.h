// shim.h -- a system that refuses when we say so. The test is linked with --wrap for each function
// of calls.def, so all that Weft asks of libc and the system comes by here; what libc asks itself
// does not.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// What is counted, and what happens to the n-th of it. Bits.
typedef enum {
    FAULT_MEMORY = 1, // malloc and its kin answer NULL
    FAULT_PAGES = 2,  // pages of plat/pages.h cannot be had
    FAULT_CALLS = 4,  // a call of the system fails
    FAULT_AGAIN = 8,  // a signal comes in between, and who called tries again
    FAULT_PART = 16,  // less is moved than was asked for
} FaultSet;

// Which of `sets` behind fault_arm fails, from 0 on; all after it fail too if `lasting`.
void fault_plan(unsigned sets, size_t n, bool lasting);
void fault_force(int error);   // which, until fault_plan
void fault_arm(void);
void fault_disarm(void);
void fault_pause(void);        // nothing fails any more, however often it is armed,
bool fault_paused(void);       // until fault_plan
unsigned fault_sets(void);     // that were planned
bool fault_fired(void);        // since fault_plan: has one failed
size_t fault_count(void);      // since fault_plan: how many were counted while armed
const char *fault_name(void);  // the first that failed
bool fault_gave(int error);    // this errno
long fault_live(void);         // allocations, and bytes of reservations, not given back

// A stream that writes to `file`, by calls like any other if they may fail; closing it leaves the
// file open.
FILE *fault_stream(int file, bool may_fail);
