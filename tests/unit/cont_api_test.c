// cont_api_test.c -- continuations in the host's hands: as arguments, results, values of globals
// and tables, of what type each is, what one holds while the host alone has it, and how each misuse
// is refused.
// Hazards: R46.

#include "objects.h"

static const char text[] =
    "(module"
    "  (type $cell (struct (field i32)))"
    "  (type $f (func (param i32) (result i32))) (type $c (cont $f))"       // 1, 2
    "  (type $g (func (result i32))) (type $d (cont $g))"                   // 3, 4
    "  (type $h (func (param i32 i32) (result i32))) (type $e (cont $h))"   // 5, 6
    "  (type $a (func (param anyref) (result i32))) (type $ca (cont $a))"   // 7, 8
    "  (type $s (func (param structref) (result i32))) (type $cs (cont $s))" // 9, 10
    "  (type $pass (func (param (ref null $c)) (result (ref null $c))))"    // 11
    "  (import \"h\" \"pass\" (func $pass (type $pass)))"
    "  (tag $t (param i32) (result i32))"
    "  (table (export \"t\") 4 (ref null $c))"
    "  (global (export \"g\") (mut (ref null $c)) (ref.null $c))"
    "  (elem declare func $body $sum $any)"
    "  (func $body (type $f) (local $s (ref $cell))"
    "    (local.set $s (struct.new $cell (i32.const 1000)))"
    "    (i32.add (suspend $t (local.get 0)) (struct.get $cell 0 (local.get $s))))"
    "  (func $sum (type $h) (i32.add (local.get 0) (local.get 1)))"
    "  (func $any (type $a) (ref.is_null (local.get 0)))"
    "  (func (export \"new\") (result (ref $c)) (cont.new $c (ref.func $body)))"
    "  (func (export \"suspended\") (result (ref $c))"
    "    (block $b (result i32 (ref $c))"
    "      (resume $c (on $t $b) (i32.const 5) (cont.new $c (ref.func $body)))"
    "      (unreachable))"
    "    (global.set $k) (drop) (ref.as_non_null (global.get $k)) (global.set $k (ref.null $c)))"
    "  (global $k (mut (ref null $c)) (ref.null $c))"
    "  (func (export \"sum\") (result (ref $e)) (cont.new $e (ref.func $sum)))"
    "  (func (export \"any\") (result (ref $ca)) (cont.new $ca (ref.func $any)))"
    "  (func (export \"cell\") (result (ref $cell)) (struct.new $cell (i32.const 2)))"
    "  (func (export \"bound\") (result (ref $c))"
    "    (cont.bind $e $c (i32.const 40) (cont.new $e (ref.func $sum))))"
    "  (func (export \"resume\") (param (ref null $c)) (result i32)"
    "    (resume $c (i32.const 7) (local.get 0)))"
    "  (func (export \"resume-d\") (param (ref null $d)) (result i32) (resume $d (local.get 0)))"
    "  (func (export \"resume-struct\") (param (ref null $cs)) (result i32)"
    "    (resume $cs (ref.null struct) (local.get 0)))"
    "  (func (export \"through\") (param (ref null $c)) (result (ref null $c))"
    "    (call $pass (local.get 0))))";

typedef struct { weft_store *store; weft_instance instance; } World;

static bool replaces; // what the import is given, by one of another type
static weft_ref other;

static weft_status pass(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    CHECK(args[0].type == WEFT_REF);
    CHECK_OK(weft_store_collect(weft_caller_store(caller), &diag));
    results[0] = replaces ? weft_ref_val(other) : args[0];
    return WEFT_OK;
}

static weft_deftype type_at(const World *w, uint32_t index)
{
    weft_deftype type = {0};
    CHECK(weft_instance_type(w->store, w->instance, index, &type));
    return type;
}

static World world(void)
{
    World w = {.store = weft_store_new(engine, NULL, &diag)};
    w.store->s->gc_stress = true;
    weft_module *m = weft_module_new(engine, text, strlen(text), &diag);
    if (!CHECK(m)) printf("%s\n", diag.message);
    weft_linker *l = weft_linker_new(engine, &diag);
    weft_deftype type;
    CHECK(weft_module_type(m, 11, &type));
    CHECK_OK(weft_linker_func_of(l, "h", "pass", type, pass, NULL, NULL, &diag));
    if (weft_instantiate(w.store, m, l, &w.instance, &diag)) CHECK_STR(diag.message, "");
    weft_linker_free(l);
    weft_module_free(m);
    return w;
}

