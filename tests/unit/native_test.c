// native_test.c -- guests whose functions are compiled, interpreted, the host's and other
// instances' in every mixture: tail calls in rings, deep stacks that are walked, exceptions that
// cross all of them, stops that go on elsewhere; and what becomes of functions that cannot be
// compiled.
//
// Two modules of one text, of which each compiles some functions (Module.among), give the same as
// when both are interpreted. Hazards: R19, R20, R21, R22, R41, R51.

#include "check.h"
#include "engine/source.h"
#include "run/call.h"
#include "run/frame.h"
#include "run/park.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

// Sanitizers and emulators take long.
enum { SLOW = SANITIZES_ADDRESSES || SANITIZES_THREADS || !NATIVE ? 10 : 1 };

// Functions 3 to 10, each of which goes on with another: by its number, through a table that has
// those of both instances, or by a reference.
static const char text[] =
    "(module"
    "  (type $t (func (param i32 i64) (result i64)))"
    "  (type $w (func (param i32 i64 i64 i64 f64 i32) (result i64)))"
    "  (import \"h\" \"add\" (func $add (param i64) (result i64)))"
    "  (import \"h\" \"last\" (func $last (type $t)))"
    "  (import \"h\" \"back\" (func $back (type $t)))"
    "  (import \"h\" \"table\" (table $all 11 funcref))"
    "  (import \"h\" \"refs\" (table $refs 11 (ref null $t)))"
    "  (import \"h\" \"tag\" (tag $e (param i32 i64)))"
    // rings
    "  (func $a (export \"a\") (type $t)"
    "    (if (i32.eqz (local.get 0)) (then (return_call $last (local.get 0) (local.get 1))))"
    "    (return_call $b (i32.sub (local.get 0) (i32.const 1))"
    "      (call $add (i64.mul (local.get 1) (i64.const 3)))))"
    "  (func $b (export \"b\") (type $t)"
    "    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))"
    "    (return_call_indirect $all (type $t) (i32.sub (local.get 0) (i32.const 1))"
    "      (i64.add (local.get 1) (i64.const 5)) (i32.rem_u (local.get 0) (i32.const 11))))"
    "  (func $c (export \"c\") (type $t) (local i64 i64 i32)"
    "    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))"
    "    (return_call_ref $t (i32.sub (local.get 0) (i32.const 1))"
    "      (i64.xor (local.get 1) (i64.const 77))"
    "      (table.get $refs (i32.rem_u (local.get 0) (i32.const 11)))))"
    "  (func $d (export \"d\") (type $t)"
    "    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))"
    "    (return_call $wide (i32.sub (local.get 0) (i32.const 1)) (local.get 1) (i64.const 11)"
    "      (i64.const 12) (f64.const 13) (i32.const 14)))"
    "  (func $wide (type $w)"
    "    (return_call_ref $t (local.get 0)"
    "      (i64.add (i64.mul (local.get 1) (local.get 2)) (i64.extend_i32_u (local.get 5)))"
    "      (table.get $refs (i32.rem_u (local.get 0) (i32.const 11)))))"
    // depth
    "  (func $x (export \"x\") (type $t) (local f64 i64)"
    "    (local.set 3 (i64.add (local.get 1) (i64.extend_i32_s (local.get 0))))"
    "    (local.set 2 (f64.convert_i64_s (local.get 3)))"
    "    (if (i32.eqz (local.get 0)) (then (return (i64.div_u (local.get 1) (i64.const 0)))))"
    "    (i64.add (local.get 3) (i64.add (i64.trunc_sat_f64_s (local.get 2))"
    "      (call $y (i32.sub (local.get 0) (i32.const 1)) (local.get 3)))))"
    "  (func $y (export \"y\") (type $t)"
    "    (if (i32.eqz (local.get 0)) (then (unreachable)))"
    "    (if (i32.eqz (i32.rem_u (local.get 0) (i32.const 31))) (then"
    "      (return (i64.add (i64.const 9) (call $back (local.get 0) (local.get 1))))))"
    "    (i64.xor (i64.const 4) (call_indirect $all (type $t)"
    "      (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 2))"
    "      (i32.rem_u (local.get 0) (i32.const 11)))))"
    // exceptions: argument 0 is how far on it is thrown, argument 1 who catches it
    "  (func $p (export \"p\") (type $t) (local $i i32) (local $v i64)"
    "    (if (i32.eqz (local.get 0)) (then (throw $e (i32.const 42) (local.get 1))))"
    "    (block $h (result i32 i64)"
    "      (try_table (result i64) (catch $e $h)"
    "        (call_indirect $all (type $t) (i32.sub (local.get 0) (i32.const 1)) (local.get 1)"
    "          (i32.rem_u (local.get 0) (i32.const 11))))"
    "      (return (i64.add (i64.const 1))))"
    "    (local.set $v) (local.set $i)"
    "    (if (i64.ne (i64.extend_i32_u (local.get 0)) (local.get 1))"
    "      (then (throw $e (local.get $i) (local.get $v))))"
    "    (i64.add (i64.mul (i64.extend_i32_u (local.get $i)) (i64.const 1000)) (local.get $v)))"
    // what stops: loops, calls in them
    "  (func $s (export \"s\") (type $t) (local $i i32) (local $f f64)"
    "    (local.set $i (i32.const 5))"
    "    (loop $l"
    "      (local.set $f (f64.add (local.get $f) (f64.const 0.5)))"
    "      (local.set 1 (i64.add (local.get 1) (i64.extend_i32_u (local.get $i))))"
    "      (if (local.get 0) (then"
    "        (local.set 1 (call_indirect $all (type $t) (i32.sub (local.get 0) (i32.const 1))"
    "          (local.get 1) (i32.rem_u (local.get 0) (i32.const 11))))))"
    "      (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))"
    "    (i64.add (local.get 1) (i64.trunc_f64_s (local.get $f)))))";
