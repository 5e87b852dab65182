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

#include "interp/code.h"
#ifdef WEFT_MICRO
#include "op/eval.h"
#else
#include "op/eval_vector.h"
#endif
#include "interp/run/steps.h"
#include "run/atomic.h"
#include "run/call.h"
#include "run/cont.h"
#include "run/frame.h"
#include "run/map.h"
#include "run/mapped.h"
#include "run/native.h"
#include "run/shared.h"
#include "valid/homes.h"

#define STATE_PARAMS                                                                               \
    const u64 *ip, u64 *fp, u8 *mem, u64 mem_size, Instance *inst, Record *rec, Exec *x
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

enum { ENTER_WORDS = 2 }; // of a function's first operation

#define SAVE() (x->at = (Position){ip, fp, rec, inst})
#define LOAD_MEMORY()                                                                              \
    do {                                                                                           \
        mem = inst->mem;                                                                           \
        mem_size = inst->mem_open;                                                                 \
    } while (0)

#define TRAP_NOW(why)                                                                              \
    do {                                                                                           \
        SAVE();                                                                                    \
        return (why);                                                                              \
    } while (0)
#define STOP(result) return (result)

#ifdef WEFT_COUNT
#include "interp/run/count.h"
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
#define HANDLER(name)                                                                              \
    static __attribute__((preserve_none)) Trap run_##name(STATE_PARAMS, const Handlers *handlers)
#define RARE_HANDLER(name) __attribute__((noinline, cold)) HANDLER(name)
#define GO_ON_IN(name) __attribute__((musttail)) return run_##name(STATE, handlers)
#define DISPATCH()                                                                                 \
    do {                                                                                           \
        COUNT();                                                                                   \
        __attribute__((musttail)) return handlers->run[*(const u16 *)ip](STATE, handlers);         \
    } while (0)
#include "interp/run/handlers.h"
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
#define HANDLER(name) MAY_RACE static Trap run_##name(STATE_PARAMS, State *next)
#define RARE_HANDLER HANDLER
#define GO_ON_IN(name) return run_##name(STATE, next)
#define DISPATCH()                                                                                 \
    do {                                                                                           \
        COUNT();                                                                                   \
        *next = (State){STATE};                                                                    \
        return going_on;                                                                           \
    } while (0)
#include "interp/run/handlers.h"
// What native code found published, and came here with, the sanitizer of threads has not seen.
MAY_RACE static Trap interp_run(STATE_PARAMS)
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
#define RARE_HANDLER HANDLER
#define GO_ON_IN(name) goto run_##name
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
#include "interp/run/handlers.h"
}
#endif

const u64 code_translate[] = {IOP_translate}, code_host[] = {IOP_host}, code_exit[] = {IOP_exit},
          code_native[] = {IOP_native}, code_return_native[] = {IOP_native},
#ifdef WEFT_MICRO
          code_return_cont[] = {IOP_exit};
#else
          code_return_cont[] = {IOP_return_cont};
#endif
const HomesFinder map_finder = {homes_at, homes_each, homes_refs};

// Says which instruction it was that this tier cannot execute.
static __attribute__((noinline)) void name_instruction(Exec *x)
{
    FrameCursor cursor = {0};
    // such a build has none of them
    if (FEATURES_LEFT_OUT || x->trap_detail[0] || !frame_next(x, &cursor)) return;
    Op op = frame_op(&cursor);
    if (op != OP_COUNT) exec_trap(x, TRAP_not_executable, "%s", op_info[op].text);
}

static Trap interp_at(Exec *x, const u64 *ip, u64 *fp, Record *rec, Instance *inst)
{
    return interp_run(ip, fp, inst ? inst->mem : NULL, inst ? inst->mem_open : 0, inst, rec, x);
}

#ifndef WEFT_MICRO
#include "interp/run/look.h"
#else
static Trap look_and_access(Exec *x, bool *found)
{
    *found = false;
    return TRAP_none;
}
#endif

// An access that was refused is looked at, where something is mapped; else it is done again with
// the size of the memory as it is now, if others may have made that larger.
static Trap interp_from(Exec *x, const u64 *ip, u64 *fp, Record *rec, Instance *inst)
{
    const u64 *before = NULL;
    u64 size = 0;
    Trap trap = interp_at(x, ip, fp, rec, inst);
    for (; UNLIKELY((int)trap == RUN_beyond);
         trap = interp_at(x, x->at.ip, x->at.frame, x->at.record, x->at.inst)) {
        bool found;
        trap = look_and_access(x, &found);
        if (trap) return trap;
        if (found) continue;
        Memory *m = x->at.inst->memories[0];
        memory_refresh(m);
        if (!m->shared || (before == x->at.ip && size == m->size))
            return TRAP_out_of_bounds_memory_access;
        before = x->at.ip;
        size = m->size;
    }
    return trap;
}

