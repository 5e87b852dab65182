// snapshot_test.c -- stores as bytes: stopped at each place and gone on with in another engine, in
// each tier, to the same result; what cannot be written; bytes that somebody changed.
// Hazards: R64.

#include "objects.h"
#include "snapshots.h"
#include "weft_pool.h"

static const char text[] =
    "(module"
    "  (import \"h\" \"say\" (func $say (param i32)))"
    "  (import \"h\" \"count\" (global $count (mut i64)))"
    "  (rec (type $f (func (result i64))) (type $k (cont $f)))"
    "  (type $cell (sub (struct (field i64) (field (mut (ref null $cell))))))"
    "  (type $deep (sub $cell (struct (field i64) (field (mut (ref null $cell))) (field i8))))"
    "  (type $cells (array (mut (ref null $cell))))"
    "  (type $bytes (array (mut i16)))"
    "  (tag $t (param (ref $cell) v128))"
    "  (tag $y)"
    "  (memory 1 2)"
    "  (data $d \"some bytes\")"
    "  (data (i32.const 5000) \"active\")"
    "  (table $table 2 20 (ref null $cell))"
    "  (table $funcs 3 funcref)"
    "  (elem (table $funcs) (i32.const 1) func $of $say)"
    "  (elem $e (ref null $cell) (item (struct.new $cell (i64.const 5) (ref.null $cell))))"
    "  (global $g (mut (ref null $cells)) (ref.null $cells))"
    "  (global $x (mut externref) (ref.null extern))"
    "  (func $new (param i64) (result (ref $cell))"
    "    (struct.new $deep (local.get 0) (ref.null $cell) (i32.const 7)))"
    "  (func $of (param (ref null $cell)) (result i64) (struct.get $cell 0 (local.get 0)))"
    "  (func $later (type $f) (local $c (ref null $cell))"
    "    (local.set $c (call $new (i64.const 1000))) (suspend $y) (call $of (local.get $c)))"
    "  (func $tail (param i32 i64) (result i64)"
    "    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))"
    "    (return_call $tail (i32.sub (local.get 0) (i32.const 1))"
    "      (i64.add (local.get 1) (i64.const 3))))"
    "  (func $work (param $n i32) (result i64) (local $s i64) (local $l (ref null $cell))"
    "    (local $a (ref $cells)) (local $v v128) (local $kk (ref null $k))"
    "    (local $b (ref null $bytes))"
    "    (call $new (i64.const 1))"
    "    (loop $on"
    "      (call $new (i64.const 2))"
    "      (local.set $v (i64x2.splat (i64.extend_i32_u (local.get $n))))"
    "      (block $h (result (ref $cell) v128)"
    "        (try_table (catch $t $h) (throw $t (call $new (i64.const 7)) (local.get $v)))"
    "        (unreachable))"
    "      (local.set $v)"
    "      (local.set $s (i64.add (call $of) (local.get $s)))"
    "      (local.set $s (i64.add (i64x2.extract_lane 1 (local.get $v)) (local.get $s)))"
    "      (local.set $a (array.new $cells (call $new (i64.const 11)) (i32.const 30)))"
    "      (array.set $cells (local.get $a) (i32.const 3) (struct.new $cell (i64.const 13)"
    "        (array.get $cells (local.get $a) (i32.const 2))))"
    "      (local.set $b (array.new $bytes (i32.const 300) (i32.const 9)))"
    "      (array.set $bytes (local.get $b) (i32.const 8) (i32.const 17))"
    "      (global.set $g (local.get $a))"
    "      (global.set $x (extern.convert_any (ref.i31 (local.get $n))))"
    "      (global.set $count (i64.add (global.get $count) (i64.const 1)))"
    "      (table.set $table (i32.const 1) (array.get $cells (local.get $a) (i32.const 3)))"
    "      (i64.store (i32.mul (local.get $n) (i32.const 900)) (local.get $s))"
    "      (if (i32.eq (memory.grow (i32.const 1)) (i32.const 1)) (then"
    "        (memory.init $d (i32.const 70000) (i32.const 5)"
    "          (i32.const 5)) (data.drop $d)"
    "        (drop (table.grow $table (table.get $table (i32.const 1)) (i32.const 3)))))"
    "      (block $y (result (ref $k)) (local.set $s (i64.add (local.get $s)"
    "        (resume $k (on $y $y) (cont.new $k (ref.func $later))))) (unreachable))"
    "      (local.set $kk)"
    "      (local.set $s (i64.add (call $tail (i32.const 3) (i64.const 1)) (local.get $s)))"
    "      (local.set $s (i64.add (resume $k (local.get $kk)) (local.get $s)))"
    "      (local.set $s (i64.add (call $of) (local.get $s)))"
    "      (local.set $s (i64.add (call $of (table.get $table (i32.const 1))) (local.get $s)))"
    "      (local.set $s (i64.add (i64.extend_i32_u (array.get_u $bytes (local.get $b)"
    "        (i32.const 8))) (local.get $s)))"
    "      (call $say (i32.wrap_i64 (local.get $s)))"
    "      (call_indirect $funcs (param i32) (i32.const 5) (i32.const 2))"
    "      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    "    (local.set $s (i64.add (call $of) (local.get $s)))"
    "    (i64.add (i64.load (i32.const 900)) (i64.add (i64.load32_u (i32.const 70000))"
    "      (i64.add (local.get $s) (global.get $count)))))"
    "  (elem declare func $later)"
    "  (func (export \"work\") (param i32) (result i64) (call $work (local.get 0)))"
    "  (func (export \"keep\") (param externref) (global.set $x (local.get 0)))"
    "  (func (export \"kept\") (result externref) (global.get $x)))";

