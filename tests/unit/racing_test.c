// racing_test.c -- random programs in several threads, interpreted, compiled, and some of each:
// what they leave in memory does not depend on who comes first, so it is what one thread leaves
// that does all of it alone.
//
//     a cell of 8 bytes    one kind of operation and one width, whose order makes no difference;
//                          or a counter that is changed by compare and exchange; or one that is
//                          changed by plain accesses, by who has the lock
//
// The lock is waited for in memory.atomic.wait32.

#include "base/types.h"
#include "check.h"
#include "weft_threads.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELLS = 32, LOCK = 1024,
    OPS_MOST = 40, THREADS_MOST = 4, ROUNDS_MOST = 150,
    TEXT = 1 << 16,
};

static weft_diag diag;

// ---- Random programs

static u64 state;
static u32 pick(u32 below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (u32)((state >> 33) % below);
}

#include "text.h"

typedef struct { const char *type, *suffix; u32 bytes; } Width;
static const Width widths[] = {{"i32", "", 4},   {"i64", "", 8},  {"i32", "8", 1}, {"i32", "16", 2},
                               {"i64", "8", 1}, {"i64", "16", 2}, {"i64", "32", 4}};
static const char *const kinds[] = {"add", "sub", "xor", "or", "and"};
enum { KIND_exchange = COUNT_OF(kinds), KIND_locked, KIND_COUNT };

static struct { u32 kind, width; } cells[CELLS];

static void add_op(u32 cell)
{
    const Width *w = &widths[cells[cell].width];
    u32 kind = cells[cell].kind, within = pick(8 / w->bytes) * w->bytes;
    // What is exchanged or locked is the whole cell's first part: one counter.
    u32 at = cell * 8 + (kind < KIND_exchange ? within : 0), offset = pick(2) ? at : 0;
    u32 base = at - offset;
    s32 value = (s32)(pick(2) ? pick(200) : pick(UINT32_MAX)) + 1;
    const char *zero = *w->suffix ? "_u" : "";
    switch (kind) {
    default:
        add("(drop (%s.atomic.rmw%s.%s%s offset=%u (i32.const %u) (%s.const %d)))\n", w->type,
            w->suffix, kinds[kind], zero, offset, base, w->type, value);
        break;
    case KIND_exchange:
        add("(loop $again (local.set $%s (%s.atomic.load%s%s (i32.const %u)))\n"
            "  (br_if $again (%s.ne (local.get $%s) (%s.atomic.rmw%s.cmpxchg%s (i32.const %u)\n"
            "    (local.get $%s) (%s.add (local.get $%s) (%s.const %d))))))\n",
            w->type, w->type, w->suffix, zero, at, w->type, w->type, w->type, w->suffix, zero, at,
            w->type, w->type, w->type, w->type, value);
        break;
    case KIND_locked:
        add("(call $lock) (%s.store%s (i32.const %u) (%s.add (%s.load%s%s (i32.const %u))\n"
            "  (%s.const %d))) (call $unlock)\n",
            w->type, w->suffix, at, w->type, w->type, w->suffix, zero, at, w->type, value);
    }
}

static void make(u64 seed)
{
    state = seed * 0x9e3779b97f4a7c15 + 1;
    len = 0;
    for (u32 i = 0; i < CELLS; i++) {
        cells[i].kind = pick(KIND_COUNT);
        cells[i].width = pick(COUNT_OF(widths));
    }
    add("(module (import \"h\" \"m\" (memory 1 1 shared))\n"
        "(func $lock (loop $wait\n"
        "  (if (i32.atomic.rmw.cmpxchg (i32.const %u) (i32.const 0) (i32.const 1)) (then\n"
        "    (drop (memory.atomic.wait32 (i32.const %u) (i32.const 1) (i64.const 1000000)))\n"
        "    (br $wait)))))\n"
        "(func $unlock (i32.atomic.store (i32.const %u) (i32.const 0))\n"
        "  (drop (memory.atomic.notify (i32.const %u) (i32.const 1))))\n"
        "(func (export \"run\") (param $n i32) (local $i32 i32) (local $i64 i64) (loop $round\n",
        LOCK, LOCK, LOCK, LOCK);
    for (u32 i = 1 + pick(OPS_MOST); i; i--) add_op(pick(CELLS));
    if (pick(3) == 0) add("(atomic.fence)\n");
    add("(br_if $round (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))\n)");
}

