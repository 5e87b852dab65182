// host_spec.h -- functions of the host's for the formal machine: those of WASI, and what stands for
// functions that nobody defines. Their Config has a SpecHost as its `host`.
//
// What they did can be noted, so that the same run can be had again without the host being asked:
// results, and what they wrote to memory.
#pragma once

#include "formal/config.h"
#include "wasi/wasi.h"

typedef struct { u32 address; u64 at, size; } HostWrite; // its bytes are in the log, in a row

typedef struct {
    Trap trap;
    u64 result;
    u32 first_write, write_count;
    u64 bytes_at;            // of the first
} HostAnswer;

// Answers in the order in which they were asked for.
typedef struct HostLog {
    FORMAL_LIST(HostAnswer) answers;
    FORMAL_LIST(HostWrite) writes;
    struct { u8 *at; u64 count, cap; } bytes;
    u32 next;                // that is given again, until all were
    u64 most;                // bytes that it may take
    bool full;               // something has not been noted
} HostLog;

void host_log_free(HostLog *log);

typedef struct {
    WasiCtx *wasi;
    HostLog *log;            // NULL: nothing is noted
    char detail[200];        // of a trap
    Config *config;          // of the call that is being answered
    u32 memory;              // its address
    FORMAL_LIST(HostWrite) writes; // what this call may have written
    bool out_of_memory;      // to note that
    const u32 *others;       // NULL, or how many go on while this one waits for the host
    WasiWait *waits;         // which it does, for that; or NULL
} SpecHost;

// From now on what waits or works in `host->wasi` ends when `c` is to stop, and costs its fuel.
void spec_host_begin(SpecHost *host, Config *c);
void spec_host_free(SpecHost *host);
// env: a WasiFunc. The memory is number 0 of the calling instance.
HostCode spec_wasi;
// env: an Import. It traps.
HostCode spec_stub;
