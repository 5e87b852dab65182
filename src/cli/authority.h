// authority.h -- what a module could ask of its host, by what it imports.
#pragma once

#include "cli/json.h"
#include "module/module.h"

// A line for each kind of thing that functions of WASI reach, with those that the module imports
// and what grants it; then what it imports of others.
void authority_show(FILE *out, const Module *m);
// The same as the members "authority" and "others" of an object.
void authority_json(Json *j, const Module *m);
