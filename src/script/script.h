// script.h -- runs WAST scripts: modules, actions on them, and assertions about both.
// spec: the reference interpreter's README, Scripts
#pragma once

#include "run/store.h"

// Where the library has something to tell; any may be NULL. `line` and `column` count from 1. Texts
// may hold whatever the script says.
typedef struct {
    void *env;
    void (*failed)(void *env, u32 line, u32 column, const char *command, const char *why);
    // other words than expected
    void (*worded)(void *env, u32 line, u32 column, const char *expected, const char *got);
    void (*printed)(void *env, const char *text); // by the host module spectest; no end of line
    // behind a failure for that reason: a configuration that is not sound, in lines
    void (*unsound)(void *env, const char *lines);
    // how often the formal machine, or a thread's own, used a rule of the specification
    void (*used)(void *env, const char *rule, u64 count);
} ScriptReport;

typedef struct {
    Features features;
    bool keep_going;           // after a failure
    const char *tier;          // NULL: "auto"; see script_knows_tier
    u32 hot, beside;           // as of an engine; 0: as that has it
    const StoreLimits *limits; // NULL: the usual ones
    u64 fuel;                  // for each command; 0: unbounded
    bool deterministic;        // as of an engine
    u32 stop_every;            // likewise
    u32 down_every, up_every;  // likewise
    u32 snapshot_every;        // see ExecutorSetup
    bool gc_stress;            // as of an engine
    void (*collected)(void *env, const Collection *collection); // as of a store; or NULL
    void *collected_env;
    bool bare;                 // as of an engine
    bool plain_adapters;       // as of PlanLink
    bool faults;               // likewise, where it can be had
    bool check;                // see ExecutorSetup
    u32 check_every;           // likewise
    // Of each module that the script runs: what stands in its place, in the arena, which is armed;
    // it may be the same. NULL: the module itself does.
    Bytes (*replace)(void *env, Bytes module, Arena *arena);
    void *replace_env;
    u64 seed;                  // which of threads that take turns have the next one
    // nothing is run: each module is printed, parsed back and compared; without one a command is
    // skipped
    bool round_trip;
} ScriptOptions;

enum { SCRIPT_REASONS = 48 };

// One count for each top-level command.
typedef struct {
    u32 passed, failed, skipped;
    u32 moved; // how often all went on from a snapshot (snapshot_every)
    // modules whose round trip gave the same bytes, or others of the same text
    u32 same, fixpoint;
    // messages that a script expects, and how many of them have other words here
    u32 texts, worded;
    u32 reason_count;
    // of skipping; the last stands for all that did not fit
    struct { char text[60]; u32 count; } reasons[SCRIPT_REASONS];
} ScriptResult;

bool script_knows_tier(const char *tier);

// Runs src[0, len). False: out of memory. A script that cannot be read at all is one failed
// command. Nothing it says can end the process; everything it made is freed on return.
bool script_run(const char *src, size_t len, const ScriptOptions *options,
                const ScriptReport *report, ScriptResult *result);

// Counts `count` commands as skipped for this reason.
void script_count_skipped(ScriptResult *result, const char *reason, u32 count);
