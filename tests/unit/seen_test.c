// seen_test.c -- whom calls by tables and references are seen to call, and what becomes of that:
// one function is taken in where it is called, in the instance whose it is.

#include "check.h"
#include "engine/source.h"
#include "run/warm.h"

#include <stdlib.h>

#if NATIVE

enum { IMPORTED, ONE, OTHER, BY, REF, PUT, SET };
static const char text[] =
    "(module (type $t (func (result i32)))\n"
    "  (import \"\" \"\" (func $far (type $t)))\n"
    "  (table 4 funcref) (global $g (mut i32) (i32.const 0))\n"
    "  (elem (i32.const 0) $one $other $far)\n"
    "  (func $one (type $t) (global.get $g))\n"
    "  (func $other (type $t) (i32.sub (i32.const 0) (global.get $g)))\n"
    "  (func (param i32) (result i32)\n"
    "    (i32.add (i32.const 1) (call_indirect (type $t) (local.get 0))))\n"
    "  (func (param (ref null $t)) (result i32)\n"
    "    (i32.add (i32.const 1) (call_ref $t (local.get 0))))\n"
    "  (func (param i32 (ref null $t)) (table.set (local.get 0) (local.get 1)))\n"
    "  (func (param i32) (global.set $g (local.get 0))))";

static Engine *engine;
static Source source;
static Store *store;
enum { INSTANCES = 2 };
static Instance *instances[INSTANCES];

static Trap host(HostCall *c)
{
    c->slots[0] = 1234;
    return TRAP_none;
}

static bool resolve(void *env, const Import *import, const ExternType *type, Extern *out)
{
    *out = (Extern){.kind = EXTERN_func, .func = env};
    return env != NULL;
}

static void begin(u32 up_every)
{
    Diag diag;
    engine = engine_new(features_default);
    engine->hot = 8;
    engine->up_every = up_every;
    if (!CHECK(source_load(&source, engine, (const u8 *)text, strlen(text), &diag))) exit(1);
    store = engine_store(engine);
    Func *far = func_new_host(store, source.module->funcs[IMPORTED].type, host, NULL);
    for (u32 i = 0; i < INSTANCES; i++) {
        instances[i] = engine_instantiate(store, source.module, resolve, far, &diag).instance;
        if (!CHECK(instances[i] != NULL)) exit(1);
    }
}

static void end(void)
{
    CHECK_EQ_U64(native_refusals(instances[0]->made), 0);
    store_free(store);
    source_free(&source);
    CHECK_EQ_U64(account_used(&engine->accounts[ENGINE_code_bytes]), 0);
    engine_free(engine);
}

static u32 call(u32 which, u32 func, u64 a, u64 b)
{
    u64 slots[8] = {a, b};
    Func *f = instance_func(instances[which], func);
    CHECK_EQ_U64(engine_call(store, f, slots, COUNT_OF(slots)), TRAP_none);
    return (u32)slots[0];
}

// Of the only call that a function has.
static u32 seen(u32 func)
{
    const ModuleCode *code = instances[0]->made;
    const Code *body = code_body(&code->funcs[func]);
    if (!body || !CHECK_EQ_U64(body->call_count, 1)) return 0;
    CHECK(code_call(code, func, body->calls[0].offset) == &body->calls[0]);
    CHECK(!code_call(code, func, body->calls[0].offset + 1));
    CHECK(!code_call(code, func, body->calls[0].offset - 1));
    return atomic_load(&body->calls[0].func);
}

static Ref ref_of(u32 which, u32 func)
{
    return ref_of_func(store, instance_func(instances[which], func));
}

// While it is interpreted.
static void is_seen(void)
{
    begin(0);
    CHECK_EQ_U64(call(0, BY, 2, 0), 1235); // which is not of the module
    CHECK_EQ_U64(seen(BY), 0);
    CHECK_EQ_U64(call(0, BY, 0, 0), 1);
    CHECK_EQ_U64(seen(BY), ONE + 1);
    CHECK_EQ_U64(call(1, BY, 0, 0), 1);
    CHECK_EQ_U64(seen(BY), ONE + 1);
    CHECK_EQ_U64(call(1, BY, 1, 0), 1);
    CHECK_EQ_U64(seen(BY), CODE_NONE);
    CHECK_EQ_U64(call(1, REF, ref_of(1, OTHER), 0), 1);
    CHECK_EQ_U64(seen(REF), OTHER + 1);
    call(0, REF, ref_of(1, OTHER), 0); // of another instance: that is nobody's business here
    CHECK_EQ_U64(seen(REF), OTHER + 1);
    call(0, REF, ref_of(0, ONE), 0);
    call(0, REF, ref_of(0, ONE), 0);
    CHECK_EQ_U64(seen(REF), CODE_NONE);
    CHECK(!code_call(instances[0]->made, OTHER, 0));
    CHECK(!code_body(&instances[0]->made->funcs[PUT]) && !code_call(instances[0]->made, PUT, 0));
    end();
}

