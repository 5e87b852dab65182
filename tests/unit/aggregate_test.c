// aggregate_test.c -- exact types, structures, arrays, i31 and exceptions in the host's hands
// (weft_object.h), with a collection before each object.
// Hazards: R61, R62.

#include "objects.h"

static const char text[] =
    "(module"
    "  (rec (type $node (sub (struct (field i8) (field (mut i16)) (field (mut i64))"
    "    (field (mut (ref null $leaf))) (field (mut v128)) (field (mut externref))"
    "    (field (mut funcref)) (field (mut f64)) (field (mut anyref)))))"
    "   (type $leaf (sub final $node (struct (field i8) (field (mut i16)) (field (mut i64))"
    "    (field (mut (ref null $leaf))) (field (mut v128)) (field (mut externref))"
    "    (field (mut funcref)) (field (mut f64)) (field (mut anyref)) (field f32)))))"
    "  (type $bytes (array (mut i8)))"
    "  (type $const (array i16))"
    "  (type $refs (array (mut (ref null $node))))"
    "  (type $strict (struct (field (ref $bytes))))"
    "  (type $hold (func (param (ref $node) i32) (result (ref null $leaf) i64)))"
    "  (type $wide (array (mut v128)))"
    "  (import \"h\" \"hold\" (func $call (type $hold)))"
    "  (import \"h\" \"same\" (func $same (param (ref exn)) (result (ref exn))))"
    "  (tag $e (export \"e\") (param i32 (ref $bytes)))"
    "  (global (export \"g\") (mut (ref null $node)) (ref.null $node))"
    "  (table (export \"t\") 2 (ref null $refs))"
    "  (func (export \"count\") (param (ref $refs)) (result i32)"
    "    (array.len (local.get 0)))"
    "  (func (export \"byte\") (param (ref $bytes) i32) (result i32)"
    "    (array.get_s $bytes (local.get 0) (local.get 1)))"
    "  (func (export \"leaf\") (param (ref $node)) (result i32)"
    "    (ref.test (ref $leaf) (local.get 0)))"
    "  (func (export \"hold\") (param (ref $node) i32) (result (ref null $leaf) i64)"
    "    (call $call (local.get 0) (local.get 1)))"
    "  (func (export \"throw\") (throw $e (i32.const 4) (array.new_fixed $bytes 2 (i32.const 5)"
    "    (i32.const 6))))"
    "  (func (export \"rethrow\") (param (ref exn)) (result i32)"
    "    (block $h (result i32 (ref $bytes))"
    "      (try_table (catch $e $h) (throw_ref (call $same (local.get 0))))"
    "      (unreachable))"
    "    (array.len) (i32.add)))";

enum { NODE, LEAF, BYTES, CONST, REFS, STRICT, HOLD, WIDE }; // by the module's numbers

typedef struct {
    weft_store *store;
    weft_instance instance;
    weft_module *module;
    weft_scope scope;
} World;

static weft_deftype type(const World *w, uint32_t index)
{
    weft_deftype def;
    CHECK(weft_instance_type(w->store, w->instance, index, &def));
    return def;
}

static weft_status (*act)(weft_caller *caller, const weft_val *args, weft_val *results);

static weft_status call_out(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    return act ? act(caller, args, results) : WEFT_OK;
}

static weft_status throw_it(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    return weft_throw_ref(caller, args[0].of.ref, &diag);
}

static World world(bool stress)
{
    World w = {.store = weft_store_new(engine, NULL, &diag)};
    w.store->s->gc_stress = stress;
    w.module = weft_module_new(engine, text, sizeof text - 1, &diag);
    if (!CHECK(w.module)) printf("%s\n", diag.message);
    weft_linker *l = weft_linker_new(engine, &diag);
    weft_import import;
    weft_deftype def = {0};
    CHECK(weft_module_import(w.module, 0, &import) && weft_item_deftype(&import.type, &def));
    CHECK_OK(weft_linker_func_of(l, "h", "hold", def, call_out, NULL, NULL, &diag));
    CHECK(weft_module_import(w.module, 1, &import) && weft_item_deftype(&import.type, &def));
    CHECK_OK(weft_linker_func_of(l, "h", "same", def, throw_it, NULL, NULL, &diag));
    if (weft_instantiate(w.store, w.module, l, &w.instance, &diag)) CHECK_STR(diag.message, "");
    weft_linker_free(l);
    CHECK_OK(weft_scope_open(w.store, &w.scope, &diag));
    return w;
}

// Whatever a test made was its scope's.
static void end(World *w)
{
    weft_living living = weft_living_init();
    CHECK_OK(weft_scope_close(w->store, w->scope, &diag));
    CHECK_OK(weft_store_living(w->store, &living, &diag));
    CHECK(living.references == 0 && living.kept == 0);
    weft_store_free(w->store);
    weft_module_free(w->module);
}

static weft_func func(const World *w, const char *name)
{
    weft_func f = {0};
    CHECK_OK(weft_instance_func(w->store, w->instance, name, &f, &diag));
    return f;
}

static const char *shown(const weft_valtype *t)
{
    static char out[400];
    size_t len = weft_valtype_text(t, out, sizeof out);
    CHECK_EQ_U64(strlen(out), len < sizeof out ? len : sizeof out - 1);
    return out;
}

// ---- Types

