// good.h -- what the rules let pass: there is nothing wrong with this file.
#pragma once

#include "base/types.h"

#include <stdio.h>

typedef enum { SHAPE_round, SHAPE_u32, SHAPE_COUNT } Shape;

enum { LIMIT_sides = 1000, NO_SIDES = 0 };

typedef struct ShapeList {
    struct ShapeList *next;
    Shape shape; // "//not a comment", nor is "\t" a tab
} ShapeList;

typedef bool ShapeAnswer(void *env, Shape shape);

#define SHAPE_NAME(name) [SHAPE_##name] = #name
#define u32 SHAPE_u32
#define shape_fail(list, ...) list_fail(&(list)->fail, __VA_ARGS__)

static const struct { const char *name; u32 sides; } shapes[] = {
    {"round, which is a row of a table, and as wide as it is, since it is read down and not across", 0},
};

static inline Shape shape_next(Shape shape)
{
    if (shape < SHAPE_COUNT) {
        return shape + 1;
    } else {
        return SHAPE_round;
    }
}

static inline Shape shape_self(Shape shape) { return shape; }
