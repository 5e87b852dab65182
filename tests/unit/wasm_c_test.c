// wasm_c_test.c -- wasm.h as programs of other engines use it, and misuse it; in each tier.
// Hazards: R18, R27.

#include "api/wasm_c/wasm_c.h"
#include "check.h"

#include <pthread.h>
#include <stdlib.h>

static wasm_engine_t *engine;
static int finalized; // how often
static void *last_info;

static void finalize(void *info)
{
    finalized++;
    last_info = info;
}

static int seen(void)
{
    int count = finalized;
    finalized = 0;
    return count;
}

static void *info(uintptr_t n) { return (void *)n; }

static wasm_byte_vec_t text_of(const char *text)
{
    return (wasm_byte_vec_t){strlen(text), (char *)text};
}

static wasm_module_t *module_of(wasm_store_t *store, const char *text)
{
    wasm_byte_vec_t bytes = text_of(text);
    wasm_module_t *m = wasm_module_new(store, &bytes);
    if (!CHECK(m != NULL)) printf("%s\n", text);
    return m;
}

// A trap's message, good until the next; deletes the trap.
static const char *words(wasm_trap_t *trap)
{
    static char text[500];
    wasm_message_t message;
    if (!trap) return "";
    wasm_trap_message(trap, &message);
    CHECK(message.size && !message.data[message.size - 1]);
    snprintf(text, sizeof text, "%s", message.data);
    wasm_name_delete(&message);
    wasm_trap_delete(trap);
    return text;
}

// A store with one instance.
typedef struct {
    wasm_store_t *store;
    wasm_instance_t *instance;
    wasm_extern_vec_t exports;
} World;

static World world_with(wasm_store_t *store, const char *text, size_t count, wasm_extern_t **items)
{
    World w = {.store = store};
    wasm_extern_vec_t imports = {count, items};
    wasm_trap_t *trap;
    wasm_module_t *m = module_of(store, text);
    w.instance = wasm_instance_new(store, m, &imports, &trap);
    CHECK_STR(words(trap), "");
    wasm_module_delete(m);
    if (w.instance) wasm_instance_exports(w.instance, &w.exports);
    return w;
}

static World world(const char *text)
{
    return world_with(wasm_store_new(engine), text, 0, NULL);
}

static void world_end(World *w)
{
    wasm_extern_vec_delete(&w->exports);
    wasm_instance_delete(w->instance);
    wasm_store_delete(w->store);
}

static wasm_func_t *func(const World *w, size_t i)
{
    return wasm_extern_as_func(w->exports.data[i]);
}

static wasm_trap_t *call(const wasm_func_t *f, size_t arg_count, wasm_val_t *args,
                         size_t result_count, wasm_val_t *results)
{
    wasm_val_vec_t in = {arg_count, args}, out = {result_count, results};
    return wasm_func_call(f, &in, &out);
}

static wasm_val_t i32(s32 value) { return (wasm_val_t)WASM_I32_VAL(value); }
static wasm_val_t ref(wasm_ref_t *value) { return (wasm_val_t)WASM_REF_VAL(value); }

// ---- Vectors

#define VECTOR_OF(name, made)                                                                      \
    static void vectors_of_##name(void)                                                            \
    {                                                                                              \
        wasm_##name##_vec_t v, copy;                                                               \
        wasm_##name##_t *two[] = {made, made};                                                     \
        wasm_##name##_vec_new_empty(&v);                                                           \
        CHECK(!v.size && !v.data);                                                                 \
        wasm_##name##_vec_delete(&v);                                                              \
        wasm_##name##_vec_new(&v, 2, two);                                                         \
        CHECK(v.size == 2 && v.data[0] == two[0] && v.data[1] == two[1]);                          \
        wasm_##name##_vec_copy(&copy, &v);                                                         \
        CHECK(copy.size == 2 && copy.data[1] && copy.data != v.data);                              \
        wasm_##name##_vec_delete(&copy);                                                           \
        wasm_##name##_vec_delete(&v);                                                              \
        wasm_##name##_vec_delete(&v);                                                              \
        CHECK(!v.size && !v.data);                                                                 \
        wasm_##name##_vec_new_uninitialized(&v, 3);                                                \
        CHECK(v.size == 3 && !v.data[0] && !v.data[2]);                                            \
        wasm_##name##_vec_copy(&copy, &v);                                                         \
        CHECK(copy.size == 3 && !copy.data[1]);                                                    \
        wasm_##name##_vec_delete(&copy);                                                           \
        wasm_##name##_vec_delete(&v);                                                              \
        wasm_##name##_vec_delete(NULL);                                                            \
        wasm_##name##_delete(NULL);                                                                \
    }

static const wasm_limits_t some_limits = {1, 2};

static wasm_functype_t *functype(void)
{
    return wasm_functype_new_2_1(wasm_valtype_new_i32(), wasm_valtype_new_externref(),
                                 wasm_valtype_new_f64());
}

static wasm_importtype_t *importtype(void)
{
    wasm_name_t module, name;
    wasm_name_new_from_string(&module, "env");
    wasm_name_new_from_string_nt(&name, "it");
    return wasm_importtype_new(&module, &name, wasm_functype_as_externtype(functype()));
}

static wasm_exporttype_t *exporttype(void)
{
    wasm_name_t name;
    wasm_name_new_from_string(&name, "memory");
    return wasm_exporttype_new(
        &name, wasm_memorytype_as_externtype(wasm_memorytype_new(&some_limits)));
}

static wasm_extern_t *memory_of(wasm_store_t *store)
{
    wasm_memorytype_t *type = wasm_memorytype_new(&some_limits);
    wasm_memory_t *memory = wasm_memory_new(store, type);
    wasm_memorytype_delete(type);
    return wasm_memory_as_extern(memory);
}

static wasm_store_t *vector_store;
VECTOR_OF(valtype, wasm_valtype_new_i64())
VECTOR_OF(functype, functype())
VECTOR_OF(globaltype, wasm_globaltype_new(wasm_valtype_new_f32(), WASM_VAR))
VECTOR_OF(tabletype, wasm_tabletype_new(wasm_valtype_new_funcref(), &some_limits))
VECTOR_OF(memorytype, wasm_memorytype_new(&some_limits))
VECTOR_OF(tagtype, wasm_tagtype_new(functype()))
VECTOR_OF(externtype, wasm_tagtype_as_externtype(wasm_tagtype_new(functype())))
VECTOR_OF(importtype, importtype())
VECTOR_OF(exporttype, exporttype())
VECTOR_OF(extern, memory_of(vector_store))

static void vectors(void)
{
    wasm_byte_vec_t b, copy;
    wasm_val_vec_t v, v2;
    vector_store = wasm_store_new(engine);
    vectors_of_valtype();
    vectors_of_functype();
    vectors_of_globaltype();
    vectors_of_tabletype();
    vectors_of_memorytype();
    vectors_of_tagtype();
    vectors_of_externtype();
    vectors_of_importtype();
    vectors_of_exporttype();
    vectors_of_extern();
    wasm_byte_vec_new(&b, 3, "abc");
    wasm_byte_vec_copy(&copy, &b);
    CHECK_BYTES(copy.data, copy.size, "abc", 3);
    wasm_byte_vec_delete(&copy);
    wasm_byte_vec_delete(&b);
    wasm_byte_vec_new_empty(&b);
    CHECK(!b.size && !b.data);
    wasm_byte_vec_new_uninitialized(&b, SIZE_MAX); // more than there can be
    CHECK(!b.size && !b.data);
    wasm_byte_vec_delete(NULL);
    wasm_val_t two[] = {i32(7), ref(wasm_foreign_as_ref(wasm_foreign_new(vector_store)))};
    wasm_val_vec_new(&v, 2, two);
    wasm_val_vec_copy(&v2, &v);
    CHECK(v2.data[0].of.i32 == 7 && wasm_ref_same(v2.data[1].of.ref, v.data[1].of.ref));
    wasm_val_vec_delete(&v2);
    wasm_val_vec_delete(&v);
    wasm_val_vec_new_uninitialized(&v, 2);
    CHECK(v.size == 2 && v.data[1].kind == WASM_I32);
    wasm_val_vec_delete(&v);
    wasm_val_vec_new_empty(&v);
    wasm_val_vec_delete(&v);
    wasm_val_vec_delete(NULL);
    wasm_store_delete(vector_store);
}

