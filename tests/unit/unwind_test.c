// unwind_test.c -- exceptions and the host: thrown by it, passed on by it, left to it; and frames
// read back inside of legacy clauses, where an exception is kept between the operands.
// Hazards: R21.

#include "check.h"
#include "engine/source.h"
#include "run/call.h"
#include "run/frame.h"

static const char text[] =
    "(module"
    "  (import \"t\" \"raise\" (func $raise (param i32)))" // throws $e, or a tag of the host's own
    "  (import \"t\" \"pass\" (func $pass (param i32) (result i32)))"
    "  (import \"t\" \"look\" (func $look))"
    "  (tag $e (export \"e\") (param i32 i64))"
    "  (func (export \"inner\") (param i32) (result i32) (throw $e (local.get 0) (i64.const 7)))"
    "  (func (export \"from_host\") (param i32) (result i32)"
    "    (block $h (result i32 i64) (block $all"
    "      (try_table (catch $e $h) (catch_all $all) (call $raise (local.get 0)) (return "
    "(i32.const 1))))"
    "      (return (i32.const 2)))"
    "    (drop))"
    "  (func (export \"across\") (param i32) (result i32)"
    "    (i32.const 100)"
    "    (block $h (result i32 i64) (try_table (catch $e $h) (drop (call $pass (local.get 0)))) "
    "(unreachable))"
    "    (drop) (i32.add))"
    "  (func (export \"uncaught\") (param i32) (result i32) (call $pass (local.get 0)))"
    "  (func (export \"clauses\") (result i64)"
    "    (i64.const 11)"
    "    (try (result i64) (do (throw $e (i32.const 5) (i64.const 6)))"
    "      (catch $e (f32.const 1)"
    "        (try (result i64) (do (throw $e (i32.const 8) (i64.const 9)))"
    "          (catch_all (i32.const 21) (i32.const 22) (call $look) (drop) (drop) (i64.const 3)))"
    "        (call $look) (drop) (drop) (drop) (drop) (i64.const 4)))"
    "    (call $look) (i64.add)))";

static Arena arena;
static Store *store;
static Instance *instance;
static Tag *own_tag;
static u32 looks;

static Extern export_of(const char *name)
{
    Extern e = {0};
    CHECK(instance_export(instance, bytes_of(name), &e));
    return e;
}

static Trap raise_it(HostCall *call)
{
    u64 values[2] = {(u32)call->slots[0], 70};
    bool own = call->slots[0] == 0;
    return exec_throw(call->exec, own ? own_tag : export_of("e").tag, values);
}

static Trap pass_it(HostCall *call)
{
    return exec_call(call->exec, export_of("inner").func, call->slots, 1);
}

static Trap look(HostCall *call)
{
    static const u64 want[3][6] = {
        {11, 5, 6, 0x3f800000, 21, 22}, {11, 5, 6, 0x3f800000, 3}, {11, 4}};
    static const u32 counts[] = {6, 5, 2};
    FrameCursor c = {0};
    FrameView f;
    if (!CHECK(looks < 3 && frame_next(call->exec, &c) && frame_read(&c, &arena, &f)))
        return TRAP_none;
    CHECK_EQ_U64(f.operand_count, counts[looks]);
    for (u32 i = 0; i < f.operand_count && i < 6; i++) {
        u64 value = f.operands[i] == TYPE_i64 ? *f.operand_values[i] : (u32)*f.operand_values[i];
        CHECK_EQ_U64(value, want[looks][i]);
    }
    looks++;
    return TRAP_none;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    static HostFn *const fns[] = {raise_it, pass_it, look};
    out->kind = EXTERN_func;
    out->func = func_new_host(store, type->func, fns[import->index], NULL);
    return out->func != NULL;
}

static Trap call(const char *name, u32 arg, u64 *result)
{
    u64 slots[2] = {arg};
    Trap trap = exec_call(&store->exec, export_of(name).func, slots, COUNT_OF(slots));
    *result = slots[0];
    return trap;
}

// No room behind references: a throw that fails, after an exception that nobody caught. The trap
// and the exception always go together.
static Trap throw_in_vain(HostCall *call)
{
    Exec *x = call->exec;
    CHECK(!x->trap && !x->exception); // of the calls before nothing is left
    u64 slots[2] = {44};
    CHECK_EQ_U64(exec_call(x, export_of("inner").func, slots, COUNT_OF(slots)), TRAP_out_of_memory);
    CHECK(!x->exception);
    Trap trap = exec_throw(x, own_tag, slots);
    CHECK(trap == TRAP_out_of_memory && x->trap == trap && !x->exception);
    return trap;
}

