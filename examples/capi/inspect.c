/* inspect.c -- what a module wants and has, and what it is after it ran: types of imports and
   exports, and of what they are now.

       cc inspect.c -lweft -o inspect */

#include <stdio.h>
#include <wasm.h>

static const char text[] =
    "(module"
    "  (import \"env\" \"now\" (func $now (result i64)))"
    "  (import \"env\" \"limit\" (global f64))"
    "  (memory (export \"memory\") 1 8)"
    "  (table (export \"callbacks\") 4 funcref)"
    "  (tag (export \"timeout\") (param i64))"
    "  (func (export \"start\") (param i32 externref) (result i32 f32)"
    "    (drop (memory.grow (i32.const 2))) (local.get 0) (f32.const 0)))";

static void print_valtype(const wasm_valtype_t *type)
{
    wasm_valkind_t kind = wasm_valtype_kind(type);
    const char *name = kind == WASM_I32   ? "i32"
                       : kind == WASM_I64 ? "i64"
                       : kind == WASM_F32 ? "f32"
                       : kind == WASM_F64 ? "f64"
                       : kind == WASM_FUNCREF ? "funcref"
                       : kind == WASM_EXTERNREF ? "externref"
                                                : "something else";
    printf(" %s", name);
}

static void print_valtypes(const char *before, const wasm_valtype_vec_t *types)
{
    printf("%s", before);
    for (size_t i = 0; i < types->size; i++) print_valtype(types->data[i]);
}

static void print_functype(const wasm_functype_t *type)
{
    print_valtypes(" takes", wasm_functype_params(type));
    print_valtypes(", gives", wasm_functype_results(type));
}

static void print_limits(const wasm_limits_t *limits)
{
    printf(" %u", (unsigned)limits->min);
    if (limits->max != wasm_limits_max_default) printf(" to %u", (unsigned)limits->max);
}

static void print_type(const wasm_externtype_t *type)
{
    const wasm_globaltype_t *global = wasm_externtype_as_globaltype_const(type);
    const wasm_tabletype_t *table = wasm_externtype_as_tabletype_const(type);
    switch (wasm_externtype_kind(type)) {
    case WASM_EXTERN_FUNC:
        printf("function");
        print_functype(wasm_externtype_as_functype_const(type));
        break;
    case WASM_EXTERN_GLOBAL:
        printf(wasm_globaltype_mutability(global) == WASM_VAR ? "variable" : "constant");
        print_valtype(wasm_globaltype_content(global));
        break;
    case WASM_EXTERN_TABLE:
        printf("table of");
        print_limits(wasm_tabletype_limits(table));
        print_valtype(wasm_tabletype_element(table));
        break;
    case WASM_EXTERN_MEMORY:
        printf("memory of pages");
        print_limits(wasm_memorytype_limits(wasm_externtype_as_memorytype_const(type)));
        break;
    case WASM_EXTERN_TAG:
        printf("tag of exceptions");
        print_functype(wasm_tagtype_functype(wasm_externtype_as_tagtype_const(type)));
        break;
    }
    printf("\n");
}

static void print_name(const wasm_name_t *name) { printf("%.*s", (int)name->size, name->data); }

static wasm_trap_t *now(const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    (void)args;
    results->data[0].of.i64 = 1000;
    return NULL;
}

/* What the module wants, made by what it says that it wants. */
static wasm_extern_t *make(wasm_store_t *store, const wasm_importtype_t *import)
{
    const wasm_externtype_t *type = wasm_importtype_type(import);
    const wasm_functype_t *func = wasm_externtype_as_functype_const(type);
    const wasm_globaltype_t *global = wasm_externtype_as_globaltype_const(type);
    wasm_val_t most = WASM_F64_VAL(0.5);
    if (func) return wasm_func_as_extern(wasm_func_new(store, func, now));
    return global ? wasm_global_as_extern(wasm_global_new(store, global, &most)) : NULL;
}

int main(void)
{
    wasm_engine_t *engine = wasm_engine_new();
    wasm_store_t *store = wasm_store_new(engine);
    wasm_byte_vec_t bytes = {sizeof text - 1, (char *)text};
    wasm_module_t *module = wasm_module_new(store, &bytes);
    wasm_importtype_vec_t wanted;
    wasm_exporttype_vec_t offered;
    wasm_extern_vec_t imports, exports;
    if (!module) return 1;

    wasm_module_imports(module, &wanted);
    wasm_extern_vec_new_uninitialized(&imports, wanted.size);
    for (size_t i = 0; i < wanted.size; i++) {
        printf("wants ");
        print_name(wasm_importtype_module(wanted.data[i]));
        printf(".");
        print_name(wasm_importtype_name(wanted.data[i]));
        printf(": ");
        print_type(wasm_importtype_type(wanted.data[i]));
        imports.data[i] = make(store, wanted.data[i]);
    }
    wasm_instance_t *instance = wasm_instance_new(store, module, &imports, NULL);
    if (!instance) return 1;

    wasm_module_exports(module, &offered);
    wasm_instance_exports(instance, &exports);
    wasm_val_t pair[2] = {WASM_I32_VAL(7), WASM_REF_VAL(NULL)};
    wasm_val_vec_t args = WASM_ARRAY_VEC(pair), results;
    const wasm_func_t *start = wasm_extern_as_func(exports.data[3]);
    wasm_val_vec_new_uninitialized(&results, wasm_func_result_arity(start));
    if (wasm_func_call(start, &args, &results)) return 1;
    wasm_val_vec_delete(&results);

    for (size_t i = 0; i < offered.size; i++) {
        wasm_externtype_t *current = wasm_extern_type(exports.data[i]);
        printf("has ");
        print_name(wasm_exporttype_name(offered.data[i]));
        printf(": ");
        print_type(wasm_exporttype_type(offered.data[i]));
        printf("    now ");
        print_type(current);
        wasm_externtype_delete(current);
    }
    wasm_importtype_vec_delete(&wanted);
    wasm_exporttype_vec_delete(&offered);
    wasm_extern_vec_delete(&imports);
    wasm_extern_vec_delete(&exports);
    wasm_instance_delete(instance);
    wasm_module_delete(module);
    wasm_store_delete(store);
    wasm_engine_delete(engine);
    return 0;
}
