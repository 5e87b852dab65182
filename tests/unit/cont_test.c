// cont_test.c -- continuations where there is little room: on a stack that is nearly full.

#include "check.h"
#include "engine/source.h"
#include "run/cont.h"
#include "run/exec.h"
#include "run/frame.h"

#include <stdlib.h>

static Engine *engine;

typedef struct { const char *name; Tier tier; u32 hot, down_every; } Way;
static const Way ways[] = {
    {"interp", TIER_interp, 0, 0}, {"baseline", TIER_baseline, 0, 0},
    {"down", TIER_baseline, 0, 1}, {"mix", TIER_auto, 1, 3},
};

static void enter_way(const Way *w)
{
    engine = engine_new(features_all);
    if (!CHECK(engine != NULL)) exit(check_report());
    engine->tier = w->tier;
    engine->hot = w->hot;
    engine->down_every = w->down_every;
}

// ---- A store with an instance, whose functions of the host are these, by their names

typedef struct { const char *name; Trap (*does)(HostCall *call); } HostRow;

typedef struct {
    Store *store;
    Source source;
    Instance *inst;
    const HostRow *rows;
} Guest;

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    Guest *g = env;
    *out = (Extern){.kind = import->kind};
    for (const HostRow *row = g->rows; row && row->name; row++) {
        if (!bytes_are(import->name, row->name)) continue;
        out->func = func_new_host(g->store, type->func, row->does, g);
        return out->func != NULL;
    }
    return false;
}

static bool guest_start(Guest *g, const char *text, const HostRow *rows)
{
    Diag diag;
    diag_init(&diag);
    *g = (Guest){.store = engine_store(engine), .rows = rows};
    if (!CHECK(source_load(&g->source, engine, (const u8 *)text, strlen(text), &diag))) {
        printf("    %s\n", diag.detail);
        exit(check_report());
    }
    Instantiated made = engine_instantiate(g->store, g->source.module, resolve, g, &diag);
    g->inst = made.instance;
    return CHECK(g->inst && !made.trap);
}

static void guest_end(Guest *g)
{
    store_free(g->store);
    source_free(&g->source);
}

// ---- A stack that is nearly full

enum { AROUND = 256, LEAST = 2048, SIZES = 16 };

static Trap eight(HostCall *call)
{
    for (u64 i = 0; i < 8; i++) call->slots[i] = 0x1111111111111111 * (i + 1);
    return TRAP_none;
}
static Trap none(HostCall *call) { return TRAP_none; }

