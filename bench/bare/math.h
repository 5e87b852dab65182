// math.h -- see bare.h.
#include "bare.h"
