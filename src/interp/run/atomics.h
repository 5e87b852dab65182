// atomics.h -- the handlers of op/atomics.def. Included by handlers.h.

// dst, a: address, b: the second operand; word 1 is the offset, word 2 the memory, with the third
// operand's slot in its upper half.
#define ATOMIC_Y_1 0
#define ATOMIC_Y_2 fp[B]
#define ATOMIC_Y_3 fp[B]
#define ATOMIC_Z_1 0
#define ATOMIC_Z_2 0
#define ATOMIC_Z_3 fp[ip[2] >> 32]
#define ATOMIC_GIVE_0(value) NEXT(3)
#define ATOMIC_GIVE_1(value) PUT_NEXT(value, 3)
#define RUN_ATOMIC(n, P, m, R, name, bits)                                                         \
    HANDLER(name)                                                                                  \
    {                                                                                              \
        u8 *at;                                                                                    \
        if (UNLIKELY((fp[A] + ip[1]) % (bits / 8))) TRAP_NOW(TRAP_unaligned_atomic);               \
        TRAP_IF_ANY(any_address(inst->memories[(u32)ip[2]], fp[A], ip[1], bits / 8, &at));         \
        u64 held = atomic_##name(at, ATOMIC_Y_##n, ATOMIC_Z_##n);                                  \
        (void)held;                                                                                \
        ATOMIC_GIVE_##m(held);                                                                     \
    }
#define ATOMIC(name, text, opcode, sig, since, bits, ...) SHAPE_##sig(RUN_ATOMIC, name, bits)
#include "op/op.def"

// Operands in place from dst on; word 1 is the offset, word 2 the memory.
HANDLER(notify)
{
    TRAP_IF_ANY(memory_notify(x, inst->memories[ip[2]], ip[1], fp + DST));
    NEXT(3);
}
HANDLER(wait32)
{
    TRAP_IF_ANY(exec_wait(x, inst->memories[ip[2]], ip[1], 4, fp + DST));
    NEXT(3);
}
HANDLER(wait64)
{
    TRAP_IF_ANY(exec_wait(x, inst->memories[ip[2]], ip[1], 8, fp + DST));
    NEXT(3);
}
HANDLER(fence)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    NEXT(1);
}