static void types(void)
{
    World w = world(true);
    weft_def_info info;
    weft_field field;
    weft_valtype t, null_struct = weft_reftype(WEFT_HEAP_STRUCT, true);
    weft_deftype node = type(&w, NODE), leaf = type(&w, LEAF), other;
    char out[400], few[8];
    CHECK_EQ_U64(weft_module_type_count(w.module), 16); // of the other functions and the tag too
    CHECK(weft_module_type(w.module, NODE, &other) && other.id == node.id &&
          other.types == node.types);
    CHECK(!weft_module_type(w.module, 16, &other) && !other.types);
    CHECK(!weft_instance_type(w.store, w.instance, 16, &other));
    CHECK(!weft_instance_type(w.store, (weft_instance){0}, 0, &other));
    CHECK(weft_deftype_info(node, &info) && info.kind == WEFT_DEF_STRUCT && !info.is_final);
    CHECK(info.is_defaultable && info.field_count == 9 && !info.super.types && !info.param_count);
    CHECK(weft_deftype_info(leaf, &info) && info.is_final && info.super.id == node.id);
    CHECK_EQ_U64(info.field_count, 10);
    CHECK(weft_deftype_info(type(&w, STRICT), &info) && !info.is_defaultable && info.is_final);
    CHECK(weft_deftype_info(type(&w, BYTES), &info) && info.kind == WEFT_DEF_ARRAY);
    CHECK(info.is_defaultable && info.field_count == 1);
    CHECK(weft_deftype_info(type(&w, HOLD), &info) && info.kind == WEFT_DEF_FUNC);
    CHECK(info.param_count == 2 && info.result_count == 2 && !info.field_count);
    CHECK(weft_deftype_field(node, 0, &field) && field.type.type == WEFT_I8 && !field.is_mutable);
    CHECK(weft_deftype_field(node, 3, &field) && field.is_mutable);
    CHECK(field.type.type == WEFT_REF && field.type.heap == WEFT_HEAP_DEFINED);
    CHECK(field.type.is_nullable && !field.type.is_exact && field.type.def.id == leaf.id);
    CHECK(weft_deftype_field(node, 5, &field) && field.type.type == WEFT_EXTERNREF);
    CHECK(field.type.heap == WEFT_HEAP_EXTERN);
    CHECK(!weft_deftype_field(node, 9, &field) && !field.type.type);
    CHECK(weft_deftype_field(type(&w, CONST), 0, &field) && field.type.type == WEFT_I16);
    CHECK(!weft_deftype_field(type(&w, HOLD), 0, &field) && !weft_deftype_param(node, 0, &t));
    CHECK(weft_deftype_param(type(&w, HOLD), 0, &t) && !t.is_nullable && t.def.id == node.id);
    CHECK(weft_deftype_result(type(&w, HOLD), 1, &t) && t.type == WEFT_I64 && !t.heap);
    CHECK(!weft_deftype_result(type(&w, HOLD), 2, &t) && !weft_deftype_param(type(&w, HOLD), 2,
                                                                             &t));
    // Made up, or of no engine.
    static const uint32_t ids[] = {0, 1, 15, 1000, 1u << 26, 1u << 27, UINT32_MAX};
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        other = (weft_deftype){node.types, ids[i]};
        CHECK(!weft_deftype_info(other, &info) && !info.kind);
        CHECK(!weft_deftype_text(other, out, sizeof out) && !*out);
        t = weft_reftype_of(other, true);
        CHECK(!weft_valtype_text(&t, out, sizeof out) && !*out);
    }
    CHECK(!weft_deftype_info((weft_deftype){0}, &info));

    // In words.
    t = weft_reftype_of(type(&w, STRICT), false);
    CHECK_STR(shown(&t), "(ref (struct (field (ref (array ...)))))");
    t = weft_reftype_of(type(&w, HOLD), true);
    CHECK_STR(shown(&t), "(ref null (func (param (ref (struct ...)) i32)"
                         " (result (ref null (struct ...)) i64)))");
    CHECK_STR(shown(&null_struct), "(ref null struct)");
    t = (weft_valtype){.type = WEFT_I16};
    CHECK_STR(shown(&t), "i16");
    CHECK(weft_deftype_text(leaf, out, sizeof out) && strstr(out, "(sub final (struct ...) (struct"
                                                                  " (field i8) (field (mut i16))"));
    CHECK_EQ_U64(weft_deftype_text(type(&w, BYTES), few, sizeof few), 16);
    CHECK_STR(few, "(array ");
    CHECK_EQ_U64(weft_deftype_text(type(&w, BYTES), NULL, 0), 16);

    // One below another.
    weft_valtype to_leaf = weft_reftype_of(leaf, false), to_node = weft_reftype_of(node, true);
    CHECK(weft_valtype_matches(&to_leaf, &to_node) && !weft_valtype_matches(&to_node, &to_leaf));
    CHECK(weft_valtype_matches(&to_leaf, &null_struct));
    CHECK(!weft_valtype_matches(&null_struct, &to_node));
    t = weft_reftype(WEFT_HEAP_NONE, true);
    CHECK(weft_valtype_matches(&t, &to_node) && !weft_valtype_matches(&t, &to_leaf));
    t = weft_reftype(WEFT_HEAP_NOEXTERN, true);
    CHECK(!weft_valtype_matches(&t, &to_node));
    t = weft_reftype((weft_heap)99, true);
    CHECK(!weft_valtype_matches(&t, &t) && !weft_valtype_text(&t, NULL, 0));

    // Of items.
    weft_export export;
    weft_global g;
    weft_item_type item;
    CHECK(weft_module_export(w.module, 1, &export) && weft_item_valtype(&export.type, &t));
    CHECK(t.is_nullable && t.def.id == node.id && !weft_item_deftype(&export.type, &other));
    CHECK_OK(weft_instance_global(w.store, w.instance, "g", &g, &diag));
    weft_extern e = {.kind = WEFT_GLOBAL, .of = {.global = g}};
    CHECK(weft_extern_type(w.store, e, &item) && weft_item_valtype(&item, &t));
    CHECK_EQ_U64(t.def.id, node.id);
    CHECK(weft_func_type(w.store, func(&w, "hold"), &item) && weft_item_deftype(&item, &other));
    CHECK(other.id == type(&w, HOLD).id && !weft_item_valtype(&item, &t) && !t.type);
    CHECK(weft_item_param(&item, 0) == WEFT_REF && weft_item_param(&item, 2) == WEFT_NO_TYPE);
    end(&w);
}

