// spectest.c -- see spectest.h.

#include "script/spectest.h"

#include "op/eval.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char spectest[] = "spectest";
struct PrintRow { const char *module, *name, *params; }; // params: i i32, l i64, f f32, d f64
static const PrintRow prints[SPECTEST_FUNCS] = {
    {spectest, "print", ""}, {spectest, "print_i32", "i"}, {spectest, "print_i64", "l"}, {spectest, "print_f32", "f"},
    {spectest, "print_f64", "d"}, {spectest, "print_i32_f32", "if"}, {spectest, "print_f64_f64", "dd"},
    {"wasmtime", "gc", ""},
};
typedef struct { const char *name; Type type; u64 bits; } GlobalRow;
static const GlobalRow globals[] = {
    {"global_i32", TYPE_i32, 666}, {"global_i64", TYPE_i64, 666},
    {"global_f32", TYPE_f32, 0x4426a666}, {"global_f64", TYPE_f64, 0x4084d4cccccccccd},
};
enum { ROW_GLOBALS = SPECTEST_FUNCS, ROW_TABLE = ROW_GLOBALS + COUNT_OF(globals), ROW_TABLE64,
      ROW_MEMORY, ROW_SHARED, ROW_COUNT };
_Static_assert((int)ROW_COUNT == (int)SPECTEST_ROWS, "one place for each");

static size_t print_value(char *out, size_t size, char kind, u64 bits)
{
    switch (kind) {
    case 'i': return (size_t)snprintf(out, size, " %" PRId32, (s32)bits);
    case 'l': return (size_t)snprintf(out, size, " %" PRId64, (s64)bits);
    case 'f': return (size_t)snprintf(out, size, " %.9g", (f64)eval_float32((u32)bits));
    default: return (size_t)snprintf(out, size, " %.17g", eval_float64(bits));
    }
}

static Trap print(HostCall *host)
{
    const SpectestFunc *f = host->env;
    const Spectest *s = f->owner;
    if (!s->print) return TRAP_none;
    char text[100];
    size_t at = (size_t)snprintf(text, sizeof text, "%s", f->row->name);
    for (u32 i = 0; f->row->params[i]; i++)
        at += print_value(text + at, sizeof text - at, f->row->params[i], host->slots[i]);
    s->print(s->env, text);
    return TRAP_none;
}

// nothing is collected before the store goes
static Trap collect(HostCall *host) { return TRAP_none; }

void spectest_init(Spectest *s, Store *store, void (*print_line)(void *env, const char *text),
                   void *env)
{
    *s = (Spectest){.store = store, .print = print_line, .env = env};
    for (u32 i = 0; i < COUNT_OF(s->made); i++) s->made[i].kind = EXTERN_COUNT;
}

static bool make_func(Spectest *s, u32 row, Extern *out)
{
    static const char letters[] = " ilfd"; // in the order of TYPE_
    const char *params = prints[row].params;
    Type types[2];
    TypeDef def = {.kind = COMP_func, .final = true, .super = TYPE_NONE, .describes = TYPE_NONE,
                   .descriptor = TYPE_NONE, .params = types};
    for (; params[def.param_count]; def.param_count++)
        types[def.param_count] = (Type)(strchr(letters, params[def.param_count]) - letters);
    s->funcs[row] = (SpectestFunc){s, &prints[row]};
    out->kind = EXTERN_func;
    out->func = func_new_host_of(s->store, &def, prints[row].module == spectest ? print : collect,
                                 &s->funcs[row]);
    return out->func != NULL;
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
    TableType type = {type_ref(true, HEAP_func),
                      {.min = 10, .max = 20, .has_max = true, .is64 = is64}};
    out->kind = EXTERN_table;
    return (out->table = table_new(s->store, &type, REF_NULL)) != NULL;
}

static bool make_memory(Spectest *s, bool shared, Extern *out)
{
    MemType type = {{.min = 1, .max = 2, .has_max = true, .shared = shared, .page_log2 = 16}};
    out->kind = EXTERN_memory;
    return (out->memory = memory_new(s->store, &type)) != NULL;
}

static bool make(Spectest *s, u32 row, Extern *out)
{
    if (row < ROW_GLOBALS) return make_func(s, row, out);
    if (row < ROW_TABLE) return make_global(s, &globals[row - ROW_GLOBALS], out);
    if (row < ROW_MEMORY) return make_table(s, row == ROW_TABLE64, out);
    return make_memory(s, row == ROW_SHARED, out);
}

static u32 find(const Import *import)
{
    static const char *const others[] = {"table", "table64", "memory", "shared_memory"};
    for (u32 i = 0; i < COUNT_OF(prints); i++)
        if (bytes_are(import->module, prints[i].module) &&
            bytes_are(import->name, prints[i].name))
            return i;
    if (!bytes_are(import->module, spectest)) return ROW_COUNT;
    for (u32 i = 0; i < COUNT_OF(globals); i++)
        if (bytes_are(import->name, globals[i].name)) return ROW_GLOBALS + i;
    for (u32 i = 0; i < COUNT_OF(others); i++)
        if (bytes_are(import->name, others[i])) return ROW_TABLE + i;
    return ROW_COUNT;
}

bool spectest_find(Spectest *s, const Import *import, Extern *out)
{
    u32 row = find(import);
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
