// group.h -- the threads of a guest, which it asks for by wasi.thread-spawn.
//
//     Group -- memories that all have, fuel, who is there
//       |
//       +-- GroupThread: Store -- Instance     the first: whoever has the group runs it
//       +-- GroupThread: Store -- Instance     each in a thread of the host's
//
// Each thread is a new instance of the module, in a store of its own, which is linked as the first
// one was; so each has globals, tables and a stack of its own, and a memory that the module
// imports as shared is the same in all. The first thread that traps or exits ends all of them:
// others are interrupted, wherever they wait. When the first one returns the others end too.
//
// What limits say of memory, and fuel, is for all of them together: threads take memory and their
// stacks from the account of the first one's store, and fuel from one pool in small pieces. What is
// refused answers a negative number and has given everything back.
// spec: WebAssembly/wasi-threads
#pragma once

#include "engine/engine.h"
#include "plat/thread.h"
#include "run/shared.h"

typedef struct Group Group;

// What one thread runs. Whoever makes it has it at the start of something larger.
typedef struct GroupThread {
    Store *store;
    Func *start;       // wasi_thread_start of its instance; not of the first
    // The group's:
    Group *group;
    struct GroupThread *next;
    Thread *thread;    // NULL: the first
    Func *spawn;       // its import, or NULL
    u32 id, argument;  // id 0: the first
    Trap trap;         // that it ended in, of whoever ended the group
} GroupThread;

typedef struct {
    // On the thread that asks for one, one at a time: links and instantiates, and runs nothing of
    // the guest's. Takes over the store, also when it fails. From malloc. NULL: not to be had.
    GroupThread *(*make)(void *env, Store *store);
    // On the new thread: start functions.
    Trap (*begin)(void *env, GroupThread *t);
    // Frees all of it but the GroupThread itself; on any thread.
    void (*end)(void *env, GroupThread *t);
    void *env;
} GroupMaker;

// A memory of the host's that modules import.
typedef struct GroupMemory {
    struct GroupMemory *next;
    Bytes module, name; // a module's
    SharedMemory *shared;
} GroupMemory;

enum { GROUP_THREADS = 256, GROUP_THREADS_MOST = 1 << 20 };

struct Group {
    Engine *engine;
    GroupMaker maker;
    u32 most;              // threads beside the first
    GroupThread *first;
    GroupMemory *memories; // written while there is one thread
    pthread_mutex_t making;
    pthread_mutex_t lock;  // of what follows
    GroupThread *threads;  // that run, but for the first
    GroupThread *over;     // that have ended, and are to be joined
    GroupThread *ended_by; // who ended all of them; NULL: nobody yet
    bool open;             // threads may be had
    u32 next_id;
    _Atomic u32 count;     // of threads beside the first; written under the lock
    _Atomic u64 fuel;      // for all, beside what each has
    StoreLimits limits;
};

// `first` is the caller's, and has its store by now. Modules outlive the group.
void group_init(Group *g, Engine *engine, GroupThread *first, const StoreLimits *limits,
                const GroupMaker *maker);
// Threads can be had from now on: the fuel of the first one's store is for all.
void group_begin(Group *g);
// The first one has returned, by this trap if it is one: ends the others, and waits until
// `deadline`, of CLOCK_monotonic, for them. Who ended first, with the trap. *all: everybody has
// ended; else nothing that they have may be freed.
GroupThread *group_end(Group *g, Trap trap, u64 deadline, bool *all);
// When all have ended. The first one's store is still there.
void group_free(Group *g);

// Would group_resolve know it?
bool group_provides(const Module *m, const Import *import);
// Resolves imports of wasi.thread-spawn and of shared memories for a store, as a Resolver does.
bool group_resolve(GroupThread *t, const Import *import, const ExternType *type, Extern *out);
// Does it import wasi.thread-spawn?
bool group_wanted(const Module *m);
// Why it can have no threads: it imports no shared memory, or exports no wasi_thread_start. NULL:
// it can.
const char *group_lacks(const Module *m);
// The function that a new thread calls, or NULL.
Func *group_entry(const Instance *inst);
