// random.h -- random bytes fit for keys.
#pragma once

#include "base/types.h"

// Fills data. 0, or an errno value when the host has none to give.
int plat_random(void *data, size_t len);
