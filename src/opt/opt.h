// opt.h -- a module that does the same, and is smaller or faster: `weft opt`.
//
// What a module does is what its host can see of it: what its exports do and hold, what it calls
// and in which order, which traps there are. Not how much fuel and stack it takes, nor where in its
// code a trap is, nor whether two exports are the same function.
#pragma once

#include "binary/encode.h"
#include "opt/body.h"

typedef struct {
    Features features;
    OptLevel level;
    const char *only;        // names of passes, with commas between them; NULL: those of the level
    const u8 *gone_sections; // custom ones that are left out, by number; NULL: none
    // Called for each pass that changes something, how many things, and the size before and after;
    // or NULL.
    void (*tell)(void *env, const char *pass, u32 things, size_t before, size_t after);
    void *env;
    const struct Watch *watch; // who is told of each function (watch.h); NULL: nobody
} OptPlan;

// Behind what is in `out`, whose arena need not be armed: valid, as the module must be, and, unless
// passes were named, not larger than it would be encoded as it is. In time linear in the size, but
// for sorting. Deterministic. False: *diag says why.
bool opt_module(Bytes bytes, const OptPlan *plan, Buf *out, Diag *diag);

// Passes by number: name and what it does; NULL: there are no more.
const char *opt_pass_name(u32 number, const char **what);
