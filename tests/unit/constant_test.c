// constant_test.c -- constant expressions become data when they are validated, and values when
// there is an instance: what they come to, what that takes, and where they fail.

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"

#include <stdlib.h>

static Engine *engine;
static Diag diag;

static Module *load(Source *source, const char *text)
{
    if (CHECK(source_load(source, engine, (const u8 *)text, strlen(text), &diag)))
        return source->module;
    printf("%.200s: %s\n", text, diag.detail);
    return NULL;
}

// before, `count` times the unit, after.
static char *repeat(const char *before, const char *unit, u32 count, const char *after)
{
    size_t n = strlen(unit);
    char *text = malloc(strlen(before) + n * count + strlen(after) + 1), *end = text;
    end += sprintf(end, "%s", before);
    for (u32 i = 0; i < count; i++, end += n) memcpy(end, unit, n);
    strcpy(end, after);
    return text;
}

// An import that is a global: 7 or, of 64 bits, 2^40.
static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    out->kind = EXTERN_global;
    out->global = global_new(env, type->global);
    if (!out->global) return false;
    out->global->value[0] = type->global.type == TYPE_i64 ? (u64)1 << 40 : 7;
    return true;
}

static Instantiated instantiate(Store *s, const Module *m)
{
    Instantiated made = engine_instantiate(s, m, resolve, s, &diag);
    CHECK_EQ_U64(diag.err, ERR_none);
    return made;
}

// ---- What an expression comes to: the only global of a module that is not imported

typedef struct {
    const char *type, *expr;
    ConstKind kind;
    u64 low, high;
} Case;

static const Case cases[] = {
    {"i32", "(i32.const -1)", CONST_small, UINT32_MAX, 0},
    {"i32", "(i32.const 0x0fffffff)", CONST_small, 0x0fffffff, 0},
    {"i32", "(i32.const -0x10000000)", CONST_small, 0xf0000000, 0},
    {"i32", "(i32.const 0x10000000)", CONST_wide, 0x10000000, 0},
    {"i32", "(i32.const -0x10000001)", CONST_wide, 0xefffffff, 0},
    {"i64", "(i64.const -1)", CONST_small, UINT64_MAX, 0},
    {"i64", "(i64.const 0xffffffff)", CONST_wide, UINT32_MAX, 0},
    {"f32", "(f32.const 0)", CONST_small, 0, 0},
    {"f32", "(f32.const -0)", CONST_wide, 0x80000000, 0},
    {"f64", "(f64.const 1)", CONST_wide, 0x3ff0000000000000, 0},
    {"v128", "(v128.const i64x2 3 4)", CONST_v128, 3, 4},
    {"funcref", "(ref.null func)", CONST_small, 0, 0},
    {"externref", "(ref.null extern)", CONST_small, 0, 0},
    {"funcref", "(ref.func $f)", CONST_func, 1, 0},
    {"i32", "(global.get $i)", CONST_global, 7, 0},
    {"i64", "(global.get $j)", CONST_global, (u64)1 << 40, 0},
    {"i32", "(i32.add (i32.const 0x7fffffff) (i32.const 1))", CONST_wide, 0x80000000, 0},
    {"i32", "(i32.sub (i32.const 3) (i32.mul (i32.const 2) (i32.const 5)))", CONST_small, (u32)-7,
     0},
    {"i32", "(i32.mul (i32.const 0x10000) (i32.const 0x10000))", CONST_small, 0, 0},
    {"i64", "(i64.mul (i64.const 0x100000000) (i64.const 0x10))", CONST_wide, (u64)1 << 36, 0},
    {"i64", "(i64.sub (i64.const 0) (i64.const 0x8000000000000000))", CONST_wide, (u64)1 << 63, 0},
    {"i32", "(i32.add (global.get $i) (i32.const 5))", CONST_steps, 12, 0},
    {"i32", "(i32.sub (i32.const 5) (global.get $i))", CONST_steps, (u32)-2, 0},
    {"i64", "(i64.mul (i64.sub (i64.const 0x100000000) (i64.const 0xffffffff)) (global.get $j))",
     CONST_steps, (u64)1 << 40, 0},
    {"i32",
     "(i32.mul (global.get $i) (i32.sub (global.get $i) (i32.add (i32.const 1) (i32.const "
     "0x20000000))))",
     CONST_steps, 7u * (7u - 0x20000001u), 0},
};

static void comes_to(const Case *c)
{
    char text[400];
    snprintf(text, sizeof text,
             "(module (import \"\" \"\" (global $i i32)) (import \"\" \"\" (global $j i64))"
             " (func) (func $f) (global $x %s %s))",
             c->type, c->expr);
    Source source;
    Module *m = load(&source, text);
    Store *s = engine_store(engine);
    Instantiated made = m ? instantiate(s, m) : (Instantiated){0};
    if (m && CHECK(made.instance && !made.trap)) {
        const u64 *value = made.instance->globals[2]->value;
        bool narrow = m->globals[2].type.type == TYPE_i32 || m->globals[2].type.type == TYPE_f32;
        CHECK_EQ_U64(const_kind(m->globals[2].value), c->kind);
        if (c->kind == CONST_func) // whose entry is filled when somebody first needs it
            CHECK(func_fill(s, (Ref)value[0]) && ref_to_func(s, (Ref)value[0])->index == c->low);
        else
            CHECK_EQ_U64(narrow ? (u32)value[0] : value[0], c->low);
        if (c->kind == CONST_v128) CHECK_EQ_U64(value[1], c->high);
    }
    store_free(s);
    source_free(&source);
}

