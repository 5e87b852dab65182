// fuel_test.c -- what a unit of fuel buys: an instruction, and of what may take long so much of it
// (hazard R82). The numbers are the same in any build and tier, whoever translated a function
// before.

#include "check.h"
#include "engine/source.h"
#include "run/frame.h"
#include "run/native.h"

#define X4(x) x x x x
#define X16(x) X4(x) X4(x) X4(x) X4(x)
#define I64_64 X16("i64 i64 i64 i64 ")
#define ZERO_64 X16("(i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) ")
#define DROP_64 X16("(drop) (drop) (drop) (drop) ")

static const char text[] =
    "(module (import \"\" \"\" (func $imported))"
    "  (tag $none) (tag $many (param " I64_64 ")) (tag $other)"
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
    "  (type $t (func)) (table $calls funcref (elem $nothing))"
    "  (elem declare func $nothing $imported)"
    "  (func $nothing (type $t))"
    "  (func (export \"indirect\") (call_indirect $calls (type $t) (i32.const 0)))"
    "  (func (export \"by-reference\") (call_ref $t (ref.func $nothing)))"
    "  (func (export \"imported\") (call $imported))"
    "  (func (export \"imported-by-reference\") (call_ref $t (ref.func $imported)))"
    "  (table $grown 0 funcref)"
    "  (func (export \"table-grow\")"
    "    (drop (table.grow $grown (ref.null func) (i32.const 64))))"
    "  (data $d \"abc\")"
    "  (func (export \"memory-init\")"
    "    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3)))"
    "  (func (export \"memory-discard\") (memory.discard (i32.const 0) (i32.const 1)))"
    "  (func (export \"grow-refused\") (drop (memory.grow (i32.const -1))))"
    "  (func (export \"divided\") (drop (i64.div_s (i64.const 7) (i64.const 2))))"
    "  (func (export \"root\") (drop (f64.sqrt (f64.const 2))))"
    "  (func (export \"vectors\")"
    "    (drop (i64x2.mul (v128.const i64x2 1 2) (v128.const i64x2 3 4))))"
    "  (func (export \"atomic-loaded\") (drop (i32.atomic.load (i32.const 0))))"
    "  (func (export \"atomic-stored\") (i32.atomic.store (i32.const 0) (i32.const 1)))"
    "  (func (export \"atomic-added\")"
    "    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))"
    "  (func (export \"fenced\") (atomic.fence))"
    "  (func (export \"notified\")"
    "    (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))"
    "  (type $two (sub (struct (field i64 i64)))) (type $many (struct (field " I64_64 ")))"
    "  (type $a (array (mut i64)))"
    "  (type $s1 (sub $two (struct (field i64 i64)))) (type $s2 (sub $s1 (struct (field i64 i64))))"
    "  (type $s3 (sub $s2 (struct (field i64 i64)))) (type $s4 (sub $s3 (struct (field i64 i64))))"
    "  (func (export \"structure\") (drop (struct.new_default $two)))"
    "  (func (export \"structure-of-many\") (drop (struct.new_default $many)))"
    "  (func (export \"array-small\") (drop (array.new_default $a (i32.const 5))))"
    "  (func (export \"array\") (drop (array.new_default $a (i32.const 64))))"
    "  (func (export \"array-filled\") (array.fill $a (array.new_default $a (i32.const 64))"
    "    (i32.const 0) (i64.const 1) (i32.const 64)))"
    "  (func (export \"cast\") (drop (ref.test (ref $s3) (struct.new_default $two))))"
    "  (func (export \"cast-deep\") (drop (ref.test (ref $s4) (struct.new_default $two))))"
    "  (func (export \"cast-function\") (drop (ref.test (ref $t) (ref.func $nothing))))"
    ")";

// What instructions cost besides their own unit.
enum {
#define DEAR(row, units) DEAR_##row = units,
#include "op/price.def"
};
enum {
    FRAME = PRICE_frame, GUARD = PRICE_guard, CLAUSE = PRICE_clause, VALUES = PRICE_values,
    BYTES = PRICE_bytes, CAST = PRICE_cast, MOVE = 8 * VALUES // of 64 values
};

// The end of a block counts with what stands in front of it, also where nothing gets there.

