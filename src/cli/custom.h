// custom.h -- custom sections by name: which is meant, and of what kind it is.
#pragma once

#include "module/module.h"

typedef enum { CUSTOM_debug, CUSTOM_linking, CUSTOM_places, CUSTOM_other } CustomKind;

CustomKind custom_kind(Bytes name);
// Takes sections out of a copy of the module's bytes: what stays moves to the front. `gone`: one
// for each section. Returns how much that is.
size_t custom_leave_out(const Module *m, const bool *gone, u8 *bytes);
