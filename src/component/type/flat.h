// flat.h -- functions of components as functions of core. spec: CanonicalABI/flattening
#pragma once

#include "component/type/ctype.h"

enum { FLAT_SIG_MOST = 2 * FLAT_MANY };
// Letters as in component.def: i l f d.
typedef struct { u8 params[FLAT_SIG_MOST], results[1]; u32 count, result_count; } FlatSig;

Type flat_type(u8 letter);
const char *flat_text(u8 letter); // "i32"

// What a row of component.def leaves open: an address, what stands for a resource, a slot of a
// context, what a thread begins with, an index of a table. 0: i.
typedef struct { u8 address, rep, context, thread, table; } CanonLetters;
// What a builtin takes and gives: all but task.return, whose type says that.
void canon_flatten(Canon canon, CanonLetters of, FlatSig *sig);

// Lifted or lowered, and with which options.
typedef struct { bool lift, async, callback, is64; } FlatWay;

// What it comes to; and whether that takes CANON_MEMORY, CANON_REALLOC.
u32 cfunc_flatten(const CTypes *types, const CFunc *f, FlatWay way, FlatSig *sig);
