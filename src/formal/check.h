// check.h -- is every step of the formal machine sound? By the specification's judgements:
//
//     Preservation    if |- config : t* and config ~> config', then |- config' : t*, and the
//                     store is an extension of the one before
//     Progress        if |- config : t*, then config is values, a trap, an exception, or config ~>
//     memory safety   an access is within the instance that the instruction names, or it traps
//
// After each step what the step may have changed is judged again: the contexts that it touched, the
// values that it left, the parts of the store that it told, what is new. All of it is judged when
// somebody asks, where a module has come up, and now and then, the more rarely the longer it takes.
#pragma once

#include "formal/judge.h"

typedef struct Check Check;

// Follows the configuration from now on, as its Watch. `every`: all is judged after each
// so-manieth step; 0: now and then. NULL: out of memory.
Check *check_new(Config *c, u64 every);
void check_free(Check *check);
// For who is a Watch itself: to be called from there, first.
const Watch *check_watch(Check *check);
// What was not sound: the judgement, the premise that fails, the step's rule, and the
// configuration, in lines. NULL: all was. The machine halts there, as interrupted, and does no step
// more.
const char *check_says(const Check *check);
// The rule of which a premise failed, if there is a report; by n the rules that it is a premise of.
// JUDGEMENT_COUNT: no more, or it was Progress, or memory safety.
Judgement check_rule(const Check *check, u32 n);
// All of the configuration, now; of one that has halted, of the store. False: there is a report.
bool check_all(Check *check);
// How often each rule was concluded; and how many steps were judged, how often all was.
const u64 *check_used(const Check *check);
typedef struct { u64 steps, whole; } CheckCounts;
CheckCounts check_counts(const Check *check);
