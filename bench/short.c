// short.c -- short jobs inside one process: from the bytes of a module in memory to what its
// function `run` returns. short.js is the same for V8.
//
//     short ROUNDS TIER FILE...     TIER: auto, interp, baseline
//
// Prints of each file its result and the milliseconds of each round, of the processor's time. Each
// round has a module of its own, which differs from the others in a custom section.
#include "weft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CUSTOM = 5 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static unsigned char *file_read(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) || (*size = (size_t)ftell(f)) == (size_t)-1) return NULL;
    rewind(f);
    unsigned char *bytes = malloc(*size + CUSTOM);
    bool good = bytes && fread(bytes, 1, *size, f) == *size;
    fclose(f);
    return good ? bytes : NULL;
}

static bool job(weft_engine *engine, const unsigned char *bytes, size_t size, weft_val *out,
                weft_diag *diag)
{
    weft_instance instance;
    weft_func run;
    weft_module *module = weft_module_new(engine, bytes, size, diag);
    weft_store *store = module ? weft_store_new(engine, NULL, diag) : NULL;
    weft_linker *linker = engine ? weft_linker_new(engine, diag) : NULL;
    bool good = store && linker && !weft_instantiate(store, module, linker, &instance, diag) &&
                !weft_instance_func(store, instance, "run", &run, diag) &&
                !weft_call(store, run, NULL, 0, out, 1, diag);
    weft_linker_free(linker);
    weft_store_free(store);
    weft_module_free(module);
    return good;
}

int main(int argc, char **argv)
{
    weft_diag diag;
    weft_engine *engine = argc > 3 ? weft_engine_new(NULL, &diag) : NULL;
    if (!engine) return 2;
    weft_engine_set_tier(engine, argv[2][0] == 'a'   ? WEFT_TIER_AUTO
                                 : argv[2][0] == 'i' ? WEFT_TIER_INTERP
                                                     : WEFT_TIER_BASELINE);
    if (weft_engine_set_faults(engine, true, &diag)) puts(diag.message);
    for (int i = 3; i < argc; i++) {
        size_t size = 0;
        unsigned char *bytes = file_read(argv[i], &size);
        if (!bytes) return 2;
        for (int round = 0; round < atoi(argv[1]); round++) {
            const unsigned char custom[CUSTOM] = {0, 3, 1, 'a', (unsigned char)round};
            weft_val result;
            memcpy(bytes + size, custom, CUSTOM);
            double start = now();
            if (!job(engine, bytes, size + CUSTOM, &result, &diag)) {
                fprintf(stderr, "%s: %s\n", argv[i], diag.message);
                return 1;
            }
            double took = now() - start;
            if (round == 0) printf("%s %d", argv[i], (int)result.of.i32);
            printf(" %.3f", took);
        }
        puts("");
        free(bytes);
    }
    weft_engine_free(engine);
    return 0;
}
