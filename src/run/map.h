// map.h -- which slots of a function's frames hold collected references, wherever one may stand. It
// is found when a collection first meets the function, by one walk over its body, and kept with the
// module for all modes, tiers and stores; and so are the types of all slots at places that were
// asked for:
//
//     Module.maps --> ModuleMaps { by function index --> RefMap
//                                  by function index --> KeptHomes -> KeptHomes -> ... }
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

// All that is home at a place: what homes_at finds, on the same terms. It is kept, counted with the
// code too, as long as there is room: all that is kept of a module takes at most HOMES_PER_BYTE for
// each of its bytes, and HOMES_LEAST besides. So what *out points to lasts as long as both the
// arena and the code do.
enum { HOMES_PER_BYTE = 4, HOMES_LEAST = 16 << 10 };
void map_homes(const Module *m, u32 func, u32 offset, Arena *arena, Homes *out);

// What the module's maps take, and what is kept of places.
size_t map_bytes(const Module *m);

void map_drop(Module *m);

// Nothing here knows what is in a body; who may (valid/homes.h) stands beside this folder, not
// below it. The tier that runs everywhere, which may include both, puts them together: as it
// defines code_translate it defines this.
typedef struct {
    void (*at)(const Module *m, u32 func, u32 offset, Arena *arena, Homes *out);
    bool (*each)(HomesAt *const *asked, u32 count, u64 *left, Arena *scratch, Arena *arena);
    RefMap *(*refs)(const Module *m, u32 func, size_t limit);
} HomesFinder;
extern const HomesFinder map_finder;
