// link_test.c -- weft_link.h: one linker for many stores, host functions in full, names of any
// bytes, imports by index and by items, imports that nobody has.
// Hazards: R18, R27.

#include "check.h"
#include "weft_link.h"

#include <pthread.h>
#include <stdlib.h>

static weft_engine *engine, *other;
static weft_diag diag;

static const char *why(weft_status status) { return status == WEFT_OK ? "" : diag.name; }
#define CHECK_OK(call) CHECK_STR(why(call), "")
#define CHECK_WHY(call, name) CHECK_STR(why(call), name)

static weft_module *module_of(weft_engine *e, const char *text)
{
    weft_module *m = weft_module_new(e, text, strlen(text), &diag);
    if (!CHECK(m != NULL)) printf("%s\n", diag.message);
    return m;
}

static void count_end(void *env) { ++*(int *)env; }

static int32_t run(weft_store *store, weft_instance instance, const char *name)
{
    weft_func f;
    weft_val got = weft_i32(-1);
    CHECK_OK(weft_instance_func(store, instance, name, &f, &diag));
    CHECK_OK(weft_call(store, f, NULL, 0, &got, 1, &diag));
    return got.of.i32;
}

// ---- One linker, many stores

static const char wants[] = "(module (import \"h\" \"next\" (func $next (result i32)))"
                            " (func (export \"f\") (result i32) (call $next)))";

// The store's data are its own number.
static weft_status next(void *env, weft_caller *caller, weft_slot *slots)
{
    slots[0].i32 = ++*(int *)weft_store_data(weft_caller_store(caller));
    return WEFT_OK;
}

static void many_stores(void)
{
    enum { MANY = 20 };
    int ended = 0, numbers[MANY];
    weft_module *m = module_of(engine, wants);
    weft_linker *l = weft_linker_new(engine, &diag);
    weft_store *stores[MANY];
    CHECK_OK(weft_linker_func(l, "h", "next", ":i", next, NULL, NULL, &diag));
    CHECK_OK(weft_linker_func(l, "h", "unused", ":i", next, &ended, count_end, &diag));
    for (int i = 0; i < MANY; i++) {
        weft_instance first, second;
        stores[i] = weft_store_new(engine, NULL, &diag);
        weft_store_set_data(stores[i], &numbers[i]);
        numbers[i] = i;
        CHECK_OK(weft_instantiate(stores[i], m, l, &first, &diag));
        CHECK_OK(weft_instantiate(stores[i], m, l, &second, &diag));
        CHECK_EQ_U64(run(stores[i], first, "f"), i + 1);
        CHECK_EQ_U64(run(stores[i], second, "f"), i + 2);
        weft_limits used = weft_limits_init();
        CHECK_OK(weft_store_usage(stores[i], &used, &diag));
        CHECK_EQ_U64(used.functions, 3); // the host's once
    }
    weft_linker_free(l);
    CHECK_EQ_U64(ended, 1);
    for (int i = 0; i < MANY; i++) weft_store_free(stores[i]);
    weft_module_free(m);
}

// A function ends with the last that has it: the linker, or a store that linked it.
static void ends_last(void)
{
    for (int linker_first = 0; linker_first < 2; linker_first++) {
        int ended = 0;
        weft_engine *e = weft_engine_new(NULL, &diag);
        weft_module *m = module_of(e, wants);
        weft_linker *l = weft_linker_new(e, &diag);
        weft_store *a = weft_store_new(e, NULL, &diag), *b = weft_store_new(e, NULL, &diag);
        weft_instance instance;
        weft_engine_free(e);
        CHECK_OK(weft_linker_func(l, "h", "next", ":i", next, &ended, count_end, &diag));
        CHECK_OK(weft_instantiate(a, m, l, &instance, &diag));
        CHECK_OK(weft_instantiate(b, m, l, &instance, &diag));
        weft_module_free(m);
        if (linker_first) weft_linker_free(l);
        weft_store_free(a);
        CHECK_EQ_U64(ended, 0);
        weft_store_free(b);
        CHECK_EQ_U64(ended, linker_first);
        if (!linker_first) weft_linker_free(l);
        CHECK_EQ_U64(ended, 1);
    }
}

typedef struct { weft_linker *linker; weft_module *module; int failed; } Shared;

