// maker.c -- see maker.h. MAKERS_SUM is the Makefile's, of the files that matter; who compiles
// sources of a release without it has the version.

#include "engine/maker.h"

#include "weft.h"

#ifndef MAKERS_SUM
#define MAKERS_SUM 0
#endif
#define TEXT(x) TEXT_(x)
#define TEXT_(x) #x

const char maker_version[] =
    TEXT(WEFT_VERSION_MAJOR) "." TEXT(WEFT_VERSION_MINOR) "." TEXT(WEFT_VERSION_PATCH);
const u64 maker_sources = MAKERS_SUM;
