// needs.h -- which proposals a module needs.
#pragma once

#include "engine/engine.h"

// The features beyond WebAssembly 1.0 without which these bytes, which load under `engine`, do not:
// a set that suffices and of which none can go, newer ones left out first where either of two would
// do. Loads the bytes two or three times, in engines of its own. False: they do not load, or memory
// is short.
bool engine_needs(const Engine *engine, const u8 *bytes, size_t size, Features *needs);