// A type lives on in a store that has made something of it; and is none when all is gone.
static void held_types(void)
{
    static const char other_text[] =
        "(module (rec (type (struct (field i32 i32 i32))) (type (array i8)) (type (func))))";
    static const char four[] = "(module (rec (type (func)) (type (func)) (type (func (param i32)))"
                               " (type (array f32))))";
    World w = world(true);
    // whose ids are those of the next one
    weft_module_free(weft_module_new(engine, four, sizeof four - 1, &diag));
    weft_module *m = weft_module_new(engine, other_text, sizeof other_text - 1, &diag);
    weft_deftype def;
    weft_def_info info;
    weft_ref ref, again;
    weft_val v;
    CHECK(weft_module_type(m, 0, &def));
    for (uint32_t i = 0; i < 4; i++) // ids come in powers of two, and the fourth is no type's
        CHECK(weft_deftype_info((weft_deftype){def.types, def.id + i}, &info) == (i < 3));
    CHECK_OK(weft_struct_new(w.store, def, NULL, 0, &ref, &diag));
    weft_module_free(m);
    CHECK_OK(weft_struct_new(w.store, def, NULL, 0, &again, &diag));
    CHECK_OK(weft_struct_get(w.store, ref, 2, &v, &diag));
    CHECK(weft_deftype_info(def, &info) && info.field_count == 3);
    end(&w);
    CHECK(!weft_deftype_info(def, &info));
    weft_store *empty = weft_store_new(engine, NULL, &diag);
    CHECK_WHY(weft_struct_new(empty, def, NULL, 0, &ref, &diag), "unknown_type");
    weft_store_free(empty);
    w = world(true);
    CHECK_WHY(weft_struct_new(w.store, (weft_deftype){0}, NULL, 0, &ref, &diag), "unknown_type");
    // Of another engine.
    weft_engine *foreign = weft_engine_new(NULL, &diag);
    m = weft_module_new(foreign, other_text, sizeof other_text - 1, &diag);
    CHECK(weft_module_type(m, 0, &def));
    CHECK_WHY(weft_struct_new(w.store, def, NULL, 0, &ref, &diag), "unknown_type");
    weft_module_free(m);
    weft_engine_free(foreign);
    end(&w);
}

// ---- Structures

static weft_ref new_struct(const World *w, uint32_t index)
{
    weft_ref ref = {0};
    CHECK_OK(weft_struct_new(w->store, type(w, index), NULL, 0, &ref, &diag));
    return ref;
}

static void structures(bool stress)
{
    static int pointed, fresh;
    World w = world(stress);
    weft_val v, vals[10], got;
    weft_ref ref, leaf = new_struct(&w, LEAF), bytes;
    for (uint32_t i = 0; i < 10; i++) {
        CHECK_OK(weft_struct_get(w.store, leaf, i, &vals[i], &diag));
        CHECK_EQ_U64(vals[i].of.i64, 0);
    }
    CHECK(vals[0].type == WEFT_I32 && vals[3].type == WEFT_REF && vals[5].type == WEFT_EXTERNREF);
    CHECK(vals[6].type == WEFT_FUNCREF && vals[9].type == WEFT_F32);
    vals[0] = weft_i32(-2);
    vals[1] = weft_i32(0x12345);
    vals[2] = weft_i64(INT64_MIN);
    vals[3] = weft_ref_val(leaf);
    for (int i = 0; i < 16; i++) vals[4].of.v128[i] = (uint8_t)i;
    vals[5] = weft_externref(&pointed);
    vals[6] = weft_funcref(func(&w, "leaf"));
    vals[7] = weft_f64(2.5);
    vals[8] = weft_externref(&pointed);
    CHECK_WHY(weft_struct_new(w.store, type(&w, NODE), vals, 9, &ref, &diag), "wrong_type");
    CHECK_SAYS("value 8 is (ref extern), where (ref null any) is wanted");
    CHECK_OK(weft_any_convert_extern(w.store, vals[8], &vals[8], &diag));
    CHECK(vals[8].type == WEFT_REF && vals[8].of.ref.handle);
    vals[5] = weft_externref(&fresh); // made when the structure is there already
    CHECK_OK(weft_struct_new(w.store, type(&w, NODE), vals, 9, &ref, &diag));
    static const int32_t first[] = {0xfe, 0x2345};
    for (uint32_t i = 0; i < 9; i++) {
        CHECK_OK(weft_struct_get(w.store, ref, i, &got, &diag));
        if (i < 2) CHECK_EQ_U64(got.of.i32, first[i]);
        else if (i != 3 && i != 8) CHECK(!memcmp(&got.of, &vals[i].of, i == 4 ? 16 : 8));
    }
    bool same;
    CHECK_OK(weft_struct_get(w.store, ref, 3, &got, &diag));
    CHECK_OK(weft_ref_eq(w.store, got.of.ref, leaf, &same, &diag));
    CHECK(same && got.of.ref.handle != leaf.handle);
    uint64_t one, two;
    CHECK_OK(weft_ref_number(w.store, got.of.ref, &one, &diag));
    CHECK_OK(weft_ref_number(w.store, leaf, &two, &diag));
    CHECK_EQ_U64(one, two);
    CHECK_OK(weft_ref_number(w.store, ref, &two, &diag));
    CHECK(one != two);
    CHECK_WHY(weft_ref_number(w.store, (weft_ref){0}, &one, &diag), "null_reference");
    CHECK_WHY(weft_ref_number(w.store, (weft_ref){leaf.store + 1, leaf.handle}, &one, &diag),
              "wrong_store");
    CHECK_OK(weft_struct_get(w.store, ref, 8, &got, &diag));
    CHECK_OK(weft_extern_convert_any(w.store, got, &got, &diag));
    CHECK(got.type == WEFT_EXTERNREF && got.of.ext == &pointed);
    // Set, and what is not.
    CHECK_OK(weft_struct_set(w.store, ref, 1, weft_i32(7), &diag));
    CHECK_OK(weft_struct_set(w.store, ref, 3, weft_ref_val((weft_ref){0}), &diag));
    CHECK_OK(weft_struct_set(w.store, ref, 5, weft_externref(&same), &diag));
    CHECK_OK(weft_struct_get(w.store, ref, 5, &got, &diag));
    CHECK(got.of.ext == &same);
    CHECK_WHY(weft_struct_set(w.store, ref, 0, weft_i32(7), &diag), "is_immutable");
    CHECK_WHY(weft_struct_set(w.store, ref, 9, weft_i32(7), &diag), "out_of_bounds");
    CHECK_SAYS("field 9 of 9");
    CHECK_WHY(weft_struct_get(w.store, ref, UINT32_MAX, &got, &diag), "out_of_bounds");
    CHECK_WHY(weft_struct_set(w.store, ref, 3, weft_ref_val(ref), &diag), "wrong_type");
    CHECK_SAYS("it is (ref (sub (struct (field i8)");
    CHECK_WHY(weft_struct_set(w.store, ref, 7, weft_i32(1), &diag), "wrong_type");
    CHECK_WHY(weft_struct_new(w.store, type(&w, NODE), vals, 8, &ref, &diag), "wrong_count");
    CHECK_WHY(weft_struct_new(w.store, type(&w, BYTES), NULL, 0, &ref, &diag), "unknown_type");
    CHECK_SAYS("it is an array's, where a structure's is wanted");
    CHECK_WHY(weft_struct_new(w.store, type(&w, STRICT), NULL, 0, &ref, &diag), "wrong_type");
    CHECK_SAYS("field 0 has no default");
    v = weft_ref_val((weft_ref){0});
    CHECK_WHY(weft_struct_new(w.store, type(&w, STRICT), &v, 1, &ref, &diag), "wrong_type");
    CHECK_WHY(weft_struct_get(w.store, (weft_ref){0}, 0, &got, &diag), "null_reference");
    CHECK_OK(weft_array_new(w.store, type(&w, BYTES), 3, NULL, &bytes, &diag));
    CHECK_WHY(weft_struct_get(w.store, bytes, 0, &got, &diag), "wrong_type");
    CHECK_SAYS("it is (ref (array (mut i8))), where (ref struct) is wanted");
    v = weft_ref_val(bytes);
    CHECK_OK(weft_struct_new(w.store, type(&w, STRICT), &v, 1, &ref, &diag));
    end(&w);
}

