// frozen.h -- the objects of a store as they were at one moment: blocks as they are, and their
// marks. Offsets stay, so references need no translation; there are no addresses in objects.
#pragma once

#include "run/gc/blocks.h"

typedef struct {
    u32 block;
    u16 pages;         // that are in use, of large objects
    u8 state;
} FrozenBlock;

typedef struct {
    FrozenBlock *blocks; // from malloc; NULL: there are no objects
    u8 *bytes;           // of each, with its marks behind them
    u32 count;
    u32 committed, top;  // as of Blocks
    u64 live;
} FrozenHeap;

// After a collection that left the store's objects, none of which may stand for anything of the
// host's. False: out of memory.
bool heap_freeze(const Store *store, FrozenHeap *out);
void heap_frozen_free(FrozenHeap *frozen);
// The same objects in a store that has none. False: the limit is met, or out of memory; then it has
// none.
bool heap_thaw(Store *store, const FrozenHeap *frozen);