static weft_status call(const World *w, const char *name, const weft_val *arg, weft_val *result)
{
    weft_func f = {0};
    CHECK_OK(weft_instance_func(w->store, w->instance, name, &f, &diag));
    return weft_call(w->store, f, arg, arg ? 1 : 0, result, 1, &diag);
}

static weft_ref make(const World *w, const char *name)
{
    weft_val made = {0};
    CHECK_OK(call(w, name, NULL, &made));
    CHECK(made.type == WEFT_REF && made.of.ref.handle);
    return made.of.ref;
}

// Resumed it gives this; and then it is used, whatever handle is asked.
static void gives(const World *w, weft_ref ref, int32_t want)
{
    weft_val arg = weft_ref_val(ref), got = {0};
    CHECK_OK(call(w, "resume", &arg, &got));
    CHECK_EQ_U64(got.of.i32, want);
    CHECK_WHY(call(w, "resume", &arg, &got), "continuation_consumed");
    CHECK_OK(weft_ref_release(w->store, ref, &diag));
}

// What it parks is held by the handle alone.
static void held(void)
{
    World w = world();
    weft_ref suspended = make(&w, "suspended"), bound = make(&w, "bound"), begun = make(&w, "new");
    for (int i = 0; i < 3; i++) CHECK_OK(weft_store_collect(w.store, &diag));
    weft_val arg = weft_ref_val(begun), got;
    CHECK_WHY(call(&w, "resume", &arg, &got), "unhandled_tag"); // and that was its use
    CHECK_WHY(call(&w, "resume", &arg, &got), "continuation_consumed");
    gives(&w, suspended, 7 + 1000);
    gives(&w, bound, 47);
    CHECK_OK(weft_ref_release(w.store, begun, &diag));
    CHECK_OK(weft_store_collect(w.store, &diag));
    weft_limits used = weft_limits_init();
    CHECK_OK(weft_store_usage(w.store, &used, &diag));
    CHECK(!used.continuations && !used.continuation_bytes && !used.handles);
    arg = weft_ref_val((weft_ref){0});
    CHECK_WHY(call(&w, "resume", &arg, &got), "null_continuation_reference");
    weft_store_free(w.store);
}

// Through a host function, a table and a global, of the guest's and of the host's.
static void around(void)
{
    World w = world();
    weft_table table, own_table;
    weft_global global, own_global;
    weft_valtype type = weft_reftype_of(type_at(&w, 2), true);
    CHECK_OK(weft_instance_table(w.store, w.instance, "t", &table, &diag));
    CHECK_OK(weft_instance_global(w.store, w.instance, "g", &global, &diag));
    weft_val arg = weft_ref_val(make(&w, "suspended")), got, back;
    CHECK_OK(call(&w, "through", &arg, &got));
    CHECK_OK(weft_table_set(w.store, table, 2, got, &diag));
    CHECK_OK(weft_ref_release(w.store, arg.of.ref, &diag));
    CHECK_OK(weft_ref_release(w.store, got.of.ref, &diag));
    CHECK_OK(weft_store_collect(w.store, &diag));
    CHECK_OK(weft_table_get(w.store, table, 2, &got, &diag));
    CHECK_OK(weft_global_set(w.store, global, got, &diag));
    CHECK_OK(weft_global_get(w.store, global, &back, &diag));
    bool same = false;
    CHECK_OK(weft_ref_eq(w.store, got.of.ref, back.of.ref, &same, &diag));
    CHECK(same);
    CHECK_OK(weft_table_new_of(w.store, &type, 2, 4, back, &own_table, &diag));
    CHECK_OK(weft_global_new_of(w.store, &type, back, true, &own_global, &diag));
    CHECK_OK(weft_ref_release(w.store, back.of.ref, &diag));
    gives(&w, got.of.ref, 1007);
    CHECK_OK(weft_global_get(w.store, own_global, &got, &diag));
    CHECK_WHY(call(&w, "resume", &got, &back), "continuation_consumed");
    weft_store_free(w.store);
}

static bool is(const World *w, weft_ref ref, weft_valtype type)
{
    bool yes = false;
    CHECK_OK(weft_ref_test(w->store, ref, &type, &yes, &diag));
    return yes;
}