enum { FIRST = 3, FUNCS = 8, TABLE = 11 };

// A Range is of functions that are compiled.
static const Range all = {0, FIRST + FUNCS};

typedef struct {
    Engine *engine;
    Source sources[2];
    Store *store;
    Instance *instances[2];
    Table *table, *refs;
    Tag *tag;
    u32 host_calls;
} World;

static bool can_compile(void) { return !tier_lacks(); }

static Func *func(const World *w, u32 which, const char *name)
{
    Extern e = {0};
    instance_export(w->instances[which], bytes_of(name), &e);
    return e.func;
}

// ---- The host

static Trap host_add(HostCall *call)
{
    World *w = call->env;
    w->host_calls++;
    call->slots[0] += 1;
    return TRAP_none;
}

static Trap host_last(HostCall *call)
{
    call->slots[0] = call->slots[1] + 7;
    return TRAP_none;
}

// Goes on in the guest; an exception that comes out of it is the host's to catch for some.
static Trap host_back(HostCall *call)
{
    World *w = call->env;
    u64 slots[2] = {(u32)call->slots[0] - 1, call->slots[1]}, n = (u32)call->slots[0];
    Trap trap = exec_call(call->exec, ref_to_func(w->store, (Ref)w->table->elems[n % TABLE]), slots,
                          COUNT_OF(slots));
    if (trap == TRAP_uncaught_exception && n == call->slots[1]) {
        const Exception *e = ref_to_exception(w->store, call->exec->exception);
        call->slots[0] = 5000 + e->values[1];
        return TRAP_none;
    }
    call->slots[0] = slots[0] + 3;
    return trap;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    static HostFn *const fns[] = {host_add, host_last, host_back};
    World *w = env;
    out->kind = import->kind;
    if (import->kind == EXTERN_func)
        out->func = func_new_host(w->store, type->func, fns[import->index], w);
    if (import->kind == EXTERN_tag)
        out->tag = w->tag ? w->tag : (w->tag = tag_new(w->store, type->func));
    if (import->kind == EXTERN_table) {
        Table **t = import->index ? &w->refs : &w->table;
        out->table = *t ? *t : (*t = table_new(w->store, &type->table, REF_NULL));
    }
    return true;
}