static const weft_tier tiers[] = {WEFT_TIER_INTERP, WEFT_TIER_BASELINE, WEFT_TIER_AUTO};
enum { TURNS = 4 };

typedef struct {
    weft_engine *engine;
    weft_store *store;
    weft_linker *linker;
    weft_instance instance;
} World;

static u32 said; // all that guests said

static weft_status say(void *env, weft_caller *caller, weft_slot *slots)
{
    said = said * 31 + slots[0].u32;
    return WEFT_OK;
}

static World world_of(weft_tier tier, bool fueled)
{
    World w = {0};
    weft_limits limits = weft_limits_init();
    weft_global count;
    limits.fuel = fueled ? 1000000 : 0;
    limits.heap_bytes = 4 << 20;
    limits.memory_bytes = 1 << 20;
    limits.stack_bytes = 1 << 16;
    w.engine = weft_engine_new("+stack-switching", &diag);
    weft_engine_set_tier(w.engine, tier);
    w.store = weft_store_new(w.engine, &limits, &diag);
    w.linker = weft_linker_new(w.engine, &diag);
    CHECK_OK(weft_linker_func(w.linker, "h", "say", "i:", say, NULL, NULL, &diag));
    CHECK_OK(weft_global_new(w.store, weft_i64(0), true, &count, &diag));
    CHECK_OK(weft_linker_define(w.linker, "h", "count",
                                (weft_extern){WEFT_GLOBAL, {.global = count}}, &diag));
    return w;
}

static void start(World *w)
{
    weft_module *m = weft_module_new(w->engine, text, sizeof text - 1, &diag);
    if (!CHECK(m != NULL)) printf("%s\n", diag.message);
    CHECK_OK(weft_instantiate(w->store, m, w->linker, &w->instance, &diag));
    weft_module_free(m);
}

static void end(World *w)
{
    weft_linker_free(w->linker);
    weft_store_free(w->store);
    weft_engine_free(w->engine);
}

static weft_func func(World *w, const char *name)
{
    weft_func f = {0, NULL};
    CHECK_OK(weft_instance_func(w->store, w->instance, name, &f, &diag));
    return f;
}

// ---- Bytes

static weft_status save(World *w, Kept *k)
{
    const weft_snapshot_out out = weft_snapshot_out_init(keep, k);
    k->len = 0;
    return weft_snapshot_write(w->store, &out, &diag);
}

