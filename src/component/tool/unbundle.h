// unbundle.h -- core modules out of a component, and into it again.
//
//     component --tool_unbundle--> modules, and a component that imports them
//     that + modules --tool_bundle--> a component that does what the first did
#pragma once

#include "base/buf.h"
#include "component/binary/component.h"

#define UNBUNDLED "unbundled-module" // and a number: what the imports are called

// Of a component that was loaded with `marks`: what is left of it once all modules of at least
// `threshold` bytes are imports, of the numbers from *first on. `taken` has a flag for each of its
// modules. Leaves through out's arena.
void tool_unbundle(const Component *c, u32 threshold, bool *taken, u32 *first, Buf *out);

// A module for an import.
typedef struct { Bytes name, module; bool used; } ToolModule;
// Of one that was loaded so: with modules in the place of imports that are called so. Other imports
// stay. Leaves through out's arena.
void tool_bundle(const Component *c, ToolModule *modules, u32 count, Buf *out);
