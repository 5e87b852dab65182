// file.h -- what the two files about wasi:filesystem share.
#pragma once

#include "wasi/p2/state.h"

// Answers ok with a payload, NULL none, or the error code that stands for an errno.
WasiErrno file_answer(P2Call *c, WasiErrno err, const CValue *payload);
// What the first argument stands for.
P2Item *file_self(P2Call *c);
CValue file_type_of(u32 filetype); // a descriptor-type
// Follow symbolic links? The argument says.
static inline u32 file_lookup(const CValue *flags) { return flags->of.flags & 1; }
