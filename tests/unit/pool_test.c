// pool_test.c -- templates and pools: an instance is as the template says, whatever was done to the
// place before, in each tier and by both ways to find what was written to.
// Hazards: R09, R18, R57, R66, R67.

#include "base/types.h"
#include "check.h"
#include "weft_map.h"
#include "weft_pool.h"
#include "weft_snapshot.h"
#include "weft_task.h"
#include "weft_threads.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static weft_engine *engine;
static weft_linker *linker;
static weft_diag diag;
static bool plain;

static const char *why(weft_status status) { return status == WEFT_OK ? "" : diag.name; }
#define CHECK_OK(call) CHECK_STR(why(call), "")
#define CHECK_WHY(call, name) CHECK_STR(why(call), name)
#define CHECK_NONE(call, what)                                                                     \
    do {                                                                                           \
        CHECK((call) == NULL);                                                                     \
        CHECK_STR(diag.name, what);                                                                \
    } while (0)

enum { PAGE = 65536, FIRST_PAGES = 3, MOST_PAGES = 32, SMALL = 4096, ROOM = 40 };

// What a guest may leave behind, each by an export; and how all of it looks.
static const char text[] =
    "(module $guest"
    " (type $i (func (result i32)))"
    " (import \"h\" \"note\" (func $note (result i32)))"
    " (import \"h\" \"pause\" (func $pause (result i32)))"
    " (memory (export \"memory\") 2 32)"
    " (data (i32.const 100) \"frozen\") (data (i32.const 70000) \"more\") (data $late \"passive\")"
    " (table $t (export \"table\") 4 20 funcref) (table $x (export \"externs\") 2 externref)"
    " (elem (table $t) (i32.const 0) func $seven $note)"
    " (elem $late func $seven $seven)"
    " (global $g (export \"g\") (mut i32) (i32.const 5))"
    " (global $l (mut i64) (i64.const -2))"
    " (global $v (mut v128) (v128.const i32x4 1 2 3 4))"
    " (global $f (mut funcref) (ref.func $note))"
    " (global $any (mut anyref) (ref.null any))"
    " (tag $e (export \"e\") (param i32))"
    " (func $seven (type $i) (i32.const 7))"
    " (func $begin (drop (memory.grow (i32.const 1))) (drop (table.grow $t (ref.null func)"
    "   (i32.const 1))) (global.set $g (i32.const 6))"
    "   (i32.store (i32.const 150000) (i32.const 77)) (table.set $t (i32.const 4)"
    "    (ref.func $seven))"
    "   (data.drop $late) (drop (call $note)))"
    " (start $begin)"
    " (func (export \"init\") (global.set $l (i64.const 40)))"
    // what is there
    " (func (export \"peek\") (param i32) (result i32) (i32.load (local.get 0)))"
    " (func (export \"sum\") (result i32)"
    "   (i32.add (i32.add (global.get $g) (i32.wrap_i64 (global.get $l)))"
    "    (i32.add (i32x4.extract_lane 2 (global.get $v)) (i32.add (memory.size) (table.size $t)))))"
    " (func (export \"nulls\") (result i32) (i32.add (ref.is_null (global.get $any))"
    "   (i32.add (ref.is_null (table.get $x (i32.const 0)))"
    "    (i32.add (ref.is_null (table.get $t (i32.const 3)))"
    "     (ref.is_null (table.get $t (i32.const 2)))))))"
    " (func (export \"by_table\") (param i32) (result i32) (call_indirect $t (type $i)"
    "   (local.get 0)))"
    " (func (export \"by_global\") (result i32) (table.set $t (i32.const 2) (global.get $f))"
    "   (call_indirect $t (type $i) (i32.const 2)))"
    " (func (export \"late_data\") (memory.init $late (i32.const 0) (i32.const 0) (i32.const 1)))"
    " (func (export \"late_elem\") (table.init $t $late (i32.const 2) (i32.const 0) (i32.const 2)))"
    " (func (export \"drop_elem\") (elem.drop $late))"
    // what may be changed
    " (func (export \"poke\") (param i32 i32) (i32.store (local.get 0) (local.get 1)))"
    " (func (export \"fill\") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1)"
    "   (local.get 2)))"
    " (func (export \"copy\") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1)"
    "   (local.get 2)))"
    " (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))"
    " (func (export \"spoil\") (param externref) (global.set $g (i32.const -1)) (global.set $l"
    "   (i64.const -1)) (global.set $v (v128.const i32x4 9 9 9 9)) (global.set $f (ref.null func))"
    "   (global.set $any (array.new_default $a (i32.const 100000)))"
    "   (table.set $x (i32.const 0) (local.get 0))"
    "   (table.fill $t (i32.const 0) (ref.func $spoils) (i32.const 5))"
    "   (drop (table.grow $t (ref.func $spoils) (i32.const 10))))"
    " (type $a (array (mut i64)))"
    " (elem declare func $spoils)"
    " (func $spoils (type $i) (unreachable))"
    " (func (export \"loop\") (loop $l (br $l)))"
    " (func (export \"throw\") (throw $e (i32.const 3)))"
    " (func (export \"waits\") (result i32) (call $pause))"
    " (func $deep (export \"deep\") (param i32) (result i32) (local i64)"
    "   (if (i32.eqz (local.get 0)) (then (unreachable)))"
    "   (local.set 1 (i64.const -1)) (return_call $again (i32.sub (local.get 0) (i32.const 1))))"
    " (func $again (param i32) (result i32) (call $deep (local.get 0)))"
    ")";

static int notes, paused, told;

static weft_status note(void *env, weft_caller *caller, weft_slot *slots)
{
    slots[0].i32 = ++notes;
    return WEFT_OK;
}

static void gone(void *what) { ++*(int *)what; }
static void tell(void *env, void *pointer) { ++*(int *)env; }

static weft_status pause_it(void *env, weft_caller *caller, weft_slot *slots)
{
    return weft_caller_wait(caller, &paused, gone);
}

static weft_module *module_of(const char *source)
{
    weft_module *m = weft_module_new(engine, source, strlen(source), &diag);
    if (!CHECK(m != NULL)) printf("%s\n", diag.message);
    return m;
}

typedef struct { weft_store *store; weft_instance instance; } Taken;

// An export of i32s. -1000000: it ended otherwise, and *diag says how.
static int32_t call(const Taken *t, const char *name, int count, int32_t a, int32_t b, int32_t c)
{
    weft_val args[3] = {weft_i32(a), weft_i32(b), weft_i32(c)}, got = weft_i32(0);
    weft_func f = {0, NULL};
    weft_item_type type;
    weft_instance_func(t->store, t->instance, name, &f, &diag);
    if (!CHECK(weft_func_type(t->store, f, &type))) return -1;
    weft_status status = weft_call(t->store, f, args, (size_t)count, &got, type.result_count,
                                   &diag);
    return status == WEFT_OK ? got.of.i32 : -1000000;
}
#define COUNT(...) ((int)(sizeof (int[]){0, __VA_ARGS__} / sizeof(int)) - 1)
#define CALL(t, name, ...) call(t, name, COUNT(__VA_ARGS__), ARGS(__VA_ARGS__))
#define ARGS(...) ARGS_OF(__VA_ARGS__ __VA_OPT__(,) 0, 0, 0)
#define ARGS_OF(a, b, c, ...) a, b, c

