// validate.c -- decodes and validates modules that are in memory, over and over: what `weft
// validate` does without the start of a process and the reading of a file.
//
//     build/bench/validate ROUNDS FILE...
//
// Prints for each file its size and the MB/s of each round, by the time of this thread alone.

#include "engine/engine.h"

#include <stdio.h>
#include <stdlib.h>

#include "files.h"

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[1]) : 0;
    Engine *engine = engine_new(features_default);
    for (int i = 2; i < argc; i++) {
        size_t size;
        u8 *data = read_file(argv[i], &size);
        if (!data) return 1;
        printf("%s %zu", argv[i], size);
        for (int r = 0; r < rounds; r++) {
            Diag diag;
            double start = seconds();
            Module *m = engine_load(engine, data, size, &diag);
            if (!m) return 1;
            printf(" %.0f", (double)size / 1e6 / (seconds() - start));
            engine_unload(m);
        }
        printf("\n");
        free(data);
    }
    engine_free(engine);
    return 0;
}
