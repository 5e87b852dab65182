// state.h -- what is known while a script runs, or a thread of one. See script.c, whose own it is.
#pragma once

#include "base/map.h"
#include "plat/thread.h"
#include "script/command.h"
#include "script/component_run.h"
#include "script/executor.h"
#include "script/script.h"

typedef enum { PASS, FAIL, SKIP } Verdict;

typedef struct Unit {
    struct Unit *older;
    Module *module;              // owned; NULL for instances of a definition, and after a failure
    const Module *definition;    // what (module instance) makes instances of
    ExecutorInstance *instance;  // NULL when there is none to act on
    const char *skip;            // why its actions are skipped, or NULL
    ScriptRun component;         // of a component; the one defined has it
    bool owns_component;
} Unit;

typedef struct ScriptThread ScriptThread;
typedef struct ScriptComponentHost ScriptComponentHost;

// Of all threads of a script. See turns.c.
typedef struct {
    _Atomic u32 count;
    u64 random;
    ScriptThread *taking;        // those that take turns and are open, newest first
} ScriptThreads;

// What came of an action.
typedef struct {
    u32 count;          // results
    const Type *types;
    u64 *slots;
    Trap trap;
} Outcome;

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
    CommandReader reader;
    Command command;
    char why[400];
    const char *skip;
    const char *missing;         // an import came from a unit that was skipped: why
    const ScriptOptions *options;
    ScriptThread *threads;       // newest first
    ScriptThreads *all;
    ScriptComponentHost *component_host; // component_host.h; or NULL
    bool short_of_memory;        // commands that follow were not run
    // Of a thread that takes turns: its command waits for another thread; or its call goes on, and
    // then the command finds what came of it.
    bool held, calling, called;
    ExecutorExport callee;
    Outcome outcome;
} Script;

// A thread of the script: a script of its own, that runs beside the one it stands in.
struct ScriptThread {
    ScriptThread *older, *next_taking;
    Bytes id;
    Thread *host;                // NULL: it takes turns
    bool running;                // it was begun
    bool open;                   // it is not over, or nobody knows yet what became of it
    bool over, busy;             // if it takes turns: nothing is left to do; it has one
    Script script;
    size_t start, end;           // its commands
    ScriptReport report;
    ScriptResult result;
    char failure[480];           // the first one's place and reason
};
enum { THREADS_MOST = 256 };     // of a script, in all

// ---- script.c, for component_command.c

Unit *script_unit(Script *s);
// From now on this is what `id`, and no name, means to actions; to (module instance).
void script_mean_instance(Script *s, Bytes id, Unit *u);
void script_mean_definition(Script *s, Bytes id, Unit *u);
Meaning script_meaning(const Script *s, Bytes id);
const Unit *script_registered(Script *s, Bytes name); // or of that identifier; NULL: none
Verdict script_trap_verdict(Script *s, Trap trap);
// `want` TRAP_none: any that the specification calls a trap.
Verdict script_check_trap(Script *s, Lexer *l, Trap trap, Trap want);
Verdict script_check_diag(Script *s, Lexer *l, const Diag *diag, ErrClass want);

// ---- component_command.c, for script.c

// An action on an instance of a component.
typedef struct {
    Unit *unit;
    Bytes name;
    const CFunc *func;           // NULL: it has no such
    CValue result;
    Trap trap;
} ComponentAction;
// Reads invoke ...) as such, the lexer at that word. False: it is about a module.
bool script_component_action(Script *s, Lexer *l, ComponentAction *a);
// The arguments and the ")" behind them are read; with `results` those that are expected are too.
Verdict script_component_returns(Script *s, Lexer *l, ComponentAction *a, bool results);
Verdict script_component_traps(Script *s, Lexer *l, ComponentAction *a, Trap want);
Verdict script_run_component(Script *s, Lexer *l);
// An assertion about a component, the lexer before its "(".
Verdict script_about_component(Script *s, Lexer *l);

// ---- script.c, for turns.c

// The action of the command is a call: it is the callee, with its arguments in the outcome's slots.
bool script_calls(Script *s);
// The command waits for a thread; NULL: for none that there is.
ScriptThread *script_waits_for(Script *s);
// The command is run and counted. False: it is the last.
bool script_command(Script *s);

// ---- turns.c, for script.c

void turns_begin(Script *s, ScriptThread *t);
// Until it is over.
void turns_join(ScriptThread *t);
// A call of the script's, while its threads take turns.
Trap turns_call(Script *s, const ExecutorExport *func, u64 *slots);

// ---- round.c, for script.c

// Nothing is run: its module or component goes to text and back.
Verdict script_round_trip(Script *s);
