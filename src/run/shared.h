// shared.h -- a memory that several stores have, in whatever threads; and who waits for whom there.
//
//     store --- Memory (view: base, size as it was) ---+
//                                                      +--> SharedMemory: bytes, size
//     store --- Memory (view) -------------------------+
//
// Its base is fixed and it never shrinks, so a view whose size is old is only too small: who finds
// something beyond it looks at the size once more (memory_refresh). It is freed with the last view
// or other holder. Bytes are paid for by the store that makes it, and those that grow it; none of
// the others pays, and all together grow it no further than the first one could have.
//
// A guest that waits is in a queue of the memory, by where the cell is, and sleeps on the stop word
// of its fiber (Exec.stop): so what stops it wakes it too. Only who was taken out of the queue by
// somebody else was notified. The cell is compared, and the guest put into the queue, under the
// queue's lock, so that whoever changes the cell and notifies then is never missed.
// spec: proposal threads, exec/instructions (memory.atomic.wait, notify)
#pragma once

#include "run/store.h"

#include <pthread.h>

typedef struct Waiter {
    struct Waiter *newer, *older;
    Exec *exec;
    u64 at;               // its cell
    bool queued;
} Waiter;

typedef struct {
    pthread_mutex_t lock;
    Waiter *oldest, *newest;
} WaitQueue;

enum { WAIT_QUEUES = 32 };

// Bytes that are somebody else's, who has them where they are until `drop`: to be called when
// nobody has the memory any more. `grow`, unless NULL, makes the first `size` of them accessible,
// zeros where they were not; under the lock.
typedef struct {
    u8 *start;
    bool (*grow)(void *env, u64 size);
    void (*drop)(void *env);
    void *env;
    // Unless NULL, and then neither is: those who wait are kept there, where others wait too. The
    // answers are the instruction's; any other one is that it failed.
    u32 (*wait)(void *env, u64 at, u64 expected, u32 bytes, u64 ns);
    u32 (*notify)(void *env, u64 at, u32 most);
} HostPages;

struct SharedMemory {
    // No store has it, and no instance. Its size is written under the lock, and read without.
    Memory whole;
    _Atomic u32 users;
    HostPages host;       // start is NULL: it has its own
    pthread_mutex_t growing;
    WaitQueue queues[WAIT_QUEUES];
};

// With one user. Reserved to its maximum within `limits`, of which it takes the mode too; with
// guards only if they are asked for there. NULL: out of memory, or it would be larger than that.
SharedMemory *shared_new(const StoreLimits *limits, const MemType *type);
// The same over bytes that are there, as many as the maximum says.
SharedMemory *shared_over(const MemType *type, const HostPages *host);
void shared_hold(SharedMemory *shared);
void shared_give_back(SharedMemory *shared); // NULL is fine

// memory.atomic.wait and notify. Operands stand at v, in a row, and there the result comes. A wait
// that is stopped leaves what is left of its time, and is executed again when it goes on.
Trap exec_wait(Exec *exec, Memory *memory, u64 offset, u32 bytes, u64 *v);
Trap memory_notify(Exec *exec, Memory *memory, u64 offset, u64 *v);
// The same for the host: how many were notified, of those that wait there. *looked: at how many
// that wait anywhere.
u32 shared_notify(SharedMemory *shared, u64 at, u32 most, u32 *looked);
