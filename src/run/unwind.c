// unwind.c -- who catches an exception, or handles a tag? Frames are asked from the newest on, and
// in each the guards around the place where it stands, from the innermost out; see code.h. Nothing
// is undone: a frame that does not catch it is forgotten. There may be a hundred thousand frames,
// with a million clauses in each, so the search asks now and then whether to go on, and pays for
// what it sees.
// spec: exec/instructions (throw, throw_ref), and the legacy exception handling proposal

#include "run/frame.h"
#include "run/heap.h"
#include "run/store.h"

#include <string.h>

typedef struct {
    Exec *x;
    const Tag *tag;
    const u64 *values;
    const Position *from;
    Ref ref;   // REF_NULL until somebody wants it as an object
    u32 slots; // of the values
    u64 units; // of fuel, for all that was looked at; paid once, at the end
    u64 asked; // of these, when it last asked whether to go on
    bool once; // it cannot be thrown again
    bool passed; // it was stopped before, and began again
} Thrown;

// Whether to go on. Who pauses each time after less than the search takes would never see its end:
// one that has begun again is not paused.
static Trap ask(const Thrown *e)
{
    Exec *x = e->x;
    Trap asked = exec_asked(x);
    // What a host function throws cannot be gone on with: a pause is for later.
    if (e->once || e->passed || (e->from->ip == code_host && !asked)) return asked;
    return exec_piece(x, 0);
}

// And is there enough to pay with? Nothing is paid yet, as all of it may be looked at again.
static Trap look(Thrown *e)
{
    e->asked = e->units;
    Trap stop = ask(e);
    if (!stop && !exec_has_fuel(e->x, e->units)) stop = TRAP_out_of_fuel;
    if (stop) e->x->resumable = !e->once;
    return stop;
}

static Trap pay(Thrown *e)
{
    Trap stop = look(e);
    return stop ? stop : exec_pay(e->x, e->units);
}

// What was looked at, and its price.
static Trap step(Thrown *e, u32 units)
{
    enum { LOOK = 4096 }; // units between two looks at the fiber
    e->units += units;
    return e->units - e->asked >= LOOK ? look(e) : TRAP_none;
}

// The exception as an object. False: no memory for one.
static bool materialize(Thrown *e)
{
    if (!e->ref) e->ref = ref_new_exception(exec_store(e->x), e->from, e->tag, e->values);
    return e->ref != REF_NULL;
}

static u32 innermost_guard(const Catches *in, u32 at)
{
    // ranges below low start at or before the place, those from high on behind it
    u32 low = 0, high = in->range_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (in->ranges[middle].start <= at) low = middle + 1;
        else high = middle;
    }
    return low ? in->ranges[low - 1].guard : CODE_NONE;
}

// Those of the cursor's frame, and where in its code it stands. NULL: it has none.
static const Catches *catches_at(const FrameCursor *c, u32 *at)
{
    if (c->native) {
        // behind the call that threw, which may have been the last that is guarded
        *at = frame_native_at(c) - 1;
        return &c->native->catches;
    }
    const Code *code = frame_code(c);
    if (!code) return NULL;
    *at = (u32)(c->at.ip - code->words);
    return &code->catches;
}

static const u64 *clause_target(const FrameCursor *c, const u64 *clauses, u32 clause)
{
    if (c->native) return native_address(c->at.inst->made, c->native, (u32)clauses[clause + 1]);
    return clauses + clause + 1 + (s32)clauses[clause + 1];
}

static bool fits(const Thrown *e, const Instance *inst, u64 clause)
{
    switch ((ClauseKind)(u16)clause) {
    case CLAUSE_catch: case CLAUSE_catch_ref: case CLAUSE_old_catch:
        return inst->tags[clause >> 32] == e->tag;
    case CLAUSE_on: case CLAUSE_on_switch: return false;
    default: return true;
    }
}

