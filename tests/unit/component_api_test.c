// component_api_test.c -- weft_component.h: what a component is made of, values as text.

#include "check.h"
#include "component_things.h"
#include "weft_component.h"
#include "weft_pool.h"
#include "weft_snapshot.h"

// greet: func(n: string, o: option<u8>, l: list<f32>) -> result<u8, string>, imported, and exported
// as g.
static const char bytes[] = "\0asm\x0d\0\1\0"
                            "\7\x17\4\x6b\x7d\x70\x76\x6a\1\x7d\1\x73"
                            "\x40\3\1n\x73\1o\0\1l\1\0\2"
                            "\xa\xa\1\0\5greet\1\3"
                            "\xb\7\1\0\1g\1\0\0";

static weft_engine *engine;
static weft_diag diag;

static void check_name(weft_name name, const char *want)
{
    CHECK_BYTES(name.data, name.len, want, strlen(want));
}

static void check_text(weft_ctype t, const char *want)
{
    char text[200];
    CHECK_STR(weft_ctype_text(t, text, sizeof text), want);
}

static void test_types(const weft_component *c, weft_ctype f)
{
    weft_ctype own = weft_component_type(c), part, inner = {0};
    weft_name name;
    CHECK_EQ_U64(weft_ctype_kind(own), WEFT_CTYPE_COMPONENT);
    CHECK_EQ_U64(weft_ctype_count(own), 1);
    CHECK_EQ_U64(weft_ctype_import_count(own), 1);
    CHECK(weft_ctype_import(own, 0, &name, &part));
    check_name(name, "greet");
    CHECK(!weft_ctype_import(own, 1, &name, &part));
    CHECK(weft_ctype_part(own, 0, &name, &part));
    check_name(name, "g");
    CHECK_EQ_U64(part.number, f.number);
    CHECK_EQ_U64(weft_ctype_kind(weft_ctype_export(own, "h")), WEFT_CTYPE_NONE);
    CHECK_EQ_U64(weft_ctype_kind(f), WEFT_CTYPE_FUNC);
    check_text(f, "func(n: string, o: option<u8>, l: list<f32>) -> result<u8, string>");
    CHECK(!weft_ctype_is_async(f));
    CHECK_EQ_U64(weft_ctype_count(f), 3);
    CHECK(weft_ctype_part(f, 1, &name, &part) && weft_ctype_part(part, 0, NULL, &inner));
    check_name(name, "o");
    CHECK_EQ_U64(weft_ctype_kind(part), WEFT_CVALUE_OPTION);
    CHECK_EQ_U64(weft_ctype_kind(inner), WEFT_CVALUE_U8);
    CHECK_EQ_U64(weft_ctype_count(inner), 0);
    CHECK(!weft_ctype_part(inner, 0, NULL, NULL) && !weft_ctype_part(f, 3, NULL, NULL));
    CHECK_EQ_U64(weft_ctype_kind(weft_ctype_result(f)), WEFT_CVALUE_RESULT);
    CHECK(!weft_ctype_result(part).of);
    check_text((weft_ctype){0}, "");
    char room[5] = "wxyz";
    CHECK(!weft_ctype_text(f, NULL, 0) && weft_ctype_text(f, room, 0) == room);
    CHECK_STR(room, "wxyz");
    CHECK_STR(weft_ctype_text(f, room, 3), "fu");
}

static void test_text(void)
{
    static const char good[] = "(component (import \"f\" (func (param \"x\" u8))))";
    static const char bad[] = "(component\n  (import \"f\" (func (param \"x\" u9))))";
    static const char unsound[] = "(component\n  (import \"-f\" (func)))";
    weft_ctype f;
    weft_component *c = weft_component_new(engine, good, sizeof good - 1, &diag);
    if (!CHECK(c != NULL)) return;
    CHECK(weft_ctype_import(weft_component_type(c), 0, NULL, &f));
    check_text(f, "func(x: u8)");
    weft_component_free(c);
    CHECK(!weft_component_new(engine, bad, sizeof bad - 1, &diag));
    CHECK_EQ_U64(diag.line, 2);
    CHECK_EQ_U64(diag.column, 32);
    CHECK(!weft_component_new(engine, unsound, sizeof unsound - 1, &diag));
    CHECK_EQ_U64(diag.line, 2);
}

