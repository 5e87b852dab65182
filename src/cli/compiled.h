// compiled.h -- what compiled code does for an instruction: found out by compiling it.
#pragma once

#include "engine/engine.h"

typedef enum {
    BY_code,        // instructions of the processor
    BY_call,        // a call of C
    BY_interpreter, // nothing: functions that have it are interpreted
    BY_unknown,     // no compiler in this build, or no memory
} CompiledBy;

// The engine has all features on, and a tier that compiles.
CompiledBy compiled_by(Engine *engine, Op op);
