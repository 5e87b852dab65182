// families.h -- a family that the reader of op.def did not define falls back to OP. Included by
// op.def.
#ifndef OP
#define OP(name, text, opcode, immediates, sig, since, effects)
#endif
#ifndef PURE
#define PURE(name, text, opcode, sig, since, ...)                                                  \
    OP(name, text, opcode, none, sig, since, NO_EFFECT)
#endif
#ifndef PURE2
#define PURE2(name, text, opcode, sig, since, ...)                                                 \
    OP(name, text, opcode, none, sig, since, NO_EFFECT)
#endif
#ifndef LOAD
#define LOAD(name, text, opcode, sig, since, bits, extend)                                         \
    OP(name, text, opcode, memarg, sig, since, LOADS)
#endif
#ifndef STORE
#define STORE(name, text, opcode, sig, since, bits)                                                \
    OP(name, text, opcode, memarg, sig, since, STORES)
#endif
#ifndef HAND
#define HAND(name, text, opcode, immediates, sig, since, effects)                                  \
    OP(name, text, opcode, immediates, sig, since, effects)
#endif
#ifndef VECTOR // a pure function on vectors
#define VECTOR(name, text, opcode, sig, since, ...)                                                \
    OP(name, text, opcode, none, sig, since, NO_EFFECT)
#endif
#ifndef LANE // a pure function with a lane index below `lanes` as immediate
#define LANE(name, text, opcode, sig, since, lanes, ...)                                           \
    OP(name, text, opcode, lane, sig, since, NO_EFFECT)
#endif
#ifndef VLOAD // reads `bits` of memory and widens them to a vector
#define VLOAD(name, text, opcode, sig, since, bits, ...)                                           \
    OP(name, text, opcode, memarg, sig, since, LOADS)
#endif
#ifndef VSTORE // stores a vector
#define VSTORE(name, text, opcode, sig, since, bits)                                               \
    OP(name, text, opcode, memarg, sig, since, STORES)
#endif
#ifndef LOAD_LANE
#define LOAD_LANE(name, text, opcode, sig, since, bits)                                            \
    OP(name, text, opcode, memarg_lane, sig, since, LOADS)
#endif
#ifndef STORE_LANE
#define STORE_LANE(name, text, opcode, sig, since, bits)                                           \
    OP(name, text, opcode, memarg_lane, sig, since, STORES)
#endif
#ifndef ATOMIC // an atomic access of `bits`; its alignment must be exactly that
#define ATOMIC(name, text, opcode, sig, since, bits, ...)                                          \
    OP(name, text, opcode, memarg, sig, since, ATOMICS)
#endif
