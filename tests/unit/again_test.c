// again_test.c -- what is refused, trapped, thrown or stopped takes no memory for good: a process
// has the same after the hundred thousandth time as after the ten thousandth, deed by deed.

#include "check.h"
#include "memory.h"
#include "weft.h"

#include <stdio.h>
#include <string.h>

enum { FEW = MEMORY_SHOWS ? 2000 : 200, MANY = MEMORY_SHOWS ? 100000 : 200 };
enum { GROWTH = 256 << 10 }; // bytes; three of each time would be more
#define COUNT(array) (sizeof(array) / sizeof *(array))

static weft_engine *engine;
static weft_diag diag;

static weft_module *load(const char *text)
{
    return weft_module_new(engine, text, strlen(text), &diag);
}

// ---- Modules that are refused

#define MODULE "\0asm\1\0\0\0"
static const struct { const char *bytes; size_t size; const char *error; } refused[] = {
#define REFUSED(bytes, error) {bytes, sizeof(bytes) - 1, error},
    REFUSED("\0asm\2\0\0\0", "unknown_binary_version")
    REFUSED(MODULE "\1\5\1\x60\1\x20\0", "malformed_value_type")
    REFUSED(MODULE "\1\4\1\x60\0\0\3\2\1\0\xa\5\1\3\0\x6a\xb", "type_mismatch")
    REFUSED("(module (func $f (param i32)) (func (call $f (i64.const 0))))", "type_mismatch")
    REFUSED("(module (type (struct (field (ref 9)))) (func unreachable))", "unknown_type")
    REFUSED("(module (func) (export \"a\" (func 0)) (export \"a\" (func 0)))", "duplicate_export")
    REFUSED("(module (func (i32.ad)))", "unknown_operator")
    REFUSED("(module (func $a) (func $a))", "duplicate_func")
    REFUSED("(module (data \"", "unclosed_string")
};

static void refuse(size_t which)
{
    const char *bytes = refused[which].bytes;
    size_t size = refused[which].size;
    CHECK(!weft_module_new(engine, bytes, size, &diag));
    CHECK_STR(diag.name, refused[which].error);
    CHECK(weft_validate(engine, bytes, size, &diag) == WEFT_ERROR);
    weft_loader *loader = weft_loader_new(engine, &diag);
    for (size_t i = 0; i < size; i++)
        if (weft_loader_feed(loader, bytes + i, 1, &diag)) break;
    CHECK(!weft_loader_finish(loader, &diag));
}

// ---- Instances that are refused, in one store; or in one of their own if they got half way

static weft_store *store;
static weft_linker *linker;

static const struct { const char *text, *error; bool half_way; } instances[] = {
    {"(module (import \"no\" \"such\" (func)) (func) (memory 1) (table 9 funcref) (tag))",
     "unknown_import", false},
    {"(module (import \"h\" \"f\" (func)) (import \"h\" \"f\" (func (param i32))) (memory 1))",
     "incompatible_import", false},
    {"(module (memory 1) (memory 1 20) (memory 100))", "limit_memory_size", false},
    {"(module (memory 1) (table 9 funcref) (table 2000 funcref))", "limit_table_size", false},
    {"(module (func) (func unreachable) (start 1))", "unreachable", true},
    {"(module (memory 1) (data (i32.const 0) \"a\") (data (i32.const 65536) \"b\"))",
     "out_of_bounds_memory_access", true},
    {"(module (table 9 funcref) (func $f) (elem (i32.const 0) $f) (elem (i32.const 9) $f))",
     "out_of_bounds_table_access", true},
    {"(module (tag $t (param i64)) (func (throw $t (i64.const 1))) (start 0))",
     "uncaught_exception", true},
};
static weft_module *modules[16];

static weft_status ignore(void *env, weft_caller *caller, weft_slot *slots) { return WEFT_OK; }

static weft_status host_traps(void *env, weft_caller *caller, weft_slot *slots)
{
    return weft_trap(caller, "as asked");
}

static weft_status host_exits(void *env, weft_caller *caller, weft_slot *slots)
{
    return weft_exit(caller, 3);
}

static weft_status host_throws(void *env, weft_caller *caller, weft_slot *slots)
{
    weft_val value = weft_i32(slots[0].i32);
    return weft_throw(caller, *(weft_tag *)env, &value, 1, NULL);
}

static weft_store *small_store(void)
{
    weft_limits limits = weft_limits_init();
    limits.memory_bytes = 1 << 20;
    limits.table_entries = 1000;
    limits.stack_bytes = 1 << 14;
    limits.fuel = 1000;
    return weft_store_new(engine, &limits, &diag);
}

static void instantiate(size_t which)
{
    weft_instance inst;
    weft_store *s = instances[which].half_way ? small_store() : store;
    weft_linker *l = s == store ? linker : NULL;
    weft_status status = weft_instantiate(s, modules[which], l, &inst, &diag);
    CHECK(status == (instances[which].half_way ? WEFT_TRAP : WEFT_ERROR));
    CHECK_STR(diag.name, instances[which].error);
    if (s != store) weft_store_free(s);
}

// ---- Calls that end otherwise than they should, or that make what nobody keeps