// Folding leaves nothing behind, and what is left takes a word for each instruction.
static void takes(void)
{
    static const struct {
        const char *global;
        u32 words, wides;
    } all[] = {
        {"(global i32 (i32.add (i32.const 1) (i32.const 2)))", 0, 0},
        {"(global i64 (i64.add (i64.const 0x111111111) (i64.const 0x222222222)))", 0, 1},
        {"(global i64 (i64.sub (i64.const 0x111111111) (i64.const 0x111111111)))", 0, 0},
        {"(import \"\" \"\" (global i32)) (global i32 (i32.add (global.get 0) (i32.const 1)))", 4,
         0},
        {"(type $s (struct (field i32))) (global (ref $s) (struct.new $s (i32.const 1)))", 4, 0},
        {"(type $a (array i32)) (global (ref $a) (array.new_fixed $a 2 (i32.const 1) (i32.const "
         "1)))",
         6, 0},
        {"(elem funcref (ref.func 0) (ref.null func)) (func)", 2, 0},
        {"(elem (ref i31) (ref.i31 (i32.const 1)))", 5,
         0}, // itself, its number, three steps
    };
    for (u32 i = 0; i < COUNT_OF(all); i++) {
        char text[400];
        Source source;
        snprintf(text, sizeof text, "(module %s)", all[i].global);
        Module *m = load(&source, text);
        if (!m) continue;
        CHECK_EQ_U64(m->word_count, all[i].words);
        CHECK_EQ_U64(m->wide_count, all[i].wides);
        source_free(&source);
    }
}

// ---- Items of element segments

static void items(void)
{
    Source source;
    Module *m =
        load(&source, "(module (import \"\" \"\" (global $i i32)) (global $g funcref (ref.func $c))"
                      " (table $t (export \"t\") 9 funcref (ref.func $a))"
                      " (elem (table $t) (i32.sub (global.get $i) (i32.const 6)) func $b $c)"
                      " (elem $e funcref (ref.func $b) (ref.null func) (global.get $g))"
                      " (func $a) (func $b) (func $c)"
                      " (func (export \"f\") (table.init $t $e (i32.const 5) (i32.const 0) "
                      "(i32.const 3)) (elem.drop $e)))");
    static const s8 want[] = {0, 1, 2, 0, 0, 1, -1, 2, 0};
    Store *s = engine_store(engine);
    for (u32 n = 0; m && n < 2; n++) { // both instances, from the same data
        Extern f;
        Instantiated made = instantiate(s, m);
        if (!CHECK(made.instance && !made.trap &&
                   instance_export(made.instance, (Bytes){(const u8 *)"f", 1}, &f)))
            break;
        CHECK_EQ_U64(engine_call(s, f.func, NULL, 0), TRAP_none);
        for (u32 i = 0; i < 9; i++) {
            Ref ref = made.instance->tables[0]->elems[i];
            if (want[i] < 0)
                CHECK_EQ_U64(ref, REF_NULL);
            else
                CHECK(ref == ref_of_func(s, instance_func(made.instance, (u32)want[i])));
        }
    }
    store_free(s);
    source_free(&source);
}

// ---- Whose number it is, of many instances: some have no functions, some did not come to be

static bool no_import(void *env, const Import *import, const ExternType *type, Extern *out)
{
    return false;
}

static void numbers(void)
{
    static const char *const texts[] = {
        "(module)", "(module (func))", "(module (func) (func) (func))",
        "(module (func) (table 1 funcref) (elem (i32.const 1) func 0))", // traps
    };
    enum { ROUNDS = 300, MODULES = COUNT_OF(texts) };
    Source sources[MODULES];
    Instance *all[ROUNDS];
    Store *s = engine_store(engine);
    for (u32 i = 0; i < MODULES; i++)
        if (!load(&sources[i], texts[i])) exit(1);
    for (u32 i = 0; i < ROUNDS; i++) {
        const Module *m = sources[i * 7 / 3 % MODULES].module;
        Instantiated made = engine_instantiate(s, m, no_import, NULL, &diag);
        all[i] = made.instance;
        CHECK(m == sources[MODULES - 1].module ? made.trap : made.instance && !made.trap);
        if (i % 16 == 5) CHECK(func_new_host(s, sources[1].module->funcs[0].type, NULL, NULL));
    }
    CHECK(!func_fill(s, REF_NULL) && !func_fill(s, store_func_count(s)));
    u32 found = 0;
    for (u32 i = ROUNDS; i-- > 0;) {
        u32 count = all[i] ? all[i]->module->func_count : 0;
        for (u32 k = 0; k < count; k++, found++) {
            Ref ref = all[i]->func_first + k;
            CHECK(!ref_to_func(s, ref)->type && func_fill(s, ref));
            const Func *f = ref_to_func(s, ref);
            CHECK(f->index == k && func_instance(&s->exec, f) == all[i]);
        }
    }
    CHECK(found > ROUNDS / 2);
    for (Ref ref = 1; ref < store_func_count(s); ref++)
        if (!ref_to_func(s, ref)->code) CHECK(!func_fill(s, ref));
    store_free(s);
    for (u32 i = 0; i < MODULES; i++) source_free(&sources[i]);
}

