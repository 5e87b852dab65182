// weft_wasi.h -- how much a guest of WASI may write, the same answers each time, listeners, and
// what it calls. In addition to weft.h, by whose rules it goes.
//
//     weft_wasi_limits limits = weft_wasi_limits_init();
//     limits.output_bytes = 1 << 20;                 // then its writes fail: nospc
//     weft_wasi_set_limits(wasi, &limits, &diag);
//     weft_wasi_set_fixed(wasi, 1, &diag);           // clocks, chance, directories
//     weft_store_set_wasi(store, wasi, &diag);
//
// All of this is said before the store takes what is granted (weft_store_set_wasi).

#ifndef WEFT_WASI_H
#define WEFT_WASI_H

#include "weft.h"

#ifdef __cplusplus
extern "C" {
#endif

// 0 leaves what is in brackets.
typedef struct weft_wasi_limits {
    size_t size;           // sizeof(weft_wasi_limits): weft_wasi_limits_init sets it
    uint64_t descriptors;  // numbers are below: 0 to 2, what was granted, what is open [65,536]
    // Bytes that files grow by, all together: what is written beyond an end, allocated, or cut at
    // a greater length, and 512 for each name that is made. What is removed or cut gives nothing
    // back [no limit]
    uint64_t disk_bytes;
    // Written to standard output and standard error; where these are files, what they become longer
    // by counts like that [no limit]
    uint64_t output_bytes;
    uint64_t clock_ns;     // clocks show multiples of that [1]
} weft_wasi_limits;

static inline weft_wasi_limits weft_wasi_limits_init(void)
{
    weft_wasi_limits limits;
    limits.size = sizeof limits;
    limits.descriptors = limits.disk_bytes = limits.output_bytes = limits.clock_ns = 0;
    return limits;
}

// A guest that meets one is told so by an errno: mfile, nospc. Errors: unknown_field;
// duplicate_definition: a store has it.
WEFT_API weft_status weft_wasi_set_limits(weft_wasi *wasi, const weft_wasi_limits *limits,
                                          weft_diag *diag);
// Random bytes are those of a generator, the same for the same number, and for no secrets. Error:
// duplicate_definition.
WEFT_API weft_status weft_wasi_set_seed(weft_wasi *wasi, uint64_t seed, weft_diag *diag);
// The same; and clocks begin at 2000-01-01 and go on when the guest looks at them or has waited for
// them, which takes no time if it waits for nothing else; directories are sorted by name; times of
// files that change while it runs are the beginning's. Error: duplicate_definition.
WEFT_API weft_status weft_wasi_set_fixed(weft_wasi *wasi, uint64_t seed, weft_diag *diag);
// What is written to a terminal reaches it as it is. Else each byte of what it would obey, control
// characters but newline, tab, carriage return and backspace, is shown as '?'.
WEFT_API void weft_wasi_set_raw_terminal(weft_wasi *wasi, bool raw);
// Grants a socket, a listener mostly, which stays yours and must stay open. Error: system_error.
WEFT_API weft_status weft_wasi_socket(weft_wasi *wasi, int socket, weft_diag *diag);

// Told of each call of a function of WASI when it returns, on the thread that made it: a line, or a
// JSON object, without a newline, of 1,500 bytes at most, which no terminal obeys. It must return,
// and use nothing of the store.
typedef void weft_wasi_trace_fn(void *env, const char *line, size_t len);
// NULL: nobody, as at first. Error: duplicate_definition.
WEFT_API weft_status weft_wasi_set_trace(weft_wasi *wasi, weft_wasi_trace_fn *trace, void *env,
                                         bool json, weft_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