// Of all that the template says, what can be seen in a moment.
static void check_values(const Taken *t)
{
    CHECK_EQ_U64((u32)CALL(t, "sum"), 6 + 40 + 3 + FIRST_PAGES + 5);
    CHECK_EQ_U64((u32)CALL(t, "nulls"), 4);
    CHECK_EQ_U64((u32)CALL(t, "by_table", 0), 7);
    CHECK_EQ_U64((u32)CALL(t, "by_table", 4), 7);
    int before = notes;
    CHECK_EQ_U64((u32)CALL(t, "by_table", 1), (u32)before + 1);
    CHECK_EQ_U64((u32)CALL(t, "by_global"), (u32)before + 2);
    CHECK(CALL(t, "by_table", 3) == -1000000);
    CHECK_STR(diag.name, "uninitialized_element");
    CHECK(CALL(t, "late_data") == -1000000);
    CHECK_STR(diag.name, "out_of_bounds_memory_access");
}

// All bytes up to where a memory can grow, which it does.
static void check_memory(const Taken *t)
{
    static const u8 zeros[PAGE];
    static u8 first[FIRST_PAGES * PAGE];
    weft_memory m;
    CHECK_OK(weft_instance_memory(t->store, t->instance, "memory", &m, &diag));
    memset(first, 0, sizeof first);
    memcpy(first + 100, "frozen", 6);
    memcpy(first + 70000, "more", 4);
    first[150000] = 77;
    CHECK_EQ_U64(weft_memory_size(t->store, m), sizeof first);
    const void *at = weft_memory_at(t->store, m, 0, sizeof first);
    CHECK(at && !memcmp(at, first, sizeof first));
    while (weft_memory_grow(t->store, m, 1) >= 0) {
        u64 size = weft_memory_size(t->store, m);
        at = weft_memory_at(t->store, m, size - PAGE, PAGE);
        if (!CHECK(at && !memcmp(at, zeros, PAGE))) break;
    }
    CHECK_EQ_U64(weft_memory_size(t->store, m), MOST_PAGES * PAGE);
}

static weft_template *make_template(void)
{
    weft_module *m = module_of(text);
    notes = 0;
    weft_template *t = weft_template_new(m, linker, "init", &diag);
    if (!CHECK(t != NULL)) printf("%s: %s\n", diag.name, diag.message);
    CHECK_EQ_U64(notes, 1);
    weft_module_free(m);
    return t;
}

// ---- Templates

static void instances(void)
{
    weft_template *t = make_template();
    for (int used = 0; used < 2; used++) {
        weft_limits limits = weft_limits_init();
        limits.fuel = used ? 1000000000 : 0;
        Taken a = {.store = weft_store_new(engine, &limits, &diag)}, b = {.store = a.store};
        weft_func f;
        // Numbers of functions are others then.
        for (int i = 0; i < 3 && used; i++)
            CHECK_OK(weft_func_new(a.store, ":", note, NULL, NULL, &f, &diag));
        CHECK_OK(weft_template_instantiate(t, a.store, &a.instance, &diag));
        CHECK_OK(weft_template_instantiate(t, b.store, &b.instance, &diag));
        check_values(&a);
        CALL(&a, "poke", 100, -1), CALL(&a, "poke", 150000, -1);
        CALL(&a, "drop_elem");
        check_values(&b);
        check_memory(&b);
        CHECK(CALL(&b, "peek", 150000) == 77);
        CHECK(CALL(&a, "peek", 150000) == -1);
        weft_store_free(a.store);
    }
    CHECK_EQ_U64(notes, 1 + 2 * 4);
    weft_template_free(t);
}

// One whose state is more than is copied; it grows, and many share it.
static void large(void)
{
    enum { LARGE = 40, MANY = 5 };
    char source[500];
    snprintf(source, sizeof source,
             "(module (memory (export \"memory\") %d) (func (export \"init\") (memory.fill"
             " (i32.const 65536) (i32.const 1) (i32.const %d)))"
             " (func (export \"peek\") (param i32) (result i32) (i32.load (local.get 0)))"
             " (func (export \"poke\") (param i32 i32) (i32.store (local.get 0) (local.get 1)))"
             " (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0))))",
             LARGE, 30 * PAGE);
    weft_module *m = module_of(source);
    weft_template *t = weft_template_new(m, NULL, "init", &diag);
    Taken all[MANY];
    CHECK(t != NULL);
    weft_module_free(m);
    for (int i = 0; i < MANY; i++) {
        all[i].store = weft_store_new(engine, NULL, &diag);
        CHECK_OK(weft_template_instantiate(t, all[i].store, &all[i].instance, &diag));
        CALL(&all[i], "poke", 3 * PAGE, i);
    }
    weft_template_free(t);
    for (int i = 0; i < MANY; i++) {
        CHECK(CALL(&all[i], "grow", 10) == LARGE);
        CHECK(CALL(&all[i], "peek", 3 * PAGE) == i && CALL(&all[i], "peek", 0) == 0);
        CHECK(CALL(&all[i], "peek", 3 * PAGE + 4) == 0x01010101);
        CHECK(CALL(&all[i], "peek", 31 * PAGE) == 0);
        CHECK(CALL(&all[i], "peek", LARGE * PAGE + 9 * PAGE) == 0);
    }
    // What one has mapped is not what the next memory at its addresses begins with (R66).
    for (int i = 0; i < MANY; i++) {
        weft_memory fresh;
        weft_store_free(all[i].store);
        weft_store *s = weft_store_new(engine, NULL, &diag);
        CHECK_OK(weft_memory_new(s, LARGE, LARGE, &fresh, &diag));
        const u8 *at = weft_memory_at(s, fresh, 0, (u64)LARGE * PAGE);
        size_t k = 0;
        while (k < (size_t)LARGE * PAGE && !at[k]) k++;
        CHECK_EQ_U64(k, (size_t)LARGE * PAGE);
        weft_store_free(s);
    }
}

// An instance of a template, large enough to be mapped elsewhere, in a store that is forked.
static void forked(void)
{
    weft_module *m = module_of("(module (memory (export \"memory\") 20 30)"
                               " (func (export \"init\") (memory.fill (i32.const 70000)"
                               "  (i32.const 1) (i32.const 500000)))"
                               " (func (export \"peek\") (param i32) (result i32)"
                               "  (i32.load (local.get 0)))"
                               " (func (export \"poke\") (param i32 i32)"
                               "  (i32.store (local.get 0) (local.get 1))))");
    weft_template *t = weft_template_new(m, NULL, "init", &diag);
    for (int forks = 0; forks < 2; forks++) {
        weft_engine_set_forks(engine, forks);
        Taken a = {.store = weft_store_new(engine, NULL, &diag)},
              b = {.store = weft_store_new(engine, NULL, &diag)};
        CHECK_OK(weft_template_instantiate(t, a.store, &a.instance, &diag));
        CALL(&a, "poke", 300000, 5);
        CHECK_OK(weft_store_fork(a.store, b.store, NULL, NULL, &diag));
        CHECK_EQ_U64(weft_store_instances(b.store, &b.instance, 1), 1);
        CALL(&a, "poke", 300000, 6), CALL(&b, "poke", 200000, 7);
        CHECK(CALL(&a, "peek", 300000) == 6 && CALL(&b, "peek", 300000) == 5);
        CHECK(CALL(&a, "peek", 200000) == 0x01010101 && CALL(&b, "peek", 200000) == 7);
        CHECK(CALL(&a, "peek", 0) == 0 && CALL(&b, "peek", 400000) == 0x01010101);
        weft_store_free(a.store);
        weft_store_free(b.store);
    }
    weft_engine_set_forks(engine, false);
    // One of a pool has no module of its own, and its memory stands in the pool's.
    weft_pool_config config = weft_pool_config_init();
    config.places = 4; // a thousand are more addresses than 32 bits have
    weft_pool *pool = weft_pool_new(t, &config, &diag);
    Taken a, b = {.store = weft_store_new(engine, NULL, &diag)};
    CHECK_OK(weft_pool_take(pool, NULL, &a.store, &a.instance, &diag));
    CHECK(weft_instance_module(a.store, a.instance) == m);
    CALL(&a, "poke", 300000, 5);
    CHECK_OK(weft_store_fork(a.store, b.store, NULL, NULL, &diag));
    CHECK_EQ_U64(weft_store_instances(b.store, &b.instance, 1), 1);
    CHECK_OK(weft_pool_give(a.store, &diag));
    weft_pool_free(pool);
    CHECK(CALL(&b, "peek", 300000) == 5 && CALL(&b, "peek", 200000) == 0x01010101);
    weft_store_free(b.store);
    weft_template_free(t);
    weft_module_free(m);
}

