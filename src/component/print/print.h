// print.h -- a component as text that gives the same component again: what text/print/print.h is
// for modules.
//
// It need not be valid; what is malformed is printed up to where it is. Modules inside are printed
// as modules are. What is not kept: indices and sizes that are longer than they need be, sections
// that are empty, or could be one with the section before them.
#pragma once

#include "text/print/check.h"

// Linear in the size of the component, but for indentation. False: *diag says why, or has no error
// when the sink wanted no more.
bool component_print(Bytes bytes, Features features, const PrintOptions *options, PrintSink *sink,
                     void *env, Diag *diag);
// As of modules.
RoundTrip component_round_trip(Bytes bytes, Features features, const PrintOptions *options,
                               Diag *diag);
