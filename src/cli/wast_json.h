// wast_json.h -- a script as JSON with its modules beside it, in the form that wast2json writes.
#pragma once

#include "cli/cli.h"

// Of the script in `file` to `json`, x.json say, and x.0.wasm, x.1.wat, ... Returns the exit
// status.
int wast_json(const char *file, const char *json, Features features);
