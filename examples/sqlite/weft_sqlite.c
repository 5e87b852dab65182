/* weft_sqlite.c -- SQL functions that are WebAssembly: a loadable extension of SQLite.

       select create_wasm_function('gcd', readfile('gcd.wasm'), 'gcd');
       select gcd(1071, 462);

   README.md has the interface. What is made here:

       Function   what SQLite knows by a name: a module, names of exports, limits
          Run     an instance in a store of its own, so nothing that one function does meets
                  another; it goes when it trapped, and after each call of a deterministic one

   Functions get nothing but their arguments, and give nothing but a result or an error. Connections
   share one engine, which lives as long as any function does. */

#include <pthread.h>
#include <sqlite3ext.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <weft.h>

SQLITE_EXTENSION_INIT1

/* A module of more bytes is refused, and so is one that takes the modules of all connections beyond
   the second figure. */
#define MODULE_MOST ((size_t)64 << 20)
#define MODULES_MOST ((uint64_t)1 << 30)
#define ARGS_MOST 100

/* How values of any type stand in the guest's memory: u32 type, u32 length, then 8 bytes: an i64,
   an f64, or the u32 address of text or bytes. The types are SQLite's own numbers, and one more. */
enum { VALUE_BYTES = 16, VALUE_ERROR = 6 };

typedef struct {
    weft_limits limits;
    int arg_count; /* of functions that take values; -1: any number */
    int flags;     /* SQLITE_DETERMINISTIC and so on */
    bool values, wasi;
} Options;

typedef struct {
    weft_store *store;
    weft_instance instance;
    weft_func step, final, alloc, release; /* a scalar function is a `step`, with a result */
    weft_memory memory;
    weft_item_type type; /* of step */
    bool has_release;
} Run;

typedef struct {
    weft_engine *engine;
    char *name, *step, *final; /* final: of an aggregate, else NULL */
    weft_module *module;
    Options options;
    Run *ready; /* to be called next; NULL: is made when it is needed */
} Function;

/* What SQLite keeps for a group of rows while an aggregate goes through them. */
typedef struct {
    Run *run;
    bool failed;
} Group;

/* ---- The engine ------------------------------------------------------------------------------ */

static struct {
    pthread_mutex_t lock;
    weft_engine *engine;
    size_t users;
} shared = {PTHREAD_MUTEX_INITIALIZER, NULL, 0};

/* Deterministic, so that functions may be, too; without threads, as the process may fork. */
static weft_engine *engine_new(weft_diag *diag)
{
    weft_engine_limits limits = weft_engine_limits_init();
    weft_engine *engine = weft_engine_new(NULL, diag);
    limits.module_bytes = limits.code_bytes = MODULES_MOST;
    if (!engine) return NULL;
    weft_engine_set_deterministic(engine, true);
    weft_engine_set_beside(engine, SIZE_MAX);
    if (weft_engine_set_limits(engine, &limits, diag) == WEFT_OK) return engine;
    weft_engine_free(engine);
    return NULL;
}

static weft_engine *engine_take(weft_diag *diag)
{
    weft_engine *engine;
    pthread_mutex_lock(&shared.lock);
    if (!shared.engine) shared.engine = engine_new(diag);
    engine = shared.engine;
    if (engine) shared.users++;
    pthread_mutex_unlock(&shared.lock);
    return engine;
}

static void engine_leave(void)
{
    pthread_mutex_lock(&shared.lock);
    if (--shared.users == 0) {
        weft_engine_free(shared.engine);
        shared.engine = NULL;
    }
    pthread_mutex_unlock(&shared.lock);
}

/* ---- Errors ---------------------------------------------------------------------------------- */

