// switches.c -- what it costs to go on elsewhere: continuations beside ucontext, guests that wait
// for the host, atomic accesses and waiting beside the same in C. switches [TIER]: interp, unless
// it is said. Each figure is the median of several rounds, with the least and the most; ratios are
// of rounds that took turns.
#include "clock.h"
#include "weft.h"
#include "weft_task.h"
#include "weft_threads.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { ROUNDS = 9, TIMES = 1000000, PINGS = 20000, MILLION = 1000000, GUESTS = 10000 };

static const char text[] =
    "(module"
    "  (import \"h\" \"wait\" (func $wait))"
    "  (type $f (func)) (type $k (cont $f)) (tag $yield (param i32)) (tag $turn)"
    "  (rec (type $g (func (param (ref null $s)))) (type $s (cont $g)))"
    "  (table $all 0 (ref null $k))"
    "  (func $generate (local $i i32)"
    "    (loop $l (suspend $yield (local.get $i))"
    "      (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $l)))"
    "  (func $turns (type $g) (param $other (ref null $s))"
    "    (loop $l (local.set $other (switch $s $turn (local.get $other)))"
    "      (global.set $left (i32.sub (global.get $left) (i32.const 1)))"
    "      (br_if $l (i32.gt_s (global.get $left) (i32.const 0)))))"
    "  (global $left (mut i32) (i32.const 0))"
    "  (elem declare func $generate $turns)"
    "  (func (export \"pairs\") (param $n i32) (result i32) (local $k (ref null $k)) (local $s i32)"
    "    (local.set $k (cont.new $k (ref.func $generate)))"
    "    (loop $l"
    "      (block $on (result i32 (ref $k))"
    "        (resume $k (on $yield $on) (local.get $k)) (unreachable))"
    "      (local.set $k) (local.set $s (i32.add (local.get $s)))"
    "      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    "    (local.get $s))"
    "  (func (export \"turns\") (param $n i32) (result i32)"
    "    (global.set $left (local.get $n))"
    "    (resume $s (on $turn switch) (cont.new $s (ref.func $turns))"
    "      (cont.new $s (ref.func $turns)))"
    "    (i32.const 0))"
    "  (func (export \"many\") (param $n i32) (result i32) (local $k (ref null $k))"
    "    (drop (table.grow $all (ref.null $k) (local.get $n)))"
    "    (loop $l (local.set $n (i32.sub (local.get $n) (i32.const 1)))"
    "      (block $on (result i32 (ref $k))"
    "        (resume $k (on $yield $on) (cont.new $k (ref.func $generate))) (unreachable))"
    "      (local.set $k) (drop) (table.set $all (local.get $n) (local.get $k))"
    "      (br_if $l (local.get $n)))"
    "    (i32.const 0))"
    "  (func (export \"sleep\") (loop $l (call $wait) (br $l))))";

static const char shared_text[] =
    "(module (import \"h\" \"m\" (memory 1 1 shared))"
    "  (func (export \"add\") (param $n i32) (result i32)"
    "    (loop $l (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))"
    "      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    "    (i32.const 0))"
    "  (func (export \"ping\") (param $n i32) (param $me i32) (result i32)"
    "    (loop $l"
    "      (block $mine"
    "        (loop $w (br_if $mine (i32.eq (i32.atomic.load (i32.const 128)) (local.get $me)))"
    "          (drop (memory.atomic.wait32 (i32.const 128) (i32.xor (local.get $me) (i32.const 1))"
    "            (i64.const -1)))"
    "          (br $w)))"
    "      (i32.atomic.store (i32.const 128) (i32.xor (local.get $me) (i32.const 1)))"
    "      (drop (memory.atomic.notify (i32.const 128) (i32.const 1)))"
    "      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    "    (i32.const 0)))";

static weft_engine *engine;
static weft_diag diag;

static void must(bool good)
{
    if (good) return;
    fprintf(stderr, "switches: %s: %s\n", diag.name, diag.message);
    exit(1);
}

static void print(const char *what, double *v, const char *unit)
{
    order(v, ROUNDS);
    printf("%-34s %7.2f%s (%.2f-%.2f)\n", what, v[ROUNDS / 2], unit, v[0], v[ROUNDS - 1]);
}

// One after the other, `times` each, so that both meet the same machine.
typedef void Run(int times);
static void beside(const char *what, Run *here, Run *there, int times)
{
    double ours[ROUNDS], theirs[ROUNDS], ratio[ROUNDS];
    char name[60];
    for (int i = 0; i < ROUNDS; i++) {
        double start = now();
        here(times);
        double middle = now();
        there(times);
        double end = now();
        ours[i] = (middle - start) / times;
        theirs[i] = (end - middle) / times;
        ratio[i] = ours[i] / theirs[i];
    }
    print(what, ours, " ns");
    snprintf(name, sizeof name, "    the same in C");
    print(name, theirs, " ns");
    snprintf(name, sizeof name, "    ratio");
    print(name, ratio, "");
}

// ---- Guests

typedef struct {
    weft_store *store;
    weft_instance instance;
} World;

static weft_status wait_fn(void *env, weft_caller *caller, weft_slot *slots)
{
    return weft_caller_wait(caller, NULL, NULL);
}

static World world(const char *source, weft_shared_memory *memory)
{
    World w = {.store = weft_store_new(engine, NULL, &diag)};
    must(w.store != NULL);
    weft_linker *linker = weft_linker_new(engine, &diag);
    weft_module *module = weft_module_new(engine, source, strlen(source), &diag);
    must(linker && module);
    weft_extern item = {.kind = WEFT_FUNC};
    must(weft_func_new(w.store, ":", wait_fn, NULL, NULL, &item.of.func, &diag) == WEFT_OK);
    must(weft_linker_define(linker, "h", "wait", item, &diag) == WEFT_OK);
    if (memory) {
        item.kind = WEFT_MEMORY;
        must(weft_shared_memory_in(w.store, memory, &item.of.memory, &diag) == WEFT_OK);
        must(weft_linker_define(linker, "h", "m", item, &diag) == WEFT_OK);
    }
    must(weft_instantiate(w.store, module, linker, &w.instance, &diag) == WEFT_OK);
    weft_linker_free(linker);
    weft_module_free(module);
    return w;
}

