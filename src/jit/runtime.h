// runtime.h -- what compiled code calls in C: jit/x64/stubs.S calls these for the rows of
// run/native.def. They answer 0, or a trap, or RUN_caught or RUN_down.
#pragma once

#include "run/native.h"

typedef enum {
#define SLOW(name, ...) SLOW_##name,
#include "run/slow.def"
    SLOW_COUNT
} Slow;

extern const u32 native_overflow_trap; // as the stubs know it
int native_c_poll(Exec *x);
int native_c_fuel(Exec *x, Instance *inst, u64 *frame, u32 units);
// `v` are the operands.
int native_c_slow(Exec *x, Instance *inst, u64 *v, u32 which, u32 a, u32 b);
// `word` is what the caller, or who called that by a tail call, returns through.
int native_c_host(Exec *x, Instance *inst, u64 *frame, u64 *top, const Func *func, u64 word);
int native_c_callee_indirect(Exec *x, Instance *inst, Func **out, u64 index, u32 type, u32 table);
int native_c_callee_ref(Exec *x, Instance *inst, Func **out, u64 ref);
