// caller_test.c -- whom a host function takes for its caller: {six kinds of call} x {called by the
// host, by another instance, from the same one, through two tail calls} x {instance, memory,
// address, WASI}. Instance B calls the host; A is who calls B, and must never be taken for it.
// Hazards: R18.

#include "check.h"
#include "weft.h"

#include <stdarg.h>
#include <stdlib.h>

static weft_diag diag;
static weft_instance a, b;
static unsigned calls;

static void must(weft_status status)
{
    if (!CHECK(status == WEFT_OK)) printf("%s\n", diag.message);
}

typedef struct {
    char data[20000];
    size_t len;
} Text;

static void add(Text *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    t->len += (size_t)vsnprintf(t->data + t->len, sizeof t->data - t->len, fmt, args);
    va_end(args);
    if (t->len >= sizeof t->data) abort();
}

// How the host is called, with its function's index and its place in the table.
static const char *const kinds[] = {
    "(call %d)",
    "(call_indirect (type $t) (i32.const %d))",
    "(call_ref $t (ref.func %d))",
    "(return_call %d)",
    "(return_call_indirect (type $t) (i32.const %d))",
    "(return_call_ref $t (ref.func %d))",
};
enum { KINDS = sizeof kinds / sizeof *kinds, TARGETS = 2, WAYS = 4 };
static const char *const targets[TARGETS] = {"who", "wasi"};

// Function 0 answers who calls; function 1 has WASI write to addresses 0 and 4.
static weft_status who(void *env, weft_caller *caller, weft_slot *slots)
{
    weft_instance instance;
    weft_memory memory;
    weft_store *store = weft_caller_store(caller);
    CHECK(weft_caller_instance(caller, &instance) && instance.item == b.item);
    CHECK(weft_caller_memory(caller, &memory) && weft_memory_size(store, memory) == 65536);
    const char *at = weft_caller_at(caller, 64, 1);
    CHECK(at && *at == 'B');
    CHECK(at && at == weft_memory_at(store, memory, 64, 1));
    CHECK(!weft_caller_at(caller, 65536, 1)); // A has two pages
    calls++;
    slots[0].i32 = 0;
    return WEFT_OK;
}

static weft_instance make(weft_engine *engine, weft_store *store, weft_linker *linker, Text *text)
{
    weft_instance instance = {0};
    add(text, ")");
    weft_module *m = weft_module_new(engine, text->data, text->len, &diag);
    if (!CHECK(m != NULL)) printf("%s\n%s\n", diag.message, text->data);
    else must(weft_instantiate(store, m, linker, &instance, &diag));
    weft_module_free(m);
    return instance;
}

static void write_b(Text *t)
{
    add(t, "(module (type $t (func (param i32 i32) (result i32)))"
           "(import \"h\" \"who\" (func (type $t)))"
           "(import \"wasi_snapshot_preview1\" \"args_sizes_get\" (func (type $t)))"
           "(memory (export \"memory\") 1) (data (i32.const 64) \"B\") (table 2 funcref)"
           "(elem (i32.const 0) func 0 1)");
    for (int k = 0; k < KINDS; k++)
        for (int target = 0; target < TARGETS; target++) {
            const char *to = targets[target];
            add(t, "(func $%s%d (export \"%s%d\") (type $t) (i32.const 0) (i32.const 4)", to, k, to,
                k);
            add(t, kinds[k], target);
            add(t, ") (func (export \"same-%s%d\") (type $t)"
                   " (call $%s%d (local.get 0) (local.get 1)))", to, k, to, k);
            add(t, "(func (export \"tail-%s%d\") (type $t)"
                   " (return_call $%s%d (local.get 0) (local.get 1)))", to, k, to, k);
        }
}

static void write_a(Text *t)
{
    add(t, "(module (type $t (func (param i32 i32) (result i32)))");
    for (int k = 0; k < KINDS; k++)
        for (int target = 0; target < TARGETS; target++) {
            const char *to = targets[target];
            add(t, "(import \"b\" \"%s%d\" (func $%s%d (type $t)))", to, k, to, k);
            add(t, "(import \"b\" \"tail-%s%d\" (func $tail-%s%d (type $t)))", to, k, to, k);
        }
    add(t, "(memory (export \"memory\") 2) (data (i32.const 64) \"A\")");
    for (int k = 0; k < KINDS; k++)
        for (int target = 0; target < TARGETS; target++) {
            const char *to = targets[target];
            add(t,
                "(func (export \"other-%s%d\") (type $t) (call $%s%d (local.get 0) (local.get 1)))",
                to, k, to, k);
            add(t, "(func (export \"two-%s%d\") (type $t)"
                   " (return_call $tail-%s%d (local.get 0) (local.get 1)))", to, k, to, k);
        }
}