// ---- Where it fails

#define LIMIT                                                                                      \
    "an array of 4294967295 elements takes 4294967304 bytes, and heap_bytes of the store are "     \
    "1073741824 at most"

static void fails(const char *text, Trap trap, const char *detail)
{
    Source source;
    Module *m = load(&source, text);
    Store *s = engine_store(engine);
    if (m) {
        Instantiated made = instantiate(s, m);
        CHECK_EQ_U64(made.trap, trap);
        CHECK_EQ_U64(s->exec.trap, trap);
        CHECK(!made.instance && !s->instances && !s->memories);
        CHECK_STR(s->exec.trap_detail, detail);
        CHECK(!s->exec.at.record && !s->exec.stack);
        s->exec.trap_detail[0] = 'x'; // what an earlier one said is not said again
        Source other;
        m = load(&other, "(module (memory 0) (data (i32.const 1) \"\"))");
        if (m) CHECK_EQ_U64(instantiate(s, m).trap, TRAP_out_of_bounds_memory_access);
        CHECK_STR(s->exec.trap_detail, "");
        store_free(s);
        source_free(&other);
    }
    source_free(&source);
}

// Operands stand on the guest's stack, which ends.
static void deep(void)
{
    char *many = repeat("(module (import \"\" \"\" (global i32)) (global i32 (global.get 0)",
                        " (global.get 0)", 100000, ""),
         *text = repeat(many, " (i32.add)", 100000, "))");
    Source source;
    Module *m = load(&source, text);
    StoreLimits limits = store_limits_default;
    for (u32 i = 0; m && i < 2; i++) {
        limits.stack_bytes = i ? 16 << 10 : 8 << 20;
        Store *s = engine_store_within(engine, &limits);
        Instantiated made = instantiate(s, m);
        CHECK_EQ_U64(made.trap, i ? TRAP_call_stack_exhausted : TRAP_none);
        if (!i && CHECK(made.instance != NULL))
            CHECK_EQ_U64((u32)made.instance->globals[1]->value[0], 700007);
        store_free(s);
    }
    source_free(&source);
    free(text);
    free(many);
}

// A stop that was asked for is heeded, and nothing is left of the instance.
static void stopped(void)
{
    Source source;
    Module *m = load(&source, "(module (global i32 (i32.const 0)))");
    Store *s = engine_store(engine);
    if (m) {
        exec_stop(&s->exec, TRAP_interrupted);
        Instantiated made = instantiate(s, m);
        CHECK_EQ_U64(made.trap, TRAP_interrupted);
        CHECK(!made.instance && !s->instances);
        exec_go_on(&s->exec);
        CHECK(instantiate(s, m).instance != NULL);
    }
    store_free(s);
    source_free(&source);
}

// For each value, each step, and each segment.
static void paid(void)
{
    Source source;
    Module *m = load(&source, "(module (import \"\" \"\" (global i32)) (global i32 (i32.const 1)) "
                              "(global i32 (global.get 0))"
                              " (global i32 (i32.add (global.get 0) (i32.const 1))) (memory 1) "
                              "(data (i32.const 0) \"\"))");
    enum { ALL = 7 * PRICE_value + PRICE_segment };
    for (u32 fuel = ALL - 1; m && fuel < ALL + 2; fuel++) {
        Store *s = engine_store(engine);
        exec_grant_fuel(&s->exec, fuel);
        CHECK_EQ_U64(instantiate(s, m).trap, fuel < ALL ? TRAP_out_of_fuel : TRAP_none);
        CHECK_EQ_U64(s->exec.fuel, fuel < ALL ? PRICE_segment - 1 : fuel - ALL);
        store_free(s);
    }
    source_free(&source);
}

int main(void)
{
    engine = engine_new(features_default);
    for (u32 i = 0; i < COUNT_OF(cases); i++) comes_to(&cases[i]);
    takes();
    items();
    numbers();
    // More than there is room for: a global, a table's entries, an item.
#define TOO_MUCH "(array.new_default $a (i32.const -1))"
    fails("(module (memory 1) (type $a (array i8)) (global (ref $a) " TOO_MUCH "))",
          TRAP_out_of_memory, LIMIT);
    fails("(module (memory 1) (type $a (array i8)) (table 1 (ref $a) " TOO_MUCH "))",
          TRAP_out_of_memory, LIMIT);
    fails("(module (memory 1) (type $a (array i8))"
          " (elem (ref null $a) (ref.null $a) " TOO_MUCH "))",
          TRAP_out_of_memory, LIMIT);
    deep();
    stopped();
    paid();
    engine_free(engine);
    return check_report();
}
