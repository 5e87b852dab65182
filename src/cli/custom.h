// custom.h -- custom sections by name: which is meant, and of what kind it is.
#pragma once

#include "module/module.h"

typedef enum { CUSTOM_debug, CUSTOM_linking, CUSTOM_places, CUSTOM_other } CustomKind;

CustomKind custom_kind(Bytes name);
