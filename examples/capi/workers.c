/* workers.c -- one module in many threads: it is shared, and each thread has a store of its own.
   Also: a module that is written as bytes, and read back as by a program that kept them.

       cc workers.c -lweft -pthread -o workers */

#include <pthread.h>
#include <stdio.h>
#include <wasm.h>

enum { WORKERS = 4 };

/* How many primes there are below a number, between two. */
static const char text[] =
    "(module"
    "  (func $prime (param $n i32) (result i32) (local $d i32)"
    "    (local.set $d (i32.const 2))"
    "    (loop $next"
    "      (if (i32.gt_u (i32.mul (local.get $d) (local.get $d)) (local.get $n))"
    "        (then (return (i32.const 1))))"
    "      (if (i32.eqz (i32.rem_u (local.get $n) (local.get $d)))"
    "        (then (return (i32.const 0))))"
    "      (local.set $d (i32.add (local.get $d) (i32.const 1)))"
    "      (br $next))"
    "    (unreachable))"
    "  (func (export \"primes\") (param $from i32) (param $to i32) (result i32) (local $count i32)"
    "    (loop $next"
    "      (if (i32.lt_u (local.get $from) (local.get $to)) (then"
    "        (local.set $count (i32.add (local.get $count) (call $prime (local.get $from))))"
    "        (local.set $from (i32.add (local.get $from) (i32.const 1)))"
    "        (br $next))))"
    "    (local.get $count)))";

typedef struct {
    wasm_engine_t *engine;
    const wasm_shared_module_t *module;
    int from, to, found;
} Task;

static void *work(void *env)
{
    Task *t = env;
    wasm_store_t *store = wasm_store_new(t->engine);
    wasm_module_t *module = wasm_module_obtain(store, t->module);
    wasm_instance_t *instance = wasm_instance_new(store, module, NULL, NULL);
    wasm_val_t range[2] = {WASM_I32_VAL(t->from), WASM_I32_VAL(t->to)}, count[1] = {WASM_INIT_VAL};
    wasm_val_vec_t args = WASM_ARRAY_VEC(range), results = WASM_ARRAY_VEC(count);
    wasm_extern_vec_t exports;
    wasm_instance_exports(instance, &exports);
    if (!wasm_func_call(wasm_extern_as_func(exports.data[0]), &args, &results))
        t->found = count[0].of.i32;
    wasm_extern_vec_delete(&exports);
    wasm_instance_delete(instance);
    wasm_module_delete(module);
    wasm_store_delete(store);
    return NULL;
}

/* Through bytes that another program may have kept. What was damaged is no module. */
static wasm_module_t *reload(wasm_store_t *store, const wasm_module_t *module)
{
    wasm_byte_vec_t kept, damaged;
    wasm_module_t *back, *bad;
    wasm_module_serialize(module, &kept);
    wasm_byte_vec_copy(&damaged, &kept);
    damaged.size--;
    bad = wasm_module_deserialize(store, &damaged);
    back = wasm_module_deserialize(store, &kept);
    printf("as it was: %s; cut: %s\n", back ? "a module" : "refused", bad ? "a module" : "refused");
    wasm_byte_vec_delete(&kept);
    wasm_byte_vec_delete(&damaged);
    return back;
}

int main(void)
{
    wasm_engine_t *engine = wasm_engine_new();
    wasm_store_t *store = wasm_store_new(engine);
    wasm_byte_vec_t bytes = {sizeof text - 1, (char *)text};
    if (!wasm_module_validate(store, &bytes)) return 1;
    wasm_module_t *module = wasm_module_new(store, &bytes), *again = reload(store, module);
    if (!again) return 1;
    wasm_shared_module_t *shared = wasm_module_share(again);
    wasm_module_delete(module);
    wasm_module_delete(again);
    wasm_store_delete(store); /* what is shared does without it */

    pthread_t threads[WORKERS];
    Task tasks[WORKERS];
    int total = 0;
    for (int i = 0; i < WORKERS; i++) {
        Task t = {engine, shared, i ? i * 5000 : 2, (i + 1) * 5000, 0};
        tasks[i] = t;
        if (pthread_create(&threads[i], NULL, work, &tasks[i])) return 1;
    }
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
        printf("from %d on: %d\n", tasks[i].from, tasks[i].found);
        total += tasks[i].found;
    }
    printf("%d primes below %d\n", total, WORKERS * 5000);
    wasm_shared_module_delete(shared);
    wasm_engine_delete(engine);
    return 0;
}
