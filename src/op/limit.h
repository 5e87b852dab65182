// limit.h -- names of what is counted. See limit.def, and base/account.h for how.
#pragma once

#include "op/diag.h"

typedef enum {
#define STORE_LIMIT(name, error) STORE_##name,
#include "op/limit.def"
    STORE_LIMIT_COUNT
} StoreLimit;

typedef enum {
#define ENGINE_LIMIT(name) ENGINE_##name,
#include "op/limit.def"
    ENGINE_LIMIT_COUNT
} EngineLimit;

enum {
#define COMPONENT_LIMIT(name, most, error) COMPONENT_MOST_##name = most,
#include "op/limit.def"
};

extern const u8 store_limit_err[STORE_LIMIT_COUNT]; // the Err of who meets it