// ---- Types

static void value_types(void)
{
    static const wasm_valkind_t kinds[] = {WASM_I32, WASM_I64, WASM_F32, WASM_F64, WASM_V128,
                                           WASM_EXTERNREF, WASM_FUNCREF, WASM_OTHERREF};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        wasm_valtype_t *t = wasm_valtype_new(kinds[i]), *copy = wasm_valtype_copy(t);
        CHECK_EQ_U64(wasm_valtype_kind(copy), kinds[i]);
        CHECK(wasm_valtype_is_num(t) == (i < 5) && wasm_valtype_is_ref(t) == (i >= 5));
        wasm_valtype_delete(t);
        wasm_valtype_delete(copy);
    }
    CHECK(!wasm_valtype_new(5) && !wasm_valtype_new(127) && !wasm_valtype_new(130));
    wasm_val_t v;
    wasm_val_init_ptr(&v, &v);
    CHECK(wasm_val_ptr(&v) == &v && wasm_valkind_is_num(v.kind));
}

static void made_types(void)
{
    wasm_functype_t *f = functype(), *f2 = wasm_functype_copy(f);
    CHECK(wasm_functype_params(f2)->size == 2 && wasm_functype_results(f2)->size == 1);
    CHECK_EQ_U64(wasm_valtype_kind(wasm_functype_params(f2)->data[1]), WASM_EXTERNREF);
    wasm_externtype_t *e = wasm_functype_as_externtype(f);
    CHECK(wasm_externtype_as_functype(e) == f && !wasm_externtype_as_globaltype(e));
    CHECK(!wasm_externtype_as_tabletype(e) && !wasm_externtype_as_memorytype(e));
    CHECK(!wasm_externtype_as_tagtype_const(e) && !wasm_externtype_as_functype_const(NULL));
    CHECK(!wasm_externtype_as_tagtype(NULL) && !wasm_functype_as_externtype_const(NULL));
    wasm_externtype_t *copy = wasm_externtype_copy(e);
    CHECK_EQ_U64(wasm_externtype_kind(copy), WASM_EXTERN_FUNC);
    wasm_externtype_delete(copy);
    wasm_externtype_delete(e);
    wasm_functype_delete(f2);
    wasm_valtype_t *bad[] = {wasm_valtype_new_i32(), NULL};
    wasm_valtype_vec_t params, none;
    wasm_valtype_vec_new(&params, 2, bad);
    wasm_valtype_vec_new_empty(&none);
    CHECK(!wasm_functype_new(&params, &none));
    CHECK(!wasm_functype_new_1_0(NULL) && !wasm_globaltype_new(NULL, WASM_VAR));
    CHECK(!wasm_tabletype_new(NULL, &some_limits) && !wasm_tagtype_new(NULL));
    wasm_globaltype_t *g = wasm_globaltype_new(wasm_valtype_new_i64(), WASM_VAR);
    copy = wasm_externtype_copy(wasm_globaltype_as_externtype_const(g));
    const wasm_globaltype_t *g2 = wasm_externtype_as_globaltype_const(copy);
    CHECK(g2 && wasm_globaltype_mutability(g2) == WASM_VAR);
    CHECK_EQ_U64(wasm_valtype_kind(wasm_globaltype_content(g2)), WASM_I64);
    wasm_externtype_delete(copy);
    wasm_globaltype_delete(g);
    wasm_tabletype_t *t = wasm_tabletype_new(wasm_valtype_new_funcref(), &some_limits);
    copy = wasm_externtype_copy(wasm_tabletype_as_externtype(t));
    const wasm_tabletype_t *t2 = wasm_externtype_as_tabletype_const(copy);
    CHECK(t2 && wasm_tabletype_limits(t2)->max == 2);
    CHECK_EQ_U64(wasm_valtype_kind(wasm_tabletype_element(t2)), WASM_FUNCREF);
    wasm_externtype_delete(copy);
    wasm_tabletype_delete(t);
    wasm_importtype_t *i = importtype(), *i2 = wasm_importtype_copy(i);
    CHECK_BYTES(wasm_importtype_module(i2)->data, wasm_importtype_module(i2)->size, "env", 3);
    CHECK_BYTES(wasm_importtype_name(i2)->data, wasm_importtype_name(i2)->size, "it", 3);
    CHECK_EQ_U64(wasm_externtype_kind(wasm_importtype_type(i2)), WASM_EXTERN_FUNC);
    wasm_importtype_delete(i);
    wasm_importtype_delete(i2);
    wasm_exporttype_t *x = exporttype(), *x2 = wasm_exporttype_copy(x);
    CHECK_BYTES(wasm_exporttype_name(x2)->data, wasm_exporttype_name(x2)->size, "memory", 6);
    const wasm_memorytype_t *m = wasm_externtype_as_memorytype_const(wasm_exporttype_type(x2));
    CHECK(m && wasm_memorytype_limits(m)->min == 1);
    wasm_exporttype_delete(x);
    wasm_exporttype_delete(x2);
    wasm_name_t name;
    wasm_name_new_from_string(&name, "lost");
    CHECK(!wasm_exporttype_new(&name, NULL) && !name.data);
}

// ---- Modules

// Of each kind one, with all that wasm.h has no values for.
static const char all_kinds[] =
    "(module (import \"a\" \"f\" (func (param i32 v128 anyref) (result externref (ref func))))"
    " (import \"a\" \"g\" (global (mut i64))) (import \"\" \"t\" (table 1 2 externref))"
    " (import \"a\" \"m\" (memory i64 1 0x1_0000_0000)) (import \"a\" \"e\" (tag (param f32)))"
    " (export \"f\" (func 0)) (export \"\" (global 0)) (export \"t\" (table 0))"
    " (export \"m\" (memory 0)) (export \"e\" (tag 0)))";

static void check_kinds(const wasm_module_t *m)
{
    wasm_importtype_vec_t imports;
    wasm_exporttype_vec_t exports;
    wasm_module_imports(m, &imports);
    wasm_module_exports(m, &exports);
    if (!CHECK(imports.size == 5 && exports.size == 5)) return;
    for (size_t i = 0; i < 5; i++) {
        CHECK_EQ_U64(wasm_externtype_kind(wasm_importtype_type(imports.data[i])), i);
        CHECK_EQ_U64(wasm_externtype_kind(wasm_exporttype_type(exports.data[i])), i);
    }
    CHECK_EQ_U64(wasm_importtype_module(imports.data[2])->size, 0);
    CHECK_EQ_U64(wasm_exporttype_name(exports.data[1])->size, 0);
    const wasm_functype_t *f =
        wasm_externtype_as_functype_const(wasm_importtype_type(imports.data[0]));
    const wasm_valtype_vec_t *p = wasm_functype_params(f), *r = wasm_functype_results(f);
    CHECK_EQ_U64(wasm_valtype_kind(p->data[1]), WASM_V128);
    CHECK_EQ_U64(wasm_valtype_kind(p->data[2]), WASM_OTHERREF);
    CHECK_EQ_U64(wasm_valtype_kind(r->data[0]), WASM_EXTERNREF);
    CHECK_EQ_U64(wasm_valtype_kind(r->data[1]), WASM_FUNCREF);
    const wasm_memorytype_t *memory =
        wasm_externtype_as_memorytype_const(wasm_importtype_type(imports.data[3]));
    CHECK_EQ_U64(wasm_memorytype_limits(memory)->max, wasm_limits_max_default);
    const wasm_tagtype_t *tag =
        wasm_externtype_as_tagtype_const(wasm_importtype_type(imports.data[4]));
    const wasm_valtype_vec_t *carried = wasm_functype_params(wasm_tagtype_functype(tag));
    CHECK(carried->size == 1 && wasm_valtype_kind(carried->data[0]) == WASM_F32);
    wasm_importtype_vec_delete(&imports);
    wasm_exporttype_vec_delete(&exports);
}