// With descriptors: an external value is made when the structure is there, under stress after a
// collection, which finds a descriptor in it.
static void descriptors(bool stress)
{
    static const char described[] =
        "(module (rec"
        "  (type $thing (descriptor $class) (struct (field i32) (field (mut externref))))"
        "  (type $class (describes $thing) (struct (field i32))))"
        "  (func (export \"id\") (param (ref $thing)) (result i32)"
        "    (struct.get $class 0 (ref.get_desc $thing (local.get 0)))))";
    enum { THING, CLASS };
    static int pointed, fresh;
    weft_engine *own = weft_engine_new("+custom-descriptors", &diag);
    weft_store *store = weft_store_new(own, NULL, &diag);
    store->s->gc_stress = stress;
    weft_module *module = weft_module_new(own, described, sizeof described - 1, &diag);
    weft_instance instance;
    weft_func id;
    weft_deftype thing, class, found;
    weft_ref ref, class_ref, back;
    weft_val vals[3], got;
    bool same;
    if (!CHECK(module)) printf("%s\n", diag.message);
    CHECK_OK(weft_instantiate(store, module, NULL, &instance, &diag));
    CHECK_OK(weft_instance_func(store, instance, "id", &id, &diag));
    CHECK(weft_module_type(module, THING, &thing) && weft_module_type(module, CLASS, &class));
    CHECK(weft_deftype_descriptor(thing, &found) && found.id == class.id);
    CHECK(!weft_deftype_descriptor(class, &found) && !found.types);
    vals[0] = weft_i32(21);
    CHECK_OK(weft_struct_new(store, class, vals, 1, &class_ref, &diag));
    vals[1] = weft_externref(&pointed);
    vals[2] = weft_ref_val(class_ref);
    CHECK_WHY(weft_struct_new(store, thing, vals, 2, &ref, &diag), "wrong_count");
    CHECK_SAYS("the structure has 2 fields and a descriptor, not 2");
    CHECK_WHY(weft_struct_new(store, thing, NULL, 0, &ref, &diag), "wrong_type");
    CHECK_SAYS("a descriptor has no default");
    CHECK_OK(weft_struct_new(store, thing, vals, 3, &ref, &diag));
    vals[2] = weft_ref_val((weft_ref){0});
    CHECK_WHY(weft_struct_new(store, thing, vals, 3, &back, &diag), "wrong_type");
    vals[2] = weft_ref_val(ref);
    CHECK_WHY(weft_struct_new(store, thing, vals, 3, &back, &diag), "wrong_type");
    vals[2] = weft_externref(&fresh);
    CHECK_WHY(weft_struct_new(store, thing, vals, 3, &back, &diag), "wrong_type");
    CHECK_OK(weft_ref_release(store, class_ref, &diag));
    CHECK_OK(weft_store_collect(store, &diag));
    vals[0] = weft_ref_val(ref);
    CHECK_OK(weft_call(store, id, vals, 1, &got, 1, &diag));
    CHECK_EQ_U64(got.of.i32, 21);
    CHECK_OK(weft_struct_get(store, ref, 1, &got, &diag));
    CHECK(got.of.ext == &pointed);
    CHECK_WHY(weft_struct_get(store, ref, 2, &got, &diag), "out_of_bounds");
    CHECK_WHY(weft_struct_set(store, ref, 2, vals[2], &diag), "out_of_bounds");
    CHECK_OK(weft_struct_descriptor(store, ref, &class_ref, &diag));
    CHECK_OK(weft_struct_descriptor(store, ref, &back, &diag));
    CHECK_OK(weft_ref_eq(store, class_ref, back, &same, &diag));
    CHECK(same);
    CHECK_WHY(weft_struct_descriptor(store, class_ref, &back, &diag), "wrong_type");
    CHECK_SAYS("it has no descriptor");
    CHECK_WHY(weft_struct_descriptor(store, (weft_ref){0}, &back, &diag), "null_reference");
    weft_module_free(module);
    weft_store_free(store);
    weft_engine_free(own);
}

