// opt.h -- what other commands take of `weft opt`.
#pragma once

#include "cli/cli.h"
#include "opt/opt.h"
#include "opt/watch.h"

bool args_level(Args *args, OptLevel *level); // takes -O0 to -O4, -O, -Os, -Oz
// Takes what stands behind --trace. The exit status: EXIT_OK, or what it printed why not.
int take_trace(const char *value, const Watch **watch);
