// component_parts.h -- the components and core modules of which a component consists: where each
// is, what it is called, and what it says of who made it.
#pragma once

#include "cli/json.h"
#include "component/binary/component.h"

// Of the component itself; and all that is in it, each behind what it is in; or both. They leave
// through the arena, or json's.
void parts_show_own(const Component *c, Arena *arena);
void parts_show(const Component *c, Arena *arena);
void parts_json(Json *j, const Component *c, Arena *arena);