static const struct {
    const char *name;
    u64 units;
} costs[] = {
    {"nothing", 1},
    {"locals-7", 1},
    {"locals-8", 1 + VALUES},
    {"locals-vectors", 1 + 2 * VALUES},
    {"locals-called", 2 + DEAR_call + 1 + MOVE},
    {"arguments", 64 + 2 + DEAR_call + 1},
    {"tail", 64 + 2 + DEAR_return_call + MOVE + 64 + 2 + DEAR_return_call + MOVE + 1},
    {"results", 1 + DEAR_call + 64 + 1 + 64 + 1 + MOVE},
    {"results-early", 1 + DEAR_call + 64 + 2 + MOVE + 64 + 1},
    {"br", 1 + 64 + 2 + DEAR_br + MOVE + 64 + 1},
    {"br-moved", 1 + 1 + 64 + 2 + DEAR_br + MOVE + 64 + 1},
    {"br_if", 1 + 64 + 2 + MOVE + 1 + 64 + 1},
    {"br_table", 2 + 64 + 3 + MOVE + 1 + 64 + 1},
    {"indirect", 3 + DEAR_call_indirect + 1},
    {"by-reference", 3 + DEAR_ref_func + DEAR_call_ref + 1},
    {"imported", 2 + DEAR_call + PRICE_import},
    {"imported-by-reference", 3 + DEAR_ref_func + DEAR_call_ref},
    {"table-init", 5 + DEAR_table_init + 64 * BYTES / 2},
    {"table-fill", 5 + DEAR_table_fill + 64 / 16 * BYTES},
    {"table-copy", 5 + DEAR_table_copy + 64 / 16 * BYTES},
    {"table-grow", 5 + DEAR_table_grow + 64 / 8 * BYTES},
    {"memory-fill", 5 + DEAR_memory_fill},
    {"memory-copy", 5 + DEAR_memory_copy + BYTES},
    {"memory-init", 5 + DEAR_memory_init},
    {"memory-discard", 4 + DEAR_memory_discard + 65536 / 32 * BYTES},
    {"bulk-of-none", 5 + DEAR_memory_copy},
    {"memory-grow", 4 + DEAR_memory_grow + PRICE_view + 65536 / 64 * PRICE_growth},
    {"grow-by-none", 4 + DEAR_memory_grow},
    {"grow-refused", 4 + DEAR_memory_grow},
    {"throw", 4 + DEAR_try_table + DEAR_throw + FRAME + GUARD + 1},
    {"throw-third", 4 + DEAR_try_table + DEAR_throw + FRAME + GUARD + 2 * CLAUSE + 1},
    {"throw-nested", 6 + 3 * DEAR_try_table + DEAR_throw + FRAME + 3 * GUARD + 1},
    {"throw-frames", 4 + DEAR_try_table + DEAR_call + 2 + DEAR_throw + 2 * FRAME + GUARD + 1},
    {"throw-values", 2 + DEAR_try_table + 64 + 2 + DEAR_throw + FRAME + GUARD + 3 * MOVE + 64 + 1},
    {"throw-legacy", 3 + DEAR_try + DEAR_throw + FRAME + GUARD + CLAUSE + 1 + 1},
    {"delegate", 3 + DEAR_try + 2},
    {"divided", 4 + DEAR_i64_div_s + 1},
    {"root", 3 + DEAR_f64_sqrt + 1},
    {"vectors", 4 + DEAR_i64x2_mul + 1},
    {"atomic-loaded", 3 + 1},
    {"atomic-stored", 3 + PRICE_atomic + 1},
    {"atomic-added", 4 + PRICE_atomic + 1},
    {"fenced", 1 + DEAR_atomic_fence + 1},
    {"notified", 4 + DEAR_memory_atomic_notify + 1},
    {"structure", 2 + DEAR_struct_new_default + 1},
    {"structure-of-many", 2 + DEAR_struct_new_default + 8 * BYTES + 1},
    {"array-small", 3 + DEAR_array_new_default + 1},
    {"array", 3 + DEAR_array_new_default + 8 * BYTES + 1},
    {"array-filled", 7 + DEAR_array_new_default + DEAR_array_fill + 16 * BYTES},
    {"cast", 3 + DEAR_struct_new_default + 1},
    {"cast-deep", 3 + DEAR_struct_new_default + CAST + 1},
    {"cast-function", 3 + DEAR_ref_func + CAST + 1},
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
    u64 slots[1] = {0}, units = used(s, f, 10000);
    FrameCursor c = {0};
    exec_grant_fuel(&s->exec, units - 1);
    CHECK_EQ_U64(engine_call(s, f, slots, COUNT_OF(slots)), TRAP_out_of_fuel);
    CHECK(frame_next(&s->exec, &c) && frame_op(&c) == behind);
}

