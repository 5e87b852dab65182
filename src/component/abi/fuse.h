// fuse.h -- calls from one component to another as core wasm: for each pair of a lower and a lift a
// function that lifts from the one and lowers into the other at once.
//
//     caller --slots, memory--> adapter --slots, memory--> callee
//
// Adapters are gathered in a module, which is one like any other: it is decoded, validated and run
// by whatever tier runs its neighbours. What it needs it imports, in an order that fuse_end tells.
// Values go over one by one, so that of two that are wrong another may be told than by the walk,
// which lifts all of them first; and so the two may not be one instance.
// spec: CanonicalABI/canon lift, canon lower
#pragma once

#include "component/abi/abi.h"

#define FUSE_NONE UINT32_MAX

typedef enum {
#define FUSE(name, sig) FUSE_##name,
#include "component/abi/fuse.def"
    FUSE_COUNT
} FuseKind;
extern const char *const fuse_sig[FUSE_COUNT];

// of:      what the source has: slot of a memory or function, number of an instance
// to:      what the target has; of a context which of the two
// from_as, to_as: what of it: Code, or number of a resource; a primitive; of a memory whether its
//          addresses have 64 bits
typedef struct { u32 kind, of, to, from_as, to_as; } FuseImport;

// One side of the border.
typedef struct {
    u32 instance;
    bool wide;
    u8 encoding;         // COption
    bool leaves;         // may it be that it may not be left?
    bool context;        // are its context slots used?
    u32 memory, realloc; // slots, FUSE_NONE: it has none
} FuseSide;

typedef struct {
    Bytes name;
    CType of_caller, of_callee; // function types, equal but for what resources they name
    FuseSide caller, callee;
    u32 core, post_return;      // the callee's: slots
    const u32 *checked, *entered; // instances: that are asked, and told, that they are entered
    u32 checked_count, entered_count;
} FusePair;

typedef struct {
    const CTypes *types;
    bool catches;               // may there be exceptions?
    // The number of a resource that a type names in that instance.
    u32 (*resource)(void *env, u32 instance, CType resource);
    void *env;
    size_t room;                // bytes of code that there may be
} FuseWorld;

typedef struct Fuser Fuser;
Fuser *fuse_begin(Arena *arena, const FuseWorld *world); // lives there; leaves through it
// The module exports one function for each that was added. False: that is not one; what crosses is
// too large, or waits.
bool fuse_add(Fuser *f, const FusePair *pair);
size_t fuse_made(const Fuser *f); // bytes of code, also of what was not added
typedef struct { Bytes bytes; const FuseImport *imports; u32 import_count; } Fused;
Fused fuse_end(Fuser *f);
