// check.h -- does a module survive being text? For tests, and for whoever wants to know before
// relying on it.
#pragma once

#include "base/buf.h"
#include "text/parse.h"
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

// Of what is text and bytes: how it is printed behind what is in `text`, whose arena is not armed;
// how it is parsed; and, if that is not NULL, what else is asked of what came back, with a buffer
// to do it in. False: *diag says why.
typedef struct {
    bool (*print)(Bytes bytes, Features features, const PrintOptions *options, Buf *text,
                  Diag *diag);
    bool (*parse)(Arena *arena, Bytes text, Features features, TextModule *out, Diag *diag);
    bool (*good)(Bytes back, Features features, Buf *buf, Diag *diag);
} RoundTripForm;
RoundTrip round_trip(const RoundTripForm *form, Bytes bytes, Features features,
                     const PrintOptions *options, Diag *diag);
// Puts what is printed behind what is in a Buf.
bool round_trip_keep(void *buf, const void *text, size_t len);

RoundTrip module_round_trip(Bytes bytes, Features features, const PrintOptions *options,
                            Diag *diag);

// Would that be ROUND_TRIP_same? Most of which it would not are found without making a text.
bool module_comes_back(const Module *m, Features features);

// The text of a module that is given as bytes, behind what is in `text`, whose arena need not be
// armed. False: *diag says why.
bool text_of_module(Bytes bytes, Features features, const PrintOptions *options, Buf *text,
                    Diag *diag);
