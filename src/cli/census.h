// census.h -- what is in the heap of a store, for --heap-census.
#pragma once

#include "run/store.h"

// Into a file, as JSON if it is called .json, "-" for standard output. `file_of` says in which file
// a module was, or NULL. False after printing why.
bool census_write(Store *store, const char *name, const char *(*file_of)(void *, const Module *),
                  void *env);