static u64 left[COUNT_OF(costs)]; // with_less, in the first tier

static Trap nothing(HostCall *call) { return TRAP_none; }
static bool imported(void *env, const Import *import, const ExternType *type, Extern *out)
{
    out->func = func_new_host(env, type->func, nothing, NULL);
    return out->func;
}

static u32 optimized_of(const Instance *inst)
{
    u32 count = 0;
    const NativeRegion *r = native_region(inst->made);
    for (u32 i = 0; r && i < r->func_count; i++) count += native_has(r, i, true, 0);
    return count;
}

static void in_tier(Tier tier, Features features)
{
    Engine *engine = engine_new(features);
    engine->tier = tier;
    Source source;
    Diag diag;
    if (!CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag))) {
        char why[300];
        puts(diag_text(&diag, why, sizeof why));
        exit(check_report());
    }
    Store *s = engine_store(engine);
    exec_grant_fuel(&s->exec, 1000); // for the tables
    Instantiated made = engine_instantiate(s, source.module, imported, s, &diag);
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
    // Where continuations can be, nothing is that counts fuel.
    bool optimizes = tier == TIER_opt && !tier_lacks() &&
                     !(features & FEATURE_BIT(FEATURE_stack_switching));
    u32 optimized = made.instance ? optimized_of(made.instance) : 0;
    CHECK(optimizes ? optimized > COUNT_OF(costs) / 2 : !optimized);
    store_free(s);
    source_free(&source);
    engine_free(engine);
}

static bool from_instance(void *env, const Import *import, const ExternType *type, Extern *out)
{
    return instance_export(env, import->name, out);
}

// Each initial value costs some, and a segment more besides; what costs more than there is
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
    enum { VALUE = PRICE_value, PUT = VALUE + PRICE_segment };
    enum { GLOBALS = VALUE, ELEMS = 2, DATAS = 2, ELEM = PUT, DATA = PUT };
    enum { ALL = GLOBALS + ELEMS * ELEM + DATAS * DATA };
    Engine *engine = engine_new(features_default);
    Source first, second;
    Diag diag;
    if (!CHECK(source_load(&first, engine, (const u8 *)target, sizeof target - 1, &diag)) ||
        !CHECK(source_load(&second, engine, (const u8 *)making, sizeof making - 1, &diag)))
        exit(check_report());
    for (u32 fuel = 0; fuel <= ALL; fuel++) {
        Store *s = engine_store(engine);
        exec_grant_fuel(&s->exec, PRICE_value); // for the table
        Instance *shared = engine_instantiate(s, first.module, NULL, NULL, &diag).instance;
        if (!CHECK(shared)) exit(check_report());
        exec_grant_fuel(&s->exec, fuel);
        Instantiated made = engine_instantiate(s, second.module, from_instance, shared, &diag);
        CHECK_EQ_U64(made.trap, fuel == ALL ? TRAP_none : TRAP_out_of_fuel);
        CHECK((made.instance != NULL) == (fuel >= GLOBALS)); // somebody may have seen it
        u64 needs = GLOBALS, done = fuel < GLOBALS ? 0 : GLOBALS;
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
        u64 rest = fuel - done; // where it goes is paid first
        CHECK_EQ_U64(s->exec.fuel, done && rest >= VALUE ? rest - VALUE : rest);
        store_free(s);
    }
    source_free(&second);
    source_free(&first);
    engine_free(engine);
}

static char *put(char *at, const char *what, u32 times)
{
    for (size_t len = strlen(what); times--; at += len) memcpy(at, what, len);
    return at;
}

