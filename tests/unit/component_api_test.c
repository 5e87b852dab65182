// component_api_test.c -- weft_component.h: what a component is made of, values as text.

#include "check.h"
#include "weft_component.h"

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
    weft_component_free(c);
    weft_component_free(NULL);
    return check_report();
}
