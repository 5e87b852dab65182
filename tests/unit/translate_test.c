// translate_test.c -- a body becomes code on its first call: that can be stopped, and nothing of it
// is left then, so a later call does it from the start.

#include "check.h"
#include "engine/source.h"
#include "interp/code.h"
#include "run/exec.h"

#include <stdlib.h>

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

static bool load(Source *source, Engine *engine, char *text)
{
    Diag diag;
    bool good = CHECK(source_load(source, engine, (const u8 *)text, strlen(text), &diag));
    free(text);
    return good;
}

static void stopped_body(Engine *engine, const char *unit)
{
    Source source;
    if (!load(&source, engine,
              repeat("(module (func (export \"f\") (result i32) (local i32)", unit, 20000,
                     "(i32.const 7)))")))
        return;
    Store *s = engine_store(engine);
    Diag diag;
    Instantiated made = engine_instantiate(s, source.module, NULL, NULL, &diag);
    Extern f;
    if (CHECK(made.instance != NULL) &&
        CHECK(instance_export(made.instance, (Bytes){(const u8 *)"f", 1}, &f))) {
        u64 slot = 0;
        for (u32 i = 0; i < 3; i++) {
            exec_stop(&s->exec, TRAP_time_limit);
            CHECK_EQ_U64(engine_call(s, f.func, &slot, 1), TRAP_time_limit);
            CHECK(!code_body(f.func->code) && s->exec.depth == 0);
        }
        exec_go_on(&s->exec);
        CHECK_EQ_U64(engine_call(s, f.func, &slot, 1), TRAP_none);
        CHECK(f.func->code && (u32)slot == 7);
    }
    store_free(s);
    source_free(&source);
}

// A branch that is not taken leaves what is below its value where it was, or brings it home on both
// ways.
static void not_taken(Engine *engine)
{
    static const char text[] =
        "(module"
        "  (func (export \"f\") (param i32) (result v128)"
        "    (i32.const 5) (local.get 0)"
        "    (br_if 0 (v128.const i32x4 9 9 9 9) (i32.eq (local.get 0) (i32.const 1))) (drop)"
        "    (local.set 0 (i32.const 70)) (i32.add) (i32x4.splat))"
        "  (func (export \"g\") (param i32) (result i32 i32)"
        "    (i32.const 5) (local.get 0)"
        "    (br_if 0 (i32.const 9) (i32.const 9) (i32.eq (local.get 0) (i32.const 1))) (drop) "
        "(drop)"
        "    (local.set 0 (i32.const 70)) (i32.add) (i32.const 0))"
        "  (func (export \"h\") (param i32) (result i32)"
        "    (i32.const 5) (local.get 0)"
        "    (br_if 0 (i32.const 9) (i32.eq (local.get 0) (i32.const 1))) (drop)"
        "    (local.set 0 (i32.const 70)) (i32.add)))";
    Source source;
    Diag diag;
    if (!CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag))) return;
    Store *s = engine_store(engine);
    Instantiated made = engine_instantiate(s, source.module, NULL, NULL, &diag);
    for (u32 i = 0; i < 3 && CHECK(made.instance != NULL); i++) {
        Extern f;
        CHECK(instance_export_at(made.instance, i, &f));
        u64 slots[2] = {1};
        CHECK_EQ_U64(engine_call(s, f.func, slots, COUNT_OF(slots)), TRAP_none);
        CHECK_EQ_U64((u32)slots[0], 9);
        slots[0] = 2;
        CHECK_EQ_U64(engine_call(s, f.func, slots, COUNT_OF(slots)), TRAP_none);
        CHECK_EQ_U64((u32)slots[0], 7);
    }
    store_free(s);
    source_free(&source);
}

// Each instruction alone: a copy, a constant, a sum, a copy. It is else one step of a counter.
static void bare(Engine *engine)
{
    static const char text[] = "(module (func (export \"f\") (param i32) (result i32)"
                               "  (local.set 0 (i32.add (local.get 0) (i32.const 1)))"
                               "  (if (i32.eqz (local.get 0)) (then (local.set 0 (i32.const 9))))"
                               "  (local.get 0)))";
    static const Iop want[] = {IOP_enter, IOP_trap, IOP_copy, IOP_const_32, IOP_i32_add_rr,
                               IOP_copy, IOP_copy, IOP_i32_eqz_r, IOP_br_unless, IOP_const_32};
    Source source;
    Diag diag;
    if (!CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag))) return;
    engine->bare = true;
    Store *s = engine_store(engine);
    engine->bare = false;
    Instantiated made = engine_instantiate(s, source.module, NULL, NULL, &diag);
    Extern f;
    if (CHECK(made.instance != NULL) && CHECK(instance_export_at(made.instance, 0, &f))) {
        u64 slot = 41;
        CHECK_EQ_U64(engine_call(s, f.func, &slot, 1), TRAP_none);
        CHECK_EQ_U64((u32)slot, 42);
        const Code *code = code_body(f.func->code);
        CHECK(code->count > COUNT_OF(want));
        for (u32 i = 0; i < COUNT_OF(want); i++)
            if (i != 1) CHECK_EQ_U64((u16)code->words[i], want[i]); // 1: a number
    }
    store_free(s);
    source_free(&source);
}

int main(void)
{
    Engine *engine = engine_new(features_all);
    engine->tier = TIER_interp; // which counts nothing
    stopped_body(engine, "(drop (i32.const 1))");
    stopped_body(engine, "(local.set 0 (i32.add (local.get 0) (i32.const 1)))");
    stopped_body(engine, "(if (local.get 0) (then (return (i32.const 1))))");
    not_taken(engine);
    bare(engine);
    engine_free(engine);
    return check_report();
}
