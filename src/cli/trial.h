// trial.h -- a command that is run on candidates, several at a time, and what counts of it.
//
// Each candidate is a file in a folder of our own, which is gone in the end. A command runs in a
// process group of its own, which ends with it, when it takes too long, or when nobody wants to
// know any more. From trial_open to trial_close the signals that end us are kept back; trial_stops
// says that one came.
#pragma once

#include "base/types.h"

#include <sys/types.h>

// What of a command's end is interesting.
typedef enum {
    END_same,         // as it ended at first
    END_status,       // with this status
    END_fails,        // with another than 0, or by a signal
    END_crash,        // by a signal
    END_timeout,      // not in time
} TrialWant;

enum { TRIAL_SLOTS = 64 };

typedef struct {
    pid_t pid;        // 0: none
    u64 begun, deadline; // in ns; 0: none
    u64 used;         // processor time, once it is done
    bool done, late;
    int status;       // as waitpid gives it
} TrialJob;

typedef struct {
    char **words;     // of the command; "{}" in them is the file
    int word_count;
    const char *extension; // of candidates: ".wasm", ".wat", ""
    TrialWant want;
    int wanted;       // END_status: which; END_same: as waitpid gives it
    const char *match; // what the command must have printed, or NULL
    bool keeps;       // what it prints, for trial_output
    u64 limit;        // of time, in ns; 0: none yet
    u64 work;         // of processor time, likewise
    char folder[4000];
    TrialJob jobs[TRIAL_SLOTS];
    int stopped;      // by this signal; 0: not
    bool failed;      // it could not be run, which was printed
} Trial;

// False after printing why. trial_close in any case.
bool trial_open(Trial *t);
void trial_close(Trial *t);
// Runs the command on a file of these bytes, in a slot of its own; NULL: on what its words say.
// False after printing why it cannot.
bool trial_begin(Trial *t, u32 slot, const Bytes *file);
// In place of trial_begin, where there is nothing to run it on: that is not interesting.
void trial_skip(Trial *t, u32 slot);
void trial_wait(Trial *t, u32 slot);
void trial_drop(Trial *t, u32 slot);
// What was printed, on both streams. The caller frees data. False: no memory.
bool trial_output(const Trial *t, u32 slot, Bytes *out);
bool trial_interesting(Trial *t, u32 slot); // it was waited for
bool trial_stops(Trial *t);
// "exits with status 1", "is ended by signal 11 (Segmentation fault)", of what was waited for.
void trial_describe(const Trial *t, u32 slot, char *out, size_t size);
