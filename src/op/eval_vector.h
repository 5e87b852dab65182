// eval_vector.h -- what the words of simd.def mean on vectors: one inline function eval_<row> per
// VECTOR, LANE and VLOAD row.
//
// The words that eval.h reads as numbers are read here as vectors of the compiler, all lanes at
// once: `x + y` is one instruction where the machine has it, and plain code where not. Lanes do not
// widen before they compute, they wrap; comparisons give lanes of all ones. Nothing here is
// undefined for any operand.
// spec: exec/numerics, vector operations
#pragma once

#include "op/eval.h"

typedef u64 V128 __attribute__((vector_size(16))); // whatever is in it
#define VECTORS(N)                                                                                 \
    typedef u##N VU##N __attribute__((vector_size(16)));                                           \
    typedef s##N VS##N __attribute__((vector_size(16)));                                           \
    typedef u##N HU##N __attribute__((vector_size(8)));                                            \
    typedef s##N HS##N __attribute__((vector_size(8)));
VECTORS(8)
VECTORS(16)
VECTORS(32)
typedef V128 VU64;
typedef s64 VS64 __attribute__((vector_size(16)));
typedef f32 VF32 __attribute__((vector_size(16)));
typedef f64 VF64 __attribute__((vector_size(16)));

// Vectors <-> lanes
#define ALL(N, V) ((VU##N){0} + (u##N)(V)) // the same in every lane
#define LANES_IN(N, V) ((VU##N)(V))
#define LANES_OF(N, V) ((V128)(V))
#define SPLAT(N, V) ((V128)ALL(N, V))
#define LANE_OF(N, V, I) (((VU##N)(V))[I])
#define WITH_LANE(N, V, I, X) eval_with_lane##N(V, I, (u##N)(X))
#define WITH_LANE_FN(N)                                                                            \
    static inline V128 eval_with_lane##N(V128 v, u32 i, u##N x)                                    \
    {                                                                                              \
        VU##N lanes = (VU##N)v;                                                                    \
        lanes[i] = x;                                                                              \
        return (V128)lanes;                                                                        \
    }
WITH_LANE_FN(8)
WITH_LANE_FN(16)
WITH_LANE_FN(32)
WITH_LANE_FN(64)

// A mask chooses: every lane of it is all ones or zero.
#define CHOOSE(M, X, Y) (((M) & (X)) | (~(M) & (Y)))

// ---- Integers, by lane

#undef IADD
#undef ISUB
#undef IMUL
#undef IAND
#undef ISHL
#undef ISHR_S
#undef ISHR_U
#undef IOR
#undef IXOR
#undef IPOPCNT
#undef IEQ
#undef INE
#undef ILT_S
#undef ILT_U
#undef IGT_S
#undef IGT_U
#undef ILE_S
#undef ILE_U
#undef IGE_S
#undef IGE_U
#define IADD(N, X, Y) ((X) + (Y))
#define ISUB(N, X, Y) ((X) - (Y))
#define IMUL(N, X, Y) ((X) * (Y))
#define IAND(N, X, Y) ((X) & (Y))
#define IOR(N, X, Y) ((X) | (Y))
#define IXOR(N, X, Y) ((X) ^ (Y))
#define INOT(N, X) (~(X))
#define IBITSELECT(N, X, Y, Z) CHOOSE(Z, X, Y)
#define ISHL(N, X, K) ((X) << ALL(N, K)) // K is a number below N
#define ISHR_U(N, X, K) ((X) >> ALL(N, K))
#define ISHR_S(N, X, K) ((VU##N)((VS##N)(X) >> (VS##N)ALL(N, K)))
#define INEG(N, X) (-(X))
#define IABS(N, X) eval_abs##N(X)
#define IPOPCNT(N, X) eval_popcnt##N(X)
#define MASK(N, C) ((VU##N)(C))
#define IEQ(N, X, Y) ((X) == (Y))
#define INE(N, X, Y) ((X) != (Y))
#define ILT_S(N, X, Y) ((VS##N)(X) < (VS##N)(Y))
#define ILT_U(N, X, Y) ((X) < (Y))
#define IGT_S(N, X, Y) ((VS##N)(X) > (VS##N)(Y))
#define IGT_U(N, X, Y) ((X) > (Y))
#define ILE_S(N, X, Y) ((VS##N)(X) <= (VS##N)(Y))
#define ILE_U(N, X, Y) ((X) <= (Y))
#define IGE_S(N, X, Y) ((VS##N)(X) >= (VS##N)(Y))
#define IGE_U(N, X, Y) ((X) >= (Y))
#define IMIN_S(N, X, Y) CHOOSE(MASK(N, ILT_S(N, X, Y)), X, Y)
#define IMIN_U(N, X, Y) CHOOSE(MASK(N, ILT_U(N, X, Y)), X, Y)
#define IMAX_S(N, X, Y) CHOOSE(MASK(N, IGT_S(N, X, Y)), X, Y)
#define IMAX_U(N, X, Y) CHOOSE(MASK(N, IGT_U(N, X, Y)), X, Y)
#define IAVGR_U(N, X, Y) (((X) | (Y)) - (((X) ^ (Y)) >> ALL(N, 1)))
#define IADD_SAT_S(N, X, Y) eval_add_sat_s##N(X, Y)
#define IADD_SAT_U(N, X, Y) eval_add_sat_u##N(X, Y)
#define ISUB_SAT_S(N, X, Y) eval_sub_sat_s##N(X, Y)
#define ISUB_SAT_U(N, X, Y) eval_sub_sat_u##N(X, Y)
#define IQ15MULR_SAT_S(N, X, Y) eval_q15mulr_sat_s(X, Y)

