// steps.h -- what the operations of iop.def do that have one result, store, or branch on a
// condition: functions that are inlined into handlers, alone and in pairs (pair.def). They leave ip
// where it is. Included by interp.c.
//
//     value_<name>  the result, for slot dst; or *trap is why there is none
//     step_<name>   all of it: stores; or the value, put into its slot
//     takes_<name>  is the branch taken?
#include "run/native.h"
#include "run/slow.h"

// Fields of the word. They are read from memory, when they are needed: that is one instruction for
// each, and not in the way of what comes next.
#define DST ((const u16 *)ip)[1]
#define A ((const u16 *)ip)[2]
#define B ((const u16 *)ip)[3]
#define IMM ((const s32 *)ip)[1]

// Which source of the second of a pair is the result of the first: it is in a machine register, not
// to be waited for.
typedef enum { FED_none, FED_dst, FED_a, FED_b } Fed;
#define IN_DST (fed == FED_dst ? from_before : fp[DST])
#define IN_A (fed == FED_a ? from_before : fp[A])
#define IN_B (fed == FED_b ? from_before : fp[B])

#define STEP_PARAMS                                                                                \
    const u64 *ip, u64 *fp, u8 *mem, u64 mem_size, const Instance *inst, Fed fed, u64 from_before
#define STEP_STATE ip, fp, mem, mem_size, inst
#define NOT_FED FED_none, 0
#define INLINED static inline __attribute__((always_inline))
#define VALUE_OF(name) INLINED u64 value_##name(STEP_PARAMS, Trap *trap)
#define STEP_OF(name) INLINED Trap step_##name(STEP_PARAMS)
#define FIRST_OF(name)                                                                             \
    INLINED Trap first_##name(const u64 *ip, u64 *fp, u8 *mem, u64 mem_size, const Instance *inst, \
                              u64 *result)
#define TAKES_OF(name) INLINED bool takes_##name(const u64 *ip, u64 *fp, Fed fed, u64 from_before)

