// section.h -- one custom section of a module, for people or as it is.
#pragma once

#include "module/module.h"

// Prints where the custom sections of this name are, and their bytes, in hexadecimal with their
// offsets in the module; or, with `raw`, nothing but the bytes, one section's behind the other's.
// False after printing that there is none.
bool section_show(const Module *m, const char *name, bool raw);
