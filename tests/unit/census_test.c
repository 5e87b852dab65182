// census_test.c -- what is in a heap and who holds it: each kind of root, in each tier, also while
// a host function runs and after a trap.

#include "objects.h"
#include "run/gc/census.h"
#include "run/gc/collect.h"

#include <stdlib.h>

static const char text[] =
    "(module"
    "  (type $a (sub (struct (field (mut anyref)))))"
    "  (type $b (sub (struct (field (mut anyref)) (field i64))))"
    "  (type $c (sub (struct (field (mut anyref)) (field i64 i64))))"
    "  (type $list (array (mut anyref)))"
    "  (import \"h\" \"look\" (func $look (param anyref)))"
    "  (tag $e (param (ref $b)))"
    "  (global $g (mut anyref) (ref.null any))"
    "  (table $t 10 anyref)"
    "  (elem $s anyref (item (struct.new_default $c)))"
    "  (func (export \"globals\") (global.set $g (struct.new $a (struct.new_default $b))))"
    "  (func (export \"table\") (table.set $t (i32.const 3)"
    "    (struct.new $a (array.new $list (struct.new_default $c) (i32.const 1000)))))"
    "  (func (export \"clear\") (global.set $g (ref.null any))"
    "    (table.fill $t (i32.const 0) (ref.null any) (i32.const 10)) (elem.drop $s))"
    "  (func (export \"throw\") (throw $e (struct.new_default $b)))"
    "  (func $within (param (ref $a)) (call $look (struct.new_default $b)) (drop (local.get 0)))"
    "  (func (export \"frames\") (call $within (struct.new_default $a)))"
    "  (func (export \"both\") (global.set $g (struct.new_default $a))"
    "    (table.set $t (i32.const 0) (global.get $g)))"
    "  (func (export \"chain\") (param i32) (loop $on"
    "    (global.set $g (struct.new $a (global.get $g)))"
    "    (br_if $on (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))"
    "  (func (export \"tree\") (param i32) (global.set $g (call $tree (local.get 0))))"
    "  (func $tree (param i32) (result (ref $list)) (local (ref null $list))"
    "    (local.set 1 (array.new_default $list (i32.const 2)))"
    "    (if (local.get 0) (then"
    "      (array.set $list (local.get 1) (i32.const 0)"
    "        (call $tree (i32.sub (local.get 0) (i32.const 1))))"
    "      (array.set $list (local.get 1) (i32.const 1)"
    "        (call $tree (i32.sub (local.get 0) (i32.const 1))))))"
    "    (ref.as_non_null (local.get 1)))"
    // in the newest frame all is found only where it found no room
    "  (func $fill (local anyref)"
    "    (loop $on (local.set 0 (struct.new $a (local.get 0))) (br $on)))"
    "  (func (export \"full\") (call $fill))"
    "  (func $fail (param anyref) (local anyref) (local.set 1 (struct.new_default $c))"
    "    unreachable)"
    "  (func $held (param (ref $b)) (call $fail (struct.new_default $c)) (drop (local.get 0)))"
    "  (func (export \"trap\") (call $held (struct.new_default $b))))";
enum { A, B, C, LIST, TYPES };
static const char *const names[] = {"a", "b", "c", "list"};

typedef struct {
    weft_store *store;
    weft_module *module;
    weft_instance instance;
    char rows[400];    // "globals: a 1; a: b 1", in the order of their names
    uint64_t objects, bytes;
} World;

static const char *name_of(const World *w, weft_deftype type)
{
    weft_deftype own;
    weft_def_info info;
    for (uint32_t i = 0; i < TYPES; i++)
        if (weft_instance_type(w->store, w->instance, i, &own) && own.id == type.id)
            return names[i];
    return weft_deftype_info(type, &info) && info.kind == WEFT_DEF_FUNC ? "exn" : "pointer";
}

// Each row's words, sorted, so that their order does not matter.
static void add_words(World *w, const char *root, TypeId type, TypeId holder, u64 objects)
{
    char words[80];
    const void *types = w->store->s->types;
    snprintf(words, sizeof words, "%s%s%s %s %u;", root, holder ? " " : "",
             holder ? name_of(w, (weft_deftype){types, holder}) : "",
             name_of(w, (weft_deftype){types, type}), (u32)objects);
    size_t len = strlen(words), at = 0;
    while (w->rows[at] && strncmp(w->rows + at, words, len) < 0)
        at += strcspn(w->rows + at, ";") + 1;
    memmove(w->rows + at + len, w->rows + at, strlen(w->rows + at) + 1);
    memcpy(w->rows + at, words, len);
}

