// load.h -- what the files that read a snapshot share.
#pragma once

#include "run/cont.h"
#include "run/gc/collect.h"
#include "run/object.h"
#include "snapshot/form.h"
#include "snapshot/names.h"
#include "snapshot/places.h"
#include "snapshot/snapshot.h"
#include "snapshot/stream.h"

// An object that is to be, and its place in the heap.
typedef struct {
    u8 kind;           // OBJECT_
    Ref ref;
    const struct LoadedCont *cont; // once it was read
} LoadedObject;

typedef struct LoadedCont {
    ContState state;       // without what is parked
    const TypeDef *ends;   // the function type that its results are of
} LoadedCont;

// A continuation has to be of a type that was seen before it was.
typedef struct {
    const LoadedObject *object;
    TypeId type;
} Expected;

// Where a frame stands.
typedef struct {
    HomesAt at;            // first
    const TypeDef *called; // the function type of what is called or resumed there; NULL: nothing is
    bool resumes;
    bool suspends;         // and takes the parameters, or the results, of a type when it is resumed
    bool results;
    TypeId takes;
} LoadedPlace;

typedef struct {
    Store *store;
    const SnapshotReader *how;
    Diag *diag;
    jmp_buf *failed;
    Arena arena;
    Arena passing;     // of one call or continuation
    Arena walking;     // of one walk over a body
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
    u64 sizes;         // bytes of all, and of modules
    u64 elements;      // of arrays so far
    LoadedPlace *places;
    u32 place_count;
} StoreLoad;

// Leaves: memory is short, or a limit of the store's met, for `what`.
_Noreturn void load_short(StoreLoad *l, const char *what);
Instance *load_instance(StoreLoad *l, Input *in);
// A value, which is of that type or refused, into its slots.
void load_value(StoreLoad *l, Input *in, Type type, u64 *slots);
// Where all frames stand: before any of them.
void load_places(StoreLoad *l);
// Frames as one block that can be gone on with; of a guest that was stopped, or of a continuation.
// It is in the arena `passing`.
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
