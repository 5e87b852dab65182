// check.h -- does a module survive being text? For tests, and for whoever wants to know before
// relying on it.
#pragma once

#include "base/buf.h"
#include "text/print/print.h"

typedef enum {
    ROUND_TRIP_same,     // bytes -> text -> bytes: the same
    // other bytes (the encoding was not canonical), and these print as the same text
    ROUND_TRIP_fixpoint,
    // the text is not parsed, or what it gives prints otherwise, or is encoded otherwise than the
    // assembler did: *diag says which
    ROUND_TRIP_fails,
    ROUND_TRIP_refused,  // the module cannot be printed: it is malformed, or memory is short: *diag
} RoundTrip;

RoundTrip module_round_trip(Bytes bytes, Features features, const PrintOptions *options,
                            Diag *diag);

// Would that be ROUND_TRIP_same? Most of which it would not are found without making a text.
bool module_comes_back(const Module *m, Features features);

// The text of a module that is given as bytes, behind what is in `text`, whose arena need not be
// armed. False: *diag says why.
bool text_of_module(Bytes bytes, Features features, const PrintOptions *options, Buf *text,
                    Diag *diag);
