// locals.h -- which local each node is kept in that the steps of a schedule name. See locals.c.
#pragma once

#include "opt/schedule.h"

typedef struct { u32 what, next; } Link; // of a list; 0 ends it

typedef struct {
    u32 *of;       // by node
    u32 count;     // parameters first; those of a type stand together
    Type *types;   // that one which is no parameter is a reference of is one that may be null
    u32 *lives;    // by block: a list of the nodes that are needed from its start on
    const Link *links;
} Locals;

Locals *locals_new(Schedule *s);