/* Ends the SQL function that is called with "NAME: what", and returns false. */
static bool refuse(sqlite3_context *context, const char *name, const char *format, ...)
{
    char *what, *text;
    va_list args;
    va_start(args, format);
    what = sqlite3_vmprintf(format, args);
    va_end(args);
    text = what ? sqlite3_mprintf("%s: %s", name, what) : NULL;
    if (text) sqlite3_result_error(context, text, -1);
    else sqlite3_result_error_nomem(context);
    sqlite3_free(text);
    sqlite3_free(what);
    return false;
}

/* The same of a guest's end. Names in a module may hold anything, so the place is told as a number:
   `weft addr2line` knows where it is in the source. */
static bool refuse_diag(sqlite3_context *context, const char *name, const weft_store *store,
                        const weft_diag *diag)
{
    weft_frame frame;
    if (diag->status == WEFT_EXIT)
        return refuse(context, name, "it ended itself with status %d", (int)diag->exit_status);
    if (diag->status == WEFT_TRAP && store && weft_store_backtrace(store, &frame, 1) > 0)
        return refuse(context, name, "%s, at 0x%llx of the module", diag->message,
                      (unsigned long long)frame.offset);
    return refuse(context, name, "%s", diag->message);
}

/* ---- Runs ------------------------------------------------------------------------------------ */

static void run_free(Run *run)
{
    if (run) weft_store_free(run->store);
    sqlite3_free(run);
}

static bool module_has(const weft_module *module, const char *name, weft_kind kind)
{
    weft_export found;
    uint32_t i;
    for (i = 0; weft_module_export(module, i, &found); i++)
        if (found.type.kind == kind && found.name.len == strlen(name) &&
            memcmp(found.name.data, name, found.name.len) == 0)
            return true;
    return false;
}

/* An export of exactly this signature. */
static bool run_func(Run *run, const char *name, const char *signature, weft_func *out,
                     weft_diag *diag)
{
    weft_typed typed;
    return weft_instance_func(run->store, run->instance, name, out, diag) == WEFT_OK &&
           weft_func_typed(run->store, *out, signature, &typed, diag) == WEFT_OK;
}

static bool run_link(Run *run, const Function *f, weft_diag *diag)
{
    weft_linker *linker = NULL;
    weft_wasi *wasi = NULL;
    bool ok;
    if (f->options.wasi) {
        linker = weft_linker_new(f->engine, diag);
        wasi = linker ? weft_wasi_new(diag) : NULL;
        if (!wasi || weft_store_set_wasi(run->store, wasi, diag) != WEFT_OK) {
            weft_wasi_free(wasi);
            weft_linker_free(linker);
            return false;
        }
        weft_linker_wasi(linker);
    }
    ok = weft_instantiate(run->store, f->module, linker, &run->instance, diag) == WEFT_OK;
    weft_linker_free(linker);
    return ok;
}

/* Finds what is called; `_initialize` is how compilers name what must run before. */
static bool run_find(Run *run, const Function *f, weft_diag *diag)
{
    weft_func start;
    if (module_has(f->module, "_initialize", WEFT_FUNC) &&
        (!run_func(run, "_initialize", ":", &start, diag) ||
         weft_call(run->store, start, NULL, 0, NULL, 0, diag) != WEFT_OK))
        return false;
    if (weft_instance_func(run->store, run->instance, f->step, &run->step, diag) != WEFT_OK ||
        (f->final &&
         weft_instance_func(run->store, run->instance, f->final, &run->final, diag) != WEFT_OK))
        return false;
    weft_func_type(run->store, run->step, &run->type);
    if (!f->options.values) return true;
    run->has_release = module_has(f->module, "free", WEFT_FUNC);
    return run_func(run, f->step, f->final ? "ii:" : "iii:", &run->step, diag) &&
           (!f->final || run_func(run, f->final, "i:", &run->final, diag)) &&
           run_func(run, "malloc", "i:i", &run->alloc, diag) &&
           (!run->has_release || run_func(run, "free", "i:", &run->release, diag)) &&
           weft_instance_memory(run->store, run->instance, "memory", &run->memory, diag) ==
               WEFT_OK;
}