// ---- Arrays

static void arrays(bool stress)
{
    World w = world(stress);
    weft_ref bytes, fixed, refs, wide;
    weft_val vals[4], got[4], args[2];
    uint32_t length;
    size_t len;
    const int16_t shorts[] = {1, -2, 3};
    int16_t back[3];
    enum { SOME = 27 };
    char chars[SOME + 1] = "some bytes, more than a few";
    vals[0] = weft_i32(0x1ff);
    CHECK_OK(weft_array_new(w.store, type(&w, BYTES), 40, &vals[0], &bytes, &diag));
    CHECK_OK(weft_array_length(w.store, bytes, &length, &diag));
    CHECK_EQ_U64(length, 40);
    CHECK_OK(weft_array_write(w.store, bytes, 13, SOME, chars, &diag));
    args[0] = weft_ref_val(bytes);
    args[1] = weft_i32(12);
    CHECK_OK(weft_call(w.store, func(&w, "byte"), args, 2, got, 1, &diag));
    CHECK_EQ_U64(got[0].of.i32, -1);
    args[1] = weft_i32(13);
    CHECK_OK(weft_call(w.store, func(&w, "byte"), args, 2, got, 1, &diag));
    CHECK_EQ_U64(got[0].of.i32, 's');
    CHECK_WHY(weft_array_write(w.store, bytes, 14, SOME, chars, &diag), "out_of_bounds");
    CHECK_SAYS("27 elements from 14 on of 40");
    CHECK_WHY(weft_array_read(w.store, bytes, UINT32_MAX, 2, chars, &diag), "out_of_bounds");
    CHECK_WHY(weft_array_read(w.store, bytes, 1, UINT32_MAX, chars, &diag), "out_of_bounds");
    CHECK_OK(weft_array_read(w.store, bytes, 40, 0, NULL, &diag));
    // Where they are they stay.
    uint8_t *at = weft_array_bytes(w.store, bytes, &len, &diag);
    CHECK(at && len == 40 && !memcmp(at + 13, chars, SOME));
    new_struct(&w, NODE);
    CHECK_OK(weft_store_collect(w.store, &diag));
    CHECK(weft_array_bytes(w.store, bytes, &len, &diag) == at);
    at[0] = 99;
    CHECK_OK(weft_array_get(w.store, bytes, 0, 2, got, &diag));
    CHECK(got[0].of.i32 == 99 && got[1].of.i32 == 255 && got[1].type == WEFT_I32);

    CHECK_OK(weft_array_new_bytes(w.store, type(&w, CONST), shorts, 3, &fixed, &diag));
    CHECK_OK(weft_array_read(w.store, fixed, 0, 3, back, &diag));
    CHECK(!memcmp(shorts, back, sizeof back));
    CHECK_OK(weft_array_get(w.store, fixed, 1, 1, got, &diag));
    CHECK_EQ_U64(got[0].of.i32, 0xfffe);
    CHECK_WHY(weft_array_write(w.store, fixed, 0, 3, back, &diag), "is_immutable");
    CHECK_WHY(weft_array_set(w.store, fixed, 0, 1, vals, &diag), "is_immutable");

    // Of references.
    for (int i = 0; i < 4; i++) vals[i] = weft_ref_val(new_struct(&w, i % 2 ? LEAF : NODE));
    vals[2] = weft_ref_val((weft_ref){0});
    CHECK_OK(weft_array_new_values(w.store, type(&w, REFS), vals, 4, &refs, &diag));
    CHECK_OK(weft_array_get(w.store, refs, 0, 4, got, &diag));
    for (int i = 0; i < 4; i++) {
        bool same;
        CHECK_OK(weft_ref_eq(w.store, got[i].of.ref, vals[i].of.ref, &same, &diag));
        CHECK(same);
    }
    CHECK_OK(weft_array_set(w.store, refs, 1, 2, vals, &diag));
    CHECK_OK(weft_array_get(w.store, refs, 2, 1, got, &diag));
    args[0] = got[0];
    CHECK_OK(weft_call(w.store, func(&w, "leaf"), args, 1, got, 1, &diag));
    CHECK_EQ_U64(got[0].of.i32, 1);
    vals[1] = weft_ref_val(bytes);
    CHECK_WHY(weft_array_set(w.store, refs, 0, 2, vals, &diag), "wrong_type");
    CHECK_SAYS("value 1 is (ref (array (mut i8))), where (ref null (sub");
    CHECK_WHY(weft_array_new_values(w.store, type(&w, REFS), vals, 2, &refs, &diag), "wrong_type");
    CHECK_WHY(weft_array_read(w.store, refs, 0, 1, got, &diag), "wrong_type");
    CHECK_WHY(weft_array_write(w.store, refs, 0, 1, got, &diag), "wrong_type");
    CHECK_WHY(weft_array_new_bytes(w.store, type(&w, REFS), got, 1, &wide, &diag), "wrong_type");
    CHECK(!weft_array_bytes(w.store, refs, &len, &diag) && !len);
    CHECK_STR(diag.name, "wrong_type");
    CHECK_OK(weft_array_new(w.store, type(&w, REFS), 5000, &vals[0], &refs, &diag));
    args[0] = weft_ref_val(refs);
    CHECK_OK(weft_call(w.store, func(&w, "count"), args, 1, got, 1, &diag));
    CHECK_EQ_U64(got[0].of.i32, 5000);

    // The widest elements; and no array at all.
    CHECK_OK(weft_array_new(w.store, type(&w, WIDE), 2, NULL, &wide, &diag));
    vals[0].type = WEFT_V128;
    memset(vals[0].of.v128, 7, 16);
    CHECK_OK(weft_array_set(w.store, wide, 1, 1, vals, &diag));
    CHECK_OK(weft_array_get(w.store, wide, 0, 2, got, &diag));
    CHECK(got[1].type == WEFT_V128 && got[1].of.v128[15] == 7 && !got[0].of.v128[15]);
    at = weft_array_bytes(w.store, wide, &len, &diag);
    CHECK(len == 32 && at[15] == 0 && at[16] == 7);
    CHECK_WHY(weft_array_length(w.store, new_struct(&w, NODE), &length, &diag), "wrong_type");
    CHECK_WHY(weft_array_new(w.store, type(&w, WIDE), UINT32_MAX, NULL, &wide, &diag),
              "limit_heap_bytes");
    CHECK_WHY(weft_array_new(w.store, type(&w, NODE), 1, NULL, &wide, &diag), "unknown_type");
    CHECK_WHY(weft_array_new(w.store, type(&w, BYTES), 1, &vals[0], &wide, &diag), "wrong_type");
    end(&w);
}

