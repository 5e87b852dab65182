// script_test.c -- extents of commands, verdicts and counts of scripts, and matching of values.
// Scripts that are wrong on purpose must fail, or no suite that passes would mean anything.

#include "script/command.h"
#include "script/script.h"
#include "script/value.h"

#include "check.h"

#include <stdlib.h>

// --- extents

static void commands(const char *text, const char *want)
{
    CommandReader reader;
    Command c;
    char got[400] = "";
    commands_init(&reader, text, strlen(text));
    while (command_next(&reader, &c))
        snprintf(got + strlen(got), sizeof got - strlen(got), "%d:%.*s|", (int)c.kind,
                 (int)(c.end - c.start), text + c.start);
    CHECK_STR(got, want);
}

static void test_extents(void)
{
    char want[400];
#define AS(fmt, ...) (snprintf(want, sizeof want, fmt, __VA_ARGS__), want)
    commands("(module)(invoke \"f\")",
             AS("%d:(module)|%d:(invoke \"f\")|", COMMAND_module, COMMAND_invoke));
    commands("", AS("%d:|", COMMAND_inline));
    commands(" ;; nothing\n(; at (; all ;) ;)",
             AS("%d: ;; nothing\n(; at (; all ;) ;)|", COMMAND_inline));
    commands("(func) (memory 1)", AS("%d:(func) (memory 1)|", COMMAND_inline));
    commands("(module) (func)", AS("%d:(module)|%d:(func)|", COMMAND_module, COMMAND_unknown));
    commands("((@a \")\") module (; ) ;) \")\" ;; )\n) (get \"\\\")\")",
             AS("%d:((@a \")\") module (; ) ;) \")\" ;; )\n)|%d:(get \"\\\")\")|", COMMAND_module,
                COMMAND_get));
    // Without tokens inside, strings and comments still hide parentheses.
    commands("(module \"\\q)\" (; ) (; ;) ;) ;; )\r)(wait $T)",
             AS("%d:(module \"\\q)\" (; ) (; ;) ;) ;; )\r)|%d:(wait $T)|", COMMAND_module,
                COMMAND_wait));
    commands("(module) (module (func)",
             AS("%d:(module)|%d:(module (func)|", COMMAND_module, COMMAND_broken));
    commands("(module) x (module)",
             AS("%d:(module)|%d:x (module)|", COMMAND_module, COMMAND_broken));
    commands("(module) ) (module)",
             AS("%d:(module)|%d:) (module)|", COMMAND_module, COMMAND_broken));
    commands("(module) \"", AS("%d:(module)|%d:\"|", COMMAND_module, COMMAND_broken));
    commands("(module \"\\q", AS("%d:(module \"\\q|", COMMAND_broken));
#undef AS
}

// --- scripts

static char said[2000];

static void on_failed(void *env, u32 line, u32 column, const char *command, const char *why)
{
    snprintf(said + strlen(said), sizeof said - strlen(said), "%u:%u %s: %s\n", line, column,
             command, why);
}

static void on_worded(void *env, u32 line, u32 column, const char *expected, const char *got)
{
    snprintf(said + strlen(said), sizeof said - strlen(said), "%u:%u %s, not %s\n", line, column,
             got, expected);
}

static void on_printed(void *env, const char *text)
{
    snprintf(said + strlen(said), sizeof said - strlen(said), "%s\n", text);
}

static ScriptResult run_with(const char *text, const ScriptOptions *options)
{
    static const ScriptReport report = {.failed = on_failed, .worded = on_worded,
                                        .printed = on_printed};
    ScriptResult r;
    size_t len = strlen(text);
    char *copy = malloc(len ? len : 1); // of exactly its size, for the sanitizer
    memcpy(copy, text, len);
    said[0] = 0;
    CHECK(script_run(copy, len, options, &report, &r));
    free(copy);
    return r;
}

static ScriptResult run(const char *text)
{
    const ScriptOptions options = {.features = features_all, .keep_going = true};
    return run_with(text, &options);
}

