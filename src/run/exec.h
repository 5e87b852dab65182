// exec.h -- one fiber: the guest stack, where it stands.
//
//   base                                                          records            end
//     |  frame: locals, operands | frame (arguments shared) | ->    <- | record | record |
//
// Frames grow up: a callee's first locals are its arguments, in place in the caller's operands.
// What a call must remember (a Record) grows down from the other end, out of reach of guest values;
// the stack is full when they meet. The running function's own position is in registers, and
// written here at every safepoint and trap. A frame's function is what the record that it returns
// through says; see frame.h.
#pragma once

#include "run/instance.h"
#include "run/spare.h"

typedef struct {
    const u64 *ip;     // where the caller goes on; code_exit: the host called, this is a Start;
                       // code_return_cont: that of a continuation
    Instance *inst;    // the caller's; NULL when no guest is behind the host
    u32 delta;         // slots from the caller's frame to the newer one
    u32 callee;        // the newer frame's function: its index, of a host function its number
} Record;

// Are there continuations in this build?
static const bool has_conts = !(FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_stack_switching));

// A native frame's own return address stands in front of its caller's record, if it has one.
static inline Record *record_behind_word(const Record *word)
{
    return (Record *)((u64 *)(void *)word + 1);
}

// What a record takes of the stack, whose ends are compared in slots: more than its size where that
// is 12 or 20 bytes.
enum { RECORD_SLOTS = (sizeof(Record) + 7) / 8 };

// Where a guest stands that is not running.
typedef struct Position {
    // of the instruction that trapped; code_host: in the host function that `record` is of
    const u64 *ip;
    u64 *frame;
    Record *record;    // the newest; NULL: nowhere
    Instance *inst;
} Position;

// Where a call from the host begins: record.ip is code_exit. Behind it stands the record of the
// host function that made the call, if a guest had called that. Or where a continuation was
// resumed: code_return_cont. Then the record is of who did that, who goes on at `ip`.
typedef struct {
    Record record;
    // code_host; NULL: there is nothing behind it. Of a continuation's parent, or
    // code_return_native, if a word that says so stands behind
    const u64 *ip;
    // bytes to the next older Start, and between the frames that they begin; or 0
    u32 records, frames;
} Start;

// Why the guest is to stop: in one word, which is not 0 when there is anything to look at.
enum {
    STOP_TRAP = 0xff,      // a Trap that it is to end in. The first one stays
    STOP_TICK = 1 << 8,    // somebody counts how often it looks
    STOP_PAUSE = 1 << 9,   // it is to end in the trap paused, where it can be continued
    STOP_NOTIFIED = 1 << 10, // while it waits (shared.h): it does so no longer
    STOP_ASK = 1 << 11,    // Exec.asked is to be called, once
};

// Values that C code holds while it makes objects, so that these are not collected: of the first
// `count` types, in slots.
typedef struct HeldRefs {
    struct HeldRefs *next;   // older, or NULL
    const Type *types;
    const u64 *slots;
    u32 count;
} HeldRefs;

// What a guest waits for that a host function has set aside: whoever asked for that knows it.
// `drop`, unless NULL, is called with it once nobody needs it any more.
typedef struct {
    void *what;
    void (*drop)(void *what);
} WaitsFor;
typedef struct {
    WaitsFor now;
    WaitsFor before; // while the host function is called once more: what it has waited for
} SetAside;

typedef struct Parked Parked;

// First in its Store, so that one address is both. Its rows are in layout.def.
struct Exec {
    _Atomic u32 stop;        // STOP_
    u32 mode;                // of code, CODE_: set before any function runs
    s64 fuel;                // what is left
    u32 alloc, alloc_end;    // the next object goes there, if it ends before: see gc/blocks.h
    // valid while a host function runs, and after a trap until the next call
    Position at;
    // Where code runs that strangers may have made, and which may read slots and registers that it
    // has not written: a number that is this store's alone. What others left is kept from it. 0:
    // there is no such code
    size_t strangers;