// Cut anywhere, and with each byte changed, it is refused or is a module; what is behind the head
// is decoded and validated as ever.
static void hostile(wasm_store_t *store, const wasm_byte_vec_t *good)
{
    wasm_byte_vec_t bad;
    for (size_t size = 0; size < good->size; size++) {
        wasm_byte_vec_new(&bad, size, good->data); // of just that size, so that asan sees
        wasm_module_t *m = wasm_module_deserialize(store, &bad);
        if (size < 24) CHECK(!m);
        wasm_module_delete(m);
        wasm_byte_vec_delete(&bad);
    }
    for (size_t i = 0; i < good->size; i++) {
        wasm_byte_vec_copy(&bad, good);
        bad.data[i] ^= 0x41;
        wasm_module_t *m = wasm_module_deserialize(store, &bad);
        if (i < 20) CHECK(!m);
        wasm_module_delete(m);
        wasm_byte_vec_delete(&bad);
    }
}

static void modules(void)
{
    wasm_store_t *store = wasm_store_new(engine);
    wasm_module_t *m = module_of(store, all_kinds), *copy = wasm_module_copy(m);
    check_kinds(m);
    CHECK(wasm_module_same(m, copy) && wasm_ref_as_module(wasm_module_as_ref(copy)) == copy);
    CHECK(!wasm_ref_as_func(wasm_module_as_ref(m)) && !wasm_ref_as_module(NULL));
    wasm_byte_vec_t bad = text_of("(module (func (result i32)))"), good = text_of(all_kinds);
    CHECK(!wasm_module_validate(store, &bad) && wasm_module_validate(store, &good));
    CHECK(!wasm_module_new(store, &bad));
    bad.size = 0;
    CHECK(!wasm_module_validate(store, &bad) && !wasm_module_new(store, &bad));
    wasm_byte_vec_t bytes, again;
    wasm_module_serialize(m, &bytes);
    wasm_module_t *back = wasm_module_deserialize(store, &bytes);
    if (CHECK(back)) {
        CHECK(!wasm_module_same(m, back));
        check_kinds(back);
        wasm_module_serialize(back, &again);
        CHECK_BYTES(again.data, again.size, bytes.data, bytes.size);
        wasm_byte_vec_delete(&again);
    }
    hostile(store, &bytes);
    wasm_byte_vec_t binary = {bytes.size - 16, bytes.data + 16}; // without its head
    CHECK(wasm_module_validate(store, &binary) && !wasm_module_deserialize(store, &binary));
    wasm_byte_vec_delete(&bytes);
    wasm_module_delete(m);
    wasm_module_delete(back);
    wasm_module_set_host_info_with_finalizer(copy, info(1), finalize);
    wasm_module_delete(copy);
    CHECK(seen() == 1);
    wasm_store_delete(store);
}

// ---- Shared modules

static const char adder[] = "(module (func (export \"add\") (param i32 i32) (result i32)"
                            " (i32.add (local.get 0) (local.get 1))))";

typedef struct {
    const wasm_shared_module_t *shared;
    wasm_engine_t *engine;
    s32 sum;
} Worker;

static void *work(void *env)
{
    Worker *w = env;
    wasm_store_t *store = wasm_store_new(w->engine);
    wasm_module_t *m = wasm_module_obtain(store, w->shared);
    wasm_instance_t *instance = wasm_instance_new(store, m, NULL, NULL);
    wasm_extern_vec_t exports;
    wasm_instance_exports(instance, &exports);
    wasm_val_t args[] = {i32(0), i32(1)}, result;
    for (s32 i = 0; i < 1000; i++) {
        args[0] = i32(w->sum);
        if (call(wasm_extern_as_func(exports.data[0]), 2, args, 1, &result)) break;
        w->sum = result.of.i32;
    }
    wasm_extern_vec_delete(&exports);
    wasm_instance_delete(instance);
    wasm_module_delete(m);
    wasm_store_delete(store);
    return NULL;
}

static void sharing(void)
{
    enum { WORKERS = 4 };
    wasm_store_t *store = wasm_store_new(engine);
    wasm_engine_t *other = wasm_engine_new();
    wasm_module_t *m = module_of(store, adder);
    wasm_shared_module_t *shared = wasm_module_share(m);
    wasm_module_t *same = wasm_module_obtain(store, shared);
    CHECK(wasm_module_same(m, same));
    wasm_module_delete(same);
    wasm_module_delete(m);
    wasm_store_delete(store); // what is shared has no store
    pthread_t threads[WORKERS];
    Worker workers[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        workers[i] = (Worker){shared, i % 2 ? engine : other, 0};
        pthread_create(&threads[i], NULL, work, &workers[i]);
    }
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_EQ_U64(workers[i].sum, 1000);
    }
    wasm_shared_module_delete(shared);
    wasm_shared_module_delete(NULL);
    wasm_engine_delete(other);
}

// ---- Calls

static void calls(void)
{
    World w = world("(module (func (export \"f\") (param i32 i64 f32 f64) (result f64 f32 i64 i32)"
                    "  (local.get 3) (local.get 2) (local.get 1) (local.get 0))"
                    " (func (export \"v\") (param v128)) (func (export \"w\") (result v128)"
                    "  (v128.const i64x2 0 0)) (func (export \"n\")))");
    wasm_val_t args[] = {i32(-1), WASM_I64_VAL(-2), WASM_F32_VAL(1.5f), WASM_F64_VAL(-0.25)};
    wasm_val_t out[5] = {[4] = WASM_I64_VAL(99)};
    CHECK_STR(words(call(func(&w, 0), 4, args, 5, out)), "");
    CHECK(out[0].kind == WASM_F64 && out[0].of.f64 == -0.25);
    CHECK(out[1].kind == WASM_F32 && out[1].of.f32 == 1.5f);
    CHECK(out[2].kind == WASM_I64 && out[2].of.i64 == -2);
    CHECK(out[3].kind == WASM_I32 && out[3].of.i32 == -1);
    CHECK(out[4].of.i64 == 99); // not one of them
    CHECK_STR(words(call(func(&w, 0), 4, args, 1, out)), "");
    CHECK_STR(words(wasm_func_call(func(&w, 3), NULL, NULL)), "");
    CHECK(wasm_func_param_arity(func(&w, 0)) == 4 && wasm_func_result_arity(func(&w, 1)) == 0);
    CHECK_STR(words(call(func(&w, 0), 3, args, 4, out)),
              "wrong number of values: the function takes 4, not 3");
    args[1] = i32(0);
    CHECK_STR(words(call(func(&w, 0), 4, args, 4, out)), "value 1 is a value of another type");
    args[1] = ref(NULL);
    CHECK_STR(words(call(func(&w, 0), 4, args, 4, out)), "value 1 is a value of another type");
    CHECK_STR(words(call(func(&w, 1), 1, args, 0, NULL)),
              "value 0 is a v128, which has no value in wasm.h");
    CHECK_STR(words(call(func(&w, 2), 0, NULL, 1, out)),
              "result 0 is a v128, which has no value in wasm.h");
    wasm_functype_t *type = wasm_func_type(func(&w, 0));
    CHECK_EQ_U64(wasm_valtype_kind(wasm_functype_results(type)->data[1]), WASM_F32);
    wasm_functype_delete(type);
    world_end(&w);
}

// ---- Functions of the host

static wasm_trap_t *echo(const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    for (size_t i = 0; i < args->size; i++)
        wasm_val_copy(&results->data[args->size - 1 - i], &args->data[i]);
    return NULL;
}

static wasm_functype_t *type_of(size_t count, const wasm_valkind_t *kinds, bool results)
{
    wasm_valtype_vec_t in, out;
    wasm_valtype_vec_new_uninitialized(&in, count);
    wasm_valtype_vec_new_uninitialized(&out, results ? count : 0);
    for (size_t i = 0; i < count; i++) {
        in.data[i] = wasm_valtype_new(kinds[i]);
        if (results) out.data[count - 1 - i] = wasm_valtype_new(kinds[i]);
    }
    return wasm_functype_new(&in, &out);
}

