// kept.h -- the folder where `weft run --cache` keeps compiled modules.
#pragma once

#include "engine/cache.h"

// NULL: the user's, as XDG_CACHE_HOME or HOME says. What it cannot have it warns of, and NULL is
// the answer: then nothing is kept.
Cache *kept_open(const char *folder, u64 most);
