// compile.c -- compiles all functions of modules that are in memory, one behind the other, over and
// over: the baseline compiler and its checker, without decoding and validation.
//
//     build/bench/compile ROUNDS FILE...
//
// Prints for each file the bytes of its bodies and of the code that was made, how many functions
// were not compiled, and the MB of bodies a second of each round, by the time of this thread alone.

#include "engine/engine.h"
#include "run/native.h"

#include <stdio.h>
#include <stdlib.h>

#include "files.h"

static u64 body_bytes(const Module *m)
{
    u64 bytes = 0;
    for (u32 i = m->imported_funcs; i < m->func_count; i++)
        bytes += m->funcs[i].body.end - m->funcs[i].body.start;
    return bytes;
}

// How many functions were not.
static __attribute__((noinline)) u32 compile_all(ModuleCode *code)
{
    const Module *m = code->module;
    u32 not = 0;
    for (u32 i = m->imported_funcs; i < m->func_count; i++)
        not += native_compile(code, i, (Halt){0}) != COMPILED;
    return not;
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[1]) : 0;
    Engine *engine = engine_new(features_default);
    for (int i = 2; i < argc; i++) {
        size_t size;
        Diag diag;
        Err why;
        u8 *data = read_file(argv[i], &size);
        Module *m = data ? engine_load(engine, data, size, &diag) : NULL;
        ModuleCode *code = m ? code_of_module(m, CODE_compiled | CODE_guarded, &why) : NULL;
        if (!code) return 1;
        for (int r = 0; r < rounds; r++) {
            NativeRegion *region = native_region_make(code, &why);
            if (!region) return 1;
            double start = seconds();
            u32 not = compile_all(code);
            double time = seconds() - start;
            u64 bytes = body_bytes(m);
            size_t made = region->space.code_used;
            if (!r) printf("%s %ju %zu %u", argv[i], (uintmax_t)bytes, made, not);
            printf(" %.1f", (double)bytes / 1e6 / time);
            native_drop(code);
        }
        printf("\n");
        engine_unload(m);
        free(data);
    }
    engine_free(engine);
    return 0;
}
