#include <stdio.h>
#include <weft.h>

static const char text[] =
    "(module (import \"host\" \"say\" (func $say (param i32)))"
    "  (func (export \"add\") (param i32 i32) (result i32)"
    "    (call $say (local.get 0))"
    "    (i32.add (local.get 0) (local.get 1))))";

static weft_status say(void *env, weft_caller *caller, weft_slot *slots)
{
    (void)env, (void)caller;
    printf("the guest says %d\n", (int)slots[0].i32);
    return WEFT_OK;
}

int main(void)
{
    weft_diag diag;
    weft_instance instance;
    weft_func add;
    weft_val args[2] = {weft_i32(40), weft_i32(2)}, sum;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module =
        engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_store *store = engine ? weft_store_new(engine, NULL, &diag) : NULL;
    weft_linker *linker = engine ? weft_linker_new(engine, &diag) : NULL;
    int ok = module && store && linker &&
             !weft_linker_func(linker, "host", "say", "i:", say, NULL, NULL, &diag) &&
             !weft_instantiate(store, module, linker, &instance, &diag) &&
             !weft_instance_func(store, instance, "add", &add, &diag) &&
             !weft_call(store, add, args, 2, &sum, 1, &diag);
    if (ok) printf("40 + 2 = %d\n", (int)sum.of.i32);
    else fprintf(stderr, "%s\n", diag.message);
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
