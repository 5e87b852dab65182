// processor.c -- see plat/processor.h.

#include "plat/processor.h"

const char processor_name[] =
#if defined __x86_64__
    "x86-64";
#elif defined __aarch64__
    "aarch64";
#elif defined __arm__
    "arm";
#else
    "another machine";
#endif

#if defined __x86_64__ && defined __LP64__

#include <cpuid.h>
#include <stdatomic.h>
#include <string.h>
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#endif

// By CPUID: leaf, register, bit. What is in front is missing rather than what is behind.
enum { EAX, EBX, ECX, EDX };
static const struct { const char *name; u32 leaf, reg, bit; } wanted[] = {
    {"SSE4.1", 1, ECX, 19},
    {"POPCNT", 1, ECX, 23},
    {"AVX", 1, ECX, 28},
    {"AVX2", 7, EBX, 5},
    {"BMI1", 7, EBX, 3},
    {"BMI2", 7, EBX, 8},
    {"LZCNT", 0x80000001, ECX, 5},
};

#if __has_include(<sys/platform/x86.h>)
// The C library asked when the program began. In virtual machines the instruction is the host's to
// answer, and takes longer than to load a small module.
static bool read_leaf(u32 leaf, u32 regs[4])
{
    u32 index = leaf == 1 ? CPUID_INDEX_1 : leaf == 7 ? CPUID_INDEX_7 : CPUID_INDEX_80000001;
    memcpy(regs, __x86_get_cpuid_feature_leaf(index)->cpuid_array, 4 * sizeof *regs);
    return true;
}
#else
static bool read_leaf(u32 leaf, u32 regs[4])
{
    return __get_cpuid_count(leaf, 0, &regs[EAX], &regs[EBX], &regs[ECX], &regs[EDX]);
}
#endif

// Does the system save the registers of AVX?
static bool saves_avx(void)
{
    enum { OSXSAVE = 27, XMM_YMM = 6 };
    u32 regs[4], low, high;
    if (!read_leaf(1, regs) || !(regs[ECX] >> OSXSAVE & 1)) return false;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & XMM_YMM) == XMM_YMM;
}

static const char *look(void)
{
    for (u32 i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        u32 regs[4] = {0};
        if (!read_leaf(wanted[i].leaf, regs) || !(regs[wanted[i].reg] >> wanted[i].bit & 1))
            return wanted[i].name;
    }
    return saves_avx() ? NULL : "a system that saves AVX's registers";
}

// Where there is no shadow stack the instruction does nothing.
static bool has_shadow_stack(void)
{
    u64 top = 0;
    __asm__ volatile("rdsspq %0" : "+r"(top));
    return top != 0;
}

const char *processor_lacks(void)
{
    // Who comes first looks; who comes at the same time finds the same.
    static const char unknown[] = "";
    static _Atomic(const char *) found = unknown;
    const char *lacks = atomic_load_explicit(&found, memory_order_relaxed);
    if (lacks == unknown) {
        lacks = look();
        atomic_store_explicit(&found, lacks, memory_order_relaxed);
    }
    return !lacks && has_shadow_stack() ? "return addresses off the shadow stack" : lacks;
}

#else

const char *processor_lacks(void) { return "a compiler for this machine"; }

#endif