static void test_values(weft_ctype f)
{
    weft_cvalues *values = weft_cvalues_new(0), *few = weft_cvalues_new(10);
    weft_ctype list, result = weft_ctype_result(f);
    weft_cvalue value;
    weft_name text;
    const char *line = "[0.5, nan,\n -1e3]";
    weft_ctype_part(f, 2, NULL, &list);
    CHECK_EQ_U64(weft_cvalue_parse(list, line, strlen(line), values, &value, &diag), WEFT_OK);
    CHECK_EQ_U64(value.kind, WEFT_CVALUE_LIST);
    CHECK_EQ_U64(value.of.list.count, 3);
    CHECK_EQ_U64(weft_cvalue_check(list, &value, &diag), WEFT_OK);
    CHECK_EQ_U64(weft_cvalue_print(list, &value, values, &text, &diag), WEFT_OK);
    CHECK_STR(text.data, "[0.5, nan, -1000]");
    static const float numbers[] = {1, 2};
    weft_cvalue packed = {.kind = WEFT_CVALUE_LIST, .packed = WEFT_CVALUE_F32};
    packed.of.numbers.data = numbers;
    packed.of.numbers.count = 2;
    CHECK_EQ_U64(weft_cvalue_print(list, &packed, values, &text, &diag), WEFT_OK);
    CHECK_STR(text.data, "[1, 2]");
    CHECK_EQ_U64(weft_cvalue_check(result, &packed, &diag), WEFT_ERROR);
    CHECK_STR(diag.name, "wrong_type");
    CHECK_EQ_U64(weft_cvalue_print(result, &packed, values, &text, &diag), WEFT_ERROR);
    CHECK_EQ_U64(weft_cvalue_parse(f, "1", 1, values, &value, &diag), WEFT_ERROR);
    CHECK_STR(diag.name, "wrong_type");
    CHECK_EQ_U64(weft_cvalue_parse(result, "ok(\n300)", 8, values, &value, &diag), WEFT_ERROR);
    CHECK_STR(diag.name, "constant_out_of_range");
    CHECK_EQ_U64(diag.line, 2);
    CHECK_EQ_U64(diag.column, 1);
    CHECK_EQ_U64(weft_cvalue_parse(result, "5", 1, values, &value, &diag), WEFT_OK);
    CHECK_EQ_U64(value.index, 0);
    CHECK_EQ_U64(value.of.payload->of.u, 5);
    CHECK_EQ_U64(weft_cvalue_parse(result, "5", 1, few, &value, &diag), WEFT_ERROR);
    CHECK_STR(diag.name, "out_of_memory");
    weft_cvalues_free(values);
    weft_cvalues_free(few);
    weft_cvalues_free(NULL);
}

// ---- Instances

static weft_cvalues *of_calls;

static weft_status call(weft_cinstance *i, const char *name, const weft_cvalue *arg,
                        weft_cvalue *result)
{
    weft_cfunc f;
    if (!CHECK(weft_cinstance_func(i, name, &f))) return WEFT_ERROR;
    return weft_component_call(f, arg, arg != NULL, of_calls, result, &diag);
}

static uint64_t make_thing(weft_cinstance *i, uint32_t v)
{
    weft_cvalue number = {.kind = WEFT_CVALUE_U32, .of.u = v}, thing;
    CHECK_EQ_U64(call(i, "make", &number, &thing), WEFT_OK);
    CHECK_EQ_U64(thing.kind, WEFT_CVALUE_OWN);
    return thing.of.handle;
}

static void check_drops(weft_cinstance *i, uint64_t count)
{
    weft_cvalue result;
    CHECK_EQ_U64(call(i, "drops", NULL, &result), WEFT_OK);
    CHECK_EQ_U64(result.of.u, count);
}