// A descriptor that the guest has closed is closed in no other instance.
static void descriptors(void)
{
    weft_module *m = module_of("(module (import \"wasi_snapshot_preview1\" \"fd_close\""
                               "  (func $close (param i32) (result i32)))"
                               " (memory (export \"memory\") 1)"
                               " (func (export \"close\") (param i32) (result i32)"
                               "  (call $close (local.get 0))))");
    weft_linker *own = weft_linker_new(engine, &diag);
    weft_linker_wasi(own);
    Taken t = {.store = weft_store_new(engine, NULL, &diag)};
    weft_wasi *wasi = weft_wasi_new(&diag);
    CHECK_OK(weft_store_set_wasi(t.store, wasi, &diag));
    CHECK_OK(weft_wasi_stdio(wasi, 0, 1, 2, &diag));
    CHECK_OK(weft_instantiate(t.store, m, own, &t.instance, &diag));
    weft_template *good = weft_template_of(t.store, t.instance, &diag);
    CHECK(good != NULL);
    CHECK_EQ_U64(CALL(&t, "close", 1), 0);
    CHECK(!weft_template_of(t.store, t.instance, &diag));
    CHECK_STR(diag.name, "cannot_freeze");
    CHECK(strstr(diag.message, "descriptor 1 of WASI") != NULL);
    weft_template_free(good);
    weft_store_free(t.store);
    weft_linker_free(own);
    weft_module_free(m);
}

static weft_status ask(void *env, weft_caller *caller, weft_slot *slots)
{
    weft_instance instance;
    CHECK(weft_caller_instance(caller, &instance));
    CHECK_NONE(weft_template_of(weft_caller_store(caller), instance, &diag), "is_running");
    return WEFT_OK;
}

static void cannot(const char *source, const char *words)
{
    weft_module *m = module_of(source);
    CHECK_NONE(weft_template_new(m, linker, NULL, &diag), "cannot_freeze");
    if (!CHECK(strstr(diag.message, words) != NULL)) printf("%s\n", diag.message);
    weft_module_free(m);
}

static void refused(void)
{
    weft_module *m = module_of("(module (memory 1) (func (export \"f\") (param i32))"
                               " (func (export \"g\") (unreachable)))"),
        *lacks = module_of("(module (import \"no\" \"where\" (func)))");
    weft_store *s = weft_store_new(engine, NULL, &diag),
        *other = weft_store_new(engine, NULL, &diag);
    weft_instance instance, second;
    weft_func f;
    CHECK_NONE(weft_template_new(m, NULL, "f", &diag), "wrong_signature");
    CHECK_NONE(weft_template_new(m, NULL, "h", &diag), "unknown_export");
    CHECK_NONE(weft_template_new(m, NULL, "g", &diag), "unreachable");
    CHECK_NONE(weft_template_new(lacks, NULL, NULL, &diag), "unknown_import");
    CHECK_OK(weft_instantiate(s, m, NULL, &instance, &diag));
    CHECK_NONE(weft_template_of(other, instance, &diag), "wrong_store");
    CHECK_OK(weft_func_new(s, ":", note, NULL, NULL, &f, &diag));
    CHECK_NONE(weft_template_of(s, instance, &diag), "cannot_freeze");
    weft_store_free(s);
    s = weft_store_new(engine, NULL, &diag);
    CHECK_OK(weft_instantiate(s, m, NULL, &instance, &diag));
    CHECK_OK(weft_instantiate(s, m, NULL, &second, &diag));
    CHECK_NONE(weft_template_of(s, instance, &diag), "cannot_freeze");
    weft_store_free(s);
    weft_store_free(other);
    cannot("(module (memory 1 1 shared))", "shared");
    weft_module_free(m);
    weft_module_free(lacks);

    // A store's own function, a pointer of ours, a call that stands, a task, an item.
    m = module_of("(module (import \"h\" \"own\" (func $own)) (table (export \"t\") 1 externref)"
                  " (func (export \"loop\") (loop $l (br $l)))"
                  " (func (export \"own\") (call $own)))");
    weft_extern items[1] = {{.kind = WEFT_FUNC}};
    weft_table table;
    s = weft_store_new(engine, NULL, &diag);
    CHECK_OK(weft_func_new(s, ":", ask, NULL, NULL, &items[0].of.func, &diag));
    CHECK_OK(weft_instantiate_items(s, m, items, 1, &instance, &diag));
    Taken t = {s, instance};
    CALL(&t, "own");
    CHECK_NONE(weft_template_of(s, instance, &diag), "cannot_freeze");
    CHECK(strstr(diag.message, "of its store alone") != NULL);
    CHECK_OK(weft_instance_table(s, instance, "t", &table, &diag));
    CHECK_OK(weft_table_set(s, table, 0, weft_externref(&told), &diag));
    CHECK_NONE(weft_template_of(s, instance, &diag), "cannot_freeze");
    CHECK(strstr(diag.message, "pointers") != NULL);
    CHECK_OK(weft_table_set(s, table, 0, weft_externref(NULL), &diag));
    weft_store_stop(s, WEFT_STOP_PAUSED);
    CALL(&t, "loop");
    CHECK_STR(diag.name, "paused");
    CHECK_NONE(weft_template_of(s, instance, &diag), "cannot_freeze");
    CHECK(strstr(diag.message, "can go on") != NULL);
    CHECK(weft_store_may_continue(s));
    weft_store_free(s);
    weft_module_free(m);
}

