// utf8.h -- what the specification calls a name: well-formed UTF-8, no surrogates, no overlong
// forms.
// spec: binary/values, names
#pragma once

#include "base/types.h"

bool utf8_valid(const u8 *data, size_t len);
// Reads one scalar value at data (len > 0). Its length in bytes, or 0 if it is malformed.
u32 utf8_decode(const u8 *data, size_t len, u32 *scalar);
// Writes 1 to 4 bytes and returns how many; scalar must be below 0x110000 and no surrogate.
u32 utf8_encode(u32 scalar, u8 out[4]);