static weft_status load(World *w, const Kept *k)
{
    weft_status status = weft_snapshot_read(w->store, w->linker, k->data, k->len, NULL, &diag);
    if (status == WEFT_OK) CHECK_EQ_U64(weft_store_instances(w->store, &w->instance, 1), 1);
    if (status == WEFT_OK) CHECK(weft_instance_module(w->store, w->instance) != NULL);
    return status;
}

// ---- The same result

static u64 result_of(weft_tier tier, u32 *words)
{
    World w = world_of(tier, false);
    weft_val turns = weft_i32(TURNS), sum = weft_i64(0);
    start(&w);
    said = 0;
    CHECK_OK(weft_call(w.store, func(&w, "work"), &turns, 1, &sum, 1, &diag));
    *words = said;
    end(&w);
    return (u64)sum.of.i64;
}

// From engine to engine, each in another tier, at each so-manieth place.
static void in_steps(u32 polls, u32 first, u64 want, u32 words)
{
    Kept k = {0};
    weft_val turns = weft_i32(TURNS), sum = weft_i64(0);
    World w = world_of(tiers[first % COUNT_OF(tiers)], false);
    u32 steps = 0;
    start(&w);
    said = 0;
    stop_at(w.store->s, polls);
    weft_status status = weft_call(w.store, func(&w, "work"), &turns, 1, &sum, 1, &diag);
    while (status == WEFT_TRAP && !strcmp(diag.name, "paused")) {
        CHECK_OK(save(&w, &k));
        end(&w);
        w = world_of(tiers[(first + ++steps) % COUNT_OF(tiers)], false);
        CHECK_OK(load(&w, &k));
        stop_at(w.store->s, polls);
        weft_func called, other;
        if (!CHECK(weft_store_stopped(w.store, &called))) break;
        CHECK_OK(weft_instance_func(w.store, w.instance, "work", &other, &diag));
        CHECK(called.item == other.item && called.store == other.store);
        status = weft_continue(w.store, &sum, 1, &diag);
    }
    CHECK_OK(status);
    CHECK_EQ_U64((u64)sum.of.i64, want);
    CHECK_EQ_U64(said, words);
    CHECK(steps >= 20 / polls);
    end(&w);
    free(k.data);
}

// Fuel is what it would be, and what was written twice is the same.
static void fueled(u64 want)
{
    Kept k = {0}, again = {0};
    weft_snapshot_info info = {.size = sizeof info};
    weft_val turns = weft_i32(TURNS), sum = weft_i64(0);
    World w = world_of(WEFT_TIER_BASELINE, true), other = world_of(WEFT_TIER_INTERP, true);
    uint64_t whole, left;
    start(&w);
    CHECK_OK(weft_call(w.store, func(&w, "work"), &turns, 1, &sum, 1, &diag));
    weft_store_fuel(w.store, &whole);
    end(&w);
    w = world_of(WEFT_TIER_BASELINE, true);
    start(&w);
    stop_at(w.store->s, 17);
    CHECK_WHY(weft_call(w.store, func(&w, "work"), &turns, 1, &sum, 1, &diag), "paused");
    CHECK_OK(save(&w, &k));
    CHECK_WHY(weft_snapshot_look(NULL, 0, &info, &diag), "malformed_snapshot");
    CHECK_WHY(weft_snapshot_look(NULL, 100, &info, &diag), "malformed_snapshot");
    CHECK_OK(weft_snapshot_look(k.data, k.len, &info, &diag));
    weft_store_fuel(w.store, &left);
    CHECK(info.fueled && !info.deterministic && info.fuel == left);
    CHECK_OK(load(&other, &k));
    CHECK_OK(save(&other, &again));
    CHECK(k.len == again.len && !memcmp(k.data, again.data, k.len));
    CHECK_OK(weft_continue(other.store, &sum, 1, &diag));
    CHECK_EQ_U64((u64)sum.of.i64, want);
    weft_store_fuel(other.store, &left);
    CHECK_EQ_U64(left, whole);
    // No more than it is given.
    World poor = world_of(WEFT_TIER_INTERP, true);
    CHECK_OK(weft_store_set_fuel(poor.store, 5, &diag));
    CHECK_OK(load(&poor, &k));
    CHECK(weft_store_fuel(poor.store, &left) && left == 5);
    end(&poor);
    // One that was written goes on as well.
    stop_at(w.store->s, 0);
    CHECK_OK(weft_continue(w.store, &sum, 1, &diag));
    CHECK_EQ_U64((u64)sum.of.i64, want);
    end(&w);
    end(&other);
    free(k.data);
    free(again.data);
}

