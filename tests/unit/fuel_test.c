// fuel_test.c -- what a unit of fuel buys: an instruction, and of what may take long so much of it
// (hazard R82). The numbers are the same in any build and tier, whoever translated a function
// before.

#include "check.h"
#include "engine/source.h"
#include "run/frame.h"

#define X4(x) x x x x
#define X16(x) X4(x) X4(x) X4(x) X4(x)
#define I64_64 X16("i64 i64 i64 i64 ")
#define ZERO_64 X16("(i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) ")
#define DROP_64 X16("(drop) (drop) (drop) (drop) ")

static const char text[] =
    "(module (tag $none) (tag $many (param " I64_64 ")) (tag $other)"
    "  (type $r (func (result " I64_64 ")))"
    "  (func (export \"nothing\"))"
    "  (func (export \"locals-7\") (local i64 i64 i64 i64 i64 i64 i64))"
    "  (func (export \"locals-8\") (local i64 i64 i64 i64 i32 f32 i64 i64))"
    "  (func (export \"locals-vectors\") (local v128 v128 v128 v128 v128 v128 v128 v128))"
    "  (func $locals (local " I64_64 "))"
    "  (func (export \"locals-called\") (call $locals))"
    "  (func $take (param " I64_64 "))"
    "  (func (export \"arguments\") " ZERO_64 "(call $take))"
    "  (func $tail (param " I64_64 ") " ZERO_64 "(return_call $take))"
    "  (func (export \"tail\") " ZERO_64 "(return_call $tail))"
    "  (func $give (type $r) " ZERO_64 ")"
    "  (func (export \"results\") (call $give) " DROP_64 ")"
    "  (func $give-early (type $r) " ZERO_64 "(return))"
    "  (func (export \"results-early\") (call $give-early) " DROP_64 ")"
    "  (func (export \"br\") (block (type $r) " ZERO_64 "(br 0)) " DROP_64 ")"
    "  (func (export \"br-moved\") (block (type $r) (i32.const 0) " ZERO_64 "(br 0)) " DROP_64 ")"
    "  (func (export \"br_if\") (block (type $r) " ZERO_64 "(br_if 0 (i32.const 0))) " DROP_64 ")"
    "  (func (export \"br_table\") (block (type $r) (block (type $r) " ZERO_64
    "(br_table 0 1 0 1 (i32.const 0)))) " DROP_64 ")"
    "  (table 64 funcref) (elem $e func " X4(X16("$locals ")) ")"
    "  (func (export \"table-init\")"
    "    (table.init 0 $e (i32.const 0) (i32.const 0) (i32.const 64)))"
    "  (func (export \"table-fill\")"
    "    (table.fill 0 (i32.const 0) (ref.null func) (i32.const 64)))"
    "  (func (export \"table-copy\")"
    "    (table.copy (i32.const 0) (i32.const 0) (i32.const 64)))"
    "  (memory 1)"
    "  (func (export \"memory-fill\")"
    "    (memory.fill (i32.const 0) (i32.const 0) (i32.const 63)))"
    "  (func (export \"memory-copy\")"
    "    (memory.copy (i32.const 0) (i32.const 0) (i32.const 64)))"
    "  (func (export \"bulk-of-none\")"
    "    (memory.copy (i32.const 0) (i32.const 0) (i32.const 0)))"
    "  (func (export \"memory-grow\") (drop (memory.grow (i32.const 1))))"
    "  (func (export \"grow-by-none\") (drop (memory.grow (i32.const 0))))"
    "  (func (export \"throw\") (block $h (try_table (catch_all $h) (throw $none))))"
    "  (func (export \"throw-third\") (block $h (try_table (catch $other $h) (catch $other $h) "
    "(catch $none $h) (throw $none))))"
    "  (func (export \"throw-nested\") (block $h (try_table (catch_all $h) (try_table (try_table "
    "(throw $none))))))"
    "  (func $thrower (throw $none))"
    "  (func (export \"throw-frames\") (block $h (try_table (catch_all $h) (call $thrower))))"
    "  (func (export \"throw-values\") (block $h (type $r) (try_table (catch $many $h) " ZERO_64
    "(throw $many)) (unreachable)) " DROP_64 ")"
    "  (func (export \"throw-legacy\") (try (do (throw $none)) (catch $other) (catch $none)))"
    "  (func (export \"delegate\") (try (do (nop)) (delegate 0)) (nop))"
    ")";

