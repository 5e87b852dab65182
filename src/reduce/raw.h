// raw.h -- bytes that are no module, or none that may be written anew, made smaller as bytes.
#pragma once

#include "reduce/search.h"

// Pass after pass over the bytes that are the best so far. With `valid` every candidate is a valid
// module. True: something went.
bool raw_reduce(Search *s, Features features, bool valid, jmp_buf *failed);
