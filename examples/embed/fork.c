/* fork.c -- a guest that is stopped in the middle, and goes on twice: each store that is forked
   from the first one has all of it, a task that stands somewhere too, and goes its own way.

       cc fork.c -lweft -o fork */

#include <stdio.h>
#include <weft_snapshot.h>

/* Goes so many steps, with a break after each, and keeps in memory how far it came. */
static const char text[] =
    "(module"
    "  (import \"host\" \"step\" (func $step (param i32)))"
    "  (memory (export \"memory\") 100)"
    "  (func (export \"walk\") (param $steps i32) (param $length i32) (result i32)"
    "    (loop $on"
    "      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (local.get $length)))"
    "      (call $step (local.get $length))"
    "      (local.set $steps (i32.sub (local.get $steps) (i32.const 1)))"
    "      (br_if $on (local.get $steps)))"
    "    (i32.load (i32.const 0))))";

static weft_diag diag;

/* Asks for a break if that is what the store's data says. */
static weft_status step(void *env, weft_caller *caller, weft_slot *slots)
{
    weft_store *store = weft_caller_store(caller);
    (void)env, (void)slots;
    if (weft_store_data(store)) weft_store_stop(store, WEFT_STOP_PAUSED);
    return WEFT_OK;
}

static weft_store *open_store(weft_engine *engine)
{
    weft_limits limits = weft_limits_init();
    limits.fuel = 1000000;
    return weft_store_new(engine, &limits, &diag);
}

/* A task and a call, both of which stand behind their first step. */
static weft_task *begin(weft_store *store, weft_module *module, weft_linker *linker)
{
    static int breaks;
    weft_instance instance;
    weft_func walk;
    weft_val args[2], result;
    weft_task *task;
    if (weft_instantiate(store, module, linker, &instance, &diag) != WEFT_OK ||
        weft_instance_func(store, instance, "walk", &walk, &diag) != WEFT_OK)
        return NULL;
    weft_store_set_data(store, &breaks);
    args[0] = weft_i32(3);
    args[1] = weft_i32(1);
    task = weft_task_start(store, walk, args, 2, &diag);
    if (!task) return NULL;
    printf("the task is %s\n", weft_task_stop(task));
    weft_store_stop(store, WEFT_STOP_NOT);
    args[1] = weft_i32(100);
    if (weft_call(store, walk, args, 2, &result, 1, &diag) == WEFT_TRAP)
        printf("the call is %s, and %s\n", diag.name,
               weft_store_may_continue(store) ? "may go on" : "over");
    weft_store_stop(store, WEFT_STOP_NOT);
    weft_store_set_data(store, NULL); /* no breaks from here on */
    return task;
}

/* What is in a store that somebody else filled: instances, what was called, tasks. */
static int go_on(weft_store *store, int32_t add)
{
    weft_instance instance;
    weft_module *module;
    weft_memory memory;
    weft_func walk, called;
    weft_task *task;
    weft_val far;
    weft_frame frame;
    uint8_t *at;
    uint64_t left;
    if (weft_store_instances(store, &instance, 1) != 1 ||
        weft_instance_memory(store, instance, "memory", &memory, &diag) != WEFT_OK ||
        weft_instance_func(store, instance, "walk", &walk, &diag) != WEFT_OK)
        return 0;
    at = (uint8_t *)weft_memory_at(store, memory, 0, 1);
    if (!at) return 0;
    *at = (uint8_t)(*at + add); /* in this store alone */
    if (!weft_store_stopped(store, &called) || called.item != walk.item ||
        weft_continue(store, &far, 1, &diag) != WEFT_OK)
        return 0;
    printf("walked %d, ", (int)far.of.i32);
    if (weft_store_tasks(store, &task, 1) != 1 || weft_task_func(task).item != walk.item ||
        weft_task_backtrace(task, &frame, 1) != 1 ||
        weft_task_continue(task, &diag) != WEFT_OK ||
        weft_task_state_of(task) != WEFT_TASK_ENDED ||
        weft_task_results(task, &far, 1, &diag) != WEFT_OK)
        return 0;
    weft_task_free(task);
    printf("and the task, from function %u, %d; fuel %s\n", (unsigned)frame.func,
           (int)far.of.i32,
           weft_store_fuel(store, &left) && left < 1000000 ? "was used" : "was not");
    /* The store keeps the module; who wants it longer than that shares it. */
    module = weft_module_share(weft_instance_module(store, instance));
    printf("%d exports\n", (int)weft_module_export_count(module));
    weft_module_free(module);
    return 1;
}

int main(void)
{
    weft_store *first, *second = NULL, *third = NULL;
    weft_task *task = NULL;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_linker *linker = engine ? weft_linker_new(engine, &diag) : NULL;
    int ok;
    if (engine) weft_engine_set_forks(engine, true); /* pages are copied when they are written */
    first = engine ? open_store(engine) : NULL;
    ok = module && linker && first &&
         weft_linker_func(linker, "host", "step", "i:", step, NULL, NULL, &diag) == WEFT_OK &&
         (task = begin(first, module, linker)) != NULL;
    if (ok) second = open_store(engine);
    if (ok) third = open_store(engine);
    ok = ok && second && third &&
         weft_store_fork(first, second, linker, NULL, &diag) == WEFT_OK &&
         weft_store_fork(first, third, linker, NULL, &diag) == WEFT_OK;
    weft_task_free(task); /* the first one's; its forks stay */
    ok = ok && go_on(second, 0) && go_on(third, 7);
    if (!ok) fprintf(stderr, "%s\n", diag.message);
    weft_store_free(third);
    weft_store_free(second);
    weft_store_free(first);
    weft_linker_free(linker);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
