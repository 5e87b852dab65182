// code.h -- the interpreter's register code: words of 64 bits, operands are slots of the frame.
//
//     bits  0-15  operation (IOP_)
//          16-31  dst, or the first source of an operation without result
//          32-47  a
//          48-63  b
//     or   32-63  imm: a 32-bit index, constant, or branch distance in words
//
// Further words follow where the comment beside a handler says so. A branch distance is counted
// from the word that holds it. Slots are 16 bits, so a frame has at most 65,535 of them. Code holds
// indices, no addresses: it depends on the module alone and could be kept on disk.
#pragma once

#include "run/exec.h"

// How handlers enter each other: by guaranteed tail calls; from a loop under the address sanitizer,
// which makes stack frames that their calling convention cannot have; else by jumps within one
// function.
#if defined __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined __clang__
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#elif __has_attribute(musttail) && __has_attribute(preserve_none)
#define TAIL_CALLS 1
#endif
#endif
// Pairs (pair.def) are for handlers that are functions: one function of so many takes minutes to
// compile.
#if (defined TAIL_CALLS || defined SANITIZED) && !defined WEFT_MICRO && !defined WEFT_COUNT
#define INTERP_PAIRS 1
#else
#define INTERP_PAIRS 0
#endif

typedef enum {
#define IOP(name) IOP_##name,
#include "interp/iop.def"
    IOP_COUNT
} Iop;

enum {
    INTERP_FRAME_SLOTS_MAX = 65535,
    INTERP_DEPTH_MAX = 200, // host functions that call the guest, inside each other: each takes native stack
    // Of which so many bytes must be left, for whatever the guest and the host call next; the most that
    // is known is a path of WASI's with its links, which takes 36 KiB.
    INTERP_NATIVE_LEFT = 48 << 10,
};

// A stretch of code that may throw to clauses of its own: of a try_table, or of a legacy try up to
// its first clause.
typedef struct {
    u32 next;         // where the search goes on when no clause here fits: the one around it, or where a delegate points
    u32 clauses;      // index of the first clause's words, or INTERP_NONE
} InterpGuard;

// From this index of code on to that of the next range. In front of the first nothing is guarded.
typedef struct {
    u32 start;
    u32 guard;        // the innermost, or INTERP_NONE
} InterpRange;

#define INTERP_NONE UINT32_MAX

// Builds that leave exceptions out have nobody to look for.
static const bool interp_unwinds = !(FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_exceptions));

// A clause is two words among the code, where control never comes:
//     bits  0-15 CLAUSE_    16-31 home: the slot of the first value    32-63 tag
//     bits  0-31 distance from this word to the code that goes on      32-63 the next clause of the guard, or INTERP_NONE
// Kinds as they are encoded for try_table; those of a legacy try keep the exception, for rethrow,
// in the slot before the values.
typedef enum { CLAUSE_catch, CLAUSE_catch_ref, CLAUSE_catch_all, CLAUSE_catch_all_ref, CLAUSE_old_catch,
               CLAUSE_old_catch_all } ClauseKind;

// The translation of one body, or of one constant expression.
typedef struct {
    u64 *code;
    u32 count;
    u32 local_slots; // parameters included; operands start here
    u32 frame_slots; // locals and the deepest operands
    // The state map: where each operation that may call or trap came from. At a safepoint every
    // local and operand is in its home slot, so this is all there is to say. See frames.c.
    const u8 *map;
    u32 map_len;
    const InterpGuard *guards;
    u32 guard_count, range_count;
    const InterpRange *ranges;
} InterpCode;

// Looks for who catches an exception and goes there: on TRAP_none the fiber stands in front of the
// code that goes on. Its state is where the search begins, or with `behind` the call that the
// newest record is of. `values` may be in a frame; `ref` is the exception as an object, or REF_NULL
// when there is none yet. When nobody catches it the state stays, and TRAP_uncaught_exception is
// the answer. spec: exec/instructions, throw_ref
Trap interp_unwind(Exec *x, const Tag *tag, const u64 *values, Ref ref);
Trap interp_unwind_call(Exec *x, Record *call, Ref ref);

// Translates func's body and sets its entry. Afterwards TRAP_none, or why it cannot run.
Trap interp_translate(Exec *x, Func *func);
// The same for a constant expression of `inst`, into *code and `scratch`.
Trap interp_translate_expr(Exec *x, const Instance *inst, Range expr, Type type, Arena *scratch,
                           InterpCode *code);