static Run *run_new(sqlite3_context *context, const Function *f)
{
    weft_diag diag;
    Run *run = (Run *)sqlite3_malloc(sizeof *run);
    if (!run) {
        sqlite3_result_error_nomem(context);
        return NULL;
    }
    memset(run, 0, sizeof *run);
    run->store = weft_store_new(f->engine, &f->options.limits, &diag);
    if (run->store && run_link(run, f, &diag) && run_find(run, f, &diag)) return run;
    refuse_diag(context, f->name, run->store, &diag);
    run_free(run);
    return NULL;
}

/* One that is ready, with fuel for one call. */
static Run *function_run(sqlite3_context *context, Function *f)
{
    Run *run = f->ready;
    f->ready = NULL;
    if (!run) run = run_new(context, f);
    if (run) weft_store_set_fuel(run->store, f->options.limits.fuel, NULL);
    return run;
}

/* ---- Numbers: what a function of i32, i64, f32 and f64 takes and gives ----------------------- */

static bool is_number(weft_type type)
{
    return type == WEFT_I32 || type == WEFT_I64 || type == WEFT_F32 || type == WEFT_F64;
}

static bool number_in(sqlite3_context *context, const char *name, int index, sqlite3_value *from,
                      weft_type type, weft_val *out)
{
    static const char *const kinds[] = {"", "an integer", "a real", "text", "a blob", "NULL"};
    int kind = sqlite3_value_type(from);
    bool is_real = type == WEFT_F32 || type == WEFT_F64;
    sqlite3_int64 value = sqlite3_value_int64(from);
    if (kind != SQLITE_INTEGER && !(is_real && kind == SQLITE_FLOAT))
        return refuse(context, name, "argument %d is %s, where it takes %s", index + 1, kinds[kind],
                      is_real ? "a number" : "an integer");
    if (type == WEFT_I32 && (value < INT32_MIN || value > INT32_MAX))
        return refuse(context, name, "argument %d does not fit into 32 bits", index + 1);
    if (type == WEFT_I32) *out = weft_i32((int32_t)value);
    else if (type == WEFT_I64) *out = weft_i64(value);
    else if (type == WEFT_F32) *out = weft_f32((float)sqlite3_value_double(from));
    else *out = weft_f64(sqlite3_value_double(from));
    return true;
}

static void number_out(sqlite3_context *context, const weft_val *value)
{
    if (value->type == WEFT_I32) sqlite3_result_int(context, value->of.i32);
    else if (value->type == WEFT_I64) sqlite3_result_int64(context, value->of.i64);
    else if (value->type == WEFT_F32) sqlite3_result_double(context, (double)value->of.f32);
    else sqlite3_result_double(context, value->of.f64);
}

/* Calls with numbers; one NULL among them is the result, as with most functions of SQL. */
static bool call_numbers(sqlite3_context *context, Function *f, Run *run, int count,
                         sqlite3_value **args)
{
    weft_val in[ARGS_MOST], out;
    weft_diag diag;
    size_t results = run->type.result_count;
    int i;
    for (i = 0; i < count; i++)
        if (sqlite3_value_type(args[i]) == SQLITE_NULL) return true;
    for (i = 0; i < count; i++)
        if (!number_in(context, f->name, i, args[i], weft_item_param(&run->type, (uint32_t)i),
                       &in[i]))
            return false;
    if (weft_call(run->store, run->step, in, (size_t)count, &out, results, &diag) != WEFT_OK)
        return refuse_diag(context, f->name, run->store, &diag);
    if (results) number_out(context, &out);
    return true;
}

/* ---- Values of any type ---------------------------------------------------------------------- */

static void put32(unsigned char *to, uint32_t value)
{
    int i;
    for (i = 0; i < 4; i++) to[i] = (unsigned char)(value >> 8 * i);
}

static void put64(unsigned char *to, uint64_t value)
{
    put32(to, (uint32_t)value);
    put32(to + 4, (uint32_t)(value >> 32));
}