// Objects, which refer to each other, to functions and to large arrays.
static const char objects_text[] =
    "(module (type $f (func (result i32))) (type $bytes (array (mut i8)))"
    " (type $node (struct (field (mut (ref null $node))) (field (ref $bytes)) (field (ref $f))))"
    " (import \"h\" \"note\" (func $note (type $f)))"
    " (memory (export \"memory\") 1)"
    " (global $list (mut (ref null $node)) (ref.null $node)) (table $t 2 anyref)"
    " (tag $e (export \"e\"))"
    " (func $nine (type $f) (i32.const 9)) (elem declare func $nine $note)"
    " (func $add (export \"add\") (param i32)"
    "   (global.set $list (struct.new $node (global.get $list)"
    "    (array.new $bytes (i32.const 5) (local.get 0)) (ref.func $nine))))"
    " (func (export \"few\") (call $add (i32.const 3)) (call $add (i32.const 2)))"
    " (func (export \"init\") (local i32)"
    "   (loop $l (call $add (local.get 0)) (local.set 0 (i32.add (local.get 0) (i32.const 1)))"
    "    (br_if $l (i32.lt_u (local.get 0) (i32.const 3000))))"
    "   (call $add (i32.const 100000))"
    "   (table.set $t (i32.const 1) (ref.i31 (i32.const 11))))"
    // all elements of all arrays, and what the functions give
    " (func (export \"sum\") (result i32) (local $n (ref null $node)) (local $s i32) (local $i i32)"
    "   (local.set $n (global.get $list))"
    "   (block $end (loop $next (br_if $end (ref.is_null (local.get $n)))"
    "    (local.set $s (i32.add (local.get $s) (call_ref $f (struct.get $node 2 (local.get $n)))))"
    "    (local.set $i (array.len (struct.get $node 1 (local.get $n))))"
    "    (block $done (loop $each (br_if $done (i32.eqz (local.get $i)))"
    "     (local.set $i (i32.sub (local.get $i) (i32.const 1)))"
    "     (local.set $s (i32.add (local.get $s) (array.get_u $bytes (struct.get $node 1"
    "      (local.get $n)) (local.get $i)))) (br $each)))"
    "    (local.set $n (struct.get $node 0 (local.get $n))) (br $next)))"
    "   (local.get $s))"
    " (func (export \"small\") (result i32) (i31.get_u (ref.cast (ref i31) (table.get $t"
    "   (i32.const 1)))))"
    " (func (export \"cut\") (global.set $list (struct.get $node 0 (global.get $list))))"
    " (func (export \"spoil\") (local $n (ref null $node)) (local.set $n (global.get $list))"
    "   (array.set $bytes (struct.get $node 1 (local.get $n)) (i32.const 0) (i32.const 77))"
    "   (struct.set $node 0 (local.get $n) (ref.null $node))"
    "   (table.set $t (i32.const 1) (local.get $n))))";

enum { OBJECTS_SUM = 3001 * 9 + 5 * (2999 * 3000 / 2 + 100000) };

// As weft_template_new, in a store with limits: large objects stand where its heap would end.
static weft_template *freeze(weft_module *m, const char *init, u64 heap_bytes)
{
    weft_limits limits = weft_limits_init();
    limits.heap_bytes = heap_bytes;
    Taken a = {.store = weft_store_new(engine, &limits, &diag)};
    CHECK_OK(weft_instantiate(a.store, m, linker, &a.instance, &diag));
    CALL(&a, init);
    weft_template *t = weft_template_of(a.store, a.instance, &diag);
    CHECK_EQ_U64((u32)CALL(&a, "small"), 11); // it stays
    weft_store_free(a.store);
    return t;
}

static void objects(void)
{
    weft_module *m = module_of(objects_text);
    weft_template *t = freeze(m, "init", 64 << 20);
    if (!CHECK(t != NULL)) {
        printf("%s: %s\n", diag.name, diag.message);
        return;
    }
    for (int i = 0; i < 2; i++) {
        Taken a = {.store = weft_store_new(engine, NULL, &diag)};
        weft_living living = weft_living_init();
        weft_instance none;
        CHECK_OK(weft_template_instantiate(t, a.store, &a.instance, &diag));
        CHECK_EQ_U64((u32)CALL(&a, "sum"), OBJECTS_SUM);
        CHECK_EQ_U64((u32)CALL(&a, "small"), 11);
        CHECK_OK(weft_store_living(a.store, &living, &diag));
        CHECK_EQ_U64(living.objects, 2 * 3001);
        for (int k = 0; k < 3000; k++) CALL(&a, "add", k);
        CHECK_OK(weft_store_collect(a.store, &diag));
        for (int k = 0; k < 3000; k++) CALL(&a, "cut");
        CHECK_EQ_U64((u32)CALL(&a, "sum"), OBJECTS_SUM);
        CHECK_OK(weft_store_living(a.store, &living, &diag));
        CHECK_EQ_U64(living.objects, 2 * 3001);
        CALL(&a, "spoil");
        CHECK_WHY(weft_template_instantiate(t, a.store, &none, &diag), "not_fresh");
        weft_store_free(a.store);
    }
    weft_limits limits = weft_limits_init();
    limits.heap_bytes = 8 << 20; // large objects stand where there was room for more
    weft_store *s = weft_store_new(engine, &limits, &diag);
    Taken a = {.store = s};
    weft_instance none;
    CHECK_OK(weft_template_instantiate(t, s, &a.instance, &diag));
    CHECK_EQ_U64((u32)CALL(&a, "sum"), OBJECTS_SUM);
    weft_store_free(s);
    limits.heap_bytes = 65536;
    s = weft_store_new(engine, &limits, &diag);
    CHECK_WHY(weft_template_instantiate(t, s, &none, &diag), "limit_heap_bytes");
    weft_store_free(s);
    weft_template_free(t);
    weft_module_free(m);
}

// Where they fill a part of a block the next ones go around them.
static void few_objects(void)
{
    weft_module *m = module_of(objects_text);
    weft_template *t = weft_template_new(m, linker, "few", &diag);
    for (int i = 0; i < 2; i++) {
        Taken a = {.store = weft_store_new(engine, NULL, &diag)};
        CHECK_OK(weft_template_instantiate(t, a.store, &a.instance, &diag));
        for (int k = 1; k <= 100; k++) {
            CALL(&a, "add", 1);
            CHECK_EQ_U64((u32)CALL(&a, "sum"), 2 * 9 + 5 * (3 + 2) + k * (9 + 5));
        }
        weft_store_free(a.store);
    }
    weft_template_free(t);
    weft_module_free(m);
}

// ---- Pools

static u64 keep;

static weft_pool *make_pool(weft_template *t, u32 places, u64 fuel)
{
    weft_pool_config config = weft_pool_config_init();
    weft_limits limits = weft_limits_init();
    limits.fuel = fuel;
    limits.memory_bytes = (u64)MOST_PAGES * PAGE;
    config.places = places;
    config.functions = ROOM;
    if (keep) config.keep_bytes = keep;
    config.limits = &limits;
    config.plain = plain;
    weft_pool *p = weft_pool_new(t, &config, &diag);
    if (!CHECK(p != NULL)) printf("%s: %s\n", diag.name, diag.message);
    return p;
}

static Taken take(weft_pool *p)
{
    Taken t = {NULL, {0, NULL}};
    CHECK_OK(weft_pool_take(p, NULL, &t.store, &t.instance, &diag));
    return t;
}

// Takes the place that was given back last, and finds it as it was at first.
static void check_place(weft_pool *p, bool fuel)
{
    Taken t = take(p);
    u64 left;
    if (!t.store) return;
    CHECK(weft_store_data(t.store) == NULL);
    CHECK(!weft_store_may_continue(t.store) && !weft_store_backtrace(t.store, NULL, 0));
    CHECK(weft_store_fuel(t.store, &left) == fuel && (!fuel || left == 1000000000));
    CHECK(!weft_store_exception(t.store, &(weft_tag){0}, NULL, 0, NULL));
    weft_limits used = weft_limits_init();
    CHECK_OK(weft_store_usage(t.store, &used, &diag));
    CHECK(used.heap_bytes == 0 && used.handles == 0 && used.continuations == 0 &&
          used.continuation_bytes == 0 && used.stack_bytes == 0);
    CHECK_EQ_U64(used.memory_bytes, FIRST_PAGES * PAGE);
    CHECK_EQ_U64(used.table_total, 5 + 2);
    check_values(&t);
    CALL(&t, "late_elem");
    CHECK_EQ_U64((u32)CALL(&t, "by_table", 3), 7); // what the one before has dropped
    check_memory(&t);
    weft_store_free(t.store);
}

