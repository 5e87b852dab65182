// eval.h -- what the words of the tables mean on numbers: one inline function eval_<row> per PURE,
// PURE2 and ATOMIC row.
//
// Operands and results are C values of the row's types: u32, u64, f32, f64. A row that traps stores
// why in *trap and its result is meaningless. One with two results stores them. Words widen before
// they compute, and shift by less than the width, so nothing here is undefined for any operand.
// spec: exec/numerics
#pragma once

#include "op/op.h"

#include <string.h>

#define K(N, V) ((u##N)(V))

// Integers
#define IADD(N, X, Y) ((u##N)((u64)(X) + (u64)(Y)))
#define ISUB(N, X, Y) ((u##N)((u64)(X) - (u64)(Y)))
#define IMUL(N, X, Y) ((u##N)((u64)(X) * (u64)(Y)))
#define IMUL_HIGH_S(N, X, Y) eval_mul_high_s##N(X, Y)
#define IMUL_HIGH_U(N, X, Y) eval_mul_high_u##N(X, Y)
#define IDIV_OVERFLOWS(N, X, Y) ((X) == (u##N)1 << (N - 1) && (Y) == (u##N)-1)
#define IDIV_S(N, X, Y) ((u##N)((s##N)(X) / (s##N)(Y)))
#define IDIV_U(N, X, Y) ((u##N)((X) / (Y)))
#define IREM_S(N, X, Y) ((u##N)((Y) == (u##N)-1 ? 0 : (s##N)(X) % (s##N)(Y)))
#define IREM_U(N, X, Y) ((u##N)((X) % (Y)))
#define IAND(N, X, Y) ((u##N)((X) & (Y)))
#define IOR(N, X, Y) ((u##N)((X) | (Y)))
#define IXOR(N, X, Y) ((u##N)((X) ^ (Y)))
#define ISHL(N, X, Y) ((u##N)((X) << (Y)))
#define ISHR_S(N, X, Y) ((u##N)((s##N)(X) >> (Y)))
#define ISHR_U(N, X, Y) ((u##N)((X) >> (Y)))
#define IROTL(N, X, Y) ((u##N)((X) << (Y) | (X) >> ((N - (Y)) & (N - 1))))
#define IROTR(N, X, Y) ((u##N)((X) >> (Y) | (X) << ((N - (Y)) & (N - 1))))
#define ICLZ(N, X) eval_clz##N(X)
#define ICTZ(N, X) eval_ctz##N(X)
#define IPOPCNT(N, X) ((u##N)__builtin_popcountll(X))
#define IEQZ(N, X) ((u32)((X) == 0))
#define IEQ(N, X, Y) ((u32)((X) == (Y)))
#define INE(N, X, Y) ((u32)((X) != (Y)))
#define ILT_S(N, X, Y) ((u32)((s##N)(X) < (s##N)(Y)))
#define ILT_U(N, X, Y) ((u32)((X) < (Y)))
#define IGT_S(N, X, Y) ((u32)((s##N)(X) > (s##N)(Y)))
#define IGT_U(N, X, Y) ((u32)((X) > (Y)))
#define ILE_S(N, X, Y) ((u32)((s##N)(X) <= (s##N)(Y)))
#define ILE_U(N, X, Y) ((u32)((X) <= (Y)))
#define IGE_S(N, X, Y) ((u32)((s##N)(X) >= (s##N)(Y)))
#define IGE_U(N, X, Y) ((u32)((X) >= (Y)))

static inline u32 eval_clz32(u32 x) { return x ? (u32)__builtin_clz(x) : 32; }
static inline u32 eval_ctz32(u32 x) { return x ? (u32)__builtin_ctz(x) : 32; }
static inline u64 eval_clz64(u64 x) { return x ? (u64)__builtin_clzll(x) : 64; }
static inline u64 eval_ctz64(u64 x) { return x ? (u64)__builtin_ctzll(x) : 64; }

