// tools.h -- what made a module: what it says of itself in custom sections, of which what is
// malformed ends its section silently, and signs of tools that say nothing.
#pragma once

#include "cli/makers.h"

void each_producer(const Module *m, ProducerHook *hook, void *env);
void each_target_feature(const Module *m, TargetFeatureHook *hook, void *env);

typedef void ToolHook(void *env, const char *what);
void each_tool(const Module *m, ToolHook *hook, void *env);

bool has_section(const Module *m, const char *pattern); // custom, of a name that fits
