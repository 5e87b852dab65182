// stack_test.c -- recursion ends within the guest's stack, to the byte (hazard R19): frames and
// records of calls meet in the middle, in whatever way their sizes divide it, and nothing on either
// side of the stack is touched. So it is in compiled code, and where it and the interpreter take
// turns: at each entry and loop, or in the middle of a loop.
//
//     before | frames ->   <- records | after        what stands around it must stay

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"
#include "run/frame.h"

#include <stdlib.h>

enum { AROUND = 256, LEAST = 2048, SIZES = 24 };

// Operands that native code has in registers alone; the interpreter has slots for them.
#define WIDE "(i64.add (i64.mul (local.get 0) (i64.const 3)) "
#define ENDS ")"

// Frames of different sizes; each function calls itself for ever.
static const char text[] =
    "(module\n"
    "  (func $none (export \"none\") (call $none))\n"
    "  (func $local (export \"local\") (local i64) (call $local))\n"
    "  (func $locals (export \"locals\") (local i64 i64 i64) (call $locals))\n"
    "  (func $param (export \"param\") (param i64) (call $param (i64.const -1)))\n"
    "  (func $result (export \"result\") (result i64) (i64.add (i64.const 1) (call $result)))\n"
    "  (func $operands (export \"operands\") (result i64)\n"
    "    (i64.const 1) (i64.const 2) (call $operands) (i64.add) (i64.add))\n"
    "  (func $results (export \"results\") (result i64 i64 i64 i64) (call $results))\n"
    "  (func $loop (export \"loop\") (local i32 i64 i64 i64)\n"
    "    (loop (local.set 0 (i32.add (local.get 0) (i32.const 1)))\n"
    "      (br_if 0 (i32.lt_u (local.get 0) (i32.const 3))))\n"
    "    (call $loop))\n"
    "  (func $deep (export \"deep\") (result i64) (local i32)\n"
    "    (loop (local.set 0 (i32.add (local.get 0) (i32.const 1)))\n"
    "      (br_if 0 (i32.lt_u (local.get 0) (i32.const 3))))\n"
    "    (i64.const 1) (i64.const 2) (i64.const 3) (call $deep) (i64.add) (i64.add) (i64.add))\n"
    "  (func $wide (export \"wide\") (param i64) (result i64) (local i64)\n"
    "    (local.set 1 " WIDE WIDE WIDE WIDE WIDE WIDE "(local.get 0)" ENDS ENDS ENDS ENDS ENDS ENDS
    ")\n"
    "    (call $wide (local.get 1)))\n"
    "  (table funcref (elem $indirect))\n"
    "  (func $indirect (export \"indirect\") (call_indirect (i32.const 0))))\n";

static Engine *engine;
static Source source;

static u8 *move_stack(Exec *x, size_t bytes)
{
    u8 *block = aligned_alloc(16, (bytes + 2 * AROUND + 15) & ~(size_t)15);
    memset(block, 0xa5, bytes + 2 * AROUND);
    x->stack = (u64 *)(block + AROUND);
    x->stack_end = x->stack + bytes / 8;
    x->top = x->stack;
    x->bottom = x->stack_end;
    return block;
}

// Whoever called is still known: no frame lies over a record, nor over that of its own call.
static bool all_there(const Store *s, const Instance *inst, const Func *func)
{
    FrameCursor c = {0};
    u32 count = 0;
    for (const Record *call = NULL; frame_next(&s->exec, &c); call = c.at.record, count++) {
        if (c.at.inst != inst || c.func != func->index) return false;
        if (call && (const void *)(c.at.frame + frame_slots(&c)) > (const void *)call) return false;
    }
    return count > 0;
}

