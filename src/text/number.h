// number.h -- the text of numbers to their bits, exactly. No locale, no rounding mode is asked.
// The text must be that of a TOKEN_int, for floats of a TOKEN_int or TOKEN_float (lexer.h);
// false means that the number does not fit.
// spec: text/values
#pragma once

#include "base/types.h"

bool number_is_natural(const char *s, size_t len); // of a TOKEN_int: has no sign
// Natural numbers below 2^bits, bits from 1 to 64. A sign does not fit.
bool number_unsigned(const char *s, size_t len, u32 bits, u64 *value);
// -2^(bits-1) to 2^bits-1, the lowest `bits` bits of it sign-extended.
bool number_integer(const char *s, size_t len, u32 bits, s64 *value);
bool number_f32(const char *s, size_t len, u32 *bits);
bool number_f64(const char *s, size_t len, u64 *bits);
