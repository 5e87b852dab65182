/* wasi.c -- runs a program that was compiled for WASI: what a compiler makes of main() for
   --target=wasm32-wasi.

       cc wasi.c -lweft -o wasi
       ./wasi greet.wat one two

   The program gets our standard input and output, its arguments, and may look at (not change) the
   current directory. It can touch nothing else: what is not granted below does not exist for it. */

#include <stdio.h>
#include <stdlib.h>
#include <weft.h>

static void *read_file(const char *name, size_t *size)
{
    FILE *file = fopen(name, "rb");
    char *data = NULL;
    long end;
    if (file && fseek(file, 0, SEEK_END) == 0 && (end = ftell(file)) >= 0) {
        rewind(file);
        data = (char *)malloc((size_t)end + 1);
        *size = data ? fread(data, 1, (size_t)end, file) : 0;
    }
    if (file) fclose(file);
    return data;
}

/* What the program is granted. */
static weft_wasi *grant(int argc, char **argv, weft_diag *diag)
{
    int i;
    weft_wasi *wasi = weft_wasi_new(diag);
    int ok = wasi && weft_wasi_stdio(wasi, 0, 1, 2, diag) == WEFT_OK &&
             weft_wasi_env(wasi, "GREETING", "welcome", diag) == WEFT_OK &&
             weft_wasi_dir(wasi, ".", "/", true, diag) == WEFT_OK;
    for (i = 0; i < argc && ok; i++) ok = weft_wasi_arg(wasi, argv[i], diag) == WEFT_OK;
    if (ok) return wasi;
    weft_wasi_free(wasi);
    return NULL;
}

/* A command is run by calling _start, which takes and gives nothing. It returns, or it ends by
   proc_exit: that is WEFT_EXIT, with the status in diag->exit_status. */
static weft_status run(weft_store *store, weft_module *module, weft_linker *linker, weft_diag *diag)
{
    weft_instance instance;
    weft_func start;
    weft_status status = weft_instantiate(store, module, linker, &instance, diag);
    if (status == WEFT_OK) status = weft_instance_func(store, instance, "_start", &start, diag);
    if (status == WEFT_OK) status = weft_call(store, start, NULL, 0, NULL, 0, diag);
    return status;
}

int main(int argc, char **argv)
{
    size_t size = 0;
    char message[500];
    weft_diag diag;
    weft_status status = WEFT_ERROR;
    void *bytes = argc > 1 ? read_file(argv[1], &size) : NULL;
    weft_engine *engine;
    weft_module *module;
    weft_store *store;
    weft_linker *linker;
    weft_wasi *wasi;
    if (!bytes) {
        fprintf(stderr, "usage: wasi FILE [ARG...]\n");
        return 2;
    }
    engine = weft_engine_new(NULL, &diag);
    module = engine ? weft_module_new(engine, bytes, size, &diag) : NULL;
    store = module ? weft_store_new(engine, NULL, &diag) : NULL;
    linker = engine ? weft_linker_new(engine, &diag) : NULL;
    wasi = store && linker ? grant(argc - 1, argv + 1, &diag) : NULL;
    /* From here on the store owns wasi. */
    if (wasi && weft_store_set_wasi(store, wasi, &diag) == WEFT_OK) {
        weft_linker_wasi(linker);
        status = run(store, module, linker, &diag);
    }
    if (status == WEFT_ERROR || status == WEFT_TRAP) {
        weft_diag_text(&diag, message, sizeof message);
        fprintf(stderr, "%s: %s\n", argv[1], message);
    }
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    weft_engine_free(engine);
    free(bytes);
    return status == WEFT_OK ? 0 : status == WEFT_EXIT ? (int)diag.exit_status : 1;
}
