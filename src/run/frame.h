// frame.h -- reads back where the guest stands, frame by frame, whatever tier each is of.
//
// A walk starts at Exec.at, or at the place of one that is parked. There the guest is in its newest
// frame, or in a host function, which has none: then the newest record is of that call. Popping a
// record gives its caller's frame: frame -= delta, its instance and ip; which function that is the
// next record says. A Start ends what one call from the host began, and behind it stands what
// called the host; or a continuation, and behind it stands who resumed that. A native frame has a
// word in front of whatever it returns through (native.h).
#pragma once

#include "run/native.h"

typedef struct {
    Position at;
    bool started;
    u32 func;       // the function's index in at.inst's module
    // It stands where it may be gone on: at a loop, rather than in the loop's first instruction,
    // when both have the same word of code.
    bool stopped;
    const Native *native; // what it runs, if that is native; then at.ip is an address in it
    // Of that: which of the functions that were taken in it is, as Site has it; and, once one was
    // popped, where its call stands. All of these are in one native frame, but at.frame is this
    // one's.
    u32 taken, call;
    // Of the frame asked about last: recursion stands at one place again and again.
    const u64 *asked;
    u32 offset;
    // Likewise of the native one that a word led to.
    const u64 *led;
    const Native *led_native;
    Site led_site;
} FrameCursor;

// Where in its blob a native frame stands.
static inline u32 frame_native_at(const FrameCursor *c)
{
    return (u32)((const u8 *)c->at.ip - native_region(c->at.inst->made)->space.code) -
           c->native->start;
}

// Goes to a native frame, which the newest word returns to.
void frame_pop_word(FrameCursor *c);
// How many slots it is behind the native frame that it is in.
static inline u32 frame_behind_native(const FrameCursor *c)
{
    u32 slots = 0;
    for (u32 t = c->taken; t; t = c->native->taken[t - 1].outer)
        slots += c->native->taken[t - 1].first;
    return slots;
}
// Goes to whom a function that was taken in was called by.
static inline void frame_pop_taken(FrameCursor *c)
{
    const NativeTaken *t = &c->native->taken[c->taken - 1];
    c->at.frame -= t->first;
    c->taken = t->outer;
    c->call = t->call;
}

// Goes to what is behind the newest record, and a native frame's own word.
static inline void frame_pop(FrameCursor *c)
{
    c->stopped = false;
    if (NATIVE && UNLIKELY(c->taken)) {
        frame_pop_taken(c);
        return;
    }
    c->call = 0;
    if (NATIVE && c->native) {
        if (*(const u8 *const *)(const void *)c->at.record != native_return_far) {
            frame_pop_word(c);
            return;
        }
        c->at.record = record_behind_word(c->at.record);
        c->native = NULL;
    }
    const Record *r = c->at.record;
    c->at.frame -= r->delta;
    c->at.inst = r->inst;
    if (r->ip == code_exit) {
        const Start *start = (const Start *)r;
        c->at.ip = start->ip;
        c->at.record = start->ip ? (Record *)(start + 1) : NULL;
        return;
    }
    const u64 *back = r->ip;
    c->at.record++;
    if (has_conts && UNLIKELY(back == code_return_cont)) {
        const Start *start = (const Start *)r;
        back = start->ip;
        c->at.record = (Record *)(start + 1);
    }
    if (NATIVE && back == code_return_native) frame_pop_word(c);
    else c->at.ip = back - 1; // it goes on behind its call
}

static inline bool frame_found(FrameCursor *c)
{
    if (!c->at.record) return false;
    if (NATIVE && UNLIKELY(c->taken)) c->func = c->native->taken[c->taken - 1].func;
    else c->func = NATIVE && c->native ? c->native->func : c->at.record->callee;
    return true;
}

// Where the walk begins: what stands at c->at.
static inline bool frame_first(FrameCursor *c)
{
    c->started = true;
    c->native = native_at(c->at.inst, c->at.ip);
    if (NATIVE && c->native && c->native->taken_count)
        c->taken = native_site(c->at.inst->made, c->native, c->at.ip).taken;
    if (NATIVE && UNLIKELY(c->taken)) c->at.frame += frame_behind_native(c);
    return frame_found(c);
}

// Is the host next?
static inline bool frame_is_last(const FrameCursor *c)
{
    const Record *r = c->at.record;
    if (NATIVE && c->native) {
        if (c->taken) return false;
        if (*(const u8 *const *)(const void *)r != native_return_far) return false;
        r = record_behind_word(r);
    }
    return r->ip == code_exit;
}

// Where a new call's slots may begin: behind those of the host function that runs, and of the frame
// that it returns to.
u64 *frame_top_slow(Exec *x);
static inline u64 *frame_top(Exec *x) { return LIKELY(x->top) ? x->top : frame_top_slow(x); }

