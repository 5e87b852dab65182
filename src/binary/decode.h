// decode.h -- bytes to a Module. Bodies and constant expressions are only delimited here; the one walk
// (valid/walk.h) reads them. spec: binary/modules
#pragma once

#include "module/module.h"
#include "op/diag.h"

// Decodes all of `bytes`, which must outlive the module. Types are interned in `store`, which must too.
// On success *out is a module owned by the caller (module_free); else *diag says why and where.
// Linear in size; no recursion on input. Errors: classes malformed, invalid (what needs the section's context), limit, resource.
bool module_decode(const u8 *bytes, size_t size, Features features, TypeStore *store, Module **out, Diag *diag);
void module_free(Module *m); // NULL is fine