static void test_handles(weft_cinstance *i, weft_cinstance *other)
{
    weft_cvalue thing = {.kind = WEFT_CVALUE_OWN}, lent = {.kind = WEFT_CVALUE_BORROW}, result;
    thing.of.handle = lent.of.handle = make_thing(i, 7);
    CHECK_EQ_U64(call(i, "value", &lent, &result), WEFT_OK);
    CHECK_EQ_U64(result.of.u, 7);
    CHECK_EQ_U64(call(i, "value", &lent, &result), WEFT_OK); // it was lent, and came back
    CHECK_EQ_U64(call(i, "take", &thing, NULL), WEFT_OK);
    check_drops(i, 1);
    CHECK_EQ_U64(weft_cinstance_drop(i, thing.of.handle, &diag), WEFT_ERROR); // it was given
    CHECK_STR(diag.name, "stale_reference");
    uint64_t again = make_thing(i, 8);
    CHECK(again != thing.of.handle); // in its place
    CHECK_EQ_U64(weft_cinstance_drop(i, again, &diag), WEFT_OK);
    check_drops(i, 2);
    CHECK_EQ_U64(call(other, "take", &thing, NULL), WEFT_TRAP); // of which it has none
    CHECK_STR(diag.name, "unknown_handle");
    CHECK_EQ_U64(call(other, "drops", NULL, &result), WEFT_TRAP);
    CHECK_STR(diag.name, "cannot_enter");
    check_drops(i, 2); // this one is as it was
    weft_cfunc both;
    weft_cvalue args[2] = {lent, thing}; // what is lent is not to be given
    args[0].of.handle = args[1].of.handle = make_thing(i, 9);
    CHECK(weft_cinstance_func(i, "both", &both));
    CHECK_EQ_U64(weft_component_call(both, args, 2, of_calls, NULL, &diag), WEFT_TRAP);
    CHECK_STR(diag.name, "handle_is_lent");
}

static void test_refused(weft_cinstance *i)
{
    weft_cvalue wrong = {.kind = WEFT_CVALUE_BOOL}, result;
    weft_cfunc f;
    CHECK(!weft_cinstance_func(i, "thing", &f) && !f.of);
    CHECK(!weft_cinstance_func(i, "a:b/c.make", &f));
    CHECK_EQ_U64(weft_component_call(f, NULL, 0, of_calls, &result, &diag), WEFT_ERROR);
    CHECK_STR(diag.name, "no_function");
    CHECK_EQ_U64(call(i, "make", &wrong, &result), WEFT_ERROR);
    CHECK_STR(diag.name, "wrong_type");
    CHECK_EQ_U64(call(i, "make", NULL, &result), WEFT_ERROR);
    CHECK_STR(diag.name, "wrong_count");
}

// ---- What else is done to its store

static bool write_nothing(void *env, const void *data, size_t len)
{
    (void)env, (void)data, (void)len;
    return CHECK(false);
}

// Its core instances are its own, and no store without it is made of this one.
static void check_store(weft_engine *e, weft_store *store)
{
    weft_snapshot_out out = weft_snapshot_out_init(write_nothing, NULL);
    weft_store *other = weft_store_new(e, NULL, &diag);
    weft_linker *linker = weft_linker_new(e, &diag);
    weft_instance inside;
    CHECK_EQ_U64(weft_store_instances(store, &inside, 1), 0);
    CHECK_EQ_U64(weft_snapshot_write(store, &out, &diag), WEFT_ERROR);
    CHECK_STR(diag.name, "cannot_snapshot");
    CHECK_EQ_U64(weft_store_fork(store, other, linker, NULL, &diag), WEFT_ERROR);
    CHECK_STR(diag.name, "cannot_snapshot");
    weft_linker_free(linker);
    weft_store_free(other);
}

