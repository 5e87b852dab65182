// vector.h -- the handlers of operations on vectors, derived from the tables where the row has a
// meaning. Included by handlers.h. A vector takes two slots, of which the first is named.

// dst, a, b; of three operands the last one's slot is in word 1.
#define VRESULT(value, words)                                                                      \
    do {                                                                                           \
        V128 result_ = (value);                                                                    \
        memcpy(fp + DST, &result_, sizeof result_);                                                \
        NEXT(words);                                                                               \
    } while (0)
#define FROM_i(slot) EVAL_GET_i(fp[slot])
#define FROM_l(slot) EVAL_GET_l(fp[slot])
#define FROM_f(slot) EVAL_GET_f(fp[slot])
#define FROM_d(slot) EVAL_GET_d(fp[slot])
#define FROM_v(slot) GET_v(fp + (slot))
#define ARGS_1(x) FROM_##x(A)
#define ARGS_2(x, y) FROM_##x(A), FROM_##y(B)
#define ARGS_3(x, y, z) FROM_##x(A), FROM_##y(B), FROM_##z(ip[1])
#define GIVE_i(value, words) PUT_NEXT(EVAL_PUT_i(value), words)
#define GIVE_l(value, words) PUT_NEXT(EVAL_PUT_l(value), words)
#define GIVE_f(value, words) PUT_NEXT(EVAL_PUT_f(value), words)
#define GIVE_d(value, words) PUT_NEXT(EVAL_PUT_d(value), words)
#define GIVE_v VRESULT
#define GIVE(x) GIVE_##x
#define WORDS_FOR_1 1
#define WORDS_FOR_2 1
#define WORDS_FOR_3 2
#define RUN_VECTOR(n, P, m, R, name)                                                               \
    HANDLER(name) { GIVE R(eval_##name(ARGS_##n P), WORDS_FOR_##n); }
#define VECTOR(name, text, opcode, sig, since, ...) SHAPE_##sig(RUN_VECTOR, name)

// Taking a lane out: b is the lane. Putting one in: b is the value, word 1 the lane.
#define LANE_1 B
#define LANE_2 (u32)ip[1]
#define RUN_LANE(n, P, m, R, name, lanes)                                                          \
    HANDLER(name) { GIVE R(eval_##name(ARGS_##n P, LANE_##n % (lanes)), n); }
#define LANE(name, text, opcode, sig, since, lanes, ...) SHAPE_##sig(RUN_LANE, name, lanes)

// Loads and stores as of numbers.
#define VLOAD_AT(name, access, bits, words)                                                        \
    {                                                                                              \
        access;                                                                                    \
        V128 raw = {0};                                                                            \
        memcpy(&raw, at, bits / 8);                                                                \
        VRESULT(eval_##name(raw), words);                                                          \
    }
#define VLOAD(name, text, opcode, sig, since, bits, ...)                                           \
    HANDLER(name##_r) VLOAD_AT(name, ACCESS(bits / 8, WITH_OFFSET(fp[A])), bits, 1)                \
    HANDLER(name##_k) VLOAD_AT(name, ACCESS(bits / 8, WITH_SUM(fp[A])), bits, 2)                   \
    HANDLER(name##_c) VLOAD_AT(name, ACCESS(bits / 8, (u32)IMM), bits, 1)                          \
    HANDLER(name##_r64) VLOAD_AT(name, ACCESS_64(bits / 8, fp[A], B), bits, 1)                     \
    HANDLER(name##_k64) VLOAD_AT(name, ACCESS_64(bits / 8, SUM_64(fp[A]), OFFSET_K), bits, 2)      \
    HANDLER(name##_x) VLOAD_AT(name, ACCESS_X(bits / 8, fp[A]), bits, 3)
#define VSTORE_AT(access, bits, from, words)                                                       \
    {                                                                                              \
        access;                                                                                    \
        memcpy(at, fp + (from), bits / 8);                                                         \
        NEXT(words);                                                                               \
    }
#define VSTORE(name, text, opcode, sig, since, bits)                                               \
    HANDLER(name##_r) VSTORE_AT(ACCESS(bits / 8, WITH_OFFSET(fp[DST])), bits, A, 1)                \
    HANDLER(name##_k) VSTORE_AT(ACCESS(bits / 8, WITH_SUM(fp[DST])), bits, A, 2)                   \
    HANDLER(name##_c) VSTORE_AT(ACCESS(bits / 8, (u32)IMM), bits, DST, 1)                          \
    HANDLER(name##_r64) VSTORE_AT(ACCESS_64(bits / 8, fp[DST], B), bits, A, 1)                     \
    HANDLER(name##_k64) VSTORE_AT(ACCESS_64(bits / 8, SUM_64(fp[DST]), OFFSET_K), bits, A, 2)      \
    HANDLER(name##_x) VSTORE_AT(ACCESS_X(bits / 8, fp[DST]), bits, A, 3)

// One lane. a: the address, b: the vector; of stores dst: the address, a: the vector. Word 1 is the
// offset, word 2 the memory, with the lane in its upper half.
#define ACCESS_LANE(bytes, address_slot)                                                           \
    u8 *at;                                                                                        \
    u32 lane = (u32)(ip[2] >> 32) % (16 / (bytes));                                                \
    TRAP_IF_ANY(any_address(inst->memories[(u32)ip[2]], fp[address_slot], ip[1], bytes, &at))
#define LOAD_LANE(name, text, opcode, sig, since, bits)                                            \
    HANDLER(name)                                                                                  \
    {                                                                                              \
        ACCESS_LANE(bits / 8, A);                                                                  \
        RAW_##bits raw;                                                                            \
        memcpy(&raw, at, sizeof raw);                                                              \
        VRESULT(WITH_LANE(bits, GET_v(fp + B), lane, raw), 3);                                     \
    }
#define STORE_LANE(name, text, opcode, sig, since, bits)                                           \
    HANDLER(name)                                                                                  \
    {                                                                                              \
        ACCESS_LANE(bits / 8, DST);                                                                \
        RAW_##bits raw = LANE_OF(bits, GET_v(fp + A), lane);                                       \
        memcpy(at, &raw, sizeof raw);                                                              \
        NEXT(3);                                                                                   \
    }
#include "op/op.def"

HANDLER(v128_const) // words 1 and 2
{
    fp[DST] = ip[1];
    fp[DST + 1] = ip[2];
    NEXT(3);
}
HANDLER(canon_lanes_32) { VRESULT(eval_canon_lanes32(GET_v(fp + A)), 1); }
HANDLER(canon_lanes_64) { VRESULT(eval_canon_lanes64(GET_v(fp + A)), 1); }
HANDLER(i8x16_shuffle) // words 1 and 2: the lanes
{
    VRESULT(eval_shuffle(GET_v(fp + A), GET_v(fp + B), (const u8 *)(ip + 1)), 3);
}
