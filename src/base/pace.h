// pace.h -- whether long work may go on. Who works asks, once for each MiB that it reads or more
// often, but reads one token of a text, or one function or section, through; and gives up on false.
#pragma once

#include "base/types.h"

typedef struct {
    bool (*go_on)(void *env);
    void *env;
} Pace;

enum { PACE_BYTES = 1 << 20 };

static inline bool pace_ended(const Pace *pace) { return pace && !pace->go_on(pace->env); }
