// binary.h -- WIT to component types, and back.
//
//     Wit --wit_encode_package--> a component that exports types, and nothing else
//     Wit --wit_encode_world----> the same of one world: what tools put into modules
//     component --wit_decode----> text of WIT, which wit_add and wit_resolve read
//
// What is in the binary format has lost what is documentation and gates: a custom section keeps
// those of the package. spec: WIT/Package Format
#pragma once

#include "component/binary/component.h"
#include "component/wit/wit.h"

// How strings of a module are encoded: the row of component.def's options.
typedef enum { STRINGS_utf8, STRINGS_utf16, STRINGS_latin1_utf16, STRINGS_COUNT } WitStrings;

// Of what was resolved; more goes behind `out`, whose arena is the one of `wit`. False: wit->diag
// says why.
bool wit_encode_package(Wit *wit, const WitPackage *p, Buf *out);
bool wit_encode_world(Wit *wit, const WitWorld *w, WitStrings strings, Buf *out);

// The sections that these begin and end with.
#define WIT_ENCODING_SECTION "wit-component-encoding"
#define WIT_DOCS_SECTION "package-docs"

// Adds what a component says as a file, as wit_add does: the package that it is, or its own world
// as `root` of root:component; with `others` what it needs of other packages too, nested. It was
// loaded with names_all. Path stays with the caller. Gates were open where it was made: open all.
bool wit_add_component(Wit *wit, u32 group, Bytes path, Component *c, bool others);

// The same of sections that wit_encode_world wrote: one world, root of root:root, with all that
// they import and export.
bool wit_add_worlds(Wit *wit, Bytes path, Component *const *list, u32 count);

// The documentation and gates of a package, as that section has them.
Bytes wit_package_docs(Wit *wit, const WitPackage *p);
