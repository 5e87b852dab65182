// locals.h -- which local each node is kept in that the steps of a schedule name. See locals.c.
#pragma once

#include "opt/schedule.h"

typedef struct {
    u32 *of;       // by node
    u32 count;     // parameters first; those of a type stand together
    Type *types;   // that one which is no parameter is a reference of is one that may be null
    u32 *live_first; // by block: where the nodes begin in `live` that are needed from its start on
    NodeId *live;
} Locals;

Locals *locals_new(Schedule *s);
