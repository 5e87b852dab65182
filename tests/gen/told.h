// told.h -- what a module is given, and how it is told what came of it: the same for each machine
// that runs it.
#pragma once

#include "run.h"

enum {
    FUEL_OWN = 120,     // of the module's global
    CALLS_EACH = 2,
    CALLS_MOST = 16,
    TABLE_MOST = 64,
};

void log_say(Log *log, SayKind kind, u32 a, u64 b);

u64 told_mix(u64 hash, u64 value);
u64 told_tame(Type type, u64 bits); // of a NaN no more than that it is one
u32 told_hash(const u8 *bytes, u64 size);
bool told_short(Trap trap);         // of stack or memory: each machine has its own
bool told_named(Type t);            // can JavaScript have it?
// Is there a value for each parameter; and `portable`: may JavaScript call it?
bool told_callable(const TypeDef *type, bool portable);
Type told_type(const TypeStore *types, Type type); // without numbers that an engine gives types

// Drawn by *chance, which goes on.
void told_arguments(u64 *chance, const TypeDef *type, u64 *slots);
// What a function of the host's gives when it is called so often.
void told_results(const TypeDef *type, u64 *slots, u32 calls);
