// tools.h -- what made a module: what it says of itself in custom sections, and signs of tools that
// say nothing. spec: tool conventions, "producers" and "target_features"; what is malformed there
// ends its section silently.
#pragma once

#include "module/module.h"

typedef void ProducerHook(void *env, Bytes field, Bytes name, Bytes version);
void each_producer(const Module *m, ProducerHook *hook, void *env);

// A feature that its compiler was allowed to use ('+'), or not ('-'); '=': had to.
typedef void TargetFeatureHook(void *env, char prefix, Bytes name);
void each_target_feature(const Module *m, TargetFeatureHook *hook, void *env);

typedef void ToolHook(void *env, const char *what);
void each_tool(const Module *m, ToolHook *hook, void *env);

bool has_section(const Module *m, const char *pattern); // custom, of a name that fits
bool name_is(Bytes name, const char *text);
