// run.h -- runs a module in a mode, and keeps a log of all that can be seen.
#pragma once

#include "base/buf.h"
#include "engine/engine.h"

enum {
    SET_apart = 1,      // of a module loaded for this alone; else code is shared with other modes
    SET_moved = 2,      // stopped at each place, and gone on with elsewhere
    SET_states = 4,     // stopped at each place, and its frames read there
    SET_starved = 8,    // has fuel for a little at a time
    SET_gc_stress = 16,
    SET_movable = 32, SET_fixed = 64, // memories
    SET_linked = 128,   // functions are imported through another instance
    SET_guarded = 256,  // faults are handled
    SET_mixed = 512,    // of functions that would be compiled a half is; loaded apart
    SET_hot = 1024,     // those are compiled that are called or go round loops often; loaded apart
    SET_beside = 4096,  // by a thread, whatever their size
    SET_baked = 8192,   // is written as a module and begins there again, twice, if that can be
    SET_written = 16384, // stopped now and then, and gone on with from a snapshot, elsewhere
    SET_formal = 32768, // by the rules of the specification
    SET_judged = 65536, // and each step is judged
    SET_rebuilt = 131072, // each body through the graph of the optimizer; loaded apart
    SET_optimized = 262144, // and optimized, as well as can be
    SET_down = 2048,    // at each other poll of compiled code the interpreter goes on
    SET_coarse = 524288, // with fewer exports; and told is what a host sees, by no numbers
    SET_opted = 1048576, // what `weft opt` makes of that
    SET_up = 4194304,   // at each poll of baseline code its function is optimized
    SET_graph = 2097152, // compiled from graphs, where they are; loaded apart
};

typedef struct {
    const char *name;
    u32 code, settings;
} RunMode;
enum {
#define MODE(name, code, settings) MODE_##name,
#include "modes.def"
    MODE_COUNT
};
extern const RunMode run_modes[MODE_COUNT];
extern bool run_aloud; // prints the locals and operands of each frame that is looked at

// What a line of the log is about. Two logs are compared in what both have.
typedef enum {
    SAY_call,    // function, how many arguments
    SAY_arg,     // type, value
    SAY_trap,    // how a call ended: function, trap
    SAY_result,  // type, value
    SAY_host,    // a host function was called: number; then its arguments, as results
    SAY_place,   // of each frame at a trap: offset
    SAY_local,   // there: hash of its locals
    SAY_newest,  // the same of the frame that trapped: in compiled code not all are home there
    SAY_stop,    // at a stop: offset; hash of all frames: where they stand, locals and operands
    SAY_out,     // out of fuel: offset; hash of where all frames stand
    SAY_short,   // the same, and locals and operands
    SAY_fuel,    // what is left
    SAY_memory,  // pages, hash
    SAY_global,  // index; then its value, as a result
    SAY_table,   // entries, hash
} SayKind;

typedef struct {
    u8 kind;
    bool last;       // of the stops that are looked at; there may be more
    u32 a;
    u64 b;
} Say;

typedef struct {
    Arena *arena;
    Say *says;
    u32 count, cap;
    u32 kinds;       // bits of those that it has
    bool starved;    // of stack or memory: the rest means little
    u32 looks;       // the more the more often it looks whether it is to stop; in 0 to 2
    u32 calls, traps; // how many, and how many of the calls ended so
    u32 bakes, refusals; // how often it was written, or could not be
    u32 written, unwritten; // snapshots that were gone on with, or could not be made
    u64 judged;      // steps
    bool unsound;    // and one was not
} Log;

// Sets what counts when the engine loads a module that this mode runs, alone or as others do.
// `same` is the module, loaded before; NULL: for many modes.
void run_before_load(Engine *engine, const RunMode *mode, const Module *same, u64 seed);
// What the mode makes of the module before it loads it, in the arena. False: *diag says why.
bool run_made(Engine *engine, const RunMode *mode, u64 seed, Bytes *bytes, Arena *arena,
              Diag *diag);
// `seed` picks arguments. `portable`: only what a host in JavaScript could call and see.
Log run_module(Engine *engine, const Module *m, const RunMode *mode, u64 seed, bool portable,
               Arena *arena);
// On the formal machine. What takes too many steps is starved.
Log run_by_rules(Engine *engine, const Module *m, const RunMode *mode, u64 seed, bool portable,
                 Arena *arena);
// A module that exports what it imports as its first function, by a tail call; false where a type
// would have to be named.
bool between_module(Buf *out, const TypeDef *type);
// A module with the bodies that come out of the graph at this level. False: that is no module.
bool rebuilt_module(Engine *engine, Bytes bytes, u32 speed, Arena *arena, Bytes *out);
// A line in words, without its end.
void log_line(char *out, size_t size, const Say *say);
