// count.h -- for builds with WEFT_COUNT (make KIND=count), which have no pairs: how often each
// instruction of the register code runs. When the process ends it prints them in the order of their
// places, one in a line, for bench/mix.py:
//
//     place (in words)   kind: value, step, branch or other   words   name   first word   how often
#pragma once

#include "interp/code.h"

#include <stdio.h>
#include <stdlib.h>

static const struct { const char *kind, *name; u32 words; } counted_names[IOP_COUNT] = {
#define IOP(name) [IOP_##name] = {"other", #name, 1},
#define IOP_VALUE(name, words) [IOP_##name] = {"value", #name, words},
#define IOP_STEP(name, words) [IOP_##name] = {"step", #name, words},
#define IOP_BRANCH(name, words) [IOP_##name] = {"branch", #name, words},
#include "interp/iop.def"
};

enum { COUNTED_BITS = 20 };
static struct Counted { const u64 *ip; u64 word, runs; } counted[1 << COUNTED_BITS];

static int compare_counted(const void *a, const void *b)
{
    const struct Counted *x = a, *y = b;
    return x->ip < y->ip ? -1 : x->ip > y->ip;
}

static void print_counted(void)
{
    qsort(counted, 1 << COUNTED_BITS, sizeof *counted, compare_counted);
    for (u32 i = 0; i < 1 << COUNTED_BITS; i++) {
        const struct Counted *c = &counted[i];
        Iop op = (Iop)(u16)c->word;
        if (c->runs)
            fprintf(stderr, "count: %zu %s %u %s %016llx %llu\n", (size_t)c->ip / 8,
                    counted_names[op].kind, counted_names[op].words, counted_names[op].name,
                    (unsigned long long)c->word, (unsigned long long)c->runs);
    }
}

// A table that is full takes no more places: what runs often came early.
static void count_run(const u64 *ip)
{
    static u32 used;
    u32 i = (u32)((u64)(size_t)ip * 0x9e3779b97f4a7c15u >> (64 - COUNTED_BITS));
    for (; counted[i].ip != ip; i = (i + 1) % (1 << COUNTED_BITS)) {
        if (counted[i].ip) continue;
        if (!used) atexit(print_counted);
        if (used == 3u << (COUNTED_BITS - 2)) return;
        used++;
        counted[i].ip = ip;
        counted[i].word = *ip;
        break;
    }
    counted[i].runs++;
}