// Through a guest and back, few values and many.
static void host_functions(void)
{
    static const wasm_valkind_t kinds[] = {WASM_I32, WASM_EXTERNREF, WASM_F64, WASM_FUNCREF,
                                           WASM_I64, WASM_F32};
    wasm_store_t *store = wasm_store_new(engine);
    wasm_functype_t *type = type_of(6, kinds, true);
    wasm_func_t *f = wasm_func_new(store, type, echo);
    wasm_extern_t *items[] = {wasm_func_as_extern(f)};
    World w = world_with(store,
        "(module (import \"\" \"\" (func $f (param i32 externref f64 funcref i64 f32)"
        "  (result f32 i64 funcref f64 externref i32)))"
        " (func (export \"g\") (param i32 externref f64 funcref i64 f32)"
        "  (result f32 i64 funcref f64 externref i32) (call $f (local.get 0) (local.get 1)"
        "   (local.get 2) (local.get 3) (local.get 4) (local.get 5))))", 1, items);
    wasm_foreign_t *thing = wasm_foreign_new(store);
    wasm_val_t args[] = {i32(1), ref(wasm_foreign_as_ref(thing)), WASM_F64_VAL(2),
                         ref(wasm_func_as_ref(f)), WASM_I64_VAL(3), WASM_F32_VAL(4)};
    wasm_val_t out[6];
    for (int null = 0; null < 2; null++) {
        if (null) args[1] = args[3] = ref(NULL);
        CHECK_STR(words(call(func(&w, 0), 6, args, 6, out)), "");
        CHECK(out[0].of.f32 == 4 && out[1].of.i64 == 3 && out[3].of.f64 == 2);
        CHECK(out[2].kind == WASM_FUNCREF && out[4].kind == WASM_EXTERNREF && out[5].of.i32 == 1);
        CHECK(out[2].of.ref == args[3].of.ref && out[4].of.ref == args[1].of.ref);
        for (int i = 0; i < 6; i++) wasm_val_delete(&out[i]);
    }
    CHECK(wasm_func_param_arity(f) == 6 && wasm_func_result_arity(f) == 6);
    args[3] = ref(wasm_foreign_as_ref(thing));
    CHECK_STR(words(call(f, 6, args, 6, out)), "value 3 is a reference that is no function");
    wasm_foreign_delete(thing);
    wasm_functype_delete(type);
    wasm_func_delete(f);
    world_end(&w);
}

static wasm_trap_t *with_env(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    *(int *)env += 1;
    for (size_t i = 0; i < results->size; i++)
        CHECK(results->data[i].kind == WASM_I32 && !results->data[i].of.i32);
    return NULL;
}

static void made_functions(void)
{
    wasm_valkind_t many[1001] = {0}, odd[] = {WASM_OTHERREF};
    int count = 0;
    wasm_store_t *store = wasm_store_new(engine);
    wasm_functype_t *most = type_of(1000, many, true), *more = type_of(1001, many, false);
    wasm_functype_t *other = type_of(1, odd, false);
    wasm_func_t *f = wasm_func_new_with_env(store, most, with_env, &count, finalize);
    wasm_val_vec_t args, results;
    wasm_val_vec_new_uninitialized(&args, 1000);
    wasm_val_vec_new_uninitialized(&results, 1000);
    CHECK_STR(words(wasm_func_call(f, &args, &results)), "");
    CHECK(count == 1);
    CHECK(!wasm_func_new_with_env(store, more, with_env, &count, finalize));
    CHECK(!wasm_func_new_with_env(store, other, with_env, &count, finalize));
    wasm_func_delete(f);
    CHECK(seen() == 0); // a guest might have it
    wasm_store_delete(store);
    CHECK(seen() == 1 && last_info == &count);
    wasm_val_vec_delete(&args);
    wasm_val_vec_delete(&results);
    wasm_functype_delete(most);
    wasm_functype_delete(more);
    wasm_functype_delete(other);
}

static wasm_val_t given; // what a host function returns
static wasm_trap_t *give_it(const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    wasm_val_copy(&results->data[0], &given);
    return NULL;
}

static void bad_results(void)
{
    wasm_store_t *store = wasm_store_new(engine), *other = wasm_store_new(engine);
    wasm_functype_t *type = wasm_functype_new_0_1(wasm_valtype_new_externref());
    wasm_func_t *f = wasm_func_new(store, type, give_it);
    wasm_foreign_t *stranger = wasm_foreign_new(other);
    wasm_val_t out;
    given = i32(1);
    CHECK_STR(words(call(f, 0, NULL, 1, &out)),
              "host function failed: result 0 is a value of another type");
    given = ref(wasm_foreign_as_ref(stranger));
    CHECK_STR(words(call(f, 0, NULL, 1, &out)),
              "host function failed: result 0 is a reference of another store");
    given = ref(wasm_func_as_ref(f)); // a function, as an externref
    CHECK_STR(words(call(f, 0, NULL, 1, &out)), "");
    CHECK(out.of.ref == wasm_func_as_ref(f));
    wasm_val_delete(&out);
    wasm_foreign_delete(stranger);
    wasm_func_delete(f);
    wasm_functype_delete(type);
    wasm_store_delete(store);
    wasm_store_delete(other);
}

// ---- Traps

static wasm_trap_t *the_trap;   // that was thrown last
static const World *the_world;
static enum { THROW, PASS_ON, REPLACE, SWALLOW } how;

static wasm_trap_t *thrown(wasm_store_t *store)
{
    wasm_message_t message = text_of("no such luck"); // without its NUL
    the_trap = wasm_trap_new(store, &message);
    wasm_trap_set_host_info_with_finalizer(the_trap, info(5), finalize);
    return the_trap;
}

// Throws; or calls the guest, whose trap it passes on, replaces, or takes no notice of.
static wasm_trap_t *throws(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    wasm_trap_t *trap;
    if (how == THROW) return thrown(env);
    trap = call(func(the_world, args->data[0].of.i32), 0, NULL, 0, NULL);
    CHECK(trap != NULL);
    if (how == PASS_ON) return the_trap = trap;
    wasm_trap_delete(trap);
    return how == REPLACE ? thrown(env) : NULL;
}

static const char thrower[] =
    "(module (import \"\" \"\" (func $host (param i32))) (tag $e)" // "0" is function 1
    " (func (export \"0\") (call $host (i32.const 1)))"
    " (func (export \"1\") nop unreachable)"
    " (func (export \"2\") (call 2))"
    " (func (export \"3\") (block $b (try_table (catch $e $b) (call $host (i32.const 4)))))"
    " (func (export \"4\") (throw $e))"
    " (func (export \"5\") (call 7))"
    " (func (export \"6\") (call $host (i32.const 4))))";

static void check_place(const wasm_trap_t *trap, size_t count, u32 innermost)
{
    wasm_frame_t *origin = wasm_trap_origin(trap);
    wasm_frame_vec_t trace;
    wasm_trap_trace(trap, &trace);
    CHECK_EQ_U64(trace.size, count);
    if (!CHECK(origin && trace.size)) return;
    CHECK_EQ_U64(wasm_frame_func_index(origin), innermost);
    CHECK_EQ_U64(wasm_frame_module_offset(origin), wasm_frame_module_offset(trace.data[0]));
    CHECK(wasm_frame_func_offset(origin) < wasm_frame_module_offset(origin));
    CHECK(wasm_instance_same(wasm_frame_instance(origin), the_world->instance));
    wasm_frame_t *copy = wasm_frame_copy(origin);
    wasm_frame_delete(origin);
    CHECK(wasm_instance_same(wasm_frame_instance(copy), the_world->instance));
    wasm_frame_delete(copy);
    wasm_frame_vec_delete(&trace);
}

// How a call ends, and where, if there is a place.
static void check_trap(size_t export, const char *message, size_t count, u32 innermost)
{
    wasm_trap_t *trap = call(func(the_world, export), 0, NULL, 0, NULL);
    if (trap && count) check_place(trap, count, innermost);
    CHECK_STR(words(trap), message);
}