static weft_pool_usage used_of(weft_pool *p)
{
    weft_pool_usage used = {.size = sizeof used};
    CHECK_OK(weft_pool_used(p, &used, &diag));
    return used;
}

// Each way that a memory gets contents, in runs of pages: more of them than one look finds.
static void write_runs(const Taken *t, u32 round)
{
    weft_memory m;
    CHECK_OK(weft_instance_memory(t->store, t->instance, "memory", &m, &diag));
    if (round % 3) CALL(t, "grow", (int)(round % 30));
    u64 size = weft_memory_size(t->store, m);
    u32 step = 1 + round % 4;
    for (u64 at = (round * 7919) % SMALL; at + 4 < size; at += (u64)step * 2 * SMALL)
        CALL(t, "poke", (int)at, -1);
    CALL(t, "fill", 0, 0xee, 3 * SMALL);
    CALL(t, "copy", (int)(size - 5 * SMALL), 0, 2 * SMALL);
    u8 *last = weft_memory_at(t->store, m, size - 1, 1);
    *last = 0xdd;
    CHECK(weft_memory_write(t->store, m, size / 2, "from the host", 13));
    // The system writes there too, and puts aside what it can.
    int file = open("/proc/self/exe", O_RDONLY);
    CHECK(read(file, weft_memory_at(t->store, m, size / 3, 3 * SMALL), 3 * SMALL) == 3 * SMALL);
    close(file);
#ifdef MADV_PAGEOUT
    if (round % 2) madvise(weft_memory_at(t->store, m, 0, size), (size_t)size, MADV_PAGEOUT);
#endif
}

static void memories(u32 rounds)
{
    weft_template *t = make_template();
    weft_pool *p = make_pool(t, 4, 0);
    weft_template_free(t);
    Taken others[2] = {take(p), take(p)};
    for (u32 i = 0; i < rounds; i++) {
        Taken a = take(p);
        if (!a.store) break;
        write_runs(&a, i);
        weft_store_free(a.store);
        check_place(p, false);
    }
    for (int i = 0; i < 2; i++) {
        check_values(&others[i]);
        check_memory(&others[i]);
        weft_store_free(others[i].store);
    }
    CHECK_EQ_U64(used_of(p).made, 3);
    CHECK(used_of(p).plain >= plain);
    weft_pool_free(p);
}

// What else there is of a guest's.
static void leave(const Taken *t, int what)
{
    weft_val arg = weft_externref(&told);
    weft_func f;
    weft_table table;
    weft_global global;
    weft_ref ref;
    weft_scope scope;
    switch (what) {
    case 0:
        CHECK_OK(weft_instance_func(t->store, t->instance, "spoil", &f, &diag));
        CHECK_OK(weft_call(t->store, f, &arg, 1, NULL, 0, &diag));
        break;
    case 1: // it is interrupted, and will be again
        weft_store_stop(t->store, WEFT_STOP_INTERRUPTED);
        CALL(t, "loop");
        CHECK_STR(diag.name, "interrupted");
        break;
    case 2: // it stands somewhere
        weft_store_stop(t->store, WEFT_STOP_PAUSED);
        CALL(t, "loop");
        CHECK(weft_store_may_continue(t->store));
        break;
    case 3:
        CALL(t, "throw");
        CHECK_STR(diag.name, "uncaught_exception");
        break;
    case 4:
        CALL(t, "deep", 1000);
        CHECK_STR(diag.name, "unreachable");
        break;
    case 5:
        weft_store_set_data(t->store, &told);
        CHECK_OK(weft_store_set_wasi(t->store, weft_wasi_new(&diag), &diag));
        break;
    case 6:
        CHECK_OK(weft_instance_func(t->store, t->instance, "waits", &f, &diag));
        CHECK(weft_task_start(t->store, f, NULL, 0, &diag) != NULL);
        CHECK(weft_task_start(t->store, f, NULL, 0, &diag) != NULL);
        break;
    case 7:
        CHECK_OK(weft_instance_table(t->store, t->instance, "table", &table, &diag));
        CHECK_OK(weft_table_grow(t->store, table, 5, weft_funcref((weft_func){0, NULL}), NULL,
                                 &diag));
        CHECK_OK(weft_instance_global(t->store, t->instance, "g", &global, &diag));
        CHECK_OK(weft_global_set(t->store, global, weft_i32(123), &diag));
        break;
    case 8: // handles that nobody gave back, and a scope that is open
        CHECK_OK(weft_i31_new(t->store, 5, &ref, &diag));
        CHECK_OK(weft_scope_open(t->store, &scope, &diag));
        for (int i = 0; i < 100; i++) CHECK_OK(weft_i31_new(t->store, i, &ref, &diag));
        break;
    case 9:
        weft_store_set_finalizer(t->store, tell, &told);
        CHECK_OK(weft_instance_table(t->store, t->instance, "externs", &table, &diag));
        CHECK_OK(weft_table_set(t->store, table, 1, weft_externref(&diag), &diag));
        break;
    default: CALL(t, "drop_elem"); break;
    }
}
enum { LEFT = 11 };

static void state(void)
{
    weft_template *t = make_template();
    for (int fuel = 0; fuel < 2; fuel++) {
        weft_pool *p = make_pool(t, 2, fuel ? 1000000000 : 0);
        paused = told = 0;
        for (int i = 0; i < 2 * LEFT; i++) {
            Taken a = take(p);
            if (i >= LEFT) leave(&a, 0);
            leave(&a, i % LEFT);
            weft_store_free(a.store);
            check_place(p, fuel);
        }
        CHECK_EQ_U64(paused, 4);
        CHECK_EQ_U64(told, 3);
        CHECK_EQ_U64(used_of(p).made, 1);
        weft_pool_free(p);
    }
    weft_template_free(t);
}

static void count_end(void *env) { ++*(int *)env; }

// Other memory over that of the place: a buffer that stays mapped, or does not, and zeros.
static void patch(const Taken *t, int what)
{
    u64 page = weft_map_page(), size = MAX(page, 2 * PAGE);
    weft_buffer *buffer = weft_buffer_new(size, &diag);
    weft_memory m;
    CHECK(buffer != NULL);
    memset(weft_buffer_bytes(buffer), 0x99, (size_t)size);
    CHECK_OK(weft_instance_memory(t->store, t->instance, "memory", &m, &diag));
    if (what < 2) {
        CHECK_OK(weft_memory_map(t->store, m, 0, buffer, 0, size, WEFT_MAP_PRIVATE, &diag));
        CHECK((u32)CALL(t, "peek", 100) == 0x99999999);
        if (what) CHECK_OK(weft_memory_unmap(t->store, m, 0, &diag));
        if (what) CHECK_EQ_U64((u32)CALL(t, "peek", 100), 0);
    } else {
        CHECK(weft_memory_discard(t->store, m, 0, 3 * PAGE));
        CHECK(CALL(t, "peek", 100) == 0 && CALL(t, "peek", 150000) == 0);
    }
    weft_buffer_free(buffer);
}

