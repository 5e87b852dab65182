// disassemble.h -- bodies as text, an instruction on a line with its offset.
#pragma once

#include "module/module.h"

#include <stdio.h>

// Prints every body of a validated module, or that of `func` alone. False: out of memory, or it
// could not be written (ferror).
bool disassemble(FILE *out, const Module *m, u32 func);
