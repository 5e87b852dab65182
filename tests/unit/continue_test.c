// continue_test.c -- guests that go on where they were stopped: what they hold meanwhile, where the
// next call begins, and what a host function does that throws while a pause is wanted.
// Hazards: R21.

#include "check.h"
#include "weft.h"

#include <string.h>

static const char text[] =
    "(module"
    "  (import \"h\" \"tag\" (tag $t))"
    "  (import \"h\" \"fresh\" (func $fresh (result externref)))"
    "  (import \"h\" \"same\" (func $same (param externref) (result externref)))"
    "  (import \"h\" \"again\" (func $again (result i32)))"
    "  (import \"h\" \"throws\" (func $throws))"
    "  (memory 1)"
    "  (func $nop)"
    // Loops that begin with what may trap, or with a call of what they are given.
    "  (func (export \"below\") (result externref) (local $p i32)"
    "    (call $fresh)"
    "    (loop $l (drop (i32.load (local.get $p))) (br_if $l (call $again))))"
    "  (func (export \"given\") (result externref)"
    "    (call $fresh)"
    "    (loop $l (param externref) (result externref)"
    "      (call $same) (br_if $l (call $again))))"
    // The same, where something has still to be brought home in front of the loop.
    "  (func (export \"late\") (result externref) (local $p i32)"
    "    (call $fresh) (local.get $p)"
    "    (loop $l (param externref i32) (result externref)"
    "      (drop) (call $same) (i32.const 1) (br_if $l (call $again)) (drop)))"
    "  (func (export \"kept\") (result externref) (local $p i32)"
    "    (block $k"
    "      (try_table (catch $t $k)"
    "        (block $h (result exnref) (try_table (catch_all_ref $h) (throw $t)) (unreachable))"
    "        (loop $l (drop (i32.load (local.get $p))) (br_if $l (call $again)))"
    "        (throw_ref)))"
    "    (call $fresh))"
    "  (func (export \"traps\") (param i64) (drop (call $again)) (unreachable))"
    "  (func (export \"seven\") (param i64) (result i64) (i64.const 7))"
    "  (func $down (param i32)"
    "    (if (i32.eqz (local.get 0)) (then (throw $t)))"
    "    (call $down (i32.sub (local.get 0) (i32.const 1))) (call $nop))"
    "  (func (export \"deep\") (result i32)"
    "    (block $k (try_table (catch $t $k) (call $down (i32.const 400)))) (i32.const 7))"
    "  (func (export \"catches\") (result i32)"
    "    (block $k (try_table (catch $t $k) (call $throws))) (call $nop) (i32.const 7)))";

static char cells[100000]; // what pointers point at; the first is the guest's
static weft_engine *engine;
static weft_store *store;
static weft_instance instance;
static weft_table table;
static weft_tag tag;
static weft_diag diag;
static unsigned asked;
static bool needed; // the first cell
#define CHECK_OK(call) CHECK((call) == WEFT_OK)

static void finalize(void *env, void *pointer) { CHECK(pointer != cells || !needed); }

static weft_status fresh(void *env, weft_caller *caller, weft_slot *slots)
{
    slots[0].ref = cells;
    return WEFT_OK;
}

static weft_status same(void *env, weft_caller *caller, weft_slot *slots) { return WEFT_OK; }

static weft_status again(void *env, weft_caller *caller, weft_slot *slots)
{
    slots[0].i32 = !asked++;
    if (asked == 1) weft_store_stop(weft_caller_store(caller), WEFT_STOP_PAUSED);
    return WEFT_OK;
}

static weft_status throws(void *env, weft_caller *caller, weft_slot *slots)
{
    weft_store_stop(weft_caller_store(caller), WEFT_STOP_PAUSED);
    return weft_throw(caller, tag, NULL, 0, NULL);
}

static weft_func func(const char *name)
{
    weft_func f;
    CHECK_OK(weft_instance_func(store, instance, name, &f, &diag));
    return f;
}

static void start(uint64_t fuel)
{
    weft_limits limits = weft_limits_init();
    limits.fuel = fuel;
    store = weft_store_new(engine, &limits, &diag);
    weft_linker *linker = weft_linker_new(engine, &diag);
    weft_module *m = weft_module_new(engine, text, sizeof text - 1, &diag);
    if (!CHECK(store && linker && m)) exit(check_report());
    weft_store_set_finalizer(store, finalize, NULL);
    CHECK_OK(weft_table_new(store, 1000, 1000, weft_externref(NULL), &table, &diag));
    CHECK_OK(weft_tag_new(store, ":", &tag, &diag));
    CHECK_OK(weft_linker_define(linker, "h", "tag", (weft_extern){WEFT_TAG, {.tag = tag}}, &diag));
    CHECK_OK(weft_linker_func(linker, "h", "fresh", ":r", fresh, NULL, NULL, &diag));
    CHECK_OK(weft_linker_func(linker, "h", "same", "r:r", same, NULL, NULL, &diag));
    CHECK_OK(weft_linker_func(linker, "h", "again", ":i", again, NULL, NULL, &diag));
    CHECK_OK(weft_linker_func(linker, "h", "throws", ":", throws, NULL, NULL, &diag));
    CHECK_OK(weft_instantiate(store, m, linker, &instance, &diag));
    weft_module_free(m);
    weft_linker_free(linker);
}

