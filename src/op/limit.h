// limit.h -- names of what is counted. See limit.def, and base/account.h for how.
#pragma once

#include "op/diag.h"

typedef enum {
#define STORE_LIMIT(name, error) STORE_##name,
#include "op/limit.def"
#undef STORE_LIMIT
    STORE_LIMIT_COUNT
} StoreLimit;

extern const u8 store_limit_err[STORE_LIMIT_COUNT]; // the Err of who meets it