// ---- What a reference is

static void kinds(void)
{
    World w = world(true);
    weft_val v, out;
    weft_ref small, node = new_struct(&w, LEAF), bytes;
    weft_valtype t, any = weft_reftype(WEFT_HEAP_ANY, false), i31 = weft_reftype(WEFT_HEAP_I31,
                                                                                 true);
    bool yes;
    int32_t n;
    static const int32_t numbers[] = {0, 1, -1, 0x3fffffff, -0x40000000};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        CHECK_OK(weft_i31_new(w.store, numbers[i], &small, &diag));
        CHECK_OK(weft_i31_get(w.store, small, &n, &diag));
        CHECK_EQ_U64(n, numbers[i]);
    }
    CHECK_OK(weft_i31_new(w.store, 0x40000000, &small, &diag));
    CHECK_OK(weft_i31_get(w.store, small, &n, &diag));
    CHECK_EQ_U64(n, -0x40000000);
    CHECK_WHY(weft_i31_get(w.store, node, &n, &diag), "wrong_type");
    CHECK_WHY(weft_array_length(w.store, small, (uint32_t *)&n, &diag), "wrong_type");
    CHECK_SAYS("it is (ref i31), where (ref array) is wanted");

    CHECK_OK(weft_array_new(w.store, type(&w, BYTES), 3, NULL, &bytes, &diag));
    CHECK_OK(weft_ref_type(w.store, bytes, &t, &diag));
    CHECK(t.heap == WEFT_HEAP_DEFINED && t.def.id == type(&w, BYTES).id && !t.is_nullable);
    CHECK_OK(weft_ref_type(w.store, small, &t, &diag));
    CHECK_EQ_U64(t.heap, WEFT_HEAP_I31);
    CHECK_WHY(weft_ref_type(w.store, (weft_ref){0}, &t, &diag), "null_reference");

    CHECK_OK(weft_ref_test(w.store, small, &i31, &yes, &diag));
    CHECK(yes);
    CHECK_OK(weft_ref_test(w.store, node, &i31, &yes, &diag));
    CHECK(!yes);
    CHECK_OK(weft_ref_test(w.store, (weft_ref){0}, &i31, &yes, &diag));
    CHECK(yes);
    CHECK_OK(weft_ref_test(w.store, (weft_ref){0}, &any, &yes, &diag));
    CHECK(!yes);
    t = weft_reftype_of(type(&w, NODE), false);
    CHECK_OK(weft_ref_test(w.store, node, &t, &yes, &diag));
    CHECK(yes);
    t = weft_reftype_of(type(&w, STRICT), false);
    CHECK_OK(weft_ref_test(w.store, node, &t, &yes, &diag));
    CHECK(!yes);
    t = (weft_valtype){.type = WEFT_I32};
    CHECK_WHY(weft_ref_test(w.store, node, &t, &yes, &diag), "unknown_type");

    // Out and in again it is the same, and no host's pointer in between (R61).
    static const char *const other[] = {"(ref extern)", "(ref any)"};
    weft_ref each[] = {small, node, bytes};
    for (size_t i = 0; i < COUNT_OF(each); i++) {
        CHECK_OK(weft_extern_convert_any(w.store, weft_ref_val(each[i]), &out, &diag));
        CHECK(out.type == WEFT_REF && out.of.ref.handle);
        CHECK_OK(weft_ref_type(w.store, out.of.ref, &t, &diag));
        CHECK_STR(shown(&t), other[0]);
        CHECK_OK(weft_ref_test(w.store, out.of.ref, &any, &yes, &diag));
        CHECK(!yes);
        CHECK_WHY(weft_extern_convert_any(w.store, out, &v, &diag), "wrong_type");
        CHECK_WHY(weft_struct_get(w.store, out.of.ref, 0, &v, &diag), "wrong_type");
        CHECK_OK(weft_any_convert_extern(w.store, out, &v, &diag));
        CHECK_OK(weft_ref_eq(w.store, v.of.ref, each[i], &yes, &diag));
        CHECK(yes);
        CHECK_OK(weft_ref_eq(w.store, v.of.ref, each[(i + 1) % 3], &yes, &diag));
        CHECK(!yes);
    }
    CHECK_OK(weft_any_convert_extern(w.store, weft_externref(&w), &v, &diag));
    CHECK_OK(weft_ref_type(w.store, v.of.ref, &t, &diag));
    CHECK_STR(shown(&t), other[1]);
    CHECK_WHY(weft_struct_get(w.store, v.of.ref, 0, &out, &diag), "wrong_type");
    CHECK_OK(weft_any_convert_extern(w.store, weft_externref(NULL), &v, &diag));
    CHECK(v.type == WEFT_REF && !v.of.ref.handle);
    CHECK_OK(weft_extern_convert_any(w.store, v, &v, &diag));
    CHECK(v.type == WEFT_EXTERNREF && !v.of.ext);
    end(&w);
}

// ---- Items and functions of such types