static void test_instances(const weft_component *importing)
{
    weft_engine *e = weft_engine_new(NULL, &diag);
    weft_component *c = weft_component_new(e, things, sizeof things, &diag);
    weft_component *needs = weft_component_new(e, bytes, sizeof bytes - 1, &diag);
    weft_store *store = weft_store_new(e, NULL, &diag);
    weft_cinstance *i = NULL, *other = NULL, *none = NULL;
    of_calls = weft_cvalues_new(1 << 16);
    CHECK_EQ_U64(weft_component_instantiate(store, c, NULL, &i, &diag), WEFT_OK);
    CHECK_EQ_U64(weft_component_instantiate(store, c, NULL, &other, &diag), WEFT_OK);
    CHECK_EQ_U64(weft_component_instantiate(store, needs, NULL, &none, &diag), WEFT_ERROR);
    CHECK_STR(diag.name, "unknown_import");
    CHECK_EQ_U64(weft_component_instantiate(store, (weft_component *)importing, NULL, &none, &diag),
                 WEFT_ERROR);
    CHECK_STR(diag.name, "wrong_engine");
    CHECK(!none);
    weft_component_free(c); // the store keeps it
    weft_component_free(needs);
    if (CHECK(i && other)) {
        check_store(e, store);
        test_refused(i);
        test_handles(i, other);
    }
    weft_store_free(store);
    weft_cvalues_free(of_calls);
    weft_engine_free(e);
}

// ---- Imports

static const char needing[] =
    "(component"
    "  (import \"t:h/log@1.2.0\" (instance $h"
    "    (export \"thing\" (type $thing (sub resource)))"
    "    (export \"add\" (func (param \"a\" u32) (param \"b\" u32) (result u32)))"
    "    (export \"name\" (func (param \"t\" (borrow $thing)) (result string)))"
    "    (export \"open\" (func (param \"n\" u32) (result (own $thing))))))"
    "  (core module $Libc (memory (export \"memory\") 1)"
    "    (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))"
    "  (core instance $libc (instantiate $Libc))"
    "  (core func $add (canon lower (func $h \"add\")))"
    "  (core func $name (canon lower (func $h \"name\") (memory $libc \"memory\")"
    "    (realloc (func $libc \"realloc\"))))"
    "  (core func $open (canon lower (func $h \"open\")))"
    "  (alias export $h \"thing\" (type $t))"
    "  (core func $drop (canon resource.drop $t))"
    "  (core module $M"
    "    (import \"l\" \"memory\" (memory 1))"
    "    (import \"h\" \"add\" (func $add (param i32 i32) (result i32)))"
    "    (import \"h\" \"name\" (func $name (param i32 i32)))"
    "    (import \"h\" \"open\" (func $open (param i32) (result i32)))"
    "    (import \"h\" \"drop\" (func $drop (param i32)))"
    "    (func (export \"run\") (param i32) (result i32) (local $t i32)"
    "      (local.set $t (call $open (local.get 0)))"
    "      (call $name (local.get $t) (i32.const 8))"
    "      (call $drop (local.get $t))"
    "      (call $add (i32.load (i32.const 12)) (local.get 0))))"
    "  (core instance $i (instantiate $M (with \"l\" (instance $libc)) (with \"h\" (instance"
    "    (export \"add\" (func $add)) (export \"name\" (func $name))"
    "    (export \"open\" (func $open)) (export \"drop\" (func $drop))))))"
    "  (func (export \"run\") (param \"n\" u32) (result u32) (canon lift (core func $i \"run\"))))";

static const char ending[] =
    "(component"
    "  (import \"wasi:cli/exit@0.2.1\" (instance $e"
    "    (export \"exit\" (func (param \"status\" (result))))))"
    "  (core func $exit (canon lower (func $e \"exit\")))"
    "  (core module $M (import \"\" \"exit\" (func $exit (param i32)))"
    "    (func (export \"run\") (call $exit (i32.const 1))))"
    "  (core instance $i (instantiate $M (with \"\" (instance (export \"exit\" (func $exit))))))"
    "  (func (export \"run\") (canon lift (core func $i \"run\"))))";

typedef enum { DOES_right, DOES_wrong_type, DOES_trap, DOES_exit, DOES_enter, DOES_much } Does;

typedef struct {
    Does does;
    weft_cinstance *of;
    uint64_t named, dropped;
    int ended;
} Host;

