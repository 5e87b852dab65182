// extern_test.c -- pointers of the host's as externrefs: how long they are held, and who is told.
// Hazards: R14, R61, R65.

#include "check.h"
#include "weft_object.h"

#include <string.h>

enum { MANY = 100000, MISUSED = 40 };

static const char text[] =
    "(module"
    "  (import \"h\" \"churn\" (func $churn (param externref)))"
    "  (table (export \"t\") 4 externref)"
    "  (global $g (export \"g\") (mut externref) (ref.null extern))"
    "  (tag $e (param externref))"
    "  (func (export \"pass\") (param externref) (call $churn (local.get 0)))"
    "  (func (export \"hold\") (param externref externref) (result externref)"
    "    (local $e exnref)"
    "    (block $h (result externref exnref)"
    "      (try_table (catch_ref $e $h) (throw $e (local.get 1)))"
    "      (unreachable))"
    "    (local.set $e) (drop) (local.set 1 (ref.null extern))"
    "    (local.get 0)"
    "    (call $churn (ref.null extern))"
    "    (drop)"
    "    (block $h (result externref) (try_table (catch $e $h) (throw_ref (local.get $e)))"
    "      (unreachable))))";

// What the pointers point at.
static struct Cell { unsigned told; } cells[MANY + 8];
static unsigned told;
static weft_store *store;
static weft_table table;
static weft_diag diag;
#define CHECK_OK(call) CHECK((call) == WEFT_OK)

static void finalize(void *env, void *pointer)
{
    struct Cell *cell = pointer;
    CHECK(env == &told && cell >= cells && cell < cells + MANY + 8);
    cell->told++;
    told++;
    weft_store_free(store); // nothing happens
}

// Each takes the place of the one before, in a table.
static void replace(void)
{
    for (unsigned i = 0; i < MANY; i++)
        CHECK_OK(weft_table_set(store, table, 1, weft_externref(&cells[i]), &diag));
}

static weft_status churn(void *env, weft_caller *caller, weft_slot *slots)
{
    const struct Cell *cell = slots[0].ref;
    unsigned before = cell ? cell->told : 0;
    replace();
    CHECK(slots[0].ref == cell && (!cell || cell->told == before));
    return WEFT_OK;
}

static void made(weft_instance *instance, weft_engine *engine)
{
    weft_module *module = weft_module_new(engine, text, sizeof text - 1, &diag);
    store = weft_store_new(engine, NULL, &diag);
    weft_linker *linker = weft_linker_new(engine, &diag);
    CHECK_OK(weft_linker_func(linker, "h", "churn", "r:", churn, NULL, NULL, &diag));
    CHECK_OK(weft_instantiate(store, module, linker, instance, &diag));
    weft_linker_free(linker);
    weft_module_free(module);
    weft_store_set_finalizer(store, finalize, &told);
    CHECK_OK(weft_instance_table(store, *instance, "t", &table, &diag));
}

// Those that ended make room for others, once the host was told.
static void few_handles(weft_engine *engine)
{
    weft_limits limits = weft_limits_init();
    limits.handles = 2;
    store = weft_store_new(engine, &limits, &diag);
    weft_store_set_finalizer(store, finalize, &told);
    CHECK_OK(weft_table_new(store, 2, 2, weft_externref(NULL), &table, &diag));
    memset(cells, 0, sizeof cells);
    for (unsigned i = 0; i < 1000; i++) {
        CHECK_OK(weft_table_set(store, table, 1, weft_externref(&cells[i]), &diag));
        CHECK(!cells[i].told && (i < 2 || cells[i - 2].told == 1));
    }
    CHECK_OK(weft_table_set(store, table, 0, weft_externref(&cells[1000]), &diag));
    CHECK(weft_table_set(store, table, 0, weft_externref(&cells[1001]), &diag) == WEFT_ERROR);
    CHECK(!strcmp(diag.name, "limit_handles") && !cells[999].told && !cells[1000].told);
    weft_store_free(store);
    CHECK(cells[999].told == 1 && cells[1000].told == 1 && !cells[1001].told);
}