static void *link_often(void *env)
{
    Shared *s = env;
    for (int i = 0; i < 50; i++) {
        int number = 40;
        weft_instance instance;
        weft_func f;
        weft_val got;
        weft_store *store = weft_store_new(engine, NULL, NULL);
        weft_store_set_data(store, &number);
        bool good = !weft_instantiate(store, s->module, s->linker, &instance, NULL) &&
                    !weft_instance_func(store, instance, "f", &f, NULL) &&
                    !weft_call(store, f, NULL, 0, &got, 1, NULL) && got.of.i32 == 41;
        if (!good) __atomic_fetch_add(&s->failed, 1, __ATOMIC_RELAXED);
        weft_store_free(store);
    }
    return NULL;
}

static void by_threads(void)
{
    int ended = 0;
    pthread_t threads[4];
    Shared s = {weft_linker_new(engine, &diag), module_of(engine, wants), 0};
    CHECK_OK(weft_linker_func(s.linker, "h", "next", ":i", next, &ended, count_end, &diag));
    for (int i = 0; i < 4; i++) CHECK(!pthread_create(&threads[i], NULL, link_often, &s));
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    CHECK_EQ_U64(s.failed, 0);
    CHECK_EQ_U64(ended, 0);
    weft_linker_free(s.linker);
    CHECK_EQ_U64(ended, 1);
    weft_module_free(s.module);
}

static void strangers(void)
{
    weft_module *m = module_of(engine, wants), *theirs = module_of(other, wants);
    weft_linker *l = weft_linker_new(other, &diag);
    weft_store *s = weft_store_new(engine, NULL, &diag);
    weft_host host = weft_host_init();
    weft_instance instance;
    host.fn = next;
    CHECK_WHY(weft_instantiate(s, m, l, &instance, &diag), "wrong_engine");
    CHECK_WHY(weft_linker_import(l, m, 0, &host, &diag), "wrong_engine");
    CHECK_WHY(weft_linker_trap_unknown(l, m, &diag), "wrong_engine");
    CHECK_OK(weft_linker_import(l, theirs, 0, &host, &diag));
    weft_linker_free(l);
    weft_store_free(s);
    weft_module_free(m);
    weft_module_free(theirs);
}

// ---- Host functions in full

static weft_status as_values(void *env, weft_caller *caller, const weft_val *args,
                             weft_val *results)
{
    *(int *)env += 1;
    results[0] = weft_i32(args[0].of.i32 + (int)args[1].of.f64);
    return WEFT_OK;
}

static weft_status as_slots(void *env, weft_caller *caller, weft_slot *slots)
{
    *(int *)env += 1;
    slots[0].i32 += (int)slots[1].f64;
    return WEFT_OK;
}

static weft_status give_back(void *env, weft_caller *caller, const weft_val *args,
                             weft_val *results)
{
    results[0] = args[0];
    return WEFT_OK;
}

static const char typed[] =
    "(module (type $s (struct (field i32)))"
    " (import \"h\" \"sum\" (func $sum (param i32 f64) (result i32)))"
    " (import \"h\" \"same\" (func $same (param (ref $s)) (result (ref $s))))"
    " (import \"h\" \"memory\" (memory 1))"
    " (func (export \"f\") (result i32) (i32.add (call $sum (i32.const 5) (f64.const 37))"
    "  (struct.get $s 0 (call $same (struct.new $s (i32.const 100)))))))";

