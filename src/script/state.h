// state.h -- what is known while a script runs, or a thread of one. See script.c, whose own it is.
#pragma once

#include "base/map.h"
#include "plat/thread.h"
#include "script/command.h"
#include "script/executor.h"
#include "script/script.h"

typedef enum { PASS, FAIL, SKIP } Verdict;

typedef struct Unit {
    struct Unit *older;
    Module *module;              // owned; NULL for instances of a definition, and after a failure
    const Module *definition;    // what (module instance) makes instances of
    ExecutorInstance *instance;  // NULL when there is none to act on
    const char *skip;            // why its actions are skipped, or NULL
} Unit;

typedef struct ScriptThread ScriptThread;

// What a name stands for now: the newest of each.
typedef struct { Unit *acted, *defined; } Meaning;

typedef struct {
    Map map;                     // name -> index into `meanings`
    Meaning *meanings;
    u32 count, cap;
} NameTable;

typedef struct {
    const char *src;
    Arena arena;                 // modules' bytes and everything said here
    const ExecutorOps *ops;
    Executor *executor;
    Features features;
    Unit *units;                 // newest first
    Meaning latest;              // what no name means
    NameTable ids, registered;       // $id; (register "name"), of which only `acted` counts
    const ScriptReport *report;
    ScriptResult *result;
    size_t seen;                 // lines were counted up to here
    u32 line, column;
    // The command being run.
    Command command;
    char why[400];
    const char *skip;
    const char *missing;         // an import came from a unit that was skipped: why
    const ScriptOptions *options;
    ScriptThread *threads;       // newest first
    _Atomic u32 *thread_count;   // of the whole script
} Script;

// A thread of the script: a script of its own, that runs beside the one it stands in.
struct ScriptThread {
    ScriptThread *older;
    Bytes id;
    Thread *host;
    bool open;                   // it is not over, or nobody knows yet what became of it
    Script script;
    size_t start, end;           // its commands
    ScriptReport report;
    ScriptResult result;
    bool short_of_memory;
    char failure[480];           // the first one's place and reason
};
enum { THREADS_MOST = 256 };     // of a script, in all
