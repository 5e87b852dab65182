// types.h -- the types of a module, as `weft inspect --types` shows them: each below its supertype.
// Equal types are one, by the index of the first.
#pragma once

#include "cli/inspect/inspect.h"

typedef enum {
#define USE(name) USE_##name,
#include "cli/inspect/uses.def"
    USE_COUNT
} Use;

typedef struct {
    u32 same;          // the index of the first that is equal; its own, if it is that
    u32 super;         // likewise of the type that it is declared below; TYPE_NONE
    u32 first_sub, next_sub; // by index; TYPE_NONE: there is none
    u32 group, group_count;  // the recursion group's first type, and how many it has
    u32 uses[USE_COUNT];
} TypeView;

typedef struct {
    TypeView *all;     // by index
    u32 count;
} TypeViews;

// What uses each, as far as that can be read.
void uses_count(TypeViews *views, Inspect *s);

void show_type_tree(Inspect *s);
void json_type_tree(Json *j, Inspect *s);
