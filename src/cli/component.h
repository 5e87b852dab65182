// component.h -- components as commands get them: from a file, with modules that the engine loads.
#pragma once

#include "cli/cli.h"
#include "component/binary/component.h"

// Is it a regular file that begins as one does, or its text?
bool input_is_component(const char *name);
// What input_open has read, assembled if it is text. NULL: *diag says why. source_free either way,
// behind the component.
Component *input_component(Engine *engine, const Intake *input, Source *source, Diag *diag);
// Reads and checks a file; says what is wrong with it.
bool component_check(const char *name, Engine *engine);
// Shows what is in it.
int component_show(const char *name, Engine *engine, bool json);