static void try_size(size_t bytes)
{
    Diag diag;
    Store *s = engine_store(engine);
    Instance *inst = engine_instantiate(s, source.module, NULL, NULL, &diag).instance;
    Exec *x = &s->exec, own = *x;
    u8 *block = move_stack(x, bytes);
    for (u32 i = 0; inst && i < source.module->export_count; i++) {
        Bytes name = source.module->exports[i].name;
        Extern f;
        u64 slots[4] = {0};
        u32 changed = 0;
        CHECK(instance_export(inst, name, &f));
        CHECK_EQ_U64(engine_call(s, f.func, slots, COUNT_OF(slots)), TRAP_call_stack_exhausted);
        CHECK(all_there(s, inst, f.func));
        for (u32 k = 0; k < AROUND; k++)
            changed += (block[k] != 0xa5) + (block[AROUND + bytes + k] != 0xa5);
        if (CHECK(changed == 0)) continue;
        printf("    %.*s: %u bytes around a stack of %zu\n", (int)name.len, name.data, changed,
               bytes);
        memset(block, 0xa5, AROUND);
    }
    CHECK(inst != NULL);
    x->stack = own.stack;
    x->stack_end = own.stack_end;
    store_free(s);
    free(block);
}

static const struct { Tier tier; u32 hot, down_every; } ways[] = {
    {TIER_interp, 0, 0}, {TIER_baseline, 0, 0}, {TIER_baseline, 0, 1}, {TIER_baseline, 0, 3},
    {TIER_auto, 1, 0}, {TIER_auto, 2, 0},
};

static void in_way(u32 way)
{
    Diag diag;
    engine = engine_new(features_default);
    engine->limits.heap_bytes = 1 << 20;
    engine->tier = ways[way].tier;
    engine->hot = ways[way].hot;
    engine->down_every = ways[way].down_every;
    if (CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag)))
        for (u32 i = 0; i < SIZES; i++) try_size(LEAST + 8 * i);
    source_free(&source);
    engine_free(engine);
}

// ---- Who fits in the interpreter fits

// Goes round a loop until that is compiled, for which a frame is larger: then there is no room, and
// the loop stays where it is.
#define TEN "i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 "
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
static const char turns[] =
    "(module (func (export \"turns\") (result i64)\n"
    "  (local i64 " HUNDRED HUNDRED TEN TEN TEN TEN TEN ")\n"
    "  (loop (local.set 0 (i64.add (local.get 0) (i64.const 1)))\n"
    "    (br_if 0 (i64.lt_u (local.get 0) (i64.const 100))))\n"
    "  (local.get 0)))\n";

static Trap turns_in(size_t bytes, Tier tier, u32 *compiled)
{
    Diag diag;
    Source s;
    u64 result = 0;
    engine = engine_new(features_default);
    engine->tier = tier;
    engine->hot = 2; // a call, and 20 turns
    Trap trap = TRAP_none;
    if (CHECK(source_load(&s, engine, (const u8 *)turns, sizeof turns - 1, &diag))) {
        Store *store = engine_store(engine);
        Instance *inst = engine_instantiate(store, s.module, NULL, NULL, &diag).instance;
        Exec *x = &store->exec, own = *x;
        u8 *block = move_stack(x, bytes);
        trap = engine_call(store, instance_func(inst, 0), &result, 1);
        CHECK_EQ_U64(result, trap ? 0 : 100);
        *compiled += inst->made->funcs[0].interp == code_native;
        // however long it goes round there
        if (inst->made->heat) CHECK(inst->made->heat[0] >= -HOT_CALL);
        x->stack = own.stack;
        x->stack_end = own.stack_end;
        store_free(store);
        free(block);
    }
    source_free(&s);
    engine_free(engine);
    return trap;
}

static void who_fits(void)
{
    u32 fit = 0, compiled = 0;
    for (u32 i = 0; i < SIZES; i++) {
        Trap there = turns_in(LEAST + 8 * i, TIER_interp, &compiled);
        CHECK_EQ_U64(turns_in(LEAST + 8 * i, TIER_auto, &compiled), there);
        fit += !there;
    }
    CHECK(fit > 0 && fit < SIZES);
    CHECK(!NATIVE || compiled == fit);
}

int main(void)
{
    who_fits();
    for (u32 i = 0; i < COUNT_OF(ways); i++) {
        unsigned before = check_failed;
        in_way(i);
        if (check_failed != before) printf("    in way %u\n", i);
    }
    return check_report();
}
