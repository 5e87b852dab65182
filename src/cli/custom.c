// custom.c -- see custom.h.

#include "cli/custom.h"

#include "cli/cli.h"

static const struct { const char *name; CustomKind kind; } customs[] = {
#define CUSTOM(name, kind) {name, CUSTOM_##kind},
#include "cli/custom.def"
};

CustomKind custom_kind(Bytes name)
{
    size_t i = 0;
    while (!pattern_fits(customs[i].name, name)) i++;
    return customs[i].kind; // the last one fits all
}