static void in_full(void)
{
    int times = 0, ended = 0;
    weft_module *m = module_of(engine, typed);
    weft_store *s = weft_store_new(engine, NULL, &diag);
    for (int slots = 0; slots < 2; slots++) {
        weft_linker *l = weft_linker_new(engine, &diag);
        weft_host host = weft_host_init();
        weft_instance instance;
        weft_memory memory;
        weft_extern item = {.kind = WEFT_MEMORY};
        host.env = &times;
        host.finalize = count_end;
        CHECK_WHY(weft_linker_import(l, m, 0, &host, &diag), "no_function");
        host.fn = as_slots;
        host.values = as_values;
        CHECK_WHY(weft_linker_import(l, m, 0, &host, &diag), "no_function");
        if (slots) host.values = NULL;
        else host.fn = NULL;
        CHECK_WHY(weft_linker_import(l, m, 2, &host, &diag), "wrong_kind");
        CHECK_WHY(weft_linker_import(l, m, 3, &host, &diag), "out_of_bounds");
        CHECK_WHY(weft_linker_host(l, weft_text("h"), weft_text("x"), &host, &diag),
                  "unknown_type");
        host.env = &ended;
        CHECK_OK(weft_linker_import(l, m, 0, &host, &diag));
        CHECK_WHY(weft_linker_import(l, m, 0, &host, &diag), "duplicate_definition");
        if (slots) CHECK_WHY(weft_linker_import(l, m, 1, &host, &diag), "bad_signature");
        host.fn = NULL;
        host.values = give_back;
        host.finalize = NULL;
        CHECK_OK(weft_linker_import(l, m, 1, &host, &diag));
        CHECK_OK(weft_memory_new(s, 1, 1, &memory, &diag));
        item.of.memory = memory;
        CHECK_OK(weft_linker_item(l, weft_text("h"), weft_text("memory"), item, &diag));
        ended = 0;
        CHECK_OK(weft_instantiate(s, m, l, &instance, &diag));
        CHECK_EQ_U64(run(s, instance, "f"), 142);
        CHECK_EQ_U64(ended, 1); // it was called
        weft_linker_free(l);
        CHECK_EQ_U64(ended, 1);
    }
    ended = 0;
    weft_store_free(s);
    CHECK_EQ_U64(ended, 2);
    weft_module_free(m);
}

static void of_a_store(void)
{
    int times = 0;
    weft_module *m = module_of(engine, typed);
    weft_store *s = weft_store_new(engine, NULL, &diag);
    weft_host host = weft_host_init();
    weft_func f;
    weft_val args[2] = {weft_i32(1), weft_f64(2)}, got;
    host.values = as_values;
    host.env = &times;
    CHECK_WHY(weft_func_new_host(s, &host, &f, &diag), "unknown_type");
    host.type = (weft_deftype){m, 1000000};
    CHECK_WHY(weft_func_new_host(s, &host, &f, &diag), "unknown_type");
    CHECK(weft_module_type(m, 0, &host.type)); // a structure's
    CHECK_WHY(weft_func_new_host(s, &host, &f, &diag), "unknown_type");
    host.signature = "id:i"; // goes before
    CHECK_OK(weft_func_new_host(s, &host, &f, &diag));
    CHECK_OK(weft_call(s, f, args, 2, &got, 1, &diag));
    CHECK(got.of.i32 == 3 && times == 1);
    host.size = sizeof host + 8;
    struct { weft_host known; uint64_t more; } newer = {host, 1};
    CHECK_WHY(weft_func_new_host(s, &newer.known, &f, &diag), "unknown_field");
    newer.more = 0;
    CHECK_OK(weft_func_new_host(s, &newer.known, &f, &diag));
    weft_store_free(s);
    weft_module_free(m);
}

// ---- Names that hold anything