static void traps(void)
{
    wasm_store_t *store = wasm_store_new(engine);
    wasm_functype_t *type = wasm_functype_new_1_0(wasm_valtype_new_i32());
    wasm_func_t *f = wasm_func_new_with_env(store, type, throws, store, NULL);
    wasm_extern_t *items[] = {wasm_func_as_extern(f)};
    World w = world_with(store, thrower, 1, items);
    the_world = &w;
    how = THROW;
    wasm_trap_t *trap = call(func(&w, 0), 0, NULL, 0, NULL);
    CHECK(trap == the_trap && wasm_trap_get_host_info(trap) == info(5));
    CHECK(wasm_ref_as_trap(wasm_trap_as_ref(trap)) == trap);
    check_place(trap, 1, 1);
    CHECK_STR(words(trap), "no such luck");
    CHECK(seen() == 1);
    wasm_val_t arg = i32(0);
    CHECK_STR(words(call(f, 1, &arg, 0, NULL)), "no such luck"); // without a guest
    CHECK(seen() == 1);
    check_trap(1, "unreachable", 1, 2);
    check_trap(2, "unreachable", 2, 2);
    how = PASS_ON; // the very one, with the whole way
    trap = call(func(&w, 0), 0, NULL, 0, NULL);
    CHECK(trap == the_trap);
    check_place(trap, 2, 2);
    CHECK_STR(words(trap), "unreachable");
    check_trap(3, "", 0, 0); // an exception that is passed on is one
    check_trap(5, "uncaught exception", 3, 5);
    how = REPLACE;
    check_trap(0, "no such luck", 1, 1);
    check_trap(3, "no such luck", 1, 4);
    CHECK(seen() == 2);
    how = SWALLOW;
    check_trap(0, "", 0, 0);
    check_trap(1, "unreachable", 1, 2); // and not what was swallowed
    wasm_functype_delete(type);
    wasm_func_delete(f);
    world_end(&w);
}

static wasm_trap_t *start_one(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    wasm_trap_t *trap;
    wasm_module_t *m = module_of(env, "(module (func nop unreachable) (start 0))");
    CHECK(!wasm_instance_new(env, m, NULL, &trap));
    wasm_module_delete(m);
    return the_trap = trap;
}

// A trap of a start function, passed on; of an import that is missing, which has no place.
static void start_within(void)
{
    wasm_store_t *store = wasm_store_new(engine);
    wasm_functype_t *type = wasm_functype_new_0_0();
    wasm_func_t *f = wasm_func_new_with_env(store, type, start_one, store, NULL);
    wasm_extern_t *items[] = {wasm_func_as_extern(f)};
    World w = world_with(store, "(module (import \"\" \"\" (func)) (func (export \"f\") (call 0)))",
                         1, items);
    wasm_trap_t *trap = call(func(&w, 0), 0, NULL, 0, NULL);
    wasm_frame_vec_t trace;
    CHECK(trap == the_trap);
    wasm_trap_trace(trap, &trace);
    CHECK(trace.size == 2 && wasm_frame_func_index(trace.data[0]) == 0);
    CHECK(!wasm_instance_same(wasm_frame_instance(trace.data[0]), w.instance));
    CHECK(wasm_instance_same(wasm_frame_instance(trace.data[1]), w.instance));
    wasm_frame_vec_delete(&trace);
    CHECK_STR(words(trap), "unreachable");
    CHECK_STR(words(call(func(&w, 0), 0, NULL, 0, NULL)), "unreachable");
    wasm_functype_delete(type);
    wasm_func_delete(f);
    world_end(&w);
}

static wasm_trap_t *give_trap(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    return wasm_trap_copy(env);
}

// Of another store, kept and thrown twice, after its store; many frames.
static void odd_traps(void)
{
    wasm_store_t *store = wasm_store_new(engine), *other = wasm_store_new(engine);
    wasm_message_t message = text_of("mine\nyours");
    wasm_trap_t *mine = wasm_trap_new(store, &message), *theirs = wasm_trap_new(other, &message);
    wasm_functype_t *type = wasm_functype_new_0_0();
    wasm_func_t *f = wasm_func_new_with_env(store, type, give_trap, mine, NULL);
    wasm_func_t *g = wasm_func_new_with_env(store, type, give_trap, theirs, NULL);
    for (int i = 0; i < 2; i++) {
        wasm_trap_t *trap = call(f, 0, NULL, 0, NULL);
        CHECK(trap == mine && !wasm_trap_origin(trap));
        CHECK_STR(words(trap), "mine\nyours");
        trap = call(g, 0, NULL, 0, NULL);
        CHECK(trap != theirs);
        CHECK_STR(words(trap), "host function failed: mine?yours");
    }
    World w = world_with(store, "(module (func $f (export \"f\") (call $f)))", 0, NULL);
    wasm_trap_t *deep = call(func(&w, 0), 0, NULL, 0, NULL);
    wasm_frame_vec_t trace;
    wasm_trap_trace(deep, &trace);
    CHECK_EQ_U64(trace.size, FRAMES_MOST);
    wasm_func_delete(f);
    wasm_func_delete(g);
    wasm_functype_delete(type);
    world_end(&w); // the trap is still there, and its frames
    wasm_store_delete(other);
    CHECK(wasm_frame_func_index(trace.data[99]) == 0 && wasm_frame_instance(trace.data[99]));
    wasm_frame_vec_delete(&trace);
    CHECK(strstr(words(deep), "call stack exhausted"));
    CHECK_STR(words(mine), "mine\nyours");
    wasm_trap_delete(theirs);
}

// ---- References

static void host_info(void)
{
    World w = world(adder);
    wasm_func_t *f = func(&w, 0), *copy = wasm_func_copy(f);
    CHECK(wasm_func_same(f, copy) && !wasm_func_get_host_info(f));
    wasm_func_set_host_info(copy, info(1));
    CHECK(wasm_func_get_host_info(f) == info(1));
    wasm_func_set_host_info_with_finalizer(f, info(2), finalize);
    CHECK(seen() == 0);
    wasm_extern_set_host_info_with_finalizer(wasm_func_as_extern(f), info(3), finalize);
    CHECK(seen() == 1 && last_info == info(2));
    wasm_ref_set_host_info_with_finalizer(wasm_func_as_ref(f), info(4), finalize);
    CHECK(seen() == 1 && last_info == info(3));
    wasm_func_delete(copy);
    wasm_extern_vec_delete(&w.exports);
    CHECK(seen() == 0); // the function is there
    wasm_instance_exports(w.instance, &w.exports);
    CHECK(wasm_func_get_host_info(func(&w, 0)) == info(4));
    wasm_instance_set_host_info_with_finalizer(w.instance, info(6), finalize);
    wasm_instance_delete(wasm_instance_copy(w.instance));
    CHECK(!wasm_instance_same(w.instance, NULL) && !wasm_ref_same(wasm_func_as_ref(func(&w, 0)),
                                                      wasm_instance_as_ref(w.instance)));
    wasm_store_delete(w.store);
    CHECK(seen() == 2 && last_info == info(6)); // it is older, so the last
    wasm_extern_vec_delete(&w.exports);
    wasm_instance_delete(w.instance);
    CHECK(seen() == 0);
}

static const char keeper[] =
    "(module (global (export \"g\") (mut externref) (ref.null extern))"
    " (table (export \"t\") 2 4 externref)"
    " (func (export \"get\") (param externref) (result externref) (local.get 0)))";

