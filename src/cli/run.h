// run.h -- a program that `weft run` runs: what is wanted of it, and what there is of it.
#pragma once

#include "api/group.h"
#include "cli/cli.h"
#include "cli/init.h"
#include "cli/kept.h"
#include "cli/snapshots.h"
#include "component/binary/component.h"
#include "plat/file.h"

// One module that was loaded from a file and instantiated.
typedef struct Unit {
    struct Unit *next;
    const char *name; // it is imported from under this; NULL for the main one
    const char *file;
    Source source;
    Instance *instance; // the first thread's
    struct ExecutorInstance *on_spec; // where the formal machine runs it
    u32 number;         // 0 is the main one
} Unit;

typedef struct Run Run;

// What it gets of WASI that is not in the context yet, and is opened when it begins.
enum { LISTENERS_MOST = 16 };
typedef enum { SANDBOX_auto, SANDBOX_on, SANDBOX_off } SandboxWhen;
typedef struct {
    const char *stdio[3];    // what --stdin and so on say, or NULL
    const char *listeners[LISTENERS_MOST];
    u32 listener_count, socket_count;
    const char *connects[CONNECTS_MOST]; // of --allow-connect,
    u16 ports[CONNECTS_MOST];            // and their ports
    u32 port_count;
    const char *trace;       // where calls are told of; "": on standard error; NULL: nowhere
    bool json, dry;
    SandboxWhen sandbox;
    u32 fds;                 // most; 0: as usual
    int opened[3], trace_fd; // or -1
    bool trace_failed;       // the rest is not written
    File sockets[LISTENERS_MOST];
} RunWasi;

// What a thread of the program has: its store's instances, by the units' numbers. Of the first
// thread they are the units'.
typedef struct {
    GroupThread thread;
    const Run *run;
    WasiCtx *wasi;
    Instance *instances[];
} RunThread;

struct Run {
    Engine *engine;
    Store *store;
    WasiCtx *wasi;
    RunWasi grants;
    Unit *units; // newest first
    u32 unit_count;
    Unit *main; // the one that is run; not among those
    RunThread *first;
    Group group;
    u32 max_threads;
    u64 seed;            // whose turn is next, where threads take turns,
    bool seeded;         // if it was said
    bool stepped;        // each step is shown, of one thread
    bool threads;        // it may have some: the group is open, until it is
    bool closed;
    bool over;           // the guest has exited or trapped, maybe with status 0
    bool left_behind;    // threads that do not come back, which nothing is freed under
    const GroupThread *ended; // who ended first
    const char *invoke;
    struct RunComponent *component; // that is run, instead of modules; or NULL
    u64 snapshot_at;     // units of fuel until it is written to
    const char *out;     // there; NULL: never
    bool stopped;        // and it was time for that
    const char *resume;  // where what it goes on with is, or NULL
    SnapshotFile resumed;
    u64 fuel_behind;     // that there is besides
    Init init;           // what it has become is written, if that has a function
    const char *argv0;   // NULL: what the file is called
    Features features;
    u32 jobs;            // threads that validate
    StoreLimits limits;
    u64 code_bytes;      // most of it; 0: as the engine has it
    u32 stop_every, down_every, up_every; // for tests
    bool gc_stress;      // likewise
    bool gc_log;
    const char *census;  // where what is in the heap in the end is written, or NULL
    bool bare;           // likewise
    bool plain_adapters; // likewise
    Tier tier;
    bool formal;         // the formal machine runs it
    bool check;          // and whether its steps are sound is looked at,
    u32 check_every;     // of all there is after each so-manieth; 0: now and then
    const char *compiled_only; // an option that was given and means nothing there
    u32 hot, beside;     // 0: as the engine has it
    bool keeps;          // compiled modules are kept
    const char *kept_in; // there; NULL: where the user's are
    u64 kept_bytes;      // that those have at most; 0: as usual
    Cache *kept;
    bool faults;
    bool perf;           // it is told where code is
    bool stub_imports;   // functions that nothing defines trap when they are called
    bool raw_names;      // in backtraces
    const struct Watch *watch; // --trace=opt; or NULL
    u32 among_first, among_end; // functions, likewise
    bool fueled, deterministic;
    u64 fuel, timeout; // milliseconds; 0: none
};

// At its defaults; run->wasi is NULL when memory is short. run_free either way.
void run_init(Run *run, Unit *main);
void run_free(Run *run);
// Options in front of FILE. EXIT_OK, or after printing why not.
int run_options(Run *run, Args *args);
int run_option(Run *run, Args *args); // the next of them
bool wasi_option(Run *run, Args *args, int *status); // false: it is about something else
// Opens what those said. EXIT_OK, or after printing why not.
int wasi_ready(Run *run);
// An option that was given and means nothing but where that is called; or NULL.
const char *wasi_run_only(const Run *run);
// When all is loaded, and nothing of it has run. EXIT_OK, or after printing why not.
int wasi_wall(Run *run);
// In place of running it: what it could ask for, and what it would have. NULL: it is no component.
int wasi_dry(const Run *run, const Component *component);
void wasi_over(RunWasi *grants); // closes what wasi_ready opened
// When run->main has its file: the arguments behind it, and an engine that loads modules. False:
// memory is short.
bool run_prepare(Run *run, const Args *args);
// Loads all modules, and refuses what cannot be run before anything has. EXIT_OK, or after printing
// why not.
int run_load(Run *run);
// Prints that there is no such export as `invoke` says; returns EXIT_INPUT.
int run_no_invoked(const Run *run);
// From now on a signal stops the guest, and not the process.
void run_stoppable(Run *run);
// Prints how it ended; returns the status.
int run_finish_trap(Run *run, const char *file, Trap trap);
const char *run_file_of(void *run, const Module *m); // of a module; or NULL
