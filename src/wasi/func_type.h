// func_type.h -- the types of WASI's functions, for who links them.
#pragma once

#include "module/type.h"
#include "wasi/wasi.h"

enum { WASI_TYPES_MOST = 16 };
// `types` stays the caller's, and in use.
TypeDef wasi_type(const WasiFunc *func, Type types[WASI_TYPES_MOST]);
