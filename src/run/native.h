// native.h -- code that the processor runs, as all others see it: where it is, what stands in its
// frames, how it is entered and left. Made by jit/, checked before it can be run, never changed.
//
//     ModuleCode.region --> NativeRegion
//         data   | slots of the runtime, of functions by index |
//         code   | stubs | blob | blob | ...                       one blob for each function
//         Native --> function, start, frame, guards, sites     one for each blob, by its place
//
// A native frame returns through a word on the record stack: an address behind a call in a blob, or
// native_return_far, behind which there is a Record. Whoever looks at a frame from outside has an
// address behind a call or a trap, a Site of the blob. See frame.h for walks.
#pragma once

#include "base/halt.h"
#include "plat/code.h"
#include "run/exec.h"

// Is there a native tier in this build?
#if defined __x86_64__ && defined __LP64__ && !defined WEFT_MICRO
#define NATIVE 1
#else
#define NATIVE 0
#endif

typedef enum {
#define RUNTIME(name, kind) RUNTIME_##name,
#include "run/native.def"
    RUNTIME_COUNT
} Runtime;

// An address of a blob that somebody outside may meet: behind a call, or of an access that may
// fault.
typedef enum {
    SITE_entry,  // of the function: the locals are not yet zeroed
    SITE_place,  // a loop's header, where fuel is paid; goes on behind it
    SITE_call,
    SITE_trap,   // does not go on
    SITE_again,  // goes on with the call once more, that is AGAIN_BYTES before it
    SITE_taken = 7, // in a map, in front of one: that is in a function that was taken in
} SiteKind;
typedef struct {
    u32 at;          // in the blob
    u32 offset;      // in the module, of the instruction
    u32 moved;       // slots that the frame register has moved up
    u32 taken;       // 0: it is of the blob's function; else of taken[taken - 1]
    SiteKind kind;
} Site;

// A function that was taken in where it was called, whose frame is the caller's: where the call
// stands in the module, in the function of taken[outer - 1], which comes before it; or, 0, in the
// blob's. Where somebody may look at it, or go on there, its own frame is so many slots behind that
// one's.
typedef struct { u32 func, call, outer, first; } NativeTaken;

// Of four moves of a number of 32 bits to a register, and the call.
enum { AGAIN_BYTES = 4 * 5 + 6 };

// In front of a site, from where a search may begin.
typedef struct {
    u32 at, offset, from; // from: byte of the map
} SitePoint;
enum { SITE_POINT_EVERY = 256 };

// Where a loop is entered from the interpreter.
typedef struct { u32 offset, at; } NativeLoop;

// One block. `clauses` are as among the interpreter's words, but that they say where in the blob
// control goes on.
typedef struct Native {
    u32 func;
    u32 start, size;         // in the region's code
    u32 frame_slots;
    const u8 *map;           // sites, by at: LEB128 of taken << 3 | SITE_taken, if that is not 0;
                             // of (at - before) << 3 | kind; of the signed distance of offsets; of
                             // moved, for calls alone
    u32 map_len, point_count, taken_count;
    const NativeTaken *taken;
    const SitePoint *points;
    const NativeLoop *loops; // by offset
    u32 loop_count;
    Catches catches;
    u32 clause_count;        // words of clauses
    bool optimized;
    u32 begins;              // of that: at the loop that stands there; 0: as the function
    const struct Native *older; // of the same function
    size_t bytes;            // of the block
} Native;

// Where a blob is, or will be.
typedef struct {
    _Atomic u32 start;              // in the region's code
    u32 size;                       // that it may have
    _Atomic(const Native *) native; // NULL: it is not published, and perhaps never will be
} NativePlace;

enum { NATIVE_HOLES = 32 };
typedef struct NativeRegion {
    CodeSpace space;
    u32 func_count;          // of the module
    _Atomic u32 refusals;
    s32 faults;              // its place among those whose faults are answered, or -1
    _Atomic u32 count;       // of those in `places` that may be read
    u32 places_most, better_left; // of those, for functions that have code
    NativePlace *places;     // in the order of their starts
    NativePlace *holes[NATIVE_HOLES]; // those that were given back, but are not the last
    u32 hole_count;
    size_t bytes;            // of this and `places`
    // see native_newest: its others are found from there
    _Atomic(const Native *) funcs[];
} NativeRegion;

static inline NativeRegion *native_region(const ModuleCode *code)
{
    return NATIVE ? atomic_load_explicit(&code->region, memory_order_acquire) : NULL;
}
// Of the function; NULL: it was not compiled.
static inline const Native *native_newest(const NativeRegion *r, u32 func)
{
    return atomic_load_explicit(&((NativeRegion *)r)->funcs[func], memory_order_acquire);
}
typedef _Atomic(const void *) NativeSlot;
static inline NativeSlot *native_slots(const NativeRegion *r)
{
    return (NativeSlot *)(void *)r->space.data;
}

// The blob that the address is in, or just behind; NULL: it is not of native code.
const Native *native_find_in(const ModuleCode *code, const void *pc);
static inline const Native *native_find(const ModuleCode *code, const void *pc)
{
    return NATIVE ? native_find_in(code, pc) : NULL;
}
static inline const Native *native_at(const Instance *inst, const void *pc)
{
    return NATIVE && inst && native_region(inst->made) ? native_find(inst->made, pc) : NULL;
}
// A site that is there.
Site native_site_in(const ModuleCode *code, const Native *native, const void *pc);
static inline Site native_site(const ModuleCode *code, const Native *native, const void *pc)
{
    return NATIVE ? native_site_in(code, native, pc) : (Site){0};
}
// An address in a blob.
const void *native_address_in(const ModuleCode *code, const Native *native, u32 at);
static inline const void *native_address(const ModuleCode *code, const Native *native, u32 at)
{
    return NATIVE ? native_address_in(code, native, at) : NULL;
}