    u32 depth;               // host calls into the guest that are active
    u64 *stack, *stack_end;  // lent by the thread that runs, from the outermost call on; NULL: none
    size_t stack_size;       // bytes that were lent, of which the store uses no more than
    size_t stack_limit;
    // what a new call may use lies between: valid while no guest runs. top NULL: see frame_top
    u64 *top, *bottom;
    Start *start;            // the innermost that is active, or was when the guest was stopped, and
    u64 *start_frame;        // its first frame
    // of the host function that runs, whatever became of its calls into the guest; or nowhere
    Position host;
    Trap trap;               // how the last call ended, until the next one that the host makes
    char trap_detail[160];   // more about the last trap, may be empty
    int exit_status;         // for TRAP_exit
    // with TRAP_uncaught_exception: what nobody caught; else REF_NULL. spec: exec/runtime,
    // exceptions
    Ref exception;
    Ref thrown;              // what is on its way, while TRAP_uncaught_exception is returned
    // tests: pause at each so-manieth poll of the outermost call, move it elsewhere, and go on
    u32 stop_every;
    u32 polls;               // until then
    bool stops;              // likewise: it does not go on by itself
    // the last trap was a stop between two instructions of the outermost call, or of a host
    // function that waits
    bool resumable;
    // goes on where it was stopped: what asks first is not to stop there again
    bool passed;
    bool placed;             // see Parked
    // optimized code goes on that was stopped where the interpreter cannot: others may have written
    // meanwhile what it has read, so that does from the next poll on
    bool outdated;
    Func *called;            // the outermost
    // of the outermost call, while it may wait, in a host function that it called itself; or NULL
    SetAside *waiting;
    HeldRefs *held;          // newest first
    Parked *parked;          // guests of the store, newest first
    // tests: at each so-manieth poll of compiled code the interpreter goes on; 0: never
    u32 down_every;
    u32 downs;               // until then
    // tests: at each so-manieth poll of baseline code its function is optimized; 0: see warm.h
    u32 up_every;
    u32 ups;                 // until then
    // Whose thread has it look up now and then, so that what runs for long is found. NULL: nobody's
    struct Beside *watcher;
    bool unwatched;          // it does not know that this runs, perhaps
    // Is asked where there are fewer units than these, so that stores can have fuel together: are
    // there so many now? NULL: there are no others.
    bool (*more_fuel)(Exec *x, u64 units);
    void *more_fuel_env;
    // Is called where the guest looks whether to stop, when somebody has asked for that. It uses
    // nothing of the store. NULL: nobody.
    void (*asked)(void *env);
    void *asked_env;
};

// From here on, until it lets go: both in the order of a stack. `count` may change meanwhile.
static inline void exec_hold(Exec *x, HeldRefs *held, const Type *types, const u64 *slots,
                             u32 count)
{
    *held = (HeldRefs){x->held, types, slots, count};
    x->held = held;
}
static inline void exec_let_go(Exec *x, const HeldRefs *held) { x->held = held->next; }

static inline Store *exec_store(const Exec *x) { return (Store *)x; }

// NULL: it is of the host.
static inline Instance *func_instance(const Exec *x, const Func *f)
{
    return f->code ? (Instance *)((intptr_t)x + (intptr_t)f->instance) : NULL;
}

static inline u32 exec_stop_word(const Exec *x)
{
    return atomic_load_explicit(&x->stop, memory_order_relaxed);
}
// Is exec_poll to say that it stops here?
bool exec_due(const Exec *exec);
// Is there a trap that it is to end in, and where it cannot pause too?
static inline Trap exec_asked(const Exec *x) { return (Trap)(exec_stop_word(x) & STOP_TRAP); }

// What is newer than this record is no more, and where that was, so are Starts.
static inline void exec_drop_starts(Exec *x, const Record *record)
{
    while ((const u8 *)x->start < (const u8 *)record) {
        x->start_frame = (u64 *)(void *)((u8 *)x->start_frame - x->start->frames);
        x->start = (Start *)(void *)((u8 *)x->start + x->start->records);
    }
}

static inline bool exec_fueled(const Exec *x) { return x->mode & CODE_fueled; }

// May the outermost call go on from where it was stopped? Or does it wait, in a host function, for
// what that is to give?
bool exec_may_continue(const Exec *exec);
bool exec_waits(const Exec *exec);
// While no guest runs: where those stand whose frames go on, of a host function that runs, or of a
// call that was stopped. NULL: there are none.
const Position *exec_alive(const Exec *exec);

// These ask the guest to end in the trap `why`, or to pause, at the next function entry, taken
// branch or piece of a bulk operation, of a search for who catches an exception, or of a body that
// is translated; or where it waits to be notified. From any thread or signal handler, at any time.
// It holds for every later call too, until both are taken back. Until then whoever was first to say
// why is right, and a trap goes before a pause.
void exec_stop(Exec *exec, Trap why);
void exec_pause(Exec *exec);
void exec_go_on(Exec *exec);
// Has Exec.asked called there, and the guest goes on unless that stopped it. Also from anywhere.
void exec_ask(Exec *exec);

// Grants `fuel`: one unit is one instruction of the source, charged for each straight-line piece on
// entry. What may take long pays more, so that no unit takes much longer than another: op/price.def
// has all prices. What the host does, and translating a body, is free: a count depends on the
// source and the input alone. Without a grant nothing is counted. The first grant must come before
// the store's first instance.
void exec_grant_fuel(Exec *exec, u64 fuel);

// Of slots of values.
static inline u64 exec_value_units(u64 slots) { return slots / 8 * PRICE_values; }

