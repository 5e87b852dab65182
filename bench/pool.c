// pool.c -- what it costs to start an instance: afresh, from a template, from a pool; and what ten
// thousand take that live at once. Through weft.h and weft_pool.h alone. Prints a line for each
// figure: what, the least, median, unit. Times are by the clock.
#include "clock.h"
#include "weft_pool.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES = 20001, LIVE = 10000 };

static weft_engine *engine;
static weft_diag diag;

static void need(bool good)
{
    if (good) return;
    fprintf(stderr, "pool: %s\n", diag.message);
    exit(1);
}

static void tell(const char *what, double *times, int count)
{
    order(times, count);
    printf("%s\t%.0f\t%.0f\tns\n", what, times[0], times[count / 2]);
}

// A memory with data, globals, a table; it writes to as many pages as it is told.
#define GUEST(limits)                                                                              \
    "(module (memory (export \"memory\") " limits ") (data (i32.const 5000) \"some data\")"        \
    " (global $a (mut i32) (i32.const 1)) (global $b (mut i64) (i64.const 2))"                     \
    " (table 8 funcref) (elem (i32.const 0) $f $f $f)"                                             \
    " (func $f (export \"write\") (param i32) (result i32)"                                        \
    "  (global.set $a (i32.add (global.get $a) (i32.const 1)))"                                    \
    "  (loop $l (if (local.get 0) (then"                                                           \
    "   (local.set 0 (i32.sub (local.get 0) (i32.const 1)))"                                       \
    "   (i32.store (i32.add (i32.const 5000) (i32.mul (local.get 0) (i32.const 4096)))"            \
    "    (i32.const 7)) (br $l)))) (global.get $a)))"

static weft_module *module_of(const char *text)
{
    weft_module *m = weft_module_new(engine, text, strlen(text), &diag);
    need(m != NULL);
    return m;
}

static void use(weft_store *store, weft_instance instance, int pages)
{
    weft_func f;
    weft_val arg = weft_i32(pages), got;
    need(weft_instance_func(store, instance, "write", &f, &diag) == WEFT_OK);
    need(weft_call(store, f, &arg, 1, &got, 1, &diag) == WEFT_OK && got.of.i32 == 2);
}

// Made and freed, with all that is between.
static void fresh(weft_module *m, weft_template *from, bool faults)
{
    static double times[TIMES];
    char what[100];
    need(weft_engine_set_faults(engine, faults, &diag) == WEFT_OK || !faults);
    for (int i = 0; i < TIMES; i++) {
        weft_instance instance;
        double start = now();
        weft_store *s = weft_store_new(engine, NULL, &diag);
        need(s && (from ? weft_template_instantiate(from, s, &instance, &diag)
                        : weft_instantiate(s, m, NULL, &instance, &diag)) == WEFT_OK);
        weft_store_free(s);
        times[i] = now() - start;
    }
    snprintf(what, sizeof what, "a store with an instance, %s, %s: made and freed",
             from ? "of a template" : "afresh", faults ? "guarded" : "checked");
    tell(what, times, TIMES);
}

static weft_pool *pool_of(weft_template *from, bool plain, uint64_t memory_bytes)
{
    weft_pool_config config = weft_pool_config_init();
    weft_limits limits = weft_limits_init();
    limits.memory_bytes = memory_bytes;
    config.limits = &limits;
    config.places = LIVE;
    config.plain = plain;
    weft_pool *p = weft_pool_new(from, &config, &diag);
    need(p != NULL);
    return p;
}

static void pooled(weft_template *from, bool plain, int pages)
{
    static double takes[TIMES], gives[TIMES];
    char what[100];
    weft_pool *p = pool_of(from, plain, 1 << 20);
    for (int i = 0; i < TIMES; i++) {
        weft_store *s;
        weft_instance instance;
        double start = now();
        need(weft_pool_take(p, NULL, &s, &instance, &diag) == WEFT_OK);
        takes[i] = now() - start;
        use(s, instance, pages);
        start = now();
        weft_store_free(s);
        gives[i] = now() - start;
    }
    snprintf(what, sizeof what, "take%s", plain ? ", where pages cannot be asked for" : "");
    if (pages == 1) tell(what, takes, TIMES);
    snprintf(what, sizeof what, "give back, %d pages written to%s", pages,
             plain ? ", where they cannot be asked for" : "");
    tell(what, gives, TIMES);
    weft_pool_free(p);
}

// What the process has in memory, and tables that say where, in bytes.
static double taken(void)
{
    char line[200];
    long kib, all = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmRSS: %ld", &kib) == 1 || sscanf(line, "VmPTE: %ld", &kib) == 1)
            all += kib;
    if (f) fclose(f);
    return (double)all * 1024;
}

static void alive(weft_template *from, uint64_t memory_bytes)
{
    static weft_store *stores[LIVE];
    double before = taken();
    weft_pool *p = pool_of(from, false, memory_bytes);
    for (int i = 0; i < LIVE; i++) {
        weft_instance instance;
        need(weft_pool_take(p, NULL, &stores[i], &instance, &diag) == WEFT_OK);
        use(stores[i], instance, 1);
    }
    printf("10,000 that live, one page written to, memories up to %d KiB\t%.1f\t%.1f\tMB\n",
           (int)(memory_bytes >> 10), (taken() - before) / 1e6, taken() / 1e6);
    for (int i = 0; i < LIVE; i++) weft_store_free(stores[i]);
    weft_pool_free(p);
}

int main(void)
{
    static const uint64_t rooms[] = {64 << 10, 1 << 20, 16 << 20};
    engine = weft_engine_new(NULL, &diag);
    need(engine != NULL);
    weft_module *m = module_of(GUEST("1 256"));
    weft_template *from = weft_template_new(m, NULL, NULL, &diag);
    need(from != NULL);
    for (int i = 0; i < 3; i++) alive(from, rooms[i]);
    for (int i = 0; i < 4; i++) fresh(m, i % 2 ? from : NULL, i / 2);
    for (int i = 0; i < 2; i++) {
        pooled(from, i, 1);
        pooled(from, i, 4);
        pooled(from, i, 15);
    }
    weft_template_free(from);
    weft_module_free(m);
    weft_engine_free(engine);
    return 0;
}
