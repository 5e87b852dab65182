// old.c -- names that instructions had once.

#include "op/op.h"

#include <string.h>

static const struct { const char *old, *now; } names[] = {
#define OLD(old, now) {old, now},
#include "op/old.def"
};

const char *op_renamed(const char *old, size_t len)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strlen(names[i].old) == len && !memcmp(names[i].old, old, len)) return names[i].now;
    return NULL;
}
