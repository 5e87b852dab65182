// init.h -- what an instance has become, written back as a module: run --init.
#pragma once

#include "bake/bake.h"
#include "cli/cli.h"
#include "engine/engine.h"
#include "wasi/wasi.h"

typedef struct {
    const char *func;     // the export that is called; NULL: nothing is to be written
    const char *output;
    BakePlan plan;
    BakeRename *renames;  // the plan's
} Init;

// Takes an option that is about this. What is wrong with it is in *status, and was printed.
bool init_option(Init *init, Args *args, int *status);
// All options are there. `input` is the module's file. False after printing what is wrong.
bool init_begin(Init *init, const char *input);
void init_free(Init *init);

// Before anything runs: can it be written then, and called? False after printing why not.
bool init_check(const Init *init, const char *file, const Module *m);
// The same of a module whose exports it imports.
bool init_check_preload(const Init *init, const char *file, const Module *m);
// Writes what the instance is now. False after printing why not.
bool init_write(const Init *init, const char *file, Engine *engine, Instance *inst,
                const WasiCtx *wasi);
