// round.h -- what the passes over whole modules share. Private to opt/.
//
//     bytes --> Module --> a pass says in an Edit what changes --> bytes --> Module --> ...
//
// There is no form of a module that is edited. A round is about one module: a pass looks at it,
// which is valid, and fills in the round's edit, in this module's numbers. What comes of it is read
// again for the next pass, so that nothing has to be kept in step. All memory of a round is in its
// arena, and leaves through that.
#pragma once

#include "binary/instr.h"
#include "opt/opt.h"
#include "opt/watch.h"
#include "valid/walk_types.h"

typedef struct {
    const Module *m;
    OptLevel level;
    bool grows;                // what is faster may be longer, by half of
    s64 room;                  // that the module became shorter by
    u32 most;                  // so many bytes, in any case
    Arena *arena, *scratch;    // scratch: for who walks over bodies
    TypeIndexes types;
    Edit edit;
    u8 *gone[ITEM_COUNT];      // of the edit; NULL until somebody asks for flags
    u32 *instead[ITEM_COUNT];
    Splice *splices;           // in any order; one within another goes with it
    u32 splice_count, splice_cap;
    u32 found;                 // how many things the pass changes; 0: nothing
} OptRound;

typedef void OptPass(OptRound *r);
#define PASS(name, ...) OptPass opt_pass_##name;
#include "opt/pass.def"

// Flags by index of what is left out; what is named in the place of others, at first everything in
// its own.
u8 *round_gone(OptRound *r, ItemKind kind);
u32 *round_instead(OptRound *r, ItemKind kind);
// The bytes from `at` to `end` are replaced by the code, which lives as long as the round.
void round_splice(OptRound *r, u32 at, u32 end, Bytes code);
Bytes round_op(OptRound *r, Op op);
// Brings the splices into order, and hands everything to the edit.
void round_finish(OptRound *r);
// See module_uses and module_unused.
void round_uses(OptRound *r, u32 *out[ITEM_COUNT]);
void round_unused(OptRound *r, const Edit *edit, u8 *out[ITEM_COUNT]);
// Does a constant expression, a segment, an export or the start function name the function?
bool round_escapes(const OptRound *r, u32 func);
void round_exported(const OptRound *r, ExternKind kind, u8 *flags); // by index
// What a constant expression comes to as an address. False: that is not known before it is run.
bool round_address(const OptRound *r, Const value, bool is64, u64 *out);

// Instructions of all bodies, one after the other: `now`, which ends at `end`, of `func`.
typedef struct {
    const Module *m;
    InstrReader in;
    Diag diag;
    Instr now;
    u32 func, end;
} Scan;
Scan scan_all(OptRound *r);
Scan scan_func(OptRound *r, u32 func); // of one body
bool scan_next(Scan *s);
bool scan_next_in(Scan *s);            // of this body

// Where an operand was made. `end` is right behind what left it on the stack; 0 where that did not
// leave it on top: of block parameters, of several results all but the last. `whole`: the bytes
// from `start` to `end` make it, and nothing besides; `pure`: nobody sees whether they did.
typedef struct {
    u32 start, end;
    bool whole, pure;
} Made;
typedef struct {
    u32 func, at, end;
    Op op;
    const Imm *imm;        // NULL for rows without
    const Made *taken;     // operands, the deepest first
    u32 count;
    bool goes_on;          // with what follows
} Seen;
typedef void SeenVisit(void *env, const Seen *seen);
// Shows each instruction that can be reached.
void round_look(OptRound *r, SeenVisit *visit, void *env);