static void odd_names(void)
{
    static const char text[] =
        "(module (import \"a\\00b\" \"\\00\" (func $f (result i32)))"
        " (import \"a\" \"\" (func $g (result i32))) (@custom \"c\\00d\" \"inside\")"
        " (func (export \"\\00x\") (result i32) (call $f))"
        " (func (export \"\\00y\") (result i32) (call $g)))";
    int numbers = 10;
    weft_module *m = module_of(engine, text);
    weft_store *s = weft_store_new(engine, NULL, &diag);
    weft_linker *l = weft_linker_new(engine, &diag);
    weft_host host = weft_host_init();
    weft_instance instance;
    weft_extern item;
    weft_val got;
    weft_name inside;
    weft_store_set_data(s, &numbers);
    host.signature = ":i";
    host.fn = next;
    CHECK_OK(weft_linker_func(l, "a", "", ":i", next, NULL, NULL, &diag));
    CHECK_WHY(weft_instantiate(s, m, l, &instance, &diag), "unknown_import");
    CHECK_OK(weft_linker_host(l, (weft_name){"a\0b", 3}, (weft_name){"\0", 1}, &host, &diag));
    CHECK_OK(weft_instantiate(s, m, l, &instance, &diag));
    CHECK(!weft_instance_export(s, instance, "", &item));
    CHECK(weft_instance_find(s, instance, (weft_name){"\0y", 2}, &item) && item.kind == WEFT_FUNC);
    CHECK_OK(weft_call(s, item.of.func, NULL, 0, &got, 1, &diag));
    CHECK_EQ_U64(got.of.i32, 11);
    CHECK(!weft_instance_find(s, instance, (weft_name){"\0z", 2}, &item));
    CHECK(!weft_module_custom_section(m, "c", &inside));
    CHECK(weft_module_custom(m, (weft_name){"c\0d", 3}, &inside) && inside.len == 6 &&
          !memcmp(inside.data, "inside", 6));
    weft_name name, contents;
    CHECK(weft_module_custom_at(m, 1, &name, &contents) && name.len == 3 && contents.len == 6 &&
          !memcmp(name.data, "c\0d", 3) && contents.data == inside.data);
    uint32_t sections = 1, index;
    while (weft_module_custom_at(m, sections, &name, NULL)) sections++;
    CHECK(sections < 4 && !weft_module_custom_at(m, UINT32_MAX, &name, NULL));
    // Where a function comes from.
    weft_instance of;
    CHECK(weft_func_origin(s, item.of.func, &of, &index) && of.item == instance.item && index == 3);
    weft_func host_func;
    CHECK_OK(weft_func_new(s, ":i", next, NULL, NULL, &host_func, &diag));
    CHECK(!weft_func_origin(s, host_func, &of, &index));
    CHECK(!weft_func_origin(s, (weft_func){0}, &of, &index));
    CHECK(!weft_func_origin(s, (weft_func){host_func.store, NULL}, &of, &index));
    // All exports under a name with a NUL; and not under what is before that.
    weft_module *user =
        module_of(engine, "(module (import \"u\\00v\" \"\\00y\" (func $f (result i32)))"
                          " (export \"f\" (func $f)))");
    weft_instance second;
    CHECK_OK(weft_linker_instance(l, s, "u", instance, &diag));
    CHECK_WHY(weft_instantiate(s, user, l, &second, &diag), "unknown_import");
    CHECK_OK(weft_linker_exports(l, s, (weft_name){"u\0v", 3}, instance, &diag));
    CHECK_OK(weft_linker_exports(l, s, (weft_name){"u\0v", 3}, instance, &diag)); // the same
    CHECK_OK(weft_instantiate(s, user, l, &second, &diag));
    CHECK_EQ_U64(run(s, second, "f"), 12);
    second.store++;
    CHECK_WHY(weft_linker_exports(l, s, weft_text("u"), second, &diag), "wrong_store");
    weft_module_free(user);
    weft_linker_free(l);
    weft_store_free(s);
    weft_module_free(m);
}

// ---- By items

static void by_items(void)
{
    static const char text[] =
        "(module (import \"x\" \"x\" (func $f (result i32))) (import \"x\" \"x\" (memory 1))"
        " (import \"x\" \"x\" (global $g (mut i32))) (import \"x\" \"x\" (table 1 funcref))"
        " (func (export \"f\") (result i32) (i32.add (call $f) (global.get $g))))";
    int numbers = 0;
    weft_module *m = module_of(engine, text);
    weft_store *s = weft_store_new(engine, NULL, &diag), *t = weft_store_new(engine, NULL, &diag);
    weft_extern items[4] = {{.kind = WEFT_FUNC}, {.kind = WEFT_MEMORY}, {.kind = WEFT_GLOBAL},
                            {.kind = WEFT_TABLE}}, none = {0};
    weft_instance instance;
    weft_func null = {0, NULL};
    weft_store_set_data(s, &numbers);
    CHECK_OK(weft_func_new(s, ":i", next, NULL, NULL, &items[0].of.func, &diag));
    CHECK_OK(weft_memory_new(s, 1, 1, &items[1].of.memory, &diag));
    CHECK_OK(weft_global_new(s, weft_i32(40), true, &items[2].of.global, &diag));
    CHECK_OK(weft_table_new(s, 1, 1, weft_funcref(null), &items[3].of.table, &diag));
    CHECK_WHY(weft_instantiate_items(s, m, items, 3, &instance, &diag), "wrong_count");
    CHECK_WHY(weft_instantiate_items(t, m, items, 4, &instance, &diag), "wrong_store");
    CHECK_OK(weft_instantiate_items(s, m, items, 4, &instance, &diag));
    CHECK_EQ_U64(run(s, instance, "f"), 41);
    weft_extern kept = items[1];
    items[1] = items[2];
    CHECK_WHY(weft_instantiate_items(s, m, items, 4, &instance, &diag), "incompatible_import");
    items[1] = none;
    CHECK_WHY(weft_instantiate_items(s, m, items, 4, &instance, &diag), "wrong_store");
    items[1] = kept;
    weft_store_free(t);
    weft_store_free(s);
    weft_module_free(m);
    m = module_of(other, text);
    s = weft_store_new(engine, NULL, &diag);
    CHECK_WHY(weft_instantiate_items(s, m, items, 4, &instance, &diag), "wrong_engine");
    weft_store_free(s);
    weft_module_free(m);
}

