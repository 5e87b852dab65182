// fault.h -- faults of code that we made, in memory that is ours, are answered; all others stay
// what they were.
//
//     a thread faults --> pc in code added? --> address in memory added? --> answer() --> goes on
//                              | no                    | no                   | false
//                              +-----------------------+----------------------+--> as if without us
//
// Handlers of SIGSEGV, SIGBUS, SIGFPE and SIGILL belong to the whole program, so nothing is
// installed before somebody who may ask for it does. What is not ours goes to the handler that was
// there before, with the mask that it asked for, or ends the process by its signal. Handlers run on
// a thread's alternate stack if it has one and need none; but then the thread's stack must have
// room. A thread that blocks these signals ends the process when it faults, whoever handles them;
// threads of plat/thread.h do not.
#pragma once

#include "base/types.h"

#include <stdatomic.h>

typedef enum {
    FAULT_memory,      // SIGSEGV, SIGBUS: `address` was accessed
    FAULT_number,      // SIGFPE: the instruction at pc cannot be done with its operands
    FAULT_instruction, // SIGILL
} FaultKind;

enum { FAULT_REGISTERS = 32 };

typedef struct {
    FaultKind kind;
    uintptr_t pc;
    uintptr_t address;                    // of FAULT_memory
    bool gone; // there is nothing behind it any more: of a file that was cut, say (SIGBUS)
    // by the numbers that the machine's instructions give them; aarch64: 31 is the stack pointer
    uintptr_t registers[FAULT_REGISTERS];
} Fault;

// Called in the signal handler: async-signal-safe things only. True: the thread goes on at
// fault->pc with fault->registers, as it left them; its mask of signals is what it was.
typedef bool FaultAnswer(void *env, Fault *fault);

// From now on, until as many fault_uninstall. 0 or an errno: ENOTSUP: not on this machine; EBUSY: a
// handler that was installed over ours is still there since an earlier fault_uninstall.
int fault_install(void);
// The last one puts back what was there before. Where somebody else has a handler over ours by now,
// ours stays beneath, for whatever that one passes on, and passes it on in turn.
void fault_uninstall(void);

// Places where code and memory are, by number. Any thread may add and remove, while others fault
// elsewhere; nobody runs or uses what is being removed. -1: out of memory. Every fault looks
// through all of them, so they are for reservations, not for what is in them.
s32 fault_add_code(const void *start, size_t size, FaultAnswer *answer, void *env);
// The same, and asked about faults wherever the memory is: of code that anybody may have made.
s32 fault_add_any_code(const void *start, size_t size, FaultAnswer *answer, void *env);
s32 fault_add_memory(const void *start, size_t size);
void fault_remove(s32 place); // -1 is fine

// A file that is mapped may be cut while whoever reads it cannot leave: it holds a lock, or is the
// host's own. Where no code answers, such a page becomes zeros there and then, and `cut` says so
// from then on. `sealed`: the zeros cannot be written either.
//
// So may a reservation of which C reads and writes wherever a guest says: pages that nobody may
// access become memory, where it was asked for, and `tell` is called, in the signal handler.
typedef struct {
    _Atomic bool cut;
    bool sealed;
    u8 *reserved;            // of so many bytes; NULL: it is a file
    size_t size;
    void (*tell)(void *env); // or NULL
    void *env;
} FaultMend;
// Of a part of a mapping of ours, in whole pages. *mend stays where it is until fault_remove.
s32 fault_add_file(const void *start, size_t size, FaultMend *mend);
