// frames_test.c -- state maps: at a host call every frame reads back as the abstract machine has
// it.

#include "check.h"
#include "engine/source.h"
#include "interp/interp.h"
#include "run/exec.h"

#include <stdlib.h>

static const char text[] =
    "(module\n"
    "  (import \"t\" \"look\" (func $look (param i32) (result i32)))\n"
    "  (import \"t\" \"again\" (func $again (param i32) (result i32)))\n"
    // Operands that the interpreter would rather keep elsewhere: a local, a constant, a changed
    // local.
    "  (func $inner (export \"inner\") (param $a i32) (param $b i64) (result i64) (local $c f64)\n"
    "    (local.set $c (f64.const 2.5))\n"
    "    local.get $b\n" // 7 at first
    "    i64.const -3\n"
    "    (local.set $b (i64.const 99))\n"
    "    f64.const 0.5\n"
    "    (call $look (i32.add (local.get $a) (i32.const 1)))\n"
    "    drop drop\n"
    "    i64.add)\n"
    "  (func $outer (export \"outer\") (param i32) (result i64)\n"
    "    i64.const 1000\n"
    "    local.get 0\n"
    "    i64.const 7\n"
    "    call $inner\n"
    "    i64.add)\n"
    "  (func (export \"reenter\") (param i32) (result i32) (i32.const 5) (call $again (local.get "
    "0)) (i32.add))\n"
    "  (func $deep (export \"deep\") (param i32) (result i32)\n"
    "    (if (result i32) (local.get 0)\n"
    "      (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1)))))\n"
    "      (else (call $look (i32.const 0)))))\n"
    "  (func (export \"trap\") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get "
    "0))))\n";

static Arena arena;
static Store *store;
static Instance *instance;
static u32 looks;

static void view(const Exec *x, u32 depth, FrameView *out)
{
    FrameCursor c = {0};
    for (u32 i = 0; i <= depth; i++) CHECK(frame_next(x, &c));
    CHECK(frame_read(&c, &arena, out));
}

static u32 frame_count(const Exec *x)
{
    u32 n = 0;
    for (FrameCursor c = {0}; frame_next(x, &c);) n++;
    return n;
}

static Func *export_func(const char *name)
{
    Extern e;
    CHECK(instance_export(instance, (Bytes){(const u8 *)name, strlen(name)}, &e) &&
          e.kind == EXTERN_func);
    return e.func;
}

static Trap look(HostCall *call)
{
    FrameView f;
    looks++;
    if (call->slots[0] == 42) {
        CHECK_EQ_U64(frame_count(call->exec), 2);
        view(call->exec, 0, &f);
        CHECK_EQ_U64(f.func, 2);
        if (CHECK(f.local_count == 3 && f.operand_count == 3)) {
            CHECK_EQ_U64(f.locals[0], TYPE_i32);
            CHECK_EQ_U64(f.locals[2], TYPE_f64);
            CHECK_EQ_U64((u32)*f.local_values[0], 41);
            CHECK_EQ_U64(*f.local_values[1], 99);
            CHECK_EQ_U64(*f.local_values[2], 0x4004000000000000); // 2.5
            CHECK_EQ_U64(f.operands[0], TYPE_i64);
            CHECK_EQ_U64(*f.operand_values[0], 7); // before the local changed
            CHECK_EQ_U64(*f.operand_values[1], (u64)-3);
            CHECK_EQ_U64(f.operands[2], TYPE_f64);
            CHECK_EQ_U64(*f.operand_values[2], 0x3fe0000000000000); // 0.5
        }
        view(call->exec, 1, &f);
        CHECK_EQ_U64(f.func, 3);
        if (CHECK(f.local_count == 1 && f.operand_count == 1)) {
            CHECK_EQ_U64((u32)*f.local_values[0], 41);
            CHECK_EQ_U64(*f.operand_values[0], 1000);
        }
    }
    call->slots[0] = frame_count(call->exec);
    return TRAP_none;
}

// Calls the guest again from inside a host call; frames on both sides of the barrier are seen.
static Trap again(HostCall *call)
{
    u32 n = (u32)call->slots[0];
    if (!n) {
        call->slots[0] = frame_count(call->exec);
        return TRAP_none;
    }
    u64 slots[1] = {n - 1};
    Trap trap = interp_call(call->exec, export_func("reenter"), slots, COUNT_OF(slots));
    call->slots[0] = slots[0];
    return trap;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    bool is_look = import->name.len == 4;
    out->kind = EXTERN_func;
    out->func = func_new_host(store, type->func, is_look ? look : again, NULL);
    return out->func != NULL;
}

int main(void)
{
    Source source;
    Diag diag;
    Engine *engine = engine_new(features_default);
    if (!CHECK(source_load(&source, engine, (const u8 *)text, sizeof text - 1, &diag)))
        return check_report();
    store = engine_store(engine);
    instance = engine_instantiate(store, source.module, resolve, NULL, &diag).instance;
    arena_init(&arena);
    if (!CHECK(instance)) return check_report();

    u64 slots[4] = {41};
    CHECK_EQ_U64(interp_call(&store->exec, export_func("outer"), slots, COUNT_OF(slots)), TRAP_none);
    CHECK_EQ_U64(slots[0], 1000 + 7 - 3);
    CHECK_EQ_U64(looks, 1);

    slots[0] = 100;
    CHECK_EQ_U64(interp_call(&store->exec, export_func("deep"), slots, COUNT_OF(slots)), TRAP_none);
    CHECK_EQ_U64((u32)slots[0], 101 + 100); // frames, and one added by each caller
    CHECK_EQ_U64(frame_count(&store->exec), 0);

    slots[0] = 3; // 4 frames of the guest, barriers between them
    CHECK_EQ_U64(interp_call(&store->exec, export_func("reenter"), slots, COUNT_OF(slots)), TRAP_none);
    CHECK_EQ_U64((u32)slots[0], 4 + 4 * 5);
    slots[0] = 1000000; // a limit, not a crash
    CHECK_EQ_U64(interp_call(&store->exec, export_func("reenter"), slots, COUNT_OF(slots)),
                 TRAP_call_stack_exhausted);

    slots[0] = 1000000; // so is the guest's own recursion
    CHECK_EQ_U64(interp_call(&store->exec, export_func("deep"), slots, COUNT_OF(slots)), TRAP_call_stack_exhausted);
    slots[0] = 0;
    CHECK_EQ_U64(interp_call(&store->exec, export_func("trap"), slots, COUNT_OF(slots)), TRAP_integer_divide_by_zero);
    FrameView f;
    view(&store->exec, 0, &f);
    CHECK_EQ_U64(f.func, 6);
    CHECK(source.module->bytes[f.offset] == 0x6e);
    CHECK_EQ_U64(frame_count(&store->exec), 1);

    store_free(store);
    source_free(&source);
    engine_free(engine);
    arena_free(&arena);
    return check_report();
}
