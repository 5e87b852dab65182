// call.c -- see call.h.

#include "run/call.h"

#include "plat/thread.h"
#include "run/frame.h"
#include "run/gc/collect.h"
#include "run/park.h"
#include "run/slow.h"
#include "run/store.h"

#include <string.h>

// Builds that are tested by moving what runs (Exec.stop_every).
#ifdef WEFT_MICRO
static const bool moves = false;
#else
static const bool moves = true;
#endif

// Few slots, mostly: a call of memcpy would cost more than the copy.
static inline void copy_slots(u64 *to, const u64 *from, u32 count)
{
    switch (count) {
    case 4: to[3] = from[3]; // fall through
    case 3: to[2] = from[2]; // fall through
    case 2: to[1] = from[1]; // fall through
    case 1: to[0] = from[0]; // fall through
    case 0: return;
    default: memcpy(to, from, (size_t)count * sizeof *to);
    }
}

// A call that does not begin. Whose stack it was that is full is told where that was found, or it
// is the guest's.
static __attribute__((noinline)) Trap refuse(Exec *x, Trap trap)
{
    if (trap == TRAP_call_stack_exhausted && !x->trap_detail[0])
        exec_trap(x, trap, "stack_bytes of the store are used up: the limit is %zu",
                  x->stack_limit);
    return exec_end(x, trap);
}

// Is there native stack for one more call of a host function's?
static __attribute__((noinline)) Trap nest(Exec *x)
{
    const StoreLimits *limits = &exec_store(x)->limits;
    if (x->depth >= limits->host_calls)
        return exec_trap(x, TRAP_call_stack_exhausted, "the host calls %u deep", x->depth);
    if (thread_stack_left() < limits->native_bytes)
        return exec_trap(x, TRAP_call_stack_exhausted, "the thread's own stack");
    return TRAP_none;
}

// `code` runs in a frame, up to what is returned to.
static inline Trap run_code(Exec *x, Instance *inst, const u64 *code, u64 *fp, Record *record)
{
    if (!NATIVE || code != code_native) return tier_run(x, code, fp, record, inst);
    x->depth++;
    int next = native_call(x, fp, record, inst);
    if (UNLIKELY(next)) return tier_take_over(x, next);
    x->depth--;
    return TRAP_none;
}

// Runs `code` in a new frame on top of whatever is active, for a function of `inst`, or one of the
// host that it calls. After a trap the place stays as it is. `outermost`: nothing is active; known
// where this is inlined.
static ALWAYS_INLINE Trap enter(Exec *x, Instance *inst, u32 callee, const u64 *code, u64 *slots,
                                u32 in, u32 out, bool outermost)
{
    Trap trap = TRAP_none;
    if (!outermost) trap = nest(x);
    else if (!exec_take_stack(x)) trap = exec_trap(x, TRAP_out_of_memory, "for the stack");
    if (UNLIKELY(trap)) return refuse(x, trap);
    u64 *fp = outermost ? x->stack : frame_top(x), *bottom = outermost ? x->stack_end : x->bottom;
    s64 need = (s64)MAX(in, out) * 8 + (s64)(sizeof(Start) + sizeof(Record));
    if (UNLIKELY((u8 *)bottom - (u8 *)fp < need)) return refuse(x, TRAP_call_stack_exhausted);
    Start *start = (Start *)bottom - 1;
    Start *older = outermost ? NULL : x->start;
    u64 *older_frame = outermost ? NULL : x->start_frame;
    *start = (Start){.record = {.ip = code_exit, .callee = callee}};
    if (!outermost && x->host.record) {
        start->record.inst = x->host.inst;
        start->record.delta = (u32)(fp - x->host.frame);
        start->ip = code_host;
    }
    if (older) {
        start->records = (u32)((u8 *)older - (u8 *)start);
        start->frames = (u32)((u8 *)fp - (u8 *)older_frame);
    }
    x->start = start;
    x->start_frame = fp;
    copy_slots(fp, slots, in);
    trap = run_code(x, inst, code, fp, &start->record);
    x->top = fp;
    x->bottom = bottom;
    if (UNLIKELY(trap && outermost)) return refuse(x, trap); // it may go on from where x->start is
    x->start = older;
    x->start_frame = older_frame;
    if (UNLIKELY(trap)) return refuse(x, trap);
    exec_settle(x);
    copy_slots(slots, fp, out);
    if (outermost) exec_give_stack(x);
    return TRAP_none;
}

enum { MOVED_MOST = 64 << 10 }; // bytes; all of a runaway recursion would be moved at each step