// Each goes on for ever. A resumption's record is in the place where the resumer's own slots might
// have been: of who takes more results than it gave arguments, say.
static const char deep[] =
    "(module"
    "  (type $eight (func (result i64 i64 i64 i64 i64 i64 i64 i64)))"
    "  (type $c8 (cont $eight))"
    "  (type $f0 (func)) (type $c0 (cont $f0))"
    "  (type $f1 (func (param i64))) (type $c1 (cont $f1))"
    "  (type $f9 (func (param i64 i64 i64 i64 i64 i64 i64 i64))) (type $c9 (cont $f9))"
    "  (import \"h\" \"eight\" (func $host (type $eight)))"
    "  (type $fb (func (result i64 i64 i64 i64 i64 i64 i64 i64))) (type $cb (cont $fb))"
    "  (type $fs (func (param (ref null $cb)) (result i64 i64 i64 i64 i64 i64 i64 i64)))"
    "  (type $cs (cont $fs))"
    "  (import \"h\" \"eight\" (func $hosts (type $fs)))"
    "  (import \"h\" \"none\" (func $none8 (type $f9)))"
    "  (tag $t (param i64 i64 i64 i64)) (tag $none)"
    "  (tag $e (result i64 i64 i64 i64 i64 i64 i64 i64))"
    "  (elem declare func $host $hosts $switches $none8 $guest $raises $nest $sw)"
    "  (func $host8 (export \"host\")"
    "    (resume $c8 (cont.new $c8 (ref.func $host)))"
    "    (i64.ne (i64.const 0x8888888888888888)) (if (then unreachable))"
    "    (i64.ne (i64.const 0x7777777777777777)) (if (then unreachable))"
    "    (drop) (drop) (drop) (drop) (drop)"
    "    (i64.ne (i64.const 0x1111111111111111)) (if (then unreachable))"
    "    (call $host8))"
    "  (func $switches (type $fb) (switch $cs $e (cont.new $cs (ref.func $hosts))) (unreachable))"
    "  (func $switch8 (export \"switch\")"
    "    (resume $cb (on $e switch) (cont.new $cb (ref.func $switches)))"
    "    (i64.ne (i64.const 0x8888888888888888)) (if (then unreachable))"
    "    (drop) (drop) (drop) (drop) (drop) (drop)"
    "    (i64.ne (i64.const 0x1111111111111111)) (if (then unreachable))"
    "    (call $switch8))"
    "  (func $bound (export \"bound\")"
    "    (cont.bind $c9 $c1"
    "      (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6)"
    "      (i64.const 7) (cont.new $c9 (ref.func $none8)))"
    "    (drop (drop (i64.const 3)))"
    "    (call $bound))"
    "  (func $guest (type $eight)"
    "    (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6)"
    "    (i64.const 7) (i64.const 8))"
    "  (func $guest8 (export \"guest\")"
    "    (resume $c8 (cont.new $c8 (ref.func $guest)))"
    "    (i64.ne (i64.const 8)) (if (then unreachable))"
    "    (drop) (drop) (drop) (drop) (drop) (drop)"
    "    (i64.ne (i64.const 1)) (if (then unreachable))"
    "    (call $guest8))"
    "  (func $raises (suspend $t (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)))"
    "  (func $handles (export \"handles\")"
    "    (block $h (result i64 i64 i64 i64 (ref $c0))"
    "      (resume $c0 (on $t $h) (cont.new $c0 (ref.func $raises)))"
    "      (unreachable))"
    "    (resume $c0)"
    "    (i64.ne (i64.const 4)) (if (then unreachable))"
    "    (i64.ne (i64.const 3)) (if (then unreachable))"
    "    (i64.ne (i64.const 2)) (if (then unreachable))"
    "    (i64.ne (i64.const 1)) (if (then unreachable))"
    "    (call $handles))"
    "  (func $nest (export \"nest\") (resume $c0 (cont.new $c0 (ref.func $nest))))"
    "  (global $kept (mut (ref null $c0)) (ref.null $c0))"
    "  (func $sw (suspend $none) (suspend $none))"
    "  (func $kept1 (export \"kept\")"
    "    (if (ref.is_null (global.get $kept)) (then"
    "      (global.set $kept (block $h (result (ref $c0))"
    "        (resume $c0 (on $none $h) (cont.new $c0 (ref.func $sw)))"
    "        (unreachable)))))"
    "    (block $h (result (ref $c0))"
    "      (resume $c0 (on $none $h) (global.get $kept))"
    "      (global.set $kept (ref.null $c0))"
    "      (call $kept1) (return))"
    "    (global.set $kept)"
    "    (call $kept1)))";

static const HostRow deep_rows[] = {{"eight", eight}, {"none", none}, {0}};

static u8 *move_stack(Exec *x, size_t bytes)
{
    u8 *block = aligned_alloc(16, (bytes + 2 * AROUND + 15) & ~(size_t)15);
    memset(block, 0xa5, bytes + 2 * AROUND);
    x->stack = (u64 *)(void *)(block + AROUND);
    x->stack_end = x->stack + bytes / 8;
    x->top = x->stack;
    x->bottom = x->stack_end;
    return block;
}

static void in_stack_of(size_t bytes, bool stress)
{
    Guest g;
    if (!guest_start(&g, deep, deep_rows)) return;
    Exec *x = &g.store->exec, own = *x;
    g.store->gc_stress = stress;
    u8 *block = move_stack(x, bytes);
    const Module *m = g.source.module;
    for (u32 i = 0; i < m->export_count; i++) {
        u64 slots[4] = {0};
        u32 changed = 0;
        Extern f;
        CHECK(instance_export(g.inst, m->exports[i].name, &f));
        bool ended = CHECK_EQ_U64(engine_call(g.store, f.func, slots, COUNT_OF(slots)),
                                  TRAP_call_stack_exhausted);
        for (u32 k = 0; k < AROUND; k++)
            changed += (block[k] != 0xa5) + (block[AROUND + bytes + k] != 0xa5);
        if (CHECK(changed == 0) && ended) continue;
        printf("    %.*s: %u bytes around a stack of %zu\n", (int)m->exports[i].name.len,
               (const char *)m->exports[i].name.data, changed, bytes);
        memset(block, 0xa5, AROUND);
    }
    x->stack = own.stack;
    x->stack_end = own.stack_end;
    guest_end(&g);
    free(block);
}

static void nearly_full(void)
{
    for (u32 i = 0; i < SIZES; i++) in_stack_of(LEAST + 8 * i, i % 4 == 3);
}

int main(void)
{
    for (u32 i = 0; i < COUNT_OF(ways); i++) {
        unsigned before = check_failed;
        enter_way(&ways[i]);
        nearly_full();
        engine_free(engine);
        if (check_failed != before) printf("    in way %s\n", ways[i].name);
    }
    return check_report();
}
