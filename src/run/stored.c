// stored.c -- see stored.h.

#include "run/stored.h"

#include <stdlib.h>

void stored_free(Stored *s)
{
    if (!s) return;
    s->free(s->env);
    free(s);
}
