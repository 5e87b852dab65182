// rules_atomic.c -- threads: atomic accesses, and configurations that wait for others.
//
// A step is a step: nobody sees half of it, whatever takes turns, so all accesses are sequentially
// consistent, and a fence has nothing to do. What an access writes is the meaning of its row.
// spec: proposal threads, exec/instructions, atomic memory instructions

#include "formal/bytes.h"
#include "formal/wait.h"
#include "op/eval.h"

static u32 size_of(const Instr *i)
{
    switch (i->op) {
    case OP_memory_atomic_notify: case OP_memory_atomic_wait32: return 4;
    case OP_memory_atomic_wait64: return 8;
    default: return op_info[i->op].bits / 8;
    }
}

// The address is the n-th value from the right, and all are operands.
static bool unaligned(Config *c, const Instr *i, u32 n)
{
    return traps_if(c, (nth(c, n)->bits + i->offset) % size_of(i), n, TRAP_unaligned_atomic);
}

static bool oob(Config *c, const Instr *i, u32 n)
{
    return traps_if(c, !access_at(c, i, n, size_of(i)), n, TRAP_out_of_bounds_memory_access);
}

static u64 address(Config *c, const Instr *i, u32 n) { return nth(c, n)->bits + i->offset; }

// ---- Accesses

// What the row writes where x was. False: nothing.
static bool writes(Op op, u64 x, u64 y, u64 z, u64 *to)
{
    switch (op) {
#define ATOMIC(name, text, opcode, sig, since, bits, ...)                                          \
    case OP_##name: {                                                                              \
        u##bits cell = 0;                                                                          \
        bool good = eval_##name((u##bits)x, (u##bits)y, (u##bits)z, &cell);                        \
        *to = cell;                                                                                \
        return good;                                                                               \
    }
#include "op/op.def"
    default: return false;
    }
}

static bool accesses(Config *c, const Instr *i)
{
    const SigInfo *sig = &sig_info[op_info[i->op].sig];
    u32 n = sig->param_count, bytes = size_of(i);
    u64 y = n > 1 ? nth(c, n - 1)->bits : 0, z = n > 2 ? nth(c, n - 2)->bits : 0, to;
    u8 *at = access_at(c, i, n, bytes);
    u64 x = bytes_value(at, bytes);
    if (writes(i->op, x, y, z, &to)) {
        touch(c, PART_mem, module_of(c)->mems[i->x], address(c, i, n), bytes);
        value_bytes(at, bytes, to);
    }
    pop(c, n);
    if (sig->result_count) push(c, value_number(sig->results[0], x));
    return true;
}

bool Step_read_atomic_load_unaligned(Config *c, const Instr *i) { return unaligned(c, i, 1); }
bool Step_read_atomic_load_oob(Config *c, const Instr *i) { return oob(c, i, 1); }
bool Step_read_atomic_load_val(Config *c, const Instr *i) { return accesses(c, i); }
bool Step_atomic_store_unaligned(Config *c, const Instr *i) { return unaligned(c, i, 2); }
bool Step_atomic_store_oob(Config *c, const Instr *i) { return oob(c, i, 2); }
bool Step_atomic_store_val(Config *c, const Instr *i) { return accesses(c, i); }
bool Step_atomic_rmw_unaligned(Config *c, const Instr *i) { return unaligned(c, i, 2); }
bool Step_atomic_rmw_oob(Config *c, const Instr *i) { return oob(c, i, 2); }
bool Step_atomic_rmw_val(Config *c, const Instr *i) { return accesses(c, i); }
bool Step_atomic_rmw_cmpxchg_unaligned(Config *c, const Instr *i) { return unaligned(c, i, 3); }
bool Step_atomic_rmw_cmpxchg_oob(Config *c, const Instr *i) { return oob(c, i, 3); }
bool Step_atomic_rmw_cmpxchg_val(Config *c, const Instr *i) { return accesses(c, i); }

bool Step_pure_atomic_fence(Config *c, const Instr *i) { return true; }

// ---- Waiting

static bool is_shared(Config *c, const Instr *i) { return mem(c, i->x)->type.limits.shared; }

bool Step_memory_atomic_notify_unaligned(Config *c, const Instr *i) { return unaligned(c, i, 2); }
bool Step_memory_atomic_notify_oob(Config *c, const Instr *i) { return oob(c, i, 2); }

static bool notified(Config *c, u32 count)
{
    pop(c, 2);
    push(c, value_i32(count));
    return true;
}

// Nobody waits there.
bool Step_memory_atomic_notify_unshared(Config *c, const Instr *i)
{
    return !is_shared(c, i) && notified(c, 0);
}

bool Step_memory_atomic_notify_shared(Config *c, const Instr *i)
{
    return notified(c, wait_notify(c->store, module_of(c)->mems[i->x], address(c, i, 2),
                                   (u32)nth(c, 1)->bits));
}

bool Step_memory_atomic_wait_unaligned(Config *c, const Instr *i) { return unaligned(c, i, 3); }
bool Step_memory_atomic_wait_oob(Config *c, const Instr *i) { return oob(c, i, 3); }

bool Step_memory_atomic_wait_unshared(Config *c, const Instr *i)
{
    return traps_if(c, !is_shared(c, i), 3, TRAP_expected_shared_memory);
}

bool Step_memory_atomic_wait_ne(Config *c, const Instr *i)
{
    u32 bytes = size_of(i);
    if (bytes_value(access_at(c, i, 3, bytes), bytes) == nth(c, 2)->bits) return false;
    pop(c, 3);
    push(c, value_i32(1));
    return true;
}

bool Step_memory_atomic_wait_eq(Config *c, const Instr *i)
{
    Instr waitx = instr_plain(REDEX_waitx, module_of(c)->mems[i->x]);
    waitx.offset = address(c, i, 3);
    waitx.timeout = (s64)nth(c, 1)->bits;
    wait_begin(c, waitx.x, waitx.offset, waitx.timeout);
    pop(c, 3);
    ahead(c, waitx);
    return true;
}

bool Step_waitx_awoken(Config *c, const Instr *i)
{
    if (!c->wait.woken) return false;
    wait_end(c);
    push(c, value_i32(0));
    return true;
}

bool Step_waitx_timeout(Config *c, const Instr *i)
{
    if (i->timeout < 0 || wait_goes_on(c)) return false;
    wait_end(c);
    push(c, value_i32(2));
    return true;
}

// Its turn ends. It has no other while it waits.
bool Step_waitx_suspended(Config *c, const Instr *i)
{
    ahead(c, *i);
    return halts(c, TRAP_waits, "");
}