// What the host or a guest adds to a store goes with it, and the place is made anew.
static void added(void)
{
    weft_template *t = make_template();
    weft_pool *p = make_pool(t, 1, 0);
    weft_module *m = module_of("(module (memory 2) (table 9 funcref) (func (export \"f\")))");
    for (int i = 0; i < 10; i++) {
        Taken a = take(p);
        weft_instance more;
        weft_memory memory;
        weft_global global;
        weft_table table;
        weft_tag tag;
        weft_func f;
        int ended = 0;
        switch (i) {
        case 0: CHECK_OK(weft_instantiate(a.store, m, NULL, &more, &diag)); break;
        case 1: CHECK_OK(weft_memory_new(a.store, 1, 2, &memory, &diag)); break;
        case 2: CHECK_OK(weft_global_new(a.store, weft_i32(1), true, &global, &diag)); break;
        case 3: CHECK_OK(weft_func_new(a.store, ":", note, &ended, count_end, &f, &diag)); break;
        case 4: CHECK_OK(weft_tag_new(a.store, "i:", &tag, &diag)); break;
        case 5: CHECK_OK(weft_template_instantiate(t, a.store, &more, &diag)); break;
        case 6:
            CHECK_OK(weft_table_new(a.store, 1, 2, weft_externref(&ended), &table, &diag));
            break;
        default: patch(&a, i - 7);
        }
        CALL(&a, "poke", 100, -1);
        weft_store_free(a.store);
        CHECK_EQ_U64(ended, i == 3);
        CHECK_EQ_U64(used_of(p).ready, 0);
        check_place(p, false);
        CHECK_EQ_U64(used_of(p).made, i + 2);
    }
    // As many functions as the pool leaves room for.
    Taken a = take(p);
    weft_func f;
    for (int i = 0; i < ROOM; i++)
        CHECK_OK(weft_func_new(a.store, ":", note, NULL, NULL, &f, &diag));
    CHECK_WHY(weft_func_new(a.store, ":", note, NULL, NULL, &f, &diag), "limit_store_functions");
    weft_store_free(a.store);
    check_place(p, false);
    weft_pool_free(p);
    weft_template_free(t);
    weft_module_free(m);
}

// What was of a store that was given back is told, also when the same place is taken again.
static void stale(void)
{
    weft_template *t = make_template();
    weft_pool *p = make_pool(t, 1, 0);
    Taken a = take(p), b;
    weft_memory memory;
    weft_table table;
    weft_global global;
    weft_func f;
    weft_typed typed;
    weft_val v;
    weft_ref ref;
    CHECK_OK(weft_instance_memory(a.store, a.instance, "memory", &memory, &diag));
    CHECK_OK(weft_instance_table(a.store, a.instance, "table", &table, &diag));
    CHECK_OK(weft_instance_global(a.store, a.instance, "g", &global, &diag));
    CHECK_OK(weft_instance_func(a.store, a.instance, "sum", &f, &diag));
    CHECK_OK(weft_func_typed(a.store, f, ":i", &typed, &diag));
    CHECK_OK(weft_i31_new(a.store, 5, &ref, &diag));
    CHECK_OK(weft_pool_give(a.store, &diag));
    b = take(p);
    CHECK(b.store == a.store); // else this has not tested what it is for
    CHECK(!weft_memory_at(b.store, memory, 0, 1) && !weft_memory_size(b.store, memory));
    CHECK_WHY(weft_table_get(b.store, table, 0, &v, &diag), "wrong_store");
    CHECK_WHY(weft_global_get(b.store, global, &v, &diag), "wrong_store");
    CHECK_WHY(weft_call(b.store, f, NULL, 0, &v, 1, &diag), "wrong_store");
    CHECK_WHY(weft_call_typed(b.store, typed, NULL, &diag), "wrong_store");
    CHECK_WHY(weft_ref_release(b.store, ref, &diag), "wrong_store");
    CHECK(!weft_instance_export_at(b.store, a.instance, 0, &(weft_extern){0}));
    CHECK_OK(weft_instance_func(b.store, b.instance, "sum", &f, &diag));
    weft_store_free(b.store);
    a = take(p);
    CHECK(a.store == b.store);
    CHECK_WHY(weft_call(a.store, f, NULL, 0, &v, 1, &diag), "wrong_store");
    weft_store_free(a.store);
    weft_pool_free(p);
    weft_store *own = weft_store_new(engine, NULL, &diag);
    CHECK_WHY(weft_pool_give(own, &diag), "wrong_store");
    weft_store_free(own);
    weft_template_free(t);
}

static void with_objects(void)
{
    weft_module *m = module_of(objects_text);
    weft_template *t = freeze(m, "init", 64 << 20);
    weft_pool *p = make_pool(t, 2, 0);
    for (int i = 0; i < 10; i++) {
        Taken a = take(p);
        CHECK_EQ_U64((u32)CALL(&a, "sum"), OBJECTS_SUM);
        CHECK_EQ_U64((u32)CALL(&a, "small"), 11);
        for (int k = 0; k < 1000; k++) CALL(&a, "add", 300);
        CALL(&a, "spoil");
        weft_store_free(a.store);
    }
    CHECK_EQ_U64(used_of(p).made, 1);
    // A template of one that was taken.
    Taken a = take(p), b = {.store = weft_store_new(engine, NULL, &diag)};
    CALL(&a, "cut");
    weft_template *again = weft_template_of(a.store, a.instance, &diag);
    if (CHECK(again != NULL)) {
        CHECK_OK(weft_template_instantiate(again, b.store, &b.instance, &diag));
        CHECK_EQ_U64((u32)CALL(&b, "sum"), OBJECTS_SUM - 9 - 5 * 100000);
        weft_template_free(again);
    } else printf("%s\n", diag.message);
    weft_store_free(b.store);
    weft_store_free(a.store);
    weft_pool_free(p);
    weft_template_free(t);
    weft_module_free(m);
}

