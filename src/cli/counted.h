// counted.h -- sections by number: what a relocatable file says of its sections, when some are
// gone.
//
// The custom sections "reloc.X" and "linking" name sections by their place, from 0 on, all of them
// counted. spec: tool conventions, Linking
#pragma once

#include "module/module.h"

// A section reloc.X goes with the section that it is of, and all of them with "linking": adds those
// to `gone`, one per section.
void counted_follow(const Module *m, bool *gone);
// Does that one say anything of sections by number?
bool counted_is(const Module *m, const Section *s);
// Sets the numbers in `bytes`, a copy of the module's, to what they are once some are gone; no byte
// moves. `number`: of each section then, or COUNTED_GONE. What is wrong then: *which is where.
#define COUNTED_GONE UINT32_MAX
typedef enum {
    COUNTED_good,
    COUNTED_lost,       // it cannot be read, or is about a section that is gone, or has no room
    COUNTED_unfinished, // relocations are gone, and what they are of is linked without; or they
                        // stay, and the symbols are gone
    COUNTED_astray,     // a custom section says where in another, which is gone, something is
} CountedFault;
CountedFault counted_renumber(const Module *m, const u32 *number, u8 *bytes, const Section **which);
