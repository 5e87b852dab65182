// bind.h -- bindings: a world in another language.
//
//     world --bind_guest_c--> a header for who writes the guest in C,
//                             and a source that is compiled and linked with it
//
// Both compile as C11 and as C++17 for wasm32. The same world gives the same text.
#pragma once

#include "component/wit/wit.h"

// The file names' beginning for a world, as a C identifier, in the arena. Leaves through that.
const char *bind_front(Arena *arena, const WitWorld *w);
// `front`.h is what the source includes. False: wit->diag says why, as for what is async.
bool bind_guest_c(Wit *wit, const WitWorld *w, const char *front, Buf *header, Buf *source);