static void typed(void)
{
    World w = world();
    const char *const makes[] = {"new", "suspended", "bound", "sum", "any"};
    static const int of[] = {2, 2, 2, 6, 8}; // and what takes less is of what takes less
    for (u32 i = 0; i < COUNT_OF(makes); i++) {
        weft_ref ref = make(&w, makes[i]);
        for (uint32_t type = 2; type <= 10; type += 2) {
            bool fits = (int)type == of[i] || (of[i] == 8 && type == 10);
            CHECK(is(&w, ref, weft_reftype_of(type_at(&w, type), false)) == fits);
        }
        CHECK(is(&w, ref, weft_reftype(WEFT_HEAP_CONT, false)));
        CHECK(!is(&w, ref, weft_reftype(WEFT_HEAP_NOCONT, true)));
        CHECK(!is(&w, ref, weft_reftype(WEFT_HEAP_ANY, true)));
        CHECK(!is(&w, ref, weft_reftype(WEFT_HEAP_STRUCT, true)));
        CHECK(!is(&w, ref, weft_reftype(WEFT_HEAP_EXTERN, true)));
        CHECK(!is(&w, ref, weft_reftype(WEFT_HEAP_EXN, true)));
        CHECK(!is(&w, ref, weft_reftype_of(type_at(&w, 0), true)));
        CHECK(!is(&w, ref, weft_reftype_of(type_at(&w, 1), true)));
        weft_valtype type;
        CHECK_OK(weft_ref_type(w.store, ref, &type, &diag));
        CHECK(type.type == WEFT_REF && type.heap == WEFT_HEAP_CONT && !type.is_nullable);
        weft_val value = weft_ref_val(ref), got;
        weft_table table;
        CHECK_OK(weft_instance_table(w.store, w.instance, "t", &table, &diag));
        CHECK_STR(why(weft_table_set(w.store, table, 0, value, &diag)),
                  of[i] == 2 ? "" : "wrong_type");
        if (of[i] != 2) CHECK_WHY(call(&w, "resume", &value, &got), "wrong_type");
        CHECK_WHY(call(&w, "resume-d", &value, &got), "wrong_type");
        if (of[i] == 8) {
            CHECK_OK(call(&w, "resume-struct", &value, &got));
            CHECK_EQ_U64(got.of.i32, 1);
        } else {
            CHECK_WHY(call(&w, "resume-struct", &value, &got), "wrong_type");
        }
        CHECK_WHY(weft_struct_get(w.store, ref, 0, &got, &diag), "wrong_type");
        CHECK_WHY(weft_extern_convert_any(w.store, value, &got, &diag), "wrong_type");
        CHECK_OK(weft_ref_release(w.store, ref, &diag));
    }
    weft_store_free(w.store);
}

// What is none is not looked at as if it were one.
static void none(void)
{
    World w = world();
    weft_ref cell = make(&w, "cell"), small, outside;
    weft_val got, given;
    CHECK_OK(weft_i31_new(w.store, -1, &small, &diag));
    CHECK_OK(weft_extern_convert_any(w.store, weft_ref_val(cell), &given, &diag));
    outside = given.of.ref;
    const weft_ref all[] = {cell, small, outside};
    for (u32 i = 0; i < COUNT_OF(all); i++) {
        weft_val value = weft_ref_val(all[i]);
        CHECK_WHY(call(&w, "resume", &value, &got), "wrong_type");
        for (uint32_t type = 2; type <= 10; type += 2)
            CHECK(!is(&w, all[i], weft_reftype_of(type_at(&w, type), true)));
        CHECK(!is(&w, all[i], weft_reftype(WEFT_HEAP_CONT, true)));
    }
    // A host function's result.
    weft_val arg = weft_ref_val(make(&w, "new"));
    replaces = true;
    other = make(&w, "sum");
    CHECK_WHY(call(&w, "through", &arg, &got), "host");
    other = cell;
    CHECK_WHY(call(&w, "through", &arg, &got), "host");
    other = make(&w, "bound");
    CHECK_OK(call(&w, "through", &arg, &got));
    replaces = false;
    gives(&w, got.of.ref, 47);
    // Another store's.
    World v = world();
    CHECK_WHY(call(&v, "resume", &arg, &got), "wrong_store");
    weft_store_free(v.store);
    weft_store_free(w.store);
}

int main(void)
{
    for (int tier = WEFT_TIER_INTERP; tier <= WEFT_TIER_BASELINE; tier++) {
        engine = weft_engine_new("all", &diag);
        weft_engine_set_tier(engine, (weft_tier)tier);
        held();
        around();
        typed();
        none();
        weft_engine_free(engine);
    }
    return check_report();
}