static weft_status give_leaf(weft_caller *caller, const weft_val *args, weft_val *results)
{
    CHECK(args[0].type == WEFT_REF && args[1].of.i32 == 5);
    CHECK(results[0].type == WEFT_REF && !results[0].of.ref.handle);
    results[0].of.ref = args[0].of.ref;
    results[1].of.i64 = 77;
    return WEFT_OK;
}

static weft_status give_number(weft_caller *caller, const weft_val *args, weft_val *results)
{
    results[0] = weft_i32(1);
    return WEFT_OK;
}

static weft_status give_stale(weft_caller *caller, const weft_val *args, weft_val *results)
{
    results[0].of.ref = args[0].of.ref;
    results[0].of.ref.handle += 1ull << 32;
    return WEFT_OK;
}

static weft_status give_nothing(weft_caller *caller, const weft_val *args, weft_val *results)
{
    return WEFT_OK;
}

static weft_status give_up(weft_caller *caller, const weft_val *args, weft_val *results)
{
    return weft_trap(caller, "no");
}

static void functions(void)
{
    World w = world(true);
    weft_ref leaf = new_struct(&w, LEAF), node = new_struct(&w, NODE);
    weft_val args[] = {weft_ref_val(leaf), weft_i32(5)}, got[2];
    weft_func f;
    bool same;
    act = give_leaf;
    CHECK_OK(weft_call(w.store, func(&w, "hold"), args, 2, got, 2, &diag));
    CHECK_OK(weft_ref_eq(w.store, got[0].of.ref, leaf, &same, &diag));
    CHECK(same && got[1].of.i64 == 77);
    CHECK_OK(weft_func_new_of(w.store, type(&w, HOLD), call_out, NULL, NULL, &f, &diag));
    CHECK_OK(weft_call(w.store, f, args, 2, got, 2, &diag));
    CHECK_EQ_U64(got[1].of.i64, 77);
    args[0] = weft_ref_val(node);
    CHECK_WHY(weft_call(w.store, func(&w, "hold"), args, 2, got, 2, &diag), "host");
    CHECK_SAYS("value 0 is (ref (sub (struct (field i8)");
    CHECK_SAYS("..., where (ref null (sub final (struct ...) (struct (field i8)");
    CHECK_SAYS("... is wanted");
    act = give_number;
    CHECK_WHY(weft_call(w.store, func(&w, "hold"), args, 2, got, 2, &diag), "host");
    CHECK_SAYS("value 0 is i32, where (ref null (sub final");
    act = give_stale;
    CHECK_WHY(weft_call(w.store, func(&w, "hold"), args, 2, got, 2, &diag), "host");
    CHECK_SAYS("result 0: reference that is not held any more");
    act = give_nothing;
    CHECK_OK(weft_call(w.store, func(&w, "hold"), args, 2, got, 2, &diag));
    CHECK(!got[0].of.ref.handle && got[1].of.i64 == 0);
    act = give_up;
    CHECK_WHY(weft_call(w.store, func(&w, "hold"), args, 2, got, 2, &diag), "host");
    CHECK_SAYS("no");
    CHECK_WHY(weft_func_new_of(w.store, type(&w, NODE), call_out, NULL, NULL, &f, &diag),
              "unknown_type");
    act = NULL;
    end(&w);
}

static void many_values(void)
{
    enum { MANY = 60 };
    char module[4000] = "(module (type (func (param", *at = module + strlen(module);
    for (int i = 0; i < MANY; i++) at += sprintf(at, " v128");
    at += sprintf(at, ") (result");
    for (int i = 0; i < MANY; i++) at += sprintf(at, " externref");
    sprintf(at, "))))");
    weft_module *m = weft_module_new(engine, module, strlen(module), &diag);
    weft_store *s = weft_store_new(engine, NULL, &diag);
    weft_deftype def;
    weft_func f;
    weft_val args[MANY] = {0}, got[MANY];
    CHECK(weft_module_type(m, 0, &def));
    CHECK_OK(weft_func_new_of(s, def, call_out, NULL, NULL, &f, &diag));
    weft_module_free(m);
    for (int i = 0; i < MANY; i++) args[i].type = WEFT_V128;
    CHECK_OK(weft_call(s, f, args, MANY, got, MANY, &diag));
    CHECK(got[MANY - 1].type == WEFT_EXTERNREF && !got[MANY - 1].of.ext);
    weft_store_free(s);
}

static void items(void)
{
    World w = world(true);
    weft_valtype to_node = weft_reftype_of(type(&w, NODE), true), packed = {.type = WEFT_I8};
    weft_valtype number = {.type = WEFT_I32};
    weft_val node = weft_ref_val(new_struct(&w, NODE)), leaf = weft_ref_val(new_struct(&w, LEAF));
    weft_val none = weft_ref_val((weft_ref){0}), got;
    weft_global g, declared;
    weft_table t;
    weft_ref array;
    weft_item_type item;
    CHECK_OK(weft_array_new(w.store, type(&w, BYTES), 1, NULL, &array, &diag));
    CHECK_WHY(weft_global_new(w.store, node, true, &g, &diag), "wrong_type");
    CHECK_OK(weft_global_new_of(w.store, &to_node, leaf, true, &g, &diag));
    CHECK_WHY(weft_global_set(w.store, g, weft_ref_val(array), &diag), "wrong_type");
    CHECK_WHY(weft_global_set(w.store, g, weft_externref(NULL), &diag), "wrong_type");
    CHECK_WHY(weft_global_new_of(w.store, &packed, weft_i32(1), true, &g, &diag), "unknown_type");
    CHECK_WHY(weft_table_new_of(w.store, &number, 1, 1, weft_i32(1), &t, &diag), "wrong_type");
    CHECK_OK(weft_table_new_of(w.store, &to_node, 2, 9, node, &t, &diag));
    CHECK_OK(weft_table_grow(w.store, t, 2, none, NULL, &diag));
    CHECK_WHY(weft_table_set(w.store, t, 0, weft_ref_val(array), &diag), "wrong_type");
    CHECK_OK(weft_table_get(w.store, t, 1, &got, &diag));
    CHECK_OK(weft_global_set(w.store, g, got, &diag));
    CHECK_OK(weft_instance_global(w.store, w.instance, "g", &declared, &diag));
    CHECK_OK(weft_global_set(w.store, declared, leaf, &diag));
    CHECK(weft_extern_type(w.store, (weft_extern){.kind = WEFT_GLOBAL, .of = {.global = g}},
                           &item) && item.type == WEFT_REF);
    // They live with the globals.
    CHECK_OK(weft_scope_close(w.store, w.scope, &diag));
    CHECK_OK(weft_store_collect(w.store, &diag));
    CHECK_OK(weft_scope_open(w.store, &w.scope, &diag));
    CHECK_OK(weft_global_get(w.store, declared, &got, &diag));
    CHECK_OK(weft_struct_get(w.store, got.of.ref, 9, &got, &diag));
    CHECK_EQ_U64(got.type, WEFT_F32);
    end(&w);
}

