// check.h -- runs modules in every mode, and compares.
#pragma once

#include "gen.h"
#include "run.h"

#include <stdio.h>

typedef struct {
    Engine *engine;
    bool print; // every log
    u32 turns;  // but for the first, of each module one of so many modes; 0 is 1
    u64 only;   // bits of the modes that are run; 0: all
    u64 modules, runs, calls, traps, bakes, refusals, written, unwritten, passed, failed, excused;
    u64 judged; // steps of the formal machine
} Check;

void check_module(Check *check, const GenWhat *what, Bytes bytes, bool tame, Arena *arena);
void log_print(const Log *log);

// ---- outside.c: for another engine

// Adds the module, and what it is to do, or whether it is valid: see outside.js. `engine` has the
// features of both.
void outside_module(Engine *engine, const GenWhat *what, Bytes bytes, FILE *out);