// ---- Worlds: two instances, of modules that compile these functions

static const char *const in_table[] = {"a", "c", "b", "d"}, *const deep[] = {"x", "y", "x"},
                  *const throwing[] = {"p", "p", "p"}, *const stopping[] = {"s", "s"};

// By turns of both instances, and of those that are named.
static void fill(World *w, const char *const *names, u32 count, bool host)
{
    for (u32 i = 0; i < TABLE; i++) {
        Ref ref = ref_of_func(w->store, func(w, i % 2, names[i / 2 % count]));
        w->table->elems[i] = ref;
        w->refs->elems[i] = ref;
    }
    if (host) w->table->elems[5] = ref_of_func(w->store, instance_func(w->instances[0], 2));
}

static bool begin(World *w, Range compiled, Range other, u64 stack_bytes)
{
    Diag diag;
    StoreLimits limits = store_limits_default;
    *w = (World){.engine = engine_new(features_all)};
    if (stack_bytes) limits.stack_bytes = stack_bytes;
    w->engine->tier = TIER_baseline;
    w->store = engine_store_within(w->engine, &limits);
    for (u32 i = 0; i < 2; i++) {
        Range r = i ? other : compiled;
        w->engine->among_first = r.end ? r.start : UINT32_MAX - 1;
        w->engine->among_end = r.end ? r.end : UINT32_MAX;
        if (!CHECK(source_load(&w->sources[i], w->engine, (const u8 *)text, sizeof text - 1,
                               &diag)))
            return printf("%s at %u:%u\n", diag.detail, diag.line, diag.column), false;
        w->instances[i] =
            engine_instantiate(w->store, w->sources[i].module, resolve, w, &diag).instance;
        if (!CHECK(w->instances[i] != NULL)) return printf("%s\n", diag.detail), false;
    }
    return true;
}

static u32 compiled_of(const World *w, u32 which)
{
    const NativeRegion *r = native_region(w->instances[which]->made);
    return r ? r->count : 0;
}

static void end(World *w)
{
    store_free(w->store);
    for (u32 i = 0; i < 2; i++) source_free(&w->sources[i]);
    for (u32 i = 0; i < ENGINE_LIMIT_COUNT; i++)
        if (i != ENGINE_types) CHECK_EQ_U64(account_used(&w->engine->accounts[i]), 0);
    engine_free(w->engine);
}

// Nothing, all, each function alone, and both halves, in one instance and in the other.
static bool next_ranges(u32 n, Range *a, Range *b)
{
    static const Range ranges[] = {{0, 0}, {0, FIRST + FUNCS}, {FIRST, FIRST + 1},
                                   {FIRST + 1, FIRST + 2}, {FIRST + 2, FIRST + 4},
                                   {FIRST + 3, FIRST + FUNCS}, {FIRST + 5, FIRST + 6},
                                   {FIRST + 6, FIRST + 7}};
    enum { COUNT = COUNT_OF(ranges) };
    *a = ranges[n % COUNT];
    *b = ranges[(n / COUNT * 3 + n) % COUNT];
    return n < 2 * COUNT;
}

typedef struct { Trap trap; u64 result; u32 host_calls; } Ending;

static Ending call(World *w, u32 which, const char *name, u32 n, u64 value)
{
    u64 slots[2] = {n, value};
    w->host_calls = 0;
    Trap trap = engine_call(w->store, func(w, which, name), slots, COUNT_OF(slots));
    return (Ending){trap, trap ? 0 : slots[0], w->host_calls};
}

static bool same(Ending a, Ending b)
{
    return CHECK_EQ_U64(a.trap, b.trap) && CHECK_EQ_U64(a.result, b.result) &&
           CHECK_EQ_U64(a.host_calls, b.host_calls);
}