// A finalizer that does what it must not: uses the store, while there is to be room for handles.
static weft_ref array, elsewhere;
static weft_global global_set;
static void use_store(void *env, void *pointer)
{
    weft_val all[MISUSED];
    for (unsigned i = 0; i < MISUSED; i++) all[i] = weft_ref_val(elsewhere);
    CHECK(weft_array_set(store, array, 0, MISUSED, all, &diag) == WEFT_OK);
    CHECK(weft_global_set(store, global_set, all[0], &diag) == WEFT_OK);
    // What the call in whose middle this is has made is held by nobody yet.
    CHECK(weft_store_collect(store, &diag) == WEFT_ERROR && !strcmp(diag.name, "cannot_collect"));
    told++;
}

static void misused(weft_engine *engine)
{
    static const char refs[] =
        "(module (type $a (array (mut anyref)))"
        "  (global (export \"g\") (mut anyref) (ref.null any))"
        "  (func (export \"make\") (result (ref $a)) (array.new_default $a (i32.const 40))))";
    weft_limits limits = weft_limits_init();
    weft_instance instance;
    weft_func make;
    weft_val got, out[MISUSED];
    limits.handles = 2 * MISUSED;
    weft_module *module = weft_module_new(engine, refs, sizeof refs - 1, &diag);
    store = weft_store_new(engine, &limits, &diag);
    CHECK_OK(weft_instantiate(store, module, NULL, &instance, &diag));
    CHECK_OK(weft_instance_func(store, instance, "make", &make, &diag));
    CHECK_OK(weft_instance_global(store, instance, "g", &global_set, &diag));
    CHECK_OK(weft_call(store, make, NULL, 0, &got, 1, &diag));
    array = got.of.ref;
    CHECK_OK(weft_call(store, make, NULL, 0, &got, 1, &diag));
    elsewhere = got.of.ref;
    weft_store_set_finalizer(store, use_store, NULL);
    CHECK_OK(weft_table_new(store, MISUSED, MISUSED, weft_externref(NULL), &table, &diag));
    for (unsigned i = 0; i < 2 * MISUSED - 5; i++)
        CHECK_OK(weft_table_set(store, table, i % MISUSED, weft_externref(&cells[i]), &diag));
    for (unsigned i = 0; i < MISUSED; i++)
        CHECK_OK(weft_table_set(store, table, i, weft_externref(NULL), &diag));
    for (unsigned i = 0; i < MISUSED / 2; i++)
        CHECK_OK(weft_array_set(store, array, i, 1, &got, &diag));
    told = 0;
    CHECK_OK(weft_array_get(store, array, 0, MISUSED, out, &diag));
    CHECK(told && out[MISUSED - 1].of.ref.handle);
    weft_store_free(store);
    weft_module_free(module);
}

// What the guest makes of its own objects is no pointer: a value without one, and nothing that a
// host function could get.
static weft_status never(void *env, weft_caller *caller, weft_slot *slots)
{
    CHECK(!"called");
    return WEFT_OK;
}