static uint32_t get32(const unsigned char *from)
{
    return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static uint64_t get64(const unsigned char *from)
{
    return get32(from) | (uint64_t)get32(from + 4) << 32;
}

/* Writes a value to `to`, and what it refers to behind `*end` at the guest's address `*address`;
   both move on. */
static void value_in(sqlite3_value *from, unsigned char *to, unsigned char **end, uint32_t *address)
{
    int kind = sqlite3_value_type(from);
    double real;
    uint64_t bits;
    memset(to, 0, VALUE_BYTES);
    put32(to, (uint32_t)kind);
    if (kind == SQLITE_INTEGER) put64(to + 8, (uint64_t)sqlite3_value_int64(from));
    if (kind == SQLITE_FLOAT) {
        real = sqlite3_value_double(from);
        memcpy(&bits, &real, sizeof bits);
        put64(to + 8, bits);
    }
    if (kind == SQLITE_TEXT || kind == SQLITE_BLOB) {
        const void *bytes = sqlite3_value_blob(from);
        uint32_t len = (uint32_t)sqlite3_value_bytes(from);
        put32(to + 4, len);
        put32(to + 8, *address);
        if (len) memcpy(*end, bytes, len);
        (*end)[len] = 0;
        *end += (size_t)len + 1;
        *address += len + 1;
    }
}

/* The bytes that a value refers to; NULL: they are not in the memory, and that was told. */
static const char *value_bytes(sqlite3_context *context, const Function *f, const Run *run,
                               const unsigned char *value)
{
    const char *bytes =
        (const char *)weft_memory_at(run->store, run->memory, get32(value + 8), get32(value + 4));
    if (!bytes) refuse(context, f->name, "its result is not in its memory");
    return bytes;
}

/* Gives SQLite the value that the guest left at an address. */
static bool value_out(sqlite3_context *context, const Function *f, const Run *run, uint32_t at)
{
    const unsigned char *value =
        (const unsigned char *)weft_memory_at(run->store, run->memory, at, VALUE_BYTES);
    const char *bytes;
    uint32_t kind, len;
    double real;
    uint64_t bits;
    if (!value) return refuse(context, f->name, "its result is not in its memory");
    kind = get32(value);
    len = get32(value + 4);
    bits = get64(value + 8);
    switch (kind) {
    case SQLITE_INTEGER: sqlite3_result_int64(context, (sqlite3_int64)bits); return true;
    case SQLITE_FLOAT:
        memcpy(&real, &bits, sizeof real);
        sqlite3_result_double(context, real);
        return true;
    case SQLITE_TEXT:
        if (!(bytes = value_bytes(context, f, run, value))) return false;
        sqlite3_result_text64(context, bytes, len, SQLITE_TRANSIENT, SQLITE_UTF8);
        return true;
    case SQLITE_BLOB:
        if (!(bytes = value_bytes(context, f, run, value))) return false;
        sqlite3_result_blob64(context, bytes, len, SQLITE_TRANSIENT);
        return true;
    case SQLITE_NULL: sqlite3_result_null(context); return true;
    case VALUE_ERROR:
        if (!(bytes = value_bytes(context, f, run, value))) return false;
        return refuse(context, f->name, "%.*s", (int)(len < 1000 ? len : 1000), bytes);
    }
    return refuse(context, f->name, "its result is of no type that there is: %u", (unsigned)kind);
}

/* Asks the guest for a block, which holds the result and, behind it, all arguments and what they
   refer to. *address is where; 0: that was refused. */
static bool block_new(sqlite3_context *context, const Function *f, Run *run, int count,
                      sqlite3_value **args, uint32_t *address)
{
    uint64_t size = VALUE_BYTES * ((uint64_t)count + 1);
    weft_val in, out;
    weft_diag diag;
    unsigned char *block, *end;
    uint32_t at;
    int i;
    for (i = 0; i < count; i++) {
        int kind = sqlite3_value_type(args[i]);
        /* Either may take memory: to become UTF-8, or zeros that were only a number so far. */
        const void *bytes = kind == SQLITE_TEXT   ? (const void *)sqlite3_value_text(args[i])
                            : kind == SQLITE_BLOB ? sqlite3_value_blob(args[i])
                                                  : "";
        if (!bytes && (kind == SQLITE_TEXT || sqlite3_value_bytes(args[i]) > 0)) {
            sqlite3_result_error_nomem(context);
            return false;
        }
        if (kind == SQLITE_TEXT || kind == SQLITE_BLOB)
            size += (uint64_t)sqlite3_value_bytes(args[i]) + 1;
    }
    if (size > INT32_MAX) return refuse(context, f->name, "its arguments take more than 2 GiB");
    in = weft_i32((int32_t)size);
    if (weft_call(run->store, run->alloc, &in, 1, &out, 1, &diag) != WEFT_OK)
        return refuse_diag(context, f->name, run->store, &diag);
    at = *address = (uint32_t)out.of.i32;
    block = at ? (unsigned char *)weft_memory_at(run->store, run->memory, at, size) : NULL;
    if (!block)
        return refuse(context, f->name, "its malloc has no %llu bytes for the arguments",
                      (unsigned long long)size);
    memset(block, 0, VALUE_BYTES);
    put32(block, SQLITE_NULL);
    end = block + VALUE_BYTES * ((size_t)count + 1);
    at += (uint32_t)(VALUE_BYTES * ((uint32_t)count + 1));
    for (i = 0; i < count; i++) value_in(args[i], block + VALUE_BYTES * (i + 1), &end, &at);
    return true;
}

static bool block_free(sqlite3_context *context, const Function *f, Run *run, uint32_t address)
{
    weft_val in = weft_i32((int32_t)address);
    weft_diag diag;
    if (run->has_release && weft_call(run->store, run->release, &in, 1, NULL, 0, &diag) != WEFT_OK)
        return refuse_diag(context, f->name, run->store, &diag);
    return true;
}

/* Calls `step` with values, or `final`, which takes none. */
static bool call_values(sqlite3_context *context, Function *f, Run *run, bool final, int count,
                        sqlite3_value **args)
{
    bool has_result = final || !f->final;
    weft_val in[3];
    size_t in_count = 0;
    weft_diag diag;
    uint32_t block = 0;
    if (!block_new(context, f, run, count, args, &block)) return false;
    if (!final) {
        in[in_count++] = weft_i32(count);
        in[in_count++] = weft_i32((int32_t)(block + VALUE_BYTES));
    }
    if (has_result) in[in_count++] = weft_i32((int32_t)block);
    if (weft_call(run->store, final ? run->final : run->step, in, in_count, NULL, 0, &diag) !=
        WEFT_OK)
        return refuse_diag(context, f->name, run->store, &diag);
    if (has_result && !value_out(context, f, run, block)) return false;
    return block_free(context, f, run, block);
}

/* ---- What SQLite calls ----------------------------------------------------------------------- */

static bool call_step(sqlite3_context *context, Function *f, Run *run, int count,
                      sqlite3_value **args)
{
    return f->options.values ? call_values(context, f, run, false, count, args)
                             : call_numbers(context, f, run, count, args);
}

static void on_scalar(sqlite3_context *context, int count, sqlite3_value **args)
{
    Function *f = (Function *)sqlite3_user_data(context);
    Run *run = function_run(context, f);
    bool ok = run && call_step(context, f, run, count, args);
    if (ok && !(f->options.flags & SQLITE_DETERMINISTIC)) f->ready = run;
    else run_free(run);
}

static void on_step(sqlite3_context *context, int count, sqlite3_value **args)
{
    Function *f = (Function *)sqlite3_user_data(context);
    Group *group = (Group *)sqlite3_aggregate_context(context, sizeof *group);
    if (!group) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (group->failed) return;
    if (!group->run) group->run = function_run(context, f);
    if (group->run) weft_store_set_fuel(group->run->store, f->options.limits.fuel, NULL);
    group->failed = !group->run || !call_step(context, f, group->run, count, args);
}

/* Also called where a step failed, or the statement is given up: then it only cleans up. */
static void on_final(sqlite3_context *context)
{
    Function *f = (Function *)sqlite3_user_data(context);
    Group *group = (Group *)sqlite3_aggregate_context(context, 0);
    Run *run = group ? group->run : NULL;
    weft_val out;
    weft_diag diag;
    if (!group || !group->failed) {
        if (!run) run = function_run(context, f); /* there was no row */
        if (run) weft_store_set_fuel(run->store, f->options.limits.fuel, NULL);
        if (run && f->options.values) call_values(context, f, run, true, 0, NULL);
        else if (run && weft_call(run->store, run->final, NULL, 0, &out, 1, &diag) != WEFT_OK)
            refuse_diag(context, f->name, run->store, &diag);
        else if (run) number_out(context, &out);
    }
    if (group) group->run = NULL;
    run_free(run);
}

/* ---- Making functions ------------------------------------------------------------------------ */

static void function_free(void *env)
{
    Function *f = (Function *)env;
    run_free(f->ready);
    weft_module_free(f->module);
    sqlite3_free(f->name);
    sqlite3_free(f->step);
    sqlite3_free(f->final);
    sqlite3_free(f);
    engine_leave();
}

/* "16M" and the like. */
static bool read_size(const char *text, uint64_t *out)
{
    int shift = 0;
    uint64_t value = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9'; p++) {
        if (value > (UINT64_MAX - 9) / 10) return false;
        value = value * 10 + (uint64_t)(*p - '0');
    }
    if (p == text) return false;
    if (*p == 'K') shift = 10;
    else if (*p == 'M') shift = 20;
    else if (*p == 'G') shift = 30;
    if (shift) p++;
    *out = value << shift;
    return *p == 0 && *out >> shift == value && *out > 0;
}