// ---- Rings of tail calls, in a stack of 16 KiB

static void test_rings(void)
{
    const u32 many = 1000000 / SLOW, few = 2000;
    Ending want = {0}, want_few = {0};
    Range a, b;
    for (u32 n = 0; next_ranges(n, &a, &b); n++) {
        World w;
        bool long_one = n < 2 || n == 4 || n == 13;
        if (!begin(&w, a, b, 16 << 10)) return;
        fill(&w, in_table, COUNT_OF(in_table), false);
        Ending got = call(&w, 0, "a", few, 1), got_many = {0};
        if (long_one) got_many = call(&w, 0, "b", many, 1);
        if (!n) want = got_many, want_few = got;
        CHECK(!got.trap && got.host_calls > few / 10);
        same(got, want_few);
        if (long_one) same(got_many, want);
        if (can_compile() && n == 1) CHECK(compiled_of(&w, 0) >= 5 && compiled_of(&w, 1) >= 1);
        end(&w);
    }
}

// ---- Walks

enum { DEEP = 3000, FRAMES = DEEP + 10 };
typedef struct { u32 count; u32 places[FRAMES][3]; u64 values[FRAMES]; } Walk;

static void walk(const World *w, Walk *out)
{
    FrameCursor c = {0};
    Arena arena;
    arena_init(&arena);
    *out = (Walk){0};
    while (out->count < FRAMES && frame_next(&w->store->exec, &c)) {
        FrameView view;
        u32 n = out->count++;
        out->places[n][0] = c.at.inst == w->instances[1];
        out->places[n][1] = c.func;
        out->places[n][2] = frame_offset(&c);
        if (!n || !CHECK(frame_read(&c, &arena, &view))) continue; // the newest has trapped
        for (u32 i = 0; i < view.local_count; i++) {
            u64 v = *view.local_values[i];
            out->values[n] = out->values[n] * 31 + (view.locals[i] == TYPE_i32 ? (u32)v : v);
        }
        for (u32 i = 0; i < view.operand_count; i++)
            out->values[n] = out->values[n] * 37 + *view.operand_values[i];
    }
    arena_free(&arena);
}

static void test_walks(void)
{
    static Walk want, got;
    Range a, b;
    for (u32 n = 0; next_ranges(n, &a, &b); n++) {
        World w;
        if (!begin(&w, a, b, 0)) return;
        fill(&w, deep, COUNT_OF(deep), false);
        Ending ending = call(&w, 0, "x", DEEP, 5);
        CHECK(ending.trap == TRAP_unreachable || ending.trap == TRAP_integer_divide_by_zero);
        walk(&w, &got);
        CHECK(got.count > DEEP - 10);
        if (!n) want = got;
        CHECK(!memcmp(&got, &want, sizeof got));
        end(&w);
    }
}

// ---- Exceptions: thrown `far` calls on, caught by who is at `who`, the host among them

static void test_exceptions(void)
{
    static Ending want[20][21];
    Range a, b;
    for (u32 n = 0; next_ranges(n, &a, &b); n++) {
        World w;
        if (!begin(&w, a, b, 0)) return;
        fill(&w, throwing, COUNT_OF(throwing), true);
        for (u32 far = 0; far < 20; far++)
            for (u32 who = 0; who < 21; who++) {
                Ending got = call(&w, who % 2, "p", far, who);
                if (!n) want[far][who] = got;
                same(got, want[far][who]);
                CHECK_EQ_U64(got.trap, who && who <= far ? TRAP_none : TRAP_uncaught_exception);
            }
        end(&w);
    }
}

// ---- Stops: each goes on on another stack, and every second one on another thread

typedef struct { World *w; Parked *parked; u64 *slots; Trap trap; u32 room; } Parcel;

