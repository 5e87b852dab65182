// valid.h -- does a decoded module obey the typing rules? spec: valid/modules
#pragma once

#include "module/module.h"
#include "op/diag.h"

// Validates everything, all function bodies included, in time linear in the size of the module.
// Errors: malformed (bodies are decoded by the same walk), invalid, limit, resource.
bool module_validate(const Module *m, Diag *diag);
