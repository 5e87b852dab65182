// cache.h -- compiled modules that are kept in a folder, by what they were made of.
//
//     folder    SUM-VERSION-MAKER-MODE.weft ...      each as compiled.h has it
//
// An entry is found by a sum of the module, and taken if it holds that very module, byte for byte,
// so that a sum that several have does no harm. What is in it is believed no more than any file is.
// What cannot be read, is damaged, or was made by another engine is as if it was not there; and
// where nothing can be written the module is loaded as ever.
#pragma once

#include "base/pace.h"
#include "engine/engine.h"

typedef struct Cache Cache;
enum { CACHE_BYTES = 1 << 30 }; // that all entries have, unless somebody says otherwise

// `most`: bytes that all entries may have; 0: CACHE_BYTES. The folder is made if it is not there. 0
// or an errno: EPERM if others may write there.
int cache_open(const char *folder, u64 most, Cache **out);
void cache_free(Cache *cache); // modules may outlive it; NULL is fine

// engine_load, with code from the cache of the engine's, or made and kept there. As load.h
// otherwise.
Module *cache_load(Engine *engine, const u8 *bytes, size_t size, const Pace *pace,
                   Diag *diag);
