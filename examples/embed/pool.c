/* pool.c -- a server in small: a guest is initialised once, and each request gets an instance that
   starts where that one stood, for a customer with limits of its own. What one request leaves
   behind the next does not see.

       cc pool.c -lweft -o pool */

#include <stdio.h>
#include <string.h>
#include <weft_pool.h>

/* Counts how often it was called, in a memory and in a global, from what "prepare" has left. */
static const char text[] =
    "(module"
    "  (import \"host\" \"customer\" (func $customer (result i32)))"
    "  (memory (export \"memory\") 1 4)"
    "  (global $calls (mut i32) (i32.const 0))"
    "  (func (export \"prepare\")"
    "    (i32.store (i32.const 1000) (i32.const 100))"
    "    (global.set $calls (i32.const 10)))"
    "  (func (export \"handle\") (result i32)"
    "    (i32.store (i32.const 1000) (i32.add (i32.load (i32.const 1000)) (i32.const 100)))"
    "    (global.set $calls (i32.add (global.get $calls) (i32.const 10)))"
    "    (i32.add (call $customer)"
    "      (i32.add (i32.load (i32.const 1000)) (global.get $calls))))"
    "  (func (export \"greedy\") (result i32) (memory.grow (i32.const 3)))"
    "  (func (export \"endless\") (result i32) (loop $again (br $again)) (unreachable)))";

/* There is one for all stores: whose request it is stands in the store. */
static weft_status customer(void *env, weft_caller *caller, weft_slot *slots)
{
    (void)env;
    slots[0].i32 = *(int32_t *)weft_store_data(weft_caller_store(caller));
    return WEFT_OK;
}

/* One request: an instance is taken, called, and given back. */
static void request(weft_pool *pool, weft_tenant *tenant, int32_t number, const char *what)
{
    weft_diag diag;
    weft_store *store;
    weft_instance instance;
    weft_func func;
    weft_val answer;
    weft_status status = weft_pool_take(pool, tenant, &store, &instance, &diag);
    if (status != WEFT_OK) {
        printf("customer %d: refused: %s\n", (int)number, diag.message);
        return;
    }
    weft_store_set_data(store, &number);
    status = weft_instance_func(store, instance, what, &func, &diag);
    if (status == WEFT_OK) status = weft_call(store, func, NULL, 0, &answer, 1, &diag);
    if (status == WEFT_OK) printf("customer %d: %s: %d\n", (int)number, what, (int)answer.of.i32);
    else printf("customer %d: %s: %s\n", (int)number, what, diag.name);
    /* weft_store_free does it too, and cannot say that it was too early. */
    if (weft_pool_give(store, &diag) != WEFT_OK) printf("not given back: %s\n", diag.message);
}

static void serve(weft_pool *pool, weft_tenant *first, weft_tenant *second)
{
    weft_tenant_limits used = weft_tenant_limits_init();
    weft_pool_usage usage;
    request(pool, first, 1, "handle");
    request(pool, second, 2, "handle");
    request(pool, first, 1, "handle"); /* the same again: nothing is left of before */
    request(pool, first, 1, "greedy");
    request(pool, second, 2, "greedy");
    request(pool, second, 2, "endless");
    request(pool, second, 2, "handle"); /* it has no fuel left */
    weft_tenant_add_fuel(second, 10000);
    request(pool, second, 2, "handle");
    usage.size = sizeof usage;
    if (weft_tenant_used(second, &used, NULL) == WEFT_OK &&
        weft_pool_used(pool, &usage, NULL) == WEFT_OK)
        printf("customer 2 has %d instances; %d places are made, %d are taken\n",
               (int)used.instances, (int)usage.made, (int)usage.taken);
}

/* A watchdog in another thread, say, keeps a lease in place of the store: it stops who has it now,
   and nobody if it comes too late. */
static void watch(weft_pool *pool)
{
    weft_diag diag;
    weft_store *store;
    weft_instance instance;
    weft_func func;
    weft_val answer;
    weft_lease lease;
    int32_t number = 3;
    if (weft_pool_take(pool, NULL, &store, &instance, &diag) != WEFT_OK) return;
    weft_store_set_data(store, &number);
    lease = weft_pool_lease(store);
    if (weft_pool_stop(pool, lease, WEFT_STOP_TIME_LIMIT) &&
        weft_instance_func(store, instance, "endless", &func, &diag) == WEFT_OK &&
        weft_call(store, func, NULL, 0, &answer, 1, &diag) != WEFT_OK)
        printf("customer 3: endless: %s\n", diag.name);
    weft_store_free(store);
    if (!weft_pool_stop(pool, lease, WEFT_STOP_TIME_LIMIT)) printf("too late: nobody stopped\n");
}

/* Two customers with limits, and a pool that has two places ready. */
static int run_pool(weft_template *from, weft_diag *diag)
{
    weft_pool_config config = weft_pool_config_init();
    weft_limits limits = weft_limits_init();
    weft_tenant_limits large = weft_tenant_limits_init(), small = large;
    weft_tenant *first, *second;
    weft_pool *pool;
    int ok;
    limits.fuel = 1000000; /* its stores count; tenants have their own */
    config.limits = &limits;
    config.places = 100;
    large.fuel = 1000000;
    small.fuel = 100000;
    small.memory_bytes = 3 * 65536;
    first = weft_tenant_new(&large, diag);
    second = weft_tenant_new(&small, diag);
    pool = first && second ? weft_pool_new(from, &config, diag) : NULL;
    ok = pool && weft_pool_prepare(pool, 2, diag) == WEFT_OK;
    if (ok) serve(pool, first, second);
    if (ok) watch(pool);
    weft_pool_free(pool);
    weft_tenant_free(first);
    weft_tenant_free(second);
    return ok;
}

/* Without a pool: an instance of the template in a store of your own, and a template of that. */
static int run_alone(weft_engine *engine, weft_template *from, weft_diag *diag)
{
    int32_t number = 5;
    weft_instance instance;
    weft_func func;
    weft_val answer;
    weft_template *later = NULL;
    weft_store *store = weft_store_new(engine, NULL, diag);
    int ok = store && weft_template_instantiate(from, store, &instance, diag) == WEFT_OK &&
             weft_instance_func(store, instance, "handle", &func, diag) == WEFT_OK;
    if (ok) weft_store_set_data(store, &number);
    ok = ok && weft_call(store, func, NULL, 0, &answer, 1, diag) == WEFT_OK &&
         (later = weft_template_of(store, instance, diag)) != NULL;
    if (ok) printf("alone: %d\n", (int)answer.of.i32);
    weft_template_free(later);
    weft_store_free(store);
    return ok;
}

int main(void)
{
    weft_diag diag;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_linker *linker = engine ? weft_linker_new(engine, &diag) : NULL;
    weft_template *from = NULL;
    int ok = module && linker &&
             weft_linker_func(linker, "host", "customer", ":i", customer, NULL, NULL, &diag) ==
                 WEFT_OK &&
             (from = weft_template_new(module, linker, "prepare", &diag)) != NULL &&
             run_pool(from, &diag) && run_alone(engine, from, &diag);
    if (!ok) fprintf(stderr, "%s\n", diag.message);
    weft_template_free(from);
    weft_linker_free(linker);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