static void counts(const char *text, u32 passed, u32 failed, u32 skipped)
{
    ScriptResult r = run(text);
    u32 reasons = 0;
    for (u32 i = 0; i < r.reason_count; i++) reasons += r.reasons[i].count;
    CHECK_EQ_U64(r.passed, passed);
    CHECK_EQ_U64(r.failed, failed);
    CHECK_EQ_U64(r.skipped, skipped);
    CHECK_EQ_U64(reasons, r.skipped);
    if (r.passed != passed || r.failed != failed || r.skipped != skipped)
        printf("    of %s\n    %s", text, said);
}

// All commands but the module, which is `fields`, fail.
static void fails(const char *fields, const char *command)
{
    char text[600];
    snprintf(text, sizeof text, "(module %s)%s", fields, command);
    counts(text, 1, 1, 0);
}

static void test_modules(void)
{
    counts("", 1, 0, 0);
    counts("(func) (memory 1)", 1, 0, 0);
    counts("(func (result i32))", 0, 1, 0);
    counts("(module) (module $a) (module quote \"(func)\") (module binary \"\\00asm\" "
           "\"\\01\\00\\00\\00\")",
           4, 0, 0);
    counts("(module definition $d (global (export \"g\") (mut i32) (i32.const 1))) (module "
           "instance $i $d) (module instance)"
           "(assert_return (get $i \"g\") (i32.const 1)) (assert_return (get \"g\") (i32.const 1))",
           5, 0, 0);
    counts("(module definition binary \"\\00asm\" \"\\01\\00\\00\\00\") (module instance $i) "
           "(module definition quote \"(func)\") (module instance $j)",
           4, 0, 0);
    counts("(module definition $d (func unreachable) (start 0)) (assert_trap (module instance $d) "
           "\"unreachable\") (assert_trap (module instance $i $d) \"unreachable\")",
           3, 0, 0);
    counts("(module definition (import \"no\" \"no\" (func))) (assert_unlinkable (module instance) "
           "\"unknown import\") (module instance)",
           2, 1, 0);
    counts("(module instance) (module instance $i $d) (register \"a\") (invoke \"f\")", 0, 4, 0);
    counts("(module (func \"\\q\")) (module)", 1, 1, 0); // fails alone
    counts("(module (nonsense)) (invoke \"f\") (module (func (export \"f\"))) (invoke \"f\")", 2, 2,
           0);
    counts("(module (func (export \"f\"))) (module (func unreachable) (start 0)) (invoke \"f\")", 1,
           2, 0);
    counts("(module) (nonsense) (module)", 2, 1, 0);
    counts("(module) nonsense (module)", 1, 1, 0);
    counts("(module", 0, 1, 0);
}

static void test_linking(void)
{
    counts("(module $a (func (export \"f\") (result i32) (i32.const 7))) (register \"a\" $a) "
           "(module (import \"a\" \"f\" (func (result i32))) (export \"g\" (func 0)))"
           "(assert_return (invoke \"g\") (i32.const 7)) (assert_return (invoke $a \"f\") "
           "(i32.const 7))",
           5, 0, 0);
    counts("(module $a (func (export \"f\"))) (module $b) (register \"b\") (module (import \"a\" "
           "\"f\" (func)))"
           "(assert_unlinkable (module (import \"b\" \"f\" (func))) \"unknown import\")"
           "(assert_unlinkable (module (import \"a\" \"f\" (func (param i32)))) \"incompatible "
           "import type\")",
           6, 0, 0);
    counts("(assert_unlinkable (module) \"\") (assert_unlinkable (module (func unreachable) (start "
           "0)) \"\") (assert_unlinkable (module (func (result i32))) \"\")",
           0, 3, 0);
    counts("(module (import \"spectest\" \"print_i32_f32\" (func (param i32 f32))) (import "
           "\"spectest\" \"global_f64\" (global f64))"
           "(import \"spectest\" \"table\" (table 10 20 funcref)) (import \"spectest\" \"table64\" "
           "(table i64 10 20 funcref)) (import \"spectest\" \"memory\" (memory 1 2))"
           "(import \"wasmtime\" \"gc\" (func)) (func (export \"f\") (call 0 (i32.const -3) "
           "(f32.const 1.5)) (call 1)))"
           "(invoke \"f\") (module (import \"spectest\" \"shared_memory\" (memory 1 2 shared)))",
           3, 0, 0);
    CHECK_STR(said, "print_i32_f32 -3 1.5\n");
}

