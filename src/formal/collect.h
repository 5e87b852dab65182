// collect.h -- what cannot be reached from any configuration of the store, nor from its instances
// of other kinds, goes when there is no room.
//
// The specification says nothing of it, and no rule can tell.
#pragma once

#include "formal/config.h"

// There is room for so many bytes of objects, if need be after a collection. False: it halts, as
// less than an eighth of all that there may be has become free.
bool heap_room(Config *c, u64 bytes);