// Numbers. _rk, _kr: word 1 is the constant.
#define STEPS(n, P, m, R, name) STEPS_##n(name)
#define STEPS_1(name)                                                                              \
    VALUE_OF(name##_r) { return eval_word_##name(IN_A, trap); }
#define STEPS_2(name)                                                                              \
    VALUE_OF(name##_rr) { return eval_word_##name(IN_A, IN_B, trap); }                             \
    VALUE_OF(name##_rk) { return eval_word_##name(IN_A, ip[1], trap); }                            \
    VALUE_OF(name##_kr) { return eval_word_##name(ip[1], IN_A, trap); }
#define PURE(name, text, opcode, sig, since, ...) SHAPE_##sig(STEPS, name)

// In any memory. Where something is mapped, it is to be looked at first: see interp_from.
static __attribute__((noinline)) Trap any_address(Memory *m, u64 base, u64 offset, u64 bytes,
                                                  u8 **at)
{
    u64 address;
    if (!MAPS_POSSIBLE) return slow_address(m, base, offset, bytes, at);
    if (LIKELY(!__builtin_add_overflow(mem_width(m, base), offset, &address) &&
               in_bounds(address, bytes, m->open))) {
        *at = m->base + address;
        return TRAP_none;
    }
    Trap trap = slow_address(m, base, offset, bytes, at);
    return trap || m->open == m->size || m->looked_at ? trap : (Trap)RUN_beyond;
}

// Loads and stores in memory 0. _r: dst, a: address, b: offset. _k: dst, a, and in word 1 what is
// added to the address, modulo 2^32, with the offset in the upper half. _c: dst, imm: address.
// _r64, _k64: the address has 64 bits, what is added is signed, modulo 2^64; an offset may lead out
// of 64 bits. _x: any memory; dst, a: address; word 1 is the offset, word 2 the memory. What is
// beyond a memory that others grow too may be inside of it by now, and what is mapped is looked at:
// see interp_from.
#define ACCESS(bytes, where)                                                                       \
    u64 address = (where);                                                                         \
    if (UNLIKELY(address + (bytes) > mem_size)) FAIL((Trap)RUN_beyond);                            \
    u8 *at = mem + address
#define ACCESS_64(bytes, base, offset)                                                             \
    u64 end;                                                                                       \
    if (UNLIKELY(__builtin_add_overflow((u64)(base), (u64)(offset) + (bytes), &end) ||             \
                 end > mem_size))                                                                  \
        FAIL((Trap)RUN_beyond);                                                                    \
    u8 *at = mem + (end - (bytes))
#define ACCESS_X(bytes, base)                                                                      \
    u8 *at;                                                                                        \
    Trap why_ = any_address(inst->memories[ip[2]], base, ip[1], bytes, &at);                       \
    if (UNLIKELY(why_)) FAIL(why_)
#define RAW_8 u8
#define RAW_16 u16
#define RAW_32 u32
#define RAW_64 u64
#define WIDEN_N(bits, R, v) ((u64)(v))
#define WIDEN_U(bits, R, v) ((u64)(v))
#define WIDEN_S(bits, R, v) WIDEN_S_##R(bits, v)
#define WIDEN_S_i_i(bits, v) ((u64)(u32)(s32)(s##bits)(v))
#define WIDEN_S_i_l(bits, v) ((u64)(s64)(s##bits)(v))
#define WITH_OFFSET(base) ((u64)(u32)(base) + B)
#define OFFSET_K (ip[1] >> 32)
#define WITH_SUM(base) ((u64)((u32)(base) + (u32)ip[1]) + OFFSET_K)
#define SUM_64(base) ((base) + (u64)(s64)(s32)ip[1])
#define LOAD_AT(access, bits, extend, sig)                                                         \
    {                                                                                              \
        access;                                                                                    \
        RAW_##bits raw;                                                                            \
        memcpy(&raw, at, sizeof raw);                                                              \
        return WIDEN_##extend(bits, sig, raw);                                                     \
    }
#define LOAD(name, text, opcode, sig, since, bits, extend)                                         \
    VALUE_OF(name##_r) LOAD_AT(ACCESS(bits / 8, WITH_OFFSET(IN_A)), bits, extend, sig)             \
    VALUE_OF(name##_k) LOAD_AT(ACCESS(bits / 8, WITH_SUM(IN_A)), bits, extend, sig)                \
    VALUE_OF(name##_c) LOAD_AT(ACCESS(bits / 8, (u32)IMM), bits, extend, sig)                      \
    VALUE_OF(name##_r64) LOAD_AT(ACCESS_64(bits / 8, IN_A, B), bits, extend, sig)                  \
    VALUE_OF(name##_k64) LOAD_AT(ACCESS_64(bits / 8, SUM_64(IN_A), OFFSET_K), bits, extend, sig)   \
    VALUE_OF(name##_x) LOAD_AT(ACCESS_X(bits / 8, IN_A), bits, extend, sig)
#define FAIL(why) return (*trap = (why), 0)
#include "op/op.def"
#undef FAIL

// Stores: dst is the address, a the value, b the offset. _c: dst is the value. _v: a is the value
// itself, signed.
#define STORE_AT(access, bits, value)                                                              \
    {                                                                                              \
        access;                                                                                    \
        RAW_##bits raw = (RAW_##bits)(value);                                                      \
        memcpy(at, &raw, sizeof raw);                                                              \
        return TRAP_none;                                                                          \
    }
#define STORE(name, text, opcode, sig, since, bits)                                                \
    STEP_OF(name##_r) STORE_AT(ACCESS(bits / 8, WITH_OFFSET(IN_DST)), bits, IN_A)                  \
    STEP_OF(name##_k) STORE_AT(ACCESS(bits / 8, WITH_SUM(IN_DST)), bits, IN_A)                     \
    STEP_OF(name##_c) STORE_AT(ACCESS(bits / 8, (u32)IMM), bits, IN_DST)                           \
    STEP_OF(name##_v) STORE_AT(ACCESS(bits / 8, WITH_OFFSET(IN_DST)), bits, (u64)(s64)(s16)A)      \
    STEP_OF(name##_r64) STORE_AT(ACCESS_64(bits / 8, IN_DST, B), bits, IN_A)                       \
    STEP_OF(name##_k64) STORE_AT(ACCESS_64(bits / 8, SUM_64(IN_DST), OFFSET_K), bits, IN_A)        \
    STEP_OF(name##_v64) STORE_AT(ACCESS_64(bits / 8, IN_DST, B), bits, (u64)(s64)(s16)A)           \
    STEP_OF(name##_x) STORE_AT(ACCESS_X(bits / 8, IN_DST), bits, IN_A)
#define FAIL(why) return (why)
#include "op/op.def"
#undef FAIL

// Compare and branch. _r: imm is the distance. _rr: sources are dst and a. _rk: source is dst.
// _rr, _rk: word 1 is the distance in its lower half and the constant, sign-extended, in its upper.
#define TAKES(form, result)                                                                        \
    TAKES_OF(form)                                                                                 \
    {                                                                                              \
        Trap trap = TRAP_none;                                                                     \
        return result;                                                                             \
    }
#define BRANCH1(name)                                                                              \
    TAKES(name##_br_r, eval_word_##name(IN_DST, &trap))                                            \
    TAKES(name##_no_r, !eval_word_##name(IN_DST, &trap))
#define BRANCH2(name)                                                                              \
    TAKES(name##_br_rr, eval_word_##name(IN_DST, IN_A, &trap))                                     \
    TAKES(name##_br_rk, eval_word_##name(IN_DST, (u64)((s64)ip[1] >> 32), &trap))                  \
    TAKES(name##_no_rr, !eval_word_##name(IN_DST, IN_A, &trap))                                    \
    TAKES(name##_no_rk, !eval_word_##name(IN_DST, (u64)((s64)ip[1] >> 32), &trap))
#include "interp/branch.def"
TAKES_OF(br) { return true; }
TAKES_OF(br_if) { return (u32)IN_DST; }
TAKES_OF(br_unless) { return !(u32)IN_DST; }
TAKES_OF(br_null) { return (Ref)IN_DST == REF_NULL; }
TAKES_OF(br_non_null) { return (Ref)IN_DST != REF_NULL; }
TAKES_OF(add_br_if) // dst = a + b, signed, and a branch if it is not zero; word 1: distance
{
    u32 sum = (u32)IN_A + (u32)(s32)(s16)B;
    fp[DST] = sum;
    return sum;
}

// Moves
VALUE_OF(copy) { return IN_A; }
VALUE_OF(const_32) { return (u64)(s64)IMM; } // imm: sign-extended
VALUE_OF(const_64) { return ip[1]; }         // word 1
VALUE_OF(select) { return (u32)fp[ip[1]] ? IN_A : IN_B; } // a, b; word 1: the condition's slot

// A NaN becomes the positive canonical one.
VALUE_OF(canon_32) { return EVAL_PUT_f(eval_canon32(EVAL_GET_f(IN_A))); }
VALUE_OF(canon_64) { return EVAL_PUT_d(eval_canon64(EVAL_GET_d(IN_A))); }

// Globals: dst or source, imm: index
VALUE_OF(global_get) { return inst->globals[(u32)IMM]->value[0]; }
STEP_OF(global_set)
{
    inst->globals[(u32)IMM]->value[0] = IN_DST;
    return TRAP_none;
}

#ifndef WEFT_MICRO
#include "interp/run/gc_steps.h"
#endif

// The whole of an operation, alone; and as the first of a pair, whose result the second may want.
#define IOP(name)
#define IOP_VALUE(name, words)                                                                     \
    STEP_OF(name)                                                                                  \
    {                                                                                              \
        Trap trap = TRAP_none;                                                                     \
        u64 value = value_##name(STEP_STATE, fed, from_before, &trap);                             \
        if (UNLIKELY(trap)) return trap;                                                           \
        fp[DST] = value;                                                                           \
        return TRAP_none;                                                                          \
    }                                                                                              \
    FIRST_OF(name)                                                                                 \
    {                                                                                              \
        Trap trap = TRAP_none;                                                                     \
        u64 value = value_##name(STEP_STATE, NOT_FED, &trap);                                      \
        if (UNLIKELY(trap)) return trap;                                                           \
        fp[DST] = *result = value;                                                                 \
        return TRAP_none;                                                                          \
    }
#define IOP_STEP(name, words)                                                                      \
    FIRST_OF(name) { return step_##name(STEP_STATE, NOT_FED); }
#include "interp/iop.def"

// How many words each takes.
enum {
#define IOP(name)
#define IOP_VALUE(name, words) WORDS_##name = words,
#define IOP_STEP(name, words) WORDS_##name = words,
#define IOP_BRANCH(name, words) WORDS_##name = words,
#include "interp/iop.def"
};
