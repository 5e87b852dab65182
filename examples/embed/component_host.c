/* component_host.c -- a host for a component: a function and a resource that it imports, by values;
   and what it may have of WASI 0.2, where it ends with a status of its own.

       cc component_host.c -lweft -o component_host && ./component_host */

#include <stdio.h>
#include <string.h>
#include <weft_component.h>

/* world shop { import demo:shop/stock@1.0.0; import wasi:cli/exit@0.2.0; export run: func(); } */
static const char shop[] =
    "(component"
    "  (import \"demo:shop/stock@1.0.0\" (instance $stock"
    "    (export \"item\" (type $item (sub resource)))"
    "    (export \"find\" (func (param \"name\" string) (result (own $item))))"
    "    (export \"left\" (func (param \"of\" (borrow $item)) (result u32)))"
    "    (export \"label\" (func (param \"of\" (borrow $item)) (result string)))))"
    "  (import \"wasi:cli/exit@0.2.0\" (instance $end"
    "    (export \"exit\" (func (param \"status\" (result))))))"
    "  (core module $Memory (memory (export \"memory\") 1) (data (i32.const 0) \"tea\")"
    "    (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 64)))"
    "  (core instance $memory (instantiate $Memory))"
    "  (core func $find (canon lower (func $stock \"find\") (memory $memory \"memory\")))"
    "  (core func $left (canon lower (func $stock \"left\")))"
    "  (core func $label (canon lower (func $stock \"label\") (memory $memory \"memory\")"
    "    (realloc (func $memory \"realloc\"))))"
    "  (core func $exit (canon lower (func $end \"exit\")))"
    "  (alias export $stock \"item\" (type $item))"
    "  (core func $drop (canon resource.drop $item))"
    "  (core module $Main"
    "    (import \"\" \"find\" (func $find (param i32 i32) (result i32)))"
    "    (import \"\" \"left\" (func $left (param i32) (result i32)))"
    "    (import \"\" \"label\" (func $label (param i32 i32)))"
    "    (import \"\" \"drop\" (func $drop (param i32)))"
    "    (import \"\" \"exit\" (func $exit (param i32)))"
    "    (func (export \"run\") (local $item i32)"
    "      (local.set $item (call $find (i32.const 0) (i32.const 3)))"
    "      (call $label (local.get $item) (i32.const 16))"
    "      (if (i32.eqz (call $left (local.get $item)))"
    "        (then (call $drop (local.get $item)) (call $exit (i32.const 1))))"
    "      (call $drop (local.get $item))))"
    "  (core instance $main (instantiate $Main (with \"\" (instance"
    "    (export \"find\" (func $find)) (export \"left\" (func $left))"
    "    (export \"label\" (func $label))"
    "    (export \"drop\" (func $drop)) (export \"exit\" (func $exit))))))"
    "  (func (export \"run\") (canon lift (core func $main \"run\"))))";

static unsigned stock = 1;

/* A handle is any number of ours; there is one item. */
static weft_status find(void *env, weft_caller *caller, const weft_cvalue *args, size_t count,
                        weft_cvalue *result)
{
    (void)env, (void)count;
    if (args[0].of.string.len != 3 || memcmp(args[0].of.string.data, "tea", 3))
        return weft_trap(caller, "there is only tea");
    result->kind = WEFT_CVALUE_OWN;
    result->of.handle = 1;
    return WEFT_OK;
}

static weft_status left(void *env, weft_caller *caller, const weft_cvalue *args, size_t count,
                        weft_cvalue *result)
{
    (void)env, (void)caller, (void)count;
    result->kind = WEFT_CVALUE_U32;
    result->of.u = args[0].of.handle == 1 ? stock : 0;
    return WEFT_OK;
}

/* A result that points somewhere lives where the call's values do. */
static weft_status label(void *env, weft_caller *caller, const weft_cvalue *args, size_t count,
                         weft_cvalue *result)
{
    enum { SIZE = 20 };
    char *text = weft_cvalues_alloc(weft_caller_values(caller), SIZE), type[100];
    (void)env, (void)count;
    if (!text) return weft_trap(caller, "no room for a label");
    snprintf(text, SIZE, "item %u", (unsigned)args[0].of.handle);
    printf("%s: %s\n", weft_ctype_text(weft_caller_ctype(caller), type, sizeof type), text);
    result->kind = WEFT_CVALUE_STRING;
    result->of.string.data = text;
    result->of.string.len = strlen(text);
    return WEFT_OK;
}

static void put_back(void *env, weft_store *store, uint64_t handle)
{
    (void)env, (void)store;
    printf("item %u is put back\n", (unsigned)handle);
}

static weft_linker *link_all(weft_engine *engine, weft_diag *diag)
{
    static const char interface[] = "demo:shop/stock@1.0.0";
    weft_linker *l = weft_linker_new(engine, diag);
    if (!l) return NULL;
    weft_linker_wasi(l);
    if (weft_linker_component_func(l, interface, "find", find, NULL, NULL, diag) == WEFT_OK &&
        weft_linker_component_func(l, interface, "left", left, NULL, NULL, diag) == WEFT_OK &&
        weft_linker_component_func(l, interface, "label", label, NULL, NULL, diag) == WEFT_OK &&
        weft_linker_component_resource(l, interface, "item", put_back, NULL, NULL, diag) == WEFT_OK)
        return l;
    weft_linker_free(l);
    return NULL;
}

static weft_status run(weft_store *store, weft_component *c, weft_linker *l, weft_diag *diag)
{
    weft_cvalues *values = weft_cvalues_new(0);
    weft_cinstance *instance;
    weft_cfunc f;
    weft_status status = weft_component_instantiate(store, c, l, &instance, diag);
    if (status == WEFT_OK && weft_cinstance_func(instance, "run", &f))
        status = weft_component_call(f, NULL, 0, values, NULL, diag);
    weft_cvalues_free(values);
    return status;
}

int main(void)
{
    weft_diag diag;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_component *c = weft_component_new(engine, shop, sizeof shop - 1, &diag);
    weft_linker *l = engine ? link_all(engine, &diag) : NULL;
    int good = c && l;
    for (int i = 0; good && i < 2; i++) {
        weft_store *store = weft_store_new(engine, NULL, &diag);
        good = store && weft_store_set_wasi(store, weft_wasi_new(&diag), &diag) == WEFT_OK;
        weft_status status = good ? run(store, c, l, &diag) : WEFT_ERROR;
        if (status == WEFT_EXIT) printf("it ended with %d\n", (int)diag.exit_status);
        else if (status == WEFT_OK) printf("it ran\n");
        else good = 0;
        weft_store_free(store);
        stock--;
    }
    if (!good) printf("%s\n", diag.message);
    weft_linker_free(l);
    weft_component_free(c);
    weft_engine_free(engine);
    return !good;
}
