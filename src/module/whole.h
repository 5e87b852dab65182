// whole.h -- types in words that need no module: where the text format has an index, the definition
// stands. (ref null (struct (field i32) (field (mut (ref (array ...))))))
//
// What a definition names is not defined within it again, so a text is as long as that one
// definition. spec: text/types
#pragma once

#include "module/type.h"

// Into out, cut to fit with its NUL, or nothing if size is 0. Return how long it is uncut.
size_t type_whole(char *out, size_t size, const TypeStore *types, Type type);
size_t type_def_whole(char *out, size_t size, const TypeStore *types, TypeId id);
