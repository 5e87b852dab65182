// funcs.h -- a function of a module as people name it.
#pragma once

#include "cli/cli.h"

#include "module/module.h"

// By its index, by a name of the name section, of an export or a symbol, or by the offset of one of
// its bytes in the module, which begins with 0x. DIAG_NO_FUNC: there is none.
u32 func_meant(const Module *m, const char *word);

// What --function said, again and again, and which those are.
enum { FUNCS_MOST = 100 };
typedef struct {
    const char *words[FUNCS_MOST];
    u32 count;
} FuncWords;

// Takes what stands behind --function. The exit status: EXIT_OK, or what it printed why not.
int funcs_take(FuncWords *words, Args *args, const char *word);
// Those that have bodies; false after printing which are none.
bool funcs_find(const FuncWords *words, const Module *m, u32 funcs[FUNCS_MOST], u32 *count);
