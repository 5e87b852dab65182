// component.h -- components as commands get them: from a file, with modules that the engine loads.
#pragma once

#include "cli/cli.h"
#include "component/binary/component.h"

bool input_is_component(const char *name); // is it a regular file that begins as one does?
// Of what input_open has read. NULL: *diag says why.
Component *input_component(Engine *engine, const Intake *input, Diag *diag);
// Reads and checks a file; says what is wrong with it.
bool component_check(const char *name, Engine *engine);
// Shows what is in it.
int component_show(const char *name, Engine *engine, bool json);
