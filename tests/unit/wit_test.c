// wit_test.c -- WIT: versions, comments, names, and where errors are.

#include "check.h"
#include "component/wit/wit.h"

static Arena arena;

// ---- Versions

static bool parses(const char *text)
{
    WitVersion v;
    const char *why;
    return wit_version_parse(bytes_of(text), &v, &why);
}

static void test_versions(void)
{
    static const char *const good[] = {"0.0.0", "1.2.3", "1.0.0-rc.1", "1.0.0-0a.b-c+001.x",
                                       "1.0.0+1", "18446744073709551615.0.0", "1.0.0--"};
    static const char *const bad[] = {"", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-01",
                                      "1.0.0-a..b", "1.0.0+", "1.0.0+a+b", "1.0.0-.",
                                      "18446744073709551616.0.0", "a.0.0", "1.0.0 "};
    for (size_t i = 0; i < COUNT_OF(good); i++) CHECK(parses(good[i]));
    for (size_t i = 0; i < COUNT_OF(bad); i++) CHECK(!parses(bad[i]));
}

// As semver.org lists them (11), and one more for each rule.
static void test_version_order(void)
{
    static const char *const order[] = {
        "0.9.9", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1",
        "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",
        "1.0.1", "1.2.0", "1.10.0", "2.0.0"};
    for (size_t i = 0; i < COUNT_OF(order); i++)
        for (size_t k = 0; k < COUNT_OF(order); k++) {
            WitVersion a, b;
            const char *why;
            CHECK(wit_version_parse(bytes_of(order[i]), &a, &why));
            CHECK(wit_version_parse(bytes_of(order[k]), &b, &why));
            int found = wit_version_order(&a, &b), want = (i > k) - (i < k);
            CHECK_EQ_U64((found > 0) - (found < 0), want);
        }
}

// ---- Comments

static void check_docs(const char *comments, const char *want)
{
    Bytes docs = wit_docs(&arena, bytes_of(comments));
    CHECK(docs.data != NULL);
    CHECK_BYTES(docs.data, docs.len, want, strlen(want));
}

static void test_docs(void)
{
    CHECK(!wit_docs(&arena, bytes_of(" \n\t")).data);
    check_docs("/// a\n///   b\n", "a\n  b");
    check_docs("///a\n\n  /// b", "a\n b");
    check_docs("/// a\n///\n///   \n/// b\n///\n", "a\n\n\nb");
    check_docs("///", "");
    check_docs("/**/", "");
    check_docs("/** a */", "a");
    check_docs("/** a\n * b\r\n */", "a\n * b");
    check_docs("/**\n * a\n *  b\n */", "\n* a\n*  b");
    check_docs("/// a\n/**  b\n    c */", "a\n b\n    c");
    check_docs("/** a /* b */ c */", "a /* b */ c");
    check_docs("//   a", "a");
}

// ---- Packages

typedef struct {
    const char *text, *out; // or
    Err err;
    u32 line, column;
} Case;

static void check_case(const Case *c)
{
    Wit wit;
    Arena own;
    arena_init(&own);
    wit_init(&wit, &own);
    bool good = wit_add(&wit, 0, bytes_of("a.wit"), bytes_of(c->text)) && wit_resolve(&wit);
    jmp_buf failed;
    own.on_failure = &failed;
    CHECK_EQ_U64(wit.diag.err, c->err);
    CHECK_EQ_U64(wit.diag.line, c->line);
    CHECK_EQ_U64(wit.diag.column, c->column);
    if (setjmp(failed)) {
        CHECK(!"there is memory");
    } else if (good) {
        Buf out;
        buf_init(&out, &own);
        wit_print(&wit, &out);
        CHECK_BYTES(out.data, out.len, c->out, strlen(c->out));
    }
    arena_free(&own);
}

static const Case cases[] = {
    {.text = "package a:b;", .out = "package a:b;\n"},
    {.text = "\xef\xbb\xbfpackage a:b@1.0.0-x.1+y;", .out = "package a:b@1.0.0-x.1+y;\n"},
    {.text = "package a:b; interface %type { %use: func(%as: u8); }",
     .out = "package a:b;\n\ninterface %type {\n  %use: func(%as: u8);\n}\n"},
    {.text = "package a:b; interface i { use c:d/e@1.0.0.{f}; } package c:d@1.0.0 { interface e { "
             "resource f; } }",
     .out = "package a:b;\n\ninterface i {\n  use c:d/e@1.0.0.{f};\n}\n\npackage c:d@1.0.0 {\n  "
            "interface e {\n    resource f;\n  }\n}\n"},
    {.text = "package a:b; world w { @external-id(\"\\u{e9}\\\"\\09\") import f: func(); }",
     .out = "package a:b;\n\nworld w {\n  @external-id(\"\\c3\\a9\\\"\\09\")\n"
            "  import f: func();\n}\n"},
    {"package a:b; interface i { a: func(b: c); }", NULL, ERR_wit_unknown_name, 1, 39},
    {"package a:b;\ninterface a--b {}", NULL, ERR_wit_malformed_name, 2, 11},
    {"package a:b;\ninterface aB {}", NULL, ERR_wit_malformed_name, 2, 11},
    {"package a:b;\n/* /* */", NULL, ERR_unclosed_comment, 2, 1},
    {"package a:b; world w { @external-id(\"", NULL, ERR_unclosed_string, 1, 37},
    {"package a:b; world w { @external-id(\"\\x\") import f: func(); }", NULL, ERR_illegal_escape,
     1, 38},
    {"package a:b; world w { @external-id(\"\\ff\") import f: func(); }", NULL, ERR_malformed_utf8,
     1, 37},
    {"package a:b; world w { @external-id(\"\\u{d800}\") }", NULL, ERR_illegal_escape, 1, 38},
    {"package a:b; // \xe2\x80\xae", NULL, ERR_illegal_character, 1, 17},
    {"package a:b; // \xff", NULL, ERR_malformed_utf8, 1, 17},
    {"package a:b@1.0;", NULL, ERR_wit_malformed_version, 1, 13},
    {"package a:b; @since(version = 1.0.0) interface i {}", NULL, ERR_wit_version_gate, 1, 48},
    {"package a:b; @unstable(feature = x) @unstable(feature = y) interface i {}", NULL,
     ERR_wit_gate, 1, 38},
    {"package a:b; interface i { type t = list<u8, 4294967296>; }", NULL,
     ERR_constant_out_of_range, 1, 46},
    {"interface i {}", NULL, ERR_wit_package, 1, 1},
    {"package a:b; world w { import c:d/e; }", NULL, ERR_wit_unknown_package, 1, 31},
    {"package a:b; interface i { record r { a: u8, A: u8 } }", NULL, ERR_wit_duplicate_name, 1,
     46},
    {"package a:b; interface i { @unstable(feature = x) type t = u8; f: func(a: t); }", NULL,
     ERR_wit_closed_gate, 1, 64},
};

static void test_cases(void)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) check_case(&cases[i]);
}

int main(void)
{
    jmp_buf failed;
    arena_init(&arena);
    arena.on_failure = &failed;
    if (setjmp(failed)) return 1;
    test_versions();
    test_version_order();
    test_docs();
    test_cases();
    arena_free(&arena);
    return check_report();
}