static void *go_on_there(void *env)
{
    Parcel *p = env;
    Exec *x = &p->w->store->exec;
    if (!CHECK(exec_unpark(x, p->parked))) return NULL;
    p->trap = engine_continue(p->w->store, p->slots, p->room);
    p->parked = p->trap == TRAP_paused ? exec_park(x) : NULL;
    return NULL;
}

static void test_stops(void)
{
    const u32 most = 300 / SLOW;
    Ending want = {0};
    Range a, b;
    for (u32 n = 0; next_ranges(n, &a, &b); n++) {
        World w;
        if (!begin(&w, a, b, 0)) return;
        fill(&w, stopping, COUNT_OF(stopping), false);
        u64 slots[2] = {4, 100};
        Exec *x = &w.store->exec;
        exec_pause(x);
        Parcel p = {.w = &w, .slots = slots, .room = COUNT_OF(slots)};
        p.trap = engine_call(w.store, func(&w, 0, "s"), slots, COUNT_OF(slots));
        CHECK_EQ_U64(p.trap, TRAP_paused);
        p.parked = exec_park(x);
        for (u32 i = 0; p.trap == TRAP_paused && CHECK(p.parked != NULL); i++) {
            pthread_t thread;
            if (i == most) exec_go_on(x);
            if (i % 2 || pthread_create(&thread, NULL, go_on_there, &p)) go_on_there(&p);
            else pthread_join(thread, NULL);
        }
        Ending got = {p.trap, slots[0], 0};
        if (!n) want = call(&w, 0, "s", 4, 100), CHECK_EQ_U64(want.trap, TRAP_none);
        same(got, want);
        end(&w);
    }
}

// ---- Limits of code: what is refused is interpreted, or the trap out_of_memory; nothing is lost

static void test_limits(void)
{
    World w;
    if (!begin(&w, all, all, 0)) return;
    fill(&w, in_table, COUNT_OF(in_table), false);
    Ending want = call(&w, 0, "a", 1000, 1);
    end(&w);
    u32 interpreted = 0, mixed = 0;
    for (u64 limit = 0; limit <= 64 << 10; limit += 331) {
        if (!begin(&w, all, all, 0)) return;
        Account *code = &w.engine->accounts[ENGINE_code_bytes];
        code->limit = MAX(limit, account_used(code));
        fill(&w, in_table, COUNT_OF(in_table), false);
        for (u32 again = 0; again < 3; again++) {
            Ending got = call(&w, 0, "a", 1000, 1);
            CHECK(got.trap == TRAP_none || got.trap == TRAP_out_of_memory);
            if (!got.trap) same(got, want);
            u32 count = compiled_of(&w, 0) + compiled_of(&w, 1);
            interpreted += !got.trap && !count;
            mixed += !got.trap && count && count < 9;
        }
        CHECK(account_used(code) <= code->limit);
        code->limit = 1 << 30; // there is room after all
        same(call(&w, 0, "a", 1000, 1), want);
        end(&w);
    }
    if (can_compile()) CHECK(interpreted > 0 && mixed > 0);
}

// ---- Frames: as large as any, and larger

static Ending call_wide(u32 locals, Tier tier)
{
    static char wide[33000 * 5 + 200];
    char *at = wide;
    Diag diag;
    Ending got = {TRAP_none, 0, 0};
    Source source = {0};
    at += sprintf(at, "(module (func (export \"f\") (result i64) (local i64");
    for (u32 i = 0; i < locals; i++) at += sprintf(at, " v128");
    at += sprintf(at, ") (local.set 0 (i64.const 7))"
                      " (local.set %u (i64x2.splat (call 1 (local.get 0))))"
                      " (i64x2.extract_lane 1 (local.get %u)))"
                      " (func (param i64) (result i64) (i64.add (local.get 0) (i64.const 9))))",
                  locals, locals);
    Engine *engine = engine_new(features_all);
    engine->tier = tier;
    Store *store = engine_store(engine);
    if (CHECK(source_load(&source, engine, (const u8 *)wide, (size_t)(at - wide), &diag))) {
        Instance *inst = engine_instantiate(store, source.module, NULL, NULL, &diag).instance;
        u64 slots[2] = {0};
        got.trap = engine_call(store, instance_func(inst, 0), slots, COUNT_OF(slots));
        got.result = slots[0];
    }
    store_free(store);
    source_free(&source);
    engine_free(engine);
    return got;
}