static weft_status host_add(void *env, weft_caller *caller, const weft_cvalue *args, size_t count,
                            weft_cvalue *result)
{
    Host *h = env;
    weft_cvalue number = {.kind = WEFT_CVALUE_U32};
    weft_instance none;
    weft_memory memory;
    char text[100];
    CHECK_EQ_U64(count, 2);
    CHECK_STR(weft_ctype_text(weft_caller_ctype(caller), text, sizeof text),
              "func(a: u32, b: u32) -> u32");
    CHECK(weft_caller_store(caller) && !weft_caller_instance(caller, &none) &&
          !weft_caller_memory(caller, &memory) && !weft_caller_at(caller, 0, 0));
    if (h->does == DOES_trap) return weft_trap(caller, "no more");
    if (h->does == DOES_exit) return weft_exit(caller, 3);
    if (h->does == DOES_enter) return call(h->of, "run", &number, result);
    result->kind = h->does == DOES_wrong_type ? WEFT_CVALUE_U64 : WEFT_CVALUE_U32;
    result->of.u = args[0].of.u + args[1].of.u;
    return WEFT_OK;
}

static weft_status host_open(void *env, weft_caller *caller, const weft_cvalue *args, size_t count,
                             weft_cvalue *result)
{
    *result = (weft_cvalue){.kind = WEFT_CVALUE_OWN, .of.handle = 100 + args[0].of.u};
    return WEFT_OK;
}

static weft_status host_name(void *env, weft_caller *caller, const weft_cvalue *args, size_t count,
                             weft_cvalue *result)
{
    Host *h = env;
    h->named = args[0].of.handle;
    CHECK_EQ_U64(args[0].kind, WEFT_CVALUE_BORROW);
    size_t len = h->does == DOES_much ? (size_t)1 << 31 : 5;
    char *text = weft_cvalues_alloc(weft_caller_values(caller), len);
    if (!text) return weft_trap(caller, "too much");
    memcpy(text, "name", 4);
    *result = (weft_cvalue){.kind = WEFT_CVALUE_STRING, .of.string = {text, 4}};
    return WEFT_OK;
}

static void host_drop(void *env, weft_store *store, uint64_t handle)
{
    ((Host *)env)->dropped = handle;
}

static void host_end(void *env) { ((Host *)env)->ended++; }

static weft_linker *host_linker(weft_engine *e, Host *h, const char *interface)
{
    weft_linker *l = weft_linker_new(e, &diag);
    CHECK_EQ_U64(weft_linker_component_func(l, interface, "add", host_add, h, host_end, &diag),
                 WEFT_OK);
    CHECK_EQ_U64(weft_linker_component_func(l, interface, "open", host_open, h, NULL, &diag),
                 WEFT_OK);
    CHECK_EQ_U64(weft_linker_component_func(l, interface, "name", host_name, h, NULL, &diag),
                 WEFT_OK);
    CHECK_EQ_U64(weft_linker_component_func(l, interface, "add", host_add, h, host_end, &diag),
                 WEFT_ERROR);
    CHECK_STR(diag.name, "duplicate_definition");
    return l;
}

// What a call by this component ends with, in a store of its own.
static weft_status run_needing(weft_engine *e, weft_component *c, weft_linker *l, Host *h)
{
    weft_cvalue n = {.kind = WEFT_CVALUE_U32, .of.u = 7}, result;
    weft_store *store = weft_store_new(e, NULL, &diag);
    weft_status status = weft_component_instantiate(store, c, l, &h->of, &diag);
    if (status == WEFT_OK) status = call(h->of, "run", &n, &result);
    if (status == WEFT_OK) CHECK_EQ_U64(result.of.u, 11);
    weft_store_free(store);
    return status;
}