// A straight piece may be dearer than a charge can say: then it costs as much as one can.
static void dearer_than_any(Tier tier)
{
    enum { FIELDS = 10000, TIMES = 30000, ROOM = 1 << 21 };
    _Static_assert((u64)FIELDS * 16 / 64 * BYTES * TIMES > INT32_MAX, "it is");
    char *many = malloc(ROOM), *end = put(many, "(module (type $s (struct ", 1);
    end = put(end, "(field v128)", FIELDS);
    end = put(end, ")) (func (export \"f\") (drop (i32.div_u (i32.const 1) (i32.const 0)))", 1);
    end = put(end, "(drop (struct.new_default $s))", TIMES);
    end = put(end, "))", 1);
    Engine *engine = engine_new(features_default);
    engine->tier = tier;
    Source source;
    Diag diag;
    size_t len = (size_t)(end - many);
    if (!CHECK(source_load(&source, engine, (const u8 *)many, len, &diag))) exit(check_report());
    Store *s = engine_store(engine);
    exec_grant_fuel(&s->exec, UINT64_MAX);
    Instantiated made = engine_instantiate(s, source.module, NULL, NULL, &diag);
    Extern f;
    if (CHECK(made.instance && instance_export(made.instance, bytes_of("f"), &f))) {
        CHECK_EQ_U64(engine_call(s, f.func, NULL, 0), TRAP_integer_divide_by_zero);
        CHECK_EQ_U64(INT64_MAX - s->exec.fuel, INT32_MAX);
        exec_grant_fuel(&s->exec, INT32_MAX - 1);
        CHECK_EQ_U64(engine_call(s, f.func, NULL, 0), TRAP_out_of_fuel);
    }
    store_free(s);
    source_free(&source);
    engine_free(engine);
    free(many);
}

static u64 seen; // the last of its caller's locals, by a host function
static Trap look(HostCall *call)
{
    FrameCursor c = {0};
    if (CHECK(frame_next(call->exec, &c))) seen = c.at.frame[2];
    return TRAP_none;
}
static bool looking(void *env, const Import *import, const ExternType *type, Extern *out)
{
    out->func = func_new_host(env, type->func, look, NULL);
    return out->func;
}

static bool grant(Exec *x, u64 units)
{
    x->fuel += 1000;
    return true;
}

// Where it got more fuel a local was another than it is where it calls: each time who is called
// sees what it is then.
static void seen_behind_a_grant(Tier tier)
{
    static const char code[] =
        "(module (import \"\" \"\" (func $look))"
        "  (func (export \"f\") (param i64 i64) (result i64) (local $x i64)"
        "    (local.set $x (local.get 0)) (call $look)"
        "    (drop (local.get $x)) (block (local.set $x (local.get 1)))"
        "    (drop (local.get $x)) (local.set $x (local.get 0)) (call $look)"
        "    (local.get $x)))";
    const Features conts = FEATURE_BIT(FEATURE_stack_switching);
    Engine *engine = engine_new(features_all & ~conts);
    engine->tier = tier;
    Source source;
    Diag diag;
    if (!CHECK(source_load(&source, engine, (const u8 *)code, sizeof code - 1, &diag)))
        exit(check_report());
    Store *s = engine_store(engine);
    exec_grant_fuel(&s->exec, 1000);
    Instance *inst = engine_instantiate(s, source.module, looking, s, &diag).instance;
    Extern f;
    if (CHECK(inst && instance_export(inst, bytes_of("f"), &f)))
        for (u64 fuel = 1; fuel < 100; fuel++) {
            u64 slots[2] = {5, 6};
            exec_grant_fuel(&s->exec, fuel);
            s->exec.more_fuel = grant;
            CHECK_EQ_U64(engine_call(s, f.func, slots, COUNT_OF(slots)), TRAP_none);
            CHECK_EQ_U64(slots[0], 5);
            CHECK_EQ_U64(seen, 5);
        }
    store_free(s);
    source_free(&source);
    engine_free(engine);
}

int main(void)
{
    for (Tier tier = TIER_interp; tier <= TIER_opt; tier++) seen_behind_a_grant(tier);
    dearer_than_any(TIER_interp);
    dearer_than_any(TIER_baseline);
    initial_values();
    in_tier(TIER_interp, features_all);
    in_tier(TIER_baseline, features_all);
    in_tier(TIER_opt, features_all);
    in_tier(TIER_opt, features_all & ~FEATURE_BIT(FEATURE_stack_switching));
    return check_report();
}
