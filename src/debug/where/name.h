// name.h -- names of functions as the language has them that they were compiled from.
#pragma once

#include "debug/where/answer.h"

// The readable form of a whole mangled name of Rust (either form) or C++, without the 0 byte;
// nothing is added for any other, nor where the form has more than WIRE_NAME_MOST bytes.
void name_readable(Answer *a, const char *name);
