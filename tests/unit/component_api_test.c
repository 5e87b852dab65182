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
    CHECK_EQ_U64(weft_component_instantiate(store, c, &i, &diag), WEFT_OK);
    CHECK_EQ_U64(weft_component_instantiate(store, c, &other, &diag), WEFT_OK);
    CHECK_EQ_U64(weft_component_instantiate(store, needs, &none, &diag), WEFT_ERROR);
    CHECK_STR(diag.name, "unknown_import");
    CHECK_EQ_U64(weft_component_instantiate(store, (weft_component *)importing, &none, &diag),
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
        CHECK_EQ_U64(weft_component_instantiate(store, loop, &i, &diag), WEFT_OK);
        CHECK_EQ_U64(call(i, "f", NULL, NULL), WEFT_TRAP);
        check_over(store);
        check_place(store);
        CHECK_EQ_U64(weft_component_instantiate(store, start, &none, &diag), WEFT_TRAP);
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
    test_stopped();
    test_limits();
    weft_component_free(c);
    weft_component_free(NULL);
    return check_report();
}
