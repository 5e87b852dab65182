// code.h -- bodies and expressions as trees of instructions, made once and never changed.
//
//     if | then ... | else ... | next ...       A sequence is a run of instructions. What is nested
//        |<--------- span -------->|            in one stands inside of its run, which goes on
//                                               behind the span.
//
// A legacy try has its parts behind its body: each a catch (x: the tag) or catch_all, which spans
// what is done then; or one delegate (x: the label).
//
// Instructions that are only there while something is reduced, TRAP say, are of the same form.
// spec: syntax/instructions; exec/runtime, administrative instructions
#pragma once

#include "formal/store.h"
#include "module/imm.h"

// What an instruction is to the rules: a row of op/, or a class of rows that share them.
enum {
#define HAND(name, ...) REDEX_##name = OP_##name,
#define OP(...)
#include "op/op.def"
    REDEX_none = OP_COUNT, // there is no rule for it: no row is so
    REDEX_value,           // not to be reduced: it is a value
    REDEX_values,          // nothing but values is left in the context
    REDEX_trap,
    REDEX_waitx,           // memory.atomic.wait, when it waits: x is the memory's address
    REDEX_suspending,      // suspend and switch, when their tag is an address
    REDEX_switching,
    REDEX_unop, REDEX_binop, REDEX_testop, REDEX_relop, REDEX_cvtop,
    REDEX_wideop, REDEX_extwideop,
    REDEX_load_num, REDEX_load_pack, REDEX_store_num, REDEX_store_pack,
    REDEX_vvunop, REDEX_vvbinop, REDEX_vvternop, REDEX_vvtestop,
    REDEX_vunop, REDEX_vbinop, REDEX_vternop, REDEX_vtestop, REDEX_vrelop, REDEX_vshiftop,
    REDEX_vbitmask, REDEX_vswizzlop, REDEX_vsplat, REDEX_vextract_lane_num,
    REDEX_vextract_lane_pack, REDEX_vreplace_lane, REDEX_vextunop, REDEX_vextbinop,
    REDEX_vextternop, REDEX_vnarrow, REDEX_vcvtop,
    REDEX_vload, REDEX_vload_pack, REDEX_vload_splat, REDEX_vload_zero, REDEX_vload_lane,
    REDEX_vstore, REDEX_vstore_lane,
    REDEX_atomic_load, REDEX_atomic_store, REDEX_atomic_rmw, REDEX_atomic_rmw_cmpxchg,
};

struct Instr {
    u16 redex, op;       // op: where the redex is a class, the row
    bool indirect;       // it is of a call_indirect, which calls its traps by other names
    bool handed;         // call_ref: a tail call of `caller`, whose frame is gone, became it
    u32 span;            // with what is nested in it
    u32 place;           // where it stands in the module's bytes; 0: nowhere, a rule made it
    u32 x, y;            // indices as they stand there; of lanes y; of br and its kin x, the label
    // a type more. Block, loop, if, try and its parts...: 0, or a TypeId, or the type of the one
    // result. call_ref, return_call_ref: a TypeId. br_on_cast and its kin: what they cast from
    u32 of;
    union {
        Val value;
        struct {         // block, loop, if, try_table, try; resume and its kin have clauses
            u16 params, results;
            u32 clause_count;
            const ImmClause *clauses;
            // y: how many are in its sequence. if: x: where else begins; try: where its parts do
            const Instr *first;
        };
        struct { u64 offset; s64 timeout; }; // of memories; waitx has both
        u8 bytes[16];
        const ModuleInst *caller; // call_ref, where it is handed over
        Type type;       // ref.test, ref.cast, br_on_cast...: that it asks for; ref.null, select
        struct { u32 label_count; const u32 *labels; }; // the default is behind them
    };
};

struct Body {
    u32 count, local_count; // locals: with parameters
    const Instr *instrs;
    const Type *locals;
    const struct Typing *typing; // made by who checks (typing.h)
};

static inline bool is_block(u32 op)
{
    return op == OP_block || op == OP_loop || op == OP_if || op == OP_try_table || op == OP_try;
}
static inline Instr instr_plain(u32 op, u32 x)
{
    return (Instr){.redex = (u16)op, .op = (u16)op, .span = 1, .x = x};
}
// (CALL_REF yy), or its kin
static inline Instr instr_call(u32 op, TypeId yy)
{
    return (Instr){.redex = (u16)op, .op = (u16)op, .span = 1, .of = yy};
}
static inline Instr instr_value(Val v)
{
    return (Instr){.redex = REDEX_value, .span = 1, .value = v};
}

// A function that is not imported. NULL: out of memory. It lives as long as the arena, from whose
// account is taken too what else it takes to make it.
Body *body_of_func(const Module *m, u32 func, Arena *arena);
// A constant expression that begins at *at, and behind which that stands afterwards. Likewise.
Body *body_of_constant(const Module *m, u32 *at, Arena *arena);
