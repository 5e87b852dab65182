// interp.c -- runs register code. One handler per operation (handlers.h), entered by a guaranteed
// tail call where the compiler has them, else by a computed goto, under the address sanitizer from
// a loop: one source for all.
//
// The state of the machine is the handlers' parameters, so that it stays in registers:
//
//     w      the word of code being run         ip      where it stands
//     fp     the frame: slot i is fp[i]         mem     memory 0: base and bytes
//     inst   the running function's instance    rec     the newest record, which says what function
//     x      the fiber: the state above is written there at safepoints and traps

#include "interp/interp.h"

#include "interp/code.h"
#ifdef WEFT_MICRO
#include "op/eval.h"
#else
#include "op/eval_vector.h"
#endif
#include "interp/steps.h"
#include "plat/thread.h"
#include "run/map.h"
#include "run/park.h"
#include "valid/homes.h"

#define STATE_PARAMS const u64 *ip, u64 *fp, u8 *mem, u64 mem_size, Instance *inst, Record *rec, Exec *x
#define STATE ip, fp, mem, mem_size, inst, rec, x

#ifndef WEFT_MICRO
#define GET_v(slot) get_vector(slot)
static inline V128 get_vector(const u64 *slot)
{
    V128 v;
    memcpy(&v, slot, sizeof v);
    return v;
}
#endif

#define SAVE() (x->at = (Position){ip, fp, rec, inst})
#define LOAD_MEMORY()                                                                              \
    do {                                                                                           \
        mem = inst->mem;                                                                           \
        mem_size = inst->mem_size;                                                                 \
    } while (0)

#define TRAP_NOW(why)                                                                              \
    do {                                                                                           \
        SAVE();                                                                                    \
        return (why);                                                                              \
    } while (0)
#define STOP(result) return (result)

#ifdef WEFT_COUNT
#include "interp/count.h"
#define COUNT() count_run(ip)
#else
#define COUNT()
#endif

#if defined TAIL_CALLS
// The table of handlers is a parameter too: its address would else be computed for each
// instruction.
typedef struct Handlers Handlers;
typedef __attribute__((preserve_none)) Trap Handler(STATE_PARAMS, const Handlers *handlers);
struct Handlers { Handler *run[IOP_COUNT]; };
#define HANDLER(name) static __attribute__((preserve_none)) Trap run_##name(STATE_PARAMS, const Handlers *handlers)
#define DISPATCH()                                                                                 \
    do {                                                                                           \
        COUNT();                                                                                   \
        __attribute__((musttail)) return handlers->run[*(const u16 *)ip](STATE, handlers);         \
    } while (0)
#include "interp/handlers.h"
static const Handlers all_handlers = {{
#define IOP(name) [IOP_##name] = run_##name,
#include "interp/iop.def"
}};
static Trap interp_run(STATE_PARAMS)
{
    return all_handlers.run[*(const u16 *)ip](STATE, &all_handlers);
}
#elif defined SANITIZED
// Each leaves the state that comes next in *next.
typedef struct {
    const u64 *ip;
    u64 *fp;
    u8 *mem;
    u64 mem_size;
    Instance *inst;
    Record *rec;
    Exec *x;
} State;
typedef Trap Handler(STATE_PARAMS, State *next);
static const Trap going_on = (Trap)-1;
#define HANDLER(name) static Trap run_##name(STATE_PARAMS, State *next)
#define DISPATCH()                                                                                 \
    do {                                                                                           \
        COUNT();                                                                                   \
        *next = (State){STATE};                                                                    \
        return going_on;                                                                           \
    } while (0)
#include "interp/handlers.h"
static Trap interp_run(STATE_PARAMS)
{
    static Handler *const handlers[IOP_COUNT] = {
#define IOP(name) [IOP_##name] = run_##name,
#include "interp/iop.def"
    };
    State s = {STATE};
    Trap trap = going_on;
    while (trap == going_on)
        trap = handlers[*(const u16 *)s.ip](s.ip, s.fp, s.mem, s.mem_size, s.inst, s.rec, s.x, &s);
    return trap;
}
#else
#define HANDLER(name) run_##name:
#define DISPATCH()                                                                                 \
    do {                                                                                           \
        COUNT();                                                                                   \
        goto *handlers[*(const u16 *)ip];                                                          \
    } while (0)
static Trap interp_run(STATE_PARAMS)
{
    static const void *const handlers[IOP_COUNT] = {
#define IOP(name) [IOP_##name] = &&run_##name,
#include "interp/iop.def"
    };
    DISPATCH();
#include "interp/handlers.h"
}
#endif

const u64 code_translate[] = {IOP_translate}, code_host[] = {IOP_host}, code_exit[] = {IOP_exit};
const HomesFinder map_finder = {homes_at, homes_refs};

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

// Says which instruction it was that this tier cannot execute.
static void name_instruction(Exec *x)
{
    FrameCursor cursor = {0};
    if (FEATURES_LEFT_OUT || x->trap_detail[0] || !frame_next(x, &cursor)) return; // such a build has none of them
    Op op = frame_op(&cursor);
    if (op != OP_COUNT) exec_trap(x, TRAP_not_executable, "%s", op_info[op].text);
}