static bool read_option(char *word, Options *options)
{
    char *value = strchr(word, '=');
    uint64_t number = 0;
    if (!value) {
        if (strcmp(word, "values") == 0) options->values = true;
        else if (strcmp(word, "wasi") == 0) options->wasi = true;
        else if (strcmp(word, "deterministic") == 0) options->flags |= SQLITE_DETERMINISTIC;
        else if (strcmp(word, "innocuous") == 0) options->flags |= SQLITE_INNOCUOUS;
        else if (strcmp(word, "directonly") == 0) options->flags |= SQLITE_DIRECTONLY;
        else return false;
        return true;
    }
    *value++ = 0;
    if (strcmp(word, "args") == 0 && strcmp(value, "0") == 0) {
        options->arg_count = 0;
        return true;
    }
    if (!read_size(value, &number)) return false;
    if (strcmp(word, "fuel") == 0) options->limits.fuel = number;
    else if (strcmp(word, "memory") == 0) options->limits.memory_bytes = number;
    else if (strcmp(word, "stack") == 0) options->limits.stack_bytes = number;
    else if (strcmp(word, "args") == 0 && number <= ARGS_MOST) options->arg_count = (int)number;
    else return false;
    return true;
}

static bool read_options(sqlite3_context *context, const char *name, const char *text,
                         Options *options)
{
    char word[40];
    const char *p = text ? text : "";
    memset(options, 0, sizeof *options);
    options->limits = weft_limits_init();
    options->limits.fuel = 100000000;
    options->limits.memory_bytes = 64 << 20;
    options->limits.stack_bytes = 1 << 20;
    options->limits.heap_bytes = 64 << 20;
    options->limits.table_entries = 1 << 20;
    options->arg_count = -1;
    while (*(p += strspn(p, " ,"))) {
        size_t len = strcspn(p, " ,");
        snprintf(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : sizeof word - 1), p);
        if (len >= sizeof word || !read_option(word, options))
            return refuse(context, name, "no such option, or not so: \"%.*s\"", (int)len, p);
        p += len;
    }
    return true;
}