static void add(void *env, const weft_census_row *row)
{
    World *w = env;
    w->objects += row->objects;
    w->bytes += row->bytes;
    if (CHECK(row->root)) add_words(w, root_text[row->root - 1], row->type.id, row->holder.id,
                                    row->objects);
}

// What it says, which is all that lives.
static const char *rows(World *w)
{
    weft_living living = weft_living_init();
    w->rows[0] = 0;
    w->objects = w->bytes = 0;
    CHECK_OK(weft_store_heap_census(w->store, add, w, &diag));
    CHECK_OK(weft_store_living(w->store, &living, &diag));
    CHECK_EQ_U64(w->objects, living.objects);
    CHECK_EQ_U64(w->bytes, living.object_bytes);
    return w->rows;
}

// The same of what a trap has left.
static const char *rows_ended(World *w)
{
    Census census;
    w->rows[0] = 0;
    CHECK(heap_census(w->store->s, true, &census));
    for (u32 i = 0; i < census.count; i++) {
        const CensusRow *r = &census.rows[i];
        add_words(w, root_text[r->root], r->type, r->holder, r->sum.objects);
    }
    census_free(&census);
    return w->rows;
}

static weft_status look(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    World *w = env;
    CHECK_STR(rows(w), "frames a 1;handles b 1;");
    return WEFT_OK;
}

static World world(bool stress)
{
    static World w;
    weft_import import;
    weft_deftype def = {0};
    weft_limits limits = weft_limits_init();
    limits.heap_bytes = 8 << 20;
    w.store = weft_store_new(engine, &limits, &diag);
    w.store->s->gc_stress = stress;
    w.module = weft_module_new(engine, text, sizeof text - 1, &diag);
    if (!CHECK(w.module)) printf("%s\n", diag.message);
    weft_linker *l = weft_linker_new(engine, &diag);
    CHECK(weft_module_import(w.module, 0, &import) && weft_item_deftype(&import.type, &def));
    CHECK_OK(weft_linker_func_of(l, "h", "look", def, look, &w, NULL, &diag));
    CHECK_OK(weft_instantiate(w.store, w.module, l, &w.instance, &diag));
    weft_linker_free(l);
    return w;
}

static weft_status call(const World *w, const char *name, int32_t n)
{
    weft_func f;
    weft_val arg = weft_i32(n);
    weft_item_type type;
    CHECK_OK(weft_instance_func(w->store, w->instance, name, &f, &diag));
    CHECK(weft_func_type(w->store, f, &type));
    return weft_call(w->store, f, &arg, type.param_count, NULL, 0, &diag);
}

static void end(World *w)
{
    weft_store_free(w->store);
    weft_module_free(w->module);
}

static void roots(bool stress)
{
    World w = world(stress);
    weft_deftype type;
    weft_ref ref;
    weft_val pointer;
    CHECK_STR(rows(&w), "segments c 1;");
    CHECK_OK(call(&w, "globals", 0));
    CHECK_STR(rows(&w), "globals a 1;globals a b 1;segments c 1;");
    CHECK_OK(call(&w, "table", 0));
    CHECK_STR(rows(&w), "globals a 1;globals a b 1;segments c 1;tables a 1;tables a list 1;"
                        "tables list c 1;");
    CHECK_OK(call(&w, "clear", 0));
    CHECK_STR(rows(&w), "");
    CHECK_OK(call(&w, "both", 0));
    CHECK_STR(rows(&w), "globals a 1;");
    CHECK_OK(call(&w, "clear", 0));
    CHECK(weft_instance_type(w.store, w.instance, C, &type));
    CHECK_OK(weft_struct_new(w.store, type, NULL, 0, &ref, &diag));
    CHECK_OK(weft_any_convert_extern(w.store, weft_externref(&w), &pointer, &diag));
    CHECK_STR(rows(&w), "handles c 1;handles pointer 1;");
    CHECK_OK(weft_struct_set(w.store, ref, 0, pointer, &diag));
    CHECK_OK(weft_ref_release(w.store, pointer.of.ref, &diag));
    CHECK_STR(rows(&w), "handles c 1;handles c pointer 1;");
    CHECK_OK(weft_ref_release(w.store, ref, &diag));
    CHECK_WHY(call(&w, "throw", 0), "uncaught_exception");
    CHECK_STR(rows(&w), "exceptions exn 1;exceptions exn b 1;");
    CHECK_OK(call(&w, "frames", 0));
    CHECK_STR(rows(&w), "");
    end(&w);
}