static const char guest[] =
    "(module (import \"h\" \"traps\" (func $traps)) (import \"h\" \"exits\" (func $exits))"
    " (import \"h\" \"throws\" (func $throws (param i32)))"
    " (import \"h\" \"tag\" (tag $t (param i32))) (memory 1)"
    " (func (export \"unreachable\") unreachable)"
    " (func (export \"out_of_bounds_memory_access\") (drop (i64.load (i32.const 65530))))"
    " (func $deep (export \"call_stack_exhausted\") (call $deep))"
    " (func (export \"out_of_fuel\") (loop (br 0)))"
    " (func (export \"host\") (call $traps))"
    " (func (export \"exit\") (call $exits))"
    " (func $throw (export \"uncaught_exception\") (throw $t (i32.const 1)))"
    " (func (export \"caught\") (block $h (result i32 exnref)"
    "   (try_table (catch_ref $t $h) (call $throw)) unreachable) drop drop)"
    " (func (export \"caught again\") (block $h (result exnref)"
    "   (try_table (catch_all_ref $h)"
    "     (block $i (result exnref) (try_table (catch_all_ref $i) (call $throw)) unreachable)"
    "     throw_ref) unreachable) drop)"
    " (func (export \"caught from the host\") (block $h (result i32)"
    "   (try_table (catch $t $h) (call $throws (i32.const 7))) unreachable) drop)"
    " (func (export \"legacy\")"
    "   (try (do (try (do (call $throw)) (catch $t drop (rethrow 0)))) (catch_all))))";
static const struct { const char *name; weft_status status; } calls[] = {
    {"unreachable", WEFT_TRAP}, {"out_of_bounds_memory_access", WEFT_TRAP},
    {"call_stack_exhausted", WEFT_TRAP}, {"out_of_fuel", WEFT_TRAP}, {"host", WEFT_TRAP},
    {"exit", WEFT_EXIT}, {"uncaught_exception", WEFT_TRAP}, {"caught", WEFT_OK},
    {"caught again", WEFT_OK}, {"caught from the host", WEFT_OK}, {"legacy", WEFT_OK},
};
static weft_func funcs[16];

static void call(size_t which)
{
    weft_store_set_fuel(store, 20000, NULL); // more than there are frames
    CHECK(weft_call(store, funcs[which], NULL, 0, NULL, 0, &diag) == calls[which].status);
    if (calls[which].status == WEFT_TRAP) CHECK_STR(diag.name, calls[which].name);
}

static void stop(size_t which)
{
    weft_store_stop(store, (weft_stop)which);
    CHECK(weft_call(store, funcs[2], NULL, 0, NULL, 0, &diag) == WEFT_TRAP);
    weft_store_stop(store, WEFT_STOP_NOT);
}

// ---- Words that are wrong

static void misuse(size_t which)
{
    weft_func f;
    weft_tag tag;
    weft_val value = weft_i32(1);
    CHECK(weft_func_new(store, "i?:", ignore, NULL, NULL, &f, &diag) == WEFT_ERROR);
    CHECK(weft_linker_func(linker, "h", "g", "i", ignore, NULL, NULL, &diag) == WEFT_ERROR);
    CHECK(weft_tag_new(store, "?", &tag, &diag) == WEFT_ERROR);
    CHECK(weft_call(store, funcs[0], &value, 1, NULL, 0, &diag) == WEFT_ERROR);
    CHECK(!weft_engine_new("+no-such-feature", &diag));
}

// ---- Memory

static void again(const char *what, void (*deed)(size_t), size_t which)
{
    int many = check_full() ? MANY : FEW;
    for (int i = 0; i < many / 10; i++) deed(which);
    long before = memory_resident();
    for (int i = many / 10; i < many; i++) deed(which);
    long growth = memory_resident() - before;
    if (MEMORY_SHOWS && !CHECK(growth <= GROWTH))
        printf("%s, %d times: grew by %ld KiB\n", what, many, growth >> 10);
}

int main(void)
{
    static weft_tag tag;
    weft_instance inst;
    weft_extern thrown = {.kind = WEFT_TAG};
    engine = weft_engine_new(NULL, &diag);
    store = engine ? small_store() : NULL;
    linker = store ? weft_linker_new(engine, &diag) : NULL;
    if (!CHECK(linker)) return check_report();
    CHECK(weft_tag_new(store, "i:", &tag, &diag) == WEFT_OK);
    thrown.of.tag = tag;
    CHECK(weft_linker_define(linker, "h", "tag", thrown, &diag) == WEFT_OK);
    CHECK(weft_linker_func(linker, "h", "f", ":", ignore, NULL, NULL, &diag) == WEFT_OK);
    CHECK(weft_linker_func(linker, "h", "traps", ":", host_traps, NULL, NULL, &diag) == WEFT_OK);
    CHECK(weft_linker_func(linker, "h", "exits", ":", host_exits, NULL, NULL, &diag) == WEFT_OK);
    CHECK(weft_linker_func(linker, "h", "throws", "i:", host_throws, &tag, NULL, &diag) == WEFT_OK);
    weft_module *module = load(guest);
    CHECK(module && weft_instantiate(store, module, linker, &inst, &diag) == WEFT_OK);
    if (check_failed) return check_report();
    for (size_t i = 0; i < COUNT(refused); i++) again(refused[i].error, refuse, i);
    for (size_t i = 0; i < COUNT(instances); i++) {
        modules[i] = load(instances[i].text);
        if (CHECK(modules[i])) again(instances[i].text, instantiate, i);
        weft_module_free(modules[i]);
    }
    for (size_t i = 0; i < COUNT(calls); i++) {
        CHECK(weft_instance_func(store, inst, calls[i].name, &funcs[i], &diag) == WEFT_OK);
        again(calls[i].name, call, i);
    }
    again("interrupted", stop, WEFT_STOP_INTERRUPTED);
    again("past its time", stop, WEFT_STOP_TIME_LIMIT);
    again("paused", stop, WEFT_STOP_PAUSED);
    again("misused", misuse, 0);
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
    return check_report();
}
