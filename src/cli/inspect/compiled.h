// compiled.h -- what is in a file that `weft compile` wrote, for people or as JSON.
#pragma once

#include "cli/cli.h"

// Says who made it and what for, and judges all of it. The exit status: EXIT_INPUT if it is
// refused, or the code of some function is.
int compiled_show(const char *file, Engine *engine, bool json);
