// stored.h -- code of a module's functions that was made before, by this process or by anybody:
// read, checked and copied where it is run when a function is first called.
//
//     Module.stored --> Stored { mode, read | StoredFunc by function }
//                                                |
//                a record somewhere: labels, sites, who catches, code (jit/stored.c)
//
// Nothing of it is believed. The module is beside it, so what is refused is compiled as ever.
#pragma once

#include "run/native.h"

// Of one function that is not imported; no bytes: it was not kept.
typedef struct {
    u64 at;
    u32 size, sum;       // the lower half of that (base/sum.h)
    u32 body, body_size; // in the module
    u32 body_sum, unused;
} StoredFunc;

typedef enum { BODY_unread, BODY_there, BODY_damaged } StoredBody;

typedef struct Stored {
    bool own;          // this process's user made it, and nobody else can have
    u32 mode;          // of the ModuleCode that it is for; CODE_MODES: nobody's
    bool optimized;    // what could be was
    u32 first, count;  // functions
    void *env;
    // From any thread. False: there are not so many, or they cannot be read.
    bool (*read)(void *env, u64 at, void *to, size_t size);
    void (*free)(void *env);
    // Who is told of the first that is refused, in whichever thread; or NULL.
    void (*tell)(void *env, u32 func, const char *what);
    void *tell_env;
    _Atomic u32 refused; // how many were
    _Atomic u8 *bad;     // by function: was its code? Allocated with this
    StoredFunc *funcs;   // allocated with this
    Account *account;    // of which this is so much
    size_t size;
    // The module's bytes, of which bodies, and what is between, are read when they are wanted.
    u64 module_at;
    u32 bodies, bodies_end; // where those are
    u8 *to;
    _Atomic u8 *there;      // by function: is its body? StoredBody; allocated with this too
    bool whole;             // and what is between
} Stored;

// Is there code for this function, which is to be used?
static inline bool stored_has(const ModuleCode *code, u32 func)
{
    const Stored *s = code->module->stored;
    bool used = s && s->mode == code->mode &&
                (s->optimized || code->module->optimizes != OPTIMIZE_first);
    return used && s->funcs[func - s->first].size;
}
void stored_free(Stored *stored); // NULL is fine
// Module.fetch of modules whose bodies are not there from the beginning.
bool stored_fetch(const Module *m, u32 func);
// Reads the code of a function that has some, checks and publishes it. COMPILED_not: it was
// refused, and whoever is to know was told. Defined by jit/.
Compiled stored_enter(ModuleCode *code, u32 func, Halt halt);
