// warm.c -- see warm.h.

#include "run/warm.h"

#include "run/beside.h"
#include "run/frame.h"

#if NATIVE

enum {
    WARM = 4,          // times that a function is met
    WARM_never = 0xff,
    LOOPS_MOST = 8,    // of a function, that code begins at
};

void warm_never(ModuleCode *code, u32 func)
{
    atomic_store_explicit(&code->warmth[func], WARM_never, memory_order_relaxed);
}

static bool may_optimize(const ModuleCode *code)
{
    return code->warmth && !(code->mode & CODE_deterministic);
}

// The loop at whose header the frame stands; 0: it stands elsewhere.
static u32 loop_of(FrameCursor *c)
{
    const Module *m = c->at.inst->module;
    Site site = native_site(c->at.inst->made, c->native, c->at.ip);
    return site.kind == SITE_place && op_at(m->bytes + site.offset) == OP_loop ? site.offset : 0;
}

static bool is_there(const ModuleCode *code, u32 func, u32 begins)
{
    return native_has(native_region(code), func, true, begins);
}

static bool has_too_many(const ModuleCode *code, u32 func)
{
    u32 count = 0;
    for (const Native *n = native_newest(native_region(code), func); n; n = n->older)
        count += n->begins != 0;
    return count >= LOOPS_MOST;
}

// As tests have it: on the spot.
static void optimize_now(Exec *x, ModuleCode *code, u32 func, u32 begins)
{
    Compiled made = native_optimize(code, func, begins, (Halt){&x->stop, STOP_TRAP});
    if (made == COMPILED_not || made == COMPILED_short) warm_never(code, func);
}

static void want(Exec *x, ModuleCode *code, u32 func, u32 begins)
{
    if (is_there(code, func, begins) || (begins && has_too_many(code, func))) return;
    if (x->up_every) optimize_now(x, code, func, begins);
    else beside_ask(x->watcher, (BesideWork){code, func, true, begins});
}

// Who is met for the first times is only counted.
static void meet(Exec *x, FrameCursor *c, u32 loop)
{
    ModuleCode *code = c->at.inst->made;
    u32 met = atomic_load_explicit(&code->warmth[c->func], memory_order_relaxed);
    if (met == WARM_never) return;
    if (met < WARM && !x->up_every) {
        atomic_store_explicit(&code->warmth[c->func], (u8)(met + 1), memory_order_relaxed);
        return;
    }
    if (loop) want(x, code, c->func, loop);
    if (!loop || !x->up_every) want(x, code, c->func, 0);
}

static bool go_up(Exec *x, u32 func, u32 loop)
{
    const Position *at = &x->at;
    const void *to = native_loop(at->inst, func, loop, at->frame, at->record, true);
    if (!to) return false;
    x->at.ip = to;
    return true;
}

// Baseline code does not look whom it calls; but whom it is met in a call of, it calls.
static void see(FrameCursor *c, const Instance *inst, u32 callee)
{
    CallSeen *call = c->at.inst == inst ? code_call(inst->made, c->func, frame_offset(c)) : NULL;
    if (call) code_saw(call, callee);
}

static bool is_due(Exec *x)
{
    if (!x->up_every) return true;
    if (--x->ups) return false;
    x->ups = x->up_every;
    return true;
}

bool warm_look(Exec *x)
{
    FrameCursor c = {.at = x->at};
    if (x->unwatched) beside_watch(x->watcher, x);
    bool due = is_due(x) && frame_outward(&c);
    if (!due || !c.native || c.native->optimized || !may_optimize(c.at.inst->made)) return false;
    const u32 func = c.func, loop = loop_of(&c);
    const Instance *inst = c.at.inst;
    meet(x, &c, loop);
    if (loop && go_up(x, func, loop)) return true;
    bool called = frame_outward(&c) && c.native && !c.native->optimized &&
                  may_optimize(c.at.inst->made);
    if (!called) return false;
    see(&c, inst, func);
    meet(x, &c, 0);
    return false;
}

#endif
