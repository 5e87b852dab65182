// text.h -- types of components as people read them, in the words of WIT; cut where they are long.
#pragma once

#include "component/type/ctype.h"

// "func(name: string) -> string" into out, always NUL-terminated; names as they are, but for bytes
// that are none of a name. Returns out.
char *ctype_describe(const CTypes *types, CType t, char *out, size_t size);
char *centity_describe(const CTypes *types, CEntity e, char *out, size_t size);
