// native.h -- a function beside the machine code that is made of it.
#pragma once

#include "run/code.h"

typedef struct {
    const char *func; // a name of the name section or of an export, or an index
    const char *file; // of the module, or NULL where it has no name
    bool json;
    bool faults;      // may it leave checks of memory 0 to the machine
    u32 mode;         // CODE_..., of those that the user asks for
} NativeView;

// Of a module that is valid and was loaded for the tier. Prints what is wrong. Returns the exit
// status.
int print_native(const Module *m, const NativeView *how);
// Which function is meant; DIAG_NO_FUNC after printing why there is none that has a body.
u32 native_func(const Module *m, const char *word);
// Compiles it, which who watches it may want to see (opt/watch.h), and drops what comes of it.
// False: out of memory.
bool native_try(const Module *m, const NativeView *how, u32 func);
