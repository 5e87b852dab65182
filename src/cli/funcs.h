// funcs.h -- a function of a module as people name it.
#pragma once

#include "module/module.h"

// By its index, by a name of the name section or of an export, or by the offset of one of its bytes
// in the module, which begins with 0x. DIAG_NO_FUNC: there is none.
u32 func_meant(const Module *m, const char *word);
