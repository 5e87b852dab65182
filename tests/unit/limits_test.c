// limits_test.c -- what a store's limits and its fuel leave behind: memories and tables have a limit together, and a bulk
// operation that is stopped has done its first pieces and nothing else (HAZARDS R24).

#include "check.h"
#include "engine/source.h"
#include "run/exec.h"

#include <stdlib.h>
#include <string.h>

static const char text[] =
    "(module (memory $m (export \"m\") 256) (memory $n (export \"n\") 1) (table $t (export \"t\") 1 funcref) (func $f)"
    "  (elem declare func $f)"
    "  (func (export \"copy\") (param i32 i32 i32) (memory.copy $m $m (local.get 0) (local.get 1) (local.get 2)))"
    "  (func (export \"fill\") (param i32 i32 i32) (memory.fill $m (local.get 0) (local.get 1) (local.get 2)))"
    "  (func (export \"grow_n\") (param i32) (result i32) (memory.grow $n (local.get 0)))"
    "  (func (export \"grow_t\") (param i32) (result i32) (table.grow $t (ref.func $f) (local.get 0))))";

enum { MIB = 1 << 20, PAGE = 1 << 16 };

typedef struct {
    Engine *engine;
    Source source;
    Store *store;
    Instance *instance;
    Memory *m, *n;
    Table *t;
} World;

static Extern export_of(World *w, const char *name)
{
    Extern e = {0};
    CHECK(instance_export(w->instance, (Bytes){(const u8 *)name, strlen(name)}, &e));
    return e;
}

static bool none(void *env, const Import *import, const ExternType *type, Extern *out) { return false; }

static bool world_open(World *w, StoreLimits limits, u64 fuel)
{
    Diag diag;
    *w = (World){.engine = engine_new(features_default)};
    if (!CHECK(w->engine && source_load(&w->source, w->engine, (const u8 *)text, sizeof text - 1, &diag))) return false;
    w->engine->limits = limits;
    w->store = engine_store(w->engine);
    exec_grant_fuel(w->store->exec, fuel);
    Instantiated made = engine_instantiate(w->store, w->source.module, none, NULL, &diag);
    w->instance = made.instance;
    if (!made.instance) return false;
    CHECK_EQ_U64(made.trap, TRAP_none);
    w->m = export_of(w, "m").memory;
    w->n = export_of(w, "n").memory;
    w->t = export_of(w, "t").table;
    return true;
}

static void world_close(World *w)
{
    store_free(w->store);
    source_free(&w->source);
    engine_free(w->engine);
}

static Trap call(World *w, const char *name, u64 a, u64 b, u64 c, u64 *result)
{
    u64 slots[3] = {a, b, c};
    Trap trap = engine_call(w->store, export_of(w, name).func, slots);
    if (result) *result = slots[0];
    return trap;
}

static void test_memories_together(void)
{
    World w;
    u64 old = 0;
    StoreLimits limits = store_limits_default;
    limits.memory_total = 260 * PAGE;
    if (!CHECK(world_open(&w, limits, UINT64_MAX))) return;
    CHECK_EQ_U64(call(&w, "grow_n", 4, 0, 0, &old), TRAP_none);
    CHECK_EQ_U64((u32)old, UINT32_MAX);
    CHECK_EQ_U64(call(&w, "grow_n", 3, 0, 0, &old), TRAP_none);
    CHECK_EQ_U64((u32)old, 1);
    CHECK_EQ_U64(memory_grow(w.m, 1), -1);
    CHECK_EQ_U64(memory_grow(w.m, 0), 256);
    CHECK_EQ_U64(w.store->memory_left, 0);
    world_close(&w);

    limits.memory_total = 256 * PAGE; // one page short of the minima
    CHECK(!world_open(&w, limits, UINT64_MAX));
    world_close(&w);
    limits.memory_total = 0; // as much as one
    limits.memory_bytes = 257 * PAGE;
    CHECK(world_open(&w, limits, UINT64_MAX));
    CHECK_EQ_U64(memory_grow(w.n, 1), -1);
    world_close(&w);
}

