// load.h -- what the files that read a snapshot share.
#pragma once

#include "base/map.h"
#include "module/homes.h"
#include "run/cont.h"
#include "run/gc/collect.h"
#include "run/object.h"
#include "snapshot/form.h"
#include "snapshot/names.h"
#include "snapshot/snapshot.h"
#include "snapshot/stream.h"

// An object that is to be, and its place in the heap.
typedef struct {
    u8 kind;           // OBJECT_
    Ref ref;
} LoadedObject;

// A continuation has to be of a type that was seen before it was.
typedef struct {
    Ref ref;
    TypeId type;
} Expected;

typedef struct {
    Store *store;
    const SnapshotReader *how;
    Diag *diag;
    jmp_buf *failed;
    Arena arena;
    Input all;         // what is not read yet
    const Module **modules;
    u32 module_count;
    Instance **instances;
    u32 instance_count;
    StoreNames names;  // once they are all there
    LoadedObject *objects;
    u32 object_count;
    Expected *expected;
    u32 expected_count, expected_cap;
    u64 elements;      // of arrays so far
    // Where frames stand, and what is home there.
    Map places;
    const Homes **homes;
    u32 home_count, home_cap;
    u64 walked;        // bytes of bodies
} StoreLoad;

// Leaves: memory is short, or a limit of the store's met, for `what`.
_Noreturn void load_short(StoreLoad *l, const char *what);
Instance *load_instance(StoreLoad *l, Input *in);
Func *load_func(StoreLoad *l, Input *in);
// A value, which is of that type or refused, into its slots.
void load_value(StoreLoad *l, Input *in, Type type, u64 *slots);
// Frames as one block that can be gone on with; of a guest that was stopped, or with `bound` values
// behind them room of a continuation, whose type is that of what stands there. Nobody owns it yet:
// it is freed when it leaves.
typedef struct {
    Parked *parked;
    const TypeDef *ends; // the function type of the oldest frame
    // of a continuation: what it takes
    TypeId takes;
    bool results;
} LoadedFrames;
LoadedFrames load_frames(StoreLoad *l, Input *in, bool stops);
// The same block with more of frames behind what it has, for values that are bound.
Parked *load_widen(StoreLoad *l, Parked *parked, u32 slots);
