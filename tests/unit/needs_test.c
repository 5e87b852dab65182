// needs_test.c -- which features modules need: for each gate of the decoder and the validator a
// module that comes to it. What is found must do, and must not without any of it; and what is said
// must be found.

#include "check.h"
#include "engine/needs.h"
#include "engine/source.h"

#include <string.h>

static const struct { const char *needs, *text;
} modules[] = {
    {"", "(func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))"},
    {"+mutable-global", "(global (export \"g\") (mut i32) (i32.const 0))"},
    {"+mutable-global", "(import \"m\" \"g\" (global (mut i32)))"},
    {"+sign-extension", "(func (param i32) (result i32) (i32.extend8_s (local.get 0)))"},
    {"+sign-extension", "(func (unreachable) (i32.extend8_s) (drop))"},
    {"+multi-value", "(func (result i32 i32) (i32.const 0) (i32.const 0))"},
    {"+multi-value", "(func (i32.const 0) (block (param i32) (drop)))"},
    {"+bulk-memory", "(memory 1) (data \"abc\")"},
    {"+reference-types", "(table 1 funcref) (table 1 funcref)"},
    {"+reference-types",
     "(table 1 funcref) (table 1 funcref) (func (call_indirect 1 (i32.const 0)))"},
    {"+reference-types", "(func (param externref))"},
    {"+simd", "(func (local v128))"},
    {"+simd", "(func (result v128) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 "
              "(v128.const i64x2 0 0) (v128.const i64x2 0 0)))"},
    {"+extended-const", "(global i32 (i32.add (i32.const 1) (i32.const 2)))"},
    {"+multi-memory", "(memory 1) (memory 1)"},
    {"+multi-memory",
     "(import \"m\" \"m\" (memory 1)) (memory 1) (func (result i32) (i32.load 1 (i32.const 0)))"},
    {"+multi-memory", "(import \"m\" \"m\" (memory 1)) (import \"m\" \"n\" (memory 1)) (func (drop "
                      "(memory.size 1)))"},
    {"+memory64", "(memory i64 1)"},
    {"+threads", "(memory 1 1 shared)"},
    {"+threads", "(memory 1) (func (drop (i32.atomic.load (i32.const 0))))"},
    {"+custom-page-sizes", "(memory 1 (pagesize 1))"},
    {"+memory-control", "(memory 1) (func (memory.discard (i32.const 0) (i32.const 1)))"},
    {"+tail-call", "(func (return_call 0))"},
    {"+gc", "(global i32 (i32.const 0)) (global i32 (global.get 0))"},
    {"+gc", "(rec (type (func)) (type (func)))"},
    {"+gc,+function-references", "(type $t (func (param (ref null $t))))"},
    {"+gc", "(type (struct (field i32)))"},
    {"+function-references", "(type $t (func)) (func (param (ref $t)))"},
    {"+function-references", "(type $t (func)) (func (local (ref null $t)))"},
    {"+exception-handling", "(tag)"},
    {"+exception-handling", "(import \"m\" \"t\" (tag))"},
    {"+exception-handling", "(tag) (func (throw 0))"},
    {"+legacy-exceptions", "(tag) (func (try (do) (catch 0)))"},
    {"+legacy-exceptions,+exception-handling", "(tag) (func (try (do (throw 0)) (catch 0)))"},
    {"+stack-switching", "(tag (result i32)) (func (result i32) (suspend 0))"},
    {"+stack-switching", "(tag (result i32))"},
    {"+custom-descriptors,+gc,+function-references",
     "(type $t (struct)) (func (result (ref (exact $t))) (struct.new $t))"},
    {"+custom-descriptors,+gc,+function-references",
     "(type $t (struct)) (func (drop (block (result (ref (exact $t))) (struct.new $t))))"},
    {"+custom-descriptors,+gc,+reference-types",
     "(func (param structref) (result arrayref) (block $l (result arrayref) (br_on_cast $l "
     "structref arrayref (local.get 0)) (drop) (ref.null array)))"},
};

static bool loads_under(Features features, Bytes bytes)
{
    Diag diag;
    Engine *engine = engine_new(features | FEATURE_BIT(FEATURE_core1));
    Module *m = engine_load(engine, bytes.data, bytes.len, &diag);
    engine_unload(m);
    engine_free(engine);
    return m != NULL;
}

static void check(const Engine *engine, const char *text, const char *said)
{
    char all[1000];
    Source source;
    Diag diag;
    Features want = 0, found = 0;
    Bytes bad;
    snprintf(all, sizeof all, "(module %s)", text);
    CHECK(!*said || features_parse(&want, said, &bad));
    if (CHECK(source_load(&source, (Engine *)engine, (const u8 *)all, strlen(all), &diag))) {
        Bytes bytes = {source.module->bytes, source.module->size};
        CHECK(engine_needs(engine, bytes.data, bytes.len, &found));
        if (!CHECK_EQ_U64(found, want)) printf("    %s\n", text);
        CHECK(loads_under(found, bytes));
        for (u32 f = 0; f < FEATURE_COUNT; f++)
            if (found >> f & 1) CHECK(!loads_under(found & ~FEATURE_BIT(f), bytes));
    } else {
        printf("    %s: %s\n", text, diag.detail);
    }
    source_free(&source);
}

int main(void)
{
    Engine *engine = engine_new(features_all);
    for (u32 i = 0; i < COUNT_OF(modules); i++) check(engine, modules[i].text, modules[i].needs);
    engine_free(engine);
    // Where one of several would do, it is one of those that are on.
    engine = engine_new(features_all & ~FEATURE_BIT(FEATURE_exceptions));
    check(engine, "(tag)", "+legacy-exceptions");
    engine_free(engine);
    return check_report();
}
