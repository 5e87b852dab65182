// formal.h -- the formal machine as a whole: modules come up, functions are called. See README.md.
#pragma once

#include "formal/config.h"

typedef struct { ExternKind kind; u32 address; } ExternAddr;

// As it is now: of a memory or table so large as it has become.
ExternType formal_extern_type(const FormalStore *s, ExternAddr e);
// spec: Externtype_sub
bool formal_extern_matches(const TypeStore *types, const ExternType *have, const ExternType *want);

// What a module imports; false: there is nothing of that name. *out of EXTERN_COUNT with false:
// there was no room for it.
typedef bool FormalResolver(void *env, const Import *import, ExternAddr *out);

// $instantiate, and all of it run. NULL: it did not link, and *diag says why, or *trap. The store
// owns the instance; the module must outlive it.
ModuleInst *formal_instantiate(Config *c, const Module *m, FormalResolver *resolve, void *env,
                               Trap *trap, Diag *diag);
// Likewise, but for the start function; and that.
ModuleInst *formal_make(Config *c, const Module *m, FormalResolver *resolve, void *env, Trap *trap,
                        Diag *diag);
Trap formal_start(Config *c, ModuleInst *inst);
// Of what an index of it stands for.
ExternAddr formal_address(const ModuleInst *m, ExternKind kind, u32 index);
bool formal_export(const ModuleInst *m, Bytes name, ExternAddr *out);
// $invoke: from the arguments to the results, in `values`, for which there is room there.
Trap formal_invoke(Config *c, u32 func, Val *values);
// Likewise, in turns: what comes between are config_turn's. False: out of memory.
bool formal_begin(Config *c, u32 func, const Val *args);
Trap formal_end(Config *c, u32 func, Val *results);
