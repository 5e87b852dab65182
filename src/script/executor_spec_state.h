// executor_spec_state.h -- what an executor of the formal machine has.
#pragma once

#include "formal/check.h"
#include "formal/formal.h"
#include "script/executor_spec.h"
#include "script/spectest_rows.h"

struct ExecutorInstance {
    ExecutorInstance *older;
    u32 number;              // how many are older
    ModuleInst *of;
    bool foreign;            // a thread has of it what is shared
};

typedef struct { const struct SpecExecutor *owner; u32 row; } SpecFunc;

typedef struct { Bytes module, name; u32 address; } SpecShared; // what a module imports

// Threads of a program: threads_spec.h.
typedef struct {
    u32 most;                // beside the first
    u32 count, next_id;
    u64 random;
    ExecutorNames *names;    // as the first links
    void *env;
    FORMAL_LIST(SpecShared) memories;
    struct SpecExecutor *threads; // that take turns with the first, newest first
    struct SpecExecutor *_Atomic running;
    const struct SpecExecutor *ended; // who ended all; NULL: nobody yet, or the first
} SpecThreads;

typedef struct SpecExecutor {
    Executor base;
    struct SpecExecutor *root; // of the script, whose types and store are those of its threads
    struct SpecExecutor *older; // thread; they stay as long as the store
    Features features;
    TypeStore *types;
    bool own_types;
    FormalStore *store, own;
    Config config;
    Check *check;            // or NULL
    bool checked;            // the script's
    u32 check_every;
    ExecutorInstance *instances;
    FORMAL_LIST(Val) refs;   // those that were handed out
    void *env;
    void (*print)(void *env, const char *text);
    void (*used)(void *env, const char *rule, u64 count);
    ExternAddr host[ROW_COUNT]; // EXTERN_COUNT where not made yet
    SpecFunc funcs[SPECTEST_FUNCS];
    FORMAL_LIST(TypeId) held;
    FORMAL_LIST(u32) hosted; // the script's: functions that programs are given
    Module **left;           // of a thread: those that it does not need any more
    u32 loaded, left_count, left_cap;
    SpecHost programs;       // what programs are given, instead of those
    bool stubs;
    SpecThreads threads;     // the first's
    // of a thread of a program: its number, from 1 on; what it was given; how many of its calls
    // were begun, and whether one of these goes on
    u32 id, argument, begun;
    bool calling;
    struct SpecExecutor *next;
} SpecExecutor;

static inline SpecExecutor *spec_of(Executor *x) { return (SpecExecutor *)x; }

// ---- For threads

// The function of the host's with that, which is made once. NO_ADDRESS: no room.
u32 spec_host_func(SpecExecutor *e, const TypeDef *type, HostCode *host, void *env);
// Another on the same store, which is freed with it. NULL: out of memory.
SpecExecutor *spec_beside(SpecExecutor *root);
// Its own of that module, linked as the first's were, but for the start function. False: there is
// none.
bool spec_make(SpecExecutor *t, const ModuleInst *of);