static void foreign_objects(void)
{
    World w = world(keeper);
    wasm_global_t *g = wasm_extern_as_global(w.exports.data[0]);
    wasm_table_t *t = wasm_extern_as_table(w.exports.data[1]);
    wasm_foreign_t *a = wasm_foreign_new(w.store), *b = wasm_foreign_new(w.store);
    wasm_foreign_set_host_info_with_finalizer(a, info(1), finalize);
    wasm_foreign_set_host_info_with_finalizer(b, info(2), finalize);
    CHECK(!wasm_foreign_same(a, b));
    wasm_val_t v = ref(wasm_foreign_as_ref(a)), out;
    wasm_global_set(g, &v);
    CHECK(wasm_table_set(t, 1, wasm_foreign_as_ref(a)));
    wasm_foreign_delete(b);
    CHECK(seen() == 1 && last_info == info(2)); // no guest had it
    wasm_foreign_delete(a);
    CHECK(seen() == 0);
    wasm_ref_t *got = wasm_table_get(t, 1); // it is the same again
    CHECK(got && wasm_ref_as_foreign(got) && wasm_ref_get_host_info(got) == info(1));
    wasm_global_get(g, &out);
    CHECK(out.kind == WASM_EXTERNREF && wasm_ref_same(out.of.ref, got));
    wasm_val_delete(&out);
    v = ref(NULL);
    wasm_global_set(g, &v);
    wasm_table_set(t, 1, NULL);
    weft_store_collect(w.store->weft, NULL);
    CHECK(seen() == 0 && wasm_ref_get_host_info(got) == info(1)); // the host has it
    v = ref(got);
    CHECK_STR(words(call(func(&w, 2), 1, &v, 1, &out)), "");
    wasm_val_delete(&out);
    wasm_ref_delete(got);
    CHECK(seen() == 0); // a guest had it, so that is found out
    weft_store_collect(w.store->weft, NULL);
    CHECK(seen() == 1 && last_info == info(1));
    wasm_foreign_t *last = wasm_foreign_new(w.store);
    wasm_foreign_set_host_info_with_finalizer(last, info(3), finalize);
    wasm_table_set(t, 0, wasm_foreign_as_ref(last));
    wasm_foreign_delete(last);
    world_end(&w);
    CHECK(seen() == 1);
}

// Whatever a reference is to, a guest can have it.
static void any_as_externref(void)
{
    World w = world(keeper);
    wasm_message_t message = text_of("kept");
    wasm_trap_t *trap = wasm_trap_new(w.store, &message);
    wasm_module_t *m = module_of(w.store, adder);
    wasm_ref_t *all[] = {wasm_trap_as_ref(trap), wasm_module_as_ref(m),
                         wasm_instance_as_ref(w.instance), wasm_extern_as_ref(w.exports.data[0]),
                         wasm_extern_as_ref(w.exports.data[1])};
    wasm_table_t *t = wasm_extern_as_table(w.exports.data[1]);
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        wasm_val_t v = ref(all[i]), out;
        CHECK_STR(words(call(func(&w, 2), 1, &v, 1, &out)), "");
        CHECK(out.of.ref == all[i]);
        wasm_val_delete(&out);
    }
    wasm_table_set(t, 0, wasm_trap_as_ref(trap));
    wasm_table_set(t, 1, wasm_module_as_ref(m));
    wasm_trap_delete(trap);
    wasm_module_delete(m);
    wasm_ref_t *got = wasm_table_get(t, 0), *module = wasm_table_get(t, 1);
    CHECK_STR(words(wasm_ref_as_trap(got)), "kept");
    CHECK(wasm_ref_as_module(module) && !wasm_ref_as_instance(module));
    wasm_ref_delete(module);
    world_end(&w);
}

static wasm_ref_t *stolen; // by a host function, beyond its call
static wasm_trap_t *steal(const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    if (stolen) wasm_ref_delete(stolen);
    stolen = wasm_ref_copy(args->data[0].of.ref);
    wasm_val_copy(&results->data[0], &args->data[0]);
    return NULL;
}

static wasm_trap_t *give_away(const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    results->data[0] = given; // which nobody else has
    return NULL;
}

// Objects of the guest's: structures, i31, and what it makes externrefs of.
static void other_references(void)
{
    wasm_store_t *store = wasm_store_new(engine);
    wasm_functype_t *type = wasm_functype_new_1_1(wasm_valtype_new_externref(),
                                                  wasm_valtype_new_externref());
    wasm_func_t *f = wasm_func_new(store, type, steal);
    wasm_extern_t *items[] = {wasm_func_as_extern(f)};
    World w = world_with(store,
        "(module (import \"\" \"\" (func $host (param externref) (result externref)))"
        " (type $s (struct (field (mut i32)))) (global $g (mut anyref) (ref.null any))"
        " (func (export \"new\") (param i32) (result anyref)"
        "  (global.set $g (struct.new $s (local.get 0))) (global.get $g))"
        " (func (export \"get\") (param anyref) (result i32)"
        "  (struct.get $s 0 (ref.cast (ref $s) (local.get 0))))"
        " (func (export \"through\") (result anyref)"
        "  (any.convert_extern (call $host (extern.convert_any (global.get $g)))))"
        " (global (export \"g\") anyref (ref.i31 (i32.const 7)))"
        " (table (export \"t\") 1 anyref))", 1, items);
    wasm_val_t seven = i32(7), a, b, out;
    CHECK_STR(words(call(func(&w, 0), 1, &seven, 1, &a)), "");
    CHECK_STR(words(call(func(&w, 2), 0, NULL, 1, &b)), "");
    CHECK(a.kind == WASM_OTHERREF && a.of.ref && b.of.ref && a.of.ref != b.of.ref);
    CHECK(wasm_ref_same(a.of.ref, b.of.ref) && wasm_ref_same(b.of.ref, stolen));
    CHECK(!wasm_ref_as_foreign(a.of.ref) && !wasm_ref_as_extern(a.of.ref));
    weft_store_collect(store->weft, NULL);
    CHECK_STR(words(call(func(&w, 1), 1, &b, 1, &out)), "");
    CHECK(out.of.i32 == 7);
    wasm_val_t s = ref(stolen);
    wasm_ref_t *kept = stolen;
    stolen = NULL;
    CHECK_STR(words(call(f, 1, &s, 1, &out)), ""); // in and out once more, by the host alone
    CHECK(out.of.ref && wasm_ref_same(out.of.ref, stolen) && wasm_ref_same(kept, stolen));
    wasm_ref_delete(kept);
    wasm_val_delete(&out);
    s = ref(stolen);
    CHECK_STR(words(call(func(&w, 1), 1, &s, 1, &out)),
              "value of another type: value 0 is (ref extern), where (ref null any) is wanted");
    wasm_val_t bad = ref(wasm_func_as_ref(f));
    CHECK_STR(words(call(func(&w, 1), 1, &bad, 1, &out)),
              "value 0 is a reference that is none of the guest's");
    wasm_global_get(wasm_extern_as_global(w.exports.data[3]), &out);
    CHECK(out.kind == WASM_OTHERREF && out.of.ref);
    wasm_table_t *t = wasm_extern_as_table(w.exports.data[4]);
    CHECK(wasm_table_set(t, 0, out.of.ref) && !wasm_table_set(t, 0, wasm_func_as_ref(f)));
    wasm_ref_t *got = wasm_table_get(t, 0);
    CHECK(wasm_ref_same(got, out.of.ref));
    wasm_ref_delete(got);
    wasm_val_delete(&out);
    wasm_val_delete(&a);
    CHECK_STR(words(call(func(&w, 1), 1, &a, 1, &out)), "cast failure"); // null now
    wasm_functype_t *gives = wasm_functype_new_0_1(wasm_valtype_new_externref());
    wasm_func_t *away = wasm_func_new(store, gives, give_away);
    given = ref(stolen);
    stolen = NULL;
    CHECK_STR(words(call(away, 0, NULL, 1, &out)), "");
    CHECK(out.of.ref && wasm_ref_same(out.of.ref, b.of.ref));
    wasm_functype_delete(gives);
    wasm_func_delete(away);
    wasm_func_delete(f);
    wasm_functype_delete(type);
    world_end(&w);
    CHECK(!wasm_ref_same(b.of.ref, out.of.ref));
    wasm_val_delete(&b);
    wasm_val_delete(&out);
}

// ---- Globals, tables, memories

static wasm_global_t *global_of(wasm_store_t *store, wasm_valkind_t kind, bool var, wasm_val_t v)
{
    wasm_globaltype_t *type = wasm_globaltype_new(wasm_valtype_new(kind), var);
    wasm_global_t *g = wasm_global_new(store, type, &v);
    wasm_globaltype_delete(type);
    return g;
}