// ---- Tasks, and pointers of the host's

static bool number(void *env, void *pointer, uint64_t *out)
{
    *out = 77;
    return pointer == &diag;
}
static bool pointer(void *env, uint64_t given, void **out)
{
    *out = &engine;
    return given == 77;
}

static void with_tasks(void)
{
    Kept k = {0};
    weft_val turns = weft_i32(1), sum = weft_i64(0), kept = weft_externref(&diag);
    World w = world_of(WEFT_TIER_AUTO, false), other = world_of(WEFT_TIER_BASELINE, false);
    weft_task *tasks[3];
    start(&w);
    for (u32 i = 0; i < 2; i++) {
        stop_at(w.store->s, 5 + 3 * i);
        CHECK(weft_task_start(w.store, func(&w, "work"), &turns, 1, &diag) != NULL);
    }
    stop_at(w.store->s, 0);
    CHECK_OK(weft_call(w.store, func(&w, "keep"), &kept, 1, NULL, 0, &diag));
    CHECK_WHY(save(&w, &k), "cannot_snapshot");
    CHECK_SAYS("externref");
    weft_snapshot_out out = weft_snapshot_out_init(keep, &k);
    out.number = number;
    k.len = 0;
    CHECK_OK(weft_snapshot_write(w.store, &out, &diag));
    CHECK_WHY(weft_snapshot_read(other.store, other.linker, k.data, k.len, NULL, &diag),
              "snapshot_mismatch");
    end(&other);
    other = world_of(WEFT_TIER_BASELINE, false);
    weft_snapshot_in in = weft_snapshot_in_init();
    in.pointer = pointer;
    CHECK_OK(weft_snapshot_read(other.store, other.linker, k.data, k.len, &in, &diag));
    weft_store_instances(other.store, &other.instance, 1);
    CHECK_OK(weft_call(other.store, func(&other, "kept"), NULL, 0, &kept, 1, &diag));
    CHECK(kept.type == WEFT_EXTERNREF && kept.of.ext == &engine);
    CHECK_EQ_U64(weft_store_tasks(other.store, tasks, 3), 2);
    for (u32 i = 0; i < 2; i++) {
        CHECK(weft_task_state_of(tasks[i]) == WEFT_TASK_STOPPED);
        weft_func called = weft_task_func(tasks[i]), work = func(&other, "work");
        CHECK(called.item == work.item && called.store == work.store);
        CHECK_OK(weft_task_continue(tasks[i], &diag));
        CHECK_OK(weft_task_results(tasks[i], &sum, 1, &diag));
        CHECK(i || sum.of.i64 > 0);
        weft_task_free(tasks[i]);
    }
    weft_module *m = weft_module_share(weft_instance_module(other.store, other.instance));
    end(&w);
    end(&other);
    CHECK(weft_module_export_count(m) > 0); // the snapshot's own, after all else of it
    weft_module_free(m);
    free(k.data);
}

// ---- Forks

static const char pages[] =
    "(module (memory (export \"m\") 20 40)"
    "  (func (export \"fill\") (param $with i64) (local $a i32)"
    "    (loop $l (i64.store (local.get $a) (i64.add (local.get $with)"
    "        (i64.extend_i32_u (local.get $a))))"
    "      (br_if $l (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 512)))"
    "        (i32.const 1310720)))))"
    "  (func (export \"sum\") (result i64) (local $a i32) (local $s i64)"
    "    (loop $l (local.set $s (i64.add (i64.load (local.get $a))"
    "        (i64.mul (local.get $s) (i64.const 31))))"
    "      (br_if $l (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 512)))"
    "        (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 8)))))"
    "    (local.get $s))"
    "  (func (export \"grow\") (result i32) (memory.grow (i32.const 3)))"
    "  (func (export \"poke\") (param i32 i64) (i64.store (local.get 0) (local.get 1))))";