static void test_hosts(void)
{
    static const struct { Does does; weft_status status; const char *name; } ways[] = {
        {DOES_right, WEFT_OK, NULL}, {DOES_wrong_type, WEFT_TRAP, "host"},
        {DOES_trap, WEFT_TRAP, "host"}, {DOES_exit, WEFT_EXIT, NULL},
        {DOES_enter, WEFT_TRAP, "cannot_enter"}, {DOES_much, WEFT_TRAP, "host"},
    };
    Host h = {0};
    weft_engine *e = weft_engine_new(NULL, &diag);
    weft_component *c = weft_component_new(e, needing, sizeof needing - 1, &diag);
    weft_linker *l = host_linker(e, &h, "t:h/log@1.0.5");
    weft_linker *older = host_linker(e, &h, "t:h/log@0.9.0");
    of_calls = weft_cvalues_new(1 << 16);
    if (!CHECK(c != NULL)) return;
    CHECK_EQ_U64(run_needing(e, c, l, &h), WEFT_ERROR); // the resource is not there
    CHECK_STR(diag.name, "unknown_import");
    CHECK_EQ_U64(weft_linker_component_resource(l, "t:h/log@1.0.5", "thing", host_drop, &h, NULL,
                                                &diag), WEFT_OK);
    CHECK_EQ_U64(weft_linker_component_resource(older, "t:h/log@0.9.0", "thing", host_drop, &h,
                                                NULL, &diag), WEFT_OK);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        h.does = ways[i].does;
        h.named = h.dropped = 0;
        CHECK_EQ_U64(run_needing(e, c, l, &h), ways[i].status);
        if (ways[i].name) CHECK_STR(diag.name, ways[i].name);
        CHECK_EQ_U64(h.named, 107);
        CHECK_EQ_U64(h.dropped, h.does == DOES_much ? 0 : 107);
    }
    CHECK_EQ_U64(run_needing(e, c, older, &h), WEFT_ERROR); // no version that does
    CHECK_STR(diag.name, "unknown_import");
    CHECK_EQ_U64(run_needing(e, c, NULL, &h), WEFT_ERROR);
    weft_linker_free(older);
    CHECK_EQ_U64(h.ended, 1);
    weft_store *store = weft_store_new(e, NULL, &diag);
    CHECK_EQ_U64(weft_component_instantiate(store, c, l, &h.of, &diag), WEFT_OK);
    weft_linker_free(l); // which the store keeps as far as it needs it
    CHECK_EQ_U64(h.ended, 1);
    weft_store_free(store);
    CHECK_EQ_U64(h.ended, 2);
    weft_component_free(c);
    weft_cvalues_free(of_calls);
    weft_engine_free(e);
}

static void test_wasi(void)
{
    weft_engine *e = weft_engine_new(NULL, &diag);
    weft_component *c = weft_component_new(e, ending, sizeof ending - 1, &diag);
    weft_linker *l = weft_linker_new(e, &diag);
    weft_store *store = weft_store_new(e, NULL, &diag), *bare = weft_store_new(e, NULL, &diag);
    weft_cinstance *i;
    of_calls = weft_cvalues_new(1 << 16);
    if (!CHECK(c && l && store)) return;
    CHECK_EQ_U64(weft_store_set_wasi(store, weft_wasi_new(&diag), &diag), WEFT_OK);
    CHECK_EQ_U64(weft_component_instantiate(store, c, l, &i, &diag), WEFT_ERROR);
    CHECK_STR(diag.name, "unknown_import");
    weft_linker_wasi(l);
    CHECK_EQ_U64(weft_component_instantiate(bare, c, l, &i, &diag), WEFT_ERROR);
    CHECK_STR(diag.name, "unknown_import");
    CHECK_EQ_U64(weft_component_instantiate(store, c, l, &i, &diag), WEFT_OK);
    CHECK_EQ_U64(call(i, "run", NULL, NULL), WEFT_EXIT);
    CHECK_EQ_U64((uint64_t)diag.exit_status, 1);
    weft_linker_free(l);
    weft_component_free(c);
    weft_store_free(store);
    weft_store_free(bare);
    weft_cvalues_free(of_calls);
    weft_engine_free(e);
}

// ---- Stopped

// What stands around a call of a component's is gone when it was stopped: it cannot go on.
static void check_over(weft_store *store)
{
    CHECK_STR(diag.name, "out_of_fuel");
    CHECK(!weft_store_may_continue(store));
    CHECK_EQ_U64(weft_store_set_fuel(store, 1000, &diag), WEFT_OK);
    CHECK_EQ_U64(weft_continue(store, NULL, 0, &diag), WEFT_ERROR);
    CHECK_STR(diag.name, "not_stopped");
}

// Where that was may be looked at.
static void check_place(weft_store *store)
{
    weft_frame frame;
    if (!CHECK(weft_store_backtrace(store, &frame, 1) == 1)) return;
    CHECK(!weft_instance_module(store, frame.instance));
    CHECK(!weft_template_of(store, frame.instance, &diag));
    CHECK_STR(diag.name, "cannot_freeze");
}

