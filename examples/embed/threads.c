/* threads.c -- a guest that asks for threads (wasi.thread-spawn), as compilers make it of pthreads
   for wasm32-wasip1-threads. It counts primes: four threads take a number each, until there is none
   left, and tell the host when they are done.

       cc threads.c -lweft -o threads && ./threads */

#include <stdio.h>
#include <string.h>
#include <weft_threads.h>

static const char text[] =
    "(module"
    "  (import \"wasi\" \"thread-spawn\" (func $spawn (param i32) (result i32)))"
    "  (import \"host\" \"done\" (func $done (param i32)))"
    "  (import \"env\" \"memory\" (memory 1 1 shared))" /* 0: next, 4: primes, 8: ended */
    "  (func $prime (param $n i32) (result i32) (local $d i32)"
    "    (local.set $d (i32.const 2))"
    "    (loop $try"
    "      (if (i32.gt_u (i32.mul (local.get $d) (local.get $d)) (local.get $n))"
    "        (then (return (i32.gt_u (local.get $n) (i32.const 1)))))"
    "      (if (i32.eqz (i32.rem_u (local.get $n) (local.get $d))) (then (return (i32.const 0))))"
    "      (local.set $d (i32.add (local.get $d) (i32.const 1)))"
    "      (br $try)) (unreachable))"
    "  (func (export \"wasi_thread_start\") (param $number i32) (param $below i32)"
    "    (local $n i32) (local $mine i32)"
    "    (loop $next"
    "      (local.set $n (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))"
    "      (if (i32.lt_u (local.get $n) (local.get $below)) (then"
    "        (local.set $mine (i32.add (local.get $mine) (call $prime (local.get $n))))"
    "        (br $next))))"
    "    (call $done (local.get $number))"
    "    (drop (i32.atomic.rmw.add (i32.const 4) (local.get $mine)))"
    "    (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))"
    "    (drop (memory.atomic.notify (i32.const 8) (i32.const 1))))"
    "  (func (export \"primes\") (param $below i32) (result i32) (local $ended i32) (local $i i32)"
    "    (loop $more"
    "      (if (i32.lt_s (call $spawn (local.get $below)) (i32.const 0)) (then (unreachable)))"
    "      (local.set $i (i32.add (local.get $i) (i32.const 1)))"
    "      (br_if $more (i32.lt_u (local.get $i) (i32.const 4))))"
    "    (loop $wait"
    "      (local.set $ended (i32.atomic.load (i32.const 8)))"
    "      (if (i32.lt_u (local.get $ended) (i32.const 4)) (then"
    "        (drop (memory.atomic.wait32 (i32.const 8) (local.get $ended) (i64.const -1)))"
    "        (br $wait))))"
    "    (i32.atomic.load (i32.const 4))))";

/* Called on the guest's threads, maybe on several at once: each writes a place of its own. */
static int numbers[5];

static weft_status done(void *env, weft_caller *caller, weft_slot *slots)
{
    (void)env, (void)caller;
    if (slots[0].u32 < 5) numbers[slots[0].u32] = 1;
    return WEFT_OK;
}

/* What the guest imports, for the store of each thread. */
static weft_status link_host(void *env, weft_store *store, weft_linker *linker, weft_diag *diag)
{
    (void)env, (void)store;
    return weft_linker_func(linker, "host", "done", "i:", done, NULL, NULL, diag);
}

static weft_status count(weft_group *group, int below, weft_val *primes, weft_diag *diag)
{
    weft_func func;
    weft_val arg = weft_i32(below);
    weft_status status = weft_instance_func(weft_group_store(group), weft_group_instance(group),
                                            "primes", &func, diag);
    return status == WEFT_OK ? weft_group_call(group, func, &arg, 1, primes, 1, diag) : status;
}

/* Any of the threads may be the one that trapped: its store says where. */
static void where(const weft_store *store)
{
    weft_frame frames[10];
    size_t count = weft_store_backtrace(store, frames, 10), i;
    for (i = 0; i < count && i < 10; i++)
        fprintf(stderr, "    in function %u\n", (unsigned)frames[i].func);
}

int main(void)
{
    weft_diag diag;
    weft_val primes;
    weft_group_config config = weft_group_config_init();
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_group *group;
    int ok;
    config.max_threads = 4;
    config.link = link_host;
    group = module ? weft_group_new(engine, module, &config, &diag) : NULL;
    ok = group && count(group, 20000, &primes, &diag) == WEFT_OK;
    if (ok)
        printf("%d primes, by threads 1 to %d\n", (int)primes.of.i32,
               numbers[1] + numbers[2] + numbers[3] + numbers[4]);
    else {
        fprintf(stderr, "%s\n", diag.message);
        if (group) where(weft_group_ended(group));
    }
    weft_group_free(group);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
