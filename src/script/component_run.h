// component_run.h -- components that scripts have made instances of.
#pragma once

#include "component/run/run.h"
#include "script/executor.h"

// A component that was read, and its plan; or an instance of one.
typedef struct {
    Component *component;
    Plan *plan;
    ComponentRun *run;
} ScriptRun;

// Reads it for this executor, whose engine has its modules. False: *diag says why.
bool script_run_load(Executor *x, Bytes bytes, Features features, const PlanLink *link,
                     ScriptRun *out, Diag *diag);
// Before the executor is closed nothing of an instance is freed.
void script_run_free(ScriptRun *r);
// An instance, in the executor's store. NULL: *diag says why, or *trap.
ComponentRun *script_run_make(Executor *x, const ScriptRun *r, const ComponentHost *host,
                              Trap *trap, Diag *diag);