static u64 ask(World *w, const char *name, u32 count, weft_val a, weft_val b)
{
    weft_val args[2] = {a, b}, out = weft_i64(0);
    bool gives = !strcmp(name, "sum") || !strcmp(name, "grow");
    CHECK_OK(weft_call(w->store, func(w, name), args, count, &out, gives, &diag));
    return (u64)out.of.i64;
}
static u64 sum_of(World *w) { return ask(w, "sum", 0, weft_i32(0), weft_i32(0)); }
static void poke(World *w, s32 at, s64 value) { ask(w, "poke", 2, weft_i32(at), weft_i64(value)); }

static World fork_of(World *from)
{
    World to = *from;
    to.store = weft_store_new(from->engine, NULL, &diag);
    CHECK_OK(weft_store_fork(from->store, to.store, from->linker, NULL, &diag));
    weft_store_instances(to.store, &to.instance, 1);
    return to;
}

// Who of them writes, grows or goes is nobody else's affair.
static void apart(World *w)
{
    ask(w, "fill", 1, weft_i64(7), weft_i32(0));
    u64 before = sum_of(w);
    World first = fork_of(w), second = fork_of(w);
    poke(w, 8192, 1);
    poke(&second, 512, 2);
    CHECK(sum_of(w) != before && sum_of(&second) != before);
    CHECK_EQ_U64(sum_of(&first), before);
    u64 own = sum_of(w);
    World third = fork_of(w), fourth = fork_of(&second);
    CHECK_EQ_U64(sum_of(&third), own);
    CHECK_EQ_U64(sum_of(&fourth), sum_of(&second));
    // More pages than not are its own: the next one begins with a file of its own.
    ask(w, "fill", 1, weft_i64(9), weft_i32(0));
    own = sum_of(w);
    World fifth = fork_of(w);
    CHECK_EQ_U64(sum_of(&fifth), own);
    CHECK_EQ_U64(sum_of(&third) != own, true);
    CHECK_EQ_U64((u32)ask(w, "grow", 0, weft_i32(0), weft_i32(0)), 20);
    poke(w, 22 << 16, 5);
    CHECK_EQ_U64((u32)ask(&third, "grow", 0, weft_i32(0), weft_i32(0)), 20);
    CHECK_EQ_U64(sum_of(&fifth), own);
    World sixth = fork_of(w);
    CHECK_EQ_U64(sum_of(&sixth), sum_of(w));
    weft_store_free(fifth.store);
    weft_store_free(first.store);
    CHECK_EQ_U64(sum_of(&sixth), sum_of(w));
    poke(&sixth, 0, 3);
    CHECK(sum_of(&sixth) != sum_of(w));
    World *rest[] = {&second, &third, &fourth, &sixth};
    for (u32 i = 0; i < COUNT_OF(rest); i++) weft_store_free(rest[i]->store);
}

