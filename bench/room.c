// room.c -- what instances, calls and backtraces cost, through weft.h alone, so that it can be
// built with an older library too. Prints a line for each figure: what, number, unit. Times are the
// processor's, the least of several rounds.
#include "weft.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ROUNDS = 15,
    CALLS = 200000,
    LIVE = 50000,
    BODY = 7000000,
    FUNCS = 20000,
    SITES = 20000,
    FRAMES = 100
};

static weft_engine *engine;
static weft_diag diag;

// A linker was a store's once.
#if __has_include("weft_link.h")
#define LINKER_OF(engine, store) weft_linker_new(engine, &diag)
#define LINK_INSTANCE(linker, store, name, instance)                                               \
    weft_linker_instance(linker, store, name, instance, &diag)
#else
#define LINKER_OF(engine, store) weft_linker_new(store, &diag)
#define LINK_INSTANCE(linker, store, name, instance)                                               \
    weft_linker_instance(linker, name, instance, &diag)
#endif

static void need(bool good)
{
    if (good) return;
    fprintf(stderr, "room: %s\n", diag.message);
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void tell(const char *what, double number, const char *unit)
{
    printf("%s\t%.1f\t%s\n", what, number, unit);
}

static weft_module *module_of(const void *bytes, size_t len)
{
    weft_module *m = weft_module_new(engine, bytes, len, &diag);
    need(m != NULL);
    return m;
}
static weft_module *module_text(const char *text) { return module_of(text, strlen(text)); }

static weft_instance instance_of(weft_store *s, weft_module *m, weft_linker *linker)
{
    weft_instance inst;
    need(weft_instantiate(s, m, linker, &inst, &diag) == WEFT_OK);
    return inst;
}

static weft_typed typed_of(weft_store *s, weft_instance inst, const char *name,
                           const char *signature, weft_func *f)
{
    weft_typed t;
    need(weft_instance_func(s, inst, name, f, &diag) == WEFT_OK);
    need(weft_func_typed(s, *f, signature, &t, &diag) == WEFT_OK);
    return t;
}

// ---- Instances

// A function whose body has BODY bytes, of which a call runs the first few.
static weft_module *large_body(void)
{
    static const uint8_t head[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4,   1, 0x60, 0,
                                   0, 3,   2,   1,   0, 7, 5, 1, 1, 'f', 0, 0,    10};
    static const uint8_t start[] = {0, 0x41, 1, 0x04, 0x40, 0x0f, 0x0b},
                         piece[] = {0x41, 1, 0x41, 2, 0x6a, 0x1a};
    size_t pieces = BODY / sizeof piece, body = sizeof start + pieces * sizeof piece + 1;
    uint8_t *bytes = malloc(sizeof head + body + 20), *p = bytes;
    memcpy(p, head, sizeof head), p += sizeof head;
    for (size_t size = body + 5 + 1, k = 0; k < 2;
         size = body, k++) { // of the section, then of the body
        for (int i = 0; i < 5; i++) *p++ = (uint8_t)((size >> 7 * i & 0x7f) | (i < 4 ? 0x80 : 0));
        if (k == 0) *p++ = 1;
    }
    memcpy(p, start, sizeof start), p += sizeof start;
    for (size_t i = 0; i < pieces; i++) memcpy(p, piece, sizeof piece), p += sizeof piece;
    *p++ = 0x0b;
    weft_module *m = module_of(bytes, (size_t)(p - bytes));
    free(bytes);
    return m;
}

// A store with an instance, a call of "f" in it if there is one, and all of it given back.
static double once(weft_module *m, bool call)
{
    double start = now();
    weft_store *s = weft_store_new(engine, NULL, &diag);
    weft_instance inst = instance_of(s, m, NULL);
    weft_func f;
    if (call) {
        need(weft_instance_func(s, inst, "f", &f, &diag) == WEFT_OK);
        need(weft_call(s, f, NULL, 0, NULL, 0, &diag) == WEFT_OK);
    }
    weft_store_free(s);
    return now() - start;
}

static double least_of(weft_module *m, bool call, int times)
{
    double least = 1e18;
    for (int r = 0; r < ROUNDS; r++) {
        double sum = 0;
        for (int i = 0; i < times; i++) sum += once(m, call);
        if (sum / times < least) least = sum / times;
    }
    return least;
}

static void instances(void)
{
    weft_module *m = large_body();
    once(m, true);
    tell("second instance, of a module with a body of 7 MB, and a call", least_of(m, true, 1) / 1e3,
         "us");
    weft_module_free(m);
    char *text = malloc(FUNCS * 8 + 100), *p = text + sprintf(text, "(module");
    for (int i = 0; i < FUNCS; i++) p += sprintf(p, "(func)");
    sprintf(p, ")");
    m = module_text(text);
    tell("store and instance of 20,000 functions, made and freed", least_of(m, false, 5) / 1e3,
         "us");
    weft_module_free(m);
    free(text);
    m = module_text("(module (func (export \"f\")))");
    tell("store, smallest instance, call, freed", least_of(m, true, 500) / 1e3, "us");
    weft_module_free(m);
    m = module_text("(module (memory 1) (data (i32.const 8) \"hello\") (global (mut i32) "
                    "(i32.const 1)) (func (export \"f\")))");
    tell("the same with memory, global and data", least_of(m, true, 500) / 1e3, "us");
    weft_module_free(m);
}

static double private_bytes(void)
{
    char line[200];
    unsigned long kib = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f)) sscanf(line, "RssAnon: %lu", &kib);
    if (f) fclose(f);
    return (double)kib * 1024;
}

