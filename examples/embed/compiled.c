/* compiled.c -- a module that is compiled once, kept as bytes and in a file, and started from it;
   and an engine that keeps what it compiles in a folder by itself.

       cc compiled.c -lweft -o compiled */

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <weft.h>
#include <weft_compiled.h>

static const char text[] =
    "(module (func $collatz (export \"steps\") (param $n i64) (result i32) (local $steps i32)"
    "  (loop $on"
    "    (if (i64.gt_u (local.get $n) (i64.const 1)) (then"
    "      (local.set $n (if (result i64) (i64.eqz (i64.and (local.get $n) (i64.const 1)))"
    "        (then (i64.shr_u (local.get $n) (i64.const 1)))"
    "        (else (i64.add (i64.mul (local.get $n) (i64.const 3)) (i64.const 1)))))"
    "      (local.set $steps (i32.add (local.get $steps) (i32.const 1)))"
    "      (br $on))))"
    "  (local.get $steps)))";

typedef struct {
    char *data;
    size_t len;
} Bytes;

static bool keep(void *env, const void *bytes, size_t len)
{
    Bytes *kept = (Bytes *)env;
    char *more = (char *)realloc(kept->data, kept->len + len);
    if (!more) return false;
    memcpy(more + kept->len, bytes, len);
    kept->data = more;
    kept->len += len;
    return true;
}

/* Faults are handled before any module is loaded: code that was compiled elsewhere wants that. */
static weft_engine *open_engine(weft_diag *diag)
{
    weft_engine *engine = weft_engine_new(NULL, diag);
    if (engine && weft_engine_set_faults(engine, true, diag)) {
        weft_engine_free(engine);
        return NULL;
    }
    return engine;
}

/* Calls what the module has, which is freed. */
static bool run(const char *from, weft_engine *engine, weft_module *module, weft_diag *diag)
{
    weft_store *store = module ? weft_store_new(engine, NULL, diag) : NULL;
    weft_instance instance;
    weft_func steps;
    weft_val n = weft_i64(837799), count;
    bool good = store && !weft_instantiate(store, module, NULL, &instance, diag) &&
                !weft_instance_func(store, instance, "steps", &steps, diag) &&
                !weft_call(store, steps, &n, 1, &count, 1, diag);
    if (good) printf("%s: %d steps\n", from, (int)count.of.i32);
    weft_store_free(store);
    weft_module_free(module);
    return good;
}

/* Here it is compiled, and runs from the module itself. */
static bool compile(Bytes *kept, weft_diag *diag)
{
    weft_engine *engine = open_engine(diag);
    weft_module *module = engine ? weft_module_new(engine, text, sizeof text - 1, diag) : NULL;
    weft_serialize_out out = weft_serialize_out_init(keep, kept);
    out.threads = 2;
    bool good = module && !weft_module_serialize(module, &out, diag) &&
                run("from its text", engine, module, diag);
    if (!good && module && !kept->len) weft_module_free(module);
    weft_engine_free(engine);
    return good;
}

/* As if in another process: nothing of the module is compiled here. */
static bool start(const Bytes *kept, const char *path, weft_diag *diag)
{
    weft_engine *engine = open_engine(diag);
    bool good = engine && run("from bytes", engine,
                              weft_module_deserialize(engine, kept->data, kept->len, diag), diag);
    FILE *file = good ? fopen(path, "wb") : NULL;
    good = file && fwrite(kept->data, kept->len, 1, file) == 1;
    if (file) fclose(file);
    good = good && run("from a file", engine,
                       weft_module_deserialize_file(engine, path, diag), diag);
    weft_module *part = good ? weft_module_deserialize(engine, kept->data, 20, diag) : NULL;
    if (good && !part) printf("from a part of it: %s\n", diag->message);
    weft_module_free(part);
    weft_engine_free(engine);
    return good && !part;
}

/* The first engine compiles, the second finds what the first has kept. */
static bool share(const char *folder, weft_diag *diag)
{
    bool good = true;
    for (int i = 0; i < 2 && good; i++) {
        weft_engine *engine = open_engine(diag);
        weft_cache cache = weft_cache_init(folder);
        good = engine && !weft_engine_set_cache(engine, &cache, diag) &&
               run("with a cache", engine, weft_module_new(engine, text, sizeof text - 1, diag),
                   diag);
        weft_engine_free(engine);
    }
    return good;
}

int main(void)
{
    char folder[] = "/tmp/weft-compiled-XXXXXX", path[64], clear[80];
    weft_diag diag;
    Bytes kept = {NULL, 0};
    diag.message[0] = 0;
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/steps.weft", folder);
    if (weft_compiled_lacks()) printf("nothing is compiled here: %s\n", weft_compiled_lacks());
    bool good = weft_compiled_lacks() || (compile(&kept, &diag) && start(&kept, path, &diag));
    snprintf(path, sizeof path, "%s/cache", folder);
    good = good && share(path, &diag);
    snprintf(clear, sizeof clear, "rm -rf %s", folder);
    if (system(clear)) good = false;
    free(kept.data);
    if (!good) fprintf(stderr, "%s\n", diag.message);
    return good ? 0 : 1;
}
