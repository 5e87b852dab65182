/* files.c -- things of the host's that a guest keeps and hands back, but cannot look into or make
   up: "files" of some bytes, each a foreign object with host info, and what becomes of them.

       cc files.c -lweft -o files */

#include <stdio.h>
#include <stdlib.h>
#include <wasm.h>

/* A guest that opens two files, reads both in turn, and closes one. The other it forgets. */
static const char text[] =
    "(module"
    "  (import \"file\" \"open\" (func $open (param i32) (result externref)))"
    "  (import \"file\" \"read\" (func $read (param externref) (result i32)))"
    "  (table $files 2 externref)"
    "  (func (export \"run\") (result i32) (local $i i32) (local $sum i32)"
    "    (table.set $files (i32.const 0) (call $open (i32.const 10)))"
    "    (table.set $files (i32.const 1) (call $open (i32.const 200)))"
    "    (loop $again"
    "      (local.set $sum (i32.add (local.get $sum)"
    "        (call $read (table.get $files (i32.and (local.get $i) (i32.const 1))))))"
    "      (local.set $i (i32.add (local.get $i) (i32.const 1)))"
    "      (br_if $again (i32.lt_u (local.get $i) (i32.const 6))))"
    "    (table.set $files (i32.const 0) (ref.null extern))"
    "    (local.get $sum)))";

typedef struct {
    int first, at;
} File;

static void close_file(void *info)
{
    File *f = info;
    printf("the file from %d on is closed, at %d\n", f->first, f->at);
    free(f);
}

static wasm_trap_t *open_file(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    File *f = malloc(sizeof *f);
    wasm_foreign_t *thing = wasm_foreign_new(env);
    if (f && thing) {
        f->first = f->at = args->data[0].of.i32;
        wasm_foreign_set_host_info_with_finalizer(thing, f, close_file);
    }
    /* The result is owned by who called this. */
    results->data[0].of.ref = wasm_foreign_as_ref(thing);
    return NULL;
}

/* What a guest hands in may be null, or something else of the host's. */
static wasm_trap_t *read_file(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    const wasm_foreign_t *thing = wasm_ref_as_foreign_const(args->data[0].of.ref);
    File *f = thing ? wasm_foreign_get_host_info(thing) : NULL;
    wasm_message_t message;
    wasm_trap_t *trap;
    if (f) {
        results->data[0].of.i32 = f->at++;
        return NULL;
    }
    wasm_name_new_from_string_nt(&message, "that is no open file");
    trap = wasm_trap_new(env, &message);
    wasm_name_delete(&message);
    return trap;
}

int main(void)
{
    wasm_engine_t *engine = wasm_engine_new();
    wasm_store_t *store = wasm_store_new(engine);
    wasm_byte_vec_t bytes = {sizeof text - 1, (char *)text};
    wasm_module_t *module = wasm_module_new(store, &bytes);
    wasm_functype_t *opens = wasm_functype_new_1_1(wasm_valtype_new_i32(),
                                                   wasm_valtype_new_externref());
    wasm_functype_t *reads = wasm_functype_new_1_1(wasm_valtype_new_externref(),
                                                   wasm_valtype_new_i32());
    wasm_func_t *open = wasm_func_new_with_env(store, opens, open_file, store, NULL);
    wasm_func_t *read = wasm_func_new_with_env(store, reads, read_file, store, NULL);
    wasm_extern_t *items[] = {wasm_func_as_extern(open), wasm_func_as_extern(read)};
    wasm_extern_vec_t imports = WASM_ARRAY_VEC(items), exports;
    wasm_instance_t *instance = module ? wasm_instance_new(store, module, &imports, NULL) : NULL;
    wasm_val_t sum[1] = {WASM_INIT_VAL};
    wasm_val_vec_t none = WASM_EMPTY_VEC, results = WASM_ARRAY_VEC(sum);
    if (!instance) return 1;
    wasm_instance_exports(instance, &exports);
    if (wasm_func_call(wasm_extern_as_func(exports.data[0]), &none, &results)) return 1;
    printf("the sum is %d\n", (int)sum[0].of.i32);

    /* A guest of the host's own making hands in null, and something that is no file. */
    wasm_val_t arg[1] = {WASM_INIT_VAL};
    wasm_val_vec_t args = WASM_ARRAY_VEC(arg);
    for (int i = 0; i < 2; i++) {
        wasm_message_t message;
        if (i) arg[0].of.ref = wasm_instance_as_ref(instance);
        wasm_trap_t *trap = wasm_func_call(read, &args, &results);
        if (!trap) return 1;
        wasm_trap_message(trap, &message);
        printf("%s: %s\n", i ? "an instance" : "null", message.data);
        wasm_name_delete(&message);
        wasm_trap_delete(trap);
    }

    /* What nobody holds is found out now and then, and when the store is deleted in any case. */
    wasm_extern_vec_delete(&exports);
    wasm_instance_delete(instance);
    wasm_func_delete(open);
    wasm_func_delete(read);
    wasm_functype_delete(opens);
    wasm_functype_delete(reads);
    wasm_module_delete(module);
    wasm_store_delete(store);
    wasm_engine_delete(engine);
    return 0;
}
