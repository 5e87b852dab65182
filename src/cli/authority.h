// authority.h -- what a module could ask of its host, by what it imports.
#pragma once

#include "cli/json.h"
#include "component/binary/component.h"
#include "module/module.h"

// A line for each kind of thing that functions of WASI reach, with those that the module imports
// and what grants it; then what it imports of others.
void authority_show(FILE *out, const Module *m);
// The same as the members "authority" and "others" of an object.
void authority_json(Json *j, const Module *m);
// Both of a component: its imports of WASI 0.2 by interfaces.
void authority_show_component(FILE *out, const Component *c);
void authority_json_component(Json *j, const Component *c);