#define LANE_INTEGERS(N)                                                                           \
    static inline VU##N eval_sign##N(VU##N x) { return ISHR_S(N, x, N - 1); }                      \
    static inline VU##N eval_abs##N(VU##N x)                                                       \
    {                                                                                              \
        VU##N sign = eval_sign##N(x);                                                              \
        return (x ^ sign) - sign;                                                                  \
    }
LANE_INTEGERS(8)
LANE_INTEGERS(16)
LANE_INTEGERS(32)
LANE_INTEGERS(64)
// What overflows becomes the largest number of the sign that the exact result has: that of x.
#define LANE_SATURATION(N)                                                                         \
    static inline VU##N eval_most##N(VU##N x)                                                      \
    {                                                                                              \
        return eval_sign##N(x) ^ ALL(N, ((u##N) - 1) >> 1);                                        \
    }                                                                                              \
    static inline VU##N eval_add_sat_s##N(VU##N x, VU##N y)                                        \
    {                                                                                              \
        VU##N sum = x + y, over = eval_sign##N((sum ^ x) & (sum ^ y));                             \
        return CHOOSE(over, eval_most##N(x), sum);                                                 \
    }                                                                                              \
    static inline VU##N eval_sub_sat_s##N(VU##N x, VU##N y)                                        \
    {                                                                                              \
        VU##N rest = x - y, over = eval_sign##N((x ^ y) & (rest ^ x));                             \
        return CHOOSE(over, eval_most##N(x), rest);                                                \
    }                                                                                              \
    static inline VU##N eval_add_sat_u##N(VU##N x, VU##N y)                                        \
    {                                                                                              \
        VU##N sum = x + y;                                                                         \
        return sum | (VU##N)(sum < x);                                                             \
    }                                                                                              \
    static inline VU##N eval_sub_sat_u##N(VU##N x, VU##N y) { return (x - y) & (VU##N)(x > y); }
LANE_SATURATION(8)
LANE_SATURATION(16)

static inline VU8 eval_popcnt8(VU8 x)
{
    x = x - ((x >> ALL(8, 1)) & ALL(8, 0x55));
    x = (x & ALL(8, 0x33)) + ((x >> ALL(8, 2)) & ALL(8, 0x33));
    return (x + (x >> ALL(8, 4))) & ALL(8, 0x0f);
}

// ---- Wider and narrower lanes

// The lower or upper lanes of M bits, each widened to N = 2 * M.
static inline u64 eval_half(V128 v, u32 high) { return v[high]; }
#define EXTEND_LOW_S(M, N, V) eval_widen_s##M(eval_half(V, 0))
#define EXTEND_LOW_U(M, N, V) eval_widen_u##M(eval_half(V, 0))
#define EXTEND_HIGH_S(M, N, V) eval_widen_s##M(eval_half(V, 1))
#define EXTEND_HIGH_U(M, N, V) eval_widen_u##M(eval_half(V, 1))
#define LANE_WIDENING(M, N)                                                                        \
    static inline V128 eval_widen_s##M(u64 half)                                                   \
    {                                                                                              \
        HS##M lanes;                                                                               \
        memcpy(&lanes, &half, 8);                                                                  \
        return (V128)__builtin_convertvector(lanes, VS##N);                                        \
    }                                                                                              \
    static inline V128 eval_widen_u##M(u64 half)                                                   \
    {                                                                                              \
        HU##M lanes;                                                                               \
        memcpy(&lanes, &half, 8);                                                                  \
        return (V128)__builtin_convertvector(lanes, VU##N);                                        \
    }
LANE_WIDENING(8, 16)
LANE_WIDENING(16, 32)
LANE_WIDENING(32, 64)

// Lanes 0, 2, 4... or 1, 3, 5... of M bits, each widened to N = 2 * M, where it stands.
#define EVEN_S(M, N, V) ISHR_S(N, LANES_IN(N, V) << ALL(N, M), M)
#define EVEN_U(M, N, V) (LANES_IN(N, V) & ALL(N, (u##M)-1))
#define ODD_S(M, N, V) ISHR_S(N, LANES_IN(N, V), M)
#define ODD_U(M, N, V) (LANES_IN(N, V) >> ALL(N, M))

// Lanes of M bits brought within the bounds of N = M / 2 bits, those of A first.
#define NARROW_S(M, N, A, B)                                                                       \
    eval_narrow##M(eval_clamp##M(A, -1 - (s##M)((u##N) - 1 >> 1), (u##N) - 1 >> 1),                \
                   eval_clamp##M(B, -1 - (s##M)((u##N) - 1 >> 1), (u##N) - 1 >> 1))
#define NARROW_U(M, N, A, B)                                                                       \
    eval_narrow##M(eval_clamp##M(A, 0, (u##N) - 1), eval_clamp##M(B, 0, (u##N) - 1))
#define LANE_NARROWING(M, N)                                                                       \
    static inline V128 eval_clamp##M(V128 v, s##M low, s##M high)                                  \
    {                                                                                              \
        VU##M x = (VU##M)v;                                                                        \
        x = IMAX_S(M, x, ALL(M, low));                                                             \
        return (V128)IMIN_S(M, x, ALL(M, high));                                                   \
    }                                                                                              \
    static inline V128 eval_narrow##M(V128 a, V128 b)                                              \
    {                                                                                              \
        HU##N low = __builtin_convertvector((VU##M)a, HU##N),                                      \
              high = __builtin_convertvector((VU##M)b, HU##N);                                     \
        V128 out;                                                                                  \
        memcpy(&out, &low, 8);                                                                     \
        memcpy((u8 *)&out + 8, &high, 8);                                                          \
        return out;                                                                                \
    }
LANE_NARROWING(16, 8)
LANE_NARROWING(32, 16)

// Sums of two products of neighbours; in the second form a sum that overflows saturates.
#define DOT_S(M, N, A, B)                                                                          \
    LANES_OF(N, EVEN_S(M, N, A) * EVEN_S(M, N, B) + ODD_S(M, N, A) * ODD_S(M, N, B))
#define DOT_SAT_S(M, N, A, B)                                                                      \
    LANES_OF(N, IADD_SAT_S(N, EVEN_S(M, N, A) * EVEN_S(M, N, B), ODD_S(M, N, A) * ODD_S(M, N, B)))

// (x * y + 2^14) >> 15; only the product of the two least overflows, and saturates.
static inline VU16 eval_q15mulr_sat_s(VU16 x, VU16 y)
{
    VU32 even = EVEN_S(16, 32, x) * EVEN_S(16, 32, y) + ALL(32, 0x4000);
    VU32 odd = ODD_S(16, 32, x) * ODD_S(16, 32, y) + ALL(32, 0x4000);
    even = ISHR_S(32, even, 15);
    odd = ISHR_S(32, odd, 15);
    even = IMIN_S(32, even, ALL(32, 0x7fff));
    odd = IMIN_S(32, odd, ALL(32, 0x7fff));
    return (VU16)((even & ALL(32, 0xffff)) | odd << ALL(32, 16));
}

// ---- Across lanes

#define ANY_TRUE(V) ((u32)(((V)[0] | (V)[1]) != 0))
#define ALL_TRUE(N, V) ((u32)!ANY_TRUE((V128)((VU##N)(V) == (VU##N){0})))
#define BITMASK(N, V) eval_bitmask##N(V)

// The uppermost bit of each byte of 8, moved together by a product in which no two of them meet.
static inline u32 eval_top_bits(u64 bytes)
{
    return (u32)((bytes & 0x8080808080808080) * 0x0002040810204081 >> 56);
}
static inline u32 eval_bitmask8(V128 v) { return eval_top_bits(v[0]) | eval_top_bits(v[1]) << 8; }
static inline u32 eval_bitmask16(V128 v)
{
    V128 bytes = NARROW_S(16, 8, v, v); // keeps the signs
    return eval_top_bits(bytes[0]);
}
static inline u32 eval_bitmask32(V128 v)
{
    return (u32)(v[0] >> 31 & 1) | (u32)(v[0] >> 63) << 1 | (u32)(v[1] >> 31 & 1) << 2 |
           (u32)(v[1] >> 63) << 3;
}
static inline u32 eval_bitmask64(V128 v) { return (u32)(v[0] >> 63) | (u32)(v[1] >> 63) << 1; }

#define SWIZZLE(V, I) eval_swizzle(V, I)
static inline V128 eval_swizzle(V128 v, V128 at)
{
    u8 lanes[16], indices[16], out[16];
    memcpy(lanes, &v, 16);
    memcpy(indices, &at, 16);
    for (u32 i = 0; i < 16; i++) out[i] = indices[i] < 16 ? lanes[indices[i] & 15] : 0;
    memcpy(&v, out, 16);
    return v;
}

// `lanes` are below 32: of b from 16 on. i8x16.shuffle has these as immediates.
static inline V128 eval_shuffle(V128 a, V128 b, const u8 lanes[16])
{
    u8 all[32], out[16];
    memcpy(all, &a, 16);
    memcpy(all + 16, &b, 16);
    for (u32 i = 0; i < 16; i++) out[i] = all[lanes[i] & 31];
    memcpy(&a, out, 16);
    return a;
}

// ---- Floats, by lane

#undef FABS
#undef FNEG
#undef FSQRT
#undef FCEIL
#undef FFLOOR
#undef FTRUNC
#undef FNEAREST
#undef FMIN
#undef FMAX
#undef FEQ
#undef FNE
#undef FLT
#undef FGT
#undef FLE
#undef FGE
#define FBITS(N, X) ((VU##N)(X))
#define FABS(N, X) ((VF##N)(FBITS(N, X) & ALL(N, FSIGN(N) - 1)))
#define FNEG(N, X) ((VF##N)(FBITS(N, X) ^ ALL(N, FSIGN(N))))
#define FSQRT(N, X) eval_lanes_sqrt##N(X)
#define FCEIL(N, X) eval_lanes_ceil##N(X)
#define FFLOOR(N, X) eval_lanes_floor##N(X)
#define FTRUNC(N, X) eval_lanes_trunc##N(X)
#define FNEAREST(N, X) eval_lanes_nearest##N(X)
#define FMIN(N, X, Y) eval_lanes_min##N(X, Y)
#define FMAX(N, X, Y) eval_lanes_max##N(X, Y)
#define FPMIN(N, X, Y) FCHOOSE(N, (Y) < (X), Y, X)
#define FPMAX(N, X, Y) FCHOOSE(N, (X) < (Y), Y, X)
#define FEQ(N, X, Y) ((X) == (Y))
#define FNE(N, X, Y) ((X) != (Y))
#define FLT(N, X, Y) ((X) < (Y))
#define FGT(N, X, Y) ((X) > (Y))
#define FLE(N, X, Y) ((X) <= (Y))
#define FGE(N, X, Y) ((X) >= (Y))
#define FCHOOSE(N, C, X, Y) ((VF##N)CHOOSE(MASK(N, C), FBITS(N, X), FBITS(N, Y)))
#define FALL(N, V) ((VF##N){0} + (f##N)(V))

// Rounding is as in eval.h; `x + 0` makes NaNs quiet.
#define LANE_FLOATS(N, C, BIG)                                                                     \
    static inline VF##N eval_lanes_sqrt##N(VF##N x)                                                \
    {                                                                                              \
        for (u32 i = 0; i < C; i++) x[i] = eval_sqrt##N(x[i]);                                     \
        return x;                                                                                  \
    }                                                                                              \
    static inline VF##N eval_lanes_signed##N(VF##N x, VF##N like)                                  \
    {                                                                                              \
        return (VF##N)((FBITS(N, x) & ALL(N, FSIGN(N) - 1)) |                                      \
                       (FBITS(N, like) & ALL(N, FSIGN(N))));                                       \
    }                                                                                              \
    static inline VF##N eval_lanes_small##N(VF##N x, VF##N rounded)                                \
    {                                                                                              \
        return FCHOOSE(N, FABS(N, x) < FALL(N, BIG), eval_lanes_signed##N(rounded, x),             \
                       x + FALL(N, 0));                                                            \
    }                                                                                              \
    static inline VF##N eval_lanes_round##N(VF##N x)                                               \
    {                                                                                              \
        VF##N big = eval_lanes_signed##N(FALL(N, BIG), x);                                         \
        return (x + big) - big;                                                                    \
    }                                                                                              \
    static inline VF##N eval_lanes_one_if##N(VU##N mask)                                           \
    {                                                                                              \
        return (VF##N)(mask & FBITS(N, FALL(N, 1)));                                               \
    }                                                                                              \
    static inline VF##N eval_lanes_nearest##N(VF##N x)                                             \
    {                                                                                              \
        return eval_lanes_small##N(x, eval_lanes_round##N(x));                                     \
    }                                                                                              \
    static inline VF##N eval_lanes_ceil##N(VF##N x)                                                \
    {                                                                                              \
        VF##N r = eval_lanes_round##N(x);                                                          \
        return eval_lanes_small##N(x, r + eval_lanes_one_if##N((VU##N)(r < x)));                   \
    }                                                                                              \
    static inline VF##N eval_lanes_floor##N(VF##N x)                                               \
    {                                                                                              \
        VF##N r = eval_lanes_round##N(x);                                                          \
        return eval_lanes_small##N(x, r - eval_lanes_one_if##N((VU##N)(r > x)));                   \
    }                                                                                              \
    static inline VF##N eval_lanes_trunc##N(VF##N x)                                               \
    {                                                                                              \
        VF##N abs = FABS(N, x), r = eval_lanes_round##N(abs);                                      \
        return eval_lanes_small##N(x, r - eval_lanes_one_if##N((VU##N)(r > abs)));                 \
    }                                                                                              \
    /* A NaN comes from the sum; equal operands may differ in the sign of a zero. */               \
    static inline VF##N eval_lanes_min##N(VF##N x, VF##N y)                                        \
    {                                                                                              \
        VF##N less = FCHOOSE(N, x < y, x, y), same = (VF##N)(FBITS(N, x) | FBITS(N, y));           \
        VU##N nan = (VU##N)(x != x) | (VU##N)(y != y);                                             \
        return FCHOOSE(N, nan, x + y, FCHOOSE(N, x == y, same, less));                             \
    }                                                                                              \
    static inline VF##N eval_lanes_max##N(VF##N x, VF##N y)                                        \
    {                                                                                              \
        VF##N more = FCHOOSE(N, x > y, x, y), same = (VF##N)(FBITS(N, x) & FBITS(N, y));           \
        VU##N nan = (VU##N)(x != x) | (VU##N)(y != y);                                             \
        return FCHOOSE(N, nan, x + y, FCHOOSE(N, x == y, same, more));                             \
    }
LANE_FLOATS(32, 4, 8388608.0f)
LANE_FLOATS(64, 2, 4503599627370496.0)

// ---- Conversions

#define VCONVERT_S(M, N, V) ((V128)__builtin_convertvector((VS##M)(V), VF##N))
#define VCONVERT_U(M, N, V) ((V128)__builtin_convertvector((VU##M)(V), VF##N))
#define VCONVERT_LOW_S(M, N, V)                                                                    \
    ((V128)(VF64){(f64)(s32)LANE_OF(32, V, 0), (f64)(s32)LANE_OF(32, V, 1)})
#define VCONVERT_LOW_U(M, N, V) ((V128)(VF64){(f64)LANE_OF(32, V, 0), (f64)LANE_OF(32, V, 1)})
#define DEMOTE_ZERO(V) ((V128)(VF32){(f32)((VF64)(V))[0], (f32)((VF64)(V))[1]})
#define PROMOTE_LOW(V) ((V128)(VF64){(f64)((VF32)(V))[0], (f64)((VF32)(V))[1]})
#define VTRUNC_SAT_S(M, N, V) eval_lanes_trunc_s((VF32)(V))
#define VTRUNC_SAT_U(M, N, V) eval_lanes_trunc_u((VF32)(V))
#define VTRUNC_SAT_S_ZERO(M, N, V)                                                                 \
    ((V128)(VU32){TRUNC_SAT_S(64, 32, ((VF64)(V))[0]), TRUNC_SAT_S(64, 32, ((VF64)(V))[1])})
#define VTRUNC_SAT_U_ZERO(M, N, V)                                                                 \
    ((V128)(VU32){TRUNC_SAT_U(64, 32, ((VF64)(V))[0]), TRUNC_SAT_U(64, 32, ((VF64)(V))[1])})

// What does not fit is taken out before it is converted, and its bound put in afterwards. NaNs are
// zero.
static inline V128 eval_lanes_trunc_s(VF32 x)
{
    VU32 high = (VU32)(x >= FALL(32, 2147483648.0f)), low = (VU32)(x < FALL(32, -2147483648.0f));
    VU32 fits = ~(high | low) & (VU32)(x == x);
    VU32 whole = (VU32)__builtin_convertvector((VF32)((VU32)x & fits), VS32);
    return (V128)(whole | (high & ALL(32, 0x7fffffff)) | (low & ALL(32, 0x80000000)));
}
static inline V128 eval_lanes_trunc_u(VF32 x)
{
    VU32 high = (VU32)(x >= FALL(32, 4294967296.0f)), fits = ~high & (VU32)(x > FALL(32, 0));
    VU32 whole = __builtin_convertvector((VF32)((VU32)x & fits), VU32);
    return (V128)(whole | high);
}

static inline V128 eval_canon_lanes32(V128 v)
{
    VF32 x = (VF32)v;
    return (V128)CHOOSE(MASK(32, x != x), ALL(32, NAN_BITS_32), (VU32)v);
}
static inline V128 eval_canon_lanes64(V128 v)
{
    VF64 x = (VF64)v;
    return (V128)CHOOSE(MASK(64, x != x), ALL(64, NAN_BITS_64), (VU64)v);
}

// ---- The functions, as those of numbers

#define EVAL_TYPE_v V128
#define LET(N, name, value) u##N name = value;
#define RESULT(value) return value;
#define PAIR(first, second)                                                                        \
    V128 first_ = first, second_ = second;                                                         \
    a = first_;                                                                                    \
    b = second_;
#define LANES(N, value)                                                                            \
    VU##N x = (VU##N)a;                                                                            \
    return (V128)(value);
#define LANES2(N, value)                                                                           \
    VU##N x = (VU##N)a, y = (VU##N)b;                                                              \
    return (V128)(value);
#define LANES3(N, value)                                                                           \
    VU##N x = (VU##N)a, y = (VU##N)b, z = (VU##N)c;                                                \
    return (V128)(value);
#define FLANES(N, value)                                                                           \
    VF##N x = (VF##N)a;                                                                            \
    return (V128)(value);
#define FLANES2(N, value)                                                                          \
    VF##N x = (VF##N)a, y = (VF##N)b;                                                              \
    return (V128)(value);
#define FLANES3(N, value)                                                                          \
    VF##N x = (VF##N)a, y = (VF##N)b, z = (VF##N)c;                                                \
    return (V128)(value);
#define FTESTS2(N, value) FLANES2(N, value)

#define VECTOR(name, text, opcode, sig, since, ...)                                                \
    SHAPE_##sig(EVAL, name)                                                                        \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define LANE(name, text, opcode, sig, since, lanes, ...)                                           \
    SHAPE_##sig(EVAL, name, u32 lane)                                                              \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define VLOAD(name, text, opcode, sig, since, bits, ...)                                           \
    static inline V128 eval_##name(V128 a)                                                         \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#include "op/op.def"
#undef LET
#undef RESULT
#undef PAIR