static void test_frames(void)
{
    u32 ran = 0, refused = 0;
    for (u32 locals = 32460; locals <= 32800; locals += 20) {
        Ending want = call_wide(locals, TIER_interp);
        same(call_wide(locals, TIER_baseline), want);
        ran += want.trap == TRAP_none && want.result == 16;
        refused += want.trap == TRAP_call_stack_exhausted;
    }
    CHECK(ran > 0 && refused > 0);
}

// ---- One instruction that brings a thousand operands home

static void test_many(void)
{
    enum { MANY = 1000, PLACES = 100 };
    static const char *const values[] = {" (local.get 0)", " (local.get 1)", " (i32.const 7)",
                                         " (i64.const 0x1234567812345678)",
                                         " (i32.eqz (local.get 0))"};
    static const char *const types[] = {" i32", " i64", " i32", " i64", " i32"};
    static char wat[80 * MANY];
    u64 results[2] = {0};
    for (u32 tier = 0; tier < 2; tier++) {
        Diag diag;
        Source source = {0};
        char *at = wat;
        at += sprintf(at, "(module (func $sum (param");
        for (u32 i = 0; i < MANY; i++) at += sprintf(at, "%s", types[i % 5]);
        at += sprintf(at, ") (result i64) (i64.const 0)");
        for (u32 i = 3; i < MANY; i += 31) {
            at += sprintf(at, " (i64.const 31) (i64.mul) (local.get %u)%s (i64.add)", i,
                          i % 5 % 2 ? "" : " (i64.extend_i32_u)");
        }
        at += sprintf(at, ") (func (export \"f\") (param i32 i64) (result i64)");
        for (u32 i = 0; i < MANY; i++) at += sprintf(at, "%s", values[i % 5]);
        at += sprintf(at, " (call $sum))");
        // and one that goes to a hundred places, with eight values for each
        at += sprintf(at, "(func (export \"g\") (param i32 i64) (result i64)");
        for (u32 i = 0; i < PLACES; i++)
            at += sprintf(at, " i64.const %u block (result i64 i64 i64 i64 i64 i64 i64 i64)", i);
        for (u32 i = 0; i < 8; i++) at += sprintf(at, " local.get 1");
        at += sprintf(at, " local.get 0 br_table");
        for (u32 i = 0; i < PLACES; i++) at += sprintf(at, " %u", i);
        for (u32 i = 0; i < PLACES; i++) {
            at += sprintf(at, " end");
            for (u32 k = 0; k < 8; k++) at += sprintf(at, " i64.add");
            for (u32 k = 0; k < 7 && i + 1 < PLACES; k++) at += sprintf(at, " local.get 1");
        }
        at += sprintf(at, "))");
        Engine *engine = engine_new(features_all);
        engine->tier = tier ? TIER_baseline : TIER_interp;
        Store *store = engine_store(engine);
        if (CHECK(source_load(&source, engine, (const u8 *)wat, (size_t)(at - wat), &diag))) {
            Instance *inst = engine_instantiate(store, source.module, NULL, NULL, &diag).instance;
            u64 slots[2] = {5, 6};
            for (u32 i = 1; i <= 2; i++) {
                CHECK_EQ_U64(engine_call(store, instance_func(inst, i), slots, COUNT_OF(slots)), 0);
                results[tier] = results[tier] * 31 + slots[0];
                slots[0] = 55, slots[1] = 6;
            }
        }
        store_free(store);
        source_free(&source);
        engine_free(engine);
    }
    CHECK_EQ_U64(results[1], results[0]);
}

