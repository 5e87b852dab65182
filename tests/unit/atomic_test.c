// atomic_test.c -- what the rows of atomic accesses mean, against what their names say: the
// compiler's own atomic operations on memory of that width do the same.

#include "check.h"
#include "op/eval.h"

static const u64 values[] = {
    0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000,
    0xffffffff, 0x100000000, 0x123456789abcdef0, 0x7fffffffffffffff, 0x8000000000000000, UINT64_MAX,
};

// One row of a width: a step of the meaning, as a function of 64-bit patterns.
typedef bool Step(u64 x, u64 y, u64 z, u64 *to);
#define ATOMIC(name, text, opcode, sig, since, bits, ...)                                          \
    static bool step_##name(u64 x, u64 y, u64 z, u64 *to)                                          \
    {                                                                                              \
        u##bits word = 0;                                                                          \
        bool writes = eval_##name((u##bits)x, (u##bits)y, (u##bits)z, &word);                      \
        *to = word;                                                                                \
        return writes;                                                                             \
    }
#include "op/op.def"
static Step *const steps[OP_COUNT] = {
#define ATOMIC(name, ...) [OP_##name] = step_##name,
#include "op/op.def"
};

// What was in memory, and what is there afterwards.
typedef struct { u64 old, now; } Word;

#define BY_NAME(bits)                                                                              \
    static Word by_name##bits(const char *what, u64 x, u64 y, u64 z)                               \
    {                                                                                              \
        u##bits m = (u##bits)x, old = m, value = (u##bits)y, expected = value;                     \
        if (!strncmp(what, "load", 4)) old = __atomic_load_n(&m, __ATOMIC_SEQ_CST);                \
        else if (!strncmp(what, "store", 5)) __atomic_store_n(&m, value, __ATOMIC_SEQ_CST);        \
        else if (!strncmp(what, "add", 3)) old = __atomic_fetch_add(&m, value, __ATOMIC_SEQ_CST);  \
        else if (!strncmp(what, "sub", 3)) old = __atomic_fetch_sub(&m, value, __ATOMIC_SEQ_CST);  \
        else if (!strncmp(what, "and", 3)) old = __atomic_fetch_and(&m, value, __ATOMIC_SEQ_CST);  \
        else if (!strncmp(what, "or", 2)) old = __atomic_fetch_or(&m, value, __ATOMIC_SEQ_CST);    \
        else if (!strncmp(what, "xor", 3)) old = __atomic_fetch_xor(&m, value, __ATOMIC_SEQ_CST);  \
        else if (!strncmp(what, "xchg", 4))                                                        \
            old = __atomic_exchange_n(&m, value, __ATOMIC_SEQ_CST);                                \
        else if (!strncmp(what, "cmpxchg", 7)) {                                                   \
            __atomic_compare_exchange_n(&m, &expected, (u##bits)z, false, __ATOMIC_SEQ_CST,        \
                                        __ATOMIC_SEQ_CST);                                         \
            old = expected; /* what was there, equal or not */                                     \
        } else CHECK(!"a name that says nothing");                                                 \
        return (Word){old, m};                                                                     \
    }
BY_NAME(8)
BY_NAME(16)
BY_NAME(32)
BY_NAME(64)

static void try_row(Op op)
{
    const OpInfo *info = &op_info[op];
    // i32.atomic.rmw8.add_u, i64.atomic.store32: what it does, and how wide that is.
    const char *what = strstr(info->text, "atomic.") + 7;
    bool rmw = !strncmp(what, "rmw", 3);
    u32 width = (u32)strtoul(what + (rmw ? 3 : what[0] == 's' ? 5 : 4), NULL, 10);
    if (!width) width = info->text[1] == '3' ? 32 : 64;
    if (rmw) what = strchr(what, '.') + 1;
    CHECK_EQ_U64(info->bits, width);
    bool same = true;
    for (u32 i = 0; i < COUNT_OF(values); i++)
        for (u32 j = 0; j < COUNT_OF(values); j++)
            for (u32 k = 0; k < COUNT_OF(values); k++) {
                u64 x = values[i], y = values[j], z = values[k], to;
                Word want = width == 8 ? by_name8(what, x, y, z)
                            : width == 16 ? by_name16(what, x, y, z)
                            : width == 32 ? by_name32(what, x, y, z)
                                          : by_name64(what, x, y, z);
                bool writes = steps[op](x, y, z, &to);
                u64 old = width == 64 ? x : x & (((u64)1 << width) - 1);
                same &= want.old == old && want.now == (writes ? to : old);
            }
    if (!CHECK(same)) printf("    %s\n", info->text);
    if (!strncmp(what, "load", 4)) CHECK(!steps[op](1, 2, 3, &(u64){0}));
}

int main(void)
{
    u32 tried = 0;
    for (u32 op = 0; op < OP_COUNT; op++)
        if (steps[op]) try_row((Op)op), tried++;
    CHECK_EQ_U64(tried, 63);
    return check_report();
}
