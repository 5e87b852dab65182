// threads_spec.h -- threads that a program on the formal machine asks for, by wasi.thread-spawn.
//
//     FormalStore   memories that all have
//        |
//        +-- SpecExecutor  Config, instances, WasiCtx   the first: what was opened
//        +-- SpecExecutor  Config, instances, WasiCtx   each in none of the host's threads
//
// As in api/group.h each thread has instances of all modules of its own. They are configurations
// over one store, and take turns within the host's one thread: whose turn is next, and how many
// steps it takes, a seed decides. Who waits for the host lets others go on; where all wait and one
// of them for the host, the host's time passes, else the logical.
// spec: WebAssembly/wasi-threads
#pragma once

#include "script/executor_spec_state.h"

// So many beside the first may be there.
void threads_begin(SpecExecutor *first, u32 most, u64 seed);
// What is imported is provided for threads: wasi.thread-spawn, and memories that are shared.
bool threads_provide(const Module *m, const Import *import);
// It, for a module of `e`. False: there is no room.
bool threads_resolve(SpecExecutor *e, const Module *m, const Import *import, ExternAddr *out);
void threads_free(SpecExecutor *first);