// The guest's frames, innermost first, host functions left out. `cursor` starts zeroed.
bool frame_next(const Exec *x, FrameCursor *cursor);
// The same from a place in cursor->at on, but only as far as the host's own call: what an exception
// may unwind.
static inline bool frame_outward(FrameCursor *c)
{
    if (!c->started) {
        frame_first(c);
        if (c->at.ip != code_host) return true;
    }
    if (frame_is_last(c)) return false;
    frame_pop(c);
    return frame_found(c);
}
// The translation that the frame runs; NULL: it is native, or was not yet translated.
static inline const Code *frame_code(const FrameCursor *c)
{
    if (c->at.ip == code_translate || c->native) return NULL;
    return code_body(&c->at.inst->code[c->func]);
}
// The offset in the module of the instruction where the cursor's frame stands.
u32 frame_offset(FrameCursor *cursor);
// Where a frame can be gone on with, in terms of its function's source.
typedef enum {
    FRAME_entry,   // in front of all
    FRAME_again,   // at an instruction that is done, or gone on with: a loop's header among them
    FRAME_behind,  // in a call, or what else others go on in, and behind that then
    FRAME_between, // elsewhere: fuel ran out, or it trapped there
} FramePlace;
// Of the newest frame of a guest that was stopped, or that is a continuation; others are all
// FRAME_behind. frame_offset says which instruction.
FramePlace frame_place(FrameCursor *cursor);


// How many slots of the stack the cursor's frame has.
u32 frame_slots(const FrameCursor *c);
// That instruction; OP_COUNT if there is none.
Op frame_op(FrameCursor *cursor);

// One frame of the guest as the abstract machine sees it. spec: exec/runtime, frames
typedef struct {
    const Instance *inst;
    u32 func;              // its index
    u32 offset;            // in the module, of the instruction that called or trapped
    u32 local_count, operand_count;
    const Type *locals, *operands;  // types; see map_homes
    const u64 **local_values, **operand_values; // where each value is, in its home slot
} FrameView;

// Reads the cursor's frame back in full. False: out of memory.
// What is home there is module/homes.h's: at a call the operands do not include its arguments; at a
// trap, operands that have no home yet are left out, and locals that compiled code has in registers
// are as they were when they were last home. Where a function trapped that was taken in nothing is
// known to be home of it, nor of who called it.
bool frame_read(FrameCursor *cursor, Arena *arena, FrameView *out);

// The collected references that a guest has on its stack, from a place on through all that it was
// called by: Exec.at while a host function runs or after a stop, or park_place of what is parked.
// Of a host function that runs its parameters are among them: it must not put its results over them
// before it has made the last object.
//
//     if (!frame_maps(&x->at)) ...           // before anything is marked: out of memory
//     frame_roots(x, &x->at, visit, env);
//
// The first makes the maps (map.h) that the second needs. A slot holds null or a reference to an
// object, in its lower half; the upper is 0. Each is visited once, by address, so it may be
// changed.
bool frame_maps(const Position *from);
typedef void FrameVisitor(void *env, u64 *slot);
// How many frames there were.
u32 frame_roots(const Exec *x, const Position *from, FrameVisitor *visit, void *env);
// Where it is: in the newest frame that the slot may be in. False: in none.
bool frame_of_slot(const Position *from, const u64 *slot, FrameCursor *out);
// The same of guests that a trap has ended, whose frames are still there, for who looks before
// anything is collected. Not of host functions, which may have put results over what they had; nor
// of the newest frame, where the operands of an instruction may be anywhere, unless that found no
// room for an object.
void frame_roots_ended(const Exec *x, const Position *from, FrameVisitor *visit, void *env);

// Looks for who catches an exception that was thrown `from` there, and goes there: on TRAP_none the
// fiber stands in front of the code that goes on. `values` may be in a frame. When nobody catches
// it the fiber stays where it is, and TRAP_uncaught_exception is the answer. spec:
// exec/instructions, throw_ref
Trap frame_unwind(Exec *x, const Position *from, const Tag *tag, const u64 *values);
Trap frame_unwind_ref(Exec *x, const Position *from, Ref exception);
// The same of what is thrown where a guest goes on, by no instruction of its own: that cannot be
// done again.
Trap frame_throw(Exec *x, const Position *from, const Tag *tag, const u64 *values);
Trap frame_throw_ref(Exec *x, const Position *from, Ref exception);

// Who handles a tag: looks among the resumption's clauses where the cursor's frame made it. False:
// there is none for it. *units: what was looked at.
typedef struct {
    const u64 *target;  // where the frame goes on
    u32 home;           // slots there, for the tag's parameters and the continuation
    bool native;
} TagHandler;
bool frame_handler(FrameCursor *c, const Tag *tag, bool switches, TagHandler *out, u32 *units);

// For tests: in the newest frames, `most` of them, the map has those references that are found for
// each place alone, and their slots hold null or where an object may be.
void frame_check(const Exec *x, u32 most);
