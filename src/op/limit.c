// limit.c -- see limit.h.

#include "op/limit.h"

const u8 store_limit_err[STORE_LIMIT_COUNT] = {
#define STORE_LIMIT(name, error) [STORE_##name] = ERR_##error,
#include "op/limit.def"
};
