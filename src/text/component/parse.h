// parse.h -- the text of components, assembled into bytes: what text/parse.h is for modules.
//
// In one pass, since a definition refers to those before it alone. Types without a name, aliases in
// the middle of a reference, and names of what is around a component become definitions in front of
// the one that needs them; identifiers become the section `component-name`.
// spec: Explainer/grammar, Binary/name section
#pragma once

#include "text/parse.h"

// Whether src[start, end) begins with "(component".
bool text_is_component(const char *src, size_t start, size_t end);

// Assembles one component: "(component ...)" or "(component binary ...)", where it may be a
// `definition` as in a script; unless `whole`, the definitions alone. Everything else is as
// text_parse has it.
bool component_text_parse(Arena *arena, const char *src, size_t start, size_t end, bool whole,
                          Features features, const Pace *pace, TextModule *out, Diag *diag);