static u32 taken_in(u32 func)
{
    const Native *n = native_newest(native_region(instances[0]->made), func);
    while (n && !n->optimized) n = n->older;
    if (!CHECK(n != NULL) || !n->taken_count) return 0;
    CHECK_EQ_U64(n->taken_count, 1);
    return n->taken[0].func;
}

// Of each instance it reads that one's global, whoever calls it, and whosever code that is.
static void is_taken_in(void)
{
    enum { FIRST = 100, SECOND = 200, TIMES = 16 };
    begin(1);
    call(0, SET, FIRST, 0);
    call(1, SET, SECOND, 0);
    for (u32 i = 0; i < TIMES; i++) {
        CHECK_EQ_U64(call(0, BY, 0, 0), FIRST + 1);
        CHECK_EQ_U64(call(0, REF, ref_of(0, OTHER), 0), (u32)-FIRST + 1);
    }
    CHECK_EQ_U64(taken_in(BY), ONE);
    CHECK_EQ_U64(taken_in(REF), OTHER);
    for (u32 i = 0; i < INSTANCES; i++) {
        u32 own = i ? SECOND : FIRST, far = i ? FIRST : SECOND;
        CHECK_EQ_U64(call(i, BY, 0, 0), own + 1);
        CHECK_EQ_U64(call(i, BY, 1, 0), (u32)-own + 1);
        CHECK_EQ_U64(call(i, BY, 2, 0), 1235);
        CHECK_EQ_U64(call(i, REF, ref_of(i, ONE), 0), own + 1);
        CHECK_EQ_U64(call(i, REF, ref_of(i, OTHER), 0), (u32)-own + 1);
        CHECK_EQ_U64(call(i, REF, ref_of(!i, ONE), 0), far + 1);
        CHECK_EQ_U64(call(i, REF, ref_of(!i, OTHER), 0), (u32)-far + 1);
        call(i, PUT, 0, ref_of(!i, ONE)); // with that number in its module, but another instance's
        CHECK_EQ_U64(call(i, BY, 0, 0), far + 1);
        call(i, PUT, 0, ref_of(i, OTHER));
        CHECK_EQ_U64(call(i, BY, 0, 0), (u32)-own + 1);
        call(i, PUT, 3, ref_of(i, ONE));
        CHECK_EQ_U64(call(i, BY, 3, 0), own + 1);
    }
    end();
}

static void of_several(void)
{
    enum { TIMES = 16 };
    begin(1);
    for (u32 i = 0; i < TIMES; i++) {
        call(0, BY, i & 1, 0);
        call(0, REF, ref_of(1, ONE), 0);
    }
    CHECK_EQ_U64(taken_in(BY), 0);
    CHECK_EQ_U64(taken_in(REF), 0);
    end();
}

// Where nothing is optimized later nobody looks.
static void nobody_looks(void)
{
    begin(0);
    Engine *other = engine_new(features_default);
    Diag diag;
    Source same;
    other->tier = TIER_interp;
    CHECK(source_load(&same, other, (const u8 *)text, strlen(text), &diag));
    Store *s = engine_store(other);
    Func *far = func_new_host(s, same.module->funcs[IMPORTED].type, host, NULL);
    Instance *i = engine_instantiate(s, same.module, resolve, far, &diag).instance;
    u64 slots[8] = {0};
    if (CHECK(i != NULL)) {
        CHECK_EQ_U64(engine_call(s, instance_func(i, BY), slots, COUNT_OF(slots)), TRAP_none);
        CHECK_EQ_U64(code_body(&i->made->funcs[BY])->call_count, 0);
    }
    store_free(s);
    source_free(&same);
    engine_free(other);
    end();
}

int main(void)
{
    if (tier_lacks()) return check_report();
    is_seen();
    is_taken_in();
    of_several();
    nobody_looks();
    return check_report();
}

#else
int main(void) { return check_report(); }
#endif