// *found is the index of the clause that catches it in this frame, or CODE_NONE.
static Trap find_clause(Thrown *e, const Instance *inst, const Catches *in, u32 at, u32 *found)
{
    Trap stop = step(e, PRICE_frame);
    for (u32 g = innermost_guard(in, at); g != CODE_NONE && !stop; g = in->guards[g].next) {
        stop = step(e, PRICE_guard);
        for (u32 c = in->guards[g].clauses; c != CODE_NONE && !stop;
             c = (u32)(in->clauses[c + 1] >> 32)) {
            *found = c;
            if (fits(e, inst, in->clauses[c])) return TRAP_none;
            stop = step(e, PRICE_clause);
        }
    }
    *found = CODE_NONE;
    return stop;
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

bool frame_handler(FrameCursor *c, const Tag *tag, bool switches, TagHandler *out, u32 *units)
{
    u32 at;
    const Catches *in = catches_at(c, &at);
    u32 guard = in ? innermost_guard(in, at) : CODE_NONE;
    *units += PRICE_frame;
    if (guard == CODE_NONE) return false;
    ClauseKind kind = switches ? CLAUSE_on_switch : CLAUSE_on;
    for (u32 i = in->guards[guard].clauses; i != CODE_NONE; i = (u32)(in->clauses[i + 1] >> 32)) {
        u64 clause = in->clauses[i];
        if ((u16)clause < CLAUSE_on) return false; // it is no resumption's
        *units += PRICE_clause;
        if ((u16)clause != kind || c->at.inst->tags[clause >> 32] != tag) continue;
        *out = (TagHandler){0};
        if (!switches)
            *out = (TagHandler){clause_target(c, in->clauses, i), (u16)(clause >> 16),
                                c->native != NULL};
        return true;
    }
    return false;
}

static Trap unwind(Thrown *e)
{
    Exec *x = e->x;
    FrameCursor c = {.at = *e->from};
    while (frame_outward(&c)) {
        u32 clause = CODE_NONE, at;
        const Catches *in = catches_at(&c, &at);
        Trap stop = in ? find_clause(e, c.at.inst, in, at, &clause) : TRAP_none;
        if (stop) return stop;
        if (clause == CODE_NONE) continue;
        stop = pay(e);
        if (stop) return stop;
        if (!deliver(e, c.at.frame, in->clauses[clause])) return exec_short(x, "for an exception");
        exec_drop_starts(x, c.at.record);
        x->at = c.at;
        x->at.ip = clause_target(&c, in->clauses, clause);
        if (x->thrown == e->ref) x->thrown = REF_NULL;
        return TRAP_none;
    }
    Trap stop = pay(e);
    if (stop) return stop;
    if (!materialize(e)) return exec_short(x, "for an exception");
    x->thrown = e->ref;
    return TRAP_uncaught_exception;
}

// The values may go into an object, into the frame that catches it, and on to its caller: that is
// paid three times.
static Thrown thrown(Exec *x, const Position *from, const Tag *tag, const u64 *values, Ref ref)
{
    u32 slots = type_def(exec_store(x)->types, tag->type)->param_slots;
    bool passed = x->passed;
    x->passed = false;
    return (Thrown){.x = x, .tag = tag, .values = values, .from = from, .ref = ref, .slots = slots,
                    .units = 3 * exec_value_units(slots), .passed = passed};
}

Trap frame_unwind(Exec *x, const Position *from, const Tag *tag, const u64 *values)
{
    Thrown e = thrown(x, from, tag, values, REF_NULL);
    return unwind(&e);
}

static Trap unwind_ref(Exec *x, const Position *from, Ref ref, bool once)
{
    const Exception *exception = ref_find_exception(exec_store(x), ref);
    if (!exception) return TRAP_null_exception_reference; // a confused guest's
    Thrown e = thrown(x, from, exception_tag(exec_store(x), exception), exception->values, ref);
    e.once = once;
    return unwind(&e);
}

Trap frame_unwind_ref(Exec *x, const Position *from, Ref ref)
{
    return unwind_ref(x, from, ref, false);
}

Trap frame_throw(Exec *x, const Position *from, const Tag *tag, const u64 *values)
{
    Thrown e = thrown(x, from, tag, values, REF_NULL);
    e.once = true;
    return unwind(&e);
}

Trap frame_throw_ref(Exec *x, const Position *from, Ref ref)
{
    return unwind_ref(x, from, ref, true);
}
