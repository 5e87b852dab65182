// interp.c -- runs register code. One handler per operation (handlers.h), entered by a guaranteed
// tail call where the compiler has them, else by a computed goto, under the address sanitizer from
// a loop: one source for all.
//
// The state of the machine is the handlers' parameters, so that it stays in registers:
//
//     w      the word of code being run         ip      where it stands
//     fp     the frame: slot i is fp[i]         mem     memory 0: base and bytes
//     func   the running function               rec     the newest record
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
#include "run/exec.h"

#include <stdatomic.h>

#define STATE_PARAMS const u64 *ip, u64 *fp, u8 *mem, u64 mem_size, Func *func, Record *rec, Exec *x
#define STATE ip, fp, mem, mem_size, func, rec, x

#ifndef WEFT_MICRO
#define GET_v(slot) get_vector(slot)
static inline V128 get_vector(const u64 *slot)
{
    V128 v;
    memcpy(&v, slot, sizeof v);
    return v;
}
#endif

#define SAVE() (x->ip = ip, x->frame = fp, x->func = func, x->record = rec)
#define LOAD_MEMORY()                                                                              \
    do {                                                                                           \
        const Memory *memory_ = func->instance->memories[0];                                       \
        mem = memory_->base;                                                                       \
        mem_size = memory_->size;                                                                  \
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
    Func *func;
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
        trap = handlers[*(const u16 *)s.ip](s.ip, s.fp, s.mem, s.mem_size, s.func, s.rec, s.x, &s);
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

// Code that no translation makes: where a function starts before it has any, and where the host's
// call ends.
static const u64 code_translate[] = {IOP_translate}, code_host[] = {IOP_host}, code_exit[] = {IOP_exit};

void interp_attach(Store *store)
{
    store->entry_wasm = code_translate;
    store->entry_host = code_host;
}

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

// Runs `entry` for `func` in a new frame on top of whatever is active, behind a barrier.
static Trap interp_enter(Exec *x, Func *func, const u64 *entry, u64 *slots, u32 in, u32 out)
{
    u64 *fp = x->top, *bottom = x->bottom;
    s64 need = (s64)MAX(in, out) * 8 + 4 * (s64)sizeof(Record);
    if ((u8 *)bottom - (u8 *)fp < need || x->depth >= INTERP_DEPTH_MAX ||
        (x->depth && thread_stack_left() < INTERP_NATIVE_LEFT))
        return exec_end(x, TRAP_call_stack_exhausted);
    Record *rec = (Record *)bottom - BARRIER_RECORDS;
    rec[2] = (Record){NULL, (u64 *)x->record, NULL};
    rec[1] = (Record){x->ip, x->frame, x->func};
    rec[0] = (Record){code_exit, NULL, &x->barrier};
    copy_slots(fp, slots, in);
    const Memory *memory = func->instance ? func->instance->memories[0] : &x->store->empty_memory;
    x->depth++;
    x->caller = NULL;
    x->trap_detail[0] = 0;
    Trap trap = interp_run(entry, fp, memory->base, memory->size, func, rec, x);
    x->depth--;
    x->top = fp;
    x->bottom = bottom;
    if (trap == TRAP_not_executable) name_instruction(x);
    if (trap) return exec_end(x, trap); // the rest of the state stays for a backtrace
    x->ip = rec[1].ip;
    x->frame = rec[1].frame;
    x->func = rec[1].func;
    x->record = (Record *)rec[2].frame;
    copy_slots(slots, fp, out);
    return TRAP_none;
}

Trap interp_call(Exec *x, Func *func, u64 *slots, u32 room)
{
    if (!x->depth) { // what the last trap left to be looked at is over now
        x->func = NULL;
        exec_end(x, TRAP_none);
    }
    if (UNLIKELY(func_slots(func) > room)) return exec_end(x, TRAP_too_few_slots);
    return interp_enter(x, func, func->entry, slots, func->param_slots, func->result_slots);
}

Trap interp_eval(Exec *x, Instance *inst, Range expr, Type type, u64 value[2])
{
    Arena scratch;
    InterpCode code;
    arena_init(&scratch);
    Trap trap = interp_translate_expr(x, inst, expr, type, &scratch, &code);
    if (!trap) {
        Func pseudo = {.instance = inst, .index = DIAG_NO_FUNC, .code = &code, .entry = code.code};
        const Exec saved = *x;
        trap = interp_enter(x, &pseudo, code.code, value, 0, type_slots(type));
        x->ip = saved.ip; // nothing may look at a frame of the pseudo function once it is gone
        x->frame = saved.frame;
        x->func = saved.func;
        x->record = saved.record;
    }
    arena_free(&scratch);
    return trap;
}
