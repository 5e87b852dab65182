// listing.h -- what a function is compiled to, for people: every byte, and what it was made for.
//
//     | entry | instruction | instruction | ... | late | late | ... | constants | tables
//
// It is compiled once more, with somebody who takes notes, and comes out the same.
#pragma once

#include "jit/check/check.h"
#include "run/native.h"

// From `at` up to the next; the first is the entry. Instructions without code are parts of no
// bytes, and those that nobody comes to are none.
typedef struct {
    u32 at;
    u32 offset;       // in the module, of the instruction; of the entry that of the body
    const char *late; // why, if it stands out of line; else NULL
} ListingPart;

typedef struct {
    CheckInput in;         // as it is checked, but for where the slots are
    // Distances to slots are not known before it has a place: fields[i] of 4 bytes, in ascending
    // order, are 0 here, and slots[i] is the number (run/native.h).
    const u32 *fields, *slots;
    u32 field_count;
    const ListingPart *parts;
    u32 part_count;
} Listing;

// In this code's mode. What is listed is in the arena. Defined where native code is (NATIVE).
Compiled jit_list(ModuleCode *code, u32 func, Arena *arena, Listing *out);