static void call(weft_store *store, weft_instance instance, const char *way, const char *to, int k)
{
    char name[40];
    weft_func f;
    weft_val args[2] = {weft_i32(8), weft_i32(12)}, result;
    snprintf(name, sizeof name, "%s%s%d", way, to, k);
    must(weft_instance_func(store, instance, name, &f, &diag));
    must(weft_call(store, f, args, 2, &result, 1, &diag));
    CHECK(result.of.i32 == 0);
}

static uint32_t word(weft_store *store, weft_instance instance, uint64_t address)
{
    weft_memory memory;
    uint32_t value = 0;
    must(weft_instance_memory(store, instance, "memory", &memory, &diag));
    CHECK(weft_memory_read(store, memory, address, &value, sizeof value));
    return value;
}

static void clear(weft_store *store, weft_instance instance)
{
    weft_memory memory;
    must(weft_instance_memory(store, instance, "memory", &memory, &diag));
    CHECK(weft_memory_write(store, memory, 0, (uint64_t[1]){0}, 8));
}

// Two arguments of three bytes, their ends included.
static weft_wasi *two_arguments(void)
{
    weft_wasi *wasi = weft_wasi_new(&diag);
    CHECK(wasi != NULL);
    must(weft_wasi_arg(wasi, "ab", &diag));
    must(weft_wasi_arg(wasi, "cd", &diag));
    return wasi;
}

static void matrix(weft_engine *engine, weft_store *store)
{
    static Text of_a, of_b;
    static const char *const ways[WAYS] = {"", "other-", "same-", "two-"};
    weft_linker *linker = weft_linker_new(engine, &diag);
    must(weft_linker_func(linker, "h", "who", "ii:i", who, NULL, NULL, &diag));
    must(weft_store_set_wasi(store, two_arguments(), &diag));
    weft_linker_wasi(linker);
    write_b(&of_b);
    b = make(engine, store, linker, &of_b);
    must(weft_linker_instance(linker, store, "b", b, &diag));
    write_a(&of_a);
    a = make(engine, store, linker, &of_a);
    for (int k = 0; k < KINDS; k++)
        for (int way = 0; way < WAYS; way++) {
            weft_instance first = way == 1 || way == 3 ? a : b;
            call(store, first, ways[way], "who", k);
            clear(store, b);
            call(store, first, ways[way], "wasi", k);
            CHECK_EQ_U64(word(store, b, 0), 2);
            CHECK_EQ_U64(word(store, b, 4), 6);
            CHECK_EQ_U64(word(store, a, 0), 0);
            CHECK_EQ_U64(word(store, a, 4), 0);
        }
    CHECK_EQ_U64(calls, KINDS * WAYS);
    weft_linker_free(linker);
}

// Where there is no caller, or it has no memory, an item of all zeros is what is written.
static weft_status nobody(void *env, weft_caller *caller, weft_slot *slots)
{
    weft_instance instance = {7, &instance};
    weft_memory memory = {7, &memory};
    bool called_by_guest = env != NULL;
    CHECK(weft_caller_instance(caller, &instance) == called_by_guest);
    CHECK(called_by_guest || (!instance.store && !instance.item));
    CHECK(!weft_caller_memory(caller, &memory) && !memory.store && !memory.item);
    CHECK(!weft_caller_at(caller, 0, 0));
    CHECK_EQ_U64(weft_memory_size(weft_caller_store(caller), memory), 0);
    calls++;
    return WEFT_OK;
}