static void alive(void)
{
    static weft_store *stores[LIVE];
    weft_module *m = module_text("(module (memory 1) (table 4 funcref) (elem (i32.const 0) $a) "
                                 "(global (mut i32) (i32.const 1))"
                                 "(func $a (export \"f\")))");
    int count = 0;
    double before = private_bytes();
    for (; count < LIVE; count++) {
        weft_instance inst;
        weft_func f;
        stores[count] = weft_store_new(engine, NULL, &diag);
        if (!stores[count]) break;
        bool good = weft_instantiate(stores[count], m, NULL, &inst, &diag) == WEFT_OK &&
                    weft_instance_func(stores[count], inst, "f", &f, &diag) == WEFT_OK &&
                    weft_call(stores[count], f, NULL, 0, NULL, 0, &diag) == WEFT_OK;
        if (good) continue;
        weft_store_free(stores[count]);
        break;
    }
    tell("instances alive at once, 50,000 tried", count, "");
    if (count)
        tell("private memory of each, store, memory and table included",
             (private_bytes() - before) / count, "bytes");
    while (count--) weft_store_free(stores[count]);
    weft_module_free(m);
}

// ---- Backtraces

static void backtrace(void)
{
    char *text = malloc(SITES * 60 + 200), *p = text;
    p += sprintf(p, "(module (func $f (export \"f\") (param i32) (if (i32.const 0) (then ");
    for (int i = 0; i < SITES; i++)
        p += sprintf(p, "(drop (i32.div_u (i32.const 9) (i32.const 3)))");
    // two places by turns: a cursor knows the last one that it looked up
    sprintf(p, ")) (if (i32.eqz (local.get 0)) (then (unreachable)))"
               " (local.set 0 (i32.sub (local.get 0) (i32.const 1)))"
               " (if (i32.and (local.get 0) (i32.const 1))"
               " (then (call $f (local.get 0))) (else (call $f (local.get 0))))))");
    weft_module *m = module_text(text);
    weft_store *s = weft_store_new(engine, NULL, &diag);
    weft_instance inst = instance_of(s, m, NULL);
    weft_func f;
    need(weft_instance_func(s, inst, "f", &f, &diag) == WEFT_OK);
    weft_val depth = {.type = WEFT_I32, .of.i32 = FRAMES - 1};
    need(weft_call(s, f, &depth, 1, NULL, 0, &diag) == WEFT_TRAP);
    static weft_frame frames[FRAMES];
    double least = 1e18;
    for (int r = 0; r < ROUNDS; r++) {
        double start = now();
        weft_store_backtrace(s, frames, FRAMES);
        if (now() - start < least) least = now() - start;
    }
    tell("a frame of a backtrace, in a body of 20,000 places that trap", least / FRAMES, "ns");
    weft_store_free(s);
    weft_module_free(m);
    free(text);
}

