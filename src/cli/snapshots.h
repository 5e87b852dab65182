// snapshots.h -- files with what runs: written by `run --snapshot-at`, gone on with by
// `run --resume`, shown by `snapshot`.
#pragma once

#include "cli/cli.h"
#include "run/park.h"
#include "snapshot/snapshot.h"
#include "wasi/wasi.h"

typedef struct {
    const char *name;
    u8 *bytes;
    size_t size;
    SnapshotHead head;
    // Modules, whose bytes are the file's.
    Source **modules;
    u32 module_count;
    u32 parked;        // calls that stand beside the store's own
    Bytes wasi;        // what its guests held
} SnapshotFile;

// What a program has that is counted for --snapshot-at alone: a hundred years do not use it up,
// however often it goes on.
static const u64 fuel_endless = INT64_MAX / 2;
bool snapshot_fuel_ends(const SnapshotHead *head); // is it counted, and less than that?

// The store, with what its guests hold of WASI, under that name. False after printing why.
bool snapshot_save_file(Store *store, WasiCtx *wasi, const char *name);
// Reads the file, and what the store has to be like. False after printing why; free either way.
bool snapshot_open_file(const char *name, SnapshotFile *out);
// Into such a store. `resolve` says what imports mean that were the host's.
bool snapshot_load_file(SnapshotFile *file, Store *store, Engine *engine, Resolver *resolve,
                        void *env, bool (*host_value)(void *env, u64 number, u64 *value));
void snapshot_free_file(SnapshotFile *file); // after the store