enum { FRAME = 16, IN_BULK = 4, GROW = 8, MOVE = 8 }; // MOVE: of 64 values

// The end of a block counts with what stands in front of it, also where nothing gets there.

static const struct {
    const char *name;
    u64 units;
} costs[] = {
    {"nothing", 1},
    {"locals-7", 1},
    {"locals-8", 1 + 1},
    {"locals-vectors", 1 + 2},
    {"locals-called", 2 + 1 + MOVE},
    {"arguments", 64 + 2 + 1},
    {"tail", 64 + 2 + MOVE + 64 + 2 + MOVE + 1},
    {"results", 1 + 64 + 1 + 64 + 1 + MOVE},
    {"results-early", 1 + 64 + 2 + MOVE + 64 + 1},
    {"br", 1 + 64 + 2 + MOVE + 64 + 1},
    {"br-moved", 1 + 1 + 64 + 2 + MOVE + 64 + 1},
    {"br_if", 1 + 64 + 2 + MOVE + 1 + 64 + 1},
    {"br_table", 2 + 64 + 3 + MOVE + 1 + 64 + 1},
    {"table-init", 4 + IN_BULK + 64 * 2 + 1},
    {"table-fill", 4 + IN_BULK + 64 / 16 + 1},
    {"table-copy", 4 + IN_BULK + 64 / 16 + 1},
    {"memory-fill", 4 + IN_BULK + 63 / 64 + 1},
    {"memory-copy", 4 + IN_BULK + 64 / 64 + 1},
    {"bulk-of-none", 4 + 1},
    {"memory-grow", 3 + GROW + 65536 / 64 + 1},
    {"grow-by-none", 3 + 1},
    {"throw", 4 + FRAME + 1 + 1},
    {"throw-third", 4 + FRAME + 1 + 2 + 1},
    {"throw-nested", 6 + FRAME + 3 + 1},
    {"throw-frames", 4 + 2 + 2 * FRAME + 1 + 1},
    {"throw-values", 2 + 64 + 2 + FRAME + 1 + 3 * MOVE + 64 + 1},
    {"throw-legacy", 3 + FRAME + 1 + 1 + 1 + 1},
    {"delegate", 3 + 2},
};

// Where they end without fuel, at last: behind what.
static const struct {
    const char *name;
    Op behind;
} ends[] = {{"throw-legacy", OP_end}, {"delegate", OP_delegate}, {"br_if", OP_end}};

static u64 used(Store *s, Func *f, u64 fuel)
{
    exec_grant_fuel(&s->exec, fuel);
    u64 slots[1] = {0};
    CHECK_EQ_U64(engine_call(s, f, slots, COUNT_OF(slots)), TRAP_none);
    return fuel - (u64)s->exec.fuel;
}

// The word is signed, and a grant that it cannot hold is as much as it can.
static void with_all(Store *s, Func *f, u64 units)
{
    u64 slots[1] = {0};
    exec_grant_fuel(&s->exec, UINT64_MAX);
    CHECK_EQ_U64(engine_call(s, f, slots, COUNT_OF(slots)), TRAP_none);
    CHECK_EQ_U64(s->exec.fuel, INT64_MAX - (s64)units);
}

// With less it ends before, and never goes below nothing; what is left is the same in each tier.
// Returns a number that tells what it was from others.
static u64 with_less(Store *s, Func *f, u64 units)
{
    u64 slots[1] = {0}, left = 0;
    for (u64 fuel = 0; fuel < units; fuel++) {
        exec_grant_fuel(&s->exec, fuel);
        CHECK_EQ_U64(engine_call(s, f, slots, COUNT_OF(slots)), TRAP_out_of_fuel);
        CHECK((u64)s->exec.fuel <= fuel);
        left = left * 31 + (u64)s->exec.fuel;
    }
    return left;
}

static void ends_behind(Store *s, Func *f, Op behind)
{
    u64 slots[1] = {0}, units = used(s, f, 1000);
    FrameCursor c = {0};
    exec_grant_fuel(&s->exec, units - 1);
    CHECK_EQ_U64(engine_call(s, f, slots, COUNT_OF(slots)), TRAP_out_of_fuel);
    CHECK(frame_next(&s->exec, &c) && frame_op(&c) == behind);
}

static u64 left[COUNT_OF(costs)]; // with_less, in the first tier