typedef enum {
    COMPILED,
    COMPILED_not,      // it is left to the interpreter
    COMPILED_short,    // of memory
    COMPILED_stopped,  // it was to end before, and may be asked for again
    COMPILED_later,    // it is being done, and whoever counts is to look again
} Compiled;

// The module's region, made when it is first asked for. NULL: it cannot be had; *why as
// code_of_module says.
NativeRegion *native_region_make(ModuleCode *code, Err *why);
// Takes room for a blob, which is checked for that place then; several may be made beside each
// other. Better: of a function that has code. NULL: there is none. It is given back, or the blob
// published there.
NativePlace *native_take(ModuleCode *code, u32 size, bool better);
void native_give_back(ModuleCode *code, NativePlace *place);
// Has the function code that begins as it does, optimized if that is wanted; or optimized code that
// begins at a loop?
bool native_has(const NativeRegion *r, u32 func, bool optimized, u32 begins);
// Puts a blob there, and what `made` says of it, its size too, of which nothing is kept; then
// enters it from everywhere, unless another thread was first. Frames stay in what they run.
Compiled native_publish(ModuleCode *code, NativePlace *place, const u8 *bytes, const Native *made,
                        Halt halt);
// Who is told of each function that has native code now, in whichever thread and under a lock: for
// programs that look at what the processor runs. There is one for the process.
typedef void NativeWatch(const Module *m, u32 func, const void *code, u32 size);
void native_watch(NativeWatch *watch); // NULL: nobody is
// The checker did not let a function's code pass, which is a mistake of who made it: it is said,
// once, with what is needed to make it again.
void native_refused(const ModuleCode *code, u32 func, u32 offset, const char *what);
// How many of a module's functions that happened to.
u32 native_refusals(const ModuleCode *code);
void native_drop(ModuleCode *code); // with the code

// ---- How it is entered and left

// Answers of who runs a guest that are no traps: Exec.at says where it goes on, and in which tier.
// Loop: at the entry of a loop, which is called as a function is. Up: likewise, and what native
// code returns through goes on there. Down: native code has polled, and
// the interpreter is to go on there. Beyond: the interpreter found no such place in memory 0, as
// its size was. There: to what had called C alone, which goes on in native code at Exec.at.
enum { RUN_native = 0x100, RUN_interp, RUN_caught, RUN_loop, RUN_down, RUN_beyond, RUN_there,
       RUN_up };

// Runs native code from Exec.at on: code_native: the function that the newest record is of;
// code_return_native: behind the call that the newest word says; or that place.
int native_run(Exec *x, int next); // RUN_
// Where a guest was stopped, in that code, it is to get further this time.
void native_go_on(Exec *x, const Native *native);
// Is it time that the interpreter goes on, where native code has polled?
static inline bool native_down_due(Exec *x)
{
    if (UNLIKELY(x->outdated)) {
        x->outdated = false;
        return true;
    }
    if (LIKELY(!x->down_every) || --x->downs) return false;
    x->downs = x->down_every;
    return true;
}
// Where a guest was stopped in native code, its frame is the interpreter's from now on: the slots
// stay, and what it returns through becomes a record of the interpreter's. There is room for that,
// and for the next: operands have the same homes in both, so a frame of the interpreter's has no
// more slots than one of native code, which has room for more behind it.
void native_down(Position *at, u32 func, u32 frame_slots);
// The processor's part of it, defined by jit/: goes on there; or enters it as a function, by a
// call, or by a tail call, where what it returns through is a word.
typedef enum { ENTER_behind, ENTER_call, ENTER_tail } NativeEntry;
int native_enter(Exec *x, const void *to, u64 *frame, Record *record, Instance *inst,
                 NativeEntry how);
// It will poll, and whoever watches is told.
static inline void native_look_up(Exec *x)
{
    if (UNLIKELY(x->unwatched))
        atomic_fetch_or_explicit(&x->stop, STOP_TICK, memory_order_relaxed);
}
// Calls the function that the newest record is of, which has native code.
static inline int native_call(Exec *x, u64 *frame, Record *record, Instance *inst)
{
    native_look_up(x);
    const FuncCode *f = &inst->code[record->callee];
    const void *to = atomic_load_explicit(&f->native, memory_order_acquire);
    return native_enter(x, to, frame, record, inst, ENTER_call);
}
// Compiles a function, and publishes it. Defined by jit/.
Compiled native_compile(ModuleCode *code, u32 func, Halt halt);
// The same with the optimizing compiler, or not at all. `begins`: at this loop of it, for frames
// that are in there; or 0.
Compiled native_optimize(ModuleCode *code, u32 func, u32 begins, Halt halt);
// The same, here or beside (run/beside.h), unless it was compiled before. It gives up if the guest
// is to stop, which is not to wait for it. Whoever counted is not to ask again soon, if it cannot
// be done.
Compiled native_make(const Instance *inst, u32 func);
// Where compiled code of the function goes on in the loop at this offset of the module, from a
// frame of the interpreter's, or, in optimized code alone, from one of baseline code; NULL: there
// is none, or no room for its frame.
const void *native_loop(const Instance *inst, u32 func, u32 offset, const u64 *frame,
                        const Record *record, bool optimized);

extern const u8 native_return_far[]; // see above
extern const u8 native_fault[];      // where a fault goes on
extern const u8 native_none[];       // enters a function that has no native code: a Func in r11
#define RUNTIME(name, kind) extern const u8 native_##name[];
#include "run/native.def"