static inline u64 eval_mul_high_u64(u64 x, u64 y)
{
#ifdef __SIZEOF_INT128__
    return (u64)((unsigned __int128)x * y >> 64);
#else // 32-bit machines: by halves. No sum overflows.
    u64 xl = (u32)x, xh = x >> 32, yl = (u32)y, yh = y >> 32;
    u64 middle = xh * yl + (xl * yl >> 32), other = xl * yh + (u32)middle;
    return xh * yh + (middle >> 32) + (other >> 32);
#endif
}
// A negative x stands for x - 2^64, so y is subtracted from the upper half; and so for y.
static inline u64 eval_mul_high_s64(u64 x, u64 y)
{
    return eval_mul_high_u64(x, y) - ((s64)x < 0 ? y : 0) - ((s64)y < 0 ? x : 0);
}

// Conversions between integers
#define WRAP(M, N, X) ((u##N)(X))
#define EXTEND_U(M, N, X) ((u##N)(u##M)(X))
#define EXTEND_S(M, N, X) ((u##N)(s##N)(s##M)(X))

// Bits of floats
static inline u32 eval_bits32(f32 x)
{
    u32 bits;
    memcpy(&bits, &x, 4);
    return bits;
}
static inline u64 eval_bits64(f64 x)
{
    u64 bits;
    memcpy(&bits, &x, 8);
    return bits;
}
static inline f32 eval_float32(u32 bits)
{
    f32 x;
    memcpy(&x, &bits, 4);
    return x;
}
static inline f64 eval_float64(u64 bits)
{
    f64 x;
    memcpy(&x, &bits, 8);
    return x;
}
#define BITS_OF(N, X) eval_bits##N(X)
#define FLOAT_OF(N, X) eval_float##N(X)
#define FSIGN(N) ((u##N)1 << (N - 1))
#define FABS(N, X) eval_float##N(eval_bits##N(X) & ~FSIGN(N))
#define FNEG(N, X) eval_float##N(eval_bits##N(X) ^ FSIGN(N))
#define FCOPYSIGN(N, X, Y)                                                                         \
    eval_float##N((eval_bits##N(X) & ~FSIGN(N)) | (eval_bits##N(Y) & FSIGN(N)))

// Floats. Host arithmetic may give any arithmetic NaN, which is what the specification allows.
// Where the result's bits are left open like that the row says so by NAN_OF; who wants always the
// same ones makes them canonical behind it.
#define NAN_OF(N, X) (X)
#define FADD(N, X, Y) ((X) + (Y))
#define FSUB(N, X, Y) ((X) - (Y))
#define FMUL(N, X, Y) ((X) * (Y))
#define FDIV(N, X, Y) ((X) / (Y))
#define FSQRT(N, X) eval_sqrt##N(X)
#define FCEIL(N, X) eval_ceil##N(X)
#define FFLOOR(N, X) eval_floor##N(X)
#define FTRUNC(N, X) eval_trunc##N(X)
#define FNEAREST(N, X) eval_nearest##N(X)
#define FMIN(N, X, Y) eval_min##N(X, Y)
#define FMAX(N, X, Y) eval_max##N(X, Y)
#define FEQ(N, X, Y) ((u32)((X) == (Y)))
#define FNE(N, X, Y) ((u32)((X) != (Y)))
#define FLT(N, X, Y) ((u32)((X) < (Y)))
#define FGT(N, X, Y) ((u32)((X) > (Y)))
#define FLE(N, X, Y) ((u32)((X) <= (Y)))
#define FGE(N, X, Y) ((u32)((X) >= (Y)))
#define FIS_NAN(N, X) ((X) != (X))
#define NAN_BITS_32 0x7fc00000       // the positive canonical NaN
#define NAN_BITS_64 0x7ff8000000000000

