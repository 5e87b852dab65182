// interrupt_test.c -- whatever goes on for ever ends when fuel does, and when somebody asks for it:
// every form of loop, recursion that does not grow the stack, bulk operations, calls of the host
// and calls back from it (hazard R25).

#include "check.h"
#include "engine/source.h"
#include "plat/thread.h"
#include "run/exec.h"

#include <stdlib.h>
#include <unistd.h>

static const char text[] =
    "(module\n"
    "  (import \"h\" \"host\" (func $host)) (import \"h\" \"back\" (func $back))\n"
    "  (type $v (func)) (memory 1024) (table $t 4 100000 funcref) (elem (table $t) (i32.const 0) "
    "func $tail $indirect)\n"
    "  (elem declare func $ref)\n"
    "  (func (export \"br\") (loop (br 0)))\n"
    "  (func (export \"br_if\") (loop (br_if 0 (i32.const 1))))\n"
    "  (func (export \"br_if-local\") (local i32) (loop (local.set 0 (i32.const 1)) (br_if 0 "
    "(local.get 0))))\n"
    "  (func (export \"br_if-compare\") (local i32)\n"
    "    (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.and (i32.add (local.get 0) (i32.const 1)) "
    "(i32.const 7))) (i32.const 9)))))\n"
    "  (func (export \"br_if-counter\") (local i32)\n"
    "    (loop (loop (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if 0 (local.get 0))) "
    "(br 0)))\n"
    "  (func (export \"if\") (loop (if (i32.const 1) (then (br 1)) (else (br 1)))))\n"
    "  (func (export \"else\") (loop (if (i32.const 0) (then) (else (br 1)))))\n"
    "  (func (export \"br_table\") (local i32) (block (loop (br_table 0 0 1 0 (local.get 0)))))\n"
    "  (func (export \"br_on_null\") (loop (br_on_null 0 (ref.null func)) drop))\n"
    "  (func (export \"br_on_non_null\") (local funcref) (local.set 0 (ref.func $ref))\n"
    "    (ref.func $ref) (loop (param (ref func)) drop (br_on_non_null 0 (local.get 0))))\n"
    "  (func (export \"nested\") (loop (loop (loop (br 2)))))\n"
    "  (func (export \"deep\") (block (block (block (loop (block (br 1)))))))\n"
    "  (func (export \"parameter\") (i64.const 0) (loop (param i64) (i64.const 1) (i64.add) (br "
    "0)))\n"
    "  (func $leaf) (func (export \"calls\") (loop (call $leaf) (br 0)))\n"
    "  (func $tail (export \"tail\") (return_call $tail))\n"
    "  (func $indirect (export \"tail-indirect\") (return_call_indirect $t (type $v) (i32.const "
    "1)))\n"
    "  (func $ref (export \"tail-ref\") (return_call_ref $v (ref.func $ref)))\n"
    "  (func $even (export \"even\") (return_call $odd)) (func $odd (return_call $even))\n"
    "  (func (export \"hosts\") (loop (call $host) (br 0)))\n"
    "  (func (export \"backs\") (loop (call $back) (br 0)))\n"
    "  (func (export \"fill\") (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const "
    "0x4000000)) (br 0)))\n"
    "  (func (export \"copy\") (loop (memory.copy (i32.const 0) (i32.const 1) (i32.const "
    "0x3ffffff)) (br 0)))\n"
    "  (func (export \"grow\") (loop (drop (memory.grow (i32.const 0))) (br 0)))\n"
    "  (func (export \"grow-refused\") (loop (drop (memory.grow (i32.const -1))) (br 0)))\n"
    "  (func (export \"table\") (loop (table.fill $t (i32.const 0) (ref.null func) (i32.const 4))\n"
    "    (drop (table.grow $t (ref.null func) (i32.const 1))) (br 0))))\n";

static const char started[] = "(module (func $f (loop (br 0))) (start $f))";

static Engine *engine;
static Source source, start_source;
static Instance *instance;
static bool resumed; // the host calls the guest back

static Trap host(HostCall *call) { return TRAP_none; }

static Trap back(HostCall *call)
{
    Extern leaf;
    if (!instance_export(instance, (Bytes){(const u8 *)"fill", 4}, &leaf)) return TRAP_host;
    resumed = true;
    return engine_call(exec_store(call->exec), leaf.func, (u64[1]){0}, 1);
}

static bool resolve(void *store, const Import *import, const ExternType *type, Extern *out)
{
    out->kind = EXTERN_func;
    out->func = func_new_host(store, type->func, import->name.data[0] == 'h' ? host : back, NULL);
    return out->func != NULL;
}

// With an instance of the module, unless the start function is what is to run. Fuel 0: no limit.
static Store *new_store(bool with_instance, u64 fuel)
{
    Diag diag;
    Store *s = engine_store(engine);
    CHECK(s != NULL);
    if (fuel) exec_grant_fuel(&s->exec, fuel); // before anything is translated
    if (!with_instance) return s;
    Instantiated made = engine_instantiate(s, source.module, resolve, s, &diag);
    instance = made.instance;
    CHECK(made.instance && !made.trap);
    return s;
}

static void interrupt_soon(void *exec)
{
    usleep(3000);
    exec_stop(exec, TRAP_interrupted);
}

// Runs an export by its name, or the start function.
static Trap run(Store *s, Bytes name)
{
    Diag diag;
    if (!name.data) return engine_instantiate(s, start_source.module, NULL, NULL, &diag).trap;
    Extern f;
    CHECK(instance_export(instance, name, &f));
    return engine_call(s, f.func, (u64[1]){0}, 1);
}

static void both_ends(Bytes name)
{
    enum { FUEL = 100000 };
    u32 before = check_failed;
    Store *s = new_store(name.data, 0);
    Thread *thread = thread_start(interrupt_soon, &s->exec);
    if (CHECK(thread != NULL)) CHECK_EQ_U64(run(s, name), TRAP_interrupted);
    thread_join(thread);
    CHECK_EQ_U64(run(s, name), TRAP_interrupted); // it holds until it is taken back
    store_free(s);
    s = new_store(name.data, FUEL);
    CHECK_EQ_U64(run(s, name), TRAP_out_of_fuel);
    CHECK(s->exec.fuel < FUEL);
    store_free(s);
    if (check_failed > before) printf("    %.*s\n", (int)name.len, (const char *)name.data);
}

int main(void)
{
    Diag diag;
    engine = engine_new(features_default);
    engine->limits.memory_room = 0;
    engine->limits.heap_bytes = 1 << 20;
    bool good =
        CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag)) &&
        CHECK(source_load(&start_source, engine, (const u8 *)started, sizeof started - 1, &diag));
    if (good) {
        for (u32 i = 0; i < source.module->export_count; i++)
            both_ends(source.module->exports[i].name);
        both_ends((Bytes){NULL, 0});
        CHECK(resumed);
    } else {
        char why[300];
        puts(diag_text(&diag, why, sizeof why));
    }
    source_free(&source);
    source_free(&start_source);
    engine_free(engine);
    return check_report();
}
