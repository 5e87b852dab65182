// disassemble.c -- see disassemble.h.

#include "cli/disassemble.h"

#include "text/print/print.h"

static bool write_text(void *env, u32 offset, const void *text, size_t len)
{
    return fwrite(text, len, 1, env) == 1;
}

bool disassemble(FILE *out, const Module *m, u32 func, Diag *diag)
{
    return module_list_bodies(m, func, write_text, out, diag);
}