/* All of a file. The caller frees it with sqlite3_free; NULL: that was told. */
static unsigned char *read_file(sqlite3_context *context, const char *name, const char *path,
                                size_t *len)
{
    size_t room = 1 << 16, got;
    unsigned char *bytes = (unsigned char *)sqlite3_malloc64(room), *more;
    FILE *file = bytes ? fopen(path, "rb") : NULL;
    *len = 0;
    while (file && (got = fread(bytes + *len, 1, room - *len, file)) > 0) {
        *len += got;
        if (*len < room) continue;
        more = room < MODULE_MOST ? (unsigned char *)sqlite3_realloc64(bytes, room * 2) : NULL;
        if (!more) break;
        bytes = more;
        room *= 2;
    }
    if (file && !ferror(file) && *len < room) {
        fclose(file);
        return bytes;
    }
    if (!file || ferror(file)) refuse(context, name, "cannot read %s", path);
    else refuse(context, name, "%s is too large", path);
    if (file) fclose(file);
    sqlite3_free(bytes);
    return NULL;
}

/* A blob is the module, text that begins with a parenthesis too, and other text is a path. */
static weft_module *read_module(sqlite3_context *context, const char *name, weft_engine *engine,
                                sqlite3_value *from)
{
    weft_diag diag;
    char text[sizeof diag.message + 40];
    weft_module *module;
    bool is_text = sqlite3_value_type(from) == SQLITE_TEXT;
    const char *path = is_text ? (const char *)sqlite3_value_text(from) : "(";
    unsigned char *file = NULL;
    const void *bytes;
    size_t len;
    if (!path || (!is_text && sqlite3_value_type(from) != SQLITE_BLOB)) {
        refuse(context, name, "its module is no blob, and no text");
        return NULL;
    }
    if (path[0] != '(' && !(file = read_file(context, name, path, &len))) return NULL;
    bytes = file ? file : sqlite3_value_blob(from);
    if (!file) len = (size_t)sqlite3_value_bytes(from);
    if (len > MODULE_MOST) {
        refuse(context, name, "its module is too large");
        return NULL;
    }
    module = weft_module_new(engine, bytes ? bytes : "", len, &diag);
    if (!module) {
        weft_diag_text(&diag, text, sizeof text);
        refuse(context, name, "%s", text);
    }
    sqlite3_free(file);
    return module;
}

