// load.h -- a module from its bytes, in one go or as they arrive: decoded, and each body validated
// as soon as it is there. The verdict, and the first error, do not depend on the pieces nor on the
// number of threads.
#pragma once

#include "base/pace.h"
#include "engine/engine.h"

typedef struct Load Load;

// The module will stand at `bytes`, of which nothing need be there yet, and which must outlive it.
// The caller owns the result (load_free). NULL: out of memory.
Load *load_new(Engine *engine, const u8 *bytes);
// Whether it may go on is asked while it is fed; `pace` must outlive that. NULL: it may.
void load_pace(Load *load, const Pace *pace);
// Bodies are not validated: whoever calls a function for the first time has that done, as all do
// that make code, or look at it (compiled.h). Before it is fed.
// `bodies`: where those of functions that are not imported are, which need not be there yet
// (Module.fetch); or NULL.
void load_unjudged(Load *load, const Range *bodies, u32 count);
// The first `size` of the bytes are there now, never fewer than before; with `last` these are all.
// False: *diag says why, and nothing more may be fed.
bool load_feed(Load *load, size_t size, bool last, Diag *diag);
// The module, once the last piece was taken: the caller's (engine_unload).
Module *load_take(Load *load);
void load_free(Load *load); // NULL is fine
// engine_load, as long as it may go on. `pace` may be NULL.
Module *engine_load_paced(Engine *engine, const u8 *bytes, size_t size, const Pace *pace,
                          Diag *diag);
