/* imports.c -- a host for modules it knows nothing of: it gives each function that a module imports
   from "trace" one of just that type, which says what it was called with. What else is imported is
   there, and traps when it is called. A last guest imports from the first one.

       cc imports.c -lweft -o imports */

#include <stdio.h>
#include <string.h>
#include <weft_link.h>

/* Names of imports and exports may hold anything: that of the last function has a NUL. */
static const char text[] =
    "(module"
    "  (import \"trace\" \"point\" (func $point (param i32 f64)))"
    "  (import \"trace\" \"name\" (func $name (param externref) (result i32)))"
    "  (import \"clock\" \"now\" (func $now (result i64)))"
    "  (@custom \"about\" \"a module for this example\")"
    "  (func (export \"run\") (param externref) (result i32)"
    "    (call $point (i32.const 3) (f64.const 1.5))"
    "    (call $name (local.get 0)))"
    "  (func (export \"odd\\00name\") (result i64) (call $now)))";

enum { MOST = 10 };

/* Takes values of whatever types there are; results are 0 and null unless it says otherwise. `env`
   is the import that it is for. */
static weft_status trace(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    const weft_import *import = (const weft_import *)env;
    uint32_t i;
    (void)caller, (void)results;
    printf("%.*s", (int)import->name.len, import->name.data);
    for (i = 0; i < import->type.param_count; i++) {
        if (args[i].type == WEFT_I32) printf(" %d", (int)args[i].of.i32);
        if (args[i].type == WEFT_F64) printf(" %g", args[i].of.f64);
        if (args[i].type == WEFT_EXTERNREF) printf(" \"%s\"", (const char *)args[i].of.ext);
    }
    printf("\n");
    return WEFT_OK;
}

/* Defines what the module imports, by index, of the types that it wants. */
static weft_status define_all(weft_linker *linker, const weft_module *module, weft_import *imports,
                              weft_diag *diag)
{
    uint32_t i;
    for (i = 0; i < MOST && weft_module_import(module, i, &imports[i]); i++) {
        weft_host host = weft_host_init();
        weft_name from = imports[i].module;
        if (from.len != 5 || memcmp(from.data, "trace", 5)) continue;
        host.values = trace;
        host.env = &imports[i];
        if (weft_linker_import(linker, module, i, &host, diag) != WEFT_OK) return WEFT_ERROR;
    }
    return weft_linker_trap_unknown(linker, module, diag);
}

static weft_status run(weft_store *store, weft_instance instance, weft_diag *diag)
{
    static char who[] = "a guest";
    static const weft_name odd = {"odd\0name", 8};
    weft_val arg = weft_externref(who), result;
    weft_instance origin;
    weft_extern item;
    weft_func func;
    uint32_t index;
    if (weft_instance_func(store, instance, "run", &func, diag) != WEFT_OK) return WEFT_ERROR;
    if (weft_call(store, func, &arg, 1, &result, 1, diag) != WEFT_OK) return WEFT_ERROR;
    if (!weft_instance_find(store, instance, odd, &item)) return WEFT_ERROR;
    if (weft_func_origin(store, item.of.func, &origin, &index))
        printf("function %d\n", (int)index);
    if (weft_call(store, item.of.func, NULL, 0, &result, 1, diag) == WEFT_OK) return WEFT_ERROR;
    printf("%s\n", diag->message);
    return WEFT_OK;
}

/* Without names and a linker: an item for each import, in the module's order. Here both are one
   function. */
