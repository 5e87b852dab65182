// executor_spec.h -- what only the formal machine has of an executor.
#pragma once

#include "script/executor.h"
#include "script/host_spec.h"

// Its configuration, for who follows its steps (Config.watch).
Config *executor_config(Executor *x);

// Of a program's threads the one that ended all, and how; if none did, the first (number 0), by
// `trap`.
typedef struct {
    Executor *x;
    u32 id;
    Trap trap;
    WasiCtx *wasi;
} ExecutorEnded;
ExecutorEnded executor_ended(Executor *x, Trap trap);
