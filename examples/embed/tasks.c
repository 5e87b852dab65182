/* tasks.c -- ten thousand guests on one thread. Each sleeps, works a bit and sleeps again; one that
   sleeps has neither stack nor thread, only a small block. The clock is made up, so that this takes
   a moment and always prints the same; a server would wait for its sockets here.

       cc tasks.c -lweft -o tasks */

#include <stdio.h>
#include <stdlib.h>
#include <weft.h>
#include <weft_task.h>

enum { GUESTS = 10000, ROUNDS = 20 };

/* Written as if it were alone: it has no idea that others run while it sleeps. */
static const char text[] =
    "(module"
    "  (import \"host\" \"sleep\" (func $sleep (param i64) (result i64)))"
    "  (func (export \"run\") (param $id i64) (param $rounds i32) (result i64) (local $late i64)"
    "    (loop $again"
    "      (local.set $late (i64.add (local.get $late) (call $sleep"
    "        (i64.add (i64.const 1) (i64.rem_u (i64.mul (local.get $id) (i64.const 7919))"
    "                                          (i64.const 1000))))))"
    "      (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))"
    "    (local.get $late)))";

/* Who sleeps, in a heap: the next to be woken is the first. */
typedef struct {
    long when;
    weft_task *task;
} Sleeper;

static Sleeper sleepers[GUESTS];
static size_t count;
static long now;

static void swap(size_t a, size_t b)
{
    Sleeper kept = sleepers[a];
    sleepers[a] = sleepers[b];
    sleepers[b] = kept;
}

static void put(long when, weft_task *task)
{
    size_t i = count++;
    sleepers[i].when = when;
    sleepers[i].task = task;
    for (; i && sleepers[i].when < sleepers[(i - 1) / 2].when; i = (i - 1) / 2)
        swap(i, (i - 1) / 2);
}

static Sleeper take(void)
{
    Sleeper first = sleepers[0];
    size_t i = 0;
    sleepers[0] = sleepers[--count];
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < count && sleepers[child + 1].when < sleepers[child].when) child++;
        if (child >= count || sleepers[i].when <= sleepers[child].when) return first;
        swap(i, child);
        i = child;
    }
}

/* sleep: the guest is to go on at some time. What the task waits for is that time. */
static weft_status sleep_fn(void *env, weft_caller *caller, weft_slot *slots)
{
    long when = now + (long)slots[0].i64;
    (void)env;
    return weft_caller_wait(caller, (void *)when, NULL);
}

static int fail(const weft_diag *diag)
{
    fprintf(stderr, "%s\n", diag->message);
    return 1;
}

int main(void)
{
    weft_diag diag;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_store *store = module ? weft_store_new(engine, NULL, &diag) : NULL;
    weft_linker *linker = engine ? weft_linker_new(engine, &diag) : NULL;
    weft_instance instance;
    weft_func run, sleep;
    weft_extern item;
    weft_limits used = weft_limits_init();
    long resumed = 0, total = 0, i;

    if (!store || !linker) return fail(&diag);
    if (weft_func_new(store, "l:l", sleep_fn, NULL, NULL, &sleep, &diag) != WEFT_OK)
        return fail(&diag);
    item.kind = WEFT_FUNC;
    item.of.func = sleep;
    if (weft_linker_define(linker, "host", "sleep", item, &diag) != WEFT_OK ||
        weft_instantiate(store, module, linker, &instance, &diag) != WEFT_OK ||
        weft_instance_func(store, instance, "run", &run, &diag) != WEFT_OK)
        return fail(&diag);

    for (i = 0; i < GUESTS; i++) {
        weft_val args[2];
        weft_task *task;
        args[0] = weft_i64(i);
        args[1] = weft_i32(ROUNDS);
        task = weft_task_start(store, run, args, 2, &diag);
        if (!task) return fail(&diag);
        put((long)weft_task_what(task), task);
    }
    weft_store_usage(store, &used, &diag);
    printf("%d guests sleep, in %s bytes each\n", GUESTS,
           used.continuation_bytes / GUESTS < 300 ? "less than 300" : "300 and more");

    while (count) {
        Sleeper next = take();
        weft_val late = weft_i64(0); /* what sleep gives: this clock is never late */
        now = next.when;
        resumed++;
        if (weft_task_resume(next.task, &late, 1, &diag) != WEFT_OK) return fail(&diag);
        if (weft_task_state_of(next.task) == WEFT_TASK_WAITS) {
            put((long)weft_task_what(next.task), next.task);
            continue;
        }
        if (weft_task_results(next.task, &late, 1, &diag) != WEFT_OK) return fail(&diag);
        total += (long)late.of.i64;
        weft_task_free(next.task);
    }
    printf("%ld times one went on, the last at %ld; all were %ld late\n", resumed, now, total);

    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
    return 0;
}