// Bytes from `at` that are `value`.
static u64 run_of(const Memory *m, u64 at, u8 value)
{
    u64 n = 0;
    while (at + n < m->size && m->base[at + n] == value) n++;
    return n;
}

// 16 units for each KiB: 40,000 pay for two pieces of a MiB, not for three.
static void test_fill_and_copy(void)
{
    World w;
    if (!CHECK(world_open(&w, store_limits_default, 40000))) return;
    CHECK_EQ_U64(call(&w, "fill", 100, 7, 5 * MIB, NULL), TRAP_out_of_fuel);
    CHECK_EQ_U64(run_of(w.m, 0, 0), 100);
    CHECK_EQ_U64(run_of(w.m, 100, 7), 2 * MIB);

    for (u64 i = 0; i < 16 * MIB; i++) w.m->base[i] = i < 8 * MIB ? 0 : (u8)(i / MIB);
    exec_grant_fuel(w.store->exec, 40000);
    CHECK_EQ_U64(call(&w, "copy", 0, 8 * MIB, 5 * MIB, NULL), TRAP_out_of_fuel);
    CHECK(run_of(w.m, 0, 8) == MIB && run_of(w.m, MIB, 9) == MIB);
    CHECK_EQ_U64(run_of(w.m, 2 * MIB, 0), 6 * MIB);

    // Where the ranges overlap the end comes first, so that nothing is overwritten before it was read.
    for (u64 i = 0; i < 8 * MIB; i++) w.m->base[i] = (u8)(i / MIB + 1);
    exec_grant_fuel(w.store->exec, 40000);
    CHECK_EQ_U64(call(&w, "copy", MIB / 2, 0, 5 * MIB, NULL), TRAP_out_of_fuel);
    CHECK_EQ_U64(run_of(w.m, 0, 1), MIB);
    CHECK_EQ_U64(w.m->base[2 * MIB], 3);
    CHECK_EQ_U64(run_of(w.m, 5 * MIB, 5), MIB / 2);

    // One that does not fit does nothing, whatever the fuel.
    exec_grant_fuel(w.store->exec, 10);
    memset(w.m->base, 0, w.m->size);
    CHECK_EQ_U64(call(&w, "fill", 15 * MIB, 7, MIB + 1, NULL), TRAP_out_of_bounds_memory_access);
    CHECK_EQ_U64(run_of(w.m, 0, 0), 16 * MIB);
    world_close(&w);
}

static void test_table_grow(void)
{
    World w;
    u64 old = 0;
    if (!CHECK(world_open(&w, store_limits_default, 40000))) return;
    // A unit for 16 entries: a million takes 62,500.
    CHECK_EQ_U64(call(&w, "grow_t", 1000000, 0, 0, NULL), TRAP_out_of_fuel);
    CHECK_EQ_U64(w.t->size, 1);
    exec_grant_fuel(w.store->exec, 62520);
    CHECK_EQ_U64(call(&w, "grow_t", 1000000, 0, 0, &old), TRAP_none);
    CHECK_EQ_U64(old, 1);
    CHECK_EQ_U64(w.t->size, 1000001);
    CHECK(w.t->elems[0] == REF_NULL && w.t->elems[1] != REF_NULL && w.t->elems[1000000] == w.t->elems[1]);
    CHECK(w.store->exec->fuel < 20);
    // What cannot grow costs nothing.
    CHECK_EQ_U64(call(&w, "grow_t", (u32)-1, 0, 0, &old), TRAP_none);
    CHECK_EQ_U64((u32)old, UINT32_MAX);
    exec_grant_fuel(w.store->exec, UINT64_MAX);
    exec_interrupt(w.store->exec, TRAP_interrupted);
    CHECK_EQ_U64(call(&w, "grow_t", 1, 0, 0, NULL), TRAP_interrupted);
    CHECK_EQ_U64(w.t->size, 1000001);
    world_close(&w);
}

int main(void)
{
    test_memories_together();
    test_fill_and_copy();
    test_table_grow();
    return check_report();
}
