// executor.h -- the machine that runs a script's modules, whichever it is: the engine in one of its
// tiers, or the formal machine. One executor serves one script, or a thread of one, on one thread.
//
// Values are in slots, 8 bytes each (v128: two). A reference is 0 when it is null, else whatever
// the machine makes of it: `look` tells.
#pragma once

#include "module/module.h"
#include "op/diag.h"
#include "run/store.h"

typedef struct Executor Executor;
typedef struct ExecutorInstance ExecutorInstance;

typedef struct {
    Features features;
    const char *tier;          // as executor_find takes it
    u32 hot, beside;           // as of an engine; 0: as that has it
    const StoreLimits *limits; // NULL: the usual ones
    u64 code_bytes;            // the formal machine: most that bodies may take; 0: the usual
    bool deterministic;
    u32 stop_every;            // as of an engine
    u32 down_every, up_every;  // likewise
    // at each so-manieth place where a call may be stopped, all is written to a snapshot, and goes
    // on from that in another store; 0: never
    u32 snapshot_every;
    u32 *moved;                // counts how often it did
    bool gc_stress;            // as of an engine
    void (*collected)(void *env, const Collection *collection); // as of a store; or NULL
    void *collected_env;
    bool bare;                 // as of an engine
    bool faults;               // likewise, where it can be had
    bool check;                // the formal machine: is each step sound
    u32 check_every;           // and after each so-manieth all of it; 0: now and then
    struct WasiCtx *wasi;      // its functions are there, of the formal machine's; or NULL
    bool stubs;                // with that: functions that nothing defines trap when called
    struct HostLog *log;       // with that: see host_spec.h; or NULL
    u32 threads;               // with that: most beside the first (threads_spec.h)
    u64 seed;                  // with those: who has the next turn
    TypeStore *types;          // of who loaded the modules; NULL: the executor loads them
    // the formal machine, when it closes: how often each rule was used; or NULL
    void (*used)(void *env, const char *rule, u64 count);
    void *env;                 // for print, and for used
    // what the host module prints, in one line without its end; may be NULL
    void (*print)(void *env, const char *text);
} ExecutorSetup;

// An export that an action means. A global is one result.
typedef struct {
    ExternKind kind;
    u32 param_count, result_count;
    const Type *params, *results;
    u32 slots;                 // room that a call needs
    void *item;                // the machine's own
} ExecutorExport;

// What a turn of a call ended in: it is over, or not; or it did nothing but wait for another.
typedef enum { EXECUTOR_over, EXECUTOR_goes_on, EXECUTOR_waits } ExecutorTurn;

// What a reference that is not null refers to, as far as scripts tell them apart.
typedef struct {
    // func, extern, any (a value of the host), i31, struct, array, exn, cont
    Heap heap;
    bool is_host;              // extern and any: a value of the host's
    u64 host;
    u64 number;                // func: its index; i31: its value; array: how long it is
} ExecutorRef;

// A call that is going on.
typedef struct { const Module *module; u32 func, offset; } ExecutorCall;

typedef struct {
    ExecutorInstance *instance; // NULL: it did not link, *diag says why
    Trap trap;
} ExecutorMade;

// The instance registered as `module`, or NULL; host modules are the executor's own affair.
typedef ExecutorInstance *ExecutorNames(void *env, Bytes module);

typedef struct {
    Executor *(*open)(const ExecutorSetup *setup);           // NULL: out of memory
    // For a thread of the script: it shares what can be shared, and prints nothing. It must end
    // before `x` does; `x` may go on meanwhile.
    Executor *(*fork)(Executor *x);                          // NULL: out of memory
    // What `from` has of an instance that others may use: its memories that are shared. Not while
    // either runs. NULL: out of memory.
    ExecutorInstance *(*share)(Executor *x, ExecutorInstance *from);
    // What it runs ends in the trap interrupted, now and later. From any thread.
    void (*stop)(Executor *x);
    void (*close)(Executor *x);                              // before its modules are unloaded
    void (*finish)(Executor *x);                             // after that
    // decodes and validates; bytes must outlive it
    Module *(*load)(Executor *x, Bytes bytes, Diag *diag);
    void (*unload)(Executor *x, Module *m);                  // NULL is fine
    ExecutorMade (*instantiate)(Executor *x, const Module *m, ExecutorNames *names, void *env,
                                Diag *diag);
    bool (*find)(Executor *x, ExecutorInstance *instance, Bytes name, ExecutorExport *out);
    Trap (*call)(Executor *x, const ExecutorExport *func, u64 *slots);
    // Of a machine whose threads are not the host's but take turns; else NULL. A call is begun,
    // goes on for so many steps at a time until it is over, and is ended.
    bool (*begin)(Executor *x, const ExecutorExport *func, const u64 *slots); // false: no memory
    ExecutorTurn (*turn)(Executor *x, u64 steps);
    Trap (*end)(Executor *x, const ExecutorExport *func, u64 *slots);
    // All who could go on wait: until time is over for one of them, or they are interrupted.
    void (*pass_time)(Executor *x);
    void (*get)(Executor *x, const ExecutorExport *global, u64 slots[2]);
    // more about the last trap; TRAP_not_executable: the instruction
    const char *(*detail)(Executor *x);
    // What was not sound, in lines; NULL: nothing, or nobody looks. Nothing is run any more then.
    const char *(*unsound)(Executor *x);
    // Where the last trap was: innermost first, `most` of them at most; how many more there were.
    // NULL: it has no way to tell.
    u32 (*calls)(Executor *x, ExecutorCall *out, u32 most, u32 *more);
    void (*fuel)(Executor *x, u64 fuel);                     // grants it; before any call
    u64 (*host_ref)(Executor *x, u64 value);                 // 0: out of memory
    void (*look)(Executor *x, Type type, u64 slot, ExecutorRef *out);
    const TypeStore *(*types)(Executor *x);
    // The engine's and its store, for components; NULL: components are not run.
    void *(*engine)(Executor *x); // an Engine
    Store *(*store)(Executor *x);
} ExecutorOps;

struct Executor { const ExecutorOps *ops; };

extern const ExecutorOps executor_spec; // the formal machine

// The executor of a tier by its name on the command line; NULL stands for "auto". NULL: there is
// none.
const ExecutorOps *executor_find(const char *tier);
