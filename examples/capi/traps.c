/* traps.c -- how calls fail, and where: a trap of the guest's, one of a host function's, one that
   goes through a host function on its way, and a start function that fails.

       cc traps.c -lweft -o traps */

#include <stdio.h>
#include <string.h>
#include <wasm.h>

static const char text[] =
    "(module"
    "  (import \"host\" \"call\" (func $host (param i32)))"
    "  (func $checked (param i32) (i32.store (local.get 0) (i32.const 1)))"
    "  (func (export \"store\") (call $checked (i32.const -1)))"
    "  (func (export \"host\") (call $host (i32.const -1)))"
    "  (func (export \"around\") (call $host (i32.const 0)))"
    "  (memory 1))";

static const char starting[] =
    "(module (func $first (unreachable)) (func $start (call $first)) (start $start))";

typedef struct {
    wasm_store_t *store;
    wasm_extern_vec_t exports; /* for the host function to call */
    int quota;
} World;

/* Calls the export of that number, and passes on what it ends in; or refuses. */
static wasm_trap_t *host(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    World *w = env;
    wasm_val_vec_t none = WASM_EMPTY_VEC;
    int which = args->data[0].of.i32;
    wasm_message_t message;
    wasm_trap_t *trap;
    (void)results;
    if (which >= 0)
        return wasm_func_call(wasm_extern_as_func(w->exports.data[which]), &none, &none);
    wasm_name_new_from_string_nt(&message, "the quota is used up");
    trap = wasm_trap_new(w->store, &message);
    wasm_name_delete(&message);
    /* A trap can have host info as other things can: here what there was. */
    wasm_trap_set_host_info(trap, &w->quota);
    return trap;
}

static void tell(const char *what, wasm_trap_t *trap)
{
    wasm_message_t message;
    wasm_frame_vec_t trace;
    const int *quota;
    if (!trap) {
        printf("%s: fine\n", what);
        return;
    }
    wasm_trap_message(trap, &message);
    wasm_trap_trace(trap, &trace);
    quota = wasm_trap_get_host_info(trap);
    printf("%s: %s", what, message.data);
    if (quota) printf(" (of %d)", *quota);
    printf("\n");
    for (size_t i = 0; i < trace.size; i++)
        printf("    function %u, byte %u of it, %#x of the module\n",
               (unsigned)wasm_frame_func_index(trace.data[i]),
               (unsigned)wasm_frame_func_offset(trace.data[i]),
               (unsigned)wasm_frame_module_offset(trace.data[i]));
    wasm_frame_vec_delete(&trace);
    wasm_name_delete(&message);
    wasm_trap_delete(trap);
}

int main(void)
{
    wasm_engine_t *engine = wasm_engine_new();
    World w = {NULL, WASM_EMPTY_VEC, 100};
    w.store = wasm_store_new(engine);
    wasm_byte_vec_t bytes = {sizeof text - 1, (char *)text};
    wasm_module_t *module = wasm_module_new(w.store, &bytes);
    wasm_functype_t *type = wasm_functype_new_1_0(wasm_valtype_new_i32());
    wasm_func_t *func = wasm_func_new_with_env(w.store, type, host, &w, NULL);
    wasm_extern_t *items[] = {wasm_func_as_extern(func)};
    wasm_extern_vec_t imports = WASM_ARRAY_VEC(items), nothing = WASM_EMPTY_VEC;
    wasm_val_vec_t none = WASM_EMPTY_VEC;
    wasm_trap_t *trap = NULL;
    wasm_instance_t *instance = module ? wasm_instance_new(w.store, module, &imports, &trap) : NULL;
    if (!instance) return 1;
    wasm_instance_exports(instance, &w.exports);
    static const char *const names[] = {"store", "host", "around"};
    for (size_t i = 0; i < 3; i++)
        tell(names[i], wasm_func_call(wasm_extern_as_func(w.exports.data[i]), &none, &none));

    /* Without an import; and one that fails when it starts. */
    if (wasm_instance_new(w.store, module, &nothing, &trap)) return 1;
    tell("no imports", trap);
    wasm_module_delete(module);
    bytes.size = sizeof starting - 1;
    bytes.data = (char *)starting;
    module = wasm_module_new(w.store, &bytes);
    if (!module || wasm_instance_new(w.store, module, &nothing, &trap)) return 1;
    tell("start", trap);

    wasm_extern_vec_delete(&w.exports);
    wasm_instance_delete(instance);
    wasm_func_delete(func);
    wasm_functype_delete(type);
    wasm_module_delete(module);
    wasm_store_delete(w.store);
    wasm_engine_delete(engine);
    return 0;
}
