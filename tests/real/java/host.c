/* host.c -- what a program that TeaVM compiled asks of its host: strings, its console and its
   clock; of JavaScript, from which it was made to be called, what it needs to start.

       host MODULE interp|baseline|auto

   Runs its `main`. An externref of the program's is a Value, and freed by the store's finalizer. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <weft_object.h>

typedef struct Value {
    weft_func func;  /* that JavaScript would call, or all zeros */
    size_t length;   /* of a string, in UTF-16 */
    uint16_t text[];
} Value;

static weft_diag diag;
static size_t values;

static Value *new_value(const uint16_t *text, size_t length)
{
    Value *value = calloc(1, sizeof *value + length * sizeof *text);
    if (!value) abort();
    value->length = length;
    if (length) memcpy(value->text, text, length * sizeof *text);
    values++;
    return value;
}

static void free_value(void *env, void *pointer)
{
    (void)env;
    values--;
    free(pointer);
}

static const Value *value_of(weft_val val)
{
    return val.type == WEFT_EXTERNREF ? val.of.ext : NULL;
}

#define STRING(name, arg) \
    const Value *name = value_of(arg); \
    if (!name) return weft_trap(caller, "null where a string is wanted")

/* ---- wasm:js-string, the proposal JS string builtins */

static weft_status length(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    STRING(s, args[0]);
    results[0] = weft_i32((int32_t)s->length);
    return WEFT_OK;
}

static weft_status char_code_at(void *env, weft_caller *caller, const weft_val *args,
                                weft_val *results)
{
    STRING(s, args[0]);
    uint32_t at = (uint32_t)args[1].of.i32;
    if (at >= s->length) return weft_trap(caller, "charCodeAt beyond the end");
    results[0] = weft_i32(s->text[at]);
    return WEFT_OK;
}

static weft_status from_char_code(void *env, weft_caller *caller, const weft_val *args,
                                  weft_val *results)
{
    uint16_t unit = (uint16_t)args[0].of.i32;
    results[0] = weft_externref(new_value(&unit, 1));
    return WEFT_OK;
}

static weft_status concat(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    STRING(a, args[0]);
    STRING(b, args[1]);
    Value *both = new_value(NULL, a->length + b->length);
    memcpy(both->text, a->text, a->length * sizeof *a->text);
    memcpy(both->text + a->length, b->text, b->length * sizeof *b->text);
    results[0] = weft_externref(both);
    return WEFT_OK;
}

static weft_status substring(void *env, weft_caller *caller, const weft_val *args,
                             weft_val *results)
{
    STRING(s, args[0]);
    size_t start = (uint32_t)args[1].of.i32, end = (uint32_t)args[2].of.i32;
    if (end > s->length) end = s->length;
    if (start > end) start = end;
    results[0] = weft_externref(new_value(s->text + start, end - start));
    return WEFT_OK;
}

static weft_status from_char_code_array(void *env, weft_caller *caller, const weft_val *args,
                                        weft_val *results)
{
    size_t bytes, start = (uint32_t)args[1].of.i32, end = (uint32_t)args[2].of.i32;
    const uint16_t *units = weft_array_bytes(weft_caller_store(caller), args[0].of.ref, &bytes,
                                             &diag);
    if (!units || start > end || end > bytes / sizeof *units)
        return weft_trap(caller, "fromCharCodeArray beyond the array");
    results[0] = weft_externref(new_value(units + start, end - start));
    return WEFT_OK;
}

static weft_status into_char_code_array(void *env, weft_caller *caller, const weft_val *args,
                                        weft_val *results)
{
    STRING(s, args[0]);
    size_t bytes, start = (uint32_t)args[2].of.i32;
    uint16_t *units = weft_array_bytes(weft_caller_store(caller), args[1].of.ref, &bytes, &diag);
    if (!units || start + s->length > bytes / sizeof *units)
        return weft_trap(caller, "intoCharCodeArray beyond the array");
    memcpy(units + start, s->text, s->length * sizeof *units);
    results[0] = weft_i32((int32_t)s->length);
    return WEFT_OK;
}