// ---- fork: a child compiles on, and so does who made it

static void test_fork(void)
{
    World w;
    if (SANITIZES_THREADS || !begin(&w, (Range){0}, (Range){0}, 0)) return;
    fill(&w, in_table, COUNT_OF(in_table), false);
    Ending want = call(&w, 0, "a", 1000, 1);
    end(&w);
    if (!begin(&w, all, all, 0)) return;
    fill(&w, in_table, COUNT_OF(in_table), false);
    CHECK_EQ_U64(call(&w, 0, "c", 0, 1).trap, TRAP_none);
    u32 before = compiled_of(&w, 0), failed = check_failed;
    pid_t child = fork();
    same(call(&w, 0, "a", 1000, 1), want);
    CHECK(!can_compile() || compiled_of(&w, 0) > before);
    if (!child) _exit(check_failed != failed);
    int status = -1;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && !WEXITSTATUS(status));
    end(&w);
}

// ---- Two threads that compile the same functions

static pthread_barrier_t together;
static World *shared;
static Ending endings[2];

static void *one_of_two(void *env)
{
    u32 which = env != NULL;
    Diag diag;
    World mine = {.engine = shared->engine, .store = engine_store(shared->engine)};
    for (u32 i = 0; i < 2; i++)
        mine.instances[i] = engine_instantiate(mine.store, shared->sources[i].module, resolve,
                                               &mine, &diag).instance;
    if (!mine.instances[0] || !mine.instances[1]) abort();
    fill(&mine, in_table, COUNT_OF(in_table), false);
    pthread_barrier_wait(&together);
    u64 slots[2] = {500, 1};
    endings[which].trap =
        engine_call(mine.store, func(&mine, 0, "a"), slots, COUNT_OF(slots));
    endings[which].result = slots[0];
    store_free(mine.store);
    return NULL;
}

static void test_threads(void)
{
    pthread_barrier_init(&together, NULL, 2);
    for (u32 i = 0; i < 60; i++) {
        World w;
        pthread_t threads[2];
        if (!begin(&w, all, all, 0)) return;
        shared = &w;
        for (u32 k = 0; k < 2; k++)
            if (pthread_create(&threads[k], NULL, one_of_two, k ? &w : NULL)) abort();
        for (u32 k = 0; k < 2; k++) pthread_join(threads[k], NULL);
        same(endings[0], endings[1]);
        if (can_compile()) CHECK(compiled_of(&w, 0) + compiled_of(&w, 1) > 5);
        end(&w);
    }
    pthread_barrier_destroy(&together);
}

// ---- Signals whose handlers run on the stack that compiled code has

static volatile sig_atomic_t ticks;

static void tick(int number)
{
    volatile char room[2000];
    for (u32 i = 0; i < sizeof room; i++) room[i] = (char)i;
    ticks++;
}

static void test_signals(void)
{
    struct sigaction act = {.sa_handler = tick, .sa_flags = SA_RESTART}, was;
    struct itimerval every = {{0, 150}, {0, 150}}, never = {{0, 0}, {0, 0}};
    World w;
    if (!begin(&w, all, (Range){FIRST, FIRST + 3}, 0)) return;
    fill(&w, in_table, COUNT_OF(in_table), false);
    Ending want = call(&w, 0, "b", 100000 / SLOW, 1);
    sigaction(SIGALRM, &act, &was);
    setitimer(ITIMER_REAL, &every, NULL);
    for (u32 i = 0; i < 100 && ticks < 500; i++) same(call(&w, 0, "b", 100000 / SLOW, 1), want);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &was, NULL);
    CHECK(ticks > 0);
    end(&w);
}

int main(void)
{
    if (check_single()) {
        test_rings();
        test_walks();
        test_exceptions();
        test_limits();
        test_frames();
        test_many();
        test_fork();
        test_signals();
    }
    test_stops();
    test_threads();
    return check_report();
}
