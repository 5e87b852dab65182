// run_spec.h -- a program on the formal machine, for `run --tier=spec` and for `step`. It is told
// of what `weft run` is told, and goes through the same: modules that it imports from, its own, its
// start function, _initialize, and then what is called.
#pragma once

#include "cli/run.h"
#include "script/executor_spec.h"

typedef struct {
    Run *run;
    const Args *args;          // behind FILE
    HostLog *log;              // or NULL
    Executor *x;
    const char *file;          // what was going on last is of this module
    ExecutorExport func;       // what is called in the end, and its values
    u64 *slots;
    bool calls;                // there is something to be called
    bool loaded;               // modules were, and it may be begun
} SpecRun;

// Loads what `run` names and refuses what cannot be run, before anything has. EXIT_OK, or after
// printing why not.
int spec_load(SpecRun *s);
// A machine with nothing in it, in place of the one before. False after printing why not.
bool spec_open(SpecRun *s);
// Up to the call that is wanted. EXIT_OK, with *trap if that was the end; or after printing why
// not.
int spec_bring_up(SpecRun *s, Trap *trap);
// That call.
Trap spec_call(SpecRun *s);
// Prints what was not sound, if anything was.
bool spec_unsound(SpecRun *s);
// The exit status of a program that ended so.
int spec_status(const SpecRun *s, Trap trap);
// Prints results, or the trap, or what was not sound. The exit status.
int spec_finish(SpecRun *s, Trap trap);
void spec_close(SpecRun *s);

// From a handler of signals: it is to end. False: none runs.
bool spec_stop(Trap why);

// `run --tier=spec`
int run_formally(Run *run, const Args *args);