// ---- Calls

static weft_status add_one(void *env, weft_caller *caller, weft_slot *slots)
{
    slots[0].i32++;
    return WEFT_OK;
}

#define LOOP(name, call)                                                                           \
    "(func (export \"" name "\") (param $n i32) (result i32) (local $s i32)"                       \
    " (loop $l (local.set $s " call ")"                                                            \
    " (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))) (local.get $s))"
static const char callee[] =
    "(module (func (export \"g\") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))";
static const char calls_text[] =
    "(module (type $t (func (param i32) (result i32)))"
    " (import \"h\" \"f\" (func $h (type $t))) (import \"m\" \"g\" (func $g (type $t)))"
    " (table funcref (elem $g $d)) (elem declare func $d)"
    " (func $d (type $t) (i32.add (local.get 0) (i32.const 1)))"
    " (func (export \"empty\") (type $t) (local.get 0))" LOOP(
        "alone", "(i32.add (local.get $s) (i32.const 1))")
        LOOP("a direct call", "(call $d (local.get $s))")
            LOOP("call_indirect", "(call_indirect (type $t) (local.get $s) (i32.const 1))")
                LOOP("call_ref", "(call_ref $t (local.get $s) (ref.func $d))")
                    LOOP("a call of another instance", "(call $g (local.get $s))")
                        LOOP("call_indirect of another instance",
                             "(call_indirect (type $t) (local.get $s) (i32.const 0))")
                            LOOP("guest to host", "(call $h (local.get $s))") ")";

static double turn(weft_store *s, weft_instance inst, const char *name)
{
    weft_func f;
    weft_typed t = typed_of(s, inst, name, "i:i", &f);
    double least = 1e18;
    for (int r = 0; r < ROUNDS; r++) {
        weft_slot slots[1] = {{.i32 = CALLS}};
        double start = now();
        need(weft_call_typed(s, t, slots, &diag) == WEFT_OK && slots[0].i32 == CALLS);
        if (now() - start < least) least = now() - start;
    }
    return least / CALLS;
}

static void calls(void)
{
    weft_store *s = weft_store_new(engine, NULL, &diag);
    weft_linker *linker = LINKER_OF(engine, s);
    weft_module *other = module_text(callee), *m = module_text(calls_text);
    weft_func f;
    need(weft_linker_func(linker, "h", "f", "i:i", add_one, NULL, NULL, &diag) == WEFT_OK);
    need(LINK_INSTANCE(linker, s, "m", instance_of(s, other, NULL)) == WEFT_OK);
    weft_instance inst = instance_of(s, m, linker);
    static const char *const names[] = {"a direct call",
                                        "call_indirect",
                                        "call_ref",
                                        "a call of another instance",
                                        "call_indirect of another instance",
                                        "guest to host"};
    double alone = turn(s, inst, "alone");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        tell(names[i], turn(s, inst, names[i]) - alone, "ns");
    weft_typed t = typed_of(s, inst, "empty", "i:i", &f);
    double typed = 1e18, values = 1e18;
    for (int r = 0; r < ROUNDS; r++) {
        double start = now();
        for (int i = 0; i < CALLS; i++) {
            weft_slot slots[1] = {{.i32 = i}};
            weft_call_typed(s, t, slots, &diag);
        }
        if (now() - start < typed) typed = now() - start;
        start = now();
        for (int i = 0; i < CALLS; i++) {
            weft_val arg = weft_i32(i), result;
            weft_call(s, f, &arg, 1, &result, 1, &diag);
        }
        if (now() - start < values) values = now() - start;
    }
    tell("weft_call_typed", typed / CALLS, "ns");
    tell("weft_call", values / CALLS, "ns");
    weft_linker_free(linker);
    weft_store_free(s);
    weft_module_free(m);
    weft_module_free(other);
}

int main(void)
{
    engine = weft_engine_new(NULL, &diag);
    need(engine != NULL);
    instances();
    alive();
    backtrace();
    calls();
    weft_engine_free(engine);
    return 0;
}