// Parks what was paused, and puts it on another stack.
static bool move_elsewhere(Exec *x)
{
    u64 used = (u64)((u8 *)x->stack_end - (u8 *)x->at.record) +
               (u64)((u8 *)x->at.frame - (u8 *)x->stack);
    if (used > MOVED_MOST) return true;
    Parked *parked = exec_park(x); // and the thread has its stack again
    size_t size = x->stack_limit, other = size;
    void *here = parked ? spare_take(SPARE_stack, &size) : NULL;
    if (!here) {
        if (parked) exec_drop_parked(x, parked);
        return false;
    }
    spare_give(SPARE_stack, spare_take(SPARE_other, &other), other);
    bool moved = exec_unpark(x, parked);
    spare_give(SPARE_other, here, size);
    return moved;
}

// As tests have it (Exec.stop_every): what was paused goes on, at another place, unless somebody
// asked for it.
static __attribute__((noinline)) Trap keep_going(Exec *x, Trap trap, u64 *slots, u32 room)
{
    for (u32 stops = 1; trap == TRAP_paused && x->stop_every && !x->stops && x->resumable &&
                        !(exec_stop_word(x) & STOP_PAUSE);
         stops++) {
        // Which takes as long as to validate the body, so ever more rarely.
        if (SANITIZES_ADDRESSES && !(stops & (stops - 1))) frame_check(x, 4);
        heap_stress(exec_store(x), &x->at);
        if (!move_elsewhere(x))
            return exec_end(x, exec_trap(x, TRAP_out_of_memory, "to park a guest"));
        trap = exec_continue(x, slots, room);
    }
    return trap;
}

static inline Trap call_from(Exec *x, Instance *caller, Func *func, u64 *slots, u32 room)
{
    exec_begin(x);
    if (!x->depth) x->called = func;
    u32 in = func_param_slots(func), out = func_result_slots(func);
    if (UNLIKELY(MAX(in, out) > room)) return exec_end(x, TRAP_too_few_slots);
    const FuncCode *code = func->code;
    Instance *inst = code ? func_instance(x, func) : caller;
    u32 callee = code ? func->index : ref_of_func(exec_store(x), func);
    const u64 *to = code ? code_entry(code) : code_host;
    Trap trap = x->depth ? enter(x, inst, callee, to, slots, in, out, false)
                         : enter(x, inst, callee, to, slots, in, out, true);
    return LIKELY(trap != TRAP_paused) || !moves ? trap : keep_going(x, trap, slots, room);
}

Trap exec_call(Exec *x, Func *func, u64 *slots, u32 room)
{
    return call_from(x, NULL, func, slots, room);
}

Trap exec_start(Exec *x, Instance *inst)
{
    return call_from(x, inst, instance_func(inst, inst->module->start), NULL, 0);
}

// Behind what went on to the end of the outermost call.
static Trap end_call(Exec *x, Trap trap, u64 *slots, u32 out)
{
    x->top = x->stack; // whatever it called has moved them
    x->bottom = x->stack_end;
    if (trap) return refuse(x, trap);
    x->start = NULL;
    x->start_frame = NULL;
    exec_settle(x);
    copy_slots(slots, x->stack, out);
    exec_give_stack(x);
    return TRAP_none;
}

Trap exec_continue(Exec *x, u64 *slots, u32 room)
{
    if (!exec_may_continue(x)) return exec_end(x, TRAP_not_stopped);
    u32 out = func_result_slots(x->called);
    if (out > room) return TRAP_too_few_slots; // and it may still be continued
    Position from = x->at;
    exec_begin(x);
    x->polls = x->stop_every;
    return end_call(x, tier_go_on(x, &from), slots, out);
}

Trap exec_call_again(Exec *x)
{
    const Position host = x->at;
    exec_begin(x);
    x->depth++;
    Trap trap = slow_host(x, host.inst, host.record, host.frame);
    x->depth--;
    x->at = host;
    exec_end(x, TRAP_waits);
    x->resumable = true;
    return trap;
}

Trap exec_answer(Exec *x, Trap how, const u64 *results, u64 *slots, u32 room)
{
    if (!exec_waits(x)) return exec_end(x, TRAP_not_stopped);
    u32 out = func_result_slots(x->called);
    if (out > room) return TRAP_too_few_slots;
    const Position host = x->at;
    Record *r = host.record;
    x->polls = x->stop_every;
    if (how) {
        x->depth++;
        Trap trap = slow_host_threw(x, host.inst, r, host.frame, how);
        if (!trap) return end_call(x, tier_take_over(x, RUN_caught), slots, out);
        x->depth--;
        return refuse(x, trap);
    }
    u32 given = func_result_slots(ref_to_func(exec_store(x), r->callee));
    if (results) copy_slots(host.frame, results, given);
    exec_begin(x);
    Trap trap = tier_run(x, r->ip, host.frame - r->delta, r + 1, r->inst);
    return end_call(x, trap, slots, out);
}
