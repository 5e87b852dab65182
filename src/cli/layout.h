// layout.h -- sections that say where in a module something is, and whether it still is there.
//
// Text has no word for a number that is longer than need be, so a module that was printed and
// parsed may have other bytes, and then debug information and relocations are about what is no
// more. What is printed says what the module was like: (@weft.layout "..."), which only means that.
#pragma once

#include "cli/cli.h"

enum { LAYOUT_MOST = 17 };

// The bytes of all sections that are not custom, and where the code is, in 16 digits. Returns
// `out`.
const char *layout_text(const Module *m, char out[LAYOUT_MOST]);
// How many sections say where something is. `placed`, unless NULL: which, one for each section.
u32 layout_placed(const Module *m, bool *placed);
// On standard error: "KIND: NAME: WHAT: " and the first of those sections, without the line's end.
void layout_tell(const char *kind, const char *name, const char *what, const Module *m,
                 const bool *which);
// "warning: NAME: WHAT, and these sections still say where it was: ...".
void layout_warn(const char *name, const char *what, const Module *m);
// The same of a text of which nobody knows what the module was like: "note: NAME: ...".
void layout_note(const char *name, const Module *m);
// The module without those. The caller frees it. NULL: out of memory.
u8 *layout_drop(const Module *m, size_t *size);