/* Does what is exported fit what was asked for? */
static bool check_types(sqlite3_context *context, const Function *f)
{
    const Run *run = f->ready;
    weft_item_type final;
    uint32_t i;
    memset(&final, 0, sizeof final);
    if (f->options.flags & (SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS) &&
        weft_module_import_count(f->module) > 0)
        return refuse(context, f->name, "with imports it is neither deterministic nor innocuous");
    if (f->options.values) return true; /* run_find was exact */
    if (run->type.param_count > ARGS_MOST)
        return refuse(context, f->name, "more than %d parameters", ARGS_MOST);
    for (i = 0; i < run->type.param_count; i++)
        if (!is_number(weft_item_param(&run->type, i)))
            return refuse(context, f->name, "parameter %u is no number", (unsigned)i + 1);
    if (f->final) weft_func_type(run->store, run->final, &final);
    if (f->final && (run->type.result_count > 0 || final.param_count > 0 ||
                     final.result_count != 1 || !is_number(weft_item_result(&final, 0))))
        return refuse(context, f->name, "a step gives nothing, and a final takes nothing and "
                                        "gives a number");
    if (run->type.result_count > 1 ||
        (run->type.result_count == 1 && !is_number(weft_item_result(&run->type, 0))))
        return refuse(context, f->name, "its result is not one number, or none");
    return true;
}

