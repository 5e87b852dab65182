// reduce.h -- makes a module smaller for as long as somebody finds what is left interesting.
//
//     Trials trials = {env, 2, begin, wait, drop, ...};  // tries candidates, two at a time
//     reduce(bytes, features, false, &trials, &out);
//
// Candidates come in an order that depends on nothing but the bytes and the verdicts, and always
// the first that is interesting is taken, however many are tried at a time: the result is the same
// for any number of slots. A module that is valid stays valid. What is not is made smaller as bytes
// too, and so is what is interesting only in the encoding that it has.
#pragma once

#include "base/buf.h"
#include "op/op.h"

typedef struct {
    void *env;
    u32 slots; // how many are tried at a time: from 1 to REDUCE_SLOTS
    // Starts to try a candidate. Its bytes are there until it is waited for or dropped.
    void (*begin)(void *env, u32 slot, Bytes candidate);
    bool (*wait)(void *env, u32 slot); // is it interesting?
    void (*drop)(void *env, u32 slot); // nobody wants to know any more
    bool (*stops)(void *env);          // true: that is enough; what was found so far is the result
    // It was found interesting, and is the smallest so far. `doing` is what led to it.
    void (*took)(void *env, Bytes best, const char *doing);
} Trials;

enum { REDUCE_SLOTS = 64 };

// Leaves the result in `out`, whose arena need not be armed. `as_bytes`: nothing is decoded, for
// what our own decoder should not be trusted with. False: memory is short, and `out` holds the best
// so far, or nothing.
bool reduce(Bytes bytes, Features features, bool as_bytes, const Trials *trials, Buf *out);
