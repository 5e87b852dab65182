// run_component.h -- `weft run` of a component.
#pragma once

#include "cli/run.h"

// What is kept of it until the store is gone.
typedef struct RunComponent RunComponent;
// Loads it, makes an instance, and calls its wasi:cli/run; or what --invoke says, and prints the
// result in WAVE.
int run_component(Run *run);
void run_component_free(RunComponent *c); // NULL is fine