// A child has the places as its parent left them, and asks for its own pages.
static void in_a_child(void)
{
    weft_template *t = make_template();
    weft_pool *p = make_pool(t, 3, 0);
    Taken mine = take(p);
    write_runs(&mine, 4);
    check_place(p, false);
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        check_failed = 0;
        Taken a = take(p);
        write_runs(&a, 7);
        weft_store_free(a.store);
        check_place(p, false);
        weft_store_free(mine.store); // which it has, too
        check_place(p, false);
        fflush(stdout);
        _exit(check_failed ? 1 : 0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    weft_store_free(mine.store);
    check_place(p, false);
    weft_pool_free(p);
    weft_template_free(t);
}

// ---- Limits

static void places(void)
{
    weft_template *t = make_template();
    weft_pool *p = make_pool(t, 3, 0);
    Taken a[3];
    CHECK_OK(weft_pool_prepare(p, 2, &diag));
    CHECK(used_of(p).ready == 2 && used_of(p).taken == 0 && used_of(p).places == 3);
    for (int i = 0; i < 3; i++) a[i] = take(p);
    weft_store *none;
    weft_instance instance;
    CHECK_WHY(weft_pool_take(p, NULL, &none, &instance, &diag), "limit_places");
    CHECK(!none && !instance.store);
    CHECK_WHY(weft_pool_prepare(p, 1, &diag), "limit_places");
    weft_store_free(a[1].store);
    check_place(p, false);
    weft_template_free(t);
    weft_pool_free(p); // those that are taken stay
    check_values(&a[0]);
    weft_store_free(a[0].store);
    check_memory(&a[2]);
    CHECK_OK(weft_pool_give(a[2].store, &diag));
    weft_pool_free(NULL);
    weft_template_free(NULL);
    weft_tenant_free(NULL);
}

static void without_memory(void)
{
    weft_module *m = module_of("(module (func (export \"f\") (result i32) (i32.const 3)))");
    weft_template *t = weft_template_new(m, NULL, NULL, &diag);
    weft_pool *p = make_pool(t, 2, 0);
    for (int i = 0; i < 3; i++) {
        Taken first = take(p), second = take(p);
        CHECK(call(&first, "f", 0, 0, 0, 0) == 3);
        CHECK(call(&second, "f", 0, 0, 0, 0) == 3);
        weft_store_free(first.store);
        weft_store_free(second.store);
    }
    CHECK(used_of(p).addresses == 0);
    weft_pool_free(p);
    weft_template_free(t);
    weft_module_free(m);
}

static void configs(void)
{
    weft_template *t = make_template();
    weft_pool_config config = weft_pool_config_init();
    config.places = 0;
    CHECK_NONE(weft_pool_new(t, &config, &diag), "no_places");
    config.places = UINT32_MAX;
    weft_limits limits = weft_limits_init();
    limits.memory_bytes = UINT64_MAX;
    config.limits = &limits;
    CHECK_NONE(weft_pool_new(t, &config, &diag), "out_of_memory");
    CHECK(sizeof(void *) == 4 || strstr(diag.message, "addresses") != NULL);
    limits.size = 1;
    CHECK_NONE(weft_pool_new(t, &config, &diag), "unknown_field");
    config.size = 0;
    CHECK_NONE(weft_pool_new(t, &config, &diag), "unknown_field");
    weft_template_free(t);
}

static void tenants(void)
{
    weft_template *t = make_template();
    weft_pool *p = make_pool(t, 10, 1000000000), *unfueled = make_pool(t, 1, 0);
    weft_tenant_limits limits = weft_tenant_limits_init(), used = limits;
    limits.instances = 3;
    limits.memory_bytes = (3 * FIRST_PAGES - 1) * PAGE;
    limits.fuel = 1000000;
    weft_tenant *tenant = weft_tenant_new(&limits, &diag), *free_one = weft_tenant_new(NULL, &diag);
    Taken a[3];
    CHECK_WHY(weft_pool_take(unfueled, tenant, &a[0].store, &a[0].instance, &diag), "not_fueled");
    for (int i = 0; i < 2; i++)
        CHECK_OK(weft_pool_take(p, tenant, &a[i].store, &a[i].instance, &diag));
    CHECK_WHY(weft_pool_take(p, tenant, &a[2].store, &a[2].instance, &diag), "limit_memory_size");
    CHECK_OK(weft_pool_take(p, free_one, &a[2].store, &a[2].instance, &diag));
    CHECK_EQ_U64(used_of(p).taken, 3);
    CHECK(CALL(&a[0], "grow", 2) == FIRST_PAGES && CALL(&a[0], "grow", 1) == -1);
    CHECK(CALL(&a[1], "grow", 1) == -1 && CALL(&a[2], "grow", 4) == FIRST_PAGES);
    CHECK_OK(weft_tenant_used(tenant, &used, &diag));
    CHECK(used.instances == 2 && used.memory_bytes == limits.memory_bytes);
    CHECK(used.fuel < limits.fuel && used.fuel > limits.fuel - 300000);
    check_values(&a[1]);
    CALL(&a[0], "loop");
    CHECK_STR(diag.name, "out_of_fuel");
    weft_tenant_add_fuel(tenant, 500000);
    CHECK(CALL(&a[0], "peek", 150000) == 77);
    weft_store_free(a[0].store);
    CHECK_OK(weft_pool_take(p, tenant, &a[0].store, &a[0].instance, &diag));
    CHECK(CALL(&a[0], "grow", 2) == FIRST_PAGES);
    // Something is added, so that it goes; and what it has with it.
    weft_memory more;
    weft_tenant_free(tenant);
    CHECK_OK(weft_memory_new(a[2].store, 1, 1, &more, &diag));
    weft_store_free(a[2].store);
    CHECK_OK(weft_tenant_used(free_one, &used, &diag));
    CHECK(used.instances == 0 && used.memory_bytes == 0);
    weft_tenant_free(free_one);
    weft_store_free(a[0].store);
    CHECK_OK(weft_tenant_used(tenant, &used, &diag)); // a[1] has it still
    CHECK(used.instances == 1 && used.memory_bytes == FIRST_PAGES * PAGE);
    CHECK(used.fuel > 0 && used.fuel <= 500000);
    weft_store_free(a[1].store);
    limits.memory_bytes = 0;
    limits.instances = 1;
    tenant = weft_tenant_new(&limits, &diag);
    CHECK_OK(weft_pool_take(p, tenant, &a[0].store, &a[0].instance, &diag));
    CHECK_WHY(weft_pool_take(p, tenant, &a[1].store, &a[1].instance, &diag),
              "limit_tenant_instances");
    weft_store_free(a[0].store);
    weft_tenant_free(tenant);
    weft_pool_free(p);
    weft_pool_free(unfueled);
    weft_template_free(t);
}

// More mappings than the system lets a process have: who comes too late is told, and nobody else.
static void mappings(void)
{
    enum { MANY = 40000 };
    weft_module *m = module_of("(module (memory (export \"memory\") 1 1) (data (i32.const 8) \"x\")"
                               " (func (export \"peek\") (param i32) (result i32)"
                               " (i32.load (local.get 0)))"
                               " (func (export \"poke\") (param i32 i32) (i32.store (local.get 0)"
                               " (local.get 1))))");
    weft_template *t = weft_template_new(m, NULL, NULL, &diag);
    weft_pool *p = make_pool(t, MANY, 0);
    Taken *all = calloc(MANY, sizeof *all);
    int count = 0;
    while (count < MANY &&
           !weft_pool_take(p, NULL, &all[count].store, &all[count].instance, &diag)) count++;
    CHECK(count > 20000);
    if (count < MANY) {
        CHECK_STR(diag.name, "out_of_memory");
        CHECK(strstr(diag.message, "max_map_count") != NULL);
    }
    CHECK(CALL(&all[0], "peek", 8) == 'x' && CALL(&all[count - 1], "peek", 8) == 'x');
    CALL(&all[count - 1], "poke", 8, 99);
    weft_store_free(all[count - 1].store);
    CHECK_OK(weft_pool_take(p, NULL, &all[count - 1].store, &all[count - 1].instance, &diag));
    CHECK(CALL(&all[count - 1], "peek", 8) == 'x');
    while (count) weft_store_free(all[--count].store);
    free(all);
    weft_pool_free(p);
    weft_template_free(t);
    weft_module_free(m);
}

// Without addresses: an error that says so.
static void addresses(void)
{
    weft_template *t = make_template();
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        unsigned long pages = 0;
        FILE *size = fopen("/proc/self/statm", "r");
        if (!size || fscanf(size, "%lu", &pages) != 1) _exit(2);
        rlim_t bytes = (rlim_t)pages * (rlim_t)getpagesize() + (64 << 20);
        struct rlimit limit = {bytes, bytes};
        weft_pool_config config = weft_pool_config_init();
        setrlimit(RLIMIT_AS, &limit);
        weft_pool *p = weft_pool_new(t, &config, &diag);
        bool told_so = !p && !strcmp(diag.name, "out_of_memory");
        config.places = 1;
        p = weft_pool_new(t, &config, &diag);
        Taken a = {.store = NULL};
        bool good = p && !weft_pool_take(p, NULL, &a.store, &a.instance, &diag) &&
                    CALL(&a, "peek", 150000) == 77;
        _exit(told_so && good ? 0 : 1);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    weft_template_free(t);
}

// ---- Threads

typedef struct { weft_pool *pool; weft_tenant *tenant; u32 seed; int failed; } Worker;

static void *work(void *env)
{
    Worker *w = env;
    for (int i = 0; i < 60; i++) {
        Taken a;
        weft_diag reason;
        weft_func f;
        weft_val args[2] = {weft_i32(150000), weft_i32(-1)}, got;
        if (weft_pool_take(w->pool, w->tenant, &a.store, &a.instance, &reason)) {
            w->failed += strcmp(reason.name, "limit_places") != 0;
            continue;
        }
        bool good = !weft_instance_func(a.store, a.instance, "peek", &f, NULL) &&
                    !weft_call(a.store, f, args, 1, &got, 1, NULL) && got.of.i32 == 77 &&
                    !weft_instance_func(a.store, a.instance, "poke", &f, NULL) &&
                    !weft_call(a.store, f, args, 2, NULL, 0, NULL);
        w->failed += !good;
        weft_store_free(a.store);
    }
    return NULL;
}

static void threads(void)
{
    weft_template *t = make_template();
    weft_pool *p = make_pool(t, 3, 1000000000);
    weft_tenant_limits limits = weft_tenant_limits_init(), used = limits;
    limits.fuel = 10000000;
    weft_tenant *tenant = weft_tenant_new(&limits, &diag);
    pthread_t all[4];
    Worker workers[4];
    for (int i = 0; i < 4; i++) {
        workers[i] = (Worker){p, tenant, (u32)i, 0};
        CHECK(!pthread_create(&all[i], NULL, work, &workers[i]));
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(all[i], NULL);
        CHECK_EQ_U64(workers[i].failed, 0);
    }
    CHECK_OK(weft_tenant_used(tenant, &used, &diag));
    CHECK(used.instances == 0 && used.memory_bytes == 0 && used.fuel < limits.fuel);
    check_place(p, true);
    weft_tenant_free(tenant);
    weft_pool_free(p);
    weft_template_free(t);
}

// ---- Who is late to stop a store stops nobody else's

// Its place is made anew.
static void added_to(const Taken *t)
{
    weft_memory memory;
    CHECK_OK(weft_memory_new(t->store, 1, 2, &memory, &diag));
}

static void leases(void)
{
    weft_template *t = make_template();
    weft_pool *p = make_pool(t, 1, 0), *other = make_pool(t, 1, 0);
    weft_store *alone = weft_store_new(engine, NULL, &diag);
    weft_lease none = weft_pool_lease(alone), before = {0, 0};
    CHECK(!none.number && !weft_pool_stop(p, none, WEFT_STOP_INTERRUPTED));
    // One that is made up, and whose number is none where the place has none.
    for (uint32_t i = 0; i < 2; i++)
        CHECK(!weft_pool_stop(p, (weft_lease){(uint64_t)1 << 48, i}, WEFT_STOP_INTERRUPTED));
    for (int i = 0; i < 3; i++) {
        Taken a = take(p);
        weft_lease now = weft_pool_lease(a.store), beyond = {now.number, 1};
        weft_val one = weft_i32(150000), got;
        weft_func f;
        CHECK_OK(weft_instance_func(a.store, a.instance, "peek", &f, &diag));
        CHECK(!weft_pool_stop(p, before, WEFT_STOP_INTERRUPTED));
        CHECK(!weft_pool_stop(p, beyond, WEFT_STOP_INTERRUPTED));
        CHECK(!weft_pool_stop(other, now, WEFT_STOP_INTERRUPTED));
        CHECK_OK(weft_call(a.store, f, &one, 1, &got, 1, &diag));
        CHECK(weft_pool_stop(p, now, WEFT_STOP_TIME_LIMIT));
        CHECK_WHY(weft_call(a.store, f, &one, 1, &got, 1, &diag), "time_limit");
        CHECK(weft_pool_stop(p, now, WEFT_STOP_NOT));
        CHECK_OK(weft_call(a.store, f, &one, 1, &got, 1, &diag));
        CHECK(weft_pool_stop(p, now, WEFT_STOP_INTERRUPTED));
        if (i == 1) added_to(&a);
        weft_store_free(a.store);
        CHECK(!weft_pool_stop(p, now, WEFT_STOP_INTERRUPTED));
        if (i != 1) CHECK(!weft_pool_lease(a.store).number);
        before = now;
    }
    weft_store_free(alone);
    weft_pool_free(other);
    weft_pool_free(p);
    weft_template_free(t);
}

// One stops all the time whom it was told of last, at whatever time; who told nobody is not
// stopped.
typedef struct {
    weft_pool *pool;     // of one place
    _Atomic u64 number;  // of the lease
    _Atomic bool over;
    u32 stopped;
} Watched;

static void *stop_late(void *env)
{
    Watched *w = env;
    while (!w->over) {
        w->stopped += weft_pool_stop(w->pool, (weft_lease){w->number, 0}, WEFT_STOP_INTERRUPTED);
        sched_yield();
    }
    return NULL;
}

static void late(void)
{
    weft_template *t = make_template();
    Watched w = {.pool = make_pool(t, 1, 0)};
    pthread_t watchdog;
    CHECK(!pthread_create(&watchdog, NULL, stop_late, &w));
    u32 ended = 0;
    for (u32 i = 0; i < 300; i++) {
        Taken a = take(w.pool);
        weft_func f;
        weft_val one = weft_i32(150000), got;
        bool watched = i % 3 == 0;
        if (watched) w.number = weft_pool_lease(a.store).number;
        CHECK_OK(weft_instance_func(a.store, a.instance, "peek", &f, &diag));
        const char *end = why(weft_call(a.store, f, &one, 1, &got, 1, &diag));
        if (!watched || *end) CHECK_STR(end, watched ? "interrupted" : "");
        ended += *end != 0;
        if (i % 50 == 1) added_to(&a);
        weft_store_free(a.store);
    }
    w.over = true;
    pthread_join(watchdog, NULL);
    CHECK(ended <= w.stopped);
    weft_pool_free(w.pool);
    weft_template_free(t);
}

static void single(u32 engine_number)
{
    static const u64 kept[] = {0, UINT64_MAX, 100 * SMALL};
    instances();
    large();
    forked();
    descriptors();
    refused();
    objects();
    few_objects();
    keep = kept[engine_number / 2];
    memories(check_full() ? 60 : 6);
    keep = 0;
    state();
    added();
    stale();
    with_objects();
    leases();
    in_a_child();
    places();
    without_memory();
    configs();
    tenants();
    bool few = sizeof(void *) == 4 || SANITIZES_ADDRESSES; // addresses, or they are needed
    if (engine_number == 4 && !few) mappings();
    if (!few) addresses();
}

int main(void)
{
    static const weft_tier tiers[] = {WEFT_TIER_INTERP, WEFT_TIER_BASELINE, WEFT_TIER_AUTO};
    for (u32 i = 0; i < 6; i++) {
        engine = weft_engine_new("all", &diag);
        plain = i % 2;
        weft_engine_set_tier(engine, tiers[i / 2]);
        // Without it too, of which the last has none.
        if (i < 4) weft_engine_set_faults(engine, true, &diag);
        linker = weft_linker_new(engine, &diag);
        CHECK_OK(weft_linker_func(linker, "h", "note", ":i", note, NULL, NULL, &diag));
        CHECK_OK(weft_linker_func(linker, "h", "pause", ":i", pause_it, NULL, NULL, &diag));
        threads();
        late();
        if (check_single()) single(i);
        weft_linker_free(linker);
        weft_engine_free(engine);
    }
    return check_report();
}
