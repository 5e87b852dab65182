// text.h -- the text of a module that is put together, for tests that make many alike: who includes
// this says before how large it may get (TEXT).
#pragma once

#include "base/types.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char text[TEXT];
static size_t len;

static void add(const char *form, ...) PRINTF_LIKE(1, 2);
static void add(const char *form, ...)
{
    va_list args;
    va_start(args, form);
    len += (size_t)vsnprintf(text + len, TEXT - len, form, args);
    va_end(args);
    if (len >= TEXT) exit(1);
}