static void in_tier(Tier tier)
{
    Engine *engine = engine_new(features_default);
    engine->tier = tier;
    Source source;
    Diag diag;
    if (!CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag))) {
        char why[300];
        puts(diag_text(&diag, why, sizeof why));
        exit(check_report());
    }
    Store *s = engine_store(engine);
    exec_grant_fuel(&s->exec, 1); // for the table
    Instantiated made = engine_instantiate(s, source.module, NULL, NULL, &diag);
    CHECK(made.instance && !made.trap);
    for (u32 i = 0; i < COUNT_OF(costs) && made.instance; i++) {
        Extern f;
        Bytes name = {(const u8 *)costs[i].name, strlen(costs[i].name)};
        if (!CHECK(instance_export(made.instance, name, &f))) continue;
        u32 before = check_failed;
        CHECK_EQ_U64(used(s, f.func, 1000000), costs[i].units);
        CHECK_EQ_U64(used(s, f.func, 1000000), costs[i].units);
        u64 less = with_less(s, f.func, costs[i].units);
        if (tier == TIER_interp) left[i] = less;
        CHECK_EQ_U64(less, left[i]);
        with_all(s, f.func, costs[i].units);
        if (check_failed > before) printf("    %s\n", costs[i].name);
    }
    for (u32 i = 0; i < COUNT_OF(ends) && made.instance; i++) {
        Extern f;
        Bytes name = {(const u8 *)ends[i].name, strlen(ends[i].name)};
        if (CHECK(instance_export(made.instance, name, &f))) ends_behind(s, f.func, ends[i].behind);
    }
    store_free(s);
    source_free(&source);
    engine_free(engine);
}

static bool from_instance(void *env, const Import *import, const ExternType *type, Extern *out)
{
    return instance_export(env, import->name, out);
}

// Each initial value costs one, and a segment what it copies besides; what costs more than there is
// has not been done, nor what comes behind it.
static void initial_values(void)
{
    static const char target[] =
        "(module (table (export \"t\") 9 funcref) (memory (export \"m\") 1))";
    static const char making[] =
        "(module (import \"\" \"t\" (table 9 funcref)) (import \"\" \"m\" (memory 1))"
        "  (global i32 (i32.const 3)) (func $f)"
        "  (elem (i32.const 0) $f) (elem (i32.const 1) $f)"
        "  (data (i32.const 0) \"x\") (data (i32.const 1) \"x\"))";
    enum { GLOBALS = 1, ELEMS = 2, DATAS = 2, ELEM = 1 + IN_BULK + 2, DATA = 1 + IN_BULK };
    enum { ALL = GLOBALS + ELEMS * ELEM + DATAS * DATA };
    Engine *engine = engine_new(features_default);
    Source first, second;
    Diag diag;
    if (!CHECK(source_load(&first, engine, (const u8 *)target, sizeof target - 1, &diag)) ||
        !CHECK(source_load(&second, engine, (const u8 *)making, sizeof making - 1, &diag)))
        exit(check_report());
    for (u32 fuel = 0; fuel <= ALL; fuel++) {
        Store *s = engine_store(engine);
        exec_grant_fuel(&s->exec, 1); // for the table
        Instance *shared = engine_instantiate(s, first.module, NULL, NULL, &diag).instance;
        if (!CHECK(shared)) exit(check_report());
        exec_grant_fuel(&s->exec, fuel);
        Instantiated made = engine_instantiate(s, second.module, from_instance, shared, &diag);
        CHECK_EQ_U64(made.trap, fuel == ALL ? TRAP_none : TRAP_out_of_fuel);
        CHECK((made.instance != NULL) == (fuel >= GLOBALS)); // somebody may have seen it
        u64 needs = GLOBALS, done = MIN(fuel, (u32)GLOBALS);
        for (u32 i = 0; i < ELEMS + 1; i++) {
            bool filled = i < ELEMS && fuel >= (needs += ELEM);
            CHECK((shared->tables[0]->elems[i] != REF_NULL) == filled);
            if (filled) done = needs;
        }
        for (u32 i = 0; i < DATAS + 1; i++) {
            bool filled = i < DATAS && fuel >= (needs += DATA);
            CHECK((shared->memories[0]->base[i] == 'x') == filled);
            if (filled) done = needs;
        }
        CHECK_EQ_U64(s->exec.fuel, fuel > done ? fuel - done - 1 : 0); // where it goes is paid first
        store_free(s);
    }
    source_free(&second);
    source_free(&first);
    engine_free(engine);
}

int main(void)
{
    initial_values();
    in_tier(TIER_interp);
    in_tier(TIER_baseline);
    return check_report();
}
