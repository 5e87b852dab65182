// ahead.h -- a file that a thread of its own reads while what has come is worked on: to copy a
// large module costs a tenth of what it costs to validate it, and then nobody waits for that.
#pragma once

#include "base/types.h"

typedef struct Ahead Ahead;

// Reads up to `size` bytes of the file, from where it stands, to `to`. NULL: read it yourself, as
// it is not worth a thread, or there is none to be had.
Ahead *ahead_start(int fd, u8 *to, size_t size);
// Waits until there are more than `before`; how many there are now, which is the same number when
// no more will come; then *err says why, 0 at the end.
size_t ahead_more(Ahead *a, size_t before, int *err);
void ahead_end(Ahead *a); // reads no further; NULL is fine
