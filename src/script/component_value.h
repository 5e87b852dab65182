// component_value.h -- values of components in scripts, by their type: (u32.const 1),
// (record.const (field "a" str.const "x")), (option.some ...).
#pragma once

#include "component/abi/abi.h"
#include "text/lexer.h"

// The value's form, the lexer behind its "(", of which the ")" is read. It lives in the arena.
// Types are 100 deep at most. False: it is no value of the type.
bool component_value_read(Arena *arena, Lexer *l, const CTypes *types, CType t, CValue *out);
// A NaN is any NaN.
bool component_value_same(const CTypes *types, CType t, const CValue *a, const CValue *b);
