// imports.h -- imports that nothing defines, told with where they come from.
#pragma once

#include "cli/cli.h"

// Is there something of that name? It may still turn out to be of another type.
typedef bool ImportFound(void *env, const Module *m, const Import *import);

// Prints the imports of `m`, which goes by the name `file`, that are not found: with their types,
// by what they come from, and what can be done about that. False if there is one, or memory is
// short.
bool imports_found(const char *file, const Module *m, ImportFound *found, void *env);
// Nothing but the list of them, and nothing where all are found. False after printing that memory
// is short.
bool imports_list(FILE *out, const Module *m, ImportFound *found, void *env);

// What a module comes from that has this import, and what to do where that is missing, or "".
typedef struct { const char *what, *remedy; } ImportOrigin;
ImportOrigin import_origin(const Import *import);