/* ---- TeaVM's own */

static weft_status yes(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    results[0] = weft_i32(1);
    return WEFT_OK;
}

/* The clock stands, so that each run is the same. */
static weft_status now(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    results[0] = weft_f64(1e12);
    return WEFT_OK;
}

static weft_status put(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    putchar(args[0].of.i32);
    return WEFT_OK;
}

static weft_status define_function(void *env, weft_caller *caller, const weft_val *args,
                                   weft_val *results)
{
    Value *value = new_value(NULL, 0);
    value->func = args[0].of.func;
    results[0] = weft_externref(value);
    return WEFT_OK;
}

#define MATH(name) \
    static weft_status math_##name(void *env, weft_caller *caller, const weft_val *args, \
                                   weft_val *results) \
    { \
        results[0] = weft_f64(name(args[0].of.f64)); \
        return WEFT_OK; \
    }
MATH(sqrt)
MATH(floor)
MATH(log)

/* A class or wrapper that only JavaScript would look into. */
static weft_status opaque(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    results[0] = weft_externref(new_value(NULL, 0));
    return WEFT_OK;
}

/* A function in JavaScript's words: those that there are give back what they get. */
static weft_status create_function(void *env, weft_caller *caller, const weft_val *args,
                                   weft_val *results)
{
    static const char before[] = "return ";
    STRING(param, args[0]);
    STRING(body, args[1]);
    size_t at = sizeof before - 1;
    bool same = body->length == at + param->length + 1 && body->text[body->length - 1] == ';';
    for (size_t i = 0; same && i < at; i++) same = body->text[i] == before[i];
    if (!same || memcmp(body->text + at, param->text, param->length * sizeof *param->text))
        return weft_trap(caller, "this is to be JavaScript");
    results[0] = weft_externref(new_value(NULL, 0));
    return WEFT_OK;
}

static weft_status call_function(void *env, weft_caller *caller, const weft_val *args,
                                 weft_val *results)
{
    results[0] = args[1];
    return WEFT_OK;
}

/* Also of a weak reference: what it referred to is gone. */
static weft_status nothing(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    return WEFT_OK;
}

/* What would be a wrong answer if it were called. */
static weft_status missing(void *env, weft_caller *caller, const weft_val *args, weft_val *results)
{
    return weft_trap(caller, env);
}

static const struct Import {
    const char *module, *name;
    weft_values_fn *fn;
} imports[] = {
    {"wasm:js-string", "length", length},
    {"wasm:js-string", "charCodeAt", char_code_at},
    {"wasm:js-string", "fromCharCode", from_char_code},
    {"wasm:js-string", "concat", concat},
    {"wasm:js-string", "substring", substring},
    {"wasm:js-string", "fromCharCodeArray", from_char_code_array},
    {"wasm:js-string", "intoCharCodeArray", into_char_code_array},
    {"teavmConsole", "putcharStdout", put},
    {"teavmConsole", "putcharStderr", put},
    {"teavmDate", "currentTimeMillis", now},
    {"teavmMemory", "notifyHeapResized", nothing},
    {"teavm", "takeStackTrace", opaque},
    {"teavm", "decorateException", nothing},
    {"teavmJso", "stringBuiltinsSupported", yes},
    {"teavmJso", "createClass", opaque},
    {"teavmJso", "defineFunction", define_function},
    {"teavmJso", "defineStaticMethod", nothing},
    {"teavmJso", "defineMethod", nothing},
    {"teavmJso", "createFunction1", create_function},
    {"teavmJso", "callFunction1", call_function},
    {"teavm", "createWeakRef", opaque},
    {"teavm", "deref", nothing},
    {"teavmMath", "sqrt", math_sqrt},
    {"teavmMath", "floor", math_floor},
    {"teavmMath", "log", math_log},
};
enum { IMPORTS = sizeof imports / sizeof *imports };

static bool is(weft_name name, const char *text)
{
    return name.len == strlen(text) && !memcmp(name.data, text, name.len);
}