// ---- Who runs them

typedef struct {
    weft_store *store;
    weft_func run;
    s32 rounds;
    bool good;
    pthread_t thread;
} Racer;

static void *race(void *racer)
{
    Racer *r = racer;
    weft_val n = weft_i32(r->rounds);
    weft_diag why;
    r->good = weft_call(r->store, r->run, &n, 1, NULL, 0, &why) == WEFT_OK;
    return NULL;
}

static bool begin(weft_engine *engine, weft_module *module, weft_shared_memory *memory, s32 rounds,
                  Racer *r)
{
    *r = (Racer){.rounds = rounds, .store = weft_store_new(engine, NULL, &diag)};
    weft_linker *linker = weft_linker_new(engine, &diag);
    weft_extern item = {.kind = WEFT_MEMORY};
    weft_instance instance;
    bool good = weft_shared_memory_in(r->store, memory, &item.of.memory, &diag) == WEFT_OK &&
                weft_linker_define(linker, "h", "m", item, &diag) == WEFT_OK &&
                weft_instantiate(r->store, module, linker, &instance, &diag) == WEFT_OK &&
                weft_instance_func(r->store, instance, "run", &r->run, &diag) == WEFT_OK;
    weft_linker_free(linker);
    return good;
}

// So many threads, the i-th of them in the engine of its turn; what they leave, in `out`.
static bool leave(weft_engine *const *engines, u32 engine_count, u32 threads, s32 rounds,
                  u8 out[CELLS * 8])
{
    Racer racers[THREADS_MOST];
    weft_module *modules[2] = {NULL, NULL};
    weft_shared_memory *memory = weft_shared_memory_new(engines[0], 1, 1, &diag);
    bool good = memory != NULL;
    for (u32 i = 0; i < engine_count; i++)
        good &= (modules[i] = weft_module_new(engines[i], text, len, &diag)) != NULL;
    if (!CHECK(good)) printf("%s\n%s\n", diag.message, text);
    memset(weft_shared_memory_at(memory, 0, CELLS * 8), 0x5a, CELLS * 8);
    for (u32 i = 0; i < threads; i++) {
        u32 which = i % engine_count;
        good &= begin(engines[which], modules[which], memory, rounds, &racers[i]);
    }
    for (u32 i = 0; i < threads; i++)
        good &= !pthread_create(&racers[i].thread, NULL, race, &racers[i]);
    for (u32 i = 0; i < threads; i++) {
        pthread_join(racers[i].thread, NULL);
        good &= racers[i].good;
        weft_store_free(racers[i].store);
    }
    memcpy(out, weft_shared_memory_at(memory, 0, CELLS * 8), CELLS * 8);
    weft_shared_memory_free(memory);
    for (u32 i = 0; i < engine_count; i++) weft_module_free(modules[i]);
    return good;
}

int main(void)
{
    enum { FEW = SANITIZES_ADDRESSES || SANITIZES_THREADS ? 25 : 250, MANY = 10000 };
    weft_engine *engines[2];
    for (u32 i = 0; i < 2; i++) {
        engines[i] = weft_engine_new(NULL, &diag);
        weft_engine_set_tier(engines[i], i ? WEFT_TIER_BASELINE : WEFT_TIER_INTERP);
    }
    for (u64 seed = 0; seed < (check_full() ? MANY : FEW); seed++) {
        u8 alone[CELLS * 8], found[3][CELLS * 8];
        make(seed);
        u32 threads = 2 + pick(THREADS_MOST - 1);
        s32 rounds = (s32)(1 + pick(ROUNDS_MOST));
        bool good = leave(engines, 1, 1, rounds * (s32)threads, alone) &&
                    leave(engines, 1, threads, rounds, found[0]) &&
                    leave(engines + 1, 1, threads, rounds, found[1]) &&
                    leave(engines, 2, threads, rounds, found[2]);
        for (u32 i = 0; i < 3; i++) good = good && !memcmp(found[i], alone, sizeof alone);
        if (!CHECK(good))
            printf("    seed %llu, %u threads, %d rounds\n", (unsigned long long)seed, threads,
                   rounds);
    }
    for (u32 i = 0; i < 2; i++) weft_engine_free(engines[i]);
    return check_report();
}