static void objects_of_the_guest(weft_engine *engine)
{
    static const char objects[] =
        "(module"
        "  (import \"h\" \"never\" (func $never (param externref)))"
        "  (type $a (array (mut i64)))"
        "  (table (export \"t\") 4 externref)"
        "  (global $g (export \"g\") (mut externref) (extern.convert_any (ref.i31 (i32.const 0))))"
        "  (func $of (param i32) (result externref)"
        "    (if (result externref) (local.get 0)"
        "      (then (extern.convert_any (array.new $a (i64.const -1) (i32.const 9))))"
        "      (else (extern.convert_any (ref.i31 (i32.const 0x7ffff))))))"
        "  (func (export \"get\") (param i32) (result externref) (call $of (local.get 0)))"
        "  (func (export \"give\") (param i32) (call $never (call $of (local.get 0))))"
        "  (func (export \"put\") (param i32)"
        "    (table.set (i32.const 1) (call $of (local.get 0)))"
        "    (global.set $g (call $of (local.get 0)))))";
    weft_module *module = weft_module_new(engine, objects, sizeof objects - 1, &diag);
    store = weft_store_new(engine, NULL, &diag);
    weft_linker *linker = weft_linker_new(engine, &diag);
    weft_instance instance;
    weft_func get, give, put;
    weft_global global;
    weft_typed typed;
    weft_val got, arg;
    CHECK_OK(weft_linker_func(linker, "h", "never", "r:", never, NULL, NULL, &diag));
    if (!CHECK(weft_instantiate(store, module, linker, &instance, &diag) == WEFT_OK)) return;
    CHECK_OK(weft_instance_func(store, instance, "get", &get, &diag));
    CHECK_OK(weft_instance_func(store, instance, "give", &give, &diag));
    CHECK_OK(weft_instance_func(store, instance, "put", &put, &diag));
    CHECK_OK(weft_instance_table(store, instance, "t", &table, &diag));
    CHECK_OK(weft_instance_global(store, instance, "g", &global, &diag));
    CHECK_OK(weft_func_typed(store, get, "i:r", &typed, &diag));
    for (int i = 0; i < 2; i++) {
        arg = weft_i32(i);
        CHECK_OK(weft_call(store, get, &arg, 1, &got, 1, &diag));
        CHECK(got.type == WEFT_REF && got.of.ref.handle);
        CHECK_OK(weft_table_set(store, table, 0, got, &diag));
        CHECK_OK(weft_call(store, put, &arg, 1, NULL, 0, &diag));
        CHECK_OK(weft_table_get(store, table, 1, &got, &diag));
        CHECK(got.type == WEFT_REF && got.of.ref.handle);
        weft_global_get(store, global, &got, &diag);
        CHECK(got.type == WEFT_REF && got.of.ref.handle);
        CHECK(weft_call(store, give, &arg, 1, NULL, 0, &diag) == WEFT_TRAP);
        CHECK(strstr(diag.message, "value 0 is an object of the guest's and no pointer"));
        weft_slot slot = {.i32 = i};
        CHECK(weft_call_typed(store, typed, &slot, &diag) == WEFT_ERROR);
        CHECK(strstr(diag.message, "value 0 is an object of the guest's and no pointer"));
    }
    weft_linker_free(linker);
    weft_module_free(module);
    weft_store_free(store);
}

int main(void)
{
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_instance instance;
    weft_global global;
    weft_func pass, hold;
    weft_val args[2], got;
    made(&instance, engine);
    CHECK_OK(weft_instance_global(store, instance, "g", &global, &diag));
    CHECK_OK(weft_instance_func(store, instance, "pass", &pass, &diag));
    CHECK_OK(weft_instance_func(store, instance, "hold", &hold, &diag));

    struct Cell *kept = &cells[MANY], *local = &cells[MANY + 1], *thrown = &cells[MANY + 2];
    CHECK_OK(weft_global_set(store, global, weft_externref(kept), &diag));
    replace();
    CHECK(told > MANY / 2 && told < MANY && !kept->told && !cells[MANY - 1].told);
    unsigned before = told;
    replace(); // what ended before is as new
    CHECK(told - before > MANY / 2 && !kept->told);

    // Parameters of a host function that runs, locals, operands, and values of exceptions are held.
    args[0] = weft_externref(local);
    CHECK_OK(weft_call(store, pass, args, 1, NULL, 0, &diag));
    CHECK(!kept->told);
    args[1] = weft_externref(thrown);
    local->told = thrown->told = 0;
    CHECK_OK(weft_call(store, hold, args, 2, &got, 1, &diag));
    CHECK(got.of.ext == thrown && !thrown->told && !local->told);
    // They are old by now: of those the host hears in the end, however little lives.
    for (int i = 0; i < 16 && !local->told; i++) replace();
    CHECK(local->told == 1 && thrown->told == 1 && !kept->told);

    // With the store go the others: each was told of as often as it came.
    memset(cells, 0, sizeof cells);
    CHECK_OK(weft_table_set(store, table, 2, weft_externref(local), &diag));
    weft_store_free(store);
    CHECK(kept->told == 1 && local->told == 1 && cells[MANY - 1].told == 1);
    few_handles(engine);
    objects_of_the_guest(engine);
    misused(engine);
    weft_engine_free(engine);
    return check_report();
}
