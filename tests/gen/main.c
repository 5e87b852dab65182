// main.c -- modules by hand:
//
//     gen --seed S --index I [--count N] [--spoil] [--portable] [--features LIST] [--out DIR]
//     gen --check ...
//
// One module goes to standard output; of several each goes to DIR/INDEX.wasm, or nowhere. With
// --check none is written, each must be valid, and each row that runs must come up in one.

#include "gen.h"

#include "engine/engine.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    GenWhat what;
    u64 count;
    const char *out;
    bool check;
    u64 passed, failed;
} Options;

static void usage(void)
{
    fprintf(stderr, "gen --seed S --index I [--count N] [--spoil] [--portable] [--features LIST] "
                    "[--out DIR]\n");
    exit(2);
}

static Options options_of(int argc, char **argv)
{
    Options o = {.what.features = features_all, .count = 1};
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;
        Bytes bad;
        if (!strcmp(word, "--spoil")) o.what.spoil = true;
        else if (!strcmp(word, "--check")) o.check = true;
        else if (!strcmp(word, "--portable")) o.what.portable = true;
        else if (!next) usage();
        else if (i++, !strcmp(word, "--seed")) o.what.seed = strtoull(next, NULL, 0);
        else if (!strcmp(word, "--index")) o.what.index = strtoull(next, NULL, 0);
        else if (!strcmp(word, "--count")) o.count = strtoull(next, NULL, 0);
        else if (!strcmp(word, "--out")) o.out = next;
        else if (strcmp(word, "--features") || !features_parse(&o.what.features, next, &bad))
            usage();
    }
    return o;
}

static void write_module(const Options *o, Bytes module)
{
    char path[4096];
    FILE *file = stdout;
    if (!o->out && o->count > 1) return;
    if (o->out) {
        snprintf(path, sizeof path, "%s/%llu.wasm", o->out, (unsigned long long)o->what.index);
        file = fopen(path, "wb");
    }
    if (!file || fwrite(module.data, 1, module.len, file) != module.len || fflush(file)) exit(1);
    if (o->out) fclose(file);
}

static void check_module(Options *o, Engine *engine, Bytes module)
{
    Diag diag;
    Module *m = engine_load(engine, module.data, module.len, &diag);
    if (m) {
        o->passed++;
    } else {
        o->failed++;
        printf("--seed %llu --index %llu: at 0x%zx: %s %s\n", (unsigned long long)o->what.seed,
               (unsigned long long)o->what.index, diag.offset, err_text[diag.err], diag.detail);
    }
    engine_unload(m);
}

static int check_report(Options *o)
{
    for (u32 i = 0; i < OP_COUNT; i++) {
        if (!row_runs[i]) continue;
        o->passed += row_seen[i] > 0;
        o->failed += !row_seen[i];
        if (!row_seen[i]) printf("no module has %s\n", op_info[i].name);
    }
    printf("%llu passed, %llu failed\n", (unsigned long long)o->passed,
           (unsigned long long)o->failed);
    return o->failed != 0;
}

int main(int argc, char **argv)
{
    Options o = options_of(argc, argv);
    Engine *engine = engine_new(o.what.features);
    rows_find(o.what.features);
    for (u64 n = 0; n < o.count; n++, o.what.index++) {
        Arena arena;
        jmp_buf failed;
        arena_init(&arena);
        arena.on_failure = &failed;
        if (setjmp(failed)) return 1;
        Bytes module = gen_module(&o.what, &arena);
        if (o.check) check_module(&o, engine, module);
        else write_module(&o, module);
        arena_free(&arena);
    }
    engine_free(engine);
    return o.check ? check_report(&o) : 0;
}
