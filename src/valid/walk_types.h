// walk_types.h -- what the walk shows its consumers. See walk.h.
#pragma once

#include "module/module.h"
#include "op/diag.h"

// An open block, loop, if, try_table or the function itself. spec: valid/algorithm, ctrl_frame
// There can be millions of them at a time, so they are small.
typedef struct {
    const Type *params, *results;
    u32 height;        // operands below it, its parameters not counted
    u32 inits;         // how many locals had been initialized at its start
    u16 param_count, result_count;
    u16 op;            // OP_block, OP_loop, OP_if, OP_else, OP_try_table, legacy OP_try, OP_catch...; the body is an OP_block
    bool dead;         // the rest of it cannot be reached
    bool silent;       // it was opened in dead code: consumers do not hear of it
} WalkFrame;
_Static_assert(sizeof(WalkFrame) <= 32,
               "what a module nested deep may take counts on it: body_limit in valid.c");

// A clause of try_table, or of resume and its kin. `label` is a depth as it is encoded: it does not
// count the try_table itself, so at the hook, when its frame is open, it is walk_frame(w, label +
// 1).
typedef struct {
    u8 kind;           // try_table: 0 catch, 1 catch_ref, 2 catch_all, 3 catch_all_ref; resume: 0 on a label, 1 switch
    u32 tag, label;
} WalkCatch;

// The immediates of an instruction, with what validation found out about them. What its row has no
// use for is left over from some earlier one. Arrays last until the hook returns; TypeDefs as long
// as the type store.
typedef struct {
    Op op;
    u32 index;         // local, global, func, table, memory, type, elem, data, tag, or depth of a label
    u32 index2;        // second index: field; table of call_indirect and table.init; memory of memory.init; tag of
                       // switch and resume_throw; source of *.copy and array.copy; data or elem of
                       // array.new_* and array.init_*; target of cont.bind; count of
                       // array.new_fixed
    u64 offset;        // memarg; the memory is in index
    u32 align;         // memarg: log2 of bytes
    bool is64;         // memory and table instructions: addresses are i64 (of copies: both of them)
    bool src64;        // memory.copy and table.copy: the source's addresses are i64
    u32 lane;
    u8 bytes[16];      // v128.const and i8x16.shuffle
    u64 bits;          // i32.const (sign-extended), i64.const, f32.const and f64.const (their bits)
    Type type;         // drop, select: of the operand; local.*, global.*, table.get, table.set...: of the value;
                       // ref.null, ref.func, ref.test, ref.cast, br_on_cast: the target type;
                       // struct.*, array.*: the field's, may be packed; br_on_null, ref.is_null,
                       // ...: of the operand
    Type type2;        // br_on_cast: the source type
    const TypeDef *def; // call*, return_call*: the function's type; struct.*, array.*: the aggregate's; throw,
                       // catch, suspend: the tag's; cont.*, resume*, switch: the continuation's
                       // function type
    TypeId type_id;     // of def
    WalkFrame *frame;  // block, loop, if, else, try_table, end...: the frame; br*, return: the target (index is its depth)
    bool falls;        // else, end, catch, catch_all, delegate: the code just before can be reached
    u32 label_count;   // br_table: targets, the default is the last; labels[i] is a depth
    const u32 *labels;
    u32 catch_count;
    const WalkCatch *catches;
} Imm;

typedef struct WalkState {
    const Module *m;
    Diag *diag;
    Arena *arena;          // scratch: everything the walk needs; reset by its owner between functions
    u32 func;              // function index, or DIAG_NO_FUNC in constant expressions
    u32 pos;               // offset in the module of the instruction being shown
    const u8 *next, *end;  // the bytes after it
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
    struct WalkRun { u32 end; Type type; } *runs; // declared locals as they are encoded: up to `end` of this type
    u8 *inited;            // a bit per local: it has a value; NULL when all start with one
    u32 init_count, init_cap, *inits; // locals initialized in open frames, in order
    u32 label_cap, *labels;
    u32 catch_cap;
    WalkCatch *catches;
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

static inline WalkFrame *walk_frame(WalkState *w, u32 depth) { return &w->frames[w->frame_count - 1 - depth]; }

// What a branch to the frame carries: a loop's parameters, else the results.
static inline u32 walk_label_count(const WalkFrame *f) { return f->op == OP_loop ? f->param_count : f->result_count; }
static inline const Type *walk_label_types(const WalkFrame *f) { return f->op == OP_loop ? f->params : f->results; }
