// rule_test.c -- both sides of each rule of opt/rules.def give the same: for all values of few
// bits, and in the rule's own width for awkward ones, by the meanings of op.def. See opt/fold.h.

#include "check.h"

#include "base/arena.h"
#include "opt/fold.h"

typedef struct { u64 of[RULE_VARS]; } Values;

// In a width that is a power of two.
static u64 mask_of(u32 bits) { return bits == 64 ? UINT64_MAX : ((u64)1 << bits) - 1; }
static s64 with_sign(u64 x, u32 bits) { return (s64)(x << (64 - bits)) >> (64 - bits); }

// Whether it is of the row of i32 or of i64 does not matter here: the width is given.
#define BOTH(name) case OP_i32_##name: case OP_i64_##name

static bool few_bits(Op op, u32 n, u64 a, u64 b, u64 *out)
{
    u64 shift = b & (n - 1);
    s64 x = with_sign(a, n), y = with_sign(b, n);
    switch (op) {
    BOTH(add): *out = a + b; break;
    BOTH(sub): *out = a - b; break;
    BOTH(mul): *out = a * b; break;
    BOTH(and): *out = a & b; break;
    BOTH(or): *out = a | b; break;
    BOTH(xor): *out = a ^ b; break;
    BOTH(shl): *out = a << shift; break;
    BOTH(shr_u): *out = a >> shift; break;
    BOTH(shr_s): *out = (u64)(x >> shift); break;
    BOTH(rotl): *out = a << shift | a >> ((n - shift) & (n - 1)); break;
    BOTH(rotr): *out = a >> shift | a << ((n - shift) & (n - 1)); break;
    BOTH(ctz): *out = a ? (u64)__builtin_ctzll(a) : n; break;
    BOTH(eqz): *out = !a; return true;
    BOTH(eq): *out = a == b; return true;
    BOTH(ne): *out = a != b; return true;
    BOTH(lt_s): *out = x < y; return true;
    BOTH(lt_u): *out = a < b; return true;
    BOTH(gt_s): *out = x > y; return true;
    BOTH(gt_u): *out = a > b; return true;
    BOTH(le_s): *out = x <= y; return true;
    BOTH(le_u): *out = a <= b; return true;
    BOTH(ge_s): *out = x >= y; return true;
    BOTH(ge_u): *out = a >= b; return true;
    BOTH(div_u):
        if (!b) return false;
        *out = a / b;
        break;
    BOTH(rem_u):
        if (!b) return false;
        *out = a % b;
        break;
    BOTH(div_s):
        if (!b || (y == -1 && x == -x && x)) return false;
        *out = (u64)(x / y);
        break;
    BOTH(rem_s):
        if (!b) return false;
        *out = y == -1 ? 0 : (u64)(x % y);
        break;
    default: CHECK(!"an operator without a meaning here"); return false;
    }
    *out &= mask_of(n);
    return true;
}

// One side; bits 0: by the table. False: it traps.
static bool side(const s16 **token, const Values *v, const Rule *r, u32 bits, u64 *out)
{
    s16 at = *(*token)++;
    if (at == RULE_number || at == RULE_word) {
        s16 value = *(*token)++;
        bool width = at == RULE_number && bits && value == r->bits - 1;
        if (width) value = (s16)(bits - 1);
        *out = (u64)value & mask_of(at == RULE_word ? 32 : bits ? bits : r->bits);
        return true;
    }
    if (at >= RULE_x) {
        *out = v->of[at - RULE_x];
        return true;
    }
    u64 in[2] = {0};
    const SigInfo *sig = &sig_info[op_info[at].sig];
    for (u32 i = 0; i < sig->param_count; i++)
        if (!side(token, v, r, bits, &in[i])) return false;
    if (bits) return few_bits((Op)at, bits, in[0], in[1], out);
    return fold_numbers((Op)at, in[0], in[1], out);
}

static bool names(const Rule *r, u32 var)
{
    for (u32 i = 0; i < r->from_count; i++) {
        if (r->from[i] == RULE_number) i++;
        else if (r->from[i] == (s16)(RULE_x + var)) return true;
    }
    return false;
}