static void globals(void)
{
    wasm_store_t *store = wasm_store_new(engine);
    wasm_val_t v, half = WASM_F64_VAL(2.5), one = i32(1);
    wasm_global_t *var = global_of(store, WASM_F64, true, half);
    wasm_global_t *fixed = global_of(store, WASM_I32, false, one);
    CHECK(!global_of(store, WASM_I64, true, one) && !global_of(store, WASM_OTHERREF, true, one));
    CHECK(!global_of(store, WASM_FUNCREF, true, ref(wasm_global_as_ref(var))));
    wasm_global_get(var, &v);
    CHECK(v.kind == WASM_F64 && v.of.f64 == 2.5);
    v.of.f64 = -1;
    wasm_global_set(var, &v);
    wasm_global_set(var, &one); // of another type
    wasm_global_get(var, &v);
    CHECK(v.of.f64 == -1);
    v = i32(5);
    wasm_global_set(fixed, &v);
    wasm_global_get(fixed, &v);
    CHECK(v.of.i32 == 1);
    wasm_globaltype_t *type = wasm_global_type(fixed);
    CHECK(wasm_globaltype_mutability(type) == WASM_CONST);
    wasm_globaltype_delete(type);
    CHECK(wasm_extern_as_global(wasm_global_as_extern(var)) == var);
    CHECK(!wasm_extern_as_table_const(wasm_global_as_extern_const(var)));
    CHECK(wasm_ref_as_extern(wasm_global_as_ref(var)) == wasm_global_as_extern(var));
    wasm_global_t *null = global_of(store, WASM_FUNCREF, true, ref(NULL));
    wasm_global_get(null, &v);
    CHECK(v.kind == WASM_FUNCREF && !v.of.ref);
    wasm_global_delete(null);
    wasm_global_delete(var);
    wasm_global_delete(fixed);
    World w = world_with(store, "(module (global (export \"v\") v128 (v128.const i64x2 1 2)))", 0,
                         NULL);
    wasm_global_get(wasm_extern_as_global(w.exports.data[0]), &v);
    CHECK(v.kind == WASM_V128 && !v.of.i64);
    world_end(&w);
}

static wasm_table_t *table_of(wasm_store_t *store, wasm_valkind_t kind, u32 min, u32 max,
                              wasm_ref_t *init)
{
    wasm_limits_t limits = {min, max};
    wasm_tabletype_t *type = wasm_tabletype_new(wasm_valtype_new(kind), &limits);
    wasm_table_t *t = wasm_table_new(store, type, init);
    wasm_tabletype_delete(type);
    return t;
}

static void tables(void)
{
    wasm_store_t *store = wasm_store_new(engine), *other = wasm_store_new(engine);
    World w = world_with(store, adder, 0, NULL);
    wasm_foreign_t *stranger = wasm_foreign_new(other);
    wasm_ref_t *f = wasm_func_as_ref(func(&w, 0)), *s = wasm_foreign_as_ref(stranger);
    wasm_table_t *t = table_of(store, WASM_FUNCREF, 2, 4, f);
    CHECK(!table_of(store, WASM_I32, 1, 2, NULL) && !table_of(store, WASM_OTHERREF, 1, 2, NULL));
    CHECK(!table_of(store, WASM_FUNCREF, 3, 2, NULL) && !table_of(store, WASM_EXTERNREF, 1, 2, s));
    CHECK(!table_of(store, WASM_FUNCREF, 1, 2, wasm_table_as_ref(t)));
    wasm_table_t *open = table_of(store, WASM_EXTERNREF, 0, wasm_limits_max_default, NULL);
    CHECK(wasm_table_grow(open, 7, f) && wasm_table_size(open) == 7);
    wasm_table_delete(open);
    wasm_ref_t *got = wasm_table_get(t, 1);
    CHECK(wasm_ref_same(got, f));
    wasm_ref_delete(got);
    CHECK(wasm_table_set(t, 0, NULL) && !wasm_table_get(t, 0) && !wasm_table_get(t, 2));
    CHECK(!wasm_table_set(t, 2, NULL) && !wasm_table_set(t, 1, s));
    CHECK(wasm_table_grow(t, 1, f) && wasm_table_size(t) == 3);
    CHECK(!wasm_table_grow(t, 2, NULL) && !wasm_table_grow(t, 1, s) && wasm_table_grow(t, 0, NULL));
    wasm_tabletype_t *type = wasm_table_type(t);
    CHECK(wasm_tabletype_limits(type)->min == 3 && wasm_tabletype_limits(type)->max == 4);
    wasm_tabletype_delete(type);
    wasm_table_t *copy = wasm_table_copy(t);
    CHECK(wasm_table_same(t, copy));
    wasm_table_delete(copy);
    wasm_table_delete(t);
    wasm_foreign_delete(stranger);
    world_end(&w);
    wasm_store_delete(other);
}

static void memories(void)
{
    wasm_store_t *store = wasm_store_new(engine);
    wasm_limits_t limits = {1, 3}, bad = {3, 1}, huge = {0, 70000};
    wasm_memorytype_t *type = wasm_memorytype_new(&limits);
    wasm_memorytype_t *none = wasm_memorytype_new(&bad), *most = wasm_memorytype_new(&huge);
    CHECK(!wasm_memory_new(store, none) && !wasm_memory_new(store, most));
    wasm_memory_t *m = wasm_memory_new(store, type);
    wasm_extern_t *items[] = {wasm_memory_as_extern(m)};
    World w = world_with(store,
        "(module (import \"\" \"\" (memory 1 3)) (func (export \"f\") (result i32)"
        " (i32.load (i32.const 65536))))", 1, items);
    CHECK(wasm_memory_size(m) == 1 && wasm_memory_data_size(m) == MEMORY_PAGE_SIZE);
    CHECK(wasm_memory_grow(m, 1) && !wasm_memory_grow(m, 2));
    memcpy(wasm_memory_data(m) + 65536, "\x2a\0\0", 4);
    wasm_val_t out;
    CHECK_STR(words(call(func(&w, 0), 0, NULL, 1, &out)), "");
    CHECK(out.of.i32 == 42);
    wasm_memorytype_t *now = wasm_memory_type(m);
    CHECK(wasm_memorytype_limits(now)->min == 2 && wasm_memorytype_limits(now)->max == 3);
    wasm_memorytype_delete(now);
    wasm_memorytype_delete(type);
    wasm_memorytype_delete(none);
    wasm_memorytype_delete(most);
    wasm_memory_delete(m);
    world_end(&w);
}

// ---- Instances

static const char *why(wasm_store_t *store, const char *text, size_t count, wasm_extern_t **items)
{
    wasm_module_t *m = module_of(store, text);
    wasm_extern_vec_t imports = {count, items};
    wasm_trap_t *trap = NULL;
    CHECK(!wasm_instance_new(store, m, &imports, NULL));
    CHECK(!wasm_instance_new(store, m, &imports, &trap) && trap);
    wasm_module_delete(m);
    return words(trap);
}

static void instances(void)
{
    static const char two[] = "(module (import \"a\" \"a\" (memory 1)) (import \"a\" \"a\" (func))"
                              " (export \"m\" (memory 0)))";
    wasm_store_t *store = wasm_store_new(engine), *other = wasm_store_new(engine);
    World w = world_with(store, "(module (func (export \"f\")) (tag (export \"t\")))", 0, NULL);
    wasm_extern_t *m = memory_of(store), *stranger = memory_of(other);
    wasm_extern_t *items[] = {m, w.exports.data[0]};
    World w2 = world_with(store, two, 2, items); // by place: both have one name
    CHECK(w2.exports.size == 1 && wasm_extern_same(w2.exports.data[0], m));
    CHECK_STR(why(store, two, 1, items), "wrong number of imports: the module has 2, not 1");
    items[1] = NULL;
    CHECK_STR(why(store, two, 2, items), "unknown import: none is given for number 1");
    items[1] = m;
    CHECK(strstr(why(store, two, 2, items), "incompatible import type"));
    items[1] = w.exports.data[0];
    items[0] = stranger;
    CHECK_STR(why(store, two, 2, items), "item of another store: given for import 0");
    CHECK_STR(why(store, "(module (func unreachable) (start 0))", 0, NULL), "unreachable");
    CHECK_EQ_U64(wasm_extern_kind(w.exports.data[1]), WASM_EXTERN_TAG);
    CHECK(!wasm_extern_as_func(w.exports.data[1]) && !wasm_extern_as_memory(w.exports.data[1]));
    wasm_externtype_t *type = wasm_extern_type(w.exports.data[1]);
    CHECK(wasm_externtype_as_tagtype(type));
    wasm_externtype_delete(type);
    World w3 = world_with(store, "(module (import \"\" \"\" (tag)))", 1, &w.exports.data[1]);
    wasm_extern_vec_delete(&w3.exports);
    wasm_instance_delete(w3.instance);
    // functions of an instance that was deleted can be called
    wasm_func_t *f = wasm_func_copy(func(&w, 0));
    wasm_extern_vec_delete(&w.exports);
    wasm_instance_delete(w.instance);
    CHECK_STR(words(call(f, 0, NULL, 0, NULL)), "");
    wasm_func_delete(f);
    wasm_extern_delete(m);
    wasm_extern_delete(stranger);
    wasm_store_delete(other);
    world_end(&w2);
}