// Adding 2^23 (2^52 in f64) and taking it away again rounds to an integer, ties to even; floats
// from there on are integers. The sign is put back for zeros. The library's functions would need
// the library loaded, and let signalling NaNs pass.
#define EVAL_FLOATS(N, suffix, BIG)                                                                \
    static inline f##N eval_sqrt##N(f##N x) { return __builtin_sqrt##suffix(x); }                  \
    static inline f##N eval_round##N(f##N x)                                                       \
    {                                                                                              \
        return (x + FCOPYSIGN(N, BIG, x)) - FCOPYSIGN(N, BIG, x);                                  \
    }                                                                                              \
    static inline f##N eval_small##N(f##N x, f##N rounded)                                         \
    {                                                                                              \
        if (FABS(N, x) < BIG) return FCOPYSIGN(N, rounded, x);                                     \
        return x != x ? x + x : x; /* which makes a NaN quiet */                                   \
    }                                                                                              \
    static inline f##N eval_nearest##N(f##N x) { return eval_small##N(x, eval_round##N(x)); }      \
    static inline f##N eval_ceil##N(f##N x)                                                        \
    {                                                                                              \
        f##N r = eval_round##N(x);                                                                 \
        return eval_small##N(x, r < x ? r + 1 : r);                                                \
    }                                                                                              \
    static inline f##N eval_floor##N(f##N x)                                                       \
    {                                                                                              \
        f##N r = eval_round##N(x);                                                                 \
        return eval_small##N(x, r > x ? r - 1 : r);                                                \
    }                                                                                              \
    static inline f##N eval_trunc##N(f##N x)                                                       \
    {                                                                                              \
        f##N abs = FABS(N, x), r = eval_round##N(abs);                                             \
        return eval_small##N(x, r > abs ? r - 1 : r);                                              \
    }                                                                                              \
    static inline f##N eval_canon##N(f##N x) { return x != x ? eval_float##N(NAN_BITS_##N) : x; }  \
    static inline f##N eval_min##N(f##N x, f##N y)                                                 \
    {                                                                                              \
        if (x != x || y != y) return x + y;                                                        \
        if (x == y) return eval_float##N(eval_bits##N(x) | eval_bits##N(y)); /* -0 < +0 */         \
        return x < y ? x : y;                                                                      \
    }                                                                                              \
    static inline f##N eval_max##N(f##N x, f##N y)                                                 \
    {                                                                                              \
        if (x != x || y != y) return x + y;                                                        \
        if (x == y) return eval_float##N(eval_bits##N(x) & eval_bits##N(y));                       \
        return x > y ? x : y;                                                                      \
    }
EVAL_FLOATS(32, f, 0x1p23f)
EVAL_FLOATS(64, , 0x1p52)

// Conversions with floats. In names M is the width of the operand, N of the result. The bounds are
// exact in every width: 2^31, 2^32, 2^63 and 2^64 are floats; in f64, so is -2^31 - 1.
#define EVAL_LOW_S(M, N)                                                                           \
    ((M) == 64 && (N) == 32 ? -2147483649.0 : (N) == 32 ? -2147483648.0 : -9223372036854775808.0)
#define EVAL_BELOW_S(M, N, X)                                                                      \
    ((M) == 64 && (N) == 32 ? (f64)(X) <= EVAL_LOW_S(M, N) : (f64)(X) < EVAL_LOW_S(M, N))