// ---- What nobody has

static void unknown(void)
{
    static const char text[] =
        "(module (import \"env\" \"f\" (func $f (param i64) (result f32)))"
        " (import \"env\" \"f\" (func $f2 (param i64) (result f32)))"
        " (import \"h\" \"next\" (func $next (result i32)))"
        " (import \"wasi_snapshot_preview1\" \"sched_yield\" (func $yield (result i32)))"
        " (func (export \"fine\") (result i32) (call $next))"
        " (func (export \"yield\") (result i32) (call $yield))"
        " (func (export \"bad\") (drop (call $f (i64.const 1)))))";
    int numbers = 0;
    weft_module *m = module_of(engine, text),
        *memory = module_of(engine, "(module (import \"env\" \"memory\" (memory 1)))");
    weft_linker *l = weft_linker_new(engine, &diag);
    CHECK_OK(weft_linker_func(l, "h", "next", ":i", next, NULL, NULL, &diag));
    weft_linker_wasi(l);
    CHECK_OK(weft_linker_trap_unknown(l, m, &diag));
    CHECK_OK(weft_linker_trap_unknown(l, m, &diag));
    CHECK_OK(weft_linker_trap_unknown(l, memory, &diag));
    CHECK_WHY(weft_linker_func(l, "env", "f", "l:f", next, NULL, NULL, &diag),
              "duplicate_definition");
    for (int i = 0; i < 2; i++) {
        weft_store *s = weft_store_new(engine, NULL, &diag);
        weft_instance instance;
        weft_func f;
        weft_val got;
        weft_store_set_data(s, &numbers);
        CHECK_OK(weft_instantiate(s, m, l, &instance, &diag));
        CHECK_WHY(weft_instantiate(s, memory, l, &(weft_instance){0}, &diag), "unknown_import");
        CHECK_EQ_U64(run(s, instance, "fine"), i + 1);
        CHECK_OK(weft_instance_func(s, instance, "bad", &f, &diag));
        CHECK(weft_call(s, f, NULL, 0, NULL, 0, &diag) == WEFT_TRAP);
        CHECK_STR(diag.name, "host");
        CHECK_STR(diag.message, "host function failed: unknown import \"env\" \"f\"");
        CHECK(weft_store_backtrace(s, NULL, 0) == 1);
        // WASI is linked, and is not there until the store has it.
        CHECK_OK(weft_instance_func(s, instance, "yield", &f, &diag));
        CHECK(weft_call(s, f, NULL, 0, &got, 1, &diag) == WEFT_TRAP);
        CHECK(strstr(diag.message, "no WASI") != NULL);
        CHECK_OK(weft_store_set_wasi(s, weft_wasi_new(&diag), &diag));
        CHECK_EQ_U64(run(s, instance, "yield"), 0);
        weft_store_free(s);
    }
    weft_linker_free(l);
    weft_module_free(m);
    weft_module_free(memory);
}

int main(void)
{
    engine = weft_engine_new(NULL, &diag);
    other = weft_engine_new(NULL, &diag);
    many_stores();
    ends_last();
    by_threads();
    strangers();
    in_full();
    of_a_store();
    odd_names();
    by_items();
    unknown();
    weft_engine_free(engine);
    weft_engine_free(other);
    return check_report();
}
