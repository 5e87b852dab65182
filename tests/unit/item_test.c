// item_test.c -- weft_item.h: memories and tables of every kind, as modules import them; what is
// refused; vectors lane by lane.

#include "check.h"
#include "weft_item.h"
#include "weft_link.h"
#include "weft_threads.h"

static weft_engine *engine;
static weft_store *store;
static weft_diag diag;

static const char *why(weft_status status) { return status == WEFT_OK ? "" : diag.name; }
#define CHECK_OK(call) CHECK_STR(why(call), "")
#define CHECK_WHY(call, name) CHECK_STR(why(call), name)

// May a module import it so?
static bool imports(weft_extern item, const char *type)
{
    char text[200];
    weft_instance instance;
    snprintf(text, sizeof text, "(module (import \"a\" \"b\" %s))", type);
    weft_module *m = weft_module_new(engine, text, strlen(text), &diag);
    if (!CHECK(m != NULL)) printf("%s\n", diag.message);
    weft_status status = weft_instantiate_items(store, m, &item, 1, &instance, &diag);
    CHECK(status == WEFT_OK || !strcmp(diag.name, "incompatible_import"));
    weft_module_free(m);
    return status == WEFT_OK;
}

static void memories(void)
{
    static const struct { bool is_64, is_shared; uint32_t page; const char *type; } kinds[] = {
        {false, false, 65536, "(memory 1 4)"},
        {true, false, 65536, "(memory i64 1 4)"},
        {false, true, 65536, "(memory 1 4 shared)"},
        {true, true, 65536, "(memory i64 1 4 shared)"},
        {false, false, 1, "(memory 1 4 (pagesize 1))"},
    };
    enum { KINDS = sizeof kinds / sizeof *kinds };
    for (int i = 0; i < KINDS; i++) {
        weft_memory_config config = weft_memory_config_init();
        weft_extern item = {.kind = WEFT_MEMORY};
        config.min = 1;
        config.max = 4;
        config.is_64 = kinds[i].is_64;
        config.is_shared = kinds[i].is_shared;
        config.page_size = kinds[i].page;
        CHECK_OK(weft_memory_new_of(store, &config, &item.of.memory, &diag));
        for (int k = 0; k < KINDS; k++) CHECK_EQ_U64(imports(item, kinds[k].type), i == k);
        CHECK_EQ_U64(weft_memory_size(store, item.of.memory), kinds[i].page);
        CHECK(weft_memory_grow(store, item.of.memory, 3) == 1);
        CHECK(weft_memory_grow(store, item.of.memory, 1) == -1);
        weft_shared_memory *shared = weft_memory_shared(store, item.of.memory);
        CHECK_EQ_U64(shared != NULL, kinds[i].is_shared);
        weft_shared_memory_free(shared);
    }
}

static void count_growth(void *env) { ++*(int *)env; }

// Who shows a memory is told that it has grown, whoever did that.
static void growth(void)
{
    static const char text[] = "(module (memory (export \"m\") 1 5)"
                               " (func (export \"f\") (param i32) (result i32)"
                               "  (memory.grow (local.get 0))))";
    static const int steps[] = {1, 0, 9, 3, 1};
    weft_module *m = weft_module_new(engine, text, sizeof text - 1, &diag);
    weft_instance instance;
    weft_memory memory, other = {0};
    weft_func f;
    int told = 0, expected = 0;
    if (!CHECK(m)) return;
    CHECK_OK(weft_instantiate(store, m, NULL, &instance, &diag));
    CHECK_OK(weft_instance_memory(store, instance, "m", &memory, &diag));
    CHECK_OK(weft_instance_func(store, instance, "f", &f, &diag));
    CHECK(!weft_memory_on_growth(store, other, count_growth, &told));
    CHECK(weft_memory_on_growth(store, memory, count_growth, &told));
    for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
        weft_val pages = weft_i32(steps[i]), old;
        CHECK_OK(weft_call(store, f, &pages, 1, &old, 1, &diag));
        CHECK_EQ_U64(told, expected += old.of.i32 >= 0);
    }
    CHECK(expected == 3 && weft_memory_grow(store, memory, 0) == 5 && told == 4);
    CHECK(weft_memory_on_growth(store, memory, NULL, NULL));
    CHECK(weft_memory_grow(store, memory, 0) == 5 && told == 4);
    weft_module_free(m);
}

