// access.h -- which part of the store an instruction accesses, and whether that is there: computed
// from its operands alone, for who wants to know whether the rules do the same.
#pragma once

#include "formal/config.h"

typedef struct {
    bool bounded;            // it is an access that may be out of bounds,
    bool beyond;             // and is
    bool writes;             // and this is all that a rule may change
    Part part;
} Access;

// Of what stands at the redex, with its operands still on the stack. A null reference is no access.
Access access_of(const Config *c, const Instr *i);
// Is it in an instance that there is?
bool part_exists(const FormalStore *s, Part part);
