// map.h -- which slots of a function's frames hold collected references, wherever one may stand. It
// is found when a collection first meets the function, by one walk over its body, and kept with the
// module for all modes, tiers and stores:
//
//     Module.maps --> ModuleMaps { by function index --> RefMap }
//
//     const RefMap *map = map_of(m, func);
//     if (!map) ...                                    // before anything is marked: out of memory
//     for (u32 r = map_at(map, offset); r; r = map->runs[r].below)
//         ... slots map->runs[r].first, and map->runs[r].count - 1 behind it ...
//
// Whoever walks frames has frame_roots (frame.h) do that.
#pragma once

#include "module/homes.h"

// Any thread may ask, of a module that was validated and a function that is not imported. It lives
// until code_drop, counted with the code. NULL: out of memory, or the engine's limit; or all maps
// of the module together would take more than MAPS_PER_BYTE for each of its bytes, and MAPS_LEAST
// besides, or that much work; no compiler's output comes near.
enum { MAPS_PER_BYTE = 16, MAPS_LEAST = 64 << 10 };
const RefMap *map_of(const Module *m, u32 func);

// The topmost run of a frame that stands at the instruction at `offset`.
u32 map_at(const RefMap *map, u32 offset);

// What the module's maps take.
size_t map_bytes(const Module *m);

void map_drop(Module *m);

// Which types they have is found when asked, and not kept; what the values are is frame.h's affair.
//
// Nothing here knows what is in a body; who may (valid/homes.h) stands beside this folder, not
// below it. The tier that runs everywhere, which may include both, puts them together: as it
// defines code_translate it defines this.
typedef struct {
    void (*at)(const Module *m, u32 func, u32 offset, Arena *arena, Homes *out);
    RefMap *(*refs)(const Module *m, u32 func, size_t limit);
} HomesFinder;
extern const HomesFinder map_finder;
