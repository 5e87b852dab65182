// lives_test.c -- what is held no longer than it is wanted, and that who is short of one thing is
// not refused another: as the host sees it, in each tier.
// Hazards: R14, R84.

#include "objects.h"

static const char text[] =
    "(module"
    "  (import \"h\" \"throw\" (func $throw (param externref)))"
    "  (import \"h\" \"new\" (func $new (result externref)))"
    "  (type $s (struct (field i64)))"
    "  (type $list (array (mut anyref)))"
    "  (table $t 2000 externref)"
    "  (table $any 2 anyref)"
    "  (elem $e anyref (item (struct.new_default $s)) (item (ref.i31 (i32.const 1)))"
    "    (item (struct.new_default $s)))"
    "  (elem (table $any) (i32.const 0) anyref (item (struct.new_default $s)))"
    "  (func (export \"drop\") (elem.drop $e))"
    "  (func (export \"use\") (table.init $any $e (i32.const 0) (i32.const 0) (i32.const 1)))"
    "  (func (export \"clear\") (table.fill $any (i32.const 0) (ref.null any) (i32.const 2)))"
    "  (func (export \"catch\") (block (try_table (catch_all 0)"
    "    (call $throw (call $new)))))"
    "  (func (export \"pointers\") (param i32) (local i32) (loop $on"
    "    (table.set $t (local.get 1) (call $new))"
    "    (br_if $on (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1)))"
    "      (local.get 0)))))"
    "  (func (export \"forget\") (table.fill $t (i32.const 0) (ref.null extern)"
    "    (i32.const 2000)))"
    "  (func (export \"objects\") (param i32) (loop $on"
    "    (drop (struct.new $s (i64.const 1)))"
    "    (br_if $on (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))";

typedef struct {
    weft_store *store;
    weft_module *module;
    weft_instance instance;
    weft_tag tag;
} World;

static char pointers[100000];
static unsigned pointer;

static weft_status throw_it(void *env, weft_caller *caller, weft_slot *slots)
{
    weft_val value = weft_externref(slots[0].ref);
    return weft_throw(caller, ((World *)env)->tag, &value, 1, &diag);
}

static weft_status new_pointer(void *env, weft_caller *caller, weft_slot *slots)
{
    slots[0].ref = &pointers[pointer++];
    return WEFT_OK;
}

static void begin(World *w, uint64_t handles)
{
    weft_limits limits = weft_limits_init();
    if (handles) limits.handles = handles;
    w->store = weft_store_new(engine, &limits, &diag);
    w->module = weft_module_new(engine, text, sizeof text - 1, &diag);
    if (!CHECK(w->store && w->module)) printf("%s\n", diag.message);
    weft_linker *linker = weft_linker_new(engine, &diag);
    CHECK_OK(weft_tag_new(w->store, "r:", &w->tag, &diag));
    CHECK_OK(weft_linker_func(linker, "h", "throw", "r:", throw_it, w, NULL, &diag));
    CHECK_OK(weft_linker_func(linker, "h", "new", ":r", new_pointer, NULL, NULL, &diag));
    CHECK_OK(weft_instantiate(w->store, w->module, linker, &w->instance, &diag));
    weft_linker_free(linker);
    pointer = 0;
}

static void end(World *w)
{
    weft_store_free(w->store);
    weft_module_free(w->module);
}

static weft_status call(World *w, const char *name, int32_t n)
{
    weft_func f;
    weft_val arg = weft_i32(n);
    weft_item_type type;
    CHECK_OK(weft_instance_func(w->store, w->instance, name, &f, &diag));
    CHECK(weft_func_type(w->store, f, &type));
    return weft_call(w->store, f, &arg, type.param_count, NULL, 0, &diag);
}

static weft_living living(World *w)
{
    weft_living living = weft_living_init();
    CHECK_OK(weft_store_living(w->store, &living, &diag));
    return living;
}

// An element segment that was dropped, or was active, holds nothing.
static void segments(void)
{
    World w;
    begin(&w, 0);
    CHECK_EQ_U64(living(&w).objects, 3);
    CHECK_OK(call(&w, "clear", 0));
    CHECK_EQ_U64(living(&w).objects, 2);
    CHECK_OK(call(&w, "use", 0));
    CHECK_OK(call(&w, "drop", 0));
    CHECK_EQ_U64(living(&w).objects, 1);
    CHECK_OK(call(&w, "drop", 0));
    CHECK_WHY(call(&w, "use", 0), "out_of_bounds_table_access");
    CHECK_OK(call(&w, "clear", 0));
    CHECK_EQ_U64(living(&w).objects, 0);
    end(&w);
}

// An exception that was caught holds nothing, whoever threw it.
static void caught(void)
{
    World w;
    begin(&w, 0);
    for (u32 i = 0; i < 3; i++) {
        CHECK_OK(call(&w, "catch", 0));
        CHECK_EQ_U64(pointer, i + 1);
        CHECK_EQ_U64(living(&w).pointers, 0);
    }
    end(&w);
}

