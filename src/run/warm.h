// warm.h -- what runs for long in baseline code is compiled once more, from its graph
// (jit/select.h).
//
// While a guest runs compiled code the engine's thread (beside.h) has it look up once in a
// millisecond. The function where it does so, and the one that called that, have run for long, more
// or less: they are counted, and optimized beside the guest when they were met some times. Who
// stands at a loop's header then gets code that begins there, and goes on in that as soon as it
// looks up again; else it is the next call that goes there. What cannot be optimized, or takes too
// much, stays as it is. Who calls by a table or a reference was seen to call that function then
// (code_saw).
//
// When that is done depends on time, so stores that are deterministic do without.
#pragma once

#include "run/native.h"

// It is where compiled code polls, and was told to look up. Exec.at says where. True: it is to go
// on there in optimized code (RUN_up), where Exec.at says now.
bool warm_look(Exec *exec);
// The function cannot be optimized, and nobody is to ask for it again.
void warm_never(ModuleCode *code, u32 func);
