// starved_test.c -- guests that run out of fuel, unit by unit, in each kind of place where that may
// be: what their frames refer to is known there too, whatever is collected meanwhile, in each tier;
// and so it is of guests that are set aside there.
// Hazards: R62, R69.

#include "objects.h"

static const char text[] =
    "(module"
    "  (rec (type $f (func (result i64))) (type $k (cont $f)))"
    "  (type $cell (struct (field i64) (field (mut (ref null $cell)))))"
    "  (type $cells (array (mut (ref null $cell))))"
    "  (tag $t (param (ref $cell)))"
    "  (tag $y)"
    "  (table $table 1 (ref null $cell))"
    "  (elem $e (ref null $cell) (item (struct.new $cell (i64.const 5) (ref.null $cell))))"
    "  (func $new (param i64) (result (ref $cell))"
    "    (struct.new $cell (local.get 0) (ref.null $cell)))"
    "  (func $of (param (ref null $cell)) (result i64) (struct.get $cell 0 (local.get 0)))"
    "  (func $later (type $f) (local $c (ref null $cell))"
    "    (local.set $c (call $new (i64.const 1000))) (suspend $y) (call $of (local.get $c)))"
    // References are operands below whatever is done: arms, labels, clauses, in loops and behind
    // all of these.
    "  (func $work (param $n i32) (result i64) (local $s i64) (local $l (ref null $cell))"
    "    (local $a (ref null $cells))"
    "    (call $new (i64.const 1))"
    "    (loop $on"
    "      (call $new (i64.const 2))"
    "      (if (result i64) (i32.and (local.get $n) (i32.const 1))"
    "        (then (call $of (call $new (i64.const 3))))"
    "        (else (block $b (result i64) (call $new (i64.const 4))"
    "          (block $c (br_table $c $c $c (i32.rem_u (local.get $n) (i32.const 3))))"
    "          (br_if $b (call $of) (i32.eqz (i32.and (local.get $n) (i32.const 2))))"
    "          (i64.const 4) (i64.add))))"
    "      (local.set $s (i64.add (local.get $s)))"
    "      (local.set $s (i64.add (call $of) (local.get $s)))"
    "      (block $h (result (ref $cell))"
    "        (try_table (catch $t $h) (throw $t (call $new (i64.const 7)))) (unreachable))"
    "      (local.set $s (i64.add (call $of) (local.get $s)))"
    "      (local.set $a (array.new $cells (call $new (i64.const 11)) (i32.const 300)))"
    "      (array.fill $cells (local.get $a) (i32.const 0) (call $new (i64.const 13))"
    "        (i32.const 290))"
    "      (array.copy $cells $cells (local.get $a) (i32.const 1) (local.get $a) (i32.const 0)"
    "        (i32.const 299))"
    "      (local.set $s (i64.add (local.get $s)"
    "        (call $of (array.get $cells (local.get $a) (i32.const 290)))))"
    "      (table.fill $table (i32.const 0) (call $new (i64.const 17))"
    "        (table.grow $table (call $new (i64.const 19)) (i32.const 1)))"
    "      (block $none (local.set $l (br_on_null $none (table.get $table (i32.const 0))))"
    "        (local.set $s (i64.add (local.get $s) (call $of (local.get $l)))))"
    "      (block $y (result (ref $k)) (local.set $s (i64.add (local.get $s)"
    "        (resume $k (on $y $y) (cont.new $k (ref.func $later))))) (unreachable))"
    "      (local.set $s (i64.add (resume $k) (local.get $s)))"
    "      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    "    (i64.add (call $of) (local.get $s)))"
    "  (elem declare func $later)"
    "  (func (export \"work\") (param i32) (result i64) (call $work (local.get 0))))";

static const char *const features = "+stack-switching";
static const weft_tier tiers[] = {WEFT_TIER_INTERP, WEFT_TIER_BASELINE, WEFT_TIER_AUTO};
enum { TURNS = 4 };

typedef struct {
    weft_store *store;
    weft_module *module;
    weft_func work;
} World;

