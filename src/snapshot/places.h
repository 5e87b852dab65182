// places.h -- the places where frames of a snapshot stand: each once, in a list in front of all
// frames, which name them by their number there. So what is home at them is found by one walk over
// each function, as far as its last place, however many frames there are, and whoever wrote them.
#pragma once

#include "module/homes.h"

// A module by its number, a function of its own, and an offset from where its body starts.
typedef struct { u32 module, func, offset; } PlaceName;

// Two PlaceNames: below 0, 0 or above it, as the first is before the second in the list, the same,
// or behind it.
int place_order(const void *left, const void *right);

typedef struct {
    Arena *arena;
    Arena *walking; // of one walk
    u64 left;       // values that places may yet have
    u64 walked;     // for tests: bytes of bodies so far
} PlaceFinder;
// Finds what is home at each, and puts them into another order: what is the same place, of one
// module that has two numbers, is side by side then, and the first has what was found. False: they
// have more values.
bool places_find(PlaceFinder *f, HomesAt **places, u32 count);
bool places_same(const HomesAt *a, const HomesAt *b);
