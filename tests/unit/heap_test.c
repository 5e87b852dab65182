// heap_test.c -- references, and the objects behind them.
// Hazards: R15, R56.

#include "check.h"
#include "engine/source.h"
#include "run/call.h"
#include "run/exec.h"
#include "run/gc/collect.h"

static const char text[] =
    "(module"
    // Null, but for what nobody is to read.
    "  (import \"t\" \"f\" (func $wide (result externref)))"
    "  (func (export \"is_null\") (result i32) (ref.is_null (call $wide)))"
    "  (func (export \"as_non_null\") (drop (ref.as_non_null (call $wide))))"
    "  (func (export \"br_on_null\") (result i32)"
    "    (block $null (drop (br_on_null $null (call $wide))) (return (i32.const 0))) (i32.const 1))"
    "  (func (export \"br_on_non_null\") (result i32)"
    "    (block $some (result (ref extern))"
    "      (br_on_non_null $some (call $wide)) (return (i32.const 1)))"
    "    (drop) (i32.const 0))"
    "  (tag $e (export \"e\") (param i32 externref v128))"
    "  (func (export \"throw\") (param externref)"
    "    (throw $e (i32.const 5) (local.get 0) (v128.const i64x2 6 7)))"
    // What is caught is dropped, kept in one global, or kept in a chain.
    "  (tag $next (param i64 exnref))"
    "  (global $last (export \"last\") (mut exnref) (ref.null exn))"
    "  (func $throw (param i64) (throw $next (local.get 0) (ref.null exn)))"
    "  (func (export \"churn\") (param i32)"
    "    (local $kept exnref)"
    "    (loop $again"
    "      (block $h (result i64 exnref exnref)"
    "        (try_table (catch_ref $next $h) (call $throw (i64.extend_i32_u (local.get 0))))"
    "        (unreachable))"
    "      (local.set $kept) (drop) (drop)"
    "      (if (i32.eqz (i32.and (local.get 0) (i32.const 1023)))"
    "        (then (global.set $last (local.get $kept))))"
    "      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))"
    "  (func (export \"chain\") (param i32)"
    "    (loop $again"
    "      (block $h (result i64 exnref exnref)"
    "        (try_table (catch_ref $next $h)"
    "          (throw $next (i64.extend_i32_u (local.get 0)) (global.get $last)))"
    "        (unreachable))"
    "      (global.set $last) (drop) (drop)"
    "      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))";

static Source source;
static Engine *engine;
static Store *store;
static Instance *instance;

static Trap wide(HostCall *call)
{
    call->slots[0] = (u64)7 << 32;
    return TRAP_none;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    out->kind = EXTERN_func;
    out->func = func_new_host(store, type->func, wide, NULL);
    return out->func != NULL;
}

static Extern export_of(const char *name)
{
    Extern e = {0};
    CHECK(instance_export(instance, bytes_of(name), &e));
    return e;
}

static Trap call(const char *name, u64 *result)
{
    u64 slots[2] = {*result};
    Trap trap = exec_call(&store->exec, export_of(name).func, slots, COUNT_OF(slots));
    *result = slots[0];
    return trap;
}

// The upper half of a reference's slot is nobody's business.
static void upper_halves(void)
{
    u64 result = 0;
    CHECK_EQ_U64(call("is_null", &result), TRAP_none);
    CHECK_EQ_U64((u32)result, 1);
    CHECK_EQ_U64(call("br_on_null", &result), TRAP_none);
    CHECK_EQ_U64((u32)result, 1);
    CHECK_EQ_U64(call("br_on_non_null", &result), TRAP_none);
    CHECK_EQ_U64((u32)result, 1);
    CHECK_EQ_U64(call("as_non_null", &result), TRAP_null_reference);
}

// Objects begin with a head, and hold no address, nor a value of the host's.
static void heads(void)
{
    const u64 value = (u64)(uintptr_t)&source;
    Ref ref = ref_new_extern(store, value);
    CHECK(ref && ref % 8 == 0 && ref_is_extern(store, ref) && ref_extern_value(store, ref) == value);
    CHECK_EQ_U64(ref_new_extern(store, value), ref);
    u64 slots[1] = {ref};
    CHECK_EQ_U64(call("throw", slots), TRAP_uncaught_exception);
    const Exception *e = ref_to_exception(store, store->exec.exception);
    const Tag *tag = export_of("e").tag;
    CHECK_EQ_U64(e->head, tag->type << HEAD_BITS);
    CHECK_EQ_U64(e->tag, tag->number);
    CHECK(exception_tag(store, e) == tag && (u32)e->values[0] == 5 && (Ref)e->values[1] == ref);
    CHECK(e->values[2] == 6 && e->values[3] == 7 && !ref_is_extern(store, store->exec.exception));
    for (u64 at = BLOCK_BYTES; at < BLOCK_BYTES + 4096; at += 8) {
        u64 word;
        memcpy(&word, store->heap.base + at, sizeof word);
        CHECK(word != value && word != (u64)(uintptr_t)tag);
    }
}

// Memory for what lives at one time, and not more: it goes back to the system.
static void flat(void)
{
    u64 slots[1] = {200000};
    CHECK_EQ_U64(call("churn", slots), TRAP_none);
    CHECK(store->heap.held <= 12);
    const Exception *last = ref_to_exception(store, (Ref)export_of("last").global->value[0]);
    CHECK_EQ_U64(last->values[0], 1024);
    slots[0] = 500000;
    CHECK_EQ_U64(call("chain", slots), TRAP_none);
    u64 length = 0;
    for (Ref ref = (Ref)export_of("last").global->value[0]; ref && length < 1000000;) {
        const Exception *e = ref_to_exception(store, ref);
        if (e->values[0] != ++length) break;
        ref = (Ref)e->values[1];
    }
    CHECK_EQ_U64(length, 500001); // at the end is the other one
    CHECK(store->heap.held > 500000 * 24 / BLOCK_BYTES);
    export_of("last").global->value[0] = REF_NULL;
    CHECK(heap_collect(store, NULL) && store->heap.live < 1000);
    CHECK(heap_collect(store, NULL) && store->heap.held <= 12);
}

// Where all is wanted the trap says which limit that met; and there is room again when it is not.
static void exhausted(void)
{
    StoreLimits limits = store_limits_default;
    limits.heap_bytes = 1 << 20;
    Store *usual = store;
    Instance *first = instance;
    Diag diag;
    store = engine_store_within(engine, &limits);
    instance = engine_instantiate(store, source.module, resolve, NULL, &diag).instance;
    for (u32 i = 0; i < 3; i++) {
        u64 slots[1] = {60000};
        CHECK_EQ_U64(call("chain", slots), TRAP_out_of_memory);
        CHECK(strstr(store->exec.trap_detail, "heap_bytes of the store are used up: the limit is 1048576"));
        CHECK(store->heap.held == 16 && store->heap.live > 1000000);
        export_of("last").global->value[0] = REF_NULL;
        slots[0] = 40000;
        CHECK_EQ_U64(call("churn", slots), TRAP_none);
    }
    store_free(store);
    store = usual;
    instance = first;
}

int main(void)
{
    Diag diag;
    engine = engine_new(features_default);
    if (!CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag))) {
        puts(diag.detail);
        return check_report();
    }
    store = engine_store(engine);
    instance = engine_instantiate(store, source.module, resolve, NULL, &diag).instance;
    if (!CHECK(instance)) return check_report();
    upper_halves();
    heads();
    flat();
    exhausted();
    store_free(store);
    source_free(&source);
    engine_free(engine);
    return check_report();
}
