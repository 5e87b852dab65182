// engine.h -- from bytes to something that runs: load, link, instantiate.
#pragma once

#include "module/module.h"
#include "op/diag.h"
#include "run/beside.h"
#include "run/store.h"

// What executes. Baseline compiles each function on its first call, where this build and this
// processor can; else the interpreter runs it, as it does with auto until it is called often or
// goes round a loop.
typedef enum { TIER_auto, TIER_interp, TIER_baseline, TIER_opt } Tier;
enum { HOT_DEFAULT = 10 };
// By its name; false: there is no such tier.
bool tier_parse(const char *name, Tier *out);
// What is missing here to run compiled code, so that the interpreter runs all; NULL: nothing is.
const char *tier_lacks(void);

// What modules and stores share. Any number of threads may use it.
typedef struct {
    TypeStore *types;
    Features features;
    Features *missing; // NULL, or where modules note what they need that is not among these
    StoreLimits limits; // for stores made from now on
    Account accounts[ENGINE_LIMIT_COUNT]; // of its modules; limits are set before there are any
    // In stores made from now on: only one result where the specification allows several
    // (appendix/profiles, DET).
    bool deterministic;
    bool forks;         // memories of stores made from now on: see run/fork.h
    Tier tier;          // of stores made and modules loaded from now on
    u32 hot;            // of modules loaded from now on: see Module
    Beside beside;      // compiles large functions of its modules; set before there are any
    bool faults, installed; // see engine_set_faults
    u32 stop_every;     // of stores made from now on: see Exec
    u32 down_every, up_every; // likewise
    bool gc_stress;     // of stores made from now on: see Store
    bool bare;          // of stores made from now on: see CODE_bare
    // Of modules loaded from now on, if there is an end: deterministic and bare hold for these
    // functions only. For tests, and for who looks for the function where it makes a difference.
    u32 among_first, among_end;
    const struct Watch *watch; // of modules loaded from now on: see Module; not owned
    struct Cache *cache; // cache.h: not owned; NULL: none
    bool fueled;        // what is kept there is for stores that count fuel
    u64 module_size;    // most bytes of one, as an embedder hands it in; 0: as many as can be
    u64 load_ns;        // that loading one may take; 0: as long as it does
    // Of modules loaded from now on: tables and memories are no larger, or are refused, than the
    // JavaScript API lets them be. What else it says of modules is said of all (op/limit.h).
    bool js_limits;
    u32 threads;        // that validate a large module; 1 unless set, at most 16
    // Called now and then by whoever loads, unless NULL: bytes done, and of how many, 0 if that is
    // not known.
    void (*progress)(void *env, size_t done, size_t total);
    void *progress_env;
} Engine;

extern const size_t engine_limit_default; // of each account
Engine *engine_new(Features features); // NULL: out of memory
void engine_free(Engine *engine);      // after its modules and stores
// Are faults of code that we made handled (plat/fault.h), for stores made from now on? Then their
// memories may be guarded. On, it installs handlers, which are the process's and stay until the
// engine is freed. 0 or an errno, and nothing has changed: as of fault_install.
int engine_set_faults(Engine *engine, bool on);

// Decodes and validates; load.h does so as the bytes arrive. `bytes` must outlive the module. NULL:
// *diag says why.
Module *engine_load(Engine *engine, const u8 *bytes, size_t size, Diag *diag);
void engine_unload(Module *module); // after every store with an instance of it; NULL is fine

// A store that runs in the tier the engine chooses. NULL: out of memory.
Store *engine_store(Engine *engine);
Store *engine_store_within(Engine *engine, const StoreLimits *limits); // not those of the engine

// A memory for stores of this engine to have together, as large as its limits allow. NULL: out of
// memory, or it would be larger than that.
SharedMemory *engine_shared_memory(const Engine *engine, const MemType *type);

// Finds what an import means: false if there is nothing of that name, or, with out->kind
// EXTERN_COUNT, no memory for it. `type` is what the module wants; the caller checks it.
typedef bool Resolver(void *env, const Import *import, const ExternType *type, Extern *out);

typedef struct {
    // NULL if linking failed, or after a trap that came before anything of it could be seen; else
    // present after a trap, though unusable.
    Instance *instance;
    Trap trap;          // of an initial value, a segment or the start function; or memory ran short
} Instantiated;

// spec: exec/modules, instantiation. `module` must outlive the store. On a link error *diag says
// which import. A trap leaves effects on imported memories and tables in place, as the
// specification wants; details are in store->exec.
Instantiated engine_instantiate(Store *store, const Module *module, Resolver *resolve, void *env,
                                Diag *diag);
// The same but for the start function, which is not called, so that nothing of the guest's runs.
Instantiated engine_make(Store *store, const Module *module, Resolver *resolve, void *env,
                         Diag *diag);
// The same with nothing computed yet: globals, items and entries of tables are zero, memories and
// tables as large as they begin, and no segment was written. Who calls it writes what is to be
// there, before anything runs. NULL: *diag says why.
Instance *engine_outline(Store *store, const Module *module, Resolver *resolve, void *env,
                         Diag *diag);
// Its start function, if it has one.
Trap engine_start(Store *store, Instance *inst);

// See exec_call. More about a trap is in store->exec.
Trap engine_call(Store *store, Func *func, u64 *slots, u32 room);
// Goes on with a call that was stopped. See exec_continue.
Trap engine_continue(Store *store, u64 *slots, u32 room);
bool engine_may_continue(const Store *store);
