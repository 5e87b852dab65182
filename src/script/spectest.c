// spectest.c -- see spectest.h. What its functions print goes nowhere.

#include "script/spectest.h"

#include <string.h>

typedef struct { const char *name, *params; } PrintRow;
static const PrintRow prints[] = {
    {"print", ""}, {"print_i32", "i"}, {"print_i64", "l"}, {"print_f32", "f"}, {"print_f64", "d"},
    {"print_i32_f32", "if"}, {"print_f64_f64", "dd"},
};
typedef struct { const char *name; Type type; u64 bits; } GlobalRow;
static const GlobalRow globals[] = {
    {"global_i32", TYPE_i32, 666}, {"global_i64", TYPE_i64, 666},
    {"global_f32", TYPE_f32, 0x4426a666}, {"global_f64", TYPE_f64, 0x4084d4cccccccccd},
};
enum { ROW_GLOBALS = COUNT_OF(prints), ROW_TABLE = ROW_GLOBALS + COUNT_OF(globals), ROW_TABLE64, ROW_MEMORY, ROW_SHARED, ROW_COUNT };

static Trap print_nothing(HostCall *call) { return TRAP_none; }

void spectest_init(Spectest *s, Store *store)
{
    s->store = store;
    for (u32 i = 0; i < COUNT_OF(s->made); i++) s->made[i].kind = EXTERN_COUNT;
}

static bool make_print(Spectest *s, const char *params, Extern *out)
{
    Type types[2];
    TypeDef def = {.kind = COMP_func, .final = true, .super = TYPE_NONE, .describes = TYPE_NONE, .descriptor = TYPE_NONE, .params = types, .results = types};
    TypeId id;
    for (; params[def.param_count]; def.param_count++)
        types[def.param_count] = (Type)(strchr(" ilfd", params[def.param_count]) - " ilfd");
    out->kind = EXTERN_func;
    return type_store_intern(s->store->types, &def, 1, &id) && (out->func = func_new_host(s->store, id, print_nothing, NULL));
}

static bool make_global(Spectest *s, const GlobalRow *row, Extern *out)
{
    out->kind = EXTERN_global;
    out->global = global_new(s->store, (GlobalType){row->type, false});
    if (out->global) out->global->value[0] = row->bits;
    return out->global != NULL;
}

static bool make_table(Spectest *s, bool is64, Extern *out)
{
    TableType type = {type_ref(true, HEAP_func), {.min = 10, .max = 20, .has_max = true, .is64 = is64}};
    out->kind = EXTERN_table;
    return (out->table = table_new(s->store, &type, REF_NULL)) != NULL;
}

static bool make_memory(Spectest *s, bool shared, Extern *out)
{
    MemType type = {{.min = 1, .max = 2, .has_max = true, .shared = shared, .page_log2 = 16}};
    out->kind = EXTERN_memory;
    return (out->memory = memory_new(s->store, &type)) != NULL;
}

static bool named(const Import *import, const char *name)
{
    return import->name.len == strlen(name) && !memcmp(import->name.data, name, import->name.len);
}

static bool make(Spectest *s, u32 row, Extern *out)
{
    if (row < ROW_GLOBALS) return make_print(s, prints[row].params, out);
    if (row < ROW_TABLE) return make_global(s, &globals[row - ROW_GLOBALS], out);
    if (row < ROW_MEMORY) return make_table(s, row == ROW_TABLE64, out);
    return make_memory(s, row == ROW_SHARED, out);
}

bool spectest_find(Spectest *s, const Import *import, Extern *out)
{
    static const char *const others[] = {"table", "table64", "memory", "shared_memory"};
    u32 row = ROW_COUNT;
    for (u32 i = 0; i < COUNT_OF(prints); i++) if (named(import, prints[i].name)) row = i;
    for (u32 i = 0; i < COUNT_OF(globals); i++) if (named(import, globals[i].name)) row = ROW_GLOBALS + i;
    for (u32 i = 0; i < COUNT_OF(others); i++) if (named(import, others[i])) row = ROW_TABLE + i;
    if (row == ROW_COUNT) return false;
    Extern made;
    if (s->made[row].kind == EXTERN_COUNT) {
        if (!make(s, row, &made)) {
            out->kind = EXTERN_COUNT;
            return false;
        }
        s->made[row] = made;
    }
    *out = s->made[row];
    return true;
}