static bool agrees(const Rule *r, const Values *v, u32 bits)
{
    const s16 *from = r->from, *to = r->to;
    u64 left = 0, right = 0;
    if (!side(&from, v, r, bits, &left)) return true; // it is not there: what traps does not float
    bool good = side(&to, v, r, bits, &right) && left == right;
    if (!good)
        printf("%s.%u: %llx %llx %llx %llx %llx %llx: %llx, %llx\n", r->name, r->bits,
               (unsigned long long)v->of[0], (unsigned long long)v->of[1],
               (unsigned long long)v->of[2], (unsigned long long)v->of[3],
               (unsigned long long)v->of[4], (unsigned long long)v->of[5],
               (unsigned long long)left, (unsigned long long)right);
    return good;
}

// Each of the values for each of the variables.
static bool holds(const Rule *r, const u64 *values, u32 count, u32 bits)
{
    u32 at[RULE_VARS] = {0};
    for (;;) {
        Values v = {{0}};
        bool power = true;
        for (u32 i = 0; i < RULE_VARS; i++) v.of[i] = values[at[i]];
        u64 p = v.of[RULE_p1 - RULE_x];
        if (names(r, RULE_p1 - RULE_x)) power = p && !(p & (p - 1));
        if (power && !agrees(r, &v, bits)) return false;
        u32 i = 0;
        for (; i < RULE_VARS; i++) {
            if (!names(r, i)) continue;
            if (++at[i] < count) break;
            at[i] = 0;
        }
        if (i == RULE_VARS) return true;
    }
}

static void all_of_few_bits(void)
{
    enum { BITS = 4, MORE = 8 };
    u64 values[1 << MORE];
    for (u32 i = 0; i < 1 << MORE; i++) values[i] = i;
    for (u32 i = 0; i < rule_count; i++) {
        u32 vars = 0;
        for (u32 k = 0; k < RULE_VARS; k++) vars += names(&rules[i], k);
        CHECK(vars > 0 && holds(&rules[i], values, 1 << BITS, BITS));
        if (vars <= 2) CHECK(holds(&rules[i], values, 1 << MORE, MORE));
    }
}

static void awkward_ones(void)
{
    u64 narrow[64], wide[64];
    u32 count = 0;
    static const u32 shifts[] = {1, 7, 8, 15, 16, 31};
    for (u32 i = 0; i < 4; i++) narrow[count] = i, wide[count++] = i;
    for (u32 i = 0; i < COUNT_OF(shifts); i++) {
        u64 p = (u64)1 << shifts[i], q = (u64)1 << (2 * shifts[i] + 1);
        for (s64 d = -1; d <= 1; d++) {
            narrow[count] = (u32)(p + (u64)d);
            wide[count++] = q + (u64)d;
        }
    }
    narrow[count] = UINT32_MAX, wide[count++] = UINT64_MAX;
    narrow[count] = 0x12345678, wide[count++] = 0x123456789abcdef0;
    for (u32 i = 0; i < rule_count; i++)
        CHECK(holds(&rules[i], rules[i].bits == 32 ? narrow : wide, count, 0));
}

// Each is found by what it begins with.
static void they_are_listed(void)
{
    Arena arena;
    jmp_buf failed;
    arena_init(&arena);
    if (setjmp(failed)) {
        CHECK(!"out of memory");
        return;
    }
    arena.on_failure = &failed;
    const RuleIndex *index = rule_index(&arena);
    u32 listed = 0;
    for (u32 op = 0; op < OP_COUNT; op++)
        for (u32 i = index->first[op]; i; i = index->next[i - 1]) {
            CHECK_EQ_U64((u32)rules[i - 1].from[0], op);
            listed++;
        }
    CHECK_EQ_U64(listed, rule_count);
    arena_free(&arena);
}

int main(void)
{
    all_of_few_bits();
    awkward_ones();
    they_are_listed();
    return check_report();
}
