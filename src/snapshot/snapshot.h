// snapshot.h -- a store as bytes, with a guest that was stopped in it: what another process, on
// another machine and in another tier, goes on with to the same result.
//
// Nothing in the bytes is an address, a slot that some tier alone knows, or a number of the
// engine's. Frames are read back as the abstract machine has them (module/homes.h): where each
// stands, by a number in a list, and values by their types. References say which object, function
// or value of the host's they mean, by its place in a list; functions and types are a module's. So
// what is read is checked where it is read, against the modules, before anything runs: whoever
// wrote it can say nothing that no guest could have come to.
//
//     head      magic, version, what the store counts, fuel
//     modules   hash, size, their bytes
//     instances of which module, what each import is, which segments were dropped, sizes
//     heap      what objects there are, of which types
//     values    of globals but those that the host has made for good, and items of segments
//     tables, memories
//     fill      what is in the objects
//     places    where frames stand: module, function, offset in its body, each once, in order
//     conts     what continuations have set aside
//     calls     those that were stopped
//     wasi      what the caller has for WASI, if anything
//     end       a sum of all, to find what was cut or damaged by chance
//
// Every section is its name, its length, and so many bytes; numbers are LEB128 or little endian.
#pragma once

#include "engine/engine.h"
#include "run/park.h"

enum { SNAPSHOT_VERSION = 3, SNAPSHOT_HASH = 32 };

typedef struct {
    void *env;
    // Takes the next bytes. False: it cannot, and has said why.
    bool (*write)(void *env, const void *bytes, size_t size, Diag *diag);
    bool without_modules;   // their bytes are left out: who reads it has them
    // Is told of each memory, in order, and what is in it is left out; and of each module, and no
    // hash is made. NULL: all is written.
    void (*memory)(void *env, Memory *memory);
    void (*module)(void *env, const Module *module);
    // A number for a value of the host's that guests have. NULL, or false: there is none.
    bool (*host_number)(void *env, u64 value, u64 *number);
    Bytes wasi;             // for the section of that name, which is left out if it is empty
} SnapshotWriter;

// All bytes, where `write` keeps them; `data` is the caller's to free. False: memory is short.
typedef struct {
    u8 *data;
    size_t len, cap;
} SnapshotBytes;
bool snapshot_keep(SnapshotBytes *kept, const void *bytes, size_t size, Diag *diag);

// Nothing of the store's may run; its outermost call may be stopped, and so may those that are
// parked, but none may wait in a host function. It collects first. False: *diag says what of it
// cannot be written (cannot_snapshot), or memory is short. The store is as it was.
bool snapshot_write(Store *store, const SnapshotWriter *how, Diag *diag);

typedef struct {
    void *env;
    // The module of that hash; `bytes` are its own if the snapshot has them, which are not to be
    // kept. NULL: *diag says why.
    const Module *(*module)(void *env, const u8 hash[SNAPSHOT_HASH], Bytes bytes, Diag *diag);
    // Is told of each memory, in the same order, which is zero. False: memory is short. Or NULL.
    bool (*memory)(void *env, Memory *memory);
    Resolver *resolve;      // imports that were the host's
    bool (*host_value)(void *env, u64 number, u64 *value); // NULL, or false: there is none
    // Is told of each call that was parked, in the order in which they are, oldest first; it is on
    // the store's list. False: memory is short.
    bool (*parked)(void *env, Parked *parked);
} SnapshotReader;

// Into a store without instances, in which nothing was run, that counts fuel and is deterministic
// as that was. Of fuel it has what was left, but no more than before. Whatever the bytes are: what
// is read is what the guest's own code could run in, and what that takes is counted as the guest's;
// beside that, while it reads, some 64 times as much as they and the modules have, at most. False:
// *diag says why (malformed_snapshot, snapshot_mismatch, limits), and the store is only good to be
// freed. *wasi is in `bytes`.
bool snapshot_read(Store *store, const SnapshotReader *how, Bytes bytes, Bytes *wasi, Diag *diag);

// What the store has to be like.
typedef struct {
    bool fueled, deterministic;
    u64 fuel;
} SnapshotHead;
bool snapshot_head(Bytes bytes, SnapshotHead *out, Diag *diag);

void snapshot_hash(Bytes bytes, u8 hash[SNAPSHOT_HASH]); // SHA-256
