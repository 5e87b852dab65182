// unwind.c -- who catches an exception? Frames are asked from the newest on, and in each the guards
// around the place where it stands, from the innermost out; see code.h. Nothing is undone: a frame
// that does not catch it is forgotten.
// spec: exec/instructions (throw, throw_ref), and the legacy exception handling proposal

#include "interp/code.h"
#include "interp/interp.h"

#include <string.h>

typedef struct {
    Exec *x;
    const Tag *tag;
    const u64 *values;
    Ref ref;   // REF_NULL until somebody wants it as an object
    u32 slots; // of the values
} Thrown;

// The exception as an object. False: no memory for one.
static bool materialize(Thrown *e)
{
    if (!e->ref) e->ref = ref_new_exception(e->x->store, e->tag, e->values);
    return e->ref != REF_NULL;
}

static u32 innermost_guard(const InterpCode *code, u32 at)
{
    u32 low = 0, high = code->range_count; // ranges below low start at or before the place, those from high on behind it
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (code->ranges[middle].start <= at) low = middle + 1;
        else high = middle;
    }
    return low ? code->ranges[low - 1].guard : INTERP_NONE;
}

static bool fits(const Thrown *e, const Instance *inst, u64 clause)
{
    switch ((ClauseKind)(u16)clause) {
    case CLAUSE_catch: case CLAUSE_catch_ref: case CLAUSE_old_catch: return inst->tags[clause >> 32] == e->tag;
    default: return true;
    }
}

// The index of the clause that catches it in this frame, or INTERP_NONE.
static u32 find_clause(const Thrown *e, const Func *func, u32 at)
{
    const InterpCode *code = func->code;
    for (u32 g = innermost_guard(code, at); g != INTERP_NONE; g = code->guards[g].next)
        for (u32 c = code->guards[g].clauses; c != INTERP_NONE; c = (u32)(code->code[c + 1] >> 32))
            if (fits(e, func->instance, code->code[c])) return c;
    return INTERP_NONE;
}

// Puts what the clause asks for into the frame. False: no memory. The object comes first: the
// values may be where they are put.
static bool deliver(Thrown *e, u64 *frame, u64 clause)
{
    u64 *home = frame + (u16)(clause >> 16);
    ClauseKind kind = (ClauseKind)(u16)clause;
    bool old = kind == CLAUSE_old_catch || kind == CLAUSE_old_catch_all;
    bool wants_ref = old || kind == CLAUSE_catch_ref || kind == CLAUSE_catch_all_ref;
    bool wants_values =
        kind == CLAUSE_catch || kind == CLAUSE_catch_ref || kind == CLAUSE_old_catch;
    if (wants_ref && !materialize(e)) return false;
    if (wants_values) memmove(home, e->values, e->slots * sizeof *home);
    if (wants_ref) *(old ? home - 1 : home + (wants_values ? e->slots : 0)) = e->ref;
    return true;
}

static Trap out_of_memory(Exec *x) { return exec_trap(x, TRAP_out_of_memory, "for an exception"); }

static Trap unwind(Thrown *e, Func *func, u64 *frame, const u64 *ip, Record *record)
{
    Exec *x = e->x;
    while (func != &x->barrier) {
        const InterpCode *code = func->code;
        u32 clause = find_clause(e, func, (u32)(ip - code->code));
        if (clause == INTERP_NONE) {
            func = record->func;
            frame = record->frame;
            ip = record->ip - 1; // it goes on behind its call
            record++;
            continue;
        }
        if (!deliver(e, frame, code->code[clause])) return out_of_memory(x);
        x->ip = code->code + clause + 1 + (s32)code->code[clause + 1];
        x->frame = frame;
        x->func = func;
        x->record = record;
        return TRAP_none;
    }
    if (!materialize(e)) return out_of_memory(x);
    x->thrown = e->ref;
    return TRAP_uncaught_exception;
}

static Thrown thrown(Exec *x, const Tag *tag, const u64 *values, Ref ref)
{
    return (Thrown){x, tag, values, ref, type_def(x->store->types, tag->type)->param_slots};
}

Trap interp_unwind(Exec *x, const Tag *tag, const u64 *values, Ref ref)
{
    Trap stop = exec_piece(x, 0); // a loop may go round by throwing
    if (stop) return stop;
    Thrown e = thrown(x, tag, values, ref);
    return unwind(&e, x->func, x->frame, x->ip, x->record);
}

Trap interp_unwind_call(Exec *x, Record *call, Ref ref)
{
    Trap stop = exec_piece(x, 0);
    if (stop) return stop;
    const Exception *exception = ref_to_exception(x->store, ref);
    Thrown e = thrown(x, exception->tag, exception->values, ref);
    return unwind(&e, call->func, call->frame, call->ip - 1, call + 1);
}