static bool link_func(weft_linker *linker, const weft_import *import)
{
    weft_deftype type;
    weft_values_fn *fn = missing;
    char module[64], name[64];
    snprintf(module, sizeof module, "%.*s", (int)import->module.len, import->module.data);
    snprintf(name, sizeof name, "%.*s", (int)import->name.len, import->name.data);
    for (size_t i = 0; i < IMPORTS; i++)
        if (is(import->module, imports[i].module) && is(import->name, imports[i].name))
            fn = imports[i].fn;
    return weft_item_deftype(&import->type, &type) &&
           weft_linker_func_of(linker, module, name, type, fn, strdup(name), free, &diag) ==
               WEFT_OK;
}

/* Memory is for what the program asks of malloc alone, of which ours asks little. */
static bool link_other(weft_store *store, weft_linker *linker, const weft_import *import)
{
    weft_extern item = {.kind = import->type.kind};
    char module[64], name[64];
    snprintf(module, sizeof module, "%.*s", (int)import->module.len, import->module.data);
    snprintf(name, sizeof name, "%.*s", (int)import->name.len, import->name.data);
    weft_status status =
        item.kind == WEFT_MEMORY
            ? weft_memory_new(store, import->type.min, import->type.max, &item.of.memory, &diag)
        : item.kind == WEFT_GLOBAL
            ? weft_global_new(store, weft_i32(!strcmp(name, "maxSize") ? 1 << 30 : 0), false,
                              &item.of.global, &diag)
            : WEFT_ERROR;
    return status == WEFT_OK &&
           weft_linker_define(linker, module, name, item, &diag) == WEFT_OK;
}

static bool run(weft_store *store, weft_module *module, weft_linker *linker)
{
    weft_instance instance;
    weft_global main_global;
    weft_val value, none = weft_externref(NULL);
    for (uint32_t i = 0; i < weft_module_import_count(module); i++) {
        weft_import import;
        if (!weft_module_import(module, i, &import) ||
            !(import.type.kind == WEFT_FUNC ? link_func(linker, &import)
                                            : link_other(store, linker, &import)))
            return false;
    }
    if (weft_instantiate(store, module, linker, &instance, &diag) != WEFT_OK ||
        weft_instance_global(store, instance, "main", &main_global, &diag) != WEFT_OK ||
        weft_global_get(store, main_global, &value, &diag) != WEFT_OK || !value_of(value))
        return false;
    return weft_call(store, value_of(value)->func, &none, 1, NULL, 0, &diag) == WEFT_OK;
}

static void *read_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    void *bytes = NULL;
    if (!f) return NULL;
    fseek(f, 0, SEEK_END);
    *size = (size_t)ftell(f);
    rewind(f);
    bytes = malloc(*size);
    if (bytes && fread(bytes, 1, *size, f) != *size) *size = 0;
    fclose(f);
    return bytes;
}

int main(int argc, char **argv)
{
    size_t size = 0;
    const char *tier = argc > 2 ? argv[2] : "auto";
    void *bytes = argc > 1 ? read_file(argv[1], &size) : NULL;
    weft_engine *engine = weft_engine_new(NULL, &diag);
    if (!bytes || !engine) return 2;
    weft_engine_set_tier(engine, !strcmp(tier, "interp")     ? WEFT_TIER_INTERP
                                 : !strcmp(tier, "baseline") ? WEFT_TIER_BASELINE
                                                             : WEFT_TIER_AUTO);
    weft_module *module = weft_module_new(engine, bytes, size, &diag);
    weft_store *store = weft_store_new(engine, NULL, &diag);
    if (store) weft_store_set_finalizer(store, free_value, NULL);
    weft_linker *linker = engine ? weft_linker_new(engine, &diag) : NULL;
    bool ok = module && store && linker && run(store, module, linker);
    if (!ok) fprintf(stderr, "%s: %s\n", argv[1], diag.message);
    weft_linker_free(linker);
    weft_store_free(store);
    if (values) fprintf(stderr, "%zu values were never told of\n", values);
    weft_module_free(module);
    weft_engine_free(engine);
    free(bytes);
    return ok && !values ? 0 : 1;
}
