/* state.c -- what guests keep: a memory, a global and a table that the host makes, that two guests
   have together, and that it looks into and changes between their calls.

       cc state.c -lweft -o state */

#include <stdio.h>
#include <weft.h>

/* Writes how often it was called to where the global says, and knows whom to ask. */
static const char text[] =
    "(module"
    "  (import \"host\" \"memory\" (memory 1 4))"
    "  (import \"host\" \"at\" (global $at (mut i32)))"
    "  (import \"host\" \"jobs\" (table $jobs 2 funcref))"
    "  (type $job (func (param i32) (result i32)))"
    "  (global (export \"calls\") (mut i64) (i64.const 0))"
    "  (table (export \"names\") 1 10 externref)"
    "  (func (export \"note\") (param i32)"
    "    (i32.store (global.get $at) (local.get 0))"
    "    (global.set $at (i32.add (global.get $at) (i32.const 4)))"
    "    (global.set 1 (i64.add (global.get 1) (i64.const 1))))"
    "  (func (export \"double\") (param i32) (result i32)"
    "    (i32.mul (local.get 0) (i32.const 2)))"
    "  (func (export \"do\") (param $job i32) (param i32) (result i32)"
    "    (call_indirect $jobs (type $job) (local.get 1) (local.get $job))))";

typedef struct {
    weft_memory memory;
    weft_global at;
    weft_table jobs;
} Shared;

static weft_diag diag;

/* Makes them, and says what the imports mean. */
static int make(weft_store *store, weft_linker *linker, Shared *s)
{
    static const weft_func nobody = {0, NULL};
    weft_extern item;
    if (weft_memory_new(store, 1, 4, &s->memory, &diag) != WEFT_OK ||
        weft_global_new(store, weft_i32(1000), true, &s->at, &diag) != WEFT_OK ||
        weft_table_new(store, 2, WEFT_NO_MAX, weft_funcref(nobody), &s->jobs, &diag) != WEFT_OK)
        return 0;
    item.kind = WEFT_MEMORY;
    item.of.memory = s->memory;
    if (weft_linker_define(linker, "host", "memory", item, &diag) != WEFT_OK) return 0;
    item.kind = WEFT_GLOBAL;
    item.of.global = s->at;
    if (weft_linker_define(linker, "host", "at", item, &diag) != WEFT_OK) return 0;
    item.kind = WEFT_TABLE;
    item.of.table = s->jobs;
    return weft_linker_define(linker, "host", "jobs", item, &diag) == WEFT_OK;
}

static int note(weft_store *store, weft_instance guest, int32_t number)
{
    weft_func func;
    weft_val arg = weft_i32(number);
    return weft_instance_func(store, guest, "note", &func, &diag) == WEFT_OK &&
           weft_call(store, func, &arg, 1, NULL, 0, &diag) == WEFT_OK;
}

/* Numbers in memory are little endian, whatever the host is. */
static int memories(weft_store *store, const Shared *s)
{
    uint8_t bytes[8];
    int64_t pages;
    const uint8_t *there = (const uint8_t *)weft_memory_at(store, s->memory, 1000, 8);
    if (!there || !weft_memory_read(store, s->memory, 1000, bytes, sizeof bytes)) return 0;
    printf("noted %d and %d, a copy has %d and %d\n", there[0], there[4], bytes[0], bytes[4]);
    if (weft_memory_at(store, s->memory, 65532, 8) ||
        weft_memory_read(store, s->memory, 65532, bytes, sizeof bytes))
        return 0;
    pages = weft_memory_grow(store, s->memory, 2);
    printf("%d page and two more: %d bytes\n", (int)pages,
           (int)weft_memory_size(store, s->memory));
    /* Growing may have moved it: where this is so, what weft_memory_at gave is not good now. */
    if (!weft_memory_stays(store, s->memory))
        there = (const uint8_t *)weft_memory_at(store, s->memory, 1000, 8);
    if (!there) return 0;
    printf("%d is still there; two more are refused: %d\n", there[0],
           (int)weft_memory_grow(store, s->memory, 2));
    return 1;
}

