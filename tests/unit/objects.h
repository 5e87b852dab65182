// objects.h -- what tests of weft_object.h share: an engine, and what must become of a call.
#pragma once

#include "api/api.h"
#include "check.h"
#include "weft_object.h"

#include <string.h>

static weft_engine *engine;
static weft_diag diag;

static inline const char *why(weft_status status) { return status == WEFT_OK ? "" : diag.name; }
#define CHECK_OK(call) CHECK_STR(why(call), "")
#define CHECK_WHY(call, name) CHECK_STR(why(call), name)
#define CHECK_SAYS(text)                                                                           \
    do {                                                                                           \
        if (!CHECK(strstr(diag.message, text) != NULL)) printf("\"%s\"\n", diag.message);          \
    } while (0)
