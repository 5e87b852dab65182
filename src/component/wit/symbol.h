// symbol.h -- how functions of core modules are called that stand for what a world has.
//
//     "wasi:io/poll@0.2.0" "poll"       imported: a function of an interface,
//     "$root" "f"                       of the world itself
//     "a:b/c" "[resource-drop]r"        a builtin; [export]a:b/c of what the world exports
//     f, a:b/c#f, a:b/c#[dtor]r         exported
//
// An item is its name outside; empty, the world itself. Everything lives in the arena.
#pragma once

#include "base/buf.h"
#include "op/component.h"

#define WIT_SYMBOL_POST "cabi_post_" // in front of an export: called when its result was taken
#define WIT_SYMBOL_REALLOC "cabi_realloc"

Bytes wit_symbol_module(Arena *arena, Bytes item, bool exports);
Bytes wit_symbol_export(Arena *arena, const char *front, Bytes item, Bytes member);
// Behind `number`, which stream or future of a function it is about, or "".
Bytes wit_symbol_builtin(Arena *arena, Canon row, const char *number, Bytes name);
Bytes wit_symbol_dtor(Arena *arena, Bytes resource); // as a member