// ---- Exceptions

static void exceptions(void)
{
    World w = world(true);
    weft_tag e, found, strange;
    weft_ref thrown, made, bytes;
    weft_val vals[2], got[2];
    size_t count;
    uint32_t length;
    CHECK_OK(weft_instance_tag(w.store, w.instance, "e", &e, &diag));
    CHECK_WHY(weft_store_exception_ref(w.store, &thrown, &diag), "not_thrown");
    CHECK_WHY(weft_call(w.store, func(&w, "throw"), NULL, 0, NULL, 0, &diag),
              "uncaught_exception");
    CHECK_OK(weft_store_exception_ref(w.store, &thrown, &diag));
    CHECK(weft_store_exception(w.store, &found, got, 2, &count) && found.item == e.item);
    CHECK_OK(weft_array_length(w.store, got[1].of.ref, &length, &diag));
    CHECK_EQ_U64(length, 2);
    CHECK_OK(weft_array_new(w.store, type(&w, BYTES), 30, NULL, &bytes, &diag));
    // It lives on, and is thrown again.
    CHECK_OK(weft_exception_values(w.store, thrown, &found, got, 1, &count, &diag));
    CHECK(found.item == e.item && count == 2 && got[0].of.i32 == 4);
    vals[0] = weft_ref_val(thrown);
    CHECK_OK(weft_call(w.store, func(&w, "rethrow"), vals, 1, got, 1, &diag));
    CHECK_EQ_U64(got[0].of.i32, 6);
    vals[0] = weft_i32(12);
    vals[1] = weft_ref_val(bytes);
    CHECK_OK(weft_exception_new(w.store, e, vals, 2, &made, &diag));
    vals[0] = weft_ref_val(made);
    CHECK_OK(weft_call(w.store, func(&w, "rethrow"), vals, 1, got, 1, &diag));
    CHECK_EQ_U64(got[0].of.i32, 42);
    CHECK_WHY(weft_exception_new(w.store, e, vals, 1, &made, &diag), "wrong_count");
    CHECK_WHY(weft_exception_new(w.store, e, vals, 2, &made, &diag), "wrong_type");
    CHECK_WHY(weft_exception_new(w.store, (weft_tag){0}, vals, 2, &made, &diag), "wrong_store");
    CHECK_WHY(weft_exception_values(w.store, bytes, &found, got, 2, &count, &diag), "wrong_type");
    CHECK_WHY(weft_struct_get(w.store, thrown, 0, got, &diag), "wrong_type");
    CHECK_SAYS("it is (ref exn), where (ref struct) is wanted");
    vals[0] = weft_ref_val(bytes);
    CHECK_WHY(weft_call(w.store, func(&w, "rethrow"), vals, 1, got, 1, &diag), "wrong_type");
    CHECK_WHY(weft_tag_new_of(w.store, type(&w, HOLD), &strange, &diag), "unknown_type");
    CHECK_WHY(weft_tag_new_of(w.store, type(&w, NODE), &strange, &diag), "unknown_type");
    end(&w);
}

// ---- What lives

static void living(void)
{
    enum { MANY = 100 };
    World w = world(false);
    weft_living before = weft_living_init(), now = before, wrong = {.size = 1};
    weft_scope inner;
    weft_ref kept;
    weft_val pointer;
    CHECK_OK(weft_store_living(w.store, &before, &diag));
    CHECK_OK(weft_scope_open(w.store, &inner, &diag));
    for (int i = 0; i < MANY; i++) kept = new_struct(&w, NODE);
    CHECK_OK(weft_ref_keep(w.store, kept, &diag));
    CHECK_OK(weft_any_convert_extern(w.store, weft_externref(&w), &pointer, &diag));
    CHECK_OK(weft_store_living(w.store, &now, &diag));
    CHECK_EQ_U64(now.objects - before.objects, MANY + 1);
    CHECK_EQ_U64(now.object_bytes - before.object_bytes, MANY * 56 + 8);
    CHECK(now.references - before.references == MANY + 1 && now.kept == 1 && now.pointers == 1);
    CHECK_OK(weft_scope_close(w.store, inner, &diag));
    CHECK_OK(weft_store_living(w.store, &now, &diag));
    CHECK(now.objects - before.objects == 1 && now.references == 1 && now.kept == 1);
    CHECK_EQ_U64(now.pointers, 0);
    CHECK_OK(weft_ref_release(w.store, kept, &diag));
    CHECK_OK(weft_store_living(w.store, &now, &diag));
    CHECK_EQ_U64(now.objects, before.objects);
    CHECK_WHY(weft_store_living(w.store, &wrong, &diag), "unknown_field");
    end(&w);
}

int main(void)
{
    engine = weft_engine_new(NULL, &diag);
    types();
    held_types();
    for (int stress = 0; stress < 2; stress++) {
        structures(stress);
        descriptors(stress);
        arrays(stress);
    }
    kinds();
    functions();
    many_values();
    items();
    exceptions();
    living();
    weft_engine_free(engine);
    return check_report();
}
