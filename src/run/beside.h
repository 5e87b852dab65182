// beside.h -- large functions are compiled by a thread of the engine's, beside the guest; and what
// is to be optimized, for which it has guests look up (warm.h).
//
//     guests --ask--> | function | function | ...      thread: native_compile, published
//                     at most BESIDE_MOST; in turn, what has no code yet first
//     stores that run <--STOP_TICK, once in a millisecond-- thread
//
// The guest is interpreted meanwhile; or it waits, where all is to be compiled, or where results
// are not to depend on when that is done. The thread is started when it is first asked for, and
// ends with the engine. Where there is none (the system refuses, a child made by fork) functions
// are compiled by who needs them. What is asked for is never lost but with its module: where there
// is no room somebody asks again.
#pragma once

#include "plat/thread.h"
#include "run/native.h"

#include <pthread.h>

enum {
    BESIDE_BYTES = 16 << 10, // of a body; of more it is compiled beside. Takes 1 to 3 ms
    BESIDE_MOST = 64,        // that wait
    BESIDE_WATCHED = 64,     // stores
};

typedef struct {
    ModuleCode *code; // NULL: none
    u32 func;
    bool optimize;
    u32 begins; // as of native_optimize
} BesideWork;

typedef struct Beside {
    u32 bytes;               // BESIDE_BYTES, or what tests want; UINT32_MAX: none are
    pthread_mutex_t lock;    // of all that follows but atomics
    Thread *thread;
    bool refused;            // there is no thread to be had
    bool ends;
    u32 first, count;        // of the queue
    BesideWork queue[BESIDE_MOST];
    BesideWork now;          // what the thread has at hand
    _Atomic u32 process;     // where the thread is; 0: there is none
    _Atomic u32 cancel;      // what it has at hand is not wanted
    _Atomic u32 changes;     // counts them; who waits for any sleeps on it
    Exec *watched[BESIDE_WATCHED];
    u32 watched_count;
    u64 tick;                // when they are to look up next
} Beside;

bool beside_init(Beside *beside); // zeroed before; false: it cannot
void beside_free(Beside *beside); // after all modules

// Is this function to be compiled by the thread? Starts it.
bool beside_takes(Beside *beside, const ModuleCode *code, u32 func);
// Asks for it, if nobody did. False: there is no room.
bool beside_ask(Beside *beside, BesideWork work);
// Asks, and waits until it was tried, or the guest is to stop (exec_due).
void beside_wait(Beside *beside, ModuleCode *code, u32 func, const Exec *exec);
// The guest runs compiled code: from now on it is to look up now and then, as long as it does so.
// Starts the thread. Where there are too many it stays unwatched.
void beside_watch(Beside *beside, Exec *exec);
void beside_unwatch(Beside *beside, Exec *exec); // the store is about to be freed
// Nothing of this module is asked for or made from here on: it is about to be freed.
void beside_forget(Beside *beside, const Module *m);
