// shim.h -- memory that runs out when we say so. The test is linked with --wrap for each function
// below, so every allocation that Weft makes comes by here; those inside libc do not.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Which allocation behind fault_arm fails, from 0 on; all after it fail too if `lasting`.
void fault_plan(size_t n, bool lasting);
void fault_arm(void);
void fault_disarm(void);
bool fault_fired(void);   // since fault_plan: has one failed
size_t fault_count(void); // since fault_plan: allocations while armed
long fault_live(void);    // allocations and reservations that were not given back
