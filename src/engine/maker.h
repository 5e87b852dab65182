// maker.h -- who makes code here: what another must be for its code to be run by this engine.
#pragma once

#include "base/types.h"

extern const char maker_version[]; // "0.1.0"
// The same where the sources are that say how code is made, and what it finds around it. 0: nobody
// has looked, and the version has to do.
extern const u64 maker_sources;
