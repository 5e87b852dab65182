/* hello.c -- the least that does something through wasm.h: a module, a host function with something
   of its own, a call, and what a call that fails says.

       cc hello.c -lweft -o hello */

#include <stdio.h>
#include <wasm.h>

static const char text[] =
    "(module (import \"host\" \"say\" (func $say (param i32)))"
    "  (func (export \"divide\") (param i32 i32) (result i32)"
    "    (call $say (local.get 0))"
    "    (i32.div_s (local.get 0) (local.get 1))))";

/* What it was made with, the arguments, room for results: it has none. No trap: all is well. */
static wasm_trap_t *say(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    (void)results;
    printf("%s %d\n", (const char *)env, (int)args->data[0].of.i32);
    return NULL;
}

static void divide(const wasm_func_t *func, int a, int b)
{
    wasm_val_t pair[2] = {WASM_I32_VAL(0), WASM_I32_VAL(0)}, quotient[1] = {WASM_INIT_VAL};
    wasm_val_vec_t args = WASM_ARRAY_VEC(pair), results = WASM_ARRAY_VEC(quotient);
    wasm_message_t message;
    wasm_trap_t *trap;
    pair[0].of.i32 = a;
    pair[1].of.i32 = b;
    trap = wasm_func_call(func, &args, &results);
    if (!trap) {
        printf("%d / %d = %d\n", a, b, (int)quotient[0].of.i32);
        return;
    }
    wasm_trap_message(trap, &message);
    printf("%d / %d: %s\n", a, b, message.data);
    wasm_name_delete(&message);
    wasm_trap_delete(trap);
}

int main(void)
{
    wasm_engine_t *engine = wasm_engine_new();
    wasm_store_t *store = wasm_store_new(engine);

    /* Bytes of a module; here its text, which is an addition of this library. */
    wasm_byte_vec_t bytes;
    wasm_byte_vec_new(&bytes, sizeof text - 1, text);
    wasm_module_t *module = wasm_module_new(store, &bytes);
    wasm_byte_vec_delete(&bytes);

    /* One import, in the place that it has in the module. */
    static char words[] = "the guest says";
    wasm_functype_t *type = wasm_functype_new_1_0(wasm_valtype_new_i32());
    wasm_func_t *host = wasm_func_new_with_env(store, type, say, words, NULL);
    wasm_extern_t *items[] = {wasm_func_as_extern(host)};
    wasm_extern_vec_t imports = WASM_ARRAY_VEC(items), exports;
    wasm_instance_t *instance = module ? wasm_instance_new(store, module, &imports, NULL) : NULL;
    if (!instance) return 1;

    /* Exports are in the module's order too. */
    wasm_instance_exports(instance, &exports);
    divide(wasm_extern_as_func(exports.data[0]), 84, 2);
    divide(wasm_extern_as_func(exports.data[0]), 1, 0);

    wasm_extern_vec_delete(&exports);
    wasm_instance_delete(instance);
    wasm_func_delete(host);
    wasm_functype_delete(type);
    wasm_module_delete(module);
    wasm_store_delete(store);
    wasm_engine_delete(engine);
    return 0;
}