static int globals(weft_store *store, weft_instance guest, const Shared *s)
{
    weft_global calls;
    weft_val at, count;
    if (weft_instance_global(store, guest, "calls", &calls, &diag) != WEFT_OK ||
        weft_global_get(store, s->at, &at, &diag) != WEFT_OK ||
        weft_global_get(store, calls, &count, &diag) != WEFT_OK)
        return 0;
    printf("next at %d, %d call\n", (int)at.of.i32, (int)count.of.i64);
    if (weft_global_set(store, s->at, weft_i32(2000), &diag) != WEFT_OK) return 0;
    if (weft_global_set(store, s->at, weft_i64(2000), &diag) == WEFT_OK) return 0;
    printf("refused: %s\n", diag.message);
    return 1;
}

/* The first guest's function, where the second one looks. */
static int functions(weft_store *store, const weft_instance *guests, const Shared *s)
{
    weft_func func;
    weft_val args[2], got, doubled;
    args[0] = weft_i32(1);
    args[1] = weft_i32(21);
    if (weft_instance_func(store, guests[0], "double", &func, &diag) != WEFT_OK ||
        weft_table_set(store, s->jobs, 1, weft_funcref(func), &diag) != WEFT_OK ||
        weft_instance_func(store, guests[1], "do", &func, &diag) != WEFT_OK ||
        weft_call(store, func, args, 2, &doubled, 1, &diag) != WEFT_OK ||
        weft_table_get(store, s->jobs, 1, &got, &diag) != WEFT_OK)
        return 0;
    printf("by way of the table: %d, ", (int)doubled.of.i32);
    if (weft_call(store, got.of.func, &args[1], 1, &doubled, 1, &diag) != WEFT_OK) return 0;
    printf("and by what is in it: %d\n", (int)doubled.of.i32);
    return 1;
}

/* A table of pointers of yours. */
static int pointers(weft_store *store, weft_instance guest)
{
    static char first[] = "first", rest[] = "rest";
    weft_table names;
    weft_val got;
    uint64_t old, i;
    if (weft_instance_table(store, guest, "names", &names, &diag) != WEFT_OK ||
        weft_table_set(store, names, 0, weft_externref(first), &diag) != WEFT_OK ||
        weft_table_grow(store, names, 2, weft_externref(rest), &old, &diag) != WEFT_OK)
        return 0;
    printf("names, %d before:", (int)old);
    for (i = 0; i < weft_table_size(store, names); i++) {
        if (weft_table_get(store, names, i, &got, &diag) != WEFT_OK) return 0;
        printf(" %s", (const char *)got.of.ext);
    }
    if (weft_table_get(store, names, i, &got, &diag) == WEFT_OK) return 0;
    printf(" (%s)\n", diag.name);
    return 1;
}

/* Exports of any kind: by name, or in the module's order. */
static int exports(const weft_store *store, weft_instance guest)
{
    weft_extern item;
    weft_item_type type;
    uint32_t i;
    for (i = 0; weft_instance_export_at(store, guest, i, &item); i++)
        if (item.kind == WEFT_TABLE && weft_extern_type(store, item, &type))
            printf("export %u is a table of %d to %d\n", (unsigned)i, (int)type.min,
                   (int)type.max);
    if (weft_instance_export(store, guest, "memory", &item)) return 0;
    printf("of %u, and memory is none of them\n", (unsigned)i);
    return 1;
}

int main(void)
{
    Shared shared;
    weft_instance guests[2];
    weft_engine *engine = weft_engine_new(NULL, &diag);
    weft_module *module = engine ? weft_module_new(engine, text, sizeof text - 1, &diag) : NULL;
    weft_store *store = engine ? weft_store_new(engine, NULL, &diag) : NULL;
    weft_linker *linker = engine ? weft_linker_new(engine, &diag) : NULL;
    int ok = module && store && linker && make(store, linker, &shared) &&
             weft_instantiate(store, module, linker, &guests[0], &diag) == WEFT_OK &&
             weft_instantiate(store, module, linker, &guests[1], &diag) == WEFT_OK &&
             note(store, guests[0], 10) && note(store, guests[1], 20) &&
             memories(store, &shared) && globals(store, guests[0], &shared) &&
             functions(store, guests, &shared) && pointers(store, guests[0]) &&
             exports(store, guests[0]);
    if (!ok) fprintf(stderr, "%s\n", diag.message);
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
    return ok ? 0 : 1;
}
