// suspect.h -- tests, and builds that are to find mistakes: is what the maps of frames say what
// stands in the frames?
//
//     a slot that a map names     must hold null, an i31, or where an object starts
//     any other slot of a stack   may hold anything. Where an object starts that nobody was found
//                                 to refer to, that object is a suspect
//
// To be in such a slot is no mistake: operands that were taken and locals of calls that are over
// stay where they were, and a number may look like a reference. So it is dead, but its place is
// kept from others until the next collection, spoiled. Who goes on with it reads nothing that makes
// sense; and if it is found to be referred to again, or a map names where it is now, a map had left
// it out: nothing that is dead comes back.
#pragma once

#include "run/exec.h"

// Lets go of those that there were; and, if what is free was spoiled, aborts where a slot that a
// map names holds no reference. Before anything is marked.
void suspects_check(Store *store, const Position *from);
// Before what has no mark is free.
void suspects_find(Store *store, const Position *from);
// Those that there are have marks from then on, so that nobody takes their places; not while who
// has marks is looked through, or what has none is spoiled.
void suspects_mark(const Store *store, bool marked);
void suspects_free(Blocks *heap);
