// fuzz.h -- what the targets share. A target is one file: libFuzzer calls LLVMFuzzerTestOneInput
// with bytes that it makes up, and what must hold of them is said with MUST. `make fuzz` builds and
// runs them.
#pragma once

#include "engine/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(cond)                                                                                 \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #cond);              \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

// Small enough that running hostile modules stays quick, large enough that every operation can
// succeed.
static const StoreLimits fuzz_limits = {
    .memory_bytes = 4 << 20, .table_entries = 20000, .stack_bytes = 256 << 10};

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static inline bool same_diag(const Diag *a, const Diag *b)
{
    return a->err == b->err && a->offset == b->offset && a->func == b->func && a->line == b->line &&
           a->column == b->column && !strcmp(a->detail, b->detail);
}
