// code.h -- functions as they are run. Code is made from a module on first use, by whichever thread
// comes first, and shared by all instances of the module in all stores:
//
//     Module.code[mode] --> ModuleCode --> FuncCode { interp } by function index
//                                                       |
//                            Code { .. | words, guards, state map }   entered at its words
//
// Code holds the module's own numbers (of functions, types, globals, ...) and no addresses, so it
// is the same in every process. Whoever translated first writes `body`, and then where it is
// entered, each by a release; all of the Code is reached through them.
#pragma once

#include "base/halt.h"
#include "module/module.h"

#include <stdatomic.h>

// What changes the code that is made for a function: a bit each. Bare is for tests: nothing is made
// of several instructions together, so that what is can be held against it.
// Compiled: functions get native code, when the engine thinks that it is time. Guarded, which only
// those are: some of the instance's memories are (run/guard.h), and memory 0, if its type suits
// them; any access may fault.
enum {
    CODE_fueled = 1, CODE_deterministic = 2, CODE_bare = 4, CODE_compiled = 8, CODE_guarded = 16,
    CODE_MODES = MODULE_CODE_MODES
};

#define CODE_NONE UINT32_MAX

// A stretch of code that may throw to clauses of its own: of a try_table, or of a legacy try up to
// its first clause.
typedef struct {
    // where the search goes on when no clause here fits: the one around it, or where a delegate
    // points
    u32 next;
    u32 clauses;      // index of the first clause's words, or CODE_NONE
} Guard;

// A clause is two words among the code, where control never comes:
//     bits  0-15 CLAUSE_    16-31 home: the slot of the first value    32-63 tag
//     bits  0-31 distance from this word to the code that goes on
//          32-63 the next clause of the guard, or CODE_NONE
// Kinds as they are encoded for try_table; those of a legacy try keep the exception, for rethrow,
// in the slot before the values.
typedef enum {
    CLAUSE_catch,
    CLAUSE_catch_ref,
    CLAUSE_catch_all,
    CLAUSE_catch_all_ref,
    CLAUSE_old_catch,
    CLAUSE_old_catch_all,
    // of a resumption, in a guard that guards nothing else; who is thrown through passes on
    CLAUSE_on,
    CLAUSE_on_switch, // goes nowhere
} ClauseKind;

// From here on to the start of the next range. In front of the first nothing is guarded.
typedef struct {
    u32 start;
    u32 guard;        // the innermost, or CODE_NONE
} GuardRange;

// In front of a pair of the state map: what those before it come to.
typedef struct {
    u32 word, offset;
    u32 at;           // byte of the map
} MapPoint;
enum { MAP_POINT_EVERY = 256 }; // bytes of the map between them, at least

// Who catches what is thrown in a piece of code. Ranges count what the code does: words of the
// interpreter's, bytes of native code.
typedef struct {
    const Guard *guards;
    const GuardRange *ranges; // in the order of their starts
    const u64 *clauses;       // guards and clauses have indices of these words
    u32 guard_count, range_count;
} Catches;

// Whom a call by a table or a reference was seen to call: a function of the same instance, by its
// number in the module, so no address that may outlive what it was of. Any guest that runs this
// code says so, and they do not all do the same: it is a guess, and who uses it asks first.
typedef struct {
    u32 offset;        // in the module, of the instruction
    _Atomic u32 func;  // 0: nobody yet; or CODE_NONE: several
} CallSeen;

// What one function was translated to. The state map says where each safepoint came from
// (op_safepoint): pairs, LEB128 each, of the distance in words and the distance in bytes of the
// module from the pair before. Everything else about a frame follows from the place, since at a
// safepoint every local and operand is in its home slot.
typedef struct {
    const u64 *words;
    u32 count;
    u32 local_slots; // parameters included; operands start here
    u32 frame_slots; // locals and the deepest operands
    const u8 *map;
    u32 map_len, point_count;
    const MapPoint *points; // where a search of the map may begin, in order
    Catches catches;        // its clauses are among the words
    CallSeen *calls;        // by offset, where it may be optimized later
    u32 call_count;
} Code;

// The word's offset is where it came from: bytes in the module, 0 if no pair is at or before it.
// Where a loop begins with an instruction that has a pair too, both may be of one word: then
// `stopped` says that it is the loop that is meant.
u32 code_offset(const Code *code, u32 word, bool stopped);
// The word where the safepoint at this offset stands; CODE_NONE: there is none.
u32 code_word(const Code *code, u32 offset);

// Its rows are in layout.def. Its index is where it stands among those of its module.
typedef struct {
    // where native code enters it: native_none until it was compiled
    _Atomic(const void *) native;
    // where the interpreter does: code_translate until it was translated; code_native once it was
    // compiled
    _Atomic(const u64 *) interp;
    _Atomic(const Code *) body;   // NULL: it was not
    TypeId type;
    u16 param_slots, result_slots; // of its type
} FuncCode;

typedef struct ModuleCode {
    const Module *module;
    u32 mode;
    u32 hot;                               // as the module's; 0 where code of it is stored
    _Atomic(struct NativeRegion *) region; // NULL: nothing was compiled
    // by function index, if they get native code: what is left until then, 0 or less when it is
    // time
    _Atomic s32 *heat;
    // likewise, if they are optimized when they are warm: see warm.h
    _Atomic u8 *warmth;
    FuncCode funcs[];            // by function index; those of imports are not used
} ModuleCode;

// The code of a module in a mode, with no function translated when it is new. Any thread may ask.
// It lives until code_drop. NULL: *why is out_of_memory or limit_code_bytes.
ModuleCode *code_of_module(const Module *m, u32 mode, Err *why);
// The same for who makes code that is kept elsewhere: it is nobody else's.
ModuleCode *code_apart(const Module *m, u32 mode, Err *why);
void code_free_apart(ModuleCode *code);
void code_drop(Module *m); // before the module goes; its maps too
// False: the interpreter has no code for the function, not in another mode either that would do.
bool code_share(ModuleCode *code, u32 func);
// Moves `made`, of which nothing is kept, to where it is found and can be entered; or drops it when
// another thread was first, or an end was asked for before all was moved. ERR_none, out_of_memory
// or limit_code_bytes.
Err code_publish(const Module *m, FuncCode *func, const Code *made, Halt halt);

// The bits that hold for this function. Fuel holds for all, or calls between them would not be paid
// for.
static inline u32 code_mode(const ModuleCode *code, u32 func)
{
    return module_is_among(code->module, func) ? code->mode : code->mode & CODE_fueled;
}
static inline const u64 *code_entry(const FuncCode *f)
{
    return atomic_load_explicit(&f->interp, memory_order_acquire);
}
// Code that no translation makes: where a function starts before it has any, what stands for a host
// function, and what the host's call returns to; a function that has native code, and a call that
// native code made.
extern const u64 code_translate[], code_host[], code_exit[], code_native[], code_return_native[],
    code_return_cont[];

// NULL: not yet translated.
static inline const Code *code_body(const FuncCode *f)
{
    return atomic_load_explicit(&f->body, memory_order_acquire);
}

// A function was called there.
static inline void code_saw(CallSeen *call, u32 func)
{
    u32 was = atomic_load_explicit(&call->func, memory_order_relaxed);
    if (was == func + 1 || was == CODE_NONE) return;
    atomic_store_explicit(&call->func, was ? CODE_NONE : func + 1, memory_order_relaxed);
}
// The call at this offset, in the function; NULL: nobody looks at it.
CallSeen *code_call(const ModuleCode *code, u32 func, u32 offset);