static void test_assertions(void)
{
    static const char fields[] =
        "(func (export \"one\") (result i32) (i32.const 1)) (func (export \"two\") (result i32 "
        "i64) (i32.const 1) (i64.const 2))"
        "(func (export \"trap\") (unreachable)) (func $r (export \"recurse\") (call $r)) (func "
        "(export \"i\") (param i32) (result i32) (local.get 0))";
    static const char *const good[] = {
        "(assert_return (invoke \"one\") (i32.const 1))",
        "(assert_return (invoke \"two\") (i32.const 1) (i64.const 2))",
        "(assert_trap (invoke \"trap\") \"unreachable\")",
        "(assert_exhaustion (invoke \"recurse\") \"call stack exhausted\")",
        "(invoke \"one\")",
        "(assert_trap (module (func unreachable) (start 0)) \"unreachable\")",
        "(assert_trap (module (table 0xffffffff funcref)) \"table is larger\")",
        "(assert_exhaustion (module (func $f (call $f)) (start $f)) \"call stack exhausted\")",
        "(assert_invalid (module (func (result i32))) \"type mismatch\")",
        "(assert_malformed (module quote \"(func\") \"unexpected token\")",
        "(assert_malformed (module binary \"\\00asm\") \"unexpected end\")",
        "(assert_malformed (module (func \"\\q\")) \"\")",
        "(assert_return (invoke \"i\" (i32.const -1)) (i32.const 0xffffffff))",
        "(assert_invalid_custom (module (func (result i32))) \"type mismatch\")",
        "(assert_malformed_custom (module quote \"(func\") \"\")",
    };
    static const char *const bad[] = {
        "(assert_return (invoke \"one\") (i32.const 2))",
        "(assert_return (invoke \"one\") (i64.const 1))",
        "(assert_return (invoke \"one\"))",
        "(assert_return (invoke \"one\") (i32.const 1) (i32.const 1))",
        "(assert_return (invoke \"two\") (i32.const 1))",
        "(assert_return (invoke \"two\") (i32.const 1) (i64.const 1))",
        "(assert_return (invoke \"none\"))",
        "(assert_return (get \"one\") (i32.const 1))",
        "(assert_return (invoke $x \"one\") (i32.const 1))",
        "(assert_return (invoke \"trap\"))",
        "(assert_return)",
        "(assert_return (one))",
        "(assert_return (invoke \"one\") (i32.konst 1))",
        "(assert_return (invoke \"one\") 1)",
        "(assert_trap (invoke \"one\") \"\")",
        "(assert_trap (invoke \"recurse\") \"\")",
        "(assert_trap (module) \"\")",
        "(assert_trap (module (func (result i32))) \"\")",
        "(assert_trap (module (import \"no\" \"no\" (func))) \"unknown import\")",
        "(assert_exhaustion (invoke \"one\") \"\")",
        "(assert_exhaustion (invoke \"trap\") \"\")",
        "(assert_exhaustion (module (func unreachable) (start 0)) \"\")",
        "(assert_exhaustion (module (table 0xffffffff funcref)) \"\")",
        "(assert_exception (invoke \"one\"))",
        "(assert_exception (invoke \"trap\"))",
        "(assert_suspension (invoke \"one\") \"\")",
        "(invoke \"trap\")",
        "(get \"none\")",
        "(assert_invalid (module) \"\")",
        "(assert_invalid (module quote \"(func\") \"\")",
        "(assert_malformed (module) \"\")",
        "(assert_malformed (module (func (result i32))) \"\")",
        "(assert_invalid (invoke \"one\") \"\")",
        "(assert_unlinkable (module) \"\")",
        "(assert_return (invoke \"i\") (i32.const 1))",
        "(assert_return (invoke \"i\" (i64.const 1)) (i32.const 1))",
        "(assert_nothing)",
        "(assert_return (invoke \"i\" (i32.const 1) (i32.const 2)) (i32.const 1))",
        "(assert_return (invoke \"i\" (i32.const 0x100000000)) (i32.const 0))",
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        char text[800];
        snprintf(text, sizeof text, "(module %s)%s", fields, good[i]);
        counts(text, 2, 0, 0);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) fails(fields, bad[i]);
}

