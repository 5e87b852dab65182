// component.h -- components as commands get them: from a file, with modules that the engine loads.
#pragma once

#include "cli/cli.h"
#include "component/binary/component.h"

// Is it a regular file that begins as one does, or its text?
bool input_is_component(const char *name);
// Assembled if they are text. With `runs` a plan can be made of it. NULL: *diag says why.
// source_free either way, behind the component.
Component *input_component(Engine *engine, Bytes bytes, bool runs, Source *source, Diag *diag);
// Checks what was read from a file; says what is wrong with it.
bool component_check(const char *name, Engine *engine, Bytes bytes);
// Shows what is in it, or what it could ask of its host.
int component_show(const char *name, Engine *engine, Bytes bytes, bool json, bool authority);
