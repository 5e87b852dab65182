// stored.h -- functions as records of bytes: what is written of one is what the checker and the
// runtime are told of it (check/check.h, run/native.h), with distances to slots left out.
#pragma once

#include "jit/check/check.h"
#include "run/stored.h"

// Compiles a function, and says in `arena` what is to be kept of it. COMPILED_not: nothing is,
// since it cannot be compiled, or switches continuations.
Compiled stored_make(ModuleCode *code, u32 func, Arena *arena, Bytes *out);
// How code is checked that may be anybody's. Else as who made it says.
CheckInput stored_input(const ModuleCode *code, u32 func, Halt halt);
// The record. `fields` hold numbers of slots times 8.
void stored_put(Buf *out, const CheckInput *in, const u32 *fields, u32 field_count);
