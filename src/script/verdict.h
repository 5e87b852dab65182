// verdict.h -- what becomes of a command, in words.
#pragma once

#include "op/diag.h"
#include "script/state.h"

#include <stdarg.h>
#include <stdio.h>

static inline Verdict fail(Script *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
static inline Verdict fail(Script *s, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(s->why, sizeof s->why, fmt, args);
    va_end(args);
    return FAIL;
}

static inline Verdict skip(Script *s, const char *reason)
{
    s->skip = reason;
    return SKIP;
}

static inline Verdict cannot_read(Script *s, const char *what)
{
    return fail(s, "cannot read %s", what);
}

static inline Verdict fail_diag(Script *s, const Diag *diag)
{
    char text[320];
    return fail(s, "%s", diag_text(diag, text, sizeof text));
}