// Pointers that nobody has any more make room for others, whatever was collected in between.
static void replaced(void)
{
    World w;
    begin(&w, 1000);
    CHECK_OK(call(&w, "pointers", 1000));
    CHECK_OK(call(&w, "objects", 100000));
    CHECK_OK(call(&w, "forget", 0));
    CHECK_OK(call(&w, "pointers", 1));
    CHECK_OK(call(&w, "pointers", 900));
    end(&w);
}

// Where it cannot be told what frames hold nobody collects, and there is room all the same.
static void no_maps(void)
{
    World w;
    begin(&w, 0);
    CHECK_OK(call(&w, "objects", 100));
    Account *code = &engine->engine->accounts[ENGINE_code_bytes];
    size_t usual = code->limit;
    code->limit = account_used(code);
    CHECK_OK(call(&w, "objects", 1000000));
    code->limit = usual;
    CHECK_OK(call(&w, "objects", 1000000));
    end(&w);
}

// A type that is refused is not held.
static void refused(void)
{
    World w;
    begin(&w, 0);
    weft_func f;
    weft_item_type type;
    weft_deftype def = {0};
    weft_ref made;
    CHECK_OK(weft_instance_func(w.store, w.instance, "drop", &f, &diag));
    CHECK(weft_func_type(w.store, f, &type) && weft_item_deftype(&type, &def));
    u32 held = w.store->types.count;
    CHECK_WHY(weft_struct_new(w.store, def, NULL, 0, &made, &diag), "unknown_type");
    CHECK_EQ_U64(w.store->types.count, held);
    end(&w);
}

static weft_deftype type_at(const World *w, uint32_t index)
{
    weft_deftype type;
    CHECK(weft_instance_type(w->store, w->instance, index, &type));
    return type;
}

// All elements are given, or none, and nothing is written.
static void all_or_none(void)
{
    enum { FEW = 6 };
    World w;
    weft_scope scope;
    weft_ref list, one;
    weft_val got[FEW], before[FEW];
    begin(&w, 10);
    CHECK_OK(weft_scope_open(w.store, &scope, &diag));
    CHECK_OK(weft_struct_new(w.store, type_at(&w, 0), NULL, 0, &one, &diag));
    weft_val fill = weft_ref_val(one);
    CHECK_OK(weft_array_new(w.store, type_at(&w, 1), FEW, &fill, &list, &diag));
    CHECK_OK(weft_array_get(w.store, list, 0, FEW, got, &diag));
    weft_living now = living(&w);
    CHECK_EQ_U64(now.references, FEW + 2);
    memset(got, 0x55, sizeof got);
    memcpy(before, got, sizeof got);
    CHECK_WHY(weft_array_get(w.store, list, 0, 2, got, &diag), "limit_handles");
    CHECK(!memcmp(before, got, sizeof got));
    u32 room = w.store->handles.held.count;
    CHECK_WHY(weft_array_get(w.store, list, 0, FEW, got, &diag), "limit_handles");
    CHECK_EQ_U64(w.store->handles.held.count, room);
    CHECK_EQ_U64(living(&w).references, now.references);
    CHECK_OK(weft_array_get(w.store, list, 0, 1, got, &diag));
    CHECK_OK(weft_scope_close(w.store, scope, &diag));
    end(&w);
}

static u32 held_then;

static void count_held(void *env, void *ended)
{
    const World *w = env;
    if (ended == w) held_then = w->store->handles.live;
}

// Who is told of pointers that ended finds what was made in good hands.
static void told_later(void)
{
    enum { FEW = 4 }; // by when there was a collection of each kind
    World w;
    weft_ref exceptions[FEW];
    weft_val made, value = weft_externref(&held_then);
    begin(&w, 0);
    w.store->s->gc_stress = true;
    w.store->s->exec.alloc_end = w.store->s->exec.alloc; // from the next object on
    weft_store_set_finalizer(w.store, count_held, &w);
    CHECK_OK(weft_any_convert_extern(w.store, weft_externref(&w), &made, &diag));
    CHECK_OK(weft_ref_release(w.store, made.of.ref, &diag));
    held_then = 0;
    u32 count = 0;
    while (count < FEW && !held_then)
        CHECK_OK(weft_exception_new(w.store, w.tag, &value, 1, &exceptions[count++], &diag));
    CHECK_EQ_U64(held_then, count);
    while (count) CHECK_OK(weft_ref_release(w.store, exceptions[--count], &diag));
    weft_store_set_finalizer(w.store, NULL, NULL);
    end(&w);
}

int main(void)
{
    static const weft_tier tiers[] = {WEFT_TIER_INTERP, WEFT_TIER_BASELINE};
    for (u32 i = 0; i < COUNT_OF(tiers); i++) {
        engine = weft_engine_new(NULL, &diag);
        weft_engine_set_tier(engine, tiers[i]);
        segments();
        caught();
        replaced();
        no_maps();
        refused();
        all_or_none();
        told_later();
        weft_engine_free(engine);
    }
    return check_report();
}