static void no_room(Engine *engine, const Module *module)
{
    u64 slots[2] = {44};
    Diag diag;
    StoreLimits limits = store_limits_default;
    limits.heap_bytes = 64 << 10;
    store = engine_store_within(engine, &limits);
    instance = engine_instantiate(store, module, resolve, NULL, &diag).instance;
    own_tag = tag_new(store, module->tags[0].type);
    if (!CHECK(instance && own_tag)) return;
    Exec *x = &store->exec;
    Func *host = func_new_host(store, instance_func(instance, 0)->type, throw_in_vain, NULL);
    CHECK_EQ_U64(call("uncaught", 44, slots), TRAP_uncaught_exception);
    CHECK(x->trap == TRAP_uncaught_exception && x->exception);
    // All of it is held from here on.
    static u64 refs[10000];
    static Type types[COUNT_OF(refs)];
    HeldRefs held = {NULL, types, refs, 0};
    x->held = &held;
    for (; held.count < COUNT_OF(refs); held.count++) {
        types[held.count] = type_ref(true, HEAP_extern);
        if (!(refs[held.count] = ref_new_extern(store, held.count))) break;
    }
    CHECK(held.count > 8000 && held.count < COUNT_OF(refs));
    types[held.count] = type_ref(true, HEAP_exn);
    refs[held.count++] = x->exception;
    CHECK_EQ_U64(exec_throw(x, own_tag, (u64[2]){0}), TRAP_out_of_memory);
    CHECK(x->trap == TRAP_uncaught_exception && ref_to_exception(store, x->exception)->values[0] == 44);
    CHECK_EQ_U64(exec_call(x, host, slots, COUNT_OF(slots)), TRAP_out_of_memory);
    CHECK(x->trap == TRAP_out_of_memory && !x->exception);
    store_free(store);
}

int main(void)
{
    Source source;
    Diag diag;
    u64 result;
    Engine *engine = engine_new(features_default);
    if (!CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag))) {
        puts(diag.detail);
        return check_report();
    }
    store = engine_store(engine);
    instance = engine_instantiate(store, source.module, resolve, NULL, &diag).instance;
    own_tag = tag_new(store, source.module->tags[0].type);
    arena_init(&arena);
    if (!CHECK(instance && own_tag)) return check_report();

    // The host throws: its own tag is another, though of the same type.
    CHECK_EQ_U64(call("from_host", 33, &result), TRAP_none);
    CHECK_EQ_U64((u32)result, 33);
    CHECK_EQ_U64(call("from_host", 0, &result), TRAP_none);
    CHECK_EQ_U64((u32)result, 2);
    // The host stands between who throws and who catches, again and again.
    for (u32 i = 0; i < 1000; i++) {
        CHECK_EQ_U64(call("across", i, &result), TRAP_none);
        CHECK_EQ_U64((u32)result, 100 + i);
    }
    // Nobody catches it: the host gets the tag and the values, and the frames are there for a
    // backtrace.
    CHECK_EQ_U64(call("uncaught", 44, &result), TRAP_uncaught_exception);
    const Exception *e = ref_to_exception(store, store->exec.exception);
    CHECK(exception_tag(store, e) == export_of("e").tag && (u32)e->values[0] == 44 && e->values[1] == 7);
    FrameCursor c = {0};
    CHECK(frame_next(&store->exec, &c) && c.func == export_of("inner").func->index);
    CHECK(frame_next(&store->exec, &c) && c.func == export_of("uncaught").func->index &&
          !frame_next(&store->exec, &c));
    CHECK_EQ_U64(call("across", 1, &result), TRAP_none);
    // A host function called by the host.
    u64 slots[1] = {5};
    Func *host = func_new_host(store, instance_func(instance, 0)->type, raise_it, NULL);
    CHECK_EQ_U64(exec_call(&store->exec, host, slots, COUNT_OF(slots)), TRAP_uncaught_exception);

    CHECK_EQ_U64(call("clauses", 0, &result), TRAP_none);
    CHECK_EQ_U64(result, 15);
    CHECK_EQ_U64(looks, 3);

    store_free(store);
    no_room(engine, source.module);
    source_free(&source);
    engine_free(engine);
    arena_free(&arena);
    return check_report();
}