// Nothing that is no value of a parameter's type gets there.
static void test_arguments(void)
{
    static const char fields[] =
        "(table 1 funcref) (func (export \"f\") (param funcref) (table.set (i32.const 0) "
        "(local.get 0)) (call_indirect (i32.const 0)))"
        "(func (export \"e\") (param externref) (result externref) (local.get 0)) (func (export "
        "\"n\") (param (ref func)))"
        "(func (export \"a\") (param anyref) (result anyref) (local.get 0)) (func (export \"i\") "
        "(param i31ref))";
    static const char *const bad[] = {
        "(assert_return (invoke \"f\" (ref.extern 4096)))",
        "(assert_return (invoke \"f\" (i32.const 64)))",
        "(assert_return (invoke \"f\" (ref.func)))",
        "(assert_return (invoke \"f\" (ref.host 4096)))",
        "(assert_return (invoke \"n\" (ref.null func)))",
        "(assert_return (invoke \"i\" (ref.host 1)))",
        "(assert_return (invoke \"e\" (ref.extern 1)) (ref.extern 2))",
        "(assert_return (invoke \"e\" (ref.extern 1)) (ref.host 1))",
        "(assert_return (invoke \"e\" (ref.extern 1)) (ref.null))",
        "(assert_return (invoke \"e\" (ref.null extern)) (ref.extern 0))",
        "(assert_return (invoke \"e\" (ref.extern 1)) (ref.func))",
        "(assert_return (invoke \"e\" (v128.const i64x2 1 2)) (ref.extern))",
        "(assert_return (invoke \"a\" (ref.host 1)) (ref.eq))",
        "(assert_return (invoke \"a\" (ref.host 1)) (ref.i31))",
        "(assert_return (invoke \"e\" (ref.null func)) (ref.null))",
        "(assert_return (invoke \"a\" (ref.nonsense)) (ref.any))",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) fails(fields, bad[i]);
    counts("(module (func (export \"e\") (param externref) (result externref) (local.get 0)) (func "
           "(export \"a\") (param anyref) (result anyref) (local.get 0))"
           "(func $f (export \"f\") (result funcref) (ref.func $f)))"
           "(assert_return (invoke \"e\" (ref.extern 5)) (ref.extern 5)) (assert_return (invoke "
           "\"e\" (ref.extern 5)) (ref.extern))"
           "(assert_return (invoke \"e\" (ref.null extern)) (ref.null extern)) (assert_return "
           "(invoke \"e\" (ref.null noextern)) (ref.null))"
           "(assert_return (invoke \"a\" (ref.host 3)) (ref.host 3)) (assert_return (invoke \"a\" "
           "(ref.host 3)) (ref.any))"
           "(assert_return (invoke \"f\") (ref.func)) (assert_return (invoke \"f\") (ref.func 0))",
           9, 0, 0);
}

static void test_skipping(void)
{
    ScriptResult r = run("(component definition $C (import \"f\" (func)) (export \"g\" (func 0))) "
                         "(component instance $c $C) (assert_return (invoke $c \"g\")) "
                         "(component $D (core module $m (func (export \"f\") (result i32) "
                         "(i32.const 5))) (core instance $i (instantiate $m)) (func (export "
                         "\"f\") (result u32) (canon lift (core func $i \"f\")))) "
                         "(assert_return (invoke $D \"f\") (u32.const 5)) "
                         "(assert_invalid (component (type (flags))) \"\") "
                         "(register \"c\" $D) (module)");
    CHECK_EQ_U64(r.passed, 6);
    CHECK_EQ_U64(r.failed, 0);
    CHECK_EQ_U64(r.skipped, 2);
    CHECK_EQ_U64(r.reason_count, 1);
    CHECK_STR(r.reasons[0].text, "components: imports that nothing gives");
}

