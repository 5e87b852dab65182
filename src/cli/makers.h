// makers.h -- what a module says of who made it: the custom sections "producers" and
// "target_features". spec: tool conventions, ProducersSection.md and Linking.md
#pragma once

#include "binary/reader.h"
#include "cli/json.h"

// Over a section. What is malformed ends what is read.
typedef void ProducerHook(void *env, Bytes field, Bytes name, Bytes version);
void producers_read(Reader *r, ProducerHook *hook, void *env);
ProducerHook producer_json; // an object; env: Json

// Custom sections that are a text about it. spec: wasm-metadata, as registries of OCI have them
enum { ABOUT_COUNT = 7 };
extern const char *const about_names[ABOUT_COUNT];

// A feature that its compiler was allowed to use ('+'), or not ('-'); '=': had to.
typedef void TargetFeatureHook(void *env, char prefix, Bytes name);
void target_features_read(Reader *r, TargetFeatureHook *hook, void *env);
TargetFeatureHook target_feature_json; // likewise
