// cont_test.c -- continuations as their engine has them: on a stack that is nearly full, within
// limits, what becomes of those that are dropped, what they cost, stopped and gone on with on
// another thread, and functions of the host's in, under and around them.
// Hazards: R46, R47, R59, R60.

#include "check.h"
#include "engine/source.h"
#include "run/cont.h"
#include "run/exec.h"
#include "run/frame.h"
#include "run/gc/collect.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>

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

static bool fuel_first; // before there are instances

static bool guest_start(Guest *g, const char *text, const HostRow *rows)
{
    Diag diag;
    diag_init(&diag);
    *g = (Guest){.store = engine_store(engine), .rows = rows};
    if (fuel_first) exec_grant_fuel(&g->store->exec, 1000);
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

static Func *func(const Guest *g, const char *name)
{
    Extern f;
    if (instance_export(g->inst, bytes_of(name), &f)) return f.func; // how often is open
    CHECK(!"an export of that name");
    exit(check_report());
}

static Trap call2(Guest *g, const char *name, u64 a, u64 b, u64 *result)
{
    u64 slots[4] = {a, b};
    Trap trap = engine_call(g->store, func(g, name), slots, COUNT_OF(slots));
    if (result) *result = slots[0];
    return trap;
}
static Trap call(Guest *g, const char *name, u64 a) { return call2(g, name, a, 0, NULL); }

static u64 used(const Guest *g, StoreLimit what) { return account_used(&g->store->accounts[what]); }

// ---- A stack that is nearly full

#define TWELVE "i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64"
enum { AROUND = 256, LEAST = 2048, SIZES = 16 };

static Trap twelve(HostCall *call)
{
    for (u64 i = 0; i < 12; i++) call->slots[i] = 0x1111111111111111 * (i + 1);
    return TRAP_none;
}
static Trap none(HostCall *call) { return TRAP_none; }

// Each goes on for ever. A resumption's record is in the place where the resumer's own slots might
// have been: of who takes more results than it gave arguments, say.
static const char deep[] =
    "(module"
    "  (type $twelve (func (result " TWELVE ")))"
    "  (type $c12 (cont $twelve))"
    "  (type $f0 (func)) (type $c0 (cont $f0))"
    "  (type $f1 (func (param i64))) (type $c1 (cont $f1))"
    "  (type $f9 (func (param i64 i64 i64 i64 i64 i64 i64 i64))) (type $c9 (cont $f9))"
    "  (import \"h\" \"twelve\" (func $host (type $twelve)))"
    "  (type $fb (func (result " TWELVE "))) (type $cb (cont $fb))"
    "  (type $fs (func (param (ref null $cb)) (result " TWELVE ")))"
    "  (type $cs (cont $fs))"
    "  (import \"h\" \"twelve\" (func $hosts (type $fs)))"
    "  (import \"h\" \"none\" (func $none8 (type $f9)))"
    "  (tag $t (param i64 i64 i64 i64)) (tag $none)"
    "  (tag $e (result " TWELVE "))"
    "  (elem declare func $host $hosts $switches $none8 $guest $raises $nest $sw $more)"
    "  (func $host12 (export \"host\")"
    "    (resume $c12 (cont.new $c12 (ref.func $host)))"
    "    (i64.ne (i64.const 0xcccccccccccccccc)) (if (then unreachable))"
    "    (i64.ne (i64.const 0xbbbbbbbbbbbbbbbb)) (if (then unreachable))"
    "    (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop)"
    "    (i64.ne (i64.const 0x1111111111111111)) (if (then unreachable))"
    "    (call $host12))"
    "  (func $switches (type $fb) (switch $cs $e (cont.new $cs (ref.func $hosts))) (unreachable))"
    "  (func $switch12 (export \"switch\")"
    "    (resume $cb (on $e switch) (cont.new $cb (ref.func $switches)))"
    "    (i64.ne (i64.const 0xcccccccccccccccc)) (if (then unreachable))"
    "    (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop)"
    "    (i64.ne (i64.const 0x1111111111111111)) (if (then unreachable))"
    "    (call $switch12))"
    "  (func $bound (export \"bound\")"
    "    (cont.bind $c9 $c1"
    "      (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6)"
    "      (i64.const 7) (cont.new $c9 (ref.func $none8)))"
    "    (drop (drop (i64.const 3)))"
    "    (call $bound))"
    "  (func $guest (type $twelve)"
    "    (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6)"
    "    (i64.const 7) (i64.const 8) (i64.const 9) (i64.const 10) (i64.const 11) (i64.const 12))"
    "  (func $guest12 (export \"guest\")"
    "    (resume $c12 (cont.new $c12 (ref.func $guest)))"
    "    (i64.ne (i64.const 12)) (if (then unreachable))"
    "    (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop)"
    "    (i64.ne (i64.const 1)) (if (then unreachable))"
    "    (call $guest12))"
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
    // who needs more than it has parked, once it goes on
    "  (global $m (mut i64) (i64.const 1)) (table $late 128 (ref null $c0))"
    "  (func $more (suspend $none)"
    "    (global.get $m) (global.get $m) (global.get $m) (global.get $m) (global.get $m)"
    "    (global.get $m) (global.get $m) (global.get $m) (global.get $m) (global.get $m)"
    "    (global.get $m) (global.get $m) (global.get $m) (global.get $m) (global.get $m)"
    "    (global.get $m) (global.get $m) (global.get $m) (global.get $m) (global.get $m)"
    "    (i64.add) (i64.add) (i64.add) (i64.add) (i64.add) (i64.add) (i64.add) (i64.add)"
    "    (i64.add) (i64.add) (i64.add) (i64.add) (i64.add) (i64.add) (i64.add) (i64.add)"
    "    (i64.add) (i64.add) (i64.add)"
    "    (i64.ne (i64.const 20)) (if (then unreachable)))"
    "  (func $fill (local $i i32)"
    "    (loop $l"
    "      (table.set $late (local.get $i) (block $h (result (ref $c0))"
    "        (resume $c0 (on $none $h) (cont.new $c0 (ref.func $more)))"
    "        (unreachable)))"
    "      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))"
    "        (i32.const 128)))))"
    "  (func $later (export \"later\") (param $n i32)"
    "    (if (i32.eqz (local.get $n)) (then (call $fill)))"
    "    (resume $c0 (table.get $late (local.get $n)))"
    "    (call $later (i32.add (local.get $n) (i32.const 1))))"
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

static const HostRow deep_rows[] = {{"twelve", twelve}, {"none", none}, {0}};

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

// ---- Kept and dropped

static const char keeping[] =
    "(module"
    "  (type $f (func)) (type $c (cont $f)) (type $fi (func (param i32))) (type $ci (cont $fi))"
    "  (tag $t) (table $kept 0 (ref null $c)) (global $n (mut i32) (i32.const 0))"
    "  (global $one (mut (ref null $c)) (ref.null $c))"
    "  (elem declare func $waits)"
    // as deep as it is told, and at the end of all it counts
    "  (func $waits (param $n i32)"
    "    (if (local.get $n) (then (call $waits (i32.sub (local.get $n) (i32.const 1))))"
    "      (else (suspend $t)))"
    "    (global.set $n (i32.add (global.get $n) (i32.const 1))))"
    "  (func $start (param $n i32) (result (ref $c))"
    "    (block $h (result (ref $c))"
    "      (resume $c (on $t $h)"
    "        (cont.bind $ci $c (local.get $n) (cont.new $ci (ref.func $waits))))"
    "      (unreachable)))"
    "  (func (export \"grow\") (param $n i32)"
    "    (drop (table.grow $kept (ref.null $c) (local.get $n))))"
    "  (func (export \"keep\") (param $count i32) (param $n i32) (local $i i32)"
    "    (loop $l (if (i32.lt_u (local.get $i) (local.get $count)) (then"
    "      (table.set $kept (local.get $i) (call $start (local.get $n)))"
    "      (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $l)))))"
    "  (func (export \"forget\")"
    "    (table.fill $kept (i32.const 0) (ref.null $c) (table.size $kept)))"
    "  (func (export \"drop\") (param $count i32) (param $n i32)"
    "    (loop $l (if (local.get $count) (then"
    "      (drop (call $start (local.get $n)))"
    "      (local.set $count (i32.sub (local.get $count) (i32.const 1))) (br $l)))))"
    "  (func (export \"finish\") (param $count i32) (result i32) (local $i i32)"
    "    (global.set $n (i32.const 0))"
    "    (loop $l (if (i32.lt_u (local.get $i) (local.get $count)) (then"
    "      (resume $c (table.get $kept (local.get $i)))"
    "      (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $l))))"
    "    (global.get $n))"
    "  (func (export \"new\") (param $count i32)"
    "    (loop $l (if (local.get $count) (then"
    "      (drop (cont.new $ci (ref.func $waits)))"
    "      (local.set $count (i32.sub (local.get $count) (i32.const 1))) (br $l)))))"
    "  (func (export \"bind\") (param $count i32)"
    "    (loop $l (if (local.get $count) (then"
    "      (drop (cont.bind $ci $c (i32.const 1) (cont.new $ci (ref.func $waits))))"
    "      (local.set $count (i32.sub (local.get $count) (i32.const 1))) (br $l)))))"
    // one is set aside, and resumed under so many frames
    "  (func (export \"one\") (param $n i32) (global.set $one (call $start (local.get $n))))"
    "  (func $resumes (export \"resumes\") (param $n i32) (result i32)"
    "    (if (local.get $n)"
    "      (then (drop (call $resumes (i32.sub (local.get $n) (i32.const 1)))))"
    "      (else (global.set $n (i32.const 0)) (resume $c (global.get $one))))"
    "    (global.get $n)))";

// All was given back.
static void nothing_left(Guest *g)
{
    CHECK_EQ_U64(call(g, "forget", 0), TRAP_none);
    CHECK(heap_collect(g->store, NULL));
    CHECK_EQ_U64(used(g, STORE_continuations), 0);
    CHECK_EQ_U64(used(g, STORE_continuation_bytes), 0);
    guest_end(g);
}

// What is kept counts, what can be reached no more does not; and who met a limit goes on.
static void limits(void)
{
    Guest g;
    u64 n;
    engine->limits.continuations = 100;
    if (!guest_start(&g, keeping, NULL)) return;
    CHECK_EQ_U64(call(&g, "grow", 200), TRAP_none);
    for (u32 round = 0; round < 3; round++) {
        CHECK_EQ_U64(call2(&g, "keep", 100, round, NULL), TRAP_none);
        CHECK_EQ_U64(used(&g, STORE_continuations), 100);
        CHECK_EQ_U64(call2(&g, "drop", 1, 0, NULL), TRAP_out_of_memory);
        CHECK(strstr(g.store->exec.trap_detail, "continuations") != NULL);
        CHECK_EQ_U64(call(&g, "new", 1), TRAP_out_of_memory);
        CHECK_EQ_U64(call(&g, "bind", 1), TRAP_out_of_memory);
        CHECK_EQ_U64(call2(&g, "finish", 100, 0, &n), TRAP_none);
        CHECK_EQ_U64((u32)n, 100 * (round + 1));
        CHECK_EQ_U64(used(&g, STORE_continuations), 0);
        CHECK_EQ_U64(used(&g, STORE_continuation_bytes), 0);
        CHECK_EQ_U64(call2(&g, "drop", 1000, 2, NULL), TRAP_none);
        CHECK_EQ_U64(call(&g, "new", 1000), TRAP_none);
        CHECK_EQ_U64(call(&g, "bind", 1000), TRAP_none);
    }
    CHECK_EQ_U64(call2(&g, "keep", 200, 0, NULL), TRAP_out_of_memory);
    nothing_left(&g);
    engine->limits.continuations = store_limits_default.continuations;

    engine->limits.continuation_bytes = 100000;
    if (!guest_start(&g, keeping, NULL)) return;
    CHECK_EQ_U64(call(&g, "grow", 5000), TRAP_none);
    for (u32 round = 0; round < 3; round++) {
        CHECK_EQ_U64(call2(&g, "keep", 5000, round, NULL), TRAP_out_of_memory);
        CHECK(strstr(g.store->exec.trap_detail, "continuation_bytes") != NULL);
        CHECK(used(&g, STORE_continuation_bytes) > 100000 - 1000);
        CHECK_EQ_U64(call2(&g, "finish", 50, 0, &n), TRAP_none);
        CHECK_EQ_U64((u32)n, 50 * (round + 1));
        CHECK_EQ_U64(call2(&g, "drop", 1, 3000, NULL), TRAP_out_of_memory); // larger than all
        CHECK_EQ_U64(call2(&g, "drop", 1000, 2, NULL), TRAP_none);
        CHECK_EQ_U64(call(&g, "bind", 1000), TRAP_none);
        CHECK_EQ_U64(call(&g, "forget", 0), TRAP_none);
        CHECK_EQ_U64(call2(&g, "drop", 1000, 500, NULL), TRAP_none);
    }
    nothing_left(&g);
    engine->limits.continuation_bytes = store_limits_default.continuation_bytes;
}

// Two that switch, so many frames deep and three, until one returns what its frames say.
static const char switching[] =
    "(module"
    "  (rec (type $f (func (param (ref null $c)) (result i32))) (type $c (cont $f)))"
    "  (type $fi (func (result i32))) (type $ci (cont $fi))"
    "  (tag $turn (result i32)) (global $left (mut i32) (i32.const 0))"
    "  (global $depth (mut i32) (i32.const 0)) (global $spare (mut (ref null $ci)) (ref.null $ci))"
    "  (elem declare func $long $short $idle)"
    "  (func $deep (param $n i32) (param $other (ref null $c)) (result i32)"
    "    (if (local.get $n) (then (return (i32.add (local.get $n)"
    "      (call $deep (i32.sub (local.get $n) (i32.const 1)) (local.get $other))))))"
    "    (loop $l (if (global.get $left) (then"
    "      (global.set $left (i32.sub (global.get $left) (i32.const 1)))"
    "      (local.set $other (switch $c $turn (local.get $other))) (br $l))))"
    "    (i32.const 0))"
    "  (func $long (type $f) (call $deep (global.get $depth) (local.get 0)))"
    "  (func $short (type $f) (call $deep (i32.const 3) (local.get 0)))"
    "  (func $idle (type $fi) (i32.const 0))"
    "  (func (export \"forget\") (param i32) (global.set $spare (ref.null $ci)))"
    "  (func (export \"keep\") (param i32) (global.set $spare (cont.new $ci (ref.func $idle))))"
    "  (func (export \"turns\") (param $times i32) (param $depth i32) (result i32)"
    "    (global.set $left (local.get $times)) (global.set $depth (local.get $depth))"
    "    (resume $c (on $turn switch)"
    "      (cont.new $c (ref.func $short)) (cont.new $c (ref.func $long)))))";

// Who switches takes the place of whom it switches to: at a limit too, and of bytes no more than
// there are between them.
static void switches(void)
{
    Guest g;
    u64 n;
    engine->limits.continuations = 3;
    engine->limits.continuation_bytes = 20000;
    if (!guest_start(&g, switching, NULL)) return;
    CHECK_EQ_U64(call(&g, "keep", 0), TRAP_none);
    for (u32 depth = 0; depth <= 60; depth += 20) {
        CHECK_EQ_U64(call2(&g, "turns", 2000, depth, &n), TRAP_none);
        CHECK_EQ_U64((u32)n, depth * (depth + 1) / 2);
        CHECK_EQ_U64(call2(&g, "turns", 2001, depth, &n), TRAP_none);
        CHECK_EQ_U64((u32)n, 6);
        CHECK(heap_collect(g.store, NULL));
        CHECK_EQ_U64(used(&g, STORE_continuations), 1);
        CHECK_EQ_U64(used(&g, STORE_continuation_bytes), 0);
    }
    CHECK_EQ_U64(call2(&g, "turns", 2, 3000, NULL), TRAP_out_of_memory);
    CHECK(strstr(g.store->exec.trap_detail, "continuation_bytes") != NULL);
    CHECK_EQ_U64(call2(&g, "turns", 2, 20, &n), TRAP_none);
    nothing_left(&g);
    engine->limits.continuations = store_limits_default.continuations;
    engine->limits.continuation_bytes = store_limits_default.continuation_bytes;
}

// What is parked counts when it is time to look what can be reached, however few objects that is;
// and entries of what died young are used again.
static void dropped(void)
{
    enum { MOST = 66 << 20, DEPTH = 1000 };
    Guest g;
    if (!guest_start(&g, keeping, NULL)) return;
    for (u32 i = 0; i < 2; i++) {
        CHECK_EQ_U64(call2(&g, "drop", 1000, DEPTH, NULL), TRAP_none);
        CHECK(used(&g, STORE_continuation_bytes) <= MOST);
    }
    CHECK_EQ_U64(call2(&g, "drop", 300000, 0, NULL), TRAP_none);
    CHECK(g.store->conts.count < 200000);
    nothing_left(&g);
}

static u64 malloced(void)
{
    struct mallinfo2 now = mallinfo2();
    return now.uordblks + now.hblkhd;
}

// A hundred thousand that wait, or a million, each with a frame; then all are gone on with.
static void many(void)
{
    u32 count = check_full() ? 1000000 : 100000;
    Guest g;
    u64 n;
    if (!guest_start(&g, keeping, NULL)) return;
    CHECK_EQ_U64(call(&g, "grow", count), TRAP_none);
    CHECK_EQ_U64(call2(&g, "keep", 1, 0, NULL), TRAP_none);
    u64 before = malloced();
    CHECK_EQ_U64(call2(&g, "keep", count, 0, NULL), TRAP_none);
    u64 each = (malloced() - before + used(&g, STORE_heap_bytes)) / count;
    printf("    %u waiting: %u bytes each\n", count, (u32)each);
    CHECK(SANITIZES_ADDRESSES || each <= 300);
    CHECK_EQ_U64(call2(&g, "finish", count, 0, &n), TRAP_none);
    CHECK_EQ_U64((u32)n, count);
    CHECK_EQ_U64(used(&g, STORE_continuations), 0);
    nothing_left(&g);
}

// Nobody collects everything for one that can be reached no more, again and again.
static u32 collections;
static void count_collection(void *env, const Collection *done) { collections++; }
static void at_the_limit(void)
{
    enum { MOST = 3200 };
    Guest g;
    engine->limits.continuations = MOST;
    if (!guest_start(&g, keeping, NULL)) return;
    CHECK_EQ_U64(call(&g, "grow", MOST), TRAP_none);
    CHECK_EQ_U64(call2(&g, "keep", MOST - 1, 0, NULL), TRAP_none);
    g.store->collected = count_collection;
    collections = 0;
    for (u32 i = 0; i < 5; i++)
        CHECK_EQ_U64(call2(&g, "drop", 1000, 0, NULL), TRAP_out_of_memory);
    CHECK(collections <= 10);
    g.store->collected = NULL;
    CHECK_EQ_U64(call(&g, "forget", 0), TRAP_none);
    CHECK_EQ_U64(call2(&g, "drop", 10 * MOST, 0, NULL), TRAP_none);
    nothing_left(&g);
    engine->limits.continuations = store_limits_default.continuations;
}

// ---- Bound, and resumed

static const char binding[] =
    "(module"
    "  (type $f (func)) (type $c (cont $f)) (type $f1 (func (param i32))) (type $c1 (cont $f1))"
    "  (tag $t (result i32)) (tag $u) (elem declare func $waits $new)"
    "  (type $box (struct)) (global $deep (mut (ref null $c1)) (ref.null $c1))"
    "  (func $waits (param $n i32) (local i64 i64 i64 i64 i64 i64 i64 i64)"
    "    (if (local.get $n) (then (call $waits (i32.sub (local.get $n) (i32.const 1))))"
    "      (else (drop (suspend $t)))))"
    "  (func (export \"deep\") (param $n i32)"
    "    (global.set $deep (block $h (result (ref $c1))"
    "      (resume $c (on $t $h)"
    "        (cont.bind $c1 $c (local.get $n) (cont.new $c1 (ref.func $waits))))"
    "      (unreachable))))"
    // the same, under other names
    "  (func (export \"names\") (param $n i32)"
    "    (loop $l (global.set $deep (cont.bind $c1 $c1 (global.get $deep)))"
    "      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))"
    "  (func (export \"bind\") (resume $c (cont.bind $c1 $c (i32.const 1) (global.get $deep))))"
    "  (func (export \"resume\") (resume $c1 (i32.const 1) (global.get $deep)))"
    "  (func (export \"churn\") (param $n i32)"
    "    (loop $l (drop (struct.new $box))"
    "      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))"
    "  (global $suspends (mut i32) (i32.const 0))"
    "  (func $new (local $b (ref null $box))"
    "    (if (global.get $suspends) (then (suspend $u))) (drop (local.get $b)))"
    "  (func (export \"fresh\") (param i32)"
    "    (global.set $suspends (local.get 0))"
    "    (block $h (result (ref $c))"
    "      (resume $c (on $u $h) (cont.new $c (ref.func $new))) (return))"
    "    (resume $c))"
    "  (func (export \"forget\") (global.set $deep (ref.null $c1))))";

static u64 paid_for(Guest *g, const char *name, u64 arg)
{
    enum { MUCH = 1 << 30 };
    exec_grant_fuel(&g->store->exec, MUCH);
    CHECK_EQ_U64(call(g, name, arg), TRAP_none);
    return MUCH - (u64)g->store->exec.fuel;
}

// What is copied is paid for, and names cost no copies.
static void binds(void)
{
    enum { DEPTH = 1000, FRAME_SLOTS = 9, NAMES = 1000 };
    Guest g;
    u64 extra[2];
    fuel_first = true;
    bool started = guest_start(&g, binding, NULL);
    fuel_first = false;
    if (!started) return;
    for (u32 i = 0; i < 2; i++) {
        paid_for(&g, "deep", i ? DEPTH : 0);
        u64 names = paid_for(&g, "names", NAMES);
        CHECK(names < NAMES * 200);
        u64 bound = paid_for(&g, "bind", 0);
        paid_for(&g, "deep", i ? DEPTH : 0);
        extra[i] = bound - paid_for(&g, "resume", 0);
    }
    CHECK(extra[1] - extra[0] >= DEPTH * FRAME_SLOTS * 8 / 64 * PRICE_bytes + DEPTH);
    nothing_left(&g);
}

// Of a function for which there may be no map, while a major collection is under way.
static void fresh(void)
{
    Guest g;
    if (!guest_start(&g, binding, NULL)) return;
    g.store->gc_stress = true;
    CHECK_EQ_U64(call(&g, "deep", 0), TRAP_none);
    for (u32 i = 0; i < 100 && !g.store->heap.running; i++)
        CHECK_EQ_U64(call(&g, "churn", 1), TRAP_none);
    CHECK(g.store->heap.running);
    Account *a = &engine->accounts[ENGINE_code_bytes];
    size_t limit = a->limit;
    g.store->gc_stress = false;
    CHECK_EQ_U64(call(&g, "fresh", 0), TRAP_none); // so that there is code
    a->limit = account_used(a);
    CHECK_EQ_U64(call(&g, "fresh", 1), TRAP_none);
    a->limit = limit;
    nothing_left(&g);
}

// ---- Resumed where there is less room than where it was suspended

static void deeper(void)
{
    Guest g;
    u64 n;
    engine->limits.stack_bytes = 128 << 10;
    if (!guest_start(&g, keeping, NULL)) return;
    u32 fits = 1, not = 2;
    while (!call(&g, "one", not)) fits = not, not *= 2;
    while (not - fits > 1) {
        u32 middle = fits + (not - fits) / 2;
        if (!call(&g, "one", middle)) fits = middle;
        else not = middle;
    }
    CHECK(fits > 500);
    static const u32 parts[][2] = {{90, 90}, {60, 80}, {20, 95}};
    for (u32 i = 0; i < COUNT_OF(parts); i++) {
        u32 down = fits / 100 * parts[i][0], under = fits / 100 * parts[i][1];
        CHECK_EQ_U64(call(&g, "one", down), TRAP_none);
        for (u32 times = 0; times < 2; times++) // and it waits on
            CHECK_EQ_U64(call2(&g, "resumes", under, 0, &n), TRAP_call_stack_exhausted);
        CHECK_EQ_U64(call2(&g, "resumes", fits / 100 * 3, 0, &n), TRAP_none);
        CHECK_EQ_U64((u32)n, down + 1);
        CHECK_EQ_U64(call2(&g, "resumes", 0, 0, &n), TRAP_continuation_consumed);
    }
    // Around the last place where it fits.
    u32 half = fits / 2, least = 0, most = fits;
    while (most - least > 1) {
        u32 middle = least + (most - least) / 2;
        CHECK_EQ_U64(call(&g, "one", half), TRAP_none);
        if (!call(&g, "resumes", middle)) least = middle;
        else most = middle;
    }
    CHECK(least > fits / 4);
    for (u32 under = least - 8; under < least + 8; under++) {
        CHECK_EQ_U64(call(&g, "one", half), TRAP_none);
        Trap trap = call2(&g, "resumes", under, 0, &n);
        CHECK(trap == TRAP_call_stack_exhausted || (!trap && (u32)n == half + 1));
        CHECK_EQ_U64(call2(&g, "resumes", 5, 0, &n),
                     trap ? TRAP_none : TRAP_continuation_consumed);
    }
    nothing_left(&g);
    engine->limits.stack_bytes = store_limits_default.stack_bytes;
}

// ---- The same in every way: results, fuel, and what is left of it where it ends

static const char doing[] =
    "(module"
    "  (import \"h\" \"seven\" (func $seven (param i64 i64) (result i64)))"
    "  (import \"h\" \"traps\" (func $traps (param i64 i64) (result i64)))"
    "  (import \"h\" \"throws\" (func $throws (param i64 i64) (result i64)))"
    "  (import \"h\" \"back\" (func $back (param i64 i64) (result i64)))"
    "  (import \"h\" \"holds\" (func $holds (param i64 i64) (result i64)))"
    "  (type $r (func (result i64))) (type $c (cont $r))"
    "  (type $p2 (func (param i64 i64) (result i64))) (type $c2 (cont $p2))"
    "  (type $p1 (func (param i64) (result i64))) (type $c1 (cont $p1))"
    "  (tag $x (param i64)) (tag $t (param i64) (result i64)) (tag $u (param i64) (result i64))"
    "  (rec (type $s (func (param (ref null $cs)) (result i64))) (type $cs (cont $s)))"
    "  (tag $e (result i64))"
    "  (tag $o)"
    "  (memory 1)"
    "  (elem declare func $seven $traps $throws $back $holds $deep $three $ping $pong $middle"
    "    $level $unhandled $wide $ends)"
    "  (func $deep (param $n i64) (result i64)"
    "    (if (result i64) (i64.eqz (local.get $n)) (then (suspend $t (i64.const 2)))"
    "      (else (i64.add (i64.const 1) (call $deep (i64.sub (local.get $n) (i64.const 1)))))))"
    "  (func $run (param $k (ref null $c)) (result i64) (local $h (ref null $c1)) (local $v i64)"
    "    (block $b (result i64 (ref $c1)) (return (resume $c (on $t $b) (local.get $k))))"
    "    (local.set $h) (local.set $v)"
    "    (loop $l (result i64)"
    "      (block $b (result i64 (ref $c1))"
    "        (return (resume $c1 (on $u $b) (on $t $b)"
    "          (i64.add (local.get $v) (i64.const 10)) (local.get $h))))"
    "      (local.set $h) (local.set $v) (br $l)))"
    "  (func $three (param i64) (result i64)"
    "    (i64.add (suspend $t (local.get 0)) (i64.add (suspend $t (i64.const 30))"
    "      (i64.add (suspend $u (i64.const 500)) (call $deep (local.get 0))))))"
    "  (func (export \"suspend\") (result i64)"
    "    (call $run (cont.bind $c1 $c (i64.const 3) (cont.new $c1 (ref.func $three)))))"
    "  (func (export \"deep\") (result i64)"
    "    (call $run (cont.bind $c1 $c (i64.const 200) (cont.new $c1 (ref.func $deep)))))"
    // through several resumptions, of which some have many clauses
    "  (func $middle (param $n i64) (result i64)"
    "    (if (i64.eqz (local.get $n)) (then (return (call $deep (i64.const 5)))))"
    "    (block $b (result i64 (ref $c1))"
    "      (return (i64.add (i64.const 1) (resume $c1 (on $u $b) (on $u $b) (on $u $b) (on $u $b)"
    "        (i64.sub (local.get $n) (i64.const 1)) (cont.new $c1 (ref.func $middle))))))"
    "    (unreachable))"
    "  (func (export \"levels\") (result i64)"
    "    (call $run (cont.bind $c1 $c (i64.const 9) (cont.new $c1 (ref.func $middle)))))"
    "  (func (export \"throw\") (result i64) (local $k (ref null $c1))"
    "    (block $b (result i64 (ref $c1))"
    "      (return (resume $c1 (on $t $b) (i64.const 4) (cont.new $c1 (ref.func $middle)))))"
    "    (local.set $k) (drop)"
    "    (block $b (result i64)"
    "      (try_table (catch $x $b)"
    "        (drop (resume_throw $c1 $x (i64.const 77) (local.get $k)))) (unreachable)))"
    "  (func (export \"throw-ref\") (result i64) (local $k (ref null $c1))"
    "    (block $b (result i64 (ref $c1))"
    "      (return (resume $c1 (on $t $b) (i64.const 4) (cont.new $c1 (ref.func $middle)))))"
    "    (local.set $k) (drop)"
    "    (block $b (result i64)"
    "      (try_table (catch $x $b)"
    "        (drop (resume_throw_ref $c1 (block $r (result exnref)"
    "            (try_table (catch_all_ref $r) (throw $x (i64.const 5))) (unreachable))"
    "          (local.get $k)))) (unreachable)))"
    // two that switch to each other
    "  (global $n (mut i64) (i64.const 0))"
    "  (func $ping (type $s)"
    "    (loop $l"
    "      (global.set $n (i64.add (global.get $n) (i64.const 1)))"
    "      (local.set 0 (switch $cs $e (local.get 0)))"
    "      (br_if $l (i64.lt_u (global.get $n) (i64.const 40))))"
    "    (global.get $n))"
    "  (func $pong (type $s)"
    "    (switch $cs $e (cont.new $cs (ref.func $ping))) (local.set 0)"
    "    (loop $l"
    "      (global.set $n (i64.add (global.get $n) (i64.const 100)))"
    "      (local.set 0 (switch $cs $e (local.get 0)))"
    "      (br $l)) (unreachable))"
    "  (func (export \"switch\") (result i64)"
    "    (global.set $n (i64.const 0))"
    "    (resume $cs (on $e switch) (ref.null $cs) (cont.new $cs (ref.func $pong))))"
    // frames that are wide
    "  (func $wide (param i64 i64) (result i64) (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)"
    "    (local.set 5 (local.get 0))"
    "    (i64.add (suspend $t (local.get 1)) (local.get 5)))"
    "  (func (export \"wide\") (result i64)"
    "    (call $run (cont.bind $c2 $c (i64.const 3) (i64.const 4)"
    "      (cont.new $c2 (ref.func $wide)))))"
    "  (func (export \"host\") (result i64)"
    "    (i64.add (resume $c2 (i64.const 3) (i64.const 4) (cont.new $c2 (ref.func $seven)))"
    "      (resume $c1 (i64.const 10)"
    "        (cont.bind $c2 $c1 (i64.const 20) (cont.new $c2 (ref.func $seven))))))"
    "  (func (export \"host-traps\") (result i64)"
    "    (resume $c2 (i64.const 3) (i64.const 4) (cont.new $c2 (ref.func $traps))))"
    "  (func (export \"host-throws\") (result i64)"
    "    (block $b (result i64)"
    "      (try_table (catch $x $b)"
    "        (drop (resume $c2 (i64.const 3) (i64.const 4) (cont.new $c2 (ref.func $throws)))))"
    "      (unreachable)))"
    // what a host function calls does not get past it
    "  (func $unhandled (export \"unhandled\") (result i64) (suspend $t (i64.const 1)))"
    "  (func $ends (export \"ends\") (result i64) (call $run (cont.bind $c1 $c (i64.const 3)"
    "    (cont.new $c1 (ref.func $three)))))"
    "  (func (export \"barrier\") (result i64)"
    "    (block $b (result i64 (ref $c1))"
    "      (return (resume $c2 (on $t $b) (i64.const 3) (i64.const 4)"
    "        (cont.new $c2 (ref.func $back)))))"
    "    (unreachable))"
    // who holds its slots while others use the stack behind them
    "  (func $fill (export \"fill\") (result i64) (drop (call $fill)) (i64.const 1))"
    "  (func (export \"holds\") (param i64) (result i64)"
    "    (resume $c1 (i64.const 0x5555) (cont.bind $c2 $c1 (local.get 0)"
    "      (cont.new $c2 (ref.func $holds)))))"
    // where each resumption stands, seen from the innermost
    "  (func $level (param $n i64) (result i64)"
    "    (if (i64.eqz (local.get $n)) (then (unreachable)))"
    "    (resume $c1 (i64.sub (local.get $n) (i64.const 1)) (cont.new $c1 (ref.func $level))))"
    "  (func (export \"backtrace\") (result i64) (call $level (i64.const 4))))";

// The exports that end well, what they give, and units of fuel.
static const struct {
    const char *name;
    u64 result, units;
} sums[] = {
    {"suspend", 13 + 40 + 510 + 12 + 3, 2690}, {"deep", 212, 23282}, {"levels", 12 + 5 + 9, 5678},
    {"throw", 77, 4014}, {"throw-ref", 5, 4268}, {"switch", 101, 1375}, {"wide", 14 + 3, 951},
    {"host", 7 + 3 + 4 + 7 + 30, 695}, {"host-throws", 7, 326}, {"barrier", 7, 3117},
};
static u64 lefts[COUNT_OF(sums)]; // what was left each time there was less, in the first way

static Trap seven(HostCall *call)
{
    call->slots[0] += call->slots[1] + 7;
    return TRAP_none;
}
static Trap traps(HostCall *call) { return TRAP_host; }
static Trap throws(HostCall *call)
{
    const Guest *g = call->env;
    return exec_throw(call->exec, g->inst->tags[0], &(u64){call->slots[0] + call->slots[1]});
}

static Trap back(HostCall *call)
{
    Guest *g = call->env;
    u64 got = 0;
    CHECK_EQ_U64(call2(g, "unhandled", 0, 0, &got), TRAP_unhandled_tag);
    CHECK_EQ_U64(call2(g, "ends", 0, 0, &got), TRAP_none);
    CHECK_EQ_U64(got, sums[0].result);
    call->slots[0] += call->slots[1];
    return TRAP_none;
}

static Trap holds(HostCall *call)
{
    Guest *g = call->env;
    u64 level = call->slots[0], got = 0;
    if (level) CHECK_EQ_U64(call2(g, "holds", level - 1, 0, &got), TRAP_none);
    CHECK_EQ_U64(got, level);
    CHECK(call->slots[0] == level && call->slots[1] == 0x5555);
    CHECK_EQ_U64(call2(g, "fill", 0, 0, &got), TRAP_call_stack_exhausted);
    CHECK(call->slots[0] == level && call->slots[1] == 0x5555);
    CHECK_EQ_U64(call2(g, "ends", 0, 0, &got), TRAP_none);
    CHECK(call->slots[0] == level && call->slots[1] == 0x5555);
    call->slots[0] = level + 1;
    return TRAP_none;
}

static const HostRow doing_rows[] = {{"seven", seven}, {"traps", traps}, {"throws", throws},
                                     {"back", back},   {"holds", holds}, {0}};

static bool is_right(Guest *g, u32 i)
{
    u64 got = 0;
    Trap trap = call2(g, sums[i].name, 0, 0, &got);
    bool right = !trap && got == sums[i].result;
    if (!right) printf("    %s gives %u, %llu\n", sums[i].name, trap, (unsigned long long)got);
    return right;
}

static void sums_right(Guest *g)
{
    for (u32 i = 0; i < COUNT_OF(sums); i++) CHECK(is_right(g, i));
}

static void done(void)
{
    Guest g;
    u64 got;
    if (!guest_start(&g, doing, doing_rows)) return;
    for (u32 stress = 0; stress < 2; stress++) {
        g.store->gc_stress = stress;
        sums_right(&g);
        CHECK_EQ_U64(call(&g, "host-traps", 0), TRAP_host);
        CHECK_EQ_U64(call2(&g, "holds", 6, 0, &got), TRAP_none);
        CHECK_EQ_U64(got, 7);
        CHECK_EQ_U64(call(&g, "backtrace", 0), TRAP_unreachable);
        FrameCursor c = {0};
        u32 levels = 0, others = 0;
        while (frame_next(&g.store->exec, &c))
            if (frame_op(&c) == (levels ? OP_resume : OP_unreachable)) levels++;
            else others++;
        CHECK(levels == 5 && others == 1);
        sums_right(&g);
    }
    guest_end(&g);
}

static u64 units(Guest *g, const char *name, u64 fuel, Trap *trap)
{
    u64 slots[4] = {0};
    exec_grant_fuel(&g->store->exec, fuel);
    *trap = engine_call(g->store, func(g, name), slots, COUNT_OF(slots));
    CHECK((u64)g->store->exec.fuel <= fuel);
    return fuel - (u64)g->store->exec.fuel;
}

// To the unit, also where it is not enough; and who gets more goes on.
static void fueled(bool first)
{
    enum { MUCH = 1 << 20 };
    Guest g;
    fuel_first = true;
    bool started = guest_start(&g, doing, doing_rows);
    fuel_first = false;
    for (u32 i = 0; started && i < COUNT_OF(sums); i++) {
        Trap trap;
        u64 all = units(&g, sums[i].name, MUCH, &trap), left = 0;
        CHECK_EQ_U64(trap, TRAP_none);
        if (!CHECK_EQ_U64(all, sums[i].units)) printf("    %s\n", sums[i].name);
        u64 step = all > 300 ? all / 97 : 1;
        if (!strcmp(sums[i].name, "barrier")) continue; // whose calls end before it does
        for (u64 fuel = 0; fuel < all; fuel += step) {
            left = left * 31 + units(&g, sums[i].name, fuel, &trap);
            // what is short at the last switch is not asked for again
            CHECK(trap == TRAP_out_of_fuel || (!trap && fuel + 400 > all));
        }
        if (first) lefts[i] = left;
        if (!CHECK_EQ_U64(left, lefts[i])) printf("    %s\n", sums[i].name);
        // a little again and again
        u64 slots[4] = {0};
        exec_grant_fuel(&g.store->exec, 0);
        trap = engine_call(g.store, func(&g, sums[i].name), slots, COUNT_OF(slots));
        u32 goes = 0;
        for (; trap == TRAP_out_of_fuel && engine_may_continue(g.store) && goes < 5000; goes++) {
            exec_grant_fuel(&g.store->exec, 1000);
            trap = engine_continue(g.store, slots, COUNT_OF(slots));
        }
        // who throws where somebody goes on cannot do so again
        bool ends = trap == TRAP_out_of_fuel && !strncmp(sums[i].name, "throw", 5);
        if (!CHECK(ends || (!trap && slots[0] == sums[i].result)))
            printf("    %s goes on\n", sums[i].name);
    }
    if (started) guest_end(&g);
}

// ---- Stopped, parked, and gone on with by another thread

typedef struct {
    Guest *g;
    Parked *parked;
    u64 slots[4];
    Trap trap;
} Moved;

static void *go_on(void *env)
{
    Moved *m = env;
    Exec *x = &m->g->store->exec;
    if (exec_unpark(x, m->parked)) m->trap = engine_continue(m->g->store, m->slots, 4);
    return NULL;
}

static void moved(void)
{
    Guest g;
    if (!guest_start(&g, doing, doing_rows)) return;
    Exec *x = &g.store->exec;
    for (u32 i = 0; i < COUNT_OF(sums); i++) {
        Moved m = {.g = &g};
        if (!strcmp(sums[i].name, "barrier")) continue;
        exec_pause(x);
        m.trap = engine_call(g.store, func(&g, sums[i].name), m.slots, 4);
        u32 threads = 0;
        while (m.trap == TRAP_paused && engine_may_continue(g.store)) {
            pthread_t thread;
            m.parked = exec_park(x);
            CHECK(heap_collect(g.store, NULL));
            if (threads++ < 25 && !pthread_create(&thread, NULL, go_on, &m))
                pthread_join(thread, NULL);
            else
                go_on(&m);
        }
        exec_go_on(x);
        CHECK(threads > 0);
        if (!CHECK_EQ_U64(m.trap, TRAP_none) || !CHECK_EQ_U64(m.slots[0], sums[i].result))
            printf("    %s\n", sums[i].name);
    }
    guest_end(&g);
}

// ---- Under a timer

static volatile sig_atomic_t rings;

static void ring(int number)
{
    char own[1024]; // so much of whatever stack it is on
    memset(own, 0x5a, sizeof own);
    __asm__ volatile("" : : "r"(own) : "memory");
    rings++;
}

// Handlers run on the thread's stack or on one of their own, never on a guest's.
static void interrupted(void)
{
    enum { RINGS = 100, ROUNDS = 2000 };
    static u8 alternate[64 << 10];
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate}, before;
    Guest g;
    if (!guest_start(&g, doing, doing_rows)) return;
    sigaltstack(&stack, &before);
    for (u32 apart = 0; apart < 2; apart++) {
        struct sigaction act = {.sa_handler = ring, .sa_flags = apart ? SA_ONSTACK : 0}, old;
        const struct itimerval often = {{0, 100}, {0, 100}}, never = {0};
        sigaction(SIGALRM, &act, &old);
        setitimer(ITIMER_REAL, &often, NULL);
        rings = 0;
        bool right = true; // but for the last, whose host function counts checks
        for (u32 i = 0; i < ROUNDS && rings < RINGS; i++)
            for (u32 k = 0; k < COUNT_OF(sums) - 1; k++) right &= is_right(&g, k);
        setitimer(ITIMER_REAL, &never, NULL);
        sigaction(SIGALRM, &old, NULL);
        CHECK(right && rings > 0);
    }
    sigaltstack(&before, NULL);
    guest_end(&g);
}

// What one thread does.
static void alone(u32 way)
{
    nearly_full();
    limits();
    switches();
    at_the_limit();
    binds();
    fresh();
    deeper();
    if (way < 2) dropped();
    if (way < 2) many();
    done();
    fueled(!way);
    interrupted();
}

int main(void)
{
    for (u32 i = 0; i < COUNT_OF(ways); i++) {
        unsigned before = check_failed;
        enter_way(&ways[i]);
        if (check_single()) alone(i);
        moved();
        engine_free(engine);
        if (check_failed != before) printf("    in way %s\n", ways[i].name);
    }
    return check_report();
}
