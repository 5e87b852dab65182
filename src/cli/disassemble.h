// disassemble.h -- bodies as text, an instruction on a line with its offset.
#pragma once

#include "module/module.h"
#include "op/diag.h"

#include <stdio.h>

// Prints every body of a module, or that of `func` alone unless it is DIAG_NO_FUNC. The module need
// not be valid; a body that is malformed is shown up to there. False: *diag says why, or has no
// error when it could not be written (ferror).
bool disassemble(FILE *out, const Module *m, u32 func, Diag *diag);