static weft_func func(const World *w, const char *name)
{
    weft_func f;
    must(weft_instance_func(w->store, w->instance, name, &f, &diag) == WEFT_OK);
    return f;
}

static void call(const World *w, const char *name, int a, int b, size_t count)
{
    weft_val args[2] = {weft_i32(a), weft_i32(b)}, result;
    must(weft_call(w->store, func(w, name), args, count, &result, 1, &diag) == WEFT_OK);
}

static World alone, one, two; // two stores with one memory
static void pairs(int times) { call(&alone, "pairs", times, 0, 1); }
static void turns(int times) { call(&alone, "turns", times, 0, 1); }
static void add(int times) { call(&one, "add", times, 0, 1); }

static void *add_two(void *times)
{
    call(&two, "add", *(int *)times, 0, 1);
    return NULL;
}
static void *ping_two(void *times)
{
    call(&two, "ping", *(int *)times, 1, 2);
    return NULL;
}
static void in_two(void *(*other)(void *), Run *mine, int times)
{
    pthread_t thread;
    must(!pthread_create(&thread, NULL, other, &times));
    mine(times);
    pthread_join(thread, NULL);
}
static void ping_one(int times) { call(&one, "ping", times, 0, 2); }
static void add_both(int times) { in_two(add_two, add, times); }
static void ping_both(int times) { in_two(ping_two, ping_one, times); }

// ---- The same in C

static ucontext_t main_context, other_context;
static int yielded;
static void generate(void)
{
    for (int i = 0;; i++) {
        yielded = i;
        swapcontext(&other_context, &main_context);
    }
}
static void native_pairs(int times)
{
    static char stack[64 << 10];
    long sum = 0;
    getcontext(&other_context);
    other_context.uc_stack.ss_sp = stack;
    other_context.uc_stack.ss_size = sizeof stack;
    makecontext(&other_context, generate, 0);
    for (int i = 0; i < times; i++) {
        swapcontext(&main_context, &other_context);
        sum += yielded;
    }
    must(sum >= 0);
}

static _Alignas(64) _Atomic unsigned counter;
static _Alignas(64) _Atomic unsigned turn;
static void native_add(int times)
{
    for (int i = 0; i < times; i++) atomic_fetch_add(&counter, 1);
}
static void *native_add_two(void *times)
{
    native_add(*(int *)times);
    return NULL;
}
static void native_ping(int times, unsigned me)
{
    for (int i = 0; i < times; i++) {
        while (atomic_load(&turn) != me)
            syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, me ^ 1, NULL, NULL, 0);
        atomic_store(&turn, me ^ 1);
        syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    }
}
static void native_ping_one(int times) { native_ping(times, 0); }
static void *native_ping_two(void *times)
{
    native_ping(*(int *)times, 1);
    return NULL;
}
static void native_add_both(int times) { in_two(native_add_two, native_add, times); }
static void native_ping_both(int times) { in_two(native_ping_two, native_ping_one, times); }

// ---- How much

static size_t resident(void)
{
    size_t size = 0, pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%zu %zu", &size, &pages) != 2) exit(1);
    fclose(f);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void million(void)
{
    World w = world(text, NULL);
    call(&w, "pairs", 1000, 0, 1);
    size_t before = resident();
    call(&w, "many", MILLION, 0, 1);
    printf("%-34s %7.0f bytes each\n", "a million continuations",
           (double)(resident() - before) / MILLION);
    weft_store_free(w.store);
}

static void guests(void)
{
    World w = world(text, NULL);
    static weft_task *tasks[GUESTS];
    size_t before = resident();
    for (int i = 0; i < GUESTS; i++)
        must((tasks[i] = weft_task_start(w.store, func(&w, "sleep"), NULL, 0, &diag)) != NULL);
    printf("%-34s %7.0f bytes each\n", "ten thousand guests that wait",
           (double)(resident() - before) / GUESTS);
    double each[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        for (int i = 0; i < GUESTS; i++)
            must(weft_task_resume(tasks[i], NULL, 0, &diag) == WEFT_OK);
        each[round] = (now() - start) / GUESTS;
    }
    print("    gone on with, to wait again", each, " ns");
    weft_store_free(w.store);
}

int main(int argc, char **argv)
{
    must((engine = weft_engine_new("all", &diag)) != NULL);
    bool compiled = argc > 1 && !strcmp(argv[1], "baseline");
    weft_engine_set_tier(engine, compiled ? WEFT_TIER_BASELINE : WEFT_TIER_INTERP);
    weft_engine_set_faults(engine, true, &diag);
    weft_shared_memory *memory = weft_shared_memory_new(engine, 1, 1, &diag);
    must(memory != NULL);
    alone = world(text, NULL);
    one = world(shared_text, memory);
    two = world(shared_text, memory);
    double each[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double start = now();
        turns(TIMES);
        each[i] = (now() - start) / TIMES;
    }
    print("switch", each, " ns");
    beside("a value of a generator: two switches", pairs, native_pairs, TIMES);
    beside("atomic add", add, native_add, TIMES);
    beside("atomic add, by two threads", add_both, native_add_both, TIMES);
    beside("wait and notify, there and back", ping_both, native_ping_both, PINGS);
    million();
    guests();
    return 0;
}