static void refused_memories(void)
{
    weft_memory_config config = weft_memory_config_init();
    weft_memory m;
    config.page_size = 4096;
    CHECK_WHY(weft_memory_new_of(store, &config, &m, &diag), "bad_page_size");
    config.page_size = 65536;
    config.is_shared = true;
    CHECK_WHY(weft_memory_new_of(store, &config, &m, &diag), "shared_memory_needs_maximum");
    config.is_shared = false;
    config.max = 65537;
    CHECK_WHY(weft_memory_new_of(store, &config, &m, &diag), "memory_size_limit");
    config.is_64 = true;
    CHECK_OK(weft_memory_new_of(store, &config, &m, &diag));
    config.max = ((uint64_t)1 << 48) + 1;
    CHECK_WHY(weft_memory_new_of(store, &config, &m, &diag), "memory_size_limit");
    config.max = (uint64_t)1 << 48;
    config.min = config.max;
    CHECK_WHY(weft_memory_new_of(store, &config, &m, &diag), "limit_memory_size");
    config.max = 1;
    CHECK_WHY(weft_memory_new_of(store, &config, &m, &diag), "size_minimum_exceeds_maximum");
    config.size = 3;
    CHECK_WHY(weft_memory_new_of(store, &config, &m, &diag), "unknown_field");
}

static void tables(void)
{
    for (int is_64 = 0; is_64 < 2; is_64++) {
        weft_table_config config = weft_table_config_init();
        weft_extern item = {.kind = WEFT_TABLE};
        weft_val got;
        config.is_64 = is_64;
        config.min = 2;
        config.max = 10;
        CHECK_OK(weft_table_new_as(store, &config, &item.of.table, &diag));
        CHECK_EQ_U64(imports(item, "(table i64 2 10 funcref)"), is_64);
        CHECK_EQ_U64(imports(item, "(table 2 10 funcref)"), !is_64);
        CHECK_OK(weft_table_get(store, item.of.table, 1, &got, &diag));
        CHECK(got.type == WEFT_FUNCREF && !got.of.func.item);
        weft_valtype any = weft_reftype(WEFT_HEAP_ANY, true);
        config.type = &any;
        config.init = weft_ref_val((weft_ref){0, 0});
        CHECK_OK(weft_table_new_as(store, &config, &item.of.table, &diag));
        CHECK_EQ_U64(imports(item, "(table i64 2 10 anyref)"), is_64);
        any.is_nullable = false;
        CHECK_WHY(weft_table_new_as(store, &config, &item.of.table, &diag), "wrong_type");
        config.type = NULL;
        config.init = weft_i32(3);
        CHECK_WHY(weft_table_new_as(store, &config, &item.of.table, &diag), "wrong_type");
        config = weft_table_config_init();
        config.is_64 = is_64;
        config.max = (uint64_t)1 << 40;
        CHECK_WHY(weft_table_new_as(store, &config, &item.of.table, &diag),
                  is_64 ? "" : "table_size_limit");
        config.min = config.max;
        CHECK_WHY(weft_table_new_as(store, &config, &item.of.table, &diag),
                  is_64 ? "limit_table_size" : "table_size_limit");
    }
}

// Against the instructions.
static void vectors(void)
{
    static const char text[] =
        "(module (func (export \"f\") (param v128) (result i32 i64 f32 f64 i32)"
        " (i8x16.extract_lane_u 15 (local.get 0)) (i64x2.extract_lane 1 (local.get 0))"
        " (f32x4.extract_lane 0 (local.get 0)) (f64x2.extract_lane 1 (local.get 0))"
        " (i16x8.extract_lane_u 3 (local.get 0))))";
    weft_module *m = weft_module_new(engine, text, sizeof text - 1, &diag);
    weft_instance instance;
    weft_func f;
    weft_val v = weft_f32x4(1.5f, 2, 3, 4), got[5];
    CHECK_OK(weft_instantiate(store, m, NULL, &instance, &diag));
    CHECK_OK(weft_instance_func(store, instance, "f", &f, &diag));
    weft_v128_set_lane(&v, 64, 1, 0xc028000000000000); // -12.0
    weft_v128_set_lane(&v, 16, 3, 0xabcd);
    CHECK_OK(weft_call(store, f, &v, 1, got, 5, &diag));
    CHECK(got[0].of.i32 == 0xc0 && got[0].of.i32 == (int)weft_v128_lane(&v, 8, 15));
    CHECK(got[1].of.i64 == (int64_t)weft_v128_lane(&v, 64, 1));
    CHECK(got[2].of.f32 == 1.5f && weft_v128_f32(&v, 0) == 1.5f);
    CHECK(got[3].of.f64 == -12.0 && weft_v128_f64(&v, 1) == -12.0);
    CHECK(got[4].of.i32 == 0xabcd && weft_v128_lane(&v, 16, 3) == 0xabcd);
    weft_val whole = weft_i64x2(-1, 2), same = weft_v128(whole.of.v128);
    CHECK(weft_v128_lane(&same, 32, 1) == UINT32_MAX && weft_v128_lane(&same, 64, 1) == 2);
    weft_module_free(m);
}

int main(void)
{
    engine = weft_engine_new("all", &diag);
    store = weft_store_new(engine, NULL, &diag);
    memories();
    growth();
    refused_memories();
    tables();
    vectors();
    weft_store_free(store);
    weft_engine_free(engine);
    return check_report();
}