#if NATIVE || !defined WEFT_MICRO
// How many words a call's has, or what else others go on in; 0: it is none of these.
static u32 call_words(const u64 *word)
{
    switch (*(const u16 *)word) {
    case IOP_call: case IOP_call_import: case IOP_call_ref: return 1;
    case IOP_call_indirect: case IOP_call_indirect_any: case IOP_suspend: case IOP_switch: return 2;
    case IOP_resume: case IOP_resume_throw: case IOP_resume_throw_ref: return (u32)(*word >> 32);
    default: return 0;
    }
}
#endif

#if NATIVE
// The interpreter's code of the function; NULL: it cannot be had.
static const Code *code_to_go_on(Exec *x, Instance *inst, u32 func)
{
    if (!code_body(&inst->code[func]) && interp_translate(x, inst, func)) x->trap_detail[0] = 0;
    return code_body(&inst->code[func]);
}

// Where a function goes on behind its call of one that was taken in; NULL: it cannot. Its frame
// ends where *end is, or before.
static const u64 *behind_taken(Exec *x, const Native *native, const NativeTaken *t,
                               const u64 *frame, const u64 **end)
{
    u32 func = t->outer ? native->taken[t->outer - 1].func : native->func;
    const Code *code = code_to_go_on(x, x->at.inst, func);
    u32 word = code ? code_word(code, t->call) : CODE_NONE;
    if (word == CODE_NONE) return NULL;
    *end = MAX(*end, frame + code->frame_slots);
    return code->words + word + call_words(code->words + word);
}

// The native frame becomes those of all that were taken in there, too: each with its record, and
// where its slots are already. False: all is as it was.
static bool split_frame(Exec *x, const Native *native, u32 taken, const u64 *end)
{
    enum { DEEP = 8 };
    Record made[DEEP];
    u32 count = 0, behind = 0;
    for (u32 t = taken; t; t = native->taken[t - 1].outer) behind += native->taken[t - 1].first;
    u64 *frame = x->at.frame + behind;
    for (u32 t = taken; t; t = native->taken[t - 1].outer) {
        const NativeTaken *n = &native->taken[t - 1];
        frame -= n->first;
        const u64 *ip = count < DEEP ? behind_taken(x, native, n, frame, &end) : NULL;
        if (!ip) return false;
        made[count++] = (Record){ip, x->at.inst, n->first, n->func};
    }
    // There is room, unless somebody else made the code.
    if ((const u8 *)(end + RECORD_SLOTS) > (const u8 *)(x->at.record - 1 - count)) return false;
    native_down(&x->at, native->func, 0);
    x->at.record -= count;
    memcpy(x->at.record, made, count * sizeof *made);
    x->at.frame += behind;
    return true;
}

// From native code to the interpreter, at the entry of a function or of a loop, where all slots are
// home in both. What cannot be so goes on in native code.
static int go_down(Exec *x)
{
    Instance *inst = x->at.inst;
    const Native *native = native_find(inst->made, x->at.ip);
    Site site = native_site(inst->made, native, x->at.ip);
    FrameCursor c = {.at = x->at};
    frame_first(&c);
    const FuncCode *func = &inst->code[c.func];
    bool enters = site.kind == SITE_entry,
         loops = site.kind == SITE_place && op_at(inst->module->bytes + site.offset) == OP_loop;
    const Code *body = enters || loops ? code_to_go_on(x, inst, c.func) : NULL;
    if (!body) return RUN_native;
    // What pays at the entry stands at the body's first byte, which is no instruction.
    u32 begins = enters ? ENTER_WORDS : code_word(body, site.offset);
    if (begins == CODE_NONE ||
        !split_frame(x, native, site.taken, c.at.frame + body->frame_slots))
        return RUN_native;
    if (enters)
        memset(x->at.frame + func->param_slots, 0,
               (size_t)(body->local_slots - func->param_slots) * sizeof(u64));
    const u64 *ip = body->words + begins;
    u16 op = *(const u16 *)ip;
    // Who counts would go up again at once.
    x->at.ip = ip + (op == IOP_count_call || op == IOP_count_loop);
    return RUN_interp;
}
#else
static int go_down(Exec *x) { return RUN_interp; }
#endif