// From a place on to the end of the innermost call of the host's.
static Trap run_from(Exec *x, const Position *at)
{
    const Instance *inst = at->inst;
    x->depth++;
    Trap trap = interp_run(at->ip, at->frame, inst ? inst->mem : NULL, inst ? inst->mem_size : 0,
                           at->inst, at->record, x);
    x->depth--;
    if (trap == TRAP_not_executable) name_instruction(x);
    if (trap != TRAP_none && x->depth) x->resumable = false; // the host stands between
    return trap;
}

// Runs `code` in a new frame on top of whatever is active, for a function of `inst`, or of the host
// when that is NULL. After a trap the place stays as it is.
static Trap interp_enter(Exec *x, Instance *inst, u32 callee, const u64 *code, u64 *slots, u32 in, u32 out)
{
    if (!x->depth && !exec_take_stack(x)) return exec_end(x, exec_trap(x, TRAP_out_of_memory, "for the stack"));
    u64 *fp = x->top, *bottom = x->bottom;
    s64 need = (s64)MAX(in, out) * 8 + (s64)(sizeof(Start) + sizeof(Record));
    if ((u8 *)bottom - (u8 *)fp < need || x->depth >= INTERP_DEPTH_MAX ||
        (x->depth && thread_stack_left() < INTERP_NATIVE_LEFT))
        return exec_end(x, TRAP_call_stack_exhausted);
    const Position *host = &x->host;
    Start *start = (Start *)bottom - 1;
    *start = (Start){{code_exit, host->inst, host->record ? (u32)(fp - host->frame) : 0, callee},
                     host->record ? code_host : NULL};
    copy_slots(fp, slots, in);
    Trap trap = run_from(x, &(Position){code, fp, &start->record, inst});
    x->top = fp;
    x->bottom = bottom;
    if (trap) return exec_end(x, trap);
    exec_settle(x);
    copy_slots(slots, fp, out);
    if (!x->depth) exec_give_stack(x);
    return TRAP_none;
}

enum { MOVED_MOST = 64 << 10 }; // bytes; all of a runaway recursion would be moved at each step

// Parks what was paused, and puts it on another stack.
static bool move_elsewhere(Exec *x)
{
    u64 used = (u64)((u8 *)x->stack_end - (u8 *)x->at.record) + (u64)((u8 *)x->at.frame - (u8 *)x->stack);
    if (used > MOVED_MOST) return true;
    Parked *parked = exec_park(x); // and the thread has its stack again
    size_t size = x->stack_limit, other = size;
    void *here = parked ? spare_take(SPARE_stack, &size) : NULL;
    if (!here) return false;
    spare_give(SPARE_stack, spare_take(SPARE_other, &other), other);
    bool moved = exec_unpark(x, parked);
    spare_give(SPARE_other, here, size);
    return moved;
}

// As tests have it (Exec.stop_every): what was paused goes on, at another place, unless somebody asked for it.
static Trap keep_going(Exec *x, Trap trap, u64 *slots, u32 room)
{
    while (trap == TRAP_paused && x->stop_every && x->resumable && !(exec_stop_word(x) & STOP_PAUSE)) {
        if (!move_elsewhere(x)) return exec_end(x, exec_trap(x, TRAP_out_of_memory, "to park a guest"));
        trap = interp_continue(x, slots, room);
    }
    return trap;
}

Trap interp_call(Exec *x, Func *func, u64 *slots, u32 room)
{
    exec_begin(x);
    if (!x->depth) x->called = func;
    u32 in = func_param_slots(func), out = func_result_slots(func);
    if (UNLIKELY(MAX(in, out) > room)) return exec_end(x, TRAP_too_few_slots);
    if (!func->code) return interp_enter(x, NULL, ref_of_func(exec_store(x), func), code_host, slots, in, out);
    Trap trap = interp_enter(x, func_instance(x, func), func->index, code_entry(func->code), slots, in, out);
    return LIKELY(trap != TRAP_paused) || !interp_moves ? trap : keep_going(x, trap, slots, room);
}

// Does this operation ask whether to stop before it does anything? Where it was stopped it is executed
// again, and is to get further this time.
static bool asks(u16 op)
{
    switch (op) {
    case IOP_enter: case IOP_throw: case IOP_throw_ref: case IOP_memory_grow: case IOP_memory_copy: case IOP_memory_fill:
    case IOP_memory_init: case IOP_table_grow: case IOP_table_copy: case IOP_table_fill: case IOP_table_init: return true;
    default: return false;
    }
}

Trap interp_continue(Exec *x, u64 *slots, u32 room)
{
    if (!exec_may_continue(x)) return exec_end(x, TRAP_not_stopped);
    u32 out = func_result_slots(x->called);
    if (out > room) return TRAP_too_few_slots; // and it may still be continued
    Position from = x->at;
    exec_begin(x);
    x->polls = x->stop_every;
    x->passed = asks(*(const u16 *)from.ip);
    Trap trap = run_from(x, &from);
    if (trap) return exec_end(x, trap);
    exec_settle(x);
    copy_slots(slots, x->stack, out);
    exec_give_stack(x);
    return TRAP_none;
}