// What a thread shares is its memories; a name is its own. Where it fails, waiting for it fails.
static void test_threads(void)
{
    static const char shares[] =
        "(module $m (memory (export \"m\") 1 1 shared) (func (export \"f\")))"
        "(thread $T (shared (module $m)) (register \"n\" $m)"
        " (module (memory (import \"n\" \"m\") 1 1 shared) (func (export \"g\") (result i32)"
        "  (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))";
    static const char notifies[] =
        "(module (memory (import \"m\" \"m\") 1 1 shared) (func (export \"f\") (loop"
        " (br_if 0 (i32.eqz (memory.atomic.notify (i32.const 0) (i32.const 1)))))))"
        "(assert_return (invoke \"f\"))";
    static const struct { const char *behind, *then; u32 passed, failed; } rows[] = {
        {"(assert_return (invoke \"g\") (i32.const 0)))", "(wait $T)", 6, 0},
        {"(assert_return (invoke \"g\") (i32.const 1)))", "(wait $T)", 5, 1},
        {"(assert_return (invoke \"g\") (i32.const 0)))", "(wait $U)", 5, 1},
        {"(assert_return (invoke \"g\") (i32.const 0)))", "(wait)", 5, 1},
        {"(assert_return (invoke \"g\") (i32.const 0)))", "(wait $T) (wait $T)", 6, 1},
        {"(assert_return (invoke \"g\") (i32.const 0)))", "", 5, 0},
        {"(assert_return (invoke \"g\") (i32.const 1)))", "", 5, 1}, // nobody waits for it
        {"(assert_return (invoke $m \"f\")))", "(wait $T)", 4, 2}, // and nobody is notified
        {"(thread $I (shared (module $m)) (assert_unlinkable (module (memory (import \"n\" \"m\") 1"
         " 1 shared)) \"unknown import\")) (wait $I) (assert_return (invoke \"g\") "
         "(i32.const 0)))",
         "(wait $T)", 6, 0},
    };
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        char text[2000];
        bool alone = i == 7; // else it would notify for ever
        snprintf(text, sizeof text, "%s%s(register \"m\" $m)%s%s", shares, rows[i].behind,
                 alone ? "(module) (assert_return (invoke \"f\"))" : notifies, rows[i].then);
        counts(text, rows[i].passed, rows[i].failed, 0);
    }
    counts("(thread $T (shared (module $m))) (thread $U (shared)) "
           "(thread $V (shared (module $m $n)))",
           0, 3, 0);
    CHECK_STR(said, "1:1 thread: no such module instance\n1:34 thread: cannot read what is shared\n"
                    "1:55 thread: cannot read what is shared\n");
    // the first failure ends a script, and what still waits
    const ScriptOptions stop = {.features = features_all};
    char text[2000];
    snprintf(text, sizeof text, "%s(invoke \"g\")) (invoke \"none\") (wait $T)", shares);
    ScriptResult r = run_with(text, &stop);
    CHECK_EQ_U64(r.passed, 2);
    CHECK_EQ_U64(r.failed, 1);
    char many[300 * 20] = "";
    for (u32 i = 0; i < 300; i++) strcat(many, "(thread)");
    counts(many, 256, 44, 0);
}

static void test_reports(void)
{
    ScriptResult r = run("(module (func (export \"f\") (result i32)\n  (i32.const 3)))\n"
                         "(assert_return (invoke \"f\") (i32.const 4))\n  (assert_return (invoke "
                         "\"f\") (i32.const 4)) (invoke \"g\")\n"
                         "(assert_invalid (module (func (result i32))) \"something else\")");
    CHECK_STR(
        said,
        "3:1 assert_return: expected i32 4, got i32 3\n4:3 assert_return: expected i32 4, got i32 "
        "3\n4:46 invoke: no export \"g\"\n"
        "5:1 type mismatch: end expected i32 for operand 1, found nothing, not something else\n");
    CHECK_EQ_U64(r.texts, 1);
    CHECK_EQ_U64(r.worded, 1);
    CHECK_EQ_U64(r.passed, 2);
    const ScriptOptions stop = {.features = features_all, .fuel = 1000},
                        tier = {.tier = "nonsense"};
    r = run_with("(module (func (export \"f\") (loop (br 0)))) (assert_trap (invoke \"f\") \"\") "
                 "(invoke \"f\")",
                 &stop);
    CHECK_EQ_U64(r.passed, 1);
    CHECK_EQ_U64(r.failed, 1); // and no further
    CHECK(!script_run("", 0, &tier, NULL, &r));
    CHECK(script_knows_tier(NULL) && script_knows_tier("interp") && !script_knows_tier("nonsense"));
    memset(&r, 0, sizeof r);
    for (u32 i = 0; i < 100; i++) {
        char reason[8];
        snprintf(reason, sizeof reason, "%u", i);
        script_count_skipped(&r, reason, 2);
    }
    CHECK_EQ_U64(r.skipped, 200);
    CHECK_EQ_U64(r.reason_count, SCRIPT_REASONS);
    CHECK_STR(r.reasons[SCRIPT_REASONS - 1].text, "other reasons");
    CHECK_EQ_U64(r.reasons[SCRIPT_REASONS - 1].count, 2 * (100 - SCRIPT_REASONS + 1));
}

