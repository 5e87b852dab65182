// component_compose.h -- weft component compose: where the parts are.
#pragma once

#include "cli/wit_read.h"

typedef struct {
    const char *file;         // in the wac language, or the component that others are plugged into
    const char *const *deps;  // NS:NAME=FILE
    u32 dep_count;
    const char *const *plugs;
    u32 plug_count;
} ComposeFiles;

// False after printing why not. `wit` is for packages that are WIT; both are freed by the caller.
bool compose_files(WitReading *r, WitReading *wit, const ComposeFiles *files, Buf *out);
