// component_print_test.c -- components as text: what comes back to the same bytes, what to others
// of the same text, and what is not printed. The suites are printed by tests/printing.py.

#include "component/print/print.h"
#include "text/component/parse.h"

#include "check.h"

#include <stdlib.h>

static Diag diag;

static RoundTrip trip(const void *bytes, size_t size)
{
    static const PrintOptions plain = {0};
    // A copy of exactly its size, so that the sanitizer sees the first byte read beyond.
    u8 *copy = malloc(size);
    memcpy(copy, bytes, size);
    RoundTrip r = component_round_trip((Bytes){copy, size}, features_all, &plain, &diag);
    free(copy);
    return r;
}

static bool keep(void *env, const void *text, size_t len)
{
    char *out = env;
    strncat(out, text ? text : "", len);
    return true;
}

// Text that comes back byte for byte, and prints as this.
static void prints(const char *text, const char *want)
{
    static const PrintOptions plain = {0};
    static char out[4000];
    Arena arena;
    TextModule module;
    diag_init(&diag);
    arena_init(&arena);
    out[0] = 0;
    CHECK(component_text_parse(&arena, text, 0, strlen(text), true, features_all, NULL, &module,
                               &diag));
    CHECK_EQ_U64(trip(module.bytes.data, module.bytes.len), ROUND_TRIP_same);
    CHECK(component_print(module.bytes, features_all, &plain, keep, out, &diag));
    CHECK_STR(out, want);
    arena_free(&arena);
}

static void test_text(void)
{
    prints("(component)", "(component\n)\n");
    prints("(component $me (type $t (list (option u8))) (import \"f\" (func (param \"x\" $t))))",
           "(component $me\n  (type (;0;) (option u8))\n  (type $t (;1;) (list 0))\n"
           "  (type (;2;) (func (param \"x\" $t)))\n  (import \"f\" (func (;0;) (type 2)))\n)\n");
    prints("(component (type $t u8) (component $c"
           "(type (instance (export \"a\" (type (eq $t)))))))",
           "(component\n  (type $t (;0;) u8)\n  (component $c (;0;)\n    (type (;0;)\n"
           "      (instance\n        (alias outer 2 0 (type (;0;)))\n"
           "        (export \"a\" (type (;1;) (eq 0)))\n      )\n    )\n  )\n)\n");
    prints("(component (core module $m (func (export \"f\"))) (core instance $i (instantiate $m))"
           "(func $f (canon lift (core func $i \"f\"))) (export \"g\" (func $f)))",
           "(component\n  (core module $m (;0;)\n    (type (;0;) (func))\n"
           "    (func (;0;) (export \"f\") (type 0)\n    )\n  )\n"
           "  (core instance $i (;0;) (instantiate $m))\n  (type (;0;) (func))\n"
           "  (alias core export $i \"f\" (core func (;0;)))\n"
           "  (func $f (;0;) (type 0) (canon lift (core func 0)))\n"
           "  (export (;1;) \"g\" (func $f))\n)\n");
    prints("(component (@custom \"x\" \"\\00\\ff\"))",
           "(component\n  (@custom \"x\" \"\\00\\ff\")\n)\n");
    // two of one name, and one that a module has in a section of its own
    prints("(component (core module $m (@name \"n\") (@custom \"name\" \"\\00\\02\\01x\"))"
           "(core module $k (@name \"n\")))",
           "(component\n  (core module $n (;0;)\n    (@custom \"name\" \"\\00\\02\\01x\")\n  )\n"
           "  (core module $n#1 (;1;) (@name \"n\")\n  )\n)\n");
}

#define HEADER "\0asm\x0d\0\1\0"
#define ROW(result, bytes) {ROUND_TRIP_##result, HEADER bytes, sizeof(HEADER bytes) - 1}
static const struct { RoundTrip result; const char *bytes; size_t size; } rows[] = {
    ROW(same, ""),
    ROW(same, "\7\2\1\x7d"),
    ROW(fixpoint, "\7\x82\0\1\x7d"),                // a size in two bytes
    ROW(fixpoint, "\7\2\1\x7d\7\2\1\x7d"),          // two sections, which could be one
    ROW(fixpoint, "\7\1\0"),                        // nothing in it
    ROW(refused, "\7\3\1\x7d"),                     // it ends too soon
    ROW(refused, "\x0d\0"),
    ROW(refused, "\7\4\1\x3f\x6a\0"),               // a resource represented by a reference
    ROW(refused, "\3\5\1\x60\1\x77\0"),             // a parameter of a packed type
    ROW(refused, "\7\x8\1\x42\1\3\0\1a\1"),         // an import of an instance
    ROW(refused, "\6\5\1\1\2\0\0"),                 // a function from outside
    // names of what is not there, and one section too many
    ROW(same, "\0\x17\x0e" "component-name\1\6\3\1\7\2xy"),
    ROW(same, "\0\x0f\x0e" "component-name" "\0\x0f\x0e" "component-name"),
    // the name of a component inside
    ROW(same, "\4\x1d" HEADER "\0\x13\x0e" "component-name\0\2\1a"),
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (!CHECK_EQ_U64(trip(rows[i].bytes, rows[i].size), rows[i].result))
            printf("    row %zu: %s: %s\n", i, err_text[diag.err], diag.detail);
}

// Nothing is written twice, nor behind what was not wanted.
static bool refuse_second(void *env, const void *text, size_t len)
{
    return !len || (*(u32 *)env)++ == 0;
}

static void test_sink(void)
{
    static const PrintOptions plain = {0};
    static const char bytes[] = HEADER "\1\x8\0asm\1\0\0\0";
    u32 calls = 0;
    CHECK(!component_print((Bytes){(const u8 *)bytes, sizeof bytes - 1}, features_all, &plain,
                           refuse_second, &calls, &diag));
    CHECK_EQ_U64(diag.err, ERR_none);
    CHECK_EQ_U64(calls, 2);
}

int main(void)
{
    test_text();
    test_rows();
    test_sink();
    return check_report();
}