static weft_status run_items(weft_engine *engine, weft_store *store, weft_diag *diag)
{
    static const char pair[] = "(module (import \"a\" \"b\" (func (param i32)))"
                               "  (import \"c\" \"d\" (func $f (param i32)))"
                               "  (func (export \"run\") (call $f (i32.const 7))))";
    static weft_import seven;
    weft_module *module = weft_module_new(engine, pair, sizeof pair - 1, diag);
    weft_host host = weft_host_init();
    weft_extern items[2];
    weft_instance instance;
    weft_func func;
    int ok;
    seven.name = weft_text("seven");
    seven.type.param_count = 1;
    host.signature = "i:";
    host.values = trace;
    host.env = &seven;
    items[0].kind = items[1].kind = WEFT_FUNC;
    ok = module && weft_func_new_host(store, &host, &items[0].of.func, diag) == WEFT_OK;
    items[1].of.func = items[0].of.func;
    ok = ok && weft_instantiate_items(store, module, items, 2, &instance, diag) == WEFT_OK &&
         weft_instance_func(store, instance, "run", &func, diag) == WEFT_OK &&
         weft_call(store, func, NULL, 0, NULL, 0, diag) == WEFT_OK;
    weft_module_free(module);
    return ok ? WEFT_OK : WEFT_ERROR;
}

/* A guest that imports from the first one: all that it exports, under one name; and names of any
   bytes, one of the host's function and one of that guest's. */
static weft_status run_linked(weft_engine *engine, weft_store *store, weft_instance first,
                              weft_diag *diag)
{
    static const char linked[] =
        "(module"
        "  (import \"first\" \"run\" (func $run (param externref) (result i32)))"
        "  (import \"\\00\" \"eight\" (func $eight (param i32)))"
        "  (import \"\\00\" \"again\" (func $again (param externref) (result i32)))"
        "  (import \"\\00\" \"run\" (func (param externref) (result i32)))"
        "  (func (export \"both\") (param externref) (result i32)"
        "    (call $eight (i32.const 8))"
        "    (i32.add (call $run (local.get 0)) (call $again (local.get 0)))))";
    static const weft_name nul = {"\0", 1};
    static weft_import eight;
    static char who[] = "another guest";
    weft_module *module = weft_module_new(engine, linked, sizeof linked - 1, diag);
    weft_linker *linker = weft_linker_new(engine, diag);
    weft_host host = weft_host_init();
    weft_val arg = weft_externref(who), result;
    weft_extern again;
    weft_instance instance;
    weft_func both;
    int ok;
    eight.name = weft_text("eight");
    eight.type.param_count = 1;
    host.signature = "i:";
    host.values = trace;
    host.env = &eight;
    ok = module && linker && weft_instance_find(store, first, weft_text("run"), &again) &&
         weft_linker_instance(linker, store, "first", first, diag) == WEFT_OK &&
         weft_linker_host(linker, nul, eight.name, &host, diag) == WEFT_OK &&
         weft_linker_item(linker, nul, weft_text("again"), again, diag) == WEFT_OK &&
         weft_linker_exports(linker, store, nul, first, diag) == WEFT_OK &&
         weft_instantiate(store, module, linker, &instance, diag) == WEFT_OK &&
         weft_instance_func(store, instance, "both", &both, diag) == WEFT_OK &&
         weft_call(store, both, &arg, 1, &result, 1, diag) == WEFT_OK;
    weft_linker_free(linker);
    weft_module_free(module);
    return ok ? WEFT_OK : WEFT_ERROR;
}

int main(void)
{
    weft_import imports[MOST];
    weft_diag diag;
    weft_name about;
    weft_instance instance;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module =
        engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_store *store = engine ? weft_store_new(engine, NULL, &diag) : NULL;
    weft_linker *linker = engine ? weft_linker_new(engine, &diag) : NULL;
    int ok = module && store && linker &&
             define_all(linker, module, imports, &diag) == WEFT_OK &&
             weft_instantiate(store, module, linker, &instance, &diag) == WEFT_OK &&
             run(store, instance, &diag) == WEFT_OK &&
             run_items(engine, store, &diag) == WEFT_OK;
    ok = ok && run_linked(engine, store, instance, &diag) == WEFT_OK;
    if (ok && weft_module_custom(module, weft_text("about"), &about))
        printf("(%.*s)\n", (int)about.len, about.data);
    if (!ok) fprintf(stderr, "%s\n", diag.message);
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