// ---- Order

// The store first, then all that is left of it, which answers without it.
static void store_first(void)
{
    World w = world(keeper);
    wasm_module_t *m = module_of(w.store, adder);
    wasm_store_t *store = w.store;
    wasm_global_t *g = wasm_extern_as_global(w.exports.data[0]);
    wasm_table_t *t = wasm_extern_as_table(w.exports.data[1]);
    wasm_extern_t *memory = memory_of(store);
    wasm_foreign_t *foreign = wasm_foreign_new(store);
    wasm_foreign_set_host_info_with_finalizer(foreign, info(1), finalize);
    wasm_val_t v = ref(wasm_foreign_as_ref(foreign)), out = i32(1);
    wasm_global_set(g, &v);
    wasm_shared_module_t *shared = wasm_module_share(m);
    wasm_engine_delete(wasm_engine_new_with_config(wasm_config_new()));
    wasm_store_delete(store);
    CHECK(seen() == 1 && !wasm_foreign_get_host_info(foreign));
    CHECK_STR(words(call(func(&w, 2), 1, &v, 1, &out)), "the store of this function was deleted");
    CHECK(!wasm_func_type(func(&w, 2)) && !wasm_func_param_arity(func(&w, 2)));
    wasm_global_set(g, &v);
    wasm_global_get(g, &out);
    CHECK(!out.of.ref && !wasm_global_type(g) && !wasm_table_get(t, 0));
    CHECK(!wasm_table_set(t, 0, NULL) && !wasm_table_grow(t, 1, NULL) && !wasm_table_size(t));
    wasm_memory_t *mem = wasm_extern_as_memory(memory);
    CHECK(!wasm_memory_data(mem) && !wasm_memory_size(mem) && !wasm_memory_grow(mem, 1));
    CHECK(!wasm_memory_data_size(mem) && !wasm_extern_type(memory));
    wasm_extern_vec_t exports;
    wasm_instance_exports(w.instance, &exports);
    CHECK(!exports.size);
    wasm_exporttype_vec_t types;
    wasm_module_exports(m, &types); // it is its own
    CHECK_EQ_U64(types.size, 1);
    wasm_exporttype_vec_delete(&types);
    wasm_module_delete(m);
    wasm_shared_module_delete(shared);
    wasm_extern_delete(memory);
    wasm_foreign_delete(foreign);
    wasm_extern_vec_delete(&w.exports);
    wasm_instance_delete(w.instance);
    wasm_store_delete(NULL);
    wasm_engine_delete(NULL);
    wasm_config_delete(NULL);
    CHECK(seen() == 0);
}

static wasm_trap_t *delete_store(void *env, const wasm_val_vec_t *args, wasm_val_vec_t *results)
{
    World *w = env;
    wasm_store_delete(w->store);
    wasm_extern_vec_delete(&w->exports); // with the function that runs
    return NULL;
}

// In a call of its own: it goes when that returns.
static void store_within(void)
{
    World w = {.store = wasm_store_new(engine)};
    wasm_functype_t *type = wasm_functype_new_0_0();
    wasm_func_t *f = wasm_func_new_with_env(w.store, type, delete_store, &w, finalize);
    wasm_extern_t *items[] = {wasm_func_as_extern(f)};
    w = world_with(w.store, "(module (import \"\" \"\" (func)) (func (export \"f\") (result i32)"
                            " (call 0) (i32.const 3)))", 1, items);
    wasm_val_t out = i32(0);
    CHECK_STR(words(call(func(&w, 0), 0, NULL, 1, &out)), "");
    CHECK(out.of.i32 == 3 && seen() == 1);
    CHECK_STR(words(call(f, 0, NULL, 0, NULL)), "the store of this function was deleted");
    wasm_func_delete(f);
    wasm_functype_delete(type);
    wasm_instance_delete(w.instance);
}

static void delete_ref(void *reference)
{
    finalized++;
    wasm_ref_delete(reference);
}

static void delete_a_store(void *store)
{
    finalized++;
    wasm_store_delete(store);
}

// Finalizers that delete more: a chain of things, and the store that tells them.
static void finalizers_that_delete(void)
{
    wasm_store_t *store = wasm_store_new(engine);
    wasm_ref_t *last = NULL;
    for (int i = 0; i < 100; i++) {
        wasm_ref_t *next = wasm_foreign_as_ref(wasm_foreign_new(store));
        wasm_ref_set_host_info_with_finalizer(next, last, last ? delete_ref : finalize);
        last = next;
    }
    wasm_ref_t *other = wasm_foreign_as_ref(wasm_foreign_new(store));
    wasm_ref_set_host_info_with_finalizer(other, last, delete_ref);
    wasm_foreign_t *twice = wasm_foreign_new(store);
    wasm_foreign_set_host_info_with_finalizer(twice, store, delete_a_store);
    wasm_store_delete(store);
    CHECK(seen() == 102);
    wasm_foreign_delete(twice);
    wasm_ref_delete(other);
    World w = world(keeper);
    wasm_foreign_t *f = wasm_foreign_new(w.store);
    wasm_foreign_set_host_info_with_finalizer(f, w.store, delete_a_store);
    wasm_val_t v = ref(wasm_foreign_as_ref(f)), out;
    CHECK_STR(words(call(func(&w, 2), 1, &v, 0, NULL)), "");
    wasm_foreign_delete(f);
    weft_limits used = weft_limits_init();
    for (int i = 0; i < 100000 && w.store->weft && !finalized; i++) { // until it is found out
        f = wasm_foreign_new(w.store);
        v = ref(wasm_foreign_as_ref(f));
        CHECK_STR(words(call(func(&w, 2), 1, &v, 1, &out)), "");
        wasm_val_delete(&out);
        wasm_foreign_delete(f);
        if (i == 1000) weft_store_collect(w.store->weft, NULL);
        if (w.store->weft) weft_store_usage(w.store->weft, &used, NULL);
    }
    CHECK(seen() == 1);
    v = ref(NULL);
    call(func(&w, 2), 1, &v, 1, &out); // when it ends the store is gone
    CHECK_STR(words(call(func(&w, 2), 1, &v, 1, &out)), "the store of this function was deleted");
    wasm_extern_vec_delete(&w.exports);
    wasm_instance_delete(w.instance);
}

int main(void)
{
    engine = wasm_engine_new();
    vectors();
    value_types();
    made_types();
    modules();
    sharing();
    for (weft_tier tier = WEFT_TIER_AUTO; tier <= WEFT_TIER_BASELINE; tier++) {
        weft_engine_set_tier((weft_engine *)engine, tier);
        calls();
        host_functions();
        made_functions();
        bad_results();
        traps();
        start_within();
        odd_traps();
        host_info();
        foreign_objects();
        any_as_externref();
        other_references();
        globals();
        tables();
        memories();
        instances();
        store_first();
        store_within();
        finalizers_that_delete();
    }
    wasm_engine_delete(engine);
    return check_report();
}
