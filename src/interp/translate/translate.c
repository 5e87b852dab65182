// translate.c -- one pass from a body to register code (code.h), driven by the walk.
//
//     walk (valid/walk.h) --hooks--> image of the operands (image.h) --emit--> code, state map
//
// The hooks are in hooks_*.h by what they are about. This file includes them, makes the
// interpreter's copy of the walk, and has the entry points.
//
// To stop takes nothing but to leave: what was translated is in scratch memory, and the function
// keeps its entry, so the next call begins anew.

#include "interp/translate/hooks_cont.h"
#include "interp/translate/hooks_control.h"
#include "interp/translate/hooks_gc.h"
#include "interp/translate/hooks_number.h"
#include "interp/translate/hooks_value.h"
#include "interp/translate/hooks_vector.h"

#include <stdatomic.h>

// What comes next is made as if nothing had been known of what came before.
static void apart(Translator *t)
{
    settle(t);
    t->last = t->before = t->stepped = NONE;
}

// Some thousand bytes of the body are translated within a fraction of a millisecond, whatever they
// are: see image.h.
static __attribute__((noinline)) bool look(Translator *t, const WalkState *w)
{
    enum { BYTES = 4096 };
    if (t->trap) return false;
    t->look = t->bare ? 0 : w->pos + BYTES;
    if (t->bare) apart(t);
    t->trap = exec_asked(t->exec);
    if (t->trap) t->exec->resumable = true; // it is translated anew then
    return !t->trap;
}

#define WALK_GOES_ON(t, w) (LIKELY((w)->pos < (t)->look) || look(t, w))
#define WALK_EACH(t, w, op, effects) (pay_units(t, 1 + op_dear[op]), mark_row(t, w, op, effects))
#define WALK_NAME interp
#define WALK_CONTEXT Translator
#include "valid/walk.h"

// --- entry points

static Trap refused(Exec *x, Err why, u32 func)
{
    const char *form = why == ERR_out_of_memory ? "%.0swhile translating function %u"
                                                : "%s: while translating function %u";
    return exec_trap(x, TRAP_out_of_memory, form, err_text[why], func);
}

// *code stays in `scratch`.
static Trap translate(Exec *x, const Instance *inst, u32 func, Arena *scratch, Code *code)
{
    jmp_buf failed;
    scratch->on_failure = &failed;
    if (setjmp(failed))
        return refused(x, scratch->met ? ERR_limit_code_bytes : ERR_out_of_memory, func);
    Diag diag;
    diag_init(&diag);
    u32 mode = code_mode(inst->made, func);
    Translator t = {.arena = scratch, .exec = x, .last = NONE, .before = NONE, .stepped = NONE,
                    .charge = NONE,
                    .fueled = mode & CODE_fueled,
                    .deterministic = mode & CODE_deterministic,
                    .counting = NATIVE && mode & CODE_compiled && inst->made->hot,
                    .bare = mode & CODE_bare};
    t.seeing = t.counting && inst->module->optimizes == OPTIMIZE_warm;
    t.next_point = MAP_POINT_EVERY;
    buf_init(&t.map, scratch);
    WalkState w;
    walk_init(&w, inst->module, scratch, &diag);
    bool good = interp_walk_func(&t, &w, func);
    if (t.trap == TRAP_call_stack_exhausted)
        return exec_trap(x, t.trap, "function %u needs more than %d slots", func,
                         INTERP_FRAME_SLOTS_MAX);
    if (t.trap) return t.trap;
    // it was never validated
    if (!good) return exec_trap(x, TRAP_not_executable, "%s", err_text[diag.err]);
    t.code[t.enter + 1] = (u64)(t.frame_slots + RECORD_SLOTS) * 8;
    *code = (Code){.words = t.code, .count = t.count, .local_slots = t.local_slots,
                   .frame_slots = t.frame_slots,
                   .map = t.map.data, .map_len = (u32)t.map.len, .points = t.points,
                   .point_count = t.point_count, .calls = t.calls, .call_count = t.call_count,
                   .catches = {t.guards, t.ranges, t.code, t.guard_count, t.range_count}};
    return TRAP_none;
}

// Is it to be translated anew, when it goes on?
static Trap asked(Exec *x)
{
    x->resumable |= exec_asked(x) != TRAP_none;
    return exec_asked(x);
}

static Trap publish(Exec *x, const Instance *inst, u32 func, const Code *code, Halt halt)
{
    FuncCode *to = &inst->code[func];
    for (Trap trap; !code_body(to);) {
        Err err = code_publish(inst->module, to, code, halt);
        if (err) return refused(x, err, func);
        // which may have been taken back
        if (!code_body(to) && (trap = asked(x)) != TRAP_none) return trap;
    }
    return TRAP_none;
}

// Not inlined into the one function that is all handlers, as gcc would: it takes registers there.
__attribute__((noinline)) Trap interp_translate(Exec *x, const Instance *inst, u32 func)
{
    if (code_share(inst->made, func)) return TRAP_none; // another thread was first, or a mode
    const Halt halt = {&x->stop, STOP_TRAP};
    Arena scratch;
    Code code;
    while (!spare_begin_scratch(&scratch, halt)) {
        Trap trap = asked(x);
        if (trap) return trap;
    }
    const Module *m = inst->module;
    if (m->accounts) scratch.account = &m->accounts[ENGINE_code_bytes]; // while it lasts
    Trap trap = translate(x, inst, func, &scratch, &code);
    if (!trap) trap = publish(x, inst, func, &code, halt);
    spare_end_scratch(&scratch, halt);
    return trap;
}
