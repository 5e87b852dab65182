// component.h -- components in scripts, as far as they need not be run: read and checked.
#pragma once

#include "op/op.h"
#include "script/form.h"

typedef enum {
    SCRIPT_COMPONENT_unread,  // its form is none
    SCRIPT_COMPONENT_refused, // *diag says why
    SCRIPT_COMPONENT_done,    // it is valid, and to make an instance of it would do nothing
    SCRIPT_COMPONENT_runs,    // it is valid, and would be run
} ScriptComponent;

// src[start, end) is "(component ...)" whole.
ScriptComponent script_component(Arena *arena, const char *src, size_t start, size_t end,
                                 Features features, ModuleForm *form, Diag *diag);
// The bytes of src[start, end), whose form is read. False: *diag says why there are none.
bool script_component_read(Arena *arena, ModuleForm *form, size_t start, size_t end,
                           Features features, Bytes *out, Diag *diag);
// The bytes of the component that a command is, or is about. False: there is none, or *diag says
// why it is none.
bool script_component_bytes(Arena *arena, const char *src, const Command *command,
                            Features features, Bytes *out, Diag *diag);
// Whether the first operand is a component: (assert_invalid (component ...) ...).
bool script_of_component(const Lexer *l);
