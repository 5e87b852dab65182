// names.h -- the symbols of calls.def, for the linker: what the preprocessor leaves of this.
#include <features.h>
#define CALL(set, result, name, ...) name
#define HAND(name) name
#define SYSTEM(number, error)
#include "calls.def"
