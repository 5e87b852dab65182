// walk_types.h -- what the walk shows its consumers. See walk.h.
#pragma once

#include "module/imm.h"

// An open block, loop, if, try_table or the function itself. spec: valid/algorithm, ctrl_frame
// There can be millions of them at a time, so they are small.
typedef struct WalkFrame {
    const Type *params, *results;
    u32 height;        // operands below it, its parameters not counted
    u32 inits;         // how many locals had been initialized at its start
    u16 param_count, result_count;
    // OP_block, OP_loop, OP_if, OP_else, OP_try_table, legacy OP_try, OP_catch...; the body is an
    // OP_block
    u16 op;
    bool dead;         // the rest of it cannot be reached
    bool silent;       // it was opened in dead code: consumers do not hear of it
} WalkFrame;
_Static_assert(sizeof(WalkFrame) <= 32,
               "what a module nested deep may take counts on it: body_limit in valid.c");

typedef struct WalkState {
    const Module *m;
    Diag *diag;
    // scratch: everything the walk needs; reset by its owner between functions
    Arena *arena;
    u32 func;              // function index, or DIAG_NO_FUNC in constant expressions
    u32 pos;               // offset in the module of the instruction being shown
    ImmReader in;          // the bytes after it
    const TypeDef *type;   // of the function
    u32 local_count;       // parameters included
    const Type *locals;    // the first local_flat of them; walk_flatten_locals makes it all
    u32 operand_count;     // height of the operand stack, in values
    Type *operands;
    u32 operand_cap;
    u32 frame_count;
    WalkFrame *frames;     // frames[frame_count - 1] is the innermost
    u32 frame_cap;
    u32 low;               // lists were popped down to here since the consumer set it
    u32 globals;           // constant expressions may use the globals below this; set by the owner

    // The walk's own.
    Op op;                 // being read
    bool reachable;        // the innermost frame is neither dead nor silent
    bool constant;         // this is a constant expression
    u8 memory0;            // 0: there is no memory 0; 1: it is 32-bit; 2: 64-bit
    u32 floor;             // height of the innermost frame
    u32 local_flat;
    u32 run_count;
    // declared locals as they are encoded: up to `end` of this type
    struct WalkRun { u32 end; Type type; } *runs;
    u8 *inited;            // a bit per local: it has a value; NULL when all start with one
    u32 init_count, init_cap, *inits; // locals initialized in open frames, in order
    const Type *single[16]; // results of blocks with one result of a concrete type, by hash
    u32 pushed_count, pushed_cap; // long lists on the operand stack, from the bottom up
    struct WalkPushed *pushed;
    u32 pair_count, pair_cap;     // long lists that were found to match
    struct WalkPair *pairs;
    u64 *known;                   // types that were found to match
    u32 seen_cap;
    const Type **seen;            // br_table: lists that were compared
} WalkState;

void walk_flatten_locals(WalkState *w); // makes w->locals hold all of them

static inline WalkFrame *walk_frame(WalkState *w, u32 depth)
{
    return &w->frames[w->frame_count - 1 - depth];
}

// What a branch to the frame carries: a loop's parameters, else the results.
static inline u32 walk_label_count(const WalkFrame *f)
{
    return f->op == OP_loop ? f->param_count : f->result_count;
}
static inline const Type *walk_label_types(const WalkFrame *f)
{
    return f->op == OP_loop ? f->params : f->results;
}
