// wit_read.h -- WIT as commands find it: a file, a folder with what is in its folder deps, or a
// component.
#pragma once

#include "cli/cli.h"
#include "component/tool/tool.h"
#include "plat/file.h"

typedef struct {
    Wit wit;
    Arena arena;          // whose failure the caller catches
    u32 group;
    File folder;          // which is being read, or -1
    Intake input;         // likewise, a file
    TypeStore *store;     // of components, once there was one
    Component **components; // likewise, that are being read
    u32 component_count, component_cap;
} WitReading;

void wit_reading_init(WitReading *r);
void wit_reading_free(WitReading *r);
// Reads and resolves it. False after printing why not.
bool wit_read(WitReading *r, const char *path);
// NULL after printing why not, of `what`. It is freed with the reading.
Component *wit_load(WitReading *r, const char *what, Bytes bytes);
// Is it a component that Weft would take? False after printing why not, of `what`.
bool wit_is_valid(WitReading *r, const char *what, Bytes bytes);
// Why wit->diag has an error, on standard error.
void wit_print_why(const Wit *wit, const char *path);
// A world of what was resolved: of the main package by its name alone, or by one with its package;
// name NULL: the only one of the main package. NULL after printing why there is none.
WitWorld *wit_find_world(const Wit *wit, const char *name);
// What stands behind --features, of which there are at most as many as bytes. An exit status.
int wit_take_features(Bytes *features, u32 *count, const char *list);
