// valid.h -- does a decoded module obey the typing rules? spec: valid/modules
#pragma once

#include "module/module.h"
#include "op/diag.h"

// Validates everything, all function bodies included, in time linear in the size of the module.
// Errors: malformed (bodies are decoded by the same walk), invalid, limit, resource. The module is
// told what its constant expressions come to, and changes in nothing else.
bool module_validate(Module *m, Diag *diag);

// The same in parts, while the module arrives: first the definitions, then bodies in any order,
// then the data segments. Each part takes a diag that has no error yet.

// What bodies may refer to. The module's stage is past STAGE_definitions.
bool module_validate_definitions(Module *m, Diag *diag);
// The module is complete.
bool module_validate_data(Module *m, Diag *diag);

// Validates bodies, for one thread at a time; any number of them may work on a module.
typedef struct BodyValidator BodyValidator;
// NULL: out of memory. The caller owns the result (body_validator_free).
BodyValidator *body_validator_new(const Module *m);
void body_validator_free(BodyValidator *v); // NULL is fine
// Of a module with valid definitions: functions `first` to `end` - 1, whose bodies are there.
bool body_validator_check(BodyValidator *v, u32 first, u32 end, Diag *diag);
