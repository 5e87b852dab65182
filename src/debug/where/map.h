// map.h -- places by a source map (ECMA-426), whose columns are offsets into the module.
#pragma once

#include "debug/where/answer.h"

typedef struct SourceMap SourceMap;

// From its text, or from a data: URL that holds it. NULL: that is none, or there is no memory.
SourceMap *map_open(const u8 *data, u64 size);
// The one frame of an instruction at this offset in the module, in a function that begins at
// `from`; false, and nothing is added, where nothing is known.
bool map_place(const SourceMap *map, u64 at, u64 from, Answer *a);