// Native code and the interpreter take turns: each leaves to the other at Exec.at.
static __attribute__((noinline)) Trap take_turns(Exec *x, int next)
{
    while (next >= RUN_native) {
        if (next == RUN_interp && x->at.ip == code_exit) return TRAP_none;
        const Position at = x->at;
        bool native = next == RUN_native || next == RUN_loop || next == RUN_up ||
                      (next == RUN_caught && (at.ip == code_native || native_at(at.inst, at.ip)));
        if (NATIVE && next == RUN_down) next = go_down(x);
        else if (native) next = native_run(x, next);
        else if (at.ip == code_exit) next = TRAP_none; // to which it was unwound
        else next = (int)interp_from(x, at.ip, at.frame, at.record, at.inst);
    }
    return (Trap)next;
}

static Trap end_run(Exec *x, Trap trap)
{
    x->depth--;
    if (trap == TRAP_not_executable) name_instruction(x);
    if (trap != TRAP_none && x->depth) x->resumable = false; // the host stands between
    return trap;
}

Trap tier_take_over(Exec *x, int next)
{
    return end_run(x, NATIVE ? take_turns(x, next) : (Trap)next);
}

Trap tier_run(Exec *x, const u64 *ip, u64 *fp, Record *rec, Instance *inst)
{
    x->depth++;
    Trap trap = interp_from(x, ip, fp, rec, inst);
    if (NATIVE && (int)trap >= RUN_native) trap = take_turns(x, (int)trap);
    return end_run(x, trap);
}

// Does this operation ask whether to stop before it does anything? Where it was stopped it is
// executed again, and is to get further this time.
static bool asks(u16 op)
{
    switch (op) {
    case IOP_enter: case IOP_enter_zeroing: case IOP_throw: case IOP_throw_ref:
    case IOP_memory_grow: case IOP_memory_copy: case IOP_memory_fill:
    case IOP_memory_init: case IOP_table_grow: case IOP_table_copy: case IOP_table_fill:
    case IOP_table_init: return true;
#ifndef WEFT_MICRO
    case IOP_wait32: case IOP_wait64: case IOP_memory_discard:
    case IOP_array_new: case IOP_array_new_default: case IOP_array_new_data:
    case IOP_array_new_elem: case IOP_array_fill: case IOP_array_copy: case IOP_array_init_data:
    case IOP_array_init_elem: return true;
#endif
    default: return false;
    }
}

// Who was put in front of a count is to get further: native code would ask at once again, and whose
// guest goes on from snapshot to snapshot would never get beyond that.
static const u64 *behind_count(Exec *x, const Position *at)
{
    const u64 *ip = at->ip;
    u16 op = *(const u16 *)ip;
    if (op == IOP_count_loop) return ip + 1;
    bool enters = op == IOP_enter || op == IOP_enter_zeroing;
    if (!enters || *(const u16 *)(ip + ENTER_WORDS) != IOP_count_call) return ip;
    if ((u8 *)at->record - (u8 *)at->frame < (s64)ip[1]) return ip; // which traps
    u32 first = (u32)(*ip >> 16) & 0xffff, end = (u32)(*ip >> 32);
    if (op == IOP_enter_zeroing) memset(at->frame + first, 0, (size_t)(end - first) * sizeof(u64));
    return ip + ENTER_WORDS + 1;
}

Trap tier_go_on(Exec *x, const Position *at)
{
    const Native *native = native_at(at->inst, at->ip);
    if (native) {
        x->at = *at;
        x->depth++;
        // Somebody may have written what optimized code has read already.
        int next = native->optimized || native_down_due(x) ? go_down(x) : RUN_native;
        if (next == RUN_native) native_go_on(x, native);
        return end_run(x, take_turns(x, next));
    }
    const u64 *ip = NATIVE && x->placed ? behind_count(x, at) : at->ip;
    x->placed = false;
    x->passed = asks(*(const u16 *)ip);
    return tier_run(x, ip, at->frame, at->record, at->inst);
}

#ifndef WEFT_MICRO
const u64 *tier_place(Exec *x, Instance *inst, u32 func, FramePlace kind, u32 offset, Trap *trap)
{
    *trap = code_body(&inst->code[func]) ? TRAP_none : interp_translate(x, inst, func);
    if (*trap) return NULL;
    const Code *code = code_body(&inst->code[func]);
    if (kind == FRAME_entry) return code->words;
    u32 word = code_word(code, offset);
    if (word == CODE_NONE) return NULL;
    if (kind == FRAME_again) return code->words + word;
    u32 words = call_words(code->words + word);
    return words ? code->words + word + words - 1 : NULL;
}
#endif