static bool begin(World *w, weft_tier tier)
{
    weft_limits limits = weft_limits_init();
    weft_instance instance;
    limits.fuel = 1000000;
    engine = weft_engine_new(features, &diag);
    weft_engine_set_tier(engine, tier);
    w->module = weft_module_new(engine, text, sizeof text - 1, &diag);
    if (!CHECK(w->module != NULL)) {
        printf("%s\n", diag.message);
        return false;
    }
    w->store = weft_store_new(engine, &limits, &diag);
    CHECK_OK(weft_instantiate(w->store, w->module, NULL, &instance, &diag));
    CHECK_OK(weft_instance_func(w->store, instance, "work", &w->work, &diag));
    return true;
}

static void end(World *w)
{
    weft_store_free(w->store);
    weft_module_free(w->module);
    weft_engine_free(engine);
}

static void give(World *w, u64 fuel) { CHECK_OK(weft_store_set_fuel(w->store, fuel, &diag)); }
static u64 left(const World *w)
{
    uint64_t fuel;
    return weft_store_fuel(w->store, &fuel) ? fuel : 0;
}

static s64 whole(World *w, u64 *fuel)
{
    weft_val turns = weft_i32(TURNS), sum;
    u64 before = left(w);
    CHECK_OK(weft_call(w->store, w->work, &turns, 1, &sum, 1, &diag));
    *fuel = before - left(w);
    return sum.of.i64;
}

// What is not referred to any more is gone at each stop, and spoiled. Who switches with too little
// left pays that.
static void in_pieces(World *w, s64 want, u64 fuel, u64 piece)
{
    weft_val turns = weft_i32(TURNS), sum = weft_i64(0);
    u64 granted = piece, stops = 0;
    give(w, piece);
    weft_status status = weft_call(w->store, w->work, &turns, 1, &sum, 1, &diag);
    for (; status == WEFT_TRAP && !strcmp(diag.name, "out_of_fuel"); stops++) {
        CHECK_OK(weft_store_collect(w->store, &diag));
        frame_check(&w->store->s->exec, 4);
        granted += piece;
        give(w, left(w) + piece);
        status = weft_continue(w->store, &sum, 1, &diag);
    }
    CHECK_OK(status);
    CHECK_EQ_U64((u64)sum.of.i64, (u64)want);
    CHECK(granted - left(w) <= fuel);
    CHECK(stops > 500 / piece);
}

// Two that take turns, each set aside meanwhile.
static void beside_each_other(World *w, s64 want)
{
    enum { PIECE = 5 };
    weft_val turns = weft_i32(TURNS), sum;
    weft_task *tasks[2];
    give(w, PIECE);
    for (u32 i = 0; i < 2; i++) {
        tasks[i] = weft_task_start(w->store, w->work, &turns, 1, &diag);
        if (!CHECK(tasks[i] != NULL)) printf("%s\n", diag.message);
    }
    for (u32 stopped = 2; stopped;) {
        stopped = 0;
        for (u32 i = 0; i < 2; i++) {
            if (weft_task_state_of(tasks[i]) != WEFT_TASK_STOPPED) continue;
            CHECK_OK(weft_store_collect(w->store, &diag));
            give(w, left(w) + PIECE);
            weft_task_continue(tasks[i], &diag);
            stopped++;
        }
    }
    for (u32 i = 0; i < 2; i++) {
        CHECK_EQ_U64(weft_task_state_of(tasks[i]), WEFT_TASK_ENDED);
        CHECK_OK(weft_task_results(tasks[i], &sum, 1, &diag));
        CHECK_EQ_U64((u64)sum.of.i64, (u64)want);
        weft_task_free(tasks[i]);
    }
}

int main(void)
{
    u64 first = 0, fuel;
    for (u32 i = 0; i < COUNT_OF(tiers); i++) {
        World w;
        if (!begin(&w, tiers[i])) return check_report();
        s64 sum = whole(&w, &fuel);
        if (!first) first = fuel;
        CHECK_EQ_U64(fuel, first);
        end(&w);
        for (u64 piece = 1; piece <= 13; piece += 4) {
            begin(&w, tiers[i]);
            w.store->s->gc_stress = true;
            in_pieces(&w, sum, fuel, piece);
            end(&w);
        }
        begin(&w, tiers[i]);
        w.store->s->gc_stress = true;
        beside_each_other(&w, sum);
        end(&w);
    }
    return check_report();
}