static void forks(weft_tier tier, bool prepared, bool faults, u64 want)
{
    weft_val turns = weft_i32(TURNS), sum = weft_i64(0);
    World w = world_of(tier, false);
    end(&w);
    w.engine = weft_engine_new("+stack-switching", &diag);
    weft_engine_set_tier(w.engine, tier);
    weft_engine_set_forks(w.engine, prepared);
    if (faults) weft_engine_set_faults(w.engine, true, &diag);
    w.store = weft_store_new(w.engine, NULL, &diag);
    w.linker = weft_linker_new(w.engine, &diag);
    weft_module *m = weft_module_new(w.engine, pages, sizeof pages - 1, &diag);
    CHECK_OK(weft_instantiate(w.store, m, NULL, &w.instance, &diag));
    weft_module_free(m);
    apart(&w);
    end(&w);
    // What was stopped goes on in both.
    w = world_of(tier, false);
    start(&w);
    stop_at(w.store->s, 23);
    CHECK_WHY(weft_call(w.store, func(&w, "work"), &turns, 1, &sum, 1, &diag), "paused");
    stop_at(w.store->s, 0);
    World to = w;
    weft_global count;
    to.store = weft_store_new(w.engine, NULL, &diag);
    to.linker = weft_linker_new(w.engine, &diag);
    CHECK_OK(weft_linker_func(to.linker, "h", "say", "i:", say, NULL, NULL, &diag));
    CHECK_OK(weft_global_new(to.store, weft_i64(0), true, &count, &diag));
    CHECK_OK(weft_linker_define(to.linker, "h", "count",
                                (weft_extern){WEFT_GLOBAL, {.global = count}}, &diag));
    CHECK_OK(weft_store_fork(w.store, to.store, to.linker, NULL, &diag));
    CHECK_OK(weft_continue(to.store, &sum, 1, &diag));
    CHECK_EQ_U64((u64)sum.of.i64, want);
    CHECK_OK(weft_continue(w.store, &sum, 1, &diag));
    CHECK_EQ_U64((u64)sum.of.i64, want);
    weft_store_free(to.store);
    weft_linker_free(to.linker);
    end(&w);
}

// ---- A memory of the host's

static const char hosts_text[] =
    "(module (import \"h\" \"memory\" (memory 2)) (global i64 (i64.const 7777777777777))"
    "  (func (export \"set\") (param i32 i32) (i32.store (local.get 0) (local.get 1))))";

static World world_with_memory(weft_engine *e, weft_memory *memory)
{
    World w = {.engine = e};
    w.store = weft_store_new(e, NULL, &diag);
    w.linker = weft_linker_new(e, &diag);
    CHECK_OK(weft_memory_new(w.store, 2, 2, memory, &diag));
    CHECK_OK(weft_linker_define(w.linker, "h", "memory",
                                (weft_extern){WEFT_MEMORY, {.memory = *memory}}, &diag));
    return w;
}

// It is as it was, whatever was in it before; and a constant is what its module says.
static void memory_of_host(bool prepared)
{
    enum { AT = 70000 };
    Kept k = {0};
    weft_memory memory;
    weft_engine *e = weft_engine_new(NULL, &diag);
    weft_engine_set_forks(e, prepared);
    World from = world_with_memory(e, &memory);
    weft_module *m = weft_module_new(e, hosts_text, sizeof hosts_text - 1, &diag);
    CHECK_OK(weft_instantiate(from.store, m, from.linker, &from.instance, &diag));
    weft_module_free(m);
    weft_val args[2] = {weft_i32(AT), weft_i32(5)};
    CHECK_OK(weft_call(from.store, func(&from, "set"), args, 2, NULL, 0, &diag));
    CHECK_OK(save(&from, &k));
    for (u32 fork = 0; fork < 2; fork++) {
        World to = world_with_memory(e, &memory);
        u8 *bytes = weft_memory_at(to.store, memory, 0, 2 << 16);
        memset(bytes, 0x55, 2 << 16);
        if (fork) CHECK_OK(weft_store_fork(from.store, to.store, to.linker, NULL, &diag));
        else CHECK_OK(load(&to, &k));
        bytes = weft_memory_at(to.store, memory, 0, 2 << 16);
        u32 odd = 0;
        for (u32 i = 0; i < 2 << 16; i++) odd += bytes[i] != (i == AT ? 5 : 0);
        CHECK_EQ_U64(odd, 0);
        weft_linker_free(to.linker);
        weft_store_free(to.store);
    }
    ((Instance *)from.instance.item)->globals[0]->value[0]++;
    CHECK_OK(save(&from, &k));
    World to = world_with_memory(e, &memory);
    CHECK_WHY(load(&to, &k), "malformed_snapshot");
    CHECK_SAYS("a constant that is not what the module says");
    weft_linker_free(to.linker);
    weft_store_free(to.store);
    free(k.data);
    end(&from);
}

// ---- What does not fit

