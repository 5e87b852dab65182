/* items.c -- what the host makes for a guest, of kinds that are rarer: a memory with addresses of
   64 bits, a table with such indices; and vectors, lane by lane.

       cc items.c -lweft -o items */

#include <stdio.h>
#include <weft_item.h>

static const char text[] =
    "(module"
    "  (import \"host\" \"wide\" (memory i64 1 10))"
    "  (import \"host\" \"table\" (table i64 3 funcref))"
    "  (func (export \"sum\") (param i64) (result v128)"
    "    (i32x4.add (v128.load (local.get 0)) (v128.load offset=16 (local.get 0))))"
    "  (func (export \"entries\") (result i64) (table.size 0)))";

static weft_status define(weft_store *store, weft_linker *linker, weft_memory *wide,
                          weft_diag *diag)
{
    weft_memory_config memory = weft_memory_config_init();
    weft_table_config table = weft_table_config_init();
    weft_extern item;
    memory.is_64 = true;
    memory.min = 1;
    memory.max = 10;
    item.kind = WEFT_MEMORY;
    if (weft_memory_new_of(store, &memory, wide, diag) != WEFT_OK) return WEFT_ERROR;
    item.of.memory = *wide;
    if (weft_linker_define(linker, "host", "wide", item, diag) != WEFT_OK) return WEFT_ERROR;
    table.is_64 = true;
    table.min = 3; /* null functions */
    item.kind = WEFT_TABLE;
    if (weft_table_new_as(store, &table, &item.of.table, diag) != WEFT_OK) return WEFT_ERROR;
    return weft_linker_define(linker, "host", "table", item, diag);
}

/* Who keeps an address of a memory's looks for it again when that has grown. */
static void grown(void *env)
{
    printf("%s has grown\n", (const char *)env);
}

static int run(weft_store *store, weft_instance instance, weft_memory wide, weft_diag *diag)
{
    static char name[] = "the wide one";
    weft_val pair[2], address = weft_i64(1000), sum, entries;
    weft_func add, size;
    pair[0] = weft_i32x4(1, 2, 3, 4);
    pair[1] = weft_i32x4(10, 20, 30, 40);
    weft_v128_set_lane(&pair[1], 32, 3, (uint64_t)-4);
    if (!weft_memory_write(store, wide, 1000, pair[0].of.v128, 16)) return 0;
    if (!weft_memory_write(store, wide, 1016, pair[1].of.v128, 16)) return 0;
    if (weft_instance_func(store, instance, "sum", &add, diag) != WEFT_OK ||
        weft_instance_func(store, instance, "entries", &size, diag) != WEFT_OK ||
        weft_call(store, add, &address, 1, &sum, 1, diag) != WEFT_OK ||
        weft_call(store, size, NULL, 0, &entries, 1, diag) != WEFT_OK)
        return 0;
    printf("%d %d %d %d\n", (int)weft_v128_lane(&sum, 32, 0), (int)weft_v128_lane(&sum, 32, 1),
           (int)weft_v128_lane(&sum, 32, 2), (int)weft_v128_lane(&sum, 32, 3));
    printf("a table of %d\n", (int)entries.of.i64);
    return weft_memory_on_growth(store, wide, grown, name) &&
           weft_memory_grow(store, wide, 2) == 1;
}

/* Floats keep their bits, whatever the host's order of bytes. */
static void floats(void)
{
    weft_val single = weft_f32x4(1.5f, -2, 0, 4), wide = weft_f64x2(0.25, -8),
             whole = weft_i64x2(7, -7), copy = weft_v128(wide.of.v128);
    printf("%g %g, %g %g, %d\n", (double)weft_v128_f32(&single, 0),
           (double)weft_v128_f32(&single, 1), weft_v128_f64(&copy, 0), weft_v128_f64(&copy, 1),
           (int)weft_v128_lane(&whole, 64, 1));
}

int main(void)
{
    weft_diag diag;
    weft_instance instance;
    weft_memory wide;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module =
        engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_store *store = engine ? weft_store_new(engine, NULL, &diag) : NULL;
    weft_linker *linker = engine ? weft_linker_new(engine, &diag) : NULL;
    int ok = module && store && linker && define(store, linker, &wide, &diag) == WEFT_OK &&
             weft_instantiate(store, module, linker, &instance, &diag) == WEFT_OK &&
             run(store, instance, wide, &diag);
    if (ok) floats();
    else fprintf(stderr, "%s\n", diag.message);
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
