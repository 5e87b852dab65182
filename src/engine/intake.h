// intake.h -- the bytes of a file, or of whatever arrives in pieces, in memory of our own: nobody
// else can change them or take them away after they were judged, as those of a mapped file can.
// They do not move while more arrive.
#pragma once

#include "base/account.h"
#include "op/diag.h"

typedef struct {
    u8 *data;
    size_t size;
    size_t expected;
    Account *account;   // of what is committed, or NULL: nobody counts
    size_t committed, reserved; // of the address space at `data`; what is committed may be written
} Intake;

// `expected`: how many bytes there will be at most, or 0 if nobody knows. False: *diag says why.
// intake_free either way.
bool intake_begin(Intake *in, size_t expected, Diag *diag);
bool intake_fits(const Intake *in, Diag *diag); // what is expected; false: *diag says why
// Where the next bytes are to be put, and for how many there is room, never 0; whoever has put some
// there adds them to `size`. NULL: *diag says why; for the first there is always room, so that they
// can say what it is that is too large.
u8 *intake_room(Intake *in, size_t *room, Diag *diag);
void intake_end(Intake *in); // no more will come: gives back what is not used
void intake_free(Intake *in); // {0} is fine
