// verify.h -- do two modules do the same? By trying: `weft opt --verify`.
#pragma once

#include "cli/cli.h"

// Calls each exported function of both with the same arguments, edges and others, and compares what
// comes of it: results, traps, calls of imports and their arguments, and what is in exported
// memories, globals and tables. All imports are one host, which answers both alike: what it says is
// drawn, as arguments are, by `seed`. Says on standard error how it went, and of a difference where
// it is. False: there is one, or it could not be found out.
bool verify_same(const char *file, Bytes before, Bytes after, Features features, u64 seed);
