// map_file.h -- the source map that a module names.
#pragma once

#include "debug/where.h"

#define MAP_SECTION "sourceMappingURL"

// Its text, or the data: URL that holds it. data NULL: there is none, or none that can be read: it
// is a file in the folder of the module's file, or beneath it; nothing is fetched from elsewhere.
// Where `file` is NULL nobody knows that folder.
Bytes map_find(const Module *m, const char *file, Arena *arena);
