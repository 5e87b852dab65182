// round.h -- what the files of reduce/ share.
//
//     bytes --> Round: a module, and a list of units, each something that could go
//                 |        ^
//                 |        +-- passes.c finds them, of one kind at a time
//                 v
//               draft.c: some of the units --> Edit --> bytes of a candidate
//
// A round is about one module. When a pass is over and something went, the next begins with the
// module that is left, so nothing has to be kept in step with it. All memory of a round is in its
// arena, and leaves through that.
#pragma once

#include "binary/encode.h"
#include "binary/instr.h"
#include "reduce/reduce.h"

// ---- Bodies as trees: shape.c

// Where what an instruction takes was made; start == end: that is not known.
typedef struct {
    u32 start, end;
    Type type;
} Operand;

// An instruction with what it takes, or a block. Offsets are in the module.
typedef struct {
    u32 func;
    u32 start;        // of its operands, if `whole`; else of itself
    u32 at, end;      // of itself; behind it, of a block behind its end
    u32 depth;        // how many others are around it
    u32 close;        // where the code ends in which it stands: of `else`, `end` and so on
    u16 op;
    bool whole;       // all it takes is made from `start` on, and nothing besides
    bool dead;        // code that cannot be reached: no more is known of it
    bool ends;        // it does not go on with what follows
    bool block, named; // it is one; something branches to it
    u16 pop_count, push_count;
    const Operand *pops;
    const Type *pushes;
    u32 callee;       // of call and return_call
    // of blocks: behind the beginning; `else` or the first clause, or 0; behind that; the `end`
    u32 body, other, other_body, last;
} Node;

// ---- Rounds

typedef enum {
    UNIT_section, UNIT_export, // a: its number
    UNIT_start,
    UNIT_item,        // a: its index
    UNIT_import,      // a: its number; it is defined instead
    UNIT_body,        // a: function
    UNIT_code,        // all that it does are cuts
    UNIT_local,       // a: function; b: local, a parameter too
    UNIT_results,     // a: function
    UNIT_entry,       // a: element segment; b: item
    UNIT_data,        // a: data segment; b: piece
} UnitKind;

typedef struct {
    u8 kind;          // UnitKind
    u8 item;          // ItemKind; LocalFate
    u32 a, b;
    u32 cuts;         // how many of Round.cuts are its
    Bytes code;       // UNIT_body: what takes its place
} Unit;

typedef struct {
    Splice splice;
    u32 unit;
} Cut;

typedef struct {
    Bytes bytes;
    Features features;
    bool valid;       // it is, and shall stay so
    Arena arena, scratch; // scratch: for one candidate
    TypeStore *types;
    Module *m;
    TypeIndexes indexes;
    Unit *units;
    u32 unit_count, unit_cap;
    Cut *cuts;
    u32 cut_count, cut_cap;
    bool shaped;
    Node *nodes;
    u32 node_count, node_cap;
} Round;

// False: the bytes cannot be decoded; memory leaves through `failed`. round_close in any case.
bool round_open(Round *r, Bytes bytes, Features features, jmp_buf *failed);
void round_close(Round *r);
// Finds the nodes of all bodies that are valid, once.
void round_shape(Round *r);
// Begins to read a body behind its locals: how many they are, with parameters.
u32 round_read_body(const Round *r, u32 func, Arena *arena, Diag *diag, InstrReader *in);

bool is_valid_module(Bytes bytes, Features features);

typedef struct {
    const char *name;
    void (*find)(Round *r);
    bool grows;       // what is left may be longer at first
} Pass;
extern const Pass passes[];
extern const u32 pass_count;

enum { DATA_PIECES = 64 }; // that a segment is taken for
static inline Range data_piece(Range whole, u32 piece)
{
    u64 size = whole.end - whole.start;
    return (Range){whole.start + (u32)(size * piece / DATA_PIECES),
                   whole.start + (u32)(size * (piece + 1) / DATA_PIECES)};
}

// The module without the chosen units: `chosen` has a flag for each. False: that cannot be, or is
// not valid, or changes nothing.
bool draft_encode(Round *r, const u8 *chosen, Buf *out);
// Which units have nothing to do besides those that are chosen, which take away where they are.
void draft_covered(Round *r, const u8 *chosen, u8 *covered);
// After all units were found: brings the cuts into order.
void draft_begin(Round *r);
