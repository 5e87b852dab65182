// spectest_rows.c -- see spectest_rows.h.

#include "script/spectest_rows.h"

#include "op/eval.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char spectest[] = "spectest";
const SpectestPrint spectest_prints[SPECTEST_FUNCS] = {
    {spectest, "print", ""}, {spectest, "print_i32", "i"}, {spectest, "print_i64", "l"}, {spectest, "print_f32", "f"},
    {spectest, "print_f64", "d"}, {spectest, "print_i32_f32", "if"}, {spectest, "print_f64_f64", "dd"},
    {"wasmtime", "gc", ""},
};
const SpectestGlobal spectest_globals[SPECTEST_GLOBALS] = {
    {"global_i32", TYPE_i32, 666}, {"global_i64", TYPE_i64, 666},
    {"global_f32", TYPE_f32, 0x4426a666}, {"global_f64", TYPE_f64, 0x4084d4cccccccccd},
};

u32 spectest_row(const Import *import)
{
    static const char *const others[] = {"table", "table64", "memory", "shared_memory"};
    for (u32 i = 0; i < SPECTEST_FUNCS; i++)
        if (bytes_are(import->module, spectest_prints[i].module) &&
            bytes_are(import->name, spectest_prints[i].name))
            return i;
    if (!bytes_are(import->module, spectest)) return ROW_COUNT;
    for (u32 i = 0; i < SPECTEST_GLOBALS; i++)
        if (bytes_are(import->name, spectest_globals[i].name)) return ROW_GLOBALS + i;
    for (u32 i = 0; i < COUNT_OF(others); i++)
        if (bytes_are(import->name, others[i])) return ROW_TABLE + i;
    return ROW_COUNT;
}

TypeDef spectest_func_type(u32 row, Type params[SPECTEST_PARAMS_MOST])
{
    static const char letters[] = " ilfd"; // in the order of TYPE_
    const char *letter = spectest_prints[row].params;
    TypeDef def = {.kind = COMP_func, .final = true, .super = TYPE_NONE, .describes = TYPE_NONE,
                   .descriptor = TYPE_NONE, .params = params};
    for (; letter[def.param_count]; def.param_count++)
        params[def.param_count] = (Type)(strchr(letters, letter[def.param_count]) - letters);
    return def;
}

TableType spectest_table_type(u32 row)
{
    return (TableType){type_ref(true, HEAP_func),
                       {.min = 10, .max = 20, .has_max = true, .is64 = row == ROW_TABLE64}};
}

MemType spectest_memory_type(u32 row)
{
    return (MemType){{.min = 1, .max = 2, .has_max = true, .shared = row == ROW_SHARED,
                      .page_log2 = 16}};
}

bool spectest_prints_it(u32 row) { return spectest_prints[row].module == spectest; }

static size_t print_value(char *out, size_t size, char kind, u64 bits)
{
    switch (kind) {
    case 'i': return (size_t)snprintf(out, size, " %" PRId32, (s32)bits);
    case 'l': return (size_t)snprintf(out, size, " %" PRId64, (s64)bits);
    case 'f': return (size_t)snprintf(out, size, " %.9g", (f64)eval_float32((u32)bits));
    default: return (size_t)snprintf(out, size, " %.17g", eval_float64(bits));
    }
}

void spectest_print_text(u32 row, const u64 *params, char *out, size_t size)
{
    const SpectestPrint *p = &spectest_prints[row];
    size_t at = (size_t)snprintf(out, size, "%s", p->name);
    for (u32 i = 0; p->params[i]; i++)
        at += print_value(out + at, size - at, p->params[i], params[i]);
}
