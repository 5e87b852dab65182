// taken_test.c -- a guest that is stopped at a loop of a function that was taken in where it is
// called: each function's frame reads back as the abstract machine has it, references are found, it
// may be put aside, and goes on with all of these in the interpreter.

#include "check.h"
#include "engine/source.h"
#include "run/call.h"
#include "run/frame.h"
#include "run/park.h"

#include <stdlib.h>

#if NATIVE

enum { INNER, MIDDLE, OUTER, FUNCS };
static const char text[] =
    "(module\n"
    "  (func $inner (param $n i32) (param $r externref) (result i32 externref)\n"
    "    (local $spare externref) (local $sum i64)\n"
    "    (i32.const 50) (local.get $r)\n"
    "    (loop $on\n"
    "      (local.set $sum (i64.add (local.get $sum) (i64.const 3)))\n"
    "      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))\n"
    "    (drop) (drop)\n"
    "    (i32.wrap_i64 (local.get $sum)) (local.get $r))\n"
    "  (func $middle (param $n i32) (param $r externref) (result i32 externref) (local $k i64)\n"
    "    (local.set $k (i64.const 63))\n"
    "    (i32.const 63) (local.get $n) (local.get $r) (call $inner)\n"
    "    (local.set $r) (i32.add (i32.wrap_i64 (local.get $k))) (i32.add) (local.get $r)\n"
    "    (drop (local.get $n)))\n" // what is not read later is not kept
    "  (func (export \"outer\") (param $n i32) (param $r externref) (result i32 externref)\n"
    "    (i64.const 1000) (local.get $r) (local.get $n) (local.get $r) (call $middle)\n"
    "    (local.set $r) (local.set $n) (drop)\n"
    "    (i32.wrap_i64) (i32.add (local.get $n)) (local.get $r)))\n";

static Arena arena;
static Store *store;
static Instance *instance;

static Func *outer(void) { return instance_func(instance, OUTER); }

static void stop_after(Exec *x, u32 polls)
{
    x->stop_every = x->polls = polls;
    x->stops = polls;
    if (polls) atomic_fetch_or(&x->stop, STOP_TICK);
}

// Of a place, from the newest frame on: its instruction, locals | operands.
static const char *place_text(const Position *at)
{
    static char line[512];
    char *p = line;
    FrameCursor c = {.at = *at, .stopped = true};
    FrameView f;
    for (bool found = frame_first(&c); found; frame_pop(&c), found = frame_found(&c)) {
        if (c.at.ip == code_host) continue;
        if (!CHECK(frame_read(&c, &arena, &f))) break;
        CHECK_EQ_U64(f.func, c.func);
        p += sprintf(p, "%s%u %s:", p > line ? "; " : "", c.func, op_info[frame_op(&c)].text);
        for (u32 i = 0; i < f.local_count; i++)
            p += sprintf(p, " %u", (u32)*f.local_values[i]);
        p += sprintf(p, " |");
        for (u32 i = 0; i < f.operand_count; i++)
            p += sprintf(p, " %x", (u32)*f.operand_values[i]);
    }
    return line;
}

static void count_ref(void *env, u64 *slot)
{
    if (*slot) ++*(u32 *)env;
}

// Stopped at the n-th place; then it goes on, at once or when it was elsewhere. The place's text.
static const char *stop_at(u32 n, bool aside, u32 turns, u32 *roots)
{
    static char text_there[512];
    Exec *x = &store->exec;
    u64 slots[8] = {turns, ref_new_extern(store, 5)};
    const u64 ref = slots[1];
    stop_after(x, n);
    Trap trap = engine_call(store, outer(), slots, COUNT_OF(slots));
    stop_after(x, 0);
    text_there[0] = 0;
    if (trap == TRAP_paused) {
        strcpy(text_there, place_text(&x->at));
        CHECK(frame_maps(&x->at));
        *roots = 0;
        frame_roots(x, &x->at, count_ref, roots);
        if (aside) {
            Parked *p = exec_park(x);
            if (!CHECK(p != NULL)) return "";
            Position at = park_place(p);
            CHECK_STR(place_text(&at), text_there);
            CHECK(park_room(p) > 0 && exec_unpark(x, p));
        }
        exec_go_on(x);
        trap = engine_continue(store, slots, COUNT_OF(slots));
    }
    exec_go_on(x);
    CHECK_EQ_U64(trap, TRAP_none);
    CHECK_EQ_U64((u32)slots[0], turns * 3 + 63 + 63 + 1000);
    CHECK_EQ_U64(slots[1], ref);
    return text_there;
}

static void check_taken(void)
{
    const Native *n = native_newest(native_region(instance->made), OUTER);
    if (!CHECK(n && n->optimized) || !CHECK_EQ_U64(n->taken_count, 2)) return;
    CHECK_EQ_U64(n->taken[0].func, MIDDLE);
    CHECK_EQ_U64(n->taken[1].func, INNER);
    CHECK_EQ_U64(n->taken[0].outer, 0);
    CHECK_EQ_U64(n->taken[1].outer, 1);
    CHECK_EQ_U64(n->taken[0].first, 2 + 2); // behind locals and what is below arguments
    CHECK_EQ_U64(n->taken[1].first, 3 + 1);
    CHECK_EQ_U64(native_refusals(instance->made), 0);
}

// At the entry of the outermost, and at each turn that asks.
static void stops(void)
{
    enum { TURNS = 9 };
    char want[256];
    u32 roots = 0, inside = 0;
    u64 slots[8] = {1, 0};
    CHECK_EQ_U64(engine_call(store, outer(), slots, COUNT_OF(slots)), TRAP_none);
    check_taken();
    for (u32 aside = 0; aside < 2; aside++)
        for (u32 n = 2; n <= TURNS + 1; n++) {
            const char *there = stop_at(n, aside, TURNS, &roots);
            if (!*there) continue; // a loop that is there several times asks less often
            u32 left = 0, ref = 0;
            if (!CHECK(sscanf(there, "0 loop: %u %u", &left, &ref) == 2)) continue;
            inside++;
            sprintf(want,
                    "0 loop: %u %u 0 %u | 32 %x; 1 call: %u 0 63 | 3f; 2 call: %u %u | 3e8 %x",
                    left, ref, (TURNS - left) * 3, ref, TURNS, TURNS, ref, ref);
            CHECK_STR(there, want);
            CHECK(roots > 0);
        }
    CHECK(inside >= 4);
}

int main(void)
{
    if (tier_lacks()) return check_report();
    Source source;
    Diag diag;
    Engine *engine = engine_new(features_default);
    engine->tier = TIER_opt;
    arena_init(&arena);
    if (!CHECK(source_load(&source, engine, (const u8 *)text, strlen(text), &diag))) return 1;
    store = engine_store(engine);
    instance = engine_instantiate(store, source.module, NULL, NULL, &diag).instance;
    if (CHECK(instance != NULL)) stops();
    store_free(store);
    source_free(&source);
    engine_free(engine);
    arena_free(&arena);
    return check_report();
}

#else
int main(void) { return check_report(); }
#endif