static void without_memory(weft_engine *engine, weft_store *store)
{
    static Text text;
    weft_func f;
    weft_linker *linker = weft_linker_new(engine, &diag);
    must(weft_linker_func(linker, "h", "f", ":", nobody, &calls, NULL, &diag));
    add(&text, "(module (import \"h\" \"f\" (func $f)) (func (export \"call\") (call $f))"
               " (func (export \"tail\") (return_call $f))");
    weft_instance instance = make(engine, store, linker, &text);
    calls = 0;
    must(weft_instance_func(store, instance, "call", &f, &diag));
    must(weft_call(store, f, NULL, 0, NULL, 0, &diag));
    must(weft_instance_func(store, instance, "tail", &f, &diag));
    must(weft_call(store, f, NULL, 0, NULL, 0, &diag));
    must(weft_func_new(store, ":", nobody, NULL, NULL, &f, &diag));
    must(weft_call(store, f, NULL, 0, NULL, 0, &diag));
    CHECK_EQ_U64(calls, 3);
    weft_linker_free(linker);
}

// A start function that is imported: the instance that is being made calls it, with its memory.
static weft_status start(void *env, weft_caller *caller, weft_slot *slots)
{
    CHECK(weft_caller_instance(caller, env));
    const char *at = weft_caller_at(caller, 64, 1);
    CHECK(at && *at == 'S');
    calls++;
    return calls == 1 ? WEFT_OK : weft_trap(caller, "not again");
}

static void starts(weft_engine *engine, weft_store *store)
{
    static Text text;
    weft_instance called_by = {0};
    weft_linker *linker = weft_linker_new(engine, &diag);
    calls = 0;
    must(weft_linker_func(linker, "h", "s", ":", start, &called_by, NULL, &diag));
    add(&text, "(module (import \"h\" \"s\" (func $s))"
               " (memory 1) (data (i32.const 64) \"S\") (start $s)");
    weft_instance instance = make(engine, store, linker, &text);
    CHECK(instance.item && instance.item == called_by.item);
    weft_module *m = weft_module_new(engine, text.data, text.len, &diag);
    CHECK(weft_instantiate(store, m, linker, &instance, &diag) != WEFT_OK);
    CHECK(strstr(diag.message, "not again"));
    CHECK_EQ_U64(weft_store_backtrace(store, NULL, 0), 0);
    CHECK_EQ_U64(calls, 2);
    weft_module_free(m);
    weft_linker_free(linker);
}

// WASI called by who has no memory: nothing is written anywhere, whatever stands in the instance
// where a memory might. All of its functions, with addresses that are in every memory.
static void wasi_without_memory(weft_engine *engine, weft_store *store)
{
    static const struct { const char *name, *sig; } functions[] = {
#define BOTH(name, sig, ...) {#name, sig},
#define ONE(name, sig, ...) {#name, sig},
#define TWO(name, sig, ...) {#name, sig},
#include "wasi/wasi.def"
    };
    weft_linker *linker = weft_linker_new(engine, &diag);
    weft_linker_wasi(linker);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        const char *name = functions[i].name, *sig = functions[i].sig;
        if (!strcmp(name, "proc_exit") || !strcmp(name, "proc_raise")) continue;
        static Text t;
        t.len = 0;
        add(&t, "(module (import \"wasi_snapshot_preview1\" \"%s\" (func $w (param", name);
        const char *s = sig;
        for (; *s != ':'; s++) add(&t, *s == 'l' ? " i64" : " i32");
        add(&t,
            ")%s)) (global v128 (v128.const i64x2 0x414141410000 0x7fffffffffffffff))"
            "(global i64 (i64.const 0x414141410000)) (func (export \"f\") (call $w",
            s[1] ? " (result i32)" : "");
        for (s = sig; *s != ':'; s++) add(&t, *s == 'l' ? " (i64.const 0)" : " (i32.const 16)");
        add(&t, ")%s)", s[1] ? " drop" : "");
        weft_func f;
        weft_instance instance = make(engine, store, linker, &t);
        must(weft_instance_func(store, instance, "f", &f, &diag));
        must(weft_call(store, f, NULL, 0, NULL, 0, &diag));
    }
    weft_linker_free(linker);
}

int main(void)
{
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_store *store = weft_store_new(engine, NULL, &diag);
    matrix(engine, store);
    without_memory(engine, store);
    starts(engine, store);
    wasi_without_memory(engine, store);
    weft_store_free(store);
    weft_engine_free(engine);
    return check_report();
}