enum {
    // as if this were what they are: an item that is read of an element segment, an entry that a
    // table grows by, and a byte that is given back
    EXEC_BYTES_ITEM = 32,
    EXEC_BYTES_ENTRY = 8,
    EXEC_BYTES_DISCARDED = 2,
};

static inline u32 call_units(const Module *m, u32 func)
{
    return func < m->imported_funcs ? PRICE_import : 0;
}

// Of a straight piece: no more than a charge can say.
static inline u32 exec_add_units(u32 sum, u64 units) { return (u32)MIN(sum + units, INT32_MAX); }

// There is too little: is there more to be had, so that it is enough?
static inline bool exec_more_fuel(Exec *x, u64 units)
{
    return x->more_fuel && x->more_fuel(x, units);
}
// Is there so much, or none counted?
bool exec_has_fuel(Exec *exec, u64 units);
// Charges, and does not ask.
Trap exec_pay(Exec *exec, u64 units);
// For what is done already: who has too little left pays what it has at hand, and stops at the next
// place where that does not do.
void exec_pay_late(Exec *exec, u64 units);
// Between the pieces of a bulk operation, of `units` each: charges, and asks whether to go on.
Trap exec_piece(Exec *exec, u64 units);
// The same without a charge, once there is something to look at: is the fiber to stop here?
Trap exec_poll(Exec *exec);

// Throws from a host function, which returns the result: TRAP_uncaught_exception, or why that
// cannot be. Values are as in HostCall.slots. To pass on one that came out of a call into the
// guest, return that trap again.
Trap exec_throw(Exec *exec, const Tag *tag, const u64 *values);

// Nobody needs it any more, unless it is `kept`.
static inline void exec_drop_wait(WaitsFor *w, const void *kept)
{
    if (w->drop && w->what != kept) w->drop(w->what);
    *w = (WaitsFor){NULL, NULL};
}
// May the host function that runs have its call wait? Then it says what for, and returns the trap
// waits.
static inline bool exec_may_wait(const Exec *x) { return x->waiting && x->depth == 1; }
static inline Trap exec_wait_for(Exec *x, void *what, void (*drop)(void *what))
{
    exec_drop_wait(&x->waiting->now, what);
    x->waiting->now = (WaitsFor){what, drop};
    return TRAP_waits;
}

// How a call ended: its trap, and the exception that goes with it, are always set together.
static inline Trap exec_end(Exec *exec, Trap trap)
{
    exec->exception = trap == TRAP_uncaught_exception ? exec->thrown : REF_NULL;
    return exec->trap = trap;
}

// No guest runs any more, or none but behind the host function that does: there the fiber stands,
// whatever place a trap in what that called has left to be looked at.
static inline void exec_settle(Exec *x)
{
    if (LIKELY(!x->host.record)) x->at.record = NULL;
    else x->at = x->host;
}

// Before the host runs anything of a guest's: the last trap is over now.
static inline void exec_begin(Exec *x)
{
    exec_settle(x);
    x->trap_detail[0] = 0;
    x->resumable = x->passed = false;
    if (x->depth) return;
    x->thrown = REF_NULL;
    exec_end(x, TRAP_none);
}

// The outermost call takes a stack of the thread's, and gives it back when it ends well; after a
// trap it is kept for a backtrace until the next call. False: none is to be had.
static inline bool exec_take_stack(Exec *x)
{
    if (UNLIKELY(x->stack != NULL)) return true;
    x->stack_size = x->stack_limit;
    x->stack = LIKELY(!x->strangers) ? spare_take(SPARE_stack, &x->stack_size)
                                     : spare_take_apart(x->strangers, &x->stack_size);
    if (UNLIKELY(!x->stack)) return false;
    x->stack_end = x->bottom = x->stack + x->stack_limit / 8;
    x->top = x->stack;
    return true;
}

static inline void exec_give_stack(Exec *x)
{
    if (LIKELY(!x->strangers)) spare_give(SPARE_stack, x->stack, x->stack_size);
    else spare_give_apart(x->strangers, x->stack, x->stack_size);
    x->stack = NULL;
}

// zeroed before; false: the machine has no addresses for such a stack
bool exec_init(Exec *exec, u64 stack_bytes);

// From here on strangers' code may run there. A guest that is active is so behind a host function.
void exec_mistrust(Exec *exec);

// As if nothing had ever run there: no fuel, no stop, nothing to be looked at or gone on with. No
// guest runs, and none that is parked is needed any more.
void exec_clear(Exec *exec);

// The trap out_of_memory, for an object that could not be made: which limit it was, if it was one.
Trap exec_short(Exec *exec, const char *what);
// Says more about a trap that the caller is about to return. Returns `trap`.
Trap exec_trap(Exec *exec, Trap trap, const char *fmt, ...) PRINTF_LIKE(3, 4);
