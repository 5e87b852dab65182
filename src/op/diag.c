// diag.c -- see diag.h.

#include "op/diag.h"

#include <stdarg.h>
#include <stdio.h>

const char *const err_text[ERR_COUNT] = {
    [ERR_none] = "no error",
#define ERR(name, class, text) [ERR_##name] = text,
#include "op/err.def"
#undef ERR
};

const u8 err_class[ERR_COUNT] = {
#define ERR(name, class, text) [ERR_##name] = CLASS_##class,
#include "op/err.def"
#undef ERR
};

void diag_init(Diag *diag)
{
    diag->err = ERR_none;
    diag->offset = 0;
    diag->func = DIAG_NO_FUNC;
    diag->line = diag->column = 0;
    diag->detail[0] = 0;
}

bool diag_fail(Diag *diag, Err err, size_t offset, const char *fmt, ...)
{
    if (diag->err != ERR_none) return false;
    diag->err = err;
    diag->offset = offset;
    va_list args;
    va_start(args, fmt);
    vsnprintf(diag->detail, sizeof diag->detail, fmt, args);
    va_end(args);
    return false;
}

char *diag_text(const Diag *diag, char *out, size_t size)
{
    const char *colon = diag->detail[0] && diag->detail[0] != ' ' ? ": " : "";
    snprintf(out, size, "%s%s%s", err_text[diag->err], colon, diag->detail);
    return out;
}
