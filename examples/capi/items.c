/* items.c -- a memory, a table and a global of the host's, which two guests have together: one
   writes, the other reads what it finds, and calls the first by way of the table.

       cc items.c -lweft -o items */

#include <stdio.h>
#include <string.h>
#include <wasm.h>

static const char writer[] =
    "(module"
    "  (import \"shared\" \"memory\" (memory 1))"
    "  (import \"shared\" \"table\" (table 1 funcref))"
    "  (import \"shared\" \"count\" (global $count (mut i32)))"
    "  (elem (i32.const 0) $double)"
    "  (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))"
    "  (func (export \"write\") (param i32)"
    "    (i32.store (i32.mul (global.get $count) (i32.const 4)) (local.get 0))"
    "    (global.set $count (i32.add (global.get $count) (i32.const 1)))))";

static const char reader[] =
    "(module"
    "  (import \"shared\" \"memory\" (memory 1))"
    "  (import \"shared\" \"table\" (table 1 funcref))"
    "  (import \"shared\" \"count\" (global $count (mut i32)))"
    "  (func (export \"sum\") (param $with i32) (result i32) (local $i i32) (local $sum i32)"
    "    (loop $next"
    "      (if (i32.lt_u (local.get $i) (global.get $count)) (then"
    "        (local.set $sum (i32.add (local.get $sum)"
    "          (call_indirect (param i32) (result i32)"
    "            (i32.load (i32.mul (local.get $i) (i32.const 4))) (local.get $with))))"
    "        (local.set $i (i32.add (local.get $i) (i32.const 1)))"
    "        (br $next))))"
    "    (local.get $sum)))";

static wasm_trap_t *square(const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    results->data[0].of.i32 = args->data[0].of.i32 * args->data[0].of.i32;
    return NULL;
}

/* The first export of a new instance, which the caller owns; the instance stays as long as the
   store. */
static wasm_func_t *first_export(wasm_store_t *store, const char *text, wasm_extern_vec_t *imports)
{
    wasm_byte_vec_t bytes = {strlen(text), (char *)text};
    wasm_module_t *module = wasm_module_new(store, &bytes);
    wasm_instance_t *instance = module ? wasm_instance_new(store, module, imports, NULL) : NULL;
    wasm_func_t *func = NULL;
    wasm_extern_vec_t exports;
    if (instance) {
        wasm_instance_exports(instance, &exports);
        func = wasm_func_copy(wasm_extern_as_func(exports.data[0]));
        wasm_extern_vec_delete(&exports);
        wasm_instance_delete(instance);
    }
    if (module) wasm_module_delete(module);
    return func;
}

static int call(const wasm_func_t *func, int value)
{
    wasm_val_t one[1] = {WASM_I32_VAL(0)}, out[1] = {WASM_I32_VAL(0)};
    wasm_val_vec_t args = WASM_ARRAY_VEC(one), results = WASM_ARRAY_VEC(out);
    wasm_trap_t *trap;
    one[0].of.i32 = value;
    trap = wasm_func_call(func, &args, &results);
    if (trap) printf("a trap\n"), wasm_trap_delete(trap);
    return out[0].of.i32;
}

int main(void)
{
    wasm_engine_t *engine = wasm_engine_new();
    wasm_store_t *store = wasm_store_new(engine);
    wasm_limits_t pages = {1, 2}, entries = {1, wasm_limits_max_default};
    wasm_memorytype_t *memory_type = wasm_memorytype_new(&pages);
    wasm_tabletype_t *table_type = wasm_tabletype_new(wasm_valtype_new_funcref(), &entries);
    wasm_globaltype_t *count_type = wasm_globaltype_new(wasm_valtype_new_i32(), WASM_VAR);
    wasm_functype_t *type = wasm_functype_new_1_1(wasm_valtype_new_i32(), wasm_valtype_new_i32());
    wasm_val_t value = WASM_I32_VAL(0);
    wasm_memory_t *memory = wasm_memory_new(store, memory_type);
    wasm_table_t *table = wasm_table_new(store, table_type, NULL);
    wasm_global_t *count = wasm_global_new(store, count_type, &value);
    wasm_func_t *own = wasm_func_new(store, type, square);
    wasm_extern_t *items[] = {wasm_memory_as_extern(memory), wasm_table_as_extern(table),
                              wasm_global_as_extern(count)};
    wasm_extern_vec_t imports = WASM_ARRAY_VEC(items);
    wasm_func_t *write = first_export(store, writer, &imports);
    wasm_func_t *sum = first_export(store, reader, &imports);
    if (!write || !sum) return 1;

    for (int i = 1; i <= 3; i++) call(write, i);
    wasm_global_get(count, &value);
    printf("%d numbers, in memory the second is %d\n", (int)value.of.i32,
           wasm_memory_data(memory)[4]);

    /* The host writes one more, and has the table hold a function of its own. */
    wasm_memory_data(memory)[12] = 4;
    value.of.i32++;
    wasm_global_set(count, &value);
    if (!wasm_table_grow(table, 1, wasm_func_as_ref(own))) return 1;
    printf("doubled %d, squared %d\n", call(sum, 0), call(sum, 1));

    wasm_ref_t *entry = wasm_table_get(table, 1);
    printf("entry 1 of %u is %s\n", (unsigned)wasm_table_size(table),
           wasm_ref_same(entry, wasm_func_as_ref(own)) ? "ours" : "not ours");
    wasm_ref_delete(entry);
    wasm_table_set(table, 1, NULL);
    call(sum, 1);

    printf("page 2 %s", wasm_memory_grow(memory, 1) ? "fits" : "does not fit");
    printf(", page 3 %s: %lu bytes\n", wasm_memory_grow(memory, 1) ? "fits" : "does not fit",
           (unsigned long)wasm_memory_data_size(memory));

    wasm_func_delete(write);
    wasm_func_delete(sum);
    wasm_func_delete(own);
    wasm_global_delete(count);
    wasm_table_delete(table);
    wasm_memory_delete(memory);
    wasm_functype_delete(type);
    wasm_globaltype_delete(count_type);
    wasm_tabletype_delete(table_type);
    wasm_memorytype_delete(memory_type);
    wasm_store_delete(store);
    wasm_engine_delete(engine);
    return 0;
}
