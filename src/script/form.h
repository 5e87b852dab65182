// form.h -- modules as scripts give them: (module ...), of text, of strings, or an instance of one.
#pragma once

#include "op/op.h"
#include "script/command.h"

typedef struct {
    Bytes id, base;      // base: of (module instance $id? $base?)
    bool definition, instance;
    bool quote;          // text in strings
    Bytes binary;        // data NULL: text
    const char *text;    // [start, end) of it is the module
    size_t start, end;
} ModuleForm;

// An identifier, if one stands here, which is passed over.
bool form_id(Arena *arena, Lexer *l, Bytes *id);
// src[start, end) is "(module ...)" whole.
bool form_module(Arena *arena, const char *src, size_t start, size_t end, ModuleForm *form);
// Takes the module's form, the lexer at its "(". Leaves it at its ")".
bool form_operand_module(Arena *arena, Lexer *l, ModuleForm *form);
// The module that a command is, or is about. False: none that can be read.
bool form_find(Arena *arena, const char *src, const Command *command, ModuleForm *form);
// As a binary, which text is translated to. False: *diag says why.
bool form_bytes(Arena *arena, const ModuleForm *form, Features features, Bytes *out, Diag *diag);