static void misfits(const Kept *k)
{
    World w = world_of(WEFT_TIER_INTERP, true);
    CHECK_WHY(load(&w, k), "snapshot_mismatch");
    CHECK_SAYS("does not count fuel");
    end(&w);
    w = world_of(WEFT_TIER_INTERP, false);
    CHECK_WHY(weft_snapshot_read(w.store, NULL, k->data, k->len, NULL, &diag), "unknown_import");
    end(&w);
    w = world_of(WEFT_TIER_INTERP, false);
    start(&w);
    CHECK_WHY(weft_snapshot_read(w.store, w.linker, k->data, k->len, NULL, &diag), "not_fresh");
    CHECK_OK(weft_store_collect(w.store, &diag)); // nothing was begun
    CHECK_EQ_U64(weft_store_instances(w.store, &w.instance, 1), 1);
    end(&w);
    static const char *const short_of[] = {"limit_memory_size", "snapshot_mismatch"};
    for (u32 i = 0; i < COUNT_OF(short_of); i++) {
        w = world_of(WEFT_TIER_INTERP, false);
        Store *s = w.store->s;
        if (i == 0) s->accounts[STORE_memory_bytes].limit = 100000;
        else s->exec.stack_limit = 128; // records are small on some machines
        CHECK_WHY(load(&w, k), short_of[i]);
        end(&w);
    }
}

// ---- What was read in part: nothing runs there, nor is anything made

static weft_status to_template(World *w)
{
    weft_instance inst;
    weft_module *m = weft_module_new(w->engine, "(module)", 8, &diag);
    weft_template *t = weft_template_new(m, NULL, NULL, &diag);
    weft_status status = weft_template_instantiate(t, w->store, &inst, &diag);
    weft_template_free(t);
    weft_module_free(m);
    return status;
}

static weft_status to_module(World *w)
{
    weft_instance inst;
    weft_module *m = weft_module_new(w->engine, "(module)", 8, &diag);
    weft_status status = weft_instantiate(w->store, m, NULL, &inst, &diag);
    weft_module_free(m);
    return status;
}

// Nothing of what was read is to be had, nor looked at by a collection.
static void check_closed(World *w)
{
    weft_instance inst;
    weft_func f;
    weft_task *task;
    weft_val sum;
    CHECK_EQ_U64(weft_store_instances(w->store, &inst, 1), 0);
    CHECK_EQ_U64(weft_store_tasks(w->store, &task, 1), 0);
    CHECK(!weft_store_may_continue(w->store) && !weft_store_stopped(w->store, &f));
    CHECK_WHY(weft_continue(w->store, &sum, 1, &diag), "half_read");
    if (w->store->s->heap.base) CHECK_WHY(weft_store_collect(w->store, &diag), "cannot_collect");
}

static void half_read(const Kept *k)
{
    World w = world_of(WEFT_TIER_INTERP, false), whole = world_of(WEFT_TIER_INTERP, false);
    Kept out = {0};
    weft_func before, after;
    weft_typed typed, more;
    weft_slot slot = {.u32 = 1};
    weft_val one = weft_i32(1);
    CHECK_OK(weft_func_new(w.store, "i:", say, NULL, NULL, &before, &diag));
    CHECK_OK(weft_func_typed(w.store, before, "i:", &typed, &diag));
    CHECK_WHY(weft_snapshot_read(w.store, NULL, k->data, k->len, NULL, &diag), "unknown_import");
    check_closed(&w);
    CHECK_WHY(to_module(&w), "half_read");
    CHECK_WHY(to_template(&w), "half_read");
    CHECK_WHY(load(&w, k), "half_read");
    CHECK_WHY(save(&w, &out), "half_read");
    CHECK_WHY(weft_store_fork(w.store, whole.store, whole.linker, NULL, &diag), "wrong_engine");
    weft_store *other = weft_store_new(w.engine, NULL, &diag);
    CHECK_WHY(weft_store_fork(w.store, other, w.linker, NULL, &diag), "half_read");
    CHECK_WHY(weft_store_fork(other, w.store, w.linker, NULL, &diag), "half_read");
    weft_store_free(other);
    CHECK_WHY(weft_call(w.store, before, &one, 1, NULL, 0, &diag), "half_read");
    CHECK_WHY(weft_call_typed(w.store, typed, &slot, &diag), "half_read");
    CHECK_WHY(weft_func_typed(w.store, before, "i:", &more, &diag), "half_read");
    CHECK(!weft_task_start(w.store, before, &one, 1, &diag));
    CHECK_STR(diag.name, "half_read");
    CHECK_OK(weft_func_new(w.store, "i:", say, NULL, NULL, &after, &diag));
    CHECK_WHY(weft_call(w.store, after, &one, 1, NULL, 0, &diag), "half_read");
    CHECK_WHY(weft_func_typed(w.store, after, "i:", &more, &diag), "half_read");
    CHECK_OK(load(&whole, k));
    end(&whole);
    end(&w);
}