#define EVAL_HIGH_S(N) ((N) == 32 ? 2147483648.0 : 9223372036854775808.0)
#define EVAL_HIGH_U(N) ((N) == 32 ? 4294967296.0 : 18446744073709551616.0)
#define TRUNC_S_OVERFLOWS(M, N, X) (EVAL_BELOW_S(M, N, X) || (f64)(X) >= EVAL_HIGH_S(N))
#define TRUNC_U_OVERFLOWS(M, N, X) ((f64)(X) <= -1.0 || (f64)(X) >= EVAL_HIGH_U(N))
#define TRUNC_S(M, N, X) ((u##N)(s##N)(X))
#define TRUNC_U(M, N, X) ((u##N)(X))
#define TRUNC_SAT_S(M, N, X)                                                                       \
    (FIS_NAN(M, X) ? 0 : EVAL_BELOW_S(M, N, X) ? (u##N)1 << (N - 1)                                \
     : (f64)(X) >= EVAL_HIGH_S(N) ? ((u##N)1 << (N - 1)) - 1 : (u##N)(s##N)(X))
#define TRUNC_SAT_U(M, N, X)                                                                       \
    (FIS_NAN(M, X) || (f64)(X) <= -1.0 ? 0 : (f64)(X) >= EVAL_HIGH_U(N) ? (u##N)-1 : (u##N)(X))
#define CONVERT_S(M, N, X) ((f##N)(s##M)(X))
#define CONVERT_U(M, N, X) ((f##N)(u##M)(X))
#define DEMOTE(X) ((f32)(X))
#define PROMOTE(X) ((f64)(X))

// The functions. A row's signature gives the C types of its operands and its result; what else they
// take comes last. SHAPE_ii_i(EVAL, name, last) is EVAL(2, (i, i), 1, (i), name, last), which goes
// on by the counts, and where EVAL_PARAMS_2 (i, i) has the letters for arguments.
#define EVAL_TYPE_i u32
#define EVAL_TYPE_l u64
#define EVAL_TYPE_f f32
#define EVAL_TYPE_d f64
#define EVAL_PARAMS_1(x) EVAL_TYPE_##x a
#define EVAL_PARAMS_2(x, y) EVAL_PARAMS_1(x), EVAL_TYPE_##y b
#define EVAL_PARAMS_3(x, y, z) EVAL_PARAMS_2(x, y), EVAL_TYPE_##z c
#define EVAL_PARAMS_4(x, y, z, u) EVAL_PARAMS_3(x, y, z), EVAL_TYPE_##u d
#define EVAL_RESULT_1(x) EVAL_TYPE_##x
#define EVAL_RESULT_2(x, y) void
#define EVAL(n, P, m, R, name, ...)                                                                \
    static inline EVAL_RESULT_##m R eval_##name(EVAL_PARAMS_##n P, ##__VA_ARGS__)

#define TRAP_IF(condition, why)                                                                    \
    if (UNLIKELY(condition)) {                                                                     \
        *trap = TRAP_##why;                                                                        \
        return 0;                                                                                  \
    }
#define LET(N, name, value) u##N name = value;
#define RESULT(value) return value;
#define PURE(name, text, opcode, sig, since, ...)                                                  \
    SHAPE_##sig(EVAL, name, Trap *trap)                                                            \
    {                                                                                              \
        (void)trap;                                                                                \
        __VA_ARGS__                                                                                \
    }
#include "op/op.def"
#undef TRAP_IF
#undef RESULT

// Two results, in order.
#define RESULTS(first, second) out[0] = first, out[1] = second;
#define PURE2(name, text, opcode, sig, since, ...)                                                 \
    SHAPE_##sig(EVAL, name, u64 out[2]) { __VA_ARGS__ }
#include "op/op.def"
#undef LET
#undef RESULTS

// The same as PURE rows, on words of 64 bits, which is what slots of a frame are: of an operand of
// 32 bits the lower half counts, a result of 32 bits has zeros above it.
#define EVAL_GET_i(v) ((u32)(v))
#define EVAL_GET_l(v) (v)
#define EVAL_GET_f(v) eval_float32((u32)(v))
#define EVAL_GET_d(v) eval_float64(v)
#define EVAL_PUT_i(v) ((u64)(u32)(v))
#define EVAL_PUT_l(v) (v)
#define EVAL_PUT_f(v) ((u64)eval_bits32(v))
#define EVAL_PUT_d(v) eval_bits64(v)
#define EVAL_WORDS_1 u64 a
#define EVAL_WORDS_2 u64 a, u64 b
#define EVAL_GET_1(x) EVAL_GET_##x(a)
#define EVAL_GET_2(x, y) EVAL_GET_##x(a), EVAL_GET_##y(b)
#define EVAL_PUT(x) EVAL_PUT_##x
#define EVAL_WORD(n, P, m, R, name)                                                                \
    static inline __attribute__((always_inline)) u64 eval_word_##name(EVAL_WORDS_##n, Trap *trap)  \
    {                                                                                              \
        return EVAL_PUT R(eval_##name(EVAL_GET_##n P, trap));                                      \
    }
#define PURE(name, text, opcode, sig, since, ...) SHAPE_##sig(EVAL_WORD, name)
#include "op/op.def"

// Atomic accesses: whether something is written, and what. x is what memory holds; of a row that
// has a result, it is that. Whoever runs one makes sure that nobody else writes in between.
#define KEEP return false;
#define WRITE(value) return *to = (value), true;
#define WRITE_IF(condition, value) if (!(condition)) return false; return *to = (value), true;
#define ATOMIC(name, text, opcode, sig, since, bits, ...)                                          \
    static inline bool eval_##name(u##bits x, u##bits y, u##bits z, u##bits *to) { __VA_ARGS__ }
#include "op/op.def"
#undef KEEP
#undef WRITE
#undef WRITE_IF