static void ended(void)
{
    World w = world(false);
    CHECK_OK(call(&w, "clear", 0));
    CHECK_WHY(call(&w, "trap", 0), "unreachable");
    CHECK_STR(rows_ended(&w), "frames b 1;");
    CHECK_STR(rows(&w), "");
    CHECK_WHY(call(&w, "full", 0), "out_of_memory");
    CHECK(strstr(rows_ended(&w), "frames a 1;"));
    CHECK(strstr(w.rows, "frames a a 1048"));
    CHECK_STR(rows(&w), "");
    end(&w);
}

// However it is linked, and in however many pieces.
static void shapes(void)
{
    World w = world(false);
    CHECK_OK(call(&w, "clear", 0));
    CHECK_OK(call(&w, "chain", 500000));
    CHECK_STR(rows(&w), "globals a 1;globals a a 499999;");
    CHECK_OK(call(&w, "tree", 16));
    CHECK_STR(rows(&w), "globals list 1;globals list list 131070;");
    end(&w);
}

// ---- More rows than there may be

enum { KINDS = 260 };

typedef struct { u64 rows, more, objects; } Sum;

static void add_up(void *env, const weft_census_row *row)
{
    Sum *sum = env;
    sum->rows++;
    sum->objects += row->objects;
    if (!row->root) sum->more += row->objects;
}

static void many_rows(void)
{
    char *many = malloc(64 * (KINDS + 2)), *to = many;
    weft_ref list, first, second;
    weft_deftype type[KINDS + 1];
    Sum sum = {0};
    to += sprintf(to, "(module (rec ");
    for (int i = 0; i < KINDS; i++) to += sprintf(to, "(type (struct (field (mut anyref))))");
    sprintf(to, ") (type (array (mut anyref))))");
    weft_store *s = weft_store_new(engine, NULL, &diag);
    weft_module *m = weft_module_new(engine, many, strlen(many), &diag);
    for (uint32_t i = 0; i <= KINDS; i++) CHECK(weft_module_type(m, i, &type[i]));
    CHECK_OK(weft_array_new(s, type[KINDS], KINDS * KINDS, NULL, &list, &diag));
    for (uint32_t i = 0; i < KINDS * KINDS; i++) {
        CHECK_OK(weft_struct_new(s, type[i % KINDS], NULL, 0, &first, &diag));
        weft_val value = weft_ref_val(first);
        CHECK_OK(weft_struct_new(s, type[i / KINDS], &value, 1, &second, &diag));
        value = weft_ref_val(second);
        CHECK_OK(weft_array_set(s, list, i, 1, &value, &diag));
        CHECK_OK(weft_ref_release(s, first, &diag));
        CHECK_OK(weft_ref_release(s, second, &diag));
    }
    CHECK_OK(weft_store_heap_census(s, add_up, &sum, &diag));
    CHECK_EQ_U64(sum.rows, CENSUS_ROWS + 1);
    CHECK_EQ_U64(sum.objects, 2 * KINDS * KINDS + 1);
    CHECK_EQ_U64(sum.more, KINDS * KINDS + KINDS + 1 - CENSUS_ROWS);
    weft_store_free(s);
    weft_module_free(m);
    free(many);
}

int main(void)
{
    static const weft_tier tiers[] = {WEFT_TIER_INTERP, WEFT_TIER_BASELINE};
    for (u32 i = 0; i < COUNT_OF(tiers); i++) {
        engine = weft_engine_new(NULL, &diag);
        weft_engine_set_tier(engine, tiers[i]);
        roots(false);
        roots(true);
        ended();
        shapes();
        if (!i) many_rows();
        weft_engine_free(engine);
    }
    return check_report();
}