// ---- Bytes that somebody changed

static u32 hostile(const Kept *k, u32 times)
{
    Kept bad = {malloc(k->len), k->len, k->len};
    size_t from = behind_modules(k);
    u32 taken = 0;
    World w = {0};
    for (u32 i = 0; i < times; i++) {
        memcpy(bad.data, k->data, bad.len = k->len);
        for (u32 n = 1 + below(3); n; n--) change(&bad, from);
        set_sum(&bad);
        w = world_of(tiers[i % COUNT_OF(tiers)], false);
        if (load(&w, &bad) == WEFT_OK) {
            weft_val sum;
            taken++;
            check_sound(w.store->s);
            weft_store_collect(w.store, NULL);
            stop_at(w.store->s, 2000);
            if (weft_store_may_continue(w.store)) weft_continue(w.store, &sum, 1, &diag);
            weft_store_collect(w.store, NULL);
            check_sound(w.store->s);
        } else {
            CHECK(diag.name[0] && diag.message[0]);
            check_closed(&w);
        }
        end(&w);
    }
    free(bad.data);
    return taken;
}

// Cut anywhere, or damaged, it is told by its sum.
static void damaged(const Kept *k)
{
    Kept bad = {malloc(k->len), k->len, k->len};
    for (u32 i = 0; i < 400; i++) {
        World w = world_of(WEFT_TIER_INTERP, false);
        memcpy(bad.data, k->data, bad.len = k->len);
        if (i % 2) bad.len = below((u32)k->len);
        else bad.data[below((u32)k->len)] ^= (u8)(1 << below(8));
        CHECK_WHY(load(&w, &bad), "malformed_snapshot");
        end(&w);
    }
    free(bad.data);
}

int main(int argc, char **argv)
{
    u32 words, other;
    u64 want = result_of(WEFT_TIER_INTERP, &words);
    for (u32 i = 1; i < COUNT_OF(tiers); i++) {
        CHECK_EQ_U64(result_of(tiers[i], &other), want);
        CHECK_EQ_U64(other, words);
    }
    for (u32 polls = 1; polls < 12; polls += 2)
        for (u32 first = 0; first < COUNT_OF(tiers); first++) in_steps(polls, first, want, words);
    fueled(want);
    with_tasks();
    for (u32 i = 0; i < 12; i++) forks(tiers[i % 3], i / 3 & 1, i / 6, want);
    memory_of_host(false);
    memory_of_host(true);
    for (u32 polls = 5; polls < 60; polls += 9) {
        Kept k = {0};
        weft_val turns = weft_i32(TURNS), sum;
        World w = world_of(tiers[polls % COUNT_OF(tiers)], false);
        start(&w);
        stop_at(w.store->s, polls);
        CHECK_WHY(weft_call(w.store, func(&w, "work"), &turns, 1, &sum, 1, &diag), "paused");
        CHECK_OK(save(&w, &k));
        end(&w);
        if (polls == 50) misfits(&k), half_read(&k), damaged(&k);
        u32 times = argc > 1 ? (u32)atoi(argv[1]) : 150, taken = hostile(&k, times);
        if (argc > 1) printf("%u of %u taken\n", taken, times);
        free(k.data);
    }
    return check_report();
}
