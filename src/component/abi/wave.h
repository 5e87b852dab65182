// wave.h -- values as text, in both directions, by their type: WAVE.
//
//     {name: "x", size: 3, tags: [red, %none]}     what does not say what it is, its type says
//
// Of a map the pairs are written as tuples of a list. Handles, streams and futures have no text
// that could be read again.
// spec: WAVE (wasm-wave's README.md, wave_ebnf.md)
#pragma once

#include "component/abi/abi.h"

// The value that a text is, with nothing but comments around it. It lives in the arena, whose
// failure the caller catches. False: *diag says why, and where: offset, line and column.
bool wave_parse(const CTypes *types, CType t, Bytes text, Arena *arena, CValue *value, Diag *diag);

// "name(value, ...)": the name, and how many bytes stand in front of the parenthesis. A name is
// whatever stands there in one piece: ns:package/interface.function@1.0.0.
bool wave_parse_name(Bytes text, Bytes *name, size_t *at, Diag *diag);
// The values behind a name, from `at` on. Options at the end may be left out.
bool wave_parse_arguments(const CTypes *types, const CFunc *func, Bytes text, size_t at,
                          Arena *arena, CValue *values, Diag *diag);

// Words that a case has to have '%' in front of.
bool wave_is_keyword(Bytes word);

// In one line, and harmless to a terminal. Values are of their type.
void wave_print(const CTypes *types, CType t, const CValue *value, Buf *out);
// The line that a diag is about, and below it a caret under the column; ends with a newline.
void wave_caret(Bytes text, const Diag *diag, Buf *out);
