// exec.h -- one fiber: the guest stack, where it stands, and how it is entered and read back.
//
//   stack                                                            records          stack_end
//     |  frame: locals, operands | frame (arguments shared) | ->    <- | record | record |
//
// Frames grow up: a callee's first locals are its arguments, in place in the caller's operands.
// What a call must remember (a Record) grows down from the other end, out of reach of guest values;
// the stack is full when they meet. The running function's own position is in registers, and
// written here at every safepoint and trap.
#pragma once

#include "run/store.h"

typedef struct {
    const u64 *ip;   // where the caller goes on
    u64 *frame;      // the caller's
    Func *func;      // the caller; Exec.barrier when the host called
} Record;

// A barrier, where the host calls the guest, takes three: the one the guest returns through, whose
// func is Exec.barrier; the state the host was called in; and in `frame` where that state's records
// go on.
enum { BARRIER_RECORDS = 3 };

// What a record takes of the stack, whose ends are compared in slots: more than its size where that
// is 12 bytes.
enum { RECORD_SLOTS = (sizeof(Record) + 7) / 8 };

struct Exec {
    Store *store;
    u64 *stack, *stack_end;  // one reservation
    u64 *top, *bottom;       // what a new call may use lies between: valid while no guest runs
    // Where the guest stands. Valid while a host function runs, and after a trap until the next
    // call.
    const u64 *ip;           // of the instruction that called or trapped
    u64 *frame;
    Record *record;          // the newest
    Func *func;
    Func barrier;            // stands for the host in records
    Instance *caller;        // who calls the host function that is being entered: handed over, since a tail call leaves no record
    u32 depth;               // host calls into the guest that are active
    Trap trap;               // how the last call ended, until the next one that the host makes
    char trap_detail[160];   // more about the last trap, may be empty
    int exit_status;         // for TRAP_exit
    Ref exception;           // with TRAP_uncaught_exception: what nobody caught; else REF_NULL. spec: exec/runtime, exceptions
    Ref thrown;              // what is on its way, while TRAP_uncaught_exception is returned
    _Atomic u32 interrupt;   // a Trap that the guest is to end in, or 0
    bool fueled;             // set before any function runs: code then counts its instructions
    u64 fuel;                // what is left
    bool deterministic;      // set before any function runs: NaN that operations make are the positive canonical ones
};

// Asks the guest to stop with `why` at the next function entry, taken branch or piece of a bulk
// operation, of a search for who catches an exception, or of a body that is translated. From any thread or signal handler, at any time. It holds for every later call too,
// until it is taken back with TRAP_none.
void exec_interrupt(Exec *exec, Trap why);

// Grants `fuel`: one unit is one instruction of the source, charged for each straight-line piece on
// entry. What may take long pays more, so that no unit takes much longer than another: exec_units for
// bytes that are moved or filled, EXEC_UNITS_FRAME, and one for each try and each clause, to find
// who catches an exception. What the host does, and translating a body, is free: a count depends on the source and
// the input alone. Without a grant nothing is counted. The first grant must come before the store's
// first call.
void exec_grant_fuel(Exec *exec, u64 fuel);

// Bytes of memories and tables that grow or are filled or copied; of values, 8 each and 16 of a v128,
// that a branch, return, tail call or exception carries, and of locals that a call sets to zero.
static inline u64 exec_units(u64 bytes) { return bytes / 64; }

enum { EXEC_UNITS_FRAME = 16 }; // to ask a frame whether it catches an exception

// Between the pieces of a bulk operation, of `units` each: charges, and asks whether to go on.
Trap exec_piece(Exec *exec, u64 units);

// Throws from a host function, which returns the result: TRAP_uncaught_exception, or why that
// cannot be. Values are as in HostCall.slots. To pass on one that came out of a call into the
// guest, return that trap again.
Trap exec_throw(Exec *exec, const Tag *tag, const u64 *values);

// How a call ended: its trap, and the exception that goes with it, are always set together.
static inline Trap exec_end(Exec *exec, Trap trap)
{
    exec->exception = trap == TRAP_uncaught_exception ? exec->thrown : REF_NULL;
    return exec->trap = trap;
}

Exec *exec_new(Store *store); // NULL: out of memory
void exec_free(Exec *exec);

// Says more about a trap that the caller is about to return. Returns `trap`.
Trap exec_trap(Exec *exec, Trap trap, const char *fmt, ...) PRINTF_LIKE(3, 4);