static void test_stopped(void)
{
    static const char loops[] =
        "(component (core module $M (func (export \"f\") (loop (br 0))))"
        " (core instance $m (instantiate $M))"
        " (func (export \"f\") (canon lift (core func $m \"f\"))))";
    static const char starts[] =
        "(component (core module $M (func $f (loop (br 0))) (start $f))"
        " (core instance (instantiate $M)))";
    weft_engine *e = weft_engine_new(NULL, &diag);
    weft_limits limits = {.size = sizeof limits, .fuel = 1000};
    weft_store *store = weft_store_new(e, &limits, &diag);
    weft_component *loop = weft_component_new(e, loops, sizeof loops - 1, &diag);
    weft_component *start = weft_component_new(e, starts, sizeof starts - 1, &diag);
    weft_cinstance *i = NULL, *none = NULL;
    of_calls = weft_cvalues_new(0);
    if (CHECK(loop && start)) {
        CHECK_EQ_U64(weft_component_instantiate(store, loop, NULL, &i, &diag), WEFT_OK);
        CHECK_EQ_U64(call(i, "f", NULL, NULL), WEFT_TRAP);
        check_over(store);
        check_place(store);
        CHECK_EQ_U64(weft_component_instantiate(store, start, NULL, &none, &diag), WEFT_TRAP);
        check_over(store);
    }
    weft_cvalues_free(of_calls);
    weft_component_free(loop);
    weft_component_free(start);
    weft_store_free(store);
    weft_engine_free(e);
}

// ---- Limits of the engine

static void check_limit(const weft_engine_limits *limits, const char *text, size_t len,
                        const char *why)
{
    weft_engine_limits used;
    weft_engine *e = weft_engine_new(NULL, &diag);
    CHECK_EQ_U64(weft_engine_set_limits(e, limits, &diag), WEFT_OK);
    weft_component *c = weft_component_new(e, text, len, &diag);
    CHECK(!c == (why != NULL));
    if (why) CHECK_STR(diag.name, why);
    weft_component_free(c);
    used.size = sizeof used;
    CHECK_EQ_U64(weft_engine_usage(e, &used, &diag), WEFT_OK);
    CHECK_EQ_U64(used.module_bytes, 0);
    weft_engine_free(e);
}

// Text and binary, what it is copied to, decoded to and planned with.
static void test_limits(void)
{
    static char many[60000] = "(component";
    weft_engine_limits limits = weft_engine_limits_init();
    size_t at = strlen(many);
    for (; at < sizeof many - 100; at += strlen(many + at)) strcpy(many + at, "(type (list u8))");
    strcpy(many + at, ")");
    check_limit(&limits, many, strlen(many), NULL);
    limits.module_size = 1000;
    check_limit(&limits, many, strlen(many), "limit_module_size");
    limits.module_size = 0;
    for (limits.module_bytes = 1000; limits.module_bytes < 1 << 17; limits.module_bytes *= 2)
        check_limit(&limits, many, strlen(many), "limit_module_bytes");
    limits.module_bytes = sizeof bytes - 2;
    check_limit(&limits, bytes, sizeof bytes - 1, "limit_module_bytes");
    limits.module_bytes = 1 << 20;
    check_limit(&limits, bytes, sizeof bytes - 1, NULL);
}

int main(void)
{
    engine = weft_engine_new(NULL, &diag);
    if (!CHECK(engine != NULL)) return check_report();
    weft_component *c = weft_component_new(engine, bytes, sizeof bytes - 1, &diag);
    CHECK(!weft_component_new(engine, bytes, sizeof bytes - 3, &diag));
    CHECK(diag.status == WEFT_ERROR && diag.message[0]);
    test_text();
    weft_engine_free(engine); // the component keeps it
    if (!CHECK(c != NULL)) return check_report();
    weft_ctype f = weft_ctype_export(weft_component_type(c), "g");
    test_types(c, f);
    test_values(f);
    test_instances(c);
    test_hosts();
    test_wasi();
    test_stopped();
    test_limits();
    weft_component_free(c);
    weft_component_free(NULL);
    return check_report();
}
