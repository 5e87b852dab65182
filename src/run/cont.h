// cont.h -- continuations: what a guest set aside, to go on with it later.
//
//     reference --> | head | entry |  in the heap      entry --> Parked | head | frames | records |
//
// What a continuation has done so far stands in one block, which is copied to the stack when it is
// resumed, on top of who resumes it and behind a Start (exec.h); and off it again when it is
// suspended, from there to the Start whose resumption handles the tag. A resumption's handlers are
// clauses of a guard of its own (code.h). A continuation is good for one use: then its object says
// that it has no entry.
//
// Here x->at says where the instruction stands: of the interpreter's code in its last word; of
// native code behind the call. Operands stand in slots of that frame, from `first` on. The answer
// is a trap, or RUN_native or RUN_interp: x->at is where the guest goes on. What is copied is paid
// for, by slots and frames, of which all tiers have as many.
// spec: proposal stack-switching, exec/instructions
#pragma once

#include "run/exec.h"
#include "run/heap.h"
#include "run/park.h"

// Behind references of type cont.
typedef struct {
    u32 head;      // TYPE_ID_CONT
    u32 entry;     // of the store's table; 0: it was used
} ContObject;

typedef struct ContEntry {
    Parked *parked; // NULL: it has not begun, and nothing is bound
    Ref ref;        // the object; REF_NULL: the entry is free
    Ref func;       // what it begins with, if it has not begun
    TypeId takes;   // a function type, of which it takes the parameters, or the results
    bool results;
    u32 bound;      // so many of these it has
    u32 next;       // that is free, or 0
    u32 before;     // that was listed before it, or 0
    bool listed;    // since the last collection, whatever became of it
} ContEntry;

// Where somebody goes on who handled a tag before. No instance goes away that ran once.
typedef struct {
    const u64 *back;   // where the resumption goes on when it is over: of code that stays as it is
    const Instance *inst;
    const Tag *tag;
    TagHandler by;
    u32 units;         // what it took to find it
    bool switches;
} HandlerMemo;

enum { CONT_MEMOS = 16 };

// Entry 0 is none.
typedef struct ContTable {
    ContEntry *of;
    u32 count, cap;
    u32 free;       // the first, or 0
    u32 listed;     // the newest that may have been made since the last collection, or 0
    size_t most;    // bytes that are parked when it is time to look which can still be reached
    Parked *spare;  // a block for the next one, of so many bytes; or NULL
    size_t spare_bytes;
    HandlerMemo *memo; // CONT_MEMOS of them, from the first continuation on
} ContTable;

// Traps: null_function_reference, out_of_memory.
Trap cont_new(Exec *x, const Position *from, u64 *v);
// The values that the second type does not take any more, and the continuation behind them.
Trap cont_bind(Exec *x, const Position *from, TypeId of, TypeId to, u64 *v);
// Is it of this type? For the host: the guest's are.
bool cont_matches(const Store *store, Ref ref, TypeId type);

// `native`: x->at is in native code. Arguments, which take so many slots, and the continuation
// behind them.
int cont_resume(Exec *x, bool native, u32 first, u32 slots);
// The same, but that the tag's parameters are thrown where it goes on; or an exception.
int cont_resume_throw(Exec *x, bool native, u32 first, const Tag *tag);
int cont_resume_throw_ref(Exec *x, bool native, u32 first);
// The tag's parameters, which take so many slots.
int cont_suspend(Exec *x, bool native, u32 first, u32 slots, const Tag *tag);
// Of the type of the one that is switched to.
int cont_switch(Exec *x, bool native, u32 first, TypeId type, const Tag *tag);
// What a continuation is, beside what is in the heap.
typedef struct {
    Ref func;       // what it begins with; REF_NULL: it has begun
    TypeId takes;   // see ContEntry
    bool results;
    u32 bound;
    Parked *parked; // its frames; behind them the values that are bound; NULL: there are none
} ContState;
// False: it was used.
bool cont_look(const Store *store, Ref ref, ContState *out);
// Makes it what an object that was used stands for. Takes over what is parked, also when it fails:
// memory is short, or a limit met.
bool cont_adopt(Store *store, Ref ref, const ContState *state);
// Would that be of this type, if its oldest function has the results of `ends`?
bool cont_state_matches(const Store *store, const ContState *state, const TypeDef *ends,
                        TypeId type);
// Of what it takes, the types of all, and how many.
const Type *cont_takes(const Store *store, const ContState *state, u32 *count);

// For the collector. References of what the object stands for, in slots.
void cont_each_ref(const Store *store, Ref ref, FrameVisitor *visit, void *env);
// Makes the maps of those that were made since the last collection. False: out of memory.
bool conts_map(Store *store);
// What has no mark is gone, after a minor collection or a major one.
void conts_swept(Store *store, bool major);
void conts_free(Store *store);
// Bytes that cont_each_ref goes through.
u32 cont_bytes(const Store *store, Ref ref);