// --- values

static Executor *executor;

static bool matches(const char *text, Type type, u64 low, u64 high)
{
    Lexer l;
    Diag diag;
    Expected e;
    u64 slots[2] = {low, high};
    diag_init(&diag);
    lexer_init(&l, text, 0, strlen(text), &diag);
    lexer_next(&l);
    if (!read_expected(&l, &e)) {
        printf("    cannot read %s\n", text);
        return CHECK(false);
    }
    return expected_matches(executor, &e, type, slots);
}

static void test_values(void)
{
    const ExecutorSetup setup = {.features = features_all};
    const ExecutorOps *ops = executor_find(NULL);
    executor = ops->open(&setup);
    if (!CHECK(executor != NULL)) return;
    CHECK(matches("(f32.const nan:canonical)", TYPE_f32, 0x7fc00000, 0));
    CHECK(matches("(f32.const nan:canonical)", TYPE_f32, 0xffc00000, 0));
    CHECK(!matches("(f32.const nan:canonical)", TYPE_f32, 0x7fc00001, 0));
    CHECK(!matches("(f32.const nan:canonical)", TYPE_f32, 0x7fa00000, 0));
    CHECK(!matches("(f32.const nan:canonical)", TYPE_f32, 0x7f800000, 0));
    CHECK(matches("(f32.const nan:arithmetic)", TYPE_f32, 0x7fc00000, 0));
    CHECK(matches("(f32.const nan:arithmetic)", TYPE_f32, 0xffc12345, 0));
    CHECK(!matches("(f32.const nan:arithmetic)", TYPE_f32, 0x7fa00000, 0));
    CHECK(!matches("(f32.const nan:arithmetic)", TYPE_f32, 0x3f800000, 0));
    CHECK(matches("(f32.const nan:0x200000)", TYPE_f32, 0x7fa00000, 0));
    CHECK(matches("(f32.const -nan:0x200000)", TYPE_f32, 0xffa00000, 0));
    CHECK(!matches("(f32.const nan:0x200000)", TYPE_f32, 0xffa00000, 0));
    CHECK(matches("(f32.const 0)", TYPE_f32, 0, 0));
    CHECK(!matches("(f32.const 0)", TYPE_f32, 0x80000000, 0)); // bits, not ==
    CHECK(!matches("(f32.const 0)", TYPE_i32, 0, 0));
    CHECK(matches("(f32.const 1)", TYPE_f32, 0xdeadbeef3f800000, 0)); // the upper half of a slot is nothing
    CHECK(matches("(f64.const nan:canonical)", TYPE_f64, 0x7ff8000000000000, 0));
    CHECK(!matches("(f64.const nan:canonical)", TYPE_f64, 0x7ff8000000000001, 0));
    CHECK(matches("(f64.const nan:arithmetic)", TYPE_f64, 0xfff8000000000001, 0));
    CHECK(!matches("(f64.const nan:arithmetic)", TYPE_f64, 0x7ff4000000000000, 0));
    CHECK(matches("(f64.const -nan:0x4000000000000)", TYPE_f64, 0xfff4000000000000, 0));
    CHECK(matches("(f64.const 0x1p-1074)", TYPE_f64, 1, 0));
    CHECK(matches("(i64.const -1)", TYPE_i64, UINT64_MAX, 0));
    CHECK(!matches("(i64.const -1)", TYPE_i64, UINT32_MAX, 0));
    CHECK(matches("(v128.const i8x16 -1 1 2 3 4 5 6 7 8 9 10 11 12 13 14 255)", TYPE_v128,
                  0x07060504030201ff, 0xff0e0d0c0b0a0908));
    CHECK(matches("(v128.const i16x8 -1 1 2 3 4 5 6 7)", TYPE_v128, 0x000300020001ffff,
                  0x0007000600050004));
    CHECK(matches("(v128.const i32x4 1 2 3 4)", TYPE_v128, 0x0000000200000001, 0x0000000400000003));
    CHECK(
        !matches("(v128.const i32x4 1 2 3 5)", TYPE_v128, 0x0000000200000001, 0x0000000400000003));
    CHECK(matches("(v128.const i64x2 1 -1)", TYPE_v128, 1, UINT64_MAX));
    CHECK(matches("(v128.const f32x4 nan:canonical 1 nan:arithmetic nan:0x1)", TYPE_v128,
                  0x3f800000ffc00000, 0x7f8000017fc00001));
    CHECK(!matches("(v128.const f32x4 nan:canonical 1 nan:canonical nan:0x1)", TYPE_v128,
                   0x3f800000ffc00000, 0x7f8000017fc00001));
    CHECK(matches("(v128.const f64x2 nan:canonical -1)", TYPE_v128, 0x7ff8000000000000,
                  0xbff0000000000000));
    CHECK(!matches("(v128.const i64x2 1 2)", TYPE_i64, 1, 2));
    CHECK(matches("(either (i32.const 1) (i32.const 2))", TYPE_i32, 2, 0));
    CHECK(!matches("(either (i32.const 1) (i32.const 2))", TYPE_i32, 3, 0));
    CHECK(matches("(either (v128.const i64x2 1 1) (v128.const f32x4 nan:canonical 0 0 0) "
                  "(v128.const i64x2 2 2))",
                  TYPE_v128, 0x7fc00000, 0));
    CHECK(matches("(ref.null)", type_ref(true, HEAP_func), 0, 0));
    CHECK(matches("(ref.null struct)", type_ref(true, HEAP_any), 0, 0));
    CHECK(!matches("(ref.null extern)", type_ref(true, HEAP_any), 0, 0));
    CHECK(!matches("(ref.null)", TYPE_i32, 0, 0));
    CHECK(matches("(ref.null $t)", type_ref(true, HEAP_any), 0, 0));
    u64 host = ops->host_ref(executor, 9);
    CHECK(matches("(ref.extern 9)", type_ref(true, HEAP_extern), host, 0));
    CHECK(!matches("(ref.extern 9)", type_ref(true, HEAP_extern), host + 1, 0)); // nowhere, but no harm done
    CHECK(!matches("(ref.extern 9)", type_ref(true, HEAP_extern), 0xfffffff8, 0));
    ops->close(executor);
    ops->finish(executor);
}

// No recursion, and no work that grows with the square.
static void test_depth(void)
{
    enum { DEPTH = 200000 };
    static char text[2 * DEPTH + 100];
    memset(text, '(', DEPTH);
    memset(text + DEPTH, ')', DEPTH - 7); // as many as are left of the others
    memcpy(text, "(module ", 8);
    ScriptResult r = run(text);
    CHECK_EQ_U64(r.passed + r.failed, 1);
    text[0] = 0;
    for (size_t i = 0; i + 20 < sizeof text; i += 13) memcpy(text + i, "(invoke \"f\")\n", 14);
    r = run(text);
    CHECK_EQ_U64(r.failed, strlen(text) / 13);
    for (size_t i = 0; i + 20 < sizeof text; i += 13) memcpy(text + i, "(get $a \"gg\")", 14);
    r = run(text);
    CHECK_EQ_U64(r.failed, strlen(text) / 13);
}

int main(void)
{
    test_extents();
    test_modules();
    test_linking();
    test_assertions();
    test_arguments();
    test_skipping();
    test_threads();
    test_reports();
    test_values();
    test_depth();
    return check_report();
}