// What the operands of a stopped loop refer to stays, whatever its first instruction is.
static void held(const char *name, bool pointer)
{
    weft_val result;
    asked = 0;
    CHECK(weft_call(store, func(name), NULL, 0, &result, 1, &diag) == WEFT_TRAP);
    if (!CHECK(weft_store_may_continue(store))) return;
    weft_store_stop(store, WEFT_STOP_NOT);
    needed = pointer;
    for (size_t i = 1; i < sizeof cells; i++)
        CHECK_OK(weft_table_set(store, table, i % 1000, weft_externref(&cells[i]), &diag));
    CHECK_OK(weft_continue(store, &result, 1, &diag));
    CHECK(result.of.ext == cells);
    needed = false;
}

// The next call begins at the stack's start, however the last one ended.
static void begins_anew(void)
{
    weft_val arg = weft_i64(0x1234560), result;
    for (unsigned i = 0; i < 20; i++) {
        asked = 1; // no pause of its own
        weft_store_stop(store, WEFT_STOP_PAUSED);
        CHECK(weft_call(store, func("traps"), &arg, 1, NULL, 0, &diag) == WEFT_TRAP);
        weft_store_stop(store, WEFT_STOP_NOT);
        CHECK(weft_continue(store, NULL, 0, &diag) == WEFT_TRAP);
        CHECK_STR(diag.name, "unreachable");
        weft_store_stop(store, WEFT_STOP_PAUSED);
        CHECK(weft_call(store, func("seven"), &arg, 1, &result, 1, &diag) == WEFT_TRAP);
        weft_store_stop(store, WEFT_STOP_NOT);
        CHECK_OK(weft_continue(store, &result, 1, &diag));
        CHECK_EQ_U64((uint64_t)result.of.i64, 7);
    }
}

// A pause that is wanted while a host function throws comes when that is caught.
static void thrown(void)
{
    weft_val result;
    CHECK(weft_call(store, func("catches"), NULL, 0, &result, 1, &diag) == WEFT_TRAP);
    CHECK_STR(diag.name, "paused");
    weft_store_stop(store, WEFT_STOP_NOT);
    if (!CHECK(weft_store_may_continue(store))) return;
    CHECK_OK(weft_continue(store, &result, 1, &diag));
    CHECK_EQ_U64((uint64_t)result.of.i32, 7);
}

static uint64_t fuel_left(void)
{
    uint64_t left = 0;
    CHECK(weft_store_fuel(store, &left));
    return left;
}

// Who runs out of fuel in a search for who catches an exception pays for it once.
static void searched(void)
{
    enum { PLENTY = 100000 };
    weft_val result;
    CHECK_OK(weft_store_set_fuel(store, PLENTY, &diag));
    CHECK_OK(weft_call(store, func("deep"), NULL, 0, &result, 1, &diag));
    uint64_t used = PLENTY - fuel_left();
    for (uint64_t lacks = 1; lacks < 16000; lacks += 5000) {
        CHECK_OK(weft_store_set_fuel(store, used - lacks, &diag));
        CHECK(weft_call(store, func("deep"), NULL, 0, &result, 1, &diag) == WEFT_TRAP);
        CHECK_STR(diag.name, "out_of_fuel");
        if (!CHECK(weft_store_may_continue(store))) return;
        CHECK_OK(weft_store_set_fuel(store, fuel_left() + lacks, &diag));
        CHECK_OK(weft_continue(store, &result, 1, &diag));
        CHECK_EQ_U64((uint64_t)result.of.i32, 7);
        CHECK_EQ_U64(fuel_left(), 0);
    }
}

int main(void)
{
    engine = weft_engine_new(NULL, &diag);
    for (unsigned i = 0; i < 2; i++) {
        start(i ? (uint64_t)1 << 40 : 0);
        held("below", true);
        held("given", true);
        held("late", true);
        held("kept", false); // but an exception
        begins_anew();
        thrown();
        if (i) searched();
        weft_store_free(store);
    }
    weft_engine_free(engine);
    return check_report();
}