/* Makes all of a function but its place in SQLite. `f` is filled in as far as it goes. */
static bool function_make(sqlite3_context *context, Function *f, sqlite3_value **args,
                          const char *options)
{
    f->module = read_module(context, f->name, f->engine, args[1]);
    return f->module && read_options(context, f->name, options, &f->options) &&
           (f->ready = run_new(context, f)) && check_types(context, f);
}

/* args: name, module, export; of an aggregate the export is its step, and the next its final. */
static void function_create(sqlite3_context *context, sqlite3_value **args, const char *final,
                            const char *options)
{
    const char *name = (const char *)sqlite3_value_text(args[0]);
    const char *step = (const char *)sqlite3_value_text(args[2]);
    Function *f = (Function *)sqlite3_malloc(sizeof *f);
    weft_diag diag;
    int arg_count, status;
    if (!name || !step) {
        refuse(context, "create_wasm_function", "without a name, or an export");
        sqlite3_free(f);
        return;
    }
    if (!f) {
        sqlite3_result_error_nomem(context);
        return;
    }
    memset(f, 0, sizeof *f);
    f->engine = engine_take(&diag);
    if (!f->engine) {
        refuse_diag(context, name, NULL, &diag);
        sqlite3_free(f);
        return;
    }
    f->name = sqlite3_mprintf("%s", name);
    f->step = sqlite3_mprintf("%s", step);
    f->final = final ? sqlite3_mprintf("%s", final) : NULL;
    if (!f->name || !f->step || (final && !f->final)) sqlite3_result_error_nomem(context);
    if (!f->name || !f->step || (final && !f->final) || !function_make(context, f, args, options)) {
        function_free(f);
        return;
    }
    arg_count = f->options.values ? f->options.arg_count : (int)f->ready->type.param_count;
    status = sqlite3_create_function_v2(
        sqlite3_context_db_handle(context), name, arg_count, SQLITE_UTF8 | f->options.flags, f,
        f->final ? NULL : on_scalar, f->final ? on_step : NULL, f->final ? on_final : NULL,
        function_free); /* which it calls when it fails, too */
    if (status == SQLITE_BUSY)
        refuse(context, name, "this connection has a function of this name and as many arguments");
    else if (status != SQLITE_OK) refuse(context, name, "%s", sqlite3_errstr(status));
}

static void on_create_function(sqlite3_context *context, int count, sqlite3_value **args)
{
    const char *options = count > 3 ? (const char *)sqlite3_value_text(args[3]) : NULL;
    function_create(context, args, NULL, options);
}

static void on_create_aggregate(sqlite3_context *context, int count, sqlite3_value **args)
{
    const char *final = (const char *)sqlite3_value_text(args[3]);
    const char *options = count > 4 ? (const char *)sqlite3_value_text(args[4]) : NULL;
    function_create(context, args, final ? final : "", options);
}

/* Only statements of the application may make functions, no view and no trigger of a file that
   somebody sent. The library stays loaded: threads may end later than the last connection. */
__attribute__((visibility("default")))
int sqlite3_weftsqlite_init(sqlite3 *db, char **error, const sqlite3_api_routines *api)
{
    int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY, status = SQLITE_OK, i;
    SQLITE_EXTENSION_INIT2(api);
    (void)error;
    for (i = 0; i < 2 && status == SQLITE_OK; i++) {
        status = sqlite3_create_function_v2(db, "create_wasm_function", 3 + i, flags, NULL,
                                            on_create_function, NULL, NULL, NULL);
        if (status == SQLITE_OK)
            status = sqlite3_create_function_v2(db, "create_wasm_aggregate", 4 + i, flags, NULL,
                                                on_create_aggregate, NULL, NULL, NULL);
    }
    return status == SQLITE_OK ? SQLITE_OK_LOAD_PERMANENTLY : status;
}
